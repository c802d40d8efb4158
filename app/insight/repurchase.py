"""How many buyers buy again, how soon, and how long apart visits are.

A share of first-time buyers counts only those who could be watched for the whole time asked about; the others have not failed to return.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Floats, Ints, Tickets, Visits, frozen, visits
from app.insight.values import Estimate, Period, TooLittle, median_of, proportion, wilson

CURVE_DAYS: Final = 365
GAPS_MIN: Final = 30


@dataclass(frozen=True, slots=True)
class Repurchase:
    """Of ``buyers`` in the period, ``again`` had a second visit in it. ``gap_days`` is the median between two visits."""

    period: Period
    n: int
    again: int
    rate: Estimate | TooLittle
    gap_days: Estimate | TooLittle


@dataclass(frozen=True, slots=True, eq=False)
class SecondVisits:
    """``rate[k]``: the share of first-time buyers back within k days (k from 0), of the ``n[k]`` who could be watched that long."""

    period: Period
    n: Ints
    rate: Floats
    low: Floats
    high: Floats

    def within(self, days: int) -> Estimate | TooLittle:
        """One point of the curve. Too little under 30 watched buyers."""
        watched = int(self.n[days])
        return proportion(round(float(self.rate[days]) * watched), watched, what="first_time_buyers")


def repurchase(tickets: Tickets, period: Period) -> Repurchase:
    """Members with two or more visits in the period among those with one or more."""
    found = visits(tickets, period)
    counts = np.diff(np.flatnonzero(found.is_last), prepend=-1)
    again = int((counts >= 2).sum())
    _, gaps = found.gaps()
    return Repurchase(
        period,
        len(counts),
        again,
        proportion(again, len(counts), what="buyers"),
        median_of(gaps, what="return_visits", n_min=GAPS_MIN),
    )


def second_visits(tickets: Tickets, period: Period, *, known_until: int) -> SecondVisits:
    """The curve of those whose very first visit fell in the period; ``known_until`` is the last day whose tickets are all there."""
    found = visits(tickets).until(known_until)
    return _curve(found, period, known_until)


def _curve(found: Visits, period: Period, known_until: int) -> SecondVisits:
    rows = np.flatnonzero(found.is_first & (found.day >= period.first_day) & (found.day <= period.last_day))
    first = found.day[rows]
    watched = np.minimum(known_until - first, CURVE_DAYS)
    following = np.minimum(rows + 1, max(len(found) - 1, 0))
    comes_again = (following > rows) & (found.member[following] == found.member[rows])
    gap = np.where(comes_again, found.day[following] - first, CURVE_DAYS + 1)
    size = CURVE_DAYS + 1
    n = np.bincount(watched, minlength=size)[::-1].cumsum()[::-1]
    # Back within k days and watched for k: for every k from the gap to the end of the watch.
    came = gap <= watched
    edges = np.bincount(gap[came], minlength=size + 1) - np.bincount(watched[came] + 1, minlength=size + 1)
    hits = edges.cumsum()[:size]
    low, high = wilson(hits, n)
    return SecondVisits(period, frozen(n), frozen(hits / np.maximum(n, 1)), frozen(low), frozen(high))
