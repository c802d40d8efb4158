"""BG/NBD, Gamma-Gamma and the value made of them: against the plain formulas, and against shops made from known parameters."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.bgnbd import (
    BgNbd,
    Histories,
    expected_total,
    expected_visits,
    fit_bgnbd,
    histories,
    newcomer,
    p_alive,
)
from app.insight.columns import Tickets, visits
from app.insight.fitting import Fit
from app.insight.gamma_gamma import GammaGamma, expected_spend, fit_gamma_gamma
from app.insight.value import Value, lifetime_value, repeat_mean, visit_range
from app.insight.values import Period, TooLittle, day_number
from tests.insight.tables import YEAR, tickets_of

PERIOD = Period(date(2025, 1, 1), date(2026, 12, 31))
NOTHING = Fit(np.ones(4), 0.0, np.zeros((4, 4)), 0, True)
CDNOW = BgNbd(PERIOD, 2_357, 0.243, 4.414, 0.793, 2.426, -9_582.4, NOTHING)


def history_of(*rows: tuple[int, float, float]) -> Histories:
    table = np.array(rows, dtype=np.float64)
    return Histories(PERIOD, np.arange(len(rows)), table[:, 0].astype(np.int64), table[:, 1], table[:, 2])


def made_shop(
    seed: int, members: int, r: float, alpha: float, a: float, b: float, weeks: int = 100
) -> Tickets:
    """Members who live and leave as the model says, starting on any day of the first half; spend is gamma of their own mean."""
    random = np.random.default_rng(seed)
    rows = []
    first_day = day_number(PERIOD.first)
    for member in range(members):
        start = int(random.integers(0, 350))
        rate, leaves = random.gamma(r, 1 / alpha), random.beta(a, b)
        mean = 3_000 * 6 / random.gamma(4, 1)
        day, when = start, 0.0
        while day <= PERIOD.last_day - first_day and when < weeks:
            rows.append((member, PERIOD.first + timedelta(days=day), int(random.gamma(6, mean / 6)) + 1))
            if when > 0 and random.random() < leaves:
                break  # nobody leaves before their first repeat visit
            when += random.exponential(1 / rate)
            day = max(day + 1, start + int(when * 7))
    return tickets_of(rows)


def test_histories_are_repeat_days_and_weeks() -> None:
    rows = [
        (0, date(2026, 1, 1), 5),
        (0, date(2026, 1, 1), 5),
        (0, date(2026, 1, 15), 5),
        (1, date(2026, 12, 24), 5),
    ]
    known = histories(visits(tickets_of(rows)), YEAR)
    assert known.x.tolist() == [1, 0], "two tickets of a day are one visit"
    assert known.last.tolist() == [2, 0]
    assert known.age.tolist() == [52, 1]


def test_a_one_time_buyer_is_alive_whatever_happens_and_so_p_alive_is_no_churn_score() -> None:
    known = history_of((0, 0, 200), (5, 10, 200), (5, 199, 200))
    alive = p_alive(CDNOW, known)
    assert alive[0] == 1
    assert alive[1] < 0.01 < 0.85 < alive[2]
    assert expected_visits(CDNOW, known, 52)[0] < expected_visits(CDNOW, known, 52)[2]


def test_expected_visits_of_a_new_member_by_the_integral_over_all_rates_and_all_chances_of_leaving() -> None:
    # E[X(t)] given rate and p is (1 - exp(-rate p t)) / p.
    random = np.random.default_rng(1)
    rate, leaves = random.gamma(0.243, 1 / 4.414, 400_000), random.beta(0.793, 2.426, 400_000)
    leaves = np.maximum(leaves, 1e-12)
    plain = float(((1 - np.exp(-rate * leaves * 52)) / leaves).mean())
    assert expected_visits(CDNOW, newcomer(PERIOD), 52)[0] == pytest.approx(plain, rel=0.02)


@settings(max_examples=30)
@given(st.integers(0, 40), st.floats(0.05, 1), st.floats(1, 150), st.floats(0.1, 100), st.floats(0.3, 2.5))
def test_expected_visits_by_the_plain_series(
    x: int, share: float, age: float, weeks: float, a: float
) -> None:
    model = BgNbd(PERIOD, 1, 0.5, 6.0, a, 2.4, 0.0, NOTHING)
    last = age * share if x else 0.0
    found = expected_visits(model, history_of((x, last, age)), weeks)[0]
    if abs(a - 1) < 1e-3:
        return
    # Equation 10 as printed, its hypergeometric function term by term, without the transformation.
    z = weeks / (6.0 + age + weeks)
    total, term = 1.0, 1.0
    for k in range(20_000):
        term *= (0.5 + x + k) * (2.4 + x + k) / ((a + 2.4 + x - 1 + k) * (k + 1)) * z
        total += term
        if term < 1e-15 * total:
            break
    top = (a + 2.4 + x - 1) / (a - 1) * (1 - ((6.0 + age) / (6.0 + age + weeks)) ** (0.5 + x) * total)
    bottom = 1 + ((a / (2.4 + x - 1)) * ((6.0 + age) / (6.0 + last)) ** (0.5 + x) if x else 0)
    assert found == pytest.approx(top / bottom, rel=1e-6, abs=1e-9)


def test_the_likelihood_is_that_of_the_paper() -> None:
    known = [(0, 0.0, 30.0), (1, 4.0, 30.0), (7, 28.0, 30.0)] * 60
    model = fit_bgnbd(history_of(*known))
    assert isinstance(model, BgNbd)
    r, alpha, a, b = model.parameters
    plain = 0.0
    for x, last, age in known:
        plain += (
            lgamma(r + x)
            - lgamma(r)
            + r * log(alpha)
            + lgamma(a + b)
            + lgamma(b + x)
            - lgamma(b)
            - lgamma(a + b + x)
        )
        mixed = (alpha + age) ** -(r + x)
        if x:
            mixed += a / (b + x - 1) * (alpha + last) ** -(r + x)
        plain += log(mixed)
    assert model.log_likelihood == pytest.approx(plain)


def test_the_parameters_of_a_made_shop_are_found_again_in_any_order() -> None:
    tickets = made_shop(3, 2_500, 0.6, 5.0, 0.8, 2.5)
    known = histories(visits(tickets), PERIOD)
    model, backwards = (
        fit_bgnbd(known),
        fit_bgnbd(Histories(PERIOD, known.member[::-1], known.x[::-1], known.last[::-1], known.age[::-1])),
    )
    assert isinstance(model, BgNbd)
    assert isinstance(backwards, BgNbd)
    assert model.parameters == pytest.approx(backwards.parameters)
    off = np.log(model.parameters) - np.log([0.6, 5.0, 0.8, 2.5])
    assert (np.abs(off) < 4 * np.sqrt(np.diag(model.fit.covariance))).all()
    total = expected_total(model, known, 26)
    assert total.low < total.value < total.high
    assert total.value == pytest.approx(expected_visits(model, known, 26).sum())


def test_few_repeat_buyers_fit_nothing() -> None:
    assert fit_bgnbd(history_of(*[(0, 0, 30)] * 500, *[(1, 4, 30)] * 99)) == TooLittle(
        "repeat_buyers", 99, 100
    )


def test_gamma_gamma_finds_the_mean_of_the_shop_and_trusts_who_came_often() -> None:
    random = np.random.default_rng(2)
    x = random.integers(1, 12, 3_000)
    own = 15_000 / random.gamma(3.7, 1, 3_000)
    spend = np.array([random.gamma(6.25 * n, mean * 1 / n) for n, mean in zip(x, own, strict=True)])
    model = fit_gamma_gamma(x, spend, PERIOD)
    assert isinstance(model, GammaGamma)
    assert model.p == pytest.approx(6.25, rel=0.15)
    assert model.q == pytest.approx(3.7, rel=0.15)
    assert model.shop_mean == pytest.approx(6.25 * 15_000 / 2.7, rel=0.05)
    assert abs(model.correlation) < 0.1
    once, often, never = expected_spend(model, np.array([1, 50, 0]), np.array([90_000.0, 90_000.0, 0.0]))
    assert never == pytest.approx(model.shop_mean)
    assert model.shop_mean < once < often < 90_000


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9_000)), min_size=100, max_size=160),
    st.integers(2, 50),
)
def test_money_in_another_unit_is_the_same_money(rows: list[tuple[int, int]], factor: int) -> None:
    x, spend = np.array([row[0] for row in rows]), np.array([float(row[1]) for row in rows])
    model, scaled = fit_gamma_gamma(x, spend, PERIOD), fit_gamma_gamma(x, spend * factor, PERIOD)
    if isinstance(model, TooLittle):
        assert isinstance(scaled, TooLittle)
    else:
        assert isinstance(scaled, GammaGamma)
        assert scaled.shop_mean == pytest.approx(model.shop_mean * factor, rel=1e-6)


def test_the_mean_of_repeat_visits_leaves_the_first_out() -> None:
    rows = [(0, 0, 999), (0, 5, 100), (0, 5, 50), (0, 9, 300), (1, 3, 70)]
    tickets = tickets_of(rows)
    assert repeat_mean(tickets, visits(tickets)).tolist() == [225, 0]


def test_a_range_of_visits_by_counting_out_the_distribution() -> None:
    known = history_of((4, 90, 100), (0, 0, 100))
    low, high = visit_range(CDNOW, known, 52)
    for row in range(2):
        alive = p_alive(CDNOW, known)[row]
        mean, shape = expected_visits(CDNOW, known, 52)[row] / alive, 0.243 + int(known.x[row])
        chance = [
            exp(lgamma(shape + k) - lgamma(shape)) / exp(lgamma(k + 1)) * (shape / (shape + mean)) ** shape
            * (mean / (shape + mean)) ** k * alive for k in range(120)
        ]  # fmt: skip
        chance[0] += 1 - alive
        reached = np.cumsum(chance)
        assert (low[row], high[row]) == (np.searchsorted(reached, 0.1), np.searchsorted(reached, 0.9))


def test_the_value_of_a_made_shop_holds_together() -> None:
    tickets = made_shop(5, 1_500, 0.6, 5.0, 0.8, 2.5)
    value = lifetime_value(tickets, PERIOD, margin=0.4)
    assert isinstance(value, Value)
    assert value.value == pytest.approx(value.visits * value.spend * 0.4)
    assert ((value.low <= value.value) | (value.low == 0)).all()
    assert (value.low <= value.high).all()
    assert (np.diff(value.curve) > 0).all()
    assert value.curve[-1] == pytest.approx(value.newcomer.value)
    assert value.newcomer.low < value.newcomer.value < value.newcomer.high
    counts = np.bincount(visits(tickets).member)
    assert (value.is_single == (counts >= 3)).all(), (
        "under three visits there is a range and no single figure"
    )


def test_a_shop_of_strangers_has_no_value_to_show() -> None:
    rows = [(member, member % 300, 100) for member in range(400)]
    assert lifetime_value(tickets_of(rows), YEAR) == TooLittle("repeat_buyers", 0, 100)
