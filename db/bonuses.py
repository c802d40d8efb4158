"""What a bonus must know before it is given: whether it was given before, and who brought whom. One key each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from app.domain.ids import EntryId, MemberId
from db.engine import Cursor
from db.statements import placeholders

ENTRIES_MAX: Final = 64
REFERRER: Final = "SELECT referrer_id FROM referral WHERE member_id = ?"
# Index transaction_header_by_member; two are enough to know that one is not the first.
PURCHASES: Final = """
SELECT count(*) FROM (SELECT 1 FROM transaction_header WHERE member_id = ? AND kind = 'sale' LIMIT 2)
"""


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
