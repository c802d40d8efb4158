"""A list inside a page: each row a button with words at the left and an amount at the right. The list is as long as its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.enter_guard import enter_guard
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import focus_ring, rounded_box, words
from ui.widgets.text_label import TextLabel

ROW_PIXELS: Final = 52
BAR_PIXELS: Final = 3
_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class RowData:
    """``key`` comes back when the row is opened (``""``: nothing to open). ``share`` 0 to 1 draws a thin bar below the row."""

    key: str
    title: str
    detail: str = ""
    trailing: str = ""
    trailing_detail: str = ""
    share: float | None = None


class RowButton(QAbstractButton):
    """One row."""

    def __init__(self, data: RowData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if data.key else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" ".join(part for part in (data.title, data.trailing) if part))
        self.setAccessibleDescription(" ".join(part for part in (data.detail, data.trailing_detail) if part))

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(240), theme.current().touch(ROW_PIXELS))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look, data = theme.current(), self.data
        c = look.colours
        painter = QPainter(self)
        if data.key and (self.underMouse() or self.isDown()):
            rounded_box(painter, self.rect(), Radius.S, c.accent_soft)
        pad = look.px(Space.S)
        inner = self.rect().adjusted(pad, look.px(4), -pad, -look.px(5))
        is_double = bool(data.detail or data.trailing_detail)
        share = 56 if is_double else 100
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() * share // 100)
        lower = QRect(inner.left(), upper.bottom(), inner.width(), inner.bottom() - upper.bottom())
        body, bold = look.font(TypeRole.BODY), look.font(TypeRole.BODY, is_bold=True)
        small, gap = look.font(TypeRole.CAPTION), look.px(Space.M)
        right = QFontMetrics(bold).horizontalAdvance(data.trailing) + gap if data.trailing else 0
        below = (
            QFontMetrics(small).horizontalAdvance(data.trailing_detail) + gap if data.trailing_detail else 0
        )
        words(painter, upper.adjusted(0, 0, -right, 0), data.title, font=body, colour=c.text)
        words(painter, upper, data.trailing, font=bold, colour=c.text, align=_RIGHT)
        words(painter, lower.adjusted(0, 0, -below, 0), data.detail, font=small, colour=c.text_muted)
        words(painter, lower, data.trailing_detail, font=small, colour=c.text_muted, align=_RIGHT)
        self._paint_edge(painter, pad)
        if self.hasFocus():
            focus_ring(painter, self.rect(), Radius.S, c.accent)
        painter.end()

    def _paint_edge(self, painter: QPainter, pad: int) -> None:
        look = theme.current()
        width = self.width() - 2 * pad
        painter.fillRect(pad, self.height() - 1, width, 1, QColor(look.colours.line))
        if self.data.share is not None:
            high = look.px(BAR_PIXELS)
            done = round(width * min(1.0, max(0.0, self.data.share)))
            painter.fillRect(pad, self.height() - high, done, high, QColor(look.colours.accent))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if enter_guard.accepts(event):
                    self.click()
            case Qt.Key.Key_Down:
                self.focusNextChild()
            case Qt.Key.Key_Up:
                self.focusPreviousChild()
            case _:
                event.ignore()
                return
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)


class RowList(QWidget):
    """Rows below each other.

    Signals:
        opened(str): a row's key.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, empty_key: str = "") -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._empty = TextLabel(empty_key, self, tone="faint", wraps=True)
        self._box.addWidget(self._empty)
        self.rows: list[RowButton] = []

    def set_rows(self, rows: Sequence[RowData]) -> None:
        for row in self.rows:
            row.hide()
            row.setParent(None)
            row.deleteLater()
        self.rows = [RowButton(data, self) for data in rows]
        for row in self.rows:
            self._box.addWidget(row)
            if row.data.key:
                row.clicked.connect(lambda _=False, one=row: self.opened.emit(one.data.key))
        self._empty.setVisible(not rows)
