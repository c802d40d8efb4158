"""The look: readable by measure, complete in both modes, and changed in one go."""

from __future__ import annotations

import dataclasses
import re
import sys

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app import i18n
from ui import stylesheet
from ui.theme import Mode, Theme, TypeRole, scale_for
from ui.tokens import COLOURS, SIGNS_ON, TEXT_ON, TILE_NAMES, TILES, TOUCH_PIXELS_MIN


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_meets_wcag_aa_on_every_ground_it_may_stand_on(mode: Mode, text: str, ground: str) -> None:
    colours = COLOURS[mode]
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("sign", "ground"), SIGNS_ON)
def test_a_sign_stands_out_three_to_one(mode: Mode, sign: str, ground: str) -> None:
    colours = COLOURS[mode]
    assert contrast(getattr(colours, sign), getattr(colours, ground)) >= 3.0


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("name", TILE_NAMES)
def test_words_on_a_tile_meet_wcag_aa(mode: Mode, name: str) -> None:
    tile = TILES[mode][name]
    assert contrast(tile.text, tile.ground) >= 4.5


def test_both_modes_have_the_same_tiles_and_only_real_colours() -> None:
    assert TILES[Mode.LIGHT].keys() == TILES[Mode.DARK].keys()
    for mode in Mode:
        values = [
            *dataclasses.astuple(COLOURS[mode]),
            *(c for t in TILES[mode].values() for c in dataclasses.astuple(t)),
        ]
        assert all(re.fullmatch("#[0-9a-f]{6}", value) for value in values)


def test_a_colour_nobody_knows_is_a_neutral_tile(look: Theme) -> None:
    assert look.tile("ultraviolet") == look.tile("neutral")


@pytest.mark.parametrize("mode", Mode)
def test_the_stylesheet_is_whole_at_every_scale(mode: Mode, look: Theme) -> None:
    for scale in (0.9, 1.4):
        look.set_scale(scale)
        sheet = stylesheet.build(COLOURS[mode], "Noto Sans CJK TC", look.px)
        assert sheet.count("{") == sheet.count("}")
        assert "None" not in sheet
        # A negative size would make Qt throw the whole rule away.
        assert not re.search(r":\s*-\d", sheet)


def test_switching_to_dark_reaches_widgets_that_are_already_there(look: Theme, qtbot: QtBot) -> None:
    button = QPushButton("x")
    qtbot.addWidget(button)
    look.set_mode(Mode.DARK)
    dark = COLOURS[Mode.DARK]
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(dark.canvas)
    assert QColor(button.grab().toImage().pixel(6, button.height() // 2)) == QColor(dark.raised)


def test_the_same_look_again_restyles_nothing(look: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(look.changed):
        look.set_mode(Mode.LIGHT)
        look.set_scale(1.0)


def test_glyphs_follow_the_language(look: Theme, qtbot: QtBot) -> None:
    label = QLabel("骨")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert label.font().family() == "Noto Sans CJK TC"
    i18n.set_language("zh_CN")
    label.ensurePolished()
    assert label.font().family() == "Noto Sans CJK SC"
    assert look.font(TypeRole.BODY).family() == "Noto Sans CJK SC"


def test_digits_have_one_width_so_that_columns_line_up(look: Theme) -> None:
    for bold in (False, True):
        metrics = QFontMetricsF(look.font(TypeRole.LEAD, is_bold=bold))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [
        (800, 600, 0.9),
        (1024, 768, 0.9),
        (1280, 800, 1.0),
        (1366, 768, 0.9),
        (1920, 1080, 1.3),
        (3840, 2160, 1.4),
    ],
)
def test_the_scale_follows_the_window(width: int, height: int, scale: float) -> None:
    assert scale_for(QSize(width, height)) == scale


def test_a_finger_finds_its_target_at_the_smallest_scale(look: Theme) -> None:
    look.set_scale(0.9)
    assert look.touch(48) >= TOUCH_PIXELS_MIN
    button = QPushButton("x")
    button.ensurePolished()
    # The rule of the stylesheet is for the content; the border comes on top of it.
    assert button.sizeHint().height() >= TOUCH_PIXELS_MIN - 1


def test_qt_binding_keeps_none_alive(qapp: QApplication) -> None:
    """PySide6 6.12 on Python 3.11 loses a reference to None at each call, until the process dies."""
    thing, before = QObject(), sys.getrefcount(None)
    for _ in range(500):
        thing.setObjectName("x")
    assert sys.getrefcount(None) - before > -100
