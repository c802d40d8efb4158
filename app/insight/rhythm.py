"""How often each member comes by their own habit, and how long they are overdue by it.

Nothing is said of a member's own habit under three visits; until then, and ever less the more visits there are, the shop's habit stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Bools, Floats, Ints, Tickets, Visits, frozen, visits
from app.insight.values import Estimate, Period, TooLittle, median_of

OWN_GAPS_MIN: Final = 2
GAPS_MIN: Final = 30
SHOP_WEIGHT: Final = 2  # the shop's median gap counts as so many gaps of the member's own


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Every member with a visit in the period, sorted by member, as of its last day.

    ``median_gap``, ``gap_low`` and ``gap_high`` (their quartiles) are the member's own days between visits, NaN under three visits.
    ``expected_gap`` leans on the shop and is always there; ``overdue`` is silent days / expected gap: 1 is "about now", 3 is long overdue.
    """

    period: Period
    n: int
    shop_gap: Estimate
    member: Ints
    visit_count: Ints
    silent_days: Ints
    median_gap: Floats
    gap_low: Floats
    gap_high: Floats
    expected_gap: Floats
    overdue: Floats

    def late(self, *, at_least: float = 2.0, at_most: float = 6.0) -> Bools:
        """Members with a habit of their own whose silence is so many times as long: late, and not yet long gone."""
        chosen: Bools = ~np.isnan(self.median_gap) & (self.overdue >= at_least) & (self.overdue <= at_most)
        return chosen


def rhythm(tickets: Tickets, period: Period) -> Rhythm | TooLittle:
    """The habit of every member who came in the period. Too little under 30 gaps between visits in the whole shop."""
    return rhythm_of(visits(tickets, period), period)


def rhythm_of(found: Visits, period: Period) -> Rhythm | TooLittle:
    """The same from visits that are known already; none is later than the period's last day."""
    gap_member, gaps = found.gaps()
    shop_gap = median_of(gaps, what="return_visits", n_min=GAPS_MIN)
    if isinstance(shop_gap, TooLittle):
        return shop_gap
    is_last = np.flatnonzero(found.is_last)
    visit_count = np.diff(is_last, prepend=-1)
    silent = period.last_day - found.day[is_last]
    assert int(silent.min()) >= 0, "a visit after the day as of which the question is asked"
    low, middle, high = own_quantiles(gap_member, gaps, visit_count - 1)
    expected = expected_gaps(found, shop_gap.value)
    return Rhythm(
        period,
        len(is_last),
        shop_gap,
        frozen(found.member[is_last]),
        frozen(visit_count),
        frozen(silent),
        frozen(middle),
        frozen(low),
        frozen(high),
        frozen(expected),
        frozen(silent / expected),
    )


def expected_gaps(found: Visits, shop_gap: float) -> Floats:
    """(n x own mean gap + 2 x the shop's median gap) / (n + 2) for each member, n being the number of gaps."""
    is_first, is_last = np.flatnonzero(found.is_first), np.flatnonzero(found.is_last)
    span = found.day[is_last] - found.day[is_first]
    expected: Floats = (span + SHOP_WEIGHT * max(shop_gap, 1.0)) / (is_last - is_first + SHOP_WEIGHT)
    return expected


def own_quantiles(gap_member: Ints, gaps: Ints, gap_count: Ints) -> tuple[Floats, Floats, Floats]:
    """The quartiles of each member's gaps, with the median in the middle; NaN where there are under two gaps.

    ``gap_count`` has one number for each member, in the order in which members appear in ``gap_member``; 0 for who does not.
    """
    ordered = gaps[np.lexsort((gaps, gap_member))].astype(np.float64)
    ends = np.cumsum(gap_count)
    has_habit = gap_count >= OWN_GAPS_MIN
    first, last = (ends - gap_count)[has_habit], ends[has_habit] - 1
    found = []
    for share in (0.25, 0.5, 0.75):
        place = first + share * (last - first)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, last)
        column = np.full(len(gap_count), np.nan)
        column[has_habit] = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
        found.append(column)
    return found[0], found[1], found[2]
