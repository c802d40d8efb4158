"""A till with a scanner, a badge reader and a customer's display on real pseudo-terminals, from the list of devices to the sale."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.device import DeviceKind, DeviceState, Feedback
from app.service.counter_devices import DeviceBook
from app.service.device_setup import DeviceSetup, DeviceSetups
from app.service.devices import DeviceDesk, PrinterBench, PrinterState
from db.device_log import DeviceLog
from devices.hub import DeviceHub
from devices.virtual.display import VirtualDisplay
from devices.virtual.scanner import VirtualScanner
from tests.ui.conftest import PATIENCE_MS
from tests.ui.till_fixture import OWNER_NUMBER, SOAP, SUPERVISOR_BADGE, TEA, TillRig, rig
from ui.context import Screen

__all__ = ["rig"]


class NoPrinter:
    """The spool of a till without a printer."""

    on_status: Callable[[PrinterState], None]
    on_drawer_shut: Callable[[str], None]
    printer_state = PrinterState("", "")

    def wake(self) -> None:
        pass

    def pause(self) -> bool:
        return True

    def resume(self) -> None:
        pass


class Desk:
    """The devices of a rig's till, as the composition root puts them together."""

    def __init__(self, rig: TillRig, qtbot: QtBot) -> None:
        self.rig = rig
        self.qtbot = qtbot
        self.scanner = VirtualScanner.on_pty(sends_aim_id=True)
        self.badges = VirtualScanner.on_pty()
        self.display = VirtualDisplay.on_pty(codec="cp950")
        till = rig.till
        log = DeviceLog(rig.store.engines)
        self.hub = DeviceHub(till.clock, keep=DeviceBook(rig.store, till.session, log).keep, past=log.newest)

        def no_bench() -> PrinterBench:
            raise AssertionError("no printer is set up here")

        till.devices = DeviceDesk(rig.store, till.session, till.clock, NoPrinter(), no_bench, lambda _: None)
        till.devices.counter = self.hub
        till.authority.sign_on(OWNER_NUMBER, "739261")
        setups = DeviceSetups(rig.store, till.session, till.clock, self.hub)
        setups.put(DeviceSetup("scanner", DeviceKind.SCANNER, self.scanner.address))
        setups.put(DeviceSetup("badges", DeviceKind.BADGE, self.badges.address))
        setups.put(DeviceSetup("display", DeviceKind.DISPLAY, self.display.address, {"code_page": "cp950"}))
        till.authority.lock()
        rig.window.listen_to_devices()
        self.until(lambda: all(one.state is DeviceState.READY for one in self.hub.statuses()))

    def until(self, is_true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_true, timeout=PATIENCE_MS)

    def close(self) -> None:
        self.hub.stop()
        for device in (self.scanner, self.badges, self.display):
            device.close()


@pytest.fixture
def desk(rig: TillRig, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(rig, qtbot)
    yield made
    made.close()


def skus(desk: Desk) -> list[str]:
    return [line.item.sku for line in desk.rig.till.checkout.basket.live_lines]


def test_a_badge_signs_on_a_scanner_sells_and_the_customer_reads_it(desk: Desk) -> None:
    rig = desk.rig
    assert desk.display.shows("歡迎光臨")
    rig.window.go_to(Screen.SIGN_ON)
    desk.badges.scan(SUPERVISOR_BADGE)
    desk.until(lambda: rig.till.session.operator is not None)
    rig.window.go_to(Screen.SALE)
    desk.scanner.scan(TEA)
    desk.until(lambda: skus(desk) == ["TEA"])
    assert desk.display.shows("NT$380")
    assert desk.display.lines[0].startswith("阿里山高山烏龍茶")
    rig.typist.press("Enter")
    assert desk.display.shows("合計")
    rig.typist.type("500")
    rig.typist.press("Enter")
    desk.until(lambda: rig.sales() == 1)
    assert desk.display.shows("NT$120"), "the change"
    desk.scanner.scan(SOAP, "code128")
    desk.until(lambda: skus(desk) == ["SOAP"])


def test_a_bad_scan_is_seen_and_said_and_sells_nothing(desk: Desk) -> None:
    rig = desk.rig
    rig.sign_on()
    shown: list[Feedback] = []
    rig.window.feedback.shown.connect(shown.append)
    desk.scanner.scan(TEA[:-1] + str((int(TEA[-1]) + 1) % 10))
    desk.until(lambda: shown == [Feedback.BAD])
    desk.scanner.scan(SOAP, "code128")
    desk.until(lambda: shown == [Feedback.BAD, Feedback.GOOD])
    assert skus(desk) == ["SOAP"]
    assert "error.scanner_check_digit" in rig.told


def test_the_scanner_is_unplugged_and_plugged_in_again_within_a_sale(desk: Desk) -> None:
    rig = desk.rig
    rig.sign_on()
    desk.scanner.scan(TEA)
    desk.until(lambda: skus(desk) == ["TEA"])
    desk.scanner.unplug()
    desk.until(lambda: any(one.state is DeviceState.MISSING for one in desk.hub.statuses()))
    rig.typist.scan(SOAP)
    assert skus(desk) == ["TEA", "SOAP"], "the wedge goes on"
    desk.scanner.replug()
    desk.hub.retry("scanner")
    desk.until(lambda: all(one.state is DeviceState.READY for one in desk.hub.statuses()))
    desk.scanner.scan("4710000000021", "code128")
    desk.until(lambda: skus(desk) == ["TEA", "SOAP", "MILK"])
    QApplication.processEvents()
    assert [event.detail for event in desk.hub.history()][:2] == ["ready", "missing"]


def test_a_badge_in_the_midst_of_a_sale_is_refused_and_shown_nowhere(desk: Desk) -> None:
    rig = desk.rig
    rig.sign_on()
    desk.badges.scan(SUPERVISOR_BADGE)
    desk.until(lambda: "error.scan_not_here_badge" in rig.told)
    assert not skus(desk)
    assert SUPERVISOR_BADGE not in "".join(str(message.fields) for message in rig.messages.history)
