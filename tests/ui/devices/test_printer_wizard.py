"""The printer's set-up by keys, from an address to the next receipt, against a virtual printer on a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.service.devices import PRINTER_SETTING, Condition
from app.service.printer_setup import PULSES, SAMPLE
from devices.printer.wizard import CHINESE_LINE
from devices.profile import Cutter, Fence, PrinterProfile, from_setting
from devices.virtual.printer import VirtualPrinter
from devices.virtual.status import Fault
from tests.ui.devices.counter import FOUND, CounterRig
from tests.ui.till_fixture import CASHIER_NUMBER, OWNER_NUMBER, PIN, SOAP, TillRig, rig
from ui.context import Screen
from ui.devices.page import DevicesPage
from ui.devices.printer_sheet import PrinterSheet
from ui.sale.approval import ApprovalSheet

__all__ = ["rig"]


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter.on_tcp(codec="cp950", dots=384) as made:
        yield made


@pytest.fixture
def counter(rig: TillRig, qtbot: QtBot) -> Iterator[CounterRig]:
    """A till without a printer, and the owner before the devices."""
    made = CounterRig(rig, qtbot)
    made.listen()
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.window.go_to(Screen.SETTINGS, DevicesPage.NAME)
    QApplication.processEvents()
    yield made
    made.close()


def page(rig: TillRig) -> DevicesPage:
    found = rig.window.stack.currentWidget().page  # type: ignore[union-attr]
    assert isinstance(found, DevicesPage)
    return found


def wizard(rig: TillRig) -> PrinterSheet:
    sheet = rig.sheet
    assert isinstance(sheet, PrinterSheet)
    return sheet


def begin(counter: CounterRig, address: str) -> PrinterSheet:
    """The wizard is open, and this address was typed and confirmed."""
    rig = counter.rig
    page(rig).deeds.set_up_printer()
    rig.typist.type(address)
    rig.typist.press("Enter")
    return wizard(rig)


def kept(rig: TillRig) -> PrinterProfile | None:
    return from_setting(rig.store.desk.setting(PRINTER_SETTING))


def test_a_printer_is_set_up_by_keys_alone_and_prints_the_next_receipt(
    counter: CounterRig, printer: VirtualPrinter
) -> None:
    rig, keys = counter.rig, counter.rig.typist
    sheet = begin(counter, printer.address)
    assert sheet.page is sheet.found
    assert sheet.found.facts.value("devices_ui.found.confirms") == "是"
    keys.press("Enter")
    assert sheet.page is sheet.lines
    keys.press("Space")
    assert sheet.lines.a.isChecked()
    sheet.lines.widest.set_value(1)
    keys.press("Enter")
    assert sheet.page is sheet.cut
    keys.press("Enter")
    assert printer.wait_for_papers(1)
    assert SAMPLE in printer.papers[0].text
    keys.press("Enter")
    assert sheet.page is sheet.drawer
    keys.press("Enter")
    assert printer.wait_until(lambda: len(printer.kicks) == 1)
    assert (counter.audited("drawer_tried"), sheet.drawer.is_tried) == (1, True)
    keys.press("Enter")
    assert sheet.page is sheet.name
    keys.press("Enter")
    assert rig.sheet is None
    assert rig.told[-1] == "devices_ui.wizard.saved"
    profile = kept(rig)
    assert profile is not None
    assert (profile.dots, profile.fence, profile.cutter) == (384, Fence.GS_H, Cutter.PARTIAL)
    counter.until_printer_is(Condition.READY)
    rig.window.go_to(Screen.SALE)
    keys.scan(SOAP)
    keys.press("Enter", "Enter")
    counter.until(lambda: all(state in ("done", "submitted") for state in counter.states()))
    assert counter.states()[-1] == "done"


def test_the_wizard_says_what_is_wrong_and_goes_on_once_it_is_mended(
    counter: CounterRig, printer: VirtualPrinter
) -> None:
    printer.set_fault(Fault.PAPER_OUT)
    sheet = begin(counter, printer.address)
    assert sheet.page is sheet.finder
    assert "沒紙" in sheet.words.text()
    assert sheet.words.isVisible()
    printer.clear_faults()
    counter.rig.typist.press("Enter")
    assert sheet.page is sheet.found


def test_an_address_that_is_none_is_said_and_may_be_corrected(counter: CounterRig) -> None:
    sheet = begin(counter, "somewhere")
    assert sheet.page is sheet.finder
    assert "somewhere" in sheet.words.text()
    assert QApplication.focusWidget() is sheet.finder.ports.address.edit


def test_what_is_connected_is_found_and_taken_with_a_tap(counter: CounterRig) -> None:
    page(counter.rig).deeds.set_up_printer()
    ports = wizard(counter.rig).finder.ports
    assert len(ports.buttons) == 1
    ports.buttons[0].click()
    assert ports.text == FOUND.address


def test_leaving_the_wizard_lets_go_of_the_printer_and_keeps_nothing(
    counter: CounterRig, printer: VirtualPrinter
) -> None:
    rig = counter.rig
    sheet = begin(counter, printer.address)
    rig.typist.press("Esc")
    assert sheet.page is sheet.finder
    rig.typist.press("Esc")
    assert rig.sheet is None
    assert kept(rig) is None
    trial = counter.desk.begin(printer.address)
    assert trial.probe().fence == "gs_h", "the line is free again"
    counter.desk.end(trial)


def test_a_page_of_which_nothing_is_right_cannot_be_kept(
    counter: CounterRig, printer: VirtualPrinter
) -> None:
    sheet = begin(counter, printer.address)
    counter.rig.typist.press("Enter")
    sheet.lines.widest.set_value(0)
    counter.rig.typist.press("Enter")
    assert sheet.page is sheet.lines
    assert "沒有一行" in sheet.words.text()


def test_each_way_to_open_the_drawer_is_tried_once_in_turn(
    counter: CounterRig, printer: VirtualPrinter
) -> None:
    sheet = begin(counter, printer.address)
    counter.rig.typist.press("Enter", "Enter")
    sheet.cut.no.click()
    assert sheet.page is sheet.drawer
    for number in range(1, len(PULSES) + 1):
        sheet.drawer.try_it.click()
        assert printer.wait_until(lambda number=number: len(printer.kicks) == number)
    assert [(kick.pin, kick.is_real_time) for kick in printer.kicks] == list(PULSES)
    assert counter.audited("drawer_tried") == len(PULSES)
    sheet.drawer.yes.click()
    sheet.next_step()
    profile = kept(counter.rig)
    assert profile is not None
    assert (profile.drawer_pin, profile.kicks_at_once, profile.cutter) == (5, True, Cutter.NONE)


def test_a_cashier_needs_a_second_person_to_set_one_up(counter: CounterRig, printer: VirtualPrinter) -> None:
    rig = counter.rig
    rig.till.authority.sign_on(CASHIER_NUMBER, PIN)
    page(rig).deeds.set_up_printer()
    assert isinstance(rig.sheet, ApprovalSheet)
    rig.typist.type(OWNER_NUMBER)
    rig.typist.press("Enter")
    rig.typist.type(PIN)
    rig.typist.press("Enter")
    assert isinstance(rig.sheet, PrinterSheet)
    rig.typist.type(printer.address)
    rig.typist.press("Enter")
    assert wizard(rig).page is wizard(rig).found, "the grant goes along to the service"


def test_the_line_on_the_screen_is_the_line_on_the_paper() -> None:
    assert SAMPLE == CHINESE_LINE
