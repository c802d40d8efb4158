"""Printing again, and the one question that is asked when nobody knows whether a paper came out.

A reprint is the stored document with a mark; it never opens the drawer, and it is always in the audit.
"""

from __future__ import annotations

from app.domain.errors import Refused
from app.domain.ids import TransactionId
from app.domain.receipt import ReceiptDocument, mark_as_copy
from app.i18n import t
from app.service.ports import AuditEvent, Clock, PrintJob, PrintRequest, Spool, Store
from app.service.session import Session

COPIES_MAX = 20


class PrintDesk:
    """Reprints, and what lies in the spool."""

    def __init__(self, store: Store, session: Session, clock: Clock, spool: Spool) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._spool = spool

    def reprint(self, transaction_id: TransactionId) -> ReceiptDocument:
        """Queue a copy, marked 補印 with its number, time and operator. Raises Refused("document_missing" | "copies_exhausted")."""
        operator = self._session.require_operator()
        original = self._store.journal.document_of(transaction_id)
        if original is None:
            raise Refused("document_missing")
        number = self._store.journal.copies_of(transaction_id) + 1
        if number > COPIES_MAX:
            raise Refused("copies_exhausted", copies_max=COPIES_MAX)
        local = self._clock.local()
        language = original.language
        document = mark_as_copy(
            original,
            (
                t("receipt.copy", language=language),
                t(
                    "receipt.copy_detail",
                    language=language,
                    number=number,
                    time=f"{local:%Y/%m/%d %H:%M}",
                    operator=operator.name,
                ),
            ),
        )
        now = self._clock.now_ms()
        with self._store.begin() as work:
            work.enqueue_print(
                PrintRequest("receipt", document, transaction_id, copy_number=number), created_at=now
            )
            work.audit(
                AuditEvent("reprint", operator.id, now, {"transaction": transaction_id.hex, "copy": number})
            )
            work.commit()
        self._spool.wake()
        return document

    def unresolved(self) -> tuple[PrintJob, ...]:
        """Papers nobody knows about: the till or the printer went down while they were on their way."""
        return self._store.desk.print_jobs(("unknown",))

    def resolve(self, job: PrintJob, *, did_print: bool) -> None:
        """The answer to "did it come out?". If not, a marked copy is printed."""
        operator = self._session.require_operator()
        now = self._clock.now_ms()
        with self._store.begin() as work:
            work.set_print_state(
                job.id, "done" if did_print else "cancelled", changed_at=now, detail="operator"
            )
            work.audit(
                AuditEvent("print_resolved", operator.id, now, {"job": job.id, "did_print": did_print})
            )
            work.commit()
        if not did_print and job.request.transaction_id is not None:
            self.reprint(job.request.transaction_id)
