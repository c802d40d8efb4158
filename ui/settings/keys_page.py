"""The hotkeys: press the key an action shall have. A key that something else has is refused, and says what has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.errors import Refused
from app.i18n import t
from app.service.till import Till
from ui.context import ScreenContext
from ui.keys import DEFAULT, FIXED, SETTING, Action, KeyMap, key_name
from ui.settings.page import SettingsPage
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, scrolling
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

_COLUMNS: Final = 2


class KeysPage(SettingsPage):
    """Every action with its key."""

    NAME = "keys"
    SCROLLS_ITSELF = True

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.buttons: dict[Action, Button] = {}
        content = QWidget(self)
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, Space.M, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        actions = [action for action in Action if action not in FIXED]
        rows = (len(actions) + 1) // _COLUMNS
        for index, action in enumerate(actions):
            row, column = index % rows, 2 * (index // rows)
            button = Button(parent=content, size="compact")
            button.setFixedWidth(116)
            connect_click(button, partial(self.change, action))
            self.buttons[action] = button
            grid.addWidget(button, row, column)
            grid.addWidget(TextLabel(f"keys.{action.value}.short", content), row, column + 1)
        for column in range(1, 2 * _COLUMNS, 2):
            grid.setColumnStretch(column, 1)
        area = scrolling(content, self)
        area.setMinimumHeight(240)
        self.body.addWidget(area, 1)
        reset = Button("settings.keys.reset", parent=self)
        connect_click(reset, self.reset)
        self.foot.addStretch(1)
        self.foot.addWidget(reset)

    def refresh(self) -> None:
        for action, button in self.buttons.items():
            button.show_plain(self._context.hotkeys.keys.key(action))

    def change(self, action: Action) -> None:
        KeySheet(self.window(), action, self._context.hotkeys.keys, self._use).open()

    def reset(self) -> None:
        self._use(DEFAULT)

    def _use(self, keys: KeyMap) -> None:
        def use() -> None:
            self._context.hotkeys.set_keys(keys)
            self.refresh()

        self.keep_setting(SETTING, keys.to_setting(), use)


class KeySheet(Sheet):
    """Waits for one key."""

    def __init__(
        self, window: QWidget, action: Action, keys: KeyMap, on_chosen: Callable[[KeyMap], None]
    ) -> None:
        super().__init__(window)
        self.set_title("settings.keys.title", action=t(f"keys.{action.value}.short"))
        self._action = action
        self._keys = keys
        self._now = TextLabel(parent=self.panel, type=TypeRole.DISPLAY)
        self._now.show_plain(keys.key(action))
        self._words = TextLabel(
            "settings.keys.press", self.panel, type=TypeRole.LEAD, tone="muted", wraps=True
        )
        self.body.addWidget(self._now)
        self.body.addWidget(self._words)
        self.keys_hint.hide()
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        connect_click(no, self.step_back)
        self.add_button(no)
        self.set_first_focus(self)
        self.action_requested.connect(self._on_taken)
        self.finished.connect(lambda result: on_chosen(result) if isinstance(result, KeyMap) else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = key_name(event)
        if name in ("Esc", "Enter", "") and not (event.text() and event.text() in "*-+/=."):
            super().keyPressEvent(event)
            return
        self._try(name or event.text())
        event.accept()

    def _on_taken(self, action: Action) -> None:
        """The key of something else was pressed; the hotkeys saw it first."""
        self._try(self._keys.key(action))

    def _try(self, key: str) -> None:
        try:
            chosen = self._keys.with_key(self._action, key)
        except Refused as error:
            self._words.show_text(error.text_key, **error.fields)
            self._words.set_tone("danger")
            return
        self.finish(chosen)
