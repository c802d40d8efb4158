"""The screens over the real agent, the real books and the real server: paired by keys, sold, cut off, drained, refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import ticks_ms
from app.i18n import t
from app.service.sync_desk import CUT_OFF
from app.service.sync_ports import SyncPhase
from db.exchange import SqliteExchange
from sync.client.agent import Agent, Surroundings
from sync.client.schedule import Pace
from sync.server.trust import CODE_LETTERS, make_code, revoke
from tests.sync.client.talking import ShellTransport
from tests.sync.client.test_agent import OpenVault
from tests.sync.server.conftest import database, up
from tests.sync.server.shell import Running
from tests.sync.server.tills import TENANT
from tests.ui.conftest import PATIENCE_MS
from tests.ui.sync.office import open_page, press, settle
from tests.ui.till_fixture import NEW_PHONE, OWNER_NUMBER, SOAP, TillRig, close_rig, open_rig
from ui.context import Screen
from ui.sync.pair_sheet import PairSheet

__all__ = ["database", "up"]

URL = "http://127.0.0.1:8470"


@dataclass
class Shop:
    """A till with its own agent beside a server; ``is_line_up`` is the world's."""

    rig: TillRig
    agent: Agent
    up: Running
    qtbot: QtBot

    def until(self, is_so: Callable[[], bool]) -> None:
        def settled() -> bool:
            settle(self.rig.window.sync)
            return is_so()

        self.qtbot.waitUntil(settled, timeout=PATIENCE_MS)

    @property
    def lamp(self) -> str:
        look = self.rig.window.header.sync.look
        return "" if look is None else look.full

    def sell(self, *entries: str) -> None:
        self.rig.window.go_to(Screen.SALE)
        self.rig.typist.scan(SOAP)
        for entry in entries:
            self.rig.typist.type(entry)
            self.rig.typist.press("Enter")
        self.rig.typist.press("Enter", "Enter")


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path, up: Running) -> Iterator[Shop]:
    """Stands alone yet."""
    rig = open_rig(qtbot, tmp_path)
    up.fake.now = rig.clock.now
    around = Surroundings(
        rig.clock, ticks_ms, Random(7).randbytes, OpenVault().vault(), lambda _: ShellTransport(up),
        Pace(soon_ms=1, wake_again_ms=1),
    )  # fmt: skip
    agent = Agent(rig.store, SqliteExchange(rig.store), around)
    rig.till.sync, rig.till.exchange = agent, SqliteExchange(rig.store)
    rig.window.listen_to_server()
    made = Shop(rig, agent, up, qtbot)
    yield made
    agent.stop()
    rig.window.sync.pause.stop()
    rig.window.close()  # asked once, if anything waits; the second time it goes
    close_rig(rig)


def paired(shop: Shop) -> None:
    """As the owner does it: the page by its key, the address, the code, Enter."""
    shop.rig.sign_on(OWNER_NUMBER)
    page = open_page(shop.rig)
    page.pair_button.setFocus()
    press("", Qt.Key.Key_Return)
    assert isinstance(shop.rig.sheet, PairSheet)
    press(URL, Qt.Key.Key_Return)
    press(shop.up.code(), Qt.Key.Key_Return)
    assert shop.rig.sheet.is_done
    press("", Qt.Key.Key_Return)
    shop.until(lambda: shop.lamp == "全部已上傳")


def test_paired_by_keys_everything_goes_out_and_the_page_says_so(shop: Shop) -> None:
    assert shop.lamp == ""
    paired(shop)
    page = open_page(shop.rig)
    assert page.standing.facts.value("sync_ui.page.server") == URL
    assert page.standing.facts.value("sync_ui.page.waiting") == t("sync_ui.page.nothing")
    shop.sell()
    shop.until(lambda: shop.rig.store.desk.unsent_count() == 0)


def test_a_wrong_code_is_refused_with_what_to_do(shop: Shop) -> None:
    shop.rig.sign_on(OWNER_NUMBER)
    open_page(shop.rig).pair()
    sheet = shop.rig.sheet
    assert isinstance(sheet, PairSheet)
    press(URL, Qt.Key.Key_Return)
    press(make_code(bytes(CODE_LETTERS)), Qt.Key.Key_Return)
    assert sheet.code.note.property("tone") == "danger"
    assert sheet.code.note.text() == t("error.pairing_code_wrong")
    assert not sheet.is_done
    shop.rig.typist.press("Esc")


def test_the_whole_drill_against_the_real_server(shop: Shop) -> None:
    paired(shop)
    page = open_page(shop.rig)
    page.begin_drill()
    assert shop.agent.run_once().problem == CUT_OFF, "a round that was under way is over, and none goes out"
    shop.until(lambda: shop.lamp.startswith("斷網演練中"))
    shop.sell(NEW_PHONE)
    shop.until(lambda: shop.rig.store.desk.unsent_count() >= 2)
    page = open_page(shop.rig)
    assert page.drill.steps["sold"].has_done
    assert page.drill.steps["enrolled"].has_done
    page.plug_in()
    shop.until(lambda: shop.lamp == "全部已上傳")
    page.read()
    assert "總部全部收到" in page.drill.kept.text()
    page.finish_drill()
    assert page.drill.begin.isVisible()


def test_a_till_that_is_shut_out_sells_on_and_says_who_must_act(shop: Shop) -> None:
    paired(shop)
    device = shop.rig.store.device_id
    shop.up.database.run(TENANT, lambda db: revoke(db, TENANT, device, now=shop.up.fake.now))
    before = shop.rig.sales()
    shop.sell()
    shop.until(lambda: shop.lamp.startswith("總部已停用"))
    shop.sell()
    assert shop.rig.sales() == before + 2
    page = open_page(shop.rig)
    assert page.standing.why.text() == t("sync.problem.revoked")
    assert page.pair_button.isVisible()


def test_what_waits_is_carried_out_and_still_waits(shop: Shop, tmp_path: Path) -> None:
    paired(shop)
    page = open_page(shop.rig)
    page.begin_drill()
    assert shop.agent.run_once().problem == CUT_OFF, "a round that was under way is over, and none goes out"
    shop.sell()
    waiting = shop.rig.store.desk.unsent_count()
    carried = shop.agent.carry_out(tmp_path)
    assert carried.facts == waiting
    assert "01-1" in carried.path.name
    assert shop.rig.store.desk.unsent_count() == waiting


def test_a_clock_that_is_days_off_is_found_by_the_first_contact(shop: Shop) -> None:
    paired(shop)
    shop.rig.clock.forward(days=3)
    shop.sell()
    shop.until(
        lambda: shop.rig.window.sync.status is not None and shop.rig.window.sync.status.clock_apart_ms != 0
    )
    status = shop.rig.window.sync.status
    assert status is not None
    assert status.clock_apart_ms > 2 * 86_400_000
    assert status.phase is not SyncPhase.UNPAIRED
    assert shop.rig.window.sync.sign_on_notices()
