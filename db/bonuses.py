"""What a bonus must know before it is given: whether it was given before, and who brought whom. One key each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.ids import EntryId, MemberId
from db.engine import Cursor, Engines
from db.ledger import BALANCE
from db.statements import placeholders
from db.types import date_number, number_date

ENTRIES_MAX: Final = 64
REFERRER: Final = "SELECT referrer_id FROM referral WHERE member_id = ?"
# Indexes transaction_header_by_member, member_visit_of_member; two are enough to know that one is not the first.
PURCHASES: Final = """
SELECT count(*) FROM (
  SELECT 1 FROM transaction_header WHERE member_id = ?1 AND kind = 'sale'
  UNION ALL SELECT 1 FROM member_visit WHERE member_id = ?1 AND kind = 'sale' LIMIT 2)
"""


# The member table once through, survivors alone; each last purchase from the indexes transaction_header_by_member and
# member_visit_of_member.
QUIET: Final = """
SELECT number, id, (
  SELECT max(business_date) FROM (
    SELECT max(business_date) AS business_date FROM transaction_header WHERE kind = 'sale'
      AND member_id IN (SELECT member.id UNION ALL SELECT member_id FROM member_alias WHERE survivor_id = member.id)
    UNION ALL
    SELECT max(business_date) FROM member_visit WHERE kind = 'sale'
      AND member_id IN (SELECT member.id UNION ALL SELECT member_id FROM member_alias WHERE survivor_id = member.id))
)
FROM member WHERE number > ? AND id NOT IN (SELECT member_id FROM member_alias) ORDER BY number LIMIT ?
"""
COUNT_MEMBERS: Final = "SELECT count(*) FROM member"
PAGE: Final = 1_000


def quiet_members(engines: Engines, before: date) -> Iterator[tuple[int, tuple[tuple[MemberId, date], ...]]]:
    """Whoever bought last before this day and still holds something, page by page, with how many members each page went through."""
    last = -1
    while True:
        with engines.reading(snapshot=True) as cursor:
            rows = cursor.execute(QUIET, (last, PAGE)).fetchall()
            quiet = tuple(
                (MemberId(UUID(bytes=own)), number_date(bought))
                for _, own, bought in rows
                if bought is not None
                and bought < date_number(before)
                and cursor.execute(BALANCE, (own,)).fetchone()[0] > 0
            )
        yield len(rows), quiet
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def count_members(engines: Engines) -> int:
    with engines.reading() as cursor:
        return int(cursor.execute(COUNT_MEMBERS).fetchone()[0])


def known_entries(cursor: Cursor, ids: Collection[EntryId]) -> frozenset[EntryId]:
    """Those that are in the ledger, from its primary key."""
    assert len(ids) <= ENTRIES_MAX
    if not ids:
        return frozenset()
    statement = f"SELECT id FROM ledger_entry WHERE id IN ({placeholders(len(ids))})"
    rows = cursor.execute(statement, [one.bytes for one in ids]).fetchall()
    return frozenset(EntryId(UUID(bytes=own)) for (own,) in rows)


def referrer_of(cursor: Cursor, member_id: MemberId) -> MemberId | None:
    row = cursor.execute(REFERRER, (member_id.bytes,)).fetchone()
    return None if row is None else MemberId(UUID(bytes=row[0]))


def has_one_purchase(cursor: Cursor, member_id: MemberId) -> bool:
    """Whether the member has bought exactly once, the present unit included."""
    return bool(cursor.execute(PURCHASES, (member_id.bytes,)).fetchone()[0] == 1)
