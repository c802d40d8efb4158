"""The seal: one character in a rounded square, as a shop stamps its name. It stands for a person, and for the product itself."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.theme import TypeRole
from ui.widgets.painting import rounded_box

BRAND = "熟"


def paint_seal(painter: QPainter, box: QRect, character: str, *, is_filled: bool = True) -> None:
    """A filled seal for somebody, an outlined one for nobody yet."""
    colours = theme.current().colours
    radius = box.width() // 4
    font = theme.current().font(TypeRole.TITLE, is_bold=is_filled)
    font.setPixelSize(round(box.height() * 0.56))
    if is_filled:
        rounded_box(painter, box, radius, colours.accent)
        painter.setPen(QColor(colours.on_accent))
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.edge), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        painter.setPen(QColor(colours.text_faint))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, character)


class Seal(QWidget):
    """The product's own seal, for the sign-on screen and the corner of the window."""

    def __init__(self, parent: QWidget | None = None, *, pixels: int = 56) -> None:
        super().__init__(parent)
        self._pixels = pixels

    def sizeHint(self) -> QSize:
        side = theme.current().px(self._pixels)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        side = min(self.width(), self.height())
        box = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        paint_seal(QPainter(self), box, BRAND)
