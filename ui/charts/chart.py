"""What all charts share: marks that can be hovered, walked with the arrow keys, chosen with Enter, and read aloud; a legend; a picture.

A chart lays its marks out once for each size and paints them; what a mark says stands in one line under the picture as long as it is
looked at, so that nothing covers the picture. It asks to be saved (S, or S with Shift for one that can be enlarged) and never says where.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import t
from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import focus_ring, words

HEIGHT_PIXELS: Final = 260
WIDTH_PIXELS: Final = 320
CAPTION_PIXELS: Final = 26
LEGEND_PIXELS: Final = 22
SWATCH_PIXELS: Final = 18
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the picture and what it says."""

    rect: QRect
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What one kind of line or column stands for."""

    name: str
    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


class Chart(QWidget):
    """Base of the painted charts.

    Signals:
        chosen(str): a mark with a key was clicked or Enter was pressed on it.
        save_requested(bool): the picture is wanted as a file; True: one that can be enlarged (SVG).
    """

    chosen = Signal(str)
    save_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, height: int = HEIGHT_PIXELS) -> None:
        super().__init__(parent)
        self._height = height
        self._marks: tuple[Mark, ...] = ()
        self._at: int | None = None
        self._hint = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # --- for the charts -----------------------------------------------------------------------------------------------

    @abstractmethod
    def lay_out(self, area: QRect) -> tuple[Mark, ...]:
        """Where every mark stands in this area."""
        raise AssertionError("a chart lays out its marks")

    @abstractmethod
    def draw(self, painter: QPainter, area: QRect, at: int | None) -> None:
        """Paint the picture; ``at`` is the mark that is looked at."""
        raise AssertionError("a chart draws its picture")

    def legend(self) -> tuple[LegendEntry, ...]:
        """What the colours mean, where there is more than one."""
        return ()

    def step(self, right: int, down: int) -> int | None:
        """The mark beside the one that is looked at; by default they stand in one row."""
        if not self._marks:
            return None
        by = right or down
        start = -1 if self._at is None and by > 0 else self._at or 0
        return min(len(self._marks) - 1, max(0, start + by))

    def tell(self, title: str, hint: str = "") -> None:
        """The sentence that says what the chart found; ``hint`` stands under it until a mark is looked at."""
        self._hint = hint
        self.setAccessibleName(title)
        self.setAccessibleDescription("; ".join(mark.words for mark in self._marks[:60]))

    def changed(self) -> None:
        """What is shown is new."""
        self._at = None
        self._marks = self.lay_out(self._area())
        self.updateGeometry()
        self.update()

    # --- for whoever looks --------------------------------------------------------------------------------------------

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    @property
    def said(self) -> str:
        """What stands under the picture now."""
        return self._hint if self._at is None else self._marks[self._at].words

    def paint_picture(self, painter: QPainter) -> None:
        """The chart as it stands on paper: no mark is looked at, nobody holds it, and no key does anything."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, self._area(), None)
        self._draw_legend(painter)

    def look_at(self, index: int | None) -> None:
        if index == self._at:
            return
        self._at = index
        self.update()
        if index is not None:
            self.setAccessibleDescription(self._marks[index].words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # --- Qt -----------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(WIDTH_PIXELS), look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(WIDTH_PIXELS * 2 // 3), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._marks = self.lay_out(self._area())
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.LanguageChange):
            self._marks = self.lay_out(self._area())
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, self._area(), self._at)
        self._draw_legend(painter)
        caption, font = self._caption(), look.font(TypeRole.CAPTION)
        save = self._save_place()
        words(painter, save, t("charts.save"), font=font, colour=look.colours.text_faint)
        room = caption.adjusted(0, 0, -save.width() - look.px(Space.M), 0)
        colour = look.colours.text_muted if self._at is None else look.colours.text
        words(painter, room, self.said, font=font, colour=colour)
        if self.hasFocus():
            focus_ring(painter, self.rect(), look.px(Radius.S), look.colours.accent)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.look_at(self._mark_under(event))

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.look_at(None)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._marks and self._save_place().contains(event.position().toPoint()):
            self.save_requested.emit(False)
        elif (index := self._mark_under(event)) is not None:
            self._choose(index)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.look_at(None)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.look_at(self.step(*_STEPS[key]))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._marks:
            self.look_at(0 if key is Qt.Key.Key_Home else len(self._marks) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            self._choose(self._at)
        elif key is Qt.Key.Key_S and self._marks and not event.isAutoRepeat():
            self.save_requested.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def _choose(self, index: int) -> None:
        if key := self._marks[index].key:
            self.chosen.emit(key)

    def _mark_under(self, event: QMouseEvent) -> int | None:
        place = event.position().toPoint()
        return next((index for index, mark in enumerate(self._marks) if mark.rect.contains(place)), None)

    def _area(self) -> QRect:
        look = theme.current()
        inset = look.px(Space.S)
        above = look.px(LEGEND_PIXELS) if self.legend() else 0
        return self.rect().adjusted(inset, look.px(Space.XS) + above, -inset, -look.px(CAPTION_PIXELS))

    def _caption(self) -> QRect:
        look = theme.current()
        inset, height = look.px(Space.S), look.px(CAPTION_PIXELS)
        return QRect(inset, self.height() - height, self.width() - 2 * inset, height)

    def _save_place(self) -> QRect:
        """Where the words stand that save the picture; nowhere while there is none."""
        caption = self._caption()
        if not self._marks:
            return QRect(caption.right(), caption.top(), 0, 0)
        metrics = QFontMetrics(theme.current().font(TypeRole.CAPTION))
        width = metrics.horizontalAdvance(t("charts.save")) + 1
        return QRect(caption.right() - width, caption.top(), width, caption.height())

    def _draw_legend(self, painter: QPainter) -> None:
        look = theme.current()
        font = look.font(TypeRole.CAPTION)
        metrics = QFontMetrics(font)
        swatch, gap = look.px(SWATCH_PIXELS), look.px(Space.S)
        left, height = look.px(Space.S), look.px(LEGEND_PIXELS)
        for one in self.legend():
            middle = look.px(Space.XS) + height // 2
            painter.setPen(QPen(QColor(one.colour), 3, one.style))
            painter.drawLine(left, middle, left + swatch, middle)
            left += swatch + gap
            width = metrics.horizontalAdvance(one.name) + 1
            place = QRect(left, look.px(Space.XS), width, height)
            words(painter, place, one.name, font=font, colour=look.colours.text_muted)
            left += width + 2 * gap
