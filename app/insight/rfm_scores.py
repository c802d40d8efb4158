"""Scores from 1 (worst) to 5 (best) for recency, frequency and money, and the heat map of the first two.

Equal values have equal scores, always. ``rank(method='first')``, which tutorials use, gives different scores to members with the same
number of visits for 88 % of the members of a well-known data set; here ties stay together at their middle rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Bools, Ints, frozen, sums
from app.insight.values import TooLittle

LEVELS: Final = 5
MEMBERS_MIN: Final = 30

Scores8 = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """R, F and M of every member who bought within the window, sorted by member.

    ``recency_days`` counts the days since the last visit (small is good) and is never called R; the score is.
    """

    member: Ints
    recency_days: Ints
    frequency: Ints
    monetary: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.member)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """1 to 5 for each member, in the order of the measures; 5 is the most recent, the most frequent, the dearest."""

    r: Scores8
    f: Scores8
    m: Scores8

    @property
    def total(self) -> Scores8:
        return self.r + self.f + self.m


@dataclass(frozen=True, slots=True)
class ScoreLimits:
    """The owner's own four limits for each letter, from the worst score to the best.

    A member scores one more for each limit reached: at most so many days ago (falling), at least so many visits, at least so much money
    (rising).
    """

    recency_days: tuple[int, int, int, int]
    frequency: tuple[int, int, int, int]
    monetary: tuple[int, int, int, int]

    def __post_init__(self) -> None:
        assert list(self.recency_days) == sorted(self.recency_days, reverse=True)
        assert list(self.frequency) == sorted(self.frequency)
        assert list(self.monetary) == sorted(self.monetary)


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Members and their net sales by R score (row 0 is R 1) and F score (column 0 is F 1)."""

    members: Ints
    net: NDArray[np.int64]
    n: int


def quantile_scores(measures: Measures) -> Scores | TooLittle:
    """Scores by the shop's own fifths: ceil(5 x middle rank / n), ties together. Too little under 30 members."""
    if len(measures) < MEMBERS_MIN:
        return TooLittle("members", len(measures), MEMBERS_MIN)
    return Scores(
        frozen(_fifths(-measures.recency_days)),
        frozen(_fifths(measures.frequency)),
        frozen(_fifths(measures.monetary)),
    )


def limit_scores(measures: Measures, limits: ScoreLimits) -> Scores:
    """Scores by the owner's limits: they mean the same next month, and need no minimum of members."""
    return Scores(
        frozen(_reached(-measures.recency_days, [-days for days in limits.recency_days])),
        frozen(_reached(measures.frequency, limits.frequency)),
        frozen(_reached(measures.monetary, limits.monetary)),
    )


def heat_map(measures: Measures, scores: Scores) -> HeatMap:
    """Every member is in one cell of the 5 x 5."""
    cell = (scores.r.astype(np.int64) - 1) * LEVELS + scores.f - 1
    shape = (LEVELS, LEVELS)
    return HeatMap(
        frozen(np.bincount(cell, minlength=LEVELS * LEVELS).reshape(shape)),
        frozen(sums(cell, measures.monetary, LEVELS * LEVELS).reshape(shape)),
        len(measures),
    )


def _fifths(values: Ints) -> Scores8:
    """A score rises only between different values, so four limits say it all and each member is looked up among four."""
    ordered = np.sort(values)
    changes: Bools = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    starts = np.flatnonzero(changes)
    ends = np.append(starts[1:], len(ordered))
    # The middle rank, counted from 1, of a group from start to end; doubled, to stay among whole numbers.
    doubled_rank = starts + ends + 1
    score = -(-LEVELS * doubled_rank // (2 * len(ordered)))
    limits = [
        ordered[starts[np.searchsorted(score, level)]] for level in range(2, LEVELS + 1) if score[-1] >= level
    ]
    return _reached(values, limits)


def _reached(values: Ints, limits: Any) -> Scores8:
    return (np.searchsorted(np.asarray(limits, dtype=np.int64), values, side="right") + 1).astype(np.int8)
