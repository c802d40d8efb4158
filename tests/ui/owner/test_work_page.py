"""The work list by real key presses: a line for each thing to do, what Enter opens, what settles it, and whom to call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.errors import Refused
from app.domain.profile import NoteKind
from app.service.work_list import Task, TaskKind, WorkList
from tests.ui.member.regulars import buys
from tests.ui.owner.shops import is_too_wide, owner_page, settle, view_of
from tests.ui.owner.work_shop import (
    OTHER,
    PHONE,
    Promises,
    audited,
    kinds,
    make_work,
    member_of,
    row_of,
    work_page,
)
from tests.ui.till_fixture import OWNER_NUMBER, SOAP, TillRig, close_rig, open_rig
from ui import theme
from ui.context import Screen
from ui.member.notes import NotesSection
from ui.member.page import MemberPage
from ui.office.coupons import ReasonSheet
from ui.owner.about_sheet import AboutSheet
from ui.owner.call_sheet import CallSheet
from ui.owner.summary_page import SummaryPage
from ui.owner.work_board import SHOWN_FIRST
from ui.owner.work_look import FindingSheet, PrintSheet
from ui.owner.work_page import WorkPage
from ui.owner.work_words import work_finding
from ui.theme import Mode
from ui.tour.sight import cut_off


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, tmp_path)
    yield opened
    close_rig(opened)


@pytest.fixture
def promises(shop: TillRig) -> Promises:
    return make_work(shop)


def test_each_thing_to_do_is_a_line_the_most_pressing_first(shop: TillRig, promises: Promises) -> None:
    page = work_page(shop)
    assert kinds(page.board) == [
        TaskKind.COMPLAINT,
        TaskKind.REQUEST,
        TaskKind.FOLLOW_UP,
        TaskKind.PRINT,
        TaskKind.BIRTHDAY,
    ]
    assert [row.sentence.text() for row in page.board.rows] == [
        task.sentence for task in shop.till.work_list.tasks().tasks
    ]
    assert page.finding.text() == "今天有 4 件事要處理，另外 1 件值得聯絡會員。"


def test_nobodys_whole_number_stands_on_the_page(shop: TillRig, promises: Promises) -> None:
    page = work_page(shop)
    said = " ".join(row.sentence.text() for row in page.board.rows)
    assert "0912-***-678" in said
    assert PHONE not in said


def test_a_promise_says_how_late_it_is(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    assert row_of(board, TaskKind.COMPLAINT).due.text() == "晚了 2 天"
    assert row_of(board, TaskKind.FOLLOW_UP).due.text() == "今天"
    assert row_of(board, TaskKind.BIRTHDAY).due.text() == ""


def test_one_key_keeps_a_promise_and_the_line_goes_at_once(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    shop.typist.press("Down", "Down")
    assert row_of(board, TaskKind.FOLLOW_UP).hasFocus()
    shop.typist.type("d")
    assert TaskKind.FOLLOW_UP not in kinds(board)
    assert [note.id for note in shop.till.membership.all_due(shop.till.summary.today())] == [
        promises.complaint.id,
        promises.request.id,
    ]
    assert board.rows[2].hasFocus(), "the cursor stays where it was"
    assert shop.told[-1] == "work.is_done"


def test_a_finger_keeps_a_promise_with_its_button(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    row_of(board, TaskKind.COMPLAINT).done.click()
    assert TaskKind.COMPLAINT not in kinds(board)
    file = shop.till.membership.file(member_of(shop, PHONE))
    assert file is not None
    assert file.notes[0].done_at is not None


def test_a_promise_that_could_not_be_written_comes_back(
    shop: TillRig, promises: Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = work_page(shop).board

    def refuse(note_id: object) -> None:
        raise Refused("note_gone")

    monkeypatch.setattr(shop.till.membership, "finish", refuse)
    shop.typist.type("d")
    assert TaskKind.COMPLAINT in kinds(board)
    assert shop.told[-1] == "error.note_gone"


def test_what_nobody_can_settle_here_says_what_does(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    row_of(board, TaskKind.BIRTHDAY).setFocus()
    shop.typist.type("d")
    assert shop.told[-1] == "work.settles.birthday"
    assert TaskKind.BIRTHDAY in kinds(board)
    assert not row_of(board, TaskKind.BIRTHDAY).done.isVisible()


def test_enter_opens_the_note_on_the_members_page(shop: TillRig, promises: Promises) -> None:
    work_page(shop)
    shop.typist.press("Enter")
    page = shop.sheet
    assert isinstance(page, MemberPage)
    assert page.desk.member_id == member_of(shop, PHONE)
    assert isinstance(page.section, NotesSection)


def test_what_is_done_on_the_members_page_is_gone_from_the_list(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    shop.typist.press("Enter")
    shop.till.membership.finish(promises.complaint.id)
    shop.typist.press("Escape")
    assert TaskKind.COMPLAINT not in kinds(board)


def test_a_birthday_opens_the_member(shop: TillRig, promises: Promises) -> None:
    row = row_of(work_page(shop).board, TaskKind.BIRTHDAY)
    row.click()
    page = shop.sheet
    assert isinstance(page, MemberPage)
    assert page.desk.member_id == row.task.member_id


def test_a_paper_in_doubt_is_answered_where_it_stands(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    row_of(board, TaskKind.PRINT).setFocus()
    shop.typist.press("Enter")
    asked = shop.sheet
    assert isinstance(asked, PrintSheet)
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert asked.isHidden()
    assert TaskKind.PRINT not in kinds(board)
    job = shop.store.desk.print_job(1)
    assert job is not None
    assert job.state == "done"


def test_a_paper_that_is_held_back_opens_the_devices(shop: TillRig, promises: Promises) -> None:
    with shop.store.begin() as work:
        work.set_print_state(1, "held", changed_at=2, detail="operator")
        work.commit()
    row_of(work_page(shop).board, TaskKind.PRINT).click()
    assert shop.window.current_screen is Screen.SETTINGS


def test_a_record_that_disagrees_opens_the_page_that_says_what_to_do(shop: TillRig) -> None:
    make_work(shop)
    with shop.store.begin() as work:
        work.cursor.execute(
            "INSERT INTO set_aside (seq, status, code, occurred_at) VALUES (1, 'conflict', 'same_id', 5)"
        )
        work.commit()
    row_of(work_page(shop).board, TaskKind.SYNC).click()
    assert shop.window.current_screen is Screen.SETTINGS


# --- what the guard noticed -------------------------------------------------------------------------------------------


@pytest.fixture
def watched(shop: TillRig) -> TillRig:
    """One number at five sales of a day."""
    for _ in range(5):
        shop.clock.forward(minutes=3)
        buys(shop, SOAP, phone=PHONE, days=0)
    shop.sign_on(OWNER_NUMBER)
    return shop


def test_a_finding_opens_with_the_sales_behind_it(watched: TillRig) -> None:
    row_of(work_page(watched).board, TaskKind.GUARD).click()
    sheet = watched.sheet
    assert isinstance(sheet, FindingSheet)
    assert sheet.table.rowCount() == 5
    assert cut_off(watched.window) == ()


def test_a_finding_goes_when_somebody_says_why_it_is_all_right(watched: TillRig) -> None:
    board = work_page(watched).board
    row_of(board, TaskKind.GUARD).setFocus()
    watched.typist.press("Enter")
    watched.typist.type("d")
    assert isinstance(watched.sheet, ReasonSheet)
    watched.typist.type("家人共用號碼")
    watched.typist.press("Enter")
    assert TaskKind.GUARD not in kinds(board)
    assert not watched.till.work_list.tasks().of(TaskKind.GUARD)
    assert audited(watched, "guard_dismissed")[0]["reason"] == "家人共用號碼"


def test_nobody_is_called_about_what_the_guard_noticed(watched: TillRig) -> None:
    board = work_page(watched).board
    row = row_of(board, TaskKind.GUARD)
    row.setFocus()
    watched.typist.press("Space")
    watched.typist.type("l")
    assert not row.is_chosen
    assert watched.told[-1] == "work.nobody_chosen"


# --- choosing and calling ---------------------------------------------------------------------------------------------


def test_space_chooses_and_one_key_makes_the_list_to_call(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    shop.typist.press("Space")
    assert board.call.text() == "聯絡名單（1）  L"
    shop.typist.type("l")
    sheet = shop.sheet
    assert isinstance(sheet, CallSheet)
    assert [one.member_id for one in sheet.calls] == [member_of(shop, PHONE)]
    assert sheet.calls[0].words == "客訴：茶罐有碰傷"


def test_one_key_chooses_all_and_once_more_nobody(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    shop.typist.type("a")
    assert sum(row.is_chosen for row in board.rows) == 4, "the paper is nobody's"
    shop.typist.type("a")
    assert not any(row.is_chosen for row in board.rows)


def test_without_a_choice_the_list_is_of_the_line_under_the_cursor(shop: TillRig, promises: Promises) -> None:
    work_page(shop)
    shop.typist.press("Down", "Down")
    shop.typist.type("l")
    sheet = shop.sheet
    assert isinstance(sheet, CallSheet)
    assert [one.member_id for one in sheet.calls] == [member_of(shop, OTHER)]


def test_who_is_chosen_stays_chosen_when_something_is_done(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    shop.typist.press("Down", "Space", "Up")
    shop.typist.type("d")
    assert [task.kind for task in board.chosen] == [TaskKind.REQUEST]


def birthdays(rig: TillRig, count: int) -> None:
    """So many members have one tomorrow."""
    tomorrow = rig.till.summary.today() + timedelta(days=1)
    for number in range(count):
        rig.till.membership.enrol(f"09550000{number:02}", {"birthday": f"1990-{tomorrow:%m-%d}"})


def test_many_of_a_kind_are_folded_until_somebody_wants_them(shop: TillRig) -> None:
    shop.sign_on(OWNER_NUMBER)
    birthdays(shop, 12)
    board = work_page(shop).board
    assert len(board.rows) == SHOWN_FIRST
    button = board.unfold[TaskKind.BIRTHDAY]
    assert button.text() == "再列 6 筆"
    assert cut_off(shop.window) == ()
    button.click()
    assert len(board.rows) == 12
    assert not board.unfold


def test_choosing_all_chooses_those_folded_away_as_well(shop: TillRig) -> None:
    shop.sign_on(OWNER_NUMBER)
    birthdays(shop, 12)
    board = work_page(shop).board
    shop.typist.type("a")
    assert len(board.chosen) == 12


def test_a_promise_is_never_folded_away(shop: TillRig) -> None:
    shop.sign_on(OWNER_NUMBER)
    till = shop.till
    for number in range(12):
        member = till.membership.enrol(f"09550000{number:02}")
        till.membership.add_note(member.id, "回電", NoteKind.FOLLOW_UP, till.summary.today())
    assert len(work_page(shop).board.rows) == 12


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_list_stands_below_the_summary_too(shop: TillRig, promises: Promises) -> None:
    page = owner_page(shop)
    assert isinstance(page, SummaryPage)
    assert kinds(page.work.board) == [task.kind for task in shop.till.work_list.tasks().tasks]
    page.work.board.rows[0].setFocus()
    shop.typist.type("d")
    assert page.work.title.text() == "今天有 3 件事要處理，另外 1 件值得聯絡會員。"


def test_an_empty_shop_says_what_will_stand_here(shop: TillRig) -> None:
    shop.sign_on(OWNER_NUMBER)
    page = work_page(shop)
    assert page.board.rows == []
    assert page.finding.text() == "今天沒有要處理的事。"
    assert i18n.t("work.about_none") in page.about.text()
    assert i18n.t("work.no_habits") in page.about.text()
    shop.typist.type("l")
    assert cut_off(shop.window) == ()


def test_the_last_promise_leaves_a_calm_page(shop: TillRig) -> None:
    buys(shop, SOAP, phone=PHONE, days=0)
    shop.sign_on(OWNER_NUMBER)
    till = shop.till
    till.membership.add_note(member_of(shop, PHONE), "回電", NoteKind.FOLLOW_UP, due_on=till.summary.today())
    page = work_page(shop)
    shop.typist.type("d")
    assert page.board.rows == []
    assert page.finding.text() == "今天沒有要處理的事。"
    shop.typist.press("Escape")
    assert shop.window.current_screen is Screen.SALE, "the keys still reach the screen"


def test_the_question_mark_says_what_stands_here(shop: TillRig, promises: Promises) -> None:
    work_page(shop)
    shop.typist.type("?")
    assert isinstance(shop.sheet, AboutSheet)


def test_another_language_says_the_list_again(shop: TillRig, promises: Promises) -> None:
    page = work_page(shop)
    i18n.set_language("en")
    settle()
    try:
        assert "open complaint" in page.board.rows[0].sentence.text()
        assert page.finding.text().startswith("To be done today")
    finally:
        i18n.set_language("zh_TW")


@pytest.mark.parametrize(
    ("size", "language", "mode"),
    [
        ((1024, 768), "zh_TW", Mode.LIGHT),
        ((1024, 768), "en", Mode.DARK),
        ((1920, 1080), "zh_CN", Mode.LIGHT),
    ],
)
def test_nothing_is_cut_off(
    shop: TillRig, promises: Promises, size: tuple[int, int], language: str, mode: Mode
) -> None:
    i18n.set_language(language)
    theme.current().set_mode(mode)
    shop.window.resize(*size)
    try:
        page = work_page(shop)
        assert cut_off(shop.window) == ()
        assert not is_too_wide(shop)
        labels = [row.sentence for row in page.board.rows]
        assert all(one.heightForWidth(one.width()) <= one.height() for one in labels)
        page.board.choose_all()
        shop.typist.type("l")
        settle()
        assert cut_off(shop.window) == ()
    finally:
        i18n.set_language("zh_TW")


def test_the_finding_counts_what_is_not_listed_as_well() -> None:
    task = Task(TaskKind.BIRTHDAY, "")
    work = WorkList(date(2026, 11, 21), 7, (task,), ((TaskKind.BIRTHDAY, 15),))
    assert work_finding(work) == "今天沒有急事，有 16 件值得聯絡會員。"


def test_the_page_is_one_of_the_owners_pages(shop: TillRig) -> None:
    shop.sign_on(OWNER_NUMBER)
    owner_page(shop)
    view = view_of(shop)
    view.subjects.focus()
    shop.typist.press("Down")
    assert isinstance(view.page, WorkPage)
