"""What every answer carries: intervals that hold their figure, and no percentage under thirty."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.values import (
    Estimate,
    Period,
    TooLittle,
    date_of,
    day_number,
    mean_of,
    median_of,
    proportion,
    wilson,
)


def test_a_share_of_fewer_than_thirty_is_not_a_percentage() -> None:
    assert proportion(29, 29) == TooLittle("members", 29, 30)
    share = proportion(15, 30)
    assert isinstance(share, Estimate)
    assert share.value == 0.5


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe 1998, table I: 81 of 263 has the score interval .2553 to .3662.
    share = proportion(81, 263)
    assert isinstance(share, Estimate)
    assert share.low == pytest.approx(0.2553, abs=5e-5)
    assert share.high == pytest.approx(0.3662, abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_contains_its_share_and_stays_a_share(hits: int, misses: int) -> None:
    low, high = wilson(np.array([hits]), np.array([hits + misses]))
    assert 0 <= low[0] <= high[0] <= 1
    if hits + misses:
        assert low[0] <= hits / (hits + misses) <= high[0]


@settings(max_examples=30)
@given(st.lists(st.integers(-1000, 1000), min_size=30, max_size=200))
def test_intervals_of_mean_and_median_contain_them_whatever_the_order(values: list[int]) -> None:
    for figure in (mean_of, median_of):
        forth, back = figure(values, what="gaps"), figure(values[::-1], what="gaps")
        assert isinstance(forth, Estimate)
        assert isinstance(back, Estimate)
        assert forth.low <= forth.value <= forth.high
        assert (back.value, back.low, back.high) == pytest.approx((forth.value, forth.low, forth.high))


def test_days_are_counted_from_1970_and_back() -> None:
    assert day_number(date(1970, 1, 2)) == 1
    assert date_of(day_number(date(2026, 11, 22))) == date(2026, 11, 22)


def test_a_period_moves_with_its_length() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.days == 31
    assert march.ending(date(2026, 2, 28)) == Period(date(2026, 1, 29), date(2026, 2, 28))
