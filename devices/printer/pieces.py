"""The bytes of a paper cut where one command ends and the next begins: the only places at which the drawer may be opened in between.

It knows the commands that the till sends. From the first one it does not know, everything is one piece: a pulse that comes late is a
nuisance, one in the middle of a picture is a torn receipt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

PIECE_BYTES_MIN: Final = 256
"""Shorter commands go together: each piece is one system call."""

# The whole length of each command; a command that carries data has its length in its head.
_LENGTHS: Final = {
    b"\x1b@": 2,
    b"\x1bJ": 3,
    b"\x1bd": 3,
    b"\x1ba": 3,
    b"\x1bE": 3,
    b"\x1bM": 3,
    b"\x1bt": 3,
    b"\x1bR": 3,
    b"\x1b!": 3,
    b"\x1b2": 2,
    b"\x1b3": 3,
    b"\x1b$": 4,
    b"\x1bp": 5,
    b"\x1c&": 2,
    b"\x1c.": 2,
    b"\x1d!": 3,
    b"\x1dB": 3,
    b"\x1dP": 4,
    b"\x1dL": 4,
    b"\x1dW": 4,
    b"\x1da": 3,
    b"\x1dr": 3,
}
_INTRODUCERS: Final = b"\x10\x1b\x1c\x1d"


def pieces(data: bytes) -> Iterator[bytes]:
    """The same bytes, in pieces that end with a whole command."""
    start = at = 0
    while at < len(data):
        length = _command_length(data, at)
        if length is None:
            break
        at += length
        if at - start >= PIECE_BYTES_MIN:
            yield data[start:at]
            start = at
    if start < len(data):
        yield data[start:]


def _command_length(data: bytes, at: int) -> int | None:
    if data[at] not in _INTRODUCERS:
        return _text_length(data, at)
    head = data[at : at + 2]
    match head:
        case b"\x1dv":
            width = int.from_bytes(data[at + 4 : at + 6], "little")
            return 8 + width * int.from_bytes(data[at + 6 : at + 8], "little")
        case b"\x1d(" | b"\x1c(":
            return 5 + int.from_bytes(data[at + 3 : at + 5], "little")
        case b"\x1dV":
            return 4 if data[at + 2 : at + 3] in (b"A", b"B") else 3
        case _:
            return _LENGTHS.get(head)


def _text_length(data: bytes, at: int) -> int:
    """Up to the next command: neither half of a Chinese character looks like the beginning of one."""
    end = at
    while end < len(data) and data[end] not in _INTRODUCERS:
        end += 1
    return end - at
