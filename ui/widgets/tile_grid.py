"""Quick keys: pages of coloured tiles for what has no barcode. What a tile stands for is its screen's business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n import t
from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.painting import rounded_box, words

PAGES_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class TileData:
    """One quick key. `page` and `position` count from 0, row by row; `colour` is a name of the theme's palette; `value` comes back."""

    page: int
    position: int
    label: str
    colour: str
    value: object
    detail: str = ""


class TileButton(QAbstractButton):
    """A tile as it looks."""

    def __init__(self, data: TileData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.setText(data.label)
        self.setAccessibleName(f"{data.label} {data.detail}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.touch(120), look.touch(72))

    def minimumSizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.touch(72), look.touch(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        tile = look.tile(self.data.colour)
        painter = QPainter(self)
        edge = tile.bar if self.isDown() or self.underMouse() else ""
        rounded_box(painter, self.rect(), Radius.M, tile.ground, edge, 2)
        bar = QRect(look.px(10), look.px(8), look.px(22), look.px(4))
        rounded_box(painter, bar, 2, tile.bar)
        self._paint_words(painter, tile.text)

    def _paint_words(self, painter: QPainter, ink: str) -> None:
        look = theme.current()
        pad = look.px(10)
        area = self.rect().adjusted(pad, look.px(16), -pad, -look.px(6))
        if self.data.detail:
            line = look.px(22)
            below = QRect(area.left(), area.bottom() - line + 1, area.width(), line)
            words(painter, below, self.data.detail, font=look.font(TypeRole.CAPTION), colour=ink)
            area.setBottom(below.top())
        font = look.font(TypeRole.BODY)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        metrics = QFontMetrics(font)
        if (
            metrics.horizontalAdvance(self.data.label) <= area.width()
            or area.height() < 2 * metrics.capHeight() * 1.8
        ):
            words(painter, area, self.data.label, font=font, colour=ink)
        else:
            painter.drawText(area, flags | Qt.TextFlag.TextWrapAnywhere, self.data.label)


class TileGrid(QWidget):
    """The pages.

    Signals:
        pressed(object): the `value` of the tile.
    """

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, columns: int = 4, rows: int = 5) -> None:
        super().__init__(parent)
        self._columns, self._rows = columns, rows
        self._tiles: tuple[TileData, ...] = ()
        self._page = 0
        self._shown: list[TileButton] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.S)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        for row in range(rows):
            self._grid.setRowStretch(row, 1)
        self._bar = QHBoxLayout()
        self._bar.setSpacing(Space.S)
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(self._grid, 1)
        layout.addLayout(self._bar)

    @property
    def page(self) -> int:
        return self._page

    @property
    def tiles(self) -> tuple[TileButton, ...]:
        """The tiles of the page that is shown."""
        return tuple(self._shown)

    def set_tiles(self, tiles: Sequence[TileData]) -> None:
        """Show these; a tile beyond the last place of its page is not shown."""
        if tuple(tiles) == self._tiles:
            return
        self._tiles = tuple(tiles)
        self._make_bar()
        self.show_page(min(self._page, self._page_count() - 1))

    def show_page(self, page: int) -> None:
        self._page = max(0, page)
        for tile in self._shown:
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._shown = []
        for data in self._tiles:
            if data.page == self._page and data.position < self._columns * self._rows:
                self._show(data)
        for button in self._group.buttons():
            button.setChecked(self._group.id(button) == self._page)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name_pages()
        super().changeEvent(event)

    def _show(self, data: TileData) -> None:
        tile = TileButton(data, self)
        tile.clicked.connect(lambda: self.pressed.emit(data.value))
        self._grid.addWidget(tile, data.position // self._columns, data.position % self._columns)
        tile.show()
        self._shown.append(tile)

    def _page_count(self) -> int:
        return min(PAGES_MAX, max((data.page for data in self._tiles), default=0) + 1)

    def _make_bar(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._bar.removeWidget(button)
            button.deleteLater()
        if self._page_count() == 1:
            return
        for page in range(self._page_count()):
            button = Button(parent=self, size="compact", repeats=True)
            button.show_plain(str(page + 1))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, page=page: self.show_page(page))
            self._group.addButton(button, page)
            self._bar.addWidget(button, 1)
        self._name_pages()

    def _name_pages(self) -> None:
        for button in self._group.buttons():
            button.setAccessibleName(t("ui.tiles.page", number=self._group.id(button) + 1))
