"""Stored value by the keys: topped up, sold as a card, spent in one key or by a scan, and paid out with an approval."""

from __future__ import annotations

import pytest

from app.domain.loyalty.value import Amounts
from app.domain.loyalty.value_code import new_code, symbol
from app.domain.loyalty.value_rules import TopUpStep, ValueRules
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from tests.ui.till_fixture import E164, OWNER_NUMBER, PHONE, SOAP, TEA, TillRig, rig
from ui.sale.other_tenders import OtherTendersSheet
from ui.sale.value_sheet import ValueKind, ValueSheet
from ui.sale.view import SaleView

__all__ = ["rig"]

RULES = ValueRules(
    steps=(TopUpStep(500), TopUpStep(1000, bonus=100), TopUpStep(2000, bonus=300)), card_amounts=(300, 500)
)


@pytest.fixture
def till(rig: TillRig) -> TillRig:
    rig.sign_on(OWNER_NUMBER)
    rig.till.value.write_rules(RULES)
    return rig


def view(till: TillRig) -> SaleView:
    sale = till.window.findChild(SaleView)
    assert sale is not None
    return sale


def sheet(till: TillRig) -> ValueSheet:
    found = till.sheet
    assert isinstance(found, ValueSheet)
    return found


def last_sale(till: TillRig) -> RetailTransaction:
    newest = till.store.journal.newest(1)[0]
    assert isinstance(newest, RetailTransaction)
    return newest


def balance(till: TillRig) -> Amounts:
    card = till.store.members.by_phone(E164)
    assert card is not None
    total = Amounts()
    for one in till.till.value.holdings(card.member.id):
        total += one.balance
    return total


def top_up(till: TillRig) -> None:
    till.typist.type(PHONE)
    till.typist.press("Shift+F9")
    till.typist.press("Ctrl+2", "Enter")
    till.typist.press("Enter", "Enter")


def test_a_member_is_topped_up_with_a_phone_number_and_five_keys(till: TillRig) -> None:
    top_up(till)
    assert till.sheet is None
    assert last_sale(till).total.minor == 1000
    assert balance(till) == Amounts(1000, 100)
    assert till.told == []


def test_the_sheet_says_what_comes_on_top_before_it_is_sold(till: TillRig) -> None:
    till.typist.type(PHONE)
    till.typist.press("Shift+F9")
    till.typist.type("2500")
    assert "300" in sheet(till)._meaning.text()
    till.typist.press("Enter")
    assert till.till.checkout.due().minor == 2500


def test_one_key_pays_from_the_account_and_shows_its_balance(till: TillRig) -> None:
    top_up(till)
    till.typist.type(PHONE)
    till.typist.scan(TEA)
    till.typist.press("Enter")
    assert "1,100" in view(till).tender._value.text()
    assert not view(till).tender._value.isHidden()
    till.typist.press("Shift+F9")
    assert [tender.kind for tender in last_sale(till).tenders] == [TenderKind.STORED_VALUE]
    assert balance(till).total == 750


def test_without_stored_value_the_tender_panel_has_no_such_key(till: TillRig) -> None:
    till.typist.scan(TEA)
    till.typist.press("Enter")
    assert view(till).tender._value.isHidden()


def test_a_part_is_paid_through_the_sheet_of_other_tenders(till: TillRig) -> None:
    top_up(till)
    till.typist.type(PHONE)
    till.typist.scan(TEA)
    till.typist.press("Enter", "F9")
    assert isinstance(till.sheet, OtherTendersSheet)
    till.typist.press("5")
    till.typist.type("100")
    till.typist.press("Enter")
    assert till.till.checkout.due().minor == 250
    till.typist.press("Enter")
    assert [tender.amount.minor for tender in last_sale(till).tenders] == [100, 250]


def test_a_scanned_card_is_sold_and_then_pays(till: TillRig) -> None:
    code = new_code(till.till.ids(), till.till.ids())
    till.typist.scan(symbol(code))
    assert sheet(till)._kind is ValueKind.CARD
    till.typist.press("Ctrl+2", "Enter")
    till.typist.press("Enter", "Enter")
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.scan(symbol(code))
    assert [tender.kind for tender in last_sale(till).tenders] == [TenderKind.GIFT_CARD]
    till.typist.scan(symbol(code))
    assert "401" in sheet(till)._who.text()


def test_a_new_card_needs_no_member_and_no_code(till: TillRig) -> None:
    till.typist.press("Shift+F9")
    assert list(sheet(till)._kinds) == [ValueKind.CARD]
    till.typist.type("300")
    till.typist.press("Enter")
    till.typist.press("Enter", "Enter")
    assert last_sale(till).moves.value[0].paid.minor == 300


def test_a_mistyped_code_stays_in_the_sheet(till: TillRig) -> None:
    till.typist.press("Shift+F9")
    sheet(till).code.setText("ABCD-EFGH")
    till.typist.type("300")
    till.typist.press("Enter")
    assert till.sheet is not None
    assert sheet(till)._meaning.text()


def test_what_is_left_is_paid_out_in_cash(till: TillRig) -> None:
    top_up(till)
    till.typist.type(PHONE)
    till.typist.press("Shift+F9", "Up", "Enter")
    assert till.till.checkout.due().minor == -1000
    till.typist.press("Enter", "Enter")
    assert last_sale(till).tenders[0].kind is TenderKind.CASH
    assert balance(till) == Amounts()


def test_a_card_that_was_never_sold_is_refused_aloud(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    till.typist.scan(symbol(new_code(till.till.ids(), till.till.ids())))
    assert till.told[-1] == "error.gift_card_not_sold"
