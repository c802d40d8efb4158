"""What the stored-value key does on the sale screen: while money is taken it pays, before that it opens the sheet that sells.

A gift card that was scanned outside of paying opens the same sheet, with what is on the card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.authority import Approval
from app.domain.errors import TillError
from app.domain.money import format_money
from app.domain.tender import TenderKind
from app.i18n import t
from app.service.checkout import Stage
from app.service.outcomes import GiftCardRead, Outcome
from app.service.value_counter import ValueOffer
from ui.context import ScreenContext
from ui.sale.entry_flow import SaleFlow

if TYPE_CHECKING:
    from app.service.checkout import Checkout
    from ui.sale.value_sheet import ValueAsk


class ValueActions(QObject):
    """Asks the flow, or opens the sheet."""

    def __init__(self, flow: SaleFlow, context: ScreenContext, view: QWidget) -> None:
        super().__init__(view)
        self._flow = flow
        self._context = context
        self._view = view
        flow.gift_card_read.connect(self.sell)

    @property
    def _checkout(self) -> Checkout:
        return self._flow.checkout

    def act(self) -> None:
        """The key: pay from the member's fullest account, or sell."""
        if self._checkout.stage is Stage.TENDER and not self._checkout.basket.is_empty:
            offers = self._checkout.value_offers()
            if offers:
                self._flow.guarded(lambda _: self._checkout.pay_from(offers[0].holding.account))
                return
        if self._checkout.basket.tenders:
            self._context.messages.warn("tender.no_value")
            return
        self.sell(None)

    def sell(self, read: GiftCardRead | None) -> None:
        """Open the sheet; ``read`` is a card that was scanned."""
        from ui.sale.value_sheet import ValueSheet

        basket, till = self._checkout.basket, self._flow.till
        try:
            sheet = ValueSheet(
                self._view.window(),
                till.value,
                till.shop.currency,
                basket.member,
                read,
                is_new_member=basket.is_new_member,
            )
        except TillError as error:
            self._context.messages.refused(error)
            return
        sheet.decided.connect(self._put)
        sheet.open()

    def pay(self, kind: TenderKind, amount_minor: int, reference: str) -> None:
        """From the sheet of other tenders: the member's account, or a card by its code."""
        if kind is TenderKind.GIFT_CARD:
            self._flow.guarded(lambda _: self._checkout.pay_with_card(reference, amount_minor))
            return
        offers = own_offers(self._checkout)
        if offers:
            self._flow.guarded(lambda _: self._checkout.pay_from(offers[0].holding.account, amount_minor))

    def _put(self, ask: ValueAsk) -> None:
        from ui.sale.value_sheet import ValueKind

        def act(approval: Approval | None) -> Outcome:
            match ask.kind:
                case ValueKind.TOP_UP:
                    return self._checkout.top_up(ask.amount_minor)
                case ValueKind.CARD:
                    return self._checkout.sell_card(ask.amount_minor, ask.code, is_bound=ask.is_bound)
                case ValueKind.REFUND:
                    assert ask.holding is not None
                    return self._checkout.refund_value(ask.holding, ask.amount_minor, approval)

        self._flow.guarded(act)


def own_offers(checkout: Checkout) -> tuple[ValueOffer, ...]:
    """The member's own accounts that may pay now, without their cards."""
    return tuple(one for one in checkout.value_offers() if not one.holding.label)


def value_words(checkout: Checkout) -> str:
    """What the key in the tender panel says; ``""`` when nothing can pay."""
    offers = checkout.value_offers()
    if not offers:
        return ""
    first = offers[0]
    key = "value.pay_card" if first.holding.label else "value.pay"
    return t(key, card=first.holding.label, balance=format_money(first.balance))
