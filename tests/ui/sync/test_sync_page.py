"""The page: where it stands in sentences, sending now, pairing, carrying out, what was set aside, and when to warn. With real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.errors import Refused, Unavailable
from app.i18n import LANGUAGES, t
from app.service.exchange_ports import SetAside, Verdict
from app.service.sync_desk import AgeLimits, load_age_limits
from app.service.sync_ports import SyncPhase
from tests.ui.sync.office import URL, OfficeRig, close_office, open_office, press
from tests.ui.till_fixture import CASHIER_NUMBER, NEW_PHONE, SOAP, SUPERVISOR_BADGE, close_rig
from ui.context import Screen
from ui.sale.approval import ApprovalSheet
from ui.settings.file_sheet import FileSheet
from ui.sync.carry_sheet import CarrySheet
from ui.sync.page import SyncPage
from ui.sync.pair_sheet import PairSheet
from ui.tour.sight import cut_off
from ui.widgets.alert_sheet import ConfirmSheet

PAINTS = 4  # words wrap anew in a new width
OCCURRED = 1_795_000_000_000
BAD_BODY = SetAside(12, "sale", Verdict.QUARANTINED, "body", OCCURRED, None)
TWICE = SetAside(11, "enrolment", Verdict.CONFLICT, "", OCCURRED, None)
SHUT_OUT = SetAside(9, "sale", Verdict.QUARANTINED, "device_revoked", OCCURRED, None)


def go_to(widget: object) -> None:
    """Tab until this has the cursor."""
    for _ in range(80):
        if QApplication.focusWidget() is widget:
            return
        press("", Qt.Key.Key_Tab)
    raise AssertionError("Tab never comes here")


def sold_offline(office: OfficeRig) -> None:
    """One sale to a new member while nothing goes out."""
    office.agent.run_once()
    office.agent.is_reachable = False
    office.rig.sign_on()
    typist = office.rig.typist
    typist.scan(SOAP)
    typist.type(NEW_PHONE)
    typist.press("Enter", "Enter", "Enter")
    office.agent.look()
    office.settle()


# --- where it stands ---------------------------------------------------------------------------------------------------


def test_the_page_says_what_waits_in_the_words_of_a_shop(office: OfficeRig) -> None:
    sold_offline(office)
    page = office.page()
    facts = page.standing.facts
    waiting = facts.value("sync_ui.page.waiting")
    assert "銷售 1" in waiting
    assert "會員" in waiting
    assert facts.value("sync_ui.page.server") == URL
    assert facts.value("sync_ui.page.till").endswith("01-1")
    assert facts.value("sync_ui.page.contact") == f"{office.rig.clock.local():%H:%M}"
    assert page.standing.sentence.text() == t("sync.phase.offline")
    assert page.standing.why.text() == t("sync.problem.no_network")


def test_the_page_lives_while_it_is_looked_at(office: OfficeRig) -> None:
    page = office.page()
    office.say(SyncPhase.TROUBLE, problem="revoked", waiting=3, clock_apart_ms=-600_000)
    assert page.standing.sentence.text() == t("sync.phase.trouble")
    assert page.standing.why.text() == t("sync.problem.revoked")
    assert page.standing.facts.value("sync_ui.page.clock") == "比總部慢 10 分鐘"
    assert page.read_soon.isActive()
    office.say(SyncPhase.IDLE)
    assert page.standing.sentence.text() == t("sync.phase.idle")
    assert not page.standing.why.isVisible()


def test_a_line_that_anybody_can_listen_to_is_said_to_be_one(office: OfficeRig) -> None:
    page = office.page()
    assert not page.standing.open_line.isVisible()
    office.say(SyncPhase.IDLE, is_encrypted=False)
    assert page.standing.open_line.isVisible()


def test_sending_now_is_one_key_and_says_what_came_of_it(office: OfficeRig) -> None:
    sold_offline(office)
    office.agent.is_reachable = True
    page = office.page()
    waiting = office.rig.store.desk.unsent_count()
    go_to(page.standing.now)
    press("", Qt.Key.Key_Return)
    assert office.agent.rounds == 2
    assert page.standing.answer.text() == t("sync_ui.page.done", sent=f"{waiting}", received="0")
    assert page.standing.now.isEnabled()


def test_sending_that_fails_says_why_and_can_be_tried_again(office: OfficeRig) -> None:
    sold_offline(office)
    page = office.page()
    page.standing.talk_now()
    assert page.standing.answer.text() == t("sync.problem.no_network")
    assert page.standing.now.isEnabled()


def test_what_came_from_the_office_and_cannot_be_used_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    office = open_office(qtbot, tmp_path, inbox_problems=3)
    page = office.page()
    assert page.standing.inbox.isVisible()
    assert page.standing.inbox.text() == t("sync_ui.page.inbox", count=3)
    close_office(office)


@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_fits_sideways(qtbot: QtBot, tmp_path: Path, size: tuple[int, int], language: str) -> None:
    office = open_office(qtbot, tmp_path, BAD_BODY, TWICE, SHUT_OUT, size=size, inbox_problems=2)
    i18n.set_language(language)
    page = office.page()
    for status in (SyncPhase.OFFLINE, SyncPhase.TROUBLE, SyncPhase.FILLING, SyncPhase.UNPAIRED):
        office.say(status, problem="revoked" if status is SyncPhase.TROUBLE else "", waiting=4)
        page.begin_drill()
        QApplication.processEvents()
        for _ in range(PAINTS):
            QApplication.processEvents()
        assert page.minimumSizeHint().width() <= page.width(), status
        assert cut_off(office.rig.window) == (), status
    office.agent.cut_off(is_cut_off=False)
    close_office(office)


# --- what was set aside ------------------------------------------------------------------------------------------------


def test_each_thing_set_aside_says_what_to_do_and_goes_once_it_was_seen(qtbot: QtBot, tmp_path: Path) -> None:
    office = open_office(qtbot, tmp_path, BAD_BODY, TWICE, SHUT_OUT)
    page = office.page()
    assert list(page.aside.rows) == [12, 11, 9]
    said = " ".join(label.text() for label in page.aside.findChildren(type(page.practice)))
    for words in (
        t("sync_ui.aside.quarantined", code="body"),
        t("sync_ui.aside.conflict"),
        t("sync_ui.aside.device_revoked"),
    ):
        assert words in said
    QApplication.processEvents()
    go_to(page.standing.now)
    press("", Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.aside.seen[12], "nothing waits, so nothing is carried out"
    press("", Qt.Key.Key_Tab, Qt.Key.Key_Return)
    assert list(page.aside.rows) == [12, 9]
    assert [one.seq for one in office.exchange.aside] == [12, 9]
    close_office(office)


def test_a_cashier_marks_nothing_without_a_second_person(qtbot: QtBot, tmp_path: Path) -> None:
    office = open_office(qtbot, tmp_path, TWICE)
    page = office.page(CASHIER_NUMBER)
    page.mark_seen(11)
    assert isinstance(office.rig.sheet, ApprovalSheet)
    office.rig.typist.press("Esc")
    assert [one.seq for one in office.exchange.aside] == [11]
    close_office(office)


# --- pairing -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def alone(qtbot: QtBot, tmp_path: Path) -> Iterator[OfficeRig]:
    opened = open_office(qtbot, tmp_path, is_paired=False)
    yield opened
    close_rig(opened.rig)


def pair_sheet(office: OfficeRig) -> PairSheet:
    page = office.page()
    go_to(page.pair_button)
    press("", Qt.Key.Key_Return)
    sheet = office.rig.sheet
    assert isinstance(sheet, PairSheet)
    return sheet


def test_a_till_that_stands_alone_offers_pairing_and_nothing_that_needs_a_server(alone: OfficeRig) -> None:
    page = alone.page()
    assert page.standing.sentence.text() == t("sync.phase.unpaired")
    assert page.pair_button.isVisible()
    for hidden in (page.standing.now, page.standing.carry, page.drill, page.limits, page.unpair_button):
        assert not hidden.isVisible()


def test_pairing_takes_an_address_a_code_and_enter(alone: OfficeRig) -> None:
    sheet = pair_sheet(alone)
    press(URL, Qt.Key.Key_Return)
    press("ABCD1234", Qt.Key.Key_Return)
    assert sheet.is_done
    assert sheet.done_words.isVisible()
    press("", Qt.Key.Key_Return)
    assert alone.rig.sheet is None
    alone.settle()
    assert alone.lamp == "初次下載 12%"
    assert alone.agent.status().server_url == URL
    alone.agent.say(alone.agent.status().__class__(SyncPhase.UNPAIRED))


@pytest.mark.parametrize(
    ("error", "is_address"),
    [
        (Refused("pairing_code_wrong"), False),
        (Refused("server_url", text="??"), True),
        (Unavailable("pairing_busy"), False),
    ],
)
def test_a_pairing_that_fails_says_so_beside_the_answer_and_keeps_what_was_typed(
    alone: OfficeRig, error: Refused, is_address: bool
) -> None:
    sheet = pair_sheet(alone)
    alone.agent.pair_error = error
    press("office.example", Qt.Key.Key_Return)
    press("ABCD1234", Qt.Key.Key_Return)
    at_fault = sheet.address if is_address else sheet.code
    assert at_fault.note.text() == t(error.text_key, None, **error.fields)
    assert QApplication.focusWidget() is at_fault.edit
    assert (sheet.address.text, sheet.code.text) == ("office.example", "ABCD1234")
    assert not sheet.is_done
    assert not sheet.is_busy
    alone.rig.typist.press("Esc")
    assert alone.rig.sheet is None


def test_an_empty_answer_asks_nobody(alone: OfficeRig) -> None:
    sheet = pair_sheet(alone)
    sheet.pair()
    assert sheet.address.note.text() == t("error.sync_address")
    press(URL, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert sheet.code.note.text() == t("error.sync_code_empty")
    alone.rig.typist.press("Esc")


def test_an_address_that_anybody_can_listen_to_is_warned_of_while_it_is_typed(alone: OfficeRig) -> None:
    sheet = pair_sheet(alone)
    press("http://192.168.1.20:8470")
    assert sheet.address.note.text() == t("sync_ui.pair.not_encrypted")
    sheet.address.set_text("http://127.0.0.1:8470")
    assert sheet.address.note.text() == t("sync_ui.pair.address_help")
    alone.rig.typist.press("Esc")


def test_a_code_may_be_scanned(alone: OfficeRig) -> None:
    sheet = pair_sheet(alone)
    alone.rig.typist.scan("WXYZ9876")
    assert sheet.code.text == "WXYZ9876"
    alone.rig.typist.press("Esc")


def test_unpairing_is_refused_with_the_count_while_anything_waits(office: OfficeRig) -> None:
    page = office.page()
    page.unpair()
    assert isinstance(office.rig.sheet, ConfirmSheet)
    waiting = office.rig.store.desk.unsent_count()
    press("", Qt.Key.Key_Return)
    (told,) = [one for one in office.rig.messages.history if one.key == "error.facts_unsent"]
    assert told.fields == {"count": waiting}
    assert office.watch.is_paired
    office.agent.run_once()
    page.unpair()
    press("", Qt.Key.Key_Return)
    office.settle()
    assert office.lamp == ""
    assert page.pair_button.isVisible()


def test_the_keys_stay_on_the_page_when_what_had_them_is_gone(office: OfficeRig) -> None:
    office.agent.run_once()
    page = office.page()
    office.agent.run_once()
    go_to(page.unpair_button)
    press("", Qt.Key.Key_Return)
    press("", Qt.Key.Key_Return)
    office.settle()
    assert not page.unpair_button.isVisible()
    assert QApplication.focusWidget() is page.pair_button
    press("", Qt.Key.Key_Return)
    press(URL, Qt.Key.Key_Return)
    press("ABCD1234", Qt.Key.Key_Return, Qt.Key.Key_Return)
    office.settle()
    assert QApplication.focusWidget() is page.standing.now
    press("", Qt.Key.Key_Escape)
    assert office.rig.window.current_screen is Screen.SALE


def test_pairing_and_unpairing_need_the_right_to_settings(office: OfficeRig) -> None:
    page = office.page(CASHIER_NUMBER)
    page.unpair()
    assert isinstance(office.rig.sheet, ApprovalSheet)
    office.rig.typist.press("Esc")
    page.pair()
    assert isinstance(office.rig.sheet, ApprovalSheet)
    office.rig.typist.press("Esc")


# --- carrying out ------------------------------------------------------------------------------------------------------


def carry_sheet(office: OfficeRig) -> CarrySheet:
    page = office.page()
    office.say(SyncPhase.OFFLINE, waiting=office.rig.store.desk.unsent_count())
    go_to(page.standing.carry)
    press("", Qt.Key.Key_Return)
    sheet = office.rig.sheet
    assert isinstance(sheet, CarrySheet)
    return sheet


def test_carrying_out_says_where_the_file_lies_and_what_to_do_with_it(
    office: OfficeRig, tmp_path: Path
) -> None:
    sheet = carry_sheet(office)
    sheet.folder.set_text("")
    press(str(tmp_path), Qt.Key.Key_Return)
    assert sheet.carried is not None
    assert sheet.path.text() == str(tmp_path / "01-1-20261121.carried")
    assert sheet.next.isVisible()
    waiting = office.rig.store.desk.unsent_count()
    assert sheet.words.text() == t("sync_ui.carry.done", count=waiting)
    press("", Qt.Key.Key_Return)
    assert office.rig.sheet is None
    assert office.rig.store.desk.unsent_count() == waiting, "a file on a stick is no receipt"


def test_a_folder_is_chosen_with_the_keyboard(office: OfficeRig, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    sheet = carry_sheet(office)
    sheet.folder.set_text(str(tmp_path))
    go_to(sheet.choose)
    press("", Qt.Key.Key_Return)
    chooser = office.rig.sheet
    assert isinstance(chooser, FileSheet)
    chooser.path.set_text(str(tmp_path / "stick"))
    press("", Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert office.rig.sheet is sheet
    assert sheet.folder.text == str(tmp_path / "stick")
    office.rig.typist.press("Esc")


@pytest.mark.parametrize("folder", ["", "/no/such/folder"])
def test_a_folder_that_is_not_there_is_refused_beside_the_line(office: OfficeRig, folder: str) -> None:
    sheet = carry_sheet(office)
    sheet.folder.set_text(folder)
    sheet.write()
    assert sheet.folder.note.text() == t("error.carry_folder")
    office.rig.typist.press("Esc")


def test_a_stick_that_cannot_be_written_to_says_so_and_may_be_tried_again(
    office: OfficeRig, tmp_path: Path
) -> None:
    sheet = carry_sheet(office)
    sheet.folder.set_text(str(tmp_path))
    office.agent.carry_error = Unavailable("backup_no_room", path=str(tmp_path))
    sheet.write()
    assert sheet.words.text() == t("error.backup_no_room", path=str(tmp_path))
    office.agent.carry_error = None
    sheet.write()
    assert sheet.carried is not None
    press("", Qt.Key.Key_Return)


def test_nothing_to_carry_is_not_offered(office: OfficeRig) -> None:
    page = office.page()
    office.agent.run_once()
    office.settle()
    assert not page.standing.carry.isEnabled()


# --- when to warn ------------------------------------------------------------------------------------------------------


def test_limits_are_kept_and_count_at_once(office: OfficeRig) -> None:
    page = office.page()
    page.limits.fields["note_days"].set_text("1")
    page.limits.fields["banner_days"].set_text("5")
    page.limits.save_button.click()
    kept = AgeLimits(note_days=1, banner_days=5)
    assert load_age_limits(office.rig.store.desk.settings()) == kept
    assert office.watch.limits == kept
    assert office.rig.told[-1] == "form.saved"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("note_days", "0", "number_needed"),
        ("note_days", "abc", "number_needed"),
        ("clock_warn_minutes", "9999", "number_needed"),
        ("banner_days", "2", "sync_limits_order"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_beside_its_field(
    office: OfficeRig, name: str, text: str, code: str
) -> None:
    page = office.page()
    page.limits.fields[name].set_text(text)
    page.limits.save_button.click()
    note = page.limits.fields[name].note
    assert note.isVisible()
    fields = {"minimum": 1, "maximum": 30 if name == "note_days" else 120}
    assert note.text() == (
        t(f"error.{code}", None, **fields) if code == "number_needed" else t(f"error.{code}")
    )
    assert office.watch.limits == AgeLimits()


def test_a_cashier_changes_no_limit_without_a_badge(office: OfficeRig) -> None:
    page = office.page(CASHIER_NUMBER)
    page.limits.fields["note_days"].set_text("2")
    page.limits.save_button.click()
    assert isinstance(office.rig.sheet, ApprovalSheet)
    office.rig.typist.scan(SUPERVISOR_BADGE)
    office.rig.typist.press("Esc")
    assert office.watch.limits == AgeLimits()


def test_the_page_is_the_same_page_in_another_language(office: OfficeRig) -> None:
    page = office.page()
    office.say(SyncPhase.OFFLINE, problem="portal", waiting=2)
    i18n.set_language("en")
    assert isinstance(page, SyncPage)
    assert page.standing.why.text() == t("sync.problem.portal", "en")
