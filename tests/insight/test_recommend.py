"""What a member buys next, something new for them, and the usual for the till."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from app.insight import cross_sell, recommend
from app.insight.columns import Lines
from app.insight.recommend import Likely, NextPurchase
from app.insight.usual import Usual, usual
from app.insight.values import TooLittle
from tests.insight.tables import FIRST, YEAR, lines_of, seeds

LAST = FIRST + 364


def many_lines(seed: int, members: int = 40, baskets: int = 200, items: int = 15) -> Lines:
    random = np.random.default_rng(seed)
    rows = []
    for basket in range(baskets):
        member, day = int(random.integers(-1, members)), int(random.integers(0, 365))
        rows += [
            (member, basket, int(item), day) for item in random.integers(0, items, random.integers(1, 6))
        ]
    return lines_of(rows)


def known(model: NextPurchase | TooLittle) -> NextPurchase:
    assert isinstance(model, NextPurchase)
    return model


def test_often_and_lately_beats_once_and_long_ago() -> None:
    rows = [(0, basket, 1, basket * 10) for basket in range(30)]  # every ten days until day 290
    rows += [(0, 40, 2, 364), (0, 41, 3, 5), (1, 50, 4, 300)]
    model = known(recommend.train(lines_of(rows), LAST))
    told = recommend.next_items(model, 0, limit=3)
    assert [one.item for one in told] == [1, 2, 3]
    assert told[0] == Likely(1, True, 30, 74, 10.0)
    assert told[1] == Likely(2, True, 1, 0, None), "one purchase has no rhythm"


def test_scores_by_hand() -> None:
    rows = [(0, 0, 1, 364), (0, 1, 1, 184), (1, 2, 1, 4)] + [(2, 10 + n, 0, n) for n in range(30)]
    model = known(recommend.train(lines_of(rows), LAST))
    row = model.of_member.rows(0).start
    # 1 for today, a half for 180 days ago, and 0.01 for the good that most members have.
    assert model.score[row] == pytest.approx(1.5 + 0.01, abs=1e-3)
    assert model.bought[row] == 2


def test_two_lines_of_a_basket_are_one_purchase_and_two_baskets_of_a_day_one_day() -> None:
    rows = [(0, 0, 1, 364), (0, 0, 1, 364), (0, 1, 1, 364)] + [(2, 10 + n, 0, n) for n in range(30)]
    model = known(recommend.train(lines_of(rows), LAST))
    row = model.of_member.rows(0).start
    assert int(model.score[row]) == 2
    assert model.bought[row] == 1


def test_best_sellers_fill_the_list_and_serve_who_is_not_known() -> None:
    rows = [(n, n, 7, n) for n in range(25)] + [(n, 30 + n, 5, n) for n in range(10)] + [(0, 60, 1, 3)]
    model = known(recommend.train(lines_of(rows), LAST))
    assert [one.item for one in recommend.next_items(model, 0, limit=3)] == [7, 5, 1]
    assert len(recommend.next_items(model, 0, limit=5)) == 3, "a shop of three goods has no fourth"
    stranger = recommend.next_items(model, 999, limit=2)
    assert [(one.item, one.is_own) for one in stranger] == [(7, False), (5, False)]
    assert recommend.next_items(model, -1, limit=2) == stranger


@settings(max_examples=10)
@given(seeds())
def test_the_days_asked_about_never_teach(seed: int) -> None:
    lines = many_lines(seed)
    day = FIRST + 200
    if len(np.unique(lines.basket[lines.day <= day])) < 30:
        return
    all_days, past = (
        known(recommend.train(lines, day)),
        known(recommend.train(lines.where(lines.day <= day), day)),
    )
    for member in range(40):
        assert recommend.next_items(all_days, member) == recommend.next_items(past, member)


@settings(max_examples=10)
@given(seeds())
def test_own_goods_come_first_and_nothing_twice(seed: int) -> None:
    lines = many_lines(seed)
    model = known(recommend.train(lines, LAST))
    for member in range(40):
        told = recommend.next_items(model, member, limit=10)
        assert len({one.item for one in told}) == len(told) == 10
        bought = set(lines.item[lines.member == member].tolist())
        assert all(one.is_own == (one.item in bought) for one in told)
        assert len({one.item for one in told if one.is_own}) == min(10, len(bought))


def test_a_shop_of_few_baskets_recommends_nothing() -> None:
    assert recommend.train(lines_of([(0, 0, 1, 0)]), LAST) == TooLittle("baskets", 1, 30)


def tea_and_coffee() -> Lines:
    """150 tea drinkers and 150 coffee drinkers; all of a kind share four goods, and member 0 lacks one of theirs."""
    rows = []
    for member in range(300):
        goods = range(4) if member < 150 else range(4, 8)
        rows += [(member, member, item, member % 365) for item in goods if (member, item) != (0, 3)]
        rows.append((member, member, 8, member % 365))
    return lines_of(rows)


def test_something_new_is_what_similar_members_have() -> None:
    model = cross_sell.train(tea_and_coffee())
    assert isinstance(model, cross_sell.CrossSell)
    first = cross_sell.new_items(model, 0)[0]
    assert (first.item, first.buyers, first.neighbours) == (3, 50, 50)
    for member in (0, 10, 200):
        own = set(tea_and_coffee().item[tea_and_coffee().member == member].tolist())
        assert not own & {one.item for one in cross_sell.new_items(model, member, limit=9)}


def test_who_is_not_known_gets_best_sellers_without_a_reason() -> None:
    model = cross_sell.train(tea_and_coffee())
    assert isinstance(model, cross_sell.CrossSell)
    told = cross_sell.new_items(model, 5_000, limit=2)
    assert told[0] == cross_sell.NewItem(8, 0, 0)


def test_under_three_hundred_members_their_favourite_categories_answer() -> None:
    few = tea_and_coffee()
    few = few.where(few.member < 299)
    assert cross_sell.train(few) == TooLittle("members", 299, 300)
    category_of = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2])
    told = cross_sell.best_sellers_of_favourites(few, 0, category_of, limit=2)
    assert told[0].item == 3


def one_member(rows: list[tuple[int, int]]) -> Lines:
    """(day, item)"""
    return lines_of((0, day, item, day) for day, item in rows)


def test_the_usual_is_what_is_taken_nearly_every_time() -> None:
    rows = [(day, 1) for day in range(0, 60, 6)] + [(day, 2) for day in range(0, 60, 12)] + [(6, 3), (12, 3)]
    found = usual(one_member(rows), YEAR)
    assert isinstance(found, Usual)
    assert found.n == 10
    assert [one.item for one in found.items] == [1, 2]
    assert found.basket == (1, 2)
    milk = found.items[0]
    assert (milk.times, milk.gap_days, milk.days_since, milk.is_due) == (10, 6, 364 - 54, True)
    assert milk.share.value == 1
    assert milk.share.low < 1, "ten of ten is not always"


def test_three_lines_of_one_day_are_one_time() -> None:
    found = usual(one_member([(0, 1), (0, 1), (0, 1), (5, 2), (9, 2)]), YEAR)
    assert isinstance(found, Usual)
    assert found.items == ()


def test_two_visits_make_no_usual() -> None:
    assert usual(one_member([(0, 1), (1, 1)]), YEAR) == TooLittle("visits", 2, 3)
    twice = usual(one_member([(0, 1), (1, 1), (2, 2)]), YEAR)
    assert isinstance(twice, Usual)
    assert twice.items == (), "nor do two times of an item"
