"""A display on a real pseudo-terminal shows the newest panel, and nobody ever waits for it."""

from __future__ import annotations

import threading

from app.domain.device import DeviceKind, DeviceState
from app.service.device_setup import DeviceSetup
from devices.virtual.device import VirtualDevice
from tests.devices.counter import PATIENCE_SECONDS, Counter

READY = b"\x1b@\x0c\x1f\x58\x04"


class Glass(VirtualDevice):
    """Remembers what it was sent."""

    def __init__(self, *arguments: object, **options: object) -> None:
        self.seen = bytearray()
        self.is_deaf = False
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def _take(self, data: bytes) -> None:
        self.seen += data

    def _is_reading(self) -> bool:
        return not self.is_deaf

    def until_seen(self, data: bytes) -> None:
        assert self.wait_until(lambda: data in self.seen, PATIENCE_SECONDS), bytes(self.seen)


def on(device: VirtualDevice, **options: str | int) -> DeviceSetup:
    return DeviceSetup("display", DeviceKind.DISPLAY, device.address, options)


def test_the_customer_sees_item_total_and_change() -> None:
    with Glass.on_pty() as glass, Counter(on(glass)) as counter:
        counter.hub.show_welcome(("Good Days",), ("Welcome",))
        glass.until_seen(READY)
        glass.until_seen(b"Good Days")
        counter.hub.show_item(("Green tea", "TEA"), "1", "NT$35")
        glass.until_seen(b"Green tea")
        glass.until_seen(b"NT$35")
        counter.hub.show_total(("Total",), "NT$35")
        glass.until_seen(b"Total")
        counter.hub.show_change(("Cash",), "NT$100", ("Change",), "NT$65")
        glass.until_seen(b"Change         NT$65")


def test_showing_never_waits_for_a_display_that_takes_nothing() -> None:
    with Glass.on_pty() as glass, Counter(on(glass)) as counter:
        counter.until(DeviceState.READY)
        glass.is_deaf = True
        done = threading.Event()

        def show() -> None:
            for number in range(2_000):
                counter.hub.show_item(("Green tea", "TEA"), "1", f"NT${number}")
            done.set()

        threading.Thread(target=show, daemon=True).start()
        assert done.wait(PATIENCE_SECONDS)


def test_after_the_cable_was_out_the_present_panel_is_shown_again() -> None:
    with Glass.on_pty() as glass, Counter(on(glass)) as counter:
        counter.hub.show_total(("Total",), "NT$35")
        glass.until_seen(b"NT$35")
        glass.unplug()
        counter.until(DeviceState.MISSING)
        glass.ask(glass.seen.clear)
        glass.replug()
        counter.hub.retry("display")
        glass.until_seen(READY)
        glass.until_seen(b"NT$35")


def test_a_display_behind_the_printer_is_written_by_the_printers_own_thread() -> None:
    sent: list[bytes] = []
    setup = DeviceSetup("display", DeviceKind.DISPLAY, "", {"commands": "cd5220"})
    with Counter(setup, behind_printer=sent.append) as counter:
        counter.hub.show_total(("Total",), "NT$35")
        counter.hub.show_total(("Total",), "NT$70")
    assert len(sent) == 2
    assert all(data.startswith(b"\x1b=\x02") and data.endswith(b"\x1b=\x01") for data in sent)
    assert sent[0].count(b"\x1b@") == 1
    assert b"\x1b@" not in sent[1], "it is made ready once"
