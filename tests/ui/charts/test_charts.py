"""A chart's marks can be looked at with the mouse and with the keys, chosen, read aloud and saved as a picture."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.charts.examples import forecast, hours, triangle
from ui import theme
from ui.charts.chart import Chart
from ui.charts.columns import ColumnChart
from ui.charts.values import Series, ticks
from ui.tokens import Mode

MAKERS = (hours, forecast, triangle)


@pytest.fixture(params=MAKERS, ids=lambda maker: maker.__name__)
def chart(request: pytest.FixtureRequest, qtbot: QtBot) -> Chart:
    made: Chart = request.param()
    qtbot.addWidget(made)
    made.resize(640, 280)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_every_mark_lies_in_the_picture_and_none_lies_on_another(chart: Chart) -> None:
    assert chart.marks
    for index, mark in enumerate(chart.marks):
        assert chart.rect().contains(mark.rect)
        assert not any(
            mark.rect.adjusted(1, 1, -1, -1).intersects(other.rect.adjusted(1, 1, -1, -1))
            for other in chart.marks[:index]
        )


def test_what_the_mouse_points_at_is_said_and_forgotten_when_it_leaves(chart: Chart) -> None:
    hint = chart.said
    place = QPointF(chart.marks[2].rect.center())
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(chart, move)
    assert chart.said == chart.marks[2].words
    assert chart.accessibleDescription() == chart.marks[2].words
    chart.look_at(None)
    assert chart.said == hint


def test_the_arrow_keys_walk_over_the_marks(chart: Chart, qtbot: QtBot) -> None:
    chart.setFocus()
    for _ in range(3):
        qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.said == chart.marks[2].words
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.said == chart.marks[1].words
    for _ in range(len(chart.marks) + 3):
        qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.said == chart.marks[-1].words


def test_enter_and_a_click_choose_what_has_rows_behind_it(qtbot: QtBot) -> None:
    chart = hours()
    qtbot.addWidget(chart)
    chart.resize(640, 280)
    chosen: list[str] = []
    chart.chosen.connect(chosen.append)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.marks[3].rect.center())
    assert chosen == ["hour:10", "hour:13"]


def test_a_chart_is_saved_as_it_looks_in_both_modes(chart: Chart, tmp_path: Path) -> None:
    pictures = []
    for mode in (Mode.LIGHT, Mode.DARK):
        theme.current().set_mode(mode)
        path = tmp_path / f"{mode}.png"
        assert chart.save_picture(path)
        pictures.append(QImage(str(path)))
    light, dark = pictures
    assert light.width() == chart.width() * 2
    assert light.pixelColor(2, 2).lightness() > dark.pixelColor(2, 2).lightness()


def test_an_empty_chart_has_no_marks_and_takes_every_key(qtbot: QtBot) -> None:
    chart = ColumnChart(str)
    qtbot.addWidget(chart)
    chart.show_series(Series("", ()), "今天還沒有銷售")
    chart.resize(400, 200)
    chart.show()
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert chart.marks == ()
    assert chart.said == ""


@given(st.floats(min_value=0, max_value=1e12, allow_nan=False), st.integers(min_value=2, max_value=8))
def test_steps_are_even_begin_at_nothing_and_reach_the_top(top: float, wanted: int) -> None:
    steps = ticks(top, wanted)
    assert steps[0] == 0
    assert steps[-1] >= top
    assert 2 <= len(steps) <= 2 * wanted + 3
    gaps = {round(b - a, 6) for a, b in pairwise(steps)}
    assert max(gaps) - min(gaps) <= 1e-3 * max(gaps)
