"""The day's summary by real key presses: what the owner sees first, what lies behind each figure, and who never sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from pytestqt.qtbot import QtBot

from app import i18n
from app.service.summary_ports import TicketRow
from app.service.summary_values import Behind, Key
from app.service.summary_words import value_text
from tests.ui.member.regulars import buys
from tests.ui.owner.shops import is_too_wide, make_past, owner_page, settle, view_of
from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    OWNER_NUMBER,
    PIN,
    SOAP,
    TEA,
    TillRig,
    close_rig,
    open_rig,
)
from ui import theme
from ui.context import Screen
from ui.member.page import MemberPage
from ui.owner.about_sheet import AboutSheet
from ui.owner.call_sheet import CallSheet
from ui.owner.period_sheet import PeriodSheet
from ui.owner.periods import Word
from ui.owner.rows_sheet import RowsSheet
from ui.owner.summary_page import HERO, SummaryPage
from ui.theme import Mode
from ui.tour.sight import cut_off


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; every test opens a copy."""
    folder = tmp_path_factory.mktemp("past")
    make_past(folder)
    return folder


@pytest.fixture
def shop(qtbot: QtBot, past: Path, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, copytree(past, tmp_path / "shop"))
    yield opened
    close_rig(opened)


def key_in(rig: TillRig, number: str) -> None:
    rig.typist.type(number)
    rig.typist.press("Enter")
    rig.typist.type(PIN)
    settle()


def screen(rig: TillRig) -> str:
    return rig.window.current_screen.value


def marked(page: SummaryPage) -> str:
    """The days that are marked as shown."""
    return page.words.value.value


def shown(page: SummaryPage, key: Key) -> str:
    return page.hero.card(key.value).data.value


def test_the_owner_sees_the_summary_first_and_one_key_goes_to_the_sale(shop: TillRig) -> None:
    key_in(shop, OWNER_NUMBER)
    assert screen(shop) == "owner"
    shop.typist.press("Escape")
    assert screen(shop) == "sale"


def test_who_comes_back_from_a_locked_till_comes_back_to_their_work(shop: TillRig) -> None:
    key_in(shop, OWNER_NUMBER)
    shop.typist.press("Escape", "Ctrl+L")
    key_in(shop, OWNER_NUMBER)
    assert shop.window.current_screen is Screen.SALE


def test_a_cashier_cannot_reach_the_figures_by_any_key(shop: TillRig) -> None:
    key_in(shop, CASHIER_NUMBER)
    assert shop.window.current_screen is Screen.SALE
    shop.typist.press("Ctrl+O")
    assert shop.window.current_screen is Screen.SALE
    assert shop.told[-1] == "owner.not_yours"
    assert not shop.window.header._owner.isVisible()


def test_figures_are_the_services_to_the_cent(shop: TillRig) -> None:
    page = owner_page(shop)
    desk = shop.till.summary
    yesterday = desk.today() - timedelta(days=1)
    wanted = desk.summary(yesterday)
    assert wanted.value(Key.NET), "the demo sold something yesterday"
    for key in HERO:
        figure = wanted.figures[key]
        assert shown(page, key) == value_text(figure.value, figure.unit, wanted.currency)
    assert [point.amount for point in page.hours._series.points] == [one.minor for one in wanted.hours]
    assert len(page.members.rows) == len(wanted.top_members)


def test_before_the_first_sale_of_a_day_the_day_before_is_shown_but_today_can_be_asked_for(
    shop: TillRig,
) -> None:
    page = owner_page(shop)
    assert marked(page) == "yesterday"
    page.words.focus()
    shop.typist.press("Left")
    assert marked(page) == "today"
    assert page.finding.text() == i18n.t("owner.nothing_yet")
    assert not page.hero.isVisible()


def test_once_something_was_sold_today_comes_first_again(shop: TillRig) -> None:
    page = owner_page(shop)
    assert marked(page) == "yesterday"
    shop.typist.press("Escape")
    code = next(one.barcodes[0] for one in shop.store.catalogue.records(shop.clock.now_ms()) if one.barcodes)
    buys(shop, code, days=0)
    shop.typist.press("Ctrl+O")
    settle()
    assert marked(page) == "today"
    assert shown(page, Key.TICKETS) == "1"


def test_the_arrow_keys_choose_the_days(shop: TillRig) -> None:
    page = owner_page(shop)
    page.words.focus()
    shop.typist.press("Right", "Right")
    today = shop.till.summary.today()
    assert page.summary is not None
    assert (page.summary.since, page.summary.until) == (today.replace(day=1), today)


def test_a_festival_and_days_of_ones_own_are_shown(shop: TillRig) -> None:
    page = owner_page(shop)
    page.words.button(Word.OTHER).click()
    sheet = shop.sheet
    assert isinstance(sheet, PeriodSheet)
    assert sheet.festivals, "Double 11 lies within the three weeks"
    shop.typist.type("2026/11/09")
    shop.typist.press("Enter")
    shop.typist.type("11/15")
    shop.typist.press("Enter")
    assert page.summary is not None
    assert (f"{page.summary.since}", f"{page.summary.until}") == ("2026-11-09", "2026-11-15")
    assert page.words.value is Word.OTHER


def test_a_date_that_is_none_keeps_the_sheet_open_and_says_so(shop: TillRig) -> None:
    page = owner_page(shop)
    page.words.button(Word.OTHER).click()
    sheet = shop.sheet
    assert isinstance(sheet, PeriodSheet)
    sheet.since.set_text("2026/13/40")
    sheet.show_days.click()
    assert not sheet.isHidden()
    assert "2026/13/40" in sheet.since.note.text()
    shop.typist.press("Escape")
    assert page.words.value is Word.YESTERDAY, "the days that are shown stay the marked ones"


@pytest.mark.parametrize("key", HERO)
def test_every_figure_opens_the_rows_that_it_was_added_up_from(shop: TillRig, key: Key) -> None:
    page = owner_page(shop)
    page.hero.card(key.value).setFocus()
    shop.typist.press("Enter")
    sheet = shop.sheet
    assert isinstance(sheet, RowsSheet)
    day = shop.till.summary.today() - timedelta(days=1)
    rows = shop.till.summary.rows_behind(day, day, Behind(key))
    assert sheet.shown == (*rows.tickets, *rows.members, *rows.entries)
    assert sheet.table.rowCount() == len(sheet.shown)


def test_every_other_card_opens_something_and_its_meaning_stands_on_top(shop: TillRig) -> None:
    page = owner_page(shop)
    cards = [card for _, grid in page.groups.values() for card in grid.cards]
    assert len(cards) >= 12
    for card in cards:
        card.click()
        sheet = shop.sheet
        assert isinstance(sheet, RowsSheet)
        assert cut_off(shop.window) == ()
        sheet.finish()


def test_tickets_of_the_day_add_up_to_the_figure(shop: TillRig) -> None:
    page = owner_page(shop)
    page.hero.card(Key.NET.value).click()
    sheet = shop.sheet
    assert isinstance(sheet, RowsSheet)
    assert page.summary is not None
    tickets = [row for row in sheet.shown if isinstance(row, TicketRow)]
    assert sum(row.total_minor for row in tickets) == page.summary.value(Key.NET)


def test_a_row_opens_its_member_and_esc_comes_back_to_the_rows(shop: TillRig) -> None:
    page = owner_page(shop)
    page.hero.card(Key.MEMBERS.value).setFocus()
    shop.typist.press("Enter")
    rows = shop.sheet
    assert isinstance(rows, RowsSheet)
    shop.clock.forward(seconds=1)
    shop.typist.press("Down", "Enter")
    sheet = shop.sheet
    assert isinstance(sheet, MemberPage)
    assert sheet.desk.member_id == rows.shown[1].member_id
    shop.typist.press("Escape")
    assert shop.sheet is rows


def test_an_hour_an_item_and_a_person_open_their_own_rows(shop: TillRig) -> None:
    page = owner_page(shop)
    opens: tuple[Callable[[], None], ...] = (
        lambda: page.hours.chosen.emit(page.hours.marks[3].key),
        lambda: page.items.rows[0].click(),
        lambda: page.operators.rows[0].click(),
    )
    for open_it in opens:
        open_it()
        sheet = shop.sheet
        assert isinstance(sheet, RowsSheet)
        sheet.finish()
    page.members.rows[0].click()
    assert isinstance(shop.sheet, MemberPage)


def test_more_rows_come_when_the_last_is_reached(shop: TillRig) -> None:
    page = owner_page(shop)
    page.words.focus()
    shop.typist.press("Right", "Right")
    page.hero.card(Key.TICKETS.value).setFocus()
    shop.typist.press("Enter")
    sheet = shop.sheet
    assert isinstance(sheet, RowsSheet)
    first = len(sheet.shown)
    assert first == 50
    for _ in range(7):
        shop.typist.press("PgDown")
    assert len(sheet.shown) > first
    tickets = [row for row in sheet.shown if isinstance(row, TicketRow)]
    assert len({row.id for row in tickets}) == len(sheet.shown)


def test_all_members_behind_a_figure_can_be_called_not_only_those_in_sight(shop: TillRig) -> None:
    page = owner_page(shop)
    page.words.button(Word.MONTH).click()
    page.hero.card(Key.MEMBERS.value).click()
    rows = shop.sheet
    assert isinstance(rows, RowsSheet)
    rows._rows = rows._rows[:2]  # as if only a page of them had been read
    shop.typist.type("l")
    calls = shop.sheet
    assert isinstance(calls, CallSheet)
    assert page.summary is not None
    assert len(calls.calls) == page.summary.value(Key.MEMBERS)


def test_the_question_mark_says_what_the_figures_mean(shop: TillRig) -> None:
    page = owner_page(shop)
    page.hero.cards[0].setFocus()
    shop.typist.type("?")
    assert isinstance(shop.sheet, AboutSheet)


def test_arrow_keys_walk_the_cards(shop: TillRig) -> None:
    page = owner_page(shop)
    page.hero.cards[0].setFocus()
    shop.typist.press("Right", "Down")
    here = next(index for index, card in enumerate(page.hero.cards) if card.hasFocus())
    assert here == 1 + page.hero._columns


@pytest.mark.parametrize(
    ("size", "language", "mode"),
    [
        ((1024, 768), "zh_TW", Mode.LIGHT),
        ((1024, 768), "zh_CN", Mode.DARK),
        ((1024, 768), "en", Mode.LIGHT),
        ((1920, 1080), "en", Mode.DARK),
    ],
)
def test_nothing_is_cut_off(shop: TillRig, size: tuple[int, int], language: str, mode: Mode) -> None:
    i18n.set_language(language)
    theme.current().set_mode(mode)
    shop.window.resize(*size)
    try:
        page = owner_page(shop)
        assert cut_off(shop.window) == ()
        assert not is_too_wide(shop)
        page.hero.card(Key.NET.value).click()
        settle()
        assert cut_off(shop.window) == ()
    finally:
        i18n.set_language("zh_TW")


def test_an_empty_shop_says_that_nothing_was_sold_yet(qtbot: QtBot, tmp_path: Path) -> None:
    rig = open_rig(qtbot, tmp_path)
    key_in(rig, OWNER_NUMBER)
    page = owner_page(rig)
    assert page.finding.text() == i18n.t("owner.nothing_yet")
    assert not page.hero.isVisible()
    rig.typist.press("Escape")
    assert rig.window.current_screen is Screen.SALE
    close_rig(rig)


def test_the_first_day_is_shown_without_anything_to_compare_with(qtbot: QtBot, tmp_path: Path) -> None:
    rig = open_rig(qtbot, tmp_path)
    buys(rig, TEA, SOAP, days=0)
    page = owner_page(rig)
    assert page.words.value is Word.TODAY
    assert shown(page, Key.TICKETS) == "1"
    assert all(not card.data.lines for card in page.hero.cards)
    assert cut_off(rig.window) == ()
    close_rig(rig)


def test_the_language_changes_what_is_shown_at_once(shop: TillRig) -> None:
    page = owner_page(shop)
    i18n.set_language("en")
    try:
        assert page.hero.card(Key.NET.value).data.name == "Sales"
    finally:
        i18n.set_language("zh_TW")
    assert view_of(shop).page is page
