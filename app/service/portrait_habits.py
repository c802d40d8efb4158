"""What a member's tickets say of their habits: the usual, what they like, their rhythm, what is running out. Pure functions.

The same tickets always give the same answer; where two things tie, the smaller id comes first. Nothing is said from under three tickets.

This runs while the customer stands there: tallies are kept by the id's number, because hashing a UUID itself costs ten times as much.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median_low
from uuid import UUID

from app.domain.ids import ItemId
from app.service.portrait_values import (
    NO_USUAL,
    Liked,
    PartOfDay,
    Refill,
    Rhythm,
    Tally,
    Ticket,
    Usual,
    UsualLine,
    part_of_day,
)

USUAL_TICKETS = 12  # so many of the last tickets of this part of the day are looked at
USUAL_TICKETS_MIN = 3
USUAL_SHARE_PERCENT = 50  # what was on more than half of them is usual
USUAL_LINES_MAX = 8
REFILL_DAYS_MIN = 14  # under two weeks it is a habit of every visit, not something that runs out
REFILL_TIMES_MIN = 3
REFILL_LATE_PERCENT = 90  # from here on it is worth a word
REFILL_LOST_PERCENT = 300  # from here on they buy it elsewhere, or no more
LIKED_MAX = 5


def hour_of(at: int, utc_offset_minutes: int) -> int:
    """The hour on the shop's wall."""
    return (at // 60_000 + utc_offset_minutes) // 60 % 24


def usual_of(tickets: Sequence[Ticket], at: int, utc_offset_minutes: int) -> Usual:
    """What is on most of the last tickets of this part of the day; of any time, where those are too few.

    ``tickets`` are the newest first. A quantity is the one bought most often, of equals the smallest.
    """
    part = part_of_day(hour_of(at, utc_offset_minutes))
    then = [one for one in tickets if part_of_day(hour_of(one.occurred_at, utc_offset_minutes)) is part]
    for looked_at, of_part in ((then[:USUAL_TICKETS], part), (tickets[:USUAL_TICKETS], None)):
        found = _on_most(looked_at, of_part)
        if found.lines:
            return found
    return NO_USUAL


def _on_most(tickets: Sequence[Ticket], part: PartOfDay | None) -> Usual:
    if len(tickets) < USUAL_TICKETS_MIN:
        return NO_USUAL
    quantities: defaultdict[ItemId, Counter[int]] = defaultdict(Counter)
    for ticket in tickets:
        for item_id, quantity in _bought(ticket).items():
            quantities[item_id][quantity] += 1
    lines = [
        UsualLine(
            item_id, "", min(counts, key=lambda quantity: (-counts[quantity], quantity)), counts.total()
        )
        for item_id, counts in quantities.items()
        if 100 * counts.total() > USUAL_SHARE_PERCENT * len(tickets)
    ]
    lines.sort(key=lambda line: (-line.times, line.item_id))
    return Usual(tuple(lines[:USUAL_LINES_MAX]), len(tickets), part)


def _bought(ticket: Ticket) -> Counter[ItemId]:
    """Pieces of each item on one ticket, however many lines they stand on."""
    found: Counter[ItemId] = Counter()
    for line in ticket.lines:
        found[line.item_id] += line.quantity
    return found


class _Tally:
    """One item or category while tickets are counted."""

    __slots__ = ("last_on", "net_minor", "ticket", "tickets")

    def __init__(self, ticket: int, last_on: date, net_minor: int) -> None:
        self.ticket = ticket
        self.tickets = 1
        self.last_on = last_on
        self.net_minor = net_minor

    def add(self, ticket: int, on: date, net_minor: int) -> None:
        self.net_minor += net_minor
        if ticket != self.ticket:
            self.ticket = ticket
            self.tickets += 1
            self.last_on = max(self.last_on, on)


def liked(
    tickets: Iterable[Ticket], key: Callable[[Ticket], Iterable[tuple[UUID, int]]]
) -> tuple[Liked, ...]:
    """What is on the most tickets first; ``key`` gives (id, money) of each line that has one."""
    tallies: dict[UUID, _Tally] = {}
    for number, ticket in enumerate(tickets):
        on = ticket.business_date
        for one, minor in key(ticket):
            tally = tallies.get(one)
            if tally is None:
                tallies[one] = _Tally(number, on, minor)
            else:
                tally.add(number, on, minor)
    found = [Liked(one, "", tally.tickets, tally.last_on, tally.net_minor) for one, tally in tallies.items()]
    return tuple(sorted(found, key=lambda one: (-one.tickets, -one.net_minor, one.id)))


def most_liked(tallies: Iterable[Tally]) -> tuple[Liked, ...]:
    """What is on the most tickets first."""
    found = (Liked(one.id, "", one.tickets, one.last_on, one.net_minor) for one in tallies if one.tickets > 0)
    return tuple(sorted(found, key=lambda one: (-one.tickets, -one.net_minor, one.id)))


def items_of(ticket: Ticket) -> Iterable[tuple[UUID, int]]:
    return ((line.item_id, line.net_minor) for line in ticket.lines)


def categories_of(ticket: Ticket) -> Iterable[tuple[UUID, int]]:
    return ((line.category_id, line.net_minor) for line in ticket.lines if line.category_id is not None)


def parts_of(tickets: Iterable[Ticket], utc_offset_minutes: int) -> tuple[tuple[PartOfDay, int], ...]:
    """Tickets by part of the day, in the order of the day."""
    counts = Counter(part_of_day(hour_of(one.occurred_at, utc_offset_minutes)) for one in tickets)
    return tuple((part, counts[part]) for part in PartOfDay if counts[part])


def main_part(tickets: Iterable[Ticket], utc_offset_minutes: int) -> PartOfDay | None:
    """When they come, if they come at one part of the day more often than not."""
    parts = parts_of(tickets, utc_offset_minutes)
    whole = sum(count for _, count in parts)
    if whole < USUAL_TICKETS_MIN:
        return None
    part, count = max(parts, key=lambda one: one[1])
    return part if 2 * count > whole else None


def rhythm_of(days: Sequence[date], today: date) -> Rhythm:
    """The median of the days between visits, of the days on which they came (oldest first); today's visit is not yet one."""
    past = [day for day in days if day < today]
    came_today = len(past) < len(days)
    gaps = [(after - before).days for before, after in pairwise(past)]
    every = median_low(gaps) if len(gaps) >= USUAL_TICKETS_MIN - 1 else None
    if came_today:
        return Rhythm(every, 0)
    return Rhythm(every, (today - past[-1]).days if past else None)


def refills_of(days: Mapping[ItemId, Sequence[date]], today: date) -> tuple[Refill, ...]:
    """What they buy at an interval of its own and are due to buy again, the latest by that interval first (濾心 上次 5 個月前).

    ``days`` are those on which each item was bought, oldest first, each once.
    """
    found = [refill for item_id, on in days.items() if (refill := _refill(item_id, on, today))]
    return tuple(sorted(found, key=lambda one: (-100 * one.days // one.every_days, one.item_id)))


def _refill(item_id: ItemId, on: Sequence[date], today: date) -> Refill | None:
    if len(on) < REFILL_TIMES_MIN or (today - on[-1]).days < REFILL_DAYS_MIN * REFILL_LATE_PERCENT // 100:
        return None
    every = median_low([(after - before).days for before, after in pairwise(on)])
    since = (today - on[-1]).days
    if every < REFILL_DAYS_MIN or not REFILL_LATE_PERCENT <= 100 * since // every < REFILL_LOST_PERCENT:
        return None
    return Refill(item_id, "", every, since)
