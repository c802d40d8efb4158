"""Hypothesis strategies for rules: everything an owner can compose, however odd."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import strategies as st

from app.domain.ids import CategoryId, ItemId
from app.domain.loyalty.earning import SaleView, SoldGoods
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.points_rules import (
    Bonus,
    BonusKind,
    Burn,
    Combine,
    Goods,
    GoodsRate,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
)
from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.loyalty.tiers import (
    EntryGift,
    Lowering,
    Tier,
    TierBasis,
    TierRights,
    TierRules,
    Window,
    WindowKind,
)
from app.domain.money import TWD
from app.domain.tender import TenderKind

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
CODES = st.sampled_from(("silver", "gold", "platinum"))
NAMES = st.sampled_from(("", "會員日", 'Tea & "more"', "週年慶"))
ITEMS = st.integers(1, 6).map(lambda number: ItemId(UUID(int=number)))
CATEGORIES = st.integers(101, 104).map(lambda number: CategoryId(UUID(int=number)))
POINTS = st.integers(0, 50)

GOODS = st.builds(Goods, st.frozensets(ITEMS, max_size=2), st.frozensets(CATEGORIES, max_size=2))
RATES = st.builds(Rate, st.sampled_from((0, 1, 30, 100, 1000)), POINTS)
TERMS = st.one_of(
    st.just(NEVER),
    st.builds(
        Term,
        st.sampled_from((TermKind.DAYS, TermKind.MONTHS, TermKind.INACTIVITY)),
        st.integers(1, 800),
    ),
    st.builds(Term, st.just(TermKind.YEAR_END), st.integers(0, 3)),
)
KEEPS = TERMS.filter(lambda term: term.kind is not TermKind.INACTIVITY)


@st.composite
def spans(draw: st.DrawFn) -> tuple[date | None, date | None]:
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    return (last, first) if first and last and first > last else (first, last)


@st.composite
def multipliers(draw: st.DrawFn) -> Multiplier:
    starts_on, ends_on = draw(spans())
    return Multiplier(
        factor=draw(st.sampled_from((100, 110, 150, 200, 300, 1000))),
        name=draw(NAMES),
        tiers=draw(st.frozensets(CODES, max_size=2)),
        weekdays=draw(st.frozensets(st.integers(0, 6), max_size=2)),
        month_days=draw(st.frozensets(st.integers(1, 31), max_size=2)),
        nth_weekdays=draw(
            st.frozensets(st.tuples(st.sampled_from((-1, 1, 2, 3, 4, 5)), st.integers(0, 6)), max_size=2)
        ),
        in_birthday_month=draw(st.booleans()),
        starts_on=starts_on,
        ends_on=ends_on,
        goods=draw(GOODS),
    )


@st.composite
def bonuses(draw: st.DrawFn, kind: BonusKind) -> Bonus:
    starts_on, ends_on = draw(spans())
    friend_points = draw(POINTS) if kind is BonusKind.REFERRAL else 0
    return Bonus(
        kind=kind,
        points=draw(st.integers(0 if friend_points else 1, 500)),
        name=draw(NAMES),
        code="AUTUMN" if kind is BonusKind.CAMPAIGN else "",
        friend_points=friend_points,
        minimum_minor=draw(st.sampled_from((0, 1, 500))),
        is_on_the_day=draw(st.booleans()) and kind is BonusKind.BIRTHDAY,
        starts_on=starts_on,
        ends_on=ends_on,
        term=draw(st.none() | TERMS),
    )


@st.composite
def burns(draw: st.DrawFn) -> Burn:
    value_points = draw(st.sampled_from((1, 4, 30)))
    return Burn(
        value_minor=draw(st.sampled_from((0, 1, 10))),
        value_points=value_points,
        step=value_points * draw(st.sampled_from((1, 10))),
        share_max=draw(st.integers(0, 10_000)),
        balance_min=draw(st.sampled_from((0, 100))),
        per_sale_max=draw(st.none() | st.integers(0, 500)),
        offline_day_max=draw(st.none() | st.integers(0, 500)),
    )


@st.composite
def points_rules(draw: st.DrawFn) -> PointsRules:
    kinds = draw(st.lists(st.sampled_from(BonusKind), unique=True, max_size=3))
    return PointsRules(
        base=draw(RATES),
        burn=draw(burns()),
        rates=tuple(draw(st.lists(st.builds(GoodsRate, GOODS, RATES, NAMES), max_size=2))),
        excluded=draw(GOODS),
        uncounted=draw(st.frozensets(st.sampled_from(TenderKind), max_size=2)) | {TenderKind.POINTS},
        multipliers=tuple(draw(st.lists(multipliers(), max_size=3))),
        combine=draw(st.sampled_from(Combine)),
        rounding=draw(st.sampled_from(Rounding)),
        per=draw(st.sampled_from(Per)),
        bonuses=tuple(draw(bonuses(kind)) for kind in kinds),
        pending_days=draw(st.sampled_from((0, 7))),
        expires=draw(TERMS),
        may_owe=draw(st.booleans()),
    )


@st.composite
def tier_rules(draw: st.DrawFn) -> TierRules:
    codes = draw(st.lists(CODES, unique=True, max_size=3))
    thresholds = sorted(draw(st.sets(st.integers(1, 20_000), min_size=len(codes), max_size=len(codes))))
    rights = st.builds(
        TierRights,
        st.booleans(),
        st.integers(0, 10_000),
        st.sampled_from((100, 150, 200)),
        st.booleans(),
        st.lists(st.just("VIP"), max_size=1).map(tuple),
    )
    gifts = st.builds(EntryGift, st.integers(0, 500), st.lists(st.just("HELLO"), max_size=1).map(tuple))
    windows = st.one_of(
        st.builds(
            Window,
            st.sampled_from((WindowKind.ROLLING_DAYS, WindowKind.ROLLING_MONTHS)),
            st.integers(1, 400),
        ),
        st.builds(Window, st.just(WindowKind.CALENDAR), st.sampled_from((1, 2, 3, 4, 6, 12))),
    )
    return TierRules(
        basis=draw(st.sampled_from(TierBasis)),
        window=draw(windows),
        tiers=tuple(
            Tier(code, f"{code} 卡", threshold, draw(rights), draw(gifts))
            for code, threshold in zip(codes, thresholds, strict=True)
        ),
        keeps=draw(KEEPS),
        grace_days=draw(st.sampled_from((0, 30))),
        lowering=draw(st.sampled_from(Lowering)),
        lowers_on_return=draw(st.booleans()),
    )


@st.composite
def gift_rules(draw: st.DrawFn) -> GiftRules:
    gifts = []
    for code in draw(st.lists(st.sampled_from(("MUG", "BAG", "TEA")), unique=True)):
        starts_on, ends_on = draw(spans())
        gifts.append(
            Gift(
                code,
                f"禮物 {code}",
                draw(st.integers(1, 999)),
                draw(st.none() | ITEMS),
                draw(st.none() | st.integers(0, 20)),
                draw(st.frozensets(CODES, max_size=2)),
                starts_on,
                ends_on,
            )
        )
    return GiftRules(tuple(gifts))


@st.composite
def sale_views(draw: st.DrawFn, uncounted: int = 0) -> SaleView:
    lines = draw(
        st.lists(
            st.builds(
                lambda item, category, net, earns: (item, category, net, earns),
                ITEMS,
                CATEGORIES,
                st.integers(0, 3000),
                st.sampled_from((True, True, True, False)),
            ),
            max_size=5,
        )
    )
    return SaleView(
        on=draw(DAYS),
        goods=tuple(
            SoldGoods(number, item, (CategoryId(UUID(int=100)), category), net, earns)
            for number, (item, category, net, earns) in enumerate(lines, 1)
        ),
        currency=TWD,
        uncounted=uncounted,
        tier=draw(st.sampled_from(("", "silver", "gold"))),
        tier_factor=draw(st.sampled_from((100, 100, 150))),
        is_birthday_month=draw(st.booleans()),
    )
