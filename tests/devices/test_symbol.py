"""Every code is read back from the rendered paper by a decoder that nobody here wrote."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from app.domain.errors import Refused
from app.domain.receipt import QR, Barcode, Node, ReceiptDocument, Symbology, Text, from_json, to_json
from devices.profile import PAPER_58MM, PAPER_80MM, PAPER_80MM_180DPI, PrinterProfile
from devices.render.raster import render_image
from devices.render.symbol import BAR_QUIET_MODULES, bar_modules, barcode_image

PAPERS = (PAPER_80MM, PAPER_58MM, PAPER_80MM_180DPI)
CODES = (
    Barcode(Symbology.EAN13, "4710088412348"),
    Barcode(Symbology.EAN8, "96385074"),
    Barcode(Symbology.UPCA, "036000291452"),
    Barcode(Symbology.CODE39, "/ABC+123"),
    Barcode(Symbology.CODE39, "11512AB123456781234"),
    Barcode(Symbology.CODE128, "01-1-A000123"),
    Barcode(Symbology.CODE128, "R1:0123456789abcdefg"),
)
FORMATS = {
    Symbology.EAN13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.EAN8: zxingcpp.BarcodeFormat.EAN8,
    Symbology.UPCA: zxingcpp.BarcodeFormat.UPCA,
    Symbology.CODE39: zxingcpp.BarcodeFormat.Code39,
    Symbology.CODE128: zxingcpp.BarcodeFormat.Code128,
}
papers = st.sampled_from(PAPERS)


def paint(*nodes: Node, profile: PrinterProfile = PAPER_80MM) -> Image.Image:
    return render_image(ReceiptDocument(nodes, "zh_TW", "sale"), profile)


def read(image: Image.Image) -> list[str]:
    """The codes on a paper from top to bottom. A UPC-A reads as the EAN-13 that it is."""
    found = zxingcpp.read_barcodes(image.convert("L"))
    return [code.text.lstrip("0") for code in sorted(found, key=lambda code: code.position.top_left.y)]


def with_check_digit(digits: str) -> str:
    total = sum(int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@pytest.mark.parametrize("profile", PAPERS, ids=lambda profile: profile.name)
@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{code.symbology}-{len(code.data)}")
def test_each_code_is_read_back_from_each_paper(code: Barcode, profile: PrinterProfile) -> None:
    assert read(paint(code, profile=profile)) == [code.data.lstrip("0")]


@pytest.mark.parametrize("profile", PAPERS, ids=lambda profile: profile.name)
@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{code.symbology}-{len(code.data)}")
def test_codes_right_above_each_other_are_all_read(code: Barcode, profile: PrinterProfile) -> None:
    above, below, data = QR("R1:01-1-A000123"), QR("M1:ABCDEFGHIJ:7K"), code.data.lstrip("0")
    assert read(paint(above, code, below, profile=profile)) == [above.data, data, below.data]
    assert read(paint(code, below, profile=profile)) == [data, below.data]
    assert read(paint(above, below, profile=profile)) == [above.data, below.data]


@given(st.text("0123456789", min_size=12, max_size=12).map(with_check_digit), papers)
@settings(max_examples=25)
def test_any_ean_13_is_read_back(data: str, profile: PrinterProfile) -> None:
    assert read(paint(Barcode(Symbology.EAN13, data), profile=profile)) == [data.lstrip("0")]


@given(st.text("0123456789", min_size=7, max_size=7).map(with_check_digit), papers)
@settings(max_examples=25)
def test_any_ean_8_is_read_back(data: str, profile: PrinterProfile) -> None:
    assert read(paint(Barcode(Symbology.EAN8, data), profile=profile)) == [data.lstrip("0")]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=20))
@settings(max_examples=60)
def test_any_code_128_is_read_back(data: str) -> None:
    # A long one is as wide as a narrow paper; a shop prints it on the wide one.
    found = zxingcpp.read_barcodes(paint(Barcode(Symbology.CODE128, data)).convert("L"))
    assert [code.text for code in found] == [data]


@pytest.mark.parametrize(
    "code",
    [*CODES[:3], Barcode(Symbology.CODE128, "Regulars"), Barcode(Symbology.CODE128, "20261121")],
    ids=lambda code: code.data,
)
def test_the_bars_are_those_of_another_generator(code: Barcode) -> None:
    theirs = zxingcpp.create_barcode(code.data, FORMATS[code.symbology]).to_image(
        scale=1, add_quiet_zones=False
    )
    row = Image.fromarray(theirs).convert("1").crop((0, 0, theirs.shape[1], 1))
    bars = "".join("0" if row.getpixel((x, 0)) else "1" for x in range(row.width))
    assert bar_modules(code.symbology, code.data) == bars.strip("0")


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{code.symbology}-{len(code.data)}")
@pytest.mark.parametrize("dots", [384, 576])
def test_beside_the_bars_is_room(code: Barcode, dots: int) -> None:
    image = barcode_image(code.symbology, code.data, dots)
    left, _, right, _ = ImageChops.invert(image.convert("L")).getbbox() or (0, 0, 0, 0)
    module = (right - left) // len(bar_modules(code.symbology, code.data))
    assert BAR_QUIET_MODULES >= 10
    assert left == image.width - right == BAR_QUIET_MODULES * module


def test_a_code_keeps_its_kind_in_the_stored_receipt() -> None:
    document = ReceiptDocument(CODES, "zh_TW", "sale")
    assert from_json(to_json(document)) == document


@pytest.mark.parametrize(
    "code", [b'"ean13","data":"4710088412349"', b'"ean13","data":"4710088"', b'"upca","data":"a"']
)
def test_a_code_whose_check_digit_is_wrong_is_damaged(code: bytes) -> None:
    kind, data = code.split(b",")
    stored = to_json(ReceiptDocument((Barcode(Symbology.EAN13, "4710088412348"), Text("a")), "en", "sale"))
    stored = stored.replace(b'"ean13"', kind).replace(b'"data":"4710088412348"', data)
    with pytest.raises(Refused) as refused:
        from_json(stored)
    assert refused.value.code == "receipt_damaged"
