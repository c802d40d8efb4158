"""An EAN-13 barcode on the screen, large enough for a scanner at arm's length: black on white in both modes, with its quiet zones."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.barcode import has_valid_check_digit
from ui import theme
from ui.theme import TypeRole
from ui.widgets.painting import words

QUIET_MODULES: Final = 11
HEIGHT_PIXELS: Final = 150
MODULE_PIXELS: Final = 3
PAPER: Final = "#ffffff"
INK: Final = "#000000"
# GS1 General Specifications, figures 5.2.1.2.1-1 and 5.2.1.3.1-1: sets A and C as bars (1) and spaces (0); B is C read backwards.
_A: Final = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
_C: Final = tuple("".join("10"[int(bit)] for bit in code) for code in _A)
_B: Final = tuple(code[::-1] for code in _C)
_SETS: Final = (
    "AAAAAA",
    "AABABB",
    "AABBAB",
    "AABBBA",
    "ABAABB",
    "ABBAAB",
    "ABBBAA",
    "ABABAB",
    "ABABBA",
    "ABBABA",
)


def modules_of(code: str) -> str:
    """The 95 modules of a code of thirteen digits, 1 for a bar."""
    assert len(code) == 13
    assert has_valid_check_digit(code)
    sets = {"A": _A, "B": _B}
    left = "".join(
        sets[letter][int(digit)] for letter, digit in zip(_SETS[int(code[0])], code[1:7], strict=True)
    )
    right = "".join(_C[int(digit)] for digit in code[7:])
    return f"101{left}01010{right}101"


class EanPicture(QWidget):
    """Shows one code with its digits below."""

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = code
        self._modules = modules_of(code)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(code)

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize((95 + 2 * QUIET_MODULES) * self._module(), look.px(HEIGHT_PIXELS))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PAPER))
        module, digits = self._module(), look.px(26)
        top, height = look.px(12), self.height() - look.px(12) - digits
        for index, bit in enumerate(self._modules):
            if bit == "1":
                left = (QUIET_MODULES + index) * module
                painter.fillRect(left, top, module, height, QColor(INK))
        below = QRect(0, top + height, self.width(), digits)
        shown = f"{self._code[0]}  {self._code[1:7]}  {self._code[7:]}"
        centre = Qt.AlignmentFlag.AlignHCenter
        words(painter, below, shown, font=look.font(TypeRole.CAPTION), colour=INK, align=centre)

    def _module(self) -> int:
        """Whole pixels, so that every bar is as wide as it should be."""
        return max(2, theme.current().px(MODULE_PIXELS))
