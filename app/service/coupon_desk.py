"""Coupons at the counter: the shop's rules and keys, a coupon found by its code, and what a member's coupons would do to a basket.

A coupon's terms are those of the rule version it was issued under. One that another till issued is proved by its code alone; this till
then goes by the same version of the rules, or by today's where it never had that one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from app.domain.authority import Approval, Right
from app.domain.basket import Basket, BasketLine
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.item import Unit
from app.domain.loyalty.coupon import (
    BasketCoupon,
    Coupon,
    why_spent,
)
from app.domain.loyalty.coupon_benefit import Benefit
from app.domain.loyalty.coupon_code import CouponKeys, code_of, keys_from_texts, read_code
from app.domain.loyalty.coupon_codec import rules_from_plain, rules_to_plain
from app.domain.loyalty.coupon_terms import NO_RULES, CouponRules, CouponTerms
from app.domain.loyalty.documents import RuleArea, RuleDocument
from app.domain.money import Money
from app.domain.pricing import PriceContext, price
from app.domain.quantity import ONE
from app.service.ports import Clock, IdSource, Store, UnitOfWork
from app.service.session import Session

if TYPE_CHECKING:
    from app.service.coupon_ports import KnownCoupon

KEYS_SETTING: Final = "coupon.keys"
OFFERS_MAX: Final = 40
KEY_IDS: Final = 8  # ids whose random bits make a key: near 500 of them


@dataclass(frozen=True, slots=True)
class CouponOffer:
    """One of a member's coupons beside the present basket: what it would take off now, or why nothing."""

    coupon: BasketCoupon
    off: Money
    why_not: str = ""
    fields: dict[str, object] = field(default_factory=dict)


class CouponDesk:
    """Knows the shop's coupon rules and keys. Reading waits for nothing but the local store."""

    def __init__(self, store: Store, session: Session, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._read: dict[int, CouponRules] = {}
        self._keys: CouponKeys | None = None

    # --- rules and keys --------------------------------------------------------------------------------------------

    def rules(self) -> tuple[int, CouponRules]:
        """The version in force and its rules; version 0: the shop has none. Raises Refused("rules_damaged")."""
        document = self._store.rules.current(RuleArea.COUPONS, self._clock.now_ms())
        return (0, NO_RULES) if document is None else (document.version, self._rules_of(document))

    def write_rules(self, rules: CouponRules, approval: Approval | None = None) -> int:
        """Another version, in force from now on. Returns its number."""
        self._session.permit(Right.SETTINGS, 1, approval)
        now = self._clock.now_ms()
        with self._store.begin() as work:
            document = work.put_rules(
                RuleArea.COUPONS,
                rules_to_plain(rules),
                valid_from=now,
                at=now,
                operator_id=self._session.operator_id,
            )
            work.commit()
        return document.version

    def terms_of(self, coupon: Coupon) -> CouponTerms:
        """What it promises. Raises Refused("coupon_template_unknown")."""
        issued_under = self._store.rules.version(RuleArea.COUPONS, coupon.rule_version)
        terms = None if issued_under is None else self._rules_of(issued_under).template(coupon.template)
        terms = terms or self.rules()[1].template(coupon.template)
        if terms is None:
            raise Refused("coupon_template_unknown", template=coupon.template)
        return terms

    def keys(self) -> CouponKeys | None:
        """None until the shop has issued its first coupon."""
        if self._keys is None:
            texts = self._store.desk.setting(KEYS_SETTING)
            if isinstance(texts, list) and texts:
                self._keys = keys_from_texts([str(text) for text in texts])
        return self._keys

    def symbol(self, coupon: Coupon) -> str:
        """What the coupon's QR carries."""
        keys = self.keys()
        assert keys is not None, "whoever issued it made sure of the key"
        return code_of(coupon, keys)

    def ensure_keys(self, work: UnitOfWork) -> CouponKeys:
        """The shop's keys; the first one is made here."""
        keys = self.keys()
        if keys is None:
            random = b"".join(self._ids().bytes for _ in range(KEY_IDS))
            key = hashlib.sha256(b"coupon key" + random).digest()
            work.put_setting(KEYS_SETTING, [key.hex()])
            keys = CouponKeys((key,))
        return keys

    # --- finding ---------------------------------------------------------------------------------------------------

    def scanned(self, body: str) -> BasketCoupon:
        """The coupon in a scanned code. Raises Refused: "coupon_code_damaged", "coupon_used", "coupon_cancelled" …"""
        coupon = read_code(body, self.keys())
        known = self._store.coupons.by_id(coupon.id)
        if known is not None:
            return self.laid(known)
        return replace(self._on_counter(coupon, coupon.member_id), is_foreign=True)

    def typed(self, code: str) -> BasketCoupon | None:
        """The coupon of ten typed characters, if this till knows it. Raises Refused as ``scanned`` does."""
        known = self._store.coupons.by_code(code)
        return None if known is None else self.laid(known)

    def laid(self, known: KnownCoupon) -> BasketCoupon:
        """Raises Refused when nothing is left of it."""
        spent = why_spent(known.coupon, known.events)
        if spent:
            raise Refused(spent)
        return self._on_counter(known.coupon, known.owner)

    def of_member(self, member_id: MemberId, on: date) -> tuple[BasketCoupon, ...]:
        """The member's coupons of which something is left on this day, those that end first in front."""
        found = []
        for known in self._store.coupons.of_member(member_id):
            ends = known.coupon.valid_to
            if (ends is None or ends >= on) and not why_spent(known.coupon, known.events):
                try:
                    found.append(self._on_counter(known.coupon, known.owner))
                except Refused:  # its template is gone: it promises nothing any more
                    continue
        return tuple(sorted(found, key=lambda one: (one.coupon.valid_to or date.max, one.coupon.id)))

    def offers(self, basket: Basket, context: PriceContext) -> tuple[CouponOffer, ...]:
        """The member's coupons that are not on the counter yet, what takes off most in front."""
        if basket.member is None or basket.is_new_member:
            return ()
        there = {one.coupon.id for one in basket.coupons}
        mine = self.of_member(basket.member.member.id, context.moment.business_date)
        offers = [
            self._offer(one, basket, context) for one in mine[:OFFERS_MAX] if one.coupon.id not in there
        ]
        return tuple(sorted(offers, key=lambda offer: (bool(offer.why_not), -offer.off.minor)))

    def best(self, basket: Basket, context: PriceContext) -> tuple[BasketCoupon, ...]:
        """The member's coupons that make this basket cheapest: one alone, or all that go together; nothing where none helps."""
        offers = [offer for offer in self.offers(basket, context) if offer.off.minor > 0]
        if not offers:
            return ()
        together = tuple(offer.coupon for offer in offers if not offer.coupon.token.is_alone)
        choices = [(offer.coupon,) for offer in offers] + ([together] if len(together) > 1 else [])
        totals = [price(self._with(basket, choice), context).total.minor for choice in choices]
        return choices[totals.index(min(totals))]

    def _offer(self, one: BasketCoupon, basket: Basket, context: PriceContext) -> CouponOffer:
        before = price(basket, context)
        after = price(self._with(basket, (one,)), context)
        effect = after.effects[len(basket.coupons)]
        if effect.applies and stacks(basket, one):
            return CouponOffer(one, before.total - after.total)
        nothing = Money(0, context.currency)
        if effect.applies:
            return CouponOffer(one, nothing, "coupon_not_stackable", {"name": basket.tokens[0].label})
        return CouponOffer(one, nothing, effect.why_not, dict(effect.fields))

    def _with(self, basket: Basket, coupons: tuple[BasketCoupon, ...]) -> Basket:
        """The basket with these on the counter and their gifts in it."""
        basket = replace(basket, coupons=(*basket.coupons, *coupons))
        for one in coupons:
            gift = self.gift_of(one)
            if gift is not None:
                basket = basket.add(gift, merge=False)
        return basket

    # --- inside ----------------------------------------------------------------------------------------------------

    def business_date(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()

    def _on_counter(self, coupon: Coupon, owner: MemberId | None) -> BasketCoupon:
        terms = self.terms_of(coupon)
        is_bound = terms.is_personal and not terms.is_transferable and owner is not None
        holder = self._store.coupons.present_file(owner) if is_bound and owner is not None else None
        return BasketCoupon(coupon, terms, holder)

    def gift_of(self, one: BasketCoupon) -> BasketLine | None:
        """The line that a gift coupon puts into the basket; None for any other. Raises Refused("coupon_gift_missing")."""
        return gift_line(self._store, one.terms.benefit, one.token.source, self._clock.now_ms())

    def _rules_of(self, document: RuleDocument) -> CouponRules:
        rules = self._read.get(document.version)
        if rules is None:
            rules = self._read[document.version] = rules_from_plain(document.body)
        return rules


def gift_line(store: Store, benefit: Benefit, source: str, at: int) -> BasketLine | None:
    """The free piece that a benefit of this source puts into the basket; None for one that gives none."""
    if benefit.gift_id is None:
        return None
    item = store.catalogue.by_id(benefit.gift_id, at)
    if item is None or item.unit is not Unit.EACH:
        raise Refused("coupon_gift_missing")
    return BasketLine(0, item, ONE, gift_of=source)


def stacks(basket: Basket, one: BasketCoupon) -> bool:
    """Whether it may lie on the counter beside what lies there."""
    there = basket.tokens
    return not there or not (one.token.is_alone or any(token.is_alone for token in there))
