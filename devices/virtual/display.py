"""A customer display of two lines of twenty characters, in Epson's command set or CD5220's: what it gets, as two lines of text.

Epson    0C clear   0B home   1F 24 x y   1F 58 n brightness   1B 40 start   08 09 0A 0D move   18 clear the line
CD5220   0C clear   1B 51 41 … 0D upper   1B 51 42 … 0D lower   1B 6C x y   1B 2A n brightness   1B 5B A|B|C|D|H|L|R|K move
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final

from devices.virtual.device import VirtualDevice
from devices.virtual.line import Line

COLUMNS: Final = 20
LINES: Final = 2
LONGEST_LINE: Final = 64


class Mode(StrEnum):
    EPSON = "epson"
    CD5220 = "cd5220"


class DisplayFace:
    """The glass and its decoder, on a line of its own or behind a printer. ``codec`` is its font's code page; most have no Chinese."""

    def __init__(self, *, mode: Mode = Mode.EPSON, codec: str = "cp437") -> None:
        self.brightness = 4
        self.complaints: list[bytes] = []
        self._mode = mode
        self._codec = codec
        self._buffer = b""
        self._cells = [bytearray(b" " * COLUMNS) for _ in range(LINES)]
        self._row = self._column = 0

    @property
    def lines(self) -> tuple[str, str]:
        """What the customer reads, twenty cells each."""
        upper, lower = (bytes(cells).decode(self._codec, "replace") for cells in self._cells)
        return upper, lower

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and line, from 1."""
        return self._column + 1, self._row + 1

    def shows(self, text: str) -> bool:
        """Whether this text stands somewhere on it."""
        return text.encode(self._codec) in b"\n".join(bytes(cells) for cells in self._cells)

    def feed(self, data: bytes) -> None:
        """Obey what came; a command in pieces is kept until it is whole."""
        self._buffer += data
        while self._buffer:
            length = self._length()
            if length is None:
                return
            command, self._buffer = self._buffer[:length], self._buffer[length:]
            self._do(command)

    def _length(self) -> int | None:
        """How long what comes first is; None while that cannot be told."""
        data = self._buffer
        if data[0] not in (0x1B, 0x1F):
            return 1
        if len(data) < 2:
            return None
        if self._mode is Mode.CD5220 and data[:2] == b"\x1bQ":
            end = data.find(b"\r", 3)
            if end < 0:
                return LONGEST_LINE if len(data) > LONGEST_LINE else None
            return end + 1
        length = 2 + _ARGUMENTS[self._mode].get(data[:2], 0)
        return length if len(data) >= length else None

    def _do(self, command: bytes) -> None:
        if command[:1] in _MOVES:
            self._move(_MOVES[command[:1]])
        elif command == b"\x0c":
            self._clear()
        elif command == b"\x18":
            self._cells[self._row][:] = b" " * COLUMNS
            self._column = 0
        elif len(command) == 1:
            self._show(command)
        elif command[:2] == b"\x1b@":
            self._clear()
            self.brightness = 4
        elif command[:2] not in _ARGUMENTS[self._mode] and command[:2] != b"\x1bQ":
            self.complaints.append(command)
        elif self._mode is Mode.EPSON:
            self._do_epson(command)
        else:
            self._do_cd5220(command)

    def _do_epson(self, command: bytes) -> None:
        match command[:2], command[2:]:
            case b"\x1f$", place:
                self._place(place, command)
            case b"\x1fX", level:
                self._set_brightness(level, command)
            case b"\x1f\n", _:
                self._move("up")
            case b"\x1f\r", _:
                self._column = COLUMNS - 1
            case b"\x1fB", _:
                self._row, self._column = LINES - 1, COLUMNS - 1
            case _:
                pass

    def _do_cd5220(self, command: bytes) -> None:
        match command[:2], command[2:]:
            case b"\x1bQ", rest if rest[:1] in (b"A", b"B") and rest.endswith(b"\r"):
                text = rest[1:-1]
                if len(text) > COLUMNS:
                    self.complaints.append(command)
                self._cells[rest[0] - ord("A")][:] = text[:COLUMNS].ljust(COLUMNS)
            case b"\x1bQ", _:
                self.complaints.append(command)
            case b"\x1bl", place:
                self._place(place, command)
            case b"\x1b*", level:
                self._set_brightness(level, command)
            case b"\x1b[", to if to in _CD5220_MOVES:
                self._move(_CD5220_MOVES[to])
            case _:
                pass

    def _show(self, character: bytes) -> None:
        """A character where the cursor is; behind the last cell comes the first."""
        if character < b" ":
            self.complaints.append(character)
            return
        self._cells[self._row][self._column] = character[0]
        self._move("right")

    def _move(self, to: str) -> None:
        place = self._row * COLUMNS + self._column
        match to:
            case "left":
                place -= 1
            case "right":
                place += 1
            case "up" | "down":
                place += COLUMNS
            case "start of line":
                place -= self._column
            case "end of line":
                place += COLUMNS - 1 - self._column
            case "home":
                place = 0
            case "end":
                place = LINES * COLUMNS - 1
        self._row, self._column = divmod(place % (LINES * COLUMNS), COLUMNS)

    def _place(self, place: bytes, command: bytes) -> None:
        if 1 <= place[0] <= COLUMNS and 1 <= place[1] <= LINES:
            self._column, self._row = place[0] - 1, place[1] - 1
        else:
            self.complaints.append(command)

    def _set_brightness(self, level: bytes, command: bytes) -> None:
        if 1 <= level[0] <= 4:
            self.brightness = level[0]
        else:
            self.complaints.append(command)

    def _clear(self) -> None:
        for cells in self._cells:
            cells[:] = b" " * COLUMNS
        self._row = self._column = 0


class VirtualDisplay(VirtualDevice):
    """A display on a line of its own."""

    THREAD_NAME: ClassVar[str] = "virtual-display"

    def __init__(
        self, line: Line, *, baud: int | None = None, mode: Mode = Mode.EPSON, codec: str = "cp437"
    ) -> None:
        self._face = DisplayFace(mode=mode, codec=codec)
        super().__init__(line, baud=baud)

    @property
    def lines(self) -> tuple[str, str]:
        """What the customer reads, twenty cells each."""
        return self.ask(lambda: self._face.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and line, from 1."""
        return self.ask(lambda: self._face.cursor)

    @property
    def brightness(self) -> int:
        """1 to 4."""
        return self._face.brightness

    @property
    def complaints(self) -> tuple[bytes, ...]:
        """What it was sent and did not understand."""
        return self.ask(lambda: tuple(self._face.complaints))

    def shows(self, text: str, timeout: float = 10.0) -> bool:
        """Wait until this text stands somewhere on it."""
        return self.wait_until(lambda: self._face.shows(text), timeout)

    def _take(self, data: bytes) -> None:
        self._face.feed(data)


_MOVES: Final = {
    b"\x08": "left",
    b"\x09": "right",
    b"\x0a": "down",
    b"\x0b": "home",
    b"\x0d": "start of line",
}
_CD5220_MOVES: Final = {
    b"A": "up", b"B": "down", b"C": "right", b"D": "left", b"H": "home", b"L": "start of line", b"R": "end of line", b"K": "end",
}  # fmt: skip
_ARGUMENTS: Final[Mapping[Mode, Mapping[bytes, int]]] = {
    # The commands of two bytes and how many arguments follow each.
    Mode.EPSON: {
        b"\x1b@": 0, b"\x1bR": 1, b"\x1bt": 1, b"\x1b=": 1, b"\x1f$": 2, b"\x1fX": 1, b"\x1f\n": 0, b"\x1f\r": 0, b"\x1fB": 0,
        b"\x1f\x01": 0, b"\x1f\x02": 0, b"\x1f\x03": 0, b"\x1fC": 1, b"\x1fE": 1, b"\x1fr": 1,
    },
    Mode.CD5220: {
        b"\x1b@": 0, b"\x1bl": 2, b"\x1b*": 1, b"\x1b[": 1, b"\x1b_": 1, b"\x1b=": 1, b"\x1bf": 1, b"\x1bc": 1, b"\x1b\x11": 0,
        b"\x1b\x12": 0, b"\x1b\x13": 0,
    },
}  # fmt: skip
