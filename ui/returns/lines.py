"""The lines of a sale that may come back: what was bought and paid, what came back before, and how much comes back now.

A line shows a value; every change is asked for and shown when the flow has taken it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.form import connect_click
from ui.widgets.painting import rounded_box
from ui.widgets.text_label import TextLabel


@dataclass(frozen=True, slots=True)
class LineData:
    """One line as it is shown, every text ready. `key` is its number in the sale."""

    key: int
    name: str
    details: str
    quantity: str
    refund: str
    is_chosen: bool
    can_rise: bool
    can_fall: bool


class ReturnLines(QScrollArea):
    """The lines, one of them selected.

    Signals:
        step_requested(int, int): one piece more (1) or less (-1) of the line with this key.
        selected_changed(int): another line is selected.
    """

    step_requested = Signal(int, int)
    selected_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._selected: int | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget(self)
        self._box = QVBoxLayout(content)
        self._box.setContentsMargins(0, 0, Space.XS, 0)
        self._box.setSpacing(Space.S)
        self._box.addStretch(1)
        self.setWidget(content)

    @property
    def selected(self) -> int | None:
        """The key of the selected line."""
        return self._selected

    def set_lines(self, lines: Sequence[LineData]) -> None:
        """Show these lines; rows that are still there keep their place."""
        while len(self._rows) > len(lines):
            self._rows.pop().deleteLater()
        while len(self._rows) < len(lines):
            row = _Row(self)
            row.tapped.connect(self.select)
            row.step_requested.connect(self.step_requested)
            self._rows.append(row)
            self._box.insertWidget(len(self._rows) - 1, row)
        for row, line in zip(self._rows, lines, strict=True):
            row.show_line(line)
        keys = [line.key for line in lines]
        if self._selected not in keys:
            self._selected = keys[0] if keys else None
        self._mark()

    def select(self, key: int) -> None:
        if any(row.key == key for row in self._rows) and key != self._selected:
            self._selected = key
            self._mark()
            self.selected_changed.emit(key)

    def step(self, by: int) -> None:
        """Select another line, this many further down."""
        keys = [row.key for row in self._rows]
        if self._selected in keys:
            self.select(keys[max(0, min(len(keys) - 1, keys.index(self._selected) + by))])

    def _mark(self) -> None:
        for row in self._rows:
            row.set_selected(row.key == self._selected)
            if row.key == self._selected:
                self.ensureWidgetVisible(row, 0, Space.M)


class _Row(QWidget):
    """Signals:
    tapped(int): the row with this key was touched.
    step_requested(int, int): its − or + was touched.
    """

    tapped = Signal(int)
    step_requested = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = 0
        self._is_selected = False
        self._is_chosen = False
        self._name = TextLabel(parent=self, type=TypeRole.LEAD, wraps=True)
        self._details = TextLabel(parent=self, type=TypeRole.CAPTION, wraps=True)
        self._less = Button("returns.less", parent=self, size="compact", repeats=True)
        self._quantity = TextLabel(parent=self, type=TypeRole.TITLE)
        self._quantity.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._more = Button("returns.more", parent=self, size="compact", repeats=True)
        self._refund = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True)
        self._refund.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for button, by in ((self._less, -1), (self._more, 1)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            connect_click(button, partial(self._on_step, by))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._details)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        row.setSpacing(Space.M)
        row.addLayout(words, 1)
        row.addWidget(self._less)
        row.addWidget(self._quantity)
        row.addWidget(self._more)
        row.addWidget(self._refund)
        self._fit()

    def show_line(self, line: LineData) -> None:
        self.key = line.key
        self._is_chosen = line.is_chosen
        self._name.show_plain(line.name)
        self._details.show_plain(line.details)
        self._quantity.show_plain(line.quantity)
        self._quantity.set_tone("accent" if line.is_chosen else "faint")
        self._refund.show_plain(line.refund)
        self._refund.set_tone("" if line.is_chosen else "faint")
        self._less.setEnabled(line.can_fall)
        self._more.setEnabled(line.can_rise)
        self.update()

    def set_selected(self, is_selected: bool) -> None:
        if is_selected != self._is_selected:
            self._is_selected = is_selected
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.tapped.emit(self.key)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current().colours
        ground = colours.accent_soft if self._is_chosen else colours.raised
        edge = colours.accent if self._is_selected else colours.line
        rounded_box(QPainter(self), self.rect(), Radius.M, ground, edge, 2 if self._is_selected else 1)

    def _on_step(self, by: int) -> None:
        self.tapped.emit(self.key)
        self.step_requested.emit(self.key, by)

    def _fit(self) -> None:
        look = theme.current()
        self.setMinimumHeight(look.touch(68))
        for button in (self._less, self._more):
            button.setFixedWidth(look.touch(52))
        self._quantity.setMinimumWidth(look.px(64))
        self._refund.setMinimumWidth(look.px(104))
