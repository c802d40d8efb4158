"""What happened at the devices: faults and their ends, newest first, each in a sentence. Codes that were scanned are never among it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.device import DeviceEvent, DeviceState, EventKind
from app.domain.errors import TillError
from app.i18n import t
from app.service.counter_devices import PRINTER
from app.service.devices import Condition
from ui import theme
from ui.devices.moments import shown_moment
from ui.tasks import Worker
from ui.widgets.buttons import Button, Kind
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.counter_devices import CounterDevices
    from app.service.ports import Clock
    from ui.context import ScreenContext

SHOWN_MAX: Final = 200
COLUMNS: Final = (
    Column("devices_ui.history.time", width=128),
    Column("devices_ui.history.device", width=168),
    Column("devices_ui.history.what", is_wide=True),
)
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


class HistorySheet(Sheet):
    """The newest of them."""

    def __init__(
        self, window: QWidget, context: ScreenContext, counter: CounterDevices, clock: Clock
    ) -> None:
        """The printer's sentences name the line it is on now."""
        super().__init__(window, "devices_ui.history.title", width=920)
        self._clock = clock
        printer = context.devices.picture.printer
        self._address = printer.address if printer is not None else ""
        self.table = RecordTable(COLUMNS, self.panel, wraps=True)
        self.table.setMinimumHeight(theme.current().px(400))
        self._none = TextLabel("form.working", self.panel, tone="muted", wraps=True)
        self.body.addWidget(self._none)
        self.body.addWidget(self.table, 1)
        self.table.hide()
        close = Button("ui.back", Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(close, is_default=True)
        self.set_first_focus(self)
        context.tasks.run(
            lambda: counter.history(SHOWN_MAX),
            self._on_read,
            self._on_failed,
            worker=Worker.POOL,
            owner=self,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.table.step(step)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _on_read(self, events: tuple[DeviceEvent, ...]) -> None:
        self._none.setVisible(not events)
        self._none.show_text("devices_ui.history.none")
        self.table.setVisible(bool(events))
        self.table.set_records(
            [
                (
                    shown_moment(one.at, self._clock, with_seconds=True),
                    device_of(one),
                    what_happened(one, self._address),
                )
                for one in events
            ]
        )
        # Once the columns have their widths: a row is as high as its words need there.
        QTimer.singleShot(0, self.table, self.table.resizeRowsToContents)

    def _on_failed(self, error: TillError) -> None:
        self._none.show_text(error.text_key, **error.fields)
        self._none.set_tone("danger")


def device_of(event: DeviceEvent) -> str:
    return t("devices_ui.kind.printer") if event.device == PRINTER else event.device


def what_happened(event: DeviceEvent, printer_address: str = "") -> str:
    """The sentence of one event."""
    detail = event.detail
    match event.kind:
        case EventKind.STATE if event.device == PRINTER:
            if detail in tuple(Condition):
                return t(f"devices.condition.{detail}")
            return t(f"error.{detail}", None, address=printer_address)
        case EventKind.STATE:
            known = detail in tuple(DeviceState)
            return t(f"devices_ui.state.{detail}") if known else detail
        case EventKind.SCAN_REFUSED:
            return t("devices_ui.event.scan_refused", None, reason=t(f"scanner.reason.{detail}"))
        case EventKind.DRAWER_LEFT_OPEN:
            return t("devices_ui.event.drawer_left_open", None, seconds=detail)
        case EventKind.DRAWER_UNASKED:
            return t("devices_ui.event.drawer_unasked")
        case _:
            return detail
