"""A sheet with one list to choose from: arrow keys and Enter, or a finger. It finishes with the value of the row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets.buttons import Button, Kind
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.sheet import Sheet

_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6}
LIST_PIXELS: Final = 380


class ListSheet(Sheet):
    """Show rows, take one."""

    def __init__(
        self,
        window: QWidget,
        title_key: str,
        rows: Sequence[ResultRow],
        *,
        take_key: str,
        width: int = 640,
        empty_key: str = "ui.results.none",
    ) -> None:
        super().__init__(window, title_key, width=width)
        self.list = ResultList(self.panel, empty_key=empty_key)
        self.list.setMinimumHeight(theme.current().px(LIST_PIXELS))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.set_rows(rows)
        self.list.chosen.connect(self.finish)
        self.body.addWidget(self.list)
        back = Button("ui.back", Kind.GHOST, self.panel)
        back.clicked.connect(self.step_back)
        self.add_button(back)
        self.take = Button(take_key, Kind.PRIMARY, self.panel)
        self.take.clicked.connect(self.list.choose_current)
        self.add_button(self.take, is_default=True)
        self.set_first_focus(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.list.step(step)
            event.accept()
        else:
            super().keyPressEvent(event)
