"""A receipt as a 1-bit picture, dot for dot what the print head burns.

The picture is exactly as wide as the head; the printer's own actions (cut, drawer) are kept beside it with the row at
which they happen.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from app.domain import receipt
from app.domain.receipt import QR, Align, Barcode, Cut, DrawerPulse, Feed, ReceiptDocument, RuleStyle
from devices.font import glyph, line_rows
from devices.layout import Line, Page, RuleLine, Run, TextLine, lay_out
from devices.profile import PAPER_80MM, PrinterProfile
from devices.render.symbol import barcode_image, qr_image
from devices.width import cell_width, clusters

PAPER: Final = 255
INK: Final = 0
RULE_ROWS: Final = 20
LABEL_PADDING_ROWS: Final = 8
BAND_PADDING_ROWS: Final = 6
IMAGE_ROWS_MAX: Final = 400
SHEET_ROWS_MAX: Final = 60_000

NO_IMAGES: Final[Mapping[str, Image.Image]] = {}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The picture of a whole document (0 is ink), and what the printer does before which of its rows."""

    image: Image.Image
    actions: tuple[tuple[int, Cut | DrawerPulse], ...]


def render_image(
    document: ReceiptDocument,
    profile: PrinterProfile = PAPER_80MM,
    images: Mapping[str, Image.Image] = NO_IMAGES,
) -> Image.Image:
    """The receipt as a 1-bit picture `profile.dots` wide. `images` holds the pictures a document names."""
    return paint(lay_out(document, profile.columns), profile, images).image


def to_png(image: Image.Image) -> bytes:
    """The picture as a PNG file that knows its resolution."""
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(PAPER_80MM.dots_per_inch, PAPER_80MM.dots_per_inch))
    return file.getvalue()


def paint(page: Page, profile: PrinterProfile, images: Mapping[str, Image.Image] = NO_IMAGES) -> Sheet:
    """The page in dots."""
    painter = _Painter(profile, page, images)
    heights = [painter.rows(line) for line in page.lines]
    assert sum(heights) <= SHEET_ROWS_MAX
    sheet = Image.new("1", (profile.dots, max(1, sum(heights))), PAPER)
    actions = []
    top = 0
    for line, height in zip(page.lines, heights, strict=True):
        if isinstance(line, Cut | DrawerPulse):
            actions.append((top, line))
        painter.paint(line, sheet, top)
        top += height
    return Sheet(sheet, tuple(actions))


@dataclass(frozen=True, slots=True)
class _Painter:
    """Knows how many rows a line takes, and paints it there."""

    profile: PrinterProfile
    page: Page
    images: Mapping[str, Image.Image]

    def rows(self, line: Line) -> int:
        pitch = line_rows(self.profile.cell_dots)
        match line:
            case TextLine(_, size, inverted):
                return pitch * size + 2 * BAND_PADDING_ROWS * inverted
            case RuleLine(_, label):
                return pitch + LABEL_PADDING_ROWS if label else RULE_ROWS
            case Feed(lines):
                return pitch * lines
            case QR() | Barcode() | receipt.Image():
                picture = symbol_image(line, self.profile, self.images)
                return picture.height if picture else 0
            case Cut() | DrawerPulse():
                return 0

    def paint(self, line: Line, sheet: Image.Image, top: int) -> None:
        match line:
            case TextLine():
                self._text_line(line, sheet, top)
            case RuleLine(style, label):
                self._rule(style, label, sheet, top)
            case QR() | Barcode() | receipt.Image():
                picture = symbol_image(line, self.profile, self.images)
                if picture:
                    sheet.paste(picture, ((self.profile.dots - picture.width) // 2, top))
            case Feed() | Cut() | DrawerPulse():
                pass

    def _text_line(self, line: TextLine, sheet: Image.Image, top: int) -> None:
        if line.inverted:
            sheet.paste(INK, (0, top, self.profile.dots, top + self.rows(line)))
            top += BAND_PADDING_ROWS
        for run in line.runs:
            self._run(run, sheet, top, size=line.size, colour=PAPER if line.inverted else INK)

    def _run(self, run: Run, sheet: Image.Image, top: int, *, size: int = 1, colour: int = INK) -> None:
        profile, ambiguous = self.profile, self.page.ambiguous
        spare = run.cells * profile.cell_dots
        spare -= cell_width(run.text, ambiguous=ambiguous) * profile.cell_dots * size
        left = profile.margin_dots + run.column * profile.cell_dots
        left += {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[run.align]
        for cluster in clusters(run.text):
            cells = cell_width(cluster, ambiguous=ambiguous)
            if cells and not cluster.isspace():
                ink = glyph(cluster, cells, profile.cell_dots, self.page.language, size=size, bold=run.bold)
                sheet.paste(colour, (left, top), ink)
            left += cells * profile.cell_dots * size

    def _rule(self, style: RuleStyle, label: Run | None, sheet: Image.Image, top: int) -> None:
        middle = top + self.rows(RuleLine(style, label)) // 2
        draw = ImageDraw.Draw(sheet)
        match style:
            case RuleStyle.SOLID:
                draw.rectangle((0, middle - 1, self.profile.dots - 1, middle), fill=INK)
            case RuleStyle.DOUBLE:
                draw.rectangle((0, middle - 3, self.profile.dots - 1, middle - 2), fill=INK)
                draw.rectangle((0, middle + 1, self.profile.dots - 1, middle + 2), fill=INK)
            case RuleStyle.DOTTED:
                for left in range(0, self.profile.dots, 8):
                    draw.rectangle((left, middle - 1, left + 3, middle), fill=INK)
        if label:
            left = self.profile.margin_dots + label.column * self.profile.cell_dots
            right = left + label.cells * self.profile.cell_dots
            sheet.paste(PAPER, (left, middle - 3, right, middle + 3))
            self._run(label, sheet, top + LABEL_PADDING_ROWS // 2)


def symbol_image(
    line: QR | Barcode | receipt.Image, profile: PrinterProfile, images: Mapping[str, Image.Image] = NO_IMAGES
) -> Image.Image | None:
    """A code or a picture in black and white, no wider than the paper; None for a picture that nobody knows any more."""
    match line:
        case QR(data):
            return qr_image(data, profile.dots)
        case Barcode(symbology, data):
            return barcode_image(symbology, data, profile.dots)
        case receipt.Image(ref):
            picture = images.get(ref)
            return None if picture is None else dithered(picture, profile.dots)


def dithered(picture: Image.Image, dots: int) -> Image.Image:
    """A picture in black and white, made smaller where it is wider than `dots` or too high; what is transparent becomes paper."""
    if picture.mode == "1" and picture.width <= dots and picture.height <= IMAGE_ROWS_MAX:
        return picture
    flat = Image.new("RGBA", picture.size, "white")
    flat.alpha_composite(picture.convert("RGBA"))
    grey = flat.convert("L")
    grey.thumbnail((dots, IMAGE_ROWS_MAX), Image.Resampling.LANCZOS)
    return grey.convert("1")
