"""Points entries as rows and back. Entries are only ever appended; a lot's balance is the sum of its postings.

These functions take a cursor, so that a reader and a unit of work see with the same eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.ids import EntryId, LotId, MemberId, TransactionId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Lot, Posting
from db.engine import Cursor
from db.statements import insert
from db.types import (
    date_number,
    date_number_or_none,
    id_bytes_or_none,
    number_date,
    number_date_or_none,
    uuid_of,
)

# A row's values stand in the order of these columns.
ENTRY_COLUMNS: Final = (
    "id",
    "kind",
    "member_id",
    "transaction_id",
    "occurred_at",
    "business_date",
    "expires_on",
    "note",
    "source",
    "fact_id",
)
POSTING_COLUMNS: Final = (
    "entry_id",
    "number",
    "account",
    "points",
    "member_id",
    "lot_id",
    "occurred_at",
    "expires_on",
    "usable_on",
)
INSERT_ENTRY: Final = insert("ledger_entry", *ENTRY_COLUMNS)
INSERT_POSTING: Final = insert("ledger_posting", *POSTING_COLUMNS)
# A member and everyone whose file was merged into theirs. Primary key and index member_alias_of_survivor.
MEMBER_AND_MERGED: Final = "(SELECT ?1 UNION ALL SELECT member_id FROM member_alias WHERE survivor_id = ?1)"
# Index ledger_posting_by_member, nothing else.
LOTS: Final = f"""
SELECT member_id, lot_id, min(occurred_at), max(expires_on), max(usable_on), sum(points) FROM ledger_posting
WHERE member_id IN {MEMBER_AND_MERGED} GROUP BY member_id, lot_id
"""
# The same for what may be spent on a day (?2), as app.domain.ledger.spendable counts it.
SPENDABLE: Final = f"""
SELECT coalesce(sum(held), 0) FROM (
  SELECT sum(points) AS held, max(expires_on) AS ends, max(usable_on) AS begins FROM ledger_posting
  WHERE member_id IN {MEMBER_AND_MERGED} GROUP BY member_id, lot_id
) WHERE held < 0 OR ((ends IS NULL OR ends >= ?2) AND (begins IS NULL OR begins <= ?2))
"""
BALANCE: Final = f"SELECT coalesce(sum(points), 0) FROM ledger_posting WHERE member_id IN {MEMBER_AND_MERGED}"
_ENTRY: Final = """
SELECT id, kind, member_id, transaction_id, occurred_at, business_date, expires_on, note, source FROM ledger_entry
"""
ENTRY: Final = f"{_ENTRY} WHERE id = ?"
# The same index finds the entries; a member has hundreds of them at most.
ENTRIES: Final = f"""
{_ENTRY} WHERE id IN (SELECT entry_id FROM ledger_posting WHERE member_id IN {MEMBER_AND_MERGED})
ORDER BY occurred_at DESC, id DESC LIMIT ?2
"""
POSTINGS: Final = """
SELECT account, points, lot_id, member_id, usable_on FROM ledger_posting WHERE entry_id = ? ORDER BY number
"""

# (place, entry) of the entries that the facts from place ?1 to ?2 tell of one by one: a fact of their own, or part of a ticket's.
# A damaged fact tells of none: ``verify`` finds it, and a report still adds up the others.
TOLD_BETWEEN: Final = """(
  SELECT f.seq AS seq, f.id AS entry FROM fact f WHERE f.seq BETWEEN ?1 AND ?2 AND f.kind = 'points_entry'
  UNION ALL
  SELECT f.seq, unhex(told.value ->> 'id') FROM fact f
  JOIN json_each(CASE WHEN json_valid(CAST(f.body AS TEXT)) THEN CAST(f.body AS TEXT) ELSE '{}' END, '$.entries') told
  WHERE f.seq BETWEEN ?1 AND ?2 AND f.kind IN ('sale', 'return', 'post_void')
)"""


def write_entry(cursor: Cursor, entry: LedgerEntry, fact_id: bytes | None = None) -> None:
    """``fact_id``: the fact that tells of it, where it has none of its own."""
    cursor.execute(INSERT_ENTRY, entry_row(entry, fact_id))
    rows = posting_rows(entry)
    cursor.executemany(INSERT_POSTING, rows)
    assert cursor.rowcount == len(rows), "every posting of an entry is written"


def write_entries(cursor: Cursor, entries: Sequence[LedgerEntry], fact_id: bytes) -> None:
    """Many that one fact tells of."""
    cursor.executemany(INSERT_ENTRY, [entry_row(entry, fact_id) for entry in entries])
    cursor.executemany(INSERT_POSTING, [row for entry in entries for row in posting_rows(entry)])


def entry_row(entry: LedgerEntry, fact_id: bytes | None = None) -> tuple[object, ...]:
    """What the file holds of an entry beside its postings."""
    return (
        entry.id.bytes,
        entry.kind._value_,
        entry.member_id.bytes,
        id_bytes_or_none(entry.transaction_id),
        entry.occurred_at,
        date_number(entry.business_date),
        date_number_or_none(entry.expires_on),
        entry.note,
        entry.source,
        fact_id,
    )


def posting_rows(entry: LedgerEntry) -> list[tuple[object, ...]]:
    """What the file holds of an entry's postings, in their order."""
    entry_id, member_id = entry.id.bytes, entry.member_id.bytes
    opens = (date_number_or_none(entry.expires_on), date_number_or_none(entry.usable_on))
    return [
        _posting_row(entry_id, number, posting, member_id, entry.occurred_at, opens)
        for number, posting in enumerate(entry.postings, 1)
    ]


_OPENS_NOTHING: Final = (None, None)


def _posting_row(
    entry_id: bytes,
    number: int,
    posting: Posting,
    member_id: bytes,
    occurred_at: int,
    opens: tuple[int | None, int | None],
) -> tuple[object, ...]:
    lot_id = posting.lot_id
    if lot_id is None:
        return (
            entry_id,
            number,
            posting.account._value_,
            posting.points,
            *(None, None, occurred_at, None, None),
        )
    owner = member_id if posting.owner is None else posting.owner.bytes
    days = opens if posting.points > 0 else _OPENS_NOTHING
    return (
        entry_id,
        number,
        posting.account._value_,
        posting.points,
        owner,
        lot_id.bytes,
        occurred_at,
        *days,
    )


def lots_of(cursor: Cursor, member_id: MemberId) -> tuple[Lot, ...]:
    """Every lot the member ever had, spent ones included: their debts and their ages matter. Also the lots of merged files."""
    own = member_id.bytes
    return tuple(
        Lot(
            LotId(uuid_of(lot_id)),
            opened_at,
            number_date_or_none(expires_on),
            points,
            number_date_or_none(usable_on),
            None if owner == own else MemberId(uuid_of(owner)),
        )
        for owner, lot_id, opened_at, expires_on, usable_on, points in cursor.execute(LOTS, (own,)).fetchall()
    )


def spendable_of(cursor: Cursor, member_id: MemberId, on: date) -> int:
    points: int = cursor.execute(SPENDABLE, (member_id.bytes, date_number(on))).fetchone()[0]
    return points


def balance_of(cursor: Cursor, member_id: MemberId) -> int:
    balance: int = cursor.execute(BALANCE, (member_id.bytes,)).fetchone()[0]
    return balance


def entries_of(cursor: Cursor, member_id: MemberId, limit: int) -> tuple[LedgerEntry, ...]:
    """Newest first."""
    rows = cursor.execute(ENTRIES, (member_id.bytes, limit)).fetchall()
    return tuple(_entry(cursor, row) for row in rows)


def read_entry(cursor: Cursor, entry_id: bytes) -> LedgerEntry | None:
    row = cursor.execute(ENTRY, (entry_id,)).fetchone()
    return None if row is None else _entry(cursor, row)


def _entry(cursor: Cursor, row: Any) -> LedgerEntry:
    entry_id, kind, member_id, transaction_id, occurred_at, business_date, expires_on, note, source = row
    rows = cursor.execute(POSTINGS, (entry_id,)).fetchall()
    return LedgerEntry(
        id=EntryId(UUID(bytes=entry_id)),
        kind=EntryKind(kind),
        member_id=MemberId(UUID(bytes=member_id)),
        transaction_id=None if transaction_id is None else TransactionId(UUID(bytes=transaction_id)),
        occurred_at=occurred_at,
        business_date=number_date(business_date),
        postings=tuple(
            Posting(
                Account(account),
                points,
                None if lot_id is None else LotId(UUID(bytes=lot_id)),
                None if owner is None or owner == member_id else MemberId(UUID(bytes=owner)),
            )
            for account, points, lot_id, owner, _ in rows
        ),
        expires_on=number_date_or_none(expires_on),
        note=note,
        source=source,
        usable_on=number_date_or_none(
            next((usable_on for *_, usable_on in rows if usable_on is not None), None)
        ),
    )
