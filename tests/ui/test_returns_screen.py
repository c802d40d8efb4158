"""Goods that come back, with real keys in the real window over a real store."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.errors import Refused
from app.domain.quantity import ONE
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.outcomes import ReadyToComplete
from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    OWNER_NUMBER,
    PHONE,
    PIN,
    SOAP,
    SUPERVISOR_BADGE,
    TEA,
    TillRig,
    rig,
)
from ui.context import Screen
from ui.returns.view import ReturnView

__all__ = ["rig"]


def sell(rig: TillRig, *entries: str) -> RetailTransaction:
    """Key these entries and pay in exact cash."""
    checkout = rig.till.checkout
    for entry in entries:
        checkout.enter(entry)
    while not isinstance(checkout.enter(""), ReadyToComplete):
        pass
    return complete(rig)


def complete(rig: TillRig) -> RetailTransaction:
    done = rig.till.completion.commit(rig.till.completion.prepare(rig.till.checkout))
    rig.till.checkout.start_new()
    return done.transaction


def on_return_screen(rig: TillRig, number: str = OWNER_NUMBER) -> ReturnView:
    rig.till.authority.sign_on(number, PIN)
    rig.window.go_to(Screen.RETURN)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, ReturnView)
    return view


def type_into(text: str, *then: Qt.Key) -> None:
    """Real key presses into whatever has the focus."""
    for character in text:
        QTest.keyClick(QApplication.focusWidget(), character)
    for key in then:
        QTest.keyClick(QApplication.focusWidget(), key)


def a_signed_on_sale(rig: TillRig, *entries: str) -> RetailTransaction:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    return sell(rig, *entries)


def test_a_return_by_receipt_gives_back_exactly_what_was_paid(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, PHONE, "3*" + TEA, SOAP)
    view = on_return_screen(rig)
    type_into(sale.header.receipt_number, Qt.Key.Key_Return)
    assert view.flow.sale is not None
    type_into("2", Qt.Key.Key_Return)
    assert view.flow.refund.minor == 2 * 350  # the member's price, not the list's 380
    type_into("", Qt.Key.Key_Return)
    assert rig.window.current_screen is Screen.SALE
    assert rig.till.checkout.due().minor == -700
    ticket = complete(rig)
    assert ticket.header.kind is TransactionKind.RETURN
    assert ticket.total.minor == -700


def test_an_exchange_stands_on_one_ticket_with_net_money(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    view = on_return_screen(rig)
    view.begin(sale)
    type_into("", Qt.Key.Key_Right)
    type_into("", Qt.Key.Key_Return)
    ticket = sell(rig, TEA)
    assert ticket.header.kind is TransactionKind.SALE
    assert [line.is_return for line in ticket.lines] == [True, False]
    assert ticket.total.minor == 380 - 99


def test_repeated_partial_returns_stop_at_the_sale(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, "2*" + SOAP)
    for _ in range(2):
        view = on_return_screen(rig)
        view.begin(sale)
        type_into("", Qt.Key.Key_Right, Qt.Key.Key_Return)
        complete(rig)
    view = on_return_screen(rig)
    view.begin(sale)
    assert view.flow.sale is None
    assert "error.nothing_left_to_return" in rig.told


def test_more_than_is_left_is_refused_and_the_key_presses_stay(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, "2*" + SOAP)
    view = on_return_screen(rig)
    view.begin(sale)
    type_into("3", Qt.Key.Key_Return)
    assert rig.told[-1] == "error.return_exceeds_sale"
    assert view.entry.text() == "3"
    assert view.flow.quantities == {1: 0}


def test_scanned_goods_mark_their_line_and_goods_of_another_sale_are_refused(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, "2*" + SOAP)
    view = on_return_screen(rig)
    view.begin(sale)
    rig.window.on_scan(SOAP)
    assert view.flow.quantities == {1: ONE}
    rig.window.on_scan(TEA)
    assert rig.told[-1] == "error.return_line_unknown"


def test_a_member_without_the_receipt_is_found_by_phone(rig: TillRig) -> None:
    first = a_signed_on_sale(rig, PHONE, SOAP)
    second = sell(rig, PHONE, TEA)
    view = on_return_screen(rig)
    type_into(PHONE, Qt.Key.Key_Return)
    assert view.sales_table.rowCount() == 2
    assert view.sales_table.item(0, 1).text() == second.header.receipt_number
    type_into("", Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert view.flow.sale is not None
    assert view.flow.sale.original.header.id == first.header.id


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("01-1-A999999", "error.receipt_unknown"),
        ("0987654321", "error.member_unknown"),
        (SOAP, "error.return_receipt_first"),
    ],
)
def test_what_cannot_be_found_is_said_clearly_and_stays_typed(rig: TillRig, entry: str, words: str) -> None:
    view = on_return_screen(rig)
    type_into(entry, Qt.Key.Key_Return)
    assert rig.told[-1] == words
    assert view.entry.text() == entry


def test_a_voided_sale_is_not_returned(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    rig.till.post_void.void(sale.header.id, "商品打錯")
    on_return_screen(rig)
    type_into(sale.header.receipt_number, Qt.Key.Key_Return)
    assert rig.told[-1] == "error.sale_voided"


def test_without_a_receipt_a_second_person_is_asked_once_and_kept_on_the_ticket(rig: TillRig) -> None:
    a_signed_on_sale(rig, SOAP)
    view = on_return_screen(rig, CASHIER_NUMBER)
    view.loose.click()
    for code in (SOAP, TEA):
        rig.window.on_scan(code)
    assert view.flow.refund.minor == 99 + 350
    type_into("", Qt.Key.Key_Return)
    assert rig.sheet is not None
    rig.window.on_scan(SUPERVISOR_BADGE)
    assert rig.sheet is None
    assert rig.window.current_screen is Screen.SALE
    (approval,) = rig.till.checkout.basket.approvals
    assert approval.amount == 99 + 350
    assert complete(rig).approvals == (approval,)


def test_esc_leaves_everything_as_it_was(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, SOAP)
    view = on_return_screen(rig)
    view.begin(sale)
    type_into("", Qt.Key.Key_Right)
    type_into("", Qt.Key.Key_Escape)
    assert not view.flow.is_chosen
    type_into("", Qt.Key.Key_Escape)
    assert rig.window.current_screen is Screen.SALE
    assert rig.till.checkout.basket.is_empty


def test_a_return_already_in_the_basket_is_shown_and_can_be_taken_off(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, "2*" + SOAP)
    view = on_return_screen(rig)
    view.begin(sale)
    type_into("", Qt.Key.Key_Right, Qt.Key.Key_Return)
    view = on_return_screen(rig)
    view.begin(sale)
    assert view.flow.quantities == {1: ONE}
    type_into("0", Qt.Key.Key_Return)
    type_into("", Qt.Key.Key_Return)
    assert rig.till.checkout.basket.is_empty


def test_a_return_above_the_cashiers_limit_names_the_whole_amount(rig: TillRig) -> None:
    sale = a_signed_on_sale(rig, "4*" + TEA)
    view = on_return_screen(rig, CASHIER_NUMBER)
    view.begin(sale)
    view.everything.click()
    with pytest.raises(Refused) as refused:
        view.flow.add_to_basket()
    assert refused.value.fields["amount"] == 4 * 380
    assert rig.till.checkout.basket.is_empty
