"""The tour's eye: what a person would find wrong with a picture ends the tour."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.tour.sight import cut_off
from ui.widgets.buttons import Button
from ui.widgets.text_label import TextLabel


def label(window: QWidget, text: str, width: int, *, wraps: bool = False) -> TextLabel:
    made = TextLabel(parent=window, wraps=wraps)
    made.show_plain(text)
    made.setGeometry(20, 20, width, 24)
    made.show()
    return made


def test_words_that_fit_are_no_mistake(window: QWidget) -> None:
    label(window, "小計", 200)
    assert cut_off(window) == ()


def test_words_that_are_cut_off_are_seen(window: QWidget) -> None:
    label(window, "下一位，歡迎光臨，請刷商品", 40)
    (problem,) = cut_off(window)
    assert "cut off" in problem


def test_words_that_need_a_line_more_are_seen(window: QWidget) -> None:
    label(window, "下一位，歡迎光臨，請刷商品，會員可以先報也可以後報。" * 3, 200, wraps=True)
    assert len(cut_off(window)) == 1


def test_a_button_on_a_row_that_is_a_button_is_no_mistake(window: QWidget) -> None:
    row = Button("ui.ok", parent=window)
    row.setGeometry(20, 20, 400, 60)
    own = Button("ui.ok", parent=row)
    own.setGeometry(200, 4, 180, 52)
    row.show()
    own.show()
    assert cut_off(window) == ()


def test_buttons_over_each_other_and_outside_the_window_are_seen(window: QWidget) -> None:
    one, two, three = (Button("ui.ok", parent=window) for _ in range(3))
    one.setGeometry(20, 20, 120, 48)
    two.setGeometry(100, 30, 120, 48)
    three.setGeometry(window.width() - 20, 200, 120, 48)
    for button in (one, two, three):
        button.show()
    problems = cut_off(window)
    assert len(problems) == 2
    assert any("overlap" in problem for problem in problems)
    assert any("outside" in problem for problem in problems)


def test_what_a_list_scrolls_out_of_sight_is_no_mistake(window: QWidget) -> None:
    area = QScrollArea(window)
    area.setGeometry(0, 0, 200, 100)
    inside = QWidget()
    inside.setFixedSize(180, 2000)
    button = Button("ui.ok", parent=inside)
    button.setGeometry(0, 1900, 120, 48)
    area.setWidget(inside)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    area.show()
    assert cut_off(window) == ()
