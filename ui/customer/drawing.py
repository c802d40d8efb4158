"""Draws what the customer sees. Sizes follow the window, whatever the screen: what is read across a counter is a share of its height.

Everything is painted in one go and only when it is another picture than before; nothing here is asked for by the sale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from app.i18n import t
from ui import fonts
from ui.customer.content import Figure, GoodsLine, Phase, Shown
from ui.receipt_preview import qr_modules
from ui.tokens import Colours
from ui.widgets.painting import rounded_box, words

DESIGNED_WIDTH: Final = 1280
DESIGNED_HEIGHT: Final = 800
PAPER: Final = "#ffffff"
INK: Final = "#000000"
QUIET_MODULES: Final = 4
_CENTRE: Final = Qt.AlignmentFlag.AlignHCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand. ``side`` holds the member and the total, ``goods`` the items or the keypad, ``button`` the ask for a number."""

    goods: QRect
    side: QRect
    button: QRect


def unit_of(width: int, height: int) -> float:
    """How much larger than designed."""
    short, long = min(width, height), max(width, height)
    return max(0.5, min(long / DESIGNED_WIDTH, short / DESIGNED_HEIGHT))


def places_of(width: int, height: int, phase: Phase) -> Places:
    """Side by side on a wide screen, one above the other on a high one."""
    u = unit_of(width, height)
    pad = round(32 * u)
    button_height = round(84 * u)
    inner = QRect(pad, pad, width - 2 * pad, height - 2 * pad)
    if phase is Phase.WELCOME:
        wide = min(inner.width(), round(640 * u))
        button = QRect((width - wide) // 2, inner.bottom() - button_height, wide, button_height)
        return Places(inner, inner, button)
    if width >= height:
        left = round(inner.width() * 0.58)
        goods = QRect(inner.left(), inner.top(), left, inner.height())
        side = QRect(inner.left() + left + pad, inner.top(), inner.width() - left - pad, inner.height())
    else:
        above = round(inner.height() * 0.55)
        goods = QRect(inner.left(), inner.top(), inner.width(), above)
        side = QRect(inner.left(), inner.top() + above + pad, inner.width(), inner.height() - above - pad)
    button = QRect(side.left(), side.top(), side.width(), button_height)
    return Places(goods, side, button)


class Drawing:
    """One picture of one size in one look."""

    def __init__(self, painter: QPainter, width: int, height: int, shown: Shown, colours: Colours) -> None:
        self._painter = painter
        self._width = width
        self._height = height
        self._shown = shown
        self._c = colours
        self._u = unit_of(width, height)
        self._places = places_of(width, height, shown.phase)

    def draw(self, *, is_entering: bool) -> None:
        """``is_entering``: the keypad stands where the goods would."""
        self._painter.fillRect(0, 0, self._width, self._height, QColor(self._c.canvas))
        match self._shown.phase:
            case Phase.WELCOME:
                if not is_entering:
                    self._welcome()
            case Phase.THANKS:
                self._thanks()
            case _:
                if not is_entering:
                    self._goods()
                self._side(has_button=self._shown.can_enter)

    # --- nobody is served --------------------------------------------------------------------------------------------

    def _welcome(self) -> None:
        shown, c = self._shown, self._c
        has_offers = bool(shown.promotions)
        top = self._px(72 if has_offers else 180)
        self._centred(top, 84, shown.shop, 60, c.text, is_bold=True)
        self._centred(top + self._px(100), 56, shown.title, 34, c.accent_text)
        self._clock()
        if not has_offers:
            return
        top += self._px(184)
        self._centred(top, 40, t("customer.today", shown.language), 24, c.text_muted)
        top += self._px(56)
        wide = min(self._width - 2 * self._px(64), self._px(860))
        for name in shown.promotions:
            box = QRect((self._width - wide) // 2, top, wide, self._px(68))
            rounded_box(self._painter, box, self._px(16), c.accent_soft)
            inner = box.adjusted(self._px(24), 0, -self._px(24), 0)
            self._words(inner, name, 28, c.text, align=_CENTRE)
            top += self._px(80)

    def _clock(self) -> None:
        box = QRect(0, self._px(20), self._width - self._px(32), self._px(40))
        self._words(box, self._shown.clock, 26, self._c.text_muted, align=_RIGHT)

    # --- the sale ----------------------------------------------------------------------------------------------------

    def _goods(self) -> None:
        shown, c, area = self._shown, self._c, self._places.goods
        rounded_box(self._painter, area, self._px(18), c.surface, c.line)
        pad, row = self._px(24), self._px(76)
        head = QRect(area.left() + pad, area.top() + self._px(10), area.width() - 2 * pad, self._px(52))
        self._words(head, shown.title, 24, c.text_muted)
        room = (area.bottom() - head.bottom() - self._px(8)) // row
        hidden = max(0, len(shown.lines) - room)
        if hidden:
            more = t("customer.more", shown.language, count=hidden)
            self._words(head, more, 22, c.text_muted, align=_RIGHT)
        top = head.bottom()
        for index in range(hidden, len(shown.lines)):
            box = QRect(area.left() + 1, top, area.width() - 2, row)
            self._goods_line(box, shown.lines[index], is_newest=index == shown.newest)
            top += row

    def _goods_line(self, box: QRect, line: GoodsLine, *, is_newest: bool) -> None:
        c, pad = self._c, self._px(24)
        if is_newest:
            self._painter.fillRect(box, QColor(c.accent_soft))
            self._painter.fillRect(QRect(box.left(), box.top(), self._px(6), box.height()), QColor(c.accent))
        inner = box.adjusted(pad, self._px(6), -pad, -self._px(6))
        is_two_lines = bool(line.quantity or line.saved)
        upper = QRect(inner) if not is_two_lines else inner.adjusted(0, 0, 0, -inner.height() * 42 // 100)
        lower = inner.adjusted(0, inner.height() * 58 // 100, 0, 0)
        amount = self._font(30, is_bold=True)
        right = QFontMetrics(amount).horizontalAdvance(line.amount) + pad
        self._words(upper.adjusted(0, 0, -right, 0), line.name, 28, c.text, is_bold=is_newest)
        self._words(upper, line.amount, 30, c.text, is_bold=True, align=_RIGHT)
        if is_two_lines:
            self._words(lower, line.quantity, 20, c.text_muted)
            self._words(lower, line.saved, 20, c.accent_text, align=_RIGHT)

    def _side(self, *, has_button: bool) -> None:
        shown, c, area = self._shown, self._c, self._places.side
        top = area.top()
        if shown.member:
            top = self._member(QRect(area.left(), top, area.width(), self._px(112)))
        elif has_button:
            top = self._places.button.bottom()
        self._total(area, top)
        foot = QRect(area.left(), area.bottom() - self._px(34), area.width(), self._px(34))
        self._words(foot, shown.shop, 22, c.text_muted)
        self._words(foot, shown.clock, 22, c.text_muted, align=_RIGHT)

    def _member(self, box: QRect) -> int:
        """Returns where it ends."""
        shown, c = self._shown, self._c
        rounded_box(self._painter, box, self._px(18), c.accent_soft)
        inner = box.adjusted(self._px(24), self._px(12), -self._px(24), -self._px(12))
        half = inner.height() // 2
        self._words(inner.adjusted(0, 0, 0, -half), shown.member, 26, c.text, is_bold=True)
        self._words(inner.adjusted(0, half, 0, 0), shown.points, 22, c.accent_text)
        return box.bottom()

    def _total(self, area: QRect, top: int) -> None:
        """The figures one below the other and the large one last, at the lower end of the place."""
        shown, c = self._shown, self._c
        if shown.main is None:
            return
        bottom = area.bottom() - self._px(56)
        big = QRect(area.left(), bottom - self._px(120), area.width(), self._px(120))
        self._words(
            QRect(area.left(), big.top() - self._px(44), area.width(), self._px(44)),
            shown.main.word,
            28,
            c.text_muted,
        )
        self._amount(big, shown.main.amount, 88)
        at = big.top() - self._px(44) - self._px(48) * len(shown.figures) - self._px(16)
        for figure in shown.figures:
            at = self._figure(QRect(area.left(), max(at, top), area.width(), self._px(44)), figure)

    def _figure(self, box: QRect, figure: Figure) -> int:
        self._words(box, figure.word, 24, self._c.text_muted)
        self._words(box, figure.amount, 28, self._c.text, is_bold=True, align=_RIGHT)
        return box.bottom() + self._px(4)

    # --- afterwards --------------------------------------------------------------------------------------------------

    def _thanks(self) -> None:
        shown, c, places = self._shown, self._c, self._places
        area = places.goods
        self._words(
            QRect(area.left(), area.top() + self._px(28), area.width(), self._px(88)),
            shown.title,
            60,
            c.accent_text,
            is_bold=True,
            align=_CENTRE,
        )
        self._qr(QRect(area.left(), area.top() + self._px(140), area.width(), area.height() - self._px(140)))
        self._side(has_button=False)

    def _qr(self, area: QRect) -> None:
        shown, c = self._shown, self._c
        if not shown.qr:
            return
        rows = qr_modules(shown.qr)
        caption = self._px(48)
        room = min(area.width(), area.height() - caption, self._px(420))
        module = max(2, room // (len(rows) + 2 * QUIET_MODULES))
        size = module * (len(rows) + 2 * QUIET_MODULES)
        left, top = area.left() + (area.width() - size) // 2, area.top()
        rounded_box(self._painter, QRect(left, top, size, size), self._px(12), PAPER)
        quiet = QUIET_MODULES * module
        for y, row in enumerate(rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    self._painter.fillRect(
                        left + quiet + x * module, top + quiet + y * module, module, module, QColor(INK)
                    )
        below = QRect(area.left(), top + size + self._px(8), area.width(), caption)
        self._words(below, shown.qr_words, 20, c.text_muted, align=_CENTRE)

    # --- pens --------------------------------------------------------------------------------------------------------

    def _px(self, pixels: int) -> int:
        return round(pixels * self._u)

    def _font(self, pixels: int, *, is_bold: bool = False) -> QFont:
        return fonts.font(self._shown.language, self._px(pixels), is_bold=is_bold)

    def _words(
        self,
        box: QRect,
        text: str,
        pixels: int,
        colour: str,
        *,
        is_bold: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        if text:
            font = self._font(pixels, is_bold=is_bold)
            words(self._painter, box, text, font=font, colour=colour, align=align)

    def _centred(
        self, top: int, height: int, text: str, pixels: int, colour: str, *, is_bold: bool = False
    ) -> None:
        box = QRect(self._px(32), top, self._width - 2 * self._px(32), self._px(height))
        self._words(box, text, pixels, colour, is_bold=is_bold, align=_CENTRE)

    def _amount(self, box: QRect, amount: str, pixels: int) -> None:
        """As large as it fits: an amount is never cut off."""
        while pixels > 24:
            if QFontMetrics(self._font(pixels, is_bold=True)).horizontalAdvance(amount) <= box.width():
                break
            pixels -= 4
        self._words(box, amount, pixels, self._c.text, is_bold=True, align=_RIGHT)
