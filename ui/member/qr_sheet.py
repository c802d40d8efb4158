"""The member's own QR as a picture, large enough to be photographed from the other side of the counter."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.entry import with_check
from app.i18n import t
from app.service.membership import QR_PREFIX
from ui import theme
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

PIXELS: Final = 300
QUIET_MODULES: Final = 4
INK, PAPER = "#000000", "#ffffff"  # a symbol is dark on light, whatever the screen looks like


class QrSheet(Sheet):
    """For the customer to take a picture of."""

    def __init__(self, window: QWidget, symbol: str) -> None:
        super().__init__(window, "member_page.qr_title")
        self.picture = QrPicture(symbol, self.panel)
        hint = TextLabel("member_page.qr_hint", self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        self.body.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(hint)
        close = Button("ui.close", Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(close, is_default=True)
        self.set_first_focus(self)

    @staticmethod
    def symbol_of(code: str) -> str:
        """What the QR of this kept code says."""
        return with_check(QR_PREFIX, code)


class QrPicture(QWidget):
    """The symbol with its quiet zone."""

    def __init__(self, symbol: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.symbol = symbol
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(t("member_page.qr_title"))

    def sizeHint(self) -> QSize:
        side = theme.current().px(PIXELS)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PAPER))
        rows = _modules(self.symbol)
        module = max(1, self.width() // (len(rows) + 2 * QUIET_MODULES))
        margin = (self.width() - module * len(rows)) // 2
        for y, row in enumerate(rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    painter.fillRect(margin + x * module, margin + y * module, module, module, QColor(INK))


@lru_cache(maxsize=8)
def _modules(data: str) -> tuple[tuple[bool, ...], ...]:
    import segno

    code = segno.make_qr(data, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
