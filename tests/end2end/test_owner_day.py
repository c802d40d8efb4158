"""A slice of the tour with real keys: the owner opens the summary, keeps a promise, makes a list to call and takes the day along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.member import Member
from app.domain.phone import national_number
from tests.ui.member.regulars import buys
from tests.ui.till_fixture import OWNER_NUMBER, PIN, SOAP, TEA, TillRig, close_rig, open_rig
from ui.owner.save_sheet import SETTING
from ui.tour import owner_day
from ui.tour.guide import Guide, Lost
from ui.tour.selling import NEW_E164


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, tmp_path)
    yield opened
    close_rig(opened)


def test_an_owners_day_from_the_summary_to_the_file(
    rig: TillRig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_day, "OWNER", OWNER_NUMBER)
    monkeypatch.setattr(owner_day, "OWNER_PIN", PIN)
    till = rig.till
    till.authority.sign_on(OWNER_NUMBER, PIN)
    member: Member = till.membership.enrol(national_number(NEW_E164))
    buys(rig, TEA, SOAP, phone=national_number(member.phone), days=0)
    exports = tmp_path / "exports"
    exports.mkdir()
    with till.store.begin() as work:
        work.put_setting(SETTING, str(exports))
        work.commit()
    rig.sign_on(OWNER_NUMBER)
    scanner = rig.typist._scanner
    assert scanner is not None
    guide = Guide(rig.window, scanner, tmp_path / "pictures")
    for chapter in owner_day.chapters(guide):
        chapter()
    assert len(guide.steps) == 6
    assert all(step.facts and step.pictures for step in guide.steps)
    assert sorted(path.suffix for path in exports.iterdir()) == [".pdf", ".xlsx"]
    with pytest.raises(Lost):
        owner_day.work(guide)
