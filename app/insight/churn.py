"""Who may stay away: the chance that a member does not come within the next days, learnt from the shop's own past.

The model is trained one horizon earlier, on what was known then and what happened since: nothing of the days it speaks about can leak in.
It ranks by risk; P(alive) of `bgnbd` must not take its place, as every one-time buyer is "alive" there. With too few outcomes there
is an order (by the RFM sum) but no percentage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.accuracy import auc
from app.insight.columns import Bools, Floats, Ints, Tickets, Visits, frozen, visits
from app.insight.rfm import measure
from app.insight.rfm_scores import quantile_scores
from app.insight.rhythm import GAPS_MIN, expected_gaps
from app.insight.values import CONFIDENCE, Estimate, Period, TooLittle, proportion, z_of

HORIZON_DAYS: Final = 30
MEMBERS_MIN: Final = 200
EACH_MIN: Final = 30
CARE_LIMIT: Final = 20
RIDGE: Final = 1.0
NEWTON_STEPS_MAX: Final = 50
_SHORT_DAYS, _LONG_DAYS = 28, 84


@dataclass(frozen=True, slots=True, eq=False)
class Churn:
    """``risk`` of no visit within ``horizon_days`` after the period, with the interval of each; too little: only ``order`` is known.

    ``order`` are rows from the greatest risk to the least; ``overdue`` is silence / own expected gap. ``base_rate`` is how many stayed
    away for a horizon last time. ``tested`` is the AUC of the same method on the last horizon: what to expect of the order.
    """

    period: Period
    horizon_days: int
    n: int
    member: Ints
    silent_days: Ints
    overdue: Floats
    risk: Floats | TooLittle
    low: Floats
    high: Floats
    order: Ints
    base_rate: Estimate | TooLittle
    tested: Estimate | TooLittle


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A ridge logistic regression over standardised features; the first weight is the constant."""

    weights: Floats
    covariance: Floats
    mean: Floats
    spread: Floats

    def logit(self, features: Floats) -> Floats:
        result: Floats = self._rows(features) @ self.weights
        return result

    def error(self, features: Floats) -> Floats:
        """The standard error of each logit."""
        rows = self._rows(features)
        result: Floats = np.sqrt(np.einsum("ij,jk,ik->i", rows, self.covariance, rows))
        return result

    def _rows(self, features: Floats) -> Floats:
        return np.column_stack((np.ones(len(features)), (features - self.mean) / self.spread))


def churn(tickets: Tickets, period: Period, horizon_days: int = HORIZON_DAYS) -> Churn | TooLittle:
    """The risk of everyone who came in the period, as of its last day. Too little under 30 gaps between visits in the whole shop."""
    found = visits(tickets, period)
    _, gaps = found.gaps()
    if len(gaps) < GAPS_MIN:
        return TooLittle("return_visits", len(gaps), GAPS_MIN)
    today = period.last_day
    is_last = np.flatnonzero(found.is_last)
    silent = today - found.day[is_last]
    expected = expected_gaps(found, float(np.median(gaps)))
    model = train(found, today - horizon_days, today)
    risk: Floats | TooLittle
    if isinstance(model, TooLittle):
        risk, low, high = model, np.zeros(len(is_last)), np.ones(len(is_last))
        order = np.argsort(_rfm_sum(tickets, period, found), kind="stable")
    else:
        features = features_at(found, today)
        logit, reach = model.logit(features), z_of(CONFIDENCE) * model.error(features)
        risk, low, high = (frozen(_logistic(column)) for column in (logit, logit - reach, logit + reach))
        order = np.argsort(-logit, kind="stable")
    known, stayed_away = outcome(found, today - horizon_days, today)
    return Churn(
        period,
        horizon_days,
        len(is_last),
        frozen(found.member[is_last]),
        frozen(silent),
        frozen(silent / expected),
        risk,
        frozen(low),
        frozen(high),
        frozen(order),
        proportion(int(stayed_away.sum()), known),
        _tested(found, period, horizon_days),
    )


def care_list(
    found: Churn, worth: Floats, is_spoken_to: Bools, *, limit: int = CARE_LIMIT, overdue_min: float = 1.0
) -> Ints:
    """Rows to call this week: risk x what they are worth, the greatest first, no more than the shop can call.

    ``worth`` is what each row is expected to spend; ``is_spoken_to`` hides who was contacted in the last 14 days. Without a risk the
    order is by worth among the overdue.
    """
    risk = np.ones(found.n) if isinstance(found.risk, TooLittle) else found.risk
    weight = np.where(~is_spoken_to & (found.overdue >= overdue_min), risk * worth, -1.0)
    best = np.argsort(-weight, kind="stable")[:limit]
    chosen: Ints = best[weight[best] > 0]
    return frozen(chosen)


def train(found: Visits, cut: int, end: int) -> Logistic | TooLittle:
    """Learn from everyone who had come until the day ``cut``: what was known then, and whether they stayed away until ``end``."""
    n, stayed_away = outcome(found, cut, end)
    if n < MEMBERS_MIN:
        return TooLittle("members", n, MEMBERS_MIN)
    fewer = min(int(stayed_away.sum()), int((~stayed_away).sum()))
    if fewer < EACH_MIN:
        return TooLittle("members_of_each_kind", fewer, EACH_MIN)
    return fit_logistic(features_at(found, cut), stayed_away)


def outcome(found: Visits, cut: int, end: int) -> tuple[int, Bools]:
    """How many had come until the day ``cut``, and which of them did not come after it until ``end``; sorted by member."""
    known = np.unique(found.member[found.day <= cut])
    came = found.member[(found.day > cut) & (found.day <= end)]
    return len(known), ~np.isin(known, came)


def features_at(found: Visits, day: int) -> Floats:
    """Six columns for every member who had come until that day, of nothing but what was known then; sorted by member."""
    then = found.until(day)
    is_first, is_last = np.flatnonzero(then.is_first), np.flatnonzero(then.is_last)
    row = np.cumsum(then.is_first) - 1
    count = is_last - is_first + 1
    silent = day - then.day[is_last]
    _, gaps = then.gaps()
    shop_gap = float(np.median(gaps)) if len(gaps) else 1.0
    recent = [
        np.bincount(row[then.day > day - days], minlength=len(count)) for days in (_SHORT_DAYS, _LONG_DAYS)
    ]
    return np.column_stack(
        (
            np.log1p(silent),
            np.log(count),
            np.log1p(day - then.day[is_first]),
            np.log1p(recent[0]),
            np.log1p(recent[1]),
            np.log((silent + 0.5) / expected_gaps(then, shop_gap)),
        )
    )


def fit_logistic(features: Floats, happened: Bools) -> Logistic:
    """Newton's method; the ridge keeps weights finite where the features tell the two kinds apart without a mistake."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    rows = np.column_stack((np.ones(len(features)), (features - mean) / spread))
    ridge = np.diag([1e-9, *[RIDGE] * features.shape[1]])
    weights = np.zeros(rows.shape[1])
    curvature = ridge
    for _ in range(NEWTON_STEPS_MAX):
        chance = _logistic(rows @ weights)
        curvature = rows.T @ (rows * (chance * (1 - chance))[:, None]) + ridge
        step = np.linalg.solve(curvature, rows.T @ (happened - chance) - ridge @ weights)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return Logistic(frozen(weights), frozen(np.linalg.inv(curvature)), frozen(mean), frozen(spread))


def _tested(found: Visits, period: Period, horizon_days: int) -> Estimate | TooLittle:
    """Train two horizons ago, foretell one horizon ago, and look at what happened since."""
    cut = period.last_day - horizon_days
    model = train(found, cut - horizon_days, cut)
    if isinstance(model, TooLittle):
        return model
    _, stayed_away = outcome(found, cut, period.last_day)
    return auc(model.logit(features_at(found, cut)), stayed_away)


def _rfm_sum(tickets: Tickets, period: Period, found: Visits) -> NDArray[np.int8] | Ints:
    measures = measure(tickets, period, found)
    scores = quantile_scores(measures)
    return -measures.recency_days if isinstance(scores, TooLittle) else scores.total


def _logistic(logit: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-np.clip(logit, -700, 700)))
    return result
