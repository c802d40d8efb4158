"""A lamp that can be tapped: what all lamps of the header share. It never takes the focus from the one line; Tab reaches it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui import theme
from ui.enter_guard import enter_guard
from ui.theme import Radius
from ui.widgets.painting import focus_ring, rounded_box


class LampButton(QAbstractButton):
    """The ground under a lamp. Enter counts once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        if self.isDown():
            rounded_box(painter, self.rect(), Radius.M, look.colours.sunken)
        elif self.underMouse():
            rounded_box(painter, self.rect(), Radius.M, look.colours.accent_soft)
        if self.hasFocus():
            focus_ring(painter, self.rect(), Radius.M, look.colours.accent)
