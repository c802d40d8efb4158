"""What the devices did is on disk, the newest of it only, and what the drawer did by itself is in the audit."""

from __future__ import annotations

from pathlib import Path

from app.domain.device import DeviceEvent, EventKind, Weight
from app.domain.ids import Uuid7Source
from app.service.counter_devices import DeviceBook
from app.service.session import Session
from app.service.shop import ShopSettings
from db.device_log import KEPT_MAX, DeviceLog
from db.store import SqliteStore, create_store
from tests.devices.counter import Noon


def a_store(path: Path) -> SqliteStore:
    clock = Noon()
    return create_store(
        path / "till.db",
        bytes(32),
        store_code="01",
        till_code="1",
        clock=clock,
        ids=Uuid7Source(clock.now_ms),
    )


def refused(number: int) -> DeviceEvent:
    return DeviceEvent("scanner", EventKind.SCAN_REFUSED, number, "check_digit", code="4710088412349")


def test_the_newest_events_are_kept_and_no_code_is(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    log = DeviceLog(store.engines)
    for number in range(KEPT_MAX + 20):
        log.add(refused(number))
    kept = log.newest(KEPT_MAX * 2)
    assert [event.at for event in kept] == list(range(KEPT_MAX + 19, 19, -1))
    assert all(event.code == "" and event.detail == "check_digit" for event in kept)
    store.close()


def test_a_drawer_that_opens_by_itself_is_in_the_audit(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    log = DeviceLog(store.engines)
    book = DeviceBook(store, Session(ShopSettings()), log)
    book.keep(DeviceEvent("drawer", EventKind.DRAWER_UNASKED, 7))
    book.keep(DeviceEvent("scale", EventKind.WEIGHT, 8, weight=Weight(385)))
    book.keep(DeviceEvent("scanner", EventKind.SCAN, 9, code="4710088412348"))
    with store.engines.reading() as cursor:
        kinds = [kind for (kind,) in cursor.execute("SELECT kind FROM audit_event").fetchall()]
    assert "drawer_opened_unasked" in kinds
    assert [event.kind for event in log.newest()] == [EventKind.DRAWER_UNASKED]
    store.close()
