"""The basket as a table that paints itself: rows are values, and only a row that changed is drawn again.

The view computes nothing: every text arrives ready. Each row is drawn once into a picture and copied from there afterwards, so that a
scan costs one row, however long the basket is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.i18n import t
from ui import theme
from ui.theme import TypeRole
from ui.widgets.basket_row import RowPainter
from ui.widgets.finger_scroll import FingerScrollArea
from ui.widgets.painting import words

PICTURES_MAX: Final = 96


@dataclass(frozen=True, slots=True)
class RowData:
    """One line of the basket as it is shown. `details` are the small lines below the name: promotions, notes.

    `number` is the line's own and never given to another line.
    """

    number: int
    name: str
    quantity: str
    unit_price: str
    amount: str
    details: tuple[str, ...] = ()
    is_void: bool = False
    is_return: bool = False
    is_discounted: bool = False


class BasketView(FingerScrollArea):
    """The basket. It follows the newest change; a row can be selected by arrow key or finger.

    Signals:
        selection_changed(int | None): the number of the selected line.
        activated(int): a line was chosen for more (second tap on it, or Enter).
    """

    selection_changed = Signal(object)
    activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[RowData, ...] = ()
        self._tops: list[int] = [0]  # where each row begins, and where the last one ends
        self._selected: int | None = None
        self._newest: int | None = None
        self._pictures: OrderedDict[tuple[RowData, bool], QPixmap] = OrderedDict()
        self._painter: RowPainter | None = None
        self._header = _Header(self)
        self._restyle()
        self._speak()

    # --- what is shown ---

    @property
    def rows(self) -> tuple[RowData, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[RowData]) -> None:
        """Show these rows. What is equal to before is not painted again; the newest change is scrolled into sight."""
        old, new = self._rows, tuple(rows)
        first = _first_difference(old, new)
        if first == len(old) == len(new):
            return
        self._rows = new
        newest = self._find_newest(old, new, first)
        marked_before, self._newest = self._newest, new[newest].number if newest is not None else None
        self._place_from(first, is_cleared=not new)
        self._drop_lost_selection()
        self._update_changed(old, new, first)
        if marked_before != self._newest:
            self._update_number(marked_before)
            self._update_number(self._newest)
        if newest is not None:
            self._scroll_to(newest)
        self._speak()

    # --- selection ---

    @property
    def selected(self) -> int | None:
        """The number of the selected line."""
        return self._selected

    def select(self, number: int | None) -> None:
        """Select the line with this number, or none."""
        if number == self._selected:
            return
        before, self._selected = self._selected, number
        self._update_number(before)
        self._update_number(number)
        index = self._index_of(number)
        if index is not None:
            self._scroll_to(index)
        self._speak()
        self.selection_changed.emit(number)

    def step(self, rows: int) -> None:
        """Move the selection up (negative) or down; below the last line it ends, for then the last line is meant anyway."""
        if not self._rows:
            return
        here = self._index_of(self._selected)
        if here is None:
            if rows < 0:
                self.select(self._rows[-1].number)
            return
        there = here + rows
        if there >= len(self._rows):
            self.select(None)
            self._scroll_to(len(self._rows) - 1)
        else:
            self.select(self._rows[max(0, there)].number)

    # --- Qt ---

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(620), look.px(480))

    def minimumSizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(420), look.px(200))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()
        elif event.type() == QEvent.Type.LanguageChange:
            self._restyle()
            self._speak()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._header.setGeometry(0, 0, self.width(), self._header_height())
        if self._painter is not None and self._painter.width != self.viewport().width():
            self._drop_pictures()
        self._update_range()
        if self._newest is not None and self._selected is None:
            self._scroll_to(self._index_of(self._newest) or 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._painter is not None and self._painter.ratio != self.devicePixelRatioF():
            self._drop_pictures()  # the window went to another screen
        colours = theme.current().colours
        painter = QPainter(self.viewport())
        ground = QColor(colours.surface)
        if not self._rows:
            painter.fillRect(event.rect(), ground)
            self._paint_empty(painter)
            return
        offset = self.verticalScrollBar().value()
        region = event.region()
        for index in self._visible(event.rect().top() + offset, event.rect().bottom() + offset):
            top = self._tops[index] - offset
            if region.intersects(
                QRect(0, top, self.viewport().width(), self._tops[index + 1] - self._tops[index])
            ):
                self._paint_row(painter, self._rows[index], top)
        end = self._tops[-1] - offset
        if end < self.viewport().height():
            painter.fillRect(0, end, self.viewport().width(), self.viewport().height() - end, ground)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(0, dy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
        if event.key() in steps:
            self.step(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None:
            self.activated.emit(self._selected)
        else:
            super().keyPressEvent(event)

    # --- geometry ---

    def _header_height(self) -> int:
        return theme.current().px(34)

    def _place_from(self, first: int, *, is_cleared: bool = False) -> None:
        """Find the places of the rows from this one on."""
        assert self._painter is not None
        del self._tops[first + 1 :]
        top = self._tops[first]
        for row in self._rows[first:]:
            top += self._painter.height(row)
            self._tops.append(top)
        if is_cleared:
            self._drop_pictures()
        self._update_range()

    def _update_range(self) -> None:
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        bar.setRange(0, max(0, self._tops[-1] - height))
        bar.setPageStep(height)
        bar.setSingleStep(theme.current().touch(56))

    def _visible(self, top: int, bottom: int) -> range:
        """The rows between two heights of the whole list."""
        first = max(0, bisect_right(self._tops, top) - 1)
        last = min(len(self._rows), bisect_right(self._tops, bottom))
        return range(first, last)

    def _index_of(self, number: int | None) -> int | None:
        if number is None:
            return None
        # Numbers rise, so the row is found without looking at all of them.
        index = bisect_right(self._rows, number, key=_number) - 1
        return index if index >= 0 and self._rows[index].number == number else None

    def _scroll_to(self, index: int) -> None:
        bar = self.verticalScrollBar()
        if self._tops[index] < bar.value():
            bar.setValue(self._tops[index])
        elif self._tops[index + 1] > bar.value() + self.viewport().height():
            bar.setValue(self._tops[index + 1] - self.viewport().height())

    def tapped(self, at: QPoint) -> None:
        height = at.y() + self.verticalScrollBar().value()
        if not 0 <= height < self._tops[-1]:
            self.select(None)
            return
        number = self._rows[bisect_right(self._tops, height) - 1].number
        if number == self._selected:
            self.activated.emit(number)
        else:
            self.select(number)

    # --- painting ---

    def _restyle(self) -> None:
        self.setViewportMargins(0, self._header_height(), 0, 0)
        self._header.setGeometry(0, 0, self.width(), self._header_height())
        self._drop_pictures()
        self._place_from(0)
        self._header.update()
        self.viewport().update()

    def _drop_pictures(self) -> None:
        self._pictures.clear()
        self._painter = RowPainter(self.viewport().width(), self.devicePixelRatioF())
        self._header.painter = self._painter
        self.viewport().update()

    def _paint_row(self, painter: QPainter, row: RowData, top: int) -> None:
        assert self._painter is not None
        picture = self._picture(row)
        painter.drawPixmap(0, top, picture)
        # The mark of the newest line moves with every scan; outside the picture it costs no picture.
        if row.number in (self._selected, self._newest):
            self._painter.paint_mark(
                painter, QRect(0, top, self.viewport().width(), self._painter.height(row))
            )

    def _picture(self, row: RowData) -> QPixmap:
        assert self._painter is not None
        key = (row, row.number == self._selected)
        picture = self._pictures.get(key)
        if picture is None:
            picture = self._painter.picture(*key)
            self._pictures[key] = picture
            if len(self._pictures) > PICTURES_MAX:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(key)
        return picture

    def _paint_empty(self, painter: QPainter) -> None:
        look = theme.current()
        area = self.viewport().rect()
        line = look.px(44)
        middle = area.center().y() - line
        centred = Qt.AlignmentFlag.AlignHCenter
        words(
            painter,
            QRect(0, middle, area.width(), line),
            t("ui.basket.empty"),
            font=look.font(TypeRole.HEADING),
            colour=look.colours.text_muted,
            align=centred,
        )
        words(
            painter,
            QRect(0, middle + line, area.width(), look.px(28)),
            t("ui.basket.empty_hint"),
            font=look.font(TypeRole.BODY),
            colour=look.colours.text_faint,
            align=centred,
        )

    def _update_changed(self, old: tuple[RowData, ...], new: tuple[RowData, ...], first: int) -> None:
        if not old or not new:
            self.viewport().update()
            return
        assert self._painter is not None
        for index in range(first, max(len(old), len(new))):
            is_same_place = index < len(old) and index < len(new)
            if is_same_place and self._painter.height(old[index]) != self._painter.height(new[index]):
                is_same_place = False
            if not is_same_place:
                top = self._tops[min(index, len(new))] - self.verticalScrollBar().value()
                self.viewport().update(
                    0, top, self.viewport().width(), max(0, self.viewport().height() - top)
                )
                return
            if old[index] != new[index]:
                self._update_index(index)

    def _update_number(self, number: int | None) -> None:
        index = self._index_of(number)
        if index is not None:
            self._update_index(index)

    def _update_index(self, index: int) -> None:
        top = self._tops[index] - self.verticalScrollBar().value()
        self.viewport().update(0, top, self.viewport().width(), self._tops[index + 1] - self._tops[index])

    @staticmethod
    def _find_newest(old: tuple[RowData, ...], new: tuple[RowData, ...], first: int) -> int | None:
        """The last row that is not as it was; when rows only went away, the last one there is."""
        if not new:
            return None
        if len(new) > len(old):
            return len(new) - 1
        for index in range(len(new) - 1, first - 1, -1):
            if old[index] != new[index]:
                return index
        return len(new) - 1

    def _drop_lost_selection(self) -> None:
        if self._selected is not None and self._index_of(self._selected) is None:
            self._selected = None
            self.selection_changed.emit(None)

    # --- for those who listen instead of looking ---

    def _speak(self) -> None:
        self.setAccessibleName(t("ui.basket.name"))
        here = self._index_of(self._selected)
        if here is None:
            here = self._index_of(self._newest)
        if here is None:
            self.setAccessibleDescription(t("ui.basket.spoken_empty"))
            return
        row = self._rows[here]
        self.setAccessibleDescription(
            t(
                "ui.basket.spoken",
                count=len(self._rows),
                number=row.number,
                name=row.name,
                quantity=row.quantity,
                amount=row.amount,
            )
        )


class _Header(QWidget):
    """The headings above the columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.painter: RowPainter | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.painter is not None:
            painter = QPainter(self)
            self.painter.paint_header(painter, self.rect(), event.rect())


def _number(row: RowData) -> int:
    return row.number


def _first_difference(old: tuple[RowData, ...], new: tuple[RowData, ...]) -> int:
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        if before is not after and before != after:
            return index
    return min(len(old), len(new))
