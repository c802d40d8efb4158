"""The usual: what one member takes nearly every time, for one tap at the till.

Works on the lines of that one member alone, so it is exact offline and needs no training. Under three visits there is no usual.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Ints, Lines
from app.insight.values import CONFIDENCE, Estimate, Period, TooLittle, wilson

VISITS_MIN: Final = 3
TIMES_MIN: Final = 3
ITEM_SHARE_MIN: Final = 1 / 3
BASKET_SHARE_MIN: Final = 1 / 2
LIMIT: Final = 5


@dataclass(frozen=True, slots=True)
class UsualItem:
    """Taken on ``share`` of the member's days. ``gap_days`` is the median between two of them; due: at least that long ago."""

    item: int
    times: int
    share: Estimate
    gap_days: float
    days_since: int
    is_due: bool


@dataclass(frozen=True, slots=True)
class Usual:
    """``items`` from the most usual on; ``basket`` are those taken at least every second time. ``n`` visit days."""

    period: Period
    n: int
    items: tuple[UsualItem, ...]
    basket: tuple[int, ...]


def usual(lines: Lines, period: Period, *, limit: int = LIMIT) -> Usual | TooLittle:
    """From the lines of one member; days are visits, so two tickets of a day count once."""
    inside = (lines.day >= period.first_day) & (lines.day <= period.last_day)
    day, item = lines.day[inside], lines.item[inside]
    days = len(np.unique(day))
    if days < VISITS_MIN:
        return TooLittle("visits", days, VISITS_MIN)
    found = [
        _item(int(code), np.unique(day[item == code]), days, period.last_day) for code in np.unique(item)
    ]
    kept = [one for one in found if one.times >= TIMES_MIN and one.share.value >= ITEM_SHARE_MIN]
    kept.sort(key=lambda one: (-one.times, one.days_since, one.item))
    basket = tuple(one.item for one in kept if one.share.value >= BASKET_SHARE_MIN)
    return Usual(period, days, tuple(kept[:limit]), basket)


def _item(item: int, on: Ints, days: int, today: int) -> UsualItem:
    low, high = wilson(np.array([len(on)]), np.array([days]), CONFIDENCE)
    gap = float(np.median(np.diff(on))) if len(on) > 1 else float("inf")
    since = today - int(on[-1])
    share = Estimate(len(on) / days, float(low[0]), float(high[0]), days)
    return UsualItem(item, len(on), share, gap, since, since >= gap)
