"""The one line: what it says of itself, and what it leaves to others."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from tests.ui.conftest import PATIENCE_MS
from ui.typist import key_event
from ui.widgets.entry_line import CHARACTERS_MAX, EntryLine, fold


@pytest.fixture
def line(window: QWidget) -> EntryLine:
    made = EntryLine()
    layout = QVBoxLayout(window)
    layout.addWidget(made)
    layout.addWidget(QPushButton("x"))
    made.setFocus()
    return made


def takes_input_method(line: EntryLine) -> bool:
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(line, query)
    return bool(query.value(Qt.InputMethodQuery.ImEnabled))


def test_an_input_method_stays_out_unless_words_are_wanted(line: EntryLine) -> None:
    assert not takes_input_method(line)
    line.set_takes_words(True)
    assert takes_input_method(line)
    line.set_takes_words(False)
    assert not takes_input_method(line)


def test_full_width_digits_become_plain_where_they_are_typed(line: EntryLine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(line.changed, timeout=PATIENCE_MS) as changed:
        line.insert("０９１２－345")
    assert line.text() == "0912-345"
    assert changed.args == ["0912-345"]
    line.setCursorPosition(2)
    line.insert("７")
    assert (line.text(), line.cursorPosition()) == ("09712-345", 3)


def test_folding_keeps_the_length_and_leaves_chinese_alone() -> None:
    assert fold("綠茶ＡＢ１２！\u3000ㄨ") == "綠茶AB12! ㄨ"


def test_every_key_is_told_once(line: EntryLine) -> None:
    heard: list[str] = []
    line.changed.connect(heard.append)
    QTest.keyClicks(line, "09")
    line.insert("８")
    assert heard == ["0", "09", "098"]


def test_enter_gives_the_text_and_leaves_it_to_the_screen_to_clear(line: EntryLine) -> None:
    heard: list[str] = []
    line.entered.connect(heard.append)
    line.insert(" 綠茶 ")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert heard == ["綠茶"]
    assert line.text() == " 綠茶 "
    line.clear()
    QTest.keyClick(line, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert heard == ["綠茶", ""]


def test_the_second_half_of_a_double_enter_is_nothing(line: EntryLine) -> None:
    heard: list[str] = []
    line.entered.connect(heard.append)
    for at in (1_000, 1_120, 1_299, 1_301, 1_400):
        QCoreApplication.sendEvent(line, key_event(QEvent.Type.KeyPress, "Enter", at))
    assert len(heard) == 2


def test_enter_held_down_is_one_enter(line: EntryLine) -> None:
    heard: list[str] = []
    line.entered.connect(heard.append)
    QCoreApplication.sendEvent(line, key_event(QEvent.Type.KeyPress, "Enter", 1_000))
    for at in range(1_500, 4_000, 33):
        QCoreApplication.sendEvent(line, key_event(QEvent.Type.KeyPress, "Enter", at, is_repeat=True))
    assert len(heard) == 1


def test_tab_does_not_leave_the_one_line(line: EntryLine, window: QWidget) -> None:
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert line.hasFocus()


def test_arrows_move_the_selection_of_the_basket_and_not_the_cursor(line: EntryLine) -> None:
    steps: list[int] = []
    line.step_requested.connect(steps.append)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        QTest.keyClick(line, key)
    assert steps == [-1, 1, -8, 8]


def test_escape_empties_the_line_first_and_then_belongs_to_the_screen(
    line: EntryLine, window: QWidget
) -> None:
    class Above(QWidget):
        escapes = 0

        def keyPressEvent(self, event: object) -> None:
            Above.escapes += 1

    above = Above(window)
    inner = EntryLine(above)
    above.show()
    inner.setFocus()
    QTest.keyClicks(inner, "12")
    QTest.keyClick(inner, Qt.Key.Key_Escape)
    assert (inner.text(), Above.escapes) == ("", 0)
    QTest.keyClick(inner, Qt.Key.Key_Escape)
    assert Above.escapes == 1


def test_a_hint_goes_with_the_next_key_and_speaks_the_language(line: EntryLine) -> None:
    line.setText("0912")
    line.show_hint("keys.member.short")
    hint = line.findChild(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert hint is not None
    assert hint.isVisible()
    i18n.set_language("en")
    assert hint.property("text") == "Member"
    assert line.textMargins().right() > 0
    QTest.keyClicks(line, "3")
    assert not hint.isVisible()
    assert line.textMargins().right() == 0


def test_a_refused_text_stays_and_the_next_key_replaces_it(line: EntryLine) -> None:
    line.setText("999")
    line.refuse()
    assert line.property("refused") is True
    QTest.keyClicks(line, "1")
    assert line.text() == "1"
    assert line.property("refused") is False


def test_what_is_provisional_is_acted_on_only_when_it_is_certain(line: EntryLine) -> None:
    heard: list[str] = []
    line.settled.connect(heard.append)
    line.setText("09")
    line.begin_provisional()
    line.insert("1")
    assert heard == ["09"]
    line.settle()
    assert heard == ["09", "091"]
    line.begin_provisional()
    line.insert("4")
    line.retract()
    line.settle()
    assert (line.text(), heard) == ("091", ["09", "091"])


def test_the_line_has_an_end(line: EntryLine) -> None:
    line.setText("1" * 1000)
    assert len(line.text()) == CHARACTERS_MAX


def test_a_reader_of_screens_learns_what_to_do(line: EntryLine) -> None:
    assert line.accessibleName()
    before = line.accessibleDescription()
    i18n.set_language("en")
    assert line.accessibleDescription() not in ("", before)
    assert QGuiApplication.focusObject() is line
