"""The daily jobs in the window: begun beside the sales, stopped by a tap, and what failed is told to the owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Unavailable
from app.service.daily_jobs import DailyJob, DailyJobs, IsCancelled, Tell
from tests.ui.till_fixture import OWNER_NUMBER, TillRig, close_rig, open_rig


@pytest.fixture
def till(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, tmp_path)
    yield opened
    close_rig(opened)


def use(rig: TillRig, *jobs: DailyJob) -> None:
    rig.till.daily = DailyJobs(rig.store, rig.till.session, jobs)


def test_they_are_done_once_when_the_day_is_open(till: TillRig) -> None:
    seen: list[date] = []

    def run(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        seen.append(on)
        return 0

    use(till, DailyJob("expiry", run))
    for _ in range(3):
        till.window.daily.look()
    assert len(seen) == 1
    assert not till.window.daily.is_running
    assert till.told == []


@pytest.mark.logs_warnings
def test_what_failed_waits_until_the_owner_is_there(till: TillRig) -> None:
    def fails(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        raise Unavailable("disk_full")

    use(till, DailyJob("tiers", fails))
    till.sign_on()
    till.window.daily.look()
    assert "daily.failed" not in till.told
    till.till.authority.sign_off()
    till.sign_on(OWNER_NUMBER)
    till.window.daily.look()
    assert till.told.count("daily.failed") == 1
    till.window.daily.look()
    assert till.told.count("daily.failed") == 1


def test_progress_stands_in_the_header_and_a_tap_stops_it(till: TillRig) -> None:
    header = till.window.header
    header.show_work("整理會員等級 40%")
    assert header._work.text() == "整理會員等級 40%"
    assert not header._work.isHidden()
    header.show_work("")
    assert header._work.isHidden()


def test_nothing_is_begun_before_the_day_is_open(till: TillRig) -> None:
    asked: list[date] = []

    def run(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        asked.append(on)
        return 0

    use(till, DailyJob("expiry", run))
    till.till.session.shift = None
    till.window.daily.look()
    assert asked == []
