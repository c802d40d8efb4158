from __future__ import annotations

from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.domain.receipt import Cut, DrawerPulse, Node, ReceiptDocument, Text, mark_as_copy, mark_as_training
from app.i18n import LANGUAGES
from devices.layout import lay_out
from devices.profile import PAPER_58MM, PAPER_80MM, Cutter, PrinterProfile
from devices.render.escpos import encode, render_escpos
from devices.render.raster import Sheet, paint, render_image
from devices.render.text import render_text
from tests.devices.documents import documents
from tests.devices.escpos_reader import NotUnderstood, Printed, read_escpos
from tests.devices.sample import QR_DATA, receipt, short_receipt

PROFILES = (
    PAPER_80MM,
    PAPER_58MM,
    replace(PAPER_80MM, name="no motion unit", sets_motion_unit=False),
    replace(PAPER_80MM, name="narrow bands", band_rows=24),
)


def printed(*nodes: Node, profile: PrinterProfile = PAPER_80MM) -> Printed:
    return read_escpos(render_escpos(ReceiptDocument(nodes, "zh_TW", "sale"), profile), dots=profile.dots)


def assert_same_page(page: Printed, image: Image.Image) -> None:
    assert (page.dots, len(page.rows)) == image.size
    assert page.image().tobytes() == image.tobytes()


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_page_is_the_picture_dot_for_dot(language: str, profile: PrinterProfile) -> None:
    document = receipt(language)
    page = read_escpos(render_escpos(document, profile), dots=profile.dots)
    assert_same_page(page, render_image(document, profile))
    assert [code.text for code in zxingcpp.read_barcodes(page.image().convert("L"))] == [QR_DATA]


@given(documents, st.sampled_from(PROFILES))
@settings(max_examples=40)
def test_any_document_is_printed_dot_for_dot(document: ReceiptDocument, profile: PrinterProfile) -> None:
    sheet = paint(lay_out(document, profile.columns), profile)
    page = read_escpos(encode(sheet, profile), dots=profile.dots)
    assert_same_page(page, sheet.image)
    assert page.unguarded_patterns == 0
    assert [row for row, _ in page.cuts] == [row for row, action in sheet.actions if isinstance(action, Cut)]
    assert all(1 <= rows <= profile.band_rows for _, rows in page.bands)


@given(st.integers(1, 40).flatmap(lambda rows: st.binary(min_size=72 * rows, max_size=72 * rows)))
def test_any_dots_are_printed_dot_for_dot(dots: bytes) -> None:
    image = Image.frombytes("1", (576, len(dots) // 72), dots)
    page = read_escpos(encode(Sheet(image, ()), PAPER_80MM), dots=576)
    assert_same_page(page, image)
    assert page.unguarded_patterns == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_of_32_lines_with_its_code_is_small_enough_for_a_serial_printer(language: str) -> None:
    document = short_receipt(language)
    assert 31 <= len(render_text(document).rstrip().splitlines()) <= 32
    assert len(render_escpos(document)) <= 40_000


def test_bands_save_more_than_a_third_of_the_plain_picture() -> None:
    for profile in (PAPER_80MM, PAPER_58MM):
        image = render_image(receipt("zh_TW"), profile)
        assert len(render_escpos(receipt("zh_TW"), profile)) < 0.66 * image.width // 8 * image.height


def test_white_paper_costs_next_to_nothing() -> None:
    blank = Sheet(Image.new("1", (576, 1000), 255), ())
    assert len(encode(blank, PAPER_80MM)) == 6 + 4 * 3
    assert len(encode(blank, replace(PAPER_80MM, sets_motion_unit=False))) < 1_100


def test_the_drawer_opens_before_the_first_dot_is_printed() -> None:
    data = render_escpos(receipt("zh_TW"))
    assert data.startswith(b"\x1b@\x1dP\xcb\xcb\x1bp\x00\x32\xfa")
    assert read_escpos(data, dots=576).pulses == [(0, 2, 100, 500)]


def test_the_drawer_pin_is_the_documents_or_the_profiles() -> None:
    other = replace(PAPER_80MM, drawer_pin=5)
    assert [pin for _, pin, *_ in printed(DrawerPulse(), profile=other).pulses] == [5]
    assert [pin for _, pin, *_ in printed(DrawerPulse(2), DrawerPulse(5), profile=other).pulses] == [2, 5]


@given(documents)
@settings(max_examples=25)
def test_a_marked_slip_holds_no_drawer_pulse(document: ReceiptDocument) -> None:
    for marked in (mark_as_copy(document, ["補印"]), mark_as_training(document, ["練習"])):
        assert read_escpos(render_escpos(marked), dots=576).pulses == []


@pytest.mark.parametrize(
    ("cutter", "partial", "kinds"),
    [
        (Cutter.PARTIAL, True, ["partial"]),
        (Cutter.PARTIAL, False, ["partial"]),
        (Cutter.FULL, True, ["partial"]),
        (Cutter.FULL, False, ["full"]),
        (Cutter.NONE, True, []),
    ],
)
def test_the_paper_is_cut_as_the_printer_can(cutter: Cutter, partial: bool, kinds: list[str]) -> None:
    page = printed(Text("a"), Cut(partial), profile=replace(PAPER_80MM, cutter=cutter))
    assert [kind for _, kind in page.cuts] == kinds


def test_a_printer_without_a_cutter_feeds_the_paper_to_where_it_is_torn() -> None:
    page = printed(Text("a"), Cut(), profile=replace(PAPER_80MM, cutter=Cutter.NONE, tear_off_rows=300))
    assert len(page.rows) == 30 + 300


def dots_of(row: bytes) -> Sheet:
    """A sheet of one row whose black dots are the bits of `row`."""
    return Sheet(Image.frombytes("1", (576, 1), bytes(255 - byte for byte in row.ljust(72, b"\x00"))), ())


@pytest.mark.parametrize("pattern", [b"\x10\x14\x01\x00\x05", b"\x10\x04\x01"])
def test_dots_that_look_like_a_real_time_command_are_guarded(pattern: bytes) -> None:
    data = encode(dots_of(b"\xaa" + pattern), PAPER_80MM)
    assert data.count(b"\x1d(D\x03\x00\x14\x01\x00") == 1
    page = read_escpos(data, dots=576)
    assert page.unguarded_patterns == 0
    assert page.rows[0].startswith(b"\xaa" + pattern)


def test_dots_that_look_like_nothing_are_sent_without_a_guard() -> None:
    assert b"\x1d(D" not in encode(dots_of(b"\x10\x15\x14\x10"), PAPER_80MM)
    assert b"\x1d(D" not in render_escpos(receipt("zh_TW"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x1b@hello",
        b"\x1b@\x1bJ\x05",
        b"\x1b@\x1dv0\x00\x01\x00\x02\x00\xff",
        b"\x1b@\x1bE\x01",
    ],
)
def test_the_reader_accepts_nothing_it_does_not_know(data: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read_escpos(data, dots=576)
