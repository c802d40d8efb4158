"""The lamp of the talk with the server: its words, that it never flickers, and that the header holds it on a small screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from app.i18n import LANGUAGES
from app.service.sync_desk import Sign
from app.service.sync_ports import SyncPhase, SyncStatus
from tests.ui.sync.office import URL, OfficeRig, close_office, open_office
from tests.ui.till_fixture import CASHIER_NUMBER, OWNER_NUMBER, SOAP, close_rig, open_rig
from ui.context import Screen
from ui.devices.picture import LampWords, Words
from ui.settings.view import SettingsView
from ui.sync.page import SyncPage
from ui.sync.watch import HOLD_MS, SETTLE_MS
from ui.widgets.status_lamp import Lamp

IDLE = SyncStatus(SyncPhase.IDLE, server_url=URL)
SENDING = replace(IDLE, phase=SyncPhase.SENDING, waiting=1)


def sell(office: OfficeRig) -> None:
    office.rig.typist.scan(SOAP)
    office.rig.typist.press("Enter", "Enter")


def test_a_till_that_stands_alone_shows_no_lamp(qtbot: QtBot, tmp_path: Path) -> None:
    office = open_office(qtbot, tmp_path, is_paired=False)
    assert office.lamp == ""
    assert office.rig.window.header.sync.isHidden()
    close_rig(office.rig)


def test_without_an_agent_there_is_no_lamp_either(qtbot: QtBot, tmp_path: Path) -> None:
    rig = open_rig(qtbot, tmp_path)
    rig.window.listen_to_server()
    assert rig.window.header.sync.isHidden()
    close_rig(rig)


def test_what_was_sold_without_a_network_waits_as_so_many_sales(office: OfficeRig) -> None:
    rig = office.rig
    office.agent.run_once()
    office.agent.is_reachable = False
    rig.sign_on()
    for _ in range(2):
        sell(office)
    office.agent.look()
    office.settle()
    assert office.lamp == f"離線，2 筆銷售待上傳，上次連線 {rig.clock.local():%H:%M}"
    assert office.rig.window.header.sync.toolTip() == office.lamp
    office.agent.is_reachable = True
    rig.clock.forward(minutes=3)
    office.agent.run_once()
    office.settle()
    assert office.lamp == "全部已上傳"


def test_a_sale_wakes_the_agent_and_never_waits_for_it(office: OfficeRig) -> None:
    office.rig.sign_on()
    sell(office)
    assert office.agent.wakes == 1
    assert office.agent.rounds == 0


def test_a_sale_that_goes_out_at_once_is_never_spoken_of(office: OfficeRig) -> None:
    office.say(SyncPhase.IDLE)
    seen: list[str] = []
    office.watch.changed.connect(lambda: seen.append(office.lamp))
    office.agent.say(SENDING)
    assert office.watch.pause.isActive()
    assert office.watch.pause.interval() == SETTLE_MS
    office.agent.say(IDLE)
    office.settle()
    assert seen == []


def test_what_takes_longer_is_shown(office: OfficeRig) -> None:
    office.say(SyncPhase.IDLE)
    office.agent.say(replace(SENDING, waiting=900))
    office.settle()
    assert office.lamp == "上傳中，剩 900 筆"


def test_what_is_shown_stays_for_a_second(office: OfficeRig) -> None:
    office.agent.say(replace(IDLE, phase=SyncPhase.OFFLINE, problem="no_network"))
    office.settle()
    seen: list[str] = []
    office.watch.changed.connect(lambda: seen.append(office.lamp))
    office.agent.say(IDLE)
    assert office.watch.pause.isActive()
    assert office.watch.pause.interval() == HOLD_MS
    for phase in (SyncPhase.OFFLINE, SyncPhase.WAITING, SyncPhase.OFFLINE):
        office.agent.say(replace(IDLE, phase=phase, waiting=3))
    assert seen == ["全部已上傳"]
    office.settle()
    assert seen[1] == "離線，3 筆資料待上傳"


def test_an_agent_that_talks_a_lot_on_its_own_thread_reaches_the_screen_as_its_last_word(
    office: OfficeRig,
) -> None:
    told: list[int] = []
    office.watch.told.connect(lambda: told.append(1))
    office.agent.say_from_its_thread(*(replace(SENDING, waiting=left) for left in range(500, 0, -1)))
    assert not told, "nothing of it runs on the agent's thread"
    QApplication.processEvents()
    assert len(told) == 1
    assert office.watch.status is not None
    assert office.watch.status.waiting == 1


def test_a_tap_or_a_key_opens_the_page_for_a_cashier_too(office: OfficeRig) -> None:
    rig = office.rig
    rig.sign_on(CASHIER_NUMBER)
    rig.typist.press("Ctrl+U")
    assert rig.window.current_screen is Screen.SETTINGS
    rig.window.go_to(Screen.SALE)
    QTest.mouseClick(rig.window.header.sync, Qt.MouseButton.LeftButton)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, SettingsView)
    assert isinstance(view.page, SyncPage)


def test_the_lamp_says_it_in_another_language_at_once(office: OfficeRig) -> None:
    office.rig.sign_on()
    office.say(SyncPhase.OFFLINE, waiting=4)
    i18n.set_language("en")
    assert office.lamp == "Offline, 4 records waiting"
    assert office.rig.window.header.sync.toolTip() == office.lamp


def test_the_shape_of_the_sign_tells_the_states_apart(office: OfficeRig) -> None:
    signs = []
    for phase in (SyncPhase.IDLE, SyncPhase.WAITING, SyncPhase.FILLING, SyncPhase.OFFLINE, SyncPhase.TROUBLE):
        office.say(phase, waiting=2)
        look = office.rig.window.header.sync.look
        assert look is not None
        signs.append(look.sign)
        assert not office.rig.window.header.sync.grab().isNull()
    assert signs == [Sign.TICK, Sign.UP, Sign.DOWN, Sign.CUT, Sign.LOOK]


WORST = {
    "calm": (IDLE, LampWords()),
    "both": (
        replace(
            IDLE,
            phase=SyncPhase.OFFLINE,
            problem="no_network",
            waiting=12_345,
            age_days=20,
            last_contact_at=1,
        ),
        LampWords(Lamp.BAD, Words("devices_ui.lamp.offline_waiting", {"count": 123})),
    ),
    "trouble": (
        replace(IDLE, phase=SyncPhase.TROUBLE, problem="revoked", waiting=12_345),
        LampWords(Lamp.BAD, Words("devices_ui.lamp.error_waiting", {"count": 12})),
    ),
    "devices": (IDLE, LampWords(Lamp.WARN, Words("devices_ui.lamp.attention"))),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_screen_cuts_nothing_off(qtbot: QtBot, tmp_path: Path, language: str) -> None:
    office = open_office(qtbot, tmp_path, size=(1024, 768))
    i18n.set_language(language)
    header = office.rig.window.header
    for case, (status, lamp) in WORST.items():
        for number in (OWNER_NUMBER, CASHIER_NUMBER):
            office.rig.sign_on(number)
            office.agent.say(status)
            office.settle()
            header.show_lamp(lamp)
            header.show_work("")
            QApplication.processEvents()
            shown = [
                each for each in header.findChildren(QWidget) if each.parent() is header and each.isVisible()
            ]
            for each in shown:
                assert each.width() >= each.sizeHint().width() - 1, (case, number, each)
                assert each.geometry().right() < header.width(), (case, number, each)
            assert header.sync.isVisible()
            assert header.lamp.isVisible()
    close_office(office)


def test_no_key_of_the_header_moves_because_a_lamp_has_something_to_say(qtbot: QtBot, tmp_path: Path) -> None:
    office = open_office(qtbot, tmp_path, size=(1024, 768))
    office.rig.sign_on(OWNER_NUMBER)
    header = office.rig.window.header
    places = set()
    for status, lamp in WORST.values():
        office.agent.say(status)
        office.settle()
        header.show_lamp(lamp)
        QApplication.processEvents()
        places.add(tuple(each.x() for each in (header._owner, header._history, header._settings)))
    assert len(places) == 1
    close_office(office)


def test_practice_shows_nothing_of_the_real_tills_talk(office: OfficeRig) -> None:
    office.say(SyncPhase.OFFLINE, waiting=4)
    till = office.rig.till
    till.session.is_training = True
    office.watch.use_till(till)
    office.rig.window.refresh_lamps()
    assert office.rig.window.header.sync.look is None
    assert office.watch.balance_age().text == ""
    till.session.is_training = False
    office.watch.use_till(till)
    assert office.agent.is_running
    assert office.lamp != "", "the agent went on, and was not started twice"
