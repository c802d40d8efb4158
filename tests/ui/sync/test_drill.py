"""The pull-the-plug drill, as the owner does it: cut off, sell, enrol, print, plug in, watch it drain, read the proof."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.i18n import t
from app.service.sync_ports import SyncPhase
from tests.ui.sync.office import OfficeRig, close_office, open_office, press
from tests.ui.till_fixture import CASHIER_NUMBER, NEW_PHONE, OWNER_NUMBER, SOAP, close_rig
from ui.context import Screen
from ui.sale.approval import ApprovalSheet
from ui.sync.drill_card import DrillCard


def is_cut(office: OfficeRig) -> bool:
    return office.agent.is_cut_off


def tab_to(widget: object) -> None:
    for _ in range(80):
        if QApplication.focusWidget() is widget:
            return
        press("", Qt.Key.Key_Tab)
    raise AssertionError("Tab never comes here")


def enter(office: OfficeRig, widget: object) -> None:
    """Tab to it and press Enter."""
    tab_to(widget)
    press("", Qt.Key.Key_Return)
    look(office)


def look(office: OfficeRig) -> None:
    """What the page does by itself a moment later."""
    office.settle()
    office.opened().read()
    QApplication.processEvents()


def begun(office: OfficeRig) -> DrillCard:
    office.agent.run_once()
    page = office.page()
    enter(office, page.drill.begin)
    return page.drill


def sell_to_new_member(office: OfficeRig) -> None:
    typist = office.rig.typist
    office.rig.window.go_to(Screen.SALE)
    typist.scan(SOAP)
    typist.type(NEW_PHONE)
    typist.press("Enter", "Enter", "Enter")


def print_everything(office: OfficeRig) -> None:
    """The printer of these tests prints nothing by itself."""
    for job in office.rig.store.desk.print_jobs(("queued",)):
        with office.rig.store.begin() as work:
            work.set_print_state(job.id, "done", changed_at=office.rig.clock.now_ms())
            work.commit()


def ticks(card: DrillCard) -> list[str]:
    return [name for name, step in card.steps.items() if step.has_done]


def test_the_whole_drill_from_pulling_the_plug_to_the_proof(office: OfficeRig) -> None:
    card = begun(office)
    assert is_cut(office)
    assert office.lamp.startswith("斷網演練中")
    assert card.plug_in.isVisible()
    assert ticks(card) == []
    sell_to_new_member(office)
    look(office)
    assert ticks(card) == ["sold", "enrolled"]
    print_everything(office)
    look(office)
    assert ticks(card) == ["sold", "enrolled", "printed"]
    made = office.rig.store.desk.unsent(0).kinds
    office.rig.clock.forward(minutes=12)
    enter(office, card.plug_in)
    assert not is_cut(office)
    assert office.agent.wakes > 0
    assert not card.finish.isVisible(), "nothing is proved before the office has said so"
    assert card.bar.isVisible()
    office.agent.run_once()
    look(office)
    said = card.kept.text()
    assert "1 筆交易" in said
    assert "1 位新會員" in said
    assert "12 分鐘" in said
    assert made["sale"] == made["enrolment"] == 1
    enter(office, card.finish)
    assert card.begin.isVisible()
    assert office.rig.store.desk.setting("sync.drill") is None


def test_the_next_step_of_the_drill_is_where_the_cursor_is(office: OfficeRig) -> None:
    office.agent.run_once()
    page = office.page()
    tab_to(page.drill.begin)
    press("", Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.drill.plug_in
    press("", Qt.Key.Key_Return)
    assert not is_cut(office)


def test_what_waited_before_is_not_counted_as_made_in_the_drill(office: OfficeRig) -> None:
    office.agent.is_reachable = False
    office.rig.sign_on(OWNER_NUMBER)
    sell_to_new_member(office)
    page = office.page()
    enter(office, page.drill.begin)
    assert ticks(page.drill) == []
    assert page.drill.kept.text() == t("sync_ui.drill.kept", count="0")


def test_plugged_in_without_an_office_it_waits_and_says_why(office: OfficeRig) -> None:
    card = begun(office)
    sell_to_new_member(office)
    office.agent.is_reachable = False
    look(office)
    enter(office, card.plug_in)
    assert "演練" not in office.lamp
    office.agent.run_once()
    look(office)
    assert not card.finish.isVisible()
    assert t("sync.problem.no_network") in card.words.text()
    office.agent.is_reachable = True
    office.agent.run_once()
    look(office)
    assert card.finish.isVisible()


def test_what_is_sold_after_the_plug_is_back_does_not_put_the_proof_off(office: OfficeRig) -> None:
    card = begun(office)
    sell_to_new_member(office)
    look(office)
    enter(office, card.plug_in)
    office.agent.run_once()
    office.rig.window.go_to(Screen.SALE)
    office.rig.typist.scan(SOAP)
    office.rig.typist.press("Enter", "Enter")
    look(office)
    assert office.rig.store.desk.unsent_count() > 0
    assert card.finish.isVisible()


def test_a_drill_outlives_the_program(qtbot: QtBot, tmp_path: Path) -> None:
    first = open_office(qtbot, tmp_path)
    begun(first)
    first.say(SyncPhase.IDLE)
    close_rig(first.rig)
    second = open_office(qtbot, tmp_path)
    assert is_cut(second), "cut off before anything was sent"
    page = second.page()
    QApplication.processEvents()
    assert page.drill.plug_in.isVisible()
    enter(second, page.drill.plug_in)
    assert not is_cut(second)
    close_office(second)


def test_a_cashier_pulls_no_plug_but_may_put_it_back(office: OfficeRig) -> None:
    office.agent.run_once()
    page = office.page(CASHIER_NUMBER)
    page.begin_drill()
    assert isinstance(office.rig.sheet, ApprovalSheet)
    office.rig.typist.press("Esc")
    assert not is_cut(office)
    page = office.page(OWNER_NUMBER)
    page.begin_drill()
    page = office.page(CASHIER_NUMBER)
    page.plug_in()
    assert not is_cut(office)


def test_selling_goes_on_from_the_page_with_one_key(office: OfficeRig) -> None:
    card = begun(office)
    tab_to(card.to_sale)
    press("", Qt.Key.Key_Return)
    assert office.rig.window.current_screen is Screen.SALE
