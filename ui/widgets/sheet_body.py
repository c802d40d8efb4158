"""What stands between the title and the buttons of a sheet: as high as its content, and scrolling where the window is too low for that.

The buttons of a sheet never leave the window; what has the focus is always in sight.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import Space


class SheetBody(QScrollArea):
    """Fill `content`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # As much as the content asks for, and less where there is no room for it.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._inside = QWidget()
        self.content = QVBoxLayout(self._inside)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._inside)
        self._inside.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr]  # there is one

    def sizeHint(self) -> QSize:
        return QSize(self._inside.sizeHint().width(), self._wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._inside.minimumSizeHint().width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            # Words wrap otherwise in another width.
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _wanted_height(self) -> int:
        if self.content.hasHeightForWidth() and self.width() > 0:
            return self.content.totalHeightForWidth(self.width())
        return self.content.totalSizeHint().height()

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._inside.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, Space.XL)
