"""BG/NBD: how many visits to expect of each member, from how often, how recently and how long they have been coming.

P(alive) is no churn score. In this model nobody can leave before their first repeat visit, so every one-time buyer is alive with
certainty, however long ago that was; for who may stay away, use `churn`. What the model is good at is totals and the value over a year.

Fader, Hardie & Lee 2005, Marketing Science 24(2) 275-284; numerics after brucehardie.com, notes 004 and 027.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Floats, Ints, Visits, frozen
from app.insight.fitting import Fit, fit
from app.insight.gamma_functions import digamma, log_gamma
from app.insight.values import CONFIDENCE, Estimate, Period, TooLittle, z_of

REPEATERS_MIN: Final = 100
DAYS_PER_WEEK: Final = 7
TERMS_MAX: Final = 20_000
_SMALLEST_TERM: Final = 1e-12
_SHIFT: Final = 1e-5  # how far a keeps from 1, where the formula divides nothing by nothing


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """What the model needs to know: repeat visits ``x``, weeks from first to last visit ``last``, weeks watched since the first ``age``.

    A row for each member, sorted by member.
    """

    period: Period
    member: Ints
    x: Ints
    last: Floats
    age: Floats

    def __post_init__(self) -> None:
        assert len(self.member) == len(self.x) == len(self.last) == len(self.age)
        assert bool((self.last <= self.age).all())
        assert bool(((self.x > 0) == (self.last > 0)).all())


@dataclass(frozen=True, slots=True, eq=False)
class BgNbd:
    """The shop's four parameters: visits of the living are gamma (r, alpha; weeks), leaving after a visit is beta (a, b)."""

    period: Period
    n: int
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    fit: Fit = field(repr=False)

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        return self.r, self.alpha, self.a, self.b


@dataclass(frozen=True, slots=True, eq=False)
class Coming:
    """What the model expects of every member in the next ``weeks``, sorted by member; ``total`` is of all of them together.

    ``can_leave``: they came again at least once. Of the others the model cannot say whether they left.
    """

    period: Period
    weeks: float
    n: int
    member: Ints
    visits: Floats
    can_leave: NDArray[np.bool_]
    total: Estimate
    model: BgNbd


def coming(found: Visits, period: Period, weeks: float) -> Coming | TooLittle:
    """Fit the model to these visits and ask it about everyone."""
    known = histories(found, period)
    model = fit_bgnbd(known)
    if isinstance(model, TooLittle):
        return model
    return Coming(
        period,
        weeks,
        len(known.x),
        known.member,
        expected_visits(model, known, weeks),
        frozen(known.x > 0),
        expected_total(model, known, weeks),
        model,
    )


def histories(found: Visits, period: Period) -> Histories:
    """From visits up to the period's last day. Repeat visits are days: two tickets of a day are one."""
    found = found.until(period.last_day)
    is_first, is_last = np.flatnonzero(found.is_first), np.flatnonzero(found.is_last)
    first = found.day[is_first]
    return Histories(
        period,
        frozen(found.member[is_first]),
        frozen(is_last - is_first),
        frozen((found.day[is_last] - first) / DAYS_PER_WEEK),
        frozen((period.last_day - first) / DAYS_PER_WEEK),
    )


def fit_bgnbd(known: Histories) -> BgNbd | TooLittle:
    """The most likely parameters. Too little under 100 members who came again, or where the data do not settle them."""
    repeaters = int((known.x > 0).sum())
    if repeaters < REPEATERS_MIN:
        return TooLittle("repeat_buyers", repeaters, REPEATERS_MIN)
    rows, count = np.unique(
        np.stack((known.x.astype(np.float64), known.last, known.age)), axis=1, return_counts=True
    )
    found = fit(_Likelihood(rows[0], rows[1], rows[2], count.astype(np.float64)), 4)
    if not found.is_settled:
        return TooLittle("settled_parameters", 0, 4)
    r, alpha, a, b = (float(value) for value in found.parameters)
    return BgNbd(known.period, len(known.x), r, alpha, a, b, found.log_likelihood, found)


def p_alive(model: BgNbd, known: Histories) -> Floats:
    """The chance that a member is still a customer; 1 for every one-time buyer, which is why it is no churn score."""
    odds = np.exp(np.minimum(_log_gone_odds(model.parameters, known), 700.0))
    return frozen(np.where(known.x > 0, 1 / (1 + odds), 1.0))


def expected_visits(model: BgNbd, known: Histories, weeks: float) -> Floats:
    """E[visits in the next ``weeks``] for each member."""
    return frozen(_expected(model.parameters, known, weeks))


def expected_total(model: BgNbd, known: Histories, weeks: float) -> Estimate:
    """The visits of all members together, with the interval that chance and the uncertain parameters leave (Poisson, delta method).

    It takes the model for true. On the log of a real shop the total came out a tenth too low, which no interval of a model can hold.
    """
    logs = np.log(np.array(model.parameters))
    total = float(_expected(model.parameters, known, weeks).sum())
    slope = np.empty(4)
    for place in range(4):
        ends = []
        for step in (1e-4, -1e-4):
            moved = logs.copy()
            moved[place] += step
            ends.append(float(_expected(tuple(np.exp(moved)), known, weeks).sum()))
        slope[place] = (ends[0] - ends[1]) / 2e-4
    spread = float(slope @ model.fit.covariance @ slope) + total
    half = z_of(CONFIDENCE) * max(spread, 0.0) ** 0.5
    return Estimate(total, max(0.0, total - half), total + half, len(known.x))


def newcomer(period: Period) -> Histories:
    """Somebody who came for the first time today."""
    nothing = np.zeros(1)
    return Histories(period, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), nothing, nothing)


class _Likelihood:
    """The log-likelihood of all histories and its exact slope; gamma functions once for each different x."""

    def __init__(self, x: Floats, last: Floats, age: Floats, count: Floats) -> None:
        self._x, self._last, self._age, self._count = x, last, age, count
        self._distinct, place = np.unique(x, return_inverse=True)
        self._weight = np.bincount(place, weights=count)
        self._repeats = np.flatnonzero(x > 0)

    def __call__(self, parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = (float(value) for value in parameters)
        common, slope = self._common(r, alpha, a, b)
        staying = -(r + self._x) * np.log(alpha + self._age)
        leaving = np.full(len(self._x), -np.inf)
        rows = self._repeats
        x, last = self._x[rows], self._last[rows]
        leaving[rows] = np.log(a) - np.log(b + x - 1) - (r + x) * np.log(alpha + last)
        top = np.maximum(staying, leaving)
        mixed = top + np.log(np.exp(staying - top) + np.exp(leaving - top))
        value = common + float(self._count @ mixed)
        stays = np.exp(staying - mixed) * self._count
        leaves = (np.exp(leaving - mixed) * self._count)[rows]
        log_last, log_age = np.log(alpha + last), np.log(alpha + self._age)
        slope[0] -= float(stays @ log_age + leaves @ log_last)
        slope[1] -= float(stays @ ((r + self._x) / (alpha + self._age)) + leaves @ ((r + x) / (alpha + last)))
        slope[2] += float(leaves.sum()) / a
        slope[3] -= float(leaves @ (1 / (b + x - 1)))
        return value, slope

    def _common(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats]:
        """The part that depends on x alone."""
        x, weight = self._distinct, self._weight
        n = float(weight.sum())
        value = weight @ (log_gamma(r + x) + log_gamma(b + x) - log_gamma(a + b + x))
        fixed = np.array([r, a + b, b])
        at_fixed = log_gamma(fixed)
        value += n * (r * np.log(alpha) - at_fixed[0] + at_fixed[1] - at_fixed[2])
        slope_fixed = digamma(fixed)
        both = float(weight @ digamma(a + b + x))
        slope = np.array(
            [
                float(weight @ digamma(r + x)) + n * (np.log(alpha) - slope_fixed[0]),
                n * r / alpha,
                n * slope_fixed[1] - both,
                float(weight @ digamma(b + x)) - both + n * (slope_fixed[1] - slope_fixed[2]),
            ]
        )
        return float(value), slope


def _log_gone_odds(parameters: tuple[float, ...], known: Histories) -> Floats:
    """ln of P(gone) / P(alive) of members with repeat visits; of no meaning for the others."""
    r, alpha, a, b = parameters
    x = known.x
    odds: Floats = (
        np.log(a)
        - np.log(b + np.maximum(x, 1) - 1)
        + (r + x) * (np.log(alpha + known.age) - np.log(alpha + known.last))
    )
    return odds


def _expected(parameters: tuple[float, ...], known: Histories, weeks: float) -> Floats:
    """Equation 10 of the paper, its hypergeometric function by Euler's transformation as a power series.

    (1-z)^(r+x) F(r+x, b+x; c; z) = (1-z)^(a-1) F(c-r-x, c-b-x; c; z) with c = a+b+x-1 and z = weeks / (alpha + age + weeks).
    """
    r, alpha, a, b = parameters
    if abs(a - 1) < _SHIFT:
        a = 1 + _SHIFT
    pairs, place = np.unique(np.stack((known.x.astype(np.float64), known.age)), axis=1, return_inverse=True)
    x, age = pairs
    z = weeks / (alpha + age + weeks)
    series = _hypergeometric(a + b - 1 - r, a - 1, a + b + x - 1, z)
    if_alive = (a + b + x - 1) / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
    alive = 1 / (1 + np.exp(np.minimum(_log_gone_odds((r, alpha, a, b), known), 700.0)))
    result: Floats = np.maximum(if_alive[place.ravel()], 0.0) * np.where(known.x > 0, alive, 1.0)
    return result


def _hypergeometric(first: float, second: float, third: Floats, z: Floats) -> NDArray[np.float64]:
    """2F1 by its power series, |z| < 1; stops when no row's next term matters."""
    total, term = np.ones_like(z), np.ones_like(z)
    for k in range(TERMS_MAX):
        term = term * ((first + k) * (second + k) / ((third + k) * (k + 1))) * z
        total += term
        if float(np.abs(term).max(initial=0.0)) < _SMALLEST_TERM:
            break
    return total
