"""The pages about the way of members, their value and what they buy next, over half a year: figures are the services', every count opens
its members, two stretches of days stand side by side, and a chart becomes a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QStandardPaths
from pytestqt.qtbot import QtBot

from app import i18n
from app.commands.report_insight import answer_of
from app.insight.bgnbd import Coming
from app.insight.churn import Churn
from app.insight.lifecycle import BySilence, ByVisits, Lifecycle
from app.insight.next_goods import NextGoods
from app.insight.rfm import NOT_THERE, Migration, movers
from app.insight.values import Period, TooLittle
from app.service.insight_desk import Kind
from tests.ui.owner.shops import is_too_wide, make_past, owner_page, settle, view_of
from tests.ui.till_fixture import OWNER_NUMBER, TillRig, close_rig, open_rig
from ui import theme
from ui.charts.heat_map import HeatMap
from ui.member.page import MemberPage
from ui.owner.cohort_page import CohortPage
from ui.owner.insight_page import InsightPage, Span
from ui.owner.life_pages import MovesPage, StagesPage
from ui.owner.member_insight import FewPage, LatePage, RfmPage
from ui.owner.next_page import GoodsSheet, NextPage
from ui.owner.people_sheet import PeopleSheet
from ui.owner.period_sheet import AgainstSheet, PeriodSheet
from ui.owner.periods import Against, Beside
from ui.owner.pictures import folder_of
from ui.owner.second_page import SecondPage
from ui.owner.shop_insight import AbcPage, PairsPage, PeaksPage
from ui.owner.value_pages import RiskPage, ValuePage
from ui.owner.view import PAGES
from ui.theme import Mode
from ui.tour.sight import cut_off
from ui.widgets.sheet import topmost

NEW: tuple[type[InsightPage], ...] = (
    MovesPage,
    StagesPage,
    RiskPage,
    NextPage,
    ValuePage,
    SecondPage,
)
COMPARING = tuple(page for page in PAGES if issubclass(page, InsightPage) and page.COMPARES)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year of a busy small shop; every test opens a copy."""
    folder = tmp_path_factory.mktemp("half_a_year")
    make_past(folder, members=260, days=220, sales_per_day=14)
    return folder


@pytest.fixture
def shop(qtbot: QtBot, past: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TillRig]:
    pictures = tmp_path / "home"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _place: str(pictures))
    opened = open_rig(qtbot, copytree(past, tmp_path / "shop"))
    opened.sign_on(OWNER_NUMBER)
    owner_page(opened)
    yield opened
    close_rig(opened)


def show(rig: TillRig, kind: type[InsightPage]) -> InsightPage:
    """This page in sight, with its answer."""
    view = view_of(rig)
    view.show_page(kind.NAME)
    settle()
    assert isinstance(view.page, kind)
    assert view.page.content.isVisible(), view.page.finding.text()
    return view.page


def members_in_sheet(rig: TillRig) -> int:
    """How many members the sheet in sight lists; then it is closed."""
    sheet = rig.sheet
    assert isinstance(sheet, PeopleSheet)
    count = len(sheet.members)
    rig.typist.press("Escape")
    assert rig.sheet is None
    return count


def number_in(words: str) -> int:
    """The last number of a sentence."""
    return int(re.findall(r"[\d,]+", words)[-1].replace(",", ""))


def period_of(page: InsightPage) -> Period:
    answer = page.answer[0] if isinstance(page.answer, tuple) else page.answer
    period: Period = answer.period
    return period


def press_each(rig: TillRig, chart: HeatMap, most: int = 4) -> list[tuple[int, int]]:
    """(what the cell says, how many its sheet lists) of some cells, by arrow keys and Enter."""
    found = []
    keys = [(index, mark) for index, mark in enumerate(chart.marks) if mark.key]
    assert keys
    for index, _ in keys[:: max(1, len(keys) // most)]:
        rig.clock.forward(seconds=1)
        chart.setFocus()
        rig.typist.press("Home", *["Right"] * index)
        rig.typist.press("Enter")
        count = number_in(chart.marks[index].words)
        found.append((count, members_in_sheet(rig)))
    return found


def test_every_cell_of_the_stages_opens_as_many_members_as_it_says(shop: TillRig) -> None:
    page = cast("StagesPage", show(shop, StagesPage))
    found = page.answer[0].value
    assert isinstance(found, Lifecycle)
    assert int(found.counts.sum()) == found.n
    regular = found.counts[ByVisits.REGULAR]
    assert f"有 {int(regular[BySilence.ACTIVE]):,} 位熟客還常來" in page.finding.text()
    for chart in (page.map, page.moved):
        assert chart.isVisible()
        for said, listed in press_each(shop, chart):
            assert said == listed


def test_moves_are_between_windows_of_equal_length_and_open_who_moved(shop: TillRig) -> None:
    page = cast("MovesPage", show(shop, MovesPage))
    moved, earlier, later = (one.value for one in page.answer[:3])
    assert isinstance(moved, Migration)
    assert moved.before.days == moved.after.days < 365, "half a year is known, so a year is not"
    assert earlier.cuts == later.cuts
    assert page.span is Span.QUARTER
    for said, listed in press_each(shop, page.map):
        assert said == listed
    row = page.list.rows[0]
    was, now = (int(part) for part in row.data.key.split(":"))
    row.click()
    assert members_in_sheet(shop) == len(movers(earlier, later, was, now)) == int(moved.members[was, now])
    assert was != NOT_THERE


def test_a_move_needs_three_months_before_the_earlier_day(shop: TillRig) -> None:
    desk = shop.till.insight
    first = desk.everything().first
    assert desk.windows(first + timedelta(days=30), first + timedelta(days=100)) == TooLittle("days", 31, 90)
    spans = desk.windows(first + timedelta(days=99), first + timedelta(days=199))
    assert not isinstance(spans, TooLittle)
    assert spans[0].first == first
    assert spans[0].days == spans[1].days == 100


def test_the_second_visit_says_how_sure_it_is_and_who_is_still_awaited(shop: TillRig) -> None:
    page = cast("SecondPage", show(shop, SecondPage))
    found = shop.till.insight.second_visits(page.answer[4]).value
    within = found.within(30)  # type: ignore[union-attr]
    assert f"有 {within.value * 100:.0f}% 又來了" in page.finding.text()  # type: ignore[union-attr]
    assert f"{within.low * 100:.0f}%" in page.about.text()  # type: ignore[union-attr]
    awaited = page.facts.rows[0]
    awaited.click()
    assert members_in_sheet(shop) == number_in(awaited.data.trailing)


def test_risk_lists_whom_to_call_and_every_column_opens_its_members(shop: TillRig) -> None:
    page = cast("RiskPage", show(shop, RiskPage))
    found = page.answer[0].value
    assert isinstance(found, Churn)
    assert not isinstance(found.risk, TooLittle)
    assert sum(int(point.amount) for point in page.bins._series.points) == found.n
    index = next(index for index, mark in enumerate(page.bins.marks) if mark.key)
    page.bins.setFocus()
    shop.typist.press("Home", *["Right"] * index)
    shop.typist.press("Enter")
    assert members_in_sheet(shop) == int(page.bins._series.points[index].amount)
    assert len(page.people.rows) <= 20
    page.people.rows[0].click()
    assert isinstance(shop.sheet, MemberPage)


def test_who_came_only_once_stands_in_no_cell_of_the_model_of_visits(shop: TillRig) -> None:
    """The model takes everybody who came once for still there: as a score that would put them first."""
    page = cast("RiskPage", show(shop, RiskPage))
    found, coming = page.answer[0].value, page.answer[1].value
    assert isinstance(coming, Coming)
    inside = sum(len(page._crossed(found, coming, risk, visit)) for risk in range(3) for visit in range(3))
    came_again = coming.can_leave[np.searchsorted(coming.member, found.member)]
    assert inside == int(came_again.sum()) < found.n


def test_value_is_a_range_until_somebody_came_three_times(shop: TillRig) -> None:
    page = cast("ValuePage", show(shop, ValuePage))
    found = page.answer[0].value
    order = page.answer[3]
    assert [float(found.value[place]) for place in order] == sorted(
        (float(found.value[place]) for place in order), reverse=True
    )
    few = next(place for place in order if not found.is_single[place])
    single, between = page._worth(found, few)
    assert single == ""
    assert "到" in between
    page.people.rows[-1].click()
    assert members_in_sheet(shop) == min(200, len(order))
    page.people.rows[0].click()
    assert isinstance(shop.sheet, MemberPage)


def test_what_is_due_is_the_desks_and_one_member_shows_what_they_take(shop: TillRig) -> None:
    page = cast("NextPage", show(shop, NextPage))
    found = shop.till.insight.next(Period(*_year(shop))).value
    assert isinstance(found, NextGoods)
    assert f"有 {len(page._due):,} 位會員" in page.finding.text()
    assert set(page._due) <= set(found.due_members().tolist())
    page.due.rows[0].click()
    sheet = shop.sheet
    assert isinstance(sheet, GoodsSheet)
    assert any(row.data.trailing for row in sheet.own.rows), "one of them is due"
    assert len(sheet.new.rows) <= 3
    own = {row.data.title for row in sheet.own.rows}
    assert not own & {row.data.title for row in sheet.new.rows}
    assert cut_off(shop.window) == ()
    shop.typist.press("Enter")
    assert isinstance(shop.sheet, MemberPage)
    shop.typist.press("Escape", "Escape")


SHOWN: dict[Kind, type[InsightPage]] = {
    Kind.RFM: RfmPage,
    Kind.RHYTHM: LatePage,
    Kind.CHURN: RiskPage,
    Kind.COHORT: CohortPage,
    Kind.SECOND_VISITS: SecondPage,
    Kind.CONCENTRATION: FewPage,
    Kind.PEAKS: PeaksPage,
    Kind.PAIRS: PairsPage,
    Kind.ABC: AbcPage,
    Kind.NEXT: NextPage,
}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_page_shows_the_very_answer_that_a_report_prints(shop: TillRig, kind: Kind) -> None:
    page = show(shop, SHOWN[kind])
    mine = page.answer[0] if isinstance(page.answer, tuple) else page.answer
    assert answer_of(shop.till.insight, kind, Period(*_year(shop))) is mine


def test_moves_are_those_of_the_report_for_the_same_days(shop: TillRig) -> None:
    page = show(shop, MovesPage)
    printed = answer_of(shop.till.insight, Kind.MOVES, None).value
    assert printed.members.tolist() == page.answer[0].value.members.tolist()
    assert (printed.before, printed.after) == (page.answer[0].value.before, page.answer[0].value.after)


def test_a_cell_of_the_triangle_opens_who_came_in_that_month(shop: TillRig) -> None:
    page = cast("CohortPage", show(shop, CohortPage))
    found = page.answer[0].value
    assert found.size[0] == 0, "the shop began within the year"
    assert len(page.map._grid.rows) == int((found.size > 0).sum()), "and no row stands for the months before"
    marks = [(index, mark.key) for index, mark in enumerate(page.map.marks) if mark.key]
    for index, key in marks[:: len(marks) // 3]:
        cohort, month = (int(part) for part in key.split(":"))
        shop.clock.forward(seconds=1)
        page.map.setFocus()
        shop.typist.press("Home", *["Right"] * index)
        shop.typist.press("Enter")
        settle()
        assert members_in_sheet(shop) == int(found.active[cohort, month])


def test_a_point_of_the_curve_opens_those_who_spend_most(shop: TillRig) -> None:
    page = cast("FewPage", show(shop, FewPage))
    spent = page.answer[2]
    page.curve.setFocus()
    shop.typist.press("Home", "Right", "Right", "Enter")
    sheet = shop.sheet
    assert isinstance(sheet, PeopleSheet)
    fifth = -(-len(spent.member) // 5)
    best = sorted(spent.monetary.tolist(), reverse=True)[:fifth]
    shown = [sheet.table.item(row, 3).text() for row in range(sheet.table.rowCount())]  # type: ignore[union-attr]
    assert shown == [page.money(amount) for amount in best]


def test_a_member_is_looked_up_by_number_or_name(shop: TillRig) -> None:
    page = cast("NextPage", show(shop, NextPage))
    number = next(iter(page._due))
    card = shop.till.store.members.by_id(page._files[number])
    assert card is not None
    page.search.setFocus()
    shop.typist.type(f"0{card.member.phone[4:]}")
    shop.typist.press("Enter")
    assert isinstance(shop.sheet, GoodsSheet)
    shop.typist.press("Escape")
    shop.clock.forward(seconds=1)
    page.search.set_text("查無此人")
    page.search.setFocus()
    shop.typist.press("Enter")
    assert topmost(shop.window) is None
    assert page.found.isVisible()
    assert page.found.rows == []


@pytest.mark.parametrize("kind", COMPARING, ids=lambda kind: kind.NAME)
def test_two_stretches_stand_side_by_side(shop: TillRig, kind: type[InsightPage]) -> None:
    page = show(shop, kind)
    page.spans.button(Span.QUARTER).click()
    settle()
    page.show_beside(Beside(Against.BEFORE))
    settle()
    assert page.days_before is not None
    assert page.before is not None
    assert page.days_before.last == period_of(page).first - timedelta(days=1)
    assert "對照" in page.about.text()
    assert "前一段" in page.compare.text()
    assert cut_off(shop.window) == ()
    page.show_beside(Beside())
    settle()
    assert page.before is None
    assert "對照" not in page.about.text()


def test_a_chart_draws_both_with_a_legend(shop: TillRig) -> None:
    few = cast("FewPage", show(shop, FewPage))
    few.spans.button(Span.QUARTER).click()
    few.show_beside(Beside(Against.WEEKDAYS))
    settle()
    assert [one.name for one in few.curve.legend()] == ["這段日子", "前面同樣的星期幾", "每個人都買一樣多"]
    peaks = cast("PeaksPage", show(shop, PeaksPage))
    peaks.spans.button(Span.QUARTER).click()
    peaks.show_beside(Beside(Against.BEFORE))
    settle()
    assert len(peaks.hours.legend()) == 2
    assert all("之前" in mark.words for mark in peaks.hours.marks)
    goods = cast("AbcPage", show(shop, AbcPage))
    goods.spans.button(Span.QUARTER).click()
    goods.show_beside(Beside(Against.BEFORE))
    settle()
    assert "之前 NT$" in goods.items.rows[0].data.trailing_detail


def test_segments_are_compared_by_the_same_lines(shop: TillRig) -> None:
    page = cast("RfmPage", show(shop, RfmPage))
    page.spans.button(Span.QUARTER).click()
    page.show_beside(Beside(Against.BEFORE))
    settle()
    assert page.before[0].value.cuts == page.answer[0].value.cuts


def test_days_before_the_shops_first_are_not_compared(shop: TillRig) -> None:
    page = show(shop, FewPage)
    page.show_beside(Beside(Against.YEAR))
    settle()
    assert page.before is None
    assert "資料還不夠" in page.about.text()
    assert page.content.isVisible(), "what is asked about is shown all the same"


def test_what_to_compare_with_is_chosen_by_keys(shop: TillRig) -> None:
    page = show(shop, FewPage)
    page.spans.button(Span.QUARTER).click()
    settle()
    page.compare.setFocus()
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    sheet = shop.sheet
    assert isinstance(sheet, AgainstSheet)
    assert len(sheet.usual) == len(Against) - 1
    assert cut_off(shop.window) == ()
    sheet.usual[1].setFocus()
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    settle()
    assert page.beside == Beside(Against.BEFORE)
    page.ask_what_beside()
    other = shop.sheet
    assert isinstance(other, AgainstSheet)
    other.since.set_text("2026/08/01")
    other.until.set_text("2026/08/31")
    other.show_days.click()
    settle()
    assert page.days_before == Period(date(2026, 8, 1), date(2026, 8, 31))


def test_any_days_can_be_asked_about_and_stepping_back_keeps_the_ones_before(shop: TillRig) -> None:
    page = show(shop, PeaksPage)
    page.spans.button(Span.OTHER).click()
    sheet = shop.sheet
    assert isinstance(sheet, PeriodSheet)
    shop.typist.press("Escape")
    assert page.spans.value == Span.YEAR
    page.spans.button(Span.OTHER).click()
    sheet = shop.sheet
    assert isinstance(sheet, PeriodSheet)
    sheet.usual[1].click()
    settle()
    assert page.answer.period.days == 30
    assert str(page.spans.value) == Span.OTHER.value


@pytest.mark.parametrize(("key", "suffix"), [("s", ".png"), ("S", ".svg")])
def test_one_key_saves_the_picture_and_says_where_it_lies(shop: TillRig, key: str, suffix: str) -> None:
    page = cast("FewPage", show(shop, FewPage))
    page.curve.setFocus()
    shop.typist.type(key)
    (path,) = folder_of(page.desk).iterdir()
    assert path.suffix == suffix
    assert path.name.startswith("few-2026")
    newest = shop.window.context.messages.history[-1]
    assert str(path) in i18n.t(newest.key, None, **newest.fields)


def test_a_picture_that_cannot_be_kept_is_said_in_a_sentence(shop: TillRig) -> None:
    page = cast("FewPage", show(shop, FewPage))
    folder_of(page.desk).write_text("in the way")
    page.curve.save_requested.emit(False)
    assert shop.window.context.messages.history[-1].key == "charts.not_saved"


@pytest.mark.parametrize(
    ("size", "language", "mode"),
    [((1024, 768), "en", Mode.DARK), ((1024, 768), "zh_TW", Mode.LIGHT), ((1920, 1080), "zh_CN", Mode.LIGHT)],
)
def test_nothing_is_cut_off(shop: TillRig, size: tuple[int, int], language: str, mode: Mode) -> None:
    i18n.set_language(language)
    theme.current().set_mode(mode)
    shop.window.resize(*size)
    try:
        for kind in (*NEW, *COMPARING):
            page = show(shop, kind)
            if kind.COMPARES:
                page.spans.button(Span.QUARTER).click()
                page.show_beside(Beside(Against.BEFORE))
                settle()
            assert cut_off(shop.window) == (), kind.NAME
            assert not is_too_wide(shop), kind.NAME
            page.explain()
            settle()
            assert cut_off(shop.window) == (), kind.NAME
            shop.typist.press("Escape")
    finally:
        i18n.set_language("zh_TW")


def _year(rig: TillRig) -> tuple[date, date]:
    year = rig.till.insight.year()
    return year.first, year.last
