"""Watches the drawer's pin as the printer reports it. Which level means open differs from drawer to drawer, so it is a setting.

A drawer that opens without anybody having asked for it is told apart from a sale; one that stays open is told once, and once more for each
further spell of the same length.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.device import DeviceEvent, DeviceState, EventKind

if TYPE_CHECKING:
    from app.service.ports import Clock

ASKED_MS: Final = 5_000
"""A drawer that opens within this long after it was kicked, or that is kicked again while open, was asked to."""


@dataclass(frozen=True, slots=True)
class DrawerSetup:
    """``opens_high``: the pin is high while the drawer is open. ``left_open_seconds`` 0 switches the alarm off."""

    name: str = "drawer"
    opens_high: bool = True
    left_open_seconds: int = 60


class DrawerWatch:
    """Fed by whoever asks the printer. Any thread may call it; events come on the caller's thread."""

    def __init__(self, setup: DrawerSetup, clock: Clock, on_event: Callable[[DeviceEvent], None]) -> None:
        self._setup = setup
        self._clock = clock
        self._on_event = on_event
        self._lock = threading.Lock()
        self._is_open: bool | None = None
        self._opened_at = 0
        self._alarmed_at = 0
        self._asked_at: int | None = None

    @property
    def state(self) -> DeviceState:
        with self._lock:
            if self._is_open is None:
                return DeviceState.SILENT
            if not self._is_open:
                return DeviceState.READY
            return DeviceState.LEFT_OPEN if self._alarmed_at > self._opened_at else DeviceState.OPEN

    @property
    def is_open(self) -> bool | None:
        """None: nobody knows, for the printer does not tell."""
        return self._is_open

    def asked(self) -> None:
        """Somebody kicked it, for a sale or with a reason."""
        with self._lock:
            self._asked_at = self._clock.now_ms()

    def pin(self, is_high: bool | None) -> None:
        """The printer's word on its pin; None when it does not answer."""
        now = self._clock.now_ms()
        with self._lock:
            events = self._take(None if is_high is None else is_high == self._setup.opens_high, now)
        for event in events:
            self._on_event(event)

    def tick(self) -> None:
        """Time has passed."""
        now = self._clock.now_ms()
        with self._lock:
            event = self._alarm(now)
        if event is not None:
            self._on_event(event)

    def _take(self, is_open: bool | None, now: int) -> list[DeviceEvent]:
        was_open, self._is_open = self._is_open, is_open
        if is_open is None or is_open == was_open:
            alarm = self._alarm(now)
            return [] if alarm is None else [alarm]
        if not is_open:
            # The first word about a closed drawer is no news.
            return [] if was_open is None else [self._event(EventKind.DRAWER_CLOSED, now)]
        self._opened_at = self._alarmed_at = now
        asked_at, self._asked_at = self._asked_at, None
        was_asked = asked_at is not None and 0 <= now - asked_at <= ASKED_MS
        opened = [self._event(EventKind.DRAWER_OPENED, now)]
        # Found open when the till began to look: who opened it is not known, and nobody is accused.
        is_unasked = was_open is not None and not was_asked
        return opened + ([self._event(EventKind.DRAWER_UNASKED, now)] if is_unasked else [])

    def _alarm(self, now: int) -> DeviceEvent | None:
        patience = self._setup.left_open_seconds * 1000
        if not self._is_open or not patience or now - self._alarmed_at < patience:
            return None
        self._alarmed_at = now
        seconds = (now - self._opened_at) // 1000
        return self._event(EventKind.DRAWER_LEFT_OPEN, now, str(seconds))

    def _event(self, kind: EventKind, now: int, detail: str = "") -> DeviceEvent:
        return DeviceEvent(self._setup.name, kind, now, detail)
