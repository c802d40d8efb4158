"""A scanner on a real pseudo-terminal: right code or refused, and found again after the cable was out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.barcode import Symbology
from app.domain.device import DeviceKind, DeviceState, EventKind, Feedback
from app.service.device_setup import DeviceSetup
from devices.virtual.device import VirtualDevice
from tests.devices.counter import Counter, scanner_on

EAN, OTHER = "4710088412348", "4710088412355"


@pytest.fixture
def device() -> Iterator[VirtualDevice]:
    with VirtualDevice.on_pty() as made:
        yield made


@pytest.fixture
def counter(device: VirtualDevice) -> Iterator[Counter]:
    with Counter(scanner_on(device)) as made:
        made.until(DeviceState.READY)
        yield made


def test_a_scan_tells_code_symbol_time_and_that_it_was_good(device: VirtualDevice, counter: Counter) -> None:
    device.send(f"]E0{EAN}\r".encode())
    event = counter.next(EventKind.SCAN)
    assert (event.device, event.code, event.symbology) == ("scanner", EAN, Symbology.EAN)
    assert event.at == counter.clock.at
    assert event.feedback is Feedback.GOOD


def test_two_articles_in_one_breath_are_two_scans(device: VirtualDevice, counter: Counter) -> None:
    device.send(f"{EAN}\r\n{OTHER}\r\n".encode())
    assert [counter.code(), counter.code()] == [EAN, OTHER]


def test_a_wrong_check_digit_is_refused_aloud(device: VirtualDevice, counter: Counter) -> None:
    device.send(b"4710088412349\r")
    event = counter.next(EventKind.SCAN_REFUSED)
    assert (event.detail, event.feedback) == ("check_digit", Feedback.BAD)
    device.send(f"{EAN}\r".encode())
    assert counter.code() == EAN


def test_one_pull_of_the_trigger_that_reads_twice_counts_once(
    device: VirtualDevice, counter: Counter
) -> None:
    device.send(f"{EAN}\r{EAN}\r".encode())
    assert counter.code() == EAN
    repeated = counter.next(EventKind.SCAN_REPEATED, EventKind.SCAN)
    assert (repeated.kind, repeated.feedback) == (EventKind.SCAN_REPEATED, Feedback.SOFT)


def test_a_symbol_that_has_no_check_digit_needs_none(device: VirtualDevice, counter: Counter) -> None:
    device.send(b"]C0123456789012\r")
    assert counter.code() == "123456789012"


def test_a_shop_with_numbers_of_its_own_may_switch_the_check_off(device: VirtualDevice) -> None:
    with Counter(scanner_on(device, requires_check_digit=False)) as counter:
        counter.until(DeviceState.READY)
        device.send(b"4710088412349\r")
        assert counter.code() == "4710088412349"


def test_a_badge_reader_sends_badges(device: VirtualDevice) -> None:
    with Counter(DeviceSetup("reader", DeviceKind.BADGE, device.address)) as counter:
        counter.until(DeviceState.READY)
        device.send(b"0004711123\r\n")
        event = counter.next(EventKind.BADGE)
        assert event.code == "0004711123"
        assert "4711" not in repr(event)


def test_what_the_history_keeps_has_no_code_in_it(device: VirtualDevice, counter: Counter) -> None:
    device.send(b"4710088412349\r")
    counter.next(EventKind.SCAN_REFUSED)
    assert counter.hub.history()[0].kept_detail == "check_digit"


def test_half_a_code_from_before_the_cable_was_out_is_forgotten(
    device: VirtualDevice, counter: Counter
) -> None:
    device.send(f"{EAN}\r".encode())
    assert counter.code() == EAN
    device.send(b"471008")
    device.unplug()
    counter.until(DeviceState.MISSING)
    device.replug()
    counter.hub.retry("scanner")
    counter.until(DeviceState.READY)
    device.send(f"{OTHER}\r".encode())
    assert counter.code() == OTHER


def test_a_scanner_that_is_not_there_yet_is_found_when_it_comes(device: VirtualDevice) -> None:
    device.unplug()
    with Counter(scanner_on(device)) as counter:
        counter.until(DeviceState.MISSING)
        device.replug()
        counter.until(DeviceState.READY)
        device.send(f"{EAN}\r".encode())
        assert counter.code() == EAN
