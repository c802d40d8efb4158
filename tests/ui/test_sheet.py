"""A sheet: it holds the keyboard while it is open and gives it back when it goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from ui.typist import Typist, key_event
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.sheet import Sheet, topmost


@pytest.fixture
def entry(window: QWidget) -> EntryLine:
    made = EntryLine()
    QVBoxLayout(window).addWidget(made)
    made.setFocus()
    return made


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


class Opened:
    """A sheet with two fields and two buttons, and what came of it."""

    def __init__(self, window: QWidget) -> None:
        self.sheet = Sheet(window, "keys.title")
        self.first, self.second = QLineEdit(), QLineEdit()
        self.sheet.body.addWidget(self.first)
        self.sheet.body.addWidget(self.second)
        self.no, self.yes = Button("ui.cancel", Kind.GHOST), Button("ui.confirm", Kind.PRIMARY)
        self.no.clicked.connect(self.sheet.step_back)
        self.yes.clicked.connect(lambda: self.sheet.finish("yes"))
        self.sheet.add_button(self.no)
        self.sheet.add_button(self.yes, is_default=True)
        self.results: list[object] = []
        self.sheet.finished.connect(self.results.append)
        self.sheet.open()


def test_it_takes_the_focus_and_gives_it_back_to_the_one_line(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    assert QApplication.focusWidget() is opened.first
    QTest.keyClick(opened.first, Qt.Key.Key_Escape)
    assert opened.results == [None]
    assert QApplication.focusWidget() is entry


def test_enter_anywhere_in_it_presses_the_default_button(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    QTest.keyClick(opened.second, Qt.Key.Key_Return)
    assert opened.results == ["yes"]


def test_enter_on_another_button_presses_that_button(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    opened.no.setFocus()
    QTest.keyClick(opened.no, Qt.Key.Key_Return)
    assert opened.results == [None]


@pytest.mark.parametrize("has_field", [True, False])
def test_the_enter_that_opened_it_does_not_confirm_it(
    window: QWidget, entry: EntryLine, has_field: bool
) -> None:
    results: list[object] = []

    def ask() -> None:
        sheet = Sheet(window, "keys.title")
        if has_field:
            sheet.body.addWidget(QLineEdit())
        yes = Button("ui.confirm", Kind.PRIMARY)
        yes.clicked.connect(lambda: sheet.finish("yes"))
        sheet.add_button(yes, is_default=True)
        sheet.finished.connect(results.append)
        sheet.open()

    entry.entered.connect(ask)
    handle = window.windowHandle()
    assert handle is not None
    for at in (1_000, 1_110, 1_250):
        QCoreApplication.sendEvent(handle, key_event(QEvent.Type.KeyPress, "Enter", at))
    assert results == []
    assert topmost(window) is not None
    QCoreApplication.sendEvent(handle, key_event(QEvent.Type.KeyPress, "Enter", 1_350))
    assert results == ["yes"]


def test_hammering_enter_answers_once(window: QWidget, entry: EntryLine) -> None:
    answers: list[str] = []
    ConfirmSheet(window, "keys.cancel_sale", "error.basket_empty", lambda: answers.append("yes")).open()
    typist = Typist(window)
    typist.hold_down("Enter", repeats=60)
    assert answers == ["yes"]
    assert topmost(window) is None


def test_tab_stays_inside(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    visited = []
    for _ in range(5):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget())
    assert visited == [opened.second, opened.no, opened.yes, opened.first, opened.second]
    QTest.keyClick(focused(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is opened.first


def test_nothing_below_it_is_touched(window: QWidget, entry: EntryLine) -> None:
    below = QPushButton("x")
    layout = window.layout()
    assert layout is not None
    layout.addWidget(below)
    clicks: list[bool] = []
    below.clicked.connect(clicks.append)
    QApplication.processEvents()
    Opened(window)
    handle = window.windowHandle()
    assert handle is not None
    QTest.mouseClick(
        handle,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        below.mapTo(window, below.rect().topLeft()),
    )
    assert clicks == []


def test_no_key_and_no_touch_goes_through_it(qtbot: QtBot) -> None:
    class Below(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.heard: list[str] = []

        def keyPressEvent(self, event: QKeyEvent) -> None:
            self.heard.append("key")

        def mousePressEvent(self, event: QMouseEvent) -> None:
            self.heard.append("touch")

    below = Below()
    qtbot.addWidget(below)
    below.show()
    sheet = Opened(below).sheet
    QTest.keyClick(sheet, Qt.Key.Key_F13)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert below.heard == []


def test_sheets_stack_and_only_the_topmost_has_the_keyboard(window: QWidget, entry: EntryLine) -> None:
    lower, upper = Opened(window), Opened(window)
    assert topmost(window) is upper.sheet
    QTest.keyClick(upper.first, Qt.Key.Key_Escape)
    assert topmost(window) is lower.sheet
    assert QApplication.focusWidget() is lower.first
    assert lower.results == []


def test_it_finishes_once(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    opened.sheet.finish("first")
    opened.sheet.finish("second")
    assert opened.results == ["first"]


def test_a_disabled_answer_cannot_be_given(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    opened.yes.setEnabled(False)
    QTest.keyClick(opened.first, Qt.Key.Key_Return)
    assert opened.results == []


def test_it_covers_the_window_whatever_its_size(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    for width, height in ((1024, 768), (1920, 1080), (480, 320)):
        window.resize(width, height)
        QApplication.processEvents()
        assert opened.sheet.geometry() == window.rect()
        assert opened.sheet.panel.width() <= window.width()


def test_a_question_is_answered_after_the_sheet_is_gone(window: QWidget, entry: EntryLine) -> None:
    seen: list[object] = []
    ConfirmSheet(
        window, "keys.cancel_sale", "error.basket_empty", lambda: seen.append(topmost(window))
    ).open()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert seen == [None]
    ConfirmSheet(window, "keys.cancel_sale", "error.basket_empty", lambda: seen.append("yes")).open()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert seen == [None]


def test_its_title_follows_the_language(window: QWidget, entry: EntryLine) -> None:
    opened = Opened(window)
    i18n.set_language("en")
    assert opened.sheet.title.text() == "All keys"
    assert opened.yes.text() == "Confirm"


def test_what_is_higher_than_the_window_scrolls_and_the_buttons_stay_in_sight(window: QWidget) -> None:
    sheet = Sheet(window, "keys.title")
    fields = [QLineEdit() for _ in range(40)]
    for field in fields:
        field.setMinimumHeight(44)
        sheet.body.addWidget(field)
    yes = Button("ui.confirm", Kind.PRIMARY)
    sheet.add_button(yes, is_default=True)
    sheet.open()
    QApplication.processEvents()
    assert sheet.panel.height() <= window.height()
    assert window.rect().contains(yes.mapTo(window, yes.rect().bottomRight()))
    fields[-1].setFocus()
    QApplication.processEvents()
    last = fields[-1].mapTo(sheet.panel, QPoint(0, 0)).y()
    assert 0 < last < yes.mapTo(sheet.panel, QPoint(0, 0)).y(), "what has the focus is scrolled into sight"
    assert fields[0].height() >= 44, "nothing is crushed"


def test_a_low_sheet_is_as_high_as_its_content(window: QWidget) -> None:
    opened = Opened(window)
    QApplication.processEvents()
    gap = opened.yes.mapTo(opened.sheet.panel, QPoint(0, 0)).y()
    gap -= opened.second.mapTo(opened.sheet.panel, opened.second.rect().bottomLeft()).y()
    assert 0 < gap < 44


def test_no_button_is_cut_off_for_the_words_beside_it(window: QWidget) -> None:
    sheet = Sheet(window, "keys.title", width=420)
    buttons = [Button("sale.discount.remove", Kind.GHOST), Button("ui.confirm", Kind.PRIMARY)]
    for button in buttons:
        sheet.add_button(button)
    i18n.set_language("en")
    sheet.open()
    QApplication.processEvents()
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
