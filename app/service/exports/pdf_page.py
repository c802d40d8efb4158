"""Pages of A4 drawn with our own Chinese glyphs and written as a PDF: words, tables and bars in one calm grid.

Everything is measured in points (1/72 inch) from the top left corner; the pictures have 200 dots to the inch, so that small type prints
sharply. There is no second type engine to ship, and a page looks the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final

import noto_cjk_sans_otc
from PIL import Image, ImageDraw, ImageFont

DOTS_PER_INCH: Final = 200
POINTS_PER_INCH: Final = 72
WIDTH: Final = 595.0
HEIGHT: Final = 842.0
MARGIN: Final = 44.0
FACES_MAX: Final = 64
JPEG_QUALITY: Final = 88  # no fringe around small type that the eye would see
ELLIPSIS: Final = "…"

INK: Final = (31, 35, 40)
QUIET: Final = (107, 114, 122)
LINE: Final = (218, 222, 226)
SHADE: Final = (245, 246, 248)
ACCENT: Final = (28, 98, 165)
PALE: Final = (178, 204, 230)

_FAMILY: Final = {"zh_TW": "Noto Sans CJK TC", "zh_CN": "Noto Sans CJK SC", "en": "Noto Sans CJK TC"}
Colour = tuple[int, int, int]
_ENDS: Final = "，。；：、）」％%"  # never first on a line


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, with a paler one behind it to compare with."""

    label: str
    value: int
    before: int = 0


class Pages:
    """A document under way. What does not fit begins another page."""

    def __init__(self, language: str) -> None:
        self._family = _FAMILY[language]
        self._pages: list[Image.Image] = []
        self.y = 0.0
        self.new_page()

    def new_page(self) -> None:
        size = (_dots(WIDTH), _dots(HEIGHT))
        self._pages.append(Image.new("RGB", size, "white"))
        self._draw = ImageDraw.Draw(self._pages[-1])
        self.y = MARGIN

    @property
    def right(self) -> float:
        return WIDTH - MARGIN

    def room(self, height: float) -> None:
        """Begin another page unless so much fits below."""
        if self.y + height > HEIGHT - MARGIN:
            self.new_page()

    def text(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float = 9,
        colour: Colour = INK,
        anchor: str = "l",
        bold: bool = False,
    ) -> None:
        """A line of words; ``y`` is the middle of it, ``anchor`` l, m or r."""
        self._draw.text(
            (_dots(x), _dots(y)),
            text,
            font=_font(self._family, _dots(size)),
            fill=colour,
            anchor=f"{anchor}m",
            stroke_width=1 if bold else 0,
            stroke_fill=colour,
        )

    def width_of(self, text: str, size: float) -> float:
        return _font(self._family, _dots(size)).getlength(text) * POINTS_PER_INCH / DOTS_PER_INCH

    def fitted(self, text: str, width: float, size: float) -> str:
        """As much of it as fits, with an ellipsis where something is missing."""
        if self.width_of(text, size) <= width:
            return text
        while text and self.width_of(text + ELLIPSIS, size) > width:
            text = text[:-1]
        return text + ELLIPSIS

    def paragraph(self, text: str, *, size: float = 9, colour: Colour = INK, bold: bool = False) -> None:
        """Words over the whole width, broken between characters where they must."""
        line = ""
        for word in _words(text):
            if line and self.width_of(line + word, size) > self.right - MARGIN:
                self._line(line.rstrip(), size, colour, bold=bold)
                line = word.lstrip()
            else:
                line += word
        self._line(line, size, colour, bold=bold)

    def heading(self, text: str, *, above: float = 30) -> None:
        """On the page of what it stands ``above``: so much of that must fit, too."""
        self.room(30 + above)
        self.y += 10
        self.text(text, MARGIN, self.y + 8, size=11, colour=ACCENT, bold=True)
        self.y += 20
        self.rule()

    def rule(self) -> None:
        self._draw.line((_dots(MARGIN), _dots(self.y), _dots(self.right), _dots(self.y)), fill=LINE, width=2)

    def table(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        head: Sequence[str] = (),
        size: float = 9,
    ) -> None:
        """The first column is words, the others are figures on the right. ``widths`` are parts of the page's width."""
        total = sum(widths)
        edges = [MARGIN]
        for width in widths:
            edges.append(edges[-1] + (self.right - MARGIN) * width / total)
        if head:
            self._row(head, edges, size=size - 1, colour=QUIET, shaded=False)
        for number, row in enumerate(rows):
            self._row(row, edges, size=size, colour=INK, shaded=number % 2 == 0)

    def bars(self, bars: Sequence[Bar], *, height: float = 110) -> None:
        """Columns side by side from one line; nothing is cut off, below nothing is drawn as nothing."""
        if not bars:
            return
        self.room(height + 30)
        highest = max(1, *(one.value for one in bars), *(one.before for one in bars))
        step = (self.right - MARGIN) / len(bars)
        bottom = self.y + height
        for number, bar in enumerate(bars):
            x = MARGIN + number * step
            for value, colour, inset in ((bar.before, PALE, 0.12), (bar.value, ACCENT, 0.28)):
                top = bottom - height * max(0, value) / highest
                if top < bottom:
                    box = (_dots(x + step * inset), _dots(top), _dots(x + step * (1 - inset)), _dots(bottom))
                    self._draw.rectangle(box, fill=colour)
            self.text(bar.label, x + step / 2, bottom + 9, size=7, colour=QUIET, anchor="m")
        self.y = bottom
        self.rule()
        self.y = bottom + 20

    def to_pdf(self, footer: str = "", page_text: str = "") -> bytes:
        """The bytes of the file. ``page_text`` has the fields page and pages."""
        for number, page in enumerate(self._pages, 1):
            self._draw = ImageDraw.Draw(page)
            y = HEIGHT - MARGIN / 2
            self.text(footer, MARGIN, y, size=7, colour=QUIET)
            if page_text:
                said = page_text.format(page=number, pages=len(self._pages))
                self.text(said, self.right, y, size=7, colour=QUIET, anchor="r")
        out = BytesIO()
        first, *others = self._pages
        first.save(
            out, "PDF", save_all=True, append_images=others, resolution=DOTS_PER_INCH, quality=JPEG_QUALITY
        )
        return out.getvalue()

    def pictures(self) -> tuple[Image.Image, ...]:
        """The pages as they are drawn."""
        return tuple(self._pages)

    def _line(self, text: str, size: float, colour: Colour, *, bold: bool) -> None:
        self.room(size * 1.6)
        self.text(text, MARGIN, self.y + size * 0.8, size=size, colour=colour, bold=bold)
        self.y += size * 1.6

    def _row(
        self, cells: Sequence[str], edges: Sequence[float], *, size: float, colour: Colour, shaded: bool
    ) -> None:
        height = size * 1.75
        self.room(height)
        if shaded:
            box = (_dots(MARGIN), _dots(self.y), _dots(self.right), _dots(self.y + height))
            self._draw.rectangle(box, fill=SHADE)
        middle = self.y + height / 2
        for column, cell in enumerate(cells):
            left, right = edges[column], edges[column + 1]
            shown = self.fitted(cell, right - left - 8, size)
            if column == 0:
                self.text(shown, left + 4, middle, size=size, colour=colour)
            else:
                self.text(shown, right - 4, middle, size=size, colour=colour, anchor="r")
        self.y += height


def _words(text: str) -> list[str]:
    """Where a line may break: after each Chinese character, and between words of other scripts."""
    words: list[str] = []
    for character in text:
        before = words[-1][-1:] if words else ""
        is_latin = character.isascii() and before.isascii() and not (character + before).isspace()
        joins = character.isspace() or character in _ENDS or (is_latin and not before.isspace())
        if before and joins:
            words[-1] += character
        else:
            words.append(character)
    return words


def _dots(points: float) -> int:
    return round(points * DOTS_PER_INCH / POINTS_PER_INCH)


@lru_cache(maxsize=FACES_MAX)
def _font(family: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(noto_cjk_sans_otc.FONT_PATH), pixels, index=_face_index(family))


@lru_cache(maxsize=FACES_MAX)
def _face_index(family: str) -> int:
    for index in range(FACES_MAX):
        name, _ = ImageFont.truetype(str(noto_cjk_sans_otc.FONT_PATH), 8, index=index).getname()
        if name == family:
            return index
    raise AssertionError(f"the font collection holds no {family}")
