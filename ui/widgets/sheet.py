"""A modal panel inside the window: never a dialog of the operating system, so that it cannot be lost behind the window.

Esc is one step back, Enter presses the default button, Tab stays inside. While a sheet is open the window below gets neither keys nor
touches; when it goes, the focus returns to where it was, which is the one line.
"""

from __future__ import annotations

from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.enter_guard import enter_guard
from ui.theme import Mode, Space, TypeRole
from ui.widgets.painting import restyle
from ui.widgets.sheet_body import SheetBody
from ui.widgets.text_label import TextLabel

WIDTH: Final = 560
_SCRIM_OPACITY: Final = {Mode.LIGHT: 0.38, Mode.DARK: 0.62}


class Sheet(QWidget):
    """A panel over `window`. Fill `body`, add buttons, `open()` it; it lives until it is finished, then deletes itself.

    Signals:
        finished(object): it is closed; the result, or None when the operator stepped back.
        action_requested(Action): a hotkey was pressed while this sheet was the topmost.
    """

    finished = Signal(object)
    action_requested = Signal(object)

    def __init__(self, window: QWidget, title_key: str = "", *, width: int = WIDTH) -> None:
        super().__init__(window)
        self.hide()
        self._window = window
        self._width = width
        self._default: QAbstractButton | None = None
        self._first_focus: QWidget | None = None
        self._focus_before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.panel = QFrame(self)
        self.panel.setProperty("panel", "surface")
        self.title = TextLabel(title_key, self.panel, type=TypeRole.TITLE, wraps=True)
        self.title.setVisible(bool(title_key))
        self._area = SheetBody(self.panel)
        self.body = self._area.content
        self.buttons = QHBoxLayout()
        self._lay_out()
        window.installEventFilter(self)

    # --- what a screen calls ---

    def set_title(self, key: str, /, **fields: object) -> None:
        self.title.show_text(key, **fields)
        self.title.show()

    def add_button(self, button: QAbstractButton, *, is_default: bool = False) -> None:
        """Add a button at the right end; the default is what Enter presses."""
        self.buttons.addWidget(button)
        if is_default:
            self._default = button
            button.setProperty("answer", True)
            restyle(button)

    def set_first_focus(self, widget: QWidget) -> None:
        """Where the cursor stands when the sheet opens."""
        self._first_focus = widget

    def open(self) -> None:
        """Show it over everything."""
        self._focus_before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self._fit_panel()
        self.show()
        self.raise_()
        first = self._first_focus or next(iter(self._stops()), self)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self, result: object = None) -> None:
        """Close it with this result. A second call does nothing."""
        if self.isHidden():
            return
        self.hide()
        self._window.removeEventFilter(self)
        self._give_focus_back()
        self.finished.emit(result)
        self.deleteLater()

    def step_back(self) -> None:
        """What Esc does. A sheet with several steps goes back one of them."""
        self.finish(None)

    def confirm(self) -> None:
        """What Enter does where the focused widget has no use for it."""
        if self._default is not None and self._default.isEnabled():
            self._default.click()

    # --- Qt ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.confirm()
        elif event.key() == Qt.Key.Key_Escape:
            if not event.isAutoRepeat():
                self.step_back()
        # Nothing goes on to the window below.
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        stops = self._stops()
        if not stops:
            return True
        focus = QApplication.focusWidget()
        here = stops.index(focus) if focus in stops else (-1 if next else 0)
        stops[(here + (1 if next else -1)) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
            self._fit_panel()
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._fit_panel()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        scrim = QColor(look.colours.scrim)
        scrim.setAlphaF(_SCRIM_OPACITY[look.mode])
        QPainter(self).fillRect(self.rect(), scrim)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    # --- inside ---

    def _lay_out(self) -> None:
        content = QVBoxLayout(self.panel)
        content.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        content.setSpacing(Space.L)
        self.body.setSpacing(Space.M)
        self.buttons.setSpacing(Space.M)
        # It takes what the buttons leave, in two lines if need be: no button is ever cut off for it.
        self.keys_hint = TextLabel("ui.sheet.keys", self.panel, type=TypeRole.CAPTION, wraps=True)
        policy = self.keys_hint.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        policy.setRetainSizeWhenHidden(True)
        self.keys_hint.setSizePolicy(policy)
        self.buttons.addWidget(self.keys_hint, 1)
        content.addWidget(self.title)
        content.addWidget(self._area, 1)
        content.addLayout(self.buttons)
        around = QVBoxLayout(self)
        around.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        around.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignCenter)

    def _fit_panel(self) -> None:
        look = theme.current()
        room = self._window.size()
        self.panel.setFixedWidth(min(look.px(self._width), room.width() - 2 * Space.L))
        self.panel.setMaximumHeight(room.height() - 2 * Space.L)

    def _stops(self) -> list[QWidget]:
        """What Tab visits, in order."""
        return [
            widget
            for widget in self.panel.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isEnabled()
            and widget.isVisibleTo(self)
            and widget.focusProxy() is None
        ]

    def _give_focus_back(self) -> None:
        below = topmost(self._window)
        before = self._focus_before
        if before is not None and shiboken6.isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        elif below is not None:
            below.setFocus(Qt.FocusReason.OtherFocusReason)


def topmost(window: QWidget) -> Sheet | None:
    """The open sheet that the keyboard belongs to."""
    for child in reversed(window.children()):
        if isinstance(child, Sheet) and not child.isHidden():
            return child
    return None
