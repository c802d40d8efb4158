"""What a segment asks of its owner besides its conditions: a name, and the tag its members get."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused, TillError
from app.domain.profile_fields import TAG_CHARACTERS_MAX
from app.service.segment_values import NAME_CHARACTERS_MAX
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH = 640
WIDE = 1_000


class NameSheet(Sheet):
    """Signals:
    decided(str): write this; whoever does it finishes the sheet, or tells it what is wrong.
    """

    decided = Signal(str)

    def __init__(
        self, window: QWidget, title_key: str, text: str, *, label_key: str = "segments.name_label"
    ) -> None:
        super().__init__(window, title_key, width=WIDTH)
        most = TAG_CHARACTERS_MAX if label_key == "segments.tag_label" else NAME_CHARACTERS_MAX
        self.field = Field(label_key, self.panel, text=text, characters_max=most, width=WIDE)
        self.field.entered.connect(self.confirm)
        self.body.addWidget(self.field)
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        connect_click(cancel, self.step_back)
        self.save = Button("segments.save", Kind.PRIMARY, self.panel)
        connect_click(self.save, lambda: self.decided.emit(self.field.text))
        self.add_button(cancel)
        self.add_button(self.save, is_default=True)
        self.set_first_focus(self.field.edit)
        self.field.edit.selectAll()

    def refuse(self, error: TillError) -> None:
        """What was typed stays, and the sentence stands below it."""
        if isinstance(error, Refused):
            self.field.refuse(error)
        else:
            self.field.say(error.text_key, tone="danger", **error.fields)


class TagSheet(NameSheet):
    """``on_stop`` is called where a segment that has a tag shall have none."""

    def __init__(self, window: QWidget, tag: str, proposed: str, on_stop: Callable[[], None]) -> None:
        super().__init__(window, "segments.tag_title", tag or proposed, label_key="segments.tag_label")
        self.body.insertWidget(0, TextLabel("segments.tag_what", self.panel, tone="muted", wraps=True))
        self.stop = Button("segments.tag_stop", parent=self.panel)
        self.stop.setVisible(bool(tag))
        connect_click(self.stop, on_stop)
        self.buttons.insertWidget(2, self.stop)
