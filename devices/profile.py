"""What one printer is like. Nothing is assumed from a model's name: the shop's test page settles these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CODECS: Final = ("none", "cp950", "gb18030", "utf8")


class Cutter(StrEnum):
    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """The paper, the head and the extras of a printer.

    `sets_motion_unit`: the printer knows `GS P`, so that paper is fed in dots. Without it empty rows are sent as
    picture rows, because the feed unit is then one dot on some models and half a dot on others.

    `codec`: the code page of the Chinese font in the printer, one of `CODECS`; "none" sends every line as a picture.
    `has_native_qr`: the printer draws QR codes itself (`GS ( k`).
    """

    name: str
    dots: int
    columns: int
    dots_per_inch: int = 203
    band_rows: int = 128
    cutter: Cutter = Cutter.PARTIAL
    tear_off_rows: int = 120
    drawer_pin: int = 2
    drawer_on_milliseconds: int = 100
    drawer_off_milliseconds: int = 500
    sets_motion_unit: bool = True
    codec: str = "none"
    has_native_qr: bool = False

    def __post_init__(self) -> None:
        assert self.dots % 8 == 0
        assert self.codec in CODECS
        assert self.cell_dots >= 8
        assert 1 <= self.dots_per_inch <= 255
        assert 1 <= self.band_rows <= 2047
        assert self.drawer_pin in (2, 5)
        assert 2 <= self.drawer_on_milliseconds <= 510
        assert 2 <= self.drawer_off_milliseconds <= 510

    @property
    def cell_dots(self) -> int:
        """The width of half a Chinese character."""
        return self.dots // self.columns

    @property
    def margin_dots(self) -> int:
        """What the grid of cells leaves free at the left."""
        return (self.dots - self.cell_dots * self.columns) // 2


PAPER_80MM: Final = PrinterProfile("80mm", dots=576, columns=48)
PAPER_58MM: Final = PrinterProfile("58mm", dots=384, columns=32)
PAPER_80MM_180DPI: Final = PrinterProfile("80mm-180dpi", dots=512, columns=42, dots_per_inch=180)
