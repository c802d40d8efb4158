"""QR codes and Code 39 as 1-bit pictures, every module a whole number of dots and every quiet zone in place."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import segno
from PIL import Image, ImageDraw

QR_QUIET_MODULES: Final = 4
QR_DOTS_PER_MODULE_MAX: Final = 4
"""Half a millimetre at 203 dpi: the official e-invoice codes, which every scanner in Taiwan reads, have three dots."""

CODE39_QUIET_UNITS: Final = 10
CODE39_WIDE_UNITS: Final = 3
CODE39_ROWS: Final = 64


@lru_cache(maxsize=64)
def qr_image(data: str, dots: int) -> Image.Image:
    """The QR code of a text's UTF-8 (0 is ink, quiet zone included), no wider than `dots`."""
    rows = _qr_rows(data)
    modules = len(rows)
    picture = Image.frombytes("L", (modules, modules), b"".join(rows)).point(
        lambda bit: 255 * (not bit), mode="1"
    )
    framed = Image.new("1", (modules + 2 * QR_QUIET_MODULES,) * 2, 255)
    framed.paste(picture, (QR_QUIET_MODULES, QR_QUIET_MODULES))
    side = framed.width * _dots_per_module(framed.width, dots)
    return framed.resize((side, side), Image.Resampling.NEAREST)


def qr_dots_per_module(data: str, dots: int) -> int:
    """How large `qr_image` makes a module."""
    return _dots_per_module(len(_qr_rows(data)) + 2 * QR_QUIET_MODULES, dots)


@lru_cache(maxsize=64)
def _qr_rows(data: str) -> tuple[bytes, ...]:
    if data.isascii():
        code = segno.make_qr(data, error="m", boost_error=False)
    else:
        # Left to choose, segno takes UTF-8 bytes that look like Shift JIS (補印, 品名) for kanji, and scanners read other words.
        code = segno.make_qr(data, error="m", boost_error=False, encoding="utf-8", mode="byte")
    return tuple(bytes(row) for row in code.matrix)


def _dots_per_module(modules: int, dots: int) -> int:
    assert modules <= dots, "the paper is too narrow for this code"
    return min(QR_DOTS_PER_MODULE_MAX, dots // modules)


def code39_image(data: str, dots: int) -> Image.Image:
    """Code 39 with its start and stop characters and quiet zones (0 is ink), no wider than `dots`.

    Wide elements are three times the narrow ones (ISO/IEC 16388 allows 2 to 3).
    """
    units = [CODE39_WIDE_UNITS if element == "w" else 1 for element in _code39_elements(data)]
    total = sum(units) + 2 * CODE39_QUIET_UNITS
    scale = min(3, dots // total)
    assert scale >= 1, "the paper is too narrow for this code"
    picture = Image.new("1", (total * scale, CODE39_ROWS), 255)
    draw = ImageDraw.Draw(picture)
    left = CODE39_QUIET_UNITS * scale
    for index, width in enumerate(unit * scale for unit in units):
        if index % 2 == 0:
            draw.rectangle((left, 0, left + width - 1, CODE39_ROWS - 1), fill=0)
        left += width
    return picture


def _code39_elements(data: str) -> str:
    """Narrow and wide elements, bars and spaces in turn, a narrow space between characters."""
    return "n".join(_CODE39[character] for character in f"*{data}*")


_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*"
_ELEMENTS: Final = (
    "nnnwwnwnnwnnwnnnnwnnwwnnnnwwnwwnnnnnnnnwwnnnwwnnwwnnnnnnwwwnnnnnnnwnnwnwwnnwnnwnnnnwwnnwnn"  # 0 to 9
    "wnnnnwnnwnnwnnwnnwwnwnnwnnnnnnnwwnnwwnnnwwnnnnnwnwwnnnnnnnnwwnwwnnnnwwnnnnwnnwwnnnnnnwwwnn"  # A to J
    "wnnnnnnwwnnwnnnnwwwnwnnnnwnnnnnwnnwwwnnnwnnwnnnwnwnnwnnnnnnnwwwwnnnnnwwnnnwnnnwwnnnnnwnwwn"  # K to T
    "wwnnnnnnwnwwnnnnnwwwwnnnnnnnwnnwnnnwwwnnwnnnnnwwnwnnnn"  # U to Z
    "nwnnnnwnwwwnnnnwnnnwwnnnwnnnwnwnwnnnnwnwnnnwnnwnnnwnwnnnnwnwnwnnwnnwnwnn"  # - . space $ / + % *
)
_CODE39: Final = {character: _ELEMENTS[9 * i : 9 * i + 9] for i, character in enumerate(_CHARACTERS)}
