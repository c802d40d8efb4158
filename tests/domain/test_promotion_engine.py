"""Which promotions a basket gets: always the best that the rules allow, and always the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.basket import Discount, DiscountKind
from app.domain.item import Item, Unit
from app.domain.pricing import PriceContext, price
from app.domain.promotion import MixGroup, Promotion, PromotionKind, RewardKind
from app.domain.promotion_book import PromotionBook
from app.domain.promotion_engine import assign, no_dearer_than_outsiders
from app.domain.promotion_search import solve
from tests.builders import a_card, an_item
from tests.domain.plain_promotions import Search
from tests.domain.promotion_cases import (
    CATEGORIES,
    SATURDAY_MORNING,
    a_promotion,
    basket_of,
    cases,
    context,
    nets,
    total,
)

Pieces = list[tuple[Item, int]]


# --- the best, proven by trying everything -----------------------------------------------------------------------------


@settings(max_examples=300)
@given(cases(), st.booleans())
def test_no_other_way_to_use_the_promotions_is_cheaper(
    case: tuple[Pieces, list[Promotion]], is_member: bool
) -> None:
    pieces, promotions = case
    units = [item for item, count in pieces for _ in range(count)]
    every_total = Search(units, promotions, is_member=is_member).totals()
    assert total(basket_of(*pieces, is_member=is_member), *promotions) == min(every_total)


@given(cases(promotions_max=6, units_max=8), st.booleans())
def test_a_small_basket_is_always_solved_exactly(
    case: tuple[Pieces, list[Promotion]], is_member: bool
) -> None:
    pieces, promotions = case
    basket = basket_of(*pieces, is_member=is_member)
    audience = PromotionBook(promotions).audience(SATURDAY_MORNING, basket.member)
    entries = [(audience.offer(item, 1000), count) for item, count in pieces if item.is_discountable]
    assert assign(audience, entries).is_exact


# --- always the same ---------------------------------------------------------------------------------------------------


@given(cases(units_max=12, promotions_max=6), st.randoms(use_true_random=False))
def test_the_order_of_the_promotions_changes_nothing(
    case: tuple[Pieces, list[Promotion]], random: Random
) -> None:
    pieces, promotions = case
    shuffled = random.sample(promotions, len(promotions))
    basket = basket_of(*pieces)
    assert price(basket, context(*promotions)).lines == price(basket, context(*shuffled)).lines


@given(cases(units_max=12, promotions_max=6), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_no_total(
    case: tuple[Pieces, list[Promotion]], random: Random
) -> None:
    pieces, promotions = case
    shuffled = random.sample(pieces, len(pieces))
    assert total(basket_of(*pieces), *promotions) == total(basket_of(*shuffled), *promotions)


@given(cases(units_max=12, promotions_max=6), st.booleans())
def test_splitting_a_line_into_single_pieces_changes_no_total(
    case: tuple[Pieces, list[Promotion]], is_member: bool
) -> None:
    pieces, promotions = case
    split = [(item, 1) for item, count in pieces for _ in range(count)]
    whole = basket_of(*pieces, is_member=is_member)
    assert total(whole, *promotions) == total(basket_of(*split, is_member=is_member), *promotions)


@given(st.lists(cases(units_max=8), min_size=2, max_size=4))
def test_what_a_book_remembers_changes_no_price(cases: Sequence[tuple[Pieces, list[Promotion]]]) -> None:
    promotions = cases[0][1]
    shared = context(*promotions)
    for pieces, _ in (*cases, *cases):
        basket = basket_of(*pieces)
        assert price(basket, shared).lines == price(basket, context(*promotions)).lines


@given(cases(units_max=10, promotions_max=5, kinds=tuple(PromotionKind)), st.integers(0, 3_000))
def test_a_basket_that_grows_line_by_line_is_priced_like_one_that_was_always_so(
    case: tuple[Pieces, list[Promotion]], percent: int
) -> None:
    pieces, promotions = case
    shared, whole = context(*promotions), basket_of(*pieces)
    for count in range(1, len(whole.lines) + 1):
        for discount in (None, Discount(DiscountKind.PERCENT, percent)):
            for member in (None, a_card()):
                basket = replace(whole, lines=whole.lines[:count], discount=discount, member=member)
                assert price(basket, shared).lines == price(basket, context(*promotions)).lines


def test_a_tie_goes_to_the_lower_priority_and_then_to_the_first_code() -> None:
    item = an_item(100)
    first = a_promotion(PromotionKind.AMOUNT, "B", value=10, priority=50)
    second = a_promotion(PromotionKind.PERCENT, "A", value=1_000)
    third = a_promotion(PromotionKind.FIXED_PRICE, "C", value=90)
    for promotions, winner in [((second, first, third), first), ((third, second), second)]:
        (line,) = price(basket_of((item, 1)), context(*promotions)).lines
        assert [modifier.source for modifier in line.modifiers] == [str(winner.id)]


def test_a_promotion_that_saves_nothing_is_not_shown() -> None:
    promotions = [
        a_promotion(PromotionKind.FIXED_PRICE, "DEAR", value=120),
        a_promotion(PromotionKind.N_FOR_PRICE, "PAIR", n=2, price=200),
    ]
    (line,) = price(basket_of((an_item(100), 2)), context(*promotions)).lines
    assert line.modifiers == ()


# --- what it may never do ----------------------------------------------------------------------------------------------


@given(cases(units_max=12, promotions_max=6), st.booleans())
def test_promotions_never_make_a_basket_dearer_and_never_cost_less_than_nothing(
    case: tuple[Pieces, list[Promotion]], is_member: bool
) -> None:
    pieces, promotions = case
    basket = basket_of(*pieces, is_member=is_member)
    priced = price(basket, context(*promotions))
    assert all(net >= 0 for net in nets(priced))
    assert priced.total.minor <= total(basket)


@given(cases(units_max=10, promotions_max=5))
def test_one_more_promotion_never_makes_a_basket_dearer(case: tuple[Pieces, list[Promotion]]) -> None:
    pieces, promotions = case
    assume(promotions)
    assert total(basket_of(*pieces), *promotions) <= total(basket_of(*pieces), *promotions[:-1])


@given(cases(units_max=12, promotions_max=6, kinds=tuple(PromotionKind)))
def test_a_member_never_pays_more_than_anyone_else(case: tuple[Pieces, list[Promotion]]) -> None:
    pieces, promotions = case
    assert total(basket_of(*pieces, is_member=True), *promotions) <= total(basket_of(*pieces), *promotions)


@given(cases(units_max=10, promotions_max=5), st.integers(1, 200), st.integers(1, 3))
def test_goods_that_no_promotion_covers_change_nothing_for_the_others(
    case: tuple[Pieces, list[Promotion]], amount: int, count: int
) -> None:
    pieces, promotions = case
    stranger = an_item(amount)
    elsewhere = [replace(p, excluded_item_ids=p.excluded_item_ids | {stranger.id}) for p in promotions]
    before = nets(price(basket_of(*pieces), context(*elsewhere)))
    after = nets(price(basket_of(*pieces, (stranger, count)), context(*elsewhere)))
    assert after == [*before, amount * count]


# --- the kinds, one by one ---------------------------------------------------------------------------------------------


def test_percent_is_rounded_on_each_piece_so_that_two_lines_cost_what_one_does() -> None:
    item = an_item(65)
    promotion = a_promotion(PromotionKind.PERCENT, value=1_000)  # 6.5 off each, rounded to 7
    assert total(basket_of((item, 2)), promotion) == total(basket_of((item, 1), (item, 1)), promotion) == 116


@pytest.mark.parametrize(
    ("pieces", "expected"), [(1, 40), (2, 80), (3, 100), (4, 140), (5, 180), (6, 200), (7, 240)]
)
def test_n_for_a_price_counts_full_sets_only(pieces: int, expected: int) -> None:
    assert (
        total(basket_of((an_item(40), pieces)), a_promotion(PromotionKind.N_FOR_PRICE, n=3, price=100))
        == expected
    )


def test_n_for_a_price_takes_the_dearest_and_leaves_out_what_would_not_save() -> None:
    dear, middle, cheap = an_item(60), an_item(50), an_item(10)
    promotion = a_promotion(PromotionKind.N_FOR_PRICE, n=2, price=100)
    assert total(basket_of((cheap, 1), (middle, 1), (dear, 1)), promotion) == 110
    assert total(basket_of((cheap, 3), (middle, 1)), promotion) == 80


def test_buy_two_get_one_gives_the_cheapest_of_each_three() -> None:
    prices = [an_item(amount) for amount in (90, 20, 100, 10, 80, 30)]
    promotion = a_promotion(PromotionKind.BUY_X_GET_Y, x=2, y=1)
    # 100, 90 and 80 go together, then 30, 20 and 10: the customer's best way to group them.
    assert total(basket_of(*[(item, 1) for item in prices]), promotion) == 330 - 80 - 10


@pytest.mark.parametrize(("pieces", "expected"), [(1, 100), (2, 160), (3, 260), (4, 320)])
def test_the_second_piece_at_sixty_percent(pieces: int, expected: int) -> None:
    promotion = a_promotion(PromotionKind.BUY_X_GET_Y, x=1, y=1, y_percent_off=4_000)
    assert total(basket_of((an_item(100), pieces)), promotion) == expected


def test_mix_and_match_takes_its_count_from_each_group() -> None:
    bun, coffee = an_item(35, category=CATEGORIES[0]), an_item(55, category=CATEGORIES[1])
    groups = (
        MixGroup(1, category_ids=frozenset({CATEGORIES[0]})),
        MixGroup(1, category_ids=frozenset({CATEGORIES[1]})),
    )
    breakfast = a_promotion(PromotionKind.MIX_MATCH, groups=groups, value=69)
    assert total(basket_of((bun, 2)), breakfast) == 70
    assert total(basket_of((bun, 2), (coffee, 1)), breakfast) == 69 + 35
    assert total(basket_of((bun, 2), (coffee, 2)), breakfast) == 138


def test_goods_of_two_groups_stand_where_they_help_most() -> None:
    both, first_only = an_item(50, category=CATEGORIES[0]), an_item(50)
    groups = (
        MixGroup(1, item_ids=frozenset({both.id, first_only.id})),
        MixGroup(1, item_ids=frozenset({both.id})),
    )
    for reward, value, expected in [
        (RewardKind.PRICE, 80, 80),
        (RewardKind.PERCENT, 1_000, 90),
        (RewardKind.AMOUNT, 15, 85),
    ]:
        promotion = a_promotion(PromotionKind.MIX_MATCH, groups=groups, reward=reward, value=value)
        assert total(basket_of((both, 1), (first_only, 1)), promotion) == expected


def test_a_limited_offer_ends_at_its_limit() -> None:
    item = an_item(100)
    special = a_promotion(PromotionKind.FIXED_PRICE, value=59, times_max=2)
    trio = a_promotion(PromotionKind.N_FOR_PRICE, n=3, price=200, times_max=1)
    assert total(basket_of((item, 1), (item, 4)), special) == 59 * 2 + 300
    assert total(basket_of((item, 7)), trio) == 600


def test_a_weight_takes_percent_amount_and_price_by_the_kilogram_but_is_never_in_a_bundle() -> None:
    beef = an_item(800, unit=Unit.KILOGRAM)
    basket = basket_of((beef, 1))
    grams = replace(basket, lines=(replace(basket.lines[0], quantity=385),))  # 308
    for kind, fields, expected in [
        (PromotionKind.PERCENT, {"value": 1_000}, 277),
        (PromotionKind.AMOUNT, {"value": 100}, 308 - 39),
        (PromotionKind.FIXED_PRICE, {"value": 600}, 231),
        (PromotionKind.N_FOR_PRICE, {"n": 1, "price": 1}, 308),
        (PromotionKind.BUY_X_GET_Y, {"x": 1, "y": 1}, 308),
    ]:
        assert total(grams, a_promotion(kind, **fields)) == expected
    kilograms = replace(basket, lines=(replace(basket.lines[0], quantity=2_000),))
    assert total(kilograms, a_promotion(PromotionKind.BUY_X_GET_Y, x=1, y=1)) == 1_600


# --- what may meet -----------------------------------------------------------------------------------------------------


def test_two_promotions_meet_only_when_both_may_and_their_groups_differ() -> None:
    item = an_item(100)
    ten = a_promotion(PromotionKind.PERCENT, "TEN", value=1_000, is_combinable=True)
    five = a_promotion(PromotionKind.AMOUNT, "FIVE", value=5, is_combinable=True)
    assert (
        total(basket_of((item, 1)), ten, five) == 85
    )  # FIVE first, by its code: 95, then ten percent of that
    assert total(basket_of((item, 1)), replace(ten, priority=1), five) == 85  # 90, then five
    assert total(basket_of((item, 1)), replace(ten, is_combinable=False), five) == 90
    same = [replace(promotion, stacking_group="season") for promotion in (ten, five)]
    assert total(basket_of((item, 1)), *same) == 90


def test_combinable_promotions_apply_in_the_order_of_their_priority() -> None:
    item = an_item(200)
    percent = a_promotion(PromotionKind.PERCENT, "A", value=2_000, is_combinable=True)
    amount = a_promotion(PromotionKind.AMOUNT, "B", value=50, is_combinable=True)
    assert total(basket_of((item, 1)), percent, amount) == 110  # 160, then 50 off
    assert total(basket_of((item, 1)), replace(percent, priority=200), amount) == 120  # 150, then 20 % off


def test_a_bundle_is_computed_from_what_the_unit_promotions_left() -> None:
    item = an_item(100)
    percent = a_promotion(PromotionKind.PERCENT, "Z", value=1_000, is_combinable=True)
    second_half = a_promotion(
        PromotionKind.BUY_X_GET_Y, "A", x=1, y=1, y_percent_off=5_000, is_combinable=True
    )
    assert total(basket_of((item, 2)), percent, second_half) == 90 + 45


def test_a_bundle_and_a_unit_promotion_of_one_group_do_not_meet() -> None:
    item = an_item(100)
    percent = a_promotion(PromotionKind.PERCENT, "P", value=1_000, is_combinable=True, stacking_group="a")
    free = a_promotion(PromotionKind.BUY_X_GET_Y, "F", x=1, y=1, is_combinable=True, stacking_group="a")
    assert total(basket_of((item, 2)), percent, free) == 100
    assert total(basket_of((item, 2)), percent, replace(free, stacking_group="b")) == 90
    assert total(basket_of((item, 2)), percent, replace(free, stacking_group="b", is_combinable=False)) == 100


def test_a_bundle_leaves_out_the_unit_in_the_middle_that_costs_less_alone() -> None:
    dear, reduced, cheap = an_item(100), an_item(90), an_item(80)
    half = a_promotion(PromotionKind.PERCENT, "HALF", value=5_000, item_ids=frozenset({reduced.id}))
    free = a_promotion(PromotionKind.BUY_X_GET_Y, "FREE", x=1, y=1)
    assert total(basket_of((dear, 1), (reduced, 1), (cheap, 1)), half, free) == 145


def test_a_bundle_takes_the_dearer_second_unit_even_if_that_has_a_small_offer_of_its_own() -> None:
    dear, second, cheap = an_item(100), an_item(90), an_item(20)
    two_percent = a_promotion(PromotionKind.PERCENT, "TWO", value=200, item_ids=frozenset({second.id}))
    free = a_promotion(PromotionKind.BUY_X_GET_Y, "FREE", x=1, y=1)
    assert total(basket_of((dear, 1), (second, 1), (cheap, 1)), two_percent, free) == 120


def test_a_unit_is_in_one_bundle_only() -> None:
    item = an_item(100)
    pair = a_promotion(PromotionKind.N_FOR_PRICE, "PAIR", n=2, price=170, is_combinable=True)
    free = a_promotion(PromotionKind.BUY_X_GET_Y, "FREE", x=2, y=1, is_combinable=True)
    assert total(basket_of((item, 3)), pair, free) == 200
    assert total(basket_of((item, 5)), pair, free) == 370


def test_the_bundles_are_chosen_together_and_not_one_after_another() -> None:
    a, b, c = an_item(100), an_item(90), an_item(80)
    greedy_trap = a_promotion(
        PromotionKind.N_FOR_PRICE, "AB", n=2, price=120, item_ids=frozenset({a.id, b.id}), times_max=1
    )
    with_c = a_promotion(PromotionKind.N_FOR_PRICE, "AC", n=2, price=115, item_ids=frozenset({a.id, c.id}))
    b_alone = a_promotion(PromotionKind.PERCENT, "B", value=5_000, item_ids=frozenset({b.id}))
    assert total(basket_of((a, 1), (b, 1), (c, 1)), greedy_trap, with_c, b_alone) == 115 + 45


# --- members -----------------------------------------------------------------------------------------------------------


def test_a_promotion_and_the_member_price_compete_unless_it_stacks() -> None:
    item = an_item(100, member_price=90)
    five = a_promotion(PromotionKind.PERCENT, value=500)
    fifteen = a_promotion(PromotionKind.PERCENT, value=1_500)
    assert total(basket_of((item, 1), is_member=True), five) == 90
    assert total(basket_of((item, 1), is_member=True), fifteen) == 85
    assert (
        total(basket_of((item, 1), is_member=True), replace(five, stacks_on_member_price=True)) == 85
    )  # 4.5 off
    assert total(basket_of((item, 1)), replace(five, stacks_on_member_price=True)) == 95


def test_units_outside_the_bundle_keep_their_member_price() -> None:
    item = an_item(100, member_price=80)
    trio = a_promotion(PromotionKind.N_FOR_PRICE, n=3, price=200)
    basket = basket_of((item, 4), is_member=True)
    assert total(basket, trio) == 280
    (line,) = price(basket, context(trio)).lines
    assert [modifier.kind.value for modifier in line.modifiers] == ["member_price", "promotion"]
    assert [modifier.amount.minor for modifier in line.modifiers] == [-20, -100]


# --- large baskets -----------------------------------------------------------------------------------------------------


def a_large_case(seed: int) -> tuple[Pieces, list[Promotion]]:
    """Forty goods with member prices, and wide promotions that compete for all of them."""
    random = Random(seed)
    goods = []
    for number in range(40):
        amount = random.randint(20, 200)
        goods.append(an_item(amount, category=CATEGORIES[number % 2], member_price=amount * 95 // 100))
    first, second = ({"category_ids": frozenset({category})} for category in CATEGORIES)
    members = {"members_only": True, **second}
    promotions = [
        a_promotion(PromotionKind.BUY_X_GET_Y, "B11", x=1, y=1, y_percent_off=4_000),
        a_promotion(PromotionKind.BUY_X_GET_Y, "B21", x=2, y=1, **first),
        a_promotion(PromotionKind.N_FOR_PRICE, "N3", n=3, price=250, **second),
        a_promotion(PromotionKind.N_FOR_PRICE, "N2", n=2, price=180, times_max=3, **members),
        a_promotion(PromotionKind.PERCENT, "P", value=1_200, **first),
    ]
    return [(item, random.randint(1, 3)) for item in goods], promotions


@pytest.mark.parametrize("seed", range(6))
def test_a_basket_too_large_to_try_everything_keeps_every_promise(seed: int) -> None:
    pieces, promotions = a_large_case(seed)
    random = Random(seed)
    together = total(basket_of(*pieces), *promotions)
    assert together <= min(total(basket_of(*pieces), promotion) for promotion in promotions)
    assert together == total(basket_of(*pieces), *reversed(promotions))
    assert together == total(basket_of(*random.sample(pieces, len(pieces))), *promotions)
    single = [(item, 1) for item, count in pieces for _ in range(count)]
    assert together == total(basket_of(*random.sample(single, len(single))), *promotions)
    assert total(basket_of(*pieces, is_member=True), *promotions) <= together


def test_where_a_members_solution_is_not_the_best_it_is_still_no_dearer_than_that_of_others() -> None:
    pieces, promotions = a_large_case(7)
    audience = PromotionBook(promotions).audience(SATURDAY_MORNING, a_card())
    entries = [(audience.offer(item, 1000), count) for item, count in pieces]
    part = max((tied.part() for tied in assign(audience, entries).tied), key=lambda part: len(part.offers))
    outsiders = [
        (audience.outsiders.offer(o.item, 1000), n) for o, n in zip(part.offers, part.counts, strict=True)
    ]
    nothing_used = part.solution([], is_exact=False)
    kept = no_dearer_than_outsiders(audience, part, nothing_used)
    assert kept.cost == assign(audience.outsiders, outsiders).cost < nothing_used.cost
    assert [sum(placed.units for placed in of) for of in kept.placed] == list(part.counts)
    assert no_dearer_than_outsiders(audience, part, solve(part)).cost <= kept.cost


def test_thousands_of_pieces_are_priced_like_a_few() -> None:
    item, other = an_item(40), an_item(30)
    promotions = [
        a_promotion(PromotionKind.N_FOR_PRICE, "N", n=3, price=100),
        a_promotion(PromotionKind.BUY_X_GET_Y, "B", x=5, y=1, item_ids=frozenset({other.id})),
    ]
    assert total(basket_of((item, 9_999)), *promotions) == 3_333 * 100
    assert total(basket_of((item, 9_000), (other, 600)), *promotions) <= 3_000 * 100 + 500 * 30


def test_the_same_basket_under_a_prepared_book_is_the_same_object_for_each_line_that_did_not_change() -> None:
    first, second = an_item(50), an_item(60)
    shared = PriceContext(PromotionBook([a_promotion(PromotionKind.PERCENT, value=500)]), SATURDAY_MORNING)
    basket = basket_of((first, 1))
    before = price(basket, shared).lines[0]
    more = replace(basket, lines=(*basket.lines, *basket_of((first, 1), (second, 1)).lines[1:]))
    assert price(more, shared).lines[0] is before
