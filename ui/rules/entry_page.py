"""The door in the settings to the rule desk and the loyalty office. Only who may change settings finds it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.context import Screen, ScreenContext
from ui.settings.page import SettingsPage
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, connect_click, row_of
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till


class LoyaltyPage(SettingsPage):
    """Two doors."""

    NAME = "loyalty"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.doors: dict[Screen, Button] = {}
        for screen in (Screen.RULES, Screen.OFFICE):
            card = Card(f"rules_ui.door.{screen}", self, panel="raised")
            card.body.addWidget(TextLabel(f"rules_ui.door_hint.{screen}", card, tone="muted", wraps=True))
            kind = Kind.PRIMARY if screen is Screen.RULES else Kind.SECONDARY
            button = Button("rules_ui.door_open", kind, card)
            connect_click(button, partial(context.go_to, screen, None))
            card.body.addLayout(row_of(button))
            self.doors[screen] = button
            self.body.addWidget(card)
        self.body.setSpacing(Space.L)
