"""Post-void: taking a whole sale back after it was completed. The sale stays in the books; the void is a new fact with its own number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import TransactionId
from app.domain.ledger import spendable
from app.domain.returns import refuse_void, void_of
from app.domain.transaction import Header, RetailTransaction, TransactionKind
from app.service.completion import CompletedSale, moves_cash
from app.service.points_desk import PointsDesk, spendable_after
from app.service.ports import Clock, IdSource, Spool, Store
from app.service.receipts import ReceiptBuilder
from app.service.sale_parts import SalePart
from app.service.session import Session

if TYPE_CHECKING:
    from app.service.loyalty_paper import LoyaltyPaper


class PostVoid:
    """Voids a sale with a reason, by somebody who may."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        ids: IdSource,
        points: PointsDesk,
        receipts: ReceiptBuilder,
        spool: Spool,
        parts: Sequence[SalePart] = (),
        paper: LoyaltyPaper | None = None,
    ) -> None:
        self._parts = tuple(parts)
        self._paper = paper
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._points = points
        self._receipts = receipts
        self._spool = spool

    def check(self, original: RetailTransaction, approval: Approval | None = None) -> None:
        """Raises Refused (already voided, returned in part, a void itself) or ApprovalNeeded."""
        journal = self._store.journal
        refuse_void(original, journal.returns_of(original.header.id), journal.void_of(original.header.id))
        self._session.permit(Right.POST_VOID, max(1, abs(original.total.minor)), approval)

    def void(
        self, transaction_id: TransactionId, reason: str, approval: Approval | None = None
    ) -> CompletedSale:
        """One unit of work: the reversed ticket, its points, its paper. Money goes back the way it came."""
        if not reason.strip():
            raise Refused("reason_needed")
        operator, shift = self._session.require_operator(), self._session.require_shift()
        original = self._store.journal.get(transaction_id)
        if not isinstance(original, RetailTransaction):
            raise Refused("receipt_unknown", number="")
        self._session.permit(Right.POST_VOID, max(1, abs(original.total.minor)), approval)
        now, local = self._clock.now_ms(), self._clock.local()
        offset = local.utcoffset()
        assert offset is not None, "the shop's clock knows its zone"
        card = self._store.members.by_id(original.member_id) if original.member_id else None
        with self._store.begin() as work:
            refuse_void(original, work.returns_of(transaction_id), work.void_of(transaction_id))
            number = work.next_receipt_number()
            header = Header(
                id=TransactionId(self._ids()),
                kind=TransactionKind.POST_VOID,
                receipt_number=number.text,
                counter=number.counter,
                shift_id=shift.id,
                operator_id=operator.id,
                business_date=shift.business_date,
                occurred_at=now,
                utc_offset_minutes=int(offset.total_seconds()) // 60,
                currency=original.header.currency,
                is_training=self._session.is_training,
            )
            approvals = (approval,) if approval else ()
            transaction = void_of(original, header, approvals=approvals, note=reason.strip()[:200])
            before = spendable(work.lots(card.member.id), shift.business_date) if card else 0
            after = before
            origins = self._points.origins([transaction_id], work)
            entries = self._points.entries(work, transaction, origins)
            if entries:
                transaction = replace(transaction, entries=entries)
            stamp = work.append(transaction)
            for part in self._parts:
                part.record(work, transaction, origins)
            if card is not None:
                after = spendable_after(work, card.member.id, before, shift.business_date)
            facts = self._receipts.facts(transaction, card, points_before=before, points_after=after)
            if self._paper is not None:
                facts = self._paper.added(work, facts, transaction, card)
            work.enqueue_receipt(header.id, facts, kicks_drawer=moves_cash(transaction), created_at=now)
            work.commit()
        self._spool.wake()
        return CompletedSale(transaction, stamp, before, after)
