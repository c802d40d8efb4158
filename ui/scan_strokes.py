"""The keys that are held while it is not certain whether a scanner or a person pressed them, and how the two are told apart afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent

from app.domain.barcode import has_valid_check_digit, without_aim
from app.domain.entry import ScannedKind, classify, kind_of
from ui.widgets.entry_line import fold

STRANGERS_MAX: Final = 2
"""As many keys of a person may stand before a scan that began while they typed."""
PAUSE_MS: Final = 8
_PROVEN: Final = frozenset(
    {
        ScannedKind.MEMBER,
        ScannedKind.COUPON,
        ScannedKind.GIFT_CARD,
        ScannedKind.RECEIPT,
        ScannedKind.HELD,
        ScannedKind.BADGE,
        ScannedKind.CARRIER,
        ScannedKind.INVOICE,
    }
)


@dataclass(slots=True, eq=False)
class Stroke:
    """A held event and whom it was for. ``at`` is the keyboard's time of a press."""

    receiver: QObject
    event: QEvent
    key: int
    is_press: bool
    text: str = ""
    at: int = 0


def strangers_before(held: Sequence[Stroke]) -> list[Stroke]:
    """A person's keys at the beginning of what is otherwise a scan, with their releases.

    Two things must both speak for it: what is left proves itself as a code and the whole does not, and there was a pause that the scanner
    does not make elsewhere in this code.
    """
    presses = [stroke for stroke in held if stroke.is_press]
    if proves_itself(_text(presses)):
        return []
    gaps = [later.at - earlier.at for earlier, later in pairwise(presses)]
    for count in range(1, min(STRANGERS_MAX, len(gaps) - 2) + 1):
        usual = median(gaps[count:])
        if gaps[count - 1] >= max(2 * usual, usual + PAUSE_MS) and proves_itself(_text(presses[count:])):
            return _with_releases(held, presses[:count])
    return []


def proves_itself(text: str) -> bool:
    """Whether this is a code whatever anyone says: a valid check digit, or one of ours or the tax authority's."""
    code, _ = without_aim(fold(text).strip())
    if code.isdigit():
        return has_valid_check_digit(code)
    return kind_of(classify(code, is_scan=True)) in _PROVEN


def copy_of(event: QKeyEvent) -> QKeyEvent:
    """The event as it was: Qt takes the original away when its filter returns."""
    copy = QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    copy.setTimestamp(event.timestamp())
    return copy


def _text(strokes: Sequence[Stroke]) -> str:
    return "".join(stroke.text for stroke in strokes)


def _with_releases(held: Sequence[Stroke], presses: Sequence[Stroke]) -> list[Stroke]:
    """These presses and, of each, the first release that follows it."""
    found = []
    still_down = set()
    for stroke in held:
        if stroke in presses:
            still_down.add(stroke.key)
            found.append(stroke)
        elif not stroke.is_press and stroke.key in still_down:
            still_down.discard(stroke.key)
            found.append(stroke)
    return found
