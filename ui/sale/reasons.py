"""A list of reasons, one of them chosen: arrow keys from the field above, or a finger."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.i18n import t
from ui.theme import Space
from ui.widgets.buttons import Button, Kind


class ReasonList(QWidget):
    """One reason is always chosen, the first to begin with. The reason is kept in the operator's language."""

    def __init__(self, reasons: Sequence[str], parent: QWidget | None = None, *, columns: int = 3) -> None:
        super().__init__(parent)
        self._reasons = tuple(reasons)
        self._chosen = 0
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.S)
        self._buttons = []
        for index, reason in enumerate(self._reasons):
            button = Button(f"sale.reason.{reason}", Kind.SECONDARY, self, size="compact")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, each=index: self.choose(each))
            grid.addWidget(button, index // columns, index % columns)
            self._buttons.append(button)
        self.choose(0)

    def reason(self) -> str:
        return t(f"sale.reason.{self._reasons[self._chosen]}")

    def choose(self, index: int) -> None:
        self._chosen = index % len(self._buttons)
        for number, button in enumerate(self._buttons):
            button.setChecked(number == self._chosen)

    def follow(self, field: QWidget) -> None:
        """Up and down in this field choose here."""
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self.choose(self._chosen + step)
                return True
        return False
