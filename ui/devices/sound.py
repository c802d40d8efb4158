"""Whether a scan sounds. The colour along the upper edge always shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from app.domain.device import Feedback
from ui.devices.watch import SOUND, is_audible
from ui.widgets.buttons import Button
from ui.widgets.form import Card, Choice, connect_click, row_of
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

OPTIONS: Final = ((True, "devices_ui.sound.on"), (False, "devices_ui.sound.off"))


class SoundCard(Card):
    """In force at once and kept."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget) -> None:
        super().__init__("devices_ui.sound.title", parent, panel="raised")
        self._till = till
        self._context = context
        self.choice = Choice(OPTIONS, True, self)
        self.good = Button("devices_ui.sound.good", parent=self, size="compact")
        self.bad = Button("devices_ui.sound.bad", parent=self, size="compact")
        self.body.addWidget(TextLabel("devices_ui.sound.hint", self, tone="muted", wraps=True))
        self.body.addLayout(row_of(self.choice, self.good, self.bad))
        feedback = context.devices.feedback
        connect_click(self.good, lambda: feedback.give(Feedback.GOOD))
        connect_click(self.bad, lambda: feedback.give(Feedback.BAD))
        self.choice.chosen.connect(self._on_chosen)

    def refresh(self) -> None:
        self.choice.set_value(is_audible(self._till.store.desk.setting(SOUND)))

    def _on_chosen(self, is_on: bool) -> None:
        store = self._till.store
        self._context.devices.feedback.set_audible(is_on)

        def write() -> None:
            with store.begin() as work:
                work.put_setting(SOUND, is_on)
                work.commit()

        self._context.tasks.run(write, owner=self)
