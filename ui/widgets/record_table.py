"""A table of records to choose from: whole rows, one selected, by arrow key, finger or mouse. It never takes the focus from the one line.

Columns are keys, cells are ready texts; the screen says them again when the language changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.i18n import t
from ui import theme
from ui.theme import TypeRole

ROW_PIXELS: Final = 52


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``width`` in logical pixels; 0 takes what its words need, and ``is_wide`` what is left over."""

    key: str
    width: int = 0
    is_wide: bool = False
    is_number: bool = False


class RecordTable(QTableWidget):
    """Rows of texts.

    Signals:
        selection_changed(int): the row that is selected now, or -1.
        chosen(int): a row was chosen for good (second tap on it); Enter is the screen's to hand on.
    """

    selection_changed = Signal(int)
    chosen = Signal(int)

    def __init__(
        self, columns: Sequence[Column], parent: QWidget | None = None, *, wraps: bool = False
    ) -> None:
        super().__init__(0, len(columns), parent)
        self._columns = tuple(columns)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self._wraps = wraps
        self.setWordWrap(wraps)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self._retranslate()
        self._fit()
        self.currentCellChanged.connect(self._on_current)
        self.doubleClicked.connect(self._on_double_click)

    def set_records(self, records: Sequence[Sequence[str]], *, selected: int = 0) -> None:
        """Show these rows, with this one selected (-1: none)."""
        self.blockSignals(True)
        self.clearContents()
        self.setRowCount(len(records))
        for row, record in enumerate(records):
            for column, text in enumerate(record):
                self.setItem(row, column, self._item(text, self._columns[column]))
        self.blockSignals(False)
        if self._wraps:
            self.resizeRowsToContents()
        self.select(min(selected, len(records) - 1))

    def set_cell(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        if item is not None and item.text() != text:
            item.setText(text)

    def set_faint(self, row: int, *, is_faint: bool) -> None:
        """Show a row as one that cannot be used."""
        colours = theme.current().colours
        for column in range(self.columnCount()):
            item = self.item(row, column)
            if item is not None:
                item.setForeground(QColor(colours.text_faint if is_faint else colours.text))

    @property
    def selected(self) -> int:
        return self.currentRow()

    def select(self, row: int) -> None:
        if row < 0:
            self.setCurrentCell(-1, -1)
            self.clearSelection()
        else:
            self.setCurrentCell(row, 0)
        self.selection_changed.emit(self.currentRow())

    def step(self, by: int) -> None:
        """Move the selection by this many rows."""
        if self.rowCount():
            self.select(max(0, min(self.rowCount() - 1, self.currentRow() + by)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _item(self, text: str, column: Column) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _retranslate(self) -> None:
        for index, column in enumerate(self._columns):
            item = QTableWidgetItem(t(column.key) if column.key else "")
            side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(index, item)

    def _fit(self) -> None:
        look = theme.current()
        self.setFont(look.font(TypeRole.BODY))
        self.verticalHeader().setDefaultSectionSize(look.touch(ROW_PIXELS))
        header = self.horizontalHeader()
        for index, column in enumerate(self._columns):
            if column.is_wide:
                header.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
            elif column.width:
                header.setSectionResizeMode(index, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(index, look.px(column.width))
            else:
                header.setSectionResizeMode(index, QHeaderView.ResizeMode.ResizeToContents)

    def _on_current(self, row: int, _column: int, _row_before: int, _column_before: int) -> None:
        self.selection_changed.emit(row)

    def _on_double_click(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())
