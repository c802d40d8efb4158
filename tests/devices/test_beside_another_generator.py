"""Our bytes beside those of python-escpos, where the two send the same commands; and its bytes on our virtual printer.

It runs in a process of its own: on import it sets up logging and leaves a folder behind unless it is told where.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app.domain.receipt import QR, Cut, DrawerPulse, Node, ReceiptDocument, Text
from devices.profile import PAPER_80MM, Cutter
from devices.render.escpos import encode
from devices.render.native import encode_native
from devices.render.raster import Sheet
from devices.virtual.escpos import commands
from tests.devices.sample import QR_DATA
from tests.devices.virtual.print_on import print_on

NATIVE: Final = replace(PAPER_80MM, codec="cp950", has_native_qr=True, drawer_off_milliseconds=100)
SCRIPT: Final = """
import json, sys
from escpos.printer import Dummy
from PIL import Image

def sent(do):
    printer = Dummy()
    do(printer)
    return printer.output.hex()

def slip(printer):
    printer.hw("INIT")
    printer.set(align="center", bold=True, custom_size=True, width=2, height=2)
    printer.text("TOTAL NT$9\\n")
    printer.set(align="left", bold=False, normal_textsize=True)
    printer.text("Green tea 25\\n")
    printer.barcode("4710088412348", "EAN13", 64, 2, "OFF", "A", function_type="A")
    printer.barcode("{B01-1-A000123", "CODE128", 64, 2, "OFF", "A", function_type="B")
    printer.text("\\n")
    printer.qr(sys.argv[1], native=True, size=5)
    printer.text("\\n")
    for way in ("bitImageRaster", "bitImageColumn", "graphics"):
        printer.image(sys.argv[2], impl=way, fragment_height=100)
    printer.print_and_feed(2)
    printer.cut()
    printer.cashdraw(2)

image = Image.open(sys.argv[2])
print(json.dumps({
    "qr": sent(lambda printer: printer.qr(sys.argv[1], ec=1, size=4, model=2, native=True)),
    "raster": sent(lambda printer: printer.image(image, impl="bitImageRaster", fragment_height=200)),
    "cut": sent(lambda printer: printer.cut(feed=False)),
    "drawer": sent(lambda printer: printer.cashdraw(2)),
    "start": sent(lambda printer: printer.hw("INIT")),
    "bold": sent(lambda printer: printer.set(bold=True)),
    "large": sent(lambda printer: printer.set(custom_size=True, width=2, height=2)),
    "words": sent(lambda printer: printer.text("Green tea 25\\n")),
    "slip": sent(slip),
}))
"""


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dots up to the right edge in every row: nothing is cut off a band."""
    image = Image.new("1", (576, 96), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 4, 200, 90), outline=0, width=3)
    draw.line((0, 0, 575, 95), fill=0)
    draw.line((575, 0, 575, 95), fill=0)
    path = tmp_path_factory.mktemp("pictures") / "logo.png"
    image.save(path)
    return path


@pytest.fixture(scope="module")
def theirs(picture: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    variables = {**os.environ, "ESCPOS_CAPABILITIES_PICKLE_DIR": str(tmp_path_factory.mktemp("escpos"))}
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, QR_DATA, str(picture)],
        env=variables, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return {name: bytes.fromhex(data) for name, data in json.loads(answer.stdout.splitlines()[-1]).items()}


def ours(*nodes: Node) -> bytes:
    return encode_native(ReceiptDocument(nodes, "en", "sale"), NATIVE)


def test_a_qr_code_is_asked_for_with_the_same_bytes(theirs: Mapping[str, bytes]) -> None:
    (ours_only,) = {b"".join(one.data for one in commands(ours(QR(QR_DATA))) if one.name == "GS ( k")}
    theirs_only = b"".join(one.data for one in commands(theirs["qr"]) if one.name == "GS ( k")
    assert ours_only == theirs_only


def test_a_picture_is_sent_with_the_same_bytes(theirs: Mapping[str, bytes], picture: Path) -> None:
    sent = encode(Sheet(Image.open(picture), ()), replace(PAPER_80MM, band_rows=200))
    assert sent.endswith(theirs["raster"])
    assert len(sent) - len(theirs["raster"]) == len(b"\x1b@\x1dP\xcb\xcb")


def test_paper_is_cut_and_the_drawer_opened_with_the_same_bytes(theirs: Mapping[str, bytes]) -> None:
    assert theirs["cut"] in ours(Cut())
    assert theirs["cut"] in encode(
        Sheet(Image.new("1", (576, 8), 255), ((8, Cut()),)), replace(PAPER_80MM, cutter=Cutter.FULL)
    )
    assert theirs["drawer"] in ours(DrawerPulse(2))
    assert ours().startswith(theirs["start"])


def test_plain_large_and_bold_words_are_sent_with_the_same_bytes(theirs: Mapping[str, bytes]) -> None:
    assert ours(Text("Green tea 25")).count(theirs["words"].removeprefix(b"\x1bt\x00")) == 1
    sent = ours(Text("TOTAL", size=2, bold=True))
    for look, command in (("bold", b"\x1bE\x01"), ("large", b"\x1d!\x11")):
        assert command in theirs[look]
        assert command in sent


def test_the_virtual_printer_understands_the_other_ones_slip(
    theirs: Mapping[str, bytes], picture: Path
) -> None:
    paper, complaints = print_on(PAPER_80MM, theirs["slip"])
    assert complaints == ()
    lines = [line.strip() for line in paper.text.splitlines() if line.strip()]
    assert lines[:2] == ["TOTAL NT$9", "Green tea 25"]
    assert f"[QR {QR_DATA}]" in lines
    assert {code.text for code in zxingcpp.read_barcodes(paper.image.convert("L"))} >= {
        "01-1-A000123",
        QR_DATA,
    }
    # The three ways of sending a picture come to the same dots.
    assert paper.image.tobytes().count(Image.open(picture).tobytes()) == 3
