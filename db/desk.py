"""What lies on the counter between customers: the shift, the draft, held sales, settings. The writing functions take a unit's cursor."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.ids import BasketId, OperatorId, ShiftId
from app.domain.money import CURRENCIES, Money
from app.domain.shift import Shift
from db import spool_queue
from db.engine import Cursor, Engines
from db.statements import insert, upsert
from db.types import date_number, number_date

if TYPE_CHECKING:
    from app.service.ports import HeldSale, PrintJob, Unsent, WaitingKick

INSERT_SHIFT: Final = insert(
    "shift", "id", "business_date", "opened_at", "opened_by", "opening_float_minor", "currency", "first_seq"
)
CLOSE_SHIFT: Final = "UPDATE shift SET closed_at = ?, z_number = ? WHERE id = ? AND closed_at IS NULL"
_SHIFT: Final = """
SELECT id, business_date, opened_at, opened_by, opening_float_minor, currency, closed_at, z_number FROM shift
"""
CURRENT_SHIFT: Final = f"{_SHIFT} WHERE closed_at IS NULL"
SHIFT_BY_Z: Final = f"{_SHIFT} WHERE z_number = ?"
LAST_CLOSED_SHIFT: Final = f"{_SHIFT} WHERE z_number IS NOT NULL ORDER BY z_number DESC LIMIT 1"

PUT_DRAFT: Final = upsert("draft", "one", "body")
DROP_DRAFT: Final = "DELETE FROM draft"
DRAFT: Final = "SELECT body FROM draft"

INSERT_HELD: Final = insert(
    "held_sale", "id", "held_at", "operator_id", "label", "line_count", "total_minor", "body"
)
_HELD: Final = "SELECT id, held_at, operator_id, label, line_count, total_minor, body FROM held_sale"
HELD: Final = f"{_HELD} ORDER BY held_at, id"
ONE_HELD: Final = f"{_HELD} WHERE id = ?"
DROP_HELD: Final = "DELETE FROM held_sale WHERE id = ?"

PUT_SETTING: Final = upsert("setting", "key", "value")
SETTING: Final = "SELECT value FROM setting WHERE key = ?"
SETTINGS: Final = "SELECT key, value FROM setting ORDER BY key"
UNSENT: Final = "SELECT count(*) FROM outbox"
UNSENT_UNTIL: Final = "SELECT count(*) FROM outbox WHERE seq <= ?"
# From the outbox to the rows, by their primary keys, however much else there is (in SQLite a CROSS JOIN keeps its order). The header's rows
# are short; of a fact the body would have to be read past.
UNSENT_TICKETS: Final = """
SELECT count(*) FROM outbox CROSS JOIN transaction_header USING (seq) WHERE kind IN ('sale', 'return', 'post_void')
"""
UNSENT_KINDS: Final = """
SELECT kind, count(*), max(seq), min(occurred_at) FROM outbox CROSS JOIN fact USING (seq)
WHERE outbox.seq > ? GROUP BY kind ORDER BY kind
"""


def open_shift(cursor: Cursor, shift: Shift, first_seq: int) -> None:
    """``first_seq`` is the place of the first fact that may belong to it."""
    assert shift.is_open
    currency = shift.opening_float.currency.code
    cursor.execute(
        INSERT_SHIFT,
        (
            shift.id.bytes,
            date_number(shift.business_date),
            shift.opened_at,
            shift.opened_by.bytes,
            shift.opening_float.minor,
            currency,
            first_seq,
        ),
    )


def close_shift(cursor: Cursor, shift: Shift) -> None:
    assert not shift.is_open
    cursor.execute(CLOSE_SHIFT, (shift.closed_at, shift.z_number, shift.id.bytes))
    assert cursor.rowcount == 1, "the shift that closes is the open one"


def current_shift(cursor: Cursor) -> Shift | None:
    return _shift_or_none(cursor.execute(CURRENT_SHIFT).fetchone())


def save_draft(cursor: Cursor, body: bytes | None) -> None:
    if body is None:
        cursor.execute(DROP_DRAFT)
    else:
        cursor.execute(PUT_DRAFT, (1, body))


def hold(cursor: Cursor, held: HeldSale) -> None:
    cursor.execute(
        INSERT_HELD,
        (
            held.id.bytes,
            held.held_at,
            held.operator_id.bytes,
            held.label,
            held.line_count,
            held.total_minor,
            held.body,
        ),
    )


def take_held(cursor: Cursor, basket_id: BasketId) -> HeldSale | None:
    row = cursor.execute(ONE_HELD, (basket_id.bytes,)).fetchone()
    if row is None:
        return None
    cursor.execute(DROP_HELD, (basket_id.bytes,))
    assert cursor.rowcount == 1
    return _held(row)


def put_setting(cursor: Cursor, key: str, value: object) -> None:
    cursor.execute(PUT_SETTING, (key, json.dumps(value, ensure_ascii=False, sort_keys=True)))


class SqliteDesk:
    """The reader. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def current_shift(self) -> Shift | None:
        return _shift_or_none(self._row(CURRENT_SHIFT))

    def closed_shift(self, z_number: int | None = None) -> Shift | None:
        """The closing with this number, or the last one."""
        if z_number is None:
            return _shift_or_none(self._row(LAST_CLOSED_SHIFT))
        return _shift_or_none(self._row(SHIFT_BY_Z, z_number))

    def draft(self) -> bytes | None:
        row = self._row(DRAFT)
        return None if row is None else row[0]

    def held_sales(self) -> tuple[HeldSale, ...]:
        """Oldest first."""
        with self._engines.reading() as cursor:
            return tuple(_held(row) for row in cursor.execute(HELD).fetchall())

    def setting(self, key: str) -> object | None:
        row = self._row(SETTING, key)
        return None if row is None else json.loads(row[0])

    def settings(self) -> Mapping[str, object]:
        with self._engines.reading() as cursor:
            return {key: json.loads(value) for key, value in cursor.execute(SETTINGS).fetchall()}

    def unsent_count(self) -> int:
        """Records that the central server does not have yet."""
        count: int = self._row(UNSENT)[0]
        return count

    def unsent_tickets(self) -> int:
        """Sales, returns and voids among them."""
        count: int = self._row(UNSENT_TICKETS)[0]
        return count

    def unsent_until(self, seq: int) -> int:
        """Those among them up to this place."""
        count: int = self._row(UNSENT_UNTIL, seq)[0]
        return count

    def unsent(self, after_seq: int = 0) -> Unsent:
        """Those behind this place, by kind. Reads each one: for somebody who looks, never for every sale."""
        from app.service.ports import Unsent

        with self._engines.reading() as cursor:
            rows = cursor.execute(UNSENT_KINDS, (after_seq,)).fetchall()
        return Unsent(
            {kind: count for kind, count, _, _ in rows},
            max((row[2] for row in rows), default=0),
            min((row[3] for row in rows), default=None),
        )

    def print_jobs(self, states: Sequence[str], limit: int = 100) -> tuple[PrintJob, ...]:
        """Oldest first; where closed states are asked for, newest first."""
        with self._engines.reading() as cursor:
            return spool_queue.jobs_in(cursor, states, limit)

    def print_job(self, job_id: int) -> PrintJob | None:
        with self._engines.reading() as cursor:
            return spool_queue.one_job(cursor, job_id)

    def prints_to_send(self, limit: int) -> tuple[PrintJob, ...]:
        """What starts by itself, oldest first: queued, and held up by the printer. Not what a person holds."""
        with self._engines.reading() as cursor:
            return spool_queue.jobs_to_send(cursor, limit)

    def waiting_kicks(self, limit: int = 20) -> tuple[WaitingKick, ...]:
        with self._engines.reading() as cursor:
            return spool_queue.waiting_kicks(cursor, limit)

    def _row(self, statement: str, *parameters: object) -> Any:
        with self._engines.reading() as cursor:
            return cursor.execute(statement, parameters).fetchone()


def _shift_or_none(row: Any) -> Shift | None:
    if row is None:
        return None
    shift_id, business_date, opened_at, opened_by, float_minor, currency, closed_at, z_number = row
    return Shift(
        id=ShiftId(UUID(bytes=shift_id)),
        business_date=number_date(business_date),
        opened_at=opened_at,
        opened_by=OperatorId(UUID(bytes=opened_by)),
        opening_float=Money(float_minor, CURRENCIES[currency]),
        closed_at=closed_at,
        z_number=z_number,
    )


def _held(row: Any) -> HeldSale:
    from app.service.ports import HeldSale

    basket_id, held_at, operator_id, label, line_count, total_minor, body = row
    return HeldSale(
        id=BasketId(UUID(bytes=basket_id)),
        held_at=held_at,
        operator_id=OperatorId(UUID(bytes=operator_id)),
        label=label,
        line_count=line_count,
        total_minor=total_minor,
        body=body,
    )
