"""The till as it is put together: the printer that was set up, the folder without one, and practice never on the real line."""

from __future__ import annotations

from pathlib import Path

from app.bootstrap import SystemClock, wire
from app.credentials import KeySource, Secrets
from app.domain.ids import Uuid7Source
from app.domain.receipt import Cut, DrawerPulse, ReceiptDocument, Text
from app.service.devices import PRINTER_SETTING, Condition, PrinterState
from app.service.ports import PrintRequest
from db.store import SqliteStore, create_store
from devices.lazy_printer import LazyFilePrinter
from devices.profile import to_setting
from devices.spool import PrintSpool
from devices.virtual.printer import VirtualPrinter
from tests.devices.printer.counter import PATIENCE_SECONDS, SpoolWatch, profile_for

KEY = bytes(range(32))
PAPER = ReceiptDocument((DrawerPulse(), Text("好日子"), Cut()), "zh_TW", "slip")


def store_in(folder: Path, *, is_training: bool = False) -> SqliteStore:
    clock = SystemClock()
    return create_store(
        folder / "till.db",
        KEY,
        store_code="01",
        till_code="1",
        clock=clock,
        ids=Uuid7Source(clock.now_ms),
        is_training=is_training,
    )


def test_papers_go_to_the_printer_that_was_set_up(tmp_path: Path) -> None:
    clock = SystemClock()
    store = store_in(tmp_path)
    with VirtualPrinter.on_pty() as printer:
        with store.begin() as work:
            work.put_setting(PRINTER_SETTING, to_setting(profile_for(printer.address)))
            work.enqueue_print(PrintRequest("slip", PAPER), created_at=clock.now_ms())
            work.commit()
        secrets = Secrets(KeySource.FILE, KEY)
        till = wire(store, secrets, clock, Uuid7Source(clock.now_ms), prints_dir=tmp_path / "prints")
        try:
            assert printer.wait_for_papers(1, PATIENCE_SECONDS)
            assert printer.kicks == (), "a pulse inside a document opens nothing: the drawer has its own way"
        finally:
            till.close()


def test_practice_never_touches_the_printer_and_the_drawer(tmp_path: Path) -> None:
    clock = SystemClock()
    store = store_in(tmp_path, is_training=True)
    with VirtualPrinter.on_pty() as printer:
        with store.begin() as work:
            work.put_setting(PRINTER_SETTING, to_setting(profile_for(printer.address)))
            work.commit()
        secrets = Secrets(KeySource.FILE, KEY)
        till = wire(store, secrets, clock, Uuid7Source(clock.now_ms), prints_dir=tmp_path / "prints")
        till.close()
        assert isinstance(till.spool, PrintSpool)
        assert isinstance(till.spool._printer, LazyFilePrinter)
        assert till.spool._next is None, "and none is on its way"
        assert printer.received_bytes == 0


def test_the_printers_state_reaches_whoever_asks(tmp_path: Path) -> None:
    clock = SystemClock()
    store = store_in(tmp_path)
    secrets = Secrets(KeySource.FILE, KEY)
    till = wire(store, secrets, clock, Uuid7Source(clock.now_ms), prints_dir=tmp_path / "prints")
    watch = SpoolWatch()
    try:
        assert till.devices is not None
        assert till.devices.printer_state == PrinterState("folder", "", Condition.READY)
        till.devices.on_printer_state(watch.on_status)
    finally:
        till.close()
