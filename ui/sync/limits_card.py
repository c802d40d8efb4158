"""When age is worth a warning. Nothing here can stop a sale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.errors import Refused
from app.service.sync_desk import LIMIT_MOST, AgeLimits
from ui.settings.page import whole_number
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, Field, connect_click, row_of
from ui.widgets.text_label import TextLabel

COLUMNS: Final = 2


class LimitsCard(Card):
    """Five figures. ``on_save(limits)`` is the ask to keep them."""

    def __init__(self, on_save: Callable[[AgeLimits], None], parent: QWidget) -> None:
        super().__init__("sync_ui.limits.title", parent, panel="raised")
        self._on_save = on_save
        self.body.addWidget(TextLabel("sync_ui.limits.hint", self, tone="muted", wraps=True))
        self.fields: dict[str, Field] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.M)
        for index, name in enumerate(LIMIT_MOST):
            field = self.fields[name] = Field(
                f"sync_ui.limits.{name}", self, is_number=True, characters_max=4, width=120
            )
            field.label.setWordWrap(True)
            field.entered.connect(self.save)
            grid.addWidget(field, index // COLUMNS, index % COLUMNS)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        self.save_button = Button("form.save", Kind.SECONDARY, self, size="compact")
        connect_click(self.save_button, self.save)
        self.body.addLayout(grid)
        self.body.addLayout(row_of(self.save_button))

    def show_limits(self, limits: AgeLimits) -> None:
        for name, field in self.fields.items():
            field.set_text(str(getattr(limits, name)))

    def save(self) -> None:
        """What is wrong is said below its field."""
        given: dict[str, int] = {}
        for name, field in self.fields.items():
            try:
                given[name] = whole_number(field, 1, LIMIT_MOST[name])
            except Refused as error:
                field.refuse(error)
                return
        if given["banner_days"] < given["note_days"]:
            self.fields["banner_days"].refuse(Refused("sync_limits_order"))
            return
        self._on_save(AgeLimits(**given))
