"""From a scanner's bytes to whole codes. What is not certainly whole is refused: half a code may be another article's.

A code ends with CR, LF, TAB or ETX, or, where the scanner sends no end, with 100 ms of silence. A scanner that has once sent an end always
sends one: from then on a code that falls silent without it was cut off, and so is what follows it within a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

IDLE_MS: Final = 100
TAIL_MS: Final = 1_000
LENGTH_MAX: Final = 1_024
_ENDS: Final = frozenset(b"\r\n\t\x03")
_STARTS: Final = frozenset(b"\x02")
_CODECS: Final = ("utf-8", "cp950", "gb18030")


class FrameFault(StrEnum):
    """Why these bytes are no code."""

    TOO_LONG = "too_long"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Frame:
    """One code as it arrived, or what is left of one. ``at`` is when its last byte came, in the caller's milliseconds."""

    text: str
    at: int
    fault: FrameFault | None = None


class Framer:
    """Keeps its own buffer. ``has_end``: None learns whether the scanner sends an end, True and False know it."""

    def __init__(self, *, has_end: bool | None = None, prefix: str = "", suffix: str = "") -> None:
        self._has_end = has_end
        self._prefix = prefix
        self._suffix = suffix
        self._held = bytearray()
        self._is_too_long = False
        self._last_at = 0
        self._cut_at: int | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether something is held that a silence would end."""
        return bool(self._held) or self._is_too_long

    def feed(self, data: bytes, at: int) -> list[Frame]:
        """The codes that these bytes complete."""
        frames = self.tick(at)
        for byte in data:
            if byte in _ENDS:
                frames += self._end(at)
            elif byte in _STARTS:
                self._held.clear()
            elif len(self._held) >= LENGTH_MAX:
                self._is_too_long = True
            else:
                self._held.append(byte)
        if data:
            self._last_at = at
        return frames

    def tick(self, at: int) -> list[Frame]:
        """Time has passed: what was held through a silence is decided about."""
        if not self.is_waiting or at - self._last_at < IDLE_MS:
            return []
        if self._is_too_long:
            return [self._take(self._last_at, FrameFault.TOO_LONG)]
        if self._has_end:
            self._cut_at = self._last_at
            return [self._take(self._last_at, FrameFault.CUT_OFF)]
        return [self._take(self._last_at, None)]

    def forget(self) -> None:
        """The line was opened anew; half a code from before is none."""
        self._held.clear()
        self._is_too_long, self._cut_at = False, None

    def _end(self, at: int) -> list[Frame]:
        if not self.is_waiting:
            return []  # CR and LF both, or an Enter alone
        if self._has_end is None:
            self._has_end = True
        if self._is_too_long:
            return [self._take(at, FrameFault.TOO_LONG)]
        cut_at, self._cut_at = self._cut_at, None
        is_tail = cut_at is not None and at - cut_at <= TAIL_MS
        return [self._take(at, FrameFault.CUT_OFF if is_tail else None)]

    def _take(self, at: int, fault: FrameFault | None) -> Frame:
        text = _decoded(bytes(self._held)).strip(" ")
        self._held.clear()
        self._is_too_long = False
        text = text.removeprefix(self._prefix).removesuffix(self._suffix)
        return Frame(text, at, fault)


def _decoded(data: bytes) -> str:
    """UTF-8 as scanners are set nowadays, else the code pages of the two Chinese writings; bytes never get lost."""
    for codec in _CODECS:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
