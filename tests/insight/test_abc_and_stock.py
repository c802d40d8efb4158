"""ABC and XYZ by hand, and reorder points that reach the service they promise."""

from __future__ import annotations

from datetime import date
from math import exp, lgamma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.abc import Abc, BySteadiness, ByWorth, abc
from app.insight.stock import (
    ReorderPoint,
    demand_quantile,
    order_now,
    reorder_point,
    textbook_reorder_point,
)
from app.insight.values import Period, TooLittle
from tests.insight.tables import FIRST, YEAR, seeds

HALF_YEAR = Period(date(2026, 1, 1), date(2026, 7, 1))  # 182 days


def classes(worth: list[int]) -> Abc | TooLittle:
    item = np.arange(len(worth))
    return abc(item, np.full(len(worth), FIRST), np.array(worth), np.full(len(worth), 1000), YEAR)


def test_classes_by_what_the_goods_before_bring() -> None:
    found = classes([10, 400, 300, 100, 60, 50, 40, 20, 10, 10])
    assert isinstance(found, Abc)
    assert found.worth.tolist() == [400, 300, 100, 60, 50, 40, 20, 10, 10, 10]
    assert found.by_worth.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    assert found.share_before[3] == 0.8, "who begins at four fifths is a B"
    assert found.item[:3].tolist() == [1, 2, 3]
    assert found.is_near_edge[3]


def test_one_giant_is_an_a_and_what_brings_nothing_a_c() -> None:
    found = classes([10_000, 0, -5, 1, 1, 1, 1, 1, 1, 1])
    assert isinstance(found, Abc)
    assert found.by_worth[0] == ByWorth.A
    assert found.by_worth[-2:].tolist() == [ByWorth.C, ByWorth.C]
    assert classes([1] * 9) == TooLittle("items", 9, 10)


def test_steadiness_is_the_swing_of_whole_weeks_since_the_first_sale() -> None:
    rows = [(0, 7 * week + 3, 5) for week in range(52)]  # the same every week
    rows += [(1, 7 * week + 3, 1 + 9 * (week % 2)) for week in range(52)]  # 1 and 10 by turns
    rows += [(2, 100, 90), (2, 200, 90)]
    rows += [(3, 330 + day, 4) for day in range(30)]  # began five weeks before the end
    rows += [(item, 1, 1) for item in range(4, 12)]
    table = np.array(rows)
    found = abc(table[:, 0], table[:, 1] + FIRST, table[:, 2], table[:, 2] * 1000, YEAR)
    assert isinstance(found, Abc)
    by_item = dict(zip(found.item.tolist(), found.by_steadiness.tolist(), strict=True))
    assert [by_item[item] for item in range(4)] == [
        BySteadiness.X, BySteadiness.Y, BySteadiness.Z, BySteadiness.N,
    ]  # fmt: skip
    swing = dict(zip(found.item.tolist(), found.variation.tolist(), strict=True))
    assert swing[1] == pytest.approx(4.5 / 5.5)


@settings(max_examples=20)
@given(st.lists(st.integers(-50, 10_000), min_size=10, max_size=80), seeds())
def test_every_item_has_one_class_whatever_the_order(worth: list[int], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(worth))
    item, day, money = np.arange(len(worth)), np.full(len(worth), FIRST), np.array(worth)
    one = np.full(len(worth), 1000)
    found, again = abc(item, day, money, one, YEAR), abc(item[order], day, money[order], one, YEAR)
    assert isinstance(found, Abc)
    assert isinstance(again, Abc)
    assert found.item.tolist() == again.item.tolist()
    assert int(found.grid.sum()) == found.n == len(worth)
    assert (np.diff(found.by_worth) >= 0).all()
    if found.worth[0] > 0:
        assert found.by_worth[0] == ByWorth.A


def test_the_quantile_by_counting_out_both_distributions() -> None:
    poisson = np.cumsum([exp(k * np.log(6.0) - 6.0 - lgamma(k + 1)) for k in range(60)])
    assert demand_quantile(6.0, 6.0, 0.95) == np.searchsorted(poisson, 0.95)
    size, share = 36 / 12, 6 / 18  # mean 6, variance 18
    chance = [
        exp(lgamma(k + size) - lgamma(size) - lgamma(k + 1)) * share**size * (1 - share) ** k
        for k in range(400)
    ]
    assert demand_quantile(6.0, 18.0, 0.95) == np.searchsorted(np.cumsum(chance), 0.95)
    assert demand_quantile(0.0, 0.0, 0.95) == 0


@settings(max_examples=25)
@given(st.floats(0.1, 500), st.floats(1, 8), st.floats(0.5, 0.98))
def test_more_service_and_more_doubt_never_order_later(
    mean: float, dispersion: float, service: float
) -> None:
    here = demand_quantile(mean, mean * dispersion, service)
    assert demand_quantile(mean, mean * dispersion, service + 0.01) >= here
    assert (
        demand_quantile(mean * 1.2, mean * dispersion, 0.95)
        >= demand_quantile(mean, mean * dispersion, 0.95) - 1
    )


def test_large_demands_go_over_into_the_normal_distribution() -> None:
    assert demand_quantile(50_000, 90_000, 0.95) == pytest.approx(50_000 + 1.645 * 300, abs=1)


def test_days_without_stock_are_not_days_without_demand() -> None:
    sold = np.full(182, 4_000)
    was_out = np.zeros(182, dtype=np.bool_)
    was_out[100:140] = True
    sold[was_out] = 0
    told, fooled = (
        reorder_point(sold, HALF_YEAR, lead_days=3, was_out=out)
        for out in (was_out, np.zeros(182, dtype=np.bool_))
    )
    assert isinstance(told, ReorderPoint)
    assert isinstance(fooled, ReorderPoint)
    assert told.mean == 12
    assert told.n == 182 - 2 - (40 + 2), "no window that touches such a day counts"
    assert fooled.mean < 10


def test_a_late_supplier_raises_the_point() -> None:
    sold = np.random.default_rng(2).poisson(5, 182) * 1000
    punctual, late = (
        reorder_point(sold, HALF_YEAR, lead_days=5, lead_days_deviation=deviation) for deviation in (0.0, 2.0)
    )
    assert isinstance(punctual, ReorderPoint)
    assert isinstance(late, ReorderPoint)
    assert late.reorder_at > punctual.reorder_at
    assert late.safety > punctual.safety


def test_a_service_of_95_in_a_hundred_is_about_that_on_days_to_come() -> None:
    random = np.random.default_rng(9)
    held, textbook = [], []
    for _ in range(60):
        rate = random.gamma(2, 1)
        days = random.poisson(random.gamma(1.5, rate / 1.5, 182 + 90))
        point = reorder_point(days[:182] * 1000, HALF_YEAR, lead_days=3)
        assert isinstance(point, ReorderPoint)
        windows = np.convolve(days[182:], np.ones(3), "valid")
        held.append((windows <= point.reorder_at).mean())
        plain = textbook_reorder_point(float(days[:182].mean()), float(days[:182].std()), 3, 0.95)
        textbook.append((windows <= plain).mean())
    assert 0.93 <= float(np.mean(held)) <= 0.985
    assert float(np.mean(textbook)) < float(np.mean(held))


def test_what_to_order_today() -> None:
    sold = np.full(182, 4_000)
    point = reorder_point(sold, HALF_YEAR, lead_days=2)
    assert isinstance(point, ReorderPoint)
    assert point.mean == 8
    assert order_now(point, on_hand=point.reorder_at + 1, on_order=0, cover_days=7) == 0
    assert order_now(point, on_hand=3, on_order=0, cover_days=7) == point.reorder_at + 28 - 3
    assert order_now(point, on_hand=3, on_order=50, cover_days=7) == 0, "what is on its way counts"


def test_a_new_item_has_no_reorder_point() -> None:
    month = Period(date(2026, 3, 1), date(2026, 3, 29))
    assert reorder_point(np.full(29, 1000), month, lead_days=3) == TooLittle("windows", 27, 28)
