"""Where a device is connected: the serial ports this computer has, to be tapped, or an address to be typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.i18n import t
from ui.tasks import Worker
from ui.theme import Space
from ui.widgets.buttons import Button
from ui.widgets.form import Field, connect_click, row_of
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.devices import Candidate, DeviceDesk
    from ui.context import ScreenContext

ADDRESS_CHARACTERS_MAX: Final = 300
SHOWN_MAX: Final = 8


class PortChoice(QWidget):
    """Buttons for what was found, and the line with the address. A tap fills the line."""

    def __init__(
        self,
        context: ScreenContext,
        desk: DeviceDesk,
        parent: QWidget,
        *,
        kinds: tuple[str, ...],
        help_key: str,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._kinds = kinds
        self.buttons: list[Button] = []
        self.words = TextLabel("devices_ui.ports.looking", self, tone="muted", wraps=True)
        self._found = QVBoxLayout()
        self._found.setSpacing(Space.XS)
        self.address = Field(
            "devices_ui.ports.address",
            self,
            help_key=help_key,
            characters_max=ADDRESS_CHARACTERS_MAX,
            width=2_000,
        )
        self.again = Button("devices_ui.ports.again", parent=self, size="compact")
        connect_click(self.again, self.look)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self.words)
        box.addLayout(self._found)
        box.addLayout(row_of(self.again))
        box.addWidget(self.address)

    @property
    def text(self) -> str:
        return self.address.text

    def look(self) -> None:
        """Ask the system what is connected; it takes its time."""
        self.again.setEnabled(False)
        self.words.show_text("devices_ui.ports.looking")
        self._context.tasks.run(
            self._desk.candidates,
            self.show_found,
            self._on_failed,
            on_end=lambda: self.again.setEnabled(True),
            worker=Worker.POOL,
            owner=self,
        )

    def show_found(self, found: tuple[Candidate, ...]) -> None:
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        shown = [one for one in found if one.kind in self._kinds][:SHOWN_MAX]
        for one in shown:
            button = Button(parent=self, size="compact")
            button.show_plain(t("devices_ui.ports.found", None, kind=t(one.kind_key), label=one.label))
            button.setAccessibleDescription(one.address)
            button.setToolTip(one.address)
            button.setCheckable(True)
            button.setChecked(one.address == self.text)
            connect_click(button, partial(self._choose, one.address, button))
            self._found.addWidget(button)
            self.buttons.append(button)
        self.words.show_text("devices_ui.ports.choose" if shown else "devices_ui.ports.none")

    def _choose(self, address: str, chosen: Button) -> None:
        self.address.set_text(address)
        for button in self.buttons:
            button.setChecked(button is chosen)

    def _on_failed(self, error: TillError) -> None:
        self.words.show_text(error.text_key, **error.fields)
