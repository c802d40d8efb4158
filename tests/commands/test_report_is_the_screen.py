"""What a report prints is what the owner's pages show: the same desk of the same till, figure for figure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.bootstrap import Opener
from app.commands.report import INSIGHTS
from app.commands.report_insight import answer_of
from app.config import Config
from app.demo.seed import seed_demo
from app.domain.authority import Operator, Role
from app.domain.ids import OperatorId, Uuid7Source
from app.insight.values import Period
from app.service.exports.insight_out import to_plain
from app.service.exports.summary_plain import summary_to_plain
from app.service.insight_desk import Kind
from app.service.insight_tables import table_of
from app.service.shop import ShopSettings
from app.service.till import NewShop, Till
from tests.commands.conftest import Run
from tests.service.small_shop import SteppingClock

MEMBERS, DAYS, SALES = 130, 200, 12
# What a shop of this size has enough for; the others say so, on paper as on the screen.
TELLING = (
    "rfm",
    "moves",
    "lifecycle",
    "rhythm",
    "cohort",
    "repurchase",
    "concentration",
    "peaks",
    "forecast",
    "abc",
    "next",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year of the demo shop, as a shop of its own."""
    folder = tmp_path_factory.mktemp("screen")
    clock = SteppingClock()
    ids = Uuid7Source(clock.now_ms, Random(7).getrandbits)
    new = NewShop(ShopSettings(name="好日子選物店"), operators=(), key_source="file")
    till = Opener(Config(folder), clock, ids).create(new)
    seed_demo(till.store, clock, ids, members=MEMBERS, days=DAYS, sales_per_day=SALES)  # type: ignore[arg-type]
    till.close()
    return folder


@pytest.fixture(scope="module")
def till(folder: Path) -> Iterator[Till]:
    """The till that the screens stand on."""
    opened = Opener(Config(folder)).open()
    opened.session.operator = Operator(OperatorId(Uuid7Source(lambda: 0)()), "99", "店主", Role.OWNER)
    yield opened
    opened.close()


def shown(till: Till, kind: str, period: Period | None) -> dict[str, Any]:
    """As the page's desk answers, through the same words as JSON."""
    table = table_of(till.insight, answer_of(till.insight, Kind(kind), period))
    plain: dict[str, Any] = json.loads(json.dumps(to_plain(table, till.session.shop.currency)))
    return plain


@pytest.mark.parametrize("kind", INSIGHTS)
def test_an_analysis_is_the_same_on_paper_and_on_the_screen(
    run: Run, folder: Path, till: Till, kind: str
) -> None:
    printed = run("--data", folder, "report", kind, "--format", "json").plain
    assert printed == shown(till, kind, None)
    if kind in TELLING:
        assert printed["too_little"] is None
        assert printed["n"] > 0
    year = till.insight.year()
    half = Period(year.last - timedelta(days=181), year.last)
    printed = run(
        "--data", folder, "report", kind, "--from", half.first, "--to", half.last, "--format", "json"
    ).plain
    assert printed == shown(till, kind, half)


def test_the_summary_is_the_same_on_paper_and_on_the_screen(run: Run, folder: Path, till: Till) -> None:
    known = till.summary.known_days()
    assert known is not None
    random = Random(3)
    days = [known[1], *(known[0] + timedelta(days=random.randrange(DAYS)) for _ in range(4))]
    for day in days:
        printed = run("--data", folder, "report", "daily", "--date", day, "--format", "json").plain
        assert without_time(printed) == without_time(shown_summary(till, day, day))
    since, until = min(days), max(days)
    printed = run(
        "--data", folder, "report", "daily", "--from", since, "--to", until, "--format", "json"
    ).plain
    assert without_time(printed) == without_time(shown_summary(till, since, until))
    assert printed["figures"]["net"]["value"] > 0


def shown_summary(till: Till, since: date, until: date) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(summary_to_plain(till.summary.summary(since, until))))
    return plain


def without_time(plain: dict[str, Any]) -> dict[str, Any]:
    """When somebody asked is another moment each time."""
    return {name: value for name, value in plain.items() if name != "made_at"}
