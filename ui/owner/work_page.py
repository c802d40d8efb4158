"""Today's work list as a page of its own: its finding on top, and below it everything there is to do."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.service.work_list import TaskKind
from ui.owner.about_sheet import AboutSheet
from ui.owner.desk import OwnerDesk
from ui.owner.page import OwnerPage
from ui.owner.work_board import WorkBoard
from ui.owner.work_words import work_about, work_finding
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click


class WorkPage(OwnerPage):
    NAME = "work"

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.board = WorkBoard(desk, self)
        self.help = Button("work.help", Kind.GHOST, self, size="compact")
        self.head.addWidget(self.help)
        self.body.addWidget(self.board)
        self.finding.show_text("owner.page.work")
        self.board.shown.connect(self.speak)
        connect_click(self.help, self.explain)

    def refresh(self) -> None:
        self.board.read()

    def speak(self) -> None:
        work = self.board.work
        if work is not None:
            self.finding.show_plain(work_finding(work))
            self.about.show_plain(work_about(work))

    def explain(self) -> None:
        lines = [
            (
                t(f"work.group.{kind.value}"),
                f"{t(f'work.means.{kind.value}')} {t(f'work.settles.{kind.value}')}",
            )
            for kind in TaskKind
        ]
        AboutSheet(self.desk.window, lines).open()

    def take_key(self, event: QKeyEvent) -> bool:
        return self.board.take_key(event)

    def first_stop(self) -> QWidget | None:
        return self.board.rows[0] if self.board.rows else None
