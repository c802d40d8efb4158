"""Shops for the owner's pages: one with three weeks behind it, and one whose first day it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.demo.seed import seed_demo
from app.domain.authority import Operator, Role
from app.domain.ids import OperatorId, Uuid7Source
from app.domain.money import TWD, Money
from app.service.shop import ShopSettings, shop_to_settings
from db.store import create_store
from tests.service.small_shop import KEY, SteppingClock
from tests.ui.till_fixture import CASHIER_NUMBER, OWNER_NUMBER, PIN, TillRig, wire
from ui.context import Screen
from ui.owner.summary_page import SummaryPage
from ui.owner.view import OwnerView

DAYS, MEMBERS, SALES = 21, 40, 6


def make_past(folder: Path, *, members: int = MEMBERS, days: int = DAYS, sales_per_day: int = SALES) -> None:
    """Three weeks of sales until yesterday; today's shift is open, and nobody is signed on."""
    clock = SteppingClock()
    # Far from those of the rig that opens it afterwards.
    numbers = iter(range(10**8, 10**9))
    ids = Uuid7Source(clock.now_ms, lambda bits: next(numbers) * 2654435761 % (1 << bits))
    store = create_store(folder / "till.db", KEY, store_code="01", till_code="1", clock=clock, ids=ids)
    with store.begin() as work:
        for key, value in shop_to_settings(ShopSettings(name="好日子選物店")).items():
            work.put_setting(key, value)
        work.commit()
    till = wire(store, clock, ids)
    for number, name, role in (
        (OWNER_NUMBER, "王美玲", Role.OWNER),
        (CASHIER_NUMBER, "陳小安", Role.CASHIER),
    ):
        till.authority.add_operator(Operator(OperatorId(ids()), number, name, role), PIN, "")
    seed_demo(store, clock, ids, members=members, days=days, sales_per_day=sales_per_day)
    till.reload()
    till.authority.sign_on(OWNER_NUMBER, PIN)
    till.shifts.open_shift(Money(3000, TWD))
    till.authority.sign_off()
    till.close()


def owner_page(rig: TillRig) -> SummaryPage:
    """The summary in sight, reached with the owner's key from the sale."""
    if rig.window.current_screen is not Screen.OWNER:
        if rig.till.session.operator is None:
            rig.sign_on(OWNER_NUMBER)
        rig.typist.press("Ctrl+O")
    view = view_of(rig)
    assert isinstance(view.page, SummaryPage)
    settle()
    return view.page


def settle() -> None:
    """Until everything has found its place: a page that was just filled is laid out in two rounds."""
    for _ in range(4):
        QApplication.processEvents()


def is_too_wide(rig: TillRig) -> bool:
    """Whether the page in sight is wider than its place: what is at its right edge could not be reached."""
    view = view_of(rig)
    area = view._area_of(view.page)
    return view.page.width() > area.viewport().width()


def view_of(rig: TillRig) -> OwnerView:
    shown = rig.window.stack.currentWidget()
    assert isinstance(shown, OwnerView)
    return shown
