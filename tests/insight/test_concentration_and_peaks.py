"""The real share of the best members, and the busy hours of an ordinary week."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from app.insight.concentration import Concentration, concentration
from app.insight.peaks import Peaks, peaks
from app.insight.values import TooLittle
from tests.insight.tables import FIRST, MARCH, YEAR, seeds


def test_the_share_of_the_best_fifth_by_hand() -> None:
    net = np.array([800] * 8 + [40] * 31 + [-5], dtype=np.int64)
    found = concentration(net, YEAR)
    assert isinstance(found, Concentration)
    assert found.top_members == 8
    assert found.net == 6_400 + 1_240
    assert found.top_share.value == pytest.approx(6_400 / 7_640)
    assert found.members_for_80 == 8 / 40, "6,112 are reached by the eighth"
    assert found.curve[20] == pytest.approx(6_400 / 7_640)


def test_where_all_bring_the_same_a_fifth_brings_a_fifth() -> None:
    found = concentration(np.full(100, 30, dtype=np.int64), YEAR)
    assert isinstance(found, Concentration)
    assert found.top_share.value == pytest.approx(0.2)
    assert found.gini == pytest.approx(0)
    assert found.members_for_80 == 0.8


@settings(max_examples=20)
@given(seeds())
def test_the_curve_rises_to_one_and_bends_down(seed: int) -> None:
    random = np.random.default_rng(seed)
    net = (random.pareto(1.5, 200) * 1_000).astype(np.int64) + 1
    found, again = concentration(net, YEAR), concentration(random.permutation(net), YEAR)
    assert isinstance(found, Concentration)
    assert isinstance(again, Concentration)
    assert found.top_share == again.top_share
    steps = np.diff(found.curve)
    assert found.curve[0] == 0
    assert found.curve[-1] == pytest.approx(1)
    assert (np.diff(steps) <= 1e-9).all()
    assert found.top_share.low <= found.top_share.value <= found.top_share.high


def test_the_interval_holds_the_share_of_the_whole_town_in_most_samples() -> None:
    random = np.random.default_rng(5)
    town = (random.lognormal(6, 1, 200_000)).astype(np.int64)
    truth = concentration(town, YEAR)
    assert isinstance(truth, Concentration)
    held, shares, halves = 0, [], []
    for _ in range(200):
        sample = concentration(random.choice(town, 500), YEAR)
        assert isinstance(sample, Concentration)
        held += sample.top_share.low <= truth.top_share.value <= sample.top_share.high
        shares.append(sample.top_share.value)
        halves.append(sample.top_share.high - sample.top_share.value)
    assert held >= 180
    assert float(np.mean(halves)) == pytest.approx(1.96 * float(np.std(shares)), rel=0.2), (
        "and is no wider than it has to be"
    )


def test_few_members_or_no_sales_are_too_little() -> None:
    assert concentration(np.ones(29, dtype=np.int64), YEAR) == TooLittle("members", 29, 30)
    assert concentration(np.zeros(50, dtype=np.int64), YEAR) == TooLittle("members_with_sales", 0, 30)


def march_of(rows: list[tuple[int, int, int]]) -> Peaks | TooLittle:
    """(day of March, hour, net)"""
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return peaks(table[:, 0] + MARCH.first_day - 1, table[:, 1], table[:, 2], MARCH)


def test_an_ordinary_hour_is_a_mean_over_open_days() -> None:
    # Mondays of March 2026 are the 2nd, 9th, 16th, 23rd and 30th; on the 30th the shop was closed.
    rows = [(day, 12, 100) for day in (2, 9, 16, 23)] + [(2, 12, 100), (9, 18, 50)]
    found = march_of(rows)
    assert isinstance(found, Peaks)
    assert found.open_days.tolist() == [4, 0, 0, 0, 0, 0, 0]
    assert found.tickets[0, 12] == 5 / 4
    assert found.net[0, 12] == 125
    assert found.net[0, 18] == 12.5
    assert found.busiest == (0, 12)
    assert found.tickets_half[0, 12] == pytest.approx(1.959964 * 0.5 / 2)


def test_a_weekday_of_three_days_is_not_known() -> None:
    found = march_of(
        [(day, 12, 1) for day in (2, 9, 16, 23)] + [(day, 9, 900) for day in (3, 10, 17) for _ in range(9)]
    )
    assert isinstance(found, Peaks)
    assert found.is_known.tolist() == [True, False, False, False, False, False, False]
    assert found.busiest == (0, 12), "a busier hour of a weekday that is not known is no peak"
    assert march_of([(2, 9, 1)]) == TooLittle("days", 1, 4)


@settings(max_examples=15)
@given(seeds())
def test_means_times_days_are_all_tickets(seed: int) -> None:
    random = np.random.default_rng(seed)
    day = FIRST + random.integers(0, 365, 3_000)
    hour, net = random.integers(8, 22, 3_000), random.integers(-50, 500, 3_000)
    found = peaks(day, hour, net, YEAR)
    assert isinstance(found, Peaks)
    assert (found.tickets * found.open_days[:, None]).sum() == pytest.approx(found.n)
    assert (found.net * found.open_days[:, None]).sum() == pytest.approx(net.sum())
