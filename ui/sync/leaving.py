"""Before the window goes while something waits to be sent: a question with three answers, none of them forced.

What waits is safe on this computer. Closing a second time closes, and a computer that is shut down is never held up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget

from app.domain.errors import TillError
from app.service.sync_desk import problem_of
from app.service.sync_ports import Cycle, SyncPhase, SyncStatus
from ui.tasks import Worker
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.sync_ports import SyncAgent
    from ui.context import ScreenContext


class Leaving:
    """Asks once before this window is closed."""

    def __init__(self, window: QWidget, context: ScreenContext) -> None:
        self._window = window
        self._context = context
        self._has_asked = False

    def asks(self) -> bool:
        """Whether somebody is asked now; the window closes by itself when the answer says so."""
        watch = self._context.sync
        agent, status = watch.agent, watch.status
        if self._has_asked or agent is None or status is None or not watch.is_paired or not status.waiting:
            return False
        if not self._window.isVisible() or _is_shutting_down():
            return False
        self._has_asked = True
        sheet = LeaveSheet(self._window, self._context, agent, status.waiting)
        sheet.finished.connect(self._on_answered)
        sheet.open()
        return True

    def _on_answered(self, may_leave: bool | None) -> None:
        if may_leave:
            self._window.close()
        else:
            self._has_asked = False


class LeaveSheet(Sheet):
    """Something waits while the window is about to go. Finishes with True when it may: everything is sent, or it can wait."""

    def __init__(self, window: QWidget, context: ScreenContext, agent: SyncAgent, waiting: int) -> None:
        super().__init__(window, "sync_ui.leave.title")
        self._context = context
        self._agent = agent
        self.is_trying = False
        self.words = TextLabel(
            "sync_ui.leave.ask", self.panel, type=TypeRole.LEAD, wraps=True, count=f"{waiting:,}"
        )
        self.bar = QProgressBar(self.panel)
        self.bar.setRange(0, 0)
        self.bar.hide()
        self.body.addWidget(self.words)
        self.body.addWidget(self.bar)
        stay = Button("sync_ui.leave.stay", Kind.GHOST, self.panel)
        self.close_now = Button("sync_ui.leave.close", Kind.SECONDARY, self.panel)
        self.send = Button("sync_ui.leave.try", Kind.PRIMARY, self.panel)
        connect_click(stay, self.step_back)
        connect_click(self.close_now, lambda: self.finish(True))
        connect_click(self.send, self.try_now)
        for button in (stay, self.close_now):
            self.add_button(button)
        self.add_button(self.send, is_default=True)
        self.set_first_focus(self)

    def try_now(self) -> None:
        """One round with the office. When all is sent the window goes; whoever does not want to wait may close it meanwhile."""
        if self.is_trying:
            return
        self._set_trying(is_trying=True)
        self.words.show_text("sync_ui.leave.trying")
        self._context.tasks.run(
            self._agent.run_once,
            self._on_round,
            self._on_failed,
            on_end=lambda: self._set_trying(is_trying=False),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_round(self, cycle: Cycle) -> None:
        if not cycle.waiting:
            self.words.show_text("sync_ui.leave.done")
            self.finish(True)
            return
        why = problem_of(SyncStatus(SyncPhase.OFFLINE, problem=cycle.problem)).text
        self.words.show_text("sync_ui.leave.left", count=f"{cycle.waiting:,}", why=why)

    def _on_failed(self, error: TillError) -> None:
        self.words.show_text(error.text_key, **error.fields)

    def _set_trying(self, *, is_trying: bool) -> None:
        self.is_trying = is_trying
        self.bar.setVisible(is_trying)
        self.send.setEnabled(not is_trying)
        self.setFocus(Qt.FocusReason.OtherFocusReason)


def _is_shutting_down() -> bool:
    application = QApplication.instance()
    return isinstance(application, QApplication) and application.isSavingSession()
