"""A fault appears in the middle of a sale: the lamp and the strip say it, the line keeps the focus, the sale is completed, and nothing is
printed twice or lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.device import DeviceKind, DeviceState
from app.domain.receipt import ReceiptDocument, Text
from app.i18n import LANGUAGES, set_language
from app.service.device_setup import DeviceSetup
from app.service.devices import Condition
from app.service.ports import PrintRequest
from devices.virtual.printer import VirtualPrinter
from devices.virtual.scanner import VirtualScanner
from devices.virtual.status import Fault
from tests.devices.printer.counter import profile_for
from tests.ui.devices.counter import CounterRig
from tests.ui.till_fixture import SOAP, TEA, TillRig, rig
from ui.context import Screen
from ui.sale.view import SaleView
from ui.widgets.status_lamp import Lamp

__all__ = ["rig"]


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter.on_pty(dots=384) as made:
        yield made


@pytest.fixture
def counter(rig: TillRig, qtbot: QtBot, printer: VirtualPrinter) -> Iterator[CounterRig]:
    """A till whose receipts go over a real pseudo-terminal."""
    made = CounterRig(rig, qtbot, profile_for(printer.address))
    made.listen()
    made.until_printer_is(Condition.READY)
    rig.sign_on()
    yield made
    made.close()


def sale(rig: TillRig) -> SaleView:
    shown = rig.window.stack.currentWidget()
    assert isinstance(shown, SaleView)
    return shown


def lamp(rig: TillRig) -> Lamp:
    return rig.window.header.lamp.shown.lamp


def test_paper_runs_out_while_selling_and_one_copy_comes_after_the_refill(
    counter: CounterRig, printer: VirtualPrinter
) -> None:
    rig = counter.rig
    counter.until(lambda: all(state == "done" for state in counter.states()))
    before = len(printer.papers)
    rig.typist.scan(SOAP)
    printer.set_fault(Fault.PAPER_OUT)
    counter.until(lambda: lamp(rig) is Lamp.BAD)
    assert sale(rig).strip.isVisible()
    assert "沒紙" in sale(rig).strip.words.text()
    assert QApplication.focusWidget() is sale(rig).entry
    rig.typist.scan(TEA)
    rig.typist.press("Enter", "Enter")
    assert rig.sales() == 1, "a sale never waits for a printer"
    counter.until(lambda: "在等" in rig.window.header.lamp.shown.words.text)
    printer.clear_faults()
    counter.until(lambda: all(state == "done" for state in counter.states()))
    counter.until(lambda: lamp(rig) is Lamp.GOOD)
    assert len(printer.papers) == before + 1
    assert sale(rig).strip.isHidden()
    assert QApplication.focusWidget() is sale(rig).entry


def test_the_notice_is_put_away_by_a_tap_that_leaves_the_line_its_focus(
    counter: CounterRig, printer: VirtualPrinter
) -> None:
    rig = counter.rig
    printer.set_fault(Fault.COVER_OPEN)
    counter.until(sale(rig).strip.isVisible)
    QTest.mouseClick(sale(rig).strip.away, Qt.MouseButton.LeftButton)
    assert sale(rig).strip.isHidden()
    assert lamp(rig) is Lamp.BAD, "the lamp goes on saying it"
    assert QApplication.focusWidget() is sale(rig).entry
    printer.clear_faults()
    counter.until(lambda: lamp(rig) is Lamp.GOOD)
    printer.set_fault(Fault.COVER_OPEN)
    counter.until(sale(rig).strip.isVisible)


def test_the_cable_is_pulled_and_put_back_within_a_sale(counter: CounterRig, printer: VirtualPrinter) -> None:
    rig = counter.rig
    rig.typist.scan(SOAP)
    printer.unplug()
    counter.until_printer_is(Condition.OFFLINE)
    assert lamp(rig) is Lamp.BAD
    rig.typist.press("Enter", "Enter")
    assert rig.sales() == 1
    printer.replug()
    counter.until_printer_is(Condition.READY)
    counter.until(lambda: all(state == "done" for state in counter.states()))
    counter.until(lambda: lamp(rig) is Lamp.GOOD)


def test_a_scanner_is_unplugged_and_plugged_in_again_within_a_sale(rig: TillRig, qtbot: QtBot) -> None:
    with VirtualScanner.on_pty() as scanner:
        counter = CounterRig(rig, qtbot)
        counter.add(DeviceSetup("掃描器", DeviceKind.SCANNER, scanner.address, {"repeat_ms": 0}))
        counter.listen()
        rig.sign_on()
        counter.until(
            lambda: all(one.state is DeviceState.READY for one in rig.window.devices.picture.devices)
        )
        scanner.scan(TEA)
        counter.until(lambda: len(rig.till.checkout.basket.live_lines) == 1)
        scanner.unplug()
        counter.until(sale(rig).strip.isVisible)
        assert "掃描器" in sale(rig).strip.words.text()
        assert rig.window.header.lamp.shown.words.text == "掃描器沒連上"
        rig.typist.scan(SOAP)
        assert len(rig.till.checkout.basket.live_lines) == 2, "the keyboard's scanner goes on"
        scanner.replug()
        counter.hub.retry("掃描器")
        counter.until(sale(rig).strip.isHidden)
        scanner.scan(TEA)
        counter.until(lambda: sum(line.quantity for line in rig.till.checkout.basket.live_lines) == 3_000)
        counter.close()


def test_a_drawer_left_open_is_a_strip_until_somebody_closes_it(rig: TillRig, qtbot: QtBot) -> None:
    counter = CounterRig(rig, qtbot)
    counter.add(DeviceSetup("錢櫃", DeviceKind.DRAWER, "", {"left_open_seconds": 60}))
    counter.listen()
    rig.sign_on()
    counter.hub.drawer_pin(False)
    counter.hub.drawer_asked()
    counter.hub.drawer_pin(True)
    rig.clock.forward(minutes=2)
    counter.hub.drawer_pin(True)
    counter.until(sale(rig).strip.isVisible)
    assert "120" in sale(rig).strip.words.text()
    assert (lamp(rig), rig.told) == (Lamp.WARN, [])
    counter.hub.drawer_pin(False)
    counter.until(sale(rig).strip.isHidden)
    assert lamp(rig) is Lamp.GOOD
    counter.close()


# --- the question --------------------------------------------------------------------------------------------------------


def doubt(rig: TillRig) -> int:
    """A paper that nobody knows about; returns its job."""
    document = ReceiptDocument((Text("paper"),), "zh_TW", "test")
    with rig.store.begin() as work:
        work.enqueue_print(PrintRequest("test", document), created_at=rig.clock.now_ms())
        work.commit()
    job = max(one.id for one in rig.store.desk.print_jobs(("queued",)))
    with rig.store.begin() as work:
        work.set_print_state(job, "unknown", changed_at=rig.clock.now_ms(), detail="restart")
        work.commit()
    return job


def state_of(rig: TillRig, job: int) -> str:
    found = rig.store.desk.print_job(job)
    assert found is not None
    return found.state


@pytest.fixture
def asked(rig: TillRig) -> int:
    """A cashier at work, asked about one paper."""
    job = doubt(rig)
    rig.window.listen_to_devices()
    rig.sign_on()
    return job


def test_a_key_answers_while_the_basket_is_empty(rig: TillRig, asked: int) -> None:
    assert sale(rig).strip.isVisible()
    assert "Ctrl+1" in sale(rig).strip.yes.text()
    rig.typist.press("Ctrl+1")
    assert state_of(rig, asked) == "done"
    assert sale(rig).strip.isHidden()
    assert QApplication.focusWidget() is sale(rig).entry


def test_no_key_answers_while_a_customer_is_served_but_a_tap_does(rig: TillRig, asked: int) -> None:
    rig.typist.scan(SOAP)
    assert "Ctrl+1" not in sale(rig).strip.yes.text()
    rig.typist.press("Ctrl+1")
    assert state_of(rig, asked) == "unknown"
    QTest.mouseClick(sale(rig).strip.yes, Qt.MouseButton.LeftButton)
    assert state_of(rig, asked) == "done"
    assert len(rig.till.checkout.basket.live_lines) == 1


def test_the_other_answer_prints_one_marked_copy(rig: TillRig, asked: int) -> None:
    rig.typist.press("Ctrl+2", "Ctrl+2")
    assert state_of(rig, asked) == "cancelled"
    copies = [one for one in rig.store.desk.print_jobs(("queued",)) if one.request.copy_number == 1]
    assert len(copies) == 1
    assert "補印" in str(copies[0].request.document)


def test_a_question_never_stands_in_the_way_of_the_next_sale(rig: TillRig, asked: int) -> None:
    rig.typist.scan(SOAP)
    rig.typist.press("Enter", "Enter")
    assert rig.sales() == 1
    assert state_of(rig, asked) == "unknown"
    assert sale(rig).strip.isVisible()


def test_a_question_that_was_answered_elsewhere_is_said_and_goes(rig: TillRig, asked: int) -> None:
    rig.till.printing.answer(asked, True)
    rig.typist.press("Ctrl+1")
    assert rig.told == ["error.print_decided"]
    assert sale(rig).strip.isHidden()


def test_the_lamp_leads_to_the_devices_by_key_too(rig: TillRig, asked: int) -> None:
    lamp_button = rig.window.header.lamp
    assert lamp_button.accessibleName() == "裝置：1 張不確定"
    lamp_button.setFocus()
    rig.typist.press("Enter")
    assert rig.window.current_screen is Screen.SETTINGS
    assert [row.title.text() for row in rig.window.stack.currentWidget().page.papers.rows] == [
        "錢櫃單 01-1-A000001",
        "單據",
    ]  # type: ignore[union-attr]


def test_what_the_lamp_says_is_whole_on_a_small_screen_in_every_language(rig: TillRig, asked: int) -> None:
    for language in LANGUAGES:
        set_language(language)
        rig.window.resize(1024, 768)
        QApplication.processEvents()
        shown = rig.window.header.lamp
        assert shown.width() >= shown.sizeHint().width(), language
