"""The list of devices: live, open to all for looking and trying, and changed only by whoever may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.device import DeviceKind, DeviceState, Feedback
from app.i18n import LANGUAGES, set_language
from app.service.device_setup import SETTING, DeviceSetup, load_devices
from devices.virtual.printer import VirtualPrinter
from devices.virtual.scale import VirtualScale
from devices.virtual.scanner import VirtualScanner
from devices.virtual.status import Fault
from tests.devices.printer.counter import profile_for
from tests.ui.devices.counter import FOUND, CounterRig
from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    OWNER_NUMBER,
    PIN,
    SOAP,
    SUPERVISOR_BADGE,
    TEA,
    TillRig,
    rig,
)
from ui import theme
from ui.context import Screen
from ui.devices.device_sheet import DeviceSheet
from ui.devices.ean_picture import EanPicture, modules_of
from ui.devices.history import HistorySheet
from ui.devices.page import DevicesPage
from ui.devices.scanner_sheet import CODE, ScannerSheet
from ui.devices.try_sheets import ScanTrySheet, WeighSheet
from ui.devices.watch import SOUND
from ui.sale.approval import ApprovalSheet
from ui.scan_calibration import SETTING as WEDGE
from ui.scan_calibration import from_setting
from ui.shift.cash_movement import CashSheet
from ui.theme import Mode
from ui.tour.sight import cut_off
from ui.widgets.status_lamp import Lamp

__all__ = ["rig"]


@pytest.fixture
def counter(rig: TillRig, qtbot: QtBot) -> Iterator[CounterRig]:
    made = CounterRig(rig, qtbot)
    made.listen()
    yield made
    made.close()


def show(counter: CounterRig, number: str = OWNER_NUMBER) -> DevicesPage:
    rig = counter.rig
    rig.till.authority.sign_on(number, PIN)
    rig.window.go_to(Screen.SETTINGS, DevicesPage.NAME)
    QApplication.processEvents()
    found = rig.window.stack.currentWidget().page  # type: ignore[union-attr]
    assert isinstance(found, DevicesPage)
    return found


def test_a_cashier_may_look_and_try_but_not_change(counter: CounterRig) -> None:
    page = show(counter, CASHIER_NUMBER)
    assert "還沒設定" in page.printer_row.state.text()
    page.deeds.try_device(DeviceKind.SCANNER)
    assert isinstance(counter.rig.sheet, ScanTrySheet)
    counter.rig.typist.press("Esc")
    page.add_device.click()
    assert isinstance(counter.rig.sheet, ApprovalSheet)


def test_a_device_is_added_by_keys_and_works_at_once(counter: CounterRig) -> None:
    with VirtualScanner.on_pty() as scanner:
        page = show(counter)
        page.add_device.click()
        sheet = counter.rig.sheet
        assert isinstance(sheet, DeviceSheet)
        assert sheet.name.text == "掃描器"
        sheet.ports.buttons[0].click()
        assert sheet.ports.text == FOUND.address
        sheet.ports.address.set_text(scanner.address)
        counter.rig.typist.press("Enter")
        assert counter.rig.sheet is None
        counter.until(lambda: page.rows["掃描器"].sign.state is Lamp.GOOD)
        page.add_device.click()
        again = counter.rig.sheet
        assert isinstance(again, DeviceSheet)
        assert again.name.text == "掃描器 2", "a name that is free"
        again.name.set_text("掃描器")
        again.save()
        assert "已經有" in again.name.note.text()


def test_an_unplugged_device_changes_its_line_while_somebody_looks(counter: CounterRig) -> None:
    with VirtualScanner.on_pty() as scanner:
        counter.add(DeviceSetup("槍", DeviceKind.SCANNER, scanner.address))
        page = show(counter)
        counter.until(lambda: page.rows["槍"].sign.state is Lamp.GOOD)
        scanner.unplug()
        counter.until(lambda: page.rows["槍"].sign.state is Lamp.BAD)
        assert "接好就會自動恢復" in page.rows["槍"].state.text()
        assert page._retries["槍"].isVisible()
        scanner.replug()
        page._retries["槍"].click()
        counter.until(lambda: page.rows["槍"].sign.state is Lamp.GOOD)
        page.history.click()
        history = counter.rig.sheet
        assert isinstance(history, HistorySheet)
        told = [history.table.item(row, 2).text() for row in range(history.table.rowCount())]
        assert told[:2] == ["正常", "沒連上。請檢查接線與電源，接好就會自動恢復。"]


def test_a_device_is_changed_under_another_name_and_removed(counter: CounterRig) -> None:
    counter.add(DeviceSetup("槍", DeviceKind.SCANNER, "serial:/dev/there-is-none"))
    page = show(counter)
    page.deeds.change("槍")
    sheet = counter.rig.sheet
    assert isinstance(sheet, DeviceSheet)
    sheet.name.set_text("前台")
    sheet.repeat.set_text("0")
    sheet.save()
    kept = load_devices({SETTING: counter.rig.store.desk.setting(SETTING)})
    assert [(one.name, one.options["repeat_ms"]) for one in kept] == [("前台", 0)]
    assert list(page.rows) == ["前台"]
    page.deeds.remove("前台")
    counter.rig.typist.press("Enter")
    assert list(page.rows) == []


def test_the_printers_faults_are_live_and_stand_in_the_history(rig: TillRig, qtbot: QtBot) -> None:
    with VirtualPrinter.on_pty(dots=384) as printer:
        counter = CounterRig(rig, qtbot, profile_for(printer.address))
        counter.listen()
        page = show(counter)
        counter.until(lambda: page.printer_row.sign.state is Lamp.GOOD)
        printer.set_fault(Fault.PAPER_OUT)
        counter.until(lambda: page.printer_row.sign.state is Lamp.BAD)
        assert "會自動接著印" in page.printer_row.state.text()
        printer.clear_faults()
        counter.until(lambda: page.printer_row.sign.state is Lamp.GOOD)
        kept = [(event.device, event.detail) for event in counter.hub.history()]
        assert kept[:2] == [("printer", "ready"), ("printer", "printer_paper_out")]
        page.deeds.print_test()
        counter.until(lambda: counter.states()[-1] == "done")
        counter.close()


def test_opening_the_drawer_needs_a_reason_and_is_in_the_books(counter: CounterRig) -> None:
    page = show(counter)
    page.deeds.open_drawer()
    sheet = counter.rig.sheet
    assert isinstance(sheet, CashSheet)
    sheet.choose_reason(1)
    sheet.yes.click()
    newest = counter.rig.store.journal.newest(1)[0]
    assert newest.header.kind.value == "no_sale"


def test_papers_that_wait_are_held_let_go_and_given_up(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.window.listen_to_devices()
    rig.window.go_to(Screen.SETTINGS, DevicesPage.NAME)
    page = rig.window.stack.currentWidget().page  # type: ignore[union-attr]
    assert len(page.papers.rows) == 1

    def tap(index: int) -> None:
        layout = page.papers.rows[0]._buttons
        layout.itemAt(index).widget().click()

    def state() -> str:
        found = rig.store.desk.print_job(1)
        assert found is not None
        return found.state

    tap(0)
    assert state() == "held"
    assert rig.window.header.lamp.shown.words.text == "1 張暫停"
    tap(0)
    assert state() == "queued"
    tap(1)
    assert state() == "cancelled"
    assert page.papers.isHidden()


# --- trying ---------------------------------------------------------------------------------------------------------------


def test_a_scan_is_shown_with_what_it_is_and_sells_nothing(counter: CounterRig) -> None:
    page = show(counter)
    page.deeds.try_device(DeviceKind.SCANNER)
    sheet = counter.rig.sheet
    assert isinstance(sheet, ScanTrySheet)
    counter.rig.typist.scan(TEA)
    assert (sheet.code.text(), sheet.kind.text()) == (TEA, "商品條碼・阿里山高山烏龍茶 150g")
    counter.rig.typist.scan("0912345678")
    assert sheet.kind.text() == "手機號碼"
    assert counter.rig.till.checkout.basket.is_empty
    assert sheet.count == 2


def test_a_badge_is_named_and_its_number_never_shown(counter: CounterRig) -> None:
    with VirtualScanner.on_pty() as reader:
        counter.add(DeviceSetup("讀卡機", DeviceKind.BADGE, reader.address))
        page = show(counter)
        counter.until(lambda: page.rows["讀卡機"].sign.state is Lamp.GOOD)
        page.deeds.try_device(DeviceKind.BADGE)
        sheet = counter.rig.sheet
        assert isinstance(sheet, ScanTrySheet)
        reader.scan(SUPERVISOR_BADGE)
        counter.until(lambda: sheet.count == 1)
        assert SUPERVISOR_BADGE not in sheet.code.text()
        assert "不顯示" in sheet.kind.text()


def test_the_scale_is_read_once_it_has_settled(counter: CounterRig) -> None:
    with VirtualScale.on_pty() as scale:
        counter.add(DeviceSetup("秤", DeviceKind.SCALE, scale.address, {"protocol": "toledo"}))
        page = show(counter)
        counter.until(lambda: page.rows["秤"].sign.state is Lamp.GOOD)
        scale.put(385)
        page.deeds.try_device(DeviceKind.SCALE)
        sheet = counter.rig.sheet
        assert isinstance(sheet, WeighSheet)
        assert sheet.weight.text() == "0.385 kg"


# --- the sound and the wedge ---------------------------------------------------------------------------------------------


class Ear:
    def __init__(self) -> None:
        self.heard: list[Feedback] = []

    def play(self, feedback: Feedback) -> None:
        self.heard.append(feedback)


def test_silence_is_in_force_at_once_and_after_a_restart(counter: CounterRig) -> None:
    page, rig = show(counter), counter.rig
    ear = Ear()
    rig.window.feedback._player = ear
    page.sound.good.click()
    page.sound.choice.button(False).click()
    page.sound.good.click()
    assert ear.heard == [Feedback.GOOD]
    assert rig.store.desk.setting(SOUND) is False
    rig.window.feedback.set_audible(True)
    counter.listen()
    rig.window.feedback.give(Feedback.BAD)
    assert ear.heard == [Feedback.GOOD], "what is kept is heard from the start"


def learn(counter: CounterRig) -> ScannerSheet:
    show(counter).deeds.learn_wedge()
    sheet = counter.rig.sheet
    assert isinstance(sheet, ScannerSheet)
    return sheet


@pytest.mark.parametrize("code", [CODE, SOAP])
def test_three_scans_teach_the_till_its_scanner(counter: CounterRig, code: str) -> None:
    sheet, typist = learn(counter), counter.rig.typist
    for _ in range(3):
        typist.scan(code, gap_ms=20)
    assert sheet.words.text() == "3／3"
    assert not sheet.keep.isEnabled(), "the last scan may still have an Enter to send"
    counter.until(sheet.keep.isEnabled)
    typist.press("Enter")
    assert counter.rig.sheet is None
    kept = from_setting(counter.rig.store.desk.setting(WEDGE))
    assert 20 < kept.gap_ms <= 60
    assert counter.rig.window.devices.wedge._settings == kept


def test_a_prefix_is_learnt_from_the_code_that_is_shown(counter: CounterRig) -> None:
    sheet, typist = learn(counter), counter.rig.typist
    for _ in range(3):
        typist.scan("~" + CODE)
    counter.until(sheet.keep.isEnabled)
    assert "~" in sheet.words.text()


def test_leaving_the_lesson_gives_the_keys_back(counter: CounterRig) -> None:
    learn(counter)
    counter.rig.typist.press("Esc")
    counter.rig.window.go_to(Screen.SALE)
    counter.rig.typist.scan(SOAP)
    assert len(counter.rig.till.checkout.basket.live_lines) == 1


def test_a_scanner_on_a_port_of_its_own_is_noticed_and_needs_no_lesson(counter: CounterRig) -> None:
    with VirtualScanner.on_pty() as scanner:
        counter.add(DeviceSetup("槍", DeviceKind.SCANNER, scanner.address))
        sheet = learn(counter)
        counter.until(lambda: counter.hub.statuses()[0].state is DeviceState.READY)
        scanner.scan(CODE)
        counter.until(lambda: "槍" in sheet.words.text())
        assert counter.rig.till.checkout.basket.is_empty


def test_the_barcode_on_the_screen_is_read_by_a_reader_that_nobody_here_wrote(
    qtbot: QtBot, tmp_path: Path
) -> None:
    for mode in Mode:
        theme.current().set_mode(mode)
        picture = EanPicture(CODE)
        qtbot.addWidget(picture)
        picture.resize(picture.sizeHint())
        path = tmp_path / f"{mode}.png"
        picture.grab().save(str(path))
        found = zxingcpp.read_barcodes(Image.open(path))
        assert [one.text for one in found] == [CODE]
    assert len(modules_of(CODE)) == 95


# --- looks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
def test_no_word_on_the_page_or_the_sheets_is_cut_off(
    counter: CounterRig, language: str, size: tuple[int, int]
) -> None:
    set_language(language)
    rig = counter.rig
    rig.window.resize(*size)
    counter.add(DeviceSetup("A", DeviceKind.SCANNER, "serial:/dev/there-is-none"))
    page = show(counter)
    counter.until(lambda: page.rows["A"].sign.state is Lamp.BAD)
    counter.until(lambda: cut_off(rig.window) == ())
    for open_it in (
        lambda: page.deeds.add(DeviceKind.DISPLAY),
        lambda: page.deeds.add(DeviceKind.DRAWER),
        page.deeds.learn_wedge,
        page.deeds.open_history,
        page.deeds.set_up_printer,
    ):
        open_it()
        counter.until(lambda: cut_off(rig.window) == ())
        sheet = rig.sheet
        assert sheet is not None
        sheet.finish(None)


def test_tab_goes_through_the_page_and_every_button_has_a_name(counter: CounterRig) -> None:
    page = show(counter)
    first = page.add_device
    first.setFocus()
    names = []
    for _ in range(30):
        focus = QApplication.focusWidget()
        assert focus is not None
        names.append(focus.accessibleName() or getattr(focus, "text", str)())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is first:
            break
    assert all(names)
    assert "故障紀錄" in names
