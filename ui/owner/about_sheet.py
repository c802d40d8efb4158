"""What the figures of a page mean, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH = 760


class AboutSheet(Sheet):
    """``lines`` are names and sentences, ready to be read."""

    def __init__(self, window: QWidget, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__(window, "owner.about", width=WIDTH)
        for name, words in lines:
            heading = TextLabel(parent=self.panel, type=TypeRole.BODY, is_strong=True)
            heading.show_plain(name)
            sentence = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
            sentence.show_plain(words)
            self.body.addWidget(heading)
            self.body.addWidget(sentence)
        close = Button("ui.close", Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(close, is_default=True)
        self.set_first_focus(self)
