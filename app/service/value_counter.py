"""Stored value on the counter: top-ups and cards put into the basket, a card that was scanned, and paying from an account.

A scanned card pays while money is taken; before that its balance is shown, or, where it was never sold, it is offered for sale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.authority import Approval
from app.domain.basket import BasketLine
from app.domain.errors import Refused
from app.domain.loyalty.value import AccountKind, ValueAccount
from app.domain.loyalty.value_code import read_code
from app.domain.loyalty.value_items import REFUND, TOP_UP, VALUE_ITEMS, VALUE_TENDERS, value_due
from app.domain.money import Money, format_money
from app.domain.tender import TenderKind
from app.domain.tendering import with_tender
from app.service.basket_desk import Stage
from app.service.counter_desk import CounterDesk
from app.service.outcomes import GiftCardRead, LineAdded, Outcome, ReadyToComplete, TenderTaken

if TYPE_CHECKING:
    from app.service.value_desk import Holding, ValueDesk


@dataclass(frozen=True, slots=True)
class ValueOffer:
    """What one account may pay of what is due now: ``amount`` in one key, of all that is in it."""

    holding: Holding
    amount: Money
    balance: Money


class ValueCounter(CounterDesk):
    """The basket in hand with the stored value that is sold in it or pays for it."""

    _value_desk: ValueDesk | None = None

    # --- selling ---------------------------------------------------------------------------------------------------

    def top_up(self, amount_minor: int) -> Outcome:
        """Put a top-up of the member's account into the basket. Raises Refused: "value_needs_member", "value_twice"."""
        if self.basket.member is None:
            raise Refused("value_needs_member")
        return self._sell_value(self.value.top_up_line(amount_minor))

    def sell_card(self, amount_minor: int, text: str = "", *, is_bound: bool = False) -> Outcome:
        """Put a gift card into the basket: the one that was scanned, or a new one that the receipt will show.

        Selling a card again that is in use tops it up.
        """
        code = read_code(text) if text else ""
        if code and any(line.barcode == code for line in self.basket.live_lines):
            raise Refused("value_twice")
        if is_bound and self.basket.member is None:
            raise Refused("value_needs_member")
        return self._sell_value(self.value.card_line(amount_minor, code, is_bound=is_bound))

    def refund_value(self, holding: Holding, amount_minor: int, approval: Approval | None = None) -> Outcome:
        """Put a payout of an account into the basket, alone. Raises Refused or ApprovalNeeded."""
        if self.basket.live_lines:
            raise Refused("value_refund_alone")
        line = self.value.refund_line(holding, amount_minor, approval)
        outcome = self._sell_value(line)
        if approval is not None:
            self._set(self._with_approval(self.basket, approval), reprice=False)
        return outcome

    def _sell_value(self, line: BasketLine) -> Outcome:
        self._session.require_operator()
        self._refuse_locked()
        present = {one.item.id for one in self.basket.live_lines} & VALUE_ITEMS
        if REFUND in present or (line.item.id == TOP_UP and TOP_UP in present):
            raise Refused("value_twice")
        basket = self.basket.add(line, merge=False)
        self.stage = Stage.ENTRY
        self.pending_quantity = None
        return self._changed(basket, LineAdded(basket.lines[-1].number, line.item))

    # --- paying ----------------------------------------------------------------------------------------------------

    def value_offers(self) -> tuple[ValueOffer, ...]:
        """The member's accounts that may pay something of what is due, the fullest first."""
        member = self.basket.member
        if member is None or self.basket.is_new_member or self.due().minor <= 0:
            return ()
        offers = [self._offer(holding) for holding in self.value.holdings(member.member.id)]
        return tuple(
            sorted(
                (one for one in offers if one.amount), key=lambda one: (-one.balance.minor, one.holding.label)
            )
        )

    def pay_from(self, account: ValueAccount, amount_minor: int | None = None) -> Outcome:
        """Pay from this account: this much, or as much as it can. Raises Refused with the reason and the balance."""
        self._refuse_while_completing()
        self._session.require_shift()
        if self.basket.is_empty:
            raise Refused("basket_empty")
        self.stage = Stage.TENDER
        offer = self._offer(self.value.holding(account))
        amount = offer.amount.minor if amount_minor is None else amount_minor
        self._require_payable(offer, amount)
        is_card = account.kind is AccountKind.GIFT_CARD
        kind = TenderKind.GIFT_CARD if is_card else TenderKind.STORED_VALUE
        tenders = with_tender(
            self.priced().total,
            self.basket.tenders,
            kind,
            Money(amount, offer.amount.currency),
            reference=account.id.hex,
        )
        self._set(replace(self.basket, tenders=tenders), reprice=False)
        due = self.due()
        return ReadyToComplete() if due.minor <= 0 else TenderTaken(kind, due)

    def pay_with_card(self, text: str, amount_minor: int | None = None) -> Outcome:
        """Pay with the gift card of this code, scanned or typed. Raises Refused: "gift_card_unreadable", "gift_card_not_sold" …"""
        holding = self.value.card(read_code(text))
        if holding is None:
            raise Refused("gift_card_not_sold")
        return self.pay_from(holding.account, amount_minor)

    def take_gift_card(self, body: str) -> Outcome:
        """A card that was scanned, or its code typed."""
        self._refuse_while_completing()
        if self.stage is Stage.TENDER and not self.basket.is_empty:
            return self.pay_with_card(body)
        code = read_code(body)
        return GiftCardRead(code, self.value.card(code))

    def _require_payable(self, offer: ValueOffer, amount: int) -> None:
        if self.due().minor < 0:
            raise Refused("value_back_by_itself")
        if offer.balance.minor == 0:
            raise Refused("value_empty")
        if amount > offer.balance.minor:
            raise Refused("value_balance_short", balance=format_money(offer.balance))
        if amount > offer.amount.minor or amount <= 0:
            if offer.amount.minor == 0:
                raise Refused("value_pays_goods_only")
            raise Refused("tender_exceeds_due", due=format_money(offer.amount))
        self.value.require_lease(
            offer.holding.account, amount + offer.holding.balance.total - offer.balance.minor
        )

    def _offer(self, holding: Holding) -> ValueOffer:
        currency = self._session.shop.currency
        taken = sum(
            tender.amount.minor
            for tender in self.basket.tenders
            if tender.kind in VALUE_TENDERS and tender.reference == holding.account.id.hex
        )
        balance = holding.balance.total - taken
        priced, tenders = self.priced(), self.basket.tenders
        room = value_due(priced.lines, tenders, self.due().minor)
        return ValueOffer(holding, Money(max(0, min(balance, room)), currency), Money(balance, currency))

    @property
    def value(self) -> ValueDesk:
        if self._value_desk is None:
            from app.service.value_desk import ValueDesk

            self._value_desk = ValueDesk(self._store, self._session, self._clock, self._ids)
        return self._value_desk
