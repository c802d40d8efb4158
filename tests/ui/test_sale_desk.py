"""What else happens at the till: approval, discounts, hold and retrieve, split payment, the languages, small screens."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.authority import Operator
from app.domain.member import MemberCard
from app.domain.money import TWD, Money
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from tests.ui.till_fixture import (
    PHONE,
    PIN,
    SOAP,
    SUPERVISOR_BADGE,
    SUPERVISOR_NUMBER,
    TEA,
    TillRig,
    close_rig,
    open_rig,
    rig,
)
from ui.context import Screen
from ui.member.page import MemberPage
from ui.sale.approval import ApprovalSheet
from ui.sale.tender_panel import TenderPanel
from ui.sale.view import SaleView
from ui.widgets.buttons import Button
from ui.widgets.result_list import ResultList

__all__ = ["rig"]


@pytest.fixture
def till(rig: TillRig) -> TillRig:
    """A cashier at work."""
    rig.sign_on()
    return rig


def is_asked(rig: TillRig) -> bool:
    """Whether a sheet waits for an answer."""
    return rig.sheet is not None


def view(rig: TillRig) -> SaleView:
    shown = rig.window.stack.currentWidget()
    assert isinstance(shown, SaleView)
    return shown


def member(rig: TillRig) -> MemberCard | None:
    """Who the basket belongs to now."""
    return rig.till.checkout.basket.member


def operator(rig: TillRig) -> Operator | None:
    """Who works here now."""
    return rig.till.session.operator


def last_sale(rig: TillRig) -> RetailTransaction:
    newest = rig.store.journal.newest(1)[0]
    assert isinstance(newest, RetailTransaction)
    return newest


def test_a_discount_within_the_cashiers_limit_needs_nobody(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("F6")
    till.typist.type("10")
    till.typist.press("Enter")
    assert till.sheet is None
    assert till.till.checkout.due().minor == 89


def test_over_the_limit_a_second_person_is_asked_once_and_both_names_are_kept(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("F6")
    till.typist.type("20")
    till.typist.press("Enter")
    assert type(till.sheet) is ApprovalSheet
    till.typist.type(SUPERVISOR_NUMBER)
    till.typist.press("Enter")
    till.typist.type(PIN)
    assert not is_asked(till)
    assert till.till.checkout.due().minor == 79
    till.typist.press("Enter", "Enter")
    approval = last_sale(till).approvals[0]
    supervisor = till.store.people.by_number(SUPERVISOR_NUMBER)
    assert supervisor is not None
    assert approval.approved_by == supervisor.operator.id
    assert approval.operator_id == last_sale(till).header.operator_id
    assert approval.reason


def test_a_wrong_pin_of_the_second_person_changes_nothing(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("F6")
    till.typist.type("20")
    till.typist.press("Enter")
    till.typist.type(SUPERVISOR_NUMBER)
    till.typist.press("Enter")
    till.typist.type("111222")
    assert isinstance(till.sheet, ApprovalSheet)
    assert till.till.checkout.due().minor == 99
    till.typist.press("Esc")
    assert till.till.checkout.due().minor == 99


def test_a_badge_scanned_over_the_approval_grants_it(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("F6")
    till.typist.type("20")
    till.typist.press("Enter")
    till.typist.scan(SUPERVISOR_BADGE)
    assert till.sheet is None
    assert till.till.checkout.due().minor == 79
    assert len(till.till.checkout.basket.live_lines) == 1, "the badge is no item"


def test_a_new_price_is_keyed_with_an_equals_sign(till: TillRig) -> None:
    till.window.lock()
    till.sign_on("01")
    till.typist.scan(SOAP)
    till.typist.press("F6")
    till.typist.type("88=")
    till.typist.press("Enter")
    assert till.till.checkout.due().minor == 88


def test_a_percent_above_a_hundred_is_refused_in_the_sheet(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("F6")
    till.typist.type("150")
    till.typist.press("Enter")
    assert till.sheet is not None
    assert till.till.checkout.due().minor == 99


def test_one_held_sale_comes_back_at_once_and_points_are_untouched(till: TillRig) -> None:
    till.typist.type(PHONE)
    till.typist.scan(SOAP)
    till.typist.press("F7")
    assert till.till.checkout.basket.is_empty
    assert member(till) is None
    till.typist.press("F7")
    assert [line.item.sku for line in till.till.checkout.basket.live_lines] == ["SOAP"]
    assert member(till) is not None
    assert till.store.desk.held_sales() == ()


def test_of_several_held_sales_one_is_chosen_from_the_list(till: TillRig) -> None:
    for code in (SOAP, TEA):
        till.typist.scan(code)
        till.typist.press("F7")
    till.typist.press("F7")
    assert till.sheet is not None
    till.typist.press("Down", "Enter")
    assert [line.item.sku for line in till.till.checkout.basket.live_lines] == ["SOAP"]
    assert len(till.store.desk.held_sales()) == 1


def test_a_sale_held_then_cancelled_spends_nothing(till: TillRig) -> None:
    till.typist.type(PHONE)
    till.typist.scan(SOAP)
    till.typist.press("F7", "F7")
    till.typist.press("Ctrl+Del")
    till.typist.press("Enter")
    assert till.till.checkout.basket.is_empty
    assert till.sales() == 0
    card = till.store.members.by_phone("+886912345678")
    assert card is not None
    assert card.points == 0


def test_cash_in_part_then_card_for_the_rest(till: TillRig) -> None:
    till.typist.scan(TEA)
    till.typist.press("Enter")
    till.typist.type("200")
    till.typist.press("Enter")
    assert till.sales() == 0
    till.typist.press("F9")
    till.typist.press("1")
    till.typist.type("A1B2C3")
    till.typist.press("Enter")
    sale = last_sale(till)
    assert [(tender.kind, tender.amount.minor) for tender in sale.tenders] == [
        (TenderKind.CASH, 200),
        (TenderKind.CARD, 180),
    ]
    assert sale.tenders[1].reference == "A1B2C3"


def test_a_card_never_takes_more_than_what_is_due(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.type("500")
    till.typist.press("F9")
    till.typist.press("1", "Enter")
    assert till.sales() == 0
    assert till.told[-1] == "error.tender_exceeds_due"


def test_esc_takes_the_last_payment_back(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.type("50")
    till.typist.press("Enter")
    assert till.till.checkout.due().minor == 49
    till.typist.press("Esc")
    assert till.till.checkout.due().minor == 99


def test_points_are_spent_by_suggestion_or_by_any_other_number(till: TillRig) -> None:
    till.typist.type(PHONE)
    till.typist.type("3*")
    till.typist.press("Enter")
    till.typist.scan(TEA)
    till.typist.press("Enter", "Enter")
    till.typist.scan(SOAP)
    till.typist.type(PHONE)
    till.typist.press("F4")
    till.typist.type("4")
    till.typist.press("Enter")
    assert till.till.checkout.due().minor == 95
    till.typist.press("F4", "Enter")
    till.typist.press("Enter")
    sale = last_sale(till)
    assert sale.points.spent == 10


def test_points_without_a_member_say_what_to_do(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("F4")
    assert till.told[-1] == "tender.points_need_member"


def test_a_disk_that_cannot_write_leaves_the_sale_as_it_was(
    till: TillRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.domain.errors import Unavailable

    till.typist.scan(SOAP)
    till.typist.press("Enter")

    def full(_: object) -> None:
        raise Unavailable("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(till.till.completion, "commit", full)
        till.typist.press("Enter")
    assert till.sales() == 0
    assert not till.till.checkout.is_completing
    assert len(till.till.checkout.basket.live_lines) == 1
    till.typist.press("Enter")
    assert till.sales() == 1
    assert len(last_sale(till).tenders) == 1


def test_locking_keeps_the_basket_for_whoever_comes_next(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Ctrl+L")
    assert operator(till) is None
    till.typist.scan(TEA)
    assert len(till.till.checkout.basket.live_lines) == 1, "nobody is signed on: nothing is sold"
    till.typist.type("01")
    till.typist.press("Enter")
    till.typist.type(PIN)
    QApplication.processEvents()
    present = operator(till)
    assert present is not None
    assert present.number == "01"
    assert len(till.till.checkout.basket.live_lines) == 1


def test_the_language_is_switched_in_the_middle_of_a_sale(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.type(PHONE)
    sale = view(till)
    i18n.set_language("en")
    assert sale.step.text() == "Enter for the total"
    assert sale.go.text() == "Total"
    i18n.set_language("zh_CN")
    assert sale.step.text() == "Enter 小计"
    assert len(till.till.checkout.basket.live_lines) == 1


@pytest.mark.parametrize("size", [(1024, 768), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_is_cut_off(qtbot: QtBot, tmp_path: Path, size: tuple[int, int], language: str) -> None:
    i18n.set_language(language)
    till = open_rig(qtbot, tmp_path, size=size)
    till.sign_on()
    till.typist.scan(TEA)
    till.typist.scan(SOAP)
    till.typist.type(PHONE)
    assert _cut_off(till.window) == []
    till.typist.press("Enter")
    QApplication.processEvents()
    assert _cut_off(till.window) == []
    till.typist.press("F9")
    assert _cut_off(till.window) == []
    till.typist.press("Esc")
    till.typist.type("500")
    till.typist.press("Enter")
    QApplication.processEvents()
    assert _cut_off(till.window) == []
    till.typist.type("0912345670")
    QApplication.processEvents()
    assert _cut_off(till.window) == []
    till.window.lock()
    QApplication.processEvents()
    assert _cut_off(till.window) == []
    close_rig(till)


def _cut_off(window: QWidget) -> list[str]:
    """Words that do not fit their widget, and widgets that lie outside the window or over each other."""
    found = []
    for child in window.findChildren(QWidget):
        if not child.isVisible():
            continue
        area = QRect(child.mapTo(window, child.rect().topLeft()), child.size())
        if isinstance(child, QLabel | QAbstractButton) and not window.rect().contains(area):
            found.append(f"outside: {_name(child)}")
        if isinstance(child, QLabel) and not child.wordWrap() and child.text():
            needed = child.fontMetrics().horizontalAdvance(child.text())
            # Half of the line's height is air above and below the glyphs.
            if needed > child.width() + 1 or child.height() < child.fontMetrics().capHeight() * 1.4:
                found.append(f"cut: {_name(child)} {needed} > {child.width()}")
    found += _overlapping(window)
    return found


def _overlapping(window: QWidget) -> list[str]:
    from ui.widgets.sheet import topmost

    root = topmost(window) or window
    buttons = [each for each in root.findChildren(QAbstractButton) if each.isVisible()]
    areas = [QRect(each.mapTo(window, each.rect().topLeft()), each.size()) for each in buttons]
    return [
        f"overlap: {_name(buttons[one])} / {_name(buttons[other])}"
        for one in range(len(buttons))
        for other in range(one)
        if areas[one].intersects(areas[other])
    ]


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {text!r}"


def test_returned_goods_give_money_back_with_two_enters(till: TillRig) -> None:
    till.typist.scan(TEA)
    till.typist.press("Enter", "Enter")
    sold = last_sale(till)
    returned = till.till.returns.open(sold)
    basket = till.till.checkout.basket
    till.till.checkout.add_return(till.till.returns.line(returned, 1, 1000, basket=basket))
    till.window.go_to(Screen.SALE)
    sale = view(till)
    assert sale.totals.due.amount == Money(380, TWD)
    till.typist.press("Enter")
    assert sale.go.text() == i18n.t("sale.go.refund", amount="NT$380")
    till.typist.press("Enter")
    back = last_sale(till)
    assert back.total == Money(-380, TWD)
    assert [tender.amount.minor for tender in back.tenders] == [-380]


def test_an_exchange_of_equal_worth_needs_no_money(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter", "Enter")
    sold = last_sale(till)
    basket = till.till.checkout.basket
    line = till.till.returns.line(till.till.returns.open(sold), 1, 1000, basket=basket)
    till.till.checkout.add_return(line)
    till.window.go_to(Screen.SALE)
    till.typist.scan(SOAP)
    till.typist.press("Enter", "Enter")
    assert last_sale(till).total.minor == 0
    assert last_sale(till).tenders == ()


def test_a_discount_on_the_basket_stands_in_the_totals_with_its_reason(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Shift+F6")
    till.typist.type("5")
    till.typist.press("Down", "Enter")
    given = till.till.checkout.basket.discount
    assert given is not None
    assert given.reason == i18n.t("sale.reason.damaged")
    assert till.till.checkout.due().minor == 94


def test_a_scanned_receipt_opens_its_sale_for_return(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter", "Enter")
    number = last_sale(till).header.receipt_number
    till.typist.type(number)
    till.typist.press("Enter")
    assert till.window.current_screen is Screen.RETURN


def test_the_page_of_a_member_explains_the_balance_lot_by_lot(till: TillRig) -> None:
    till.typist.scan(TEA)
    till.typist.type(PHONE)
    till.typist.press("Enter", "Enter")
    till.typist.type(PHONE)
    till.typist.press("F2", "F2")
    assert isinstance(till.sheet, MemberPage)
    lots = till.sheet.findChildren(ResultList)
    assert any("3" in row.title for each in lots for row in each.rows)
    till.typist.press("Esc")
    assert not is_asked(till)


def test_the_page_of_a_member_without_a_name_says_the_number_once(till: TillRig) -> None:
    till.typist.type("0933222111")
    till.typist.press("F2")
    assert isinstance(till.sheet, MemberPage)
    assert till.sheet.title.text() == "0933-***-111"


def test_nothing_of_the_payment_is_crushed_once_a_part_is_paid(till: TillRig) -> None:
    till.window.resize(1024, 720)
    till.typist.scan(TEA)
    till.typist.press("Enter")
    till.typist.type("200")
    till.typist.press("Enter")
    panel = till.window.findChildren(TenderPanel)[0]
    buttons = [each for each in panel.findChildren(Button) if each.isVisible()]
    assert all(button.height() >= button.minimumSizeHint().height() for button in buttons)
    places = [button.geometry() for button in buttons]
    assert not any(a.intersects(b) for a, b in itertools.combinations(places, 2))


def test_a_member_is_found_by_the_last_digits(till: TillRig) -> None:
    till.typist.press("F2")
    till.typist.type("678")
    till.typist.press("Enter")
    found = member(till)
    assert found is not None
    assert found.member.name == "王大明"


def test_help_shows_every_key_and_goes_with_the_same_key(till: TillRig) -> None:
    till.typist.press("F1")
    assert is_asked(till)
    till.typist.press("F1")
    assert not is_asked(till)
