"""The summary to take along: on the receipt printer, as a PDF, as a workbook. One key each; what comes of it is said in a sentence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.authority import Approval
from app.i18n import language, t
from app.service.summary_values import Summary
from ui.owner.desk import OwnerDesk
from ui.owner.printed import tell_printed
from ui.owner.save_sheet import SaveSheet, day_stem
from ui.widgets.buttons import Button
from ui.widgets.form import connect_click, row_of


class TakeAlong(QWidget):
    """Three buttons; hidden while there is nothing to take."""

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._summary: Summary | None = None
        self.paper = Button("owner.print", parent=self, size="compact")
        self.pdf = Button("owner.pdf", parent=self, size="compact")
        self.xlsx = Button("owner.xlsx", parent=self, size="compact")
        row = row_of(self.paper, self.pdf, self.xlsx, stretch=False)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)
        self.hide()
        connect_click(self.paper, self.print)
        connect_click(self.pdf, lambda: self.save(".pdf"))
        connect_click(self.xlsx, lambda: self.save(".xlsx"))

    def show_summary(self, summary: Summary) -> None:
        """This is what would be taken."""
        self._summary = summary if summary.has_business else None
        self.setVisible(summary.has_business)

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was one of its three."""
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        match event.text().lower():
            case "p":
                self.print()
            case "f":
                self.save(".pdf")
            case "e":
                self.save(".xlsx")
            case _:
                return False
        return True

    def print(self) -> None:
        """The days shown on the receipt printer."""
        summary, paper = self._to_take(), self._desk.till.summary_paper
        if summary is not None:
            self._desk.do(
                lambda _: paper.print(summary),
                lambda _: tell_printed(self._desk, "owner.printed"),
                owner=self,
            )

    def save(self, suffix: str) -> None:
        """The days shown as a file: ``.pdf`` or ``.xlsx``."""
        summary = self._to_take()
        if summary is None:
            return
        paper, said = self._desk.till.summary_paper, language()

        def write(path: Path, approval: Approval | None) -> None:
            paper.save(summary, path, said, approval=approval)

        stem = day_stem(self._desk.till.shop.name, t("owner.save.summary"), _days(summary))
        SaveSheet(self._desk, f"owner.save.title_{suffix[1:]}", stem, (suffix,), write).open()

    def _to_take(self) -> Summary | None:
        if self._summary is None:
            self._desk.context.messages.info("owner.nothing_to_take")
        return self._summary


def _days(summary: Summary) -> str:
    """The days as they stand in the name of a file."""
    since, until = summary.since.isoformat(), summary.until.isoformat()
    return since if summary.is_one_day else t("owner.save.days", since=since, until=until)
