"""The drawer's pin: which level is open, who asked, and how long it stands open."""

from __future__ import annotations

import pytest

from app.domain.device import DeviceEvent, DeviceState, EventKind
from devices.drawer.watch import ASKED_MS, DrawerSetup, DrawerWatch
from devices.virtual.drawer import VirtualDrawer
from tests.devices.counter import Noon


class Box:
    """A drawer whose switch tells a watch at once."""

    def __init__(self, *, opens_high: bool = True, left_open_seconds: int = 60) -> None:
        self.clock = Noon()
        self.events: list[DeviceEvent] = []
        setup = DrawerSetup(opens_high=opens_high, left_open_seconds=left_open_seconds)
        self.watch = DrawerWatch(setup, self.clock, self.events.append)
        self.drawer = VirtualDrawer(open_is_high=opens_high)
        self.drawer.on_change = lambda: self.watch.pin(self.drawer.level)
        self.watch.pin(self.drawer.level)

    @property
    def kinds(self) -> list[EventKind]:
        return [event.kind for event in self.events]


@pytest.mark.parametrize("opens_high", [True, False])
def test_whichever_level_means_open_a_kicked_drawer_opens_and_closes(opens_high: bool) -> None:
    box = Box(opens_high=opens_high)
    states = [box.watch.state]
    box.watch.asked()
    box.drawer.pulse(2)
    states.append(box.watch.state)
    box.drawer.close()
    assert states == [DeviceState.READY, DeviceState.OPEN]
    assert box.kinds == [EventKind.DRAWER_OPENED, EventKind.DRAWER_CLOSED]


def test_a_drawer_that_nobody_asked_to_open_is_told() -> None:
    box = Box()
    box.drawer.open_by_hand()
    assert box.kinds == [EventKind.DRAWER_OPENED, EventKind.DRAWER_UNASKED]


def test_one_kick_is_for_one_opening_and_only_for_a_while() -> None:
    box = Box()
    box.watch.asked()
    box.drawer.pulse(2)
    box.drawer.close()
    box.drawer.open_by_hand()
    assert box.kinds[-1] is EventKind.DRAWER_UNASKED
    box.drawer.close()
    box.watch.asked()
    box.clock.at += ASKED_MS + 1
    box.drawer.open_by_hand()
    assert box.kinds[-1] is EventKind.DRAWER_UNASKED


def test_a_drawer_found_open_at_the_start_accuses_nobody() -> None:
    box = Box()
    box.watch = DrawerWatch(DrawerSetup(), box.clock, box.events.append)
    box.drawer.open_by_hand()
    assert box.kinds == [EventKind.DRAWER_OPENED]


def test_a_printer_that_falls_silent_leaves_the_drawer_unknown() -> None:
    box = Box()
    box.watch.pin(None)
    assert box.watch.state is DeviceState.SILENT
    assert box.watch.is_open is None
    box.watch.pin(True)
    assert EventKind.DRAWER_UNASKED not in box.kinds


def test_a_drawer_left_open_is_told_once_per_spell() -> None:
    box = Box(left_open_seconds=30)
    box.watch.asked()
    box.drawer.pulse(2)
    for _ in range(65):
        box.clock.at += 1_000
        box.watch.tick()
    assert [event.detail for event in box.events if event.kind is EventKind.DRAWER_LEFT_OPEN] == ["30", "60"]
    assert box.watch.state is DeviceState.LEFT_OPEN
    box.drawer.close()
    box.clock.at += 100_000
    box.watch.tick()
    assert box.kinds[-1] is EventKind.DRAWER_CLOSED


def test_the_alarm_can_be_switched_off() -> None:
    box = Box(left_open_seconds=0)
    box.drawer.open_by_hand()
    box.clock.at += 3_600_000
    box.watch.tick()
    assert EventKind.DRAWER_LEFT_OPEN not in box.kinds


def test_a_stuck_drawer_stays_what_it_is() -> None:
    box = Box()
    box.drawer.stick()
    box.watch.asked()
    box.drawer.pulse(2)
    assert box.watch.state is DeviceState.READY
    assert box.kinds == []
