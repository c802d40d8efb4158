"""A till with a printer on a serial line of a given speed, to be timed: from a commit to the last byte's moment and the printer's word."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from PIL import Image

from app.bootstrap import SystemClock
from app.domain.ids import Uuid7Source
from app.domain.receipt import ReceiptDocument
from app.service.ports import PrintJob, PrintRequest
from db.store import create_store
from devices.printer.line_printer import ReceiptPrinter
from devices.profile import PrinterProfile
from devices.spool import PrintSpool
from devices.virtual.printer import VirtualPrinter

KEY = bytes(range(32))
PAPER_SECONDS_MAX = 120.0
ENDS = ("done", "submitted", "unknown", "held")


@dataclass(frozen=True, slots=True)
class Measured:
    """From before the commit to the printer's word that it printed, and what the line alone needs for every byte of it."""

    seconds: float
    line_seconds: float
    bytes: int


class BenchPrinter:
    """Use it in a ``with``. Each :meth:`print` is one paper, alone on the line."""

    def __init__(
        self, folder: Path, profile: PrinterProfile, baud: int, images: Mapping[str, Image.Image]
    ) -> None:
        folder.mkdir(parents=True)
        clock = SystemClock()
        ids = Uuid7Source(clock.now_ms)
        self._baud = baud
        self._clock = clock
        self._store = create_store(
            folder / "till.db", KEY, store_code="01", till_code="1", clock=clock, ids=ids
        )
        self._device = VirtualPrinter.on_pty(baud=baud, codec=profile.codec)
        printer = ReceiptPrinter(replace(profile, address=self._device.address), images=images)
        self._ended = threading.Event()
        self._state = ""
        self._spool = PrintSpool(self._store, printer, clock, on_change=self._on_change)
        self._spool.start()

    def __enter__(self) -> BenchPrinter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()
        self._device.close()
        self._store.close()

    def print(self, document: ReceiptDocument) -> Measured:
        self._ended.clear()
        before = self._device.received_bytes
        started = time.monotonic()
        with self._store.begin() as work:
            work.enqueue_print(PrintRequest("receipt", document), created_at=self._clock.now_ms())
            work.commit()
        self._spool.wake()
        assert self._ended.wait(PAPER_SECONDS_MAX), "the paper never came to its end"
        assert self._state == "done", self._state
        assert self._device.complaints == ()
        count = self._device.received_bytes - before
        return Measured(self._finished_at - started, count * 10 / self._baud, count)

    def _on_change(self, job: PrintJob) -> None:
        if job.state in ENDS:
            self._state = job.state
            self._finished_at = time.monotonic()
            self._ended.set()
