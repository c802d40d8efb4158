"""Where members are on their way: new, returning, regular by visits; active, dormant, lost by silence.

"Lost" is never a percentile of the gaps between visits: of those called lost so, four in five came back. It is read off the shop's own
past: how many of those who had been silent for so many days came within the next ninety.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Bools, Floats, Ints, Tickets, Visits, frozen, visits
from app.insight.values import Period, TooLittle, wilson

HORIZON_DAYS: Final = 90
HISTORY_DAYS_MIN: Final = 180
SILENCES_MIN: Final = 30
MEMBERS_MIN: Final = 1
RETURNING_VISITS: Final = 2
REGULAR_VISITS: Final = 4


class ByVisits(IntEnum):
    NEW = 0  # 新客: one visit
    RETURNING = 1  # 回訪: two or three
    REGULAR = 2  # 熟客: four and more


class BySilence(IntEnum):
    ACTIVE = 0  # 活躍
    DORMANT = 1  # 沉睡: fewer than half of them will come within ninety days
    LOST = 2  # 流失: fewer than one in five


@dataclass(frozen=True, slots=True)
class SilenceLimits:
    """Dormant and lost from so many silent days on. ``is_measured``: from the shop's own past, or the owner's setting."""

    dormant_days: int
    lost_days: int
    is_measured: bool = False

    def __post_init__(self) -> None:
        assert 0 < self.dormant_days < self.lost_days


OWNERS_DEFAULT: Final = SilenceLimits(60, 120)


@dataclass(frozen=True, slots=True, eq=False)
class ReturnCurve:
    """``chance[s]``: of those silent for s days, the share who came within ``horizon_days``; with n and Wilson's interval."""

    period: Period
    horizon_days: int
    chance: Floats
    low: Floats
    high: Floats
    n: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Lifecycle:
    """The stage of every member who ever came, sorted by member. ``is_back``: active after a silence that was dormant or longer.

    ``silent_days`` since the newest visit. ``counts[by_visits, by_silence]`` is the funnel.
    """

    period: Period
    n: int
    limits: SilenceLimits
    member: Ints
    by_visits: NDArray[np.int8]
    by_silence: NDArray[np.int8]
    is_back: Bools
    counts: Ints
    silent_days: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Members by silence before (row; 3: had not come yet) and after (column); ``back`` came after being dormant or lost.

    ``was`` is the row of each member of the later answer, in its order.
    """

    counts: Ints
    back: int
    n: int
    was: Ints


def return_curve(found: Visits, period: Period, horizon_days: int = HORIZON_DAYS) -> ReturnCurve | TooLittle:
    """How likely a silent member still comes. Only silences that could be watched for the whole horizon count."""
    if period.days < HISTORY_DAYS_MIN:
        return TooLittle("days", period.days, HISTORY_DAYS_MIN)
    size = period.days + 1
    never = 10 * size
    gap = np.full(len(found), never, dtype=np.int64)
    is_followed = np.flatnonzero(~found.is_last)
    gap[is_followed] = found.day[is_followed + 1] - found.day[is_followed]
    # A silence of s days was watched when the member stayed away for longer and the horizon after it is over.
    watched_to = np.minimum(gap - 1, period.last_day - horizon_days - found.day)
    is_watched = watched_to >= 0
    gap, watched_to = gap[is_watched], watched_to[is_watched]
    n = np.bincount(watched_to, minlength=size)[::-1].cumsum()[::-1]
    begins = np.maximum(gap - horizon_days, 0)
    came = begins <= watched_to
    edges = np.bincount(begins[came], minlength=size + 1) - np.bincount(
        watched_to[came] + 1, minlength=size + 1
    )
    hits = edges.cumsum()[:size]
    enough = int(np.flatnonzero(n >= SILENCES_MIN)[-1]) + 1 if (n >= SILENCES_MIN).any() else 0
    if not enough:
        return TooLittle("silences", int(n[0]) if len(n) else 0, SILENCES_MIN)
    low, high = wilson(hits[:enough], n[:enough])
    return ReturnCurve(
        period,
        horizon_days,
        frozen(hits[:enough] / n[:enough]),
        frozen(low),
        frozen(high),
        frozen(n[:enough]),
    )


def silence_limits(found: Visits, period: Period, owners: SilenceLimits = OWNERS_DEFAULT) -> SilenceLimits:
    """Dormant where the chance falls under a half, lost under a fifth; the owner's setting where the past does not tell.

    Nobody is dormant before half of the visits that do come have come: in a shop with many one-time buyers the chance is under a half
    from the first day on.
    """
    curve = return_curve(found, period)
    _, gaps = found.gaps()
    if isinstance(curve, TooLittle) or len(gaps) < SILENCES_MIN:
        return owners
    dormant, lost = (_first_under(curve.chance, share) for share in (0.5, 0.2))
    if dormant is None or lost is None:
        return owners
    dormant = max(1, dormant, round(float(np.median(gaps))))
    return SilenceLimits(dormant, max(lost, dormant + 1), is_measured=True)


def lifecycle(
    tickets: Tickets,
    period: Period,
    *,
    owners: SilenceLimits = OWNERS_DEFAULT,
    limits: SilenceLimits | None = None,
) -> Lifecycle | TooLittle:
    """The stage of everyone as of the period's last day; give ``limits`` to keep those of an earlier answer."""
    found = visits(tickets, period)
    if not len(found):
        return TooLittle("members", 0, MEMBERS_MIN)
    used = limits or silence_limits(found, period, owners)
    is_last = np.flatnonzero(found.is_last)
    visit_count = np.diff(is_last, prepend=-1)
    silent = period.last_day - found.day[is_last]
    by_visits = (visit_count >= RETURNING_VISITS).astype(np.int8) + (visit_count >= REGULAR_VISITS)
    by_silence = (silent >= used.dormant_days).astype(np.int8) + (silent >= used.lost_days)
    before = found.day[np.maximum(is_last - 1, 0)]
    is_back = (
        (visit_count > 1)
        & (found.day[is_last] - before >= used.dormant_days)
        & (by_silence == BySilence.ACTIVE)
    )
    counts = np.bincount(by_visits.astype(np.int64) * 3 + by_silence, minlength=9).reshape(3, 3)
    return Lifecycle(
        period,
        len(is_last),
        used,
        frozen(found.member[is_last]),
        frozen(by_visits.astype(np.int8)),
        frozen(by_silence.astype(np.int8)),
        frozen(is_back),
        frozen(counts),
        frozen(silent),
    )


def moves(before: Lifecycle, after: Lifecycle) -> Moves:
    """Who changed stage between two days. Everyone who had come before is still among the later ones."""
    assert len(before.member)
    place = np.searchsorted(before.member, after.member)
    place = np.minimum(place, len(before.member) - 1)
    was = np.where(before.member[place] == after.member, before.by_silence[place], 3).astype(np.int64)
    counts = np.bincount(was * 3 + after.by_silence, minlength=12).reshape(4, 3)
    back = int(counts[BySilence.DORMANT : BySilence.LOST + 1, BySilence.ACTIVE].sum())
    return Moves(frozen(counts), back, after.n, frozen(was))


def _first_under(chance: Floats, share: float) -> int | None:
    under = np.flatnonzero(chance < share)
    return int(under[0]) if len(under) else None
