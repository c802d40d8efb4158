"""Small tables written by hand, and random ones, for the tests of app.insight."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from hypothesis import strategies as st

from app.insight.columns import Lines, Tickets
from app.insight.values import Period, day_number

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
FIRST = day_number(date(2026, 1, 1))


def tickets_of(rows: Iterable[tuple[Any, ...]]) -> Tickets:
    """(member, date or day of the year from 0, net[, is_purchase]) for each ticket."""
    table = [(*row, True)[:4] for row in rows]
    return Tickets(
        np.array([row[0] for row in table], dtype=np.int64),
        np.array([_day(row[1]) for row in table], dtype=np.int64),
        np.array([row[2] for row in table], dtype=np.int64),
        np.array([row[3] for row in table], dtype=np.bool_),
    )


def lines_of(rows: Iterable[tuple[int, int, int, int]]) -> Lines:
    """(member, basket, item, day of the year from 0) for each line."""
    table = np.array(list(rows), dtype=np.int64).reshape(-1, 4)
    return Lines(table[:, 0], table[:, 1], table[:, 2], table[:, 3] + FIRST)


def random_tickets(
    seed: int, *, members: int = 60, count: int = 400, days: int = 365, returns: float = 0.05
) -> Tickets:
    """A shop of members of whom some come far more often than others."""
    random = np.random.default_rng(seed)
    member = (members * random.random(count) ** 2).astype(np.int64)
    day = FIRST + random.integers(0, days, count)
    is_purchase = random.random(count) >= returns
    net = random.integers(10, 2_000, count) * np.where(is_purchase, 1, -1)
    return Tickets(member, day, net, is_purchase)


def shuffled(tickets: Tickets, seed: int) -> Tickets:
    return tickets.where(np.random.default_rng(seed).permutation(len(tickets)))  # type: ignore[arg-type]


def seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**32 - 1)


def _day(day: date | int) -> int:
    return day_number(day) if isinstance(day, date) else FIRST + day
