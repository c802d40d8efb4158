"""Proving the books: every promise of the store, checked against what the file really holds.

    findings = verify(engines, is_full=True, progress=print)

Nothing is repaired here. A finding names the check, the place and what was expected; an empty tuple means that every promise holds. Without
``is_full`` the newest part of the chain and every sum are checked; with it every page, every link and every row against its fact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.domain.chain import GENESIS, link
from app.domain.codec import parse
from app.domain.errors import Refused
from app.domain.facts import FactKind, entry_from_plain
from app.domain.money import CURRENCIES, Money
from app.domain.settlement import fold
from app.domain.transaction import ControlTransaction, TransactionKind
from db import journal, ledger
from db.engine import Cursor, Engines

QUICK_LINKS: Final = 500
FINDINGS_MAX: Final = 200
PROGRESS_EVERY: Final = 1_000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise. ``check`` is a code (texts: ``verify.<check>``), ``place`` says where."""

    check: str
    place: str
    detail: str = ""


def verify(
    engines: Engines,
    *,
    is_full: bool = False,
    progress: Progress = lambda _step, _done, _total: None,
) -> tuple[Finding, ...]:
    """Every finding, the first FINDINGS_MAX of them. Raises Cancelled when ``progress`` does."""
    found: list[Finding] = []
    with engines.reading(snapshot=True) as cursor:
        for check in _checks(is_full):
            for finding in check(cursor, progress):
                found.append(finding)
                if len(found) >= FINDINGS_MAX:
                    return tuple(found)
    return tuple(found)


_Check = Callable[[Cursor, Progress], Iterator[Finding]]


def _checks(is_full: bool) -> tuple[_Check, ...]:
    quick: tuple[_Check, ...] = (
        _sums,
        _receipt_numbers,
        _ledger_sums,
        _one_original,
        _outbox,
        _foreign_keys,
    )
    if is_full:
        return (_pages, *quick, _whole_chain, _rows_against_facts, _ledger_against_facts, _settlements)
    return (*quick, _end_of_chain)


def _pages(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Every page carries its HMAC, and the b-trees hold together."""
    progress("pages", 0, 1)
    for (text,) in cursor.execute("PRAGMA cipher_integrity_check").fetchall():
        yield Finding("page_damaged", str(text))
    for (text,) in cursor.execute("PRAGMA integrity_check(100)").fetchall():
        if text != "ok":
            yield Finding("file_damaged", str(text))


def _foreign_keys(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    progress("references", 0, 1)
    for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
        yield Finding("reference_broken", f"{table} {row}", str(parent))


TOTALS_OFF: Final = """
SELECT h.receipt_number, h.total_minor, h.change_minor, h.rounding_minor,
  (SELECT coalesce(sum(net_minor), 0) FROM sale_line l WHERE l.seq = h.seq),
  (SELECT coalesce(sum(amount_minor), 0) FROM tender t WHERE t.seq = h.seq)
FROM transaction_header h WHERE h.kind IN ('sale', 'return', 'post_void')
"""
LINES_OFF: Final = """
SELECT h.receipt_number, l.number FROM sale_line l JOIN transaction_header h ON h.seq = l.seq
WHERE l.net_minor <> l.gross_minor
  + (SELECT coalesce(sum(m.amount_minor), 0) FROM line_modifier m WHERE m.seq = l.seq AND m.line_number = l.number)
"""
OVER_RETURNED: Final = """
SELECT r.receipt_number, l.returns_line FROM sale_line l JOIN fact f ON f.id = l.returns_id JOIN transaction_header r ON r.seq = f.seq
JOIN sale_line o ON o.seq = r.seq AND o.number = l.returns_line
GROUP BY l.returns_id, l.returns_line HAVING -sum(l.quantity) > o.quantity OR -sum(l.net_minor) > o.net_minor
"""


def _sums(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Total = lines = tenders − change − rounding; net = gross + modifiers; nothing came back more than it was sold."""
    progress("totals", 0, 1)
    for number, total, change, rounding, lines, tenders in cursor.execute(TOTALS_OFF).fetchall():
        if total != lines or tenders - change != total + rounding:
            yield Finding("total_off", number, f"{total} / {lines} / {tenders} - {change} - {rounding}")
    for number, line in cursor.execute(LINES_OFF).fetchall():
        yield Finding("line_off", f"{number} / {line}")
    for number, line in cursor.execute(OVER_RETURNED).fetchall():
        yield Finding("returned_too_much", f"{number} / {line}")


NUMBERS: Final = "SELECT h.receipt_number, h.counter, f.incarnation FROM transaction_header h JOIN fact f ON f.seq = h.seq ORDER BY h.seq"
Z_NUMBERS: Final = "SELECT z_number FROM shift WHERE z_number IS NOT NULL ORDER BY closed_at, z_number"


def _receipt_numbers(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Counters rise by one within a life, and never fall; Z numbers never repeat."""
    progress("numbers", 0, 1)
    before: dict[int, int] = {}
    for number, counter, incarnation in cursor.execute(NUMBERS).fetchall():
        if not number.endswith(f"{counter:06d}"):
            yield Finding("number_off", number)
        expected = before.get(incarnation)
        if expected is not None and counter != expected + 1:
            yield Finding("number_gap", number, str(expected))
        before[incarnation] = counter
    previous = 0
    for (z_number,) in cursor.execute(Z_NUMBERS).fetchall():
        if z_number <= previous:
            yield Finding("z_number_off", str(z_number))
        previous = z_number


UNBALANCED: Final = (
    "SELECT hex(entry_id), sum(points) FROM ledger_posting GROUP BY entry_id HAVING sum(points) <> 0"
)
EMPTY_ENTRIES: Final = """
SELECT hex(e.id) FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.entry_id = e.id)
"""
STRAY_MEMBERS: Final = """
SELECT DISTINCT hex(p.member_id) FROM ledger_posting p
WHERE p.member_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM member m WHERE m.id = p.member_id)
"""


def _ledger_sums(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """What one account gains another loses."""
    progress("ledger", 0, 1)
    for entry, points in cursor.execute(UNBALANCED).fetchall():
        yield Finding("entry_unbalanced", entry, str(points))
    for (entry,) in cursor.execute(EMPTY_ENTRIES).fetchall():
        yield Finding("entry_empty", entry)
    for (member,) in cursor.execute(STRAY_MEMBERS).fetchall():
        yield Finding("member_missing", member)


TWO_ORIGINALS: Final = """
SELECT transaction_seq, count(*) FROM print_job WHERE transaction_seq IS NOT NULL AND copy_number = 0
GROUP BY transaction_seq, kind HAVING count(*) > 1
"""


def _one_original(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """At most one unmarked original of each paper."""
    progress("papers", 0, 1)
    for seq, count in cursor.execute(TWO_ORIGINALS).fetchall():
        yield Finding("two_originals", f"seq {seq}", str(count))


def _outbox(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Nothing unsent was forgotten: what waits is an unbroken end of the facts."""
    progress("outbox", 0, 1)
    waiting, first, last = cursor.execute("SELECT count(*), min(seq), max(seq) FROM outbox").fetchone()
    newest = cursor.execute("SELECT coalesce(max(seq), 0) FROM fact").fetchone()[0]
    if waiting and last != newest:
        yield Finding("outbox_gap", f"seq {last}", f"fact {newest}")
    if first is not None and first < 1:
        yield Finding("outbox_gap", f"seq {first}")


FACTS_FROM: Final = "SELECT seq, id, incarnation, kind, prev_hash, hash, hlc, body FROM fact WHERE seq >= ? ORDER BY seq LIMIT ?"
_PAGE: Final = 500


def _facts(cursor: Cursor, first: int) -> Iterator[Any]:
    """Facts in order, a page at a time, so that a million of them need no memory."""
    seq = first
    while rows := cursor.execute(FACTS_FROM, (seq, _PAGE)).fetchall():
        yield from rows
        seq = rows[-1][0] + 1


def _whole_chain(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    yield from _chain(cursor, progress, 1)


def _end_of_chain(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    newest = cursor.execute("SELECT coalesce(max(seq), 0) FROM fact").fetchone()[0]
    yield from _chain(cursor, progress, max(1, newest - QUICK_LINKS + 1))


def _chain(cursor: Cursor, progress: Progress, first: int) -> Iterator[Finding]:
    """Each fact's hash covers its place, its bytes and the hash before it; the head is the last of them."""
    device = UUID(bytes=cursor.execute("SELECT device_id FROM device").fetchone()[0])
    lives = dict(cursor.execute("SELECT first_seq, incarnation FROM incarnation").fetchall())
    head_seq, head_hash = cursor.execute("SELECT seq, hash FROM chain_head").fetchone()
    previous, expected_seq, clock = (GENESIS if first == 1 else None), first, 0
    digest = GENESIS
    for seq, _, incarnation, _, before, digest, hlc, body in _facts(cursor, first):
        if seq % PROGRESS_EVERY == 0:
            progress("chain", seq, head_seq)
        if seq != expected_seq and seq not in lives:
            yield Finding("fact_missing", f"seq {expected_seq}")
        if previous is not None and before != previous:
            yield Finding("chain_broken", f"seq {seq}")
        if link(before, device, incarnation, seq, body) != digest:
            yield Finding("fact_changed", f"seq {seq}")
        if hlc <= clock:
            yield Finding("clock_back", f"seq {seq}")
        previous, expected_seq, clock = digest, seq + 1, hlc
    if head_seq >= first and (expected_seq - 1, digest) != (head_seq, head_hash):
        yield Finding("head_off", f"seq {head_seq}", f"fact {expected_seq - 1}")


def _rows_against_facts(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """The columns beside a transaction say what its fact says, and every transaction has both."""
    newest = cursor.execute("SELECT coalesce(max(seq), 0) FROM fact").fetchone()[0]
    kinds = {kind.value for kind in TransactionKind}
    for seq, _, _, kind, _, _, _, body in _facts(cursor, 1):
        if seq % PROGRESS_EVERY == 0:
            progress("rows", seq, newest)
        if kind not in kinds:
            continue
        try:
            transaction = parse(body)
        except (Refused, AssertionError):
            yield Finding("fact_unreadable", f"seq {seq}")
            continue
        for table, wanted in journal.rows_of(seq, transaction).items():
            stored = cursor.execute(journal.SELECT_ROWS[table], (seq,)).fetchall()
            if [tuple(row) for row in stored] != wanted:
                yield Finding("row_differs", f"{table} seq {seq}")


def _ledger_against_facts(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Every points entry stands in the chain, and every one in the chain stands in the ledger, alike."""
    newest = cursor.execute("SELECT coalesce(max(seq), 0) FROM fact").fetchone()[0]
    seen = 0
    for seq, fact_id, _, kind, _, _, _, body in _facts(cursor, 1):
        if kind != FactKind.POINTS_ENTRY:
            continue
        if seen % PROGRESS_EVERY == 0:
            progress("points", seq, newest)
        seen += 1
        entry = entry_from_plain(json.loads(body))
        if ledger.read_entry(cursor, fact_id) != entry:
            yield Finding("entry_differs", f"seq {seq}")
    entries = cursor.execute("SELECT count(*) FROM ledger_entry").fetchone()[0]
    if entries != seen:
        yield Finding("entry_count_off", str(entries), str(seen))


SHIFTS: Final = (
    "SELECT id, z_number, opening_float_minor, currency, closed_at, first_seq FROM shift ORDER BY first_seq"
)
OF_SHIFT: Final = """
SELECT f.body FROM transaction_header h JOIN fact f ON f.seq = h.seq WHERE h.seq >= ? AND h.seq < ? AND h.shift_id = ? ORDER BY h.seq
"""


def _settlements(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Each Z's expected cash is what its transactions add up to."""
    shifts = cursor.execute(SHIFTS).fetchall()
    for place, (shift_id, z_number, opening, currency, closed_at, first) in enumerate(shifts):
        progress("shifts", place, len(shifts))
        if closed_at is None:
            continue
        end = shifts[place + 1][5] if place + 1 < len(shifts) else 2**62
        bodies = cursor.execute(OF_SHIFT, (first, end, shift_id)).fetchall()
        transactions = [parse(body) for (body,) in bodies]
        closing = [
            one for one in transactions if isinstance(one, ControlTransaction) and one.totals is not None
        ]
        if len(closing) != 1 or closing[0].totals is None or closing[0].totals.z_number != z_number:
            yield Finding("closing_missing", f"Z {z_number}")
            continue
        before = [one for one in transactions if one is not closing[0]]
        settlement = fold(before, Money(opening, CURRENCIES[currency]))
        if settlement.expected_cash != closing[0].totals.expected:
            yield Finding("closing_off", f"Z {z_number}")
