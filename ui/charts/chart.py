"""What all charts share: marks that can be hovered, walked with the arrow keys, chosen with Enter, and read aloud.

A chart lays its marks out once for each size and paints them; what a mark says stands in one line under the picture as long as it is
looked at, so that nothing covers the picture.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import focus_ring, words

HEIGHT_PIXELS: Final = 260
WIDTH_PIXELS: Final = 320
CAPTION_PIXELS: Final = 26
EXPORT_SCALE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the picture and what it says."""

    rect: QRect
    words: str
    key: str = ""


class Chart(QWidget):
    """Base of the painted charts.

    Signals:
        chosen(str): a mark with a key was clicked or Enter was pressed on it.
    """

    chosen = Signal(str)

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

    def save_picture(self, path: Path) -> bool:
        """The chart as a PNG, at twice its size on the screen."""
        picture = QPixmap((self.size().toSizeF() * EXPORT_SCALE).toSize())
        picture.setDevicePixelRatio(EXPORT_SCALE)
        picture.fill(theme.current().colours.surface)
        self.render(picture)
        return picture.save(str(path), "PNG")

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
        inset, height = look.px(Space.S), look.px(CAPTION_PIXELS)
        caption = QRect(inset, self.height() - height, self.width() - 2 * inset, height)
        colour = look.colours.text_muted if self._at is None else look.colours.text
        words(painter, caption, self.said, font=look.font(TypeRole.CAPTION), colour=colour)
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
        index = self._mark_under(event)
        if event.button() is Qt.MouseButton.LeftButton and index is not None:
            self._choose(index)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.look_at(None)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}.get(
            Qt.Key(event.key())
        )
        if step is not None and self._marks:
            start = -1 if self._at is None and step > 0 else self._at or 0
            self.look_at(min(len(self._marks) - 1, max(0, start + step)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            self._choose(self._at)
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
        return self.rect().adjusted(inset, look.px(Space.XS), -inset, -look.px(CAPTION_PIXELS))
