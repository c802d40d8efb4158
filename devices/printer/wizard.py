"""Finds out what a printer is like by asking it and by asking the person who sees its paper. Nothing is assumed from a model's name.

A printer that answers nothing is no less a printer: then nothing is known to have printed, and the profile says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from app.domain.errors import Refused, Unavailable
from app.domain.receipt import Align, Cell, ReceiptDocument, Row, Rule, RuleStyle
from app.service.devices import Candidate, Findings
from devices.printer.connection import PUSH_STATUS, PrinterConnection, Timing
from devices.printer.fence import fence_bytes, fence_number, is_passed
from devices.printer.line_printer import pulse_in_line, real_time_pulse
from devices.printer.status import Automatic, Reply
from devices.profile import (
    PAPER_58MM,
    PAPER_80MM,
    PAPER_80MM_180DPI,
    Cutter,
    Fence,
    PrinterProfile,
    to_setting,
)
from devices.render.escpos import render_escpos
from devices.transport.address import open_transport
from devices.transport.candidates import candidates
from devices.transport.port import Disconnected, Transport

INITIALISE: Final = b"\x1b@"
MEASURED_BYTES: Final = 4_096
SLOW_BYTES_PER_SECOND: Final = 4_000
"""Below this a picture of 37 kB takes more than nine seconds: bands are made small, so that the drawer gets in between."""

BAUD_RATES: Final = (115200, 38400, 19200, 9600, 57600)
FLOWS: Final = ("rtscts", "none")
PAPERS: Final = (PAPER_58MM, PAPER_80MM_180DPI, PAPER_80MM)
"""From the narrowest to the widest: lines C1, C2 and C3."""

CHINESE_LINE: Final = "臺灣好茶 熟客"
WIZARD_TIMING: Final = Timing(answer_seconds=0.3)
FENCE_SECONDS: Final = 1.5
MEASURE_SECONDS: Final = 15.0
WRITE_SECONDS: Final = 20.0


class Bench:
    """Implements :class:`app.service.devices.PrinterBench`."""

    def __init__(
        self, *, timing: Timing = WIZARD_TIMING, open_line: Callable[[str], Transport] = open_transport
    ) -> None:
        self._timing = timing
        self._open_line = open_line

    def candidates(self) -> tuple[Candidate, ...]:
        return candidates()

    def begin(self, address: str) -> Trial:
        """Open the line; a serial port without a speed is tried at each, until the printer answers."""
        for one in speeds_of(address):
            trial = Trial(one, self._timing, self._open_line)
            if one == address or trial.answers():
                return trial
            trial.close()
        return Trial(address, self._timing, self._open_line)


def speeds_of(address: str) -> tuple[str, ...]:
    """The address as it is when it says how fast; otherwise with each speed and flow control, the likeliest first."""
    if not address.startswith("serial:") or "?" in address:
        return (address,)
    return tuple(f"{address}?baud={baud}&flow={flow}" for flow in FLOWS for baud in BAUD_RATES)


class Trial:
    """Implements :class:`app.service.devices.PrinterTrial`."""

    def __init__(self, address: str, timing: Timing, open_line: Callable[[str], Transport]) -> None:
        self._timing = timing
        self._profile = PrinterProfile(
            "printer",
            PAPER_80MM.dots,
            PAPER_80MM.columns,
            cutter=Cutter.NONE,
            sets_motion_unit=False,
            address=address,
        )
        self._connection = PrinterConnection(open_line(address), self._profile, timing)
        self._reads: tuple[bool, bool] = (False, False)
        self._fences = 0
        self._speed: int | None = None
        try:
            self._connection.open()
        except Disconnected as gone:
            raise self._lost(gone) from gone

    def answers(self) -> bool:
        """Whether it answers DLE EOT."""
        try:
            return self._connection.can_read and not self._connection.ask().is_silent
        except Disconnected as gone:
            raise self._lost(gone) from gone

    def probe(self) -> Findings:
        try:
            self._find_out()
        except Disconnected as gone:
            raise self._lost(gone) from gone
        profile = self._profile
        return Findings(
            profile.address, profile.answers_status, profile.pushes_status, profile.fence.value, self._speed
        )

    def _find_out(self) -> None:
        connection = self._connection
        if connection.can_read:
            status = connection.ask()
            answers = not status.is_silent
            if answers and status.fault:
                raise Unavailable(status.fault)  # a printer without paper keeps quiet about what it can
            self._profile = replace(
                self._profile,
                answers_status=answers,
                pushes_status=answers and self._pushes_status(),
                fence=self._fence() if answers else Fence.NONE,
            )
            self._speed = self._measured()
        if self._speed is not None and self._speed < SLOW_BYTES_PER_SECOND:
            self._profile = replace(self._profile, band_rows=24)

    def _pushes_status(self) -> bool:
        self._connection.forget()
        self._write(PUSH_STATUS)
        return self._hear(lambda reply: isinstance(reply, Automatic), self._timing.answer_seconds)

    def _fence(self) -> Fence:
        for fence in (Fence.GS_H, Fence.GS_R):
            if self._passes(fence, FENCE_SECONDS):
                return fence
        return Fence.NONE

    def _passes(self, fence: Fence, seconds: float) -> bool:
        self._fences += 1
        number = fence_number(self._fences)
        self._connection.forget()
        self._write(fence_bytes(fence, number))
        return self._hear(lambda reply: is_passed(fence, number, reply), seconds)

    def _measured(self) -> int | None:
        """Bytes a second, from the first to the answer to the last; None without an answer that waits its turn."""
        if self._profile.fence is Fence.NONE:
            return None
        started = time.monotonic()
        self._write(INITIALISE * (MEASURED_BYTES // len(INITIALISE)))
        if not self._passes(self._profile.fence, MEASURE_SECONDS):
            return None
        return int(MEASURED_BYTES / max(time.monotonic() - started, 0.001))

    def _hear(self, is_it: Callable[[Reply], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if any(is_it(reply) for reply in self._connection.listen(left)):
                return True
        return False

    # --- the page and its answers -------------------------------------------------------------------------------------

    def print_lines(self) -> str:
        number = str(time.monotonic_ns() // 1_000_000 % 9_000 + 1_000)
        self._send(lines_page(number))
        return number

    def take_lines(self, *, reads_cp950: bool, reads_gb18030: bool, widest: int) -> None:
        if widest == 0:
            raise Refused("printer_unreadable")
        assert 1 <= widest <= len(PAPERS)
        paper = PAPERS[widest - 1]
        self._reads = (reads_cp950, reads_gb18030)
        self._profile = replace(
            self._profile, dots=paper.dots, columns=paper.columns, dots_per_inch=paper.dots_per_inch
        )

    def cut(self) -> None:
        self._send(b"\n\n\n\x1dVB\x00")

    def take_cut(self, did_cut: bool) -> None:
        self._profile = replace(self._profile, cutter=Cutter.PARTIAL if did_cut else Cutter.NONE)

    def kick(self, pin: int, *, at_once: bool) -> None:
        profile = replace(self._profile, drawer_pin=pin)
        self._send(real_time_pulse(profile) if at_once else pulse_in_line(profile))

    def take_drawer(self, pin: int, *, at_once: bool) -> None:
        self._profile = replace(self._profile, drawer_pin=pin, kicks_at_once=at_once)

    def finish(self, name: str, *, prefers_text: bool = False) -> Mapping[str, object]:
        cp950, gb18030 = self._reads
        codec = "none"
        if prefers_text and cp950 != gb18030:  # both right would mean that one of them was not looked at
            codec = "cp950" if cp950 else "gb18030"
        return to_setting(replace(self._profile, name=name, codec=codec))

    def close(self) -> None:
        self._connection.close()

    # --- the line -----------------------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        try:
            if not self._connection.is_open:
                self._connection.open()
            self._write(data)
        except Disconnected as gone:
            raise self._lost(gone) from gone

    def _write(self, data: bytes) -> None:
        deadline = time.monotonic() + WRITE_SECONDS
        while data:
            data = data[self._connection.write(data, self._timing.answer_seconds) :]
            if data and time.monotonic() > deadline:
                self._connection.close()
                raise Unavailable("printer_stalled")

    def _lost(self, gone: Disconnected) -> Unavailable:
        self._connection.close()
        return Unavailable(f"printer_{gone.reason}", address=self._profile.address)


def lines_page(number: str) -> bytes:
    """Line A in cp950, line B in GB18030, and C1 to C3 as pictures; whichever stands there right and whole is to be told."""
    text = f"{CHINESE_LINE} {number}"
    page = INITIALISE
    for letter, codec in (("A", "cp950"), ("B", "gb18030")):
        page += letter.encode() + b"  \x1c&" + text.encode(codec) + b"\x1c.\n"
    for index, paper in enumerate(PAPERS, 1):
        ruler = (
            Row((Cell(f"C{index} {text}"), Cell(f"C{index}", Align.RIGHT, bold=True))),
            Rule(RuleStyle.SOLID),
        )
        profile = replace(paper, sets_motion_unit=False)
        page += render_escpos(ReceiptDocument(ruler, "zh_TW", "test"), profile)
    # A picture may have switched the pulse that overtakes the printing off; the drawer's turn comes next.
    return page + b"\n\n\n\n" + INITIALISE
