"""One question of a member's file on a sheet of its own: words, or one of a few choices. An empty answer empties the field."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import TillError
from app.domain.profile_fields import FieldKind, FieldSpec
from app.i18n import t
from ui.member.words import field_name, field_words, typed_birthday_words
from ui.sale.list_sheet import ListSheet
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.result_list import ResultRow
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel


class TextSheet(Sheet):
    """Signals:
    decided(str): write this; whoever does it finishes the sheet, or tells it what is wrong.
    """

    decided = Signal(str)

    def __init__(
        self, window: QWidget, name: str, value: str, spec: FieldSpec | None = None, today: date | None = None
    ) -> None:
        super().__init__(window, width=640)
        self._spec = spec
        self._today = today
        self.title.show_plain(name)
        self.title.show()
        self.field = Field("member_page.answer", self.panel, text=value, characters_max=500, width=1_000)
        self.echo = TextLabel(parent=self.panel, type=TypeRole.LEAD, tone="good", wraps=True)
        self.field.entered.connect(lambda: self.decided.emit(self.field.text))
        self.field.changed.connect(self._on_changed)
        self.body.addWidget(self.field)
        self.body.addWidget(self.echo)
        if spec is not None and spec.kind is FieldKind.BIRTHDAY:
            self.body.addWidget(TextLabel("member.enrol.birthday_help", self.panel, tone="muted", wraps=True))
        else:
            self.echo.hide()
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        save = Button("ui.confirm", Kind.PRIMARY, self.panel)
        connect_click(save, lambda: self.decided.emit(self.field.text))
        self.add_button(cancel)
        self.add_button(save, is_default=True)
        self.set_first_focus(self.field.edit)
        self.field.edit.selectAll()
        self._on_changed(value)

    def refuse(self, error: TillError) -> None:
        """What was typed stays, and the sentence stands below it."""
        self.field.say(error.text_key, tone="danger", **error.fields)
        self.field.edit.selectAll()

    def _on_changed(self, text: str) -> None:
        if self._spec is None or self._today is None or self._spec.kind is not FieldKind.BIRTHDAY:
            return
        words = typed_birthday_words(text, self._today) or field_words(self._spec, text.strip(), self._today)
        self.echo.show_plain(t("member_page.birthday_echo", words=words) if words else "")


class ChoiceSheet(ListSheet):
    """Finishes with the value, ``""`` for none of them."""

    def __init__(self, window: QWidget, spec: FieldSpec, value: str, today: date) -> None:
        values = spec.choices or ("yes", "no")
        rows = [ResultRow(field_words(spec, each, today), each) for each in values]
        rows.append(ResultRow(t("member_page.field_empty"), ""))
        super().__init__(window, "", rows, take_key="ui.confirm")
        self.title.show_plain(field_name(spec))
        self.title.show()
        if value in values:
            self.list.step(values.index(value))
