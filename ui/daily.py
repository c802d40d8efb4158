"""Begins the daily jobs of the till when its business day has opened, beside the sales, and says quietly how far they are.

Nothing waits for them: they run on the pool, a tap on their place in the header stops them, and closing the window does.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.authority import Role
from app.i18n import t
from ui.messages import Messages
from ui.tasks import Job, Progress, Task, Tasks, Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.errors import TillError
    from app.service.daily_jobs import JobDone
    from app.service.till import Till

LOOK_EVERY_MS: Final = 30_000
QUIET_MS: Final = 1_500
"""What is over sooner is never spoken of."""


class DailyWatch(QObject):
    """Signals:
    progressed(str): how far it is, as the header says it; "" when there is nothing to say.
    """

    progressed = Signal(str)

    def __init__(self, tasks: Tasks, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._messages = messages
        self._till: Till | None = None
        self._task: Task[Sequence[JobDone]] | None = None
        self._stopped_on: date | None = None
        self._untold: list[JobDone] = []
        self._is_quiet = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_EVERY_MS)

    @property
    def is_running(self) -> bool:
        return self._task is not None and self._task.is_running

    def use_till(self, till: Till) -> None:
        self._end()
        self._till, self._stopped_on = till, None
        self._untold.clear()

    def look(self) -> None:
        """Begin what is due; tell the owner what they have not been told."""
        till = self._till
        if till is None:
            return
        self._tell_owner(till)
        on = till.daily.due_on()
        if on is None or on == self._stopped_on or self.is_running:
            return
        daily = till.daily
        self._is_quiet = True
        QTimer.singleShot(QUIET_MS, self, self._speak)
        self._task = self._tasks.run(
            lambda job: daily.run(
                on,
                tell=lambda name, done, total: _report(job, name, done, total),
                is_cancelled=lambda: job.is_cancelled,
            ),
            on_done=self._on_done,
            on_error=self._on_error,
            progress=self._on_progress,
            on_end=self._on_end,
            worker=Worker.POOL,
            owner=self,
        )

    def stop(self) -> None:
        """A person wants it to wait: not again before the till starts anew, or another day opens."""
        if not self.is_running or self._till is None:
            return
        self._stopped_on = self._till.daily.due_on()
        self._end()
        self._messages.info("daily.stopped")

    def close(self) -> None:
        self._timer.stop()
        self._end()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.progressed.emit("")

    def _speak(self) -> None:
        self._is_quiet = False

    def _on_progress(self, progress: Progress) -> None:
        if self._is_quiet or not self.is_running:
            return
        percent = 100 * progress.done // max(1, progress.total)
        self.progressed.emit(t("daily.running", job=t(f"daily.{progress.text}"), percent=percent))

    def _on_done(self, outcome: Sequence[JobDone]) -> None:
        self._untold += [
            one for one in outcome if one.error is not None or (one.name == "guard" and one.changed)
        ]
        if any(one.error is not None for one in outcome) and self._till is not None:
            self._stopped_on = self._till.daily.due_on()
        if self._till is not None:
            self._tell_owner(self._till)

    def _on_error(self, error: TillError) -> None:
        """The store itself does not answer; whoever sells is told that at the next sale, and this is tried again later."""

    def _on_end(self) -> None:
        self._task = None
        self.progressed.emit("")

    def _tell_owner(self, till: Till) -> None:
        operator = till.session.operator
        if operator is None or operator.role is not Role.OWNER:
            return
        while self._untold:
            one = self._untold.pop(0)
            if one.error is not None:
                why = t(one.error.text_key, None, **one.error.fields)
                self._messages.warn("daily.failed", job=t(f"daily.{one.name}"), why=why)
            else:
                self._messages.info("daily.guard_found", count=one.changed or 0)


def _report(job: Job, name: str, done: int, total: int) -> None:
    if not job.is_cancelled:
        job.report(done, total, name)
