"""What the counter's devices tell: one plain event for everything that happens at a scanner, scale, display, drawer or printer.

An event may hold a code that is worth money or opens doors; it never shows in a repr, and what is kept of an event (`kept_detail`) has no
code in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.barcode import Symbology, code_with_aim
from app.domain.quantity import format_quantity

UPC_E_LENGTH = 8


class DeviceKind(StrEnum):
    """What stands on the counter."""

    PRINTER = "printer"
    SCANNER = "scanner"
    BADGE = "badge"  # a scanner or card reader whose codes are staff badges
    SCALE = "scale"
    DISPLAY = "display"
    DRAWER = "drawer"


class DeviceState(StrEnum):
    """How a device is, as far as anyone can tell. ``app/texts/scanner.py`` has the words."""

    OFF = "off"  # nobody asked it to work
    CONNECTING = "connecting"
    READY = "ready"
    SILENT = "silent"  # the line is open and nothing answers
    MISSING = "missing"  # unplugged, or never there
    BUSY = "busy"  # another program holds the line
    DENIED = "denied"  # the system does not let us
    OPEN = "open"  # a drawer
    LEFT_OPEN = "left_open"

    @property
    def is_fault(self) -> bool:
        return self not in (DeviceState.OFF, DeviceState.CONNECTING, DeviceState.READY, DeviceState.OPEN)


class EventKind(StrEnum):
    """What happened."""

    STATE = "state"
    SCAN = "scan"
    BADGE = "badge"
    SCAN_REPEATED = "scan_repeated"
    SCAN_REFUSED = "scan_refused"
    WEIGHT = "weight"
    DRAWER_OPENED = "drawer_opened"
    DRAWER_CLOSED = "drawer_closed"
    DRAWER_LEFT_OPEN = "drawer_left_open"
    DRAWER_UNASKED = "drawer_unasked"


class Feedback(StrEnum):
    """What the operator hears and sees at once, without reading."""

    GOOD = "good"
    SOFT = "soft"  # noticed, and on purpose nothing was done
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Weight:
    """A settled weight in thousandths of a kilogram."""

    thousandths: int

    def __post_init__(self) -> None:
        assert self.thousandths >= 0


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """One thing that happened. ``at`` is UTC milliseconds.

    ``detail`` is a short word from code (a state, why a scan was refused). ``code`` and ``symbology`` belong to scans, ``weight`` to
    a scale.
    """

    device: str
    kind: EventKind
    at: int
    detail: str = ""
    code: str = field(default="", repr=False)
    symbology: Symbology | None = None
    weight: Weight | None = None

    @property
    def entry(self) -> str:
        """The code as the one line takes it. Where it decides what the code means, what the scanner said of the symbol stands before it."""
        decides = self.symbology is not None and (self.symbology.is_gs1 or len(self.code) == UPC_E_LENGTH)
        return code_with_aim(self.code, self.symbology) if decides else self.code

    @property
    def feedback(self) -> Feedback | None:
        return _FEEDBACK.get(self.kind)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether it belongs into the history of faults: what went well does not, except that a fault is over."""
        if self.kind is EventKind.STATE:
            return self.detail not in (DeviceState.OFF, DeviceState.CONNECTING)
        return self.kind in _FAULTS

    @property
    def kept_detail(self) -> str:
        """What the history may keep: never a code."""
        return format_quantity(self.weight.thousandths) if self.weight is not None else self.detail


_FAULTS = (EventKind.SCAN_REFUSED, EventKind.DRAWER_LEFT_OPEN, EventKind.DRAWER_UNASKED)
_FEEDBACK = {
    EventKind.SCAN: Feedback.GOOD,
    EventKind.BADGE: Feedback.GOOD,
    EventKind.SCAN_REPEATED: Feedback.SOFT,
    EventKind.SCAN_REFUSED: Feedback.BAD,
    EventKind.DRAWER_LEFT_OPEN: Feedback.BAD,
    EventKind.DRAWER_UNASKED: Feedback.BAD,
}


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """How one device is now. ``since_at`` is when it became so, in UTC milliseconds."""

    name: str
    kind: DeviceKind
    address: str
    state: DeviceState
    since_at: int
