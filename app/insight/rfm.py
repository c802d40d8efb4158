"""RFM: how recently, how often and for how much each member buys, and the eight segments made of that.

A segment is three yes-or-no questions, so every member is in exactly one of the eight. The cut-offs are the owner's, suggested from the
shop's own data and then kept until the owner changes them: a segment that moves by itself is no ground for a campaign. A campaign keeps the
segment as of its send date.

R = days since the last visit, F = visits in the window, M = net sales in the window (returns taken off, never below nothing bought).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Ints, Tickets, Visits, frozen, sums, visits
from app.insight.rfm_scores import Measures, Scores, quantile_scores
from app.insight.values import Estimate, Period, TooLittle, proportion

WINDOW_DAYS: Final = 365
GAP_PERCENTILE: Final = 80
GAPS_MIN: Final = 30
MEMBERS_MIN: Final = 30
EDGE_DAYS: Final = 7


class Segment(IntEnum):
    """The eight, with (near, often, high). The second half is the first without the high spend."""

    KEY_VALUE = 0  # 重要價值: near, often, high
    KEY_KEEP = 1  # 重要保持: far, often, high
    KEY_DEVELOP = 2  # 重要發展: near, seldom, high
    KEY_WIN_BACK = 3  # 重要挽回: far, seldom, high
    PLAIN_VALUE = 4  # 一般價值: near, often, low
    PLAIN_KEEP = 5  # 一般保持: far, often, low
    PLAIN_DEVELOP = 6  # 一般發展: near, seldom, low
    PLAIN_WIN_BACK = 7  # 一般挽回: far, seldom, low


NOT_THERE: Final = len(Segment)  # the ninth row and column of a migration: bought nothing in that window


@dataclass(frozen=True, slots=True)
class Cuts:
    """Near: at most so many days ago. Often: at least so many visits. High: at least so much (minor units)."""

    near_days: int
    often_visits: int
    high_net: int


@dataclass(frozen=True, slots=True)
class SegmentFigures:
    """``share`` is of all scored members; ``mean_recency_days`` is None in an empty segment."""

    segment: Segment
    members: int
    share: Estimate | TooLittle
    net: int
    net_share: float
    mean_recency_days: float | None
    mean_frequency: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Rfm:
    """Everything on the RFM page.

    ``n`` members bought in the period. ``due_to_turn_far`` of them cross the recency cut-off within a week unless they come: how far the
    segments are from being settled.
    """

    period: Period
    n: int
    cuts: Cuts
    measures: Measures
    scores: Scores
    segment: NDArray[np.int8]
    figures: tuple[SegmentFigures, ...]
    due_to_turn_far: int


@dataclass(frozen=True, slots=True, eq=False)
class Migration:
    """Members by segment before (row) and after (column); the ninth of each is "not there"."""

    before: Period
    after: Period
    members: Ints
    n: int
    stayed: Estimate | TooLittle


def rfm(tickets: Tickets, period: Period, cuts: Cuts | None = None) -> Rfm | TooLittle:
    """Score and place every member who bought in the period. Without cuts, those suggested by the data of the period."""
    found = visits(tickets, period)
    measures = measure(tickets, period, found)
    scores = quantile_scores(measures)
    if isinstance(scores, TooLittle):
        return scores
    used = suggest_cuts(measures, found) if cuts is None else cuts
    if isinstance(used, TooLittle):
        return used
    segment = place(measures, used)
    days = measures.recency_days
    turning = int(((days <= used.near_days) & (days + EDGE_DAYS > used.near_days)).sum())
    return Rfm(period, len(measures), used, measures, scores, segment, _figures(measures, segment), turning)


def measure(tickets: Tickets, period: Period, found: Visits | None = None) -> Measures:
    """R, F and M of every member with a visit in the period, as of its last day. ``found`` saves looking for the visits again."""
    found = visits(tickets, period) if found is None else found
    is_last = np.flatnonzero(found.is_last)
    member = found.member[is_last]
    chosen = tickets.within(period)
    count = int(chosen.member.max()) + 1 if len(chosen) else 0
    net = sums(chosen.member, chosen.net, count)
    return Measures(
        frozen(member),
        frozen(period.last_day - found.day[is_last]),
        frozen(np.diff(is_last, prepend=-1)),
        frozen(net[member]),
    )


def suggest_cuts(measures: Measures, found: Visits) -> Cuts | TooLittle:
    """Cut-offs that fill all eight: the 80th percentile of the gaps between visits, and the means of F (at least 2) and M.

    Means of R leave two segments empty, and the median F of a shop whose members mostly came once is 1.
    """
    _, gaps = found.gaps()
    if len(measures) < MEMBERS_MIN:
        return TooLittle("members", len(measures), MEMBERS_MIN)
    if len(gaps) < GAPS_MIN:
        return TooLittle("return_visits", len(gaps), GAPS_MIN)
    return Cuts(
        near_days=round(float(np.percentile(gaps, GAP_PERCENTILE))),
        often_visits=max(2, ceil(float(measures.frequency.mean()))),
        high_net=ceil(float(measures.monetary.mean())),
    )


def place(measures: Measures, cuts: Cuts) -> NDArray[np.int8]:
    """The `Segment` of each member, by three questions."""
    is_far = (measures.recency_days > cuts.near_days).astype(np.int8)
    is_seldom = (measures.frequency < cuts.often_visits).astype(np.int8)
    is_low = (measures.monetary < cuts.high_net).astype(np.int8)
    return frozen(is_low * np.int8(4) + is_seldom * np.int8(2) + is_far)


def migrate(before: Rfm, after: Rfm) -> Migration:
    """Who moved where between two windows. Compare windows placed with the same cuts; every member is counted once."""
    count = 1 + max(
        (int(rfm.measures.member[-1]) for rfm in (before, after) if len(rfm.measures)), default=-1
    )
    was, now = (np.full(count, NOT_THERE, dtype=np.int64) for _ in range(2))
    was[before.measures.member] = before.segment
    now[after.measures.member] = after.segment
    size = NOT_THERE + 1
    members = np.bincount(was * size + now, minlength=size * size).reshape(size, size)
    members[NOT_THERE, NOT_THERE] = 0
    in_both = int(members[:NOT_THERE, :NOT_THERE].sum())
    stayed = proportion(int(np.trace(members)), in_both)
    return Migration(before.period, after.period, frozen(members), int(members.sum()), stayed)


def movers(before: Rfm, after: Rfm, was: int, now: int) -> Ints:
    """The members in one cell of a migration, sorted; ``NOT_THERE`` is the ninth."""
    was_in, is_in = _in_segment(before, was), _in_segment(after, now)
    if was == NOT_THERE:
        return frozen(np.setdiff1d(is_in, before.measures.member))
    if now == NOT_THERE:
        return frozen(np.setdiff1d(was_in, after.measures.member))
    return frozen(np.intersect1d(was_in, is_in))


def _in_segment(found: Rfm, segment: int) -> Ints:
    members: Ints = found.measures.member[found.segment == segment]
    return members


def _figures(measures: Measures, segment: NDArray[np.int8]) -> tuple[SegmentFigures, ...]:
    size = len(Segment)
    members = np.bincount(segment, minlength=size)
    net = sums(segment, measures.monetary, size)
    days = sums(segment, measures.recency_days, size)
    visited = sums(segment, measures.frequency, size)
    total = int(net.sum())
    return tuple(
        SegmentFigures(
            which,
            int(members[which]),
            proportion(int(members[which]), len(measures)),
            int(net[which]),
            float(net[which]) / total if total else 0.0,
            float(days[which] / members[which]) if members[which] else None,
            float(visited[which] / members[which]) if members[which] else None,
        )
        for which in Segment
    )
