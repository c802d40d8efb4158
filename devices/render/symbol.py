"""QR codes and bar codes as 1-bit pictures, every module a whole number of dots and every quiet zone in place."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import segno
from PIL import Image, ImageDraw

from app.domain.receipt import Symbology

QR_QUIET_MODULES: Final = 4
QR_DOTS_PER_MODULE_MAX: Final = 4
"""Half a millimetre at 203 dpi: the official e-invoice codes, which every scanner in Taiwan reads, have three dots."""

BAR_QUIET_MODULES: Final = 11
"""Code 39 and Code 128 want 10 modules, EAN-13 wants 11 at its left."""

BAR_DOTS_PER_MODULE_MAX: Final = 3
BAR_ROWS: Final = 64
CODE39_WIDE_MODULES: Final = 3


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


@lru_cache(maxsize=64)
def barcode_image(symbology: Symbology, data: str, dots: int) -> Image.Image:
    """A bar code with its quiet zones (0 is ink), no wider than `dots`."""
    modules = bar_modules(symbology, data)
    total = len(modules) + 2 * BAR_QUIET_MODULES
    scale = min(BAR_DOTS_PER_MODULE_MAX, dots // total)
    assert scale >= 1, "the paper is too narrow for this code"
    picture = Image.new("1", (total * scale, BAR_ROWS), 255)
    draw = ImageDraw.Draw(picture)
    for index, module in enumerate(modules, BAR_QUIET_MODULES):
        if module == "1":
            draw.rectangle((index * scale, 0, index * scale + scale - 1, BAR_ROWS - 1), fill=0)
    return picture


def bar_modules(symbology: Symbology, data: str) -> str:
    """The bars and spaces from left to right, one character a module: 1 is a bar."""
    match symbology:
        case Symbology.CODE39:
            return _code39(data)
        case Symbology.CODE128:
            return _code128(data)
        case Symbology.EAN13:
            return _ean13(data)
        case Symbology.UPCA:
            # UPC-A is EAN-13 with a leading zero.
            return _ean13("0" + data)
        case Symbology.EAN8:
            left = "".join(_EAN_ODD[int(digit)] for digit in data[:4])
            return "101" + left + "01010" + _ean_right(data[4:]) + "101"


def _widths(widths: list[int]) -> str:
    """Bars and spaces in turn, a bar first."""
    return "".join("10"[index % 2] * width for index, width in enumerate(widths))


def _code39(data: str) -> str:
    """Wide elements are three times the narrow ones (ISO/IEC 16388 allows 2 to 3), a narrow space parts two characters."""
    elements = "n".join(_CODE39[character] for character in f"*{data}*")
    return _widths([CODE39_WIDE_MODULES if element == "w" else 1 for element in elements])


_CODE39_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*"
_ELEMENTS: Final = (
    "nnnwwnwnnwnnwnnnnwnnwwnnnnwwnwwnnnnnnnnwwnnnwwnnwwnnnnnnwwwnnnnnnnwnnwnwwnnwnnwnnnnwwnnwnn"  # 0 to 9
    "wnnnnwnnwnnwnnwnnwwnwnnwnnnnnnnwwnnwwnnnwwnnnnnwnwwnnnnnnnnwwnwwnnnnwwnnnnwnnwwnnnnnnwwwnn"  # A to J
    "wnnnnnnwwnnwnnnnwwwnwnnnnwnnnnnwnnwwwnnnwnnwnnnwnwnnwnnnnnnnwwwwnnnnnwwnnnwnnnwwnnnnnwnwwn"  # K to T
    "wwnnnnnnwnwwnnnnnwwwwnnnnnnnwnnwnnnwwwnnwnnnnnwwnwnnnn"  # U to Z
    "nwnnnnwnwwwnnnnwnnnwwnnnwnnnwnwnwnnnnwnwnnnwnnwnnnwnwnnnnwnwnwnnwnnwnwnn"  # - . space $ / + % *
)
_CODE39: Final = {character: _ELEMENTS[9 * i : 9 * i + 9] for i, character in enumerate(_CODE39_CHARACTERS)}


def _ean13(data: str) -> str:
    """The first digit is in the parity of the next six (ISO/IEC 15420)."""
    parities = _EAN_PARITIES[int(data[0])]
    left = "".join(
        _EAN_ODD[int(digit)] if parity == "L" else _ean_right(digit)[::-1]
        for digit, parity in zip(data[1:7], parities, strict=True)
    )
    return "101" + left + "01010" + _ean_right(data[7:]) + "101"


def _ean_right(digits: str) -> str:
    return "".join(_EAN_ODD[int(digit)].translate(_FLIPPED) for digit in digits)


_FLIPPED: Final = str.maketrans("01", "10")
_EAN_ODD: Final = (
    "0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011",
)  # fmt: skip
_EAN_PARITIES: Final = (
    "LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL",
)  # fmt: skip


def _code128(data: str) -> str:
    """Digits in pairs (set C) where four or more stand together at an even place, everything else in set B (ISO/IEC 15417)."""
    values: list[int] = []
    current = ""
    while data:
        digits = len(data) - len(data.lstrip("0123456789"))
        wanted = "C" if digits >= (2 if current == "C" else 4) else "B"
        if wanted != current:
            values.append(_CODE128_SWITCH[bool(current), wanted])
            current = wanted
        if current == "C":
            values.append(int(data[:2]))
            data = data[2:]
        else:
            values.append(ord(data[0]) - 32)
            data = data[1:]
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    return "".join(
        _widths([int(width) for width in _CODE128[value]]) for value in (*values, check, _CODE128_STOP)
    )


_CODE128_STOP: Final = 106
_CODE128_SWITCH: Final = {(False, "B"): 104, (False, "C"): 105, (True, "B"): 100, (True, "C"): 99}
_WIDTHS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"  # 0 to 15
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"  # 16 to 31
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"  # 32 to 47
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"  # 48 to 63
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"  # 64 to 79
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"  # 80 to 95
    "114311411113411311113141114131311141411131211412211214211232"  # 96 to 105
)
_CODE128: Final = (*(_WIDTHS[6 * value : 6 * value + 6] for value in range(106)), "2331112")
"""The widths of bars and spaces of each value; the stop is the last."""
