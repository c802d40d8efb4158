"""A shift from its float to its Z report. It sets the business date, and everything it does is the till's own: no network is waited for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import ShiftId
from app.domain.money import Money
from app.domain.shift import Shift
from app.domain.transaction import ControlTransaction, TransactionKind
from app.service.closing import CloseFlow, ShiftClosed
from app.service.control import check_cash, control_header, queue_slip, utc_offset_minutes
from app.service.ports import AuditEvent, Clock, IdSource, PrintRequest, Spool, Store
from app.service.session import Session
from app.service.shift_report import TRAINING_ENDED, ShiftReport, read_report, settle_shift
from app.service.slips import SlipBuilder

FAR_AHEAD_MS: Final = 24 * 3600 * 1000


class ClockDoubt(StrEnum):
    """What may be wrong with the machine's clock."""

    WENT_BACK = "went_back"
    FAR_AHEAD = "far_ahead"


@dataclass(frozen=True, slots=True)
class ClockWarning:
    """The clock against the last transaction: the operator should look at the date before the day begins."""

    doubt: ClockDoubt
    last_at: int
    now: int


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    shift: Shift
    transaction: ControlTransaction
    warning: ClockWarning | None


class TillSession:
    """Opens, reports and closes shifts; keeps the session's shift in step with the store."""

    def __init__(self, store: Store, session: Session, clock: Clock, ids: IdSource, spool: Spool) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._spool = spool
        self._slips = SlipBuilder(session, store)

    def business_date(self) -> date:
        """The date a shift opened now would have: before the shop's day begins, it is still yesterday's."""
        start = timedelta(hours=self._session.shop.day_starts_at_hour)
        return (self._clock.local() - start).date()

    def clock_warning(self) -> ClockWarning | None:
        """What speaks against the machine's clock, or None. It stops nobody."""
        last = next(iter(self._store.journal.newest(1)), None)
        if last is None:
            return None
        now, last_at = self._clock.now_ms(), last.header.occurred_at
        if now < last_at:
            return ClockWarning(ClockDoubt.WENT_BACK, last_at, now)
        if now - last_at > FAR_AHEAD_MS:
            return ClockWarning(ClockDoubt.FAR_AHEAD, last_at, now)
        return None

    def suggested_float(self) -> Money:
        """What the last closing kept in the drawer."""
        currency = self._session.shop.currency
        for transaction in self._store.journal.newest(20):
            totals = transaction.totals if isinstance(transaction, ControlTransaction) else None
            if totals is not None and totals.kept is not None and totals.kept.currency.code == currency.code:
                return totals.kept
        return Money(0, currency)

    def open_shift(self, opening_float: Money) -> ShiftOpened:
        """Begin the day with this much in the drawer. Raises Refused: "shift_already_open", "amount_negative" …"""
        operator = self._session.require_operator()
        check_cash(opening_float)
        warning = self.clock_warning()
        with self._store.begin() as work:
            if work.current_shift() is not None:
                raise Refused("shift_already_open")
            shift = Shift(
                id=ShiftId(self._ids()),
                business_date=self.business_date(),
                opened_at=self._clock.now_ms(),
                opened_by=operator.id,
                opening_float=opening_float,
            )
            work.open_shift(shift)
            header = control_header(
                work, self._session, self._clock, self._ids, TransactionKind.SHIFT_OPEN, shift
            )
            transaction = ControlTransaction(header, opening_float)
            work.append(transaction)
            queue_slip(work, self._session, self._slips, transaction)
            work.commit()
        self._session.shift = shift
        self._spool.wake()
        return ShiftOpened(shift, transaction, warning)

    def x_report(self) -> ShiftReport:
        """The shift so far. It resets nothing; for who counts blind it leaves the drawer out."""
        shift = self._session.require_shift()
        return read_report(
            self._store,
            self._session,
            shift,
            settle_shift(self._store, shift),
            made_at=self._clock.now_ms(),
            utc_offset_minutes=utc_offset_minutes(self._clock),
        )

    def print_x(self) -> ShiftReport:
        """The X report on paper."""
        report = self.x_report()
        with self._store.begin() as work:
            work.enqueue_print(
                PrintRequest("x_report", self._slips.report(report)), created_at=report.made_at
            )
            work.audit(AuditEvent("x_report", report.operator.id, report.made_at, {}))
            work.commit()
        self._spool.wake()
        return report

    def begin_close(self) -> CloseFlow:
        """The steps of closing; nothing is written before the last one."""
        self._session.require_operator()
        return CloseFlow(self._store, self._session, self._clock, self._session.require_shift(), self._close)

    def begin_training(self, approval: Approval | None = None) -> None:
        """Practice begins, on a till of its own. Raises ApprovalNeeded."""
        self._session.permit(Right.TRAINING, 1, approval)
        event = AuditEvent("training_begun", self._session.operator_id, self._clock.now_ms(), {})
        self._audit(replace(event, approved_by=approval.approved_by if approval else None))

    def end_training(self, transactions: int) -> None:
        """Practice ended after this many tickets; the Z report counts them."""
        operator = self._session.operator
        details = {"transactions": transactions}
        self._audit(
            AuditEvent(TRAINING_ENDED, operator.id if operator else None, self._clock.now_ms(), details)
        )

    def _close(self, flow: CloseFlow) -> ShiftClosed:
        """One unit of work: Z number, closing transaction, closed shift, its paper."""
        shift = flow.shift
        with self._store.begin() as work:
            current = work.current_shift()
            if current is None or current.id != shift.id:
                raise Refused("no_open_shift")
            totals = flow.totals(work.next_z_number())
            header = control_header(
                work, self._session, self._clock, self._ids, TransactionKind.SHIFT_CLOSE, shift
            )
            transaction = ControlTransaction(
                header, Money(0, shift.opening_float.currency), reason=flow.reason, totals=totals
            )
            stamp = work.append(transaction)
            # A clock that went back must not keep the day from ending.
            closed_at = max(header.occurred_at, shift.opened_at)
            closed = replace(shift, closed_at=closed_at, z_number=totals.z_number)
            work.close_shift(closed)
            report = read_report(
                self._store,
                self._session,
                closed,
                flow.settlement,
                made_at=header.occurred_at,
                utc_offset_minutes=header.utc_offset_minutes,
                closing=transaction,
                head=stamp.hash,
            )
            document = self._slips.report(report)
            work.enqueue_print(PrintRequest("z_report", document, header.id), created_at=header.occurred_at)
            work.commit()
        self._session.shift = None
        self._spool.wake()
        return ShiftClosed(report, document)

    def _audit(self, event: AuditEvent) -> None:
        with self._store.begin() as work:
            work.audit(event)
            work.commit()
