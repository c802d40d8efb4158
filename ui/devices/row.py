"""One device in the list: its sign, its name, how it is in a sentence, since when, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import t
from ui import theme
from ui.devices.picture import StateWords
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.status_lamp import Lamp, StatusLamp
from ui.widgets.text_label import TextLabel

_TONES = {Lamp.WARN: "warn", Lamp.BAD: "danger"}


class DeviceRow(QFrame):
    """Shows one device. `add` puts a button at its right end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self.sign = StatusLamp(parent=self)
        self.title = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True)
        self.state = TextLabel(parent=self, wraps=True)
        self.note = TextLabel(parent=self, type=TypeRole.CAPTION, wraps=True)
        said = QVBoxLayout()
        said.setSpacing(0)
        for label in (self.title, self.state, self.note):
            said.addWidget(label)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(Space.S)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S, Space.M, Space.S)
        row.setSpacing(Space.S)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(said, 1)
        row.addLayout(self._buttons)

    def add(self, key: str, act: Callable[[], object], kind: Kind = Kind.SECONDARY) -> Button:
        button = Button(key, kind, self, size="compact")
        connect_click(button, act)
        self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return button

    def show_device(self, title: str, state: StateWords, note: str = "") -> None:
        """``title`` and ``note`` are ready texts."""
        self.title.show_plain(title)
        self.sign.show_state(state.lamp, "")
        self.sign.setFixedWidth(theme.current().px(24))
        self.state.show_plain(state.words.text)
        self.state.set_tone(_TONES.get(state.lamp, "muted"))
        self.note.show_plain(note)
        self.note.setVisible(bool(note))
        self.setAccessibleName(t("devices_ui.row", None, device=title, state=state.words.text))
