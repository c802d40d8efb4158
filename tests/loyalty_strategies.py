"""Hypothesis strategies for coupons, stamp cards and what a sale does to them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from app.domain.ids import CategoryId, ItemId, MemberId, TransactionId
from app.domain.loyalty.coupon import BasketCoupon, Coupon, CouponId, CouponSource
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_code import typed_of
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, Gift, NextVisit, Occasion
from app.domain.loyalty.moves import CouponUse, GiftTaken, Moves, StampMove, ValueMove
from app.domain.loyalty.stamps import StampCard, StampPer, StampReward, StampRules
from app.domain.money import Currency, Money

UUIDS = st.uuids()
WORDS = st.text(st.sampled_from('aZ09 -_茶鮮奶①é\n"\\'), max_size=6)
NAMES = st.text(st.sampled_from("aZ茶鮮奶①é"), min_size=1, max_size=6)
KEYS = st.text(st.sampled_from("ABCXYZ0189"), min_size=1, max_size=12)
DATES = st.dates(date(2020, 1, 1), date(2100, 1, 1))
AMOUNTS = st.integers(0, 10**6)
CODES = st.frozensets(NAMES, max_size=2)


@st.composite
def covers(draw: st.DrawFn, item_ids: tuple[ItemId, ...] = ()) -> Covers:
    ids = st.sampled_from(item_ids) if item_ids else UUIDS.map(ItemId)
    return Covers(
        draw(st.frozensets(ids, max_size=2)),
        draw(st.frozensets(UUIDS.map(CategoryId), max_size=1)),
        draw(st.frozensets(ids, max_size=1)),
    )


@st.composite
def benefits(
    draw: st.DrawFn,
    item_ids: tuple[ItemId, ...] = (),
    kinds: tuple[BenefitKind, ...] = tuple(BenefitKind),
    most: int = 10**6,
) -> Benefit:
    kind = draw(st.sampled_from(kinds))
    is_by_piece = kind in (BenefitKind.PERCENT, BenefitKind.PRICE)
    return Benefit(
        kind=kind,
        value=draw(st.integers(1, 10_000 if kind is BenefitKind.PERCENT else most)),
        covers=draw(covers(item_ids)),
        minimum=draw(st.just(0) | st.integers(0, most)),
        off_max=draw(st.just(0) | st.integers(1, most)),
        pieces_max=draw(st.integers(0, 3)) if is_by_piece else 0,
        is_cheapest_first=draw(st.booleans()),
        with_promotions=draw(st.booleans()),
        gift_id=draw(UUIDS.map(ItemId)) if kind is BenefitKind.GIFT else None,
    )


@st.composite
def terms(draw: st.DrawFn, key: str = "") -> CouponTerms:
    is_personal = draw(st.booleans())
    hours = draw(st.none() | st.tuples(st.integers(0, 700), st.integers(701, 1440)))
    return CouponTerms(
        key=key or draw(KEYS),
        name=draw(NAMES),
        benefit=draw(benefits()),
        note=draw(WORDS),
        uses_max=draw(st.integers(1, 99)),
        is_personal=is_personal,
        is_transferable=is_personal and draw(st.booleans()),
        is_alone=draw(st.booleans()),
        tiers=draw(CODES),
        ends_on=draw(st.none() | DATES),
        days_valid=draw(st.none() | st.integers(1, 400)),
        starts_after_days=draw(st.integers(0, 9)),
        weekdays=draw(st.frozensets(st.integers(0, 6), max_size=3)),
        time_from=hours[0] if hours else None,
        time_to=hours[1] if hours else None,
    )


@st.composite
def coupon_rules(draw: st.DrawFn) -> CouponRules:
    keys = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
    a_key = st.sampled_from(keys)
    gifts = st.one_of(
        st.builds(Gift, st.just(Occasion.TIER), a_key, tier=NAMES),
        st.builds(Gift, st.just(Occasion.VISIT), a_key, n=st.integers(1, 50), is_repeated=st.booleans()),
        st.builds(Gift, st.sampled_from((Occasion.WELCOME, Occasion.BIRTHDAY)), a_key),
    )
    next_visits = st.builds(
        NextVisit,
        a_key,
        members_only=st.booleans(),
        tiers=CODES,
        segments=CODES,
        visits_from=st.integers(0, 9),
        visits_to=st.none() | st.integers(0, 99),
        days_away_from=st.integers(0, 99),
        total_from=AMOUNTS,
    )
    return CouponRules(
        templates=tuple(draw(terms(key)) for key in keys),
        gifts=tuple(draw(st.lists(gifts, max_size=3))),
        next_visits=tuple(draw(st.lists(next_visits, max_size=3))),
    )


@st.composite
def coupons(draw: st.DrawFn) -> Coupon:
    coupon_id = CouponId(draw(UUIDS))
    return Coupon(
        id=coupon_id,
        code=typed_of(coupon_id),
        template=draw(KEYS),
        rule_version=draw(st.integers(1, 65_535)),
        issued_at=draw(st.integers(0, 2**45)),
        valid_from=draw(DATES),
        valid_to=draw(st.none() | DATES),
        uses_max=draw(st.integers(1, 99)),
        source=draw(st.sampled_from(CouponSource)),
        member_id=draw(st.none() | UUIDS.map(MemberId)),
        batch=draw(WORDS),
        transaction_id=draw(st.none() | UUIDS.map(TransactionId)),
    )


BASKET_COUPONS = st.builds(BasketCoupon, coupons(), terms(), st.none() | UUIDS.map(MemberId), st.booleans())


@st.composite
def cards(draw: st.DrawFn, key: str = "") -> StampCard:
    per = draw(st.sampled_from(StampPer))
    kinds = tuple(kind for kind in BenefitKind if kind is not BenefitKind.TEXT)
    return StampCard(
        key=key or draw(KEYS),
        name=draw(NAMES),
        needed=draw(st.integers(1, 12)),
        reward=draw(benefits(kinds=kinds)),
        per=per,
        every=draw(st.integers(1, 500)),
        covers=draw(covers()),
        days_valid=draw(st.none() | st.integers(1, 400)),
        starts_on=draw(st.none() | DATES),
        tiers=draw(CODES),
        is_automatic=draw(st.booleans()),
        goes_alone=draw(st.booleans()),
    )


@st.composite
def stamp_rules(draw: st.DrawFn) -> StampRules:
    keys = draw(st.lists(KEYS, max_size=3, unique=True))
    return StampRules(tuple(draw(cards(key)) for key in keys))


REWARDS = st.builds(
    StampReward,
    card=KEYS,
    name=NAMES,
    needed=st.integers(1, 12),
    benefit=benefits(),
    member_id=UUIDS.map(MemberId),
    rule_version=st.integers(1, 99),
    is_alone=st.booleans(),
)


def moves(currency: Currency) -> st.SearchStrategy[Moves]:
    amounts = st.integers(-(10**9), 10**9).map(lambda minor: Money(minor, currency))
    whole = st.integers(-(10**6), 10**6)
    return st.builds(
        Moves,
        coupons=st.lists(st.builds(CouponUse, UUIDS, WORDS, KEYS, amounts, st.booleans()), max_size=2).map(
            tuple
        ),
        stamps=st.lists(st.builds(StampMove, KEYS, whole, whole), max_size=2).map(tuple),
        value=st.lists(st.builds(ValueMove, UUIDS, WORDS, amounts, amounts), max_size=1).map(tuple),
        gifts=st.lists(st.builds(GiftTaken, WORDS, WORDS, whole, whole), max_size=1).map(tuple),
        rules=st.lists(st.tuples(WORDS, whole), max_size=2).map(tuple),
    )
