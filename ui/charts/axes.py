"""The frame of a chart with amounts upwards: round steps with thin lines, labels below, as many as fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from ui import theme
from ui.charts.values import ticks
from ui.theme import Space, TypeRole
from ui.widgets.painting import words

LABEL_PIXELS: Final = 24


@dataclass(frozen=True, slots=True)
class Axes:
    """Where the picture proper stands, and how an amount becomes a height."""

    plot: QRect
    steps: tuple[float, ...]

    def y(self, amount: float) -> float:
        share = max(0.0, amount) / self.steps[-1]
        return self.plot.bottom() - share * self.plot.height()

    def slot(self, index: int, count: int) -> QRect:
        """The stretch of the ``index``-th of ``count`` labels."""
        left = self.plot.left() + self.plot.width() * index / count
        right = self.plot.left() + self.plot.width() * (index + 1) / count
        return QRect(round(left), self.plot.top(), max(1, round(right) - round(left)), self.plot.height())


def axes_for(area: QRect, top: float, say: Callable[[float], str]) -> Axes:
    look = theme.current()
    steps = ticks(top)
    metrics = QFontMetrics(look.font(TypeRole.CAPTION))
    left = max(metrics.horizontalAdvance(say(step)) for step in steps) + look.px(Space.S)
    plot = area.adjusted(left, look.px(Space.S), -look.px(Space.XS), -look.px(LABEL_PIXELS))
    return Axes(plot, steps)


def draw_axes(painter: QPainter, axes: Axes, labels: Sequence[str], say: Callable[[float], str]) -> None:
    look = theme.current()
    font, colours = look.font(TypeRole.CAPTION), look.colours
    metrics = QFontMetrics(font)
    for step in axes.steps:
        y = axes.y(step)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QPointF(axes.plot.left(), y), QPointF(axes.plot.right(), y))
        row = QRect(
            0, round(y) - metrics.height() // 2, axes.plot.left() - look.px(Space.S), metrics.height()
        )
        words(
            painter, row, say(step), font=font, colour=colours.text_faint, align=Qt.AlignmentFlag.AlignRight
        )
    _draw_labels(painter, axes, labels, metrics)


def _draw_labels(painter: QPainter, axes: Axes, labels: Sequence[str], metrics: QFontMetrics) -> None:
    """Every label, or every second, third … one, so that none touches the next."""
    if not labels:
        return
    look = theme.current()
    widest = max(metrics.horizontalAdvance(label) for label in labels) + look.px(Space.S)
    room = axes.plot.width() / len(labels)
    every = max(1, -(-widest // max(1, int(room))))
    for index in range(0, len(labels), every):
        slot = axes.slot(index, len(labels))
        middle = slot.center().x()
        row = QRect(middle - widest // 2, axes.plot.bottom() + look.px(Space.XS), widest, metrics.height())
        words(
            painter,
            row,
            labels[index],
            font=look.font(TypeRole.CAPTION),
            colour=look.colours.text_muted,
            align=Qt.AlignmentFlag.AlignHCenter,
        )
