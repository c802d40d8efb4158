"""Why: a few usual reasons by key or finger, or one's own words. The reason is kept with what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.i18n import t
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel


class ReasonSheet(Sheet):
    """Asks for a reason and hands it to `on_reason` when it is gone. The keys 1 to 9 choose a usual one."""

    def __init__(
        self,
        window: QWidget,
        title_key: str,
        reasons: Sequence[str],
        on_reason: Callable[[str], None],
        *,
        hint_key: str = "",
        **fields: object,
    ) -> None:
        super().__init__(window)
        self.set_title(title_key, **fields)
        self._reasons = tuple(reasons)
        if hint_key:
            hint = TextLabel(parent=self.panel, tone="muted", wraps=True)
            hint.show_text(hint_key, **fields)
            self.body.addWidget(hint)
        for number, key in enumerate(self._reasons, 1):
            button = Button("returns.reason_key", parent=self.panel, number=number, reason=t(key))
            connect_click(button, partial(self._choose, key))
            self.body.addWidget(button)
        self.body.addSpacing(Space.S)
        self.own = Field("returns.reason_own", self.panel, characters_max=200, width=1000)
        self.own.entered.connect(self._on_own)
        self.body.addWidget(self.own)
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        connect_click(no, self.step_back)
        self.yes = Button("ui.confirm", Kind.PRIMARY, self.panel)
        self.yes.setEnabled(False)
        connect_click(self.yes, self._on_own)
        self.own.changed.connect(lambda text: self.yes.setEnabled(bool(text.strip())))
        self.add_button(no)
        self.add_button(self.yes, is_default=True)
        self.set_first_focus(self)
        self.finished.connect(lambda reason: on_reason(str(reason)) if reason else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if digit.isdigit() and 0 < int(digit) <= len(self._reasons):
            if not event.isAutoRepeat():
                self.finish(t(self._reasons[int(digit) - 1]))
            event.accept()
            return
        super().keyPressEvent(event)

    def _choose(self, key: str) -> None:
        self.finish(t(key))

    def _on_own(self) -> None:
        if self.own.text:
            self.finish(self.own.text)
