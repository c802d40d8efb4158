"""What the rules know of a member, as the portrait tells it: their coupons, their stamp cards, and where they stand among the tiers.

Read for one member at a time, on whatever thread asks; a shop without such rules has nothing to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.ids import MemberId
from app.domain.loyalty.describe import amount_of
from app.domain.loyalty.phrase import Phrase, Worded
from app.domain.money import Currency, Money, format_money
from app.i18n import t
from app.service.coupon_desk import CouponDesk
from app.service.portrait_values import CouponNote, StampNote, TierNote
from app.service.ports import Store
from app.service.rule_words import say
from app.service.stamp_desk import StampDesk
from app.service.tier_desk import TierDesk


class CounterRights:
    """The port :class:`app.service.portrait.Rights` over the desks of the counter."""

    def __init__(
        self, store: Store, coupons: CouponDesk, stamps: StampDesk, tiers: TierDesk, currency: Currency
    ) -> None:
        self._store = store
        self._coupons = coupons
        self._stamps = stamps
        self._tiers = tiers
        self._currency = currency

    def coupons(self, member_id: MemberId, on: date) -> Sequence[CouponNote]:
        """Those that could be used today, the one that ends first in front."""
        return [
            CouponNote(one.terms.name, one.coupon.valid_to)
            for one in self._coupons.of_member(member_id, on)
            if one.coupon.valid_from <= on
        ]

    def stamps(self, member_id: MemberId) -> Sequence[StampNote]:
        card = self._store.members.by_id(member_id)
        tier = "" if card is None else card.member.tier
        found = self._stamps.standings(member_id, tier, self._coupons.business_date())
        return [StampNote(one.name, one.stamps, one.needed) for one in found]

    def tier(self, member_id: MemberId, on: date) -> TierNote | None:
        standing = self._tiers.standing(member_id, on)
        if standing is None:
            return None
        name = "" if standing.tier is None else standing.tier.name
        if standing.next_tier is None:
            return TierNote(name, share_percent=100)
        missing = amount_of(standing.basis, standing.missing, self._currency)
        left = t(f"member.left.{standing.basis.value}", missing=_worded(missing))
        return TierNote(name, standing.next_tier.name, standing.progress_percent, left)


def _worded(amount: Worded) -> str:
    match amount:
        case Phrase():
            return say(amount)
        case Money():
            return format_money(amount)
        case _:
            return str(amount)
