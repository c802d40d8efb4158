"""The days as the summary reads them: parts that were added up at closings, and what lies beyond them, added up live.

Every reading is one state of the books. A member whose file was merged, whose sale was voided later, or who was at another till, is asked
for anew: what their tickets say of earlier visits was written before that was known.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.domain.ids import ItemId, MemberId
from app.domain.member import ERASED_PREFIX
from app.service.summary_ports import (
    NEVER,
    VISIT,
    DayBook,
    EntryRow,
    ItemColumns,
    MemberName,
    Owed,
    Progress,
    Span,
    Sums,
    TicketColumns,
    TicketRow,
    TicketWish,
)
from db import day_rows
from db.day_columns import ITEM, TICKET, unpacked
from db.day_fold import DayFold, Fold, day_of, fold, habit_of
from db.days import NEWEST, catch_up, closed_until, folded_seq
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.statements import placeholders
from db.types import date_number, number_date, uuid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from db.store import SqliteStore

NUMBERS_AT_ONCE: Final = 500
PARTS_KEPT_MAX: Final = 400  # the newest year, some ten megabytes in a busy shop
ELSEWHERE_GAP_DAYS: Final = 14  # a shorter silence is no return from anywhere

# Index day_part_by_date.
PARTS: Final = (
    "SELECT id, business_date, first_seq, last_seq FROM day_part WHERE business_date BETWEEN ? AND ?"
)
TICKETS: Final = "SELECT id, tickets FROM day_part WHERE id IN "
ITEMS: Final = "SELECT business_date, items FROM day_part WHERE business_date BETWEEN ? AND ?"
DAYS: Final = (
    "SELECT business_date, max(id) FROM day_part WHERE business_date BETWEEN ? AND ? GROUP BY business_date"
)
SUMS: Final = """
SELECT s.figure, s.key, sum(s.count), sum(s.amount) FROM day_part p JOIN day_sum s ON s.part_id = p.id
WHERE p.business_date BETWEEN ? AND ? GROUP BY s.figure, s.key
"""
DAILY: Final = """
SELECT p.business_date, s.figure, s.key, s.count, s.amount FROM day_part p JOIN day_sum s ON s.part_id = p.id
WHERE p.business_date BETWEEN ? AND ?
"""
VOIDED: Final = "SELECT sale_seq FROM day_void WHERE sale_seq BETWEEN ? AND ?"
LATE: Final = "SELECT DISTINCT late_member FROM day_void WHERE late_member IS NOT NULL"
RANGE: Final = "SELECT min(business_date), max(business_date) FROM day_part"
# By the chain, not by the date: a clock that went back never hides what was owed later. Index day_part_by_date alone finds the part;
# left to itself, the planner walks the parts from the newest on, with all their cells.
OWED: Final = """
SELECT points_owed, value_paid_minor, value_bonus_minor FROM day_part
WHERE id = (SELECT max(id) FROM day_part INDEXED BY day_part_by_date WHERE business_date <= ?)
"""
NEWEST_ELSEWHERE: Final = "SELECT count(*) FROM member_visit"
ALIASES_STATE: Final = "SELECT count(*), max(hlc) FROM member_alias"
ALIASES: Final = """
SELECT m.number, s.number FROM member_alias a JOIN member m ON m.id = a.member_id JOIN member s ON s.id = a.survivor_id
"""
ANY_ELSEWHERE: Final = "SELECT 1 FROM member_visit LIMIT 1"
NEWEST_FROM_ELSEWHERE: Final = "SELECT max(feed_seq) FROM inbox"
FROM_ELSEWHERE: Final = (
    "SELECT 1 FROM inbox WHERE kind IN ('points_entry', 'points_entries', 'value_entry') LIMIT 1"
)
# The whole ledger: only where other tills' entries stand in it, which no part of ours has added up.
OWED_POINTS_OF_ALL: Final = """
SELECT coalesce(sum(p.points), 0) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.account = 'member' AND e.business_date <= ?
"""
OWED_VALUE_OF_ALL: Final = """
SELECT coalesce(sum(p.amount_minor) FILTER (WHERE p.part = 'paid'), 0),
  coalesce(sum(p.amount_minor) FILTER (WHERE p.part = 'bonus'), 0)
FROM value_posting p JOIN value_entry e ON e.id = p.entry_id WHERE p.holder_id IS NOT NULL AND e.business_date <= ?
"""
# Indexes transaction_header_by_member, transaction_header_by_voided, member_visit_of_member.
HISTORY_OF_FAMILY: Final = f"""
SELECT count(DISTINCT day), min(day), max(day) FROM (
  SELECT h.business_date AS day FROM transaction_header h
  WHERE h.member_id IN {MEMBER_AND_MERGED} AND h.kind = 'sale' AND h.business_date < ?2
    AND NOT EXISTS (SELECT 1 FROM transaction_header v WHERE v.voids_id = h.id)
  UNION ALL
  SELECT business_date FROM member_visit
  WHERE member_id IN {MEMBER_AND_MERGED} AND kind = 'sale' AND business_date < ?2)
"""
MEMBERS: Final = "SELECT number, id FROM member WHERE number IN "
NAMES: Final = "SELECT number, id, name, phone FROM member WHERE number IN "
ITEMS_BY_NUMBER: Final = "SELECT number, id, name FROM item WHERE number IN "


class SqliteDays:
    """Implements :class:`app.service.summary_ports.DaySource`. May be used from any thread."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._engines: Engines = store.engines
        self._lock = threading.Lock()
        self._live: Fold | None = None
        self._aliases: tuple[object, dict[int, int]] = (None, {})
        self._elsewhere: tuple[int | None, bool] = (None, False)
        self._kept: dict[_Part, _Packed] = {}

    def behind(self) -> int:
        with self._engines.reading() as cursor:
            return max(0, closed_until(cursor) - folded_seq(cursor))

    def catch_up(self, progress: Progress) -> None:
        catch_up(self._store, progress)

    def range(self) -> tuple[date, date] | None:
        with self._engines.reading(snapshot=True) as cursor:
            known = [day for day in cursor.execute(RANGE).fetchone() if day is not None]
            known += self._live_fold(cursor).days
        return (number_date(min(known)), number_date(max(known))) if known else None

    def open_days(self, since: date, until: date) -> Mapping[date, int]:
        between = (date_number(since), date_number(until))
        with self._engines.reading(snapshot=True) as cursor:
            known = dict(cursor.execute(DAYS, between).fetchall())
            known |= dict.fromkeys(_within(self._live_fold(cursor), between), 0)
        return {number_date(day): known[day] for day in sorted(known)}

    def settled(self) -> tuple[object, ...]:
        with self._engines.reading(snapshot=True) as cursor:
            aliases = cursor.execute(ALIASES_STATE).fetchone()
            elsewhere = cursor.execute(NEWEST_ELSEWHERE).fetchone()
            late = cursor.execute(LATE).fetchall()
            voids = [sale for sale, _, _ in self._live_fold(cursor).voids]
        return (aliases, elsewhere, len(late), tuple(voids))

    def read(
        self, tickets: Sequence[Span], *, sums: Sequence[Span] = (), items: Span | None = None
    ) -> DayBook:
        with self._engines.reading(snapshot=True) as cursor:
            live = self._live_fold(cursor)
            parts: dict[int, _Part] = {}
            for span in tickets:
                between = (date_number(span[0]), date_number(span[1]))
                parts |= {row[0]: row for row in cursor.execute(PARTS, between).fetchall()}
            rows = [parts[number] for number in sorted(parts)]
            found = self._part_tickets(cursor, rows)
            # What is not yet in a part comes after them all.
            stretches = {(first, last) for _, _, first, last in rows}
            for day in sorted({day for span in tickets for day in _within(live, _numbers(span))}):
                body = live.days[day].packed_tickets(live.first)
                found.append(_Packed(day, live.first, unpacked(TICKET, body)))
                stretches.add((live.first, live.last))
            columns = self._present(cursor, _tickets(found), live, _voided(cursor, stretches, live))
            return DayBook(
                tuple(_span_sums(cursor, live, span) for span in sums),
                columns,
                self._items(cursor, live, items),
                _joined(stretches),
            )

    def daily(self, since: date, until: date) -> Mapping[date, Sums]:
        between = (date_number(since), date_number(until))
        with self._engines.reading(snapshot=True) as cursor:
            live = _within(self._live_fold(cursor), between)
            rows = cursor.execute(DAILY, between).fetchall()
        return _daily(rows, live)

    def owed(self, on: date) -> Owed:
        with self._engines.reading(snapshot=True) as cursor:
            if self._knows_elsewhere(cursor):
                day = (date_number(on),)
                (points,) = cursor.execute(OWED_POINTS_OF_ALL, day).fetchone()
                return Owed(points, *cursor.execute(OWED_VALUE_OF_ALL, day).fetchone())
            row = cursor.execute(OWED, (date_number(on),)).fetchone() or (0, 0, 0)
            live = self._live_fold(cursor)
            beyond = [found for day, found in live.days.items() if day <= date_number(on)]
        return Owed(
            row[0] + sum(one.points for one in beyond),
            row[1] + sum(one.value_paid for one in beyond),
            row[2] + sum(one.value_bonus for one in beyond),
        )

    def members(self, numbers: Sequence[int]) -> Mapping[int, MemberName]:
        found = {}
        for number, own, name, phone in self._by_number(NAMES, numbers):
            is_erased = phone.startswith(ERASED_PREFIX)
            found[number] = MemberName(MemberId(uuid_of(own)), name, "" if is_erased else phone)
        return found

    def item_ids(self, numbers: Sequence[int]) -> Mapping[int, tuple[ItemId, str]]:
        found = self._by_number(ITEMS_BY_NUMBER, numbers)
        return {number: (ItemId(uuid_of(own)), name) for number, own, name in found}

    def ticket_rows(
        self, since: date, until: date, wish: TicketWish, limit: int, offset: int = 0
    ) -> tuple[TicketRow, ...]:
        book = self.read([(since, until)])
        with self._engines.reading() as cursor:
            return day_rows.ticket_rows(cursor, book.seqs, (since, until), wish, limit, offset)

    def entry_rows(
        self, since: date, until: date, figure: str, kinds: Sequence[str], limit: int, offset: int = 0
    ) -> tuple[EntryRow, ...]:
        book = self.read([(since, until)])
        with self._engines.reading() as cursor:
            return day_rows.entry_rows(cursor, book.seqs, (since, until), figure, kinds, limit, offset)

    # --- inside ----------------------------------------------------------------------------------------------------------

    def _live_fold(self, cursor: Cursor) -> Fold:
        """Whatever lies beyond the parts, as this cursor sees it; only what is new is read."""
        with self._lock:
            start, newest = folded_seq(cursor) + 1, int(cursor.execute(NEWEST).fetchone()[0])
            live = self._live
            if live is None or live.first != start or live.last > newest:
                live = fold(cursor, start, newest)
            elif live.last < newest:
                live.merge(fold(cursor, live.last + 1, newest))
            self._live = live
            # A copy of the outer shell: the next reading merges into the inner days, never into this answer's numbers.
            return Fold(live.first, live.last, dict(live.days), list(live.voids))

    def _knows_elsewhere(self, cursor: Cursor) -> bool:
        """Whether other tills' entries stand in the ledger; looked up again only when something arrived."""
        (newest,) = cursor.execute(NEWEST_FROM_ELSEWHERE).fetchone()
        if newest != self._elsewhere[0]:
            self._elsewhere = (newest, cursor.execute(FROM_ELSEWHERE).fetchone() is not None)
        return self._elsewhere[1]

    def _part_tickets(self, cursor: Cursor, rows: Sequence[_Part]) -> list[_Packed]:
        """A part never changes, so the newest ones asked for are kept."""
        with self._lock:
            kept = {row: self._kept[row] for row in rows if row in self._kept}
        missing = {row[0]: row for row in rows if row not in kept}
        for number, body in _in_chunks(cursor, TICKETS, sorted(missing)):
            row = missing[number]
            kept[row] = _Packed(row[1], row[2], unpacked(TICKET, body))
        with self._lock:
            self._kept.update(kept)
            for old in sorted(self._kept)[: max(0, len(self._kept) - PARTS_KEPT_MAX)]:
                del self._kept[old]
        return [kept[row] for row in rows]

    def _items(self, cursor: Cursor, live: Fold, span: Span | None) -> ItemColumns:
        days: list[int] = []
        found: list[dict[str, NDArray[Any]]] = []
        if span is not None:
            between = (date_number(span[0]), date_number(span[1]))
            rows = cursor.execute(ITEMS, between).fetchall()
            rows += [(day, of_day.packed_items()) for day, of_day in _within(live, between).items()]
            days = [day_of(day) for day, _ in rows]
            found = [unpacked(ITEM, body) for _, body in rows]
        day = np.repeat(np.array(days, np.int32), [len(one["item"]) for one in found])
        return ItemColumns(day=day, **{name: _joined_columns(found, name) for name in ITEM})

    def _present(
        self, cursor: Cursor, columns: dict[str, NDArray[Any]], live: Fold, voided: NDArray[Any]
    ) -> TicketColumns:
        """These tickets, with the members and their past as they are known today."""
        aliases = self._aliases_of(cursor)
        asked_anew = {number for (number,) in cursor.execute(LATE).fetchall()}
        asked_anew |= {number for _, _, number in live.voids if number is not None}
        if aliases:
            survivors = np.arange(1 + max(int(columns["member"].max(initial=0)), *aliases, *aliases.values()))
            for number, survivor in aliases.items():
                survivors[number] = survivor
            member = columns["member"]
            columns["member"] = np.where(member >= 0, survivors[np.maximum(member, 0)], -1)
            asked_anew |= set(aliases.values())
        anew = (
            np.isin(columns["member"], list(asked_anew))
            if asked_anew
            else np.zeros(len(columns["seq"]), bool)
        )
        if cursor.execute(ANY_ELSEWHERE).fetchone() is not None:
            gap = columns["day"] - columns["previous"]
            anew |= (columns["previous"] == NEVER) | (gap >= ELSEWHERE_GAP_DAYS)
        anew &= ((columns["kind"] & VISIT) != 0) & (columns["member"] >= 0)
        if anew.any():
            self._ask_anew(cursor, columns, np.flatnonzero(anew))
        columns["is_voided"] = (
            np.isin(columns["seq"], voided) if len(voided) else np.zeros(len(columns["seq"]), bool)
        )
        for column in columns.values():
            column.flags.writeable = False
        return TicketColumns(**columns)

    def _ask_anew(self, cursor: Cursor, columns: dict[str, NDArray[Any]], places: NDArray[np.intp]) -> None:
        previous, habit = columns["previous"].copy(), columns["habit"].copy()
        numbers = columns["member"][places].tolist()
        ids = dict(_in_chunks(cursor, MEMBERS, sorted(set(numbers))))
        known: dict[tuple[int, int], tuple[int, int]] = {}
        for place, number, day in zip(places.tolist(), numbers, columns["day"][places].tolist(), strict=True):
            key = (number, day)
            if key not in known:
                asked = (ids[number], date_number(_date_of(day)))
                known[key] = habit_of(*cursor.execute(HISTORY_OF_FAMILY, asked).fetchone())
            previous[place], habit[place] = known[key]
        columns["previous"], columns["habit"] = previous, habit

    def _aliases_of(self, cursor: Cursor) -> dict[int, int]:
        state = cursor.execute(ALIASES_STATE).fetchone()
        if self._aliases[0] != state:
            self._aliases = (state, dict(cursor.execute(ALIASES).fetchall()) if state[0] else {})
        return self._aliases[1]

    def _by_number(self, statement: str, numbers: Sequence[int]) -> list[Any]:
        with self._engines.reading() as cursor:
            return _in_chunks(cursor, statement, numbers)


# id, business date, first and last place of a part.
_Part = tuple[int, int, int, int]
_KINDS: Final = {
    "offset": np.int64,
    "gap": np.int32,
    "day": np.int32,
    "member": np.int32,
    "net": np.int64,
    "habit": np.uint16,
    "hour": np.uint8,
    "kind": np.uint8,
    "item": np.int64,
    "quantity": np.int64,
    "lines": np.int64,
}


@dataclass(frozen=True, slots=True, eq=False)
class _Packed:
    """The tickets of one date in one stretch, as the file holds them: columns as narrow as they may be, over the bytes that were read."""

    day: int
    first: int
    columns: Mapping[str, NDArray[Any]]


def _tickets(parts: Sequence[_Packed]) -> dict[str, NDArray[Any]]:
    """All of them below each other, widened once."""
    columns = [part.columns for part in parts]
    sizes = [len(one["gap"]) for one in columns]
    found = {name: _joined_columns(columns, name) for name in TICKET}
    day = np.repeat(np.array([day_of(part.day) for part in parts], np.int32), sizes)
    first = np.repeat(np.array([part.first for part in parts], np.int64), sizes)
    gap = found.pop("gap")
    found["seq"] = found.pop("offset") + first
    found["day"] = day
    found["member"] -= 1
    found["previous"] = np.where(gap > 0, day - gap, np.int32(NEVER))
    return found


def _numbers(span: Span) -> tuple[int, int]:
    return date_number(span[0]), date_number(span[1])


def _joined_columns(parts: Sequence[Mapping[str, NDArray[Any]]], name: str) -> NDArray[Any]:
    if not parts:
        return np.empty(0, _KINDS[name])
    return np.concatenate([part[name] for part in parts], dtype=_KINDS[name], casting="unsafe")


def _within(live: Fold, between: tuple[int, int]) -> dict[int, DayFold]:
    """The dates of a range that are not yet in a part."""
    return {day: found for day, found in live.days.items() if between[0] <= day <= between[1]}


def _span_sums(cursor: Cursor, live: Fold, span: Span) -> Sums:
    between = (date_number(span[0]), date_number(span[1]))
    rows = cursor.execute(SUMS, between).fetchall()
    sums = {(figure, key): (count, amount) for figure, key, count, amount in rows}
    for found in _within(live, between).values():
        _add(sums, found)
    return sums


def _daily(rows: Sequence[Any], live: Mapping[int, DayFold]) -> dict[date, Sums]:
    """By date; a date's parts are added."""
    by_day: dict[int, dict[tuple[str, str], tuple[int, int]]] = {}
    for day, figure, key, count, amount in rows:
        sums = by_day.setdefault(day, {})
        before = sums.get((figure, key), (0, 0))
        sums[figure, key] = (before[0] + count, before[1] + amount)
    for day, found in live.items():
        _add(by_day.setdefault(day, {}), found)
    return {number_date(day): by_day[day] for day in sorted(by_day)}


def _add(sums: dict[tuple[str, str], tuple[int, int]], found: DayFold) -> None:
    for name, (count, amount) in list(found.sums.items()):
        before = sums.get(name, (0, 0))
        sums[name] = (before[0] + count, before[1] + amount)


def _voided(cursor: Cursor, stretches: set[tuple[int, int]], live: Fold) -> NDArray[Any]:
    found: list[int] = [sale for sale, _, _ in live.voids]
    for stretch in _joined(stretches):
        found += [seq for (seq,) in cursor.execute(VOIDED, stretch).fetchall()]
    return np.array(sorted(set(found)), dtype=np.int64)


def _joined(stretches: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Neighbours as one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _in_chunks(cursor: Cursor, statement: str, numbers: Sequence[int]) -> list[Any]:
    rows: list[Any] = []
    for first in range(0, len(numbers), NUMBERS_AT_ONCE):
        some = tuple(map(int, numbers[first : first + NUMBERS_AT_ONCE]))
        rows += cursor.execute(f"{statement}({placeholders(len(some))})", some).fetchall()
    return rows


def _date_of(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


_EPOCH: Final = date(1970, 1, 1).toordinal()
