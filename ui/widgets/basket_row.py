"""How one row of the basket looks. Drawn into a picture; the basket view keeps the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from app.i18n import t
from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import rounded_box

if TYPE_CHECKING:
    from ui.widgets.basket_view import RowData

_LEFT: Final = Qt.AlignmentFlag.AlignLeft
_RIGHT: Final = Qt.AlignmentFlag.AlignRight
_SINGLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class RowPainter:
    """Fonts, colours and columns for one width and one look. Made anew when either changes."""

    def __init__(self, width: int, pixel_ratio: float) -> None:
        look = theme.current()
        self.width = width
        self.ratio = pixel_ratio
        self._colours = look.colours
        self._row_height = look.touch(52)
        self._detail_height = look.px(22)
        self._pad = look.px(Space.M)
        self._bar = look.px(4)
        self._name_font = look.font(TypeRole.LEAD)
        self._amount_font = look.font(TypeRole.LEAD, is_bold=True)
        self._figure_font = look.font(TypeRole.BODY)
        self._small_font = look.font(TypeRole.CAPTION)
        self._void_font = QFont(self._name_font)
        self._void_font.setStrikeOut(True)
        self._chip_metrics = QFontMetrics(self._small_font)
        self._metrics = {
            id(font): QFontMetrics(font) for font in (self._name_font, self._void_font, self._small_font)
        }
        self._columns = self._lay_out(look.px)

    def height(self, row: RowData) -> int:
        """A finger's height, and a small line for each detail."""
        if not row.details:
            return self._row_height
        return self._row_height + self._detail_height * len(row.details) - self._pad // 3

    def picture(self, row: RowData, is_selected: bool) -> QPixmap:
        height = self.height(row)
        picture = QPixmap(round(self.width * self.ratio), round(height * self.ratio))
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(QColor(self._colours.accent_soft if is_selected else self._colours.surface))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(0, height - 1, self.width, 1, QColor(self._colours.line))
        self._paint_cells(painter, row)
        self._paint_details(painter, row)
        painter.end()
        return picture

    def paint_mark(self, painter: QPainter, row: QRect) -> None:
        """The bar at the left of the selected row and of the newest."""
        painter.fillRect(row.left(), row.top(), self._bar, row.height() - 1, QColor(self._colours.accent))

    def paint_header(self, painter: QPainter, rect: QRect, dirty: QRect) -> None:
        """The headings that lie in what is to be painted: the scroll bar beside them moves with every scan."""
        colours = self._colours
        painter.fillRect(rect, QColor(colours.surface))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colours.line))
        for name, (left, width, align) in self._columns.items():
            cell = QRect(left, rect.top(), width, rect.height())
            if cell.intersects(dirty):
                self._words(
                    painter, cell, t(f"ui.basket.{name}"), self._small_font, colours.text_muted, align
                )

    def _lay_out(self, px: object) -> dict[str, tuple[int, int, Qt.AlignmentFlag]]:
        assert callable(px)
        number, quantity, price, amount = px(34), px(64), px(96), px(108)
        left = self._bar + self._pad
        item_left = left + number
        amount_left = self.width - self._pad - amount
        price_left = amount_left - price
        quantity_left = price_left - quantity
        return {
            "number": (left, number, _LEFT),
            "item": (item_left, max(0, quantity_left - item_left - self._pad), _LEFT),
            "quantity": (quantity_left, quantity, _RIGHT),
            "unit_price": (price_left, price, _RIGHT),
            "amount": (amount_left, amount, _RIGHT),
        }

    def _paint_cells(self, painter: QPainter, row: RowData) -> None:
        c = self._colours
        ink = c.text_faint if row.is_void else c.text
        figures = c.text_faint if row.is_void else c.text_muted
        amount = c.danger_text if row.is_return and not row.is_void else ink
        if row.is_discounted and not (row.is_return or row.is_void):
            amount = c.accent_text
        self._words(painter, self._cell("number"), str(row.number), self._small_font, c.text_faint, _LEFT)
        self._paint_name(painter, row, ink)
        self._words(painter, self._cell("quantity"), row.quantity, self._figure_font, ink, _RIGHT)
        self._words(painter, self._cell("unit_price"), row.unit_price, self._figure_font, figures, _RIGHT)
        amount_font = self._void_font if row.is_void else self._amount_font
        self._words(painter, self._cell("amount"), row.amount, amount_font, amount, _RIGHT)

    def _paint_name(self, painter: QPainter, row: RowData, ink: str) -> None:
        cell = self._cell("item")
        if row.is_return or row.is_void:
            key, ground, colour = (
                ("ui.basket.void", self._colours.sunken, self._colours.text_muted)
                if row.is_void
                else ("ui.basket.return", self._colours.danger_soft, self._colours.danger_text)
            )
            cell.setLeft(cell.left() + self._paint_chip(painter, cell, t(key), ground, colour))
        font = self._void_font if row.is_void else self._name_font
        name = self._metrics[id(font)].elidedText(row.name, Qt.TextElideMode.ElideRight, cell.width())
        self._words(painter, cell, name, font, ink, _LEFT)

    def _paint_chip(self, painter: QPainter, cell: QRect, text: str, ground: str, colour: str) -> int:
        width = self._chip_metrics.horizontalAdvance(text) + self._pad
        height = round(self._chip_metrics.capHeight() * 2.4)
        chip = QRect(cell.left(), cell.center().y() - height // 2, width, height)
        rounded_box(painter, chip, Radius.S, ground)
        painter.setFont(self._small_font)
        painter.setPen(QColor(colour))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        return width + self._pad // 2 + 2

    def _paint_details(self, painter: QPainter, row: RowData) -> None:
        if not row.details:
            return
        left = self._columns["item"][0]
        price_left, price_width, _ = self._columns["unit_price"]
        wide = price_left + price_width - left
        colour = (
            self._colours.text_muted if row.is_void or not row.is_discounted else self._colours.accent_text
        )
        for index, detail in enumerate(row.details):
            top = self._row_height - self._pad + index * self._detail_height
            text = self._metrics[id(self._small_font)].elidedText(detail, Qt.TextElideMode.ElideRight, wide)
            cell = QRect(left, top, wide, self._detail_height)
            self._words(painter, cell, text, self._small_font, colour, _LEFT)

    def _cell(self, name: str) -> QRect:
        left, width, _ = self._columns[name]
        return QRect(left, 0, width, self._row_height - 1)

    @staticmethod
    def _words(
        painter: QPainter, cell: QRect, text: str, font: QFont, colour: str, align: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(cell, align | _SINGLE, text)
