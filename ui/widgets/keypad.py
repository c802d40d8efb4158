"""A keypad for fingers. It types into the line it is attached to, exactly as a keyboard would."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.i18n import t
from ui.theme import Space
from ui.widgets.buttons import Button, Kind

ENTER: Final = "Enter"
BACKSPACE: Final = "Backspace"

# What is printed, what it types, row, column, rows it takes.
_KEYS: Final = (
    ("7", "7", 0, 0, 1), ("8", "8", 0, 1, 1), ("9", "9", 0, 2, 1), ("⌫", BACKSPACE, 0, 3, 1),
    ("4", "4", 1, 0, 1), ("5", "5", 1, 1, 1), ("6", "6", 1, 2, 1), ("×", "*", 1, 3, 1),
    ("1", "1", 2, 0, 1), ("2", "2", 2, 1, 1), ("3", "3", 2, 2, 1), ("", ENTER, 2, 3, 2),
    ("0", "0", 3, 0, 1), ("00", "00", 3, 1, 1), (".", ".", 3, 2, 1),
)  # fmt: skip
_CODES: Final = {
    ENTER: (Qt.Key.Key_Return, "\r"),
    BACKSPACE: (Qt.Key.Key_Backspace, "\b"),
    "*": (Qt.Key.Key_Asterisk, "*"),
}


class Keypad(QWidget):
    """Digits, 00, ×, ⌫ and Enter.

    Signals:
        key_pressed(str): what a key types: a digit, "00", "*", ".", "Backspace" or "Enter".
    """

    key_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, enter_key: str = "ui.keypad.enter") -> None:
        super().__init__(parent)
        self._target: QWidget | None = None
        self._keys: dict[str, Button] = {}
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.S)
        for cap, typed, row, column, rows in _KEYS:
            self._add(cap, typed, enter_key).clicked.connect(
                lambda _=False, typed=typed: self._on_pressed(typed)
            )
            self._layout.addWidget(self._keys[typed], row, column, rows, 1)
        self.retranslate()

    def attach(self, target: QWidget | None) -> None:
        """Type into this widget from now on."""
        self._target = target

    def key(self, typed: str) -> Button:
        """The button that types this."""
        return self._keys[typed]

    def set_enter(self, key: str, /, **fields: object) -> None:
        """What the Enter key says: what it would do now."""
        self._keys[ENTER].show_text(key, **fields)

    def retranslate(self) -> None:
        self._keys[BACKSPACE].setAccessibleName(t("ui.keypad.backspace"))
        self._keys["*"].setAccessibleName(t("keys.quantity.short"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _add(self, cap: str, typed: str, enter_key: str) -> Button:
        is_enter = typed == ENTER
        key = Button(
            enter_key if is_enter else "",
            Kind.PRIMARY if is_enter else Kind.SECONDARY,
            self,
            repeats=not is_enter,
        )
        if not is_enter:
            key.show_plain(cap)
        key.setProperty("pad", True)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._keys[typed] = key
        return key

    def _on_pressed(self, typed: str) -> None:
        self.key_pressed.emit(typed)
        if self._target is None:
            return
        for name in (typed,) if typed in _CODES else tuple(typed):
            code, text = _CODES[name] if name in _CODES else (Qt.Key(ord(name)), name)
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                # Without a timestamp: a finger on glass has no echo that would have to be told from a second press.
                event = QKeyEvent(kind, code, Qt.KeyboardModifier.KeypadModifier, text)
                QCoreApplication.sendEvent(self._target, event)
