"""What goes wrong at a counter with scanners, scale, display and drawer, each once, over real pseudo-terminals.

A printer's own failures are in tests/devices/printer; those of a scanner that types (Caps Lock, input method, a busy till) in tests/ui.
"""

from __future__ import annotations

import pytest

from app.domain.device import DeviceKind, DeviceState, EventKind, Weight
from app.domain.errors import Refused, Unavailable
from app.service.device_setup import DeviceSetup
from devices.printer.connection import Timing
from devices.printer.line_printer import ReceiptPrinter
from devices.profile import PrinterProfile
from devices.transport.address import open_transport
from devices.virtual.display import VirtualDisplay
from devices.virtual.printer import VirtualPrinter
from devices.virtual.scale import Motion, Protocol, VirtualScale
from devices.virtual.scanner import VirtualScanner
from tests.devices.counter import PATIENCE_SECONDS, Counter, scanner_on

EAN, OTHER = "4710088412348", "4710088412355"
SHORT_SECONDS = 1.0


def scale_on(device: VirtualScale, protocol: str = "toledo") -> DeviceSetup:
    return DeviceSetup("scale", DeviceKind.SCALE, device.address, {"protocol": protocol})


def display_on(device: VirtualDisplay, address: str = "", **options: str) -> DeviceSetup:
    return DeviceSetup("display", DeviceKind.DISPLAY, address or device.address, options)


# --- no answer at all ---


def test_no_answer_at_all_from_a_scale_is_missing_and_never_nought_kilograms() -> None:
    with VirtualScale.on_pty() as scale, Counter(scale_on(scale)) as counter:
        scale.put(385, Motion.SILENT)
        with pytest.raises(Unavailable) as missing:
            counter.hub.read_weight(SHORT_SECONDS)
        assert missing.value.code == "scale_missing"


@pytest.mark.parametrize("protocol", list(Protocol))
@pytest.mark.parametrize(
    ("motion", "code"),
    [
        (Motion.MOVING, "scale_moving"),
        (Motion.OVER, "scale_over"),
        (Motion.UNDER_ZERO, "scale_under"),
        (Motion.GARBAGE, "scale_missing"),
    ],
)
def test_a_scale_that_does_not_settle_is_never_believed(
    protocol: Protocol, motion: Motion, code: str
) -> None:
    kind = "cas" if protocol is Protocol.CAS else "toledo"
    with VirtualScale.on_pty(protocol=protocol, interval_seconds=0.02) as scale:
        scale.put(385, motion)
        with Counter(scale_on(scale, kind)) as counter:
            counter.until(DeviceState.READY)
            is_steady = motion in (Motion.OVER, Motion.UNDER_ZERO)
            with pytest.raises((Refused, Unavailable)) as refused:
                counter.hub.read_weight(PATIENCE_SECONDS if is_steady else SHORT_SECONDS)
            assert refused.value.code == code
            scale.put(385)
            assert counter.hub.read_weight(PATIENCE_SECONDS) == Weight(385)


# --- cables ---


def test_cable_pulled_in_a_read_of_a_scanner_is_told_and_half_a_code_is_no_code() -> None:
    with VirtualScanner.on_pty() as scanner, Counter(scanner_on(scanner)) as counter:
        counter.until(DeviceState.READY)
        scanner.scan(EAN)
        assert counter.code() == EAN
        scanner.scan(EAN, keep=9, suffix=b"")
        scanner.unplug()
        counter.until(DeviceState.MISSING)
        scanner.replug()
        counter.hub.retry("scanner")
        counter.until(DeviceState.READY)
        scanner.scan(OTHER)
        assert counter.code() == OTHER, "nothing came between"


def test_cable_pulled_in_the_midst_of_a_write_to_a_display_and_the_panel_comes_back() -> None:
    with VirtualDisplay.on_pty() as display, Counter(display_on(display)) as counter:
        counter.hub.show_total(("Total",), "NT$35")
        assert display.shows("NT$35", PATIENCE_SECONDS)
        display.unplug_after(20)
        counter.hub.show_total(("Total",), "NT$70")
        counter.until(DeviceState.MISSING)
        display.replug()
        counter.hub.retry("display")
        assert display.shows("NT$70", PATIENCE_SECONDS)
        assert display.complaints == ()


def test_replug_under_another_port_number_is_found_by_its_stable_name() -> None:
    with VirtualScanner.on_pty() as scanner, Counter(scanner_on(scanner)) as counter:
        for code in (EAN, OTHER, EAN):
            counter.hub.retry("scanner")
            counter.until(DeviceState.READY)
            scanner.scan(code)
            assert counter.code() == code
            scanner.unplug()
            counter.until(DeviceState.MISSING)
            scanner.replug()


def test_unplugged_at_the_start_of_the_day_is_found_when_it_is_plugged_in() -> None:
    with VirtualScale.on_pty() as scale:
        scale.unplug()
        with Counter(scale_on(scale)) as counter:
            counter.until(DeviceState.MISSING)
            scale.replug()
            scale.put(1_250)
            counter.hub.retry("scale")
            assert counter.hub.read_weight(PATIENCE_SECONDS) == Weight(1_250)


# --- slow and stuck lines ---


def test_buffer_full_and_xoff_at_a_display_hold_nobody_up() -> None:
    with VirtualDisplay.on_pty() as display:
        address = f"{display.address}?flow=xonxoff"
        with Counter(display_on(display, address)) as counter:
            counter.hub.show_total(("Total",), "NT$35")
            assert display.shows("NT$35", PATIENCE_SECONDS)
            display.send(b"\x13")
            while counter.hub.statuses()[0].state is DeviceState.READY:
                # The till goes on showing; only the display's own thread waits, and not for ever.
                for amount in range(50):
                    counter.hub.show_total(("Total",), f"NT${amount}")
                display.wait_until(lambda: False, 0.02)
            counter.until(DeviceState.SILENT)
            display.send(b"\x11")
            counter.until(DeviceState.READY)
            counter.hub.show_total(("Total",), "NT$88")
            assert display.shows("NT$88", PATIENCE_SECONDS)


@pytest.mark.parametrize("commands", ["epson", "cd5220"])
def test_slow_9600_shows_the_newest_panel_and_not_every_one(commands: str) -> None:
    from devices.virtual.display import Mode

    with (
        VirtualDisplay.on_pty(baud=9600, mode=Mode(commands)) as display,
        Counter(display_on(display, commands=commands)) as counter,
    ):
        counter.until(DeviceState.READY)
        for amount in range(500):
            counter.hub.show_item(("Green tea", "TEA"), "1", f"NT${amount}")
        assert display.shows("NT$499", PATIENCE_SECONDS)
        assert display.lines == ("Green tea           ", "              NT$499")
        assert display.received_bytes < 500 * 40
        assert display.complaints == ()


def test_two_programs_on_one_port_is_said_and_ends_by_itself() -> None:
    with VirtualScanner.on_pty() as scanner:
        other = open_transport(scanner.address)
        other.open()
        with Counter(scanner_on(scanner)) as counter:
            counter.until(DeviceState.BUSY)
            other.close()
            counter.hub.retry("scanner")
            counter.until(DeviceState.READY)
            scanner.scan(EAN)
            assert counter.code() == EAN


# --- scanners ---


def test_scanner_burst_loses_and_mixes_nothing() -> None:
    codes = [f"SKU-{number:04d}" for number in range(200)]
    with VirtualScanner.on_pty(baud=115200) as scanner, Counter(scanner_on(scanner)) as counter:
        counter.until(DeviceState.READY)
        scanner.scan_all(codes)
        assert [counter.code() for _ in codes] == codes


def test_scanner_missing_suffix_is_ended_by_silence() -> None:
    with VirtualScanner.on_pty(suffix=b"") as scanner, Counter(scanner_on(scanner)) as counter:
        counter.until(DeviceState.READY)
        for code in (EAN, OTHER):
            scanner.scan(code)
            assert counter.code() == code


def test_scanner_double_read_counts_once() -> None:
    with VirtualScanner.on_pty() as scanner, Counter(scanner_on(scanner)) as counter:
        counter.until(DeviceState.READY)
        scanner.scan(EAN, times=2)
        scanner.scan(OTHER)
        kinds = [counter.next(EventKind.SCAN, EventKind.SCAN_REPEATED).kind for _ in range(3)]
        assert kinds == [EventKind.SCAN, EventKind.SCAN_REPEATED, EventKind.SCAN]


@pytest.mark.parametrize("keep", range(6, 13))
def test_scanner_truncated_is_refused_and_never_another_article(keep: int) -> None:
    with VirtualScanner.on_pty() as scanner, Counter(scanner_on(scanner)) as counter:
        counter.until(DeviceState.READY)
        scanner.scan(OTHER)
        assert counter.code() == OTHER
        scanner.scan(EAN, keep=keep, suffix=b"")
        event = counter.next(EventKind.SCAN, EventKind.SCAN_REFUSED)
        assert (event.kind, event.detail) == (EventKind.SCAN_REFUSED, "cut_off")
        scanner.scan(EAN)
        assert counter.next(EventKind.SCAN, EventKind.SCAN_REFUSED).kind in (
            EventKind.SCAN,
            EventKind.SCAN_REFUSED,  # right behind the cut one it may be its tail: scanned again, it is taken
        )


def test_scanner_on_a_slow_line_that_parts_its_bytes_reads_whole_codes() -> None:
    with (
        VirtualScanner.on_pty(byte_gap_seconds=0.004, sends_aim_id=True) as scanner,
        Counter(scanner_on(scanner)) as counter,
    ):
        counter.until(DeviceState.READY)
        scanner.scan_all([EAN, OTHER])
        assert [counter.code(), counter.code()] == [EAN, OTHER]


# --- the drawer ---


@pytest.mark.parametrize("opens_high", [True, False])
def test_drawer_opened_without_sale_is_told_by_the_printers_pin(opens_high: bool) -> None:
    from devices.virtual.drawer import VirtualDrawer

    drawer = VirtualDrawer(open_is_high=opens_high)
    setup = DeviceSetup("drawer", DeviceKind.DRAWER, "", {"opens_high": opens_high, "left_open_seconds": 30})
    with VirtualPrinter.on_pty(drawer=drawer) as paper, Counter(setup) as counter:
        profile = PrinterProfile(
            "receipts", 384, 32, answers_status=True, kicks_at_once=True, address=paper.address
        )
        printer = ReceiptPrinter(profile, timing=Timing(answer_seconds=PATIENCE_SECONDS))

        def look() -> None:
            printer.rest()
            counter.hub.drawer_pin(printer.state.drawer_level)

        look()
        counter.hub.drawer_asked()
        printer.kick()
        assert paper.wait_until(lambda: drawer.is_open, PATIENCE_SECONDS)
        look()
        drawer.close()
        look()
        drawer.open_by_hand()
        look()
        kinds = [counter.next(*_DRAWER).kind for _ in range(4)]
        assert kinds == [
            EventKind.DRAWER_OPENED,
            EventKind.DRAWER_CLOSED,
            EventKind.DRAWER_OPENED,
            EventKind.DRAWER_UNASKED,
        ]
        counter.clock.at += 31_000
        look()
        assert counter.next(*_DRAWER).kind is EventKind.DRAWER_LEFT_OPEN
        assert [event.kind for event in counter.kept if event.is_worth_keeping][-2:] == [
            EventKind.DRAWER_UNASKED,
            EventKind.DRAWER_LEFT_OPEN,
        ]
        printer.close()


def test_drawer_stuck_stays_shut_and_nobody_is_told_that_it_opened() -> None:
    from devices.virtual.drawer import VirtualDrawer

    drawer = VirtualDrawer()
    drawer.stick()
    with (
        VirtualPrinter.on_pty(drawer=drawer) as paper,
        Counter(DeviceSetup("drawer", DeviceKind.DRAWER)) as counter,
    ):
        profile = PrinterProfile(
            "receipts", 384, 32, answers_status=True, kicks_at_once=True, address=paper.address
        )
        printer = ReceiptPrinter(profile, timing=Timing(answer_seconds=PATIENCE_SECONDS))
        printer.rest()
        counter.hub.drawer_asked()
        printer.kick()
        assert paper.wait_until(lambda: bool(paper.kicks), PATIENCE_SECONDS)
        printer.rest()
        counter.hub.drawer_pin(printer.state.drawer_level)
        assert counter.hub.statuses()[0].state is DeviceState.READY
        assert counter.kept == []
        printer.close()


_DRAWER = (
    EventKind.DRAWER_OPENED,
    EventKind.DRAWER_CLOSED,
    EventKind.DRAWER_UNASKED,
    EventKind.DRAWER_LEFT_OPEN,
)
