"""A scanner types faster than anyone, wherever the cursor stands: what it reads is never left in a field, and never taken for a key.

In other tills a second scan became a quantity, a search, a name or a PIN, and its Enter closed the box it fell into.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from tests.ui.till_fixture import NEW_PHONE, OWNER_NUMBER, PHONE, SOAP, TEA, TillRig, rig
from ui.context import Screen

__all__ = ["rig"]

FIELDS_MAX = 60


def fields(rig: TillRig) -> list[QLineEdit | QPlainTextEdit]:
    """Every field a person could be typing into now."""
    shown: QWidget = rig.sheet or rig.window
    found: list[QLineEdit | QPlainTextEdit] = [
        *shown.findChildren(QLineEdit),
        *shown.findChildren(QPlainTextEdit),
    ]
    return [field for field in found if field.isVisible() and field.isEnabled()]


def text_of(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


@pytest.mark.parametrize(
    "screen", [Screen.SALE, Screen.RETURN, Screen.HISTORY, Screen.SHIFT, Screen.SETTINGS]
)
def test_a_scan_is_typed_into_no_field_of_any_screen(rig: TillRig, screen: Screen) -> None:
    rig.sign_on(OWNER_NUMBER, screen=screen)
    tried = 0
    for field in fields(rig)[:FIELDS_MAX]:
        field.setFocus()
        if QApplication.focusWidget() is not field:
            continue
        before = text_of(field)
        rig.typist.scan(TEA)
        assert text_of(field) == before, field.objectName()
        assert rig.sheet is None
        assert rig.window.stack.currentWidget() is not None
        tried += 1
    assert tried or screen is Screen.SHIFT, "there is something to type into"
    assert rig.sales() == 0, "nothing was paid"


OPENED_BY: list[tuple[str, Callable[[TillRig], None]]] = [
    ("discount", lambda rig: rig.typist.press("F6")),
    ("held sales", lambda rig: rig.typist.press("F7")),
    ("cash in and out", lambda rig: rig.typist.press("F11")),
    ("help", lambda rig: rig.typist.press("F1")),
    ("cancel", lambda rig: rig.typist.press("Ctrl+Del")),
]


@pytest.mark.parametrize(("name", "ask"), OPENED_BY, ids=[name for name, _ in OPENED_BY])
def test_a_scan_into_a_dialog_closes_nothing_and_confirms_nothing(
    rig: TillRig, name: str, ask: Callable[[TillRig], None]
) -> None:
    rig.sign_on()
    if name == "held sales":  # two, so that the list is asked
        for code in (SOAP, TEA):
            rig.typist.scan(code)
            rig.typist.press("F7")
    else:
        rig.typist.scan(SOAP)
    basket = rig.till.checkout.basket
    ask(rig)
    opened = rig.sheet
    assert opened is not None, name
    before = [text_of(field) for field in fields(rig)]
    rig.typist.scan(TEA)
    assert rig.sheet is opened
    assert [text_of(field) for field in fields(rig)] == before
    assert rig.till.checkout.basket == basket
    assert rig.told[-1] == "signon.scan_not_here", "it is said aloud, so that the cashier scans again"


def test_a_scan_while_a_number_is_half_typed_keeps_the_number_and_adds_the_item(rig: TillRig) -> None:
    rig.sign_on()
    rig.typist.type(PHONE[:6])
    rig.typist.scan(TEA)
    assert [line.item.sku for line in rig.till.checkout.basket.live_lines] == ["TEA"]
    rig.typist.type(PHONE[6:])
    member = rig.till.checkout.basket.member
    assert member is not None
    assert member.member.phone == "+886912345678"


def test_two_scans_of_one_item_are_two_pieces_and_never_a_quantity(rig: TillRig) -> None:
    rig.sign_on()
    rig.typist.scan(TEA)
    rig.typist.scan(TEA)
    (line,) = rig.till.checkout.basket.live_lines
    assert line.quantity == 2000


def test_a_scan_during_payment_is_never_the_amount(rig: TillRig) -> None:
    rig.sign_on()
    rig.typist.scan(SOAP)
    rig.typist.press("Enter")
    rig.typist.scan(TEA)
    assert rig.till.checkout.basket.tenders == ()
    assert [line.item.sku for line in rig.till.checkout.basket.live_lines] == ["SOAP", "TEA"]
    assert rig.sales() == 0


def test_the_number_of_an_unknown_customer_typed_at_full_speed_is_no_unknown_barcode(rig: TillRig) -> None:
    rig.sign_on()
    rig.typist.scan(SOAP)
    rig.typist.type(NEW_PHONE, gap_ms=45)
    assert "error.barcode_unknown" not in rig.told
    rig.typist.press("Enter", "Enter", "Enter")
    assert rig.sales() == 1
    assert rig.store.members.by_phone("+886987654321") is not None
