"""Bringing a file in: choose it, see what every row would do, then all of it at once.

Nothing is written before the operator has seen the plan; a cancel leaves nothing behind.
"""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.errors import TillError
from app.service.importing import ImportKind, ImportPlan, ImportResult, plan_import
from app.service.importing import apply as apply_plan
from app.service.till import Till
from ui.context import ScreenContext
from ui.settings.file_sheet import FileSheet
from ui.tasks import Job, Progress, Task
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Facts, Field, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

SUFFIXES: Final = (".csv", ".xlsx", ".tsv", ".txt")
NOTES_SHOWN_MAX: Final = 500


class _Step(Enum):
    FILE = auto()
    WORKING = auto()
    PLAN = auto()
    DONE = auto()


class ImportSheet(Sheet):
    """One import, from the file to the result. Its result is the ImportResult, or None."""

    def __init__(
        self,
        window: QWidget,
        till: Till,
        context: ScreenContext,
        kind: ImportKind = ImportKind.PRODUCTS,
        *,
        start: Path | None = None,
    ) -> None:
        super().__init__(window, f"settings.import.{kind.value}", width=820)
        self._till = till
        self._context = context
        self._kind = kind
        self._start = start
        self._step = _Step.FILE
        self._task: Task[ImportPlan] | Task[ImportResult] | None = None
        self.plan: ImportPlan | None = None
        self.result: ImportResult | None = None
        self.file = Field(
            "settings.import.file",
            self.panel,
            help_key="settings.import.help",
            characters_max=1_000,
            width=2_000,
        )
        self.file.entered.connect(self.confirm)
        self.browse = Button("settings.import.browse", parent=self.panel)
        connect_click(self.browse, self._on_browse)
        self.words = TextLabel(parent=self.panel, wraps=True)
        self.facts = Facts(self.panel)
        self.notes = RecordTable(
            (
                Column("settings.import.row", 80, is_number=True),
                Column("settings.import.column", 120),
                Column("settings.import.problem", is_wide=True),
            ),
            self.panel,
            wraps=True,
        )
        self.notes.setMinimumHeight(220)
        self.bar = QProgressBar(self.panel)
        for widget in (self.file, self.browse, self.words, self.facts, self.notes, self.bar):
            self.body.addWidget(widget)
        self.no = Button("ui.cancel", Kind.GHOST, self.panel)
        self.yes = Button("settings.import.read", Kind.PRIMARY, self.panel)
        connect_click(self.no, self.step_back)
        connect_click(self.yes, self._go_on)
        self.add_button(self.no)
        self.add_button(self.yes, is_default=True)
        self.set_first_focus(self.file.edit)
        self._show(_Step.FILE)

    # --- steps -----------------------------------------------------------------------------------------------------

    def step_back(self) -> None:
        """Esc: stop what is under way; from the plan back to the file; else close."""
        if self._task is not None and self._task.is_running:
            self._task.cancel()
            self._show(_Step.FILE if self.plan is None else _Step.PLAN)
        elif self._step is _Step.PLAN:
            self.plan = None
            self._show(_Step.FILE)
        else:
            self.finish(self.result)

    def _go_on(self) -> None:
        match self._step:
            case _Step.FILE:
                self.read(Path(self.file.text).expanduser())
            case _Step.PLAN:
                self._apply()
            case _Step.DONE:
                self.finish(self.result)
            case _Step.WORKING:
                pass

    def read(self, path: Path) -> None:
        """Make the plan of this file."""
        if not path.is_file():
            self.file.say("settings.file.missing", tone="danger")
            return
        till, kind = self._till, self._kind

        def work(job: Job) -> ImportPlan:
            return plan_import(
                kind,
                path,
                till.store,
                clock=till.clock,
                ids=till.ids,
                progress=job.report,
                cancelled=lambda: job.is_cancelled,
            )

        self._show(_Step.WORKING)
        self._task = self._context.tasks.run(
            work, self._on_planned, self._on_failed, progress=self._on_progress, owner=self
        )

    def _apply(self) -> None:
        plan, till = self.plan, self._till
        assert plan is not None
        operator = till.session.operator.id if till.session.operator else None

        def work(job: Job) -> ImportResult:
            return apply_plan(
                plan,
                till.store,
                clock=till.clock,
                operator_id=operator,
                skip_bad_rows=True,
                progress=job.report,
                cancelled=lambda: job.is_cancelled,
            )

        self._show(_Step.WORKING)
        self._task = self._context.tasks.run(
            work, self._on_applied, self._on_failed, progress=self._on_progress, owner=self
        )

    def _on_planned(self, plan: ImportPlan) -> None:
        self.plan = plan
        self._show(_Step.PLAN)

    def _on_applied(self, result: ImportResult) -> None:
        self.result = result
        self._show(_Step.DONE)

    def _on_failed(self, error: TillError) -> None:
        self.plan = None
        self._show(_Step.FILE)
        self.file.note.show_text(error.text_key, **error.fields)
        self.file.note.set_tone("danger")
        self.file.note.show()

    def _on_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, max(1, progress.total))
        self.bar.setValue(progress.done)
        self.words.show_text("settings.import.working", done=progress.done, total=progress.total)

    def _on_browse(self) -> None:
        FileSheet(
            self.window(), "settings.import.browse", self._on_chosen, suffixes=SUFFIXES, start=self._start
        ).open()

    def _on_chosen(self, path: Path) -> None:
        self.file.set_text(str(path))
        self.read(path)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _show(self, step: _Step) -> None:
        self._step = step
        self.file.setVisible(step is _Step.FILE)
        self.browse.setVisible(step is _Step.FILE)
        self.bar.setVisible(step is _Step.WORKING)
        self.facts.setVisible(step is _Step.PLAN)
        self.notes.setVisible(step is _Step.PLAN and self._has_notes())
        self.words.setVisible(step is not _Step.FILE)
        self.yes.setVisible(step is not _Step.WORKING)
        self.yes.setEnabled(True)
        # What had the focus may be hidden now; then Enter and Esc belong to the sheet.
        (self.file.edit if step is _Step.FILE else self).setFocus()
        match step:
            case _Step.FILE:
                self.yes.show_text("settings.import.read")
            case _Step.WORKING:
                self.bar.setRange(0, 0)
                self.words.show_text("form.working")
            case _Step.PLAN:
                self._show_plan()
            case _Step.DONE:
                self._show_result()

    def _has_notes(self) -> bool:
        return self.plan is not None and bool(self.plan.errors or self.plan.warnings)

    def _show_plan(self) -> None:
        plan = self.plan
        assert plan is not None
        self.facts.clear()
        self.facts.show_fact("settings.import.rows", str(plan.rows))
        self.facts.show_fact("settings.import.added", str(len(plan.additions)), tone="good")
        self.facts.show_fact("settings.import.changed", str(len(plan.changes)))
        self.facts.show_fact("settings.import.unchanged", str(plan.unchanged), tone="muted")
        self.facts.show_fact(
            "settings.import.refused", str(plan.refused_rows), tone="danger" if plan.refused_rows else "muted"
        )
        notes = (*plan.errors, *plan.warnings)[:NOTES_SHOWN_MAX]
        self.notes.set_records([(str(note.row), note.column_title(), note.sentence()) for note in notes])
        count = len(plan.additions) + len(plan.changes)
        self.words.show_text(
            "settings.import.plan" if count else "settings.import.nothing", file=plan.file_name
        )
        self.yes.setEnabled(bool(count))
        if plan.refused_rows:
            self.yes.show_text("settings.import.apply_rest", count=count, refused=plan.refused_rows)
        else:
            self.yes.show_text("settings.import.apply", count=count)

    def _show_result(self) -> None:
        result = self.result
        assert result is not None
        self.words.show_text(
            "settings.import.done", added=result.added, changed=result.changed, skipped=result.skipped
        )
        self.yes.show_text("ui.ok")
        self.no.hide()
