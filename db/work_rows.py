"""What ends soon and what could not be sent or applied: the rows behind the owner's work list."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.domain.ids import MemberId
from app.service.work_list import Ending, SyncTrouble
from db.engine import Engines
from db.types import date_number, number_date, uuid_of

ENDINGS_MAX: Final = 500

# Index ledger_posting_by_expiry finds the lots, ledger_posting_by_member what is left of each.
POINTS: Final = """
SELECT owner, ends, sum(remaining) FROM (
  SELECT coalesce((SELECT survivor_id FROM member_alias WHERE member_id = p.member_id), p.member_id) AS owner,
    p.expires_on AS ends,
    (SELECT sum(points) FROM ledger_posting l WHERE l.member_id = p.member_id AND l.lot_id = p.lot_id) AS remaining
  FROM ledger_posting p WHERE p.expires_on BETWEEN ?1 AND ?2 AND p.points > 0
  GROUP BY p.expires_on, p.lot_id, p.member_id
) WHERE remaining > 0 GROUP BY owner, ends ORDER BY ends, 3 DESC, owner LIMIT ?3
"""
# The whole table of coupons, by their last day: some thousands in a shop that gives many.
COUPONS: Final = """
SELECT coalesce((SELECT survivor_id FROM member_alias WHERE member_id = c.member_id), c.member_id), c.valid_to, c.template
FROM coupon c WHERE c.valid_to BETWEEN ?1 AND ?2 AND c.member_id IS NOT NULL AND c.uses_max > (
  SELECT coalesce(sum(CASE e.kind WHEN 'redeemed' THEN 1 WHEN 'restored' THEN -1 ELSE c.uses_max END), 0)
  FROM coupon_event e WHERE e.coupon_id = c.id)
ORDER BY c.valid_to, c.id LIMIT ?3
"""
SET_ASIDE: Final = """
SELECT seq, code, occurred_at FROM set_aside WHERE settled_at IS NULL ORDER BY seq DESC LIMIT ?
"""
# Index inbox_problem.
NOT_APPLIED: Final = """
SELECT feed_seq, problem, hlc >> 16 FROM inbox WHERE problem <> '' ORDER BY feed_seq DESC LIMIT ?
"""


class SqliteWorkRows:
    """Implements :class:`app.service.work_list.WorkSource`. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def points_ending(self, since: date, until: date) -> tuple[Ending, ...]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(POINTS, (date_number(since), date_number(until), ENDINGS_MAX)).fetchall()
        return tuple(Ending(MemberId(uuid_of(own)), number_date(ends), left) for own, ends, left in rows)

    def coupons_ending(self, since: date, until: date) -> tuple[Ending, ...]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(COUPONS, (date_number(since), date_number(until), ENDINGS_MAX)).fetchall()
        return tuple(
            Ending(MemberId(uuid_of(own)), number_date(ends), template=template)
            for own, ends, template in rows
        )

    def sync_troubles(self, limit: int) -> tuple[SyncTrouble, ...]:
        with self._engines.reading() as cursor:
            ours = cursor.execute(SET_ASIDE, (limit,)).fetchall()
            theirs = cursor.execute(NOT_APPLIED, (limit,)).fetchall()
        found = [SyncTrouble(f"seq {seq}", code, at) for seq, code, at in ours]
        found += [SyncTrouble(f"feed {seq}", problem, at) for seq, problem, at in theirs]
        return tuple(sorted(found, key=lambda one: -one.occurred_at)[:limit])
