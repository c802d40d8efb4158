"""Between two people: who may come in, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    PIN,
    SOAP,
    SUPERVISOR_BADGE,
    TillRig,
    close_rig,
    open_rig,
    rig,
)
from ui.context import Screen
from ui.keys import Action
from ui.sign_on import SignOnView

__all__ = ["rig"]


def number_of(rig: TillRig) -> str:
    """The staff number of whoever works here, or ""."""
    operator = rig.till.session.operator
    return operator.number if operator is not None else ""


def key_in(rig: TillRig, number: str, pin: str) -> None:
    rig.typist.type(number)
    rig.typist.press("Enter")
    rig.typist.type(pin)
    QApplication.processEvents()


def test_number_and_pin_open_the_sale(rig: TillRig) -> None:
    key_in(rig, CASHIER_NUMBER, PIN)
    assert number_of(rig) == CASHIER_NUMBER
    assert rig.window.current_screen is Screen.SALE


def test_a_badge_signs_on_without_a_key(rig: TillRig) -> None:
    rig.typist.scan(SUPERVISOR_BADGE)
    assert number_of(rig) == "02"


def test_the_enter_of_a_badge_scan_closes_no_pin_box(rig: TillRig) -> None:
    rig.typist.type(CASHIER_NUMBER)
    rig.typist.press("Enter")
    rig.typist.type("73")
    rig.typist.scan("SOMEBODYELSE")
    assert number_of(rig) == ""
    assert rig.told == ["error.badge_unknown"]


def test_a_wrong_pin_says_so_and_keeps_the_number(rig: TillRig) -> None:
    key_in(rig, CASHIER_NUMBER, "111222")
    assert number_of(rig) == ""
    assert rig.told == ["error.sign_on_failed"]
    rig.typist.type(PIN)
    QApplication.processEvents()
    assert number_of(rig) == CASHIER_NUMBER


def test_guessing_pins_locks_the_number_and_says_for_how_long(rig: TillRig) -> None:
    for _ in range(12):
        key_in(rig, CASHIER_NUMBER, "111222")
        rig.typist.press("Esc")
        if "error.operator_locked" in rig.told:
            break
        shown = rig.window.stack.currentWidget()
        assert isinstance(shown, SignOnView)
        shown.pair.clear()
        shown.pair.number.setFocus()
    assert "error.operator_locked" in rig.told
    assert number_of(rig) == ""


def test_nothing_is_sold_and_no_hotkey_works_while_nobody_is_signed_on(rig: TillRig) -> None:
    rig.typist.scan(SOAP)
    rig.typist.press("F7", "F8", "F12")
    assert rig.window.current_screen is Screen.SIGN_ON
    assert rig.till.checkout.basket.is_empty


def test_changing_the_operator_takes_one_key(rig: TillRig) -> None:
    rig.sign_on()
    rig.typist.press("Ctrl+L")
    assert rig.window.current_screen is Screen.SIGN_ON
    assert number_of(rig) == ""


@pytest.fixture
def closed_till(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    """A till without an open shift."""
    opened = open_rig(qtbot, tmp_path, has_shift=False)
    yield opened
    close_rig(opened)


def test_without_a_shift_the_first_screen_opens_one(closed_till: TillRig) -> None:
    key_in(closed_till, CASHIER_NUMBER, PIN)
    assert closed_till.window.current_screen is Screen.SHIFT


def test_without_a_shift_nothing_can_be_sold(closed_till: TillRig) -> None:
    closed_till.sign_on(screen=Screen.SALE)
    closed_till.typist.scan(SOAP)
    closed_till.typist.press("Enter")
    assert closed_till.told[-1] == "error.no_open_shift"
    assert len(closed_till.till.checkout.basket.live_lines) == 1


def test_a_changed_key_is_the_one_on_the_cap(rig: TillRig) -> None:
    rig.sign_on()
    hotkeys = rig.window.context.hotkeys
    hotkeys.set_keys(hotkeys.keys.with_key(Action.LOCK, "Ctrl+K"))
    rig.window.go_to(Screen.SALE)
    rig.typist.press("Ctrl+K")
    assert rig.window.current_screen is Screen.SIGN_ON
