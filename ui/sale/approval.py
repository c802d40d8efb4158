"""A second person grants one thing, once: badge or staff number and PIN, and a reason that is kept with both names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.authority import Approval, Right
from app.domain.errors import TillError
from app.domain.money import Money, format_money
from app.domain.quantity import format_quantity
from app.i18n import t
from ui.context import ScreenContext
from ui.sale.reasons import ReasonList
from ui.sign_on import PinPair
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

_IN_PERCENT = frozenset({Right.LINE_DISCOUNT, Right.BASKET_DISCOUNT, Right.PRICE_OVERRIDE})
REASONS = ("regular", "damaged", "near_expiry", "price_tag", "bulk", "mistake")


class ApprovalSheet(Sheet):
    """Finishes with the grant, or None. The proof runs on the store's worker."""

    def __init__(
        self, window: QWidget, till: Till, context: ScreenContext, right: Right, amount: int
    ) -> None:
        super().__init__(window, "sale.approval.title", width=720)
        self._till = till
        self._context = context
        self._right, self._amount = right, amount
        self._is_checking = False
        operator = till.session.require_operator()
        what = TextLabel(parent=self.panel, type=TypeRole.LEAD, wraps=True)
        what.show_text("sale.approval.what", operator=operator.name, what=right_text(right, amount, till))
        self._refusal = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="danger", wraps=True)
        self._refusal.hide()
        self._reasons = ReasonList(REASONS, self.panel)
        hint = TextLabel("sale.approval.badge", self.panel, type=TypeRole.CAPTION)
        self.pair = PinPair("sale.approval.number", self.panel)
        self.pair.completed.connect(self._on_pair)
        for widget in (what, TextLabel("sale.approval.reason", self.panel, type=TypeRole.CAPTION)):
            self.body.addWidget(widget)
        self.body.addWidget(self._reasons)
        self.body.addWidget(hint)
        self.body.addWidget(self.pair)
        self.body.addWidget(self._refusal)
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        grant = Button("sale.approval.grant", Kind.PRIMARY, self.panel)
        grant.clicked.connect(self.pair.submit)
        self.add_button(cancel)
        self.add_button(grant, is_default=True)
        self.set_first_focus(self.pair.number)
        self._reasons.follow(self.pair.number)

    def take_scan(self, code: str) -> None:
        """The second person's badge."""
        reason = self._reasons.reason()
        self._prove(lambda: self._till.authority.approve_badge(self._right, self._amount, code, reason))

    def _on_pair(self, number: str, pin: str) -> None:
        reason = self._reasons.reason()
        self._prove(lambda: self._till.authority.approve(self._right, self._amount, number, pin, reason))

    def _prove(self, proof: Callable[[], Approval]) -> None:
        if self._is_checking:
            return
        self._is_checking = True
        self._context.tasks.run(
            proof, on_done=self.finish, on_error=self._on_refused, on_end=self._on_end, owner=self
        )

    def _on_refused(self, error: TillError) -> None:
        self._refusal.show_text(error.text_key, **error.fields)
        self._refusal.show()
        self.pair.pin.clear()
        focus = self.pair.pin if error.code in ("sign_on_failed", "operator_locked") else self.pair.number
        focus.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(focus, QLineEdit):
            focus.selectAll()

    def _on_end(self) -> None:
        self._is_checking = False


def right_text(right: Right, amount: int, till: Till) -> str:
    """What is to be granted, with its amount: ``單項折扣 20%``."""
    if right in _IN_PERCENT:
        return t(f"sale.right.{right}", percent=f"{format_quantity(amount * 10)}%")
    return t(f"sale.right.{right}", amount=format_money(Money(amount, till.shop.currency)))
