"""A slice of the tour with real keys: somebody is brought by a friend, spends points, is explained and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.member.regulars import a_regular
from tests.ui.till_fixture import OWNER_NUMBER, SOAP, TEA, TillRig, close_rig, open_rig
from ui.tour import member_life
from ui.tour.guide import Guide, Lost


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, tmp_path)
    opened.sign_on(OWNER_NUMBER)
    yield opened
    close_rig(opened)


def test_a_members_life_from_a_friends_word_to_being_forgotten(rig: TillRig, tmp_path: Path) -> None:
    a_regular(rig, 15)  # the friend, with points enough to be found
    scanner = rig.typist._scanner
    assert scanner is not None
    guide = Guide(rig.window, scanner, tmp_path / "pictures")
    member_life.write_rules(guide)
    member_life.enrol_by_referral(guide, TEA)
    member_life.reach_tier(guide, TEA, SOAP)
    member_life.redeem(guide, TEA)
    member_life.explained(guide)
    member_life.withdraw(guide)
    member_life.erase(guide)
    assert len(guide.steps) == 7
    assert all(step.facts for step in guide.steps)
    assert len(list((tmp_path / "pictures").iterdir())) >= 9
    with pytest.raises(Lost):
        member_life.redeem(guide, TEA)
