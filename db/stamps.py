"""Stamps gained and lost, as rows and back. Rows are only ever appended; what a member has is the fold of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.domain.facts import FactKind
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.stamps import StampEvent, StampEventKind
from app.domain.loyalty.stamps_codec import stamp_to_plain
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.statements import insert
from db.types import date_number, id_bytes_or_none, id_or_none, number_date, uuid_of

if TYPE_CHECKING:
    from db.unit_of_work import SqliteUnitOfWork

# A row's values stand in the order of these columns.
COLUMNS: Final = (
    "id",
    "member_id",
    "card",
    "kind",
    "stamps",
    "transaction_id",
    "occurred_at",
    "business_date",
    "rule_version",
)
INSERT_EVENT: Final = insert("stamp_event", *COLUMNS)
_EVENT: Final = f"SELECT {', '.join(COLUMNS)} FROM stamp_event"
# Index stamp_event_of_member.
OF_MEMBER: Final = f"{_EVENT} WHERE member_id IN {MEMBER_AND_MERGED} ORDER BY occurred_at, id"
# Index stamp_event_of_transaction.
OF_SALE: Final = f"{_EVENT} WHERE transaction_id = ? ORDER BY occurred_at, id"


class SqliteStamps:
    """Implements :class:`app.service.coupon_ports.StampDirectory`. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def of_member(self, member_id: MemberId) -> tuple[StampEvent, ...]:
        with self._engines.reading() as cursor:
            return _of_member(cursor, member_id)


class StampRows:
    """Implements :class:`app.service.coupon_ports.StampBook` within one unit of work."""

    def __init__(self, work: SqliteUnitOfWork) -> None:
        self._work = work

    def of_member(self, member_id: MemberId) -> tuple[StampEvent, ...]:
        return _of_member(self._work.cursor, member_id)

    def of_sale(self, transaction_id: TransactionId) -> tuple[StampEvent, ...]:
        rows = self._work.cursor.execute(OF_SALE, (transaction_id.bytes,)).fetchall()
        return tuple(_event(row) for row in rows)

    def record(self, event: StampEvent) -> None:
        self._work.record(FactKind.STAMP, event.id, event.occurred_at, stamp_to_plain(event))
        self._work.cursor.execute(INSERT_EVENT, event_row(event))


def event_row(event: StampEvent) -> tuple[object, ...]:
    return (
        event.id.bytes,
        event.member_id.bytes,
        event.card,
        event.kind._value_,
        event.stamps,
        id_bytes_or_none(event.transaction_id),
        event.occurred_at,
        date_number(event.business_date),
        event.rule_version,
    )


def _of_member(cursor: Cursor, member_id: MemberId) -> tuple[StampEvent, ...]:
    return tuple(_event(row) for row in cursor.execute(OF_MEMBER, (member_id.bytes,)).fetchall())


def _event(row: Any) -> StampEvent:
    own, member, card, kind, stamps, transaction, occurred_at, business_date, version = row
    return StampEvent(
        id=uuid_of(own),
        member_id=MemberId(uuid_of(member)),
        card=card,
        kind=StampEventKind(kind),
        stamps=stamps,
        occurred_at=occurred_at,
        business_date=number_date(business_date),
        rule_version=version,
        transaction_id=id_or_none(TransactionId, transaction),
    )
