"""The owner's segments: which there are, and one of them composed with its count before their eyes, kept, and put to use.

What is being composed stays when another page is looked at; it is given up only when its owner says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused, TillError
from app.i18n import t
from app.service.segment_values import Condition, Field, MemberSegment, Part
from app.service.segment_words import SegmentWords, words_of
from app.service.segments import Look
from ui.keys import Action
from ui.owner.about_sheet import AboutSheet
from ui.owner.desk import OwnerDesk
from ui.owner.page import OwnerPage
from ui.owner.rows import RowData, RowList
from ui.owner.segment_blanks import surroundings
from ui.owner.segment_deeds import SegmentDeeds
from ui.owner.segment_editor import SegmentEditor
from ui.owner.segment_look import Counting, Doubt, FoundCard, column_of, doubt_of, finding_of
from ui.rules.flow import FlowPanel
from ui.tasks import Job, Task, Worker
from ui.theme import Space, TypeRole
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, row_of
from ui.widgets.text_label import TextLabel

TERMS: Final = ("segment", "unknown", "days", "tag")
STARTERS: Final[dict[str, tuple[Condition, ...]]] = {
    "away": (Condition(Field.VISITS, least=4), Condition(Field.SILENT_DAYS, least=60)),
    "birthday": (Condition(Field.BIRTHDAY_MONTH, frozenset({"next"})),),
    "once": (Condition(Field.STAGE, frozenset({"new"})), Condition(Field.SILENT_DAYS, least=30)),
    "best": (Condition(Field.RFM, frozenset({"key_value", "key_keep"})),),
}


class SegmentPage(OwnerPage):
    NAME = "segment"

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.words: SegmentWords = words_of(desk.till)
        self.saved: tuple[MemberSegment, ...] = ()
        self.editing: MemberSegment | None = None  # as it is kept; its id is empty while it is new
        self.draft: MemberSegment | None = None  # as it stands on the screen; None while it cannot be read
        self.look: Look | None = None
        self._tags: tuple[str, ...] = ()
        self._counts: dict[str, int] = {}
        self._count_task: Task[Any] | None = None
        self.help = Button("owner_insight.help", Kind.GHOST, self, size="compact")
        self.head.addWidget(self.help)
        self.all = self._make_list()
        self.one = self._make_editor()
        self.body.addWidget(self.all)
        self.body.addWidget(self.one)
        connect_click(self.help, self.explain)
        self.one.hide()

    # --- what the view calls ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read what is kept; what is being composed is counted anew."""
        self.words = words_of(self.desk.till)
        segments = self.desk.till.segments
        self.desk.context.tasks.run(segments.tags, self._on_tags, worker=Worker.POOL, owner=self)
        if self.editing is None:
            self._show_list()
        else:
            self._on_changed()

    def speak(self) -> None:
        if self.editing is None:
            self._show_rows()
        else:
            self._show_look()

    def explain(self) -> None:
        lines = [(t(f"segments.term.{name}"), t(f"segments.about.{name}")) for name in TERMS]
        AboutSheet(self.desk.window, lines).open()

    def first_stop(self) -> QWidget | None:
        if self.editing is not None:
            return self.editor.join
        return self.list.rows[0] if self.list.rows else self.new

    def handle_action(self, action: Action) -> bool:
        return action is Action.CANCEL_SALE and self.editing is not None and self.editor.remove_focused()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.editing is not None and not event.isAutoRepeat():
            self.step_back()
            event.accept()
            return
        super().keyPressEvent(event)

    # --- the list -----------------------------------------------------------------------------------------------------

    def open(self, segment: MemberSegment) -> None:
        """Compose this one."""
        self.editing = segment
        self.all.hide()
        self.one.show()
        self.editor.show_parts(segment.parts, is_any=segment.is_any)
        self._on_changed()
        self.editor.join.setFocus(Qt.FocusReason.OtherFocusReason)

    def compose(self, name: str = "", parts: tuple[Part, ...] = ()) -> None:
        """A new one, of these conditions or of the first that is chosen."""
        first = parts or (Condition(Field.VISITS, least=3),)
        self.open(MemberSegment(name, first))
        if not parts:
            self.editor.show_parts((), is_any=False)
            self._on_changed()
            self.editor.ask_condition()

    def step_back(self) -> None:
        """To all segments; what was changed is asked after first."""
        if not self.is_changed:
            self._close_editor()
            return
        ConfirmSheet(
            self.desk.window,
            "segments.discard",
            "segments.discard_what",
            self._close_editor,
            yes_key="segments.discard_yes",
            is_dangerous=True,
        ).open()

    @property
    def is_changed(self) -> bool:
        """Whether something stands on the screen that is not kept."""
        kept = self.editing
        if kept is None:
            return False
        if not kept.id:
            return bool(self.editor.rows)
        return self.draft is None or (self.draft.parts, self.draft.is_any) != (kept.parts, kept.is_any)

    def _close_editor(self) -> None:
        self.counting.drop()
        self.editing = self.draft = self.look = None
        self.one.hide()
        self.all.show()
        self._show_list()
        (self.first_stop() or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_list(self) -> None:
        segments = self.desk.till.segments
        self.saved, self._counts = segments.saved(), {}
        self._show_rows()
        if self._count_task is not None:
            self._count_task.cancel()
        asked = self.saved

        def work(job: Job) -> dict[str, int]:
            return {one.id: segments.count(one, job.check) for one in asked}

        self._count_task = self.desk.context.tasks.run(
            work, self._on_counts, progress=lambda _: None, worker=Worker.POOL, owner=self
        )

    def _on_counts(self, counts: dict[str, int]) -> None:
        self._counts = counts
        if self.editing is None:
            self._show_rows()

    def _show_rows(self) -> None:
        count = len(self.saved)
        if count:
            self.finding.show_text("segments.some", count=count)
        else:
            self.finding.show_text("segments.none")
        self.about.hide()
        self.list_card.setVisible(bool(count))
        self.list.set_rows([self._row(one) for one in self.saved])

    def _row(self, segment: MemberSegment) -> RowData:
        tag = t("segments.tag_is", tag=segment.tag) if segment.tag else ""
        count = self._counts.get(segment.id)
        trailing = "" if count is None else t("owner_insight.people_count", count=f"{count:,}")
        return RowData(segment.id, segment.name, self.words.segment(segment), trailing, tag)

    # --- composing ----------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        """Another question: the answer before it is gone from the screen at once."""
        assert self.editing is not None
        self.look = None
        self.counting.drop()
        try:
            parts = self.editor.read()
        except Refused:
            parts = ()
            self.draft = None
            self._show_open("segments.unfinished")
        else:
            if parts:
                self.draft = replace(self.editing, parts=parts, is_any=self.editor.is_any)
                self._show_open("segments.counting")
                self.counting.ask(self.draft)
            else:
                self.draft = None
                self._show_open("segments.empty")

    def _show_open(self, key: str) -> None:
        """No number is shown: nobody knows it yet."""
        self.finding.show_text(key)
        self.about.hide()
        self.editor.tally.show_text(key)
        self.editor.tally.set_tone("muted")
        self.doubt.say("")
        self.found.hide()
        self._show_state()

    def _on_look(self, look: Look) -> None:
        self.look = look
        self._show_look()

    def _on_look_failed(self, error: TillError) -> None:
        self.finding.show_text("segments.unfinished")
        self.desk.context.messages.refused(error)

    def _show_look(self) -> None:
        look, draft = self.look, self.draft
        if look is None or draft is None:
            return
        self.finding.show_plain(finding_of(look))
        self.editor.tally.show_text("owner_insight.people", count=f"{look.count:,}")
        self.editor.tally.set_tone("accent" if look.count else "warn")
        self.about.show_text("segments.willing", willing=f"{look.willing:,}")
        self.about.setVisible(look.count > 0)
        self.doubt.say(doubt_of(look, draft, self.words))
        self.found.show_faces(draft, look)
        self._show_state()

    def _show_state(self) -> None:
        kept = self.editing
        assert kept is not None
        is_new, is_readable = not kept.id, self.draft is not None
        has_members = self.look is not None and self.look.count > 0
        self.called.show_plain(kept.name)
        self.called.setVisible(bool(kept.name))
        if is_new:
            self.state.show_text("segments.unsaved")
        elif self.is_changed:
            self.state.show_text("segments.changed")
        self.state.setVisible(is_new or self.is_changed)
        self.save.setEnabled(is_readable and (is_new or self.is_changed))
        for button in (self.rename, self.copy, self.tag, self.delete):
            button.setVisible(not is_new)
        self.tag.show_text("segments.tag_is" if kept.tag else "segments.tag", tag=kept.tag)
        for button in (self.export, self.calls, self.campaign):
            button.setEnabled(has_members)

    def _on_tags(self, tags: tuple[str, ...]) -> None:
        self._tags = tags

    def _known(self, field: Field) -> tuple[str, ...]:
        """Tags that members carry, and what is asked for though nobody has it any more."""
        conditions = self.editing.conditions() if self.editing is not None else ()
        asked = {word for one in conditions if one.field is field for word in one.words}
        return tuple(sorted(asked | set(self._tags if field is Field.TAG else ())))

    # --- keeping, and putting to use ----------------------------------------------------------------------------------

    def keep(self) -> None:
        """Save what stands here; a new one is asked for its name first."""
        if self.draft is None:
            return
        if self.draft.id:
            self.deeds.write(self.draft, had_tag=bool(self.draft.tag))
        else:
            self.deeds.ask_name(self.draft)

    def make_copy(self) -> None:
        """A new one with the same conditions, not kept yet."""
        if self.draft is not None:
            name = t("segments.copy_name", name=self.draft.name)
            self.open(replace(self.draft, id="", name=name, tag=""))

    def _on_kept(self, saved: MemberSegment) -> None:
        """What was changed meanwhile stays as it stands."""
        self.editing = saved
        if self.draft is not None:
            self.draft = replace(saved, parts=self.draft.parts, is_any=self.draft.is_any)
        self._show_state()

    def _with_kept(self, act: Callable[[MemberSegment], None]) -> None:
        if self.editing is not None and self.editing.id:
            act(self.editing)

    def _with_draft(self, act: Callable[[MemberSegment], None]) -> None:
        if self.draft is not None and self.look is not None:
            act(self.draft)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _make_list(self) -> QWidget:
        holder, box = column_of(self)
        self.list = RowList(holder)
        self.list_card = self.section("segments.list", self.list)
        self.new = Button("segments.new", Kind.PRIMARY, holder, size="compact")
        connect_click(self.new, self.compose)
        self.starters = {
            name: Button(f"segments.starter.{name}", parent=holder, size="compact") for name in STARTERS
        }
        panel = FlowPanel(holder, gap=Space.S, line_gap=Space.S)
        for name, button in self.starters.items():
            connect_click(button, partial(self._start_with, name))
            panel.flow.addWidget(button)
        box.addLayout(row_of(self.new))
        box.addWidget(self.list_card)
        box.addWidget(self.section("segments.starters", panel))
        self.list.opened.connect(self._open_row)
        return holder

    def _open_row(self, key: str) -> None:
        self.open(next(one for one in self.saved if one.id == key))

    def _start_with(self, name: str) -> None:
        self.compose(t(f"segments.starter.{name}"), STARTERS[name])

    def _make_editor(self) -> QWidget:
        holder, box = column_of(self)
        self.back = Button("segments.back", Kind.GHOST, holder, size="compact")
        self.called = TextLabel(parent=holder, type=TypeRole.LEAD, is_strong=True)
        self.state = TextLabel(parent=holder, tone="accent")
        self.editor = SegmentEditor(surroundings(self.desk.till, self.words, self._known), holder)
        self.doubt = Doubt(holder)
        self.found = FoundCard(self.desk, holder)
        self.counting = Counting(self.desk, self)
        buttons = FlowPanel(holder, gap=Space.S, line_gap=Space.S)
        self.deeds = SegmentDeeds(self.desk, self)
        deeds, kept, draft = self.deeds, self._with_kept, self._with_draft
        self.save = self._button("segments.save", self.keep, buttons, Kind.PRIMARY)
        self.calls = self._button("segments.calls", lambda: draft(deeds.call), buttons)
        self.campaign = self._button("segments.campaign", lambda: draft(deeds.begin_campaign), buttons)
        self.export = self._button("segments.export", lambda: draft(deeds.take_out), buttons)
        self.tag = self._button("segments.tag", lambda: kept(deeds.ask_tag), buttons)
        self.copy = self._button("segments.copy", self.make_copy, buttons)
        self.rename = self._button("segments.rename", lambda: kept(deeds.ask_name), buttons)
        self.delete = self._button("segments.delete", lambda: kept(deeds.ask_delete), buttons, Kind.GHOST)
        deeds.kept.connect(self._on_kept)
        deeds.dropped.connect(self._close_editor)
        box.addLayout(row_of(self.back, self.called, self.state))
        for widget in (self.editor, self.doubt, buttons, self.found):
            box.addWidget(widget)
        connect_click(self.back, self.step_back)
        self.editor.changed.connect(self._on_changed)
        self.counting.counted.connect(self._on_look)
        self.counting.failed.connect(self._on_look_failed)
        return holder

    def _button(
        self, key: str, act: Callable[[], None], panel: FlowPanel, kind: Kind = Kind.SECONDARY
    ) -> Button:
        button = Button(key, kind, panel, size="compact", tag="")
        connect_click(button, act)
        panel.flow.addWidget(button)
        return button
