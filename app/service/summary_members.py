"""Who came: members of some tickets, new, returning, and back after they had lapsed. Plain functions over columns.

New is whoever had no visit before; back is whoever had been away longer than their own habit allows; everyone else who came is returning.
Each member is counted once, however often they came: new goes before back, back before returning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

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
class Visits:
    """The members' visits among some tickets, in the order of the chain. A member's visits of one day tell the same of the days before."""

    day: NDArray[Any]
    member: NDArray[Any]
    net: NDArray[Any]
    previous: NDArray[Any]
    habit: NDArray[Any]
    is_new: NDArray[Any]
    is_back: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Visitors:
    """One row for each member who came, sorted by number. ``previous`` and ``habit`` are of the first visit, ``net`` is all they paid."""

    member: NDArray[Any]
    visits: NDArray[Any]
    net: NDArray[Any]
    previous: NDArray[Any]
    habit: NDArray[Any]
    is_new: NDArray[Any]
    is_back: NDArray[Any]

    def best(self, most: int) -> NDArray[Any]:
        """The places of those who paid most, the most first."""
        places: NDArray[Any] = np.arange(len(self.member))
        if most < len(places):
            places = np.argpartition(-self.net, most)[:most]
        return places[np.lexsort((self.member[places], -self.net[places]))]


def visits_among(tickets: TicketColumns, rule: LapsedRule) -> Visits:
    chosen = np.flatnonzero(tickets.is_visit & (tickets.member != NOBODY))
    day, previous, habit = tickets.day[chosen], tickets.previous[chosen], tickets.habit[chosen]
    is_new = previous == NEVER
    is_back = is_lapsed(day - previous, habit, rule) & ~is_new
    return Visits(day, tickets.member[chosen], tickets.net[chosen], previous, habit, is_new, is_back)


def is_lapsed(gap: NDArray[Any], habit: NDArray[Any], rule: LapsedRule) -> NDArray[Any]:
    """Whether so many days without a visit are a lapse: more than the habit allows, or the shop's days where there is none."""
    own = np.maximum(habit.astype(np.int32) * rule.habit_percent, rule.days_min * 100)
    found: NDArray[Any] = np.where(habit > 0, gap * 100 > own, gap >= rule.days)
    return found


def came_between(visits: Visits, first_day: int, last_day: int) -> Came:
    """How many came from one day to another (days since 1970-01-01), each counted once."""
    inside = (visits.day >= first_day) & (visits.day <= last_day)
    member = visits.member[inside].astype(np.int64)
    # One sorted row of numbers, with what is told of each beside it: new before back before neither.
    state = np.where(visits.is_new[inside], 0, np.where(visits.is_back[inside], 1, 2))
    key = member << 2 | state
    key.sort()
    first = np.ones(len(key), dtype=np.bool_)
    np.not_equal(key[1:] >> 2, key[:-1] >> 2, out=first[1:])
    counts = np.bincount(key[first] & 3, minlength=3).tolist()
    return Came(sum(counts), counts[0], counts[1])


def came_each_day(visits: Visits, days: Sequence[int]) -> dict[int, Came]:
    """The same for each of these days by itself."""
    if not days:
        return {}
    first, count = min(days), max(days) - min(days) + 1
    inside = (visits.day >= first) & (visits.day < first + count)
    state = visits.is_new[inside] + 2 * visits.is_back[inside]
    key = ((visits.day[inside] - first).astype(np.int64) << _DAY | visits.member[inside]) << 2 | state
    key.sort()
    once = np.ones(len(key), dtype=np.bool_)
    np.not_equal(key[1:], key[:-1], out=once[1:])
    key = key[once]
    counts = np.bincount((key >> _DAY + 2) << 2 | key & 3, minlength=4 * count).reshape(count, 4)
    rows = {day: counts[day - first].tolist() for day in days}
    return {day: Came(sum(row), row[1], row[2]) for day, row in rows.items()}


def visitors(tickets: TicketColumns, visits: Visits, first_day: int, last_day: int) -> Visitors:
    """Everyone who came from one day to another. ``net``: returns are taken off."""
    inside = np.flatnonzero((visits.day >= first_day) & (visits.day <= last_day))
    # One sorted row of numbers: the member, below it which visit it was, and below that what is told of it, so that each member's come
    # together and in their order.
    state = visits.is_new[inside].astype(np.int64) | visits.is_back[inside].astype(np.int64) << 1
    key = visits.member[inside].astype(np.int64) << _DAY | np.arange(len(inside)) << 2 | state
    key.sort()
    member = key >> _DAY
    is_first = np.ones(len(key), dtype=np.bool_)
    np.not_equal(member[1:], member[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    order = inside[(key & ((1 << _DAY) - 1)) >> 2]
    who, first, net = member[starts], order[starts], visits.net[order]
    told = np.bitwise_or.reduceat(key & 3, starts) if len(starts) else key
    new, back = (told & 1).astype(np.bool_), (told & 2).astype(np.bool_)
    return Visitors(
        who,
        np.diff(starts, append=len(key)),
        (np.add.reduceat(net, starts) if len(starts) else net) + _beside(tickets, who, first_day, last_day),
        visits.previous[first],
        visits.habit[first],
        new,
        back & ~new,
    )


def _beside(tickets: TicketColumns, who: NDArray[Any], first_day: int, last_day: int) -> NDArray[Any]:
    """What these members' other tickets add up to: returns, voids, and what was voided. ``who`` is sorted."""
    inside = (tickets.day >= first_day) & (tickets.day <= last_day)
    others = np.flatnonzero(inside & (tickets.member != NOBODY) & ~tickets.is_visit)
    net = np.zeros(len(who), dtype=np.int64)
    if len(others) and len(who):
        place = np.minimum(np.searchsorted(who, tickets.member[others]), len(who) - 1)
        known = who[place] == tickets.member[others]
        np.add.at(net, place[known], tickets.net[others[known]])
    return net


def count(found: Visitors) -> Came:
    return Came(len(found.member), int(found.is_new.sum()), int(found.is_back.sum()))


_DAY: Final = 32  # of a key, what stands above: the day over the member's number, the member's number over the place of a visit
