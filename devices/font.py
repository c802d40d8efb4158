"""Characters as crisp black dots, in the shapes of the receipt's language.

Glyphs come from the monospaced faces of Noto Sans CJK, where a Latin letter is exactly half a Chinese character, so the
grid of cells and the letters agree. A glyph never leaves its cells: one that is too wide is squeezed, one that the font
does not have (emoji, the rarest Chinese characters) becomes a box with its code point in it, so that two names that differ
on the screen differ on paper. Never a question mark, never an empty box, never nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import noto_cjk_sans_otc
from PIL import Image, ImageChops, ImageDraw, ImageFont

FAMILIES: Final = {"zh_CN": "Noto Sans Mono CJK SC"}
DEFAULT_FAMILY: Final = "Noto Sans Mono CJK TC"

INK_THRESHOLD: Final = 96
"""The grey from which a dot is printed. Lower than half: thin strokes must survive on thermal paper."""

FACES_MAX: Final = 32
GLYPHS_CACHED: Final = 4096


def line_rows(cell_dots: int, size: int = 1) -> int:
    """The rows of a line of text: the character's square and a quarter of it as leading."""
    return cell_dots * 5 // 2 * size


@lru_cache(maxsize=GLYPHS_CACHED)
def glyph(cluster: str, cells: int, cell_dots: int, language: str, *, size: int, bold: bool) -> Image.Image:
    """One cluster as a 1-bit mask of its ink, `cells * cell_dots * size` wide and `line_rows` high."""
    family = FAMILIES.get(language.replace("-", "_"), DEFAULT_FAMILY)
    width, height = cells * cell_dots * size, line_rows(cell_dots, size)
    probe = _font(family, 2 * cell_dots, is_simple=True)
    if _is_missing(cluster[0], probe):
        return _code_box(cluster[0], width, height, size)
    # A mark that the font lacks is left out; its letter can still be read.
    cluster = "".join(character for character in cluster if not _is_missing(character, probe))
    font = _font(family, 2 * cell_dots * size, is_simple=len(cluster) == 1)
    # The canvas has the width of the cells free on either side, so that what reaches over is seen before it is lost.
    canvas = Image.new("L", (3 * width, height), 0)
    draw = ImageDraw.Draw(canvas)
    draw.text((width, height * 4 // 5), cluster, fill=255, font=font, anchor="ls")
    canvas = _fitted(canvas, width, margin=size, keeps_height=cluster[0].isalpha())
    if bold:
        canvas = ImageChops.lighter(canvas, ImageChops.offset(canvas, size, 0))
    return canvas.crop((width, 0, 2 * width, height)).point(_INK, mode="1")


_INK: Final = [255 * (grey >= INK_THRESHOLD) for grey in range(256)]


def _fitted(canvas: Image.Image, width: int, *, margin: int, keeps_height: bool) -> Image.Image:
    """The canvas with its ink inside the middle third: as it is, else moved there, else made smaller."""
    box = canvas.getbbox()
    if box is None or (width <= box[0] and box[2] <= 2 * width):
        return canvas
    ink = canvas.crop(box)
    room = width - 2 * margin
    if ink.width > room:
        # A letter keeps its height to stand in its line; a sign such as × keeps its shape, unless it is flat as a dash.
        is_flat = 2 * ink.height < ink.width
        height = ink.height if keeps_height or is_flat else ink.height * room // ink.width
        ink = ink.resize((room, height), Image.Resampling.BOX)
    fitted = Image.new("L", canvas.size, 0)
    fitted.paste(ink, (width + (width - ink.width) // 2, (box[1] + box[3] - ink.height) // 2))
    return fitted


def _code_box(character: str, width: int, height: int, size: int) -> Image.Image:
    """A frame around the code point: 1F9CB as 01F above 9CB, with digits as large as the frame lets them be."""
    digits = f"{ord(character):04X}"
    columns = 2 if len(digits) == 4 or width < WIDE_BOX_DOTS * size else 3
    digits = digits.zfill(-(-len(digits) // columns) * columns)
    rows = [digits[start : start + columns] for start in range(0, len(digits), columns)]
    room = width - 4 * size - (columns - 1) * size
    dot = max(1, min(room // (3 * columns), (height - 6 * size - len(rows) * size) // (5 * len(rows))))
    picture = Image.new("1", (width, height), 0)
    words = Image.new(
        "1", (columns * (3 * dot + size) - size, len(rows) * (5 * dot + 2 * size) - 2 * size), 0
    )
    for row, text in enumerate(rows):
        for column, digit in enumerate(text):
            words.paste(_digit(digit, dot), (column * (3 * dot + size), row * (5 * dot + 2 * size)))
    left, top = (width - words.width) // 2, (height - words.height) // 2
    beside = min(left, 2 * size)
    frame = (
        left - beside,
        top - 2 * size,
        left + words.width + beside - 1,
        top + words.height + 2 * size - 1,
    )
    ImageDraw.Draw(picture).rectangle(frame, outline=255, width=size)
    picture.paste(words, (left, top))
    return picture


def _digit(digit: str, dot: int) -> Image.Image:
    picture = Image.frombytes("1", (3, 5), bytes(int(row) << 5 for row in _DIGITS[digit]))
    return picture.resize((3 * dot, 5 * dot), Image.Resampling.NEAREST)


WIDE_BOX_DOTS: Final = 20
_DIGITS: Final = {
    # Three dots wide and five high: each figure is a row, its bits are the dots.
    "0": "75557", "1": "26227", "2": "71747", "3": "71317", "4": "55711", "5": "74717", "6": "74757", "7": "71122",
    "8": "75757", "9": "75717", "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644",
}  # fmt: skip


@lru_cache(maxsize=FACES_MAX)
def _font(family: str, pixels: int, *, is_simple: bool) -> ImageFont.FreeTypeFont:
    # A single character needs no shaping, and is drawn faster without.
    engine = ImageFont.Layout.BASIC if is_simple else None
    path = str(noto_cjk_sans_otc.FONT_PATH)
    return ImageFont.truetype(path, pixels, index=_face_index(family), layout_engine=engine)


@lru_cache(maxsize=FACES_MAX)
def _face_index(family: str) -> int:
    """Which face of the collection has this family name."""
    for index in range(FACES_MAX):
        name, _ = ImageFont.truetype(str(noto_cjk_sans_otc.FONT_PATH), 8, index=index).getname()
        if name == family:
            return index
    raise AssertionError(f"the font collection holds no {family}")


@lru_cache(maxsize=GLYPHS_CACHED)
def _is_missing(character: str, font: ImageFont.FreeTypeFont) -> bool:
    # The replacement character's own shape is a question mark.
    return character == "\ufffd" or _dots(character, font) == _dots(_UNASSIGNED, font)


_UNASSIGNED: Final = "\U0010ffff"


def _dots(character: str, font: ImageFont.FreeTypeFont) -> bytes:
    return bytes(font.getmask(character))
