"""Proving the books: every promise of the store, checked against what the file really holds.

    findings = verify(engines, is_full=True, progress=print)

Nothing is repaired here. A finding names the check, the place and what was found; an empty tuple means that every promise holds. Without
``is_full`` every sum and every number is checked, and the newest facts with their rows; with it every page, every link, every row.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from app.domain.codec import basket_from_plain
from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from db.engine import PAGE_BYTES, Cursor, Engines, Error, translate
from db.finding import Check, Finding, Progress
from db.head import read_head
from db.incarnation import Mark, Reason, why_new
from db.mark_file import read_mark
from db.verify_days import check_days
from db.verify_facts import check_all_facts, check_newest_facts
from db.verify_feed import check_inbox
from db.verify_loyalty import check_loyalty
from db.verify_rules import check_rules
from db.verify_value import check_value, check_value_facts

__all__ = ["Finding", "Progress", "verify"]

FINDINGS_MAX: Final = 200
SEQS_AT_ONCE: Final = 5_000
WAL_HEADER_BYTES: Final = 32
FRAME_HEADER_BYTES: Final = 24
_DIGITS: Final = re.compile(r"\d+")
_DAMAGED: Final = ("database_corrupt", "database_foreign")


def verify(
    engines: Engines,
    *,
    is_full: bool = False,
    progress: Progress = lambda _step, _done, _total: None,
) -> tuple[Finding, ...]:
    """Every finding, the first FINDINGS_MAX of them. The till may go on selling meanwhile.

    Raises Cancelled when ``progress`` does, and Unavailable when the file cannot be read for a reason other than damage.
    """
    beside = read_mark(engines.path)  # before the snapshot, which then holds all that the mark knows of
    found: list[Finding] = []
    with engines.reading(snapshot=True) as cursor:
        for check in (*_checks(is_full), _mark_check(beside)):
            for finding in _readable(check, cursor, progress):
                found.append(finding)
                if len(found) >= FINDINGS_MAX:
                    return tuple(found)
    return tuple(found)


def _checks(is_full: bool) -> tuple[Check, ...]:
    quick: tuple[Check, ...] = (
        _totals,
        _lines,
        _returned,
        _receipt_numbers,
        _z_numbers,
        _ledger_sums,
        _members,
        _one_original,
        _outbox,
        _baskets,
        check_value,
    )
    if is_full:
        return (
            _pages,
            _structure,
            _references,
            *quick,
            _search,
            check_all_facts,
            check_inbox,
            check_rules,
            check_loyalty,
            check_value_facts,
            check_days,
        )
    return (*quick, check_newest_facts)


def _readable(check: Check, cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """What a check finds; where it meets a damaged page that is the finding, and the next check goes on."""
    try:
        yield from check(cursor, progress)
    except Error as error:
        unavailable = translate(error)
        if unavailable is None or unavailable.code not in _DAMAGED:
            raise
        yield Finding("unreadable", check.__name__.strip("_"), str(error))


# --- the file -------------------------------------------------------------------------------------------------------------


def _pages(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Every page carries its HMAC. What lies in the file below a newer version in the WAL, or is just being written, is no damage."""
    progress("pages", 0, 1)
    damaged = _failing_pages(cursor)
    if damaged:
        newer = _pages_in_wal(Path(cursor.execute("PRAGMA database_list").fetchone()[2]))
        for page in sorted((damaged & _failing_pages(cursor)) - newer):
            yield Finding("page_damaged", str(page))


def _failing_pages(cursor: Cursor) -> set[int]:
    rows = cursor.execute("PRAGMA cipher_integrity_check").fetchall()
    # "HMAC verification failed for page 7"; a file that is cut short has no page number to name.
    return {int(digits[-1]) if (digits := _DIGITS.findall(text)) else 0 for (text,) in rows}


def _pages_in_wal(database: Path) -> set[int]:
    """The pages that have a newer version beside the file (sqlite.org/fileformat2.html, section 4)."""
    pages = set()
    try:
        with Path(f"{database}-wal").open("rb") as wal:
            header = wal.read(WAL_HEADER_BYTES)
            while len(frame := wal.read(FRAME_HEADER_BYTES)) == FRAME_HEADER_BYTES:
                if frame[8:16] != header[16:24]:  # the salt of an earlier round
                    break
                pages.add(int.from_bytes(frame[:4], "big"))
                wal.seek(PAGE_BYTES, os.SEEK_CUR)
    except FileNotFoundError:
        pass
    return pages


def _structure(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """The b-trees hold together, each index has the rows of its table, each value has its column's type."""
    for table in _tables(cursor, progress, "structure"):
        for (text,) in cursor.execute(f'PRAGMA integrity_check("{table}")').fetchall():
            if text != "ok":
                yield Finding("file_damaged", table, str(text))


def _references(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    for table in _tables(cursor, progress, "references"):
        for _, row, parent, _ in cursor.execute(f'PRAGMA foreign_key_check("{table}")').fetchall():
            yield Finding("reference_broken", f"{table} {row}", str(parent))


def _tables(cursor: Cursor, progress: Progress, step: str) -> Iterator[str]:
    """One after the other, so that there is progress and a way to stop."""
    rows = cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    names = ["sqlite_schema", *(name for (name,) in rows)]
    for done, name in enumerate(names):
        progress(step, done, len(names))
        yield name


# --- money ----------------------------------------------------------------------------------------------------------------

TOTALS_OFF: Final = """
SELECT receipt_number, total_minor, lines, tenders, change_minor, rounding_minor FROM (
  SELECT h.receipt_number, h.total_minor, h.change_minor, h.rounding_minor,
    (SELECT coalesce(sum(l.net_minor), 0) FROM sale_line l WHERE l.seq = h.seq) AS lines,
    (SELECT coalesce(sum(t.amount_minor), 0) FROM tender t WHERE t.seq = h.seq) AS tenders
  FROM transaction_header h WHERE h.seq BETWEEN ? AND ? AND h.kind IN ('sale', 'return', 'post_void')
) WHERE total_minor <> lines OR tenders - change_minor <> total_minor + rounding_minor
"""
LINES_OFF: Final = """
SELECT h.receipt_number, l.number FROM sale_line l JOIN transaction_header h ON h.seq = l.seq
WHERE l.seq BETWEEN ? AND ? AND l.net_minor <> l.gross_minor
  + (SELECT coalesce(sum(m.amount_minor), 0) FROM line_modifier m WHERE m.seq = l.seq AND m.line_number = l.number)
"""
# Index sale_line_by_returned. A sale that this file does not hold (sold in another life) cannot be compared.
OVER_RETURNED: Final = """
SELECT r.receipt_number, l.returns_line FROM sale_line l
JOIN fact f ON f.id = l.returns_id JOIN transaction_header r ON r.seq = f.seq
LEFT JOIN sale_line o ON o.seq = r.seq AND o.number = l.returns_line
WHERE l.returns_id IS NOT NULL GROUP BY l.returns_id, l.returns_line
HAVING o.seq IS NULL OR -sum(l.quantity) > o.quantity OR -sum(l.net_minor) > o.net_minor
"""


def _totals(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Total = lines = tenders − change − rounding."""
    for window in _windows(cursor, progress, "totals"):
        for number, total, lines, tenders, change, rounding in cursor.execute(TOTALS_OFF, window).fetchall():
            yield Finding("total_off", number, f"{total} / {lines} / {tenders} - {change} - {rounding}")


def _lines(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Net = gross + every discount."""
    for window in _windows(cursor, progress, "lines"):
        for number, line in cursor.execute(LINES_OFF, window).fetchall():
            yield Finding("line_off", f"{number} / {line}")


def _returned(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Nothing came back more than it was sold, in pieces or in money."""
    progress("returns", 0, 1)
    for number, line in cursor.execute(OVER_RETURNED).fetchall():
        yield Finding("returned_too_much", f"{number} / {line}")


def _windows(cursor: Cursor, progress: Progress, step: str) -> Iterator[tuple[int, int]]:
    """The places of the chain in stretches, first and last inclusive."""
    newest: int = cursor.execute("SELECT coalesce(max(seq), 0) FROM fact").fetchone()[0]
    for first in range(1, newest + 1, SEQS_AT_ONCE):
        progress(step, first, newest)
        yield first, first + SEQS_AT_ONCE - 1


# --- numbers --------------------------------------------------------------------------------------------------------------

NUMBERS: Final = """
SELECT h.receipt_number, h.counter, f.incarnation FROM transaction_header h JOIN fact f ON f.seq = h.seq
WHERE h.seq BETWEEN ? AND ? ORDER BY h.seq
"""
TILL: Final = "SELECT store_code, till_code FROM device"
LETTERS: Final = "SELECT incarnation, letter FROM incarnation ORDER BY first_seq"
Z_NUMBERS: Final = "SELECT z_number, first_seq FROM shift WHERE z_number IS NOT NULL ORDER BY first_seq"
LIVES_BEGUN: Final = "SELECT count(*) FROM incarnation WHERE first_seq > ?"


def _receipt_numbers(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Counters rise by one within a life and never fall; the paper says store, till, letter and counter."""
    store_code, till_code = cursor.execute(TILL).fetchone()
    letters = dict(cursor.execute(LETTERS).fetchall())
    before, life = 0, next(iter(letters), 0)
    for window in _windows(cursor, progress, "numbers"):
        for number, counter, incarnation in cursor.execute(NUMBERS, window).fetchall():
            if number != f"{store_code}-{till_code}-{letters.get(incarnation, '?')}{counter:06d}":
                yield Finding("number_off", number)
            is_next = counter == before + 1
            if not is_next and (incarnation == life or counter <= before):
                yield Finding("number_gap", number, str(before))
            before, life = counter, incarnation
    head = read_head(cursor)
    if head.counter < before or (head.counter > before and head.incarnation == life):
        yield Finding("number_gap", str(head.counter), str(before))


def _z_numbers(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Z numbers rise by one, shift by shift; only a life that began in between may leave some out."""
    progress("numbers", 0, 1)
    before, started = 0, 0
    for z_number, first_seq in cursor.execute(Z_NUMBERS).fetchall():
        skips = z_number > before + 1 and not cursor.execute(LIVES_BEGUN, (max(started, 1),)).fetchone()[0]
        if z_number <= before or skips:
            yield Finding("z_number_off", str(z_number), str(before))
        before, started = max(before, z_number), first_seq
    if read_head(cursor).z_number < before:
        yield Finding("z_number_off", str(read_head(cursor).z_number), str(before))


# --- points and members ---------------------------------------------------------------------------------------------------

UNBALANCED: Final = (
    "SELECT hex(entry_id), sum(points) FROM ledger_posting GROUP BY entry_id HAVING sum(points) <> 0"
)
EMPTY_ENTRIES: Final = """
SELECT hex(e.id) FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.entry_id = e.id)
"""
# Indexes ledger_posting_by_member and transaction_header_by_member.
# Of somebody who was enrolled elsewhere more may have come than who it is.
STRAY_MEMBERS: Final = """
SELECT hex(member_id) FROM (
  SELECT DISTINCT member_id FROM ledger_posting WHERE member_id IS NOT NULL
  UNION SELECT DISTINCT member_id FROM transaction_header WHERE member_id IS NOT NULL
) known WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.id = known.member_id) AND (
  EXISTS (SELECT 1 FROM transaction_header h WHERE h.member_id = known.member_id)
  OR NOT EXISTS (SELECT 1 FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
    JOIN inbox i ON i.id = coalesce(e.fact_id, e.id) AND length(i.body) > 0 WHERE p.member_id = known.member_id))
"""


def _ledger_sums(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """What one account gains another loses."""
    progress("ledger", 0, 1)
    for entry, points in cursor.execute(UNBALANCED).fetchall():
        yield Finding("entry_unbalanced", entry, str(points))
    for (entry,) in cursor.execute(EMPTY_ENTRIES).fetchall():
        yield Finding("entry_empty", entry)


def _members(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Whoever bought something or owns points is known."""
    progress("members", 0, 1)
    for (member,) in cursor.execute(STRAY_MEMBERS).fetchall():
        yield Finding("member_missing", member)


# --- the desk -------------------------------------------------------------------------------------------------------------

TWO_ORIGINALS: Final = """
SELECT transaction_seq, count(*) FROM print_job WHERE transaction_seq IS NOT NULL AND copy_number = 0
GROUP BY transaction_seq, kind HAVING count(*) > 1
"""
# Facts beyond everything that the server ever said it has.
FORGOTTEN: Final = """
SELECT f.seq FROM fact f WHERE f.seq > coalesce((SELECT acknowledged_seq FROM sync_state), 0)
  AND f.seq NOT IN (SELECT seq FROM outbox) ORDER BY f.seq
"""
BASKETS: Final = "SELECT 'draft', body FROM draft UNION ALL SELECT hex(id), body FROM held_sale"


def _one_original(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """At most one unmarked original of each paper."""
    progress("papers", 0, 1)
    for seq, count in cursor.execute(TWO_ORIGINALS).fetchall():
        yield Finding("two_originals", f"seq {seq}", str(count))


def _outbox(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Nothing unsent was forgotten: whatever the server never said it has is waiting."""
    progress("outbox", 0, 1)
    for (seq,) in cursor.execute(FORGOTTEN).fetchall():
        yield Finding("outbox_gap", f"seq {seq}")


def _baskets(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """The draft and every held sale can be taken up again."""
    progress("baskets", 0, 1)
    for place, body in cursor.execute(BASKETS).fetchall():
        try:
            basket_from_plain(json.loads(body))
        except (Refused, *DAMAGE) as error:
            yield Finding("basket_unreadable", place, type(error).__name__)


UNSEARCHABLE: Final = {
    "item_search": "SELECT number FROM item WHERE number NOT IN (SELECT id FROM item_search_docsize)",
    "member_search": "SELECT number FROM member WHERE name <> '' AND number NOT IN (SELECT id FROM member_search_docsize)",
}


def _search(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Whatever can be looked for is in its index."""
    progress("search", 0, 1)
    for index, statement in UNSEARCHABLE.items():
        for (number,) in cursor.execute(statement).fetchall():
            yield Finding("search_missing", f"{index} {number}")


# --- the world beside the file --------------------------------------------------------------------------------------------


def _mark_check(beside: Mark | None) -> Check:
    """The file is the one this till last sold with, as far as the mark beside it knows. Without a mark nothing is known."""

    def mark(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
        progress("mark", 0, 1)
        device = UUID(bytes=cursor.execute("SELECT device_id FROM device").fetchone()[0])
        known = {one for (one,) in cursor.execute("SELECT incarnation FROM incarnation").fetchall()}

        def hash_at(seq: int) -> bytes | None:
            row = cursor.execute("SELECT hash FROM fact WHERE seq = ?", (seq,)).fetchone()
            return None if row is None else row[0]

        reason = why_new(read_head(cursor).mark(device), beside, hash_at, known)
        if beside is not None and reason not in (None, Reason.MARK_MISSING):
            yield Finding("mark_off", f"seq {beside.seq}", str(reason))

    return mark
