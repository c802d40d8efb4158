"""Settings survive a restart, change at once where they say so, and are closed to who may not change them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.authority import Right, Role
from app.domain.barcode import LabelKind, LabelRule
from app.domain.ids import Uuid7Source
from app.i18n import t
from app.service.importing import ImportKind
from app.service.shop import load_label_rules, load_limits, load_shop
from db.keeper import StoreKeeper
from tests.service.small_shop import KEY
from tests.ui import till_fixture
from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    OWNER_NUMBER,
    PIN,
    SOAP,
    TillRig,
    close_rig,
    open_rig,
    rig,
)
from ui import theme
from ui.context import Screen
from ui.keys import Action
from ui.settings.import_sheet import ImportSheet
from ui.settings.keys_page import KeySheet, KeysPage
from ui.settings.limits import LimitsPage
from ui.settings.look import LabelsPage, LookPage
from ui.settings.shop import MoneyPage, ShopPage
from ui.settings.staff import StaffPage, StaffSheet
from ui.settings.training import TrainingPage
from ui.settings.view import PAGES, SettingsView
from ui.theme import Mode

__all__ = ["rig"]

NEW_PIN = "846205"


def on_settings(rig: TillRig, page: str, number: str = OWNER_NUMBER) -> SettingsView:
    rig.till.authority.sign_on(number, PIN)
    rig.window.go_to(Screen.SETTINGS, page)
    QApplication.processEvents()
    view = rig.window.stack.currentWidget()
    assert isinstance(view, SettingsView)
    return view


def press(text: str = "", *then: Qt.Key) -> None:
    for press_one in (*text, *then):
        focus = QApplication.focusWidget()
        assert focus is not None, "somebody has the focus"
        QTest.keyClick(focus, press_one)


def test_the_shops_data_survives_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    rig = open_rig(qtbot, tmp_path)
    page = on_settings(rig, ShopPage.NAME).page
    assert isinstance(page, ShopPage)
    page.name.edit.setFocus()
    page.name.edit.selectAll()
    press("Tea House")
    page.footer.set_text("謝謝光臨")
    page.tax_id.set_text("22099131")
    page.save()
    assert rig.told[-1] == "form.saved"
    close_rig(rig)
    again = open_rig(qtbot, tmp_path)
    assert (again.till.shop.name, again.till.shop.footer, again.till.shop.tax_id) == (
        "Tea House",
        "謝謝光臨",
        "22099131",
    )
    close_rig(again)


def test_a_wrong_tax_id_is_refused_beside_its_field_and_nothing_is_kept(rig: TillRig) -> None:
    page = on_settings(rig, ShopPage.NAME).page
    assert isinstance(page, ShopPage)
    page.name.set_text("Another")
    page.tax_id.set_text("22099132")
    page.save()
    assert page.tax_id.note.text() == t("error.tax_id_wrong", number="22099132")
    assert load_shop(rig.store.desk.settings()).name == "好日子選物店"


def test_a_new_points_rule_gets_a_new_version_and_an_equal_one_does_not(rig: TillRig) -> None:
    page = on_settings(rig, MoneyPage.NAME).page
    assert isinstance(page, MoneyPage)
    page.save()
    assert rig.till.shop.points_rule_version == 1
    page.step.set_text("50")
    page.save()
    assert (rig.till.shop.points_earn_step_minor, rig.till.shop.points_rule_version) == (50, 2)


def test_points_rules_of_the_rule_desk_are_not_asked_for_a_second_time(rig: TillRig) -> None:
    page = on_settings(rig, MoneyPage.NAME).page
    assert isinstance(page, MoneyPage)
    assert page.step.isVisible()
    rig.till.rules.save_points(rig.till.rules.points.rules)
    page.refresh()
    assert page.tax_rate.isVisible()
    assert not page.step.isVisible()
    assert page.elsewhere.isVisible()
    page.to_rules.click()
    assert rig.window.current_screen is Screen.RULES


def test_the_currency_stays_once_there_are_transactions(rig: TillRig) -> None:
    page = on_settings(rig, MoneyPage.NAME).page
    assert isinstance(page, MoneyPage)
    assert not page.currency.isEnabled()


def test_a_new_person_can_sign_on_at_once(rig: TillRig) -> None:
    page = on_settings(rig, StaffPage.NAME).page
    assert isinstance(page, StaffPage)
    page.new.click()
    sheet = rig.sheet
    assert isinstance(sheet, StaffSheet)
    press("07", Qt.Key.Key_Down)
    press("Amy", Qt.Key.Key_Down)
    press(NEW_PIN, Qt.Key.Key_Down)
    press(NEW_PIN, Qt.Key.Key_Return)
    assert rig.sheet is None
    assert rig.till.authority.sign_on("07", NEW_PIN).role is Role.CASHIER


def test_a_pin_that_everybody_tries_is_refused_beside_its_field(rig: TillRig) -> None:
    page = on_settings(rig, StaffPage.NAME).page
    assert isinstance(page, StaffPage)
    page.new.click()
    sheet = rig.sheet
    assert isinstance(sheet, StaffSheet)
    for field, text in (
        (sheet.number, "07"),
        (sheet.name, "Amy"),
        (sheet.pin, "123456"),
        (sheet.again, "123456"),
    ):
        field.set_text(text)
    sheet.save()
    assert rig.sheet is sheet
    assert sheet.pin.note.text() == t("error.pin_too_simple")


def test_the_last_owner_cannot_be_switched_off(rig: TillRig) -> None:
    page = on_settings(rig, StaffPage.NAME).page
    assert isinstance(page, StaffPage)
    page.table.select(0)
    page.edit_selected()
    sheet = rig.sheet
    assert isinstance(sheet, StaffSheet)
    sheet.active.set_value(False)
    sheet.save()
    assert rig.told[-1] == "error.last_owner"


def test_limits_count_from_the_next_step_on_and_survive(rig: TillRig) -> None:
    page = on_settings(rig, LimitsPage.NAME).page
    assert isinstance(page, LimitsPage)
    page.fields[Role.CASHIER, Right.LINE_DISCOUNT].set_text("15%")
    page.fields[Role.CASHIER, Right.POST_VOID].set_text("200")
    page.fields[Role.SUPERVISOR, Right.RETURN].set_text("")
    page.switches[Role.CASHIER, Right.NO_SALE].set_value(False)
    page.save()
    for limits in (rig.till.session.limits, load_limits(rig.store.desk.settings())):
        assert limits[Role.CASHIER][Right.LINE_DISCOUNT] == 1500
        assert limits[Role.CASHIER][Right.POST_VOID] == 200
        assert limits[Role.CASHIER][Right.NO_SALE] == 0
        assert limits[Role.SUPERVISOR][Right.RETURN] is None


def test_a_key_that_is_taken_is_refused_with_what_has_it(rig: TillRig) -> None:
    page = on_settings(rig, KeysPage.NAME).page
    assert isinstance(page, KeysPage)
    page.change(Action.HOLD)
    press("", Qt.Key.Key_F9)
    assert isinstance(rig.sheet, KeySheet)
    assert rig.window.context.hotkeys.keys.key(Action.HOLD) == "F7"
    press("", Qt.Key.Key_F2)
    assert isinstance(rig.sheet, KeySheet)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert rig.sheet is None
    assert rig.window.context.hotkeys.keys.key(Action.HOLD) == "Ctrl+J"
    assert page.buttons[Action.HOLD].text() == "Ctrl+J"


def test_language_and_colours_change_at_once_and_are_kept(rig: TillRig) -> None:
    page = on_settings(rig, LookPage.NAME).page
    assert isinstance(page, LookPage)
    page.language.button("en").click()
    page.mode.button(Mode.DARK).click()
    assert i18n.language() == "en"
    assert theme.current().mode is Mode.DARK
    kept = load_shop(rig.store.desk.settings())
    assert (kept.language, kept.theme) == ("en", "dark")


def test_scale_barcodes_are_read_the_new_way_from_the_next_scan(rig: TillRig) -> None:
    page = on_settings(rig, LabelsPage.NAME).page
    assert isinstance(page, LabelsPage)
    page.rows[0][0].set_text("21IIIIVVVVVVX")
    page.save()
    assert page.rows[0][0].note.text() == t("error.label_pattern_wrong")
    page.rows[0][0].set_text("21IIIIIVVVVVC")
    page.save()
    assert load_label_rules(rig.store.desk.settings())[0] == LabelRule("21IIIIIVVVVVC", LabelKind.WEIGHT, 3)


def test_a_cashier_sees_only_what_concerns_the_screen_until_somebody_lets_them_in(rig: TillRig) -> None:
    view = on_settings(rig, ShopPage.NAME, CASHIER_NUMBER)
    assert isinstance(view.page, LookPage)
    view.subjects.button(LimitsPage.NAME).click()
    assert rig.sheet is not None
    press("", Qt.Key.Key_Escape)
    assert isinstance(view.page, LookPage)


def test_a_file_is_shown_row_by_row_before_anything_is_written(rig: TillRig, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("品名,售價,條碼\n高粱醋,120,\n壞價格,abc,\n", "utf-8")
    on_settings(rig, ShopPage.NAME)
    sheet = ImportSheet(rig.window, rig.till, rig.window.context, ImportKind.PRODUCTS)
    sheet.open()
    press(str(file), Qt.Key.Key_Return)
    assert sheet.plan is not None
    assert (len(sheet.plan.additions), sheet.plan.refused_rows) == (1, 1)
    assert sheet.notes.item(0, 0).text() == "3"
    assert not rig.store.catalogue.search("高粱醋", rig.clock.now_ms())
    press("", Qt.Key.Key_Return)
    assert sheet.result is not None
    assert rig.store.catalogue.search("高粱醋", rig.clock.now_ms())


def test_a_file_that_cannot_be_read_says_why_and_can_be_replaced(rig: TillRig, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("顏色,尺寸\n紅,大\n", "utf-8")
    on_settings(rig, ShopPage.NAME)
    sheet = ImportSheet(rig.window, rig.till, rig.window.context, ImportKind.PRODUCTS)
    sheet.open()
    sheet.read(file)
    assert sheet.plan is None
    assert sheet.file.isVisible()
    assert "顏色" in sheet.file.note.text()


def test_a_backup_is_made_into_the_folder_and_the_books_are_proved(rig: TillRig, tmp_path: Path) -> None:
    from ui.settings.data import DataPage

    rig.till.keeper = StoreKeeper(
        rig.store,
        KEY,
        rig.clock,
        data_folder=tmp_path,
        backups_folder=tmp_path / "backups",
        key_source="file",
        version="1.0",
    )
    page = on_settings(rig, DataPage.NAME).page
    assert isinstance(page, DataPage)
    page.back_up()
    (made,) = (tmp_path / "backups").glob("*.regulars")
    assert made.name in page.backup_words.text()
    page.check(is_full=True)
    assert page.check_words.text() == t("verify.good", facts=rig.store.mark.seq)


def test_practice_shares_no_numbers_and_is_counted_when_it_ends(rig: TillRig, tmp_path: Path) -> None:
    """What is rung in practice stays in its own file; the real till only learns how many tickets it was."""
    from db.store import create_store
    from db.training_copy import copy_shop

    practice_ids = Uuid7Source(rig.clock.now_ms)

    def practise(live: object) -> object:
        store = create_store(
            tmp_path / "training.db",
            KEY,
            store_code="01",
            till_code="1",
            clock=rig.clock,
            ids=practice_ids,
            is_training=True,
        )
        copy_shop(rig.store, store, rig.clock.now_ms())
        return till_fixture.wire(store, rig.clock, practice_ids, is_training=True)

    rig.opener.practise = practise  # type: ignore[assignment]
    live, newest = rig.till, rig.store.journal.newest(1)[0].header.receipt_number
    page = on_settings(rig, TrainingPage.NAME).page
    assert isinstance(page, TrainingPage)
    page.begin.click()
    practice = rig.window.till
    assert practice.session.is_training
    assert practice is not live
    practice.shifts.open_shift(live.shifts.suggested_float())
    practice.checkout.enter(SOAP)
    practice.checkout.enter("")
    practice.checkout.enter("")
    practice.completion.commit(practice.completion.prepare(practice.checkout))
    practice.checkout.start_new()
    assert rig.store.journal.newest(1)[0].header.receipt_number == newest
    rig.window.go_to(Screen.SETTINGS, TrainingPage.NAME)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, SettingsView)
    assert isinstance(view.page, TrainingPage)
    view.page.end.click()
    assert rig.window.till is live
    assert live.shifts.x_report().training == 1


@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
@pytest.mark.parametrize("language", ["zh_TW", "en"])
def test_every_page_fits_the_window_sideways(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    rig = open_rig(qtbot, tmp_path, size=size)
    view = on_settings(rig, ShopPage.NAME)
    i18n.set_language(language)
    for page in PAGES:
        view.show_page(page.NAME)
        QApplication.processEvents()
        assert view.page.minimumSizeHint().width() <= view.page.width(), page.NAME
    close_rig(rig)


def test_changing_the_language_keeps_what_was_typed_and_not_saved(rig: TillRig) -> None:
    page = on_settings(rig, ShopPage.NAME).page
    assert isinstance(page, ShopPage)
    page.name.set_text("Not saved yet")
    i18n.set_language("en")
    assert page.name.text == "Not saved yet"
    assert page.name.label.text() == t("firstrun.shop.name", "en")
