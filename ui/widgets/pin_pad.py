"""Asks for a PIN: dots for what was keyed, a keypad for fingers, the digit keys for everyone else. The digits are never drawn."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import t
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import fold
from ui.widgets.text_label import TextLabel

PIN_LENGTH: Final = 6
_ORDER: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "⌫")


class PinPad(QWidget):
    """The pad. It holds what was keyed until it is complete or cleared, and forgets it then.

    Signals:
        completed(str): all digits are there.
    """

    completed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, length: int = PIN_LENGTH) -> None:
        super().__init__(parent)
        self._length = length
        self._digits = ""
        self._is_busy = False
        self._dots = _Dots(self, length)
        self._words = TextLabel("ui.pin.ask", type=TypeRole.BODY, tone="muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._keys: list[Button] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(self._words)
        layout.addWidget(self._dots)
        layout.addLayout(self._grid, 1)
        self._make_keys()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._speak()

    @property
    def count(self) -> int:
        """How many digits are there."""
        return len(self._digits)

    def ask(self, key: str = "ui.pin.ask", /, **fields: object) -> None:
        """Forget what was keyed and ask for it with these words."""
        self._words.set_tone("muted")
        self._words.show_text(key, **fields)
        self._set_digits("")
        self._dots.show_refused(False)

    def refuse(self, key: str, /, **fields: object) -> None:
        """Say why it was not accepted; the next digit begins anew."""
        self.ask(key, **fields)
        self._words.set_tone("danger")
        self._dots.show_refused(True)

    def set_busy(self, is_busy: bool) -> None:
        """While a PIN is being checked nothing can be keyed."""
        self._is_busy = is_busy
        for key in self._keys:
            key.setEnabled(not is_busy)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = fold(event.text())
        if event.key() == Qt.Key.Key_Backspace:
            self._on_backspace()
        elif len(text) == 1 and text.isdigit() and text.isascii():
            if not event.isAutoRepeat():
                self._on_digit(text)
        else:
            super().keyPressEvent(event)

    def _make_keys(self) -> None:
        for place, cap in enumerate(_ORDER):
            if not cap:
                continue
            key = Button("", Kind.SECONDARY, self, repeats=True)
            key.show_plain(cap)
            key.setProperty("pad", True)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            if cap.isdigit():
                key.clicked.connect(lambda _=False, digit=cap: self._on_digit(digit))
            else:
                key.clicked.connect(lambda: self._on_backspace())
            self._grid.addWidget(key, place // 3, place % 3)
            self._keys.append(key)

    def _on_digit(self, digit: str) -> None:
        if self._is_busy or len(self._digits) >= self._length:
            return
        self._dots.show_refused(False)
        self._set_digits(self._digits + digit)
        if len(self._digits) == self._length:
            self.completed.emit(self._digits)

    def _on_backspace(self) -> None:
        if not self._is_busy:
            self._set_digits(self._digits[:-1])

    def _set_digits(self, digits: str) -> None:
        self._digits = digits
        self._dots.show_count(len(digits))
        self._speak()

    def _speak(self) -> None:
        self.setAccessibleName(t("ui.pin.name"))
        self.setAccessibleDescription(t("ui.pin.spoken", count=len(self._digits), length=self._length))
        for key in self._keys:
            if key.text() == "⌫":
                key.setAccessibleName(t("ui.keypad.backspace"))


class _Dots(QWidget):
    """One ring for each digit, filled as they come."""

    def __init__(self, parent: QWidget, length: int) -> None:
        super().__init__(parent)
        self._length = length
        self._count = 0
        self._is_refused = False

    def show_count(self, count: int) -> None:
        self._count = count
        self.update()

    def show_refused(self, is_refused: bool) -> None:
        self._is_refused = is_refused
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(36) * self._length, look.px(36))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        c = look.colours
        ink = QColor(c.danger if self._is_refused else c.accent)
        ring = QColor(c.danger if self._is_refused else c.edge)
        step, radius = look.px(36), look.px(9)
        left = (self.width() - step * (self._length - 1)) / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in range(self._length):
            is_filled = place < self._count
            painter.setPen(QPen(ink if is_filled else ring, 2))
            painter.setBrush(ink if is_filled else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(left + place * step, self.height() / 2), radius, radius)
