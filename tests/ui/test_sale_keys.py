"""The sale by real key presses: how many it takes, and what must never become two of anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.member import MemberCard
from app.domain.money import TWD, Money
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from tests.ui.conftest import PATIENCE_MS
from tests.ui.till_fixture import NEW_PHONE, PHONE, SOAP, TEA, TillRig, close_rig, open_rig, rig
from ui.sale.view import SaleView
from ui.typist import Typist

__all__ = ["rig"]


class CountingTypist(Typist):
    """Counts the keys that a person pressed."""

    pressed = 0

    def type(self, text: str, *, gap_ms: int = 90) -> None:
        self.pressed += len(text)
        super().type(text, gap_ms=gap_ms)

    def press(self, *names: str) -> None:
        self.pressed += len(names)
        super().press(*names)


@pytest.fixture
def till(rig: TillRig) -> TillRig:
    """A cashier at work."""
    rig.sign_on()
    return rig


def view(rig: TillRig) -> SaleView:
    shown = rig.window.stack.currentWidget()
    assert isinstance(shown, SaleView)
    return shown


def member(rig: TillRig) -> MemberCard | None:
    """Who the basket belongs to now."""
    return rig.till.checkout.basket.member


def last_sale(rig: TillRig) -> RetailTransaction:
    newest = rig.store.journal.newest(1)[0]
    assert isinstance(newest, RetailTransaction)
    return newest


def test_a_member_sale_for_exact_cash_takes_twelve_keys(till: TillRig) -> None:
    typist = CountingTypist(till.window, till.typist._scanner)
    typist.scan(SOAP)
    typist.type(PHONE)
    typist.press("Enter", "Enter")
    assert typist.pressed == 12
    sale = last_sale(till)
    assert sale.total.minor == 99
    assert sale.member_id is not None
    assert not sale.is_new_member
    assert [tender.kind for tender in sale.tenders] == [TenderKind.CASH]


def test_a_new_member_takes_thirteen_keys_and_is_saved_with_the_sale(till: TillRig) -> None:
    typist = CountingTypist(till.window, till.typist._scanner)
    typist.scan(SOAP)
    typist.type(NEW_PHONE)
    assert till.store.members.by_phone("+886987654321") is None
    typist.press("Enter")
    assert till.store.members.by_phone("+886987654321") is None, "nothing is saved before the sale is"
    typist.press("Enter", "Enter")
    assert typist.pressed == 13
    assert last_sale(till).is_new_member
    assert till.store.members.by_phone("+886987654321") is not None


def test_the_tenth_digit_finds_the_member_without_enter(till: TillRig) -> None:
    till.typist.type(PHONE[:9])
    assert member(till) is None
    till.typist.type(PHONE[9])
    found = member(till)
    assert found is not None
    assert found.member.name == "王大明"
    assert view(till).entry.text() == ""
    badge = view(till).customer.data
    assert badge is not None
    assert "345" not in badge.phone, "the middle of the number is nobody's business"


def test_a_phone_typed_quickly_is_no_scan(till: TillRig) -> None:
    till.typist.type(PHONE, gap_ms=60)
    assert till.till.checkout.basket.member is not None
    assert till.told == []


def test_a_scan_of_ten_digits_in_progress_is_no_phone(till: TillRig) -> None:
    till.typist.scan(TEA)
    assert till.till.checkout.basket.member is None
    assert len(till.till.checkout.basket.live_lines) == 1
    assert view(till).entry.text() == ""


def test_hammering_enter_makes_one_sale_and_one_payment(till: TillRig) -> None:
    till.typist.scan(SOAP)
    for _ in range(12):
        till.typist.now += 30
        till.typist._stroke("Enter")
        till.typist._decide()
    till.typist.press("Enter")
    for _ in range(12):
        till.typist.now += 30
        till.typist._stroke("Enter")
        till.typist._decide()
    assert till.sales() == 1
    assert len(last_sale(till).tenders) == 1


def test_a_second_enter_within_300_ms_does_not_pay(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.now += 250
    till.typist._stroke("Enter")
    assert till.sales() == 0
    till.typist.press("Enter")
    assert till.sales() == 1


def test_a_held_down_enter_shows_the_total_and_no_more(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.hold_down("Enter", 40)
    assert till.sales() == 0
    assert till.till.checkout.stage == "tender"


def test_a_double_click_on_the_big_button_takes_one_step(till: TillRig) -> None:
    till.typist.scan(SOAP)
    go = view(till).go
    QTest.mouseDClick(go, Qt.MouseButton.LeftButton)
    assert till.sales() == 0
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(go, Qt.MouseButton.LeftButton)
    assert till.sales() <= 1


def test_enter_on_an_empty_basket_does_nothing(till: TillRig) -> None:
    till.typist.press("Enter", "Enter", "Enter")
    assert till.sales() == 0
    assert till.told == []


def test_a_scan_during_payment_reopens_the_basket(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.scan(TEA)
    assert till.till.checkout.stage == "entry"
    assert len(till.till.checkout.basket.live_lines) == 2
    assert view(till).entry.text() == "", "a scan is never typed into a field"


def test_a_scan_after_money_was_taken_is_refused_aloud(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.type("50")
    till.typist.press("Enter")
    till.typist.scan(TEA)
    assert till.told[-1] == "error.scan_after_tender"
    assert len(till.till.checkout.basket.live_lines) == 1


def test_a_burst_of_scans_adds_every_one_of_them_once(till: TillRig) -> None:
    for code in (SOAP, TEA) * 10:
        till.typist.scan(code)
    assert len(till.till.checkout.basket.live_lines) == 20
    assert till.told == []


def test_a_scan_never_touches_what_stands_in_the_line(till: TillRig) -> None:
    till.typist.type("09123")
    till.typist.scan(SOAP)
    assert view(till).entry.text() == "09123"
    assert len(till.till.checkout.basket.live_lines) == 1


def test_a_scan_while_a_sheet_is_open_is_refused_and_not_typed(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("F6")
    till.typist.scan(TEA)
    assert till.sheet is not None
    assert till.told[-1] == "signon.scan_not_here"
    assert len(till.till.checkout.basket.live_lines) == 1


def test_cash_with_change_is_shown_until_the_next_customers_first_key(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.type("500")
    till.typist.press("Enter")
    sale = view(till)
    assert sale.panels.currentWidget() is sale.change
    assert sale.change.amount.amount == Money(401, TWD)
    till.typist.scan(TEA)
    assert sale.panels.currentWidget() is not sale.change


def test_one_key_takes_a_suggested_amount_of_cash(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.press("Ctrl+2")
    assert last_sale(till).change.minor == 1


def test_quantity_then_scan_and_minus_takes_the_last_line_back(till: TillRig) -> None:
    till.typist.type("3*")
    till.typist.press("Enter")
    till.typist.scan(SOAP)
    assert till.till.checkout.due().minor == 297
    till.typist.press("-")
    assert till.till.checkout.basket.is_empty
    assert view(till).basket.rows[0].is_void


def test_esc_never_destroys_a_line(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.press("Esc", "Esc", "Esc", "Esc")
    assert len(till.till.checkout.basket.live_lines) == 1


def test_an_unknown_number_shows_who_is_one_digit_away(till: TillRig) -> None:
    till.typist.type("0912345677")
    sale = view(till)
    assert sale.panels.currentWidget() is sale.offer
    assert {each.name for each in sale.flow.near} == {"王大明", "林美華"}


def test_esc_gives_the_number_back_to_be_corrected(till: TillRig) -> None:
    till.typist.type("0912345670")
    till.typist.press("Esc")
    entry = view(till).entry
    assert entry.text() == "0912345670"
    till.typist.press("Backspace")
    till.typist.type("8")
    found = member(till)
    assert found is not None
    assert found.member.name == "王大明"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4710088412341", "error.barcode_damaged"),
        ("4719999999993", "error.barcode_unknown"),
        ("09123456", "error.nothing_found"),
        ("0912345a78", "error.phone_almost"),
        ("091234567", "error.phone_almost"),
        ("沒有這個", "error.nothing_found"),
        ("0*", "error.quantity_out_of_range"),
        ("10000*", "error.quantity_out_of_range"),
    ],
)
def test_what_was_refused_stays_selected_in_the_line(till: TillRig, text: str, code: str) -> None:
    till.typist.type(text)
    till.typist.press("Enter")
    entry = view(till).entry
    assert till.told[-1] == code
    assert entry.selectedText() == text


def test_the_draft_of_a_crashed_till_is_brought_back(qtbot: QtBot, tmp_path: Path) -> None:
    first = open_rig(qtbot, tmp_path)
    first.sign_on()
    first.typist.scan(SOAP)
    first.typist.type(PHONE)
    view(first).flow.drafts.save_now()
    first.window.context.hotkeys.stop()
    first.typist._scanner.stop()  # type: ignore[union-attr]
    first.window.hide()
    first.store.close()
    second = open_rig(qtbot, tmp_path)
    second.typist.type("03")
    second.typist.press("Enter")
    second.typist.type("739261")
    QApplication.processEvents()
    assert "sale.draft_restored" in second.told
    basket = second.till.checkout.basket
    assert [line.item.name for line in basket.live_lines] == ["手工皂"]
    assert basket.member is not None
    close_rig(second)


def test_a_completed_sale_leaves_no_draft(qtbot: QtBot, till: TillRig) -> None:
    till.typist.scan(SOAP)
    qtbot.waitUntil(lambda: till.store.desk.draft() is not None, timeout=PATIENCE_MS)
    till.typist.press("Enter", "Enter")
    assert till.store.desk.draft() is None


def test_search_finds_by_one_typed_word_and_enter_adds_it(till: TillRig) -> None:
    till.typist.type("鮮乳")
    sale = view(till)
    assert sale.panels.currentWidget() is sale.search
    till.typist.press("Enter")
    assert [line.item.sku for line in till.till.checkout.basket.live_lines] == ["MILK"]
    assert sale.entry.text() == ""


def test_arrow_keys_choose_among_the_finds(till: TillRig) -> None:
    till.typist.type("手")
    till.typist.press("Down")
    chosen = view(till).flow.hits[1]
    till.typist.press("Enter")
    question = view(till).flow.question
    added = [line.item.id for line in till.till.checkout.basket.live_lines]
    assert chosen.id in added or question is not None


def test_an_open_price_is_asked_for_and_a_negative_one_refused(till: TillRig) -> None:
    till.typist.type("WORK")
    till.typist.press("Enter")
    till.typist.type("1-")
    till.typist.press("Enter")
    assert till.till.checkout.basket.is_empty
    till.typist.type("250")
    till.typist.press("Enter")
    assert till.till.checkout.due().minor == 250


@pytest.fixture
def slow_till(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[TillRig, list[object]]]:
    """A till whose store's worker waits for the test."""
    waiting: list[object] = []

    class Waiting:
        def submit(self, work: object, /) -> object:
            waiting.append(work)
            return None

        def shutdown(self) -> None:
            while waiting:
                waiting.pop(0)()  # type: ignore[operator]

    opened = open_rig(qtbot, tmp_path, executor=Waiting())
    opened.sign_on()
    yield opened, waiting
    close_rig(opened)


def test_nothing_pressed_while_the_sale_is_saved_makes_a_second_one(
    slow_till: tuple[TillRig, list[object]],
) -> None:
    till, waiting = slow_till
    till.typist.scan(SOAP)
    till.typist.press("Enter", "Enter")
    assert till.till.checkout.is_completing
    till.typist.press("Enter", "Enter", "F7", "-", "Esc")
    till.typist.scan(TEA)
    while waiting:
        waiting.pop(0)()  # type: ignore[operator]
    assert till.sales() == 1
    assert last_sale(till).total.minor == 99
    assert till.till.checkout.basket.is_empty
    assert till.store.desk.draft() is None


def test_that_a_scan_was_refused_is_still_to_be_read_after_the_next_scan(till: TillRig) -> None:
    till.typist.scan(TEA)
    till.typist.scan("4710088412349")
    till.typist.scan(SOAP)
    assert [banner.message.key for banner in till.window.banners.shown] == ["error.barcode_damaged"]
    till.typist.type("1")
    till.typist.press("Backspace", "Enter")
    assert till.window.banners.shown == (), "who goes on by hand has read it"
