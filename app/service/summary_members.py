"""Who came: members of some tickets, new, returning, and back after they had lapsed. Plain functions over columns.

New is whoever had no visit before; back is whoever had been away longer than their own habit allows; everyone else who came is returning.
Each member is counted once, however often they came: new goes before back, back before returning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.service.summary_ports import NEVER, NOBODY, TicketColumns
from app.service.summary_values import LapsedRule

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Came:
    """How many members came."""

    all: int
    new: int
    back: int

    @property
    def returning(self) -> int:
        return self.all - self.new - self.back


@dataclass(frozen=True, slots=True, eq=False)
class Visitors:
    """One row for each member who came, sorted by what they spent, most first. ``previous`` and ``habit`` are of the first visit."""

    member: NDArray[Any]
    visits: NDArray[Any]
    net: NDArray[Any]
    previous: NDArray[Any]
    habit: NDArray[Any]
    is_new: NDArray[Any]
    is_back: NDArray[Any]


def is_lapsed(gap: NDArray[Any], habit: NDArray[Any], rule: LapsedRule) -> NDArray[Any]:
    """Whether so many days without a visit are a lapse, for each ticket."""
    own = np.maximum(habit.astype(np.int64) * rule.habit_percent, rule.days_min * 100)
    found: NDArray[Any] = np.where(habit > 0, gap.astype(np.int64) * 100 > own, gap >= rule.days)
    return found


def came_each_day(tickets: TicketColumns, days: Sequence[int], rule: LapsedRule) -> dict[int, Came]:
    """How many came on each of these days (days since 1970-01-01)."""
    chosen = tickets.is_visit & (tickets.member != NOBODY)
    member, day = tickets.member[chosen].astype(np.int64), tickets.day[chosen].astype(np.int64)
    previous, habit = tickets.previous[chosen], tickets.habit[chosen]
    # A member's tickets of one day tell the same of the days before.
    _, first = np.unique(day << 32 | member, return_index=True)
    day, previous, habit = day[first], previous[first], habit[first]
    is_new = previous == NEVER
    is_back = ~is_new & is_lapsed(day - previous, habit, rule)
    found = {}
    for one in days:
        of_day = day == one
        found[one] = Came(int(of_day.sum()), int((of_day & is_new).sum()), int((of_day & is_back).sum()))
    return found


def visitors(tickets: TicketColumns, first_day: int, last_day: int, rule: LapsedRule) -> Visitors:
    """Everyone who came from one day to another. ``net`` is all they paid then, returns taken off."""
    inside = (tickets.day >= first_day) & (tickets.day <= last_day) & (tickets.member != NOBODY)
    member = tickets.member[inside].astype(np.int64)
    is_visit = tickets.is_visit[inside]
    count = int(member.max(initial=-1)) + 1
    net = np.bincount(member, weights=tickets.net[inside], minlength=count).astype(np.int64)
    came = np.bincount(member[is_visit], minlength=count)
    gap = tickets.day[inside] - tickets.previous[inside]
    is_first = is_visit & (tickets.previous[inside] < first_day)
    is_back = is_first & (tickets.previous[inside] != NEVER) & is_lapsed(gap, tickets.habit[inside], rule)
    # Whoever was back on any of their days was back.
    is_back |= is_visit & ~is_first & is_lapsed(gap, tickets.habit[inside], rule)
    back = np.bincount(member[is_back], minlength=count) > 0
    who, first = np.unique(member[is_visit], return_index=True)
    previous, habit = tickets.previous[inside][is_visit][first], tickets.habit[inside][is_visit][first]
    order = np.lexsort((who, -net[who]))
    who, previous, habit = who[order], previous[order], habit[order]
    is_new = previous == NEVER
    return Visitors(who, came[who], net[who], previous, habit, is_new, back[who] & ~is_new)


def count(found: Visitors) -> Came:
    return Came(len(found.member), int(found.is_new.sum()), int(found.is_back.sum()))
