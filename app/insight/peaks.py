"""When the shop is busy: tickets and sales of an ordinary hour of each weekday.

Averages are over the days on which the shop was open, and a weekday that was open fewer than four times says so instead. Days and hours
are the shop's own (`columns.local_day_and_hour`), so that a clock change makes no hour of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Bools, Floats, Ints, frozen, sums
from app.insight.values import CONFIDENCE, Period, TooLittle, z_of

WEEKDAYS: Final = 7
HOURS: Final = 24
DAYS_MIN: Final = 4
_THURSDAY: Final = 3  # 1970-01-01


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Rows are weekdays from Monday, columns hours from 0: means of a day, with the half width of their 95 % interval.

    ``open_days[w]`` is how many days row w rests on; ``is_known[w]`` is False where they are too few to show. ``busiest`` is
    (weekday, hour) by tickets.
    """

    period: Period
    n: int
    open_days: Ints
    is_known: Bools
    tickets: Floats
    tickets_half: Floats
    net: Floats
    net_half: Floats
    busiest: tuple[int, int]


def peaks(day: Ints, hour: Ints, net: NDArray[np.int64], period: Period) -> Peaks | TooLittle:
    """From all tickets, members' or not: business day, hour of the shop's clock, net in minor units."""
    inside = (day >= period.first_day) & (day <= period.last_day)
    index, hour, net = (day[inside] - period.first_day).astype(np.int64), hour[inside], net[inside]
    is_open = np.bincount(index, minlength=period.days) > 0
    weekday = weekday_of(np.arange(period.first_day, period.last_day + 1))
    open_days = np.bincount(weekday[is_open], minlength=WEEKDAYS)
    is_known = open_days >= DAYS_MIN
    if not is_known.any():
        return TooLittle("days", int(open_days.max(initial=0)), DAYS_MIN)
    cell = index * HOURS + hour
    size = period.days * HOURS
    tickets, tickets_half = _means(np.bincount(cell, minlength=size), is_open, weekday)
    money, money_half = _means(sums(cell, net, size), is_open, weekday)
    best = int(np.argmax(np.where(is_known[:, None], tickets, -1.0)))
    return Peaks(
        period,
        len(index),
        frozen(open_days),
        frozen(is_known),
        frozen(tickets),
        frozen(tickets_half),
        frozen(money),
        frozen(money_half),
        (best // HOURS, best % HOURS),
    )


def weekday_of(day: Ints) -> Ints:
    """0 is Monday."""
    return (day + _THURSDAY) % WEEKDAYS


def _means(cells: Ints, is_open: Bools, weekday: Ints) -> tuple[Floats, Floats]:
    by_day = cells.reshape(-1, HOURS).astype(np.float64)
    mean, half = np.zeros((WEEKDAYS, HOURS)), np.zeros((WEEKDAYS, HOURS))
    for which in range(WEEKDAYS):
        rows = by_day[is_open & (weekday == which)]
        if len(rows):
            mean[which] = rows.mean(axis=0)
        if len(rows) > 1:
            half[which] = z_of(CONFIDENCE) * rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return mean, half
