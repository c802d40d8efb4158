"""Goods bought together: surely, not by raw lift; and what to offer with the goods on the counter."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.columns import Lines
from app.insight.companions import Companions, offers, train
from app.insight.counts import BASKET_ITEMS_MAX, together
from app.insight.pairs import Pairs, log_likelihood_ratio, pairs
from app.insight.values import TooLittle
from tests.insight.tables import YEAR, lines_of, seeds

BREAD, BUTTER, MILK, TOOTHBRUSH, RARE, RARER = range(6)


def lines_from(baskets: list[list[int]]) -> Lines:
    return lines_of((0, number, item, number % 365) for number, goods in enumerate(baskets) for item in goods)


def breakfast_shop() -> list[list[int]]:
    """400 baskets: butter goes with bread, milk with everything, and two rare goods were sold once, together."""
    baskets = [[BREAD, BUTTER, MILK]] * 60 + [[BREAD]] * 40 + [[BUTTER]] * 10 + [[MILK, TOOTHBRUSH]] * 50
    return baskets + [[MILK]] * 120 + [[TOOTHBRUSH]] * 119 + [[RARE, RARER]]


def test_a_table_of_a_pair_by_hand() -> None:
    found = pairs(lines_from(breakfast_shop()), YEAR)
    assert isinstance(found, Pairs)
    assert (found.n, found.together_min) == (400, 5)
    assert (found.item[0], found.other[0]) == (BUTTER, BREAD), "the rarer of the two says more of the other"
    assert found.together[0] == 60
    assert found.confidence[0] == 60 / 70
    assert found.support[0] == 60 / 400
    assert found.lift[0] == pytest.approx(60 * 400 / (100 * 70))
    k = [60, 40, 10, 290]
    expected = [100 * 70 / 400, 100 * 330 / 400, 300 * 70 / 400, 300 * 330 / 400]
    assert found.g2[0] == pytest.approx(2 * sum(a * log(a / b) for a, b in zip(k, expected, strict=True)))


def test_two_goods_sold_once_together_have_the_highest_lift_and_are_no_finding() -> None:
    both = together(lines_from(breakfast_shop()))
    lift = both.together * both.baskets / (both.baskets_of[both.first] * both.baskets_of[both.second])
    assert (both.first[lift.argmax()], both.second[lift.argmax()]) == (RARE, RARER)
    found = pairs(lines_from(breakfast_shop()), YEAR)
    assert isinstance(found, Pairs)
    assert RARE not in found.item.tolist() + found.other.tolist()


def test_the_surest_pair_is_first_not_that_with_the_highest_lift() -> None:
    # Six of six: a lift of 66. Bread and butter: a lift of 3.4, and ten times the baskets.
    found = pairs(lines_from([*breakfast_shop()[:394], *[[RARE, RARER]] * 6]), YEAR)
    assert isinstance(found, Pairs)
    assert (found.item[0], found.other[0]) == (BUTTER, BREAD)
    assert RARE in found.item.tolist()
    assert found.lift.argmax() != 0
    assert (np.diff(found.g2) <= 0).all()


def test_what_goes_together_less_often_than_by_accident_is_no_pair() -> None:
    found = pairs(lines_from(breakfast_shop()), YEAR)
    assert isinstance(found, Pairs)
    assert (found.lift > 1).all()
    assert {MILK, TOOTHBRUSH} not in [
        {a, b} for a, b in zip(found.item.tolist(), found.other.tolist(), strict=True)
    ]


@settings(max_examples=15)
@given(seeds(), st.integers(1, 4))
def test_every_pair_is_counted_as_by_looking_into_every_basket(seed: int, least: int) -> None:
    random = np.random.default_rng(seed)
    baskets = [random.choice(12, random.integers(1, 8)).tolist() for _ in range(120)]
    plain = Counter(pair for goods in baskets for pair in combinations(sorted(set(goods)), 2))
    found = together(lines_from(baskets), together_min=least)
    counted = {
        (a, b): n
        for a, b, n in zip(found.first.tolist(), found.second.tolist(), found.together.tolist(), strict=True)
    }
    assert counted == {pair: n for pair, n in plain.items() if n >= least}
    assert found.baskets == 120


@settings(max_examples=15)
@given(seeds())
def test_lift_is_the_same_both_ways_and_whatever_the_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    baskets = [random.choice(9, random.integers(1, 6)).tolist() for _ in range(300)]
    lines = lines_from(baskets)
    mirrored = Lines(lines.member, lines.basket, 8 - lines.item, lines.day)
    order = random.permutation(len(lines))
    shuffled = Lines(lines.member[order], lines.basket[order], lines.item[order], lines.day[order])
    found, back, again = (pairs(one, YEAR, together_min=1) for one in (lines, mirrored, shuffled))
    assert isinstance(found, Pairs)
    assert isinstance(back, Pairs)
    assert isinstance(again, Pairs)
    assert sorted(found.lift.tolist()) == pytest.approx(sorted(back.lift.tolist()))
    assert sorted(found.g2.tolist()) == pytest.approx(sorted(back.g2.tolist()))
    assert found.item.tolist() == again.item.tolist()
    assert ((found.lift_low <= found.lift) & (found.lift <= found.lift_high)).all()


def test_goods_that_have_nothing_to_do_with_each_other_have_no_likelihood_ratio() -> None:
    assert log_likelihood_ratio(np.array([25.0]), np.array([50]), np.array([50]), 100) == pytest.approx([0])


def test_a_stock_take_is_no_basket() -> None:
    baskets = [[BREAD, BUTTER]] * 10 + [list(range(BASKET_ITEMS_MAX + 1))]
    found = together(lines_from(baskets))
    assert found.baskets == 10
    assert found.together.tolist() == [10]


def test_few_baskets_are_too_little() -> None:
    few = lines_from([[BREAD, BUTTER]] * 199)
    assert pairs(few, YEAR) == TooLittle("baskets", 199, 200)
    assert train(few) == TooLittle("baskets", 199, 500)


def test_the_offer_at_the_till_fits_the_basket_and_says_why() -> None:
    model = train(lines_from(breakfast_shop() * 5), ridge=50.0)
    assert isinstance(model, Companions)
    offer = offers(model, np.array([BUTTER]))[0]
    assert (offer.item, offer.because, offer.together, offer.of) == (BREAD, BUTTER, 300, 350)
    told = [one.item for one in offers(model, np.array([BUTTER, BREAD]))]
    assert BUTTER not in told
    assert BREAD not in told


def test_nothing_is_offered_for_nothing_and_for_goods_nobody_knows() -> None:
    model = train(lines_from(breakfast_shop() * 5), items_max=4)
    assert isinstance(model, Companions)
    assert offers(model, np.array([], dtype=np.int64)) == ()
    assert offers(model, np.array([999, -1])) == ()
    assert offers(model, np.array([RARE])) == (), "too seldom sold to be among the four"


def test_weights_are_those_of_the_ridge_regression_of_each_good_on_the_others() -> None:
    random = np.random.default_rng(4)
    baskets = [np.flatnonzero(random.random(6) < 0.4).tolist() or [0] for _ in range(600)]
    model = train(lines_from(baskets), ridge=30.0)
    assert isinstance(model, Companions)
    table = np.zeros((600, 6))
    for row, goods in enumerate(baskets):
        table[row, goods] = 1
    for target in range(6):
        others = [item for item in range(6) if item != target]
        gram = table[:, others].T @ table[:, others] + 30.0 * np.eye(5)
        plain = np.linalg.solve(gram, table[:, others].T @ table[:, target])
        assert model.weights[others, target] == pytest.approx(plain, abs=1e-5)
