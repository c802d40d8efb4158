"""The retention triangle: of the members whose first visit fell in one month, how many came in each month after it.

A month that is not over is never compared with one that is: its cells are there, marked incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from app.insight.columns import Bools, Floats, Ints, Tickets, distinct_pairs, frozen, visits
from app.insight.values import Estimate, Period, TooLittle, proportion, wilson

COHORT_MIN: Final = 30


@dataclass(frozen=True, slots=True, eq=False)
class Triangle:
    """``active[c, k]``: how many of cohort c came in the k-th calendar month after their first; column 0 is the cohort itself.

    ``is_complete[c, k]``: that month was over on the period's last day. ``rate``, ``low`` and ``high`` are shares with Wilson's interval.
    """

    period: Period
    n: int
    months: tuple[date, ...]
    size: Ints
    active: Ints
    is_complete: Bools
    rate: Floats
    low: Floats
    high: Floats

    def cell(self, cohort: int, month: int) -> Estimate | TooLittle | None:
        """What one cell may say: None while the month is not over, too little under 30 members in the cohort."""
        if not self.is_complete[cohort, month]:
            return None
        return proportion(int(self.active[cohort, month]), int(self.size[cohort]), n_min=COHORT_MIN)


def triangle(tickets: Tickets, period: Period) -> Triangle | TooLittle:
    """Cohorts of the period, a row for each of its months. The tickets must go back to the shop's first, or old members look new."""
    found = visits(tickets)
    found = found.until(period.last_day)
    month_of = month_number(found.day)
    first_month = month_of[found.is_first][np.cumsum(found.is_first) - 1]
    start, end = (int(month_number(np.array([day]))[0]) for day in (period.first_day, period.last_day))
    is_ours = first_month >= start
    if not is_ours.any():
        return TooLittle("members", 0, 1)
    size = end - start + 1
    member, later = distinct_pairs(found.member[is_ours], (month_of - first_month)[is_ours], size)
    cohort_of = np.zeros(int(found.member.max()) + 1, dtype=np.int64)
    cohort_of[found.member] = first_month - start
    active = np.bincount(cohort_of[member] * size + later, minlength=size * size).reshape(size, size)
    full_months = int(month_number(np.array([period.last_day + 1]))[0]) - start
    is_complete = np.add.outer(np.arange(size), np.arange(size)) < full_months
    people = active[:, 0]
    low, high = wilson(active, people[:, None])
    return Triangle(
        period,
        int(people.sum()),
        tuple(_first_of(start + index) for index in range(size)),
        frozen(people),
        frozen(active),
        frozen(is_complete),
        frozen(active / np.maximum(people, 1)[:, None]),
        frozen(low),
        frozen(high),
    )


def came(tickets: Tickets, found: Triangle, cohort: int, month: int) -> Ints:
    """The members in one cell: of the cohort's, those who came in the ``month``-th month after their first. Sorted."""
    visited = visits(tickets).until(found.period.last_day)
    month_of = month_number(visited.day)
    first_month = month_of[visited.is_first][np.cumsum(visited.is_first) - 1]
    start = int(month_number(np.array([found.period.first_day]))[0])
    chosen = (first_month == start + cohort) & (month_of - first_month == month)
    return frozen(np.unique(visited.member[chosen]))


def month_number(day: Ints) -> Ints:
    """Months since January 1970."""
    months: Ints = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def _first_of(month: int) -> date:
    return date(1970 + month // 12, month % 12 + 1, 1)
