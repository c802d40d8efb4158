"""The print head of a virtual printer: carries out one command after the other and lays down strips of paper.

It keeps the state that commands set (size, alignment, code page, line spacing) and forgets it at ESC @. What a command asks of the
rest of the printer (an answer, the drawer, the cutter) is not done here. A command it knows but cannot carry out, or whose data make no
sense, is noted in ``complaints``: it never guesses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from PIL import Image

from devices.virtual.bitmap import column_image, packed_image
from devices.virtual.escpos import TEXT, UNKNOWN, Command
from devices.virtual.paper import CELL_DOTS, CHARACTER_ROWS, Drawn, Strip, Style, Words
from devices.virtual.rom import Rom
from devices.virtual.symbols import Symbols

LINE_ROWS: Final = 30
TAB_CELLS: Final = 8
DEFAULT_QUIETLY: Final = frozenset({
    "CR", "CAN", "XON", "XOFF", "ESC =", "ESC B", "ESC M", "ESC R", "ESC SP", "ESC c", "ESC {", "FS C", "FS S", "GS ( A", "GS ( E",
    "GS ( K", "GS H", "GS b", "GS f", "DLE EOT", "DLE ENQ", "DLE DC4",
})  # fmt: skip
"""Known, and without an effect on this paper."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A command that no printer should have been sent: at which byte of the stream, what it was, and what is wrong with it."""

    offset: int
    data: bytes
    reason: str


@dataclass(slots=True)
class _State:
    """What ESC @ puts back."""

    style: Style = field(default_factory=Style)
    chinese: Style | None = None  # FS ! and FS W: a size of their own for two-byte characters
    align: int = 0
    line_rows: int = LINE_ROWS
    unit_across: int = 0
    unit_down: int = 0
    left_margin: int = 0
    width: int = 0
    is_double_byte: bool = False
    is_utf8: bool = False
    code_table: int = 0
    tabs: tuple[int, ...] = ()


class Head:
    """``dots`` wide at ``dots_per_inch``; ``rom`` is what its font holds. ``unit`` is the feed unit without GS P, in units per dot."""

    def __init__(self, dots: int, rom: Rom, *, dots_per_inch: int = 203, feed_units_per_dot: int = 2) -> None:
        self.dots = dots
        self.strips: list[Strip] = []
        self.complaints: list[Complaint] = []
        self._rom = rom
        self._dots_per_inch = dots_per_inch
        self._feed_units_per_dot = feed_units_per_dot
        self._symbols = Symbols()
        self._images: dict[str, Image.Image] = {}
        self._state = _State()
        self._line: list[Words | Drawn] = []
        self._left = 0

    def reset(self) -> None:
        """As after ESC @: what stands in the line is forgotten, the paper stays."""
        self._state = _State()
        self._symbols = Symbols()
        self._line.clear()
        self._left = 0

    def take_strips(self) -> tuple[Strip, ...]:
        """The paper since the last time."""
        strips = tuple(self.strips)
        self.strips.clear()
        return strips

    def carry_out(self, command: Command) -> None:
        """Never raises: what cannot be carried out becomes a complaint."""
        if command.name == UNKNOWN:
            self._complain(command, "unknown command")
            return
        do = _ACTIONS.get(command.name)
        if do is not None:
            do(self, command)
        elif command.name not in DEFAULT_QUIETLY:
            self._complain(command, "not supported")

    def end_line(self, *, rows: int | None = None) -> None:
        """Print what stands in the line and feed: the line spacing, or at least the height of what was printed."""
        feed = self._state.line_rows if rows is None else rows
        if not self._line:
            self._feed(feed)
            return
        height = max(piece.rows for piece in self._line)
        right = max(piece.left + piece.width for piece in self._line)
        spare = max(0, self._print_width() - right)
        shift = self._state.left_margin + (0, spare // 2, spare)[self._state.align]
        pieces = tuple(replace(piece, left=piece.left + shift) for piece in self._line)
        self.strips.append(Strip(height, pieces))
        self._feed(feed - height)
        self._line.clear()
        self._left = 0

    # Words.

    def _text(self, command: Command) -> None:
        state = self._state
        for text, is_wide in self._rom.decoded(
            command.data,
            is_double_byte=state.is_double_byte,
            is_utf8=state.is_utf8,
            code_table=state.code_table,
        ):
            if "\ufffd" in text:
                self._complain(command, "a character that the font does not have")
            self._set_words(text, is_wide=is_wide)

    def _set_words(self, text: str, *, is_wide: bool) -> None:
        style = self._state.chinese or self._state.style if is_wide else self._state.style
        width = CELL_DOTS * style.across * (2 if is_wide else 1)
        for character in text:
            if self._left + width > self._print_width():
                self.end_line()
            last = self._line[-1] if self._line else None
            if isinstance(last, Words) and last.style == style and last.left + last.width == self._left:
                self._line[-1] = replace(last, text=last.text + character, widths=(*last.widths, width))
            else:
                self._line.append(Words(self._left, character, (width,), style))
            self._left += width

    def _print_width(self) -> int:
        state = self._state
        return min(state.width or self.dots, self.dots - state.left_margin)

    # Pictures.

    def _place(self, draw: Callable[[], Image.Image], width: int, rows: int, label: str) -> None:
        """A picture on strips of its own, where the alignment says; what is too wide is cut off at the edge."""
        if self._line:
            self.end_line(rows=0)
        spare = max(0, self._print_width() - width)
        left = self._state.left_margin + (0, spare // 2, spare)[self._state.align]
        self.strips.append(Strip(rows, (Drawn(left, width, rows, draw, label),)))

    def _raster(self, command: Command) -> None:
        data = command.arguments
        mode = data[1] & 0x03
        across, rows = int.from_bytes(data[2:4], "little"), int.from_bytes(data[4:6], "little")
        if data[1] not in (0, 1, 2, 3, 48, 49, 50, 51) or not across or not rows:
            self._complain(command, "an impossible picture")
            return
        if across * 8 * (1 + (mode & 1)) > self.dots:
            self._complain(command, "a picture wider than the paper")
        dots = data[6:]
        times = (1 + (mode & 1), 1 + (mode >> 1))
        self._place(
            lambda: packed_image(dots, across, rows, times),
            across * 8 * times[0],
            rows * times[1],
            "[picture]",
        )

    def _bit_image(self, command: Command) -> None:
        data = command.arguments
        columns = int.from_bytes(data[1:3], "little")
        is_tall = data[0] >= 32
        across = 1 if data[0] in (1, 33) else 2
        dots = data[3:]
        draw = lambda: column_image(dots, columns, is_tall=is_tall, across=across)  # noqa: E731
        self._line.append(Drawn(self._left, columns * across, CHARACTER_ROWS, draw, "[picture]"))
        self._left += columns * across

    def _graphics(self, command: Command) -> None:
        """GS ( L and GS 8 L: function 112 keeps a picture, 50 prints it."""
        data = command.arguments
        match data[1] if len(data) >= 2 else None:
            case 112 if len(data) >= 10:
                times = (data[3], data[4])
                width, rows = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
                if len(data) - 10 != (width + 7) // 8 * rows:
                    self._complain(command, "a picture whose size is not that of its data")
                    return
                self._images["buffer"] = packed_image(data[10:], (width + 7) // 8, rows, times)
            case 2 | 50 if "buffer" in self._images:
                self._print_image(self._images.pop("buffer"))
            case _:
                self._complain(command, "not supported")

    def _print_image(self, image: Image.Image) -> None:
        self._place(lambda: image, image.width, image.height, "[picture]")

    def _download(self, command: Command) -> None:
        across, down = command.arguments[0], command.arguments[1]
        dots = command.arguments[2:]
        packed = Image.frombytes("1", (down * 8, across * 8), bytes(255 - byte for byte in dots))
        self._images["downloaded"] = packed.transpose(Image.Transpose.TRANSPOSE)

    def _print_downloaded(self, command: Command) -> None:
        image = self._images.get("downloaded")
        if image is None:
            self._complain(command, "no picture was downloaded")
        else:
            self._print_image(image)

    def _symbol(self, command: Command) -> None:
        """GS ( k and GS k: a code that the printer draws."""
        try:
            symbol = self._symbols.take(command)
        except ValueError as error:
            self._complain(command, str(error))
            return
        if symbol is not None:
            self._place(symbol.draw, symbol.width, symbol.rows, symbol.label)

    # Settings.

    def _encoding(self, command: Command) -> None:
        """FS ( C: function 48 chooses UTF-8 (2) or the code page (1)."""
        data = command.arguments
        if data in (b"\x30\x01", b"\x30\x02", b"01", b"02"):
            self._state.is_utf8 = data[1:] in (b"\x02", b"2")
        else:
            self._complain(command, "not supported")

    def _mode(self, bits: int) -> None:
        self._state.style = replace(
            self._state.style, across=2 if bits & 0x20 else 1, down=2 if bits & 0x10 else 1, bold=bool(bits & 0x08),
            underlined=bool(bits & 0x80),
        )  # fmt: skip

    def _chinese_mode(self, bits: int) -> None:
        style = replace(
            self._state.style,
            across=2 if bits & 0x04 else 1,
            down=2 if bits & 0x08 else 1,
            underlined=bool(bits & 0x80),
        )
        self._state.chinese = None if bits == 0 else style

    def _size(self, number: int) -> None:
        # It holds for Chinese characters too, and ends what FS ! said of their size.
        self._restyle(across=(number >> 4 & 7) + 1, down=(number & 7) + 1)

    def _restyle(self, **changes: object) -> None:
        self._state.style = replace(self._state.style, **changes)  # type: ignore[arg-type]
        if self._state.chinese is not None:
            self._state.chinese = replace(self._state.chinese, **changes)  # type: ignore[arg-type]

    def _set_units(self, across: int, down: int) -> None:
        self._state.unit_across, self._state.unit_down = across, down

    def _rows(self, units: int) -> int:
        down = self._state.unit_down
        return round(units * self._dots_per_inch / down) if down else units // self._feed_units_per_dot

    def _columns(self, units: int) -> int:
        across = self._state.unit_across
        return round(units * self._dots_per_inch / across) if across else units

    def _set_line_rows(self, units: int) -> None:
        self._state.line_rows = self._rows(units)

    def _align(self, number: int) -> None:
        if self._line:
            return  # It counts only at the beginning of a line.
        self._state.align = number % 48 if number % 48 <= 2 else 0

    def _feed(self, rows: int) -> None:
        if rows > 0:
            self.strips.append(Strip(rows))

    def _feed_units(self, units: int) -> None:
        self.end_line(rows=self._rows(units))

    def _feed_lines(self, lines: int) -> None:
        self.end_line(rows=lines * self._state.line_rows)

    def _tab(self) -> None:
        stops = self._state.tabs or tuple(range(TAB_CELLS, 256, TAB_CELLS))
        column = self._left // CELL_DOTS
        self._left = next((stop for stop in stops if stop > column), column) * CELL_DOTS

    def _move_to(self, dots: int) -> None:
        self._left = max(0, min(dots, self._print_width()))

    def _complain(self, command: Command, reason: str) -> None:
        self.complaints.append(Complaint(command.offset, command.data[:64], reason))


def _number(do: Callable[[Head, int], None]) -> Callable[[Head, Command], None]:
    return lambda head, command: do(head, command.arguments[0])


def _word(do: Callable[[Head, int], None]) -> Callable[[Head, Command], None]:
    return lambda head, command: do(head, int.from_bytes(command.arguments[:2], "little"))


def _signed(data: bytes) -> int:
    return int.from_bytes(data[:2], "little", signed=True)


def _set_double_byte(head: Head, is_on: bool) -> None:
    head._state.is_double_byte = is_on


def _set_margin(head: Head, units: int) -> None:
    head._state.left_margin = min(head._columns(units), head.dots - CELL_DOTS)


def _set_width(head: Head, units: int) -> None:
    head._state.width = head._columns(units)


def _set_code_table(head: Head, number: int) -> None:
    head._state.code_table = number


def _set_tabs(head: Head, command: Command) -> None:
    head._state.tabs = tuple(command.arguments[:-1])


def _set_default_spacing(head: Head) -> None:
    head._state.line_rows = LINE_ROWS


_ACTIONS: Final[dict[str, Callable[[Head, Command], None]]] = {
    TEXT: Head._text,
    "LF": lambda head, _: head.end_line(),
    "FF": lambda head, _: head.end_line(),
    "HT": lambda head, _: head._tab(),
    "ESC @": lambda head, _: head.reset(),
    "ESC !": _number(Head._mode),
    "ESC $": _word(lambda head, units: head._move_to(head._columns(units))),
    "ESC \\": lambda head, command: head._move_to(head._left + head._columns(_signed(command.arguments))),
    "ESC *": Head._bit_image,
    "ESC -": _number(lambda head, number: head._restyle(underlined=number % 48 > 0)),
    "ESC 2": lambda head, _: _set_default_spacing(head),
    "ESC 3": _number(Head._set_line_rows),
    "ESC D": _set_tabs,
    "ESC E": _number(lambda head, number: head._restyle(bold=bool(number & 1))),
    "ESC G": _number(lambda head, number: head._restyle(bold=bool(number & 1))),
    "ESC J": _number(Head._feed_units),
    "ESC a": _number(Head._align),
    "ESC d": _number(Head._feed_lines),
    "ESC t": _number(_set_code_table),
    "FS !": _number(Head._chinese_mode),
    "FS &": lambda head, _: _set_double_byte(head, True),
    "FS .": lambda head, _: _set_double_byte(head, False),
    "FS -": _number(lambda head, number: head._restyle(underlined=number % 48 > 0)),
    "FS W": _number(lambda head, number: head._chinese_mode(0x0C if number & 1 else 0)),
    "FS ( C": Head._encoding,
    "GS !": _number(Head._size),
    "GS ( L": Head._graphics,
    "GS ( k": Head._symbol,
    "GS *": Head._download,
    "GS /": Head._print_downloaded,
    "GS 8": Head._graphics,
    "GS B": _number(lambda head, number: head._restyle(inverted=bool(number & 1))),
    "GS L": _word(_set_margin),
    "GS P": lambda head, command: head._set_units(*command.arguments[:2]),
    "GS W": _word(_set_width),
    "GS h": Head._symbol,
    "GS k": Head._symbol,
    "GS v": Head._raster,
    "GS w": Head._symbol,
}
