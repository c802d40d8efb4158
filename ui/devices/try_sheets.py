"""Trying a device: scan something and see what it is, weigh something, put words on the customer's display. Nothing is sold by it.

A badge, a payment code or a gift card is named and never shown: whoever looks over the shoulder learns nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain import entry as entries
from app.domain.device import DeviceEvent, EventKind, Weight
from app.domain.errors import TillError
from app.domain.money import Money, format_money
from app.domain.quantity import format_quantity
from app.i18n import t
from app.service.customer_lines import CustomerLines
from ui.tasks import Worker
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.counter_devices import CounterDevices
    from app.service.till import Till
    from ui.context import ScreenContext

WEIGH_SECONDS: Final = 8.0
SHOWN_CHARACTERS_MAX: Final = 48
SAMPLE_MINOR: Final = 1234
SECRETS: Final = (entries.BadgeCode, entries.PaymentCode, entries.GiftCardCode)


class ScanTrySheet(Sheet):
    """Shows every scan as long as it is open."""

    def __init__(self, window: QWidget, till: Till, context: ScreenContext) -> None:
        super().__init__(window, "devices_ui.scan.title", width=680)
        self._till = till
        self._is_badge = False
        self.count = 0
        self._ask = TextLabel("devices_ui.scan.ask", self.panel, tone="muted", wraps=True)
        self.code = TextLabel(parent=self.panel, type=TypeRole.HEADING, wraps=True)
        self.kind = TextLabel(parent=self.panel, type=TypeRole.LEAD, tone="good", wraps=True)
        self.by = TextLabel(parent=self.panel, type=TypeRole.CAPTION)
        self.code.setMinimumHeight(self.code.fontMetrics().height() * 2)
        for label in (self._ask, self.code, self.kind, self.by):
            self.body.addWidget(label)
        done = Button("ui.back", Kind.PRIMARY, self.panel)
        connect_click(done, self.step_back)
        self.add_button(done, is_default=True)
        self.set_first_focus(self)
        context.devices.heard.connect(self._on_heard)

    def take_scan(self, code: str) -> None:
        """A scan that was taken: what it is in this shop."""
        is_badge, self._is_badge = self._is_badge, False
        found = self._till.checkout.recognise(code, is_scan=True)
        self.count += 1
        if is_badge or isinstance(found, SECRETS):
            kind = "badge" if is_badge else entries.kind_of(found)
            self._show("●●●●●●", "devices_ui.scan.secret", kind=t(f"scanner.code.{kind}"))
            return
        shown = code if len(code) <= SHOWN_CHARACTERS_MAX else code[:SHOWN_CHARACTERS_MAX] + "…"
        kind = t(f"scanner.code.{entries.kind_of(found)}")
        item = self._item(found)
        if item:
            self._show(shown, "devices_ui.scan.item", kind=kind, item=item)
        else:
            self._show(shown, "devices_ui.scan.kind", kind=kind)

    def _item(self, found: entries.Entry) -> str:
        catalogue, now = self._till.store.catalogue, self._till.clock.now_ms()
        match found:
            case entries.Barcode(code):
                item = catalogue.by_barcode(code, now)
            case entries.LabelledItem(_, label):
                item = catalogue.by_plu(label.plu, now)
            case _:
                return ""
        return item.name if item is not None else ""

    def _show(self, shown: str, key: str, *, tone: str = "good", **fields: object) -> None:
        self.code.show_plain(shown)
        self.kind.show_text(key, **fields)
        self.kind.set_tone(tone)
        self.by.show_text("devices_ui.scan.count", count=self.count)

    def _on_heard(self, event: DeviceEvent) -> None:
        """What a scanner on a line of its own tells; it comes before the scan itself."""
        match event.kind:
            case EventKind.BADGE:
                self._is_badge = True
            case EventKind.SCAN_REPEATED:
                self.by.show_text("devices_ui.scan.repeated")
            case EventKind.SCAN_REFUSED:
                reason = t(f"scanner.reason.{event.detail}")
                self._show("", "devices_ui.scan.refused", tone="danger", reason=reason)
            case _:
                pass


class WeighSheet(Sheet):
    """Reads the scale when it opens, and again for each press of the button."""

    def __init__(self, window: QWidget, context: ScreenContext, counter: CounterDevices) -> None:
        super().__init__(window, "devices_ui.weigh.title")
        self._context = context
        self._counter = counter
        self.weight = TextLabel(parent=self.panel, type=TypeRole.TOTAL, is_strong=True)
        self.weight.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = TextLabel(parent=self.panel, type=TypeRole.LEAD, tone="muted", wraps=True)
        self.body.addWidget(self.weight)
        self.body.addWidget(self.words)
        back = Button("ui.back", Kind.GHOST, self.panel)
        self.again = Button("devices_ui.weigh.again", Kind.PRIMARY, self.panel)
        connect_click(back, self.step_back)
        connect_click(self.again, self.weigh)
        self.add_button(back)
        self.add_button(self.again, is_default=True)
        self.set_first_focus(self)
        self.weigh()

    def weigh(self) -> None:
        counter = self._counter
        self.again.setEnabled(False)
        self.weight.show_plain("")
        self.words.show_text("devices_ui.weigh.waiting")
        self.words.set_tone("muted")
        self._context.tasks.run(
            lambda: counter.read_weight(WEIGH_SECONDS),
            self._on_read,
            self._on_failed,
            on_end=lambda: self.again.setEnabled(True),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_read(self, weight: Weight) -> None:
        self.weight.show_plain(f"{format_quantity(weight.thousandths)} kg")
        self.words.show_text("devices_ui.weigh.done")

    def _on_failed(self, error: TillError) -> None:
        self.words.show_text(error.text_key, **error.fields)
        self.words.set_tone("danger")


class DisplayTrySheet(Sheet):
    """Puts two lines on the customer's display and takes them away again when it closes."""

    def __init__(self, window: QWidget, till: Till, counter: CounterDevices) -> None:
        super().__init__(window, "devices_ui.display.title")
        amount = format_money(Money(SAMPLE_MINOR, till.shop.currency))
        self.words = TextLabel(
            "devices_ui.display.ask", self.panel, type=TypeRole.LEAD, wraps=True, amount=amount
        )
        self.body.addWidget(self.words)
        no = Button("devices_ui.display.no", Kind.SECONDARY, self.panel)
        self.yes = Button("devices_ui.display.yes", Kind.PRIMARY, self.panel)
        connect_click(no, self._on_no)
        connect_click(self.yes, lambda: self.finish(True))
        self.add_button(no)
        self.add_button(self.yes, is_default=True)
        self.set_first_focus(self)
        counter.show_total((t("devices_ui.display.sample"), "Test"), amount)
        self.finished.connect(lambda _: CustomerLines(counter, till.shop).welcome())

    def _on_no(self) -> None:
        self.words.show_text("devices_ui.display.help")
