"""Characters as crisp black dots, in the shapes of the receipt's language.

Glyphs come from the monospaced faces of Noto Sans CJK, where a Latin letter is exactly half a Chinese character, so the
grid of cells and the letters agree. A glyph never leaves its cells: one that is too wide is squeezed, one that the font
does not have (emoji) becomes a hollow box. Never a question mark, never nothing.
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
        return _hollow_box(width, height)
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


def _hollow_box(width: int, height: int) -> Image.Image:
    box = Image.new("1", (width, height), 0)
    inset, above = max(1, width // 8), height // 6
    ImageDraw.Draw(box).rectangle((inset, above, width - 1 - inset, height - 1 - above), outline=255, width=2)
    return box


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
    return _dots(character, font) == _dots(_UNASSIGNED, font)


_UNASSIGNED: Final = "\U0010ffff"


def _dots(character: str, font: ImageFont.FreeTypeFont) -> bytes:
    return bytes(font.getmask(character))
