"""Two sheets that every screen needs: one thing to be read, one question to be answered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.messages import Message
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel


class AlertSheet(Sheet):
    """A message that must be read before work goes on."""

    def __init__(self, window: QWidget, message: Message) -> None:
        super().__init__(window, f"ui.alert.{message.level}")
        words = TextLabel(parent=self.panel, type=TypeRole.LEAD, wraps=True)
        words.show_text(message.key, **message.fields)
        self.body.addWidget(words)
        button = Button("ui.ok", Kind.PRIMARY, self.panel)
        button.clicked.connect(lambda: self.finish(True))
        self.add_button(button, is_default=True)
        self.set_first_focus(self)


class ConfirmSheet(Sheet):
    """A question with a safe answer (Esc) and a deed (Enter). `on_yes` is called once the sheet is gone."""

    def __init__(
        self,
        window: QWidget,
        title_key: str,
        question_key: str,
        on_yes: Callable[[], None],
        *,
        yes_key: str = "ui.confirm",
        no_key: str = "ui.cancel",
        is_dangerous: bool = False,
        **fields: object,
    ) -> None:
        super().__init__(window)
        self.set_title(title_key, **fields)
        question = TextLabel(parent=self.panel, type=TypeRole.LEAD, wraps=True)
        question.show_text(question_key, **fields)
        self.body.addWidget(question)
        no = Button(no_key, Kind.GHOST, self.panel)
        yes = Button(yes_key, Kind.DANGER if is_dangerous else Kind.PRIMARY, self.panel)
        no.clicked.connect(self.step_back)
        yes.clicked.connect(lambda: self.finish(True))
        self.add_button(no)
        self.add_button(yes, is_default=True)
        self.set_first_focus(self)
        self.finished.connect(lambda result: on_yes() if result else None)
