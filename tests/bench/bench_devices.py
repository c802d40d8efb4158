"""A counter full of virtual devices beside the real window, and everything that can go wrong with them, one after the other.

The faults are played from a thread of their own, as they come in a shop: while somebody sells. Nothing is measured here.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.domain.device import DeviceKind
from app.domain.errors import TillError
from app.service.counter_devices import DeviceBook
from app.service.device_setup import DeviceSetup
from db.device_log import DeviceLog
from devices.hub import DeviceHub
from devices.printer.connection import Timing
from devices.printer.line_printer import ReceiptPrinter
from devices.profile import Fence, PrinterProfile
from devices.spool import PrintSpool
from devices.transport.address import open_transport
from devices.transport.port import Disconnected
from devices.virtual.display import VirtualDisplay
from devices.virtual.printer import VirtualPrinter
from devices.virtual.replies import ReplyStyle
from devices.virtual.scale import Motion, VirtualScale
from devices.virtual.scanner import VirtualScanner
from devices.virtual.status import Fault
from tests.bench.window import BenchWindow

BAUD: Final = 115_200
TIMING: Final = Timing(poll_seconds=0.1, idle_seconds=0.1, stall_seconds=0.3, back_off_most_seconds=0.5)
WEIGHT_SECONDS: Final = 0.4
GOOD_SECONDS_MAX: Final = 30.0


@dataclass(frozen=True, slots=True)
class BenchFault:
    """One failure: how it begins, and how everything is right again."""

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]


class BenchCounter:
    """Printer with drawer, scanner, scale and display, all on pseudo-terminals, wired to the till of a window."""

    def __init__(self, bench: BenchWindow) -> None:
        self._bench = bench
        self._stack = contextlib.ExitStack()
        self._pause = threading.Event()
        # A narrow paper: its bytes go in three seconds, so that a fault meets it on its way.
        self.printer = self._stack.enter_context(VirtualPrinter.on_pty(baud=BAUD, dots=384))
        self.scanner = self._stack.enter_context(VirtualScanner.on_pty())
        self.scale = self._stack.enter_context(VirtualScale.on_pty())
        self.display = self._stack.enter_context(VirtualDisplay.on_pty(baud=9_600))
        till = bench.till
        profile = PrinterProfile(
            "receipts", 384, 32, answers_status=True, pushes_status=True, kicks_at_once=True, fence=Fence.GS_H,
            address=self.printer.address,
        )  # fmt: skip
        assert isinstance(till.spool, PrintSpool)
        self._spool = till.spool
        self._spool.use(lambda: ReceiptPrinter(profile, timing=TIMING))
        book = DeviceBook(bench.store, till.session, DeviceLog(bench.store.engines))
        self.hub = DeviceHub(till.clock, behind_printer=self._spool.pass_through, keep=book.keep)
        self._spool.on_kick = self.hub.drawer_asked
        self._spool.on_status = lambda state: self.hub.drawer_pin(state.drawer_level)
        bench.window.scan_door.use_counter(self.hub, bench.window.context.tasks)
        self.hub.apply(
            (
                DeviceSetup("scanner", DeviceKind.SCANNER, self.scanner.address),
                DeviceSetup("scale", DeviceKind.SCALE, self.scale.address),
                DeviceSetup("display", DeviceKind.DISPLAY, self.display.address),
                DeviceSetup("drawer", DeviceKind.DRAWER, "", {"left_open_seconds": 1}),
            )
        )

    def close(self) -> None:
        self._bench.window.scan_door.use_counter(None, self._bench.window.context.tasks)
        self.hub.stop()
        self._stack.close()

    def faults(self) -> Iterator[BenchFault]:
        """Everything of the counter's list of failures that devices can show."""
        printer, scale, display, scanner = self.printer, self.scale, self.display, self.scanner
        for fault in (
            Fault.PAPER_OUT, Fault.PAPER_NEAR_END, Fault.COVER_OPEN, Fault.CUTTER_ERROR, Fault.OFFLINE, Fault.MUTE,
            Fault.STOP_READING, Fault.XOFF,
        ):  # fmt: skip
            name = fault.value.replace(" ", "_")
            yield BenchFault(f"printer_{name}", partial(printer.set_fault, fault), printer.clear_faults)
        yield BenchFault(
            "printer_paper_out_on_the_way",
            lambda: printer.set_fault(Fault.PAPER_OUT, after_rows=200),
            printer.clear_faults,
        )
        yield BenchFault("printer_unplugged_in_a_write", lambda: printer.unplug_after(3_000), printer.replug)
        yield BenchFault("printer_unplugged", printer.unplug, printer.replug)
        yield BenchFault("printer_power_cycle", printer.power_cycle, _nothing)
        for style in (ReplyStyle.BYTEWISE, ReplyStyle.MERGED):
            yield BenchFault(
                f"printer_replies_{style}",
                partial(printer.set_reply_style, style),
                lambda: printer.set_reply_style(ReplyStyle.WHOLE),
            )
        yield BenchFault("drawer_stuck", printer.drawer.stick, lambda: printer.drawer.stick(False))
        yield BenchFault("drawer_by_hand", printer.drawer.open_by_hand, printer.drawer.close)
        for device, name in ((scanner, "scanner"), (scale, "scale"), (display, "display")):
            yield BenchFault(f"{name}_unplugged", device.unplug, device.replug)
        yield self._two_programs()
        yield BenchFault("scanner_burst", lambda: scanner.scan_all(["NO-SUCH-CODE"] * 40), _nothing)
        yield BenchFault(
            "scanner_truncated", lambda: scanner.scan("4710088412348", keep=9, suffix=b""), _nothing
        )
        yield BenchFault("scanner_double_read", lambda: scanner.scan("4710088412349", times=2), _nothing)
        for motion in (Motion.MOVING, Motion.OVER, Motion.UNDER_ZERO, Motion.GARBAGE, Motion.SILENT):
            name = motion.value.replace(" ", "_")
            yield BenchFault(f"scale_{name}", partial(scale.put, 385, motion), lambda: scale.put(385))
        yield BenchFault("display_unplugged_in_a_write", lambda: display.unplug_after(10), display.replug)

    def sell(self, code: str) -> None:
        """What a cashier does meanwhile: scan, weigh, show, and take exact cash. Waits for nothing that a cashier would not wait for."""
        self._on_screen(lambda: None)
        if self.scanner.is_plugged:
            self.scanner.scan(code)
        else:
            self._on_screen(lambda: self._bench.window.scan_door.take(code))
        with contextlib.suppress(TillError):
            self.hub.read_weight(WEIGHT_SECONDS)
        for amount in range(20):
            self.hub.show_item(("Green tea", "TEA"), "1", f"NT${amount}")
        for _ in range(3):
            self._on_screen(lambda: self._bench.typist.press("Enter"))
            self._pause.wait(0.15)
        self.printer.drawer.close()

    def wait_until_good(self) -> None:
        """Until every paper has come to its end and each device is there again."""
        desk = self._bench.store.desk
        under_way = ("queued", "held", "sending", "awaiting", "waiting")
        for _ in range(int(GOOD_SECONDS_MAX / 0.1)):
            if not desk.print_jobs(under_way, 1) and not any(
                status.state.is_fault and status.kind is not DeviceKind.DRAWER
                for status in self.hub.statuses()
            ):
                return
            self._pause.wait(0.1)

    def _two_programs(self) -> BenchFault:
        """Another program takes the scanner's port in the moment in which it is plugged in again."""
        other = open_transport(self.scanner.address)

        def begin() -> None:
            self.scanner.unplug()
            self._pause.wait(0.3)
            self.scanner.replug()
            with contextlib.suppress(Disconnected):
                other.open()

        return BenchFault("two_programs_on_one_port", begin, other.close)

    def _on_screen(self, act: Callable[[], object]) -> None:
        """Do this on the screen's thread, and wait until it was done."""
        done = threading.Event()

        def run() -> None:
            try:
                act()
            finally:
                done.set()

        self._bench.window.context.tasks.deliver(run)
        assert done.wait(GOOD_SECONDS_MAX), "the screen's thread does not answer"


def _nothing() -> None:
    pass
