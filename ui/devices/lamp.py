"""The lamp of the counter's devices in the header: a dot while all is well, a sign with a few words when not. A tap leads to what to do.

It never takes the focus from the one line; Tab reaches it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.i18n import t
from ui import theme
from ui.devices.picture import LampWords
from ui.enter_guard import enter_guard
from ui.theme import Radius, Space
from ui.widgets.painting import focus_ring, rounded_box
from ui.widgets.status_lamp import StatusLamp


class DeviceLamp(QAbstractButton):
    """Shows a `LampWords`; `clicked` is the ask for the list of devices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = LampWords()
        self._lamp = StatusLamp(parent=self)
        self._lamp.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, 0, Space.S, 0)
        row.addWidget(self._lamp)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_lamp(self._shown)

    @property
    def shown(self) -> LampWords:
        return self._shown

    def show_lamp(self, shown: LampWords) -> None:
        self._shown = shown
        self._lamp.show_state(shown.lamp, shown.words.key, **shown.words.fields)
        self._name()

    def sizeHint(self) -> QSize:
        width = self._lamp.sizeHint().width() + Space.M + Space.S
        return QSize(max(theme.current().touch(44), width), theme.current().touch(44))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

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

    def _name(self) -> None:
        words = self._shown.words.text or t("devices_ui.lamp.all_well")
        self.setAccessibleName(t("devices_ui.lamp.name", None, words=words))
        self.setToolTip(words)
        self.updateGeometry()
