"""The days added up: written when a shift closes, caught up after an upgrade, read together with what has happened since.

A part covers a stretch of the chain and is written once. ``day_state.folded_seq`` says how far: whatever lies beyond is added up live, in
memory, a few facts at a time. So a sale's own commit writes nothing here, and no figure is ever stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from db.day_fold import FORM, DayFold, Fold, fold
from db.engine import Cursor
from db.statements import insert, upsert

if TYPE_CHECKING:
    from app.service.summary_ports import Progress
    from db.store import SqliteStore

# A closing adds up no more than this: a longer past waits for the catching up, which shows how far it is.
CLOSING_FACTS_MAX: Final = 100_000
FACTS_AT_ONCE: Final = 20_000

STATE: Final = "SELECT folded_seq, form FROM day_state"
PUT_STATE: Final = upsert("day_state", "one", "folded_seq", "form")
NEWEST: Final = "SELECT coalesce(max(seq), 0) FROM fact"
# What is closed: everything before the shift that is open.
OPEN_FROM: Final = "SELECT first_seq FROM shift WHERE closed_at IS NULL"
LAST_OWED: Final = (
    "SELECT points_owed, value_paid_minor, value_bonus_minor FROM day_part ORDER BY id DESC LIMIT 1"
)
NEXT_PART: Final = "SELECT coalesce(max(id), 0) + 1 FROM day_part"
INSERT_PART: Final = insert(
    "day_part",
    "id",
    "business_date",
    "first_seq",
    "last_seq",
    "points_owed",
    "value_paid_minor",
    "value_bonus_minor",
    "tickets",
    "items",
)
INSERT_SUM: Final = insert("day_sum", "part_id", "figure", "key", "count", "amount")
INSERT_VOID: Final = insert("day_void", "sale_seq", "void_seq", "late_member")
FORGET: Final = (
    "DELETE FROM day_sum",
    "DELETE FROM day_part",
    "DELETE FROM day_void",
    "DELETE FROM day_state",
)


def folded_seq(cursor: Cursor) -> int:
    """How far the chain is added up; 0 where nothing is, or where it is in an older form."""
    row = cursor.execute(STATE).fetchone()
    return 0 if row is None or row[1] != FORM else int(row[0])


def fold_at_closing(cursor: Cursor) -> None:
    """In the closing's own commit: everything up to and with it."""
    first, newest = folded_seq(cursor) + 1, _newest(cursor)
    if 0 <= newest - first < CLOSING_FACTS_MAX:
        write(cursor, fold(cursor, first, newest))


def fold_stretch(cursor: Cursor, last: int) -> int:
    """The next stretch that is not added up yet, up to ``last`` at most. Returns the place that was reached."""
    first = folded_seq(cursor) + 1
    if first == 1:
        for statement in FORGET:  # parts in an older form
            cursor.execute(statement)
    reached = min(first + FACTS_AT_ONCE - 1, last)
    write(cursor, fold(cursor, first, reached))
    return reached


def closed_until(cursor: Cursor) -> int:
    """The last place that belongs to no open shift."""
    row = cursor.execute(OPEN_FROM).fetchone()
    return _newest(cursor) if row is None else int(row[0]) - 1


def catch_up(store: SqliteStore, progress: Progress) -> None:
    """Add up every closed shift, a commit for each stretch."""
    with store.engines.reading() as cursor:
        start, last = folded_seq(cursor), closed_until(cursor)
    reached = start
    while reached < last:
        progress(reached - start, last - start)
        with store.begin() as work:
            if folded_seq(work.cursor) >= last:
                return
            reached = fold_stretch(work.cursor, last)
            work.commit()
    progress(max(0, last - start), max(0, last - start))


def write(cursor: Cursor, found: Fold) -> None:
    """A part for each date of the stretch, and how far the chain is added up now."""
    part = cursor.execute(NEXT_PART).fetchone()[0]
    for row, sums in part_rows(found, part, last_owed(cursor)):
        cursor.execute(INSERT_PART, row)
        cursor.executemany(INSERT_SUM, [(row[0], *one) for one in sums])
    cursor.executemany(INSERT_VOID, void_rows(found))
    cursor.execute(PUT_STATE, (1, found.last, FORM))


def part_rows(
    found: Fold, part: int, owed: tuple[int, int, int]
) -> Iterator[tuple[tuple[object, ...], list[tuple[str, str, int, int]]]]:
    """Each date's row and its sums; numbered from ``part`` on, owing on from ``owed``."""
    for number, (day, of_day) in enumerate(found.days.items(), part):
        owed = _owed_after(owed, of_day)
        row = (
            number,
            day,
            found.first,
            found.last,
            *owed,
            of_day.packed_tickets(found.first),
            of_day.packed_items(),
        )
        yield row, of_day.sum_rows()


def void_rows(found: Fold) -> list[tuple[int, int, int | None]]:
    """A sale that was added up in an earlier stretch was voided late: later visits of its member had counted it."""
    return [
        (sale, void, member if sale < found.first else None) for sale, void, member in sorted(found.voids)
    ]


def last_owed(cursor: Cursor) -> tuple[int, int, int]:
    row = cursor.execute(LAST_OWED).fetchone()
    return (0, 0, 0) if row is None else (row[0], row[1], row[2])


def _owed_after(owed: tuple[int, int, int], day: DayFold) -> tuple[int, int, int]:
    return owed[0] + day.points, owed[1] + day.value_paid, owed[2] + day.value_bonus


def _newest(cursor: Cursor) -> int:
    return int(cursor.execute(NEWEST).fetchone()[0])
