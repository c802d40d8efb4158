"""One line over time, a dashed one for the period compared with, a thin guide, and a band where the truth is only likely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.charts.axes import Axes, axes_for, draw_axes
from ui.charts.chart import HEIGHT_PIXELS, Chart, LegendEntry, Mark
from ui.charts.values import Band, Point, Series

DOT_PIXELS: Final = 5


class LineChart(Chart):
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
        self._band = Band(Series("", ()))

    def show_band(self, band: Band, title: str, hint: str = "") -> None:
        self._band = band
        self.changed()
        self.tell(title, hint)

    def legend(self) -> tuple[LegendEntry, ...]:
        band, colours = self._band, theme.current().colours
        entries = [LegendEntry(band.series.name, colours.accent)]
        if band.series.before and band.series.before_name:
            entries.append(LegendEntry(band.series.before_name, colours.warn_sign, Qt.PenStyle.DashLine))
        if band.guide and band.guide_name:
            entries.append(LegendEntry(band.guide_name, colours.edge, Qt.PenStyle.DotLine))
        return tuple(entries) if len(entries) > 1 else ()

    def lay_out(self, area: QRect) -> tuple[Mark, ...]:
        points = self._band.series.points
        if not points:
            return ()
        axes = axes_for(area, self._top(), self._say)
        return tuple(
            Mark(axes.slot(index, len(points)), point.words, point.key) for index, point in enumerate(points)
        )

    def draw(self, painter: QPainter, area: QRect, at: int | None) -> None:
        band = self._band
        points = band.series.points
        if not points:
            return
        colours = theme.current().colours
        axes = axes_for(area, self._top(), self._say)
        draw_axes(painter, axes, [point.label for point in points], self._say)
        count = len(points)
        if band.low and band.high:
            self._draw_band(painter, axes, count)
        if band.guide:
            _draw_line(painter, axes, band.guide, count, QPen(QColor(colours.edge), 2, Qt.PenStyle.DotLine))
        if band.series.before:
            pen = QPen(QColor(colours.warn_sign), 2, Qt.PenStyle.DashLine)
            _draw_line(painter, axes, [point.amount for point in band.series.before], count, pen)
        known = count if band.from_index is None else band.from_index + 1
        amounts = [point.amount for point in points]
        _draw_line(painter, axes, amounts[:known], count, QPen(QColor(colours.accent), 3))
        if known < count:
            pen = QPen(QColor(colours.accent), 3, Qt.PenStyle.DotLine)
            _draw_line(painter, axes, amounts[known - 1 :], count, pen, start=known - 1)
        if at is not None:
            self._draw_dot(painter, axes, points[at], at, count)

    def _draw_band(self, painter: QPainter, axes: Axes, count: int) -> None:
        first = count - len(self._band.low)
        upper = [_place(axes, first + i, count, amount) for i, amount in enumerate(self._band.high)]
        lower = [_place(axes, first + i, count, amount) for i, amount in enumerate(self._band.low)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().colours.accent_soft))
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))

    def _draw_dot(self, painter: QPainter, axes: Axes, point: Point, index: int, count: int) -> None:
        look = theme.current()
        painter.setPen(QPen(QColor(look.colours.surface), 2))
        painter.setBrush(QColor(look.colours.accent))
        radius = look.px(DOT_PIXELS)
        painter.drawEllipse(_place(axes, index, count, point.amount), radius, radius)

    def _top(self) -> float:
        series = self._band.series
        amounts = [point.amount for point in (*series.points, *series.before)]
        return max((*amounts, *self._band.high, *self._band.guide), default=0.0)


def _place(axes: Axes, index: int, count: int, amount: float) -> QPointF:
    return QPointF(axes.slot(index, count).center().x(), axes.y(amount))


def _draw_line(
    painter: QPainter, axes: Axes, amounts: Sequence[float], count: int, pen: QPen, *, start: int = 0
) -> None:
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        QPolygonF([_place(axes, start + index, count, amount) for index, amount in enumerate(amounts)])
    )
