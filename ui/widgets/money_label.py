"""An amount in large figures: the currency small beside it, refunds in their own colour, and never cut off.

Where the figures do not fit, they are drawn smaller; an amount that lost a digit would be a wrong amount.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.money import Money, format_money
from ui import theme
from ui.theme import TypeRole

_SYMBOL_SHARE: Final = 0.48
_SMALLEST_PIXELS: Final = 12


class MoneyLabel(QWidget):
    """Shows one amount. `tone`: "", muted or accent; `is_right` puts it at the right edge."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        type: TypeRole = TypeRole.TOTAL,
        tone: str = "",
        is_right: bool = True,
        has_symbol: bool = True,
    ) -> None:
        super().__init__(parent)
        self._type = type
        self._tone = tone
        self._is_right = is_right
        self._has_symbol = has_symbol
        self._amount: Money | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def amount(self) -> Money | None:
        return self._amount

    def show_money(self, amount: Money | None) -> None:
        """Show this amount; None shows nothing."""
        if amount != self._amount:
            self._amount = amount
            self.setAccessibleName("" if amount is None else format_money(amount))
            self.updateGeometry()
            self.update()

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        figures, symbol = self._fonts(self._pixels())
        sign, text = self._texts()
        width = QFontMetrics(figures).horizontalAdvance(text) + QFontMetrics(symbol).horizontalAdvance(sign)
        return QSize(width + self._gap(), self._line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(80), self._line_height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._amount is None:
            return
        sign, text = self._texts()
        figures, symbol = self._fonts(self._fitting_pixels(sign, text))
        figure_metrics, symbol_metrics = QFontMetrics(figures), QFontMetrics(symbol)
        symbol_width = symbol_metrics.horizontalAdvance(sign) + (self._gap() if sign else 0)
        width = symbol_width + figure_metrics.horizontalAdvance(text)
        left = self.width() - width if self._is_right else 0
        baseline = (self.height() + figure_metrics.capHeight()) // 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(symbol)
        painter.setPen(QColor(self._symbol_ink()))
        painter.drawText(QPoint(left, baseline), sign)
        painter.setFont(figures)
        painter.setPen(QColor(self._ink()))
        painter.drawText(QPoint(left + symbol_width, baseline), text)

    def _texts(self) -> tuple[str, str]:
        if self._amount is None:
            return "", ""
        sign = self._amount.currency.symbol if self._has_symbol else ""
        return sign, format_money(self._amount, symbol=False)

    def _fonts(self, pixels: int) -> tuple[QFont, QFont]:
        figures = theme.current().font(self._type, is_bold=True)
        figures.setPixelSize(pixels)
        symbol = theme.current().font(self._type)
        symbol.setPixelSize(max(_SMALLEST_PIXELS, round(pixels * _SYMBOL_SHARE)))
        return figures, symbol

    def _pixels(self) -> int:
        return theme.current().font(self._type).pixelSize()

    def _fitting_pixels(self, sign: str, text: str) -> int:
        for pixels in range(self._pixels(), _SMALLEST_PIXELS, -2):
            figures, symbol = self._fonts(pixels)
            width = QFontMetrics(figures).horizontalAdvance(text) + QFontMetrics(symbol).horizontalAdvance(
                sign
            )
            if width + self._gap() <= self.width():
                return pixels
        return _SMALLEST_PIXELS

    def _line_height(self) -> int:
        # The typeface's own line is half as high again as its figures; a total has no need of that.
        return round(self._pixels() * 1.25)

    def _gap(self) -> int:
        return max(2, self._pixels() // 10)

    def _ink(self) -> str:
        colours = theme.current().colours
        if self._amount is not None and self._amount.minor < 0:
            return colours.danger_text
        return {"muted": colours.text_muted, "accent": colours.accent_text}.get(self._tone, colours.text)

    def _symbol_ink(self) -> str:
        return theme.current().colours.text_muted
