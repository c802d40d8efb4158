"""Basket promotions: who reaches which amount, what that takes off, and when an item's offer is better left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.basket import Discount, DiscountKind
from app.domain.money import TWD, Money
from app.domain.pricing import StepKind, price
from app.domain.promotion import Promotion, PromotionKind, RewardKind, Threshold
from tests.builders import an_item
from tests.domain.plain_promotions import Search, with_basket_promotions
from tests.domain.promotion_cases import (
    CATEGORIES,
    a_promotion,
    basket_of,
    basket_promotions,
    cases,
    context,
    nets,
    total,
)


def from_on(*steps: tuple[int, int], code: str = "T", **fields: object) -> Promotion:
    """So much off from each amount on."""
    thresholds = tuple(Threshold(limit, RewardKind.AMOUNT, off) for limit, off in steps)
    return a_promotion(PromotionKind.BASKET_THRESHOLD, code, thresholds=thresholds, **fields)


def percent_from(limit: int, value: int, code: str = "T", **fields: object) -> Promotion:
    return a_promotion(
        PromotionKind.BASKET_THRESHOLD,
        code,
        thresholds=(Threshold(limit, RewardKind.PERCENT, value),),
        **fields,
    )


@pytest.mark.parametrize(
    ("amount", "expected"), [(599, 599), (600, 570), (1_199, 1_169), (1_200, 1_120), (5_000, 4_920)]
)
def test_row_12_exactly_at_the_limit_counts_and_one_dollar_less_does_not(amount: int, expected: int) -> None:
    assert total(basket_of((an_item(amount), 1)), from_on((600, 30), (1_200, 80))) == expected


def test_the_threshold_counts_what_the_goods_cost_after_their_own_offers_and_line_discounts() -> None:
    item, other = an_item(100), an_item(50)
    half = a_promotion(PromotionKind.PERCENT, "HALF", value=5_000, item_ids=frozenset({item.id}))
    assert total(basket_of((item, 2), (other, 1)), half, from_on((151, 5))) == 150
    basket = basket_of((other, 3))
    discounted = replace(basket.lines[0], discount=Discount(DiscountKind.AMOUNT, 1, "刮傷"))
    assert total(basket, from_on((150, 20))) == 130
    assert total(replace(basket, lines=(discounted,)), from_on((150, 20))) == 149


def test_a_percent_is_taken_once_from_the_whole_and_shared_among_the_lines() -> None:
    items = [an_item(33), an_item(33), an_item(34)]
    priced = price(basket_of(*[(item, 1) for item in items]), context(percent_from(100, 1_000)))
    assert priced.total.minor == 90
    assert nets(priced) == [30, 30, 30]


def test_only_the_goods_it_covers_count_and_share() -> None:
    covered, other = an_item(300, category=CATEGORIES[0]), an_item(300, category=CATEGORIES[1])
    promotion = from_on((500, 50), category_ids=frozenset({CATEGORIES[0]}))
    assert total(basket_of((covered, 1), (other, 1)), promotion) == 600
    assert nets(price(basket_of((covered, 2), (other, 1)), context(promotion))) == [550, 300]


def test_goods_whose_price_was_keyed_or_read_from_a_label_count_for_nothing() -> None:
    open_item, labelled, plain = an_item(0, is_open_price=True), an_item(80), an_item(100)
    basket = basket_of((plain, 1), (open_item, 1), (labelled, 1))
    basket = replace(
        basket,
        lines=(
            basket.lines[0],
            replace(basket.lines[1], open_price=Money(500, TWD)),
            replace(basket.lines[2], label_amount=Money(70, TWD)),
        ),
    )
    assert nets(price(basket, context(from_on((101, 50))))) == [100, 500, 70]
    assert nets(price(basket, context(from_on((100, 50))))) == [50, 500, 70]


def test_of_two_basket_promotions_the_better_one_applies_unless_they_may_meet() -> None:
    item = an_item(1_000)
    amount, percent = from_on((500, 80), code="A"), percent_from(800, 1_000, code="P")
    assert total(basket_of((item, 1)), amount, percent) == 900
    both = [replace(promotion, is_combinable=True) for promotion in (amount, percent)]
    assert total(basket_of((item, 1)), *both) == 1_000 - 80 - 92
    same = [replace(promotion, stacking_group="year") for promotion in both]
    assert total(basket_of((item, 1)), *same) == 900


def test_the_second_basket_promotion_still_counts_what_was_there_before_the_first() -> None:
    item = an_item(1_000)
    first = from_on((1_000, 100), code="A", is_combinable=True)
    second = from_on((1_000, 50), code="B", is_combinable=True)
    assert total(basket_of((item, 1)), first, second) == 850


def test_an_offer_worth_two_dollars_never_costs_a_customer_a_hundred() -> None:
    item, other = an_item(500), an_item(500)
    two_off = a_promotion(PromotionKind.AMOUNT, "TWO", value=2, item_ids=frozenset({item.id}))
    priced = price(basket_of((item, 1), (other, 1)), context(two_off, from_on((1_000, 100))))
    assert priced.total.minor == 900
    assert [step.kind for step in priced.steps[1]] == [
        StepKind.REGULAR,
        StepKind.BASKET_PROMOTION,
        StepKind.LEFT_OUT,
    ]
    assert StepKind.LEFT_OUT not in [step.kind for step in priced.steps[2]]


def test_only_as_much_is_left_out_as_the_threshold_needs() -> None:
    item, other = an_item(100), an_item(700)
    ten_off = a_promotion(PromotionKind.AMOUNT, "TEN", value=10, item_ids=frozenset({item.id}))
    priced = price(basket_of((item, 3), (other, 1)), context(ten_off, from_on((985, 100))))
    assert priced.total.minor == 890  # two of three stay at the regular price: 990


@pytest.mark.parametrize(("off", "expected"), [(1, 900), (99, 900), (100, 900), (101, 899)])
def test_an_offer_is_left_out_as_long_as_it_is_worth_less_than_the_threshold(off: int, expected: int) -> None:
    offer = a_promotion(PromotionKind.AMOUNT, "OFF", value=off)
    assert total(basket_of((an_item(1_000), 1)), offer, from_on((1_000, 100))) == expected


def test_a_member_price_never_costs_a_member_the_basket_promotion() -> None:
    item = an_item(1_000, member_price=999)
    promotion = from_on((1_000, 100))
    assert total(basket_of((item, 1)), promotion) == 900
    assert total(basket_of((item, 1), is_member=True), promotion) == 900


def test_a_bundle_is_left_out_when_the_basket_is_worth_more_without_it() -> None:
    item, other = an_item(100), an_item(690)
    trio = a_promotion(PromotionKind.N_FOR_PRICE, "TRIO", n=3, price=290, item_ids=frozenset({item.id}))
    assert total(basket_of((item, 3), (other, 1)), trio, from_on((990, 60))) == 930
    assert total(basket_of((item, 3), (other, 1)), trio, from_on((990, 10))) == 980


@settings(max_examples=150)
@given(cases(promotions_max=3, are_limited=False), st.lists(basket_promotions(), max_size=2), st.booleans())
def test_no_other_way_to_use_item_and_basket_promotions_together_is_cheaper(
    case: tuple[list[tuple[object, int]], list[Promotion]], on_basket: list[Promotion], is_member: bool
) -> None:
    pieces, on_items = case
    on_basket = list({promotion.code: promotion for promotion in on_basket}.values())
    units = [item for item, count in pieces for _ in range(count) if item.is_discountable]
    others = basket_of(
        *[(item, count) for item, count in pieces if not item.is_discountable], is_member=is_member
    )
    totals = Search(units, on_items, is_member=is_member).totals() if units else {0}
    best = min(with_basket_promotions(amount, on_basket) for amount in totals)
    assert total(basket_of(*pieces, is_member=is_member), *on_items, *on_basket) == best + total(others)


@given(cases(promotions_max=5, kinds=tuple(PromotionKind), units_max=9), st.booleans())
def test_every_dollar_of_discount_stands_on_a_line_and_no_line_goes_below_nothing(
    case: tuple[list[tuple[object, int]], list[Promotion]], is_member: bool
) -> None:
    pieces, promotions = case
    priced = price(basket_of(*pieces, is_member=is_member), context(*promotions))
    assert sum(nets(priced)) == priced.total.minor
    assert priced.gross.minor - priced.total.minor == -sum(line.discount.minor for line in priced.lines)
    assert all(net >= 0 for net in nets(priced))
    assert all(modifier.amount.minor < 0 for line in priced.lines for modifier in line.modifiers)
