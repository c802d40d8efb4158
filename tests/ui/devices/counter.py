"""A till of the screens' tests with a real spool, a real hub and virtual devices on real lines."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from app.service.counter_devices import DeviceBook
from app.service.device_setup import DeviceSetup, DeviceSetups
from app.service.devices import Candidate, Condition, DeviceDesk
from db.device_log import DeviceLog
from devices.hub import DeviceHub
from devices.printer.connection import Timing
from devices.printer.line_printer import ReceiptPrinter
from devices.printer.wizard import Bench
from devices.profile import PrinterProfile, from_setting
from devices.spool import PrintSpool
from tests.devices.printer.counter import QUICK
from tests.service.small_shop import QuietSpool
from tests.ui.conftest import PATIENCE_MS
from tests.ui.till_fixture import OWNER_NUMBER, PIN, TillRig

FOUND = Candidate("serial", "USB Serial", "serial:/dev/serial/by-id/usb-A")


class QuickBench(Bench):
    """Finds one port, and asks a printer that answers at once."""

    def __init__(self) -> None:
        super().__init__(timing=Timing(answer_seconds=0.1))

    def candidates(self) -> tuple[Candidate, ...]:
        return (FOUND,)


class NoPrinter:
    """Prints nothing: papers wait until a printer is set up."""

    def print(self, job: object, document: object) -> str:
        return "submitted"


class CounterRig:
    """The devices of a rig's till, put together as the composition root does it."""

    def __init__(self, rig: TillRig, qtbot: QtBot, profile: PrinterProfile | None = None) -> None:
        self.rig = rig
        self.qtbot = qtbot
        till = rig.till
        printer = ReceiptPrinter(profile, timing=QUICK) if profile is not None else NoPrinter()
        self.spool = PrintSpool(rig.store, printer, till.clock)
        assert isinstance(till.spool, QuietSpool)
        till.spool.wake = self.spool.wake  # type: ignore[method-assign]  # every service has this one
        log = DeviceLog(rig.store.engines)
        book = DeviceBook(rig.store, till.session, log)
        self.hub = DeviceHub(till.clock, keep=book.keep, past=log.newest)
        desk = DeviceDesk(rig.store, till.session, till.clock, self.spool, QuickBench, self._use)
        desk.counter = self.hub
        desk.on_printer_state(lambda state: self.hub.drawer_pin(state.drawer_level))
        desk.on_printer_state(lambda state: book.keep_printer(state, till.clock.now_ms()))
        self.spool.on_kick = self.hub.drawer_asked
        till.devices = self.desk = desk
        self.spool.start()

    def _use(self, setting: object) -> None:
        profile = from_setting(setting)
        self.spool.use(lambda: ReceiptPrinter(profile, timing=QUICK) if profile is not None else NoPrinter())

    def add(self, *setups: DeviceSetup) -> None:
        """The owner adds these devices."""
        till = self.rig.till
        till.authority.sign_on(OWNER_NUMBER, PIN)
        desk = DeviceSetups(till.store, till.session, till.clock, self.hub)
        for one in setups:
            desk.put(one)
        till.authority.lock()

    def listen(self) -> None:
        """What the program does once it has warmed up."""
        self.rig.window.listen_to_devices()

    def until(self, is_true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_true, timeout=PATIENCE_MS)

    def until_printer_is(self, condition: Condition) -> None:
        def is_so() -> bool:
            printer = self.rig.window.devices.picture.printer
            return printer is not None and printer.condition is condition

        self.until(is_so)

    def states(self) -> list[str]:
        """Each paper's state, oldest first."""
        with self.rig.store.engines.reading() as cursor:
            return [str(row[0]) for row in cursor.execute("SELECT state FROM print_job ORDER BY id")]

    def audited(self, kind: str) -> int:
        with self.rig.store.engines.reading() as cursor:
            bodies = cursor.execute("SELECT body FROM fact WHERE kind = 'event'").fetchall()
        return sum(f'"{kind}"'.encode() in body for (body,) in bodies)

    def close(self) -> None:
        """Leave what is open, then let go of every line."""
        if self.rig.sheet is not None:
            self.rig.sheet.finish(None)
        self.rig.window.devices.stop()
        self.hub.stop()
        self.spool.close()
