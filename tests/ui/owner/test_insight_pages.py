"""The pages of insight by real key presses: the service's own answers, stopped work, too little data, and members behind a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import i18n
from app.insight.rfm import Rfm, Segment
from app.service.insight_desk import InsightDesk
from tests.ui.owner.shops import is_too_wide, make_past, owner_page, settle, view_of
from tests.ui.till_fixture import OWNER_NUMBER, TillRig, close_rig, open_rig
from ui import theme
from ui.member.page import MemberPage
from ui.owner.about_sheet import AboutSheet
from ui.owner.insight_page import InsightPage, Span
from ui.owner.member_insight import LatePage, RfmPage
from ui.owner.people_sheet import PeopleSheet
from ui.owner.shop_insight import PairsPage, PeaksPage
from ui.owner.view import PAGES
from ui.tasks import Executor
from ui.theme import Mode
from ui.tour.sight import cut_off

NAMES = tuple(page.NAME for page in PAGES if issubclass(page, InsightPage))


class HeldExecutor:
    """Runs the store's work at once, and keeps what is asked of it while it is held."""

    def __init__(self) -> None:
        self.is_held = False
        self.waiting: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], None], /) -> object:
        if self.is_held:
            self.waiting.append(work)
        else:
            work()
        return None

    def shutdown(self) -> None:
        pass

    def let_go(self) -> None:
        self.is_held = False
        while self.waiting:
            self.waiting.pop(0)()


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; every test opens a copy."""
    folder = tmp_path_factory.mktemp("insight")
    make_past(folder)
    return folder


@pytest.fixture
def executor() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def shop(qtbot: QtBot, past: Path, tmp_path: Path, executor: Executor) -> Iterator[TillRig]:
    opened = open_rig(qtbot, copytree(past, tmp_path / "shop"), executor=executor)
    opened.sign_on(OWNER_NUMBER)
    owner_page(opened)
    yield opened
    close_rig(opened)


def page(rig: TillRig, name: str) -> InsightPage:
    """This page in sight."""
    view = view_of(rig)
    view.show_page(name)
    settle()
    assert isinstance(view.page, InsightPage)
    return view.page


def has_answer(shown: InsightPage) -> bool:
    return shown.answer is not None


def test_the_arrow_keys_walk_the_list_of_pages(shop: TillRig) -> None:
    view = view_of(shop)
    view.subjects.focus()
    for kind in PAGES[1:]:
        shop.typist.press("Down")
        assert isinstance(view.page, kind)


def test_segments_are_the_services_and_every_member_stands_in_one(shop: TillRig) -> None:
    shown = page(shop, RfmPage.NAME)
    assert isinstance(shown, RfmPage)
    found = shop.till.insight.rfm().value
    assert isinstance(found, Rfm), "forty members have enough to say"
    trailing = [row.data.trailing for row in shown.segments.rows]
    wanted = [i18n.t("owner_insight.people_count", count=f"{one.members:,}") for one in found.figures]
    assert trailing == wanted
    assert sum(one.members for one in found.figures) == found.n == int(np.sum(_counts(shown)))


def test_a_segment_opens_its_members_and_a_member_their_page(shop: TillRig) -> None:
    shown = page(shop, RfmPage.NAME)
    assert isinstance(shown, RfmPage)
    found = shown.answer[0].value
    row = next(row for row in shown.segments.rows if row.data.key)
    row.setFocus()
    shop.typist.press("Enter")
    sheet = shop.sheet
    assert isinstance(sheet, PeopleSheet)
    assert len(sheet.members) == found.figures[Segment(int(row.data.key))].members
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert isinstance(shop.sheet, MemberPage)
    shop.typist.press("Escape", "Escape")
    assert shop.sheet is None


def test_a_cell_of_the_map_opens_by_arrow_key_and_enter(shop: TillRig) -> None:
    shown = page(shop, RfmPage.NAME)
    assert isinstance(shown, RfmPage)
    shown.map.setFocus()
    index = next(index for index, mark in enumerate(shown.map.marks) if mark.key)
    shop.typist.press(*["Right"] * (index + 1))
    shop.typist.press("Enter")
    assert isinstance(shop.sheet, PeopleSheet)


def test_who_is_late_opens_their_page(shop: TillRig) -> None:
    shown = page(shop, LatePage.NAME)
    assert isinstance(shown, LatePage)
    rhythm = shop.till.insight.rhythm().value
    assert len(shown.people.rows) == int(rhythm.late().sum())  # type: ignore[union-attr]
    if shown.people.rows:
        shown.people.rows[0].click()
        assert isinstance(shop.sheet, MemberPage)


def test_stopped_work_leaves_the_page_usable(shop: TillRig, executor: HeldExecutor) -> None:
    executor.is_held = True
    shown = page(shop, PeaksPage.NAME)
    assert shown.cancel.isVisible()
    assert not shown.content.isVisible()
    shown.cancel.setFocus()
    shop.typist.press("Enter")
    assert shown.words.text() == i18n.t("owner_insight.stopped")
    executor.let_go()
    settle()
    assert not has_answer(shown), "what was stopped is not shown when it comes after all"
    shop.clock.forward(seconds=1)
    shown.again.setFocus()
    shop.typist.press("Enter")
    assert has_answer(shown)
    assert shown.content.isVisible() or "資料還不夠" in shown.finding.text()


def test_another_question_drops_the_one_before(shop: TillRig, executor: HeldExecutor) -> None:
    shown = page(shop, PairsPage.NAME)
    executor.is_held = True
    shown.spans.button(Span.QUARTER).click()
    shown.spans.button(Span.HALF).click()
    executor.let_go()
    settle()
    answer = shown.answer[0]
    assert answer.period.days == 182


def test_too_little_data_is_said_in_a_sentence_without_a_number_of_its_own(
    qtbot: QtBot, tmp_path: Path
) -> None:
    rig = open_rig(qtbot, tmp_path)
    rig.sign_on(OWNER_NUMBER)
    owner_page(rig)
    for name in NAMES:
        shown = page(rig, name)
        assert not shown.content.isVisible(), name
        assert shown.finding.text().startswith("資料還不夠"), name
        assert cut_off(rig.window) == ()
    close_rig(rig)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_a_sentence_and_what_its_words_mean(shop: TillRig, name: str) -> None:
    shown = page(shop, name)
    assert shown.finding.text().endswith("。")
    shop.typist.type("?")
    assert isinstance(shop.sheet, AboutSheet)
    assert cut_off(shop.window) == ()


@pytest.mark.parametrize(
    ("size", "language", "mode"),
    [((1024, 768), "en", Mode.DARK), ((1024, 768), "zh_TW", Mode.LIGHT), ((1920, 1080), "zh_CN", Mode.LIGHT)],
)
def test_nothing_is_cut_off(shop: TillRig, size: tuple[int, int], language: str, mode: Mode) -> None:
    i18n.set_language(language)
    theme.current().set_mode(mode)
    shop.window.resize(*size)
    try:
        for name in NAMES:
            page(shop, name)
            assert cut_off(shop.window) == (), name
            assert not is_too_wide(shop), name
    finally:
        i18n.set_language("zh_TW")


def test_an_answer_is_kept_until_the_books_change(shop: TillRig) -> None:
    desk: InsightDesk = shop.till.insight
    page(shop, RfmPage.NAME)
    assert desk.rfm() is desk.rfm()


def _counts(shown: RfmPage) -> list[int]:
    return [int(cell.value.replace(",", "")) for row in shown.map._grid.cells for cell in row]
