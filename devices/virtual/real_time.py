"""The commands that a printer obeys the moment they arrive, ahead of everything in its buffer: DLE EOT, DLE ENQ and DLE DC4.

It looks at bare bytes: dots that happen to spell such a command are obeyed too, which is why a sender guards them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_CLEAR: Final = b"\x01\x03\x14\x01\x06\x02\x08"


class RealTimeScanner:
    """Cuts what arrives behind every real-time command; a command may come in pieces."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The data in pieces, each with the request that ends it (``b""`` for the last). Every byte is in exactly one piece."""
        known = len(self._tail)
        everything = self._tail + data
        start, at = known, 0
        while (at := everything.find(b"\x10", at)) >= 0:
            length = _length(everything[at : at + 10])
            if length is None:
                break
            if length and at + length > known:
                yield everything[start : at + length], everything[at : at + length]
                start = at + length
            at += max(1, length)
        yield everything[start:], b""
        self._tail = everything[at:] if at >= 0 else b""


def _length(data: bytes) -> int | None:
    """The length of the real-time command that begins here, 0 when none does, None when it is not all there."""
    if len(data) < 3:
        return None if data in (b"\x10", b"\x10\x04", b"\x10\x05", b"\x10\x14") else 0
    match data[1], data[2]:
        case 0x04, 1 | 2 | 3 | 4:
            return 3
        case 0x05, 1 | 2:
            return 3
        case 0x14, 1:
            return _whole(data, 5, data[3:4] in (b"", b"\x00", b"\x01") and data[4:5] <= b"\x08")
        case 0x14, 8:
            return _whole(data, 10, _CLEAR.startswith(data[3:]))
        case _:
            return 0


def _whole(data: bytes, length: int, is_right: bool) -> int | None:
    if not is_right:
        return 0
    return length if len(data) >= length else None
