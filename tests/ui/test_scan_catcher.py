"""A scan reaches whoever listens for scans, and nobody else; what a person types reaches the field, in its order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PATIENCE_MS
from ui import keys
from ui.hotkeys import Hotkeys
from ui.keys import Action
from ui.scan_calibration import Calibration
from ui.scan_catcher import ScanCatcher, ScannerSettings
from ui.typist import Typist, key_event
from ui.widgets.buttons import Button
from ui.widgets.entry_line import EntryLine
from ui.widgets.sheet import Sheet

EAN = "4710088412348"


class Counter:
    """A window with everything a scan could be typed into by mistake."""

    def __init__(self, window: QWidget, application: QApplication) -> None:
        self.window = window
        self.entry = EntryLine()
        self.note = QLineEdit()
        self.button = QPushButton("x")
        layout = QVBoxLayout(window)
        for widget in (self.entry, self.note, self.button):
            layout.addWidget(widget)
        self.catcher = ScanCatcher(application)
        self.scans: list[str] = []
        self.entered: list[str] = []
        self.changes: list[str] = []
        self.settled: list[str] = []
        self.clicks = 0
        self.catcher.scanned.connect(self.scans.append)
        self.entry.entered.connect(self.entered.append)
        self.entry.changed.connect(self.changes.append)
        self.entry.settled.connect(self.settled.append)
        self.button.clicked.connect(self._on_clicked)
        self.typist = Typist(window, self.catcher)
        self.entry.setFocus()

    def _on_clicked(self) -> None:
        self.clicks += 1

    def send(self, name: str, at: int, kind: QEvent.Type = QEvent.Type.KeyPress) -> None:
        """One event at one moment, with nobody deciding early."""
        handle = self.window.windowHandle()
        assert handle is not None
        QCoreApplication.sendEvent(handle, key_event(kind, name, at))


@pytest.fixture
def counter(window: QWidget, qapp: QApplication) -> Iterator[Counter]:
    made = Counter(window, qapp)
    yield made
    made.catcher.stop()


def test_a_scan_is_told_once_and_typed_nowhere(counter: Counter) -> None:
    counter.typist.scan(EAN)
    assert counter.scans == [EAN]
    assert counter.changes == []
    assert counter.entered == []


@pytest.mark.parametrize("terminator", ["Enter", "Tab", ""])
def test_a_scan_ends_with_enter_tab_or_silence(counter: Counter, terminator: str) -> None:
    for field in (counter.entry, counter.note, counter.button):
        field.setFocus()
        counter.typist.scan(EAN, terminator=terminator)
        assert QApplication.focusWidget() is field
    assert counter.scans == [EAN] * 3
    assert counter.entry.text() == counter.note.text() == ""


def test_a_scan_without_terminator_is_told_when_the_keyboard_falls_silent(
    counter: Counter, qtbot: QtBot
) -> None:
    for index, digit in enumerate(EAN):
        counter.send(digit, 1_000 + 10 * index)
    assert counter.scans == []
    with qtbot.waitSignal(counter.catcher.scanned, timeout=PATIENCE_MS):
        pass
    assert counter.scans == [EAN]


def test_an_enter_that_comes_late_is_still_the_scanners(counter: Counter) -> None:
    for index, digit in enumerate(EAN):
        counter.send(digit, 1_000 + 10 * index)
    counter.catcher.flush()
    counter.send("Enter", 1_000 + 10 * len(EAN) + 110)
    assert counter.entered == []
    counter.typist.now = 3_000
    counter.typist.press("Enter")
    assert counter.entered == [""]


def test_the_terminating_enter_never_presses_a_button(counter: Counter) -> None:
    sheet = Sheet(counter.window, "ui.confirm")
    yes = Button("ui.confirm")
    pressed: list[bool] = []
    yes.clicked.connect(lambda: pressed.append(True))
    sheet.add_button(yes, is_default=True)
    sheet.open()
    yes.setFocus()
    counter.typist.scan(EAN)
    assert pressed == []
    assert counter.scans == [EAN]
    counter.typist.press("Enter")
    assert pressed == [True]


def test_a_scan_into_a_dialog_of_its_own_window_closes_nothing(counter: Counter, qtbot: QtBot) -> None:
    dialog = QDialog(counter.window)
    default = QPushButton("x", dialog)
    default.setDefault(True)
    pressed: list[bool] = []
    default.clicked.connect(lambda: pressed.append(True))
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog, timeout=PATIENCE_MS)
    typist = Typist(dialog, counter.catcher)
    typist.scan(EAN)
    assert (counter.scans, pressed) == ([EAN], [])
    typist.press("Enter")
    assert len(pressed) == 1
    dialog.close()


def test_a_space_in_a_code_presses_no_button(counter: Counter) -> None:
    counter.button.setFocus()
    counter.typist.scan("AB 12 CD 34")
    assert counter.scans == ["AB 12 CD 34"]
    assert counter.clicks == 0
    assert not counter.button.isDown()


def test_what_a_person_types_arrives_in_order_in_whatever_has_the_focus(counter: Counter) -> None:
    counter.typist.type("0912345678")
    counter.typist.press("Enter")
    assert counter.entered == ["0912345678"]
    counter.note.setFocus()
    counter.typist.type("Gift wrap, 2x")
    assert counter.note.text() == "Gift wrap, 2x"
    assert counter.scans == []


def test_fast_fingers_are_no_scanner(counter: Counter) -> None:
    # Two keys rolled in 20 ms, then a breath: the fastest a person types a number.
    at = 1_000
    for index, digit in enumerate("0912345678"):
        at += 20 if index % 2 else 70
        counter.send(digit, at)
        counter.send(digit, at + 5, QEvent.Type.KeyRelease)
    counter.send("Enter", at + 80)
    assert counter.entered == ["0912345678"]
    assert counter.scans == []


def test_three_keys_in_one_instant_and_enter_are_still_typing(counter: Counter) -> None:
    for index, name in enumerate(("1", "2", "*", "Enter")):
        counter.send(name, 1_000 + 10 * index)
    assert counter.entered == ["12*"]
    assert counter.scans == []


@given(st.lists(st.tuples(st.sampled_from("0123456789ab*-"), st.integers(36, 400)), min_size=1, max_size=30))
def test_no_key_of_a_person_is_ever_lost_or_moved(strokes: list[tuple[str, int]]) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    window = QWidget()
    counter = Counter(window, application)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    counter.entry.setFocus()
    try:
        at = 1_000
        for key, gap in strokes:
            at += gap
            counter.send(key, at)
            counter.send(key, at + 3, QEvent.Type.KeyRelease)
        counter.catcher.flush()
        assert counter.entry.text() == "".join(key for key, _ in strokes)
        assert counter.scans == []
        assert counter.settled[-1] == counter.entry.text()
    finally:
        counter.catcher.stop()
        window.deleteLater()


def test_a_busy_till_neither_breaks_a_scan_nor_leaks_a_key(counter: Counter) -> None:
    # The till was busy: the timer of silence is due at the very moment when the keys are still waiting in the queue.
    handle = counter.window.windowHandle()
    assert handle is not None
    for index, digit in enumerate(EAN[:2]):
        counter.send(digit, 1_000 + 10 * index)
    for index, name in enumerate((*EAN[2:], "Enter"), start=2):
        QCoreApplication.postEvent(handle, key_event(QEvent.Type.KeyPress, name, 1_000 + 10 * index))
    silence = counter.catcher.findChild(QObject)
    assert silence is not None
    silence.timeout.emit()  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert counter.scans == [EAN]
    assert counter.entry.text() == ""


def test_keys_that_waited_in_the_queue_are_judged_by_when_they_were_pressed(counter: Counter) -> None:
    # A second of stall, then ten keys of a person arrive at once.
    handle = counter.window.windowHandle()
    assert handle is not None
    for index, digit in enumerate("0912345678"):
        QCoreApplication.postEvent(handle, key_event(QEvent.Type.KeyPress, digit, 1_000 + 100 * index))
    QApplication.processEvents()
    counter.catcher.flush()
    assert counter.entry.text() == "0912345678"
    assert counter.scans == []


def test_a_scan_into_a_number_half_typed_leaves_the_number_as_it_was(counter: Counter) -> None:
    counter.typist.type("09123")
    counter.typist.now -= 300
    counter.typist.scan(EAN)
    assert counter.scans == [EAN]
    assert counter.entry.text() == "09123"
    assert counter.settled == ["0", "09", "091", "0912", "09123"]


def test_the_tenth_digit_is_seen_at_once_and_acted_on_when_it_is_certain(counter: Counter) -> None:
    counter.typist.type("091234567")
    counter.send("8", counter.typist.now + 90)
    assert counter.entry.text() == "0912345678"
    assert counter.settled[-1] == "091234567"
    counter.catcher.flush()
    assert counter.settled[-1] == "0912345678"


def test_a_key_held_down_is_no_scan(counter: Counter) -> None:
    counter.typist.hold_down("1", repeats=12)
    assert counter.scans == []
    assert counter.entry.text() == "1" * 13


def test_a_hotkey_between_digits_waits_its_turn(counter: Counter, qapp: QApplication) -> None:
    counter.catcher.stop()
    hotkeys = Hotkeys(qapp, keys.DEFAULT)
    counter.catcher = ScanCatcher(qapp)
    seen: list[tuple[Action, str]] = []
    hotkeys.action_requested.connect(lambda action: seen.append((action, counter.entry.text())))
    counter.send("3", 1_000)
    counter.send("F4", 1_010)
    assert seen == [(Action.POINTS, "3")]
    hotkeys.stop()


def test_signs_within_a_scan_are_no_hotkeys(counter: Counter, qapp: QApplication) -> None:
    counter.catcher.stop()
    hotkeys = Hotkeys(qapp, keys.DEFAULT)
    counter.catcher = ScanCatcher(qapp)
    counter.catcher.scanned.connect(counter.scans.append)
    seen: list[Action] = []
    hotkeys.action_requested.connect(seen.append)
    Typist(counter.window, counter.catcher).scan("-01*A-9/X")
    assert counter.scans == ["-01*A-9/X"]
    assert seen == []
    hotkeys.stop()


def test_letters_with_shift_keep_their_case(counter: Counter) -> None:
    at = 1_000
    for character in "M1:aBcD7":
        if character.isupper():
            handle = counter.window.windowHandle()
            assert handle is not None
            QCoreApplication.sendEvent(handle, key_event(QEvent.Type.KeyPress, "Shift", at))
        at += 8
        counter.send(character, at)
    counter.send("Enter", at + 8)
    assert counter.scans == ["M1:aBcD7"]


def test_full_width_digits_are_folded(counter: Counter) -> None:
    counter.typist.scan("４７１００８８４１２３４８")
    assert counter.scans == [EAN]
    counter.typist.type("０９１２")
    assert counter.entry.text() == "0912"


def test_prefix_and_suffix_are_taken_off(counter: Counter) -> None:
    counter.catcher.set_settings(ScannerSettings(prefix="~", suffix="#"))
    counter.typist.scan(f"~{EAN}#", terminator="")
    assert counter.scans == [EAN]
    counter.typist.scan(EAN)
    assert counter.scans == [EAN, EAN]


def test_a_prefix_key_announces_even_a_short_code_from_a_slow_scanner(counter: Counter) -> None:
    counter.catcher.set_settings(ScannerSettings(prefix="F9"))
    for index, name in enumerate(("F9", "1", "2", "3", "Enter")):
        counter.send(name, 1_000 + 90 * index)
    assert counter.scans == ["123"]
    assert counter.entered == []


def test_a_prefix_key_alone_is_just_that_key(counter: Counter, qapp: QApplication) -> None:
    counter.catcher.stop()
    hotkeys = Hotkeys(qapp, keys.DEFAULT)
    counter.catcher = ScanCatcher(qapp, ScannerSettings(prefix="F9"))
    seen: list[Action] = []
    hotkeys.action_requested.connect(seen.append)
    counter.send("F9", 1_000)
    counter.send("5", 1_400)
    counter.catcher.flush()
    assert seen == [Action.TENDERS]
    assert counter.entry.text() == "5"
    hotkeys.stop()


def test_a_word_in_the_making_is_left_alone(counter: Counter) -> None:
    counter.note.setFocus()
    QCoreApplication.sendEvent(counter.note, QInputMethodEvent("ㄨㄤ", []))
    for index, name in enumerate(("1", "2", "3", "4")):
        counter.send(name, 1_000 + 5 * index)
    done = QInputMethodEvent("", [])
    done.setCommitString("王")
    QCoreApplication.sendEvent(counter.note, done)
    counter.catcher.flush()
    assert counter.scans == []
    assert "王" in counter.note.text()


def test_a_scan_through_an_input_method_in_full_width_mode_is_caught(counter: Counter) -> None:
    counter.note.setFocus()
    for character in "４７１００８８４１２３４８":
        commit = QInputMethodEvent("", [])
        commit.setCommitString(character)
        QCoreApplication.sendEvent(counter.note, commit)
    counter.catcher.flush()
    assert counter.scans == [EAN]
    assert counter.note.text() == ""


def test_characters_committed_one_by_one_by_a_person_arrive(counter: Counter) -> None:
    counter.note.setFocus()
    for character in "１２":
        commit = QInputMethodEvent("", [])
        commit.setCommitString(character)
        QCoreApplication.sendEvent(counter.note, commit)
        counter.catcher.flush()
    assert counter.note.text() == "１２"


def test_a_touch_ends_the_waiting(counter: Counter) -> None:
    counter.send("7", 1_000)
    assert counter.entry.text() == ""
    handle = counter.window.windowHandle()
    assert handle is not None
    QTest.mouseClick(
        handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, counter.button.geometry().center()
    )
    assert counter.entry.text() == "7"
    assert counter.clicks == 1


def test_a_key_that_waited_is_pressed_before_it_is_released(counter: Counter) -> None:
    counter.button.setFocus()
    counter.send("Space", 1_000)
    counter.send("Space", 1_020, QEvent.Type.KeyRelease)
    counter.catcher.flush()
    assert counter.clicks == 1
    assert not counter.button.isDown()


def test_two_scans_in_a_row_are_two(counter: Counter) -> None:
    counter.typist.scan(EAN)
    counter.typist.now -= 300
    counter.typist.scan("4710088412355")
    assert counter.scans == [EAN, "4710088412355"]


def test_one_finger_after_a_scan_is_heard_from_its_first_key(counter: Counter) -> None:
    counter.typist.scan(EAN)
    counter.typist.type("4")
    assert counter.entry.text() == "4"


# --- a scan that begins while somebody types ---


def test_a_persons_key_just_before_a_scan_is_theirs(counter: Counter) -> None:
    counter.note.setFocus()
    counter.send("5", 1_000)
    counter.send("5", 1_010, QEvent.Type.KeyRelease)
    at = 1_030
    for digit in EAN:
        counter.send(digit, at)
        counter.send(digit, at + 2, QEvent.Type.KeyRelease)
        at += 6
    counter.send("Enter", at)
    assert counter.scans == [EAN]
    assert counter.note.text() == "5"


def test_a_persons_key_in_the_line_just_before_a_scan_stays_in_the_line(counter: Counter) -> None:
    counter.typist.type("091")
    at = counter.typist.now + 90
    counter.send("2", at)
    assert counter.entry.text() == "0912", "it is seen at once"
    for place, digit in enumerate(EAN):
        counter.send(digit, at + 30 + place * 5)
    counter.send("Enter", at + 30 + len(EAN) * 5)
    assert counter.scans == [EAN]
    assert counter.entry.text() == "0912"
    assert counter.settled[-1] == "0912"


def test_a_damaged_code_is_never_mended_by_leaving_its_first_digit_out(counter: Counter) -> None:
    for place, digit in enumerate("5" + EAN):
        counter.send(digit, 1_000 + place * 6)
    counter.send("Enter", 1_000 + 15 * 6)
    assert counter.scans == ["5" + EAN], (
        "it came at one speed, so it is one code, and whoever looks it up refuses it"
    )


def test_a_code_that_proves_itself_is_never_cut(counter: Counter) -> None:
    times = [1_000, *(1_030 + place * 5 for place in range(len(EAN) - 1))]
    for digit, at in zip(EAN, times, strict=True):
        counter.send(digit, at)
    counter.send("Enter", times[-1] + 5)
    assert counter.scans == [EAN]


# --- Caps Lock, input methods, calibration ---


def test_capitals_that_caps_lock_turned_are_put_right_and_it_is_said(counter: Counter) -> None:
    noticed: list[bool] = []
    counter.catcher.caps_lock_noticed.connect(lambda: noticed.append(True))
    counter.typist.scan("c1:aBC-dE9")
    counter.typist.scan("/abc+123")
    assert counter.scans == ["C1:Abc-De9", "/ABC+123"]
    assert noticed == [True, True]
    counter.typist.scan("C1:Abc-De9")
    assert counter.scans[-1] == "C1:Abc-De9"
    assert len(noticed) == 2


def test_a_scan_that_an_input_method_eats_is_told(counter: Counter) -> None:
    garbled: list[bool] = []
    counter.catcher.garbled.connect(lambda: garbled.append(True))
    counter.note.setFocus()
    for preedit in ("ㄆ", "ㄆㄧ", "ㄆㄧㄅ", "ㄆㄧㄅㄅ", "ㄆㄧㄅㄅㄖ", "ㄆㄧㄅㄅㄖㄖ", "ㄆㄧㄅㄅㄖㄖㄏ"):
        QCoreApplication.sendEvent(counter.note, QInputMethodEvent(preedit, []))
    assert garbled == [True]
    assert counter.scans == []


def test_while_the_scanner_is_calibrated_nothing_is_typed_or_scanned(counter: Counter) -> None:
    calibration = Calibration(EAN)
    counter.catcher.calibrate(calibration.stroke)
    for _ in range(3):
        counter.typist.scan(EAN, gap_ms=12)
    assert counter.scans == []
    assert counter.entry.text() == ""
    assert counter.entered == []
    counter.catcher.calibrate(None)
    counter.catcher.set_settings(calibration.settings())
    counter.typist.scan(EAN)
    assert counter.scans == [EAN]
