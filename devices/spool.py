"""The print spool: one thread that brings queued papers to the printer, in order, and opens the drawer.

A job was queued in its sale's own commit. Each of its states is committed before what it tells of begins, so that after a crash a job
found under way is ``unknown``: somebody is asked whether it came out, and it is never sent twice by itself. A failed print never undoes a
sale. The drawer does not wait for paper, and what was not opened within seconds stays shut: nobody would be watching.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app import log
from app.domain.errors import TillError, Unavailable
from app.service.devices import Condition, PrinterState
from devices.printer.port import Abandoned, LinePrinter, Printer

if TYPE_CHECKING:
    from app.service.ports import Clock, PrintJob, Store, WaitingKick

JOBS_AT_ONCE_MAX = 20
RETRY_SECONDS = 5.0
KICK_AGE_MAX_MS: Final = 10_000
CLOSE_SECONDS: Final = 5.0
"""What is being sent when the till closes gets so long to end; what waits for a roll gets nothing."""
LET_GO_SECONDS_MAX: Final = 15.0
THROUGH_MAX: Final = 64
UNDER_WAY: Final = ("sending", "awaiting", "waiting")
FOLDER: Final = PrinterState("folder", "", Condition.READY)


class PrintSpool:
    """Runs on its own thread from :meth:`start` to :meth:`close`; :meth:`run_once` does the same work in the caller's thread.

    Called on the spool's thread: ``on_change(job)`` after each change of state, ``on_status(state)`` when the printer is another way than
    before, ``on_kick()`` before the drawer gets its pulse, ``on_drawer_shut(code)`` when it did not, ``on_paper()`` after ``on_change``.
    All but the first may be set later.
    """

    def __init__(
        self,
        store: Store,
        printer: Printer | LinePrinter,
        clock: Clock,
        *,
        on_change: Callable[[PrintJob], None] = lambda _: None,
        on_status: Callable[[PrinterState], None] = lambda _: None,
        on_drawer_shut: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._printer: Printer | LinePrinter | None = printer
        self._next: Callable[[], Printer | LinePrinter] | None = None
        self._clock = clock
        self._on_change = on_change
        self.on_status = on_status
        self.on_kick: Callable[[], None] = lambda: None
        self.on_drawer_shut = on_drawer_shut
        self.on_paper: Callable[[], None] = lambda: None
        self._through: deque[bytes] = deque(maxlen=THROUGH_MAX)
        self._status = FOLDER
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._pause = threading.Event()
        self._has_let_go = threading.Event()
        self._stop_at = 0.0
        self._is_first = True
        self._thread: threading.Thread | None = None

    @property
    def printer_state(self) -> PrinterState:
        """How the printer was when it was last looked at. May be read from any thread."""
        return self._status

    def start(self) -> None:
        """Begin printing. What an earlier run left in the middle becomes ``unknown`` first."""
        self.settle_after_restart()
        self._thread = threading.Thread(target=self._run, name="print-spool", daemon=True)
        self._thread.start()
        self._wake.set()

    def wake(self) -> None:
        self._wake.set()

    def use(self, make: Callable[[], Printer | LinePrinter]) -> None:
        """Another printer from the next paper on. ``make`` runs on the spool's thread."""
        self._next = make
        self._wake.set()

    def pass_through(self, data: bytes) -> None:
        """Bytes for what hangs behind the printer; they go between two commands, and only the newest wait. From any thread."""
        self._through.append(data)
        self._wake.set()

    def pause(self) -> bool:
        """Let go of the printer's line until :meth:`resume`; True when it is free. Waits for a paper that is under way."""
        self._has_let_go.clear()
        self._pause.set()
        self._wake.set()
        return self._thread is None or self._has_let_go.wait(LET_GO_SECONDS_MAX)

    def resume(self) -> None:
        self._pause.clear()
        self._wake.set()

    def close(self) -> None:
        self._stop_at = time.monotonic() + CLOSE_SECONDS
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        elif isinstance(self._printer, LinePrinter):
            self._printer.close()

    def settle_after_restart(self) -> None:
        for job in self._store.desk.print_jobs(UNDER_WAY, JOBS_AT_ONCE_MAX):
            self._set(job, "unknown", "restart")

    def run_once(self) -> int:
        """Print everything that is queued now; returns how many papers were brought to an end."""
        self._take_over()
        printer = self._printer
        if printer is None:
            return 0
        if (
            self._is_first
            and isinstance(printer, LinePrinter)
            and self._store.desk.print_jobs(("unknown",), 1)
        ):
            printer.distrust()
        self._is_first = False
        if isinstance(printer, LinePrinter):
            return self._run_line(printer)
        printed = 0
        while jobs := self._store.desk.prints_to_send(JOBS_AT_ONCE_MAX):
            for job in jobs:
                if self._closing.is_set() or not self._print(printer, job):
                    return printed
                printed += 1
        return printed

    # --- a printer that takes papers whole ----------------------------------------------------------------------------

    def _print(self, printer: Printer, job: PrintJob) -> bool:
        self._set(job, "sending")
        try:
            state = printer.print(job, job.request.document)
        except Unavailable as missing:
            self._set(job, "queued", missing.code)
            return False
        except Exception:  # our bug: this paper's end is unknown, and the next one must not wait for it
            log.printer.exception("paper %d could not be printed", job.id)
            state = "unknown"
        self._set(job, state)
        return True

    def _set(self, job: PrintJob, state: str, detail: str = "") -> None:
        with self._store.begin() as work:
            work.set_print_state(job.id, state, changed_at=self._clock.now_ms(), detail=detail)
            work.commit()
        self._on_change(replace(job, state=state, detail=detail))
        self.on_paper()

    # --- a printer on a line ------------------------------------------------------------------------------------------

    def _run_line(self, printer: LinePrinter) -> int:
        printed = 0
        try:
            while True:
                self._serve(printer)
                jobs = self._store.desk.prints_to_send(1)
                if not jobs or self._closing.is_set() or self._pause.is_set():
                    return printed
                if not self._deliver(printer, jobs[0]):
                    return printed
                printed += 1
        finally:
            self._tell(printer.state)

    def _deliver(self, printer: LinePrinter, job: PrintJob) -> bool:
        """Whether the next paper may follow."""
        steps = _Steps(self, printer, job)
        try:
            printer.check()
            printer.deliver(job.id, printer.encode(job.request.document), steps)
        except Unavailable as missing:
            if steps.job.state in UNDER_WAY:
                raise  # the store: what it did not take is not true yet
            self._hold(steps, missing.code)
            return False
        except Abandoned:
            return not self._closing.is_set()
        except TillError:
            raise
        except Exception:  # our bug: this paper's end is unknown, and the next one must not wait for it
            log.printer.exception("paper %d could not be printed", job.id)
            self._set(steps.job, "unknown", "bug")
        return steps.job.state != "held"

    def _hold(self, steps: _Steps, code: str) -> None:
        try:
            steps.note("held", code)
        except Abandoned:
            log.printer.info("paper %d was decided about meanwhile", steps.job.id)

    # --- the drawer ---------------------------------------------------------------------------------------------------

    def _serve(self, printer: LinePrinter) -> None:
        """What does not wait for papers."""
        self._kick_waiting(printer)
        while self._through:
            printer.pass_on(self._through.popleft())

    def _kick_waiting(self, printer: LinePrinter) -> None:
        """Open the drawer for every paper that asks for it, each at most once: that it was taken is on disk before the pulse leaves."""
        for kick in self._store.desk.waiting_kicks():
            is_late = abs(self._clock.now_ms() - kick.created_at) > KICK_AGE_MAX_MS
            if self._take_kick(kick, "drawer_late" if is_late else "drawer_kicked") and not is_late:
                self._kick(printer, kick)

    def _take_kick(self, kick: WaitingKick, event: str) -> bool:
        from app.service.ports import AuditEvent

        now = self._clock.now_ms()
        with self._store.begin() as work:
            if not work.take_kick(kick.job_id, changed_at=now, detail=event):
                return False
            work.audit(AuditEvent(event, None, now, _details(kick)))
            work.commit()
        return True

    def _kick(self, printer: LinePrinter, kick: WaitingKick) -> None:
        from app.service.ports import AuditEvent

        self.on_kick()
        try:
            printer.kick()
        except Unavailable as missing:
            log.printer.info("the drawer stays shut: %s", missing.code)
            now = self._clock.now_ms()
            with self._store.begin() as work:
                work.audit(AuditEvent("drawer_failed", None, now, {**_details(kick), "why": missing.code}))
                work.commit()
            self.on_drawer_shut(missing.code)

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        pause: float | None = None
        while not self._closing.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            if self._closing.is_set():
                break
            if self._pause.is_set():
                self._let_go()
                pause = None
                continue
            try:
                self.run_once()
                pause = self._rest()
            except TillError as error:
                log.printer.error("the spool stopped for a moment: %s", error.code)
                pause = RETRY_SECONDS
            except Exception:  # our bug, perhaps in somebody's callback: papers go on
                log.printer.exception("the spool failed and goes on")
                pause = RETRY_SECONDS
        self._let_go()

    def _rest(self) -> float | None:
        """Look after the line, or how long to wait for a folder that is away; None until somebody wakes it."""
        if isinstance(self._printer, LinePrinter):
            seconds = self._printer.rest()
            self._tell(self._printer.state)
            return seconds
        return RETRY_SECONDS if self._store.desk.prints_to_send(1) else None

    def _take_over(self) -> None:
        make, self._next = self._next, None
        if make is None:
            return
        if isinstance(self._printer, LinePrinter):
            self._printer.close()
        self._printer, self._is_first = None, True
        try:
            self._printer = make()
        except TillError as error:
            log.printer.error("the printer that was set up cannot be used: %s", error.code)
            self._tell(PrinterState("", "", Condition.FAULT, error.code))
            return
        self._tell(self._printer.state if isinstance(self._printer, LinePrinter) else FOLDER)

    def _let_go(self) -> None:
        if isinstance(self._printer, LinePrinter):
            self._printer.close()
        self._has_let_go.set()

    def _tell(self, state: PrinterState) -> None:
        if state != self._status:
            self._status = state
            self.on_status(state)


class _Steps:
    """Implements :class:`devices.printer.port.Steps` for one paper: its states go to the store, other work comes in between."""

    def __init__(self, spool: PrintSpool, printer: LinePrinter, job: PrintJob) -> None:
        self._spool = spool
        self._printer = printer
        self.job = job

    def note(self, state: str, detail: str = "", *, bytes_sent: int = 0, fence_id: int = 0) -> None:
        spool, job = self._spool, self.job
        if (state, detail) == (job.state, job.detail):
            return
        with spool._store.begin() as work:
            now = spool._clock.now_ms()
            if not work.move_print(
                job, state, changed_at=now, detail=detail, bytes_sent=bytes_sent, fence_id=fence_id
            ):
                raise Abandoned
            work.commit()
        self.job = replace(job, state=state, detail=detail)
        spool._on_change(self.job)
        spool.on_paper()
        spool._tell(self._printer.state)

    def breathe(self, *, is_between_commands: bool = True) -> None:
        spool = self._spool
        spool._tell(self._printer.state)
        if spool._closing.is_set() and (self.job.state == "waiting" or time.monotonic() > spool._stop_at):
            raise Abandoned
        if not spool._wake.is_set():
            return
        if is_between_commands:
            spool._wake.clear()
            spool._serve(self._printer)
        now = spool._store.desk.print_job(self.job.id)
        if now is None or now.state != self.job.state:
            raise Abandoned


def _details(kick: WaitingKick) -> dict[str, object]:
    transaction = {} if kick.transaction_id is None else {"transaction": kick.transaction_id.hex}
    return {"job": kick.job_id, "paper": kick.kind, **transaction}
