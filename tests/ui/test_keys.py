"""Keys as data: one key, one action, and nothing that an input method or the system would take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.errors import Refused
from app.i18n import t
from ui import keys
from ui.hotkeys import Hotkeys
from ui.keys import DEFAULT, Action, KeyMap
from ui.typist import Typist, key_event
from ui.widgets.buttons import Button, FunctionKey
from ui.widgets.entry_line import EntryLine
from ui.widgets.sheet import Sheet


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("F1", Action.HELP), ("F2", Action.MEMBER), ("F3", Action.SEARCH), ("F4", Action.POINTS),
        ("F5", Action.OFFERS), ("F6", Action.LINE_DISCOUNT), ("Shift+F6", Action.BASKET_DISCOUNT),
        ("F7", Action.HOLD), ("F8", Action.RETURN), ("F9", Action.TENDERS), ("F11", Action.CASH_DRAWER),
        ("F12", Action.SHIFT), ("Enter", Action.NEXT), ("Esc", Action.BACK), ("*", Action.QUANTITY),
        ("-", Action.VOID_LINE), ("Ctrl+L", Action.LOCK), ("Ctrl+Del", Action.CANCEL_SALE),
    ],
)  # fmt: skip
def test_each_key_does_what_the_page_of_keys_says(key: str, action: Action) -> None:
    assert DEFAULT.key(action) == key
    assert DEFAULT.action_for(key_event(QEvent.Type.KeyPress, key, 1)) is action


def test_the_signs_count_on_both_parts_of_the_keyboard() -> None:
    for modifiers in (Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Asterisk, modifiers, "*")
        assert DEFAULT.action_for(event) is Action.QUANTITY


@pytest.mark.parametrize("name", ["a", "7", "茶", "Shift", "Ctrl+C", "Space", "Backspace"])
def test_typing_is_no_action(name: str) -> None:
    assert DEFAULT.action_for(key_event(QEvent.Type.KeyPress, name, 1)) is None


def test_a_key_can_be_changed_and_the_change_is_all_that_is_stored() -> None:
    changed = DEFAULT.with_key(Action.POINTS, "ctrl+j")
    assert changed.key(Action.POINTS) == "Ctrl+J"
    assert changed.to_setting() == {"points": "Ctrl+J"}
    assert keys.from_setting(changed.to_setting()) == changed
    assert DEFAULT.to_setting() == {}


def test_a_key_that_is_taken_is_refused_and_its_holder_named() -> None:
    with pytest.raises(Refused) as refused:
        DEFAULT.with_key(Action.POINTS, "F5")
    assert refused.value.code == "key_taken"
    assert t("keys.offers") in t(refused.value.text_key, None, **refused.value.fields)


def test_the_key_an_action_has_already_is_no_conflict() -> None:
    assert DEFAULT.with_key(Action.POINTS, "F4") == DEFAULT


@pytest.mark.parametrize(
    "key",
    ["", "7", "a", "Alt+F4", "Alt+P", "Meta+L", "Ctrl+Alt+K", "Ctrl+Space", "Ctrl+C", "F10", "Space", "Tab", "Ctrl+K, Ctrl+L",
     "Ctrl+Shift+A", "?", "茶"],
)  # fmt: skip
def test_keys_that_type_or_that_the_system_takes_are_refused(key: str) -> None:
    with pytest.raises(Refused) as refused:
        DEFAULT.with_key(Action.POINTS, key)
    assert refused.value.code == "key_not_allowed"


@pytest.mark.parametrize("action", [Action.NEXT, Action.BACK])
def test_enter_and_escape_stay_what_they_are(action: Action) -> None:
    with pytest.raises(Refused) as refused:
        DEFAULT.with_key(action, "F9")
    assert refused.value.code == "key_fixed"


@pytest.mark.parametrize(
    "stored",
    [
        None,
        7,
        [],
        "x",
        {},
        {"points": 4},
        {"points": "Alt+F4"},
        {"teleport": "F9"},
        {"next": "F9"},
        {"points": "F5"},
    ],
)
def test_a_damaged_setting_never_leaves_the_till_without_keys(stored: object) -> None:
    assert keys.from_setting(stored) == DEFAULT


def test_keys_that_two_actions_swapped_are_whole() -> None:
    swapped = keys.from_setting({"points": "F5", "offers": "F4"})
    assert swapped.key(Action.POINTS) == "F5"
    assert swapped.key(Action.OFFERS) == "F4"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_of_keys_shows_every_action_once_in_every_language(language: str) -> None:
    i18n.set_language(language)
    entries = [entry for group in DEFAULT.help() for entry in group.entries]
    assert sorted(entry.action for entry in entries) == sorted(Action)
    assert all(entry.text and entry.key == DEFAULT.key(entry.action) for entry in entries)
    assert all(t(f"keys.{action}.short") for action in Action)


class Listening:
    def __init__(self, application: QApplication, window: QWidget) -> None:
        self.hotkeys = Hotkeys(application, DEFAULT)
        self.entry = EntryLine()
        self.box = QComboBox()
        self.box.addItems(["a", "b"])
        layout = QVBoxLayout(window)
        layout.addWidget(self.entry)
        layout.addWidget(self.box)
        self.entry.setFocus()
        self.actions: list[Action] = []
        self.hotkeys.action_requested.connect(self.actions.append)
        self.typist = Typist(window)


@pytest.fixture
def listening(qapp: QApplication, window: QWidget) -> Iterator[Listening]:
    made = Listening(qapp, window)
    yield made
    made.hotkeys.stop()


def test_a_hotkey_works_wherever_the_cursor_stands(listening: Listening) -> None:
    listening.box.setFocus()
    listening.typist.press("F4")
    listening.entry.setText("12")
    listening.entry.setFocus()
    listening.typist.press("Ctrl+Del")
    assert listening.actions == [Action.POINTS, Action.CANCEL_SALE]
    assert listening.entry.text() == "12"


def test_a_hotkey_held_down_is_asked_once(listening: Listening) -> None:
    listening.typist.hold_down("F7", repeats=20)
    assert listening.actions == [Action.HOLD]


def test_signs_are_keys_only_while_the_line_is_empty(listening: Listening) -> None:
    listening.typist.press("-")
    assert listening.actions == [Action.VOID_LINE]
    listening.typist.type("3*")
    assert listening.entry.text() == "3*"
    assert listening.actions == [Action.VOID_LINE]


def test_enter_and_escape_are_left_to_the_focus(listening: Listening) -> None:
    entered: list[str] = []
    listening.entry.entered.connect(entered.append)
    listening.typist.type("5")
    listening.typist.press("Enter", "Esc")
    assert entered == ["5"]
    assert listening.entry.text() == ""
    assert listening.actions == []


def test_a_sheet_gets_the_hotkeys_while_it_is_open(listening: Listening, window: QWidget) -> None:
    sheet = Sheet(window, "keys.title")
    heard: list[Action] = []
    sheet.action_requested.connect(heard.append)
    sheet.open()
    listening.typist.press("F4")
    sheet.finish()
    listening.typist.press("F5")
    assert heard == [Action.POINTS]
    assert listening.actions == [Action.OFFERS]


def test_changed_keys_are_in_force_at_once(listening: Listening) -> None:
    listening.hotkeys.set_keys(DEFAULT.with_key(Action.POINTS, "Ctrl+J"))
    listening.typist.press("F4", "Ctrl+J")
    assert listening.actions == [Action.POINTS]


def test_a_cap_shows_its_key_and_its_words(look: object, qtbot: QtBot) -> None:
    cap = FunctionKey(Action.POINTS, DEFAULT)
    qtbot.addWidget(cap)
    cap.resize(cap.sizeHint())
    assert cap.height() >= 44
    before = cap.grab().toImage()
    cap.set_badge("2")
    assert cap.grab().toImage() != before
    cap.set_keys(DEFAULT.with_key(Action.POINTS, "Ctrl+J"))
    assert cap.accessibleName() == "用點 Ctrl+J"
    i18n.set_language("en")
    assert cap.text() == "Points"


def test_a_double_click_is_one_press_except_where_keys_are_hit_in_a_row(qtbot: QtBot) -> None:
    once, often = Button("ui.ok"), Button("ui.ok", repeats=True)
    clicks: list[str] = []
    once.clicked.connect(lambda: clicks.append("once"))
    often.clicked.connect(lambda: clicks.append("often"))
    for button in (once, often):
        qtbot.addWidget(button)
        button.show()
        handle = button.windowHandle()
        assert handle is not None
        QTest.mouseDClick(
            handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, button.rect().center()
        )
    assert clicks == ["once", "often", "often"]


def test_a_press_with_a_finger_leaves_the_focus_in_the_line(listening: Listening, window: QWidget) -> None:
    button, cap = Button("ui.ok", parent=window), FunctionKey(Action.HELP, DEFAULT, window)
    for widget in (button, cap):
        widget.show()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        assert listening.entry.hasFocus()


def test_an_ampersand_in_a_text_is_an_ampersand(qtbot: QtBot) -> None:
    button = Button()
    qtbot.addWidget(button)
    button.show_plain("M&M's")
    assert button.text() == "M&&M's"
    assert button.shortcut().isEmpty()
    assert isinstance(DEFAULT, KeyMap)
