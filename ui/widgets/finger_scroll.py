"""A scroll area that a finger moves. A press that stays where it was is a tap; one that moves scrolls and is no tap."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget


class FingerScrollArea(QAbstractScrollArea):
    """The base of the lists that paint themselves. Override `tapped`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed_at: QPoint | None = None
        self._scrolled_from = 0
        self._is_dragging = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def tapped(self, at: QPoint) -> None:
        """A finger touched this place of the viewport and left it."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        self._scrolled_from = self.verticalScrollBar().value()
        self._is_dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        way = event.position().toPoint().y() - self._pressed_at.y()
        if abs(way) >= QApplication.startDragDistance():
            self._is_dragging = True
        if self._is_dragging:
            self.verticalScrollBar().setValue(self._scrolled_from - way)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and not self._is_dragging:
            self.tapped(event.position().toPoint())
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The second half of a double click is no tap of its own.
        self._pressed_at = None
