"""How the shop's keyboard-wedge scanner types, and how that is found out: the same code is scanned a few times while every key is timed.

A scanner that is no faster than fingers cannot be told from them by time. Such a one needs a prefix key, and the calibration says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from statistics import median
from typing import Any, Final

from app.domain.errors import Refused

SETTING: Final = "scanner.wedge"
SCANS_NEEDED: Final = 3
STROKES_MAX: Final = 5_000
BETWEEN_SCANS_MS: Final = 300
"""Nobody pulls the trigger again within this time, and no scanner pauses so long in the middle of a code."""
FASTEST_FINGERS_MS: Final = 60
"""Two keys in a row that are further apart may be a person's: no gap is ever set as wide as this."""
GAP_MS_MIN: Final = 20
CODE_LENGTH_MIN: Final = 6
TERMINATORS: Final = frozenset({"Enter", "Tab"})


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """How the shop's scanner types. `prefix` is a text, or the name of one key (``F9``), that it sends before every code."""

    gap_ms: int = 35
    length_min: int = 4
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        assert 5 <= self.gap_ms <= 200
        assert self.length_min >= 2


def from_setting(stored: object) -> ScannerSettings:
    """What the store holds under `SETTING`; the default where that is missing or damaged."""
    if not isinstance(stored, Mapping):
        return ScannerSettings()
    known: dict[str, Any] = {
        each.name: stored[each.name]
        for each in fields(ScannerSettings)
        if type(stored.get(each.name)) is type(each.default)
    }
    try:
        return ScannerSettings(**known)
    except AssertionError:
        return ScannerSettings()


def to_setting(settings: ScannerSettings) -> dict[str, object]:
    return {each.name: getattr(settings, each.name) for each in fields(ScannerSettings)}


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    text: str
    at: int


class Calibration:
    """Fed with every key while somebody scans `expected` again and again. Pure: times come from the keyboard.

    ``expected`` is the code on the calibration sheet; "" takes whatever code is scanned, and then finds neither prefix nor suffix text.
    """

    def __init__(self, expected: str = "") -> None:
        self._expected = expected
        self._keys: list[_Key] = []
        self._scans: list[list[_Key]] = []
        self.has_caps_lock = False

    def stroke(self, name: str, text: str, at: int) -> None:
        """One key: its name as `ui.keys` spells it, the character it makes ("" for none), and the keyboard's own time in milliseconds."""
        if self._keys and not 0 <= at - self._keys[-1].at <= BETWEEN_SCANS_MS:
            self._end_scan()
        if len(self._keys) < STROKES_MAX:
            self._keys.append(_Key(name, text, at))
        if name in TERMINATORS:
            self._end_scan()

    @property
    def scans(self) -> int:
        """How many whole scans of one code have come."""
        self._note_if_whole()
        return len(self._agreeing())

    @property
    def scans_needed(self) -> int:
        return max(0, SCANS_NEEDED - self.scans)

    def settings(self) -> ScannerSettings:
        """What the scanner needs. Raises Refused("scanner_calibration_short" | "scanner_too_slow")."""
        if self.scans_needed:
            raise Refused("scanner_calibration_short", scans=self.scans_needed)
        agreeing = self._agreeing()
        prefix, suffix = self._around(agreeing[0])
        gaps = [gap for scan in agreeing for gap in _gaps(scan)]
        if prefix:
            # What the prefix announces is a scan however slow it is; the gap only keeps fingers apart from the rest.
            return ScannerSettings(
                gap_ms=min(_wanted(gaps), FASTEST_FINGERS_MS), prefix=prefix, suffix=suffix
            )
        if _wanted(gaps) > FASTEST_FINGERS_MS:
            raise Refused("scanner_too_slow", gap_ms=round(median(gaps)))
        return ScannerSettings(gap_ms=_wanted(gaps), suffix=suffix)

    def _end_scan(self) -> None:
        if sum(bool(key.text) for key in self._characters(self._keys)) >= CODE_LENGTH_MIN:
            self._scans.append(self._keys)
        self._keys = []

    def _note_if_whole(self) -> None:
        """A scanner without a terminator is silent after its code: the last scan counts when it says what the ones before said."""
        text = _text(self._characters(self._keys))
        if text and any(_text(self._characters(scan)) == text for scan in self._scans):
            self._end_scan()

    def _agreeing(self) -> list[list[_Key]]:
        """The scans that hold the expected code, or else the code that came most often."""
        texts = [_text(self._characters(scan)) for scan in self._scans]
        if self._expected:
            flipped = self._expected.swapcase()
            self.has_caps_lock = flipped != self._expected and any(flipped in text for text in texts)
            wanted = flipped if self.has_caps_lock else self._expected
            return [scan for scan, text in zip(self._scans, texts, strict=True) if wanted in text]
        most = max(texts, key=texts.count, default="")
        return [scan for scan, text in zip(self._scans, texts, strict=True) if text == most]

    def _around(self, scan: list[_Key]) -> tuple[str, str]:
        """What comes before and after the code."""
        if scan[0].name and not scan[0].text:
            return scan[0].name, ""
        text = _text(self._characters(scan))
        expected = self._expected.swapcase() if self.has_caps_lock else self._expected
        if not expected:
            return "", ""
        before, _, after = text.partition(expected)
        return before, after

    def _characters(self, keys: list[_Key]) -> list[_Key]:
        return [key for key in keys if key.text and key.name not in TERMINATORS]


def _text(keys: list[_Key]) -> str:
    return "".join(key.text for key in keys)


def _gaps(scan: list[_Key]) -> list[int]:
    return [later.at - earlier.at for earlier, later in pairwise(scan)]


def _wanted(gaps: list[int]) -> int:
    """Half as much again as the slowest, for a day on which the computer is busy."""
    return max(GAP_MS_MIN, max(gaps) * 3 // 2 + 5)
