"""What a campaign brought, against members like those it went to, who were left out by lot.

Never before against after, and never those who redeemed against those who did not: a message that does nothing, sent to members who had
just stayed away, "nearly triples" their purchases by itself. Who is left out, and the segment of everybody, are fixed when the
campaign is sent. Each member's own past takes away most of the noise (CUPED; Deng, Xu, Kohavi & Walker 2013, WSDM).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import sqrt
from typing import Final

import numpy as np

from app.insight.columns import Bools, Floats, Ints, frozen
from app.insight.values import CONFIDENCE, Estimate, Period, TooLittle, wilson, z_of

CONTROL_SHARE: Final = 0.2
CONTROL_SHARE_MIN: Final = 0.1
MEMBERS_MIN: Final = 200
EACH_MIN: Final = 20
POWER: Final = 0.8
SHARE_STEPS: Final = 20


class Verdict(Enum):
    WORKS = "works"  # 有效
    CANNOT_TELL = "cannot_tell"  # 看不出來
    BACKFIRES = "backfires"  # 反效果


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Who is left out, drawn when the campaign is sent; ``segment`` is everybody's as of that day and is never looked up again."""

    sent_on: date
    member: Ints
    is_control: Bools
    segment: Ints

    @property
    def n(self) -> int:
        return len(self.member)


@dataclass(frozen=True, slots=True)
class Effect:
    """``each``: what a member who got it bought more than one who did not, minor units. ``incremental`` is that times all who got it.

    ``lift`` is relative to what those without it bought, None where they bought nothing. ``profit`` and ``roi`` take off what it cost; the
    ranges are those of ``each``. ``without_past`` is the half width the interval would have without the members' own past.
    """

    period: Period
    n: int
    treated: int
    control: int
    each: Estimate
    lift: Estimate | None
    incremental: Estimate
    profit: Estimate
    roi: float | None
    verdict: Verdict
    without_past: float


def draw_control(
    member: Ints,
    segment: Ints,
    sent_on: date,
    random: np.random.Generator,
    *,
    share: float = CONTROL_SHARE,
) -> Split | TooLittle:
    """Leave out a share by lot, the same share of each segment. Under 200 members nobody is: the effect cannot be measured."""
    assert CONTROL_SHARE_MIN <= share <= 0.5
    assert len(np.unique(member)) == len(member)
    if len(member) < MEMBERS_MIN:
        return TooLittle("members", len(member), MEMBERS_MIN)
    # Shuffled within each segment, then every so many-th of the row: segments keep their share to within one member.
    order = np.lexsort((random.random(len(member)), segment))
    steps = np.floor(np.arange(len(member) + 1) * share + random.random())
    is_control = np.zeros(len(member), dtype=np.bool_)
    is_control[order] = np.diff(steps) > 0
    return Split(sent_on, frozen(member), frozen(is_control), frozen(segment))


def effect(
    before: Ints,
    after: Ints,
    is_control: Bools,
    period: Period,
    *,
    margin: float = 1.0,
    cost: int = 0,
) -> Effect | TooLittle:
    """From what each member spent in a time before the campaign and in the period after it (minor units), bought or not.

    ``cost`` is everything the campaign cost: discounts given and sending. Too little under 20 members in either group.
    """
    assert len(before) == len(after) == len(is_control)
    control = int(is_control.sum())
    treated = len(is_control) - control
    if min(control, treated) < EACH_MIN:
        return TooLittle("members_in_each_group", min(control, treated), EACH_MIN)
    difference, half = _difference(adjusted(before, after), is_control)
    _, plain_half = _difference(after.astype(np.float64), is_control)
    each = Estimate(difference, difference - half, difference + half, len(after))
    incremental = each.times(treated)
    gain = incremental.times(margin)
    profit = Estimate(gain.value - cost, gain.low - cost, gain.high - cost, len(after))
    return Effect(
        period,
        len(after),
        treated,
        control,
        each,
        _relative(each, float(after[is_control].mean())),
        incremental,
        profit,
        profit.value / cost if cost else None,
        _verdict(each),
        plain_half,
    )


def adjusted(before: Ints, after: Ints) -> Floats:
    """What each bought after, less what their past made expect of it: after - theta (before - its mean), theta = cov / var of all."""
    past, now = before.astype(np.float64), after.astype(np.float64)
    spread = float(past.var())
    theta = float(((past - past.mean()) * (now - now.mean())).mean()) / spread if spread > 0 else 0.0
    result: Floats = now - theta * (past - past.mean())
    return result


def smallest_visible(
    before: Ints, after: Ints, *, members: int, control_share: float = CONTROL_SHARE
) -> float:
    """Which effect for each member such a campaign would show in four of five cases: to be said before it is sent.

    From two equally long times of the past, of the members it is for.
    """
    noise = float(adjusted(before, after).std(ddof=1))
    control = members * control_share
    error = noise * sqrt(1 / control + 1 / (members - control))
    return (z_of(CONFIDENCE) + z_of(2 * POWER - 1)) * error


def share_effect(did: Bools, is_control: Bools) -> Estimate | TooLittle:
    """How many more of those who got it did something, as a share: with the score interval of a difference (Newcombe 1998, method 10)."""
    assert len(did) == len(is_control)
    control = int(is_control.sum())
    treated = len(is_control) - control
    if min(control, treated) < EACH_MIN:
        return TooLittle("members_in_each_group", min(control, treated), EACH_MIN)
    hits = np.array([int(did[~is_control].sum()), int(did[is_control].sum())])
    n = np.array([treated, control])
    (with_it, without), (low, high) = hits / n, wilson(hits, n)
    below = sqrt((with_it - low[0]) ** 2 + (high[1] - without) ** 2)
    above = sqrt((high[0] - with_it) ** 2 + (without - low[1]) ** 2)
    difference = float(with_it - without)
    return Estimate(difference, difference - below, difference + above, len(did))


def smallest_visible_share(base: float, *, members: int, control_share: float = CONTROL_SHARE) -> float:
    """Which rise of a share that is ``base`` without it would show in four of five cases. Never more than there is room for above it."""
    assert 0 <= base <= 1
    control = members * control_share
    treated, z = members - control, z_of(CONFIDENCE) + z_of(2 * POWER - 1)
    rise = 0.1
    for _ in range(SHARE_STEPS):  # the spread depends on the rise itself; it settles within a few steps
        raised = min(1.0, base + rise)
        pooled = (base * control + raised * treated) / members
        rise = z * sqrt(pooled * (1 - pooled) * (1 / control + 1 / treated))
    return min(rise, 1 - base)


def _difference(values: Floats, is_control: Bools) -> tuple[float, float]:
    control, treated = values[is_control], values[~is_control]
    error = sqrt(float(treated.var(ddof=1)) / len(treated) + float(control.var(ddof=1)) / len(control))
    return float(treated.mean() - control.mean()), z_of(CONFIDENCE) * error


def _relative(each: Estimate, base: float) -> Estimate | None:
    return each.times(1 / base) if base > 0 else None


def _verdict(each: Estimate) -> Verdict:
    if each.low > 0:
        return Verdict.WORKS
    if each.high < 0:
        return Verdict.BACKFIRES
    return Verdict.CANNOT_TELL
