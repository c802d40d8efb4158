"""The shift with real keys: opening with a float, the report, cash in and out, closing blind, numbers that run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.tender import TenderKind
from app.domain.transaction import ControlTransaction, TransactionKind
from app.i18n import t
from app.service.outcomes import ReadyToComplete
from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    OWNER_NUMBER,
    PIN,
    SOAP,
    TEA,
    TillRig,
    close_rig,
    open_rig,
    rig,
)
from ui.context import Screen
from ui.keys import Action
from ui.shift.cash_movement import CashSheet
from ui.shift.view import ShiftView
from ui.widgets.text_label import TextLabel

__all__ = ["rig"]

DRAWER = 3000  # what the fixture's shift began with


@pytest.fixture
def closed_rig(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    """A till without a shift."""
    opened = open_rig(qtbot, tmp_path, has_shift=False)
    yield opened
    close_rig(opened)


def on_shift_screen(rig: TillRig, number: str = OWNER_NUMBER) -> ShiftView:
    rig.till.authority.sign_on(number, PIN)
    rig.window.go_to(Screen.SHIFT)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, ShiftView)
    return view


def press(text: str = "", *then: Qt.Key) -> None:
    for character in text:
        QTest.keyClick(QApplication.focusWidget(), character)
    for key in then:
        QTest.keyClick(QApplication.focusWidget(), key)


def sell(rig: TillRig, *entries: str, card: bool = False) -> None:
    checkout = rig.till.checkout
    for entry in entries:
        checkout.enter(entry)
    outcome = checkout.enter("")
    if card:
        checkout.tender(TenderKind.CARD, checkout.due().minor, reference="A1B2C3")
    else:
        while not isinstance(outcome, ReadyToComplete):
            outcome = checkout.enter("")
    rig.till.completion.commit(rig.till.completion.prepare(checkout))
    checkout.start_new()


def words_on(view: ShiftView) -> str:
    """Everything that can be read on the page in front."""
    page = view.pages.currentWidget()
    return "\n".join(label.text() for label in page.findChildren(TextLabel) if label.isVisible())


def close_with(view: ShiftView, total: str, *, reason: str = "") -> None:
    """From the count to the Z report, counting the drawer as one amount."""
    press("", Qt.Key.Key_Return)
    view.close_panel.count.total.edit.setFocus()
    press(total, Qt.Key.Key_Return)
    if view.close_panel.page == "non_cash":
        press("", Qt.Key.Key_Return)
    if reason:
        press(reason)
    press("", Qt.Key.Key_Return)


def test_a_shift_opens_with_the_float_that_was_counted(closed_rig: TillRig) -> None:
    rig = closed_rig
    view = on_shift_screen(rig)
    assert view.pages.currentWidget() is view.open_panel
    press("2500", Qt.Key.Key_Return)
    assert rig.till.session.shift is not None
    assert rig.till.session.shift.opening_float.minor == 2500
    assert rig.window.current_screen is Screen.SALE


def test_a_float_that_is_no_amount_is_refused_where_it_was_typed(closed_rig: TillRig) -> None:
    view = on_shift_screen(closed_rig)
    press("12a", Qt.Key.Key_Return)
    assert closed_rig.till.session.shift is None
    assert view.open_panel.opening_float.note.text() == t("error.amount_unreadable", text="12a")
    assert view.open_panel.opening_float.edit.selectedText() == "12a"


def test_the_report_shows_sales_tenders_and_the_drawer_to_who_may_know(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    sell(rig, SOAP)
    sell(rig, TEA, card=True)
    view = on_shift_screen(rig)
    panel = view.report_panel
    assert panel.sales.value("shiftview.net") == "NT$479"
    assert panel.money.value("shiftview.tender.card") == "NT$380"
    assert panel.money.value("shiftview.expected") == f"NT${DRAWER + 99:,}"


def test_a_blind_count_hides_the_expected_cash_until_it_is_finished(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    sell(rig, SOAP)
    view = on_shift_screen(rig, CASHIER_NUMBER)
    assert "3,099" not in words_on(view)
    assert "NT$99\n" not in view.report_panel.money.value("shiftview.expected")
    press("", Qt.Key.Key_Return)
    assert view.close_panel.page == "count"
    assert "3,099" not in words_on(view)
    view.close_panel.count.total.edit.setFocus()
    press("3000", Qt.Key.Key_Return)
    assert view.close_panel.page == "difference"
    assert "-NT$99" in words_on(view)


def test_the_drawer_is_counted_by_note_and_coin_with_keys_alone(rig: TillRig) -> None:
    view = on_shift_screen(rig)
    press("", Qt.Key.Key_Return)
    press("1", Qt.Key.Key_Return)  # one note of 2,000
    press("1", Qt.Key.Key_Return)  # one note of 1,000
    for _ in range(8):
        press("", Qt.Key.Key_Return)
    assert view.close_panel.flow.counts == ((2000, 1), (1000, 1))
    assert view.close_panel.page == "float"


def test_z_numbers_run_and_the_kept_float_comes_back(rig: TillRig) -> None:
    view = on_shift_screen(rig)
    close_with(view, "3000")
    assert view.close_panel.closed is not None
    assert view.close_panel.closed.report.totals is not None
    assert view.close_panel.closed.report.totals.z_number == 1
    press("", Qt.Key.Key_Return)
    assert rig.till.session.operator is None
    assert rig.window.current_screen is Screen.SIGN_ON
    view = on_shift_screen(rig)
    assert view.open_panel.opening_float.text == "3,000"
    press("", Qt.Key.Key_Return)
    view = on_shift_screen(rig)
    close_with(view, "3000")
    assert view.close_panel.closed is not None
    assert view.close_panel.closed.report.totals is not None
    assert view.close_panel.closed.report.totals.z_number == 2


def test_a_difference_needs_its_reason(rig: TillRig) -> None:
    view = on_shift_screen(rig)
    press("", Qt.Key.Key_Return)
    view.close_panel.count.total.edit.setFocus()
    press("2990", Qt.Key.Key_Return)
    press("", Qt.Key.Key_Return)
    assert rig.told[-1] == "error.reason_needed"
    assert view.close_panel.page == "difference"
    press("1")
    assert view.close_panel.page == "float"
    press("", Qt.Key.Key_Return)
    closing = rig.till.store.journal.newest(1)[0]
    assert isinstance(closing, ControlTransaction)
    assert closing.totals is not None
    assert closing.totals.over_short.minor == -10
    assert closing.totals.reason == t("shiftview.reason.wrong_change")


def test_held_sales_are_shown_before_the_count_and_stay(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.till.checkout.enter(SOAP)
    rig.till.checkout.hold()
    view = on_shift_screen(rig)
    press("", Qt.Key.Key_Return)
    assert view.close_panel.page == "held"
    assert view.close_panel.held.table.rowCount() == 1
    press("", Qt.Key.Key_Return)
    assert view.close_panel.page == "count"
    assert len(rig.till.store.desk.held_sales()) == 1


def test_other_payments_are_confirmed_one_page_before_the_difference(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    sell(rig, TEA, card=True)
    view = on_shift_screen(rig)
    press("", Qt.Key.Key_Return)
    view.close_panel.count.total.edit.setFocus()
    press("3000", Qt.Key.Key_Return)
    assert view.close_panel.page == "non_cash"
    assert view.close_panel.non_cash.facts.value("shiftview.tender.card") == "NT$380"


def test_esc_goes_back_step_by_step_and_closes_nothing(rig: TillRig) -> None:
    view = on_shift_screen(rig)
    press("", Qt.Key.Key_Return)
    view.close_panel.count.total.edit.setFocus()
    press("2990", Qt.Key.Key_Return)
    press("", Qt.Key.Key_Escape)
    assert view.close_panel.page == "count"
    press("", Qt.Key.Key_Escape)
    assert view.pages.currentWidget() is not view.close_panel
    assert rig.till.session.shift is not None


def test_a_shift_is_not_closed_over_an_open_basket(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.till.checkout.enter(SOAP)
    view = on_shift_screen(rig)
    press("", Qt.Key.Key_Return)
    assert rig.told[-1] == "shiftview.basket_open"
    assert view.pages.currentWidget() is not view.close_panel


def test_cash_out_within_the_limit_asks_nobody_and_moves_the_drawer(rig: TillRig) -> None:
    view = on_shift_screen(rig, CASHIER_NUMBER)
    rig.window.on_action(Action.CASH_DRAWER)
    assert isinstance(rig.sheet, CashSheet)
    press("300", Qt.Key.Key_Return)
    assert rig.sheet is None
    assert view.report_panel.money.value("shiftview.paid_out") == "-NT$300"


def test_cash_out_over_the_limit_asks_a_second_person_once(rig: TillRig) -> None:
    on_shift_screen(rig, CASHIER_NUMBER)
    rig.window.on_action(Action.CASH_DRAWER)
    press("2000", Qt.Key.Key_Return)
    rig.window.on_scan("BADGE-0002")
    assert rig.sheet is None
    paid_out = rig.till.store.journal.newest(1)[0]
    assert paid_out.header.kind is TransactionKind.PAID_OUT
    assert len(paid_out.approvals) == 1


def test_the_drawer_opens_without_a_sale_and_it_is_counted(rig: TillRig) -> None:
    view = on_shift_screen(rig)
    press("4")
    assert isinstance(rig.sheet, CashSheet)
    press("", Qt.Key.Key_Return)
    assert view.report_panel.money.value("shiftview.no_sales") == "1"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_screen_changes_its_language_where_it_stands(rig: TillRig, language: str) -> None:
    from app import i18n

    view = on_shift_screen(rig)
    i18n.set_language(language)
    assert view.title.text() == t("shiftview.title", language)
    assert view.close_shift.text() == t("shiftview.do_close", language)
