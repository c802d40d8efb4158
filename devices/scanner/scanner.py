"""A scanner or badge reader on a line: every whole code becomes one event, every doubtful one is refused aloud.

The same code twice within the repeat window was read twice by one pull of the trigger, and counts once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.barcode import Symbology, check_digit, is_digits, without_aim
from app.domain.device import DeviceEvent, EventKind
from devices.scanner.framing import Frame, Framer

if TYPE_CHECKING:
    from app.service.ports import Clock
    from devices.transport.port import Transport

TURN_SECONDS: Final = 0.2
HELD_SECONDS: Final = 0.02
READ_BYTES: Final = 512
CHECKED_LENGTHS: Final = (12, 13, 14)


@dataclass(frozen=True, slots=True)
class ScannerSetup:
    """How this scanner is set. ``requires_check_digit``: 12 to 14 digits with a wrong last one are no article of this shop.

    ``has_end``: whether it sends CR, LF or TAB after a code; None finds out.
    """

    name: str = "scanner"
    is_badge_reader: bool = False
    repeat_ms: int = 400
    requires_check_digit: bool = True
    has_end: bool | None = None
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        assert 0 <= self.repeat_ms <= 5_000


class LineScanner:
    """Implements :class:`devices.worker.LineUser`. ``on_event`` is called on the worker's thread."""

    def __init__(self, setup: ScannerSetup, clock: Clock, on_event: Callable[[DeviceEvent], None]) -> None:
        self._setup = setup
        self._clock = clock
        self._on_event = on_event
        self._framer = Framer(has_end=setup.has_end, prefix=setup.prefix, suffix=setup.suffix)
        self._last_code = ""
        self._last_at = 0

    @property
    def name(self) -> str:
        return self._setup.name

    def begin(self, line: Transport) -> None:
        self._framer.forget()

    def turn(self, line: Transport) -> None:
        data = line.read(READ_BYTES, HELD_SECONDS if self._framer.is_waiting else TURN_SECONDS)
        at = _now_ms()
        for frame in self._framer.feed(data, at) if data else self._framer.tick(at):
            self.take(frame)

    def lost(self) -> None:
        self._framer.forget()

    def take(self, frame: Frame) -> None:
        """Decide about one frame and tell it."""
        code, symbology = without_aim(frame.text)
        if frame.fault is not None:
            self._tell(EventKind.SCAN_REFUSED, frame.fault.value, code[:64], symbology)
        elif not code:
            return
        elif self._is_repeated(code, frame.at):
            self._tell(EventKind.SCAN_REPEATED, "", code, symbology)
        elif self._is_damaged(code, symbology):
            self._tell(EventKind.SCAN_REFUSED, "check_digit", code, symbology)
        else:
            kind = EventKind.BADGE if self._setup.is_badge_reader else EventKind.SCAN
            self._tell(kind, "", code, symbology)

    def _is_repeated(self, code: str, at: int) -> bool:
        is_repeated = code == self._last_code and at - self._last_at < self._setup.repeat_ms
        self._last_code, self._last_at = code, at
        return is_repeated

    def _is_damaged(self, code: str, symbology: Symbology | None) -> bool:
        """Symbols of the EAN family must prove themselves; so must bare digits of their length, where the scanner does not say."""
        if self._setup.is_badge_reader or not self._setup.requires_check_digit or not is_digits(code):
            return False
        if symbology not in (None, Symbology.EAN, Symbology.EAN_8) or len(code) not in CHECKED_LENGTHS:
            return False
        return check_digit(code[:-1]) != int(code[-1])

    def _tell(self, kind: EventKind, detail: str, code: str, symbology: Symbology | None) -> None:
        self._on_event(DeviceEvent(self.name, kind, self._clock.now_ms(), detail, code, symbology))


def _now_ms() -> int:
    """For silences and repeats only: it never jumps, and says nothing about the day."""
    return time.monotonic_ns() // 1_000_000
