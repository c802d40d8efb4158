"""What the guard over the points reads, as plain SQL over a range of business dates, and the findings that were dismissed.

A range of dates is first turned into a range of places in the chain through the shifts, so every statement walks along ``seq`` and no table
needs an index by date. A member who was merged into another counts as that other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.facts import FactKind, event_details
from app.domain.ids import EntryId, ItemId, MemberId, OperatorId, TransactionId
from app.domain.transaction import TransactionKind
from app.insight.guard_values import Debt, Enrolment, GoodsBack, GoodsSold, GuardRows, HandMove, Ticket
from app.service.guard import LINK_BACK, LINK_LOST, MEMBER_LATE, POINTS_BY_HAND, Dismissal
from app.service.ports import UnitOfWork
from db.engine import Cursor, Engines
from db.statements import upsert
from db.types import date_number, id_or_none, number_date, uuid_of
from db.unit_of_work import SqliteUnitOfWork

_NO_END: Final = 2**62

# Whole table: one row a day.
PLACES: Final = """
SELECT min(first_seq), (
  SELECT min(later.first_seq) FROM shift later
  WHERE later.first_seq > (SELECT max(s.first_seq) FROM shift s WHERE s.business_date BETWEEN :since AND :until)
) FROM shift WHERE business_date BETWEEN :since AND :until
"""
# From here on: by seq, from the first place to the last.
_MEMBER: Final = "coalesce((SELECT survivor_id FROM member_alias WHERE member_id = h.member_id), h.member_id)"
_WITHIN: Final = """
h.seq >= :first AND h.seq < :end AND h.business_date BETWEEN :since AND :until AND h.is_training = 0
"""
TICKETS: Final = f"""
SELECT h.seq, h.id, h.kind, h.business_date, h.occurred_at, h.operator_id, {_MEMBER}, h.total_minor,
  h.points_earned, h.points_spent, h.voids_id, h.is_new_member
FROM transaction_header h WHERE {_WITHIN} AND h.kind IN ('sale', 'return', 'post_void') ORDER BY h.seq
"""
_VOIDED: Final = "EXISTS (SELECT 1 FROM transaction_header v WHERE v.voids_id = h.id)"
GOODS_BACK: Final = f"""
SELECT h.id, h.business_date, h.occurred_at, h.operator_id, {_MEMBER}, l.item_id, -l.net_minor
FROM transaction_header h JOIN sale_line l ON l.seq = h.seq
WHERE {_WITHIN} AND h.kind IN ('sale', 'return') AND l.is_return = 1 AND l.returns_id IS NULL AND NOT {_VOIDED}
ORDER BY h.seq, l.number
"""
GOODS_SOLD: Final = f"""
SELECT h.id, h.business_date, h.occurred_at, h.operator_id, {_MEMBER}, l.item_id, l.net_minor
FROM transaction_header h JOIN sale_line l ON l.seq = h.seq
WHERE {_WITHIN} AND h.kind = 'sale' AND h.member_id IS NOT NULL AND h.points_earned > 0 AND l.is_return = 0
  AND l.item_id IN (
    SELECT r.item_id FROM sale_line r
    WHERE r.seq >= :first AND r.seq < :end AND r.is_return = 1 AND r.returns_id IS NULL
  ) AND NOT {_VOIDED}
ORDER BY h.seq, l.number
"""
HAND_MOVES: Final = """
SELECT e.id, e.business_date, e.occurred_at,
  coalesce((SELECT survivor_id FROM member_alias WHERE member_id = e.member_id), e.member_id),
  (SELECT sum(points) FROM ledger_posting WHERE entry_id = e.id AND account = 'member')
FROM fact f JOIN ledger_entry e ON e.id = f.id
WHERE f.seq >= :first AND f.seq < :end AND f.kind = :entry AND e.kind = 'adjustment'
  AND e.business_date BETWEEN :since AND :until
ORDER BY f.seq
"""
# A return belongs to the sale's member, whoever stands at the counter with the goods. Its entries stand in its fact; those of tickets
# of the first version are facts of their own, and follow.
_WHOSE: Final = "coalesce((SELECT survivor_id FROM member_alias WHERE member_id = e.member_id), e.member_id)"
TAKEN_BACK: Final = f"""
SELECT e.transaction_id, {_WHOSE}, f.seq AS place
FROM transaction_header h JOIN fact f ON f.seq = h.seq
  JOIN json_each(CAST(f.body AS TEXT), '$.entries') told JOIN ledger_entry e ON e.id = unhex(told.value ->> 'id')
WHERE h.seq >= :first AND h.seq < :end AND h.business_date BETWEEN :since AND :until AND h.kind IN ('sale', 'return')
  AND e.kind = 'accrual_reversal' AND EXISTS (SELECT 1 FROM sale_line l WHERE l.seq = h.seq AND l.is_return = 1)
UNION
SELECT e.transaction_id, {_WHOSE}, f.seq
FROM fact f JOIN ledger_entry e ON e.id = f.id JOIN transaction_header h ON h.seq = (
  SELECT seq FROM fact WHERE id = e.transaction_id
)
WHERE f.seq >= :first AND f.seq < :end AND f.kind = :entry AND e.kind = 'accrual_reversal'
  AND e.business_date BETWEEN :since AND :until AND h.kind <> 'post_void'
ORDER BY place
"""
EVENTS: Final = """
SELECT e.seq, e.kind, e.operator_id, f.body FROM audit_event e JOIN fact f ON f.seq = e.seq
WHERE e.seq >= :first AND e.seq < :end AND e.kind IN (:late, :by_hand, :lost, :back) ORDER BY e.seq
"""
# Backwards from the first place; ends at the first that is found.
LINK_BEFORE: Final = """
SELECT kind FROM audit_event WHERE seq < :first AND kind IN (:lost, :back) ORDER BY seq DESC LIMIT 1
"""
# Indexes transaction_header_by_member, member_alias_of_survivor.
LATER_VISITS: Final = """
SELECT count(*) FROM transaction_header WHERE kind = 'sale' AND business_date > ?2
  AND member_id IN (SELECT ?1 UNION ALL SELECT member_id FROM member_alias WHERE survivor_id = ?1)
"""
# Index ledger_posting_by_member.
BALANCE: Final = """
SELECT coalesce(sum(points), 0) FROM ledger_posting
WHERE member_id IN (SELECT ?1 UNION ALL SELECT member_id FROM member_alias WHERE survivor_id = ?1)
"""
MEMBER_OF_PHONE: Final = """
SELECT coalesce((SELECT survivor_id FROM member_alias WHERE member_id = member.id), id) FROM member WHERE phone = ?
"""

DISMISSALS: Final = "SELECT signal_key, dismissed_at, operator_id, reason FROM guard_dismissal"
DISMISS: Final = upsert("guard_dismissal", "signal_key", "dismissed_at", "operator_id", "reason")
BRING_BACK: Final = "DELETE FROM guard_dismissal WHERE signal_key = ?"

Places = dict[str, object]


class SqliteGuardSource:
    """Implements :class:`app.service.guard.GuardSource`. Reading may happen on any thread, beside a till that sells."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def rows(self, since: date, until: date, staff_phones: Mapping[OperatorId, str]) -> GuardRows:
        assert since <= until
        with self._engines.reading(snapshot=True) as cursor:
            places = _places(cursor, since, until)
            if places is None:
                return GuardRows(since, until)
            events = _Events(cursor, places)
            headers = cursor.execute(TICKETS, places).fetchall()
            return GuardRows(
                since=since,
                until=until,
                tickets=tuple(_ticket(row, events) for row in headers),
                goods_back=tuple(map(_goods_back, cursor.execute(GOODS_BACK, places).fetchall())),
                goods_sold=tuple(map(_goods_sold, cursor.execute(GOODS_SOLD, places).fetchall())),
                hand_moves=tuple(_hand_moves(cursor, places, events)),
                enrolments=tuple(_enrolments(cursor, headers)),
                debts=tuple(_debts(cursor, places)),
                staff=_staff(cursor, staff_phones),
            )

    def dismissals(self) -> Mapping[str, Dismissal]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(DISMISSALS).fetchall()
        return {
            key: Dismissal(key, at, id_or_none(OperatorId, operator_id), reason)
            for key, at, operator_id, reason in rows
        }

    def dismiss(self, work: UnitOfWork, dismissal: Dismissal) -> None:
        operator_id = dismissal.operator_id
        _cursor_of(work).execute(
            DISMISS,
            (
                dismissal.signal_key,
                dismissal.dismissed_at,
                operator_id.bytes if operator_id else None,
                dismissal.reason,
            ),
        )

    def bring_back(self, work: UnitOfWork, signal_key: str) -> bool:
        cursor = _cursor_of(work)
        cursor.execute(BRING_BACK, (signal_key,))
        return cursor.rowcount == 1


def _cursor_of(work: UnitOfWork) -> Cursor:
    assert isinstance(work, SqliteUnitOfWork), "rows of this file are written in its own unit"
    return work.cursor


def _places(cursor: Cursor, since: date, until: date) -> Places | None:
    """The named parameters of every statement; None when no shift has such a business date."""
    days: Places = {"since": date_number(since), "until": date_number(until)}
    first, end = cursor.execute(PLACES, days).fetchone()
    if first is None:
        return None
    return {**days, "first": first, "end": _NO_END if end is None else end}


class _Events:
    """What was noted beside the transactions: members that came late, points by hand, the link lost and back."""

    def __init__(self, cursor: Cursor, places: Places) -> None:
        kinds: Places = {
            "late": MEMBER_LATE,
            "by_hand": POINTS_BY_HAND,
            "lost": LINK_LOST,
            "back": LINK_BACK,
        }
        self.late: set[str] = set()
        self.by_hand: dict[str, OperatorId] = {}
        self._link_seqs: list[int] = []
        self._link_states: list[bool] = []
        wanted = {name: places[name] for name in ("first", "end")}
        for seq, kind, operator_id, body in cursor.execute(EVENTS, {**wanted, **kinds}).fetchall():
            details = event_details(body)
            if kind == MEMBER_LATE:
                self.late.add(str(details.get("basket", "")))
            elif kind == POINTS_BY_HAND and operator_id is not None:
                self.by_hand[str(details.get("entry", ""))] = OperatorId(UUID(bytes=operator_id))
            elif kind in (LINK_LOST, LINK_BACK):
                self._link_seqs.append(seq)
                self._link_states.append(kind == LINK_LOST)
        before = cursor.execute(
            LINK_BEFORE, {"first": places["first"], "lost": LINK_LOST, "back": LINK_BACK}
        ).fetchone()
        self._was_offline_before = None if before is None else before[0] == LINK_LOST
        if self._was_offline_before is None and self._link_states:
            # Whoever notes a change was in the other state before.
            self._was_offline_before = not self._link_states[0]

    def was_offline(self, seq: int) -> bool | None:
        place = bisect_right(self._link_seqs, seq)
        return self._link_states[place - 1] if place else self._was_offline_before


def _ticket(row: Any, events: _Events) -> Ticket:
    seq, ticket_id, kind, day, at, operator_id, member_id, total, earned, spent, voids_id, _ = row
    return Ticket(
        id=TransactionId(uuid_of(ticket_id)),
        kind=TransactionKind(kind),
        business_date=number_date(day),
        occurred_at=at,
        operator_id=OperatorId(uuid_of(operator_id)),
        member_id=None if member_id is None else MemberId(uuid_of(member_id)),
        total_minor=total,
        points_earned=earned,
        points_spent=spent,
        voids=None if voids_id is None else TransactionId(uuid_of(voids_id)),
        came_at_the_end=bool(events.late) and ticket_id.hex() in events.late,
        was_offline=events.was_offline(seq),
    )


def _goods_back(row: Any) -> GoodsBack:
    ticket_id, day, at, operator_id, member_id, item_id, amount = row
    return GoodsBack(
        transaction_id=TransactionId(uuid_of(ticket_id)),
        business_date=number_date(day),
        occurred_at=at,
        operator_id=OperatorId(uuid_of(operator_id)),
        member_id=None if member_id is None else MemberId(uuid_of(member_id)),
        item_id=ItemId(uuid_of(item_id)),
        amount_minor=amount,
    )


def _goods_sold(row: Any) -> GoodsSold:
    ticket_id, day, at, operator_id, member_id, item_id, amount = row
    return GoodsSold(
        transaction_id=TransactionId(uuid_of(ticket_id)),
        business_date=number_date(day),
        occurred_at=at,
        operator_id=OperatorId(uuid_of(operator_id)),
        member_id=MemberId(uuid_of(member_id)),
        item_id=ItemId(uuid_of(item_id)),
        amount_minor=amount,
    )


def _hand_moves(cursor: Cursor, places: Places, events: _Events) -> Iterator[HandMove]:
    for entry_id, day, at, member_id, points in cursor.execute(
        HAND_MOVES, {**places, "entry": FactKind.POINTS_ENTRY.value}
    ).fetchall():
        yield HandMove(
            entry_id=EntryId(uuid_of(entry_id)),
            business_date=number_date(day),
            occurred_at=at,
            member_id=MemberId(uuid_of(member_id)),
            points=points or 0,
            operator_id=events.by_hand.get(entry_id.hex()),
        )


def _enrolments(cursor: Cursor, headers: Sequence[Any]) -> Iterator[Enrolment]:
    """Members made at the counter, with their first sale, that were not voided away."""
    voided = {row[10] for row in headers if row[10] is not None}
    for _, ticket_id, kind, day, _, operator_id, member_id, *_, is_new_member in headers:
        if kind != TransactionKind.SALE or not is_new_member or ticket_id in voided:
            continue
        (later,) = cursor.execute(LATER_VISITS, (member_id, day)).fetchone()
        yield Enrolment(
            member_id=MemberId(uuid_of(member_id)),
            business_date=number_date(day),
            operator_id=OperatorId(uuid_of(operator_id)),
            later_visits=later,
            transaction_id=TransactionId(uuid_of(ticket_id)),
        )


def _debts(cursor: Cursor, places: Places) -> Iterator[Debt]:
    """Members from whom a return took points back, and who have less than nothing now."""
    took_back: defaultdict[bytes, list[TransactionId]] = defaultdict(list)
    entries: Places = {**places, "entry": FactKind.POINTS_ENTRY.value}
    for ticket_id, member_id, _ in cursor.execute(TAKEN_BACK, entries).fetchall():
        took_back[member_id].append(TransactionId(uuid_of(ticket_id)))
    for member_id, returns in took_back.items():
        (balance,) = cursor.execute(BALANCE, (member_id,)).fetchone()
        if balance < 0:
            yield Debt(MemberId(uuid_of(member_id)), balance, tuple(returns))


def _staff(cursor: Cursor, staff_phones: Mapping[OperatorId, str]) -> dict[MemberId, OperatorId]:
    found = {}
    for operator_id, phone in staff_phones.items():
        row = cursor.execute(MEMBER_OF_PHONE, (phone,)).fetchone()
        if row is not None:
            found[MemberId(uuid_of(row[0]))] = operator_id
    return found
