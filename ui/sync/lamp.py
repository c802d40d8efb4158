"""The lamp of the talk with the central server: a sign of its own shape, and as many words as the header has room for.

The whole sentence is always in the tool tip and for screen readers; a tap leads to the page.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.service.sync_desk import LampLook, Sign, Tone
from ui import theme
from ui.theme import Colours, Space, TypeRole
from ui.widgets.lamp_button import LampButton
from ui.widgets.painting import words

SIGN_PIXELS: Final = 14


class SyncLamp(LampButton):
    """Shows a `LampLook`; `clicked` is the ask for the page. ``level`` chooses among its words; one past the last is the sign alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: LampLook | None = None
        self._level = 0
        self.hide()

    @property
    def look(self) -> LampLook | None:
        return self._look

    @property
    def shown_text(self) -> str:
        """The words that are shown now."""
        return self._text_at(self._level)

    @property
    def levels(self) -> int:
        """How many ways there are to show it, the sign alone among them."""
        return 0 if self._look is None else len(self._look.words) + 1

    def show_look(self, look: LampLook | None) -> None:
        self._look = look
        full = "" if look is None else look.full
        self.setAccessibleName(t("sync_ui.lamp.name", words=full))
        self.setToolTip(full)
        self.updateGeometry()
        self.update()

    def set_level(self, level: int) -> None:
        if level != self._level:
            self._level = level
            self.updateGeometry()
            self.update()

    def width_at(self, level: int) -> int:
        """The room it needs when it says this much."""
        look = theme.current()
        text = self._text_at(level)
        width = look.px(SIGN_PIXELS) + Space.M + Space.S + 2
        if text:
            width += look.px(Space.S) + QFontMetrics(look.font(TypeRole.CAPTION)).horizontalAdvance(text)
        return max(look.touch(44), width)

    def sizeHint(self) -> QSize:
        return QSize(self.width_at(self._level), theme.current().touch(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._look is None:
            return
        look = theme.current()
        painter = QPainter(self)
        size = look.px(SIGN_PIXELS)
        has_words = bool(self.shown_text)
        left = Space.M if has_words else (self.width() - size) // 2
        box = QRect(left, (self.height() - size) // 2, size, size)
        paint_sign(painter, box, self._look.sign, self._look.tone, look.colours)
        if has_words:
            start = box.right() + look.px(Space.S)
            words(
                painter,
                QRect(start, 0, self.width() - start, self.height()),
                self.shown_text,
                font=look.font(TypeRole.CAPTION),
                colour=_ink(self._look.tone, look.colours),
            )

    def _text_at(self, level: int) -> str:
        if self._look is None or level >= len(self._look.words):
            return ""
        return self._look.words[level].text


def paint_sign(painter: QPainter, box: QRect, sign: Sign, tone: Tone, colours: Colours) -> None:
    """The sign in a square box; its shape alone tells it from the others."""
    colour = QColor(_colour(tone, colours))
    stroke = max(2, box.width() // 6)
    pen = QPen(colour, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match sign:
        case Sign.TICK:
            painter.drawPolyline(_points(box, (0.08, 0.55), (0.38, 0.85), (0.95, 0.18)))
        case Sign.UP | Sign.DOWN:
            painter.drawPolyline(_points(box, *_ARROWS[sign][0]))
            painter.drawPolyline(_points(box, *_ARROWS[sign][1]))
        case Sign.CUT:
            ring = box.adjusted(1, 1, -1, -1)
            painter.drawEllipse(ring)
            painter.drawPolyline(_points(box, (0.2, 0.8), (0.8, 0.2)))
        case Sign.LOOK:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(
                QPen(QColor(colours.surface), stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            )
            middle = box.center().x()
            painter.drawLine(QPoint(middle, box.top() + 3), QPoint(middle, box.center().y() + 1))
            painter.drawPoint(QPoint(middle, box.bottom() - 2))
    painter.restore()


_Way = tuple[tuple[float, float], ...]
_ARROWS: Final[dict[Sign, tuple[_Way, _Way]]] = {
    Sign.UP: (((0.5, 0.95), (0.5, 0.1)), ((0.12, 0.45), (0.5, 0.08), (0.88, 0.45))),
    Sign.DOWN: (((0.5, 0.05), (0.5, 0.9)), ((0.12, 0.55), (0.5, 0.92), (0.88, 0.55))),
}


def _points(box: QRect, *shares: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in shares])


def _colour(tone: Tone, colours: Colours) -> str:
    match tone:
        case Tone.QUIET:
            return colours.text_muted
        case Tone.GOOD:
            return colours.good_sign
        case Tone.BUSY:
            return colours.accent
        case Tone.WARN:
            return colours.warn_sign
        case Tone.BAD:
            return colours.danger


def _ink(tone: Tone, colours: Colours) -> str:
    match tone:
        case Tone.BAD:
            return colours.danger_text
        case Tone.WARN:
            return colours.warn_text
        case _:
            return colours.text_muted
