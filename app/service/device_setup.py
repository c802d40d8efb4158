"""Which devices the shop has, kept in the store under one key: ``devices``, a list of {name, kind, address, options}.

    scanner, badge   repeat_ms, requires_check_digit, has_end ("yes", "no", "" finds out), prefix, suffix
    scale            protocol ("toledo", "cas")
    display          commands ("epson", "cd5220"), code_page ("ascii", "cp950", …), brightness 1 to 4
    drawer           opens_high, left_open_seconds

A device that was written down wrongly is left out, never the whole list: the others go on working.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.domain.authority import Right
from app.domain.device import DeviceKind
from app.domain.errors import Refused

if TYPE_CHECKING:
    from app.domain.authority import Approval
    from app.service.counter_devices import CounterDevices
    from app.service.ports import Clock, Store
    from app.service.session import Session

SETTING: Final = "devices"
DEVICES_MAX: Final = 32
NAME_CHARACTERS_MAX: Final = 40

Option = str | int | bool


@dataclass(frozen=True, slots=True)
class DeviceSetup:
    """One device. ``name`` is unique and what the operator reads; ``address`` is a line as ``serial:/dev/…?baud=9600``.

    A display behind the printer and a drawer have no line of their own: their address is "" (they hang on the receipt printer).
    """

    name: str
    kind: DeviceKind
    address: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)

    def text(self, option: str, default: str = "") -> str:
        value = self.options.get(option, default)
        return value if isinstance(value, str) else default

    def number(self, option: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
        value = self.options.get(option, default)
        if not isinstance(value, int) or isinstance(value, bool):
            return default
        return value if least <= value <= most else default

    def flag(self, option: str, default: bool) -> bool:
        value = self.options.get(option, default)
        return value if isinstance(value, bool) else default


def load_devices(settings: Mapping[str, object]) -> tuple[DeviceSetup, ...]:
    """The shop's devices; two of one name are the first of them."""
    listed = settings.get(SETTING)
    found: dict[str, DeviceSetup] = {}
    for one in listed[:DEVICES_MAX] if isinstance(listed, list) else ():
        setup = _setup(one)
        if setup is not None:
            found.setdefault(setup.name, setup)
    return tuple(found.values())


def devices_to_setting(setups: tuple[DeviceSetup, ...]) -> list[dict[str, object]]:
    """What to put into the store."""
    return [
        {"name": one.name, "kind": one.kind.value, "address": one.address, "options": dict(one.options)}
        for one in setups
    ]


class DeviceSetups:
    """The shop's list, for whoever may change settings. A change is in force when the call returns."""

    def __init__(self, store: Store, session: Session, clock: Clock, counter: CounterDevices) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._counter = counter

    def all(self) -> tuple[DeviceSetup, ...]:
        return load_devices({SETTING: self._store.desk.setting(SETTING)})

    def put(self, setup: DeviceSetup, approval: Approval | None = None) -> None:
        """Add a device, or change the one of this name. Waits for the old line to be let go, so it is for a worker.

        Raises Refused("device_name" | "devices_too_many") and ApprovalNeeded.
        """
        if not setup.name.strip() or len(setup.name) > NAME_CHARACTERS_MAX:
            raise Refused("device_name", length_max=NAME_CHARACTERS_MAX)
        others = tuple(one for one in self.all() if one.name != setup.name)
        if len(others) >= DEVICES_MAX:
            raise Refused("devices_too_many", devices_max=DEVICES_MAX)
        self._save((*others, setup), setup.name, approval)

    def remove(self, name: str, approval: Approval | None = None) -> None:
        """Raises ApprovalNeeded."""
        self._save(tuple(one for one in self.all() if one.name != name), name, approval)

    def _save(self, setups: tuple[DeviceSetup, ...], name: str, approval: Approval | None) -> None:
        from app.service.ports import AuditEvent

        self._session.permit(Right.SETTINGS, 1, approval)
        now = self._clock.now_ms()
        with self._store.begin() as work:
            work.put_setting(SETTING, devices_to_setting(setups))
            work.audit(AuditEvent("device_changed", self._session.operator_id, now, {"device": name}))
            work.commit()
        self._counter.apply(setups)


def _setup(one: object) -> DeviceSetup | None:
    if not isinstance(one, Mapping):
        return None
    name, kind, address, options = (one.get(key) for key in ("name", "kind", "address", "options"))
    if not isinstance(name, str) or not 0 < len(name) <= NAME_CHARACTERS_MAX or not isinstance(address, str):
        return None
    if kind not in tuple(DeviceKind):
        return None
    known = {
        key: value
        for key, value in (options.items() if isinstance(options, Mapping) else ())
        if isinstance(key, str) and isinstance(value, str | int)
    }
    return DeviceSetup(name, DeviceKind(kind), address, known)
