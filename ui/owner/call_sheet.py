"""A list of members to call, before it is given out: masked, with why, and who is left out of it.

Whole names and numbers stand only on the paper or in the file that somebody asks for; that they did is in the books.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.domain.authority import Approval
from app.domain.errors import Refused, TillError
from app.i18n import t
from app.service.call_list import REASON_CHARACTERS_MAX, Call
from app.service.exports.call_out import CALL_SUFFIXES
from ui import theme
from ui.owner.desk import OwnerDesk
from ui.owner.printed import tell_printed
from ui.owner.save_sheet import SaveSheet, day_stem
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH: Final = 1040
HEIGHT: Final = 300
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6}


class CallSheet(Sheet):
    """``reason`` is offered and can be changed. Finishes with True once it was printed or saved."""

    def __init__(
        self, desk: OwnerDesk, calls: Sequence[Call], *, reason: str = "", is_marketing: bool = True
    ) -> None:
        super().__init__(desk.window, width=WIDTH)
        self._desk = desk
        self._is_marketing = is_marketing
        self.calls = tuple(sorted(calls, key=lambda one: not self._is_called(one)))
        called = sum(1 for one in self.calls if self._is_called(one))
        self.set_title("calls.sheet", count=f"{called:,}")
        silent = len(self.calls) - called
        self.hint = TextLabel("calls.masked", self.panel, tone="muted", wraps=True)
        self.silent = TextLabel("calls.silent", self.panel, tone="warn", wraps=True, count=f"{silent:,}")
        self.silent.setVisible(bool(silent))
        self.table = RecordTable(
            (Column("calls.name"), Column("calls.phone"), Column("calls.words", is_wide=True)), self.panel
        )
        self.table.setFixedHeight(theme.current().px(HEIGHT))
        self.table.set_records(
            [(one.name or t("summary.no_name"), one.phone, one.words) for one in self.calls]
        )
        for row, one in enumerate(self.calls):
            if not self._is_called(one):
                self.table.set_faint(row, is_faint=True)
        self.reason = Field(
            "calls.reason",
            self.panel,
            help_key="calls.reason_help",
            text=reason,
            characters_max=REASON_CHARACTERS_MAX,
            width=2_000,
        )
        self.reason.entered.connect(self.confirm)
        for widget in (self.hint, self.silent, self.table, self.reason):
            self.body.addWidget(widget)
        self._lay_buttons(is_any=called > 0)
        self.set_first_focus(self.reason.edit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.table.step(step)
        event.accept()

    def print(self) -> None:
        """On the receipt printer."""
        reason = self._reason()
        if not reason:
            return
        desk, calls = self._desk, self.calls

        def work(approval: Approval | None) -> int:
            return desk.till.call_list.print(
                calls, reason, is_marketing=self._is_marketing, approval=approval
            )

        def done(count: int) -> None:
            self.finish(True)
            tell_printed(desk, "calls.printed", count=f"{count:,}")

        desk.do(work, done, owner=self, on_error=self._on_failed)

    def save(self) -> None:
        """As a file, where they want it."""
        reason = self._reason()
        if not reason:
            return
        desk, calls = self._desk, self.calls

        def work(path: Path, approval: Approval | None) -> object:
            return desk.till.call_list.export(
                calls, path, reason, is_marketing=self._is_marketing, approval=approval
            )

        days = f"{desk.till.clock.local():%Y-%m-%d}"
        stem = day_stem(desk.till.shop.name, t("calls.title"), days)
        sheet = SaveSheet(desk, "calls.save_title", stem, CALL_SUFFIXES, work)
        sheet.finished.connect(lambda path: self.finish(True) if path is not None else None)
        sheet.open()

    def _reason(self) -> str:
        """Why; asked for where it is missing."""
        if not self.reason.text:
            self.reason.refuse(Refused("reason_needed"))
        return self.reason.text

    def _on_failed(self, error: TillError) -> None:
        if isinstance(error, Refused):
            self.reason.refuse(error)
        else:
            self._desk.context.messages.refused(error)

    def _is_called(self, call: Call) -> bool:
        return call.is_called or not self._is_marketing

    def _lay_buttons(self, *, is_any: bool) -> None:
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        self.save_button = Button("calls.save", parent=self.panel)
        self.print_button = Button("calls.print", Kind.PRIMARY, self.panel)
        connect_click(cancel, self.step_back)
        connect_click(self.save_button, self.save)
        connect_click(self.print_button, self.print)
        for button in (self.save_button, self.print_button):
            button.setEnabled(is_any)
        self.add_button(cancel)
        self.add_button(self.save_button)
        self.add_button(self.print_button, is_default=True)
