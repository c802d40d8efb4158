"""The drawer without goods: no-sale, paid in, paid out. Each is a transaction with a number, a reason and a slip.

The drawer opens after the commit and never before, and never in practice.
"""

from __future__ import annotations

from typing import Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import TransactionId
from app.domain.money import Money, format_money
from app.domain.shift import Shift
from app.domain.transaction import ControlTransaction, Header, TransactionKind
from app.i18n import t
from app.service.ports import Clock, IdSource, PrintRequest, Spool, Store, UnitOfWork
from app.service.session import Session
from app.service.slips import SlipBuilder

AMOUNT_MAX: Final = 10**8
NOTE_CHARACTERS_MAX: Final = 200
REASON_KEYS: Final = {
    TransactionKind.NO_SALE: ("make_change", "check_drawer", "other"),
    TransactionKind.PAID_IN: ("more_change", "float_top_up", "other"),
    TransactionKind.PAID_OUT: ("supplies", "supplier", "postage", "to_bank", "other"),
}
_RIGHTS: Final = {
    TransactionKind.NO_SALE: Right.NO_SALE,
    TransactionKind.PAID_IN: Right.PAID_IN,
    TransactionKind.PAID_OUT: Right.PAID_OUT,
}


class ControlDesk:
    """Opens the drawer for a reason. Raises Refused or ApprovalNeeded with nothing written and the drawer shut."""

    def __init__(self, store: Store, session: Session, clock: Clock, ids: IdSource, spool: Spool) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._spool = spool
        self._slips = SlipBuilder(session, store)

    def reasons(self, kind: TransactionKind) -> tuple[str, ...]:
        """What to choose from, in the shop's language: the shop's own list (``<kind>_reasons``) or ours. The last one asks for a note."""
        own = self._store.desk.setting(f"{kind.value}_reasons")
        other = self._reason(kind, "other")
        if isinstance(own, list):
            listed = tuple(dict.fromkeys(str(reason).strip() for reason in own if str(reason).strip()))
            if listed:
                return (*(reason for reason in listed if reason != other), other)
        return tuple(self._reason(kind, key) for key in REASON_KEYS[kind])

    def no_sale(self, reason: str, *, note: str = "", approval: Approval | None = None) -> ControlTransaction:
        """Open the drawer without a sale."""
        nothing = Money(0, self._session.shop.currency)
        return self._record(TransactionKind.NO_SALE, nothing, 1, reason, note, approval)

    def paid_in(
        self, amount: Money, reason: str, *, note: str = "", approval: Approval | None = None
    ) -> ControlTransaction:
        """Cash put into the drawer. ``amount`` is positive."""
        self._check_amount(amount)
        return self._record(TransactionKind.PAID_IN, amount, amount.minor, reason, note, approval)

    def paid_out(
        self, amount: Money, reason: str, *, note: str = "", approval: Approval | None = None
    ) -> ControlTransaction:
        """Cash taken out of the drawer. ``amount`` is positive; the books carry it as negative."""
        self._check_amount(amount)
        return self._record(TransactionKind.PAID_OUT, -amount, amount.minor, reason, note, approval)

    def _record(
        self,
        kind: TransactionKind,
        amount: Money,
        asked: int,
        reason: str,
        note: str,
        approval: Approval | None,
    ) -> ControlTransaction:
        shift = self._session.require_shift()
        self._session.permit(_RIGHTS[kind], asked, approval)
        reason, note = self._checked_reason(kind, reason, note)
        with self._store.begin() as work:
            transaction = ControlTransaction(
                header=control_header(work, self._session, self._clock, self._ids, kind, shift),
                amount=amount,
                reason=reason,
                note=note,
                approvals=(approval,) if approval else (),
            )
            work.append(transaction)
            queue_slip(work, self._session, self._slips, transaction)
            work.commit()
        self._spool.wake()
        return transaction

    def _checked_reason(self, kind: TransactionKind, reason: str, note: str) -> tuple[str, str]:
        reason, note = reason.strip(), note.strip()[:NOTE_CHARACTERS_MAX]
        listed = self.reasons(kind)
        if reason not in listed:
            raise Refused("reason_needed")
        if reason == listed[-1] and not note:
            raise Refused("note_needed")
        return reason, note

    def _check_amount(self, amount: Money) -> None:
        check_cash(amount)
        if amount.minor == 0:
            raise Refused("tender_amount_invalid")

    def _reason(self, kind: TransactionKind, key: str) -> str:
        return t(f"shift.reason.{kind.value}.{key}", self._session.shop.language)


def check_cash(amount: Money) -> None:
    """An amount that notes and coins can make. Raises Refused: "amount_negative", "price_too_high", "cash_not_payable"."""
    step = amount.currency.cash_step
    if amount.minor < 0:
        raise Refused("amount_negative")
    if amount.minor >= AMOUNT_MAX:
        raise Refused("price_too_high")
    if amount.minor % step:
        raise Refused("cash_not_payable", step=format_money(Money(step, amount.currency)))


def control_header(
    work: UnitOfWork, session: Session, clock: Clock, ids: IdSource, kind: TransactionKind, shift: Shift
) -> Header:
    """The header of a control transaction, with the next number of this unit of work."""
    number = work.next_receipt_number()
    return Header(
        id=TransactionId(ids()),
        kind=kind,
        receipt_number=number.text,
        counter=number.counter,
        shift_id=shift.id,
        operator_id=session.operator_id,
        business_date=shift.business_date,
        occurred_at=clock.now_ms(),
        utc_offset_minutes=utc_offset_minutes(clock),
        currency=session.shop.currency.code,
        is_training=session.is_training,
    )


def queue_slip(
    work: UnitOfWork, session: Session, slips: SlipBuilder, transaction: ControlTransaction
) -> None:
    """The slip of a control transaction; printing it opens the drawer, but for practice."""
    header = transaction.header
    request = PrintRequest(
        "slip", slips.control(transaction), header.id, kicks_drawer=not session.is_training
    )
    work.enqueue_print(request, created_at=header.occurred_at)


def utc_offset_minutes(clock: Clock) -> int:
    """What the shop's clock is ahead of UTC."""
    offset = clock.local().utcoffset()
    assert offset is not None, "the shop's clock knows its zone"
    return int(offset.total_seconds()) // 60
