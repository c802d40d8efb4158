"""The print spool: one thread that hands queued papers to the printer, in order.

A job was queued in its sale's own commit. Its state is committed before anything is sent, so that after a crash a job found ``sending``
is ``unknown``: somebody is asked whether it came out, and it is never sent twice by itself. A failed print never undoes a sale and
never holds up the next one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app import log
from app.domain.errors import TillError, Unavailable

if TYPE_CHECKING:
    from app.domain.receipt import ReceiptDocument
    from app.service.ports import Clock, PrintJob, Store

JOBS_AT_ONCE_MAX = 20
RETRY_SECONDS = 5.0


class Printer(Protocol):
    """Takes one paper. Returns the job's new state, or raises Unavailable when nothing was sent."""

    def print(self, job: PrintJob, document: ReceiptDocument) -> str: ...


class PrintSpool:
    """Runs on its own thread from :meth:`start` to :meth:`close`; :meth:`run_once` does the same work in the caller's thread.

    ``on_change(job)`` is called on the spool's thread after each change of state.
    """

    def __init__(
        self,
        store: Store,
        printer: Printer,
        clock: Clock,
        *,
        on_change: Callable[[PrintJob], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._printer = printer
        self._clock = clock
        self._on_change = on_change
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin printing. What an earlier run left in the middle becomes ``unknown`` first."""
        self.settle_after_restart()
        self._thread = threading.Thread(target=self._run, name="print-spool", daemon=True)
        self._thread.start()
        self._wake.set()

    def wake(self) -> None:
        self._wake.set()

    def close(self) -> None:
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def settle_after_restart(self) -> None:
        for job in self._store.desk.print_jobs(("sending",), JOBS_AT_ONCE_MAX):
            self._set(job, "unknown", "restart")

    def run_once(self) -> int:
        """Print everything that is queued now; returns how many papers were handed over."""
        printed = 0
        while jobs := self._store.desk.print_jobs(("queued",), JOBS_AT_ONCE_MAX):
            for job in jobs:
                if self._closing.is_set() or not self._print(job):
                    return printed
                printed += 1
        return printed

    def _print(self, job: PrintJob) -> bool:
        self._set(job, "sending")
        try:
            state = self._printer.print(job, job.request.document)
        except Unavailable as missing:
            self._set(job, "queued", missing.code)
            return False
        except Exception:  # our bug: this paper's end is unknown, and the next one must not wait for it
            log.printer.exception("paper %d could not be printed", job.id)
            state = "unknown"
        self._set(job, state)
        return True

    def _run(self) -> None:
        is_waiting_for_printer = False
        while not self._closing.is_set():
            self._wake.wait(RETRY_SECONDS if is_waiting_for_printer else None)
            self._wake.clear()
            if self._closing.is_set():
                return
            try:
                self.run_once()
                is_waiting_for_printer = bool(self._store.desk.print_jobs(("queued",), 1))
            except TillError as error:
                log.printer.error("the spool stopped for a moment: %s", error.code)
                is_waiting_for_printer = True

    def _set(self, job: PrintJob, state: str, detail: str = "") -> None:
        with self._store.begin() as work:
            work.set_print_state(job.id, state, changed_at=self._clock.now_ms(), detail=detail)
            work.commit()
        self._on_change(replace(job, state=state, detail=detail))
