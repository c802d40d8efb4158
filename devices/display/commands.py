"""The bytes that two families of 2×20 displays understand. A panel is always written whole, so a lost byte is gone with the next one.

    Epson    1B 40 ready, 0C clear, 1F 24 x y cursor, 1F 58 n brightness
    CD5220   1B 40 ready, 0C clear, 1B 51 41 text 0D upper line, 1B 51 42 text 0D lower line, 1B 2A n brightness

Behind a printer, ``ESC = 2`` turns its ear to the display and ``ESC = 1`` back to the printer; a printer that is left listening for the
display prints nothing more, so both always go in one piece.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from devices.display.content import Panel

BRIGHTNESS_MAX: Final = 4
_READY: Final = b"\x1b@"
_CLEAR: Final = b"\x0c"


class DisplayCommands(StrEnum):
    """Which family."""

    EPSON = "epson"
    CD5220 = "cd5220"


def ready(commands: DisplayCommands, brightness: int = BRIGHTNESS_MAX) -> bytes:
    """What makes a display ready for panels."""
    assert 1 <= brightness <= BRIGHTNESS_MAX
    lead = b"\x1f\x58" if commands is DisplayCommands.EPSON else b"\x1b\x2a"
    return _READY + _CLEAR + lead + bytes((brightness,))


def show(commands: DisplayCommands, panel: Panel) -> bytes:
    """The two lines."""
    match commands:
        case DisplayCommands.EPSON:
            return _cursor(1, 1) + panel.upper + _cursor(1, 2) + panel.lower
        case DisplayCommands.CD5220:
            return b"\x1bQA" + panel.upper + b"\r" + b"\x1bQB" + panel.lower + b"\r"


def behind_printer(data: bytes) -> bytes:
    """The same bytes for a display that hangs on the printer's line."""
    return b"\x1b=\x02" + data + b"\x1b=\x01"


def _cursor(column: int, line: int) -> bytes:
    return b"\x1f\x24" + bytes((column, line))
