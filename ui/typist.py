"""Presses keys in a window as a person or a scanner would, for demonstrations, benchmarks and tests.

Every press goes to the window itself and carries a time of its own, so it takes the whole way a real key takes: scan catcher, hotkeys,
focused widget. Nothing waits: the time is told, not spent.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QWidget

from ui.scan_catcher import ScanCatcher

TYPING_GAP_MS: Final = 90
ENTER_GAP_MS: Final = 400
SCANNER_GAP_MS: Final = 8
REPEAT_GAP_MS: Final = 33


class Typist:
    """Ten fingers and a scanner at one window. With `scanner`, each key of a person is decided about at once."""

    def __init__(
        self, window: QWidget, scanner: ScanCatcher | None = None, *, started_at: int = 10_000
    ) -> None:
        self._window = window
        self._scanner = scanner
        self.now = started_at

    def type(self, text: str, *, gap_ms: int = TYPING_GAP_MS) -> None:
        """Key this text as a person does."""
        for character in text:
            self.now += gap_ms
            self._stroke(character)
            self._decide()

    def press(self, *names: str) -> None:
        """Press keys by name, as `ui.keys` spells them: ``F4``, ``Ctrl+Del``, ``Enter``, ``*``."""
        for name in names:
            self.now += ENTER_GAP_MS
            self._stroke(name)
            self._decide()

    def scan(self, code: str, *, gap_ms: int = SCANNER_GAP_MS, terminator: str = "Enter") -> None:
        """Send this code as a scanner does; "" sends no terminator."""
        self.now += ENTER_GAP_MS
        for key in (*code, *([terminator] if terminator else [])):
            self.now += gap_ms
            self._stroke(key)
        if not terminator:
            self._decide()

    def hold_down(self, name: str, repeats: int) -> None:
        """Lay a finger on a key and leave it there."""
        self.now += ENTER_GAP_MS
        self._send(QEvent.Type.KeyPress, name)
        for _ in range(repeats):
            self.now += REPEAT_GAP_MS
            self._send(QEvent.Type.KeyPress, name, is_repeat=True)
        self._send(QEvent.Type.KeyRelease, name)
        self._decide()

    def _stroke(self, name: str) -> None:
        self._send(QEvent.Type.KeyPress, name)
        self._send(QEvent.Type.KeyRelease, name)

    def _decide(self) -> None:
        if self._scanner is not None:
            self._scanner.flush()

    def _send(self, kind: QEvent.Type, name: str, *, is_repeat: bool = False) -> None:
        QCoreApplication.sendEvent(self._handle(), key_event(kind, name, self.now, is_repeat=is_repeat))

    def _handle(self) -> QWindow:
        handle = self._window.window().windowHandle()
        assert handle is not None, "the window must have been shown"
        return handle


def key_event(kind: QEvent.Type, name: str, at: int, *, is_repeat: bool = False) -> QKeyEvent:
    """The event of one key, by its name or its character, at a moment of the keyboard's clock."""
    if name == "Space":
        name = " "
    if len(name) == 1:
        modifiers = Qt.KeyboardModifier.ShiftModifier if name.isupper() else Qt.KeyboardModifier.NoModifier
        key = ord(name.upper()) if name.isascii() else Qt.Key.Key_unknown.value
        event = QKeyEvent(kind, key, modifiers, name, is_repeat)
    else:
        chord = QKeySequence.fromString(_SPELLED.get(name, name), QKeySequence.SequenceFormat.PortableText)
        combination = chord[0]  # type: ignore[index]  # the stub forgets __getitem__
        key = combination.key().value
        event = QKeyEvent(kind, key, combination.keyboardModifiers(), _TEXTS.get(name, ""), is_repeat)
    event.setTimestamp(at)
    return event


_SPELLED: Final = {"Enter": "Return"}
_TEXTS: Final = {"Enter": "\r", "Tab": "\t", "Esc": "\x1b", "Backspace": "\b"}
