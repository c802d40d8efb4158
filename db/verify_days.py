"""The days that were added up, against the facts: each part is made anew from its stretch of the chain and compared.

What members are owed, by the last part and what lies beyond it, is the sum of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from db.day_fold import fold
from db.days import folded_seq, part_rows, void_rows
from db.engine import Cursor
from db.finding import Finding, Progress

CHECKS: Final = frozenset(("day_off", "day_gap", "day_owed_off"))

STRETCHES: Final = "SELECT DISTINCT first_seq, last_seq FROM day_part ORDER BY first_seq"
PARTS: Final = """
SELECT id, business_date, first_seq, last_seq, points_owed, value_paid_minor, value_bonus_minor, tickets, items
FROM day_part WHERE first_seq = ? ORDER BY id
"""
SUMS: Final = "SELECT figure, key, count, amount FROM day_sum WHERE part_id = ? ORDER BY figure, key"
VOIDS: Final = "SELECT sale_seq, void_seq, late_member FROM day_void ORDER BY sale_seq"
NEWEST: Final = "SELECT coalesce(max(seq), 0) FROM fact"
ANY_ELSEWHERE: Final = "SELECT 1 FROM inbox LIMIT 1"
LEDGER_POINTS: Final = "SELECT coalesce(sum(points), 0) FROM ledger_posting WHERE account = 'member'"
LEDGER_VALUE: Final = """
SELECT coalesce(sum(amount_minor) FILTER (WHERE part = 'paid'), 0), coalesce(sum(amount_minor) FILTER (WHERE part = 'bonus'), 0)
FROM value_posting WHERE holder_id IS NOT NULL
"""


def check_days(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """All of them. A file in which nothing is added up yet promises nothing."""
    folded = folded_seq(cursor)
    if not folded:
        return
    owed, reached = (0, 0, 0), 0
    voids: list[tuple[int, int, int | None]] = []
    for first, last in cursor.execute(STRETCHES).fetchall():
        progress("days", last, folded)
        if first <= reached or last > folded:
            yield Finding("day_gap", f"seq {first}", str(reached))
        found = fold(cursor, first, last)
        stored = cursor.execute(PARTS, (first,)).fetchall()
        start = stored[0][0]
        for row, wanted in zip(stored, list(part_rows(found, start, owed)), strict=False):
            yield from _compared(cursor, row, wanted)
        if len(stored) != len(found.days):
            yield Finding("day_off", f"seq {first}", f"{len(stored)} / {len(found.days)}")
        voids += void_rows(found)
        owed, reached = stored[-1][4:7], last
    if cursor.execute(VOIDS).fetchall() != sorted(voids):
        yield Finding("day_off", "voids")
    yield from _owed(cursor, owed, folded)


def _compared(
    cursor: Cursor, row: Any, wanted: tuple[tuple[object, ...], list[tuple[str, str, int, int]]]
) -> Iterator[Finding]:
    place = f"{row[1]} seq {row[2]}"
    if tuple(row) != wanted[0]:
        yield Finding("day_off", place)
    if [tuple(one) for one in cursor.execute(SUMS, (row[0],)).fetchall()] != wanted[1]:
        yield Finding("day_off", place, "day_sum")


def _owed(cursor: Cursor, owed: tuple[int, int, int], folded: int) -> Iterator[Finding]:
    """Where other tills' entries stand in the ledger, it holds more than ours."""
    if cursor.execute(ANY_ELSEWHERE).fetchone() is not None:
        return
    newest = cursor.execute(NEWEST).fetchone()[0]
    beyond = fold(cursor, folded + 1, newest).days.values()
    points = owed[0] + sum(day.points for day in beyond)
    value = (
        owed[1] + sum(day.value_paid for day in beyond),
        owed[2] + sum(day.value_bonus for day in beyond),
    )
    ledger = cursor.execute(LEDGER_POINTS).fetchone()[0]
    if points != ledger:
        yield Finding("day_owed_off", "points", f"{points} / {ledger}")
    held = cursor.execute(LEDGER_VALUE).fetchone()
    if value != tuple(held):
        yield Finding("day_owed_off", "value", f"{value} / {held}")
