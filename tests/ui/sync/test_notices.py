"""What is said at sign-on, at closing, before the window goes, and beside a member's points. None of it stops a sale."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.i18n import t
from app.service.sync_desk import DAY_MS, HOUR_MS
from app.service.sync_ports import SyncPhase
from tests.ui.conftest import PATIENCE_MS
from tests.ui.sync.office import OfficeRig, open_office, press
from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    OWNER_NUMBER,
    PHONE,
    PIN,
    SOAP,
    SUPERVISOR_NUMBER,
    close_rig,
)
from ui.context import Screen
from ui.member.page import MemberPage
from ui.sale.approval import ApprovalSheet
from ui.sale.view import SaleView
from ui.shift.view import ShiftView
from ui.sign_on import SignOnView
from ui.sync.leaving import LeaveSheet
from ui.sync.notices import ClockSheet


def sign_on(office: OfficeRig, number: str = CASHIER_NUMBER) -> None:
    """As a person does it: number, Enter, PIN."""
    rig = office.rig
    rig.till.authority.lock()
    rig.window.go_to(Screen.SIGN_ON)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, SignOnView)
    view.pair.number.setFocus()
    rig.typist.type(number)
    rig.typist.press("Enter")
    rig.typist.type(PIN)
    QApplication.processEvents()


def no_sheet(office: OfficeRig) -> bool:
    return office.rig.sheet is None


def said(office: OfficeRig) -> list[str]:
    return [key for key in office.rig.told if key.startswith("sync_ui.")]


def sell(office: OfficeRig) -> None:
    office.rig.typist.scan(SOAP)
    office.rig.typist.press("Enter", "Enter")


# --- sign-on and closing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "told"),
    [(2, []), (3, ["sync_ui.notice.old"]), (14, ["sync_ui.notice.very_old"])],
)
def test_age_is_told_at_every_sign_on_and_selling_goes_on(
    office: OfficeRig, days: int, told: list[str]
) -> None:
    office.say(SyncPhase.OFFLINE, waiting=6, age_days=days)
    sign_on(office)
    assert said(office) == told
    before = office.rig.sales()
    sell(office)
    assert office.rig.sales() == before + 1
    sign_on(office, OWNER_NUMBER)
    assert said(office) == told * 2


def test_a_till_that_stands_alone_is_never_told_that_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    office = open_office(qtbot, tmp_path, is_paired=False)
    office.say(SyncPhase.UNPAIRED, waiting=9_000, age_days=400)
    sign_on(office)
    assert said(office) == []
    close_rig(office.rig)


def test_who_is_shut_out_is_told_what_still_works(office: OfficeRig) -> None:
    office.say(SyncPhase.TROUBLE, problem="revoked", waiting=2)
    sign_on(office)
    assert said(office) == ["sync_ui.notice.revoked"]
    sell(office)
    assert office.rig.sales() == 1


@pytest.mark.parametrize(
    ("days", "told"), [(2, []), (3, ["sync_ui.closing.old"]), (15, ["sync_ui.closing.very_old"])]
)
def test_whoever_closes_the_shift_is_told_of_what_is_old(
    office: OfficeRig, days: int, told: list[str]
) -> None:
    rig = office.rig
    rig.sign_on(OWNER_NUMBER, screen=Screen.SHIFT)
    office.say(SyncPhase.OFFLINE, waiting=6, age_days=days)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, ShiftView)
    press("", Qt.Key.Key_Return)
    view.close_panel.count.total.edit.setFocus()
    press("3000", Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert view.close_panel.closed is not None
    assert said(office) == told


# --- the clocks --------------------------------------------------------------------------------------------------------


def test_a_clock_a_little_off_is_mentioned(office: OfficeRig) -> None:
    office.say(SyncPhase.IDLE, clock_apart_ms=11 * 60_000)
    sign_on(office)
    assert said(office) == ["sync_ui.notice.clock_ahead"]
    assert no_sheet(office)


def test_a_clock_a_day_off_shows_both_and_enter_goes_on_selling(office: OfficeRig) -> None:
    office.say(SyncPhase.TROUBLE, problem="clock", clock_apart_ms=26 * HOUR_MS)
    sign_on(office)
    sheet = office.rig.sheet
    assert isinstance(sheet, ClockSheet)
    assert sheet.facts.value("sync_ui.clock.till") == "2026/11/21 15:00"
    assert sheet.facts.value("sync_ui.clock.server") == "2026/11/20 13:00"
    press("", Qt.Key.Key_Return)
    assert no_sheet(office)
    sell(office)
    assert office.rig.sales() == 1
    sign_on(office)
    assert isinstance(office.rig.sheet, ClockSheet), "asked again until somebody says so"
    press("", Qt.Key.Key_Escape)


def test_somebody_with_the_right_says_that_this_clock_is_right_once(office: OfficeRig) -> None:
    office.say(SyncPhase.TROUBLE, problem="clock", clock_apart_ms=-3 * DAY_MS)
    sign_on(office)
    sheet = office.rig.sheet
    assert isinstance(sheet, ClockSheet)
    QTest.mouseClick(sheet.right, Qt.MouseButton.LeftButton)
    asked = office.rig.sheet
    assert isinstance(asked, ApprovalSheet)
    press(OWNER_NUMBER, Qt.Key.Key_Return)
    press(PIN)
    QApplication.processEvents()
    assert no_sheet(office)
    assert "sync_ui.clock.confirmed" in office.rig.told
    confirmed = next(one for one in office.rig.messages.history if one.key == "sync_ui.clock.confirmed")
    assert confirmed.fields == {"name": "王美玲"}
    sign_on(office)
    assert no_sheet(office)
    office.say(SyncPhase.TROUBLE, problem="clock", clock_apart_ms=-4 * DAY_MS)
    sign_on(office)
    assert isinstance(office.rig.sheet, ClockSheet), "another difference is another question"
    press("", Qt.Key.Key_Escape)


# --- leaving -----------------------------------------------------------------------------------------------------------


def waiting_office(office: OfficeRig) -> int:
    office.rig.sign_on()
    office.agent.look()
    office.settle()
    return office.rig.store.desk.unsent_count()


def test_the_window_just_goes_when_nothing_waits(office: OfficeRig) -> None:
    office.agent.run_once()
    assert office.rig.window.close()


def test_the_window_asks_once_when_something_waits_and_sends_it(office: OfficeRig) -> None:
    waiting = waiting_office(office)
    window = office.rig.window
    assert not window.close()
    sheet = office.rig.sheet
    assert isinstance(sheet, LeaveSheet)
    assert sheet.words.text() == t("sync_ui.leave.ask", count=waiting)
    press("", Qt.Key.Key_Return)
    assert office.agent.rounds == 1
    assert office.rig.store.desk.unsent_count() == 0
    assert not window.isVisible()


def test_nobody_is_forced_to_wait(office: OfficeRig) -> None:
    waiting_office(office)
    assert not office.rig.window.close()
    sheet = office.rig.sheet
    assert isinstance(sheet, LeaveSheet)
    sheet.close_now.click()
    assert not office.rig.window.isVisible()


def test_closing_a_second_time_closes(office: OfficeRig) -> None:
    waiting_office(office)
    assert not office.rig.window.close()
    assert office.rig.window.close()


def test_who_changes_their_mind_stays_and_is_asked_again_next_time(office: OfficeRig) -> None:
    waiting_office(office)
    assert not office.rig.window.close()
    press("", Qt.Key.Key_Escape)
    assert office.rig.window.isVisible()
    assert no_sheet(office)
    assert not office.rig.window.close()
    assert isinstance(office.rig.sheet, LeaveSheet)


def test_sending_that_does_not_work_says_why_and_leaves_the_choice(office: OfficeRig) -> None:
    waiting_office(office)
    office.agent.is_reachable = False
    assert not office.rig.window.close()
    sheet = office.rig.sheet
    assert isinstance(sheet, LeaveSheet)
    press("", Qt.Key.Key_Return)
    assert t("sync.problem.no_network") in sheet.words.text()
    assert office.rig.window.isVisible()
    assert sheet.send.isEnabled()
    sheet.close_now.click()
    assert not office.rig.window.isVisible()


# --- how old the points are --------------------------------------------------------------------------------------------


def member_caption(office: OfficeRig, qtbot: QtBot) -> str:
    """What stands below the member's badge once everything about them has been read."""
    office.rig.typist.type(PHONE)
    view = office.rig.window.stack.currentWidget()
    assert isinstance(view, SaleView)
    qtbot.waitUntil(lambda: view.flow.member.watch.facts is not None, timeout=PATIENCE_MS)
    return view.facts.points.text()


@pytest.mark.parametrize(
    ("hours", "words"), [(1, ""), (23, ""), (25, "點數更新於 昨天 14:00"), (73, "點數更新於 11/18 14:00")]
)
def test_points_at_the_counter_say_how_old_they_are_once_that_matters(
    office: OfficeRig, qtbot: QtBot, hours: int, words: str
) -> None:
    office.rig.sign_on()
    office.say(SyncPhase.OFFLINE, last_contact_at=office.rig.clock.now - hours * HOUR_MS)
    assert member_caption(office, qtbot) == words


def test_points_of_a_till_that_stands_alone_say_nothing_of_it(qtbot: QtBot, tmp_path: Path) -> None:
    office = open_office(qtbot, tmp_path, is_paired=False)
    office.rig.sign_on()
    assert member_caption(office, qtbot) == ""
    close_rig(office.rig)


def test_the_members_page_says_it_too(office: OfficeRig) -> None:
    rig = office.rig
    rig.sign_on(SUPERVISOR_NUMBER)
    office.say(SyncPhase.OFFLINE, last_contact_at=rig.clock.now - 3 * DAY_MS)
    card = rig.store.members.by_phone("+886912345678")
    assert card is not None
    page = MemberPage(rig.window, rig.till, rig.window.context, card)
    page.open()
    assert "點數更新於 11/18 15:00" in page.facts.text()
    office.say(SyncPhase.IDLE, last_contact_at=rig.clock.now)
    page._show_head()
    assert "點數" not in page.facts.text()
    page.finish()
