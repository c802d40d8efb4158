"""Who the customer is, as far as the counter may see: masked name and number, tier, points, and one thing worth saying.

Every text arrives ready and masked; the badge knows no number in full. It is one painted widget, so that a member stands on the screen
in the frame in which they were found.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import t
from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import rounded_box, words
from ui.widgets.seal import paint_seal

_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class BadgeData:
    """A member as shown. `note` says how old the balance is; `cue` is the one thing worth saying; `mark` a word that counts today (their
    birthday); `is_new`: made with this sale.
    """

    name: str
    phone: str
    points: str
    tier: str = ""
    note: str = ""
    cue: str = ""
    is_new: bool = False
    mark: str = ""


class MemberBadge(QWidget):
    """The badge.

    Signals:
        pressed(): a finger asks for more about the member, or for a member.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: BadgeData | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._speak()

    @property
    def data(self) -> BadgeData | None:
        return self._data

    def show_member(self, data: BadgeData | None) -> None:
        """Show this member; None is a customer without membership."""
        if data == self._data:
            return
        has_cue = self._has_cue()
        self._data = data
        if self._has_cue() != has_cue:
            self.updateGeometry()
        self._speak()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        height = look.px(92) + (look.px(42) if self._has_cue() else 0)
        return QSize(look.px(360), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(260), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
            self.update()
        elif event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        rounded_box(painter, self.rect(), Radius.L, look.colours.surface, look.colours.line)
        side = look.px(56)
        box = QRect(look.px(18), look.px(18), side, side)
        if self._data is None:
            paint_seal(painter, box, t("ui.member.nobody_seal"), is_filled=False)
            self._paint_nobody(painter, box)
        else:
            paint_seal(painter, box, self._data.name[:1] or t("ui.member.nobody_seal"))
            self._paint_member(painter, box, self._data)

    def _has_cue(self) -> bool:
        return self._data is not None and bool(self._data.cue)

    def _paint_nobody(self, painter: QPainter, seal: QRect) -> None:
        look = theme.current()
        left = seal.right() + look.px(Space.L)
        area = QRect(left, seal.top(), self.width() - left - look.px(Space.M), seal.height())
        half = area.height() // 2
        upper = QRect(area.left(), area.top(), area.width(), half)
        lower = QRect(area.left(), area.top() + half, area.width(), half)
        words(
            painter,
            upper,
            t("ui.member.nobody"),
            font=look.font(TypeRole.LEAD),
            colour=look.colours.text_muted,
        )
        words(
            painter,
            lower,
            t("ui.member.nobody_hint"),
            font=look.font(TypeRole.CAPTION),
            colour=look.colours.text_faint,
        )

    def _paint_member(self, painter: QPainter, seal: QRect, data: BadgeData) -> None:
        look = theme.current()
        c = look.colours
        left = seal.right() + look.px(Space.L)
        right = self.width() - look.px(18)
        half = seal.height() // 2
        points_width = self._paint_points(painter, QRect(left, seal.top(), right - left, seal.height()), data)
        width = right - left - points_width - look.px(Space.S)
        name_font = look.font(TypeRole.TITLE, is_bold=True)
        chips = [(self._chip_text(data), c.accent_soft, c.accent_text), (data.mark, c.warn_soft, c.warn_text)]
        chips = [chip for chip in chips if chip[0]]
        gap = look.px(Space.S)
        chips_width = sum(self._chip_width(text) + gap for text, _, _ in chips)
        upper = QRect(left, seal.top() - 2, max(0, width - chips_width), half + 2)
        taken = words(painter, upper, data.name or data.phone, font=name_font, colour=c.text)
        at = left + taken + gap
        for text, ground, ink in chips:
            self._paint_chip(painter, QRect(at, upper.top(), 0, upper.height()), text, ground, ink)
            at += self._chip_width(text) + gap
        lower = QRect(left, seal.top() + half, width, half)
        words(
            painter,
            lower,
            data.phone if data.name else "",
            font=look.font(TypeRole.BODY),
            colour=c.text_muted,
        )
        if data.cue:
            self._paint_cue(painter, seal, data.cue)

    def _paint_points(self, painter: QPainter, area: QRect, data: BadgeData) -> int:
        """The points at the right; returns the width they take."""
        look = theme.current()
        half = area.height() // 2
        figures, small = look.font(TypeRole.HEADING, is_bold=True), look.font(TypeRole.CAPTION)
        note = data.note or t("ui.member.points")
        upper = QRect(area.left(), area.top() - 4, area.width(), half + 8)
        lower = QRect(area.left(), area.top() + half + 4, area.width(), half - 4)
        words(painter, upper, data.points, font=figures, colour=look.colours.accent_text, align=_RIGHT)
        words(painter, lower, note, font=small, colour=look.colours.text_muted, align=_RIGHT)
        return max(
            QFontMetrics(figures).horizontalAdvance(data.points), QFontMetrics(small).horizontalAdvance(note)
        )

    def _chip_text(self, data: BadgeData) -> str:
        return t("ui.member.new") if data.is_new else data.tier

    def _chip_width(self, chip: str) -> int:
        look = theme.current()
        return QFontMetrics(look.font(TypeRole.CAPTION)).horizontalAdvance(chip) + look.px(Space.L)

    def _paint_chip(self, painter: QPainter, area: QRect, chip: str, ground: str, ink: str) -> None:
        look = theme.current()
        height = look.px(24)
        box = QRect(area.left(), area.center().y() - height // 2, self._chip_width(chip), height)
        rounded_box(painter, box, height // 2, ground)
        words(
            painter,
            box,
            chip,
            font=look.font(TypeRole.CAPTION),
            colour=ink,
            align=Qt.AlignmentFlag.AlignHCenter,
        )

    def _paint_cue(self, painter: QPainter, seal: QRect, cue: str) -> None:
        look = theme.current()
        strip = QRect(look.px(10), seal.bottom() + look.px(14), self.width() - 2 * look.px(10), look.px(36))
        rounded_box(painter, strip, Radius.M, look.colours.warn_soft)
        pad = look.px(Space.M)
        words(
            painter,
            strip.adjusted(pad, 0, -pad, 0),
            cue,
            font=look.font(TypeRole.BODY),
            colour=look.colours.warn_text,
        )

    def _speak(self) -> None:
        data = self._data
        if data is None:
            self.setAccessibleName(t("ui.member.nobody"))
        else:
            said = (
                data.name,
                self._chip_text(data),
                data.phone,
                data.mark,
                data.points,
                t("ui.member.points"),
                data.cue,
            )
            self.setAccessibleName(" ".join(part for part in said if part))
