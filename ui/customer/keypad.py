"""The keypad on which customers type their own number, and the question whether they want to join.

What is typed stays here until they confirm it; the cashier's screen shows no more than its mask. It goes away by itself when nobody types.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain.phone import REGIONS
from app.i18n import t
from ui import fonts, theme
from ui.widgets.painting import rounded_box, words

DIGITS_MAX: Final = 15
FORGET_MS: Final = 45_000
DELETE: Final = "⌫"
CLEAR: Final = "C"
KEYS: Final = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (CLEAR, "0", DELETE))
_CENTRE: Final = Qt.AlignmentFlag.AlignHCenter


class PadKey(QAbstractButton):
    """One key for a finger. It never takes the keyboard, which is the till's."""

    def __init__(self, text: str, parent: QWidget, *, is_primary: bool = False) -> None:
        super().__init__(parent)
        self.language = "zh_TW"
        self.pixels = 30
        self._is_primary = is_primary
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme.current().colours
        ground, ink = (c.accent, c.on_accent) if self._is_primary else (c.raised, c.text)
        if not self.isEnabled():
            ground, ink = c.sunken, c.text_faint
        elif self.isDown():
            ground = c.accent_pressed if self._is_primary else c.sunken
        painter = QPainter(self)
        rounded_box(painter, self.rect(), self.height() // 5, ground, "" if self._is_primary else c.edge_soft)
        font = fonts.font(self.language, self.pixels, is_bold=self._is_primary)
        words(painter, self.rect().adjusted(4, 0, -4, 0), self.text(), font=font, colour=ink, align=_CENTRE)


class NumberPad(QWidget):
    """Ten digits and two answers.

    Signals:
        entered(str): the digits were confirmed.
        joined(): yes, join with the number that was confirmed.
        closed(): not now, or nobody typed for a while.
    """

    entered = Signal(str)
    joined = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.digits = ""
        self.is_asking = False
        self._language = "zh_TW"
        self._region = "TW"
        self._unit = 1.0
        self._note = ""
        self.keys = {cap: PadKey(cap, self) for row in KEYS for cap in row}
        self.ok = PadKey("", self, is_primary=True)
        self.cancel = PadKey("", self)
        for cap, key in self.keys.items():
            key.clicked.connect(lambda _=False, cap=cap: self._on_key(cap))
        self.ok.clicked.connect(self._on_ok)
        self.cancel.clicked.connect(self.close_pad)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(FORGET_MS)
        self._forget.timeout.connect(self.close_pad)
        self.hide()

    def open_pad(self, language: str, region: str, unit: float) -> None:
        """Begin with no digit."""
        self.digits, self.is_asking, self._note = "", False, ""
        self._language, self._region = language, region
        self.set_unit(unit)
        self.show()
        self.raise_()

    def set_unit(self, unit: float) -> None:
        """How large things are on this screen."""
        self._unit = unit
        self._place()

    def refuse(self, key: str) -> None:
        """Say what is wrong; the digits stay to be corrected."""
        self._note = key
        self._touch()

    def ask_to_join(self) -> None:
        """The number is nobody's yet."""
        self.is_asking, self._note = True, ""
        self._touch()

    def close_pad(self) -> None:
        if self.isHidden():
            return
        self.digits = ""
        self._forget.stop()
        self.hide()
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme.current().colours
        painter = QPainter(self)
        rounded_box(painter, self.rect(), self._px(18), c.surface, c.line)
        pad = self._px(28)
        wide = self.width() - 2 * pad
        ask = "customer.ask_join" if self.is_asking else "customer.number"
        self._say(painter, QRect(pad, self._px(18), wide, self._px(44)), t(ask, self._language), 28, c.text)
        box = QRect(pad, self._px(72), wide, self._px(84))
        rounded_box(painter, box, self._px(14), c.raised, c.edge, 2)
        self._say(painter, box, self._grouped(), 44, c.text, is_bold=True)
        note = QRect(pad, self._px(164), wide, self._px(200 if self.is_asking else 64))
        key = self._note or ("customer.join_notice" if self.is_asking else "customer.privacy")
        painter.setFont(fonts.font(self._language, self._px(26 if self.is_asking else 20)))
        painter.setPen(c.danger_text if self._note else c.text_muted)
        painter.drawText(note, _CENTRE | Qt.TextFlag.TextWordWrap, t(key, self._language))

    # --- inside ------------------------------------------------------------------------------------------------------

    def _on_key(self, cap: str) -> None:
        if cap == DELETE:
            self.digits = self.digits[:-1]
        elif cap == CLEAR:
            self.digits = ""
        elif len(self.digits) < DIGITS_MAX:
            self.digits += cap
        self._note = ""
        self._touch()

    def _on_ok(self) -> None:
        self._forget.start()
        if self.is_asking:
            self.joined.emit()
        elif self.digits:
            self.entered.emit(self.digits)

    def _touch(self) -> None:
        """Somebody is here."""
        self._place()
        self._forget.start()

    def _grouped(self) -> str:
        """0912 345 678, as it is read out."""
        parts, rest = [], self.digits
        for size in REGIONS[self._region].groups:
            parts.append(rest[:size])
            rest = rest[size:]
        return " ".join(part for part in (*parts, rest) if part)

    def _place(self) -> None:
        pad, gap = self._px(28), self._px(12)
        wide = self.width() - 2 * pad
        bottom, high = self.height() - pad, self._px(76)
        third = (wide - 2 * gap) // 3
        half = (wide - gap) // 2
        self.cancel.setGeometry(pad, bottom - high, half, high)
        self.ok.setGeometry(pad + half + gap, bottom - high, half, high)
        top = self._px(240)
        room = bottom - high - gap - top
        row_height = max(self._px(44), (room - 3 * gap) // 4)
        for row, caps in enumerate(KEYS):
            for column, cap in enumerate(caps):
                key = self.keys[cap]
                key.setVisible(not self.is_asking)
                left = pad + column * (third + gap)
                key.setGeometry(left, top + row * (row_height + gap), third, row_height)
        self._name()
        self.update()

    def _name(self) -> None:
        yes, no = (
            ("customer.join", "customer.not_now") if self.is_asking else ("customer.ok", "customer.cancel")
        )
        for key, text in ((self.ok, yes), (self.cancel, no)):
            key.setText(t(text, self._language))
            key.setAccessibleName(key.text())
        self.ok.setEnabled(bool(self.digits))
        self.keys[DELETE].setAccessibleName(t("customer.delete", self._language))
        for pad_key in (*self.keys.values(), self.ok, self.cancel):
            pad_key.language, pad_key.pixels = self._language, self._px(30)

    def _say(
        self, painter: QPainter, box: QRect, text: str, pixels: int, colour: str, *, is_bold: bool = False
    ) -> None:
        font = fonts.font(self._language, self._px(pixels), is_bold=is_bold)
        words(painter, box, text, font=font, colour=colour, align=_CENTRE)

    def _px(self, pixels: int) -> int:
        return round(pixels * self._unit)
