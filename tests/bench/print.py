"""``bench print``: a receipt of 32 lines with its logo and code, from the commit to the last byte handed over, as picture and as text.

Ours commits a paper into a real till and brings it through the spool: state on disk, preflight, layout, encoding, pieces, and the fence's
answer, by which the last byte is known to have arrived. The printer is a pseudo-terminal whose reader takes baud ÷ 10 bytes a second, as a
serial line of that speed does. The reference is the line itself: the same bytes take bytes ÷ (baud ÷ 10) seconds; nothing is faster.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from PIL import Image as Picture
from PIL import ImageDraw

from app.domain.receipt import DrawerPulse, Image, ReceiptDocument
from devices.printer.line_printer import encoded
from devices.profile import PAPER_80MM, Fence, PrinterProfile
from tests.bench.bench_printer import BenchPrinter, Measured
from tests.devices.sample import short_receipt

BAUDS: Final = (115200, 19200)
CODECS: Final = {"raster": "none", "native": "cp950"}
ROUNDS: Final = 3
LOGO_REF: Final = "logo"
GOALS: Final = {
    **{f"{form}_{baud}_overhead": 1.15 for form in CODECS for baud in BAUDS},
    "raster_bytes": 40_000,
}


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    rounds = 1 if quick else ROUNDS
    folder = data_dir / "print"
    shutil.rmtree(folder, ignore_errors=True)
    figures: dict[str, float] = {}
    try:
        for form, codec in CODECS.items():
            paper = len(encoded(the_receipt(), profile_of(codec), images()))
            figures[f"{form}_bytes"] = paper
            for baud in BAUDS:
                measured = measure(folder / f"{form}-{baud}", codec, baud, rounds)
                figures |= figures_of(f"{form}_{baud}", measured)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "name": "print",
        "figures": figures,
        "goals": GOALS,
        "met": all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "the line's own time for the same bytes, 10 bits each",
        "n": rounds,
    }


def measure(folder: Path, codec: str, baud: int, rounds: int) -> list[Measured]:
    with BenchPrinter(folder, profile_of(codec), baud, images()) as bench:
        bench.print(the_receipt())  # typefaces and glyphs are loaded with a till's first paper
        return [bench.print(the_receipt()) for _ in range(rounds)]


def figures_of(name: str, measured: list[Measured]) -> dict[str, float]:
    return {
        f"{name}_overhead": round(median(one.seconds / one.line_seconds for one in measured), 3),
        f"{name}_seconds": round(median(one.seconds for one in measured), 3),
        f"{name}_line_seconds": round(median(one.line_seconds for one in measured), 3),
    }


def profile_of(codec: str) -> PrinterProfile:
    return replace(
        PAPER_80MM, codec=codec, has_native_qr=codec != "none", answers_status=True, fence=Fence.GS_H
    )


def the_receipt() -> ReceiptDocument:
    """The sample of 32 lines under the shop's logo."""
    receipt = short_receipt("zh_TW")
    nodes = tuple(node for node in receipt.nodes if not isinstance(node, DrawerPulse))
    return replace(receipt, nodes=(Image(LOGO_REF), *nodes))


def images() -> dict[str, Picture.Image]:
    """A logo as shops have them: a mark in a ring."""
    logo = Picture.new("1", (96, 96), 1)
    draw = ImageDraw.Draw(logo)
    draw.ellipse((4, 4, 91, 91), outline=0, width=6)
    draw.polygon(((48, 20), (74, 66), (22, 66)), fill=0)
    return {LOGO_REF: logo}
