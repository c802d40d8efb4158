"""What the sale does for the member at the counter: the usual, their coupons and full stamp cards, and what is due for them today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.money import format_money
from app.i18n import t
from app.service.outcomes import CouponApplied, CouponWaiting, NothingHappened, Outcome
from app.service.usual import put_usual
from ui.context import ScreenContext
from ui.sale.member_watch import MemberWatch

if TYPE_CHECKING:
    from ui.sale.entry_flow import SaleFlow


class MemberFlow(QObject):
    """The member's part of the sale. `watch` knows what is worth showing of them."""

    def __init__(self, flow: SaleFlow, context: ScreenContext) -> None:
        super().__init__(flow)
        self._flow = flow
        self._messages = context.messages
        self.watch = MemberWatch(flow.till, context.tasks, self)
        self.watch.due_found.connect(self._tell_due)

    @property
    def has_best(self) -> bool:
        """Whether one key uses something now: the best coupons, or a full stamp card."""
        facts = self.watch.facts
        return self.watch.best is not None or (facts is not None and bool(facts.full_cards))

    def put_usual(self) -> None:
        """老樣子: the usual goods of the member at the counter."""
        self._flow.move_on()
        self._flow.guarded(lambda _: self._put_usual())

    def use_best(self) -> None:
        """The coupons that save the most; where none helps, a full stamp card."""
        self._flow.guarded(lambda _: self._use_best())

    def refresh(self) -> None:
        """Their file may be another one now: changed, merged, erased."""
        basket = self._flow.checkout.basket
        if basket.member is None:
            self._flow.refresh()  # who was forgotten on their page is gone from the sale, and from the screen
            return
        if basket.is_new_member or basket.tenders:
            return
        found = self._flow.till.store.members.by_id(basket.member.member.id)
        if found is None or found.member.is_erased:
            self._flow.remove_member()
        elif found != basket.member:
            self._flow.attach(found)
        self.watch.read_again()

    def tell_coupon(self, outcome: CouponApplied | CouponWaiting) -> None:
        """What it takes off, or why it waits and what to do."""
        match outcome:
            case CouponApplied(name=name, off=off) if off.minor:
                self._messages.good("coupon.applied", name=name, amount=format_money(off))
            case CouponApplied(name=name):
                self._messages.good("coupon.applied_words", name=name)
            case CouponWaiting(name=name, why_not=why_not, fields=fields):
                self._messages.warn("coupon.laid", name=name, why=t(f"error.{why_not}", None, **fields))

    def _put_usual(self) -> Outcome:
        checkout, facts = self._flow.checkout, self.watch.facts
        if facts is None or not facts.portrait.usual.lines:
            has_member = checkout.basket.member is not None
            self._messages.info("member.usual_none" if has_member else "member.usual_nobody")
            return NothingHappened()
        put = put_usual(checkout, facts.portrait.usual)
        if put.left_out:
            names = t("membership.separator").join(put.left_out)
            self._messages.warn("member.usual_part", names=names)
        else:
            self._messages.good("member.usual_put", count=put.added)
        return NothingHappened()

    def _use_best(self) -> Outcome:
        checkout, facts = self._flow.checkout, self.watch.facts
        if facts is not None and facts.full_cards and not checkout.best_coupons():
            return checkout.use_reward(facts.full_cards[0].card)
        return checkout.lay_best()

    def _tell_due(self, words: str, more: int) -> None:
        shown = " ".join(words.split())
        self._messages.warn("member.due_more" if more else "member.due", words=shown, count=more)
