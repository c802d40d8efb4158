"""A printer that understands exactly what the till sends, and nothing else.

It shares no code with the encoder. It paints what it is told and raises `NotUnderstood` at the first byte it does not know,
so that a slip of the encoder never passes as print.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image


class NotUnderstood(Exception):
    """A byte that no command begins with, or a command cut short."""


@dataclass
class Printed:
    """What came out of the printer."""

    dots: int
    rows: list[bytes] = field(default_factory=list)
    bands: list[tuple[int, int]] = field(default_factory=list)  # bytes wide, rows high
    cuts: list[tuple[int, str]] = field(default_factory=list)  # row, "full" or "partial"
    pulses: list[tuple[int, int, int, int]] = field(default_factory=list)  # row, pin, milliseconds on, off
    feed_unit_per_inch: int | None = None
    is_centred: bool = False
    is_real_time_off: bool = False
    unguarded_patterns: int = 0

    def image(self) -> Image.Image:
        white = b"".join(self.rows).translate(bytes(255 - byte for byte in range(256)))
        return Image.frombytes("1", (self.dots, len(self.rows)), white)


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) < count:
            raise NotUnderstood(f"the stream ends inside a command at {self._at}")
        self._at += count
        return piece

    def number(self, count: int = 1) -> int:
        return int.from_bytes(self.take(count), "little")


def read_escpos(data: bytes, *, dots: int) -> Printed:
    """Print the bytes on a head `dots` wide."""
    printed = Printed(dots)
    stream = _Bytes(data)
    if stream.take(2) != b"\x1b@":
        raise NotUnderstood("a job begins with ESC @")
    while stream:
        _command(stream, printed)
    return printed


def _command(stream: _Bytes, printed: Printed) -> None:
    match stream.take(2):
        case b"\x1bJ":
            if printed.feed_unit_per_inch is None:
                raise NotUnderstood("ESC J before anything said how far a unit is")
            printed.rows += [bytes(printed.dots // 8)] * stream.number()
        case b"\x1ba":
            printed.is_centred = {0: False, 1: True}[stream.number()]
        case b"\x1bp":
            pin = {0: 2, 1: 5}[stream.number()]
            printed.pulses.append((len(printed.rows), pin, 2 * stream.number(), 2 * stream.number()))
        case b"\x1dP":
            across, down = stream.take(2)
            if across != down:
                raise NotUnderstood("dots are square")
            printed.feed_unit_per_inch = down
        case b"\x1dV":
            kind = {0x41: "full", 0x42: "partial"}[stream.number()]
            if stream.number() != 0:
                raise NotUnderstood("an extra feed before the cut")
            printed.cuts.append((len(printed.rows), kind))
        case b"\x1d(":
            if stream.take(6) != b"D\x03\x00\x14\x01\x00":
                raise NotUnderstood("GS ( with another function")
            printed.is_real_time_off = True
        case b"\x1dv":
            _raster(stream, printed)
        case unknown:
            raise NotUnderstood(unknown.hex(" "))


def _raster(stream: _Bytes, printed: Printed) -> None:
    if stream.take(2) != b"0\x00":
        raise NotUnderstood("GS v in another mode")
    width, height = stream.number(2), stream.number(2)
    if not 1 <= width <= printed.dots // 8 or not 1 <= height <= 2047:
        raise NotUnderstood(f"a band of {width} bytes by {height} rows")
    data = stream.take(width * height)
    if (b"\x10\x14" in data or b"\x10\x04" in data) and not printed.is_real_time_off:
        printed.unguarded_patterns += 1
    printed.bands.append((width, height))
    left = (printed.dots // 8 - width) // 2 if printed.is_centred else 0
    for start in range(0, len(data), width):
        row = bytes(left) + data[start : start + width]
        printed.rows.append(row.ljust(printed.dots // 8, b"\x00"))
