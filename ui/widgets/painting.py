"""What painted widgets share: rounded boxes, words that fit, and asking the stylesheet again after a property changed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget


def restyle(widget: QWidget) -> None:
    """Make the stylesheet look at the widget's properties again."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def rounded_box(
    painter: QPainter, rect: QRect, radius: int, ground: str, edge: str = "", edge_pixels: int = 1
) -> None:
    """A filled box whose edge lies inside the rectangle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(ground))
    if edge:
        painter.setPen(QPen(QColor(edge), edge_pixels))
        inset = edge_pixels / 2
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        inset = 0.0
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)


def words(
    painter: QPainter,
    rect: QRect,
    text: str,
    *,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> int:
    """One line of words, vertically centred, cut with … where they do not fit. Returns the width they took."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, elide, rect.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)


def focus_ring(painter: QPainter, rect: QRect, radius: int, colour: str) -> None:
    """The mark of the keyboard's focus, two pixels inside the edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), 2))
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)
