"""A layout that sets widgets like words: side by side, and on the next line where the place ends."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

GAP: Final = 4


class FlowLayout(QLayout):
    """The height follows from the width. Every item of a line stands on its middle."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = GAP, line_gap: int = GAP) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._line_gap = line_gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        return self._place(QRect(0, 0, inner, 0), moves=False) + margins.top() + margins.bottom()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect.marginsRemoved(self.contentsMargins()), moves=True)

    def sizeHint(self) -> QSize:
        """All of it on one line."""
        shown = [item.sizeHint() for item in self._items if _is_shown(item)]
        margins = self.contentsMargins()
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        height = max((size.height() for size in shown), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, moves: bool) -> int:
        """Set the items into this width; returns the height they take."""
        top = rect.top()
        for line in self._lines(rect.width()):
            sizes = [_size(item, rect.width()) for item in line]
            height = max(size.height() for size in sizes)
            left = rect.left()
            for item, size in zip(line, sizes, strict=True):
                if moves:
                    item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self._gap
            top += height + self._line_gap
        return max(0, top - self._line_gap - rect.top())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._items:
            if not _is_shown(item):
                continue
            wanted = min(item.sizeHint().width(), width)
            if not lines or used + self._gap + wanted > width:
                lines.append([])
                used = -self._gap
            lines[-1].append(item)
            used += self._gap + wanted
        return lines


def _is_shown(item: QLayoutItem) -> bool:
    widget = item.widget()
    return widget is None or not widget.isHidden()


def _size(item: QLayoutItem, room: int) -> QSize:
    """As wide as it wants and the place allows; then as high as that width needs."""
    size = item.sizeHint()
    if size.width() > room:
        height = item.heightForWidth(room) if item.hasHeightForWidth() else size.height()
        return QSize(room, height)
    return size


class FlowPanel(QWidget):
    """A widget whose children flow. Its parent layout gives it the height it needs."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = GAP, line_gap: int = GAP) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self, gap=gap, line_gap=line_gap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
