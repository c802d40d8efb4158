"""Past sales as the what-if reads them: a stretch of the chain, page by page, from the columns beside the facts.

Bodies are read only where columns do not say enough: lines that earn nothing, lines that earned more than their share, and tickets on
which goods came back. Nothing is written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.codec import from_plain
from app.domain.ids import MemberId
from app.domain.returns import line_shares
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from app.service.what_if_ports import PastLine, PastTicket, ReplayFrame
from db.engine import Cursor, Engines
from db.tiers import tiers_over_time
from db.types import date_number, number_date, uuid_of

PAGE_FACTS: Final = 4_000
_NO_END: Final = 2**62

# The first fact of the first shift of a day, or later: shifts are few.
FIRST_SEQ: Final = "SELECT coalesce(min(first_seq), ?2) FROM shift WHERE business_date >= ?1"
END_SEQ: Final = "SELECT coalesce(min(first_seq), ?2) FROM shift WHERE business_date > ?1"
NEWEST_SEQ: Final = "SELECT coalesce(max(seq), 0) + 1 FROM fact"
# By seq, as the pages of the table lie.
TICKETS: Final = """
SELECT seq, id, kind, business_date, occurred_at, member_id, is_new_member, total_minor, points_earned, points_spent
FROM transaction_header
WHERE seq >= ? AND seq < ? AND member_id IS NOT NULL AND kind IN ('sale', 'return') ORDER BY seq
"""
LINES: Final = """
SELECT seq, number, item_id, category_id, net_minor, is_return FROM sale_line WHERE seq >= ? AND seq < ? ORDER BY seq, number
"""
TENDERS: Final = "SELECT seq, kind, amount_minor FROM tender WHERE seq >= ? AND seq < ? AND amount_minor > 0"
BODIES: Final = """
SELECT f.seq, f.body FROM fact f WHERE f.seq >= ? AND f.seq < ? AND f.kind = 'sale'
  AND (instr(f.body, ?) OR instr(f.body, ?)
       OR EXISTS (SELECT 1 FROM sale_line l WHERE l.seq = f.seq AND l.is_return = 1))
"""
EARNS_NOTHING: Final = b'"earns":false'
BY_LINE: Final = b'"points_by_line"'
# Index transaction_header_by_voided; then one row for each void.
VOIDED: Final = "SELECT voids_id FROM transaction_header WHERE voids_id IS NOT NULL"
# Index sale_line_by_returned: return lines alone.
RETURNED: Final = """
SELECT returns_id, returns_line, -sum(net_minor) FROM sale_line WHERE returns_id IS NOT NULL GROUP BY returns_id, returns_line
"""
MEMBERS: Final = "SELECT id, tier, birthday FROM member WHERE tier <> '' OR birthday <> ''"
ALIASES: Final = "SELECT member_id, survivor_id FROM member_alias"
REFERRALS: Final = "SELECT member_id, referrer_id FROM referral"
# The index of members' postings alone, once through.
OPENING: Final = """
SELECT member_id, sum(points) FROM ledger_posting WHERE member_id IS NOT NULL AND occurred_at < ? GROUP BY member_id
"""
GIVEN: Final = "SELECT id FROM ledger_entry WHERE kind = 'bonus' AND business_date < ?"
BONUSES: Final = """
SELECT e.member_id, e.source, e.business_date, (SELECT sum(p.points) FROM ledger_posting p WHERE p.entry_id = e.id AND p.account = 'member')
FROM ledger_entry e
WHERE e.business_date BETWEEN ? AND ? AND (e.kind = 'bonus' OR (e.kind = 'accrual_reversal' AND e.source <> ''))
ORDER BY e.occurred_at
"""
TIERS: Final = "SELECT tier, count(*) FROM member WHERE tier <> '' GROUP BY tier"


@dataclass(frozen=True, slots=True)
class _Told:
    """What a body says beside its columns."""

    earns_nothing: frozenset[int]
    booked: int
    by_line: Mapping[int, int]


class SqliteReplay:
    """Implements :class:`app.service.what_if_ports.ReplaySource`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def frame(self, first_day: date, last_day: date, first_ms: int) -> ReplayFrame:
        with self._engines.reading(snapshot=True) as cursor:
            survivors = dict(cursor.execute(ALIASES).fetchall())
            members = cursor.execute(MEMBERS).fetchall()
            opening: dict[MemberId, int] = defaultdict(int)
            for own, points in cursor.execute(OPENING, (first_ms,)).fetchall():
                opening[_survivor(own, survivors)] += points
            return ReplayFrame(
                opening=opening,
                given=frozenset(
                    uuid_of(own) for (own,) in cursor.execute(GIVEN, (date_number(first_day),)).fetchall()
                ),
                referrers={
                    _survivor(own, survivors): _survivor(host, survivors)
                    for own, host in cursor.execute(REFERRALS).fetchall()
                },
                birthdays={MemberId(uuid_of(own)): birthday for own, _, birthday in members if birthday},
                tiers_now={MemberId(uuid_of(own)): tier for own, tier, _ in members if tier},
                tier_history={
                    MemberId(uuid_of(own)): tuple(told) for own, told in tiers_over_time(cursor).items()
                },
                tier_counts=dict(cursor.execute(TIERS).fetchall()),
                bonuses=tuple(
                    (_survivor(own, survivors), source, number_date(on), points)
                    for own, source, on, points in cursor.execute(
                        BONUSES, (date_number(first_day), date_number(last_day))
                    ).fetchall()
                ),
            )

    def count(self, first_day: date, last_day: date) -> int:
        """Facts to go through, for the progress."""
        with self._engines.reading() as cursor:
            start, end = _stretch(cursor, first_day, last_day)
        return max(0, end - start)

    def tickets(
        self, first_day: date, last_day: date, uncounted: frozenset[TenderKind]
    ) -> Iterator[tuple[int, list[PastTicket]]]:
        """Members' sales and returns in their order, with how many facts each page went through. Voided sales are not among them."""
        with self._engines.reading(snapshot=True) as cursor:
            start, end = _stretch(cursor, first_day, last_day)
            reader = _Reader(
                voided={own for (own,) in cursor.execute(VOIDED).fetchall()},
                returned=_returned(cursor),
                survivors=dict(cursor.execute(ALIASES).fetchall()),
                uncounted=frozenset(kind._value_ for kind in uncounted),
            )
        while start < end:
            until = min(end, start + PAGE_FACTS)
            with self._engines.reading(snapshot=True) as cursor:
                page = reader.page(cursor, start, until)
            yield until - start, page
            start = until


@dataclass(frozen=True, slots=True)
class _Reader:
    voided: set[bytes]
    returned: Mapping[bytes, Mapping[int, int]]
    survivors: Mapping[bytes, bytes]
    uncounted: frozenset[str]

    def page(self, cursor: Cursor, start: int, until: int) -> list[PastTicket]:
        lines: dict[int, list[Any]] = defaultdict(list)
        for row in cursor.execute(LINES, (start, until)).fetchall():
            lines[row[0]].append(row)
        uncounted: dict[int, int] = defaultdict(int)
        for seq, kind, amount in cursor.execute(TENDERS, (start, until)).fetchall():
            if kind in self.uncounted:
                uncounted[seq] += amount
        told = _told(cursor, start, until)
        return [
            self._ticket(row, lines[row[0]], uncounted.get(row[0], 0), told.get(row[0]))
            for row in cursor.execute(TICKETS, (start, until)).fetchall()
            if row[1] not in self.voided
        ]

    def _ticket(self, row: Any, lines: list[Any], uncounted: int, told: _Told | None) -> PastTicket:
        _seq, own, kind, on, at, member_id, is_new, total, earned, spent = row
        nothing = told.earns_nothing if told is not None else frozenset()
        return PastTicket(
            id=uuid_of(own),
            is_sale=kind == "sale",
            on=number_date(on),
            occurred_at=at,
            member_id=_survivor(member_id, self.survivors),
            is_enrolment=bool(is_new),
            total=total,
            spent=spent,
            uncounted=uncounted,
            booked=earned if told is None else told.booked,
            booked_by_line=None if told is None else told.by_line,
            lines=tuple(
                PastLine(
                    number,
                    uuid_of(item),
                    None if category is None else uuid_of(category),
                    net,
                    number not in nothing,
                )
                for _, number, item, category, net, is_return in lines
                if not is_return
            ),
            returned=self.returned.get(own, {}),
        )


def _stretch(cursor: Cursor, first_day: date, last_day: date) -> tuple[int, int]:
    newest = cursor.execute(NEWEST_SEQ).fetchone()[0]
    start = cursor.execute(FIRST_SEQ, (date_number(first_day), newest)).fetchone()[0]
    end = cursor.execute(END_SEQ, (date_number(last_day), newest)).fetchone()[0]
    return start, end


def _returned(cursor: Cursor) -> dict[bytes, dict[int, int]]:
    """What went back of each line since."""
    returned: dict[bytes, dict[int, int]] = defaultdict(dict)
    for own, number, net in cursor.execute(RETURNED).fetchall():
        returned[own][number] = net
    return returned


def _told(cursor: Cursor, start: int, until: int) -> dict[int, _Told]:
    told = {}
    for seq, body in cursor.execute(BODIES, (start, until, EARNS_NOTHING, BY_LINE)).fetchall():
        sale = from_plain(json.loads(body))
        assert isinstance(sale, RetailTransaction)
        told[seq] = _Told(
            frozenset(line.number for line in sale.lines if not line.earns_points),
            sale.points.earned_by_goods,
            {number: share.points_earned for number, share in line_shares(sale).items()},
        )
    return told


def _survivor(own: bytes, survivors: Mapping[bytes, bytes]) -> MemberId:
    return MemberId(UUID(bytes=survivors.get(own, own)))
