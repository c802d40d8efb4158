"""Setting up a scanner: the same barcode, shown here, is scanned three times, and how the scanner types is learnt from it.

While the sheet is open every key but Esc is the scanner's. A scanner on a line of its own is noticed by its scan, and needs no learning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.device import DeviceEvent, EventKind
from app.domain.errors import Refused
from ui.devices.ean_picture import EanPicture
from ui.scan_calibration import SCANS_NEEDED, SETTING, Calibration, ScannerSettings, to_setting
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

CODE: Final = "4719988776659"
SILENCE_MS: Final = 400
"""So long after a key the scanner has said all it had to say, its Enter included."""


class ScannerSheet(Sheet):
    """Learns how the keyboard's scanner types. Its result is the ScannerSettings that are in force now, or None."""

    def __init__(
        self, window: QWidget, till: Till, context: ScreenContext, on_serial: Callable[[], None]
    ) -> None:
        """``on_serial``: the scanner hangs on a serial port; called once the sheet is gone."""
        super().__init__(window, "devices_ui.calibrate.title", width=680)
        self._till = till
        self._context = context
        self._wedge = context.devices.wedge
        self._calibrations = (Calibration(CODE), Calibration())
        self._found: ScannerSettings | None = None
        self._ask = TextLabel("devices_ui.calibrate.ask", self.panel, type=TypeRole.LEAD, wraps=True)
        self._picture = EanPicture(CODE, self.panel)
        self.words = TextLabel(parent=self.panel, type=TypeRole.LEAD, tone="accent", wraps=True)
        self.body.addWidget(self._ask)
        self.body.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self.words)
        serial = Button("devices_ui.calibrate.serial", Kind.GHOST, self.panel)
        self.again = Button("devices_ui.calibrate.again", Kind.SECONDARY, self.panel)
        self.keep = Button("form.save", Kind.PRIMARY, self.panel)
        connect_click(serial, lambda: self.finish("serial"))
        connect_click(self.again, self.begin)
        connect_click(self.keep, self._keep)
        self.add_button(serial)
        self.add_button(self.again)
        self.add_button(self.keep, is_default=True)
        self.set_first_focus(self)
        self.finished.connect(lambda result: self._on_closed(result, on_serial))
        context.devices.heard.connect(self._on_heard)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(SILENCE_MS)
        self._silence.timeout.connect(self._on_silence)
        self.begin()

    def begin(self) -> None:
        """Count from the beginning."""
        self._calibrations = (Calibration(CODE), Calibration())
        self._found = None
        self._wedge.calibrate(self._on_stroke)
        self._show_count()
        self.keep.setEnabled(False)
        self.again.hide()

    def _on_stroke(self, name: str, text: str, at: int) -> None:
        for one in self._calibrations:
            one.stroke(name, text, at)
        self._show_count()
        self._silence.start()

    def _on_silence(self) -> None:
        calibration = self._surest()
        if calibration.scans_needed:
            return
        self._wedge.calibrate(None)
        self.again.show()
        try:
            self._found = calibration.settings()
        except Refused as error:
            self._say(error.text_key, "danger", **error.fields)
            return
        self.keep.setEnabled(True)
        key = "devices_ui.calibrate.found_prefix" if self._found.prefix else "devices_ui.calibrate.found"
        self._say(key, "good", gap_ms=self._found.gap_ms, prefix=self._found.prefix)

    def _on_heard(self, event: DeviceEvent) -> None:
        if event.kind is EventKind.SCAN and event.code.endswith(CODE[-8:]):
            self._wedge.calibrate(None)
            self._say("devices_ui.calibrate.is_serial", "good", device=event.device)

    def take_scan(self, code: str) -> None:
        """A scan that comes by another way is none of the shop's goods."""

    def _keep(self) -> None:
        found = self._found
        if found is None:
            return
        store, wedge = self._till.store, self._wedge

        def write() -> None:
            with store.begin() as work:
                work.put_setting(SETTING, to_setting(found))
                work.commit()

        def done(_: None) -> None:
            wedge.set_settings(found)
            self._context.messages.good("form.saved")
            self.finish(found)

        self._context.tasks.run(write, done, owner=self)

    def _show_count(self) -> None:
        done = SCANS_NEEDED - self._surest().scans_needed
        self._say("devices_ui.calibrate.count", "accent", done=done, needed=SCANS_NEEDED)

    def _surest(self) -> Calibration:
        """By the code that is shown, which tells a prefix too, unless another code was scanned more often."""
        return min(self._calibrations, key=lambda one: one.scans_needed)

    def _say(self, key: str, tone: str, **fields: object) -> None:
        self.words.show_text(key, **fields)
        self.words.set_tone(tone)

    def _on_closed(self, result: object, on_serial: Callable[[], None]) -> None:
        self._wedge.calibrate(None)
        if result == "serial":
            on_serial()
