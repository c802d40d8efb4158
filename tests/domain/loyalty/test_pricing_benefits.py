"""Coupons and rewards on a basket: what they take off, what they leave alone, and why they do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.basket import Basket, BasketLine, Discount, DiscountKind
from app.domain.ids import MemberId
from app.domain.item import Item, TaxClass, Unit
from app.domain.loyalty.coupon import BasketCoupon
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers, Window
from app.domain.loyalty.stamps import StampReward
from app.domain.money import TWD, Money
from app.domain.pricing import LocalMoment, Priced, price
from app.domain.promotion import Promotion, PromotionKind, RewardKind, Threshold
from app.domain.quantity import ONE
from app.domain.transaction import ModifierKind
from tests.builders import MEMBER, an_item
from tests.domain.loyalty.counter import DAY, a_coupon
from tests.domain.promotion_cases import (
    SATURDAY_MORNING,
    a_promotion,
    basket_of,
    cases,
    context,
    nets,
    total,
)
from tests.loyalty_strategies import benefits

TEN_PERCENT = Benefit(BenefitKind.PERCENT, 1_000)


def with_coupons(basket: Basket, *coupons: BasketCoupon) -> Basket:
    return replace(basket, coupons=coupons)


def why_not(priced: Priced) -> str:
    (effect,) = priced.effects
    assert effect.off.minor == 0
    return effect.why_not


def of_coupons(priced: Priced) -> int:
    return -sum(
        modifier.amount.minor
        for line in priced.lines
        for modifier in line.modifiers
        if modifier.kind is ModifierKind.COUPON
    )


# --- what is taken off ----------------------------------------------------------------------------------------------------


def test_an_amount_is_shared_by_largest_remainder_and_named_on_every_line() -> None:
    basket = basket_of((an_item(100), 1), (an_item(200, item_id=UUID(int=2)), 1))
    coupon = a_coupon(Benefit(BenefitKind.AMOUNT, 50), name="歡迎券")
    priced = price(with_coupons(basket, coupon), context())
    assert nets(priced) == [83, 167]
    assert [line.modifiers[0].label for line in priced.lines] == ["歡迎券", "歡迎券"]
    assert {line.modifiers[0].source for line in priced.lines} == {coupon.coupon.id.hex}
    assert priced.effects[0].off == Money(50, TWD)


def test_a_percent_stops_at_its_most() -> None:
    half = replace(TEN_PERCENT, value=5_000, off_max=120)
    assert total(with_coupons(basket_of((an_item(1_000), 1)), a_coupon(half))) == 880


def test_a_coupon_never_takes_more_than_the_goods_cost() -> None:
    basket = with_coupons(basket_of((an_item(30), 1)), a_coupon(Benefit(BenefitKind.AMOUNT, 100)))
    assert total(basket) == 0


def test_only_the_dearest_piece_is_reduced_and_a_reward_takes_the_cheapest() -> None:
    basket = basket_of((an_item(100), 2), (an_item(300, item_id=UUID(int=2)), 2))
    one = Benefit(BenefitKind.PERCENT, 10_000, pieces_max=1)
    assert nets(price(with_coupons(basket, a_coupon(one)), context())) == [200, 300]
    cheapest = replace(one, is_cheapest_first=True)
    reward = StampReward("TEA", "集點卡", 10, cheapest, MEMBER.id, 1)
    member = basket_of((an_item(100), 2), (an_item(300, item_id=UUID(int=2)), 2), is_member=True)
    assert nets(price(replace(member, rewards=(reward,)), context())) == [100, 600]


def test_so_many_pieces_at_a_price() -> None:
    basket = with_coupons(
        basket_of((an_item(120), 3)), a_coupon(Benefit(BenefitKind.PRICE, 99, pieces_max=2))
    )
    assert total(basket) == 99 + 99 + 120


def test_a_price_above_the_goods_own_is_no_coupon() -> None:
    basket = with_coupons(basket_of((an_item(80), 1)), a_coupon(Benefit(BenefitKind.PRICE, 99)))
    assert why_not(price(basket, context())) == "coupon_nothing_covered"


def test_goods_by_weight_have_no_price_by_the_piece() -> None:
    rice = an_item(120, unit=Unit.KILOGRAM)
    basket = replace(basket_of(), lines=(BasketLine(1, rice, 1_500),))
    priced = price(with_coupons(basket, a_coupon(Benefit(BenefitKind.PRICE, 9))), context())
    assert why_not(priced) == "coupon_nothing_covered"
    one = Benefit(BenefitKind.PERCENT, 5_000, pieces_max=1)
    assert total(with_coupons(basket, a_coupon(one))) == 90


def test_a_gift_is_free_and_takes_part_in_nothing_else() -> None:
    gift = an_item(60, item_id=UUID(int=9))
    coupon = a_coupon(Benefit(BenefitKind.GIFT, gift_id=gift.id))
    bought = basket_of((an_item(100), 1))
    line = BasketLine(2, gift, ONE, gift_of=coupon.coupon.id.hex)
    basket = replace(
        bought, lines=(*bought.lines, line), discount=Discount(DiscountKind.PERCENT, 1_000, "熟客")
    )
    fifty_from_150 = a_promotion(
        PromotionKind.BASKET_THRESHOLD, "T", thresholds=(Threshold(150, RewardKind.AMOUNT, 50),)
    )
    priced = price(with_coupons(basket, coupon), context(fifty_from_150))
    assert nets(priced) == [90, 0]
    assert priced.lines[1].gross.minor == 60
    assert price(with_coupons(bought, coupon), context()).effects[0].why_not == "coupon_gift_missing"


def test_a_promise_in_words_takes_nothing_off_and_still_has_its_minimum() -> None:
    free_delivery = Benefit(BenefitKind.TEXT, minimum=500)
    priced = price(with_coupons(basket_of((an_item(600), 1)), a_coupon(free_delivery)), context())
    assert (priced.total.minor, priced.effects[0].applies) == (600, True)
    priced = price(with_coupons(basket_of((an_item(400), 1)), a_coupon(free_delivery)), context())
    assert why_not(priced) == "coupon_below_minimum"


def test_tax_is_on_what_is_left() -> None:
    taxed, exempt = an_item(105), an_item(105, item_id=UUID(int=2), tax_class=TaxClass.EXEMPT)
    only_taxed = Benefit(BenefitKind.AMOUNT, 84, Covers(item_ids=frozenset({taxed.id})))
    priced = price(with_coupons(basket_of((taxed, 1), (exempt, 1)), a_coupon(only_taxed)), context())
    assert {tax.tax_class: (tax.gross.minor, tax.tax.minor) for tax in priced.taxes} == {
        TaxClass.TAXABLE: (21, 1),
        TaxClass.EXEMPT: (105, 0),
    }


# --- why it does nothing --------------------------------------------------------------------------------------------------


def test_what_is_missing_to_the_minimum_is_said() -> None:
    from_500 = Benefit(BenefitKind.AMOUNT, 50, minimum=500)
    priced = price(with_coupons(basket_of((an_item(380), 1)), a_coupon(from_500)), context())
    assert why_not(priced) == "coupon_below_minimum"
    assert priced.effects[0].fields == {"missing": Money(120, TWD)}
    assert total(with_coupons(basket_of((an_item(500), 1)), a_coupon(from_500))) == 450


def test_goods_on_promotion_take_no_part_when_the_coupon_says_so() -> None:
    alone = replace(TEN_PERCENT, with_promotions=False)
    item, other = an_item(100), an_item(200, item_id=UUID(int=2))
    offer = a_promotion(PromotionKind.PERCENT, value=1_000, item_ids=frozenset({item.id}))
    priced = price(with_coupons(basket_of((item, 1)), a_coupon(alone)), context(offer))
    assert why_not(priced) == "coupon_not_with_promotions"
    basket = with_coupons(basket_of((item, 1), (other, 1)), a_coupon(alone))
    assert nets(price(basket, context(offer))) == [90, 180]


@pytest.mark.parametrize(
    ("coupon", "expected"),
    [
        (a_coupon(TEN_PERCENT, valid_from=DAY + timedelta(days=1)), "coupon_not_yet"),
        (a_coupon(TEN_PERCENT, valid_to=DAY - timedelta(days=1)), "coupon_expired"),
        (a_coupon(TEN_PERCENT, valid_from=DAY, valid_to=DAY), ""),
        (a_coupon(TEN_PERCENT, holder=MEMBER.id), "coupon_needs_member"),
        (a_coupon(TEN_PERCENT, tiers=frozenset({"gold"})), "coupon_needs_member"),
        (a_coupon(replace(TEN_PERCENT, covers=Covers(frozenset({UUID(int=99)})))), "coupon_nothing_covered"),  # type: ignore[arg-type]
    ],
)
def test_each_reason_has_its_code(coupon: BasketCoupon, expected: str) -> None:
    priced = price(with_coupons(basket_of((an_item(100), 1)), coupon), context())
    assert priced.effects[0].why_not == expected
    assert priced.total.minor == (100 if expected else 90)


def test_a_members_coupon_is_the_members_alone() -> None:
    basket = basket_of((an_item(100), 1), is_member=True)
    assert total(with_coupons(basket, a_coupon(TEN_PERCENT, holder=MEMBER.id))) == 90
    of_other = a_coupon(TEN_PERCENT, holder=MemberId(UUID(int=5)))
    assert why_not(price(with_coupons(basket, of_other), context())) == "coupon_of_other_member"
    for_gold = a_coupon(TEN_PERCENT, tiers=frozenset({"gold"}))
    assert why_not(price(with_coupons(basket, for_gold), context())) == "coupon_not_for_tier"


@pytest.mark.parametrize(
    ("window", "weekday", "minute", "expected"),
    [
        (Window(weekdays=frozenset({5})), 5, 600, ""),
        (Window(weekdays=frozenset({0})), 5, 600, "coupon_not_today"),
        (Window(time_from=600, time_to=660), 5, 600, ""),
        (Window(time_from=600, time_to=660), 5, 660, "coupon_not_at_this_hour"),
        (Window(time_from=1_320, time_to=120), 5, 1_400, ""),
        (Window(time_from=1_320, time_to=120, weekdays=frozenset({5})), 6, 60, ""),
        (Window(time_from=1_320, time_to=120), 5, 600, "coupon_not_at_this_hour"),
    ],
)
def test_days_and_hours(window: Window, weekday: int, minute: int, expected: str) -> None:
    assert window.why_closed(LocalMoment(date(2026, 10, 3), weekday, minute)) == expected


# --- whatever is in the basket --------------------------------------------------------------------------------------------


@st.composite
def laid_down(draw: st.DrawFn, goods: Sequence[Item]) -> tuple[BasketCoupon, ...]:
    kinds = (BenefitKind.PERCENT, BenefitKind.AMOUNT, BenefitKind.PRICE, BenefitKind.TEXT)
    ids = tuple(dict.fromkeys(item.id for item in goods))
    found = draw(st.lists(benefits(ids, kinds, most=200), min_size=1, max_size=3))
    return tuple(a_coupon(benefit, number) for number, benefit in enumerate(found, 1))


Case = tuple[Basket, list[Promotion]]


@st.composite
def counters(draw: st.DrawFn) -> Case:
    pieces, promotions = draw(cases(promotions_max=2))
    basket = basket_of(*pieces, is_member=draw(st.booleans()))
    return replace(basket, coupons=draw(laid_down([item for item, _ in pieces]))), promotions


@settings(max_examples=60)
@given(counters())
def test_lines_total_and_effects_always_agree_and_nothing_costs_less_than_nothing(case: Case) -> None:
    basket, promotions = case
    priced = price(basket, context(*promotions))
    assert sum(nets(priced)) == priced.total.minor == sum(tax.gross.minor for tax in priced.taxes)
    assert all(net >= 0 for net in nets(priced))
    assert sum(effect.off.minor for effect in priced.effects) == of_coupons(priced)
    for effect in priced.effects:
        on_lines = [m for line in priced.lines for m in line.modifiers if m.source == effect.source]
        assert -sum(modifier.amount.minor for modifier in on_lines) == effect.off.minor
        assert effect.applies or not on_lines


@settings(max_examples=40)
@given(counters())
def test_the_order_of_scanning_never_changes_a_price(case: Case) -> None:
    basket, promotions = case
    expected = nets(price(basket, context(*promotions)))
    for order in permutations(basket.coupons):
        assert nets(price(replace(basket, coupons=order), context(*promotions))) == expected


@settings(max_examples=40)
@given(counters())
def test_a_coupon_never_makes_a_basket_dearer_nor_a_member_pay_more_than_others(case: Case) -> None:
    basket, promotions = case
    priced = price(basket, context(*promotions))
    assert priced.total.minor <= price(replace(basket, coupons=()), context(*promotions)).total.minor
    others = price(replace(basket, member=None), context(*promotions))
    assert basket.member is None or priced.total.minor <= others.total.minor


def test_a_saturday_is_a_saturday() -> None:
    assert SATURDAY_MORNING.business_date == DAY
