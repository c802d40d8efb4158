"""All devices of the counter together: set up, changed and stopped while others work."""

from __future__ import annotations

import pytest

from app.domain.device import DeviceKind, DeviceState, EventKind
from app.service.device_setup import DeviceSetup, devices_to_setting, load_devices
from devices.virtual.device import VirtualDevice
from tests.devices.counter import Counter, scanner_on

EAN = "4710088412348"


def test_a_device_whose_setup_is_the_same_goes_on_undisturbed() -> None:
    with (
        VirtualDevice.on_pty() as first,
        VirtualDevice.on_pty() as second,
        Counter(scanner_on(first)) as counter,
    ):
        counter.until(DeviceState.READY)
        other = DeviceSetup("badges", DeviceKind.BADGE, second.address)
        counter.hub.apply((scanner_on(first), other))
        assert counter.next(EventKind.STATE).device == "badges"
        first.send(f"{EAN}\r".encode())
        assert counter.code() == EAN
        counter.hub.apply((scanner_on(first),))
        assert [status.name for status in counter.hub.statuses()] == ["scanner"]


def test_a_scanner_that_moves_to_another_setup_lets_go_of_its_line_first() -> None:
    with VirtualDevice.on_pty() as device, Counter(scanner_on(device)) as counter:
        counter.until(DeviceState.READY)
        counter.hub.apply((scanner_on(device, repeat_ms=0),))
        counter.until(DeviceState.OFF)
        counter.until(DeviceState.READY)
        device.send(f"{EAN}\r{EAN}\r".encode())
        assert [counter.code(), counter.code()] == [EAN, EAN]


def test_an_address_that_cannot_be_one_is_missing_and_disturbs_nobody() -> None:
    with Counter(DeviceSetup("scanner", DeviceKind.SCANNER, "nonsense")) as counter:
        (status,) = counter.hub.statuses()
        assert (status.state, status.state.is_fault) == (DeviceState.MISSING, True)


@pytest.mark.logs_warnings
def test_a_listener_that_fails_takes_no_device_away() -> None:
    with VirtualDevice.on_pty() as device, Counter(scanner_on(device)) as counter:
        counter.until(DeviceState.READY)

        def fail(_: object) -> None:
            raise ZeroDivisionError

        stop = counter.hub.listen(fail)
        device.send(f"{EAN}\r".encode())
        assert counter.code() == EAN
        stop()
        device.send(b"4710088412355\r")
        assert counter.code() == "4710088412355"


def test_the_setup_is_kept_and_read_back_and_what_is_wrong_in_it_is_left_out() -> None:
    setups = (
        DeviceSetup("scanner", DeviceKind.SCANNER, "serial:/dev/x?baud=9600", {"repeat_ms": 300}),
        DeviceSetup("drawer", DeviceKind.DRAWER, "", {"opens_high": False}),
    )
    assert load_devices({"devices": devices_to_setting(setups)}) == setups
    assert load_devices({}) == ()
    wrong = [
        None,
        {},
        {"name": "", "kind": "scanner", "address": ""},
        {"name": "a", "kind": "x", "address": ""},
    ]
    assert load_devices({"devices": [*wrong, *devices_to_setting(setups)]}) == setups
