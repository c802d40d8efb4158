"""What the till needs from the devices on the counter, and what is written down of them.

``devices.hub`` implements :class:`CounterDevices`. Nothing in it waits except :meth:`CounterDevices.read_weight`, which therefore runs on a
worker of the screen's pool.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app import log
from app.domain.device import DeviceEvent, DeviceStatus, EventKind, Weight
from app.domain.errors import TillError
from app.service.device_setup import DeviceSetup
from app.service.devices import Condition, PrinterState
from app.service.ports import AuditEvent, Store
from app.service.session import Session

HISTORY_MAX = 500
PRINTER = "printer"
"""The receipt printer's name in the history."""

_AUDITED = {
    EventKind.DRAWER_UNASKED: "drawer_opened_unasked",
    EventKind.DRAWER_LEFT_OPEN: "drawer_left_open",
}


class CounterDevices(Protocol):
    """Scanners, scale, display and drawer."""

    def apply(self, setups: tuple[DeviceSetup, ...]) -> None:
        """These are all the devices from now on. Those whose set-up is the same go on undisturbed."""
        ...

    def stop(self) -> None: ...

    def listen(self, on_event: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Call this for every event, on a device's thread; the returned function ends that."""
        ...

    def statuses(self) -> tuple[DeviceStatus, ...]: ...

    def history(self, limit: int = 100) -> tuple[DeviceEvent, ...]:
        """What happened that is worth keeping, of the days before too, newest first. Reads the disk: for a worker."""
        ...

    def retry(self, name: str) -> None:
        """Try a lost device now and not later."""
        ...

    @property
    def has_scale(self) -> bool: ...

    def read_weight(self, timeout_seconds: float) -> Weight:
        """The next settled weight. Raises Refused (moving, over, under, empty, unit) or Unavailable("scale_missing")."""
        ...

    # What the customer reads. Words are a choice, best first: not every display can write Chinese.

    def show_welcome(self, shop_names: tuple[str, ...], greetings: tuple[str, ...]) -> None: ...
    def show_item(self, names: tuple[str, ...], quantity: str, amount: str) -> None: ...
    def show_total(self, labels: tuple[str, ...], amount: str) -> None: ...
    def show_change(
        self, paid_labels: tuple[str, ...], paid: str, change_labels: tuple[str, ...], change: str
    ) -> None: ...

    def drawer_asked(self) -> None:
        """The drawer is about to be kicked, for a sale or with a reason."""
        ...

    def drawer_pin(self, is_high: bool | None) -> None:
        """The printer's word on the drawer's pin; None when it does not answer."""
        ...


class DeviceHistory(Protocol):
    """Keeps the newest events on disk. Implemented in ``db``."""

    def add(self, event: DeviceEvent) -> None: ...
    def newest(self, limit: int = 100) -> tuple[DeviceEvent, ...]: ...


class DeviceBook:
    """Writes down what is worth keeping: faults into the history, what the drawer did by itself into the audit as well.

    Called on a device's thread. That something cannot be written down just now never takes the device away.
    """

    def __init__(self, store: Store, session: Session, history: DeviceHistory) -> None:
        self._store = store
        self._session = session
        self._history = history
        self._printer = ""

    def keep(self, event: DeviceEvent) -> None:
        if not event.is_worth_keeping:
            return
        try:
            self._history.add(event)
            if event.kind in _AUDITED:
                self._audit(event)
        except TillError as error:
            log.devices.info("%s of %s is not written down: %s", event.kind, event.device, error.code)

    def keep_printer(self, state: PrinterState, at: int) -> None:
        """The receipt printer is another way than before. That it works is worth a line only after it did not."""
        detail = state.code or ("" if state.condition is Condition.STARTING else state.condition.value)
        before, self._printer = self._printer, detail
        if detail and detail != before and (before or detail != Condition.READY):
            self.keep(DeviceEvent(PRINTER, EventKind.STATE, at, detail))

    def _audit(self, event: DeviceEvent) -> None:
        operator = self._session.operator
        details = {"device": event.device, "detail": event.detail}
        with self._store.begin() as work:
            work.audit(
                AuditEvent(
                    _AUDITED[event.kind], operator.id if operator is not None else None, event.at, details
                )
            )
            work.commit()
