"""A counter for tests: a hub over real pseudo-terminals, whose events are waited for and never slept for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from queue import Empty, Queue
from types import TracebackType

from app.domain.device import DeviceEvent, DeviceKind, DeviceState, EventKind
from app.service.device_setup import DeviceSetup
from devices.hub import DeviceHub
from devices.virtual.device import VirtualDevice

PATIENCE_SECONDS = 30.0
"""Only a machine that is busy with something else ever needs more than an instant."""


class Noon:
    """A clock that stands still until it is moved."""

    def __init__(self, at: int = 1_780_000_000_000) -> None:
        self.at = at

    def now_ms(self) -> int:
        return self.at

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.at / 1000, UTC)


class Counter:
    """A hub whose events are collected in their order."""

    def __init__(
        self, *setups: DeviceSetup, behind_printer: Callable[[bytes], None] = lambda _: None
    ) -> None:
        self.clock = Noon()
        self.kept: list[DeviceEvent] = []
        self.hub = DeviceHub(self.clock, behind_printer=behind_printer, keep=self.kept.append)
        self._events: Queue[DeviceEvent] = Queue()
        self.hub.listen(self._events.put)
        self.hub.apply(setups)

    def __enter__(self) -> Counter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hub.stop()

    def next(self, *kinds: EventKind) -> DeviceEvent:
        """The next event of these kinds; others before it are passed over."""
        while True:
            try:
                event = self._events.get(timeout=PATIENCE_SECONDS)
            except Empty:
                raise AssertionError(f"none of {kinds} happened") from None
            if event.kind in kinds:
                return event

    def until(self, state: DeviceState) -> None:
        """Wait until a device says that it is so."""
        while self.next(EventKind.STATE).detail != state:
            pass

    def code(self) -> str:
        """The next scan that was taken."""
        return self.next(EventKind.SCAN).code


def scanner_on(device: VirtualDevice, **options: str | int | bool) -> DeviceSetup:
    return DeviceSetup("scanner", DeviceKind.SCANNER, device.address, options)
