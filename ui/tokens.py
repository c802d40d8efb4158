"""The values of the look: colours by role, colours of tiles, spacing, radii and the type scale.

Every pair of text and ground named in `TEXT_ON` meets WCAG 2 AA (4.5 : 1) in both modes; a test measures them. Sizes are
logical pixels at scale 1 (a window of 1280 × 800); `ui.theme` multiplies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Mode(StrEnum):
    LIGHT = "light"
    DARK = "dark"


class TypeRole(StrEnum):
    """The steps of the type scale, smallest first."""

    CAPTION = "caption"  # column headings, hints
    BODY = "body"
    LEAD = "lead"  # rows of the basket, buttons
    TITLE = "title"
    HEADING = "heading"
    DISPLAY = "display"  # the one input line
    TOTAL = "total"  # what is owed


TYPE_PIXELS: Final = {
    TypeRole.CAPTION: 14,
    TypeRole.BODY: 16,
    TypeRole.LEAD: 18,
    TypeRole.TITLE: 22,
    TypeRole.HEADING: 28,
    TypeRole.DISPLAY: 34,
    TypeRole.TOTAL: 60,
}


class Space:
    """Distances between things."""

    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 32


class Radius:
    """Corners: of a chip, of a control, of a panel."""

    S: Final = 6
    M: Final = 10
    L: Final = 16


TOUCH_PIXELS_MIN: Final = 44
CONTROL_PIXELS: Final = 48
ROW_PIXELS: Final = 56


@dataclass(frozen=True, slots=True)
class Colours:
    """One mode's colours by role, as #rrggbb.

    Grounds: `canvas` is the window, `surface` a panel on it, `raised` an input or a card, `sunken` a track. `line` parts things, `edge`
    bounds a field (3 : 1), `edge_soft` a button, which its words bound already. The `_soft` grounds carry their `_text`. `_sign` colours
    a lamp or a bar, never text.
    """

    canvas: str
    surface: str
    raised: str
    sunken: str
    line: str
    edge: str
    edge_soft: str
    text: str
    text_muted: str
    text_faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    accent_text: str
    danger: str
    danger_hover: str
    on_danger: str
    danger_soft: str
    danger_text: str
    warn_sign: str
    warn_soft: str
    warn_text: str
    good_sign: str
    good_soft: str
    good_text: str
    info_sign: str
    info_soft: str
    info_text: str
    scrim: str


LIGHT: Final = Colours(
    canvas="#f4efe5",
    surface="#fcf9f3",
    raised="#ffffff",
    sunken="#eae3d5",
    line="#ded6c6",
    edge="#8d8473",
    edge_soft="#cdc3b0",
    text="#23201b",
    text_muted="#5b554a",
    text_faint="#6c6558",
    accent="#0d5c56",
    accent_hover="#0a4f4a",
    accent_pressed="#073f3b",
    on_accent="#ffffff",
    accent_soft="#d9e9e3",
    accent_text="#0b554f",
    danger="#a3301f",
    danger_hover="#8d2718",
    on_danger="#ffffff",
    danger_soft="#f7e0d8",
    danger_text="#8f2819",
    warn_sign="#b67811",
    warn_soft="#f8e8c4",
    warn_text="#714600",
    good_sign="#4d8a38",
    good_soft="#dfebd2",
    good_text="#2d5a20",
    info_sign="#4f7ea3",
    info_soft="#e0e8ee",
    info_text="#2a4a64",
    scrim="#23201b",
)

DARK: Final = Colours(
    canvas="#14181a",
    surface="#1c2224",
    raised="#262e31",
    sunken="#0e1213",
    line="#343e41",
    edge="#7b8785",
    edge_soft="#48545a",
    text="#f0eade",
    text_muted="#bcb7ab",
    text_faint="#a09c91",
    accent="#56bfae",
    accent_hover="#6ccdbd",
    accent_pressed="#45a797",
    on_accent="#05211d",
    accent_soft="#173a37",
    accent_text="#86dccc",
    danger="#e57a64",
    danger_hover="#ee8f7c",
    on_danger="#2a0a04",
    danger_soft="#43241d",
    danger_text="#f5a898",
    warn_sign="#e0a83c",
    warn_soft="#3d3116",
    warn_text="#efcd7c",
    good_sign="#7dbb63",
    good_soft="#24371e",
    good_text="#add797",
    info_sign="#7fb0d6",
    info_soft="#20303d",
    info_text="#aecbe3",
    scrim="#05080a",
)

COLOURS: Final = {Mode.LIGHT: LIGHT, Mode.DARK: DARK}

TEXT_ON: Final = (
    *(
        (text, ground)
        for ground in ("canvas", "surface", "raised")
        for text in ("text", "text_muted", "text_faint", "accent_text", "danger_text")
    ),
    ("text", "sunken"),
    ("text_muted", "sunken"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
    *((text, "accent_soft") for text in ("text", "text_muted", "accent_text", "danger_text")),
    *((f"{name}_text", f"{name}_soft") for name in ("danger", "warn", "good", "info")),
    *(("text", f"{name}_soft") for name in ("danger", "warn", "good", "info")),
)

SIGNS_ON: Final = tuple(
    (sign, ground)
    for ground in ("surface", "raised")
    for sign in ("edge", "accent", "danger", "warn_sign", "good_sign", "info_sign")
)


@dataclass(frozen=True, slots=True)
class Tile:
    """Colours of a quick key: its ground, the words on it and the bar that names its colour."""

    ground: str
    text: str
    bar: str


TILES: Final[dict[Mode, dict[str, Tile]]] = {
    Mode.LIGHT: {
        "amber": Tile("#f8e6bd", "#573900", "#d39a17"),
        "green": Tile("#dceacb", "#2b4c1b", "#73a04c"),
        "blue": Tile("#d6e5f1", "#1d4464", "#5b90bd"),
        "rose": Tile("#f6d9d6", "#76232e", "#cc6f77"),
        "violet": Tile("#e5ddf1", "#492e77", "#9277c2"),
        "teal": Tile("#cfe8e2", "#0b4842", "#3c9788"),
        "slate": Tile("#dde1e4", "#323e48", "#7d8c97"),
        "neutral": Tile("#ebe4d6", "#3a352c", "#b0a48e"),
    },
    Mode.DARK: {
        "amber": Tile("#433512", "#f6dfa8", "#d9a532"),
        "green": Tile("#293a20", "#cfe6bb", "#86b360"),
        "blue": Tile("#1f3446", "#c3dcf0", "#6ba0cc"),
        "rose": Tile("#472628", "#f6cfcd", "#d9828a"),
        "violet": Tile("#352a4a", "#ddd0f3", "#a48bd2"),
        "teal": Tile("#173b37", "#bfe6de", "#4fae9e"),
        "slate": Tile("#2b343a", "#d3dbe0", "#8c9ba6"),
        "neutral": Tile("#2b2f30", "#e9e2d4", "#857d6d"),
    },
}
TILE_NAMES: Final = tuple(TILES[Mode.LIGHT])
