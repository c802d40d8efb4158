"""A receipt as ESC/POS bytes: the picture in bands, and the few commands around it. Text is not sent as text here.

    ESC @                    1B 40                   start from a known state
    GS P x y                 1D 50 x y               one feed unit is one dot (where the profile says it is known)
    GS v 0 m xL xH yL yH …   1D 76 30 00 …           a band: rows of at most `band_rows`, cut off at the last black byte
    ESC a n                  1B 61 n                 what stands in the middle of the paper goes without the paper beside it
    ESC J n                  1B 4A n                 empty rows
    GS V 65|66 0             1D 56 41|42 00          feed to the cutter and cut (full | partial)
    ESC p m t1 t2            1B 70 m t1 t2           drawer pulse on pin 2 (m=0) or 5 (m=1), times in units of 2 ms
    GS ( D …                 1D 28 44 03 00 14 01 00 real-time pulse off; only before a band that holds such a pattern

Epson's default feed unit is half a dot on most models (GS P, TM-T88III: y = 360 at 180 dpi), hence GS P.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from PIL import Image

from app.domain.receipt import Cut, DrawerPulse, ReceiptDocument
from devices.layout import lay_out
from devices.profile import PAPER_80MM, Cutter, PrinterProfile
from devices.render.raster import NO_IMAGES, Sheet, paint

INITIALISE: Final = b"\x1b@"
REAL_TIME_OFF: Final = b"\x1d(D\x03\x00\x14\x01\x00"
REAL_TIME_COMMANDS: Final = (b"\x10\x14", b"\x10\x04")
FEED_ROWS_MAX: Final = 255
BAND_COST: Final = 32
"""A further band must save this many bytes: it costs 8, and a printer that is given slivers may stutter."""

EMPTY_ROWS_WORTH_A_FEED: Final = 3
"""Fewer empty rows than this stay inside their band: two commands would cost more than the rows."""


def render_escpos(
    document: ReceiptDocument,
    profile: PrinterProfile = PAPER_80MM,
    images: Mapping[str, Image.Image] = NO_IMAGES,
) -> bytes:
    """The bytes that print the document on that printer, cut it and open the drawer where the document says so."""
    return encode(paint(lay_out(document, profile.columns), profile, images), profile)


def encode(sheet: Sheet, profile: PrinterProfile) -> bytes:
    """A painted sheet as bytes."""
    return guarded(start(profile), _commands(sheet, profile))


def guarded(beginning: bytes, commands: Iterable[bytes]) -> bytes:
    """The commands as bytes; before the first that spells a real-time command by chance, those are turned off."""
    pieces = [beginning]
    is_guarded = False
    for command in commands:
        if not is_guarded and any(pattern in command for pattern in REAL_TIME_COMMANDS):
            pieces.append(REAL_TIME_OFF)
            is_guarded = True
        pieces.append(command)
    return b"".join(pieces)


def start(profile: PrinterProfile) -> bytes:
    """A known state, and a feed unit of one dot where the printer knows that."""
    if not profile.sets_motion_unit:
        return INITIALISE
    return INITIALISE + bytes((0x1D, 0x50, profile.dots_per_inch, profile.dots_per_inch))


def _commands(sheet: Sheet, profile: PrinterProfile) -> Iterator[bytes]:
    rows = _packed_rows(sheet.image)
    printed = 0
    for row, action in sheet.actions:
        yield from _picture(rows[printed:row], profile)
        printed = row
        match action:
            case Cut(partial):
                yield from cut(profile, partial=partial)
            case DrawerPulse(pin):
                yield pulse(profile, pin)
    yield from _picture(rows[printed:], profile)


def _packed_rows(image: Image.Image) -> list[bytes]:
    """Each row as bytes, the leftmost dot in the highest bit and 1 for ink, without the white bytes at its right."""
    packed = image.tobytes().translate(_INVERTED)
    stride = image.width // 8
    return [packed[start : start + stride].rstrip(b"\x00") for start in range(0, len(packed), stride)]


_INVERTED: Final = bytes(255 - byte for byte in range(256))


def picture(image: Image.Image, profile: PrinterProfile) -> Iterator[bytes]:
    """A 1-bit picture in bands."""
    yield from _picture(_packed_rows(image), profile, is_whole_width=image.width == profile.dots)


def centred_picture(image: Image.Image, profile: PrinterProfile) -> Iterator[bytes]:
    """A small picture in the middle of the paper: the printer finds the middle (ESC a), so the paper beside it costs nothing.

    Every band is as wide as the picture, because each is centred by itself.
    """
    padded = Image.new("1", (-(-image.width // 8) * 8, image.height), 255)
    padded.paste(image, ((padded.width - image.width) // 2, 0))
    rows = [row.ljust(padded.width // 8, b"\x00") for row in _packed_rows(padded)]
    yield b"\x1ba\x01"
    yield from (
        _band(rows[start : start + profile.band_rows]) for start in range(0, len(rows), profile.band_rows)
    )
    yield b"\x1ba\x00"


def _picture(rows: list[bytes], profile: PrinterProfile, *, is_whole_width: bool = True) -> Iterator[bytes]:
    start = 0
    for first, end in _empty_stretches(rows):
        yield from _stretch(rows[start:first], profile, is_whole_width=is_whole_width)
        yield from feed(end - first, profile)
        start = end
    yield from _stretch(rows[start:], profile, is_whole_width=is_whole_width)


def _stretch(rows: list[bytes], profile: PrinterProfile, *, is_whole_width: bool) -> Iterable[bytes]:
    """Rows without a gap, from the left edge or from the middle, whichever is shorter.

    A title, a logo or a code in the middle of the paper is sent without the paper beside it.
    """
    from_left = list(_bands(rows, profile))
    beside = min((_paper_beside(row, profile.dots // 8) for row in rows if row), default=0)
    if not is_whole_width or not beside:
        return from_left
    width = profile.dots // 8 - 2 * beside
    cropped = [row.ljust(beside + width, b"\x00")[beside : beside + width] for row in rows]
    bands = (cropped[start : start + profile.band_rows] for start in range(0, len(rows), profile.band_rows))
    from_middle = [b"\x1ba\x01", *map(_band, bands), b"\x1ba\x00"]
    return min(from_left, from_middle, key=lambda commands: sum(map(len, commands)))


def _paper_beside(row: bytes, stride: int) -> int:
    """How many bytes are white at both ends of a row that is not empty."""
    return min(len(row) - len(row.lstrip(b"\x00")), stride - len(row))


def _empty_stretches(rows: list[bytes]) -> Iterator[tuple[int, int]]:
    """The stretches of empty rows that are worth a feed: first row and the row after the last."""
    first = None
    for index, row in enumerate([*rows, b"\x01"]):
        if row:
            if first is not None and index - first >= EMPTY_ROWS_WORTH_A_FEED:
                yield first, index
            first = None
        elif first is None:
            first = index


def _bands(rows: list[bytes], profile: PrinterProfile) -> Iterator[bytes]:
    """Bands whose sum of bytes is small: rows of a like width go together, because the widest row of a band counts."""
    starts = _band_starts([max(1, len(row)) for row in rows], profile.band_rows)
    for start, end in pairwise([*starts, len(rows)]):
        yield _band(rows[start:end])


def _band_starts(widths: list[int], band_rows: int) -> list[int]:
    """The rows that begin a band, for the least sum of bytes plus `BAND_COST` a band.

    Dynamic programming over runs of equal width: the best end of the first n runs is a band on top of the best of fewer.
    """
    runs = _runs(widths, band_rows)
    least = [0]
    last_band = [0]
    for end in range(1, len(runs) + 1):
        choices = []
        rows = width = 0
        for first in range(end - 1, -1, -1):
            rows += runs[first].rows
            width = max(width, runs[first].width)
            if rows > band_rows:
                break
            choices.append((least[first] + BAND_COST + rows * width, first))
        cost, first = min(choices)
        least.append(cost)
        last_band.append(first)
    starts = []
    end = len(runs)
    while end:
        end = last_band[end]
        starts.append(runs[end].start)
    return starts[::-1]


class _Run(NamedTuple):
    """Rows of equal width below each other."""

    start: int
    rows: int
    width: int


def _runs(widths: list[int], rows_max: int) -> list[_Run]:
    runs: list[_Run] = []
    for row, width in enumerate(widths):
        if runs and runs[-1].width == width and runs[-1].rows < rows_max:
            runs[-1] = runs[-1]._replace(rows=runs[-1].rows + 1)
        else:
            runs.append(_Run(row, 1, width))
    return runs


def _band(rows: list[bytes]) -> bytes:
    width = max(1, max(map(len, rows)))
    header = b"\x1dv0\x00" + width.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return header + b"".join(row.ljust(width, b"\x00") for row in rows)


def feed(rows: int, profile: PrinterProfile) -> Iterator[bytes]:
    """Empty rows of dots."""
    if not profile.sets_motion_unit:
        yield from _bands([b""] * rows, profile)
        return
    while rows:
        step = min(rows, FEED_ROWS_MAX)
        yield bytes((0x1B, 0x4A, step))
        rows -= step


def cut(profile: PrinterProfile, *, partial: bool) -> Iterator[bytes]:
    """Feed to the cutter and cut as this printer can; without one, feed to where the paper is torn."""
    match profile.cutter:
        case Cutter.NONE:
            yield from feed(profile.tear_off_rows, profile)
        case Cutter.PARTIAL:
            yield b"\x1dVB\x00"
        case Cutter.FULL:
            yield b"\x1dVB\x00" if partial else b"\x1dVA\x00"


def pulse(profile: PrinterProfile, pin: int | None) -> bytes:
    """Open the drawer on that pin, or on the profile's."""
    times = (profile.drawer_on_milliseconds // 2, profile.drawer_off_milliseconds // 2)
    return bytes((0x1B, 0x70, 0 if (pin or profile.drawer_pin) == 2 else 1, *times))
