"""What people at the counter wrote down: notes, requests, follow-ups and complaints, with who and when, and what is still to be done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.profile import Note, NoteKind
from app.i18n import t
from ui.member.desk import MemberDesk
from ui.member.section import Section, emptied
from ui.member.words import due_day
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

NOTES_MAX: Final = 60
DUE_DAYS: Final = (None, 0, 1, 7, 30)
KINDS: Final = tuple((kind, f"membership.note.{kind.value}") for kind in NoteKind)


class NotesSection(Section):
    NAME = "notes"

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.add = Button("member_page.note.add", Kind.PRIMARY, self, size="compact")
        connect_click(self.add, self._on_add)
        top = QHBoxLayout()
        top.addWidget(self.heading("member_page.notes"), 1)
        top.addWidget(self.add)
        self._empty = TextLabel("member_page.no_notes", self, tone="muted")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(top)
        self.body.addWidget(self._empty)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def refresh(self) -> None:
        emptied(self._rows)
        file = self.desk.till.membership.file(self.desk.member_id)
        notes = file.notes if file is not None else ()
        self._empty.setVisible(not notes)
        today = self.desk.today()
        ordered = sorted(notes, key=lambda one: (not one.is_due(today), not one.is_open, -one.written_at))
        for note in ordered[:NOTES_MAX]:
            self._rows.addWidget(self._card(note, today))

    def _card(self, note: Note, today: date) -> QFrame:
        card = QFrame(self)
        card.setProperty("panel", "raised")
        row = QHBoxLayout(card)
        row.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        words = TextLabel(parent=card, type=TypeRole.LEAD, wraps=True)
        words.show_plain(note.words)
        if note.is_due(today):
            words.set_tone("warn")
        elif note.done_at is not None:
            words.set_tone("muted")
        facts = TextLabel(parent=card, type=TypeRole.CAPTION, wraps=True)
        facts.show_plain("　".join(self._facts(note)))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(words)
        texts.addWidget(facts)
        row.addLayout(texts, 1)
        if note.is_open:
            done = Button("member_page.note.finish", Kind.SECONDARY, card, size="compact")
            connect_click(done, lambda: self._finish(note))
            row.addWidget(done, 0, Qt.AlignmentFlag.AlignVCenter)
        drop = Button("member_page.note.drop", Kind.GHOST, card, size="compact")
        connect_click(drop, lambda: self._drop(note))
        row.addWidget(drop, 0, Qt.AlignmentFlag.AlignVCenter)
        return card

    def _facts(self, note: Note) -> list[str]:
        facts = [t(f"membership.note.{note.kind.value}")]
        if note.done_at is not None:
            facts.append(t("membership.note.done", date=f"{self.desk.local(note.done_at):%Y/%m/%d}"))
        elif note.due_on is not None:
            facts.append(t("membership.note.due", date=f"{note.due_on:%Y/%m/%d}"))
        written = f"{self.desk.local(note.written_at):%Y/%m/%d %H:%M}"
        facts.append(f"{self.desk.who(note.written_by)} {written}".strip())
        return facts

    def _finish(self, note: Note) -> None:
        desk = self.desk
        desk.do(lambda _: desk.till.membership.finish(note.id), lambda _: self.written.emit(), owner=self)

    def _drop(self, note: Note) -> None:
        desk = self.desk
        desk.do(lambda _: desk.till.membership.drop_note(note.id), lambda _: self.written.emit(), owner=self)

    def _on_add(self) -> None:
        desk = self.desk
        sheet = NoteSheet(self.window(), desk.today())

        def write(words: str, kind: object, due_on: object) -> None:
            assert isinstance(kind, NoteKind)
            due = due_on if isinstance(due_on, date) else None
            desk.do(
                lambda _: desk.till.membership.add_note(desk.member_id, words, kind, due),
                lambda _: self.written.emit(),
                owner=self,
            )

        sheet.decided.connect(write)
        sheet.open()


class NoteSheet(Sheet):
    """Signals:
    decided(str, NoteKind, date or None): write this down.
    """

    decided = Signal(str, object, object)

    def __init__(self, window: QWidget, today: date) -> None:
        super().__init__(window, "member_page.note.add", width=760)
        self._today = today
        self.words = Field("member_page.note.words", self.panel, characters_max=500, width=1_000)
        self.kind = Choice(KINDS, NoteKind.NOTE, self.panel)
        options = tuple(
            (days, f"member_page.note.in_{'never' if days is None else days}") for days in DUE_DAYS
        )
        self.due = Choice(options, None, self.panel)
        self.day = Field(
            "member_page.note.due",
            self.panel,
            help_key="member_page.note.due_help",
            characters_max=12,
            width=220,
        )
        self.words.entered.connect(self._decide)
        self.day.entered.connect(self._decide)
        self.kind.chosen.connect(self._on_kind)
        for key, widget in (
            ("", self.words),
            ("member_page.note.kind", self.kind),
            ("member_page.note.remind", self.due),
            ("", self.day),
        ):
            if key:
                self.body.addWidget(TextLabel(key, self.panel, tone="muted"))
            self.body.addWidget(widget)
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        save = Button("ui.confirm", Kind.PRIMARY, self.panel)
        connect_click(save, self._decide)
        self.add_button(cancel)
        self.add_button(save, is_default=True)
        self.set_first_focus(self.words.edit)

    def _on_kind(self, kind: object) -> None:
        """What is asked for comes up at the next visit, unless somebody says otherwise."""
        if kind is not NoteKind.NOTE and self.due.value is None:
            self.due.set_value(0)

    def _decide(self) -> None:
        if not self.words.text:
            self.words.refuse(Refused("note_empty"))
            return
        due: date | None = None
        if self.due.value is not None:
            due = self._today + timedelta(days=self.due.value)
        if self.day.text:
            try:
                due = due_day(self.day.text, self._today)
            except Refused as error:
                self.day.refuse(error)
                return
        words, kind = self.words.text, self.kind.value
        self.finish(True)
        self.decided.emit(words, kind, due)
