"""What a search found, best first. The cursor stays in the one line; arrow keys come from there through `step`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.i18n import t
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.finger_scroll import FingerScrollArea
from ui.widgets.painting import words

_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One find: what it is, what tells it from others, an amount or date at the right; `value` comes back."""

    title: str
    value: object
    detail: str = ""
    trailing: str = ""
    trailing_detail: str = ""


class ResultList(FingerScrollArea):
    """The finds.

    Signals:
        chosen(object): the `value` of the row that was tapped or entered.
        current_changed(object): the `value` of the row under the selection, or None.
    """

    chosen = Signal(object)
    current_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, empty_key: str = "ui.results.none") -> None:
        super().__init__(parent)
        self._rows: tuple[ResultRow, ...] = ()
        self._current = -1
        self._empty_key = empty_key
        self._speak()

    @property
    def rows(self) -> tuple[ResultRow, ...]:
        return self._rows

    @property
    def current(self) -> ResultRow | None:
        return self._rows[self._current] if 0 <= self._current < len(self._rows) else None

    def set_rows(self, rows: Sequence[ResultRow]) -> None:
        """Show these, the first one selected."""
        new = tuple(rows)
        if new == self._rows:
            return
        self._rows = new
        self._current = 0 if new else -1
        self._update_range()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()
        self._tell()

    def set_empty(self, key: str) -> None:
        """What an empty list says."""
        self._empty_key = key
        self.viewport().update()

    def step(self, rows: int) -> None:
        """Move the selection; it stops at both ends."""
        if self._rows:
            self._select(min(max(self._current + rows, 0), len(self._rows) - 1))

    def choose_current(self) -> bool:
        """What Enter does; False when there is nothing to choose."""
        if self.current is None:
            return False
        self.chosen.emit(self.current.value)
        return True

    def tapped(self, at: QPoint) -> None:
        index = (at.y() + self.verticalScrollBar().value()) // self._row_height()
        if 0 <= index < len(self._rows):
            self._select(index)
            self.choose_current()

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(480), self._row_height() * 6)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.LanguageChange):
            self._update_range()
            self._speak()
            self.viewport().update()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._update_range()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(look.colours.surface))
        if not self._rows:
            words(
                painter,
                QRect(0, 0, self.viewport().width(), look.px(96)),
                t(self._empty_key),
                font=look.font(TypeRole.BODY),
                colour=look.colours.text_faint,
                align=Qt.AlignmentFlag.AlignHCenter,
            )
            return
        height, offset = self._row_height(), self.verticalScrollBar().value()
        first = max(0, (event.rect().top() + offset) // height)
        last = min(len(self._rows), (event.rect().bottom() + offset) // height + 1)
        for index in range(first, last):
            row = QRect(0, index * height - offset, self.viewport().width(), height)
            self._paint_row(painter, row, self._rows[index], index == self._current)

    def _paint_row(self, painter: QPainter, row: QRect, data: ResultRow, is_current: bool) -> None:
        look = theme.current()
        c = look.colours
        if is_current:
            painter.fillRect(row, QColor(c.accent_soft))
            painter.fillRect(row.left(), row.top(), look.px(4), row.height(), QColor(c.accent))
        painter.fillRect(row.left(), row.bottom(), row.width(), 1, QColor(c.line))
        pad = look.px(Space.L)
        inner = row.adjusted(pad, look.px(5), -pad, -look.px(6))
        is_two_lines = bool(data.detail or data.trailing_detail)
        upper = QRect(
            inner.left(), inner.top(), inner.width(), inner.height() * (56 if is_two_lines else 100) // 100
        )
        lower = QRect(inner.left(), upper.bottom(), inner.width(), inner.bottom() - upper.bottom())
        lead, amount = look.font(TypeRole.LEAD), look.font(TypeRole.LEAD, is_bold=True)
        small = look.font(TypeRole.CAPTION)
        ink = c.text_muted
        gap = look.px(Space.M)
        right = QFontMetrics(amount).horizontalAdvance(data.trailing) + gap
        right_below = QFontMetrics(small).horizontalAdvance(data.trailing_detail) + gap
        words(painter, upper.adjusted(0, 0, -right, 0), data.title, font=lead, colour=c.text)
        words(painter, upper, data.trailing, font=amount, colour=c.text, align=_RIGHT)
        words(painter, lower.adjusted(0, 0, -right_below, 0), data.detail, font=small, colour=ink)
        words(painter, lower, data.trailing_detail, font=small, colour=c.accent_text, align=_RIGHT)

    def _row_height(self) -> int:
        return theme.current().touch(60)

    def _update_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, len(self._rows) * self._row_height() - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._row_height())

    def _select(self, index: int) -> None:
        if index == self._current:
            return
        self._current = index
        bar, height = self.verticalScrollBar(), self._row_height()
        if index * height < bar.value():
            bar.setValue(index * height)
        elif (index + 1) * height > bar.value() + self.viewport().height():
            bar.setValue((index + 1) * height - self.viewport().height())
        self.viewport().update()
        self._tell()

    def _tell(self) -> None:
        self._speak()
        self.current_changed.emit(self.current.value if self.current else None)

    def _speak(self) -> None:
        self.setAccessibleName(t("ui.results.name", count=len(self._rows)))
        here = self.current
        said = (
            (here.title, here.detail, here.trailing, here.trailing_detail) if here else (t(self._empty_key),)
        )
        self.setAccessibleDescription(" ".join(part for part in said if part))
