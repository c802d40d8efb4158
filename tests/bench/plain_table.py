"""The table that a first version of any till has: Qt's own view over a model in Python, in the same window size, typeface and look.

The model makes each cell's text when it is asked for it; a new line is appended, the columns are fitted to what they hold so that a long
name can be read, the line is selected, scrolled to and painted, and the total in the label below is another. `fits_columns=False` leaves
the columns as they are, which is the least such a table can do.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTableView, QVBoxLayout, QWidget

from tests.bench.stopwatch import Stopwatch
from tests.bench.window import SIZE, Latencies, PaintWatch

HEADINGS: Final = ("#", "品名", "數量", "單價", "折扣", "金額")
NAME_COLUMN: Final = 1
Index = QModelIndex | QPersistentModelIndex


class Line(NamedTuple):
    name: str
    quantity: int
    price: int
    off: int


class PlainTable:
    """The table in a window of its own, of the till's size."""

    def __init__(self, rows: int, *, fits_columns: bool) -> None:
        self._fits_columns = fits_columns
        self._model = _Model()
        self._window = QWidget()
        self._view = QTableView(self._window)
        self._total = QLabel(self._window)
        layout = QVBoxLayout(self._window)
        layout.addWidget(self._view)
        layout.addWidget(self._total)
        self._view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._view.setModel(self._model)
        for row in range(rows):
            self._model.append(Line(f"阿里山高山烏龍茶 {row} 公克", 1, 380, 0))
        self._view.resizeColumnsToContents()
        self._window.resize(*SIZE)
        self._window.show()
        for _ in range(5):
            QApplication.processEvents()
        self._watch = PaintWatch(self._view.viewport())
        self._stopwatch = Stopwatch()

    def append(self, name: str, into: Latencies) -> float:
        """Append a line; milliseconds until it is painted."""
        before = self._watch.paints
        self._stopwatch.start()
        self._model.append(Line(name, 1, 380, 0))
        if self._fits_columns:
            self._view.resizeColumnsToContents()
        self._view.selectRow(self._model.rowCount() - 1)
        self._view.scrollToBottom()
        self._total.setText(f"NT${self._model.total():,}")
        while self._watch.paints == before:
            QApplication.processEvents()
        QApplication.processEvents()
        return into.add(self._stopwatch)

    def shorten(self, rows: int) -> None:
        """Back to this many lines."""
        self._model.shorten(rows)
        for _ in range(5):
            QApplication.processEvents()

    def close(self) -> None:
        self._window.close()
        self._stopwatch.close()


class _Model(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []

    def append(self, line: Line) -> None:
        row = len(self._lines)
        self.beginInsertRows(QModelIndex(), row, row)
        self._lines.append(line)
        self.endInsertRows()

    def shorten(self, rows: int) -> None:
        if rows < len(self._lines):
            self.beginRemoveRows(QModelIndex(), rows, len(self._lines) - 1)
            del self._lines[rows:]
            self.endRemoveRows()

    def total(self) -> int:
        return sum(line.quantity * line.price - line.off for line in self._lines)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() != NAME_COLUMN:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        name, quantity, price, off = self._lines[index.row()]
        cells = (
            str(index.row() + 1),
            name,
            str(quantity),
            f"{price:,}",
            f"{off:,}",
            f"{quantity * price - off:,}",
        )
        return cells[index.column()]
