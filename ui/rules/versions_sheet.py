"""Every version of an area: who wrote it, when, from when it held, and what it said. Going back writes another version; none is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.i18n import t
from ui import theme
from ui.rules.areas import Area
from ui.rules.when import moment_text
from ui.rules.words_list import WordsList
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, scrolling
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.loyalty.documents import RuleDocument
    from app.service.till import Till

_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6}


class VersionsSheet(Sheet):
    """Finishes with the version to go back to."""

    def __init__(self, window: QWidget, till: Till, area: Area) -> None:
        super().__init__(window, "rules_ui.versions.title", width=1_000)
        self._till = till
        self._of = area
        self._documents: tuple[RuleDocument, ...] = till.rules.versions(area.AREA)
        self._current = area.current()[0]
        self.table = RecordTable(
            (
                Column("rules_ui.versions.version"),
                Column("rules_ui.versions.from", is_wide=True),
                Column("rules_ui.versions.who"),
            ),
            self.panel,
        )
        self.words = WordsList(self.panel)
        self.about = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addWidget(self.about)
        right.addWidget(scrolling(self.words, self.panel), 1)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(self.table, 1)
        row.addLayout(right, 1)
        holder = QWidget(self.panel)
        holder.setLayout(row)
        holder.setMinimumHeight(theme.current().px(380))
        self.body.addWidget(holder, 1)
        back = Button("ui.back", Kind.GHOST, self.panel)
        connect_click(back, self.step_back)
        self.use = Button("rules_ui.versions.use", Kind.PRIMARY, self.panel)
        connect_click(self.use, self._finish)
        self.add_button(back)
        self.add_button(self.use, is_default=True)
        self.table.selection_changed.connect(lambda _: self._show())
        self.set_first_focus(self)
        self._fill()

    @property
    def selected(self) -> RuleDocument | None:
        row = self.table.selected
        return self._documents[row] if 0 <= row < len(self._documents) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.table.step(step)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        people = {one.id: one.name for one in self._till.store.people.operators()}
        now = self._till.clock.now_ms()
        records = []
        for document in self._documents:
            state = ""
            if document.version == self._current:
                state = t("rules_ui.versions.current")
            elif document.valid_from > now:
                state = t("rules_ui.versions.coming")
            when = moment_text(self._till, document.valid_from)
            who = people.get(document.created_by, "—") if document.created_by else "—"
            records.append((str(document.version), f"{when}  {state}".rstrip(), who))
        self.table.set_records(records)
        self._show()

    def _show(self) -> None:
        document = self.selected
        if document is None:
            self.about.show_text("rules_ui.versions.none")
            self.words.show_sentences(())
            self.use.setEnabled(False)
            return
        self.about.show_text(
            "rules_ui.versions.about",
            written=moment_text(self._till, document.created_at),
            note=document.note or "—",
        )
        try:
            self.words.show_sentences(self._of.describe(self._of.read(document.body)))
            self.use.setEnabled(document.version != self._current)
        except TillError as error:
            self.words.show_sentences((t(error.text_key, None, **error.fields),))
            self.use.setEnabled(False)

    def _finish(self) -> None:
        self.finish(self.selected)
