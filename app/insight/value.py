"""What a member is worth: visits to come (BG/NBD) times what a visit brings (Gamma-Gamma) times the margin.

Made for totals and for the ordinary newcomer. For one person it is a range, never a single figure under three visits, and for ranking the
best customers their own past spend is as good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from app.insight.bgnbd import (
    DAYS_PER_WEEK,
    BgNbd,
    Histories,
    expected_visits,
    fit_bgnbd,
    histories,
    newcomer,
    p_alive,
)
from app.insight.columns import Bools, Floats, Ints, Tickets, Visits, frozen, visit_net, visits
from app.insight.gamma_gamma import GammaGamma, expected_spend, fit_gamma_gamma
from app.insight.values import CONFIDENCE, Estimate, Period, TooLittle, z_of

YEAR_WEEKS: Final = 52
RANGE_SHARE: Final = 0.8
SINGLE_FIGURE_VISITS: Final = 3
VISITS_MAX: Final = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What each member brings in the next ``weeks``, in minor units times ``margin``: estimates, not money.

    ``low`` to ``high`` holds a member's own in about four of five cases. ``is_single``: enough visits to show ``value`` beside its range.
    ``newcomer`` is the first year of an ordinary new member, the first visit included; ``curve[w]`` is the same until w weeks.
    """

    period: Period
    weeks: int
    margin: float
    n: int
    member: Ints
    visits: Floats
    spend: Floats
    value: Floats
    low: Floats
    high: Floats
    is_single: Bools
    newcomer: Estimate
    curve: Floats
    visit_model: BgNbd
    spend_model: GammaGamma


@dataclass(frozen=True, slots=True, eq=False)
class SpentSinceFirst:
    """``mean[w]``: what members had spent w weeks after their first visit, of the ``n[w]`` who could be watched that long."""

    mean: Floats
    n: Ints


def spent_since_first(tickets: Tickets, period: Period, weeks: int = YEAR_WEEKS) -> SpentSinceFirst:
    """What really came of new members, to be held beside the model. Returns are taken off; who was watched too shortly is left out."""
    found = visits(tickets.within(period))
    first = np.flatnonzero(found.is_first)
    member, began = found.member[first], found.day[first]
    watched = np.minimum((period.last_day - began) // DAYS_PER_WEEK, weeks)
    size = weeks + 2
    n = np.bincount(watched, minlength=size)[::-1].cumsum()[::-1]
    inside = tickets.within(period)
    if not len(member):
        return SpentSinceFirst(np.zeros(weeks + 1), n[: weeks + 1])
    place = np.minimum(np.searchsorted(member, inside.member), len(member) - 1)
    since = inside.day - began[place]
    # A ticket counts from the first week that ends after it until its member could be watched no longer.
    week = -(-since // DAYS_PER_WEEK)
    counts = (member[place] == inside.member) & (since >= 0) & (week <= watched[place])
    net, row = inside.net[counts], place[counts]
    edges = np.bincount(week[counts], weights=net, minlength=size)
    edges -= np.bincount(watched[row] + 1, weights=net, minlength=size)
    total = edges.cumsum()[: weeks + 1]
    n = n[: weeks + 1]
    return SpentSinceFirst(frozen(total / np.maximum(n, 1)), frozen(n))


def lifetime_value(
    tickets: Tickets, period: Period, *, margin: float = 1.0, weeks: int = YEAR_WEEKS
) -> Value | TooLittle:
    """The value of everyone who came in the period. Too little where either model has too little to learn from."""
    assert 0 <= margin <= 1
    found = visits(tickets, period)
    known = histories(found, period)
    visit_model = fit_bgnbd(known)
    if isinstance(visit_model, TooLittle):
        return visit_model
    own_mean = repeat_mean(tickets, found)
    spend_model = fit_gamma_gamma(known.x, own_mean, period)
    if isinstance(spend_model, TooLittle):
        return spend_model
    coming = expected_visits(visit_model, known, weeks)
    spend = expected_spend(spend_model, known.x, own_mean)
    low, high = visit_range(visit_model, known, weeks)
    return Value(
        period,
        weeks,
        margin,
        len(known.x),
        known.member,
        coming,
        spend,
        frozen(coming * spend * margin),
        frozen(low * spend * margin),
        frozen(high * spend * margin),
        frozen(known.x + 1 >= SINGLE_FIGURE_VISITS),
        _newcomer(visit_model, spend_model, weeks, margin),
        frozen(
            np.array([_first_weeks(visit_model, week) for week in range(weeks + 1)])
            * spend_model.shop_mean
            * margin
        ),
        visit_model,
        spend_model,
    )


def repeat_mean(tickets: Tickets, found: Visits) -> Floats:
    """The mean net of each member's repeat visits; 0 where there are none. Sorted by member."""
    net = visit_net(tickets, found)
    row = np.cumsum(found.is_first) - 1
    is_repeat = ~found.is_first
    count = np.bincount(row[is_repeat], minlength=int(row[-1]) + 1 if len(row) else 0)
    total = np.bincount(row[is_repeat], weights=net[is_repeat], minlength=len(count))
    return frozen(np.where(count > 0, total / np.maximum(count, 1), 0.0))


def visit_range(
    model: BgNbd, known: Histories, weeks: float, share: float = RANGE_SHARE
) -> tuple[Floats, Floats]:
    """Between how many visits a member will come in ``share`` of all cases.

    Gone members come no more; the others' visits are taken as negative binomial of shape r + x around what is expected of them alive.
    """
    alive = p_alive(model, known)
    mean = expected_visits(model, known, weeks) / np.maximum(alive, 1e-12)
    shape = model.r + known.x
    stop = mean / (mean + shape)
    chance = (1 - stop) ** shape * alive
    reached = chance + 1 - alive
    low, high = np.zeros(len(mean)), np.zeros(len(mean))
    tails = ((1 - share) / 2, 1 - (1 - share) / 2)
    open_rows = np.arange(len(mean))
    for count in range(VISITS_MAX):
        low[open_rows] += reached[open_rows] < tails[0]
        beyond = reached[open_rows] < tails[1]
        high[open_rows] += beyond
        open_rows = open_rows[beyond]
        if not len(open_rows):
            break
        rows = open_rows
        chance[rows] *= stop[rows] * (shape[rows] + count) / (count + 1)
        reached[rows] += chance[rows]
    return low, high


def _first_weeks(model: BgNbd, weeks: float) -> float:
    """Visits of a new member: the first, and those to be expected after it."""
    return 1 + (float(expected_visits(model, newcomer(model.period), weeks)[0]) if weeks else 0.0)


def _newcomer(visit_model: BgNbd, spend_model: GammaGamma, weeks: int, margin: float) -> Estimate:
    """The first year's worth; the interval is that of the fitted parameters (delta method over their logarithms)."""
    value = _first_weeks(visit_model, weeks) * spend_model.shop_mean * margin
    slopes = [
        _slope(lambda logs: _visits_at(visit_model, logs, weeks), np.log(visit_model.parameters)),
        _slope(_mean_at, np.log([spend_model.p, spend_model.q, spend_model.v])),
    ]
    variances = [
        float(slope @ found.covariance @ slope)
        for slope, found in zip(slopes, (visit_model.fit, spend_model.fit), strict=True)
    ]
    half = z_of(CONFIDENCE) * sqrt(max(sum(variances), 0.0)) * value
    return Estimate(value, max(0.0, value - half), value + half, visit_model.n)


def _visits_at(model: BgNbd, logs: Floats, weeks: int) -> float:
    r, alpha, a, b = (float(value) for value in np.exp(logs))
    moved = BgNbd(model.period, model.n, r, alpha, a, b, model.log_likelihood, model.fit)
    return float(np.log(_first_weeks(moved, weeks)))


def _mean_at(logs: Floats) -> float:
    p, q, v = np.exp(logs)
    return float(np.log(p * v / max(q - 1, 1e-6)))


def _slope(function: Callable[[Floats], float], logs: Floats) -> Floats:
    step = 1e-4
    ends = [
        (function(logs + nudge) - function(logs - nudge)) / (2 * step) for nudge in np.eye(len(logs)) * step
    ]
    return np.array(ends)
