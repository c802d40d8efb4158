"""A chart's marks can be looked at with the mouse and with the keys, chosen, read aloud and saved as a picture."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.charts.examples import compared_line, forecast, hours, triangle
from ui import theme
from ui.charts.chart import Chart
from ui.charts.columns import ColumnChart
from ui.charts.picture import save_picture
from ui.charts.values import Series, ticks
from ui.tokens import Mode

MAKERS = (hours, forecast, triangle, compared_line)
DAY = date(2026, 11, 21)


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


def test_a_chart_is_saved_as_it_looks_in_both_modes_with_its_sentence_above(
    chart: Chart, tmp_path: Path
) -> None:
    pictures = []
    for mode in (Mode.LIGHT, Mode.DARK):
        theme.current().set_mode(mode)
        path = save_picture(chart, tmp_path, "chart", DAY)
        pictures.append(QImage(str(path)))
    light, dark = pictures
    assert light.width() == chart.width() * 2
    assert light.height() > chart.height() * 2
    assert light.pixelColor(2, 2).lightness() > dark.pixelColor(2, 2).lightness()
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "chart-20261121-2.png",
        "chart-20261121.png",
    ]


def test_a_picture_that_can_be_enlarged_holds_its_words(chart: Chart, tmp_path: Path) -> None:
    path = save_picture(chart, tmp_path, "chart", DAY, about="2026/11/01 至 2026/11/21", is_svg=True)
    drawn = path.read_text(encoding="utf-8")
    assert path.suffix == ".svg"
    assert chart.accessibleName() in drawn
    assert "2026/11/01 至 2026/11/21" in drawn
    assert chart.said not in drawn, "what keys do on the screen means nothing on paper"
    assert QSvgRenderer(str(path)).isValid()


def test_what_is_looked_at_is_not_in_the_picture(chart: Chart, tmp_path: Path) -> None:
    before = QImage(str(save_picture(chart, tmp_path, "chart", DAY)))
    chart.setFocus()
    chart.look_at(1)
    assert QImage(str(save_picture(chart, tmp_path, "chart", DAY))) == before


def test_a_picture_that_cannot_be_written_is_an_error(chart: Chart, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("no folder")
    with pytest.raises(OSError, match="file"):
        save_picture(chart, place, "chart", DAY)


def test_one_key_or_a_touch_asks_for_the_picture(chart: Chart, qtbot: QtBot) -> None:
    asked: list[bool] = []
    chart.save_requested.connect(asked.append)
    qtbot.keyClick(chart, Qt.Key.Key_S)
    qtbot.keyClick(chart, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart._save_place().center())
    assert asked == [False, True, False]


def test_up_and_down_walk_a_map_by_its_rows(qtbot: QtBot) -> None:
    chart = triangle()
    qtbot.addWidget(chart)
    chart.resize(640, 280)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.said.startswith("7 月的新客，1 個月後")
    qtbot.keyClick(chart, Qt.Key.Key_Up)
    assert chart.said.startswith("6 月的新客，1 個月後")
    qtbot.keyClick(chart, Qt.Key.Key_Up)
    assert chart.said.startswith("6 月的新客，1 個月後"), "there is no row above the first"
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.said == chart.marks[-1].words


def test_two_periods_are_told_apart_by_a_legend(qtbot: QtBot) -> None:
    chart = compared_line()
    qtbot.addWidget(chart)
    chart.resize(640, 280)
    assert [one.name for one in chart.legend()] == ["這段日子", "去年同期", "每個人都買一樣多"]
    assert len({one.colour for one in chart.legend()}) == 3
    assert hours().legend() == (), "without a name there is nothing to tell"


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
