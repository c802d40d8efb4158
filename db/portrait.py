"""What a member bought, for the portrait: their tickets from one index, the lines of each side by side.

No table is read that is not found through the member. Voided sales are left out, and what came back is taken off the ticket it was bought
on, so that a habit is what somebody kept. Stored value and gift cards are no goods: a ticket of nothing else tells of no habit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from app.domain.ids import ItemId, MemberId
from app.domain.loyalty.value_items import VALUE_ITEMS
from app.service.portrait_values import PointsEnd, Tallies, Tally, Ticket, TicketLine
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.statements import placeholders
from db.types import date_number, number_date, uuid_of

SEQS_AT_ONCE: Final = 500
NAMES_MAX: Final = 500
ITEMS_MAX: Final = 50  # the most bought; some of them came back
_VALUE_ITEMS: Final = frozenset(one.bytes for one in VALUE_ITEMS)
_NO_GOODS: Final = ", ".join(f"X'{one.hex()}'" for one in sorted(_VALUE_ITEMS))

# Index transaction_header_by_member, nothing else: a row of it ends with seq.
TICKETS: Final = f"""
SELECT seq, occurred_at, business_date, total_minor FROM transaction_header
WHERE member_id IN {MEMBER_AND_MERGED} AND kind = 'sale' ORDER BY occurred_at DESC, seq DESC LIMIT ?2
"""
# The same index and member_visit_of_member: visits at other tills are visits.
VISIT_DAYS: Final = f"""
SELECT business_date FROM transaction_header WHERE member_id IN {MEMBER_AND_MERGED} AND kind = 'sale'
UNION SELECT business_date FROM member_visit WHERE member_id IN {MEMBER_AND_MERGED} AND kind = 'sale' ORDER BY business_date
"""
# Index ledger_posting_by_member, nothing else.
POINTS_END: Final = f"""
SELECT ends, sum(points) FROM (
  SELECT max(expires_on) AS ends, sum(points) AS points FROM ledger_posting
  WHERE member_id IN {MEMBER_AND_MERGED} GROUP BY member_id, lot_id)
WHERE points > 0 AND ends >= ?2 GROUP BY ends ORDER BY ends LIMIT 1
"""
# What took tickets back: voids through their index, returned lines through theirs.
VOIDED: Final = f"""
SELECT f.seq FROM transaction_header v JOIN transaction_header h ON h.seq = v.seq JOIN fact f ON f.id = h.voids_id
WHERE v.member_id IN {MEMBER_AND_MERGED} AND v.kind = 'post_void'
"""
# Index transaction_header_by_member, and the lines of each ticket side by side.
TALLIES: Final = f"""
WITH newest AS (
  SELECT seq, business_date AS day FROM transaction_header WHERE member_id IN {MEMBER_AND_MERGED} AND kind = 'sale'
  ORDER BY occurred_at DESC, seq DESC LIMIT ?5
), bought AS MATERIALIZED (
  SELECT h.seq, h.day, l.item_id, l.category_id, l.net_minor FROM newest h JOIN sale_line l ON l.seq = h.seq
  WHERE l.is_return = 0 AND l.item_id NOT IN ({_NO_GOODS}) AND h.seq NOT IN (
    SELECT f.seq FROM transaction_header v JOIN transaction_header o ON o.seq = v.seq JOIN fact f ON f.id = o.voids_id
    WHERE v.member_id IN {MEMBER_AND_MERGED} AND v.kind = 'post_void')
), items AS MATERIALIZED (
  SELECT item_id, count(DISTINCT seq) AS tickets, max(day) AS last_on, sum(net_minor) AS net,
    count(DISTINCT day) AS days, group_concat(DISTINCT day) AS listed
  FROM bought GROUP BY item_id)
SELECT * FROM (
  SELECT 'item', item_id, tickets, last_on, net, NULL FROM items ORDER BY tickets DESC, net DESC, item_id LIMIT ?2)
UNION ALL
SELECT 'again', item_id, tickets, last_on, net, listed FROM items WHERE days >= ?3 AND last_on <= ?4
UNION ALL
SELECT 'category', category_id, count(DISTINCT seq), max(day), sum(net_minor), NULL
FROM bought WHERE category_id IS NOT NULL GROUP BY category_id
"""
# Lines that came back whole were not kept; a ticket with the goods back counts for nothing.
RETURNED_WHOLE: Final = f"""
SELECT r.item_id FROM transaction_header h JOIN sale_line r ON r.seq = h.seq JOIN fact f ON f.id = r.returns_id
JOIN sale_line o ON o.seq = f.seq AND o.number = r.returns_line
WHERE h.member_id IN {MEMBER_AND_MERGED} AND h.kind = 'return' AND r.quantity = -o.quantity
"""
RETURNS: Final = f"""
SELECT seq FROM transaction_header WHERE member_id IN {MEMBER_AND_MERGED} AND kind = 'return'
"""
_LINES: Final = """
SELECT seq, number, item_id, quantity, net_minor, category_id, returns_id, returns_line FROM sale_line WHERE seq IN
"""
SEQ_OF: Final = "SELECT seq FROM fact WHERE id = ?"
_NAMES: Final = "SELECT id, name FROM item WHERE id IN"
_CATEGORIES: Final = "SELECT id, name FROM category WHERE id IN"

# What else is a member's: the columns of each table, and how it is found.
_HELD: Final = {
    "coupons": (
        ("id", "code", "template", "issued_at", "valid_from", "valid_to", "uses_max", "source"),
        "coupon WHERE member_id",
    ),
    "coupon_events": (
        ("e.coupon_id", "e.kind", "e.transaction_id", "e.occurred_at", "e.amount_minor"),
        "coupon c JOIN coupon_event e ON e.coupon_id = c.id WHERE c.member_id",
    ),
    "stamps": (("card", "kind", "stamps", "transaction_id", "occurred_at"), "stamp_event WHERE member_id"),
    "tiers": (("kind", "tier", "from_tier", "occurred_at", "protected_until"), "tier_event WHERE member_id"),
    "value_accounts": (("id", "currency", "opened_at", "expires_on"), "value_account WHERE member_id"),
    "value_entries": (
        ("e.kind", "e.occurred_at", "p.part", "p.amount_minor", "e.transaction_id"),
        "value_entry e JOIN value_posting p ON p.entry_id = e.id JOIN value_account a ON a.id = p.holder_id "
        "WHERE a.member_id",
    ),
    "referrals": (("member_id", "referrer_id", "occurred_at"), "referral WHERE member_id"),
    "events": (("event_id", "signed_up_at", "attended_at"), "event_guest WHERE member_id"),
}


class SqlitePortraits:
    """Implements :class:`app.service.membership_ports.Portraits`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def tickets(self, member_id: MemberId, limit: int) -> tuple[Ticket, ...]:
        """Their sales that stand, newest first. Of an exchange only what was bought counts."""
        with self._engines.reading(snapshot=True) as cursor:
            own = member_id.bytes
            voided = {seq for (seq,) in cursor.execute(VOIDED, (own,)).fetchall()}
            rows = [row for row in cursor.execute(TICKETS, (own, limit)).fetchall() if row[0] not in voided]
            returning = [seq for (seq,) in cursor.execute(RETURNS, (own,)).fetchall() if seq not in voided]
            lines, without_goods = _lines(cursor, [row[0] for row in rows], returning)
        return tuple(
            Ticket(occurred_at, number_date(day), total, lines.get(seq, ()))
            for seq, occurred_at, day, total in rows
            if seq not in without_goods
        )

    def tallies(self, member_id: MemberId, *, again: int, until: date, limit: int) -> Tallies:
        """What they bought and kept with their newest tickets, added up where it lies, for it may be thousands of lines.

        ``again``: what was bought on so many days at least, and not since ``until``, comes with its days.
        """
        own = member_id.bytes
        with self._engines.reading(snapshot=True) as cursor:
            rows = cursor.execute(TALLIES, (own, ITEMS_MAX, again, date_number(until), limit)).fetchall()
            back = Counter(row[0] for row in cursor.execute(RETURNED_WHOLE, (own,)).fetchall())
        by_kind: defaultdict[str, list[Tally]] = defaultdict(list)
        for row in rows:
            by_kind[row[0]].append(_tally(row, back[row[1]]))
        return Tallies(tuple(by_kind["item"]), tuple(by_kind["again"]), tuple(by_kind["category"]))

    def visit_days(self, member_id: MemberId) -> tuple[int, ...]:
        with self._engines.reading() as cursor:
            return tuple(day for (day,) in cursor.execute(VISIT_DAYS, (member_id.bytes,)).fetchall())

    def points_end(self, member_id: MemberId, on: date) -> PointsEnd | None:
        """The points that end first from this day on, all lots of that day together."""
        with self._engines.reading() as cursor:
            row = cursor.execute(POINTS_END, (member_id.bytes, date_number(on))).fetchone()
            return None if row is None else PointsEnd(row[1], number_date(row[0]))

    def names(self, item_ids: Sequence[ItemId]) -> Mapping[ItemId, str]:
        return {ItemId(one): name for one, name in self._named(_NAMES, item_ids).items()}

    def categories(self, category_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        return self._named(_CATEGORIES, category_ids)

    def held(self, family: Sequence[MemberId]) -> dict[str, list[dict[str, Any]]]:
        """Every row that the other tables hold of these files, by table: for the export of one person's data."""
        among = f"({placeholders(len(family))})"
        ids = [one.bytes for one in family]
        found: dict[str, list[dict[str, Any]]] = {}
        with self._engines.reading(snapshot=True) as cursor:
            for table, (columns, source) in _HELD.items():
                statement = f"SELECT {', '.join(columns)} FROM {source} IN {among}"
                rows = cursor.execute(statement, ids).fetchall()
                names = [column.rpartition(".")[2] for column in columns]
                found[table] = [dict(zip(names, map(_shown, row), strict=True)) for row in rows]
        return found

    def _named(self, statement: str, ids: Sequence[UUID]) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        with self._engines.reading() as cursor:
            for first in range(0, len(ids), NAMES_MAX):
                some = [one.bytes for one in ids[first : first + NAMES_MAX]]
                rows = cursor.execute(f"{statement} ({placeholders(len(some))})", some).fetchall()
                found |= {UUID(bytes=one): name for one, name in rows}
        return found


_Row = tuple[Any, ...]


def _lines(
    cursor: Cursor, seqs: Sequence[int], returning: Sequence[int]
) -> tuple[dict[int, tuple[TicketLine, ...]], set[int]]:
    """The lines of these tickets that were kept, by their ticket; and the tickets on which nothing but stored value stood."""
    bought: dict[tuple[int, int], _Row] = {}
    back: list[_Row] = []
    rows = _rows_of(cursor, [*seqs, *returning])
    goods = [row for row in rows if row[2] not in _VALUE_ITEMS]
    without_goods = {row[0] for row in rows} - {row[0] for row in goods}
    for row in goods:
        if row[3] < 0:
            back.append(row)
        else:
            bought[row[0], row[1]] = row
    for row in back:
        place = _place_of(cursor, row)
        if place in bought:
            kept = bought[place]
            bought[place] = (*kept[:3], kept[3] + row[3], kept[4] + row[4], *kept[5:])
    by_ticket: defaultdict[int, list[TicketLine]] = defaultdict(list)
    wanted = frozenset(seqs)
    ids: dict[bytes | None, UUID | None] = {None: None}  # the same few items come again and again
    for (seq, _), (_, _, item, quantity, net, category, _, _) in bought.items():
        if seq in wanted and quantity > 0:
            for one in (item, category):
                if one not in ids:
                    ids[one] = uuid_of(one)
            by_ticket[seq].append(TicketLine(ItemId(cast(UUID, ids[item])), quantity, net, ids[category]))
    return {seq: tuple(lines) for seq, lines in by_ticket.items()}, without_goods


def _rows_of(cursor: Cursor, seqs: Sequence[int]) -> list[_Row]:
    rows: list[_Row] = []
    for first in range(0, len(seqs), SEQS_AT_ONCE):
        some = seqs[first : first + SEQS_AT_ONCE]
        rows += cursor.execute(f"{_LINES} ({placeholders(len(some))})", tuple(some)).fetchall()
    return rows


def _place_of(cursor: Cursor, row: _Row) -> tuple[int, int] | None:
    """The ticket and line that came back with this one."""
    if row[6] is None:
        return None
    found = cursor.execute(SEQ_OF, (row[6],)).fetchone()
    return None if found is None else (found[0], row[7])


def _tally(row: _Row, came_back: int) -> Tally:
    _, one, tickets, last_on, net, days = row
    on = () if days is None else tuple(map(number_date, sorted(map(int, days.split(",")))))
    return Tally(uuid_of(one), tickets - came_back, number_date(last_on), net, on)


def _shown(value: object) -> object:
    """An id as people write one; everything else as it is stored."""
    return str(UUID(bytes=value)) if isinstance(value, bytes) and len(value) == 16 else value
