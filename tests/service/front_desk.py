"""A till on a real encrypted store with four people and no goods: what the drawer and the shift need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.authority import Approval, Operator, Right
from app.domain.ids import ShiftId, Uuid7Source
from app.domain.member import Member
from app.domain.money import TWD, Currency, Money
from app.domain.receipt import QR, Cell, ReceiptDocument, Row, Rule, Text
from app.domain.tender import Tender
from app.domain.transaction import PointsEffect, RetailTransaction, SaleLine, TransactionKind
from app.service.control import ControlDesk
from app.service.ports import HeldSale, PrintJob
from app.service.session import Session
from app.service.shop import ShopSettings
from app.service.till_session import TillSession
from db.store import SqliteStore, create_store, open_store
from tests.builders import CASHIER, MANAGER, OWNER, SUPERVISOR, a_header, a_sale
from tests.fakes import FakeClock, QuietSpool, seeded_ids

KEY = bytes(range(32))


@dataclass
class FrontDesk:
    path: Path
    clock: FakeClock
    ids: Uuid7Source
    store: SqliteStore
    session: Session
    spool: QuietSpool
    shifts: TillSession
    control: ControlDesk

    def open(self, opening: int = 2000) -> ShiftId:
        return self.shifts.open_shift(self.money(opening)).shift.id

    def money(self, minor: int) -> Money:
        return Money(minor, self.session.shop.currency)

    def approval(self, right: Right, amount: int, by: Operator = MANAGER) -> Approval:
        return Approval(right, amount, self.session.operator_id, by.id, "店長同意", self.clock.now_ms())

    def sell(
        self,
        *lines: SaleLine,
        tenders: Sequence[Tender] | None = None,
        member: Member | None = None,
        points_effect: PointsEffect = PointsEffect(),  # noqa: B008 (an immutable value)
        kind: TransactionKind = TransactionKind.SALE,
    ) -> RetailTransaction:
        """A completed ticket in the present shift, written as the till writes it."""
        shift = self.session.require_shift()
        self.clock.forward(seconds=20)
        with self.store.begin() as work:
            number = work.next_receipt_number()
            header = replace(
                a_header(kind, shift_id=shift.id, operator=self.session.require_operator()),
                receipt_number=number.text,
                counter=number.counter,
                business_date=shift.business_date,
                occurred_at=self.clock.now_ms(),
            )
            sale = a_sale(*lines, tenders=tenders, header=header, member=member, points_effect=points_effect)
            work.append(sale)
            work.commit()
        return sale

    def hold(self, label: str = "王○明 0912-***-678", total: int = 250) -> None:
        with self.store.begin() as work:
            held = HeldSale(self.ids(), self.clock.now_ms(), CASHIER.id, label, 2, total, b"{}")  # type: ignore[arg-type]
            work.hold(held)
            work.commit()

    def papers(self) -> tuple[PrintJob, ...]:
        """Oldest first."""
        return tuple(sorted(self.store.desk.print_jobs(("queued",)), key=lambda job: job.id))

    def events(self) -> list[str]:
        with self.store.engines.reading() as cursor:
            return [
                kind for (kind,) in cursor.execute("SELECT kind FROM audit_event ORDER BY seq").fetchall()
            ]

    def restart(self) -> None:
        """Close the till and open it again, as after a power cut."""
        self.store.close()
        store = open_store(self.path, KEY, self.clock, self.ids)
        session = Session(self.session.shop, self.session.operator, store.desk.current_shift())
        wired = _wire(self.path, self.clock, self.ids, store, session)
        self.store, self.session, self.shifts, self.control = store, session, wired.shifts, wired.control


def open_front_desk(folder: Path, *, currency: Currency = TWD) -> FrontDesk:
    clock = FakeClock()
    ids = seeded_ids(clock)
    path = folder / "till.db"
    store = create_store(path, KEY, store_code="01", till_code="1", clock=clock, ids=ids)
    with store.begin() as work:
        for operator in (CASHIER, SUPERVISOR, MANAGER, OWNER):
            work.save_operator(operator)
        work.commit()
    shop = ShopSettings(name="好日子選物店", currency_code=currency.code)
    return _wire(path, clock, ids, store, Session(shop, operator=CASHIER))


def _wire(path: Path, clock: FakeClock, ids: Uuid7Source, store: SqliteStore, session: Session) -> FrontDesk:
    spool = QuietSpool()
    return FrontDesk(
        path=path,
        clock=clock,
        ids=ids,
        store=store,
        session=session,
        spool=spool,
        shifts=TillSession(store, session, clock, ids, spool),
        control=ControlDesk(store, session, clock, ids, spool),
    )


def words_of(document: ReceiptDocument) -> str:
    """What a paper says, one node a line, cells apart by a bar."""
    lines = []
    for node in document.nodes:
        match node:
            case Text(text):
                lines.append(text)
            case Row(cells):
                lines.append(" | ".join(cell.text for cell in cells if isinstance(cell, Cell)))
            case Rule(_, label) if label:
                lines.append(f"== {label}")
            case QR(data):
                lines.append(f"QR {data}")
            case _:
                pass
    return "\n".join(lines)
