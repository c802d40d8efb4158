"""What members' tiers rest on, and the events of tiers as rows. Reads are one statement each; writing takes an open unit of work.

A member's tier is a projection of their newest event; ``member.tier`` repeats it for whoever shows a card.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.facts import FactKind
from app.domain.ids import MemberId
from app.domain.loyalty.tiers import TierBasis, TierEvent, TierRules, TierState, tier_event_to_plain
from app.service.ports import UnitOfWork
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.statements import insert
from db.types import date_number, date_number_or_none, id_bytes_or_none, number_date_or_none
from db.unit_of_work import SqliteUnitOfWork
from db.value_spent import OWN, TOPPED_UP

PAGE: Final = 500
HERE: Final = "tiers lie in the till's own file"
DAY_MS: Final = 86_400_000
SLACK_MS: Final = (
    3 * DAY_MS
)  # a business date and the clock may lie apart by a zone, a long shift and a late day's start
EPOCH: Final = date(1970, 1, 1)

INSERT_EVENT: Final = insert(
    "tier_event",
    "id",
    "member_id",
    "kind",
    "tier",
    "from_tier",
    "occurred_at",
    "business_date",
    "protected_until",
    "transaction_id",
    "rule_version",
)
# Index tier_event_of_member.
NEWEST_AT: Final = "SELECT max(occurred_at) FROM tier_event WHERE member_id = ?"
SET_TIER: Final = "UPDATE member SET tier = ?, updated_at = ? WHERE id = ?"

# Indexes transaction_header_by_member and member_visit_of_member alone, and what was put into stored value: it is spent when it pays.
_SPEND: Final = f"""
SELECT coalesce(sum(total_minor), 0) + (
  SELECT coalesce(sum(p.amount_minor), 0) {TOPPED_UP} WHERE a.member_id IN {MEMBER_AND_MERGED} {OWN}
    AND e.occurred_at >= ?2 AND e.business_date BETWEEN ?3 AND ?4
) + (
  SELECT coalesce(sum(total_minor), 0) FROM member_visit
  WHERE member_id IN {MEMBER_AND_MERGED} AND occurred_at >= ?2 AND business_date BETWEEN ?3 AND ?4
) FROM transaction_header
WHERE member_id IN {MEMBER_AND_MERGED} AND occurred_at >= ?2 AND business_date BETWEEN ?3 AND ?4
"""
# The same indexes. A day counts when more was bought on it than voided.
_VISITS: Final = f"""
SELECT count(*) FROM (
  SELECT 1 FROM (
    SELECT business_date, kind FROM transaction_header
    WHERE member_id IN {MEMBER_AND_MERGED} AND occurred_at >= ?2 AND business_date BETWEEN ?3 AND ?4
    UNION ALL
    SELECT business_date, kind FROM member_visit
    WHERE member_id IN {MEMBER_AND_MERGED} AND occurred_at >= ?2 AND business_date BETWEEN ?3 AND ?4)
  GROUP BY business_date
  HAVING count(*) FILTER (WHERE kind = 'sale') > count(*) FILTER (WHERE kind = 'post_void')
)
"""
# Index ledger_posting_by_member, then each entry by its key.
_POINTS: Final = f"""
SELECT coalesce(sum(p.points), 0) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.member_id IN {MEMBER_AND_MERGED} AND p.occurred_at >= ?2 AND e.business_date BETWEEN ?3 AND ?4
  AND e.kind IN ('accrual', 'accrual_reversal', 'bonus')
"""
_AMOUNTS: Final = {TierBasis.SPEND: _SPEND, TierBasis.POINTS: _POINTS, TierBasis.VISITS: _VISITS}
# Index tier_event_of_member: the newest event says since when, and how long it is protected.
_NEWEST: Final = """
SELECT {column} FROM tier_event WHERE member_id = ?1 ORDER BY occurred_at DESC, id DESC LIMIT 1
"""
STANDING: Final = {
    basis: f"""
SELECT coalesce((SELECT tier FROM member WHERE id = ?1), ''), ({amount}),
  ({_NEWEST.format(column="business_date")}), ({_NEWEST.format(column="protected_until")})
"""
    for basis, amount in _AMOUNTS.items()
}
# Everybody who has a tier, by number: the nightly look goes through them page by page.
TIERED: Final = "SELECT number, id FROM member WHERE tier <> '' AND number > ? ORDER BY number LIMIT ?"
COUNT_TIERED: Final = "SELECT count(*) FROM member WHERE tier <> ''"
HISTORY: Final = "SELECT member_id, occurred_at, tier FROM tier_event ORDER BY member_id, occurred_at, id"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member has, and how much they did within the window."""

    state: TierState
    amount: int


class SqliteTiers:
    """Implements :class:`app.service.tier_ports.Tiers`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def standing(self, member_id: MemberId, rules: TierRules, on: date) -> Standing:
        with self._engines.reading() as cursor:
            return read_standing(cursor, member_id, rules, on)

    def standing_in(self, work: UnitOfWork, member_id: MemberId, rules: TierRules, on: date) -> Standing:
        """As it stands inside the unit, what it wrote included."""
        return read_standing(_cursor(work), member_id, rules, on)

    def with_tier(self) -> Iterator[tuple[MemberId, ...]]:
        """Everybody who has one, page by page."""
        last = -1
        while True:
            with self._engines.reading() as cursor:
                rows = cursor.execute(TIERED, (last, PAGE)).fetchall()
            if rows:
                yield tuple(MemberId(UUID(bytes=own)) for _, own in rows)
            if len(rows) < PAGE:
                return
            last = rows[-1][0]

    def count_with_tier(self) -> int:
        with self._engines.reading() as cursor:
            return int(cursor.execute(COUNT_TIERED).fetchone()[0])

    def write(self, work: UnitOfWork, event: TierEvent) -> None:
        """The fact, its row, and the tier on the member's file.

        A member's events follow one another: one that happens while the clock stands behind the newest comes right after that.
        """
        assert isinstance(work, SqliteUnitOfWork), HERE
        (newest,) = work.cursor.execute(NEWEST_AT, (event.member_id.bytes,)).fetchone()
        if newest is not None and newest >= event.occurred_at:
            event = replace(event, occurred_at=newest + 1)
        work.record(FactKind.TIER, event.id, event.occurred_at, tier_event_to_plain(event))
        cursor = work.cursor
        cursor.execute(INSERT_EVENT, event_row(event))
        if event.change.tier != event.change.from_tier:
            cursor.execute(SET_TIER, (event.change.tier, event.occurred_at, event.member_id.bytes))


def read_standing(cursor: Cursor, member_id: MemberId, rules: TierRules, on: date) -> Standing:
    first = rules.window.first_day(on)
    since_ms = max(0, (first - EPOCH) // timedelta(days=1) * DAY_MS - SLACK_MS)
    tier, amount, since, until = cursor.execute(
        STANDING[rules.basis], (member_id.bytes, since_ms, date_number(first), date_number(on))
    ).fetchone()
    return Standing(TierState(tier, number_date_or_none(since), number_date_or_none(until)), amount)


def event_row(event: TierEvent) -> tuple[object, ...]:
    """What the file holds of an event beside its fact."""
    change = event.change
    return (
        event.id.bytes,
        event.member_id.bytes,
        change.kind._value_,
        change.tier,
        change.from_tier,
        event.occurred_at,
        date_number(event.business_date),
        date_number_or_none(change.protected_until),
        id_bytes_or_none(event.transaction_id),
        event.rule_version,
    )


def tiers_over_time(cursor: Cursor) -> dict[bytes, list[tuple[int, str]]]:
    """For each member who ever had one: from which instant on which tier."""
    history: dict[bytes, list[tuple[int, str]]] = {}
    rows: list[Any] = cursor.execute(HISTORY).fetchall()
    for member_id, occurred_at, tier in rows:
        history.setdefault(member_id, []).append((occurred_at, tier))
    return history


def _cursor(work: UnitOfWork) -> Cursor:
    assert isinstance(work, SqliteUnitOfWork), HERE
    return work.cursor
