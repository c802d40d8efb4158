"""Lots that have ended, found by the day they end. Each till ends the lots it opened itself, so that no lot is ended twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.ids import LotId, MemberId
from app.domain.ledger import Lot
from db.engine import Cursor, Engines
from db.types import date_number, number_date

PAGE: Final = 2_000

# Index ledger_posting_by_expiry, in its order; a posting that opens a lot carries the lot's last day. ``fact`` holds this till's own.
ENDED: Final = """
SELECT p.expires_on, p.lot_id, p.member_id FROM ledger_posting p
WHERE p.expires_on IS NOT NULL AND p.points > 0 AND p.expires_on < ?1
  AND (p.expires_on, p.lot_id) > (?2, ?3)
  AND EXISTS (
    SELECT 1 FROM ledger_entry e JOIN fact f ON f.id = coalesce(e.fact_id, e.id) WHERE e.id = p.entry_id
  )
ORDER BY p.expires_on, p.lot_id LIMIT ?4
"""
COUNT_ENDED: Final = """
SELECT count(*) FROM ledger_posting WHERE expires_on IS NOT NULL AND points > 0 AND expires_on < ?1 AND expires_on >= ?2
"""
# What is left in a lot. Index ledger_posting_by_member, nothing else.
LEFT: Final = """
SELECT coalesce(sum(points), 0), min(occurred_at) FROM ledger_posting WHERE member_id = ?1 AND lot_id = ?2
"""
# What the lot's end took already: asked only of a lot that owes.
ENDED_BEFORE: Final = """
SELECT coalesce(-sum(p.points), 0) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.member_id = ?1 AND p.lot_id = ?2 AND e.kind = 'expiry'
"""


@dataclass(frozen=True, slots=True)
class EndedLot:
    """A lot past its last day. ``ended_before`` is what its end took already."""

    member_id: MemberId
    lot: Lot
    ended_before: int


def ended_lots(
    engines: Engines, today: date, since: date
) -> Iterator[tuple[tuple[date, MemberId, LotId], ...]]:
    """The lots whose last day lies in [since, today), page by page in the order in which they end."""
    last: tuple[int, bytes] = (date_number(since), b"")
    while True:
        with engines.reading() as cursor:
            rows = cursor.execute(ENDED, (date_number(today), *last, PAGE)).fetchall()
        if rows:
            yield tuple(dict.fromkeys(_found(row) for row in rows))
        if len(rows) < PAGE:
            return
        last = (rows[-1][0], rows[-1][1])


def count_ended(engines: Engines, today: date, since: date) -> int:
    """How many there may be, for the progress."""
    with engines.reading() as cursor:
        (count,) = cursor.execute(COUNT_ENDED, (date_number(today), date_number(since))).fetchone()
    return int(count)


def read_ended(cursor: Cursor, found: Sequence[tuple[date, MemberId, LotId]]) -> list[EndedLot]:
    """The lots as they stand now, inside the caller's unit of work."""
    ended = []
    for expires_on, member_id, lot_id in found:
        whose = (member_id.bytes, lot_id.bytes)
        left, opened_at = cursor.execute(LEFT, whose).fetchone()
        if left:
            before = 0 if left > 0 else cursor.execute(ENDED_BEFORE, whose).fetchone()[0]
            ended.append(EndedLot(member_id, Lot(lot_id, opened_at, expires_on, left), before))
    return ended


def _found(row: Any) -> tuple[date, MemberId, LotId]:
    expires_on, lot_id, member_id = row
    return number_date(expires_on), MemberId(UUID(bytes=member_id)), LotId(UUID(bytes=lot_id))
