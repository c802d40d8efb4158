"""Small painted bars: what, how much, and how much of the largest. For reading, never for choosing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import t
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.painting import rounded_box, words

ROW_PIXELS: Final = 34
LABEL_PERCENT: Final = 46


@dataclass(frozen=True, slots=True)
class Bar:
    """``share`` of the longest bar in percent, 0 to 100."""

    label: str
    share: int
    value: str


class Bars(QWidget):
    """A column of bars. `empty_key` is said where there is none."""

    def __init__(self, parent: QWidget | None = None, *, empty_key: str = "member_page.bars_empty") -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._empty_key = empty_key
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        self.setAccessibleName(
            " ".join(f"{bar.label} {bar.value}" for bar in self._bars) or t(self._empty_key)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(260), look.px(ROW_PIXELS) * max(1, len(self._bars)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(160), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.LanguageChange):
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        c = look.colours
        painter = QPainter(self)
        font = look.font(TypeRole.BODY)
        if not self._bars:
            words(painter, self.rect(), t(self._empty_key), font=font, colour=c.text_faint)
            return
        height, gap = look.px(ROW_PIXELS), look.px(Space.S)
        value_width = max(QFontMetrics(font).horizontalAdvance(bar.value) for bar in self._bars) + 1
        label_width = self.width() * LABEL_PERCENT // 100
        for index, bar in enumerate(self._bars):
            row = QRect(0, index * height, self.width(), height)
            words(
                painter,
                QRect(row.left(), row.top(), label_width, height),
                bar.label,
                font=font,
                colour=c.text,
            )
            track = QRect(
                label_width + gap,
                row.top() + height // 3,
                max(0, row.width() - label_width - value_width - 2 * gap),
                height // 3,
            )
            radius = track.height() // 2
            rounded_box(painter, track, radius, c.sunken)
            done = QRect(
                track.left(), track.top(), max(2 * radius, track.width() * bar.share // 100), track.height()
            )
            if bar.share and track.width() > 2 * radius:
                rounded_box(painter, done, radius, c.accent)
            right = QRect(row.right() - value_width, row.top(), value_width, height)
            words(
                painter, right, bar.value, font=font, colour=c.text_muted, align=Qt.AlignmentFlag.AlignRight
            )


def bars_of(rows: Sequence[tuple[str, int, str]]) -> tuple[Bar, ...]:
    """(label, amount, value) as bars beside the largest amount."""
    largest = max((amount for _, amount, _ in rows), default=0)
    return tuple(
        Bar(label, 100 * max(0, amount) // largest if largest > 0 else 0, value)
        for label, amount, value in rows
    )
