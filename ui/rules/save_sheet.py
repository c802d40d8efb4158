"""Putting a draft in force: from when, and a word to whoever looks at the versions later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.service.rules import NOTE_MAX
from ui.rules.when import moment_text, next_opening_ms
from ui.settings.shop import asked
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.loyalty.documents import RuleDocument
    from app.service.till import Till


@dataclass(frozen=True, slots=True)
class Saving:
    """``valid_from`` None: from now on."""

    valid_from: int | None
    note: str


class SaveSheet(Sheet):
    """Finishes with a Saving."""

    def __init__(self, window: QWidget, till: Till, coming: RuleDocument | None = None) -> None:
        super().__init__(window, "rules_ui.save.title", width=640)
        self._till = till
        opens = next_opening_ms(till)
        self.when = Choice(
            ((False, "rules_ui.save.now"), (True, "rules_ui.save.next_opening")), False, self.panel
        )
        self.body.addWidget(asked(self.panel, "rules_ui.save.when", self.when))
        self.words = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        self.body.addWidget(self.words)
        self.note = Field("rules_ui.save.note", self.panel, characters_max=NOTE_MAX, width=600)
        self.note.edit.setPlaceholderText("")
        self.body.addWidget(self.note)
        if coming is not None:
            later = TextLabel(parent=self.panel, tone="warn", wraps=True)
            later.show_text(
                "rules_ui.save.coming",
                version=coming.version,
                when=moment_text(till, coming.valid_from),
            )
            self.body.addWidget(later)
        self._opens = opens
        self.when.chosen.connect(lambda _: self._say())
        self.note.entered.connect(self.confirm)
        back = Button("ui.back", Kind.GHOST, self.panel)
        connect_click(back, self.step_back)
        self.yes = Button("rules_ui.save.yes", Kind.PRIMARY, self.panel)
        connect_click(self.yes, self._finish)
        self.add_button(back)
        self.add_button(self.yes, is_default=True)
        self.set_first_focus(self.when.button(False))
        self._say()

    def _say(self) -> None:
        if self.when.value:
            self.words.show_text("rules_ui.save.from_opening", when=moment_text(self._till, self._opens))
        else:
            self.words.show_text("rules_ui.save.from_now")

    def _finish(self) -> None:
        self.finish(Saving(self._opens if self.when.value else None, self.note.text))
