"""The lamp of the counter's devices in the header: a dot while all is well, a sign with a few words when not. A tap leads to what to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import t
from ui import theme
from ui.devices.picture import LampWords
from ui.theme import Space
from ui.widgets.lamp_button import LampButton
from ui.widgets.status_lamp import StatusLamp


class DeviceLamp(LampButton):
    """Shows a `LampWords`; `clicked` is the ask for the list of devices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = LampWords()
        self._lamp = StatusLamp(parent=self)
        self._lamp.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, 0, Space.S, 0)
        row.addWidget(self._lamp)
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

    def _name(self) -> None:
        words = self._shown.words.text or t("devices_ui.lamp.all_well")
        self.setAccessibleName(t("devices_ui.lamp.name", None, words=words))
        self.setToolTip(words)
        self.updateGeometry()
