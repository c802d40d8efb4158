"""Other days than the usual ones: a festival of the shop's years, or from one day to another."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.errors import Refused
from app.i18n import t
from ui.owner.periods import Festival, Stretch, festivals, parse_day
from ui.owner.words import short_day
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click, row_of
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH = 720
FIELD_PIXELS = 220
COLUMNS = 2


class PeriodSheet(Sheet):
    """Finishes with a Stretch."""

    def __init__(self, window: QWidget, shown: Stretch, first: date, today: date) -> None:
        super().__init__(window, "owner.period.title", width=WIDTH)
        self._today = today
        self.festivals: list[Button] = []
        known = festivals(first, today)
        if known:
            self.body.addWidget(
                TextLabel("owner.period.festivals", self.panel, type=TypeRole.BODY, tone="muted")
            )
            self.body.addLayout(self._festival_grid(known))
        self.since = Field(
            "owner.period.from", self.panel, text=f"{shown.since:%Y/%m/%d}", width=FIELD_PIXELS
        )
        self.until = Field("owner.period.to", self.panel, text=f"{shown.until:%Y/%m/%d}", width=FIELD_PIXELS)
        self.body.addLayout(row_of(self.since, self.until))
        self.show_days = Button("owner.period.show", Kind.PRIMARY, self.panel)
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        connect_click(self.show_days, self._on_show)
        self.since.entered.connect(self._go_to_until)
        self.until.entered.connect(self._on_show)
        self.add_button(cancel)
        self.add_button(self.show_days, is_default=True)
        self.set_first_focus(self.since.edit)
        self.since.edit.selectAll()

    def _festival_grid(self, known: tuple[Festival, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(Space.S)
        for index, festival in enumerate(known):
            button = Button("", parent=self.panel, size="compact")
            button.show_plain(_festival_words(festival))
            connect_click(button, partial(self.finish, festival.stretch))
            self.festivals.append(button)
            grid.addWidget(button, index // COLUMNS, index % COLUMNS)
        return grid

    def _go_to_until(self) -> None:
        self.until.setFocus()
        self.until.edit.selectAll()

    def _on_show(self) -> None:
        found = []
        for field in (self.since, self.until):
            try:
                found.append(parse_day(field.text, self._today))
            except Refused as error:
                field.refuse(error)
                return
        since, until = found
        if until < since:
            self.until.refuse(Refused("owner_date_order"))
            return
        self.finish(Stretch(since, until))


def _festival_words(festival: Festival) -> str:
    name = t(f"owner.festival.{festival.name}")
    stretch = festival.stretch
    return t(
        "owner.period.festival",
        year=festival.year,
        name=name,
        since=short_day(stretch.since),
        until=short_day(stretch.until),
    )
