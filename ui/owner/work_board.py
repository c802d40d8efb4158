"""Today's work list: what is to be done, grouped by kind, the most pressing on top. Up and down move, Enter opens, one key settles.

What was settled goes at once; should writing it fail, the list is read again and the reason is said. What nobody can settle here says what
does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.service.guard import Finding
from app.service.work_list import Task, TaskKind, WorkList
from ui.context import Screen
from ui.office.coupons import ReasonSheet
from ui.owner.call_sheet import CallSheet
from ui.owner.desk import OwnerDesk
from ui.owner.task_row import TaskRow
from ui.owner.work_look import FindingSheet, PrintSheet
from ui.owner.work_words import due_words, group_words, is_late
from ui.tasks import Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, row_of
from ui.widgets.text_label import TextLabel

SHOWN_FIRST: Final = 6  # of members worth a word; what is to be seen to is never folded away
SECTIONS: Final = {
    TaskKind.COMPLAINT: "notes",
    TaskKind.REQUEST: "notes",
    TaskKind.FOLLOW_UP: "notes",
    TaskKind.POINTS_ENDING: "points",
    TaskKind.COUPON_ENDING: "rights",
}
"""The part of the member's page that shows what a task is about."""


class WorkBoard(QWidget):
    """Signals:
    shown(): there is another list than before; ``work`` is it.
    """

    shown = Signal()

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.work: WorkList | None = None
        self.rows: list[TaskRow] = []
        self.is_reading = False
        self.unfold: dict[TaskKind, Button] = {}
        self._unfolded: set[TaskKind] = set()
        self.waiting = TextLabel("work.reading", self, tone="faint")
        self.call = Button("work.call", parent=self, size="compact")
        self.all = Button("work.choose_all", Kind.GHOST, self, size="compact")
        hint = TextLabel("work.hint", self, type=TypeRole.CAPTION, tone="muted", wraps=True)
        self.tools = QWidget(self)
        tools = row_of(self.call, self.all, stretch=False)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.addWidget(hint, 1)
        self.tools.setLayout(tools)
        self.tools.hide()
        self._groups = QVBoxLayout()
        self._groups.setSpacing(0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(self.waiting)
        box.addWidget(self.tools)
        box.addLayout(self._groups)
        connect_click(self.call, self.open_calls)
        connect_click(self.all, self.choose_all)

    # --- what a page calls ---

    def read(self) -> None:
        """Look again. What was shown stays until there is something newer."""
        desk = self.desk.till.work_list
        self.is_reading = True
        self.waiting.setVisible(self.work is None)
        self.desk.context.tasks.run(
            desk.tasks, self._on_read, self._on_failed, worker=Worker.POOL, owner=self
        )

    def take_key(self, event: QKeyEvent) -> bool:
        """A key that belongs to the list as a whole."""
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        match event.text().lower():
            case "l":
                self.open_calls()
            case "a":
                self.choose_all()
            case _:
                return False
        return True

    @property
    def chosen(self) -> tuple[Task, ...]:
        return tuple(row.task for row in self.rows if row.is_chosen)

    def choose_all(self) -> None:
        """Every member on the list, also of those folded away; once all of them are, nobody."""
        self.unfold_kinds(*self.unfold)
        with_member = [row for row in self.rows if row.has_choice]
        are_all = all(row.is_chosen for row in with_member)
        for row in with_member:
            row.choose(is_chosen=not are_all)

    def unfold_kinds(self, *kinds: TaskKind) -> None:
        """List everything of these kinds."""
        if self.work is not None and not self._unfolded.issuperset(kinds):
            self._unfolded.update(kinds)
            self.show_work(self.work)

    def open_calls(self) -> None:
        """The list to call, of who is chosen; the one under the cursor where nobody is."""
        wanted = self.chosen
        here = self._here()
        if not wanted and here is not None and here.has_choice:
            wanted = (here.task,)
        if not wanted:
            self.desk.context.messages.info("work.nobody_chosen")
            return
        till = self.desk.till

        def done(calls: object) -> None:
            CallSheet(self.desk, calls).open()  # type: ignore[arg-type]  # the calls of the line below

        self.desk.read(lambda: till.call_list.for_tasks(wanted), done, owner=self)

    # --- one task ---

    def open_task(self, task: Task) -> None:
        """What it is about: the member, the note, the finding, the paper."""
        match task.kind:
            case TaskKind.GUARD:
                self._with_finding(task, lambda finding: self._look(task, finding))
            case TaskKind.PRINT:
                self._answer_print(task)
            case TaskKind.SYNC:
                self.desk.context.go_to(Screen.SETTINGS, "sync")
            case _:
                self.desk.open_member(task.member_id, self.read, section=SECTIONS.get(task.kind, ""))

    def settle(self, task: Task) -> None:
        """It is done. What cannot be settled here says what settles it."""
        if task.kind.is_promise:
            membership, note = self.desk.till.membership, UUID(hex=task.target)
            self._settle(task)
            self.desk.do(
                lambda _: membership.finish(note),
                lambda _: self.desk.context.messages.good("work.is_done"),
                owner=self,
                on_error=self._take_back,
            )
        elif task.kind is TaskKind.GUARD:
            self._with_finding(task, lambda finding: self._ask_why(task, finding))
        elif task.kind is TaskKind.PRINT:
            self._answer_print(task)
        else:
            self.desk.context.messages.info(f"work.settles.{task.kind.value}")

    # --- findings and papers ---

    def _with_finding(self, task: Task, then: object) -> None:
        work_list = self.desk.till.work_list
        assert callable(then)

        def done(finding: Finding | None) -> None:
            if finding is None:
                self.desk.context.messages.info("work.is_gone")
                self._settle(task)
            else:
                then(finding)

        self.desk.context.tasks.run(
            lambda: work_list.finding(task.target), done, worker=Worker.POOL, owner=self
        )

    def _look(self, task: Task, finding: Finding) -> None:
        sheet = FindingSheet(self.desk, finding)
        sheet.finished.connect(lambda is_seen: self._ask_why(task, finding) if is_seen else None)
        sheet.open()

    def _ask_why(self, task: Task, finding: Finding) -> None:
        guard = self.desk.till.guard

        def dismiss(reason: str) -> None:
            self._settle(task)
            self.desk.do(
                lambda _: guard.dismiss(finding.signal, reason),
                lambda _: self.desk.context.messages.good("work.is_seen"),
                owner=self,
                on_error=self._take_back,
            )

        sheet = ReasonSheet(self.desk.window, "work.look.why", error="guard_reason_needed")
        sheet.finished.connect(lambda reason: None if reason is None else dismiss(str(reason)))
        sheet.open()

    def _answer_print(self, task: Task) -> None:
        """Whether it came out; a paper that is only held back is let go on the page of the devices."""
        job_id = int(task.target)
        questions = {one.job_id: one for one in self.desk.till.printing.questions()}
        if job_id not in questions:
            self.desk.context.go_to(Screen.SETTINGS, "devices")
            return
        printing = self.desk.till.printing

        def answered(did_print: object) -> None:
            if did_print is None:
                return
            self._settle(task)
            self.desk.do(
                lambda _: printing.answer(job_id, bool(did_print)),
                lambda _: self.desk.context.devices.read_papers(),
                owner=self,
                on_error=self._take_back,
            )

        sheet = PrintSheet(self.desk, questions[job_id])
        sheet.finished.connect(answered)
        sheet.open()

    # --- showing ---

    def _on_read(self, work: WorkList) -> None:
        self.is_reading = False
        self.show_work(work)

    def _on_failed(self, error: TillError) -> None:
        self.is_reading = False
        self.waiting.hide()
        self.desk.context.messages.refused(error)

    def _take_back(self, error: TillError) -> None:
        """It was not written after all: the list as it is, and why."""
        self.desk.context.messages.refused(error)
        self.read()

    def _settle(self, task: Task) -> None:
        if self.work is not None:
            self.show_work(self.work.without(task))

    def show_work(self, work: WorkList) -> None:
        """This list; who is chosen and where the cursor stands stay as they are."""
        here = self._here()
        place = self.rows.index(here) if here is not None else -1
        focus = _key(here.task) if here is not None else None
        chosen = {_key(task) for task in self.chosen}
        self.work = work
        self.waiting.hide()
        self._empty()
        for kind in TaskKind:
            tasks = work.of(kind)
            if tasks:
                self._add_group(kind, tasks, chosen)
        self._show_choice()
        self.tools.setVisible(any(row.has_choice for row in self.rows))
        if focus is not None and self.rows:
            at = next((index for index, row in enumerate(self.rows) if _key(row.task) == focus), place)
            self.rows[min(at, len(self.rows) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        elif focus is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown.emit()

    def _add_group(self, kind: TaskKind, tasks: Sequence[Task], chosen: set[tuple[object, ...]]) -> None:
        work = self.work
        assert work is not None
        heading = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True, wraps=True)
        heading.show_plain(group_words(kind, work))
        settles = TextLabel(f"work.settles.{kind.value}", self, type=TypeRole.CAPTION, wraps=True)
        if self.rows:
            self._groups.addSpacing(Space.XL)
        self._groups.addWidget(heading)
        self._groups.addWidget(settles)
        self._groups.addSpacing(Space.XS)
        is_folded = not kind.is_urgent and kind not in self._unfolded and len(tasks) > SHOWN_FIRST + 1
        for task in tasks[:SHOWN_FIRST] if is_folded else tasks:
            row = TaskRow(task, due_words(task, work), self, is_late=is_late(task, work))
            row.choose(is_chosen=_key(task) in chosen)
            row.open_asked.connect(lambda task=task: self.open_task(task))
            row.done_asked.connect(lambda task=task: self.settle(task))
            row.choice_changed.connect(self._show_choice)
            self.rows.append(row)
            self._groups.addWidget(row)
            row.show()  # now, so that it can have the focus of one that is gone
        more = dict(work.more).get(kind, 0)
        if is_folded:
            button = Button("work.unfold", Kind.GHOST, self, size="compact", count=len(tasks) - SHOWN_FIRST)
            connect_click(button, lambda: self.unfold_kinds(kind))
            self.unfold[kind] = button
            self._groups.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        elif more:
            self._groups.addWidget(
                TextLabel("work.more", self, type=TypeRole.CAPTION, wraps=True, count=f"{more:,}")
            )

    def _empty(self) -> None:
        self.rows = []
        self.unfold = {}
        while (item := self._groups.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def _show_choice(self) -> None:
        members = {task.member_id for task in self.chosen}
        if members:
            self.call.show_text("work.call_chosen", count=f"{len(members):,}")
        else:
            self.call.show_text("work.call")
        with_member = [row for row in self.rows if row.has_choice]
        are_all = bool(with_member) and all(row.is_chosen for row in with_member)
        self.all.show_text("work.choose_none" if are_all else "work.choose_all")

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self._here()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if here is None:
            super().keyPressEvent(event)
        elif step is not None:
            wanted = self.rows.index(here) + step
            if 0 <= wanted < len(self.rows):
                self.rows[wanted].setFocus(Qt.FocusReason.OtherFocusReason)
            elif step > 0:
                here.focusNextChild()
            else:
                self.rows[0].focusPreviousChild()
            event.accept()
        elif event.text().lower() == "d" and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.settle(here.task)
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Its sentences were made in the language before.
        if event.type() == QEvent.Type.LanguageChange and self.work is not None and self.isVisible():
            self.read()

    def _here(self) -> TaskRow | None:
        return next((row for row in self.rows if row.hasFocus()), None)


def _key(task: Task) -> tuple[object, ...]:
    return task.kind, task.member_id, task.target, task.due_on
