"""Past sales: the paper as it was, reprints that say so, and a void with its reason."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.receipt import Band
from app.domain.transaction import RetailTransaction, TransactionKind
from tests.ui.test_returns_screen import a_signed_on_sale, sell, type_into
from tests.ui.till_fixture import CASHIER_NUMBER, PHONE, PIN, SOAP, TEA, TillRig, rig
from ui.context import Screen
from ui.history import HistoryView
from ui.receipt_preview import ReceiptPreview
from ui.returns.reason import ReasonSheet
from ui.returns.view import ReturnView

__all__ = ["rig"]


def on_history(rig: TillRig, argument: RetailTransaction | None = None) -> HistoryView:
    rig.window.go_to(Screen.HISTORY, argument)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, HistoryView)
    return view


def test_the_newest_sale_is_shown_with_its_paper_and_a_masked_member(rig: TillRig) -> None:
    a_signed_on_sale(rig, SOAP)
    newest = sell(rig, PHONE, TEA)
    view = on_history(rig)
    assert view.selected is not None
    assert view.selected.header.id == newest.header.id
    assert view.preview.document == rig.till.store.journal.document_of(newest.header.id)
    assert view.table.item(0, 2).text() == "王○明 0912-***-678"


def test_the_arrow_keys_choose_and_the_paper_follows(rig: TillRig) -> None:
    first = a_signed_on_sale(rig, SOAP)
    sell(rig, TEA)
    view = on_history(rig)
    type_into("", Qt.Key.Key_Down)
    assert view.selected is not None
    assert view.selected.header.id == first.header.id
    assert view.preview.document == rig.till.store.journal.document_of(first.header.id)


def test_enter_prints_again_and_the_copy_says_so(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    view = on_history(rig)
    type_into("", Qt.Key.Key_Return)
    assert rig.told[-1] == "history.reprinted"
    document = view.preview.document
    assert document is not None
    assert any(isinstance(node, Band) and "補印" in node.text for node in document.nodes)
    assert rig.till.store.journal.copies_of(sale.header.id) == 1


def test_the_past_sales_are_reached_printed_and_voided_by_keys_alone(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    rig.typist.press("Ctrl+H")
    assert isinstance(rig.window.stack.currentWidget(), HistoryView)
    rig.typist.press("Enter")
    assert rig.till.store.journal.copies_of(sale.header.id) == 1
    rig.typist.press("Ctrl+Del")
    assert isinstance(rig.sheet, ReasonSheet)
    rig.typist.type("1")
    assert rig.till.store.journal.void_of(sale.header.id) is not None
    # What was voided is not voided twice.
    rig.typist.press("Down", "Ctrl+Del")
    assert rig.sheet is None


def test_the_settings_have_a_key(rig: TillRig) -> None:
    a_signed_on_sale(rig, SOAP)
    rig.typist.press("Ctrl+S")
    assert rig.window.current_screen is Screen.SETTINGS


def test_a_receipt_number_finds_its_sale_and_an_unknown_one_stays_typed(rig: TillRig) -> None:
    first = a_signed_on_sale(rig, SOAP)
    sell(rig, TEA)
    view = on_history(rig)
    type_into(first.header.receipt_number, Qt.Key.Key_Return)
    assert view.selected is not None
    assert view.selected.header.id == first.header.id
    type_into("01-1-A999999", Qt.Key.Key_Return)
    assert rig.told[-1] == "error.receipt_unknown"
    assert view.entry.text() == "01-1-A999999"


def test_a_void_asks_for_its_reason_and_turns_the_whole_sale(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    view = on_history(rig)
    view.void.click()
    assert isinstance(rig.sheet, ReasonSheet)
    QTest.keyClick(QApplication.focusWidget(), "1")
    void = rig.till.store.journal.void_of(sale.header.id)
    assert void is not None
    assert void.total.minor == -99
    assert void.note == "商品打錯"
    assert view.table.item(0, 4).text() == "作廢單"
    assert view.table.item(1, 4).text() == "已作廢"


def test_a_voided_sale_can_be_neither_voided_nor_returned(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    rig.till.post_void.void(sale.header.id, "商品打錯")
    view = on_history(rig, sale)
    assert not view.void.isEnabled()
    assert not view.to_return.isEnabled()
    assert view.reprint.isEnabled()


def test_a_cashier_voids_only_with_a_second_person_asked_once(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    rig.till.authority.sign_on(CASHIER_NUMBER, PIN)
    view = on_history(rig)
    view.void.click()
    rig.window.on_scan("BADGE-0002")
    if isinstance(rig.sheet, ReasonSheet):
        QTest.keyClick(QApplication.focusWidget(), "1")
    void = rig.till.store.journal.void_of(sale.header.id)
    assert void is not None
    assert void.header.kind is TransactionKind.POST_VOID
    assert len(void.approvals) == 1


def test_a_sale_goes_to_the_return_screen_in_one_touch(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    view = on_history(rig)
    view.to_return.click()
    back = rig.window.stack.currentWidget()
    assert isinstance(back, ReturnView)
    assert back.flow.sale is not None
    assert back.flow.sale.original.header.id == sale.header.id


@pytest.mark.parametrize("entries", [(SOAP,), (PHONE, "3*" + TEA, SOAP, "BAG")])
def test_the_paper_is_as_long_as_what_it_says(rig: TillRig, entries: tuple[str, ...]) -> None:
    sale = a_signed_on_sale(rig, *entries)
    preview = ReceiptPreview(rig.window)
    preview.show_document(rig.till.store.journal.document_of(sale.header.id))
    paper = preview.widget()
    picture = paper.grab().toImage()
    last_ink = max(
        y
        for y in range(picture.height())
        if any(picture.pixelColor(x, y).lightness() < 128 for x in range(0, picture.width(), 2))
    )
    assert picture.height() - 60 < last_ink < picture.height() - 4
