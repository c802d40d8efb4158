"""Coupons and full stamp cards on the counter: scanned, typed or picked, taken away again, and what they do to the basket.

A coupon that this basket may still come to deserve waits on the counter and says what is missing; what cannot be used at all is refused.
Nothing is spent before the sale is completed: holding, retrieving and cancelling spend nothing and lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.basket import Basket, BasketLine
from app.domain.errors import Refused
from app.domain.loyalty.coupon_benefit import Token
from app.domain.money import Money, format_money
from app.service.basket_desk import Stage
from app.service.line_desk import LineDesk
from app.service.outcomes import CouponApplied, CouponWaiting, NothingHappened, Outcome

if TYPE_CHECKING:
    from app.domain.loyalty.coupon import BasketCoupon
    from app.domain.loyalty.moves import GiftTaken
    from app.domain.loyalty.stamps import StampReward, StampStanding
    from app.service.coupon_desk import CouponDesk, CouponOffer
    from app.service.stamp_desk import StampDesk

TOKENS_MAX: Final = 10
GUESSES_MAX: Final = 10
GUESSES_WITHIN_MS: Final = 60_000
HOPELESS: Final = frozenset(
    {
        "coupon_expired",
        "coupon_not_yet",
        "coupon_not_today",
        "coupon_not_at_this_hour",
        "coupon_of_other_member",
        "coupon_not_for_tier",
    }
)


class CounterDesk(LineDesk):
    """The basket in hand with the coupons and stamp rewards that lie beside it."""

    _coupon_desk: CouponDesk | None = None
    _stamp_desk: StampDesk | None = None
    _guesses: Sequence[int] = ()

    # --- coupons ---------------------------------------------------------------------------------------------------

    def lay_code(self, body: str) -> Outcome:
        """A scanned coupon: what follows ``C1:``. Raises Refused with the reason why it cannot be used."""
        return self._lay(self.coupons.scanned(body))

    def lay_typed(self, code: str) -> Outcome | None:
        """A coupon by its ten characters; None when this till knows no such coupon.

        Nobody finds one by trying: after GUESSES_MAX within a minute it raises Refused("coupon_guesses").
        """
        now = self._clock.now_ms()
        self._guesses = [at for at in self._guesses if 0 <= now - at < GUESSES_WITHIN_MS]
        if len(self._guesses) >= GUESSES_MAX:
            wait_ms = GUESSES_WITHIN_MS - (now - self._guesses[0])
            raise Refused("coupon_guesses", seconds=-(-wait_ms // 1000))
        one = self.coupons.typed(code)
        if one is None:
            self._guesses = [*self._guesses, now]
            return None
        return self._lay(one)

    def lay_coupon(self, coupon_id: UUID) -> Outcome:
        """One of the member's coupons, picked from the list."""
        known = self._store.coupons.by_id(coupon_id)
        if known is None:
            raise Refused("coupon_unknown")
        return self._lay(self.coupons.laid(known))

    def lay_best(self) -> Outcome:
        """The member's coupons that make this basket cheapest. Raises Refused("coupon_none_helps")."""
        best = self.best_coupons()
        if not best:
            raise Refused("coupon_none_helps")
        outcome: Outcome = NothingHappened()
        for one in best:
            outcome = self._lay(one)
        return outcome

    def take_away(self, source: str) -> Outcome:
        """A coupon or reward goes back to the customer, and its gift with it."""
        self._refuse_locked()
        return self._changed(self.basket.without_token(source), NothingHappened())

    def coupon_offers(self) -> tuple[CouponOffer, ...]:
        """The member's coupons beside this basket, what takes off most in front, then those that do nothing and why."""
        return self.coupons.offers(self.basket, self.price_context())

    def best_coupons(self) -> tuple[BasketCoupon, ...]:
        """What :meth:`lay_best` would lay down."""
        return self.coupons.best(self.basket, self.price_context())

    # --- gifts of the catalogue --------------------------------------------------------------------------------------

    def lay_gifts(self, gifts: tuple[GiftTaken, ...]) -> Outcome:
        """These are all the gifts that go with this sale; :class:`app.service.gift_desk.GiftDesk` says which may."""
        self._refuse_locked()
        return self._changed(replace(self.basket, gifts=gifts), NothingHappened())

    # --- stamp cards -----------------------------------------------------------------------------------------------

    def stamp_standings(self) -> tuple[StampStanding, ...]:
        """The cards of the member in front of the till."""
        member = self.basket.member
        if member is None or self.basket.is_new_member:
            return ()
        return self.stamps.standings(member.member.id, member.member.tier, self._business_date())

    def use_reward(self, card: str) -> Outcome:
        """Lay a full card on the counter; its stamps are spent with the sale. Raises Refused("stamps_too_few") …"""
        self._refuse_locked()
        return self._lay_reward(self.stamps.reward(card, self.basket, self._business_date()))

    def use_automatic_rewards(self) -> None:
        """Lay down the full cards that are used by themselves and take something off."""
        member = self.basket.member
        if member is None or self.basket.tenders or self.is_completing:
            return
        for reward in self.stamps.automatic(self.basket, self._business_date()):
            before = self.basket
            try:
                outcome = self._lay_reward(reward)
            except Refused:  # it does not go with what lies there
                continue
            if not isinstance(outcome, CouponApplied):
                self._set(before)

    def refuse_spent_coupons(self) -> None:
        """Before money is asked for: a basket that was held may have a coupon that was used meanwhile. Raises Refused("coupon_gone")."""
        if not self.basket.coupons:
            return
        from app.domain.loyalty.coupon import why_spent

        applied = {effect.source for effect in self.priced().effects if effect.applies}
        for one in self.basket.coupons:
            known = self._store.coupons.by_id(one.coupon.id)
            is_spent = known is not None and why_spent(known.coupon, known.events)
            if is_spent and one.token.source in applied:
                raise Refused("coupon_gone", name=one.token.label)

    # --- inside ----------------------------------------------------------------------------------------------------

    @property
    def coupons(self) -> CouponDesk:
        if self._coupon_desk is None:
            from app.service.coupon_desk import CouponDesk

            self._coupon_desk = CouponDesk(self._store, self._session, self._clock, self._ids)
        return self._coupon_desk

    @property
    def stamps(self) -> StampDesk:
        if self._stamp_desk is None:
            from app.service.stamp_desk import StampDesk

            self._stamp_desk = StampDesk(self._store, self._session, self._clock)
        return self._stamp_desk

    def _lay(self, one: BasketCoupon) -> Outcome:
        self._session.require_operator()
        self._refuse_locked()
        token = one.token
        self._require_place(token)
        card = self.basket.member
        why_not = token.why_not(self.price_context().moment, card.member if card else None)
        if why_not in HOPELESS:
            raise Refused(why_not, **shown_fields(token.fields(why_not)))
        gift = self.coupons.gift_of(one)
        return self._laid(replace(self.basket, coupons=(*self.basket.coupons, one)), token, gift)

    def _lay_reward(self, reward: StampReward) -> Outcome:
        from app.service.coupon_desk import gift_line

        token = reward.token
        self._require_place(token)
        gift = gift_line(self._store, reward.benefit, reward.source, self._clock.now_ms())
        return self._laid(replace(self.basket, rewards=(*self.basket.rewards, reward)), token, gift)

    def _require_place(self, token: Token) -> None:
        """Raises Refused: "coupon_twice", "coupon_not_stackable", "coupons_too_many"."""
        there = self.basket.tokens
        if any(one.source == token.source for one in there):
            raise Refused("coupon_twice", name=token.label)
        alone = next((one for one in there if one.is_alone), None)
        if there and (token.is_alone or alone is not None):
            raise Refused("coupon_not_stackable", name=(alone or there[0]).label)
        if len(there) >= TOKENS_MAX:
            raise Refused("coupons_too_many", coupons_max=TOKENS_MAX)

    def _laid(self, basket: Basket, token: Token, gift: BasketLine | None) -> Outcome:
        if gift is not None:
            basket = basket.add(gift, merge=False)
        self.stage = Stage.ENTRY
        self._set(basket)
        effect = next(one for one in self.priced().effects if one.source == token.source)
        if effect.applies:
            return CouponApplied(token.source, token.label, effect.off)
        return CouponWaiting(token.source, token.label, effect.why_not, shown_fields(effect.fields))

    def _business_date(self) -> date:
        return self.price_context().moment.business_date


def shown_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields of a reason as its sentence shows them."""
    return {name: _shown(value) for name, value in fields.items()}


def _shown(value: object) -> object:
    match value:
        case Money():
            return format_money(value)
        case date():
            return value.isoformat()
        case _:
            return value
