"""Everyone's own rhythm, and how overdue they are by it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from app.insight.rhythm import Rhythm, rhythm
from app.insight.values import Period, TooLittle
from tests.insight.tables import YEAR, random_tickets, seeds, shuffled, tickets_of

FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))  # 181 days


def regulars() -> list[tuple[int, int, int]]:
    """Forty members who come every ten days until day 100."""
    return [(member, day, 100) for member in range(1, 41) for day in range(0, 101, 10)]


def test_a_members_own_interval_and_how_overdue_they_are() -> None:
    rows = [(0, day, 100) for day in (0, 4, 8, 16, 36)]
    found = rhythm(tickets_of(rows + regulars()), FIRST_HALF)
    assert isinstance(found, Rhythm)
    assert found.shop_gap.value == 10
    assert found.median_gap[0] == 6  # of 4, 4, 8, 20
    assert (found.gap_low[0], found.gap_high[0]) == (4, 11)
    assert found.silent_days[0] == 180 - 36
    assert found.expected_gap[0] == pytest.approx((36 + 2 * 10) / (4 + 2))
    assert found.overdue[0] == pytest.approx(144 / (56 / 6))


def test_under_three_visits_there_is_no_habit_of_ones_own_but_an_expected_gap() -> None:
    rows = [(0, 0, 100), (0, 30, 100), (41, 3, 100)]
    found = rhythm(tickets_of(rows + regulars()), FIRST_HALF)
    assert isinstance(found, Rhythm)
    assert np.isnan(found.median_gap[[0, -1]]).all()
    assert found.expected_gap[0] == pytest.approx((30 + 20) / 3)
    assert found.expected_gap[-1] == 10, "a member of one visit is expected by the shop's rhythm"
    assert not found.late(at_least=0)[[0, -1]].any(), "nobody is late by a habit they do not have"


def test_late_are_those_beyond_their_own_rhythm_and_not_yet_long_gone() -> None:
    rows = [(0, day, 1) for day in range(0, 161, 40)] + [(41, day, 1) for day in range(120, 151, 3)]
    found = rhythm(tickets_of(rows + regulars()), FIRST_HALF)
    assert isinstance(found, Rhythm)
    late = found.late(at_least=2, at_most=7.9)
    assert not late[0], "twenty days are nothing to who comes every forty"
    assert late[-1], (
        "thirty days are ten times the rhythm of who comes every three, shrunk towards the shop's"
    )
    assert not late[1], "eighty days are eight times ten: long gone"


@settings(max_examples=15)
@given(seeds(), seeds())
def test_the_order_of_tickets_does_not_matter_and_quartiles_are_in_order(seed: int, order: int) -> None:
    tickets = random_tickets(seed)
    found, again = rhythm(tickets, YEAR), rhythm(shuffled(tickets, order), YEAR)
    assert isinstance(found, Rhythm)
    assert isinstance(again, Rhythm)
    assert np.array_equal(found.median_gap, again.median_gap, equal_nan=True)
    known = ~np.isnan(found.median_gap)
    assert (known == (found.visit_count >= 3)).all()
    assert (found.gap_low[known] <= found.median_gap[known]).all()
    assert (found.median_gap[known] <= found.gap_high[known]).all()


def test_a_shop_with_few_return_visits_says_so() -> None:
    assert rhythm(tickets_of([(0, 0, 1), (0, 9, 1)]), YEAR) == TooLittle("return_visits", 1, 30)
