"""Practice: a till over a file of its own, with a frame, and no number, no point and no dollar shared with the real one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.authority import Approval
from app.domain.errors import ApprovalNeeded, TillError
from app.domain.transaction import RetailTransaction
from app.service.till import Practice, Till
from ui.context import ScreenContext
from ui.returns.flow import approval_asked
from ui.settings.page import SettingsPage
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, row_of
from ui.widgets.text_label import TextLabel

TICKETS_MAX = 1_000


class TrainingPage(SettingsPage):
    """Starts practice, with approval, and ends it."""

    NAME = "training"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.state = TextLabel(parent=self, type=TypeRole.LEAD, wraps=True)
        self.begin = Button("settings.training.begin", Kind.PRIMARY, self)
        self.end = Button("settings.training.end", Kind.PRIMARY, self)
        connect_click(self.begin, self.begin_practice)
        connect_click(self.end, self.end_practice)
        self.body.addWidget(self.state)
        self.body.addLayout(row_of(self.begin, self.end))

    def refresh(self) -> None:
        is_training = self._till.session.is_training
        self.state.show_text("settings.training.on" if is_training else "settings.training.off")
        self.begin.setVisible(not is_training)
        self.end.setVisible(is_training)
        self.end.setEnabled(self._till.practice is not None)

    def begin_practice(self, approval: Approval | None = None) -> None:
        """Begin, once it is allowed and no basket is open."""
        if not self._till.checkout.basket.is_empty:
            self._context.messages.warn("shiftview.basket_open")
            return
        try:
            self._till.shifts.begin_training(approval)
        except ApprovalNeeded as needed:
            right, amount = approval_asked(needed)
            self._context.ask_approval(right, amount, self.begin_practice)
            return
        except TillError as error:
            self._context.messages.refused(error)
            return
        live, opener = self._till, self._context.opener
        self._context.tasks.run(lambda: opener.open_training(live), self._on_opened, owner=self)

    def _on_opened(self, practice: Till) -> None:
        practice.practice = Practice(self._till, practice.clock.now_ms())
        practice.session.operator = self._till.session.operator
        self._context.use_till(practice)

    def end_practice(self) -> None:
        """Back to the real till; its books are told how many practice tickets there were."""
        practice, till = self._till.practice, self._till
        if practice is None:
            return
        live = practice.live
        newest = till.store.journal.newest(TICKETS_MAX)
        tickets = [
            one
            for one in newest
            if isinstance(one, RetailTransaction) and one.header.occurred_at >= practice.began_at
        ]
        live.shifts.end_training(len(tickets))
        if till.session.operator != live.session.operator:
            live.authority.lock()
        self._context.use_till(live)
        self._context.tasks.run(till.close)
