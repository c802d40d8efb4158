"""Catches what a keyboard-wedge scanner sends, for the whole application, before focus and hotkeys.

A scanner is a keyboard that types faster than a person. Keys are held for as long as they might be a scan (35 ms by default): then they
go on to whatever has the focus, in their order, or they were a scan and nobody else ever sees them, the final Enter included. Time is
the keyboard's own (the event's timestamp), never the moment at which a busy till got round to it.

Only presses that arrive at a window are looked at: each key is seen there once, whatever widget has the focus. Install it after the
hotkeys, for the filter that was installed last looks first.

A person's key that came just before a scan is told from it where the code proves itself without that key. Capitals that Caps Lock turned
are turned back where the code's class proves it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication

from app.domain.entry import without_caps_lock
from ui.keys import key_name
from ui.scan_calibration import ScannerSettings
from ui.scan_strokes import Stroke, copy_of, strangers_before
from ui.widgets.entry_line import EntryLine, fold

__all__ = ["ScanCatcher", "ScannerSettings"]

SCAN_CHARACTERS_MAX: Final = 4_096
CERTAIN_GAP_MS: Final = 100
"""Within what is certainly a scan, a scanner may pause this long: some do, in the middle of a code."""
LATE_TERMINATOR_MS: Final = 150
"""An Enter this soon after a scan that ended without one is still the scanner's."""
TYPING_PAUSE_MS: Final = 400
"""Who typed a key less than this ago is typing."""
COMMITTED_LENGTH_MIN: Final = 8
"""Characters that came through an input method have no time of their own, so more of them are asked for."""
GARBLED_KEYS: Final = 6
"""As many keys at a scanner's speed, all eaten by an input method, were a scan that is lost."""
_DRAIN_MS: Final = 5
_GROUP_SEPARATOR: Final = "\x1d"


class _Kind(Enum):
    CHARACTER = auto()
    PREFIX = auto()
    TERMINATOR = auto()
    OTHER = auto()


class ScanCatcher(QObject):
    """The filter.

    Signals:
        scanned(str): a code, full-width characters folded, without prefix, suffix and terminator.
        caps_lock_noticed(): the code just told came with its capitals turned, and was put right.
        garbled(): an input method made something else of what looks like a scan; it is to be scanned again with the input method off.
    """

    scanned = Signal(str)
    caps_lock_noticed = Signal()
    garbled = Signal()

    def __init__(self, application: QGuiApplication, settings: ScannerSettings | None = None) -> None:
        super().__init__(application)
        self._settings = settings or ScannerSettings()
        self._held: list[Stroke] = []
        self._text = ""
        self._is_announced = False  # the prefix came: what follows is a scan however slow it starts
        self._has_committed = False  # some of it came through an input method
        self._last_at = 0  # the keyboard's time of the newest held key
        self._typed_at = -TYPING_PAUSE_MS
        self._scanned_at = -LATE_TERMINATOR_MS
        self._trusted: EntryLine | None = None  # the line that has the one held key already, on trust
        self._unreleased: set[int] = set()
        self._is_replaying = False
        self._is_composing = False
        self._has_drained = False
        self._on_stroke: Callable[[str, str, int], None] | None = None
        self._eaten = 0  # keys that an input method took one right behind the other
        self._eaten_at = 0
        self._wall = QElapsedTimer()
        self._wall.start()
        self._wall_at = 0
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setTimerType(Qt.TimerType.PreciseTimer)
        self._silence.timeout.connect(self._on_silence)
        application.installEventFilter(self)

    def set_settings(self, settings: ScannerSettings) -> None:
        self.flush()
        self._settings = settings

    def calibrate(self, on_stroke: Callable[[str, str, int], None] | None) -> None:
        """Until it is called with None, every key goes to `on_stroke` (name, character, the keyboard's time) and to nobody else."""
        self.flush()
        self._on_stroke = on_stroke

    def flush(self) -> None:
        """Decide about what is held now, as if the keyboard had fallen silent."""
        if self._is_scan():
            self._finish()
        else:
            self._let_go()

    def stop(self) -> None:
        """Watch no longer."""
        self.flush()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Every event of the application comes by here, a hundred for one repaint; asking its kind costs more than asking its class.
        if type(event) not in _WATCHED:
            return False
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            if self._is_replaying or not isinstance(watched, QWindow):
                return False
            assert isinstance(event, QKeyEvent)
            return self._on_press(watched, event)
        if kind == QEvent.Type.KeyRelease:
            if self._is_replaying or not isinstance(watched, QWindow):
                return False
            assert isinstance(event, QKeyEvent)
            return self._on_release(watched, event)
        if kind == QEvent.Type.InputMethod:
            assert isinstance(event, QInputMethodEvent)
            return not self._is_replaying and self._on_input_method(watched, event)
        if kind == QEvent.Type.MouseButtonPress and self._held and isinstance(watched, QWindow):
            self.flush()
        return False

    # --- what arrives ---

    def _on_press(self, window: QWindow, event: QKeyEvent) -> bool:
        """Whether the key is kept from everyone else, for now or for good."""
        self._unreleased.discard(event.key())
        if event.key() in _MODIFIERS:
            return False
        at = event.timestamp()
        if self._on_stroke is not None and event.key() != Qt.Key.Key_Escape:
            self._unreleased.add(event.key())
            self._on_stroke(_TERMINATOR_NAMES.get(event.key(), key_name(event)), event.text().strip(), at)
            return True
        if self._held and not self._continues(at):
            self.flush()
        kind = self._kind(event)
        if event.isAutoRepeat() or at == 0 or kind is _Kind.OTHER or self._is_composing:
            # Held down, sent by an assistive tool, no character, or part of a word in the making: never a scan.
            self.flush()
            return False
        if kind is _Kind.TERMINATOR:
            return self._on_terminator(event, at)
        if kind is _Kind.PREFIX:
            self._is_announced = True
        return self._hold(window, event, at, "" if kind is _Kind.PREFIX else event.text())

    def _on_terminator(self, event: QKeyEvent, at: int) -> bool:
        if self._held and self._is_scan():
            self._unreleased.add(event.key())
            self._finish()
            self._scanned_at = -LATE_TERMINATOR_MS
            return True
        if not self._held and 0 <= at - self._scanned_at <= LATE_TERMINATOR_MS:
            self._unreleased.add(event.key())
            self._scanned_at = -LATE_TERMINATOR_MS
            return True
        self.flush()
        return False

    def _on_release(self, window: QWindow, event: QKeyEvent) -> bool:
        key = event.key()
        if key in self._unreleased:
            if not event.isAutoRepeat():
                self._unreleased.discard(key)
            return True
        if self._trusted is None and any(stroke.is_press and stroke.key == key for stroke in self._held):
            self._held.append(Stroke(window, copy_of(event), key, is_press=False))
            return True
        return False

    def _on_input_method(self, receiver: QObject, event: QInputMethodEvent) -> bool:
        """An input method in full-width mode turns each key of a scan into a commit of one character."""
        self._is_composing = bool(event.preeditString())
        committed = event.commitString()
        if self._is_composing or len(committed) != 1 or not fold(committed).isascii():
            if committed or self._is_composing:
                self.flush()
                self._note_eaten()
            return False
        if self._held and self._wall.elapsed() - self._wall_at > self._tolerance():
            self.flush()
        copy = QInputMethodEvent("", [])
        copy.setCommitString(committed)
        self._has_committed = True
        self._append(Stroke(receiver, copy, 0, is_press=True), committed)
        event.accept()
        return True

    def _on_silence(self) -> None:
        # After a stall of the till the timer may be first in line, before keys that are waiting: let those in first.
        if not self._has_drained:
            self._has_drained = True
            self._silence.start(_DRAIN_MS)
            return
        self.flush()

    # --- holding ---

    def _hold(self, window: QWindow, event: QKeyEvent, at: int, text: str) -> bool:
        if self._trusted is not None:
            # A second key so soon: it was a scanner that the line trusted.
            trusted, self._trusted = self._trusted, None
            if shiboken6.isValid(trusted):
                trusted.retract()
        is_first = not self._held
        self._last_at = at
        self._append(Stroke(window, copy_of(event), event.key(), is_press=True, text=text, at=at), text)
        if self._settings.suffix and self._is_scan() and self._text.endswith(self._settings.suffix):
            self._finish()
            return True
        line = self._line_being_typed_in(at) if is_first and text else None
        if line is not None:
            self._trusted = line
            line.begin_provisional()
        return line is None

    def _append(self, stroke: Stroke, text: str) -> None:
        self._held.append(stroke)
        self._text += text
        self._wall_at = self._wall.elapsed()
        self._has_drained = False
        if len(self._text) >= SCAN_CHARACTERS_MAX:
            self.flush()
        else:
            self._silence.start(self._tolerance())

    def _line_being_typed_in(self, at: int) -> EntryLine | None:
        """The one line, while somebody types in it: there a key must appear at once, and can be taken back."""
        focus = QApplication.focusWidget()
        is_typing = 0 <= at - self._typed_at <= TYPING_PAUSE_MS
        return focus if is_typing and isinstance(focus, EntryLine) and not focus.is_waiting() else None

    def _tolerance(self) -> int:
        is_certain = self._is_announced or len(self._text) >= self._settings.length_min
        return max(CERTAIN_GAP_MS, self._settings.gap_ms) if is_certain else self._settings.gap_ms

    def _continues(self, at: int) -> bool:
        return 0 <= at - self._last_at <= self._tolerance()

    def _is_scan(self) -> bool:
        if self._has_committed:
            return len(self._text) >= max(COMMITTED_LENGTH_MIN, self._settings.length_min)
        return bool(self._text) if self._is_announced else len(self._text) >= self._settings.length_min

    # --- deciding ---

    def _finish(self) -> None:
        """It was a scan: what is held is nobody else's, except a person's keys from just before it."""
        strangers = self._part_from_strangers()
        code = fold(self._text).strip()
        self._unreleased |= {stroke.key for stroke in self._held if stroke.is_press and stroke.key}
        self._unreleased -= {stroke.key for stroke in self._held if not stroke.is_press}
        self._scanned_at = self._last_at
        self._forget()
        code = code.removeprefix(self._settings.prefix).removesuffix(self._settings.suffix)
        self._replay(strangers)
        right = without_caps_lock(code)
        if code:
            self.scanned.emit(right or code)
        if right:
            self.caps_lock_noticed.emit()

    def _part_from_strangers(self) -> list[Stroke]:
        """Take a person's keys from just before the scan away from it, and return them."""
        if self._is_announced or self._has_committed:
            return []
        strangers = strangers_before(self._held)
        if strangers:
            self._held = [stroke for stroke in self._held if stroke not in strangers]
            self._text = "".join(stroke.text for stroke in self._held)
            self._typed_at = max(stroke.at for stroke in strangers)
        return strangers

    def _let_go(self) -> None:
        """It was a person: everything goes on, in its order."""
        held, line = self._held, self._trusted
        if held and self._text:
            self._typed_at = self._last_at
        self._forget()
        if line is not None:
            if shiboken6.isValid(line):
                line.settle()
            return
        self._replay(held)

    def _replay(self, strokes: list[Stroke]) -> None:
        self._is_replaying = True
        try:
            for stroke in strokes:
                if shiboken6.isValid(stroke.receiver):
                    QCoreApplication.sendEvent(stroke.receiver, stroke.event)
        finally:
            self._is_replaying = False

    def _forget(self) -> None:
        self._silence.stop()
        self._held, self._trusted = [], None
        self._text = ""
        self._is_announced = self._has_committed = False

    def _note_eaten(self) -> None:
        """An input method that takes keys at a scanner's speed is eating a scan."""
        now = self._wall.elapsed()
        self._eaten = self._eaten + 1 if now - self._eaten_at <= self._settings.gap_ms else 1
        self._eaten_at = now
        if self._eaten == GARBLED_KEYS:
            self.garbled.emit()

    # --- what a key is ---

    def _kind(self, event: QKeyEvent) -> _Kind:
        text = event.text()
        prefix = self._settings.prefix
        if prefix and not self._held and prefix in (text, key_name(event)):
            return _Kind.PREFIX
        if event.key() in _TERMINATORS or text in ("\r", "\n"):
            is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            return _Kind.TERMINATOR if is_plain else _Kind.OTHER
        if text == _GROUP_SEPARATOR:
            return _Kind.CHARACTER
        is_chord = bool(event.modifiers() & _CHORDS)
        return _Kind.CHARACTER if len(text) == 1 and text.isprintable() and not is_chord else _Kind.OTHER


_WATCHED: Final = frozenset({QKeyEvent, QInputMethodEvent, QMouseEvent})
_TERMINATORS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_TERMINATOR_NAMES: Final = {
    Qt.Key.Key_Return.value: "Enter",
    Qt.Key.Key_Enter.value: "Enter",
    Qt.Key.Key_Tab.value: "Tab",
}
_MODIFIERS: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)
_CHORDS: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
