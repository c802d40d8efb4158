"""The work list as a part of another page: its finding as a heading, and the list below it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.owner.desk import OwnerDesk
from ui.owner.work_board import WorkBoard
from ui.owner.work_words import work_about, work_finding
from ui.theme import TypeRole
from ui.widgets.form import Card
from ui.widgets.text_label import TextLabel


class WorkCard(Card):
    """``board`` is the list itself."""

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__("owner.page.work", parent)
        self.title.setWordWrap(True)
        self.about = TextLabel(parent=self, type=TypeRole.CAPTION, wraps=True)
        self.board = WorkBoard(desk, self)
        self.body.addWidget(self.about)
        self.body.addWidget(self.board)
        self.board.shown.connect(self._show)

    def _show(self) -> None:
        work = self.board.work
        assert work is not None
        self.title.show_plain(work_finding(work))
        self.about.show_plain(work_about(work))
