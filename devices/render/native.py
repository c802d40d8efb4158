"""A receipt in the printer's own font: a line of text is some fifty bytes instead of some two thousand.

    ESC @  GS P               1B 40 …               as in `devices.render.escpos`
    FS &   FS .               1C 26   1C 2E         two-byte characters on (cp950, gb18030) and off
    FS ( C                    1C 28 43 02 00 30 n   UTF-8 on (n=2) and off (n=1)
    ESC 3 n                   1B 33 n               line spacing in dots, where GS P is known
    GS ! n                    1D 21 n               00 or 11: twice as wide and twice as high, Chinese too
    ESC E n   GS B n          1B 45 n   1D 42 n     bold; white on black
    ESC a n                   1B 61 n               centred, around a code or a logo
    GS ( k …                  1D 28 6B …            a QR code that the printer draws, where the profile says that it can

A line with a character that the code page lacks (堃, an emoji) is sent as a picture of that line, in the same grid: the customer
reads the name, and never a question mark. Bar codes and logos are always pictures; so are QR codes unless the profile says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image, ImageOps

from app.domain import receipt
from app.domain.receipt import QR, Align, Barcode, Cut, DrawerPulse, Feed, ReceiptDocument, RuleStyle
from devices.code_page import encoded, page_of
from devices.layout import Line, Page, RuleLine, Run, TextLine, lay_out
from devices.profile import PAPER_80MM, PrinterProfile
from devices.render.escpos import centred_picture, cut, feed, guarded, picture, pulse, render_escpos, start
from devices.render.raster import NO_IMAGES, paint, symbol_image
from devices.render.symbol import QR_QUIET_MODULES, qr_dots_per_module
from devices.width import cell_width

CELL_DOTS: Final = 12
"""The width of a printer's font A, and half of its Chinese one."""

LINE_ROWS: Final = 30
LEADING_ROWS: Final = 3
"""A painted line has this much white above its characters; a printer's own font has none."""

_BEFORE: Final = {"cp950": b"\x1c&", "gb18030": b"\x1c&", "utf8": b"\x1c(C\x02\x000\x02"}
_AFTER: Final = {"cp950": b"\x1c.", "gb18030": b"\x1c.", "utf8": b"\x1c(C\x02\x000\x01"}
_STROKES: Final = {RuleStyle.SOLID: "-", RuleStyle.DOTTED: "- ", RuleStyle.DOUBLE: "="}


def encode_for(
    document: ReceiptDocument,
    profile: PrinterProfile = PAPER_80MM,
    images: Mapping[str, Image.Image] = NO_IMAGES,
) -> bytes:
    """The document's bytes in the way this printer's profile says: as pictures, or in its own font."""
    if profile.codec == "none":
        return render_escpos(document, profile, images)
    return encode_native(document, profile, images)


def encode_native(
    document: ReceiptDocument,
    profile: PrinterProfile,
    images: Mapping[str, Image.Image] = NO_IMAGES,
) -> bytes:
    """The document's bytes for a printer whose font holds the profile's code page."""
    assert profile.codec in _BEFORE
    profile = replace(profile, columns=profile.dots // CELL_DOTS)
    code_page = page_of(profile.codec, document.language)
    page = lay_out(document, profile.columns, ambiguous=code_page)
    setter = _Setter(profile, page, code_page, images)
    beginning = start(profile) + _BEFORE[profile.codec]
    return guarded(beginning, (*setter.commands(), _AFTER[profile.codec]))


@dataclass(frozen=True, slots=True)
class _Look:
    """How characters look from here on; each difference to the one before is a command."""

    size: int = 1
    bold: bool = False
    inverted: bool = False
    line_size: int = 0  # 0: the printer's own line spacing, until the first line says otherwise

    def after(self, before: _Look) -> bytes:
        data = b""
        if self.line_size != before.line_size:
            data += bytes((0x1B, 0x33, LINE_ROWS * self.line_size))
        if self.size != before.size:
            data += bytes((0x1D, 0x21, 0x11 * (self.size - 1)))
        if self.bold != before.bold:
            data += bytes((0x1B, 0x45, self.bold))
        if self.inverted != before.inverted:
            data += bytes((0x1D, 0x42, self.inverted))
        return data


class _Setter:
    """Sets lines as commands, and remembers how the printer's characters look."""

    def __init__(
        self, profile: PrinterProfile, page: Page, code_page: str, images: Mapping[str, Image.Image]
    ) -> None:
        self._profile = profile
        self._page = page
        self._code_page = code_page
        self._images = images
        self._look = _Look()

    def commands(self) -> Iterator[bytes]:
        for line in self._page.lines:
            yield from self._line(line)
        yield self._change(_Look(line_size=self._look.line_size))

    def _line(self, line: Line) -> Iterator[bytes]:
        match line:
            case TextLine():
                yield from self._set(line, self._text(line))
            case RuleLine():
                yield from self._set(line, self._rule(line))
            case Feed(lines):
                yield self._plain() + b"\n" * lines
            case QR(data) if self._profile.has_native_qr and data.isascii():
                yield from self._qr(data)
            case QR() | Barcode() | receipt.Image():
                yield from self._symbol(line)
            case Cut(partial):
                yield from cut(self._profile, partial=partial)
            case DrawerPulse(pin):
                yield pulse(self._profile, pin)

    def _set(self, line: TextLine | RuleLine, pieces: list[tuple[str, _Look]]) -> Iterator[bytes]:
        """The pieces in the printer's font; the picture of the line when it has not all the characters."""
        data = [(encoded(text, self._code_page), look) for text, look in pieces]
        if any(part is None for part, _ in data):
            yield from self._painted(line)
            return
        yield b"".join(self._change(look) + (part or b"") for part, look in data if part) + b"\n"

    def _text(self, line: TextLine) -> list[tuple[str, _Look]]:
        """The runs and the spaces between them; a bar is as wide as the paper."""
        pieces: list[tuple[str, _Look]] = []
        plain = self._looking(line_size=line.size)
        used = 0
        for run in line.runs:
            column = run.column + self._indent(run, line.size)
            if line.inverted:
                column -= (column - used) % line.size  # The bar is as high beside the words as behind them.
            pieces += self._gap(column - used, line, bold=bool(pieces) and pieces[-1][1].bold)
            pieces.append((run.text, replace(plain, size=line.size, bold=run.bold, inverted=line.inverted)))
            used = column + self._width(run.text) * line.size
        if line.inverted:
            pieces += self._gap(self._page.columns - used, line, bold=True)
        return pieces or [("", plain)]

    def _gap(self, cells: int, line: TextLine, *, bold: bool) -> list[tuple[str, _Look]]:
        """Spaces: as large as the words beside them, or single ones where the gap is no whole number of those.

        That they are as bold as what stands before them only saves a command.
        """
        if cells <= 0:
            return []
        size = line.size if cells % line.size == 0 else 1
        look = self._looking(line_size=line.size)
        return [
            (" " * (cells // size), replace(look, size=size, inverted=line.inverted, bold=self._look.bold))
        ]

    def _indent(self, run: Run, size: int) -> int:
        spare = max(0, run.cells - self._width(run.text) * size)
        return {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[run.align]

    def _rule(self, line: RuleLine) -> list[tuple[str, _Look]]:
        look = self._looking(line_size=1)
        strokes = (_STROKES[line.style] * self._page.columns)[: self._page.columns]
        if line.label is None:
            return [(strokes, look)]
        left = line.label.column
        right = left + line.label.cells
        label = (f" {line.label.text} ", replace(look, bold=line.label.bold))
        return [(strokes[:left], look), label, (strokes[right:], look)]

    def _painted(self, line: Line) -> Iterator[bytes]:
        image = paint(replace(self._page, lines=(line,)), self._profile, self._images).image
        if isinstance(line, TextLine | RuleLine):
            image = self._moved(image, line.size if isinstance(line, TextLine) else 1)
        yield from picture(image, self._profile)

    def _symbol(self, line: QR | Barcode | receipt.Image) -> Iterator[bytes]:
        image = symbol_image(line, self._profile, self._images)
        if image is not None:
            yield from centred_picture(image, self._profile)

    def _moved(self, image: Image.Image, size: int) -> Image.Image:
        """A painted line where the printer would set it: from the first dot on, and with all the leading below."""
        box = ImageOps.invert(image.convert("L")).getbbox()
        above = min(LEADING_ROWS * size, box[1]) if box else 0
        moved = Image.new("1", image.size, 255)
        moved.paste(image.crop((self._profile.margin_dots, above, image.width, image.height)), (0, 0))
        return moved

    def _qr(self, data: str) -> Iterator[bytes]:
        """As large as the picture of it would be, with the quiet zone that printers leave to the sender."""
        module = qr_dots_per_module(data, self._profile.dots)
        quiet = self._plain() + (
            b"".join(feed(QR_QUIET_MODULES * module, self._profile))
            if self._profile.sets_motion_unit
            else b"\n"
        )
        yield quiet + b"\x1ba\x01"
        yield b"".join((
            _qr_function(b"A2\x00"),
            _qr_function(bytes((0x43, module))),
            _qr_function(b"E1"),
            _qr_function(b"P0" + data.encode("ascii")),
            _qr_function(b"Q0"),
        ))  # fmt: skip
        yield b"\x1ba\x00" + quiet

    def _plain(self) -> bytes:
        return self._change(self._looking(line_size=1))

    def _looking(self, *, line_size: int) -> _Look:
        return _Look(line_size=line_size if self._profile.sets_motion_unit else 0)

    def _change(self, look: _Look) -> bytes:
        data = look.after(self._look)
        self._look = look
        return data

    def _width(self, text: str) -> int:
        return cell_width(text, ambiguous=self._page.ambiguous)


def _qr_function(arguments: bytes) -> bytes:
    """GS ( k with the symbol 49, a QR code."""
    return b"\x1d(k" + (len(arguments) + 1).to_bytes(2, "little") + b"1" + arguments
