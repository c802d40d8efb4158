"""The codes that a printer draws by itself, from GS ( k and GS k. It adds no quiet zone: leaving room is the sender's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import segno
import zxingcpp
from PIL import Image

from devices.virtual.escpos import Command

_FORMATS: Final = {
    0: "UPCA", 1: "UPCE", 2: "EAN13", 3: "EAN8", 4: "Code39", 5: "ITF", 6: "Codabar", 65: "UPCA", 66: "UPCE", 67: "EAN13",
    68: "EAN8", 69: "Code39", 70: "ITF", 71: "Codabar", 72: "Code93", 73: "Code128",
}  # fmt: skip
_LEVELS: Final = {48: "l", 49: "m", 50: "q", 51: "h"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A code ready to be printed; ``label`` says in the text what it holds."""

    width: int
    rows: int
    label: str
    draw: Callable[[], Image.Image]


class Symbols:
    """Keeps what the setting commands said until the code is printed."""

    def __init__(self) -> None:
        self._height = 162
        self._module = 3
        self._qr_module = 3
        self._qr_level = "l"
        self._qr_data = b""

    def take(self, command: Command) -> Symbol | None:
        """The code to print, if this command prints one. Raises ValueError for data that no code can hold."""
        data = command.arguments
        match command.name:
            case "GS h":
                self._height = _positive(data[0])
            case "GS w":
                self._module = _positive(data[0])
            case "GS k":
                return self._barcode(data)
            case "GS ( k":
                return self._matrix(data)
        return None

    def _matrix(self, data: bytes) -> Symbol | None:
        if len(data) < 3 or data[0] != 49:
            raise ValueError("not supported")
        match data[1]:
            case 65:
                if data[2] not in (49, 50):
                    raise ValueError("only QR models 1 and 2 are known")
            case 67:
                self._qr_module = _positive(data[2])
            case 69:
                if data[2] not in _LEVELS:
                    raise ValueError("no such error correction")
                self._qr_level = _LEVELS[data[2]]
            case 80:
                self._qr_data = data[3:]
            case 81:
                return self._qr()
            case _:
                raise ValueError("not supported")
        return None

    def _qr(self) -> Symbol:
        if not self._qr_data:
            raise ValueError("no data were stored")
        code = segno.make_qr(self._qr_data, error=self._qr_level, boost_error=False, mode=None)
        rows = [bytes(row) for row in code.matrix]
        side = len(rows) * self._qr_module

        def draw() -> Image.Image:
            small = Image.frombytes("L", (len(rows),) * 2, b"".join(rows)).point([255] + [0] * 255, mode="1")
            return small.resize((side, side), Image.Resampling.NEAREST)

        return Symbol(side, side, f"[QR {self._qr_data.decode('utf-8', 'replace')}]", draw)

    def _barcode(self, data: bytes) -> Symbol:
        system = data[0]
        if system not in _FORMATS:
            raise ValueError("not supported")
        content = (data[2:] if system >= 65 else data[1:-1]).decode("latin-1")
        if system == 73:
            content = _code128_content(content)
        name = _FORMATS[system]
        code = zxingcpp.create_barcode(content.strip("*"), getattr(zxingcpp.BarcodeFormat, name))
        bars = Image.fromarray(code.to_image(scale=1, add_quiet_zones=False)).convert("1")
        size = (bars.width * self._module, self._height)
        line = bars.crop((0, 0, bars.width, 1))
        return Symbol(*size, f"[{name} {content}]", lambda: line.resize(size, Image.Resampling.NEAREST))


def _positive(number: int) -> int:
    if number < 1:
        raise ValueError("a size of nothing")
    return number


def _code128_content(data: str) -> str:
    """What a Code 128 says: ``{A`` ``{B`` ``{C`` choose a set, ``{{`` is a brace, and in set C each byte is two digits."""
    content, current, at = "", "", 0
    while at < len(data):
        if data[at] == "{":
            mark = data[at + 1 : at + 2]
            if mark in ("A", "B", "C"):
                current = mark
            elif mark == "{":
                content += "{"
            elif mark not in ("S", "1", "2", "3", "4"):
                raise ValueError("no such code set")
            at += 2
            continue
        if not current:
            raise ValueError("a Code 128 begins with its code set")
        content += f"{ord(data[at]):02d}" if current == "C" else data[at]
        at += 1
    return content
