"""A lamp with a word: how the printer, the network or the shift is. The state shows in the shape as well as in the colour."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygon
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import t
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.painting import words


class Lamp(StrEnum):
    IDLE = "idle"  # a ring: nothing to say
    GOOD = "good"  # a disc
    WARN = "warn"  # a triangle
    BAD = "bad"  # a square


class StatusLamp(QWidget):
    """One lamp. `show_state(Lamp.WARN, "sale.unsent", count=3)`."""

    def __init__(self, key: str = "", parent: QWidget | None = None, *, state: Lamp = Lamp.IDLE) -> None:
        super().__init__(parent)
        self._key = key
        self._fields: dict[str, object] = {}
        self._state = state
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.retranslate()

    @property
    def state(self) -> Lamp:
        return self._state

    def show_state(self, state: Lamp, key: str, /, **fields: object) -> None:
        if (state, key, fields) != (self._state, self._key, self._fields):
            self._state, self._key, self._fields = state, key, fields
            self.retranslate()

    @property
    def text(self) -> str:
        return t(self._key, None, **self._fields) if self._key else ""

    def retranslate(self) -> None:
        self.setAccessibleName(self.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        width = QFontMetrics(look.font(TypeRole.CAPTION)).horizontalAdvance(self.text)
        return QSize(width + look.px(12) + look.px(Space.S) + 2, look.px(28))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = look.px(12)
        self._paint_sign(painter, QRect(1, (self.height() - size) // 2, size, size))
        left = size + look.px(Space.S)
        ink = look.colours.danger_text if self._state is Lamp.BAD else look.colours.text_muted
        words(
            painter,
            QRect(left, 0, self.width() - left, self.height()),
            self.text,
            font=look.font(TypeRole.CAPTION),
            colour=ink,
        )

    def _paint_sign(self, painter: QPainter, box: QRect) -> None:
        c = theme.current().colours
        painter.setPen(Qt.PenStyle.NoPen)
        match self._state:
            case Lamp.IDLE:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(c.edge), 2))
                painter.drawEllipse(box.adjusted(1, 1, -1, -1))
            case Lamp.GOOD:
                painter.setBrush(QColor(c.good_sign))
                painter.drawEllipse(box)
            case Lamp.WARN:
                painter.setBrush(QColor(c.warn_sign))
                top = QPoint(box.center().x(), box.top())
                painter.drawPolygon(QPolygon([top, box.bottomLeft(), box.bottomRight()]))
            case Lamp.BAD:
                painter.setBrush(QColor(c.danger))
                painter.drawRect(box)
