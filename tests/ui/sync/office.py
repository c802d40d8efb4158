"""A till of the screens' tests that is paired with a central server which the test decides about."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.service.exchange_ports import Exchange, SetAside
from app.service.sync_ports import SyncPhase, SyncStatus
from tests.service.sync_double import AgentDouble, ExchangeDouble
from tests.ui.till_fixture import OWNER_NUMBER, TillRig, close_rig, open_rig
from ui.context import Screen
from ui.settings.view import SettingsView
from ui.sync.page import SyncPage
from ui.sync.watch import SyncWatch

URL = "https://office.example.com"


class OfficeRig:
    """The rig with its agent, listening as the program does once it has warmed up."""

    def __init__(
        self, rig: TillRig, *aside: SetAside, is_paired: bool = True, inbox_problems: int = 0
    ) -> None:
        self.rig = rig
        self.agent = AgentDouble(rig.store, rig.clock, is_paired=is_paired)
        self.exchange = ExchangeDouble(*aside, inbox_problems=inbox_problems)
        rig.till.sync = self.agent
        rig.till.exchange = cast(Exchange, self.exchange)
        rig.window.listen_to_server()
        self.settle()

    @property
    def watch(self) -> SyncWatch:
        return self.rig.window.sync

    def settle(self) -> None:
        settle(self.watch)

    def say(self, phase: SyncPhase = SyncPhase.WAITING, **fields: object) -> None:
        """The agent says this, and it is shown."""
        self.agent.say(SyncStatus(phase, server_url=URL, **fields))  # type: ignore[arg-type]
        self.settle()

    @property
    def lamp(self) -> str:
        """The whole sentence of the lamp; "" for no lamp."""
        look = self.rig.window.header.sync.look
        return "" if look is None else look.full

    def page(self, number: str = OWNER_NUMBER) -> SyncPage:
        """The page, as this person opens it by its key after signing on."""
        self.rig.sign_on(number)
        return self.opened()

    def opened(self) -> SyncPage:
        """The page, as whoever works here opens it by its key."""
        return open_page(self.rig)


def settle(watch: SyncWatch) -> None:
    """As long as anything is held back, let its time be over."""
    for _ in range(4):
        if watch.pause.isActive():
            watch.pause.stop()
            watch._on_pause_over()
        if watch.count_soon.isActive():
            watch.count_soon.stop()
            watch._count()


def open_page(rig: TillRig) -> SyncPage:
    """The page by its key, for whoever works here."""
    rig.typist.press("Ctrl+U")
    assert rig.window.current_screen is Screen.SETTINGS
    view = rig.window.stack.currentWidget()
    assert isinstance(view, SettingsView)
    page = view.page
    assert isinstance(page, SyncPage)
    return page


def open_office(
    qtbot: QtBot,
    folder: Path,
    *aside: SetAside,
    is_paired: bool = True,
    size: tuple[int, int] = (1280, 800),
    inbox_problems: int = 0,
) -> OfficeRig:
    rig = open_rig(qtbot, folder, size=size)
    return OfficeRig(rig, *aside, is_paired=is_paired, inbox_problems=inbox_problems)


def press(text: str = "", *then: Qt.Key) -> None:
    """Real keys where the cursor is: in a sheet there is no one line to type into."""
    for key in (*text, *then):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)


def close_office(office: OfficeRig) -> None:
    """Nothing waits any more, so that the window goes."""
    office.say(SyncPhase.IDLE)
    close_rig(office.rig)
