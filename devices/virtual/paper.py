"""What came out of a virtual printer: strips of dots and words, from the top of the paper down.

The words are kept as they were decoded, so a test reads what a customer would; the picture is drawn only when somebody looks.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Final

from PIL import Image, ImageChops

from devices.font import glyph, line_rows
from devices.width import cell_width, clusters

CELL_DOTS: Final = 12
"""Font A is 12 dots wide and a Chinese character 24; both are 24 high."""

CHARACTER_ROWS: Final = 24
PAPER: Final = 255


@dataclass(frozen=True, slots=True)
class Style:
    """How characters are printed: times as wide, times as high, and so on."""

    across: int = 1
    down: int = 1
    bold: bool = False
    underlined: bool = False
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Characters in one style, ``left`` dots from the edge."""

    left: int
    text: str
    widths: tuple[int, ...]
    style: Style

    @property
    def width(self) -> int:
        return sum(self.widths)

    @property
    def rows(self) -> int:
        return CHARACTER_ROWS * self.style.down


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture within a line or on its own, ``left`` dots from the edge. ``label`` names it in the text."""

    left: int
    width: int
    rows: int
    draw: Callable[[], Image.Image]
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A horizontal piece of the paper. Without pieces it is white."""

    rows: int
    pieces: tuple[Words | Drawn, ...] = ()

    @property
    def words(self) -> tuple[Words, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Words))


@dataclass(frozen=True)
class Paper:
    """One paper. ``cut`` is "full", "partial", or "torn" when it came off by hand or the printer lost power."""

    dots: int
    strips: tuple[Strip, ...]
    commands: tuple[str, ...]
    cut: str = "torn"
    language: str = field(default="zh_TW", compare=False)

    @cached_property
    def image(self) -> Image.Image:
        """The paper, 0 is ink, as wide as the head."""
        sheet = Image.new("1", (self.dots, max(1, sum(strip.rows for strip in self.strips))), PAPER)
        top = 0
        for strip in self.strips:
            for piece in strip.pieces:
                picture = _picture(piece, self.language)
                sheet.paste(picture, (piece.left, top + max(0, strip.rows - picture.height)))
            top += strip.rows
        return sheet

    @cached_property
    def png(self) -> bytes:
        file = io.BytesIO()
        self.image.save(file, "PNG")
        return file.getvalue()

    @cached_property
    def text(self) -> str:
        """The lines as printed, each ended by a newline. A picture is named in brackets, once however many bands it came in."""
        return "".join(f"{line}\n" for line in self._lines())

    @property
    def words(self) -> tuple[Words, ...]:
        """Every stretch of native text, in order."""
        return tuple(words for strip in self.strips for words in strip.words)

    def _lines(self) -> Iterator[str]:
        for label, group in groupby(self.strips, key=_label):
            if label:
                yield label
                continue
            for strip in group:
                if strip.pieces or strip.rows >= CHARACTER_ROWS:
                    yield _line_of(strip)


def _label(strip: Strip) -> str:
    """The name of a strip that is one picture; the bands of a picture have the same name and no words between them."""
    if len(strip.pieces) == 1 and isinstance(strip.pieces[0], Drawn):
        return strip.pieces[0].label
    return ""


def _line_of(strip: Strip) -> str:
    line, used = "", 0
    for piece in strip.pieces:
        column = round(piece.left / CELL_DOTS)
        text = piece.text if isinstance(piece, Words) else piece.label
        line += " " * (column - used) + text
        used = max(column + round(piece.width / CELL_DOTS), used + cell_width(text))
    return line.rstrip()


def _picture(piece: Words | Drawn, language: str) -> Image.Image:
    if isinstance(piece, Drawn):
        return piece.draw()
    picture = Image.new("1", (max(1, piece.width), piece.rows), PAPER)
    left = 0
    for character, width in zip(piece.text, piece.widths, strict=True):
        if width:
            picture.paste(_character(character, width, piece.style, language), (left, 0))
        left += width
    if piece.style.underlined:
        picture.paste(0, (0, piece.rows - 2, piece.width, piece.rows))
    return ImageChops.invert(picture.convert("L")).convert("1") if piece.style.inverted else picture


def _character(character: str, width: int, style: Style, language: str) -> Image.Image:
    """A character of the printer's own font: drawn once and then made larger dot by dot, as printers do."""
    cells = max(1, width // style.across // CELL_DOTS)
    small = Image.new("1", (cells * CELL_DOTS, CHARACTER_ROWS), PAPER)
    if not character.isspace() and any(cell_width(cluster) for cluster in clusters(character)):
        ink = glyph(character, cells, CELL_DOTS, language, size=1, bold=style.bold)
        above = (line_rows(CELL_DOTS) - CHARACTER_ROWS) // 2
        small.paste(0, (0, 0), ink.crop((0, above, ink.width, above + CHARACTER_ROWS)))
    return small.resize((width, CHARACTER_ROWS * style.down), Image.Resampling.NEAREST)
