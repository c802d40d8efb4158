"""Printing again, and the one question that is asked when nobody knows whether a paper came out.

A reprint is the stored document with a mark; it never opens the drawer, and it is always in the audit. A paper that a person and the
printer want at the same moment belongs to the one who was first: the other is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.errors import Refused
from app.domain.ids import TransactionId
from app.domain.receipt import ReceiptDocument, mark_as_copy
from app.i18n import t
from app.service.ports import AuditEvent, Clock, PrintJob, PrintRequest, Spool, Store
from app.service.session import Session

COPIES_MAX = 20
JOBS_SHOWN_MAX: Final = 100
BY_HAND: Final = "operator"  # the detail of what a person held or decided
_WAITING: Final = ("queued", "held", "sending", "awaiting", "waiting", "unknown")
_WHYS: Final = frozenset(("restart", "interrupted", "restored", "bug", "unconfirmed", BY_HAND))
_KINDS: Final = frozenset(("receipt", "slip", "x_report", "z_report"))


@dataclass(frozen=True, slots=True)
class PrintQuestion:
    """A paper that may have come out or not. ``number`` is its receipt's, "" for a report; the keys name its sentences."""

    job_id: int
    paper_key: str
    number: str
    created_at: int
    why_key: str
    question_key: str = "devices.question"
    yes_key: str = "devices.question_yes"
    no_key: str = "devices.question_no"


@dataclass(frozen=True, slots=True)
class WaitingPaper:
    """A paper on its way, for a list. ``why_key`` names the sentence for what it waits for; "" when it just waits its turn."""

    job_id: int
    paper_key: str
    number: str
    created_at: int
    state: str
    why_key: str
    is_held_by_hand: bool

    @property
    def state_key(self) -> str:
        return f"devices.paper_state.{self.state}"


class PrintDesk:
    """Reprints, and what lies in the spool."""

    def __init__(self, store: Store, session: Session, clock: Clock, spool: Spool) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._spool = spool

    # --- again ------------------------------------------------------------------------------------------------------

    def reprint(self, transaction_id: TransactionId) -> ReceiptDocument:
        """Queue a copy, marked 補印 with its number, time and operator. Raises Refused("document_missing" | "copies_exhausted")."""
        operator = self._session.require_operator()
        original = self._store.journal.document_of(transaction_id)
        if original is None:
            raise Refused("document_missing")
        number = self._store.journal.copies_of(transaction_id) + 1
        if number > COPIES_MAX:
            raise Refused("copies_exhausted", copies_max=COPIES_MAX)
        document = self._marked(original, number)
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

    def _marked(self, original: ReceiptDocument, number: int) -> ReceiptDocument:
        operator = self._session.require_operator()
        language = original.language
        detail = t(
            "receipt.copy_detail",
            language=language,
            number=number,
            time=f"{self._clock.local():%Y/%m/%d %H:%M}",
            operator=operator.name,
        )
        return mark_as_copy(original, (t("receipt.copy", language=language), detail))

    # --- the question -----------------------------------------------------------------------------------------------

    def questions(self) -> tuple[PrintQuestion, ...]:
        """Papers nobody knows about, oldest first: the till or the printer went down while they were on their way."""
        return tuple(
            PrintQuestion(
                job.id,
                _paper_key(job),
                self._number(job),
                job.created_at,
                why_key(job.detail or "unconfirmed"),
            )
            for job in self.unresolved()
        )

    def answer(self, job_id: int, did_print: bool) -> None:
        """The answer to "did it come out?". If not, it is printed again with the mark of a copy.

        Raises Refused("print_decided") when the question was answered meanwhile.
        """
        job = self._store.desk.print_job(job_id)
        if job is None or job.state != "unknown":
            raise Refused("print_decided")
        self.resolve(job, did_print=did_print)

    def unresolved(self) -> tuple[PrintJob, ...]:
        return self._store.desk.print_jobs(("unknown",), JOBS_SHOWN_MAX)

    def resolve(self, job: PrintJob, *, did_print: bool) -> None:
        """Like :meth:`answer`, for a job that was read before."""
        operator = self._session.require_operator()
        now = self._clock.now_ms()
        is_of_sale = job.request.transaction_id is not None
        with self._store.begin() as work:
            state = "done" if did_print else "cancelled"
            if not work.move_print(job, state, changed_at=now, detail=BY_HAND):
                raise Refused("print_decided")
            work.audit(
                AuditEvent("print_resolved", operator.id, now, {"job": job.id, "did_print": did_print})
            )
            if not did_print and not is_of_sale:
                number = job.request.copy_number + 1
                marked = self._marked(job.request.document, number) if number == 1 else job.request.document
                work.enqueue_print(PrintRequest(job.request.kind, marked, copy_number=number), created_at=now)
            work.commit()
        if not did_print and job.request.transaction_id is not None:
            self.reprint(job.request.transaction_id)
        self._spool.wake()

    # --- what waits -------------------------------------------------------------------------------------------------

    def waiting(self) -> tuple[WaitingPaper, ...]:
        """Everything that has not come to its end, oldest first."""
        return tuple(
            WaitingPaper(
                job.id,
                _paper_key(job),
                self._number(job),
                job.created_at,
                job.state,
                why_key(job.detail),
                is_held_by_hand=job.state == "held" and job.detail == BY_HAND,
            )
            for job in self._store.desk.print_jobs(_WAITING, JOBS_SHOWN_MAX)
        )

    def cancel(self, job_id: int) -> None:
        """Take a paper out of the queue, also one that waits in the printer. Raises Refused("print_under_way" | "print_decided").

        What the printer already has of it may still come out.
        """
        self._decide(job_id, ("queued", "held", "waiting"), "cancelled")

    def hold(self, job_id: int) -> None:
        """Keep a paper back until :meth:`resume`; those behind it go on. Raises Refused as `cancel` does."""
        self._decide(job_id, ("queued", "held"), "held")

    def resume(self, job_id: int) -> None:
        """Let a paper that was held go on. Raises Refused as `cancel` does."""
        self._decide(job_id, ("held",), "queued")

    def _decide(self, job_id: int, among: tuple[str, ...], state: str) -> None:
        operator = self._session.require_operator()
        job = self._store.desk.print_job(job_id)
        if job is None or job.state in ("done", "submitted", "cancelled", "unknown"):
            raise Refused("print_decided")
        now = self._clock.now_ms()
        with self._store.begin() as work:
            if job.state not in among or not work.move_print(job, state, changed_at=now, detail=BY_HAND):
                raise Refused("print_under_way")
            work.audit(AuditEvent("print_" + state, operator.id, now, {"job": job.id}))
            work.commit()
        self._spool.wake()

    def _number(self, job: PrintJob) -> str:
        transaction_id = job.request.transaction_id
        transaction = None if transaction_id is None else self._store.journal.get(transaction_id)
        return "" if transaction is None else transaction.header.receipt_number


def why_key(detail: str) -> str:
    """The key of the sentence for a job's detail: what the printer reported (with the field ``address``), or what happened to the till."""
    if not detail:
        return ""
    return f"devices.why.{detail}" if detail in _WHYS else f"error.{detail}"


def paper_words(store: Store, job: PrintJob) -> str:
    """Which paper it is, in a few words: ``收據 01-1-A000012``."""
    transaction_id = job.request.transaction_id
    transaction = None if transaction_id is None else store.journal.get(transaction_id)
    number = "" if transaction is None else transaction.header.receipt_number
    return f"{t(_paper_key(job))} {number}".strip()


def _paper_key(job: PrintJob) -> str:
    kind = job.request.kind
    return f"devices.paper.{kind if kind in _KINDS else 'other'}"
