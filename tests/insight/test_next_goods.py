"""What is due to be bought again, what is new for a member, and whose rows they are."""

from __future__ import annotations

from datetime import date

import numpy as np

from app.insight.columns import Lines
from app.insight.next_goods import NextGoods, for_member, next_goods
from app.insight.recommend import NextPurchase, due, gap_of, members_of, train
from app.insight.values import Period, TooLittle

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
LAST = YEAR.last_day
COFFEE, FILTER, BREAD, TEA = range(4)


def lines_of(rows: list[tuple[int, int, int]]) -> Lines:
    """(member, item, days before the last day); every row is a basket of its own."""
    member, item, ago = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Lines(member, np.arange(len(rows)), item, LAST - ago)


def shop(extra: list[tuple[int, int, int]]) -> Lines:
    """Forty baskets of passers-by, and these."""
    return lines_of([*extra, *[(-1, BREAD, day) for day in range(40)]])


def trained(lines: Lines) -> NextPurchase:
    model = train(lines, LAST)
    assert isinstance(model, NextPurchase)
    return model


def due_pairs(lines: Lines) -> list[tuple[int, int]]:
    model = trained(lines)
    rows = due(model)
    return list(zip(members_of(model, rows).tolist(), model.item[rows].tolist(), strict=True))


def test_what_comes_round_is_due_when_its_own_interval_is_over() -> None:
    every_thirty = [(0, FILTER, ago) for ago in (95, 65, 35)]
    assert due_pairs(shop(every_thirty)) == [(0, FILTER)]
    just_bought = [(0, FILTER, ago) for ago in (65, 35, 5)]
    assert due_pairs(shop(just_bought)) == []


def test_what_was_given_up_long_ago_is_not_due() -> None:
    assert due_pairs(shop([(0, FILTER, ago) for ago in (160, 130, 100)])) == []


def test_what_is_bought_at_every_visit_needs_no_reminder() -> None:
    assert due_pairs(shop([(0, COFFEE, ago) for ago in (11, 9, 7, 5, 3)])) == []


def test_twice_is_no_interval_and_two_tickets_of_a_day_are_one_day() -> None:
    assert due_pairs(shop([(0, FILTER, 95), (0, FILTER, 35)])) == []
    assert due_pairs(shop([(0, FILTER, 95), (0, FILTER, 95), (0, FILTER, 35)])) == []


def test_rows_know_whose_they_are_though_some_members_bought_nothing() -> None:
    model = trained(shop([(3, FILTER, 9), (3, TEA, 9), (7, TEA, 2)]))
    whose = members_of(model, np.arange(len(model.item)))
    assert whose.tolist() == [3, 3, 7]
    for row, member in enumerate(whose.tolist()):
        rows = model.of_member.rows(member)
        assert rows.start <= row < rows.stop


def test_an_interval_is_the_mean_of_the_members_own() -> None:
    model = trained(shop([(0, FILTER, ago) for ago in (95, 65, 35)] + [(0, TEA, 3)]))
    gaps = {int(model.item[row]): gap_of(model, row) for row in range(len(model.item))}
    assert gaps == {FILTER: 30.0, TEA: None}


def test_few_members_are_offered_what_sells_in_the_categories_they_like() -> None:
    found = next_goods(shop([(0, COFFEE, 9), (0, COFFEE, 3), (1, FILTER, 4), (1, FILTER, 2)]), YEAR)
    assert isinstance(found, NextGoods)
    assert found.new is None
    own, new = for_member(found, 0, np.array([0, 0, 1, 1]))
    assert [one.item for one in own] == [COFFEE]
    assert new[0].item == FILTER, "of the coffee's own category, though bread sells more"
    assert COFFEE not in {one.item for one in new}


def test_too_little_is_said_and_a_stranger_is_not_known() -> None:
    assert isinstance(next_goods(lines_of([(0, TEA, 1)]), YEAR), TooLittle)
    found = next_goods(shop([(0, TEA, 1)]), YEAR)
    assert isinstance(found, NextGoods)
    assert found.knows(0)
    assert not found.knows(1)
    assert not found.knows(99)
    assert found.n == 1
