"""Segments composed by real key presses: a live count that is never stale, what makes no sense said, and what is kept put to use."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import i18n
from app.service.segment_values import Condition, Field, Group, MemberSegment
from tests.ui.owner.shops import is_too_wide, make_past, owner_page, settle, view_of
from tests.ui.owner.test_insight_pages import HeldExecutor
from tests.ui.till_fixture import OWNER_NUMBER, TillRig, close_rig, open_rig
from ui import theme
from ui.member.page import MemberPage
from ui.owner.about_sheet import AboutSheet
from ui.owner.call_sheet import CallSheet
from ui.owner.campaign_sheet import CampaignSheet
from ui.owner.people_sheet import PeopleSheet
from ui.owner.save_sheet import SaveSheet
from ui.owner.segment_blanks import ORDER, condition_from, filled_from, fresh
from ui.owner.segment_editor import GroupBox
from ui.owner.segment_page import STARTERS, SegmentPage
from ui.owner.segment_row import ConditionRow
from ui.owner.segment_sheets import NameSheet, TagSheet
from ui.rules.blanks import ChosenBlank, TypedBlank
from ui.rules.pick import PickManySheet
from ui.sale.list_sheet import ListSheet
from ui.tasks import Executor
from ui.theme import Mode
from ui.tour.sight import cut_off
from ui.widgets.alert_sheet import ConfirmSheet

OFTEN = Condition(Field.VISITS, least=3)
EVERYBODY = Condition(Field.VISITS, least=0)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; every test opens a copy."""
    folder = tmp_path_factory.mktemp("segments")
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


def page(rig: TillRig) -> SegmentPage:
    """The page in sight."""
    view = view_of(rig)
    view.show_page(SegmentPage.NAME)
    settle()
    assert isinstance(view.page, SegmentPage)
    return view.page


def of(*parts: Condition | Group, name: str = "常客") -> MemberSegment:
    return MemberSegment(name, parts)


def count(rig: TillRig, *parts: Condition | Group) -> int:
    return rig.till.segments.count(of(*parts))


def said(shown: SegmentPage) -> str:
    return shown.finding.text()


def row(shown: SegmentPage, index: int = 0) -> ConditionRow:
    found = shown.editor.rows[index]
    assert isinstance(found, ConditionRow)
    return found


def typed(one: ConditionRow, place: str) -> TypedBlank:
    blank = one.blank(place)
    assert isinstance(blank, TypedBlank)
    return blank


def is_in_focus(one: ConditionRow) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and one.isAncestorOf(focus)


def kept(rig: TillRig, shown: SegmentPage, *parts: Condition | Group, name: str = "常客") -> MemberSegment:
    """This one, saved by its button."""
    shown.open(of(*parts, name=name))
    shown.save.click()
    sheet = rig.sheet
    assert isinstance(sheet, NameSheet)
    rig.clock.forward(seconds=1)
    rig.typist.press("Enter")
    assert shown.editing is not None
    return shown.editing


# --- composing ------------------------------------------------------------------------------------------------------------


def test_a_segment_is_composed_by_keys_alone_and_counted_at_each_of_them(shop: TillRig) -> None:
    shown = page(shop)
    shown.new.setFocus()
    shop.typist.press("Enter")
    assert isinstance(shop.sheet, ListSheet), "the first thing asked is what to ask of the members"
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert is_in_focus(row(shown))
    assert said(shown) == i18n.t("segments.count", count=f"{count(shop, OFTEN):,}")
    low = typed(row(shown), "low")
    low.selectAll()
    shop.typist.type("2")
    assert shown.draft is not None
    assert shown.draft.parts == (Condition(Field.VISITS, least=2),)
    assert shown.look is not None
    assert shown.look.count == count(shop, Condition(Field.VISITS, least=2))
    shop.typist.press("Insert")
    shop.clock.forward(seconds=1)
    shop.typist.press("Down", "Enter")
    assert [one.field for one in shown.draft.conditions()] == [Field.VISITS, Field.SPENT]
    shop.typist.press("Ctrl+Del")
    assert len(shown.editor.rows) == 1


def test_a_number_that_is_no_longer_right_is_never_shown(shop: TillRig, executor: HeldExecutor) -> None:
    shown = page(shop)
    shown.open(of(OFTEN))
    before = said(shown)
    executor.is_held = True
    typed(row(shown), "low").setText("1")
    assert said(shown) == i18n.t("segments.counting")
    assert shown.editor.tally.text() == i18n.t("segments.counting")
    assert not shown.found.isVisible()
    typed(row(shown), "low").setText("2")
    executor.waiting.reverse()  # the older question is answered last
    executor.let_go()
    settle()
    wanted = count(shop, Condition(Field.VISITS, least=2))
    assert said(shown) == i18n.t("segments.count", count=f"{wanted:,}")
    assert said(shown) != before


def test_what_cannot_be_read_shows_no_number_and_says_why_beside_it(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(OFTEN))
    typed(row(shown), "low").setText("許多")
    assert said(shown) == i18n.t("segments.unfinished")
    assert row(shown).note.isVisible()
    assert not shown.save.isEnabled()
    row(shown).remove.click()
    assert said(shown) == i18n.t("segments.empty")


def test_a_range_that_runs_backwards_is_said_to(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(Condition(Field.VISITS, least=2, most=5)))
    typed(row(shown), "high").setText("1")
    assert row(shown).note.text() == i18n.t("error.segment_order")


def test_asking_another_way_keeps_what_was_keyed(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(Condition(Field.SPENT, least=700, days=90)))
    how = row(shown).blank("how")
    assert isinstance(how, ChosenBlank)
    how.take("between")
    assert typed(row(shown), "low").value == 700
    assert typed(row(shown), "days").value == 90
    typed(row(shown), "high").setText("900")
    assert shown.draft is not None
    assert shown.draft.parts == (Condition(Field.SPENT, least=700, most=900, days=90),)


def test_a_group_counts_as_one_and_any_or_none_of_it_can_be_asked_for(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(EVERYBODY))
    shop.typist.press("Shift+Insert")
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    group = shown.editor.rows[1]
    assert isinstance(group, GroupBox)
    group.add(Condition(Field.TIER, frozenset({""})))
    group.join.take("group_none")
    assert shown.draft is not None
    wanted = Group((OFTEN, Condition(Field.TIER, frozenset({""}))), is_any=True, is_not=True)
    assert shown.draft.parts == (EVERYBODY, wanted)
    assert shown.look is not None
    assert shown.look.count == count(shop, EVERYBODY, wanted)


def test_words_are_ticked_in_a_list(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(Condition(Field.BIRTHDAY_MONTH, frozenset({"this"}))))
    words = row(shown).blank("words")
    assert isinstance(words, ChosenBlank)
    words.click()
    sheet = shop.sheet
    assert isinstance(sheet, PickManySheet)
    next(box for value, box in sheet.boxes if value == "next").setChecked(True)
    shop.clock.forward(seconds=1)
    sheet.done.click()
    assert shown.draft is not None
    assert shown.draft.parts == (Condition(Field.BIRTHDAY_MONTH, frozenset({"this", "next"})),)


def test_every_condition_that_can_be_added_is_read_back_as_it_is_shown(shop: TillRig) -> None:
    shown = page(shop)
    item = next(iter(shop.store.catalogue.records(shop.clock.now_ms())))
    unanswered = {Field.TAG, Field.TIER, Field.GENDER, Field.RFM, Field.BIRTHDAY_MONTH, Field.BOUGHT}
    unanswered |= {Field.STAGE, Field.SILENCE, Field.TIME_OF_DAY, Field.FAVOURITE}
    for field in ORDER:
        shown.open(of(EVERYBODY))
        shown.editor.add(field)
        assert (said(shown) == i18n.t("segments.unfinished")) is (field in unanswered), field
        filled = fresh(field, 1)
        if field is Field.BOUGHT:
            filled["words"] = (frozenset({item.id}), frozenset())
        elif filled.get("words") == frozenset():
            filled["words"] = frozenset({"x"})
        condition = condition_from(field, filled)
        assert condition_from(field, filled_from(condition)) == condition
        settle()
        assert cut_off(shop.window) == (), field


# --- what makes no sense --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((Condition(Field.VISITS, least=9), Condition(Field.VISITS, most=2)), "互相矛盾"),
        ((Condition(Field.RISK, least=10),), "資料還不夠"),
        (
            (EVERYBODY, Condition(Field.SPENT, least=99_999_999)),
            "沒有人符合「近 365 天消費至少 NT$99,999,999」",
        ),
    ],
)
def test_why_nobody_fits_is_said_in_a_sentence(
    shop: TillRig, parts: tuple[Condition, ...], words: str
) -> None:
    shown = page(shop)
    shown.open(of(*parts))
    assert said(shown) == i18n.t("segments.nobody")
    assert words in shown.doubt.text()
    assert shown.doubt.isVisible()
    for button in (shown.export, shown.calls, shown.campaign):
        assert not button.isEnabled()
    assert cut_off(shop.window) == ()


def test_conditions_that_choose_everybody_are_said_to(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(EVERYBODY))
    assert said(shown).startswith("全部")


# --- who they are ---------------------------------------------------------------------------------------------------------


def test_some_of_the_members_stand_below_masked_and_open_their_pages(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(EVERYBODY))
    rows = shown.found.people.rows
    assert 1 < len(rows) <= 6
    assert all("***" in one.data.title for one in rows)
    rows[0].click()
    assert isinstance(shop.sheet, MemberPage)
    shop.typist.press("Escape")
    shown.found.see_all.click()
    sheet = shop.sheet
    assert isinstance(sheet, PeopleSheet)
    assert len(sheet.members) == count(shop, EVERYBODY)


# --- kept -----------------------------------------------------------------------------------------------------------------


def test_a_segment_is_saved_renamed_copied_and_deleted(shop: TillRig) -> None:
    shown = page(shop)
    saved = kept(shop, shown, OFTEN)
    assert shop.till.segments.saved() == (saved,)
    assert not shown.save.isEnabled()
    shown.rename.click()
    shop.typist.type("熟客")
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert [one.name for one in shop.till.segments.saved()] == ["熟客"]
    shown.copy.click()
    assert shown.editing is not None
    assert (shown.editing.id, shown.editing.name) == ("", "熟客（複製）")
    shown.save.click()
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert [one.name for one in shop.till.segments.saved()] == ["熟客", "熟客（複製）"]
    shown.delete.click()
    assert isinstance(shop.sheet, ConfirmSheet)
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert [one.name for one in shop.till.segments.saved()] == ["熟客"]
    assert [one.data.title for one in shown.list.rows] == ["熟客"]
    assert shown.list.rows[0].data.trailing == f"{count(shop, OFTEN)} 人"


def test_a_name_that_is_taken_is_said_in_the_sheet_and_what_was_typed_stays(shop: TillRig) -> None:
    shown = page(shop)
    kept(shop, shown, OFTEN)
    shown.open(of(EVERYBODY))
    shown.save.click()
    sheet = shop.sheet
    assert isinstance(sheet, NameSheet)
    sheet.save.click()
    assert not sheet.isHidden()
    assert "常客" in sheet.field.note.text()


def test_what_was_changed_is_asked_after_before_it_is_left(shop: TillRig) -> None:
    shown = page(shop)
    kept(shop, shown, OFTEN)
    shop.typist.press("Escape")
    assert not shown.one.isVisible(), "nothing was changed"
    shown.list.rows[0].click()
    typed(row(shown), "low").setText("5")
    assert shown.state.text() == i18n.t("segments.changed")
    shop.typist.press("Escape")
    assert isinstance(shop.sheet, ConfirmSheet)
    shop.typist.press("Escape")
    assert shown.editing is not None
    view_of(shop).show_page("summary")
    assert typed(row(page(shop)), "low").text() == "5", "another page looked at meanwhile changes nothing"


def test_common_segments_are_one_touch_away(shop: TillRig) -> None:
    shown = page(shop)
    for name, parts in STARTERS.items():
        shown.starters[name].click()
        assert shown.draft is not None
        assert shown.draft.parts == parts
        assert shown.look is not None


def test_a_segments_tag_is_on_the_members_page_at_once_and_goes_with_it(shop: TillRig) -> None:
    shown = page(shop)
    kept(shop, shown, EVERYBODY)
    shown.tag.click()
    assert isinstance(shop.sheet, TagSheet)
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert shown.tag.text() == "標籤：常客"
    member_id = shop.till.segments.members(of(EVERYBODY))[0]
    file = shop.till.membership.file(member_id)
    assert file is not None
    assert file.rule_tags == ("常客",)
    shown.found.people.rows[0].click()
    member_page = shop.sheet
    assert isinstance(member_page, MemberPage)
    shop.typist.press("Escape")
    shown.tag.click()
    sheet = shop.sheet
    assert isinstance(sheet, TagSheet)
    sheet.stop.click()
    assert shop.store.membership.rule_tags.all() == ()


# --- put to use -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_segment_is_taken_out_whole_and_that_is_in_the_books(
    shop: TillRig, tmp_path: Path, suffix: str
) -> None:
    shown = page(shop)
    kept(shop, shown, EVERYBODY)
    shown.export.click()
    sheet = shop.sheet
    assert isinstance(sheet, SaveSheet)
    sheet.folder.set_text(str(tmp_path))
    sheet.kind.button(suffix).click()
    sheet.name.set_text("名單")
    sheet.yes.click()
    file = tmp_path / f"名單{suffix}"
    rows = _rows_of(file)
    assert len(rows) == 1 + count(shop, EVERYBODY)
    assert rows[0][:2] == ["姓名", "電話"]
    assert all(one[1].startswith("09") for one in rows[1:])
    assert exported(shop) == [len(rows) - 1]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_segment_becomes_a_call_list_of_those_who_agreed(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(EVERYBODY))
    shown.calls.click()
    sheet = shop.sheet
    assert isinstance(sheet, CallSheet)
    assert shown.look is not None
    assert sum(one.may_be_contacted for one in sheet.calls) == shown.look.willing
    assert sheet.reason.text == "常客"


def test_a_campaign_begins_with_the_segment_that_stands_here(shop: TillRig) -> None:
    shown = page(shop)
    shown.open(of(OFTEN))
    shown.campaign.click()
    sheet = shop.sheet
    assert isinstance(sheet, CampaignSheet)
    assert sheet.segment == shown.draft


# --- looked at ------------------------------------------------------------------------------------------------------------


def test_what_the_words_mean_is_there_on_demand(shop: TillRig) -> None:
    shown = page(shop)
    shown.list.setFocus()
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
    shown = page(shop)
    try:
        assert cut_off(shop.window) == ()
        group = Group((Condition(Field.AVERAGE, least=5_000, most=99_999, days=3_000), OFTEN), is_any=True)
        overdue = Condition(Field.OVERDUE, least=150, most=900, is_not=True)
        shown.open(of(overdue, Condition(Field.RFM, frozenset({"key_keep", "plain_win_back"})), group))
        settle()
        assert cut_off(shop.window) == ()
        assert not is_too_wide(shop)
    finally:
        i18n.set_language("zh_TW")


def _rows_of(file: Path) -> list[list[str]]:
    if file.suffix == ".csv":
        return list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    from openpyxl import load_workbook

    sheet = load_workbook(file).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def exported(rig: TillRig) -> list[int]:
    """How many stood in each list that was taken out."""
    with rig.store.engines.reading() as cursor:
        statement = (
            "SELECT f.body FROM fact f JOIN audit_event a ON a.seq = f.seq WHERE a.kind = 'segment_exported'"
        )
        rows = cursor.execute(statement).fetchall()
    return [json.loads(body)["details"]["count"] for (body,) in rows]
