"""Two shares below each other, each with a line for how sure it is: those who got it, and those who were left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.charts.chart import Chart, Mark
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import rounded_box, words

HEIGHT_PIXELS: Final = 168
BAR_PIXELS: Final = 34
WHISKER_PIXELS: Final = 7
ROOM_ABOVE: Final = 1.1


@dataclass(frozen=True, slots=True)
class Share:
    """``low`` to ``high`` holds the truth in 95 of 100 cases; equal to ``share`` where nothing is said of it. Shares are 0 to 1."""

    label: str
    share: float
    low: float
    high: float
    value: str
    words: str


class CampaignBars(Chart):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height=HEIGHT_PIXELS)
        self._shares: tuple[Share, ...] = ()

    def show_shares(self, shares: Sequence[Share], title: str, hint: str) -> None:
        self._shares = tuple(shares)
        self.changed()
        self.tell(title, hint)

    def lay_out(self, area: QRect) -> tuple[Mark, ...]:
        return tuple(Mark(self._row(area, place), one.words) for place, one in enumerate(self._shares))

    def draw(self, painter: QPainter, area: QRect, at: int | None) -> None:
        look = theme.current()
        body, bold = look.font(TypeRole.BODY), look.font(TypeRole.BODY, is_bold=True)
        gap = look.px(Space.M)
        label = (
            max((QFontMetrics(body).horizontalAdvance(one.label) for one in self._shares), default=0) + gap
        )
        value = (
            max((QFontMetrics(bold).horizontalAdvance(one.value) for one in self._shares), default=0) + gap
        )
        top = max((one.high for one in self._shares), default=1.0) * ROOM_ABOVE or 1.0
        for place, one in enumerate(self._shares):
            row = self._row(area, place)
            words(
                painter,
                QRect(row.left(), row.top(), label, row.height()),
                one.label,
                font=body,
                colour=look.colours.text,
            )
            plot = row.adjusted(label, 0, -value, 0)
            self._draw_bar(
                painter, plot, one, top, is_strong=(place == 0 and at in (None, place)) or at == place
            )
            end = QRect(row.right() - value, row.top(), value, row.height())
            words(
                painter,
                end,
                one.value,
                font=bold,
                colour=look.colours.text,
                align=Qt.AlignmentFlag.AlignRight,
            )

    def _draw_bar(self, painter: QPainter, plot: QRect, one: Share, top: float, *, is_strong: bool) -> None:
        look = theme.current()
        high = min(plot.height(), look.px(BAR_PIXELS))
        middle = plot.center().y()
        width = max(2, round(plot.width() * one.share / top))
        bar = QRect(plot.left(), middle - high // 2, width, high)
        ground = look.colours.accent_soft if is_strong else look.colours.sunken
        edge = look.colours.accent if is_strong else look.colours.edge
        rounded_box(painter, bar, min(look.px(Radius.S), width // 2), ground, edge)
        if one.low >= one.high:
            return
        left = plot.left() + plot.width() * one.low / top
        right = plot.left() + plot.width() * one.high / top
        half = look.px(WHISKER_PIXELS)
        painter.setPen(QPen(QColor(look.colours.text), 2))
        painter.drawLine(QLineF(left, middle, right, middle))
        for x in (left, right):
            painter.drawLine(QLineF(x, middle - half, x, middle + half))

    def _row(self, area: QRect, place: int) -> QRect:
        high = area.height() // max(1, len(self._shares))
        return QRect(area.left(), area.top() + place * high, area.width(), high)
