"""Transactions and events as rows, and back. What is read is the fact's body; the columns beside it are for finding and adding up.

The writing functions take the cursor of a unit of work. :class:`SqliteJournal` is the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from app.domain.codec import parse
from app.domain.facts import event_details
from app.domain.ids import MemberId, OperatorId, ShiftId, TransactionId
from app.domain.receipt import ReceiptDocument
from app.domain.tender import TenderKind
from app.domain.transaction import ControlTransaction, RetailTransaction, SaleLine, Transaction
from app.service.ports import AuditEvent, Stamp
from db import spool_queue
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.statements import insert
from db.types import date_number, id_bytes_or_none, id_or_none

_PAGE_ROWS: Final = 200

# The tables of a transaction, in the order in which they are written; a row's values stand in the order of these columns.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "transaction_header": (
        "seq",
        "id",
        "kind",
        "receipt_number",
        "counter",
        "shift_id",
        "operator_id",
        "business_date",
        "occurred_at",
        "utc_offset_minutes",
        "currency",
        "is_training",
        "member_id",
        "is_new_member",
        "total_minor",
        "change_minor",
        "rounding_minor",
        "tax_minor",
        "cash_minor",
        "points_earned",
        "points_spent",
        "voids_id",
    ),
    "sale_line": (
        "seq",
        "number",
        "item_id",
        "sku",
        "name",
        "unit",
        "quantity",
        "list_price_minor",
        "unit_price_minor",
        "price_source",
        "price_version",
        "gross_minor",
        "net_minor",
        "tax_class",
        "category_id",
        "is_return",
        "returns_id",
        "returns_line",
    ),
    "line_modifier": (
        "seq",
        "line_number",
        "number",
        "kind",
        "source",
        "label",
        "reason",
        "amount_minor",
    ),
    "tender": ("seq", "number", "kind", "amount_minor", "points", "reference"),
}
INSERT_ROWS: Final = {table: insert(table, *columns) for table, columns in COLUMNS.items()}
# What the file holds of one transaction, to be compared with :func:`rows_of`.
SELECT_ROWS: Final = {
    table: f"SELECT {', '.join(columns)} FROM {table} WHERE seq = ? ORDER BY {', '.join(columns[:3])}"
    for table, columns in COLUMNS.items()
}
INSERT_EVENT: Final = insert(
    "audit_event", "seq", "kind", "occurred_at", "operator_id", "approved_by", "shift_id"
)

_BODY: Final = "SELECT f.body FROM transaction_header h JOIN fact f ON f.seq = h.seq"
BY_ID: Final = "SELECT f.body FROM fact f JOIN transaction_header h ON h.seq = f.seq WHERE f.id = ?"
BY_RECEIPT_NUMBER: Final = f"{_BODY} WHERE h.receipt_number = ?"
NEWEST: Final = f"{_BODY} ORDER BY h.seq DESC LIMIT ?"
# Index transaction_header_by_member, once for each file that was merged into the member's.
OF_MEMBER: Final = (
    f"{_BODY} WHERE h.member_id IN {MEMBER_AND_MERGED} ORDER BY h.occurred_at DESC, h.seq DESC LIMIT ?2"
)
# Index sale_line_by_returned; a line is returned a handful of times at most.
RETURNS_OF: Final = f"""
{_BODY} WHERE h.seq IN (SELECT seq FROM sale_line WHERE returns_id = ?) ORDER BY h.seq
"""
# Index transaction_header_by_voided.
VOID_OF: Final = f"{_BODY} WHERE h.voids_id = ?"
STAMP_OF: Final = "SELECT seq, hash FROM fact WHERE id = ?"
# From the shift's first fact to the next shift's; the shift's own id decides.
SHIFT_RANGE: Final = """
SELECT first_seq, (SELECT min(later.first_seq) FROM shift later WHERE later.first_seq > shift.first_seq)
FROM shift WHERE id = ?
"""
OF_SHIFT: Final = """
SELECT h.seq, f.body FROM transaction_header h JOIN fact f ON f.seq = h.seq
WHERE h.seq >= ? AND h.seq < ? AND h.shift_id = ? ORDER BY h.seq LIMIT ?
"""
AUDIT_OF_SHIFT: Final = """
SELECT e.kind, e.operator_id, e.occurred_at, e.approved_by, f.body FROM audit_event e JOIN fact f ON f.seq = e.seq
WHERE e.seq >= ? AND e.seq < ? AND e.shift_id = ? ORDER BY e.seq
"""
_NO_END: Final = 2**62


Row = tuple[object, ...]
_NO_ROWS: Final[dict[str, list[Row]]] = {table: [] for table in COLUMNS}


def rows_of(seq: int, transaction: Transaction) -> dict[str, list[Row]]:
    """What each table holds of a transaction."""
    if isinstance(transaction, ControlTransaction):
        return {**_NO_ROWS, "transaction_header": [_control_row(seq, transaction)]}
    lines = transaction.lines
    return {
        "transaction_header": [_retail_row(seq, transaction)],
        "sale_line": [_line_row(seq, line) for line in lines],
        "line_modifier": [row for line in lines if line.modifiers for row in _modifier_rows(seq, line)],
        "tender": [
            (seq, tender.number, tender.kind._value_, tender.amount.minor, tender.points, tender.reference)
            for tender in transaction.tenders
        ],
    }


def write_transaction(cursor: Cursor, seq: int, transaction: Transaction) -> None:
    """The columns of one transaction; its fact is already there."""
    for table, rows in rows_of(seq, transaction).items():
        if rows:
            cursor.executemany(INSERT_ROWS[table], rows)
            assert cursor.rowcount == len(rows), "every row of a transaction is written"


def write_event(cursor: Cursor, seq: int, event: AuditEvent, shift_id: ShiftId | None) -> None:
    cursor.execute(
        INSERT_EVENT,
        (
            seq,
            event.kind,
            event.occurred_at,
            id_bytes_or_none(event.operator_id),
            id_bytes_or_none(event.approved_by),
            id_bytes_or_none(shift_id),
        ),
    )


def returns_of(cursor: Cursor, transaction_id: TransactionId) -> tuple[RetailTransaction, ...]:
    """Every later transaction with a line that returns goods of this one, oldest first."""
    rows = cursor.execute(RETURNS_OF, (transaction_id.bytes,)).fetchall()
    return tuple(_retail(parse(body)) for (body,) in rows)


def void_of(cursor: Cursor, transaction_id: TransactionId) -> RetailTransaction | None:
    row = cursor.execute(VOID_OF, (transaction_id.bytes,)).fetchone()
    return None if row is None else _retail(parse(row[0]))


class SqliteJournal:
    """Completed transactions, read back whole. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def get(self, transaction_id: TransactionId) -> Transaction | None:
        return self._one(BY_ID, transaction_id.bytes)

    def by_receipt_number(self, number: str) -> Transaction | None:
        return self._one(BY_RECEIPT_NUMBER, number)

    def newest(self, limit: int = 50) -> tuple[Transaction, ...]:
        return self._many(NEWEST, limit)

    def of_member(self, member_id: MemberId, limit: int = 20) -> tuple[RetailTransaction, ...]:
        """Newest first; those of files that were merged into theirs are theirs."""
        return tuple(_retail(one) for one in self._many(OF_MEMBER, member_id.bytes, limit))

    def of_shift(self, shift_id: ShiftId) -> Iterator[Transaction]:
        """Oldest first. Reads a page at a time and holds no connection between pages."""
        start, end = self._range_of(shift_id)
        while start < end:
            with self._engines.reading() as cursor:
                rows = cursor.execute(OF_SHIFT, (start, end, shift_id.bytes, _PAGE_ROWS)).fetchall()
            for _, body in rows:
                yield parse(body)
            if len(rows) < _PAGE_ROWS:
                return
            start = rows[-1][0] + 1

    def returns_of(self, transaction_id: TransactionId) -> tuple[RetailTransaction, ...]:
        with self._engines.reading() as cursor:
            return returns_of(cursor, transaction_id)

    def void_of(self, transaction_id: TransactionId) -> RetailTransaction | None:
        with self._engines.reading() as cursor:
            return void_of(cursor, transaction_id)

    def document_of(self, transaction_id: TransactionId) -> ReceiptDocument | None:
        """The paper as it was first printed."""
        with self._engines.reading() as cursor:
            return spool_queue.original_document(cursor, transaction_id)

    def copies_of(self, transaction_id: TransactionId) -> int:
        with self._engines.reading() as cursor:
            return spool_queue.copies_of(cursor, transaction_id)

    def stamp_of(self, transaction_id: TransactionId) -> Stamp | None:
        with self._engines.reading() as cursor:
            row = cursor.execute(STAMP_OF, (transaction_id.bytes,)).fetchone()
        return None if row is None else Stamp(*row)

    def audit_of_shift(self, shift_id: ShiftId) -> tuple[AuditEvent, ...]:
        """Oldest first."""
        start, end = self._range_of(shift_id)
        with self._engines.reading() as cursor:
            rows = cursor.execute(AUDIT_OF_SHIFT, (start, end, shift_id.bytes)).fetchall()
        return tuple(_event(row) for row in rows)

    def _one(self, statement: str, parameter: object) -> Transaction | None:
        with self._engines.reading() as cursor:
            row = cursor.execute(statement, (parameter,)).fetchone()
        return None if row is None else parse(row[0])

    def _many(self, statement: str, *parameters: object) -> tuple[Transaction, ...]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(statement, parameters).fetchall()
        return tuple(parse(body) for (body,) in rows)

    def _range_of(self, shift_id: ShiftId) -> tuple[int, int]:
        with self._engines.reading() as cursor:
            row = cursor.execute(SHIFT_RANGE, (shift_id.bytes,)).fetchone()
        if row is None:
            return 0, 0
        start, end = row
        return start, _NO_END if end is None else end


def _retail_row(seq: int, transaction: RetailTransaction) -> Row:
    points = transaction.points
    return (
        *_header_row(seq, transaction),
        id_bytes_or_none(transaction.member_id),
        int(transaction.is_new_member),
        transaction.total.minor,
        transaction.change.minor,
        transaction.rounding.minor,
        sum(tax.tax.minor for tax in transaction.taxes),
        transaction.paid_by(TenderKind.CASH).minor - transaction.change.minor,
        points.earned,
        points.spent,
        id_bytes_or_none(transaction.voids),
    )


def _control_row(seq: int, transaction: ControlTransaction) -> Row:
    return (*_header_row(seq, transaction), None, 0, 0, 0, 0, 0, transaction.amount.minor, 0, 0, None)


def _header_row(seq: int, transaction: Transaction) -> Row:
    header = transaction.header
    return (
        seq,
        header.id.bytes,
        header.kind._value_,
        header.receipt_number,
        header.counter,
        header.shift_id.bytes,
        header.operator_id.bytes,
        date_number(header.business_date),
        header.occurred_at,
        header.utc_offset_minutes,
        header.currency,
        int(header.is_training),
    )


def _line_row(seq: int, line: SaleLine) -> Row:
    of = line.return_of
    return (
        seq,
        line.number,
        line.item_id.bytes,
        line.sku,
        line.name,
        line.unit._value_,
        line.quantity,
        line.list_price.minor,
        line.unit_price.minor,
        line.price_source._value_,
        line.price_version,
        line.gross.minor,
        line.net.minor,
        line.tax_class._value_,
        id_bytes_or_none(line.category_id),
        int(line.is_return),
        None if of is None else of.transaction_id.bytes,
        None if of is None else of.line_number,
    )


def _modifier_rows(seq: int, line: SaleLine) -> list[Row]:
    return [
        (seq, line.number, number, one.kind._value_, one.source, one.label, one.reason, one.amount.minor)
        for number, one in enumerate(line.modifiers, 1)
    ]


def _event(row: Any) -> AuditEvent:
    kind, operator_id, occurred_at, approved_by, body = row
    return AuditEvent(
        kind=kind,
        operator_id=id_or_none(OperatorId, operator_id),
        occurred_at=occurred_at,
        details=event_details(body),
        approved_by=None if approved_by is None else OperatorId(UUID(bytes=approved_by)),
    )


def _retail(transaction: Transaction) -> RetailTransaction:
    assert isinstance(transaction, RetailTransaction)
    return transaction
