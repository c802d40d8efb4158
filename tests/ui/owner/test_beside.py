"""The summary beside the days that the owner chose: the very figures of those days, as many days as are in sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from pytestqt.qtbot import QtBot

from app.service.summary_values import Key
from tests.ui.owner.shops import make_past, owner_page, settle
from tests.ui.till_fixture import OWNER_NUMBER, TillRig, close_rig, open_rig
from ui.owner.period_sheet import AgainstSheet
from ui.owner.periods import Against, Beside, Stretch, Word
from ui.owner.summary_page import SummaryPage
from ui.tour.sight import cut_off


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    make_past(folder)
    return folder


@pytest.fixture
def page(qtbot: QtBot, past: Path, tmp_path: Path) -> Iterator[SummaryPage]:
    rig = open_rig(qtbot, copytree(past, tmp_path / "shop"))
    rig.sign_on(OWNER_NUMBER)
    yield owner_page(rig)
    close_rig(rig)


def figures(page: SummaryPage, since: date, until: date) -> dict[Key, int | None]:
    summary = page.desk.till.summary.summary(since, until)
    return {key: figure.value for key, figure in summary.figures.items()}


def then(page: SummaryPage) -> dict[Key, int | None]:
    assert page.summary is not None
    return {key: figure.before for key, figure in page.summary.figures.items()}


def test_what_stands_beside_is_the_very_day_that_was_chosen(page: SummaryPage) -> None:
    day = date(2026, 11, 20)
    page.show_days(Stretch(day, day))
    page.show_beside(Beside(Against.BEFORE))
    settle()
    assert page.summary is not None
    assert page.summary.before == (day - timedelta(days=1), day - timedelta(days=1))
    assert then(page) == figures(page, day - timedelta(days=1), day - timedelta(days=1))
    assert "對照的日子" in page.finding.text()
    assert len(page.hours.legend()) == 2
    assert cut_off(page.desk.window) == ()


def test_chosen_days_are_as_many_as_those_in_sight(page: SummaryPage) -> None:
    page.show_days(Stretch(date(2026, 11, 16), date(2026, 11, 20)))
    page.show_beside(Beside(Against.OTHER, Stretch(date(2026, 11, 2), date(2026, 11, 15))))
    settle()
    assert page.summary is not None
    assert page.summary.before == (date(2026, 11, 2), date(2026, 11, 6))
    assert then(page) == figures(page, date(2026, 11, 2), date(2026, 11, 6))


def test_with_nothing_chosen_it_is_compared_as_usual_again(page: SummaryPage) -> None:
    day = date(2026, 11, 20)
    page.show_days(Stretch(day, day))
    usual = page.summary
    page.show_beside(Beside(Against.BEFORE))
    page.show_beside(Beside())
    settle()
    assert page.summary is not None
    assert usual is not None
    assert page.summary.before == usual.before == (day - timedelta(days=7), day - timedelta(days=7))
    assert page.compare.text() == "和別段日子比…"


def test_days_on_which_the_shop_was_closed_are_nothing_to_compare_with(page: SummaryPage) -> None:
    page.show_days(Stretch(date(2026, 11, 20), date(2026, 11, 20)))
    page.show_beside(Beside(Against.YEAR))
    settle()
    assert page.summary is not None
    assert page.summary.before is None
    assert set(then(page).values()) == {None}


def test_the_sheet_offers_the_usual_comparison(page: SummaryPage, qtbot: QtBot) -> None:
    page.words.button(Word.WEEK).click()
    page.ask_what_beside()
    sheets = page.desk.window.findChildren(AgainstSheet)
    assert len(sheets) == 1
    assert sheets[0].usual[0].text() == "照平常"
    assert cut_off(page.desk.window) == ()
    sheets[0].usual[1].click()
    settle()
    assert page.beside == Beside(Against.BEFORE)


def test_a_running_day_is_named_beside_the_same_hour_of_the_chosen_day(
    qtbot: QtBot, past: Path, tmp_path: Path
) -> None:
    rig: TillRig = open_rig(qtbot, copytree(past, tmp_path / "running"))
    rig.sign_on(OWNER_NUMBER)
    shown = owner_page(rig)
    today = shown.desk.till.summary.today()
    shown.show_days(Stretch(today, today), Word.TODAY)
    shown.show_beside(Beside(Against.BEFORE))
    settle()
    assert shown.summary is not None
    assert shown.summary.before == (today - timedelta(days=1), today - timedelta(days=1))
    close_rig(rig)
