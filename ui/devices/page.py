"""Every device of the counter in one list: how it is in plain words, since when, a way to try it, and the one thing that mends it.

Everybody may look and try; who changes something needs the right to, or a second person who grants it. It is live: unplug something and
its line changes.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.device import DeviceKind, DeviceStatus
from app.i18n import t
from ui.customer.card import CustomerCard
from ui.devices.actions import DeviceActions
from ui.devices.moments import shown_moment
from ui.devices.papers import PapersCard
from ui.devices.picture import StateWords, Words, printer_state_of, state_of
from ui.devices.row import DeviceRow
from ui.devices.sound import SoundCard
from ui.scan_calibration import SETTING as WEDGE
from ui.scan_calibration import from_setting
from ui.settings.page import SettingsPage
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, row_of
from ui.widgets.status_lamp import Lamp
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

TRIES: Final = {
    DeviceKind.SCANNER: "devices_ui.try.scan",
    DeviceKind.BADGE: "devices_ui.try.scan",
    DeviceKind.SCALE: "devices_ui.try.weigh",
    DeviceKind.DISPLAY: "devices_ui.try.show",
}


class DevicesPage(SettingsPage):
    """The list. ``rows`` are the devices beside the printer, by name."""

    NAME = "devices"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.deeds = DeviceActions(till, context, self)
        self.practice = TextLabel("devices_ui.practice", self, tone="warn", wraps=True)
        self.rows: dict[str, DeviceRow] = {}
        self._retries: dict[str, Button] = {}
        self._shape: tuple[object, ...] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.papers = PapersCard(till, context, self)
        self.customer = CustomerCard(till, context, self)
        self.sound = SoundCard(till, context, self)
        self.add_device = Button("devices_ui.add.title", Kind.SECONDARY, self, size="compact")
        self.history = Button("devices_ui.history.title", Kind.GHOST, self, size="compact")
        connect_click(self.add_device, lambda: self.deeds.add(DeviceKind.SCANNER))
        connect_click(self.history, self.deeds.open_history)
        self.printer_row = self.drawer_row = self.wedge_row = DeviceRow(self)
        self.body.addWidget(self.practice)
        self.body.addLayout(self._list)
        self.body.addLayout(row_of(self.add_device, self.history))
        self.body.addWidget(self.papers)
        self.body.addWidget(self.customer)
        self.body.addWidget(self.sound)
        self._show()
        context.devices.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Somebody looks: everything as it is now."""
        devices = self._context.devices
        self.practice.setVisible(self._till.session.is_training)
        self.add_device.setEnabled(self.deeds.can_change)
        self.history.setEnabled(self.deeds.counter is not None)
        self.customer.refresh()
        self.sound.refresh()
        devices.look_again()
        devices.read_papers()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._shape = None
            self._show()
            self.papers.show_again()
            self.customer.show_again()

    # --- showing -----------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        picture = self._context.devices.picture
        shape = (self._has_printer(), tuple((one.name, one.kind) for one in picture.devices))
        if shape != self._shape:
            self._shape = shape
            self._make_rows()
        self._show_printer()
        for one in picture.devices:
            note = "　".join(part for part in (self._since(one.since_at), one.address) if part)
            self.rows[one.name].show_device(_title(one), state_of(one), note)
            self._retries[one.name].setVisible(one.state.is_fault and bool(one.address))
        key = "devices_ui.drawer.unwatched" if self._has_printer() else "devices_ui.drawer.needs_printer"
        self.drawer_row.show_device(t("devices_ui.kind.drawer"), StateWords(Lamp.IDLE, Words(key)))
        self._show_wedge()
        if not self._till.session.is_training:
            self.papers.read()

    def _show_printer(self) -> None:
        picture = self._context.devices.picture
        printer = picture.printer
        notes = []
        if printer is not None and printer.address:
            notes = [self._since(picture.printer_since), printer.address]
        state = printer_state_of(printer)
        self.printer_row.show_device(t("devices_ui.kind.printer"), state, "　".join(notes))

    def _show_wedge(self) -> None:
        kept = self._till.store.desk.setting(WEDGE)
        settings = from_setting(kept)
        if kept is None:
            words = Words("devices_ui.wedge.unknown")
        elif settings.prefix:
            words = Words("devices_ui.wedge.prefix", {"prefix": settings.prefix})
        else:
            words = Words("devices_ui.wedge.learned", {"gap_ms": settings.gap_ms})
        lamp = Lamp.IDLE if kept is None else Lamp.GOOD
        self.wedge_row.show_device(t("devices_ui.wedge.title"), StateWords(lamp, words))

    def _since(self, at: int) -> str:
        return t("devices_ui.since", None, time=shown_moment(at, self._till.clock)) if at else ""

    def _has_printer(self) -> bool:
        printer = self._context.devices.picture.printer
        return printer is not None and bool(printer.address or printer.code)

    # --- the rows ----------------------------------------------------------------------------------------------------

    def _make_rows(self) -> None:
        for row in {self.printer_row, self.drawer_row, self.wedge_row, *self.rows.values()}:
            row.hide()
            row.deleteLater()
        devices = self._context.devices.picture.devices
        self.printer_row = self._printer()
        self.rows = {one.name: self._device(one) for one in devices}
        self.drawer_row = self._drawer()
        self.wedge_row = self._wedge()
        for row in (self.printer_row, *self.rows.values(), self.drawer_row, self.wedge_row):
            self._list.addWidget(row)
        # A drawer whose switch is watched stands among the devices.
        self.drawer_row.setVisible(all(one.kind is not DeviceKind.DRAWER for one in devices))

    def _printer(self) -> DeviceRow:
        row = self._row()
        if self._has_printer():
            row.add("devices_ui.try.print", self.deeds.print_test)
            row.add("devices_ui.printer.replace", self.deeds.set_up_printer)
            row.add("devices_ui.remove", self.deeds.remove_printer, Kind.GHOST)
        else:
            row.add("devices_ui.printer.set_up", self.deeds.set_up_printer, Kind.PRIMARY)
        row.setEnabled(self.deeds.can_change)
        return row

    def _device(self, one: DeviceStatus) -> DeviceRow:
        row, deeds = self._row(), self.deeds
        self._retries[one.name] = row.add("ui.retry", partial(deeds.retry, one.name))
        if one.kind in TRIES:
            row.add(TRIES[one.kind], partial(deeds.try_device, one.kind))
        elif one.kind is DeviceKind.DRAWER:
            row.add("devices_ui.try.drawer", deeds.open_drawer)
        row.add("devices_ui.change", partial(deeds.change, one.name))
        row.add("devices_ui.remove", partial(deeds.remove, one.name), Kind.GHOST)
        row.setEnabled(deeds.can_change)
        return row

    def _drawer(self) -> DeviceRow:
        row = self._row()
        row.add("devices_ui.try.drawer", self.deeds.open_drawer)
        row.add("devices_ui.drawer.watch", partial(self.deeds.add, DeviceKind.DRAWER))
        row.setEnabled(self.deeds.can_change)
        return row

    def _wedge(self) -> DeviceRow:
        row = self._row()
        row.add("devices_ui.try.scan", partial(self.deeds.try_device, DeviceKind.SCANNER))
        row.add("devices_ui.wedge.learn", self.deeds.learn_wedge)
        return row

    def _row(self) -> DeviceRow:
        return DeviceRow(self)


def _title(one: DeviceStatus) -> str:
    """The name, and what it is where the name does not say so."""
    kind = t(f"devices_ui.kind.{one.kind.value}")
    return one.name if kind in one.name else t("devices_ui.titled", None, name=one.name, kind=kind)
