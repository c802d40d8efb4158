"""The facts, one after the other: each hangs on the one before, and everything beside the chain says what its fact says.

The body of a fact is the truth; rows, points, events and closings are compared with it. Read a page at a time, so that a million facts need
no memory.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from app.domain.chain import GENESIS, link
from app.domain.codec import from_plain
from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import FactKind, entries_of_fact
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.money import CURRENCIES, Money
from app.domain.settlement import fold
from app.domain.tender import TenderKind
from app.domain.transaction import ControlTransaction, RetailTransaction, Transaction, TransactionKind
from db import journal, ledger
from db.engine import Cursor
from db.feed_books import entry_order
from db.finding import Finding, Progress
from db.head import read_head
from db.statements import placeholders
from db.verify_members import MemberBooks

NEWEST_FACTS: Final = 500
PAGE_FACTS: Final = 500
IDS_AT_ONCE: Final = 500
_TRANSACTION_KINDS: Final = frozenset(kind.value for kind in TransactionKind)
_NO_END: Final = 2**62

FACTS: Final = """
SELECT seq, id, incarnation, kind, occurred_at, hlc, prev_hash, hash, body FROM fact WHERE seq >= ? ORDER BY seq LIMIT ?
"""
CLOCK_GIVEN: Final = "SELECT hlc FROM inbox WHERE id = ? AND hash = ?"
DEVICE: Final = "SELECT device_id FROM device"
LIVES: Final = "SELECT first_seq, incarnation, letter FROM incarnation ORDER BY first_seq"
EVENT_COLUMNS: Final = "seq, kind, occurred_at, operator_id, approved_by"
ROWS: Final = {
    **{
        table: f"SELECT {', '.join(columns)} FROM {table} WHERE seq BETWEEN ? AND ? ORDER BY {', '.join(columns[:3])}"
        for table, columns in journal.COLUMNS.items()
    },
    "audit_event": f"SELECT {EVENT_COLUMNS} FROM audit_event WHERE seq BETWEEN ? AND ? ORDER BY seq",
}
ENTRIES: Final = f"SELECT {', '.join(ledger.ENTRY_COLUMNS)} FROM ledger_entry WHERE id IN "
POSTINGS: Final = f"SELECT {', '.join(ledger.POSTING_COLUMNS)} FROM ledger_posting WHERE entry_id IN "
ENROLLED: Final = "SELECT id FROM member WHERE id IN "
# A fact that tells of many names each of them; a batch of ends is compared entry by entry when it is read.
STRAY_ENTRIES: Final = """
SELECT hex(id) FROM ledger_entry e
WHERE NOT EXISTS (
  SELECT 1 FROM fact WHERE fact.id = coalesce(e.fact_id, e.id)
    AND (kind IN ('points_entry', 'points_entries') OR (e.fact_id IS NOT NULL AND instr(body, lower(hex(e.id)))))
) AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.id = coalesce(e.fact_id, e.id))
"""
IS_ELSEWHERE: Final = "SELECT 1 FROM inbox WHERE id = ? AND length(body) > 0 AND problem = ''"
SHIFTS: Final = "SELECT id, z_number, opening_float_minor, currency FROM shift ORDER BY first_seq"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Fact:
    """A row of ``fact``."""

    seq: int
    id: bytes
    incarnation: int
    kind: str
    occurred_at: int
    hlc: int
    previous: bytes
    hash: bytes
    body: bytes
    plain: dict[str, Any] = field(init=False)  # the body, read; empty when nobody can read it

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", _plain(self.body))

    @property
    def said_kind(self) -> object:
        """What the body says that it is."""
        return self.plain.get("kind")


def check_newest_facts(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """The last NEWEST_FACTS of them: links and rows."""
    newest = cursor.execute("SELECT coalesce(max(seq), 0) FROM fact").fetchone()[0]
    yield from _check(cursor, progress, max(1, newest - NEWEST_FACTS + 1), None)


def check_all_facts(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """All of them, with points that have no fact, and each closing against its shift."""
    closings = _Closings(cursor.execute(SHIFTS).fetchall())
    yield from _check(cursor, progress, 1, closings)
    yield from closings.left_over()
    for (entry,) in cursor.execute(STRAY_ENTRIES).fetchall():
        yield Finding("entry_without_fact", entry)


def _check(cursor: Cursor, progress: Progress, first: int, closings: _Closings | None) -> Iterator[Finding]:
    chain, points = _Chain(cursor, first), _Points()
    members = None if closings is None else MemberBooks(cursor)
    reached = first - 1
    for page in _pages(cursor, first):
        progress("facts", page[-1].seq, chain.head.seq)
        for fact in page:
            yield from chain.follow(fact)
            if members is not None:
                yield from members.follow(_at_its_clock(cursor, fact))
        transactions: dict[int, Transaction] = {}
        yield from _transactions(page, transactions)
        yield from _rows_differ(cursor, page, transactions, reached + 1)
        yield from _entries(cursor, page, points, transactions)
        yield from _enrolled(cursor, page)
        if closings is not None:
            for transaction in transactions.values():
                yield from closings.add(transaction)
        reached = page[-1].seq
    yield from chain.end()
    yield from points.left_over()
    if members is not None:
        yield from members.end(progress)
    for table in ROWS:
        for row in cursor.execute(ROWS[table], (reached + 1, _NO_END)).fetchall():
            yield Finding("row_without_fact", f"{table} seq {row[0]}")


def _at_its_clock(cursor: Cursor, fact: _Fact) -> _Fact:
    """With the clock that the server gave it, where it has: that one decides."""
    row = cursor.execute(CLOCK_GIVEN, (fact.id, fact.hash)).fetchone()
    return fact if row is None or row[0] == fact.hlc else replace(fact, hlc=row[0])


def _pages(cursor: Cursor, first: int) -> Iterator[list[_Fact]]:
    seq = first
    while rows := cursor.execute(FACTS, (seq, PAGE_FACTS)).fetchall():
        yield [_Fact(*row) for row in rows]
        seq = rows[-1][0] + 1


def _plain(body: bytes) -> dict[str, Any]:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _bytes(value: object) -> bytes | None:
    """The id written in a body; a damaged one equals none that is stored."""
    try:
        return None if value is None else bytes.fromhex(str(value))
    except ValueError:
        return b""


# --- the chain ------------------------------------------------------------------------------------------------------------


class _Chain:
    """Each fact's hash covers its place, its bytes and the hash before it; the head is the last of them."""

    def __init__(self, cursor: Cursor, first: int) -> None:
        self.head = read_head(cursor)
        self._device = UUID(bytes=cursor.execute(DEVICE).fetchone()[0])
        self._lives: list[tuple[int, int, str]] = cursor.execute(LIVES).fetchall()
        self._starts = {first_seq for first_seq, _, _ in self._lives}
        self._previous = GENESIS if first == 1 else None
        self._seq, self._clock = first - 1, 0
        self._life = 0

    def follow(self, fact: _Fact) -> Iterator[Finding]:
        place = f"seq {fact.seq}"
        if fact.seq != self._seq + 1 and fact.seq not in self._starts:
            yield Finding("fact_missing", f"seq {self._seq + 1}")
        if self._previous is not None and fact.previous != self._previous:
            yield Finding("chain_broken", place)
        if fact.incarnation != self._life_at(fact.seq):
            yield Finding("life_off", place)
        if link(fact.previous, self._device, fact.incarnation, fact.seq, fact.body) != fact.hash:
            yield Finding("fact_changed", place)
        if fact.hlc <= self._clock:
            yield Finding("clock_back", place)
        self._previous, self._seq, self._clock = fact.hash, fact.seq, fact.hlc

    def end(self) -> Iterator[Finding]:
        """The head says where the chain ends, and in which life the till is."""
        head = self.head
        is_there = self._previous is None or (head.hash == self._previous and head.hlc >= self._clock)
        _, life, letter = self._lives[-1] if self._lives else (0, 0, "")
        if not is_there or head.seq != self._seq:
            yield Finding("head_off", f"seq {head.seq}", f"fact {self._seq}")
        if (head.incarnation, head.letter) != (life, letter):
            yield Finding("life_off", f"seq {head.seq}", head.letter)

    def _life_at(self, seq: int) -> int:
        while self._life < len(self._lives) and self._lives[self._life][0] <= seq:
            self._life += 1
        return self._lives[self._life - 1][1] if self._life else 0


# --- rows -----------------------------------------------------------------------------------------------------------------


def _transactions(page: Iterable[_Fact], into: dict[int, Transaction]) -> Iterator[Finding]:
    """Read every body; what its fact's columns say is what it says itself."""
    for fact in page:
        plain = fact.plain
        place = f"fact seq {fact.seq}"
        if not plain:
            yield Finding("fact_unreadable", place)
            continue
        said = (plain.get("id"), plain.get("kind"), plain.get("at"))
        if said != (fact.id.hex(), fact.kind, fact.occurred_at):
            yield Finding("row_differs", place)
        if fact.said_kind in _TRANSACTION_KINDS:
            try:
                into[fact.seq] = from_plain(plain)
            except (Refused, *DAMAGE):
                yield Finding("fact_unreadable", place)


def _rows_differ(
    cursor: Cursor, page: list[_Fact], transactions: Mapping[int, Transaction], first: int
) -> Iterator[Finding]:
    """Table by table, what is stored for these facts against what it should be."""
    wanted: dict[str, list[Row]] = {table: [] for table in ROWS}
    unreadable = set()
    for fact in page:
        transaction = transactions.get(fact.seq)
        if transaction is not None:
            for table, rows in journal.rows_of(fact.seq, transaction).items():
                wanted[table] += rows
        elif fact.said_kind == FactKind.EVENT:
            wanted["audit_event"].append(_event_row(fact.seq, fact.plain))
        elif not fact.plain or fact.said_kind in _TRANSACTION_KINDS:
            unreadable.add(fact.seq)
    for table, rows in wanted.items():
        stored = cursor.execute(ROWS[table], (first, page[-1].seq)).fetchall()
        if stored == rows:
            continue
        for seq, is_wanted in _different(stored, rows):
            if seq not in unreadable:
                check = "row_differs" if is_wanted else "row_without_fact"
                yield Finding(check, f"{table} seq {seq}")


def _different(stored: Iterable[Row], wanted: Iterable[Row]) -> Iterator[tuple[int, bool]]:
    """The places whose rows are not the wanted ones, and whether any were wanted there."""
    by_seq: tuple[defaultdict[int, list[Row]], defaultdict[int, list[Row]]] = (
        defaultdict(list),
        defaultdict(list),
    )
    for rows, grouped in zip((stored, wanted), by_seq, strict=True):
        for row in rows:
            grouped[row[0]].append(tuple(row))
    for seq in sorted(by_seq[0].keys() | by_seq[1].keys()):
        if by_seq[0].get(seq) != by_seq[1].get(seq):
            yield seq, seq in by_seq[1]


def _event_row(seq: int, plain: Mapping[str, Any]) -> Row:
    operator_id, approved_by = _bytes(plain.get("operator")), _bytes(plain.get("by"))
    return (seq, plain.get("event"), plain.get("at"), operator_id, approved_by)


# --- points and members ---------------------------------------------------------------------------------------------------


def _entries(
    cursor: Cursor, page: Iterable[_Fact], points: _Points, transactions: Mapping[int, Transaction]
) -> Iterator[Finding]:
    """Every points entry in the chain stands in the ledger, alike, and every sale has the ones it tells of."""
    entries: list[tuple[_Fact, LedgerEntry]] = []
    for fact in page:
        try:
            entries += ((fact, entry) for entry in _told_entries(fact, transactions))
        except (Refused, *DAMAGE):
            yield Finding("fact_unreadable", f"fact seq {fact.seq}")
    stored, postings = _stored_entries(cursor, [entry.id.bytes for _, entry in entries])
    by_fact: defaultdict[int, list[LedgerEntry]] = defaultdict(list)
    for fact, entry in entries:
        own = entry.id.bytes
        row = ledger.entry_row(entry, None if own == fact.id else fact.id)
        is_stored = stored.get(own) == row and postings.get(own, []) == ledger.posting_rows(entry)
        if not is_stored and not _gave_way(cursor, entry, stored.get(own)):
            yield Finding("entry_differs", f"seq {fact.seq}")
        by_fact[fact.seq].append(entry)
    for fact in page:
        points.follow(transactions.get(fact.seq), by_fact.get(fact.seq, ()))


def _gave_way(cursor: Cursor, entry: LedgerEntry, stored: Row | None) -> bool:
    """Another till told of the same entry, and its form of it stands: the smaller one, or the one whose fact stands under this id."""
    if stored is None or cursor.execute(IS_ELSEWHERE, (stored[-1] or stored[0],)).fetchone() is None:
        return False
    other = ledger.read_entry(cursor, stored[0])
    assert other is not None
    return stored[-1] is None or entry_order(other) <= entry_order(entry)


def _told_entries(fact: _Fact, transactions: Mapping[int, Transaction]) -> tuple[LedgerEntry, ...]:
    """The points entries that a fact tells of."""
    transaction = transactions.get(fact.seq)
    if transaction is None:
        return entries_of_fact(str(fact.said_kind), fact.plain)
    return transaction.entries if isinstance(transaction, RetailTransaction) else ()


def _stored_entries(cursor: Cursor, ids: list[bytes]) -> tuple[dict[bytes, Row], dict[bytes, list[Row]]]:
    rows: dict[bytes, Row] = {}
    postings: defaultdict[bytes, list[Row]] = defaultdict(list)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        among = f"({placeholders(len(some))})"
        rows |= {row[0]: tuple(row) for row in cursor.execute(ENTRIES + among, some).fetchall()}
        for row in cursor.execute(f"{POSTINGS}{among} ORDER BY entry_id, number", some).fetchall():
            postings[row[0]].append(tuple(row))
    return rows, postings


def _enrolled(cursor: Cursor, page: Iterable[_Fact]) -> Iterator[Finding]:
    """Whoever became a member is one."""
    enrolled = {
        _bytes(fact.plain.get("member")) or b"": fact.seq
        for fact in page
        if fact.said_kind == FactKind.ENROLMENT
    }
    if enrolled:
        ids = list(enrolled)
        rows = cursor.execute(f"{ENROLLED}({placeholders(len(ids))})", ids).fetchall()
        for missing in enrolled.keys() - {row[0] for row in rows}:
            yield Finding("member_missing", missing.hex().upper(), f"seq {enrolled[missing]}")


class _Points:
    """What sales say they earned and spent, against their entries: part of them, or facts that follow in the same unit of work."""

    def __init__(self) -> None:
        self._wanted: dict[UUID, tuple[str, int, int]] = {}

    def follow(self, transaction: Transaction | None, entries: Iterable[LedgerEntry]) -> None:
        if isinstance(transaction, RetailTransaction) and transaction.member_id is not None:
            earned = max(0, transaction.points.earned_by_goods)
            spent = sum(max(0, one.points) for one in transaction.tenders if one.kind is TenderKind.POINTS)
            if earned or spent:
                self._wanted[transaction.header.id] = (transaction.header.receipt_number, earned, spent)
        for entry in entries:
            if entry.transaction_id in self._wanted:
                self._found(entry.transaction_id, entry)

    def _found(self, transaction_id: UUID, entry: LedgerEntry) -> None:
        number, earned, spent = self._wanted.pop(transaction_id)
        if entry.kind is EntryKind.ACCRUAL:
            earned -= entry.member_points
        elif entry.kind is EntryKind.REDEMPTION:
            spent += entry.member_points
        if earned or spent:
            self._wanted[transaction_id] = (number, earned, spent)

    def left_over(self) -> Iterator[Finding]:
        for number, earned, spent in self._wanted.values():
            yield Finding("points_off", number, f"{earned} / {spent}")


# --- closings -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shift:
    """A row of ``shift`` and the transactions that name it so far."""

    z_number: int | None
    opening_float: Money
    transactions: list[Transaction] = field(default_factory=list)
    is_closed: bool = False


class _Closings:
    """Each Z's expected cash is what the transactions of its shift add up to, and nothing is rung on a closed shift."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._shifts = {
            shift_id: _Shift(z_number, Money(opening, CURRENCIES[currency]))
            for shift_id, z_number, opening, currency in rows
            if currency in CURRENCIES
        }

    def add(self, transaction: Transaction) -> Iterator[Finding]:
        header = transaction.header
        shift = self._shifts.get(header.shift_id.bytes)
        if shift is None or shift.is_closed:
            yield Finding("shift_off", header.receipt_number)
            return
        if isinstance(transaction, ControlTransaction) and transaction.totals is not None:
            yield from self._close(shift, transaction)
        else:
            shift.transactions.append(transaction)

    def _close(self, shift: _Shift, closing: ControlTransaction) -> Iterator[Finding]:
        totals = closing.totals
        assert totals is not None
        if totals.z_number != shift.z_number:
            yield Finding("closing_missing", f"Z {totals.z_number}")
        currencies = {one.header.currency for one in shift.transactions} | {closing.header.currency}
        if currencies != {shift.opening_float.currency.code}:
            yield Finding("closing_off", f"Z {totals.z_number}", " ".join(sorted(currencies)))
        else:
            expected = fold(shift.transactions, shift.opening_float).expected_cash
            if (totals.opening_float, totals.expected) != (shift.opening_float, expected):
                yield Finding("closing_off", f"Z {totals.z_number}", str(expected.minor))
        shift.is_closed = True
        shift.transactions.clear()

    def left_over(self) -> Iterator[Finding]:
        """Shifts whose row says closed while no transaction closed them."""
        for shift in self._shifts.values():
            if shift.z_number is not None and not shift.is_closed:
                yield Finding("closing_missing", f"Z {shift.z_number}")
