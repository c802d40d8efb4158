"""Every device on the counter except the printers: one thread each, one stream of events, and their states in one place.

Nothing here waits for a device: what is to be shown is left for its thread, what happened comes as an event on it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app import log
from app.domain.device import DeviceEvent, DeviceKind, DeviceState, DeviceStatus, EventKind, Weight
from app.domain.errors import Refused, Unavailable
from devices.display.commands import DisplayCommands
from devices.display.content import CODE_PAGES, Composer, Panel, Words
from devices.display.display import LineDisplay, PrinterDisplay
from devices.drawer.watch import DrawerSetup, DrawerWatch
from devices.scale.cas import CasContinuous
from devices.scale.scale import LineScale
from devices.scale.toledo import Toledo8217
from devices.scanner.scanner import LineScanner, ScannerSetup
from devices.transport.address import open_transport
from devices.worker import LineUser, LineWorker

if TYPE_CHECKING:
    from app.service.device_setup import DeviceSetup
    from app.service.ports import Clock
    from devices.transport.port import Transport

RECENT_MAX: Final = 500
DRAWER_TICK_SECONDS: Final = 1.0


@dataclass(slots=True)
class _Running:
    """One device at work. A drawer and a display behind the printer have no worker of their own."""

    setup: DeviceSetup
    worker: LineWorker | None = None
    scale: LineScale | None = None
    display: LineDisplay | PrinterDisplay | None = None
    composer: Composer = field(default_factory=Composer)
    drawer: DrawerWatch | None = None
    state: DeviceState = DeviceState.OFF
    since_at: int = 0


class DeviceHub:
    """Implements :class:`app.service.counter_devices.CounterDevices`. Everything may be called from any thread.

    ``behind_printer`` hands bytes to the receipt printer's thread, for a display on the printer's line. ``keep`` writes an event down; it
    and the listeners are called on the device's thread. ``past`` reads what was written down; without it only this run is known.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        open_line: Callable[[str], Transport] = open_transport,
        behind_printer: Callable[[bytes], None] = lambda _: None,
        keep: Callable[[DeviceEvent], None] = lambda _: None,
        past: Callable[[int], tuple[DeviceEvent, ...]] | None = None,
    ) -> None:
        self._clock = clock
        self._open_line = open_line
        self._behind_printer = behind_printer
        self._keep = keep
        self._past = past
        self._lock = threading.RLock()
        self._running: dict[str, _Running] = {}
        self._listeners: list[Callable[[DeviceEvent], None]] = []
        self._recent: deque[DeviceEvent] = deque(maxlen=RECENT_MAX)
        self._stopping = threading.Event()
        self._ticker: threading.Thread | None = None

    # --- who is there ---

    def apply(self, setups: tuple[DeviceSetup, ...]) -> None:
        wanted = {one.name: one for one in setups if one.kind is not DeviceKind.PRINTER}
        with self._lock:
            gone = [one for name, one in self._running.items() if wanted.get(name) != one.setup]
            for one in gone:
                del self._running[one.setup.name]
        # The old one lets go of its line before a new one asks for it.
        for one in gone:
            if one.worker is not None:
                one.worker.stop()
        for name, setup in wanted.items():
            if name not in self._running:
                self._start(setup)

    def stop(self) -> None:
        self._stopping.set()
        self.apply(())
        if self._ticker is not None:
            self._ticker.join(timeout=DRAWER_TICK_SECONDS * 3)

    def listen(self, on_event: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        self._listeners.append(on_event)

        def stop() -> None:
            if on_event in self._listeners:
                self._listeners.remove(on_event)

        return stop

    def statuses(self) -> tuple[DeviceStatus, ...]:
        with self._lock:
            running = tuple(self._running.values())
        return tuple(
            DeviceStatus(
                one.setup.name,
                one.setup.kind,
                one.setup.address,
                one.drawer.state if one.drawer is not None else one.state,
                one.since_at,
            )
            for one in running
        )

    def history(self, limit: int = 100) -> tuple[DeviceEvent, ...]:
        if self._past is not None:
            return self._past(limit)
        return tuple(reversed(self._recent))[:limit]

    def retry(self, name: str) -> None:
        with self._lock:
            one = self._running.get(name)
        if one is not None and one.worker is not None:
            one.worker.retry()

    # --- scale ---

    @property
    def has_scale(self) -> bool:
        return self._scale() is not None

    def read_weight(self, timeout_seconds: float) -> Weight:
        scale = self._scale()
        if scale is None:
            raise Unavailable("scale_missing", can_retry=False)
        return scale.read_weight(timeout_seconds)

    def _scale(self) -> LineScale | None:
        with self._lock:
            return next((one.scale for one in self._running.values() if one.scale is not None), None)

    # --- display ---

    def show_welcome(self, shop_names: Words, greetings: Words) -> None:
        self._show(lambda composer: composer.welcome(shop_names, greetings))

    def show_item(self, names: Words, quantity: str, amount: str) -> None:
        self._show(lambda composer: composer.item(names, quantity, amount))

    def show_total(self, labels: Words, amount: str) -> None:
        self._show(lambda composer: composer.total(labels, amount))

    def show_change(self, paid_labels: Words, paid: str, change_labels: Words, change: str) -> None:
        self._show(lambda composer: composer.change(paid_labels, paid, change_labels, change))

    def _show(self, compose: Callable[[Composer], Panel]) -> None:
        with self._lock:
            shown = [(one.display, one.composer) for one in self._running.values() if one.display is not None]
        for display, composer in shown:
            display.show(compose(composer))

    # --- drawer ---

    def drawer_asked(self) -> None:
        for drawer in self._drawers():
            drawer.asked()

    def drawer_pin(self, is_high: bool | None) -> None:
        for drawer in self._drawers():
            drawer.pin(is_high)

    def _drawers(self) -> list[DrawerWatch]:
        with self._lock:
            return [one.drawer for one in self._running.values() if one.drawer is not None]

    def _tick(self) -> None:
        while not self._stopping.wait(DRAWER_TICK_SECONDS):
            for drawer in self._drawers():
                drawer.tick()

    # --- inside ---

    def _start(self, setup: DeviceSetup) -> None:
        """A device whose address cannot be one is listed as missing: the operator sees it where the others are."""
        one = _Running(setup, since_at=self._clock.now_ms())
        with self._lock:
            self._running[setup.name] = one
        try:
            user = self._make(one)
            if user is None:
                one.state = DeviceState.READY
                return
            line = self._open_line(setup.address)
        except Refused as refused:
            log.devices.info("%s is set up wrongly: %s", setup.name, refused.code)
            self._on_state(one, DeviceState.MISSING)
            return
        one.worker = LineWorker(user, line, on_state=lambda state: self._on_state(one, state))
        one.worker.start()

    def _make(self, one: _Running) -> LineUser | None:
        """What works the line; None for a device without one."""
        setup = one.setup
        match setup.kind:
            case DeviceKind.SCANNER | DeviceKind.BADGE:
                return LineScanner(_scanner_setup(setup), self._clock, self._tell)
            case DeviceKind.SCALE:
                protocol = CasContinuous() if setup.text("protocol") == "cas" else Toledo8217()
                one.scale = LineScale(setup.name, protocol, self._clock, self._tell)
                return one.scale
            case DeviceKind.DISPLAY:
                return self._make_display(one)
            case DeviceKind.DRAWER:
                one.drawer = DrawerWatch(_drawer_setup(setup), self._clock, self._tell)
                self._start_ticking()
        return None

    def _make_display(self, one: _Running) -> LineUser | None:
        setup = one.setup
        commands = DisplayCommands.CD5220 if setup.text("commands") == "cd5220" else DisplayCommands.EPSON
        code_page = setup.text("code_page", "ascii")
        one.composer = Composer(code_page if code_page in CODE_PAGES else "ascii")
        brightness = setup.number("brightness", 4, least=1, most=4)
        if not setup.address:
            one.display = PrinterDisplay(setup.name, commands, self._behind_printer, brightness=brightness)
            return None
        display = LineDisplay(setup.name, commands, brightness=brightness)
        one.display = display
        return display

    def _start_ticking(self) -> None:
        if self._ticker is None:
            self._ticker = threading.Thread(target=self._tick, name="device-drawer", daemon=True)
            self._ticker.start()

    def _on_state(self, one: _Running, state: DeviceState) -> None:
        one.state, one.since_at = state, self._clock.now_ms()
        self._tell(DeviceEvent(one.setup.name, EventKind.STATE, one.since_at, state.value))

    def _tell(self, event: DeviceEvent) -> None:
        if event.is_worth_keeping:
            self._recent.append(event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # whoever listens must not take the device away from the others
                log.devices.exception("a listener failed at %s", event.kind)
        self._keep(event)


def _scanner_setup(setup: DeviceSetup) -> ScannerSetup:
    return ScannerSetup(
        name=setup.name,
        is_badge_reader=setup.kind is DeviceKind.BADGE,
        repeat_ms=setup.number("repeat_ms", 400, most=5_000),
        requires_check_digit=setup.flag("requires_check_digit", True),
        has_end={"yes": True, "no": False}.get(setup.text("has_end")),
        prefix=setup.text("prefix"),
        suffix=setup.text("suffix"),
    )


def _drawer_setup(setup: DeviceSetup) -> DrawerSetup:
    return DrawerSetup(
        name=setup.name,
        opens_high=setup.flag("opens_high", True),
        left_open_seconds=setup.number("left_open_seconds", 60, most=3_600),
    )
