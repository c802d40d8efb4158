"""What one printer is like. Nothing is assumed from a model's name: the shop's test page settles these.

The profile of the shop's printer is a setting (``devices.printer``): what is damaged there falls back to its default, and a profile that
makes no sense is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

CODECS: Final = ("none", "cp950", "gb18030", "utf8")


class Cutter(StrEnum):
    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


class Fence(StrEnum):
    """How the printer says that everything up to a point was printed."""

    NONE = "none"
    GS_R = "gs_r"  # a status that waits its turn behind the print data
    GS_H = "gs_h"  # the number of the paper comes back when it was printed (GS ( H)


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """The paper, the head and the extras of a printer.

    `sets_motion_unit`: the printer knows `GS P`, so that paper is fed in dots. Without it empty rows are sent as
    picture rows, because the feed unit is then one dot on some models and half a dot on others.

    `codec`: the code page of the Chinese font in the printer, one of `CODECS`; "none" sends every line as a picture.
    `has_native_qr`: the printer draws QR codes itself (`GS ( k`).
    `answers_status`: it answers `DLE EOT`, at once and even without paper. `pushes_status`: it also says by itself what changed (`GS a`).
    `fence`: what proves that a paper came out; without one a paper is submitted, never printed.
    `kicks_at_once`: it gives the drawer's pulse the moment it hears of it (`DLE DC4`), also without paper and in the midst of one.
    `address`: the line it is on, as `devices.transport.address` reads it.
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
    answers_status: bool = False
    pushes_status: bool = False
    fence: Fence = Fence.NONE
    kicks_at_once: bool = False
    address: str = ""

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


def to_setting(profile: PrinterProfile) -> dict[str, object]:
    """What to put into the store."""
    return {
        field.name: value.value if isinstance(value := getattr(profile, field.name), StrEnum) else value
        for field in fields(profile)
    }


def from_setting(setting: object) -> PrinterProfile | None:
    """The profile that was kept; None where there is none, or none that a paper could be laid out for."""
    if not isinstance(setting, Mapping) or not setting.get("address"):
        return None
    known: dict[str, Any] = {"name": "printer", "dots": PAPER_80MM.dots, "columns": PAPER_80MM.columns}
    for field in fields(PrinterProfile):
        value = setting.get(field.name)
        kind = type(known.get(field.name, field.default))
        if issubclass(kind, StrEnum) and isinstance(value, str) and value in tuple(kind):
            known[field.name] = kind(value)
        elif type(value) is kind:
            known[field.name] = value
    try:
        return PrinterProfile(**known)
    except AssertionError:  # numbers that no printer has: somebody changed the setting by hand
        return None


PAPER_80MM: Final = PrinterProfile("80mm", dots=576, columns=48)
PAPER_58MM: Final = PrinterProfile("58mm", dots=384, columns=32)
PAPER_80MM_180DPI: Final = PrinterProfile("80mm-180dpi", dots=512, columns=42, dots_per_inch=180)
