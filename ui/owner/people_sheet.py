"""A list of members behind a part of a picture. Enter opens the member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.domain.ids import MemberId
from ui import theme
from ui.owner.desk import OwnerDesk
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH: Final = 900
HEIGHT: Final = 420
ROWS_MAX: Final = 200
_STEPS: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
}


class PeopleSheet(Sheet):
    """``rows``: whose, and the cells beside the name. ``total`` is how many there are in all."""

    def __init__(
        self,
        desk: OwnerDesk,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[tuple[MemberId, tuple[str, ...]]],
        total: int,
    ) -> None:
        super().__init__(desk.window, width=WIDTH)
        self._desk = desk
        self.members = tuple(member for member, _ in rows)
        self.title.show_plain(title)
        self.title.show()
        hint = TextLabel(parent=self.panel, tone="muted", wraps=True)
        key = "owner_insight.people" if total <= len(rows) else "owner_insight.people_first"
        hint.show_text(key, count=f"{total:,}", shown=f"{len(rows):,}")
        self.table = RecordTable((Column("owner.column.member", is_wide=True), *columns), self.panel)
        self.table.setFixedHeight(theme.current().px(HEIGHT))
        self.table.set_records([(desk.who(member), *cells) for member, cells in rows])
        self.body.addWidget(hint)
        self.body.addWidget(self.table)
        self.open_button = Button("owner.open_member", Kind.PRIMARY, self.panel)
        self.open_button.setEnabled(bool(rows))
        close = Button("ui.close", Kind.GHOST, self.panel)
        connect_click(self.open_button, self.open_member)
        connect_click(close, self.step_back)
        self.table.chosen.connect(lambda _: self.open_member())
        self.add_button(close)
        self.add_button(self.open_button, is_default=True)
        self.set_first_focus(self)

    def open_member(self) -> None:
        at = self.table.selected
        if 0 <= at < len(self.members):
            self._desk.open_member(self.members[at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.table.step(step)
            event.accept()
            return
        super().keyPressEvent(event)
