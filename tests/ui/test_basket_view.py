"""The basket: rows are values, only what changed is painted, and the newest is always in sight."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent, QPixmap, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from ui.theme import Mode, Theme
from ui.tokens import COLOURS
from ui.widgets.basket_view import BasketView, RowData


class Watched(BasketView):
    """A basket that remembers which rows it drew anew and which part of itself it painted."""

    drawn: list[int]
    painted: QRegion

    def _picture(self, row: RowData) -> QPixmap:
        if (row, row.number == self._selected) not in self._pictures:
            self.drawn.append(row.number)
        return super()._picture(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted |= event.region()
        super().paintEvent(event)

    def forget(self) -> None:
        QApplication.processEvents()
        self.drawn, self.painted = [], QRegion()


def row(number: int, **changes: object) -> RowData:
    plain = RowData(number, f"商品 {number}", "1", "20", "20")
    return replace(plain, **changes)  # type: ignore[arg-type]


def rows(count: int) -> tuple[RowData, ...]:
    return tuple(row(number) for number in range(1, count + 1))


@pytest.fixture
def basket(window: QWidget) -> Watched:
    made = Watched()
    made.drawn, made.painted = [], QRegion()
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(made)
    made.forget()
    return made


def shown(basket: BasketView) -> QImage:
    QApplication.processEvents()
    return basket.viewport().grab().toImage()


def is_in_sight(basket: BasketView, number: int) -> bool:
    index = [r.number for r in basket.rows].index(number)
    top = basket._tops[index] - basket.verticalScrollBar().value()
    bottom = basket._tops[index + 1] - basket.verticalScrollBar().value()
    return top >= 0 and bottom <= basket.viewport().height()


def test_a_scan_draws_one_row(basket: Watched) -> None:
    basket.set_rows(rows(5))
    basket.forget()
    basket.set_rows(rows(6))
    QApplication.processEvents()
    assert basket.drawn == [6]


def test_a_change_paints_its_row_and_leaves_the_others(basket: Watched) -> None:
    basket.set_rows(rows(8))
    basket.forget()
    changed = (*rows(8)[:7], row(8, quantity="2", amount="40"))
    basket.set_rows(changed)
    QApplication.processEvents()
    assert basket.drawn == [8]
    assert basket.painted.boundingRect().height() <= 2 * 60


def test_the_same_rows_paint_nothing(basket: Watched) -> None:
    basket.set_rows(rows(8))
    basket.forget()
    basket.set_rows(rows(8))
    QApplication.processEvents()
    assert basket.painted.isEmpty()


def test_two_hundred_lines_cost_a_scan_no_more_than_five(basket: Watched) -> None:
    basket.set_rows(rows(200))
    basket.forget()
    basket.set_rows(rows(201))
    QApplication.processEvents()
    assert basket.drawn == [201]


def test_the_newest_line_is_scrolled_into_sight(basket: Watched) -> None:
    basket.set_rows(rows(500))
    assert is_in_sight(basket, 500)
    basket.verticalScrollBar().setValue(0)
    basket.set_rows((*rows(2), row(3, quantity="7"), *rows(500)[3:]))
    assert is_in_sight(basket, 3)


def test_rows_are_a_fingers_height_and_grow_with_their_details(basket: Watched) -> None:
    basket.set_rows((row(1), row(2, details=("任選三件 −$7",)), row(3, details=("a", "b"))))
    heights = [b - a for a, b in zip(basket._tops, basket._tops[1:], strict=False)]
    assert heights[0] >= 48
    assert heights[0] < heights[1] < heights[2]


def test_a_finger_selects_and_a_second_tap_asks_for_more(basket: Watched) -> None:
    basket.set_rows(rows(6))
    selected: list[object] = []
    activated: list[int] = []
    basket.selection_changed.connect(selected.append)
    basket.activated.connect(activated.append)
    second = QPoint(200, basket._tops[1] + 10)
    QTest.mouseClick(basket.viewport(), Qt.MouseButton.LeftButton, pos=second)
    QTest.mouseClick(basket.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert (selected, activated) == ([2], [2])
    below = QPoint(200, basket._tops[-1] + 30)
    QTest.mouseClick(basket.viewport(), Qt.MouseButton.LeftButton, pos=below)
    assert selected == [2, None]


def test_a_finger_that_moves_scrolls_and_selects_nothing(basket: Watched) -> None:
    basket.set_rows(rows(100))
    before = basket.verticalScrollBar().value()
    QTest.mousePress(basket.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    QTest.mouseMove(basket.viewport(), QPoint(200, 300))
    QTest.mouseRelease(basket.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 300))
    assert basket.verticalScrollBar().value() == before - 200
    assert basket.selected is None


def test_the_arrow_keys_walk_the_lines(basket: Watched) -> None:
    basket.set_rows(rows(3))
    walked = []
    for rows_down in (1, -1, -8, 1, 8):
        basket.step(rows_down)
        walked.append(basket.selected)
    assert walked == [None, 3, 1, 2, None]


def test_a_selection_goes_with_its_line(basket: Watched) -> None:
    heard: list[object] = []
    basket.set_rows(rows(3))
    basket.select(2)
    basket.selection_changed.connect(heard.append)
    basket.set_rows((row(1), row(3)))
    assert basket.selected is None
    assert heard == [None]


def test_the_selected_line_looks_selected_and_no_other(basket: Watched) -> None:
    basket.set_rows(rows(3))
    basket.select(2)
    image = shown(basket)
    soft, plain = QColor(COLOURS[Mode.LIGHT].accent_soft), QColor(COLOURS[Mode.LIGHT].surface)
    right = image.width() - 2
    assert image.pixelColor(right, basket._tops[1] + 5) == soft
    assert image.pixelColor(right, basket._tops[0] + 5) == plain
    assert image.pixelColor(right, basket._tops[2] + 5) == plain


def test_a_new_look_and_a_new_language_are_painted_at_once(basket: Watched, look: Theme) -> None:
    basket.set_rows((row(1, is_void=True),))
    light = shown(basket)
    look.set_mode(Mode.DARK)
    dark = shown(basket)
    assert dark.pixelColor(dark.width() - 2, 5) == QColor(COLOURS[Mode.DARK].surface)
    assert light != dark
    i18n.set_language("en")
    assert shown(basket) != dark


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("add", "drop", "change", "detail", "void", "clear", "select", "scroll")),
            st.integers(0, 40),
        ),
        max_size=25,
    )
)
def test_whatever_happens_the_screen_shows_what_a_fresh_basket_would(steps: list[tuple[str, int]]) -> None:
    """Pictures kept, rows skipped and areas not painted must never be seen."""
    kept, fresh = BasketView(), BasketView()
    for view in (kept, fresh):
        view.resize(700, 400)
        view.show()
    lines: list[RowData] = []
    made = 0
    for deed, value in steps:
        here = value % len(lines) if lines else 0
        if deed == "add":
            made += 1
            lines.append(row(made, is_return=value % 3 == 0))
        elif deed == "clear":
            lines = []
        elif deed == "select":
            kept.select(lines[here].number if lines else None)
        elif deed == "scroll":
            kept.verticalScrollBar().setValue(value * 20)
        elif lines and deed == "drop":
            del lines[here]
        elif lines and deed == "change":
            lines[here] = replace(lines[here], quantity=str(value), is_discounted=value % 2 == 0)
        elif lines and deed == "detail":
            lines[here] = replace(lines[here], details=("優惠",) * (value % 3))
        elif lines and deed == "void":
            lines[here] = replace(lines[here], is_void=True)
        kept.set_rows(tuple(lines))
        QApplication.processEvents()
    fresh._newest = kept._newest
    fresh._selected = kept._selected
    fresh.set_rows(tuple(lines))
    fresh._newest = kept._newest
    fresh.verticalScrollBar().setValue(kept.verticalScrollBar().value())
    fresh.viewport().update()
    QApplication.processEvents()
    on_screen = kept.window().windowHandle()
    assert on_screen is not None
    seen = kept.screen().grabWindow(kept.winId()).toImage()
    wanted = fresh.screen().grabWindow(fresh.winId()).toImage()
    kept.deleteLater()
    fresh.deleteLater()
    assert seen == wanted


def test_an_empty_basket_says_that_it_is_ready(basket: Watched) -> None:
    empty = shown(basket)
    basket.set_rows(rows(1))
    basket.set_rows(())
    assert shown(basket) == empty
    assert len({empty.pixel(x, empty.height() // 2 - 20) for x in range(empty.width())}) > 1


def test_a_reader_of_screens_hears_the_newest_line_or_the_selected_one(basket: Watched) -> None:
    assert basket.accessibleDescription() == "沒有商品"
    basket.set_rows(rows(3))
    assert "商品 3" in basket.accessibleDescription()
    basket.select(1)
    assert "商品 1" in basket.accessibleDescription()
    i18n.set_language("en")
    assert basket.accessibleDescription().startswith("3 lines. Line 1")


def test_a_narrow_window_keeps_the_amounts(window: QWidget, qtbot: QtBot) -> None:
    basket = BasketView()
    qtbot.addWidget(basket)
    basket.resize(basket.minimumSizeHint())
    basket.show()
    basket.set_rows((row(1, name="很長的名字" * 12, amount="1,234,567"),))
    narrow = shown(basket)
    basket.set_rows((row(1, name="很長的名字" * 12, amount="1,234,568"),))
    assert shown(basket) != narrow
