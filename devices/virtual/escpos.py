"""ESC/POS as a stream of commands, cut apart by length: what a receipt printer's own firmware does first.

A command that is not in the tables is an ``unknown`` one and never text: a printer that guesses prints rubbish, and a test must see it.
Written from the command reference, without the encoder: lengths by family are the functions at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

TEXT: Final = "text"
UNKNOWN: Final = "unknown"
DISPLAY: Final = "display"
"""Bytes between ``ESC = 2`` and ``ESC = 1``: they are for the customer display behind the printer."""

_BACK_TO_PRINTER: Final = b"\x1b=\x01"

Length = Callable[[bytes], int | None]
"""The whole length of a command from its first bytes; None while they do not say it yet."""


@dataclass(frozen=True, slots=True)
class Command:
    """``name`` is the reference's, "GS ( k" for the counted ones; ``arguments`` what follows it (and its count); ``offset`` its place."""

    name: str
    data: bytes
    offset: int

    @property
    def arguments(self) -> bytes:
        if self.name in (TEXT, UNKNOWN, DISPLAY):
            return self.data
        if " ( " in self.name:
            return self.data[5:]
        return self.data[7:] if self.name == "GS 8" else self.data[2:]


def commands(data: bytes) -> tuple[Command, ...]:
    """All commands of a finished stream; a last one that is cut short is unknown."""
    stream = CommandStream()
    stream.feed(data)
    found = tuple(stream)
    return found + stream.rest()


class CommandStream:
    """Bytes in, whole commands out, one at a time. Text comes out when what follows it has come, so that no character is cut."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._offset = 0
        self._is_for_display = False

    def __len__(self) -> int:
        """The bytes that wait."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def clear(self) -> None:
        self._offset += len(self._buffer)
        self._buffer.clear()
        self._is_for_display = False

    def __iter__(self) -> Iterator[Command]:
        while (command := self.next()) is not None:
            yield command

    def next(self) -> Command | None:
        """The next whole command, taken away; None while there is none."""
        if not self._buffer:
            return None
        if self._is_for_display and not self._buffer.startswith(_BACK_TO_PRINTER):
            return self._for_display()
        if self._buffer[0] >= 0x20:
            return self._text()
        name, length = _command_at(bytes(self._buffer[:HEADER_BYTES_MAX]))
        if length is None or length > len(self._buffer):
            return None
        return self._taken(name, length)

    def rest(self) -> tuple[Command, ...]:
        """What is left at the end of a stream."""
        if not self._buffer:
            return ()
        return (self._taken(TEXT if self._buffer[0] >= 0x20 else UNKNOWN, len(self._buffer)),)

    def _text(self) -> Command | None:
        end = next((index for index, byte in enumerate(self._buffer) if byte < 0x20), None)
        return None if end is None else self._taken(TEXT, end)

    def _for_display(self) -> Command | None:
        """Everything up to the command that ends it, of which a beginning may have come."""
        end = self._buffer.find(_BACK_TO_PRINTER)
        if end < 0:
            begun = next((n for n in (2, 1) if self._buffer.endswith(_BACK_TO_PRINTER[:n])), 0)
            end = len(self._buffer) - begun
        return self._taken(DISPLAY, end) if end else None

    def _taken(self, name: str, length: int) -> Command:
        if name.endswith("("):
            name += f" {chr(self._buffer[2])}"
        command = Command(name, bytes(self._buffer[:length]), self._offset)
        del self._buffer[:length]
        self._offset += length
        if name == "ESC =":
            self._is_for_display = command.data == b"\x1b=\x02"
        return command


HEADER_BYTES_MAX: Final = 8_192
"""As much of a command as may be needed to tell its length: characters defined by the user come one after the other."""


def _command_at(data: bytes) -> tuple[str, int | None]:
    """The name and the length of the command at the beginning; the length is None while it cannot be told."""
    if data[:1] in _SINGLE:
        return _SINGLE[data[:1]], 1
    if data[0] not in _LEADS:
        return UNKNOWN, 1
    if len(data) < 2:
        return UNKNOWN, None
    entry = _COMMANDS.get(data[:2])
    if entry is None:
        return UNKNOWN, 2
    name, length = entry
    count = length(data)
    return (UNKNOWN, -count) if count is not None and count < 0 else (name, count)


def _fixed(arguments: int) -> Length:
    return lambda data: 2 + arguments


def _counted(data: bytes) -> int | None:
    """``lead ( x pL pH d…``"""
    return None if len(data) < 5 else 5 + int.from_bytes(data[3:5], "little")


def _long_counted(data: bytes) -> int | None:
    """``GS 8 L p1 p2 p3 p4 d…``"""
    return None if len(data) < 7 else 7 + int.from_bytes(data[3:7], "little")


def _real_time(data: bytes) -> int | None:
    """``DLE EOT n``, with a second argument for the kinds above 4."""
    if len(data) < 3:
        return None
    return 3 if data[2] in (1, 2, 3, 4) else 4


def _real_time_request(data: bytes) -> int | None:
    """``DLE DC4 fn …``"""
    if len(data) < 3:
        return None
    return {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}.get(data[2], -3)


def _bit_image(data: bytes) -> int | None:
    """``ESC * m nL nH d…``: 8 or 24 dots high."""
    if len(data) < 5:
        return None
    if data[2] not in (0, 1, 32, 33):
        return -3
    return 5 + int.from_bytes(data[3:5], "little") * (3 if data[2] >= 32 else 1)


def _raster(data: bytes) -> int | None:
    """``GS v 0 m xL xH yL yH d…``"""
    if len(data) < 8:
        return -2 if len(data) >= 3 and data[2] != 0x30 else None
    return 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")


def _variable_raster(data: bytes) -> int | None:
    """``GS Q 0 m xL xH yL yH d…``"""
    if len(data) < 8:
        return None
    return 8 + int.from_bytes(data[4:6], "little") * 8 * int.from_bytes(data[6:8], "little")


def _downloaded_image(data: bytes) -> int | None:
    """``GS * x y d…``"""
    return None if len(data) < 4 else 4 + data[2] * data[3] * 8


def _stored_images(data: bytes) -> int | None:
    """``FS q n [xL xH yL yH d…]…``"""
    if len(data) < 3:
        return None
    at = 3
    for _ in range(data[2]):
        if len(data) < at + 4:
            return None
        at += (
            4
            + int.from_bytes(data[at : at + 2], "little")
            * int.from_bytes(data[at + 2 : at + 4], "little")
            * 8
        )
    return at


def _own_characters(data: bytes) -> int | None:
    """``ESC & y c1 c2 [x d…]…``"""
    if len(data) < 5:
        return None
    at = 5
    for _ in range(data[4] - data[3] + 1):
        if len(data) < at + 1:
            return None
        at += 1 + data[2] * data[at]
    return at


def _tab_stops(data: bytes) -> int | None:
    """``ESC D n… NUL``"""
    end = data.find(b"\x00", 2)
    return end + 1 if end >= 0 else None


def _barcode(data: bytes) -> int | None:
    """``GS k m d… NUL`` up to 6, ``GS k m n d…`` from 65 on."""
    if len(data) < 4:
        return None
    if data[2] >= 65:
        return 4 + data[3]
    end = data.find(b"\x00", 3)
    return end + 1 if end >= 0 else None


def _cut(data: bytes) -> int | None:
    """``GS V m``, with a feed behind it from 65 on."""
    if len(data) < 3:
        return None
    return 3 if data[2] in (0, 1, 48, 49) else 4


def _counter(data: bytes) -> int | None:
    """``GS C 0 n m``, ``GS C 1 …``, ``GS C 2 nL nH``, ``GS C ; … ;`` with five numbers."""
    if len(data) < 3:
        return None
    match data[2]:
        case 0x30:
            return 5
        case 0x31:
            return 9
        case 0x32:
            return 5
        case 0x3B:
            ends = [index for index, byte in enumerate(data) if byte == 0x3B]
            return ends[5] + 1 if len(ends) >= 6 else None
        case _:
            return -3


def _maintenance(data: bytes) -> int | None:
    """``GS g 0 m nL nH`` and ``GS g 2 m nL nH``"""
    return 6


_LEADS: Final = frozenset({0x10, 0x1B, 0x1C, 0x1D})
_SINGLE: Final = {
    b"\x09": "HT", b"\x0a": "LF", b"\x0c": "FF", b"\x0d": "CR", b"\x11": "XON", b"\x13": "XOFF", b"\x18": "CAN",
}  # fmt: skip

_FIXED: Final[Mapping[str, Mapping[str, int]]] = {
    # Letter: how many arguments follow.
    "ESC": {
        "\x0c": 0, " ": 1, "!": 1, "$": 2, "%": 1, "-": 1, "2": 0, "3": 1, "=": 1, "?": 1, "@": 0, "B": 2, "E": 1, "G": 1,
        "J": 1, "K": 1, "L": 0, "M": 1, "R": 1, "S": 0, "T": 1, "V": 1, "W": 8, "\\": 2, "a": 1, "c": 2, "d": 1, "e": 1,
        "i": 0, "m": 0, "p": 3, "r": 1, "t": 1, "u": 1, "v": 0, "{": 1,
    },
    "FS": {
        "!": 1, "&": 0, "-": 1, ".": 0, "2": 74, "?": 2, "C": 1, "S": 2, "W": 1, "p": 2,
    },
    "GS": {
        "!": 1, "$": 2, "/": 1, ":": 0, "B": 1, "H": 1, "I": 1, "L": 2, "P": 2, "T": 1, "W": 2, "\\": 2, "^": 3, "a": 1,
        "b": 1, "c": 0, "f": 1, "h": 1, "j": 1, "r": 1, "w": 1,
    },
    "DLE": {"\x05": 1},
}  # fmt: skip

_VARIABLE: Final[Mapping[str, Mapping[str, Length]]] = {
    "ESC": {"(": _counted, "*": _bit_image, "&": _own_characters, "D": _tab_stops},
    "FS": {"(": _counted, "q": _stored_images},
    "GS": {
        "(": _counted, "*": _downloaded_image, "8": _long_counted, "C": _counter, "Q": _variable_raster, "V": _cut,
        "g": _maintenance, "k": _barcode, "v": _raster,
    },
    "DLE": {"\x04": _real_time, "\x14": _real_time_request},
}  # fmt: skip

_LEAD_OF: Final = {"DLE": 0x10, "ESC": 0x1B, "FS": 0x1C, "GS": 0x1D}
_CONTROL_NAMES: Final = {"\x0c": "FF", "\x04": "EOT", "\x05": "ENQ", "\x14": "DC4", " ": "SP"}


def _named(lead: str, letter: str) -> tuple[str, bytes]:
    return f"{lead} {_CONTROL_NAMES.get(letter, letter)}", bytes((_LEAD_OF[lead], ord(letter)))


_COMMANDS: Final[dict[bytes, tuple[str, Length]]] = {}
for _lead, _letters in _FIXED.items():
    for _letter, _count in _letters.items():
        _name, _prefix = _named(_lead, _letter)
        _COMMANDS[_prefix] = (_name, _fixed(_count))
for _lead, _lengths in _VARIABLE.items():
    for _letter, _length in _lengths.items():
        _name, _prefix = _named(_lead, _letter)
        _COMMANDS[_prefix] = (_name, _length)
