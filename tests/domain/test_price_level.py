"""What a tier makes of prices: the cheaper of its percent and the member price, never both, and said as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.basket import Basket
from app.domain.item import Item, Unit
from app.domain.loyalty.tiers import Tier, TierRights, TierRules
from app.domain.money import Money
from app.domain.price_level import MEMBER_LEVEL, NO_LEVEL, PriceLevel, price_levels, start_price
from app.domain.pricing import StepKind, explain, price
from app.domain.promotion import Promotion, PromotionKind
from app.i18n import t
from tests.builders import a_card, an_item
from tests.domain.promotion_cases import a_promotion, basket_of, cases, context

GOLD = PriceLevel(percent_off=1_000, name="金卡")
LEVELS = {"": MEMBER_LEVEL, "gold": GOLD, "bare": PriceLevel(has_member_price=False, name="白卡")}


def of_tier(basket: Basket, tier: str) -> Basket:
    return replace(basket, member=a_card(replace(a_card().member, tier=tier)))


def a_tier(code: str, threshold: int, **rights: object) -> Tier:
    return Tier(code, code, threshold, TierRights(**rights))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "level", "base", "by_tier"),
    [
        (an_item(100), GOLD, 90, True),
        (an_item(100, member_price=95), GOLD, 90, True),
        (an_item(100, member_price=90), GOLD, 90, False),
        (an_item(100, member_price=80), GOLD, 80, False),
        (an_item(35), GOLD, 31, True),  # 3.5 off is 4 off
        (an_item(100, is_discountable=False), GOLD, 100, False),
        (an_item(100, member_price=95, is_discountable=False), GOLD, 95, False),
        (an_item(100, member_price=95), LEVELS["bare"], 100, False),
        (an_item(100, member_price=95), NO_LEVEL, 100, False),
        (an_item(100, member_price=95), MEMBER_LEVEL, 95, False),
    ],
)
def test_a_piece_costs_the_lower_of_both_and_never_both(
    item: Item, level: PriceLevel, base: int, by_tier: bool
) -> None:
    assert start_price(item, level) == (item.price.minor, base, by_tier)


def test_tiers_that_change_no_price_make_no_levels() -> None:
    assert price_levels(TierRules()) == {}
    assert price_levels(TierRules(tiers=(a_tier("silver", 1, points_factor=200),))) == {}


def test_where_a_tier_goes_without_the_member_price_so_does_who_has_none() -> None:
    rules = TierRules(tiers=(a_tier("silver", 1, has_member_price=False), a_tier("gold", 2)))
    levels = price_levels(rules)
    assert [levels[code].has_member_price for code in ("", "silver", "gold")] == [False, False, True]
    percent = price_levels(TierRules(tiers=(a_tier("gold", 2, percent_off=500),)))
    assert percent[""] == MEMBER_LEVEL


def test_the_trace_says_the_tier_and_its_percent() -> None:
    basket = of_tier(basket_of((an_item(100, member_price=95), 2)), "gold")
    priced = price(basket, replace(context(), levels=LEVELS))
    (said,) = explain(priced.lines[0], priced.steps[1])
    assert t(said[0], "zh_TW", **said[1]) == "金卡 9 折，NT$90（原價 NT$100）× 2，共 NT$180。"
    assert t(said[0], "en", **said[1]) == "金卡, 10% off: NT$90 (regular NT$100) × 2: NT$180."
    assert priced.savings.minor == 20


def test_a_tier_that_is_no_more_gives_what_no_tier_gives() -> None:
    basket = basket_of((an_item(100, member_price=95), 1))
    for tier, total in (("gold", 90), ("bare", 100), ("", 95), ("forgotten", 95)):
        assert price(of_tier(basket, tier), replace(context(), levels=LEVELS)).total.minor == total
    assert price(basket, replace(context(), levels=LEVELS)).total.minor == 100


def test_a_promotion_starts_from_the_regular_price_and_the_cheaper_one_stands() -> None:
    basket = of_tier(basket_of((an_item(100), 1)), "gold")
    five = a_promotion(PromotionKind.PERCENT, value=500)
    fifteen = a_promotion(PromotionKind.PERCENT, value=1_500)
    stacking = replace(five, stacks_on_member_price=True)
    totals = [
        price(basket, replace(context(one), levels=LEVELS)).total.minor for one in (five, fifteen, stacking)
    ]
    assert totals == [90, 85, 85]  # 90 less 4.5 is 85


def test_some_at_the_promotion_and_some_at_the_tier() -> None:
    pair = a_promotion(PromotionKind.N_FOR_PRICE, n=2, price=150)
    priced = price(of_tier(basket_of((an_item(100), 3)), "gold"), replace(context(pair), levels=LEVELS))
    assert priced.total.minor == 150 + 90
    assert [step.kind for step in priced.steps[1]] == [
        StepKind.REGULAR,
        StepKind.TIER_PART,
        StepKind.PROMOTION,
    ]


def test_a_weight_costs_the_tiers_price_of_a_kilogram() -> None:
    item = an_item(120, unit=Unit.KILOGRAM)
    basket = basket_of((item, 1))
    weighed = basket.with_line(replace(basket.line(1), quantity=385))
    priced = price(of_tier(weighed, "gold"), replace(context(), levels=LEVELS))
    assert priced.lines[0].unit_price.minor == 108
    assert priced.total.minor == 42  # 108 × 0.385 = 41.58


@settings(max_examples=150)
@given(cases(), st.integers(0, 10_000))
def test_a_tier_prices_as_if_every_member_price_were_the_lower_of_both(
    case: tuple[list[tuple[Item, int]], list[Promotion]], percent_off: int
) -> None:
    pieces, promotions = case
    level = PriceLevel(percent_off=percent_off, name="金卡")
    basket = of_tier(basket_of(*pieces), "gold")
    offers = replace(context(*promotions), levels={"": MEMBER_LEVEL, "gold": level})
    as_member_price = of_tier(
        basket_of(
            *[
                (replace(item, member_price=Money(start_price(item, level).base, item.price.currency)), n)
                for item, n in pieces
            ]
        ),
        "",
    )
    total = price(basket, offers).total
    assert total == price(as_member_price, context(*promotions)).total
    assert total.minor <= price(basket_of(*pieces), offers).total.minor
