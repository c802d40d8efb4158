"""The rows behind a figure of a day: tickets, and movements of points, coupons, stamps and stored value, newest first.

A range of dates is given as the stretches of the chain in which it lies, so every statement walks along ``seq``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from app.domain.facts import entries_from_plain
from app.domain.ids import MemberId, OperatorId, TransactionId
from app.domain.ledger import EntryKind
from app.domain.loyalty.coupon import coupons_from_plain
from app.service.summary_ports import BACK, SERVED, SIGN_UP, VISIT, VOID, EntryRow, TicketRow, TicketWish
from db.engine import Cursor
from db.ledger import TOLD_BETWEEN
from db.statements import placeholders
from db.types import date_number, id_or_none, number_date, uuid_of

_TICKETS: Final = """
SELECT h.id, h.kind, h.receipt_number, h.occurred_at, h.business_date, h.operator_id,
  coalesce((SELECT survivor_id FROM member_alias WHERE member_id = h.member_id), h.member_id), h.total_minor
FROM transaction_header h WHERE h.seq BETWEEN ? AND ? AND h.business_date BETWEEN ? AND ? AND h.is_training = 0
"""
_LINE: Final = "EXISTS (SELECT 1 FROM sale_line l WHERE l.seq = h.seq AND l.is_return = {})"
_IS_VOID: Final = "(h.kind = 'post_void')"
# What each bit of a ticket's kind asks of its row.
_KIND: Final = {
    VISIT: "h.kind = 'sale'",
    SERVED: f"h.kind IN ('sale', 'post_void') AND {_LINE.format(_IS_VOID)}",
    BACK: f"h.kind IN ('sale', 'return') AND {_LINE.format(1)}",
    VOID: "h.kind = 'post_void'",
    SIGN_UP: "h.is_new_member = 1 AND h.kind <> 'post_void'",
}
_HOUR: Final = "(h.occurred_at / 60000 + h.utc_offset_minutes) / 60 % 24 = ?"
_ITEM: Final = "EXISTS (SELECT 1 FROM sale_line l WHERE l.seq = h.seq AND l.item_id = ?)"

_OWNER: Final = "coalesce((SELECT survivor_id FROM member_alias WHERE member_id = e.member_id), e.member_id)"
_BETWEEN: Final = "f.seq BETWEEN ?1 AND ?2 AND e.business_date BETWEEN ? AND ?"
# figure -> kind, when, day, member, amount, transaction, note
_ENTRIES: Final = {
    "points": f"""
SELECT e.kind, e.occurred_at, e.business_date, {_OWNER},
  (SELECT coalesce(sum(points), 0) FROM ledger_posting WHERE entry_id = e.id AND account = 'member'),
  e.transaction_id, e.source
FROM {TOLD_BETWEEN} f CROSS JOIN ledger_entry e ON e.id = f.entry WHERE {_BETWEEN}
""",
    "coupon": f"""
SELECT e.kind, e.occurred_at, e.business_date, {_OWNER.replace("e.member_id", "coalesce(e.member_id, c.member_id)")},
  e.amount_minor, e.transaction_id, c.template
FROM fact f CROSS JOIN coupon_event e ON e.id = f.id CROSS JOIN coupon c ON c.id = e.coupon_id
WHERE {_BETWEEN} AND f.kind = 'coupon_event'
""",
    "stamp": f"""
SELECT e.kind, e.occurred_at, e.business_date, {_OWNER}, e.stamps, e.transaction_id, e.card
FROM fact f CROSS JOIN stamp_event e ON e.id = f.id WHERE {_BETWEEN} AND f.kind = 'stamp'
""",
    "value": f"""
SELECT e.kind, e.occurred_at, e.business_date, {_OWNER.replace("e.member_id", "a.member_id")},
  (SELECT coalesce(sum(amount_minor), 0) FROM value_posting WHERE entry_id = e.id AND account = 'holder'),
  e.transaction_id, ''
FROM fact f CROSS JOIN value_entry e ON e.id = f.id CROSS JOIN value_account a ON a.id = e.account_id
WHERE {_BETWEEN} AND f.kind = 'value_entry'
""",
}
# Ends of lots are told many at once; there are a few such facts a month.
_ENDED: Final = "SELECT body FROM fact WHERE seq BETWEEN ? AND ? AND kind = 'points_entries' ORDER BY seq"

# Coupons have no business date of their own: it is the shift's in which they were issued.
_ISSUED: Final = """
SELECT (SELECT business_date FROM shift WHERE first_seq <= f.seq ORDER BY first_seq DESC LIMIT 1) AS day, f.body FROM fact f
WHERE f.seq BETWEEN ? AND ? AND f.kind = 'coupon' AND day IS NOT NULL ORDER BY f.seq
"""

Stretches = Sequence[tuple[int, int]]


def ticket_rows(
    cursor: Cursor, stretches: Stretches, days: tuple[date, date], wish: TicketWish, limit: int, offset: int
) -> tuple[TicketRow, ...]:
    """The newest first, after the first ``offset`` of them."""
    conditions, values = _conditions(wish)
    statement = f"{_TICKETS} AND {conditions} ORDER BY h.seq DESC LIMIT ?"
    between = (date_number(days[0]), date_number(days[1]))
    rows: list[Any] = []
    for first, last in sorted(stretches, reverse=True):
        wanted = offset + limit - len(rows)
        if wanted > 0:
            rows += cursor.execute(statement, (first, last, *between, *values, wanted)).fetchall()
    return tuple(_ticket(row) for row in rows[offset:])


def entry_rows(
    cursor: Cursor,
    stretches: Stretches,
    days: tuple[date, date],
    figure: str,
    kinds: Sequence[str],
    limit: int,
    offset: int,
) -> tuple[EntryRow, ...]:
    """Of these kinds (none: all of them), the newest first."""
    between = (date_number(days[0]), date_number(days[1]))
    if figure == "coupon_issued":
        found = [
            one
            for stretch in stretches
            for one in _issued(cursor, stretch)
            if days[0] <= one.business_date <= days[1]
        ]
        found.sort(key=lambda one: one.occurred_at, reverse=True)
        return tuple(found[offset : offset + limit])
    among = f" AND e.kind IN ({placeholders(len(kinds))})" if kinds else ""
    statement = f"{_ENTRIES[figure]}{among} ORDER BY f.seq DESC LIMIT ?"
    found = []
    for first, last in stretches:
        rows = cursor.execute(statement, (first, last, *between, *kinds, offset + limit)).fetchall()
        found += map(_entry, rows)
        if figure == "points" and (not kinds or EntryKind.EXPIRY in kinds):
            found += _ended(cursor, (first, last), days)
    found.sort(key=lambda one: one.occurred_at, reverse=True)
    return tuple(found[offset : offset + limit])


def _ended(cursor: Cursor, stretch: tuple[int, int], days: tuple[date, date]) -> Iterator[EntryRow]:
    for (body,) in cursor.execute(_ENDED, stretch).fetchall():
        for one in entries_from_plain(json.loads(body)):
            if days[0] <= one.business_date <= days[1]:
                yield EntryRow(one.kind, one.occurred_at, one.business_date, one.member_id, one.member_points)


def _issued(cursor: Cursor, stretch: tuple[int, int]) -> Iterator[EntryRow]:
    for number, body in cursor.execute(_ISSUED, stretch).fetchall():
        for one in coupons_from_plain(json.loads(body)):
            member, day, sale = one.member_id, number_date(number), one.transaction_id
            yield EntryRow("issued", one.issued_at, day, member, 0, sale, one.template)


def _conditions(wish: TicketWish) -> tuple[str, list[object]]:
    parts = ["h.kind IN ('sale', 'return', 'post_void')"]
    values: list[object] = []
    if wish.kinds:
        parts.append("(" + " OR ".join(text for bit, text in _KIND.items() if wish.kinds & bit) + ")")
    if wish.is_members is not None:
        parts.append("h.member_id IS NOT NULL" if wish.is_members else "h.member_id IS NULL")
    if wish.hour is not None:
        parts.append(_HOUR)
        values.append(wish.hour)
    if wish.operator_id is not None:
        parts.append("h.operator_id = ?")
        values.append(wish.operator_id.bytes)
    if wish.item_id is not None:
        parts.append(_ITEM)
        values.append(wish.item_id.bytes)
    return " AND ".join(parts), values


def _ticket(row: Any) -> TicketRow:
    own, kind, number, at, day, operator_id, member_id, total = row
    return TicketRow(
        id=TransactionId(uuid_of(own)),
        kind=kind,
        receipt_number=number,
        occurred_at=at,
        business_date=number_date(day),
        operator_id=OperatorId(uuid_of(operator_id)),
        member_id=id_or_none(MemberId, member_id),
        total_minor=total,
    )


def _entry(row: Any) -> EntryRow:
    kind, at, day, member_id, amount, transaction_id, note = row
    return EntryRow(
        kind=kind,
        occurred_at=at,
        business_date=number_date(day),
        member_id=id_or_none(MemberId, member_id),
        amount=amount,
        transaction_id=id_or_none(TransactionId, transaction_id),
        note=note,
    )
