"""An empty shop, a shop of one ticket, a shop of one day: every analysis answers, and says that there is too little."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from app.insight import companions, cross_sell, recommend
from app.insight.abc import abc
from app.insight.churn import churn
from app.insight.cohort import triangle
from app.insight.columns import Lines, Tickets, visit_net, visits
from app.insight.concentration import concentration
from app.insight.forecast import forecast
from app.insight.lifecycle import Lifecycle, lifecycle
from app.insight.pairs import pairs
from app.insight.peaks import peaks
from app.insight.repurchase import repurchase, second_visits
from app.insight.rfm import measure, rfm
from app.insight.rhythm import rhythm
from app.insight.staff import pace, rates, staff_index
from app.insight.stock import reorder_point
from app.insight.usual import usual
from app.insight.value import lifetime_value
from app.insight.values import Period, TooLittle
from tests.insight.tables import FIRST, YEAR, lines_of, tickets_of

EMPTY = tickets_of([])
ONE = tickets_of([(3, 100, 500)])
ONE_DAY = tickets_of([(member, 100, 500) for member in range(400)])
ONLY_RETURNS = tickets_of([(3, 100, -500, False)])
SHOPS = pytest.mark.parametrize(
    "tickets", [EMPTY, ONE, ONE_DAY, ONLY_RETURNS], ids=["empty", "one", "one_day", "returns"]
)
LINES = pytest.mark.parametrize("lines", [lines_of([]), lines_of([(3, 0, 5, 100)])], ids=["empty", "one"])

ASKED: tuple[Callable[[Tickets, Period], object], ...] = (rfm, rhythm, churn, lifetime_value)


@SHOPS
@pytest.mark.parametrize("ask", ASKED)
def test_a_shop_without_return_visits_is_too_little(
    ask: Callable[[Tickets, Period], object], tickets: Tickets
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(ask(tickets, YEAR), TooLittle)


@SHOPS
def test_counts_of_a_small_shop_are_small(tickets: Tickets) -> None:
    found = visits(tickets, YEAR)
    assert len(visit_net(tickets, found)) == len(found)
    assert len(measure(tickets, YEAR)) == len(found)
    again = repurchase(tickets, YEAR)
    assert (again.n, again.again) == (len(found), 0)
    assert isinstance(again.gap_days, TooLittle)
    curve = second_visits(tickets, YEAR, known_until=YEAR.last_day)
    assert int(curve.n[0]) == len(found)
    stages = lifecycle(tickets, YEAR)
    assert isinstance(stages, Lifecycle) == (len(found) > 0)
    months = triangle(tickets, YEAR)
    assert isinstance(months, TooLittle) == (len(found) == 0)
    shares = concentration(measure(tickets, YEAR).monetary, YEAR)
    assert isinstance(shares, TooLittle) == (len(found) < 30)


@LINES
def test_goods_of_a_small_shop_are_too_little(lines: Lines) -> None:
    ones = np.ones(len(lines), dtype=np.int64)
    assert isinstance(pairs(lines, YEAR), TooLittle)
    assert isinstance(companions.train(lines), TooLittle)
    assert isinstance(recommend.train(lines, YEAR.last_day), TooLittle)
    assert isinstance(cross_sell.train(lines), TooLittle)
    assert isinstance(usual(lines, YEAR), TooLittle)
    assert isinstance(abc(lines.item, lines.day, ones, ones, YEAR), TooLittle)
    assert cross_sell.best_sellers_of_favourites(lines, 3, np.zeros(6, dtype=np.int64)) == ()


def test_hours_days_and_operators_of_a_small_shop_are_too_little() -> None:
    nothing = np.empty(0, dtype=np.int64)
    one = np.array([FIRST])
    hour = np.array([12])
    never = np.zeros(0, dtype=np.bool_)
    assert isinstance(peaks(nothing, nothing, nothing, YEAR), TooLittle)
    assert isinstance(peaks(one, hour, hour, YEAR), TooLittle)
    assert isinstance(staff_index(nothing, nothing, nothing, never, YEAR), TooLittle)
    assert len(rates(nothing, never).operator) == 0
    assert len(pace(nothing, nothing, nothing, np.empty(0)).operator) == 0
    week = Period(date(2026, 3, 1), date(2026, 3, 7))
    assert isinstance(forecast(np.zeros((2, 7)), week), TooLittle)
    assert isinstance(reorder_point(np.zeros(7, dtype=np.int64), week, lead_days=3), TooLittle)
    assert isinstance(reorder_point(np.zeros(7, dtype=np.int64), week, lead_days=30), TooLittle)
