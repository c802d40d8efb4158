"""Columns side by side, with a thin mark where the compared period stood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.charts.axes import axes_for, draw_axes
from ui.charts.chart import HEIGHT_PIXELS, Chart, LegendEntry, Mark
from ui.charts.values import Series
from ui.theme import Radius
from ui.widgets.painting import rounded_box

COLUMN_PERCENT: Final = 62
COLUMN_PIXELS_MAX: Final = 56


class ColumnChart(Chart):
    """``say`` writes an amount for the axis."""

    def __init__(
        self,
        say: Callable[[float], str],
        parent: QWidget | None = None,
        *,
        height: int = HEIGHT_PIXELS,
    ) -> None:
        super().__init__(parent, height=height)
        self._say = say
        self._series = Series("", ())

    def show_series(self, series: Series, title: str, hint: str = "") -> None:
        self._series = series
        self.changed()
        self.tell(title, hint)

    def legend(self) -> tuple[LegendEntry, ...]:
        series = self._series
        if not series.before or not series.before_name:
            return ()
        colours = theme.current().colours
        return (
            LegendEntry(series.name, colours.accent),
            LegendEntry(series.before_name, colours.warn_sign),
        )

    def lay_out(self, area: QRect) -> tuple[Mark, ...]:
        points = self._series.points
        if not points:
            return ()
        axes = axes_for(area, self._top(), self._say)
        return tuple(
            Mark(axes.slot(index, len(points)), point.words, point.key) for index, point in enumerate(points)
        )

    def draw(self, painter: QPainter, area: QRect, at: int | None) -> None:
        points, before = self._series.points, self._series.before
        if not points:
            return
        look = theme.current()
        axes = axes_for(area, self._top(), self._say)
        draw_axes(painter, axes, [point.label for point in points], self._say)
        for index, point in enumerate(points):
            slot = axes.slot(index, len(points))
            width = min(look.px(COLUMN_PIXELS_MAX), max(2, slot.width() * COLUMN_PERCENT // 100))
            left = slot.center().x() - width // 2
            top = round(axes.y(point.amount))
            column = QRect(left, top, width, axes.plot.bottom() - top)
            if column.height() > 0:
                colour = look.colours.accent if at in (None, index) else look.colours.edge_soft
                rounded_box(painter, column, min(look.px(Radius.S), width // 3), colour)
            if index < len(before):
                y = axes.y(before[index].amount)
                painter.setPen(QPen(QColor(look.colours.warn_sign), 2))
                painter.drawLine(QPointF(left - 3, y), QPointF(left + width + 3, y))

    def _top(self) -> float:
        every = (*self._series.points, *self._series.before)
        return max((point.amount for point in every), default=0.0)
