"""Setting up the receipt printer, step by step, without a screen: whoever shows it asks for one step after the other on a worker.

The printer's line is held from `connect` until `save` or `give_up`; whatever happens in between, it is let go of exactly once. `give_up`
may come while a step is under way: that step ends, and its end lets go.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.errors import Cancelled

if TYPE_CHECKING:
    from app.domain.authority import Approval
    from app.service.devices import Candidate, DeviceDesk, Findings, PrinterTrial

PULSES: Final = ((2, False), (5, False), (2, True), (5, True))
"""How a drawer may want to be opened, the usual way first: the pin, and whether the pulse overtakes the printing."""

SAMPLE: Final = "臺灣好茶 熟客"
"""What stands in every line on the test paper, before its number."""


@dataclass(frozen=True, slots=True)
class LinesRead:
    """What a person read right on the paper. ``widest`` is the largest of C1 to C3 that is whole, 0 for none."""

    a: bool
    b: bool
    widest: int


class PrinterSetup:
    """One printer on its way into the shop. Each step raises what `DeviceDesk.begin` and `PrinterTrial` raise, and may be done again."""

    def __init__(self, desk: DeviceDesk, approval: Approval | None = None) -> None:
        self._desk = desk
        self._approval = approval
        self._lock = threading.Lock()
        self._trial: PrinterTrial | None = None
        self._is_busy = False
        self._over = threading.Event()

    def find(self) -> tuple[Candidate, ...]:
        return self._desk.candidates()

    def connect(self, address: str) -> Findings:
        """Take this printer into the hand and ask it everything it can answer."""
        with self._step():
            self._let_go()
            self._trial = self._desk.begin(address.strip(), self._approval)
            return self._trial.probe()

    def print_lines(self) -> str:
        """Returns the number that stands in each line."""
        with self._step() as trial:
            return trial.print_lines()

    def take_lines(self, read: LinesRead) -> None:
        """Raises Refused("printer_unreadable")."""
        with self._step() as trial:
            trial.take_lines(reads_cp950=read.a, reads_gb18030=read.b, widest=read.widest)

    def cut(self) -> None:
        with self._step() as trial:
            trial.cut()

    def take_cut(self, did_cut: bool) -> None:
        with self._step() as trial:
            trial.take_cut(did_cut)

    def open_drawer(self, attempt: int) -> None:
        """Give the pulse of this place in `PULSES`."""
        pin, at_once = PULSES[attempt]
        with self._step() as trial:
            self._desk.kick(trial, pin, at_once=at_once)

    def take_drawer(self, attempt: int) -> None:
        """This pulse opened it."""
        pin, at_once = PULSES[attempt]
        with self._step() as trial:
            trial.take_drawer(pin, at_once=at_once)

    def save(self, name: str, *, prefers_text: bool) -> None:
        """It is the shop's printer from the next paper on."""
        with self._step() as trial:
            self._desk.save(trial.finish(name, prefers_text=prefers_text), self._approval)
            self._over.set()

    def give_up(self) -> None:
        """Let go of the printer, now or at the end of the step under way."""
        with self._lock:
            self._over.set()
            if self._is_busy:
                return
        self._let_go()

    # --- inside ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _step(self) -> Iterator[PrinterTrial]:
        with self._lock:
            if self._over.is_set():
                raise Cancelled
            assert not self._is_busy, "one step at a time"
            self._is_busy = True
        try:
            yield self._trial  # type: ignore[misc]  # every step but `connect` comes after it
        finally:
            with self._lock:
                self._is_busy = False
            if self._over.is_set():
                self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            trial, self._trial = self._trial, None
        if trial is not None:
            self._desk.end(trial)
