"""Reads why a balance is what it is. Everything comes from the member's stretch of one index; only open lots are looked at closely."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.ids import EntryId, LotId, MemberId, TransactionId
from app.domain.ledger import EntryKind, Lot
from app.domain.statement import BalanceStatement, LotOrigin, Movement, OpenLot, statement_of
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.types import number_date, number_date_or_none

MOVEMENTS_MAX: Final = 40
EPOCH: Final = date(1970, 1, 1).toordinal()
FIRST_LOOK_MS: Final = 60 * 86_400_000
"""So far back a regular's last movements lie."""

# Index ledger_posting_by_member: a lot's postings lie side by side.
OPEN_LOTS: Final = f"""
SELECT member_id, lot_id, sum(points) FROM ledger_posting
WHERE member_id IN {MEMBER_AND_MERGED} GROUP BY member_id, lot_id HAVING sum(points) <> 0
"""
# The same stretch of the index, of the few lots that are not empty.
LOT: Final = """
SELECT min(occurred_at), max(expires_on), max(usable_on) FROM ledger_posting WHERE member_id = ?1 AND lot_id = ?2
"""
# The first entry of a lot. The same index, then one row by its key.
ORIGIN: Final = """
SELECT p.points, e.kind, e.source, e.occurred_at, e.business_date, e.transaction_id
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.member_id = ?1 AND p.lot_id = ?2 ORDER BY p.occurred_at, p.points DESC LIMIT 1
"""
RECEIPT: Final = """
SELECT h.receipt_number FROM fact f JOIN transaction_header h ON h.seq = f.seq WHERE f.id = ?
"""
# What moved last: the index alone, and only what is new enough is put in order. An entry's postings share their instant, so they
# stand together.
NEWEST: Final = f"""
SELECT entry_id FROM ledger_posting WHERE member_id IN {MEMBER_AND_MERGED} AND occurred_at >= ?3
ORDER BY occurred_at DESC, entry_id DESC LIMIT ?2
"""
# All of them at once, each by its primary key.
MOVED: Final = f"""
SELECT e.id, e.kind, e.source, e.occurred_at, e.business_date, e.note, h.receipt_number,
  (SELECT sum(p.points) FROM ledger_posting p WHERE p.entry_id = e.id AND p.member_id IN {MEMBER_AND_MERGED})
FROM json_each(?2) AS asked CROSS JOIN ledger_entry e ON e.id = unhex(asked.value)
LEFT JOIN fact f ON f.id = e.transaction_id LEFT JOIN transaction_header h ON h.seq = f.seq
"""


def statement(
    engines: Engines, member_id: MemberId, on: date, movements_max: int = MOVEMENTS_MAX
) -> BalanceStatement:
    """The member's balance on this day, explained; merged files count with the survivor's."""
    with engines.reading(snapshot=True) as cursor:
        lots = tuple(
            _open_lot(cursor, row) for row in cursor.execute(OPEN_LOTS, (member_id.bytes,)).fetchall()
        )
        balance = sum(one.lot.remaining for one in lots)
        newest = _newest(cursor, member_id, on, movements_max + 1)
        asked = json.dumps([entry_id.hex() for entry_id in newest[:movements_max]])
        movements = []
        for row in cursor.execute(MOVED, (member_id.bytes, asked)).fetchall():
            movements.append(_movement(row, balance))
            balance -= row[-1]
    return statement_of(on, lots, tuple(movements), has_older=len(newest) > movements_max)


def _newest(cursor: Cursor, member_id: MemberId, on: date, entries_max: int) -> list[bytes]:
    """The entries that moved the member's points last. One entry may have many postings: more are read until there are enough."""
    postings_max, since = 2 * entries_max, _midnight_ms(on) - FIRST_LOOK_MS
    while True:
        rows = cursor.execute(NEWEST, (member_id.bytes, postings_max, since)).fetchall()
        entries = list(dict.fromkeys(entry_id for (entry_id,) in rows))
        if len(entries) >= entries_max or (since == 0 and len(rows) < postings_max):
            return entries[:entries_max]
        if len(rows) < postings_max:
            since = 0
        else:
            postings_max *= 4


def _midnight_ms(on: date) -> int:
    return (on.toordinal() - EPOCH) * 86_400_000


def _open_lot(cursor: Cursor, row: Any) -> OpenLot:
    owner, lot_id, remaining = row
    opened_at, expires_on, usable_on = cursor.execute(LOT, (owner, lot_id)).fetchone()
    points, kind, source, occurred_at, business_date, transaction_id = cursor.execute(
        ORIGIN, (owner, lot_id)
    ).fetchone()
    return OpenLot(
        lot=Lot(
            LotId(UUID(bytes=lot_id)),
            opened_at,
            number_date_or_none(expires_on),
            remaining,
            number_date_or_none(usable_on),
            MemberId(UUID(bytes=owner)),
        ),
        opened_with=points,
        origin=LotOrigin(
            kind=EntryKind(kind),
            source=source,
            occurred_at=occurred_at,
            business_date=number_date(business_date),
            transaction_id=None if transaction_id is None else TransactionId(UUID(bytes=transaction_id)),
            receipt_number=_receipt(cursor, transaction_id),
        ),
    )


def _movement(row: Any, balance: int) -> Movement:
    entry_id, kind, source, occurred_at, business_date, note, receipt_number, points = row
    return Movement(
        entry_id=EntryId(UUID(bytes=entry_id)),
        kind=EntryKind(kind),
        source=source,
        points=points,
        balance=balance,
        occurred_at=occurred_at,
        business_date=number_date(business_date),
        receipt_number=receipt_number or "",
        note=note,
    )


def _receipt(cursor: Cursor, transaction_id: bytes | None) -> str:
    """The number on the paper; none for a sale of another till."""
    if transaction_id is None:
        return ""
    row = cursor.execute(RECEIPT, (transaction_id,)).fetchone()
    return "" if row is None else str(row[0])
