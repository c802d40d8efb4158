"""The shapes that go into every analysis: tickets, the visits made of them, and lines.

Members, items and baskets are dense codes from 0; days are business dates as days since 1970-01-01, so that no clock change and no
time zone can move a ticket to another day. Voided tickets stay out. A return lowers the net amount and is no visit, and however many
tickets a member has on one day, it is one visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.insight.values import Period

Ints: TypeAlias = NDArray[np.integer[Any]]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

EXACT_MAX: Final = 2**53  # whole numbers up to here are exact in a float64
_INT32_MAX: Final = 2**31 - 1
_DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True, eq=False)
class Tickets:
    """Completed tickets of members, one row each, in any order.

    ``net`` is in minor units after discounts, below zero where more came back than went out; ``is_purchase`` is False on a ticket that
    only took goods back.
    """

    member: Ints
    day: Ints
    net: Ints
    is_purchase: Bools

    def __post_init__(self) -> None:
        assert len(self.member) == len(self.day) == len(self.net) == len(self.is_purchase)
        assert all(column.dtype.kind in "iu" for column in (self.member, self.day, self.net))
        assert self.is_purchase.dtype == np.bool_

    def __len__(self) -> int:
        return len(self.member)

    def within(self, period: Period) -> Tickets:
        """The tickets of a period; this very value when that is all of them."""
        inside = (self.day >= period.first_day) & (self.day <= period.last_day)
        return self if inside.all() else self.where(inside)

    def where(self, chosen: Bools) -> Tickets:
        return Tickets(self.member[chosen], self.day[chosen], self.net[chosen], self.is_purchase[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """The distinct purchase days of each member: rows sorted by member, then by day."""

    member: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.member)

    @property
    def is_first(self) -> Bools:
        """Whether a row is its member's first."""
        first = np.ones(len(self.member), dtype=np.bool_)
        np.not_equal(self.member[1:], self.member[:-1], out=first[1:])
        return first

    @property
    def is_last(self) -> Bools:
        last = np.ones(len(self.member), dtype=np.bool_)
        np.not_equal(self.member[1:], self.member[:-1], out=last[:-1])
        return last

    def gaps(self) -> tuple[Ints, Ints]:
        """The days between one visit and the next: (member, days), in the order of the rows."""
        same = self.member[1:] == self.member[:-1]
        return self.member[1:][same], np.diff(self.day)[same]

    def until(self, last_day: int) -> Visits:
        inside = self.day <= last_day
        return Visits(self.member[inside], self.day[inside])


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Goods sold, one row for each line of a ticket: which member (-1: a passer-by), basket, item and day. Return lines stay out."""

    member: Ints
    basket: Ints
    item: Ints
    day: Ints

    def __post_init__(self) -> None:
        assert len(self.member) == len(self.basket) == len(self.item) == len(self.day)

    def __len__(self) -> int:
        return len(self.item)

    def where(self, chosen: Bools) -> Lines:
        return Lines(self.member[chosen], self.basket[chosen], self.item[chosen], self.day[chosen])


def visits(tickets: Tickets, period: Period | None = None) -> Visits:
    """Every member's distinct purchase days within the period (default: all days)."""
    chosen = tickets if period is None else tickets.within(period)
    if not chosen.is_purchase.all():
        chosen = chosen.where(chosen.is_purchase)
    if not len(chosen):
        return Visits(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    first = int(chosen.day.min())
    key = distinct_pairs(chosen.member, chosen.day - first, int(chosen.day.max()) - first + 1)
    return Visits(key[0], key[1] + first)


def distinct_pairs(major: Ints, minor: Ints, minor_count: int) -> tuple[Ints, Ints]:
    """The distinct pairs of two code columns, sorted by the first, then by the second."""
    if not len(major):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    assert int(major.min()) >= 0
    minor_count = int(minor_count)
    assert minor_count < _INT32_MAX
    largest = (int(major.max()) + 1) * minor_count
    kind: type[np.signedinteger[Any]] = np.int32 if largest < _INT32_MAX else np.int64
    key = np.multiply(major, kind(minor_count), dtype=kind, casting="unsafe")
    key += minor.astype(kind, copy=False)
    key.sort()
    keep = np.ones(len(key), dtype=np.bool_)
    np.not_equal(key[1:], key[:-1], out=keep[1:])
    key = key[keep]
    first = key // kind(minor_count)
    return first, key - first * kind(minor_count)


def sums(code: Ints, amount: Ints, count: int) -> NDArray[np.int64]:
    """The exact sum of a whole-number column for each code."""
    assert int(np.abs(amount).sum(dtype=np.int64)) < EXACT_MAX if len(amount) else True
    return np.bincount(code, weights=amount, minlength=count).astype(np.int64)


def visit_net(tickets: Tickets, found: Visits) -> NDArray[np.int64]:
    """What each visit brought: the net of its day's tickets, returns of that day taken off."""
    if not len(found):
        return np.empty(0, dtype=np.int64)
    first, last = int(found.day.min()), int(found.day.max())
    span = last - first + 1
    key = found.member.astype(np.int64) * span + (found.day - first)
    inside = (tickets.day >= first) & (tickets.day <= last)
    ticket_key = tickets.member[inside].astype(np.int64) * span + (tickets.day[inside] - first)
    place = np.minimum(np.searchsorted(key, ticket_key), len(key) - 1)
    is_of_visit = key[place] == ticket_key
    return sums(place[is_of_visit], tickets.net[inside][is_of_visit], len(key))


def local_day_and_hour(at_ms: Ints, utc_offset_minutes: Ints) -> tuple[Ints, Ints]:
    """The calendar day and the hour on the shop's own clock; every ticket keeps the offset that was in force when it was made."""
    local = at_ms.astype(np.int64) + utc_offset_minutes.astype(np.int64) * 60_000
    return local // _DAY_MS, local % _DAY_MS // _HOUR_MS


def frozen(column: NDArray[Any]) -> NDArray[Any]:
    """The same column, which nobody can write to any more: what a frozen value holds."""
    column.flags.writeable = False
    return column
