"""What a tier takes off is said on the line and explained under F5."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.loyalty.tiers import Tier, TierRights, TierRules
from tests.ui.member.regulars import buys
from tests.ui.till_fixture import OWNER_NUMBER, PHONE, SOAP, TEA, TillRig, close_rig, open_rig
from ui.sale.change_panel import ChangePanel
from ui.sale.rows import Rows


@pytest.fixture
def till(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, tmp_path)
    opened.sign_on(OWNER_NUMBER)
    gold = Tier("gold", "金卡", 300, TierRights(percent_off=1_000))
    opened.till.rules.save_tiers(TierRules(tiers=(gold,)))
    yield opened
    close_rig(opened)


def test_the_line_says_whose_price_it_is_and_f5_explains_it(till: TillRig) -> None:
    buys(till, TEA)
    till.typist.type(PHONE)
    till.typist.scan(SOAP)
    (row,) = Rows().of(till.till.checkout.priced())
    assert row.details == ("金卡 9 折，原價 99",)
    assert row.is_discounted
    till.typist.press("F5")
    said = [label.text() for label in till.window.findChildren(QLabel)]
    assert "金卡 9 折，NT$89（原價 NT$99）× 1，共 NT$89。" in said


def test_the_sale_that_reaches_the_tier_tells_the_cashier_beside_the_change(till: TillRig) -> None:
    till.typist.scan(TEA)
    till.typist.type(PHONE)
    while not till.sales():
        till.typist.press("Enter")
    panel = till.window.findChild(ChangePanel)
    assert isinstance(panel, ChangePanel)
    shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert any("恭喜升上金卡！" in words for words in shown)
