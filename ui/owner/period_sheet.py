"""Other days than the usual ones: a festival of the shop's years, or from one day to another; and what to set beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.errors import Refused
from app.i18n import t
from ui.owner.periods import (
    Against,
    Beside,
    Festival,
    Stretch,
    compared,
    festivals,
    parse_day,
    usual_stretches,
)
from ui.owner.words import short_day
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click, row_of
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

FIELD_PIXELS: Final = 220
COLUMNS: Final = 2


class PeriodSheet(Sheet):
    """Finishes with a Stretch."""

    TITLE = "owner.period.title"
    SHOW = "owner.period.show"
    WIDTH = 720

    def __init__(self, window: QWidget, shown: Stretch, first: date, today: date) -> None:
        super().__init__(window, self.TITLE, width=self.WIDTH)
        self._today = today
        self.festivals: list[Button] = []
        self.usual: list[Button] = []
        self._add_usual(shown)
        known = festivals(first, today)
        if known:
            self.body.addWidget(
                TextLabel("owner.period.festivals", self.panel, type=TypeRole.BODY, tone="muted")
            )
            self.festivals = [self._button(_festival_words(one), one.stretch) for one in known]
            self.body.addLayout(_grid(self.festivals))
        self.since = Field(
            "owner.period.from", self.panel, text=f"{shown.since:%Y/%m/%d}", width=FIELD_PIXELS
        )
        self.until = Field("owner.period.to", self.panel, text=f"{shown.until:%Y/%m/%d}", width=FIELD_PIXELS)
        self.body.addLayout(row_of(self.since, self.until))
        self.show_days = Button(self.SHOW, Kind.PRIMARY, self.panel)
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        connect_click(self.show_days, self._on_show)
        self.since.entered.connect(self._go_to_until)
        self.until.entered.connect(self._on_show)
        self.add_button(cancel)
        self.add_button(self.show_days, is_default=True)
        self.set_first_focus(self.since.edit)
        self.since.edit.selectAll()

    def choose(self, stretch: Stretch) -> None:
        """These days were chosen."""
        self.finish(stretch)

    def _add_usual(self, shown: Stretch) -> None:
        for name, stretch in usual_stretches(self._today).items():
            self.usual.append(self._button(t(f"owner.period.{name}"), stretch))
        self.body.addLayout(_grid(self.usual, len(self.usual)))

    def _button(self, words: str, stretch: Stretch) -> Button:
        button = Button("", parent=self.panel, size="compact")
        button.show_plain(words)
        connect_click(button, partial(self.choose, stretch))
        return button

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
        self.choose(Stretch(since, until))


class AgainstSheet(PeriodSheet):
    """What to set beside ``shown``. Finishes with a Beside. ``is_usual``: with nothing chosen there is something to compare with."""

    TITLE = "against.title"
    SHOW = "against.show"
    WIDTH = 900

    def __init__(
        self, window: QWidget, shown: Stretch, first: date, today: date, *, is_usual: bool = False
    ) -> None:
        self._is_usual = is_usual
        super().__init__(window, shown, first, today)

    def choose(self, stretch: Stretch) -> None:
        self.finish(Beside(Against.OTHER, stretch))

    def _add_usual(self, shown: Stretch) -> None:
        for against in Against:
            stretch = compared(shown, against)
            if against is Against.OTHER:
                continue
            button = Button("", parent=self.panel, size="compact")
            is_usual = self._is_usual and against is Against.NONE
            words = t("against.usual" if is_usual else f"against.{against}")
            if stretch is not None:
                words = t("against.dated", words=words, days=stretch_words(stretch))
            button.show_plain(words)
            connect_click(button, partial(self.finish, Beside(against)))
            self.usual.append(button)
        self.body.addLayout(_grid(self.usual))


def name_of_beside(beside: Beside) -> tuple[str, str]:
    """(the key of what the button says, the words in it)."""
    if beside.against is Against.NONE:
        return "against.ask", ""
    if beside.stretch is not None:
        return "against.with", stretch_words(beside.stretch)
    return "against.with", t(f"against.{beside.against}")


def stretch_words(stretch: Stretch) -> str:
    """Its days, with the years where they are needed to tell them apart."""
    return t("against.days", since=f"{stretch.since:%Y/%m/%d}", until=f"{stretch.until:%Y/%m/%d}")


def _grid(buttons: Sequence[Button], columns: int = COLUMNS) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(Space.S)
    for index, button in enumerate(buttons):
        grid.addWidget(button, index // columns, index % columns)
    return grid


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
