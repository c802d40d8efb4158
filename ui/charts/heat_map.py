"""A map of cells: hours by weekdays, recency by frequency, or the triangle of who came back. The darker, the more."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.charts.chart import HEIGHT_PIXELS, Chart, Mark
from ui.charts.values import Cell, Grid
from ui.theme import Space, TypeRole
from ui.widgets.painting import focus_ring, rounded_box, words

GAP_PIXELS: Final = 2
HEADING_PIXELS: Final = 22
VALUE_ROOM: Final = 1.05


class HeatMap(Chart):
    def __init__(self, parent: QWidget | None = None, *, height: int = HEIGHT_PIXELS) -> None:
        super().__init__(parent, height=height)
        self._grid = Grid((), (), ())

    def show_grid(self, grid: Grid, title: str, hint: str = "") -> None:
        self._grid = grid
        self.changed()
        self.tell(title, hint)

    def lay_out(self, area: QRect) -> tuple[Mark, ...]:
        return tuple(Mark(rect, cell.words, cell.key) for rect, cell in self._cells(area))

    def step(self, right: int, down: int) -> int | None:
        """Sideways through the cells row by row; up and down to the nearest cell of the row that is next to have one."""
        if right or self._at is None or not self._marks:
            return super().step(right, down)
        here = self._marks[self._at].rect
        beyond = [
            (
                abs(mark.rect.center().y() - here.center().y()),
                abs(mark.rect.center().x() - here.center().x()),
                index,
            )
            for index, mark in enumerate(self._marks)
            if (mark.rect.top() - here.top()) * down >= here.height()
        ]
        return min(beyond)[2] if beyond else self._at

    def draw(self, painter: QPainter, area: QRect, at: int | None) -> None:
        if not self._grid.rows:
            return
        look = theme.current()
        self._draw_headings(painter, area)
        font = look.font(TypeRole.CAPTION)
        metrics = QFontMetrics(font)
        cells = self._cells(area)
        for index, (rect, cell) in enumerate(cells):
            assert cell.heat is not None
            rounded_box(painter, rect, min(look.px(Space.XS), rect.height() // 4), _shade(cell.heat))
            if (
                metrics.horizontalAdvance(cell.value) * VALUE_ROOM <= rect.width()
                and metrics.height() <= rect.height()
            ):
                colour = _ink(_shade(cell.heat))
                words(
                    painter, rect, cell.value, font=font, colour=colour, align=Qt.AlignmentFlag.AlignHCenter
                )
            if index == at:
                focus_ring(painter, rect, look.px(Space.XS), look.colours.warn_sign)

    def _draw_headings(self, painter: QPainter, area: QRect) -> None:
        look = theme.current()
        font, colour = look.font(TypeRole.CAPTION), look.colours.text_muted
        left, top, width, height = self._frame(area)
        if self._grid.corner:
            corner = QRect(area.left(), area.top(), left - area.left(), look.px(HEADING_PIXELS))
            words(painter, corner, self._grid.corner, font=font, colour=look.colours.text_faint)
        metrics = QFontMetrics(font)
        widest = max(metrics.horizontalAdvance(name) for name in self._grid.columns) + look.px(Space.XS)
        every = max(1, -(-widest // max(1, int(width))))
        for index in range(0, len(self._grid.columns), every):
            middle = round(left + width * (index + 0.5))
            row = QRect(middle - widest // 2, area.top(), widest, look.px(HEADING_PIXELS))
            words(
                painter,
                row,
                self._grid.columns[index],
                font=font,
                colour=colour,
                align=Qt.AlignmentFlag.AlignHCenter,
            )
        for index, name in enumerate(self._grid.rows):
            row = QRect(
                area.left(), round(top + height * index), left - area.left() - look.px(Space.S), round(height)
            )
            words(painter, row, name, font=font, colour=colour)

    def _cells(self, area: QRect) -> list[tuple[QRect, Cell]]:
        """Those that there are, row by row."""
        if not self._grid.rows:
            return []
        left, top, width, height = self._frame(area)
        gap = theme.current().px(GAP_PIXELS)
        placed = []
        for number, row in enumerate(self._grid.cells):
            for index, cell in enumerate(row):
                if cell.heat is not None:
                    x, y = round(left + width * index), round(top + height * number)
                    right, bottom = round(left + width * (index + 1)), round(top + height * (number + 1))
                    placed.append((QRect(x, y, max(1, right - x - gap), max(1, bottom - y - gap)), cell))
        return placed

    def _frame(self, area: QRect) -> tuple[int, int, float, float]:
        """Where the cells begin, and how wide and high each is."""
        look = theme.current()
        metrics = QFontMetrics(look.font(TypeRole.CAPTION))
        names = (*self._grid.rows, self._grid.corner)
        left = area.left() + max(metrics.horizontalAdvance(name) for name in names) + look.px(Space.M)
        top = area.top() + look.px(HEADING_PIXELS)
        width = (area.right() - left) / max(1, len(self._grid.columns))
        height = (area.bottom() - top) / max(1, len(self._grid.rows))
        return left, top, width, height


def _shade(heat: float) -> str:
    """From the ground of the panel to the accent."""
    colours = theme.current().colours
    low, high = QColor(colours.sunken), QColor(colours.accent)
    share = min(1.0, max(0.0, heat))

    def mix(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QColor(
        mix(low.red(), high.red()), mix(low.green(), high.green()), mix(low.blue(), high.blue())
    ).name()


def _ink(ground: str) -> str:
    """Whichever of the two inks stands out more on this ground."""
    colours = theme.current().colours
    light = QColor(ground).lightnessF()
    return max((colours.text, colours.on_accent), key=lambda ink: abs(QColor(ink).lightnessF() - light))
