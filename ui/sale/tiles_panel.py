"""Quick keys: what has no barcode, one tap away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.item import Tile
from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.painting import rounded_box
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

COLUMNS: Final = 4
ROWS_MAX: Final = 6


class TilesPanel(QWidget):
    """The shop's quick keys, page by page.

    Signals:
        item_chosen(ItemId): a key was tapped.
    """

    item_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tile, ...] | None = None
        self._page = 1
        self._none = TextLabel("sale.tiles.none", self, type=TypeRole.BODY, tone="muted", wraps=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QHBoxLayout()
        self._pages.setSpacing(Space.S)
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.S)
        content = QVBoxLayout(self)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(Space.S)
        content.addWidget(self._none, 1)
        content.addLayout(self._grid, 1)
        content.addLayout(self._pages)

    def show_tiles(self, till: Till) -> None:
        tiles = till.store.catalogue.tiles()
        if tiles != self._tiles:
            self._tiles = tiles
            self._page = min((tile.page for tile in tiles), default=1)
            self._render()

    def _render(self) -> None:
        tiles = self._tiles or ()
        self._none.setVisible(not tiles)
        _empty(self._grid)
        _empty(self._pages)
        shown = sorted((tile for tile in tiles if tile.page == self._page), key=lambda tile: tile.position)
        for index, tile in enumerate(shown[: COLUMNS * ROWS_MAX]):
            key = TileKey(tile, self)
            key.clicked.connect(lambda _=False, each=tile: self.item_chosen.emit(each.item_id))
            self._grid.addWidget(key, index // COLUMNS, index % COLUMNS)
        pages = sorted({tile.page for tile in tiles})
        for page in pages if len(pages) > 1 else ():
            button = Button("", Kind.PRIMARY if page == self._page else Kind.SECONDARY, self, size="compact")
            button.show_plain(str(page))
            button.clicked.connect(lambda _=False, each=page: self._turn_to(each))
            self._pages.addWidget(button, 1)

    def _turn_to(self, page: int) -> None:
        self._page = page
        self._render()


class TileKey(QAbstractButton):
    """One quick key: its words on its colour."""

    def __init__(self, tile: Tile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = tile.colour
        self.setText(tile.label)
        self.setAccessibleName(tile.label)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.touch(84), look.touch(52))

    def minimumSizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.touch(44), look.touch(44))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        colours = look.tile(self._colour)
        painter = QPainter(self)
        rounded_box(painter, self.rect(), Radius.M, colours.bar if self.isDown() else colours.ground)
        bar = self.rect().adjusted(look.px(10), self.height() - look.px(7), -look.px(10), -look.px(3))
        rounded_box(painter, bar, 2, colours.bar)
        painter.setFont(look.font(TypeRole.BODY, is_bold=True))
        painter.setPen(colours.text)
        painter.drawText(
            self.rect().adjusted(look.px(6), 2, -look.px(6), -look.px(8)),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            self.text(),
        )


def _empty(layout: QGridLayout | QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
