"""All devices of the counter together: set up, changed and stopped while others work."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.authority import Operator, Role
from app.domain.device import DeviceKind, DeviceState, EventKind
from app.domain.errors import Refused
from app.domain.ids import OperatorId, Uuid7Source
from app.service.device_setup import DeviceSetup, DeviceSetups, devices_to_setting, load_devices
from app.service.session import Session
from app.service.shop import ShopSettings
from db.store import create_store
from devices.virtual.device import VirtualDevice
from tests.devices.counter import Counter, Noon, scanner_on

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


def test_a_device_that_is_added_works_at_once_and_the_next_start_knows_it(tmp_path: Path) -> None:
    clock = Noon()
    ids = Uuid7Source(clock.now_ms)
    store = create_store(
        tmp_path / "till.db", bytes(32), store_code="01", till_code="1", clock=clock, ids=ids
    )
    owner = Operator(OperatorId(ids()), "01", "王美玲", Role.OWNER)
    with store.begin() as work:
        work.save_operator(owner)
        work.commit()
    with VirtualDevice.on_pty() as device, Counter() as counter:
        setups = DeviceSetups(store, Session(ShopSettings(), operator=owner), clock, counter.hub)
        setups.put(scanner_on(device))
        counter.until(DeviceState.READY)
        device.send(f"{EAN}\r".encode())
        assert counter.code() == EAN
        assert load_devices(store.desk.settings()) == (scanner_on(device),)
        setups.remove("scanner")
        assert not counter.hub.statuses()
        assert not setups.all()
        with pytest.raises(Refused):
            setups.put(DeviceSetup(" ", DeviceKind.SCANNER))
    store.close()
