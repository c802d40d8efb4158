"""Shows how far a long task is, and lets the operator cancel it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.errors import TillError
from ui.tasks import Job, Progress, Task, Tasks, Worker
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

Result = TypeVar("Result")


class ProgressSheet(Sheet):
    """A bar, a sentence, and a way out. Esc asks the task to stop; the sheet goes when it has."""

    def __init__(self, window: QWidget, title_key: str) -> None:
        super().__init__(window, title_key)
        self._on_cancel: Callable[[], None] | None = None
        self.bar = QProgressBar(self.panel)
        self.bar.setRange(0, 0)
        self._words = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted")
        self._cancel = Button("ui.cancel", Kind.SECONDARY, self.panel)
        self._cancel.clicked.connect(self.step_back)
        self.keys_hint.hide()
        self.body.addWidget(self.bar)
        self.body.addWidget(self._words)
        self.add_button(self._cancel)
        self.set_first_focus(self)

    def on_cancel(self, cancel: Callable[[], None]) -> None:
        self._on_cancel = cancel

    def show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        if progress.text:
            self._words.show_plain(progress.text)

    def step_back(self) -> None:
        if self._on_cancel is not None:
            self._cancel.setEnabled(False)
            self._words.show_text("ui.progress.stopping")
            self._on_cancel()


def run_with_progress(
    tasks: Tasks,
    window: QWidget,
    title_key: str,
    fn: Callable[[Job], Result],
    on_done: Callable[[Result], None],
    on_error: Callable[[TillError], None] | None = None,
    *,
    worker: Worker = Worker.STORE,
) -> Task[Result]:
    """Run a long task behind a progress sheet. The sheet is gone before `on_done` or `on_error` is called."""
    sheet = ProgressSheet(window, title_key)
    sheet.open()

    def done(result: Result) -> None:
        sheet.finish()
        on_done(result)

    def failed(error: TillError) -> None:
        sheet.finish()
        if on_error is not None:
            on_error(error)
        else:
            tasks.refuse(error)

    task = tasks.run(
        fn, done, failed, progress=sheet.show_progress, on_end=sheet.finish, worker=worker, owner=sheet
    )
    sheet.on_cancel(task.cancel)
    return task
