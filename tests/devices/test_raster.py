from __future__ import annotations

import io
from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from app.domain import receipt as r
from app.domain.receipt import QR, Align, Barcode, Cell, Node, ReceiptDocument, Row, Symbology, Text
from app.i18n import LANGUAGES
from devices.font import glyph, line_rows
from devices.profile import PAPER_58MM, PAPER_80MM, PAPER_80MM_180DPI, PrinterProfile
from devices.render.raster import render_image, to_png
from devices.render.symbol import qr_image
from devices.width import cell_width, clusters
from tests.devices.documents import barcodes, characters, documents
from tests.devices.sample import QR_DATA, receipt

PAPERS = (PAPER_80MM, PAPER_58MM, PAPER_80MM_180DPI)
papers = st.sampled_from(PAPERS)


def paint(*nodes: Node, language: str = "zh_TW", profile: PrinterProfile = PAPER_80MM) -> Image.Image:
    return render_image(ReceiptDocument(nodes, language, "sale"), profile)


def ink(image: Image.Image) -> int:
    """How many dots are black."""
    return image.convert("L").histogram()[0]


def ink_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(image.convert("L")).getbbox()
    assert box is not None
    return box


def codes(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]


@given(documents, papers)
@settings(max_examples=40)
def test_the_picture_is_exactly_as_wide_as_the_head(
    document: ReceiptDocument, profile: PrinterProfile
) -> None:
    image = render_image(document, profile)
    assert (image.mode, image.width) == ("1", profile.dots)


@pytest.mark.parametrize("profile", PAPERS, ids=lambda profile: profile.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_of_a_receipt_is_read_back_from_its_png(language: str, profile: PrinterProfile) -> None:
    png = to_png(render_image(receipt(language), profile))
    assert codes(Image.open(io.BytesIO(png))) == [QR_DATA]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80), papers
)
@settings(max_examples=40)
def test_any_qr_code_is_read_back(data: str, profile: PrinterProfile) -> None:
    assert codes(paint(QR(data), profile=profile)) == [QR(data).data]


@pytest.mark.parametrize("data", ["補印", "品名", "跓*"])
def test_chinese_whose_bytes_look_like_japanese_is_read_back_as_chinese(data: str) -> None:
    assert codes(paint(QR(data), profile=PAPER_80MM)) == [data]


def test_the_longest_code_is_read_back_from_the_narrowest_paper() -> None:
    data = "熟客" * 166
    assert codes(paint(QR(data), profile=PAPER_58MM)) == [data]


def test_a_short_code_has_large_modules_and_a_quiet_zone_of_four() -> None:
    image = qr_image(QR_DATA, PAPER_58MM.dots)
    left, top, right, bottom = ink_box(image)
    dots_per_module = (right - left) // 21
    assert dots_per_module >= 4
    assert right - left == bottom - top == 21 * dots_per_module
    assert (left, top) == (4 * dots_per_module, 4 * dots_per_module)
    assert image.width == image.height == 29 * dots_per_module


@given(barcodes, papers)
@settings(max_examples=40)
def test_any_code_39_is_read_back(data: str, profile: PrinterProfile) -> None:
    # A reader strips spaces from the ends, and takes full-ASCII pairs for what they stand for.
    if data == data.strip() and not set("$/+%") & set(data):
        assert codes(paint(Barcode(Symbology.CODE39, data), profile=profile)) == [data]


def test_each_sign_of_code_39_is_read_back() -> None:
    for data in (
        "0123456789",
        "ABCDEFGHIJ",
        "KLMNOPQRST",
        "UVWXYZ-.",
        "A B",
        "1$2",
        "1/2",
        "1+2",
        "1%2",
        "/ABC+123",
    ):
        assert codes(paint(Barcode(Symbology.CODE39, data))) == [data]


@given(characters.filter(lambda c: cell_width(r.printable(c)) > 0), st.sampled_from([1, 2]), st.booleans())
def test_a_glyph_takes_exactly_its_cells(character: str, size: int, bold: bool) -> None:
    for cluster in clusters(r.printable(character)):
        cells = cell_width(cluster)
        if cells:
            image = glyph(cluster, cells, 12, "zh_TW", size=size, bold=bold)
            assert image.size == (12 * cells * size, line_rows(12) * size)


def test_a_line_of_text_is_24_dots_high_in_a_pitch_of_30() -> None:
    image = paint(Text("國"))
    assert image.height == 30
    left, top, right, bottom = ink_box(image)
    assert 20 <= bottom - top <= 24
    assert 0 <= left < right <= 24


def test_large_words_are_twice_as_high_and_drawn_anew() -> None:
    small, large = paint(Text("國")), paint(Text("國", size=2))
    assert large.height == 2 * small.height
    doubled = small.crop((0, 0, 24, 30)).resize((48, 60), Image.Resampling.NEAREST)
    assert large.crop((0, 0, 48, 60)).tobytes() != doubled.tobytes()


def test_characters_have_the_shapes_of_the_language() -> None:
    traditional, simplified, english = (
        paint(Text("骨直"), language=language).tobytes() for language in LANGUAGES
    )
    assert traditional == english
    assert traditional != simplified


def test_bold_words_are_blacker() -> None:
    assert ink(paint(Text("總計 1,234", bold=True))) > 1.2 * ink(paint(Text("總計 1,234")))


def test_rare_characters_have_shapes_of_their_own() -> None:
    assert len({paint(Text(character)).tobytes() for character in "堃喆犇峯珉煊啓𠮷"}) == 8


def test_a_character_the_font_lacks_becomes_a_box_with_its_code_point() -> None:
    boxes = [
        paint(Text(text)).tobytes()
        for text in ("☕", "🧋", "👨\u200d👩\u200d👧", "\ue000", "\U0003134a", "\ufffd")
    ]
    assert len(set(boxes)) == len(boxes)
    # A sign that only says how to draw it changes nothing.
    assert paint(Text("☕\ufe0f")).tobytes() == boxes[0]


def test_a_mark_the_font_lacks_leaves_its_letter() -> None:
    assert paint(Text("q\u0488")).tobytes() == paint(Text("q")).tobytes()


def test_what_is_wider_than_its_cell_is_made_to_fit_and_not_cut_off() -> None:
    for text in ("×", "Ø", "Ж", "…"):
        left, _, right, _ = ink_box(paint(Text(text), language="en"))
        assert (left, right) == (1, 11)


@pytest.mark.parametrize("profile", PAPERS, ids=lambda profile: profile.name)
def test_amounts_end_at_the_right_edge(profile: PrinterProfile) -> None:
    row = Row((Cell("御茶園特撰日式綠茶"), Cell("1,000", Align.RIGHT, 7)))
    *_, right, _ = ink_box(paint(row, profile=profile))
    edge = profile.dots - profile.margin_dots
    assert edge - profile.cell_dots // 2 <= right <= edge


def test_a_band_is_white_on_black_across_the_paper() -> None:
    image = paint(r.Band("補印", size=2))
    assert 0.85 < ink(image) / (image.width * image.height) < 0.99
    assert ink_box(image) == (0, 0, image.width, image.height)
    words = image.convert("L").getbbox()
    assert words is not None
    assert abs(words[1] - (image.height - words[3])) <= 4


def test_rules_differ_and_make_room_for_their_label() -> None:
    solid, dotted, double = (
        paint(r.Rule(style)) for style in (r.RuleStyle.SOLID, r.RuleStyle.DOTTED, r.RuleStyle.DOUBLE)
    )
    assert ink(double) == 2 * ink(solid) == 4 * ink(dotted)
    labelled = paint(r.Rule(r.RuleStyle.SOLID, "練習"))
    middle = labelled.height // 2
    assert [labelled.getpixel((x, middle)) for x in (0, 255, 575)] == [0, 255, 0]


def test_a_picture_is_printed_by_its_name_and_scaled_to_the_paper() -> None:
    document = ReceiptDocument((r.Image("logo"), Text("a")), "zh_TW", "sale")
    logo = Image.new("RGBA", (1200, 300), (0, 0, 0, 0))
    logo.paste((0, 0, 0, 255), (300, 0, 900, 300))
    image = render_image(document, PAPER_80MM, {"logo": logo})
    assert image.height == 144 + 30
    assert image.getpixel((288, 70)) == 0
    assert image.getpixel((10, 70)) == 255


def test_a_picture_nobody_knows_any_more_prints_nothing() -> None:
    assert paint(r.Image("old logo"), Text("a")).tobytes() == paint(Text("a")).tobytes()


def test_a_png_knows_the_resolution_of_the_paper() -> None:
    png = Image.open(io.BytesIO(to_png(paint(Text("a")))))
    assert round(png.info["dpi"][0]) == 203


def test_the_same_document_is_always_the_same_picture() -> None:
    document = receipt("zh_TW")
    assert render_image(document).tobytes() == render_image(replace(document)).tobytes()
