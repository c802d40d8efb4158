"""Turns key presses into actions, before focus, so that a hotkey works wherever the cursor stands.

A press goes to one place only: the topmost sheet when one is open, else whoever listens to `action_requested`. Enter and Esc are not
handled here: they belong to the widget that has the focus, and to the sheet around it. Install it before the scan catcher: what the scanner
sends is then gone before this filter looks.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from ui.keys import FIXED, SIGNS, Action, KeyMap
from ui.widgets.entry_line import EntryLine
from ui.widgets.sheet import topmost


class Hotkeys(QObject):
    """The keyboard's actions for one application.

    Signals:
        action_requested(Action): the key of an action was pressed and no sheet is open.
    """

    action_requested = Signal(object)

    def __init__(self, application: QGuiApplication, keys: KeyMap) -> None:
        super().__init__(application)
        self._keys = keys
        self._is_watching = True
        application.installEventFilter(self)

    @property
    def keys(self) -> KeyMap:
        return self._keys

    def set_keys(self, keys: KeyMap) -> None:
        self._keys = keys

    def stop(self) -> None:
        """Watch no longer."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Every event of the application comes by here: the cheap question first.
        if type(event) is not QKeyEvent or event.type() != QEvent.Type.KeyPress:
            return False
        if not isinstance(watched, QWindow):
            return False
        action = self._keys.action_for(event)
        if action is None or action in FIXED or not self._counts(action):
            return False
        if not event.isAutoRepeat():
            self._dispatch(action)
        return True

    def _counts(self, action: Action) -> bool:
        if QApplication.activePopupWidget() is not None:
            return False
        if self._keys.key(action) not in SIGNS:
            return True
        focus = QApplication.focusWidget()
        return isinstance(focus, EntryLine) and focus.is_waiting()

    def _dispatch(self, action: Action) -> None:
        focus = QApplication.activeWindow()
        sheet = topmost(focus) if isinstance(focus, QWidget) else None
        if sheet is not None:
            sheet.action_requested.emit(action)
        else:
            self.action_requested.emit(action)
