"""What the tests of the store do over and over: open a till, sell, look into the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from app.domain.ids import EntryId, LotId, TransactionId, Uuid7Source
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.member import Member
from app.domain.receipt import ReceiptDocument, Text
from app.domain.shift import Shift
from app.domain.transaction import ControlTransaction, RetailTransaction, TransactionKind
from app.service.ports import PrintRequest, UnitOfWork
from db.store import SqliteStore, create_store, open_store
from tests.builders import (
    BUSINESS_DATE,
    CASHIER,
    MEMBER,
    OCCURRED_AT,
    SHIFT_ID,
    TAIPEI_MINUTES,
    a_control,
    a_line,
    a_sale,
    money,
    uuid,
)

KEY = bytes(range(32))
OTHER_KEY = bytes(32)


class FakeClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = OCCURRED_AT

    def now_ms(self) -> int:
        return self.now

    def local(self) -> datetime:
        zone = timezone(timedelta(minutes=TAIPEI_MINUTES))
        return datetime.fromtimestamp(self.now / 1000, UTC).astimezone(zone)


def counted_bits() -> Callable[[int], int]:
    """Random bits that are not: another number each time, spread over the bits that were asked for."""
    state = [0]

    def bits(count: int) -> int:
        state[0] += 1
        return state[0] * 0x9E3779B97F4A7C15 % (1 << count)

    return bits


def new_store(path: Path, clock: FakeClock, ids: Uuid7Source, *, is_training: bool = False) -> SqliteStore:
    return create_store(
        path, KEY, store_code="01", till_code="1", clock=clock, ids=ids, is_training=is_training
    )


def reopened(store: SqliteStore, clock: FakeClock, ids: Uuid7Source) -> SqliteStore:
    """Close it properly and open it again."""
    path = store.engines.path
    store.close()
    return open_store(path, KEY, clock, ids)


def a_document(text: str = "熟客商店") -> ReceiptDocument:
    return ReceiptDocument((Text(text),), "zh_TW", "receipt")


def numbered(work: UnitOfWork, sale: RetailTransaction) -> RetailTransaction:
    """The sale with the next number of this unit."""
    number = work.next_receipt_number()
    return replace(sale, header=replace(sale.header, receipt_number=number.text, counter=number.counter))


def numbered_control(work: UnitOfWork, control: ControlTransaction) -> ControlTransaction:
    number = work.next_receipt_number()
    return replace(
        control, header=replace(control.header, receipt_number=number.text, counter=number.counter)
    )


def write_sale(work: UnitOfWork, sale: RetailTransaction | None = None) -> RetailTransaction:
    """All that a completed sale leaves, without the commit: transaction, points of a member, receipt."""
    sale = numbered(work, sale or a_sale())
    if sale.member_id is not None and not sale.entries:
        sale = replace(sale, entries=(an_accrual(sale),))
    work.append(sale)
    work.enqueue_print(
        PrintRequest("receipt", a_document(sale.header.receipt_number), sale.header.id, kicks_drawer=True),
        created_at=sale.header.occurred_at,
    )
    work.save_draft(None)
    return sale


def sell(store: SqliteStore, sale: RetailTransaction | None = None) -> RetailTransaction:
    with store.begin() as work:
        sold = write_sale(work, sale)
        work.commit()
    return sold


def a_member_sale(member: Member = MEMBER) -> RetailTransaction:
    return a_sale(a_line(60), a_line(45, off=5), member=member)


def an_accrual(
    sale: RetailTransaction, points: int = 3, *, entry: int | None = None, lot: int | None = None
) -> LedgerEntry:
    assert sale.member_id is not None
    return LedgerEntry(
        id=EntryId(uuid(entry)),
        kind=EntryKind.ACCRUAL,
        member_id=sale.member_id,
        transaction_id=TransactionId(sale.header.id),
        occurred_at=sale.header.occurred_at,
        business_date=sale.header.business_date,
        postings=(
            Posting(Account.MEMBER, points, LotId(uuid(lot))),
            Posting(Account.ISSUED, -points),
        ),
        expires_on=sale.header.business_date.replace(year=sale.header.business_date.year + 1),
    )


def a_shift(opened_at: int = OCCURRED_AT) -> Shift:
    return Shift(SHIFT_ID, BUSINESS_DATE, opened_at, CASHIER.id, money(2000))


def open_shift(store: SqliteStore, shift: Shift | None = None) -> Shift:
    shift = shift or a_shift()
    with store.begin() as work:
        work.open_shift(shift)
        work.append(numbered_control(work, a_control(TransactionKind.SHIFT_OPEN, 2000)))
        work.commit()
    return shift


def rows(store: SqliteStore, statement: str, *parameters: object) -> list[Any]:
    with store.engines.reading() as cursor:
        return cursor.execute(statement, parameters).fetchall()


def count(store: SqliteStore, table: str) -> int:
    return int(rows(store, f"SELECT count(*) FROM {table}")[0][0])


def kept_tables(store: SqliteStore) -> dict[str, int]:
    """How many rows each table of facts holds."""
    names = (
        "fact",
        "outbox",
        "transaction_header",
        "sale_line",
        "line_modifier",
        "tender",
        "ledger_entry",
        "ledger_posting",
        "audit_event",
        "print_job",
        "member",
    )
    return {name: count(store, name) for name in names}
