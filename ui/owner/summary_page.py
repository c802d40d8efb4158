"""Today's member summary: the sentence, the figures with what they are compared with, the hours, who came and what was sold; below it
the work list.

Every figure here is the service's, word for word; this page only lays them out, opens what lies behind them, and hands them on to paper.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import ItemId, MemberId, OperatorId
from app.domain.money import Money, format_money
from app.domain.quantity import format_quantity
from app.i18n import t
from app.service.summary_values import Behind, Key, Rows, Summary
from app.service.summary_words import (
    GROUPS,
    about,
    compared_text,
    finding,
    label_of,
    period_text,
    share_text,
    value_text,
)
from ui.charts.columns import ColumnChart
from ui.charts.values import Point, Series
from ui.owner.about_sheet import AboutSheet
from ui.owner.cards import CardData, CardGrid
from ui.owner.desk import OwnerDesk
from ui.owner.page import OwnerPage
from ui.owner.period_sheet import AgainstSheet, PeriodSheet, name_of_beside
from ui.owner.periods import Beside, Stretch, Word, stretch_of
from ui.owner.rows import RowData, RowList
from ui.owner.rows_sheet import RowsSheet
from ui.owner.take_along import TakeAlong
from ui.owner.words import card_lines, sheet_title, shown_keys, than
from ui.owner.work_card import WorkCard
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, Choice, connect_click
from ui.widgets.progress_sheet import run_with_progress

CHART_PIXELS: Final = 220
HERO: Final = (
    Key.NET,
    Key.TICKETS,
    Key.AVERAGE_TICKET,
    Key.MEMBER_SHARE,
    Key.MEMBERS,
    Key.MEMBERS_NEW,
    Key.MEMBERS_RETURNING,
    Key.MEMBERS_BACK,
)
SMALL: Final[dict[str, tuple[Key, ...]]] = {
    "owner.group.members": (
        Key.MEMBER_AVERAGE,
        Key.WALK_IN_AVERAGE,
        Key.MEMBER_TICKETS,
        Key.WALK_IN_TICKETS,
        Key.SIGN_UPS,
        Key.SIGN_UP_RATE,
    ),
    "summary.group.points": GROUPS["points"],
    "summary.group.rights": GROUPS["rights"],
    "summary.group.value": GROUPS["value"],
    "owner.group.books": (Key.SALES, Key.RETURNS, Key.VOIDS, Key.DISCOUNTS, Key.TAX),
}


class SummaryPage(OwnerPage):
    NAME = "summary"

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.summary: Summary | None = None
        self._word = Word.TODAY
        self._stretch: Stretch | None = None
        self._is_first_look = True
        self._is_too_early = False  # the day before is shown because today has nothing yet
        self.words = Choice(tuple((word, f"owner.period.{word}") for word in Word), Word.TODAY, self)
        for word in Word:
            self.words.button(word).setProperty("sized", "compact")
        self.help = Button("owner.help", Kind.GHOST, self, size="compact")
        self.beside = Beside()
        self.compare = Button("against.ask", Kind.GHOST, self, size="compact")
        self.take = TakeAlong(desk, self)
        self.hero = CardGrid(self, is_large=True)
        self.groups: dict[str, tuple[Card, CardGrid]] = {}
        self.hours = ColumnChart(self._say_money, self, height=CHART_PIXELS)
        self.hours_card = self.section("", self.hours)
        self.members = RowList(self, empty_key="owner.no_members")
        self.items = RowList(self, empty_key="owner.no_items")
        self.operators = RowList(self)
        self.lists = QWidget(self)
        self.work = WorkCard(desk, self)
        self._lay_out()
        self.words.chosen.connect(self._on_word)
        connect_click(self.help, self.explain)
        connect_click(self.compare, self.ask_what_beside)
        self.hero.opened.connect(self._open_figure)
        self.hours.chosen.connect(self._open_hour)
        self.members.opened.connect(self._open_member)
        self.items.opened.connect(self._open_item)
        self.operators.opened.connect(self._open_operator)

    # --- what the view calls ---

    def refresh(self) -> None:
        """Read these days again; what was never added up is added up first, with a bar and a way out."""
        desk = self.desk.till.summary
        if self._is_too_early:
            self._word, self._is_too_early = Word.TODAY, False
            self.words.set_value(Word.TODAY)
        self._is_first_look = self.summary is None or self.summary.until != desk.today()
        if desk.needs_time():
            run_with_progress(
                self.desk.context.tasks,
                self.desk.window,
                "owner.preparing",
                lambda job: desk.prepare(job.report),
                lambda _: self._read(),
            )
        else:
            self._read()
        self.work.board.read()

    def speak(self) -> None:
        if self.summary is not None:
            self._show(self.summary)

    def explain(self) -> None:
        if self.summary is None:
            return
        keys = (*HERO, *(key for _, grid in self.groups.values() for key in _keys_of(grid)))
        lapsed = self.summary.lapsed
        AboutSheet(self.desk.window, [(label_of(key), about(key, lapsed)) for key in keys]).open()

    def take_key(self, event: QKeyEvent) -> bool:
        return self.take.take_key(event) or self.work.board.take_key(event)

    def first_stop(self) -> QWidget | None:
        return self.words.button(self.words.value)

    def show_days(self, stretch: Stretch, word: Word = Word.OTHER) -> None:
        """Show these days."""
        self._stretch, self._word = stretch, word
        self.words.set_value(word)
        self._read()

    def show_beside(self, beside: Beside) -> None:
        """Compare with these days from now on; with nothing chosen, with what the summary takes by itself."""
        self.beside = beside
        key, words = name_of_beside(beside)
        self.compare.show_text(key, words=words)
        self._read()

    def ask_what_beside(self) -> None:
        """Let the owner say what to compare with."""
        desk = self.desk.till.summary
        today, known = desk.today(), desk.known_days()
        shown = self._stretch or Stretch(today, today)
        sheet = AgainstSheet(self.desk.window, shown, known[0] if known else today, today, is_usual=True)
        sheet.finished.connect(
            lambda chosen: self.show_beside(chosen) if isinstance(chosen, Beside) else None
        )
        sheet.open()

    # --- reading ---

    def _read(self) -> None:
        desk = self.desk.till.summary
        stretch = self._stretch if self._word is Word.OTHER else None
        stretch = stretch or stretch_of(self._word, desk.today())
        self._stretch = stretch
        other = self.beside.of_equal_length(stretch)
        beside = None if other is None else (other.since, other.until)
        self.desk.read(
            lambda: desk.summary(stretch.since, stretch.until, beside=beside), self._on_read, owner=self
        )

    def _on_read(self, summary: Summary) -> None:
        """Before the first sale of a day there is more to see in the day before."""
        is_too_early = self._is_first_look and self._word is Word.TODAY and not summary.has_business
        self._is_first_look = False
        known = self.desk.till.summary.known_days()
        if is_too_early and known is not None and known[0] < summary.since:
            self._word, self._is_too_early = Word.YESTERDAY, True
            self.words.set_value(Word.YESTERDAY)
            self._read()
        else:
            self._show(summary)

    def _on_word(self, word: object) -> None:
        assert isinstance(word, Word)
        self._is_first_look = self._is_too_early = False
        if word is not Word.OTHER:
            self._word = word
            self._read()
            return
        desk = self.desk.till.summary
        today = desk.today()
        known = desk.known_days()
        first = known[0] if known is not None else today
        sheet = PeriodSheet(self.desk.window, self._stretch or Stretch(today, today), first, today)
        sheet.finished.connect(self._on_other)
        sheet.open()

    def _on_other(self, stretch: object) -> None:
        if isinstance(stretch, Stretch):
            self.show_days(stretch)
        else:
            self.words.set_value(self._word)

    # --- showing ---

    def _show(self, summary: Summary) -> None:
        self.summary = summary
        self.finding.show_plain(_finding(summary))
        self.about.show_plain(self._about_words(summary))
        self.hero.set_cards([self._card(key) for key in shown_keys(HERO, summary)])
        for title, keys in SMALL.items():
            card, grid = self.groups[title]
            shown = shown_keys(keys, summary)
            grid.set_cards([self._card(key) for key in shown])
            card.setVisible(bool(shown) and summary.has_business)
        self._show_hours(summary)
        self._show_lists(summary)
        for widget in (self.hero, self.lists):
            widget.setVisible(summary.has_business)
        self.take.show_summary(summary)

    def _about_words(self, summary: Summary) -> str:
        parts = [period_text(summary.since, summary.until)]
        if summary.has_business:
            parts.append(compared_text(summary))
        if summary.is_running:
            parts.append(t("summary.running", time=f"{self.desk.local(summary.made_at):%H:%M}"))
        return "　".join(parts)

    def _card(self, key: Key) -> CardData:
        assert self.summary is not None
        figure = self.summary.figures[key]
        return CardData(
            key.value,
            label_of(key),
            value_text(figure.value, figure.unit, self.summary.currency),
            card_lines(self.summary, figure),
            about(key, self.summary.lapsed),
        )

    def _show_hours(self, summary: Summary) -> None:
        hours = summary.hours
        self.hours_card.setVisible(bool(hours) and summary.has_business)
        if not hours:
            return
        points = tuple(
            Point(
                f"{one.hour}",
                one.minor,
                self._say_money(one.minor),
                t(
                    "owner.hours.point",
                    hour=one.hour,
                    value=self._say_money(one.minor),
                    tickets=one.tickets,
                    usual=self._say_money(one.average_minor),
                ),
                f"hour:{one.hour}",
            )
            for one in hours
        )
        before: tuple[Point, ...] = ()
        if summary.before is not None:
            before = tuple(
                Point(f"{one.hour}", one.before_minor, self._say_money(one.before_minor), "") for one in hours
            )
        best = max(hours, key=lambda one: one.minor)
        key = "owner.hours.title" if best.minor > 0 else "owner.hours.title_none"
        title = t(key, hour=best.hour, value=self._say_money(best.minor))
        hint = t("owner.hours.hint", than=than(summary)) if before else t("owner.hours.hint_alone")
        self.hours_card.title.show_plain(title)
        self.hours_card.title.show()
        series = Series(period_text(summary.since, summary.until), points, before, than(summary))
        self.hours.show_series(series, title, hint)

    def _show_lists(self, summary: Summary) -> None:
        most = max((one.minor for one in summary.top_members), default=0)
        self.members.set_rows(
            [
                RowData(
                    str(one.member_id),
                    one.name or t("summary.no_name" if one.phone else "summary.erased"),
                    one.phone,
                    self._say_money(one.minor),
                    t("summary.visits", count=one.visits),
                    share=one.minor / most if most > 0 else None,
                )
                for one in summary.top_members
            ]
        )
        best = max((one.minor for one in summary.top_items), default=0)
        self.items.set_rows(
            [
                RowData(
                    str(one.item_id or ""),
                    one.name or t("summary.unknown_item"),
                    t("summary.pieces", quantity=format_quantity(one.quantity)),
                    self._say_money(one.minor),
                    share=one.minor / best if best > 0 else None,
                )
                for one in summary.top_items
            ]
        )
        self.operators.set_rows(
            [
                RowData(
                    str(one.operator_id),
                    one.name or t("summary.none"),
                    t("owner.operator", tickets=f"{one.tickets:,}", value=self._say_money(one.minor)),
                    "" if one.rate is None else share_text(one.rate),
                    t("owner.operator_rate", sign_ups=one.sign_ups, chances=one.chances)
                    if one.chances
                    else t("owner.operator_members_only"),
                    share=None if one.rate is None else one.rate / 10_000,
                )
                for one in summary.operators
            ]
        )

    def _say_money(self, minor: float) -> str:
        return format_money(Money(round(minor), self.desk.till.session.shop.currency))

    # --- what lies behind ---

    def open_behind(self, behind: Behind, part: str = "") -> None:
        """The rows that a figure was added up from."""
        summary, desk = self.summary, self.desk.till.summary
        if summary is None:
            return
        since, until = summary.since, summary.until

        def done(rows: Rows) -> None:
            words = about(behind.key, summary.lapsed)
            title = sheet_title(summary, behind, part)
            RowsSheet(self.desk, title, words, Stretch(since, until), behind, rows).open()

        self.desk.read(lambda: desk.rows_behind(since, until, behind), done, owner=self)

    def _open_figure(self, key: str) -> None:
        self.open_behind(Behind(Key(key)))

    def _open_hour(self, key: str) -> None:
        hour = int(key.partition(":")[2])
        self.open_behind(Behind(Key.NET, hour=hour), t("owner.hours.part", hour=hour))

    def _open_member(self, key: str) -> None:
        self.desk.open_member(MemberId(UUID(key)), self._read)

    def _open_item(self, key: str) -> None:
        item = ItemId(UUID(key))
        row = next(row.data for row in self.items.rows if row.data.key == key)
        self.open_behind(Behind(Key.NET, item_id=item), row.title)

    def _open_operator(self, key: str) -> None:
        row = next(row.data for row in self.operators.rows if row.data.key == key)
        self.open_behind(Behind(Key.SIGN_UPS, operator_id=OperatorId(UUID(key))), row.title)

    # --- laying out ---

    def _lay_out(self) -> None:
        self.tools.addWidget(self.words, 1)
        self._put_beside_about(self.take, self.compare)
        self.head.addWidget(self.help)
        self.body.addWidget(self.hero)
        self.body.addWidget(self.hours_card)
        for title in SMALL:
            grid = CardGrid(self)
            grid.opened.connect(self._open_figure)
            card = self.section(title, grid)
            self.groups[title] = (card, grid)
        self.body.addWidget(self.groups["owner.group.members"][0])
        columns = QGridLayout(self.lists)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(Space.M)
        members = self.section("summary.group.top_members", self.members)
        items = self.section("summary.group.top_items", self.items)
        staff = self.section("owner.group.operators", self.operators)
        for card in (members, items, staff):
            card.body.addStretch(1)
        columns.addWidget(members, 0, 0)
        columns.addWidget(items, 0, 1)
        columns.addWidget(staff, 1, 0, 1, 2)
        columns.setColumnStretch(0, 1)
        columns.setColumnStretch(1, 1)
        self.body.addWidget(self.lists)
        for title in tuple(SMALL)[1:]:
            self.body.addWidget(self.groups[title][0])
        self.body.addWidget(self.work)

    def _put_beside_about(self, *widgets: QWidget) -> None:
        """On the right of what the figures are compared with, one below the other."""
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        box.insertLayout(box.indexOf(self.about), row)
        row.addWidget(self.about, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        for widget in widgets:
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
        row.addLayout(column)


def _finding(summary: Summary) -> str:
    """A day that has begun without a sale is not one on which the shop was closed."""
    if summary.is_running and not summary.has_business:
        return t("owner.nothing_yet")
    return finding(summary)


def _keys_of(grid: CardGrid) -> tuple[Key, ...]:
    return tuple(Key(card.data.key) for card in grid.cards)
