"""From a basket to lines, total and tax: the order of the steps, what takes part in them, and the words that explain them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.basket import Basket, BasketLine, Discount, DiscountKind, ReturnTerms
from app.domain.ids import TransactionId
from app.domain.item import Item, TaxClass, Unit
from app.domain.money import HKD, TWD, Money
from app.domain.price_level import MEMBER_LEVEL, PriceLevel
from app.domain.pricing import PriceContext, Priced, StepKind, explain, price, takes_discount
from app.domain.promotion import MixGroup, Promotion, PromotionKind, RewardKind, Threshold
from app.domain.promotion_book import PromotionBook
from app.domain.transaction import ModifierKind, PriceSource, ReturnOf
from app.i18n import LANGUAGES, t
from app.texts.pricing import TEXTS
from tests.builders import a_card, an_item, uuid
from tests.domain.loyalty.counter import AMOUNT_OFF, a_coupon
from tests.domain.promotion_cases import (
    SATURDAY_MORNING,
    a_promotion,
    basket_of,
    cases,
    context,
    nets,
    total,
)

ALL_KINDS = tuple(PromotionKind)
TEN_PERCENT = Discount(DiscountKind.PERCENT, 1_000, "熟客")


def with_discount(basket: Basket, number: int, discount: Discount | None) -> Basket:
    return basket.with_line(replace(basket.line(number), discount=discount))


def ten_off_everything(code: str = "TEN") -> Promotion:
    return a_promotion(PromotionKind.PERCENT, code, value=1_000)


def off_from(limit: int, off: int) -> Promotion:
    return a_promotion(
        PromotionKind.BASKET_THRESHOLD, "T", thresholds=(Threshold(limit, RewardKind.AMOUNT, off),)
    )


def a_return(item: Item, refund: int, number: int = 9, quantity: int = 1_000) -> BasketLine:
    of = ReturnOf(TransactionId(uuid(77)), 1, "01-1-A000077")
    return BasketLine(
        number, item, quantity, return_terms=ReturnTerms(Money(refund, item.price.currency), of)
    )


def plus(basket: Basket, line: BasketLine) -> Basket:
    return replace(basket, lines=(*basket.lines, replace(line, number=len(basket.lines) + 1)))


# --- the order of the steps --------------------------------------------------------------------------------------------


def test_the_steps_come_in_their_fixed_order_and_the_last_leaves_what_is_paid() -> None:
    item = an_item(1_000, member_price=900)
    member_ten = replace(ten_off_everything(), stacks_on_member_price=True)
    basket = with_discount(
        basket_of((item, 1), is_member=True), 1, Discount(DiscountKind.AMOUNT, 10, "外盒壓到")
    )
    basket = replace(basket, discount=Discount(DiscountKind.PERCENT, 500, "開幕"))
    priced = price(basket, context(member_ten, off_from(800, 50)))
    assert [(step.kind, step.amount.minor, step.left.minor) for step in priced.steps[1]] == [
        (StepKind.MEMBER, 900, 900),
        (StepKind.PROMOTION, -90, 810),
        (StepKind.LINE_DISCOUNT, -10, 800),
        (StepKind.BASKET_PROMOTION, -50, 750),
        (StepKind.BASKET_DISCOUNT, -38, 712),
    ]
    (line,) = priced.lines
    assert (line.list_price.minor, line.unit_price.minor, line.gross.minor, line.net.minor) == (
        1_000,
        900,
        900,
        712,
    )
    assert [(m.kind, m.label, m.reason) for m in line.modifiers] == [
        (ModifierKind.PROMOTION, "優惠 TEN", ""),
        (ModifierKind.LINE_DISCOUNT, "", "外盒壓到"),
        (ModifierKind.PROMOTION, "優惠 T", ""),
        (ModifierKind.BASKET_DISCOUNT, "", "開幕"),
    ]
    assert line.modifiers[0].source == str(member_ten.id)
    assert priced.savings.minor == 288


def test_the_member_price_applies_with_a_member_and_only_when_it_is_lower() -> None:
    cheaper, dearer = an_item(100, member_price=90), an_item(100, member_price=110)
    basket = basket_of((cheaper, 1), (dearer, 1))
    assert nets(price(basket, context())) == [100, 100]
    priced = price(replace(basket, member=a_card()), context())
    assert nets(priced) == [90, 100]
    assert [line.price_source for line in priced.lines] == [PriceSource.MEMBER, PriceSource.REGULAR]
    assert priced.savings.minor == 10


# --- what takes part ---------------------------------------------------------------------------------------------------


def test_a_price_that_a_person_or_a_label_set_takes_no_promotion() -> None:
    plain = an_item(100)
    basket = basket_of((plain, 2), (an_item(0, is_open_price=True), 3), (an_item(80), 2))
    basket = with_discount(basket, 1, Discount(DiscountKind.PRICE, 70, "展示品"))
    basket = basket.with_line(replace(basket.line(2), open_price=Money(25, TWD)))
    basket = basket.with_line(replace(basket.line(3), label_amount=Money(60, TWD)))
    priced = price(basket, context(ten_off_everything(), off_from(10, 5)))
    assert nets(priced) == [140, 75, 120]
    assert [line.price_source for line in priced.lines] == [
        PriceSource.OVERRIDE,
        PriceSource.OPEN,
        PriceSource.LABEL,
    ]
    assert [line.list_price.minor for line in priced.lines] == [100, 25, 60]
    assert priced.savings.minor == 60


def test_a_label_on_a_weight_is_the_price_of_all_of_it() -> None:
    beef = an_item(800, unit=Unit.KILOGRAM)
    basket = basket_of((beef, 1))
    line = replace(basket.line(1), quantity=385, label_amount=Money(305, TWD))
    (sold,) = price(replace(basket, lines=(line,)), context(ten_off_everything())).lines
    assert (sold.net.minor, sold.unit_price.minor, sold.quantity) == (305, 800, 385)


def test_a_person_may_discount_what_no_promotion_may_touch() -> None:
    basket = basket_of((an_item(0, is_open_price=True), 1))
    basket = basket.with_line(replace(basket.line(1), open_price=Money(200, TWD), discount=TEN_PERCENT))
    assert nets(price(replace(basket, discount=TEN_PERCENT), context(ten_off_everything()))) == [162]


def test_an_item_that_is_not_discountable_takes_no_discount_from_anyone() -> None:
    tobacco = an_item(100, is_discountable=False)
    other = an_item(100)
    basket = with_discount(basket_of((tobacco, 1), (other, 1)), 1, TEN_PERCENT)
    basket = replace(basket, discount=Discount(DiscountKind.AMOUNT, 30))
    assert nets(price(basket, context(ten_off_everything(), off_from(91, 9)))) == [100, 60]
    for discount in (Discount(DiscountKind.PRICE, 1), Discount(DiscountKind.AMOUNT, 50)):
        assert nets(price(with_discount(basket, 1, discount), context()))[0] == 100
    assert not takes_discount(basket.line(1))
    assert takes_discount(basket.line(2))


def test_goods_that_come_back_are_worth_what_was_paid_and_take_part_in_nothing() -> None:
    item = an_item(100, member_price=50)
    basket = plus(basket_of((item, 1), is_member=True), a_return(item, 83, quantity=2_000))
    basket = replace(basket, discount=Discount(DiscountKind.PERCENT, 1_000))
    promotions = (
        ten_off_everything(),
        off_from(51, 20),
        a_promotion(PromotionKind.BUY_X_GET_Y, "B", x=1, y=1),
    )
    priced = price(basket, context(*promotions))
    assert nets(priced) == [45, -83]
    back = priced.lines[1]
    assert back.is_return
    assert (back.quantity, back.gross.minor, back.modifiers) == (-2_000, -83, ())
    assert (back.price_source, back.return_of) == (
        PriceSource.RETURNED,
        ReturnOf(TransactionId(uuid(77)), 1, "01-1-A000077"),
    )
    assert priced.total.minor == -38
    assert [(tax.gross.minor, tax.tax.minor) for tax in priced.taxes] == [(-38, -2)]


def test_returned_goods_never_lower_what_counts_for_a_threshold() -> None:
    item = an_item(600)
    basket = plus(basket_of((item, 1)), a_return(an_item(500), 500))
    assert nets(price(basket, context(off_from(600, 30)))) == [570, -500]


def test_voided_lines_are_not_priced() -> None:
    basket = basket_of((an_item(100), 1), (an_item(50), 2)).void_line(1)
    priced = price(basket, context(off_from(101, 50)))
    assert [line.number for line in priced.lines] == [2]
    assert priced.total.minor == 100
    assert list(priced.steps) == [2]


def test_an_empty_basket_costs_nothing() -> None:
    priced = price(basket_of(), context(ten_off_everything(), off_from(1, 1)))
    assert (priced.lines, priced.total.minor, priced.taxes) == ((), 0, ())


# --- discounts that a person gives -------------------------------------------------------------------------------------


def test_a_line_discount_comes_after_promotions_and_never_takes_more_than_is_left() -> None:
    basket = with_discount(basket_of((an_item(100), 1)), 1, TEN_PERCENT)
    assert nets(price(basket, context(ten_off_everything()))) == [81]
    assert nets(price(with_discount(basket, 1, Discount(DiscountKind.AMOUNT, 500)), context())) == [0]


def test_a_basket_discount_is_shared_by_what_the_lines_cost() -> None:
    basket = basket_of((an_item(100), 1), (an_item(50), 1), (an_item(25), 1))
    assert nets(price(replace(basket, discount=Discount(DiscountKind.AMOUNT, 10)), context())) == [94, 47, 24]
    assert nets(price(replace(basket, discount=Discount(DiscountKind.AMOUNT, 999)), context())) == [0, 0, 0]


def test_a_price_for_the_whole_basket_is_what_the_goods_cost_together() -> None:
    basket = replace(
        basket_of((an_item(620), 1), (an_item(410), 1)), discount=Discount(DiscountKind.PRICE, 1_000)
    )
    assert price(basket, context()).total.minor == 1_000
    dearer = replace(basket, discount=Discount(DiscountKind.PRICE, 2_000))
    assert price(dearer, context()).total.minor == 1_030


def test_a_higher_price_by_hand_is_no_saving() -> None:
    basket = with_discount(basket_of((an_item(100), 1)), 1, Discount(DiscountKind.PRICE, 130, "含禮盒"))
    priced = price(basket, context())
    assert (priced.total.minor, priced.savings.minor) == (130, 0)


# --- sums that always agree --------------------------------------------------------------------------------------------


@st.composite
def baskets(draw: st.DrawFn) -> tuple[Basket, list[Promotion]]:
    """Any basket: promotions of every kind, discounts by hand, keyed prices, returns and classes of tax."""
    pieces, promotions = draw(cases(kinds=ALL_KINDS, promotions_max=5, units_max=8))
    basket = basket_of(*pieces, is_member=draw(st.booleans()))
    percent = st.builds(Discount, st.just(DiscountKind.PERCENT), st.integers(0, 10_000))
    amount = st.builds(Discount, st.just(DiscountKind.AMOUNT), st.integers(0, 200))
    new_price = st.builds(Discount, st.just(DiscountKind.PRICE), st.integers(0, 200))
    for line in basket.lines:
        item = replace(line.item, tax_class=draw(st.sampled_from(TaxClass)))
        match draw(st.integers(0, 7)):
            case 0:
                line = replace(line, discount=draw(st.one_of(percent, amount, new_price)))
            case 1:
                line = replace(line, open_price=Money(draw(st.integers(0, 300)), TWD))
            case 2:
                line = a_return(item, draw(st.integers(0, 300)), line.number, line.quantity)
        basket = basket.with_line(replace(line, item=item))
    return replace(basket, discount=draw(st.none() | percent | amount | new_price)), promotions


@settings(max_examples=250)
@given(baskets())
def test_row_22_lines_total_and_tax_always_agree_to_the_last_dollar(
    case: tuple[Basket, list[Promotion]],
) -> None:
    basket, promotions = case
    priced = price(basket, context(*promotions))
    assert sum(nets(priced)) == priced.total.minor
    assert sum(tax.gross.minor for tax in priced.taxes) == priced.total.minor
    assert priced.gross.minor + sum(line.discount.minor for line in priced.lines) == priced.total.minor
    for line, entered in zip(priced.lines, basket.live_lines, strict=True):
        assert line.number == entered.number
        assert line.net.minor >= 0 or line.is_return
        assert all(modifier.amount.minor < 0 for modifier in line.modifiers)
        steps = priced.steps[line.number]
        assert steps[0].left == line.gross
        assert steps[-1].left == line.net


@settings(max_examples=250)
@given(baskets())
def test_a_member_never_pays_more_whatever_else_happens_to_the_basket(
    case: tuple[Basket, list[Promotion]],
) -> None:
    basket, promotions = case
    alone, as_member = replace(basket, member=None), replace(basket, member=a_card())
    assert total(as_member, *promotions) <= total(alone, *promotions)


def test_a_member_offer_never_takes_goods_away_from_a_better_one_because_of_a_discount_by_hand() -> None:
    a, b, c = an_item(100), an_item(100), an_item(100)
    for_all = a_promotion(
        PromotionKind.N_FOR_PRICE, "BC", n=2, price=160, item_ids=frozenset({b.id, c.id}), times_max=1
    )
    for_members = a_promotion(
        PromotionKind.N_FOR_PRICE, "AB", n=2, price=150, item_ids=frozenset({a.id, b.id}), members_only=True
    )
    basket = with_discount(
        basket_of((a, 1), (b, 1), (c, 1)), 1, Discount(DiscountKind.PERCENT, 9_000, "瑕疵")
    )
    assert total(basket, for_all, for_members) == 170
    # Its own offer saves more on the goods, but most of that falls on the line that costs next to nothing anyway.
    assert total(replace(basket, member=a_card()), for_all, for_members) == 170


@given(baskets(), st.integers(0, 300), st.integers(1, 3))
def test_one_more_thing_that_nothing_covers_raises_the_total_by_its_price(
    case: tuple[Basket, list[Promotion]], amount: int, count: int
) -> None:
    basket, promotions = case
    basket = replace(basket, discount=None)
    stranger = an_item(amount)
    promotions = [replace(p, excluded_item_ids=p.excluded_item_ids | {stranger.id}) for p in promotions]
    more = plus(basket, BasketLine(0, stranger, count * 1_000))
    assert total(more, *promotions) == total(basket, *promotions) + amount * count


def test_row_21_each_line_stores_its_share_of_every_discount() -> None:
    items = [an_item(amount) for amount in (333, 333, 334)]
    basket = replace(basket_of(*[(item, 1) for item in items]), discount=Discount(DiscountKind.AMOUNT, 100))
    priced = price(basket, context(a_promotion(PromotionKind.BUY_X_GET_Y, x=2, y=1)))
    assert nets(priced) == [189, 189, 189]
    shares = [[modifier.amount.minor for modifier in line.modifiers] for line in priced.lines]
    assert [sum(share) for share in zip(*shares, strict=True)] == [-333, -100]


def test_a_shop_in_hong_kong_prices_in_cents() -> None:
    item = an_item(1_050, currency=HKD)
    basket = basket_of((item, 3))
    promotion = a_promotion(PromotionKind.N_FOR_PRICE, n=3, price=2_999)
    priced = price(basket, PriceContext(PromotionBook([promotion]), SATURDAY_MORNING, currency=HKD))
    assert priced.total == Money(2_999, HKD)


def test_the_shops_own_tax_rate_is_used() -> None:
    rates = {TaxClass.TAXABLE: 1_300, TaxClass.ZERO_RATED: 0, TaxClass.EXEMPT: 0}
    priced = price(basket_of((an_item(113), 1)), PriceContext(PromotionBook([]), SATURDAY_MORNING, rates))
    assert [(tax.rate, tax.tax.minor) for tax in priced.taxes] == [(1_300, 13)]


# --- why it costs what it costs ----------------------------------------------------------------------------------------


def said(priced: Priced, number: int, language: str = "zh_TW") -> list[str]:
    line = next(line for line in priced.lines if line.number == number)
    return [t(key, language, **fields) for key, fields in explain(line, priced.steps[number])]


def test_a_line_tells_in_words_why_it_costs_what_it_costs() -> None:
    item = an_item(100, member_price=95)
    trio = a_promotion(PromotionKind.N_FOR_PRICE, "TRIO", n=3, price=250)
    basket = with_discount(basket_of((item, 4), is_member=True), 1, TEN_PERCENT)
    priced = price(basket, context(trio, off_from(300, 20)))
    assert said(priced, 1) == [
        "原價 NT$100 × 4，共 NT$400。",
        "其中一部分以會員價計算，省 NT$5，剩 NT$395。",
        "「優惠 TRIO」任選 3 件 NT$250，本項省 NT$50，剩 NT$345。",
        "單品打 9 折，原因：熟客，省 NT$35，剩 NT$310。",
        "「優惠 T」滿 NT$300 折 NT$20，本項分攤 NT$20，剩 NT$290。",
    ]
    assert (
        said(priced, 1, "en")[-1]
        == "“優惠 T”: NT$20 off from NT$300 on; this line's share NT$20, NT$290 left."
    )


@pytest.mark.parametrize(
    ("value", "fold", "percent"),
    [
        (1_000, "9", "10%"),
        (1_500, "85", "15%"),
        (500, "95", "5%"),
        (1_250, "87.5", "12.5%"),
        (9_500, "0.5", "95%"),
    ],
)
def test_percent_off_is_said_as_chinese_shops_say_it(value: int, fold: str, percent: str) -> None:
    promotion = a_promotion(PromotionKind.PERCENT, value=value)
    priced = price(basket_of((an_item(1_000), 1)), context(promotion))
    assert f"每件 {fold} 折" in said(priced, 1)[1]
    assert f": {percent} off each" in said(priced, 1, "en")[1]


@settings(max_examples=200)
@given(baskets())
def test_every_step_has_a_sentence_in_every_language(case: tuple[Basket, list[Promotion]]) -> None:
    basket, promotions = case
    priced = price(basket, context(*promotions))
    for line in priced.lines:
        for language in LANGUAGES:
            for sentence in said(priced, line.number, language):
                assert "{" not in sentence


def test_every_sentence_can_come_about() -> None:
    seen = {key for key, _ in _every_sentence()}
    assert seen == set(TEXTS)


def _every_sentence() -> list[tuple[str, object]]:
    item = an_item(100, member_price=95)
    groups = (MixGroup(2, item_ids=frozenset({item.id})),)
    percent, amount = RewardKind.PERCENT, RewardKind.AMOUNT
    promotions: list[Promotion | None] = [
        None,
        a_promotion(PromotionKind.PERCENT, value=1_000),
        a_promotion(PromotionKind.PERCENT, value=10_000),
        a_promotion(PromotionKind.AMOUNT, value=10),
        a_promotion(PromotionKind.FIXED_PRICE, value=50),
        a_promotion(PromotionKind.N_FOR_PRICE, n=2, price=100),
        a_promotion(PromotionKind.BUY_X_GET_Y, x=1, y=1),
        a_promotion(PromotionKind.BUY_X_GET_Y, x=1, y=1, y_percent_off=5_000),
        a_promotion(PromotionKind.MIX_MATCH, groups=groups, value=100),
        a_promotion(PromotionKind.MIX_MATCH, groups=groups, reward=percent, value=2_000),
        a_promotion(PromotionKind.MIX_MATCH, groups=groups, reward=amount, value=20),
        a_promotion(PromotionKind.BASKET_THRESHOLD, thresholds=(Threshold(1, percent, 1_000),)),
        off_from(1, 5),
    ]
    discounts = [
        None,
        *(Discount(kind, 700, reason) for kind in DiscountKind for reason in ("", "熟客")),
        Discount(DiscountKind.PERCENT, 10_000, "招待"),
    ]
    entered = basket_of((item, 2))
    line = entered.line(1)
    lines = [
        *(replace(line, discount=discount) for discount in discounts),
        replace(line, open_price=Money(9, TWD)),
        replace(line, label_amount=Money(9, TWD)),
        a_return(item, 9, 1),
    ]
    found: list[tuple[str, object]] = []
    for member in (None, a_card()):
        for promotion in promotions:
            for each in lines:
                for discount in discounts:
                    basket = replace(entered, lines=(each,), member=member, discount=discount)
                    priced = price(basket, context(*([promotion] if promotion else [])))
                    found += explain(priced.lines[0], priced.steps[1])
    partly = price(
        basket_of((item, 3), is_member=True), context(a_promotion(PromotionKind.N_FOR_PRICE, n=2, price=150))
    )
    found += explain(partly.lines[0], partly.steps[1])
    left_out = price(
        basket_of((item, 10)), context(a_promotion(PromotionKind.AMOUNT, value=1), off_from(1_000, 100))
    )
    found += explain(left_out.lines[0], left_out.steps[1])
    gold = {"": MEMBER_LEVEL, a_card().member.tier: PriceLevel(percent_off=1_000, name="金卡")}
    for promotion in (None, a_promotion(PromotionKind.N_FOR_PRICE, n=2, price=150)):
        offers = context(*([promotion] if promotion else []))
        by_tier = price(basket_of((item, 3), is_member=True), replace(offers, levels=gold))
        found += explain(by_tier.lines[0], by_tier.steps[1])
    with_coupon = price(replace(entered, coupons=(a_coupon(AMOUNT_OFF),)), context())
    return found + list(explain(with_coupon.lines[0], with_coupon.steps[1]))
