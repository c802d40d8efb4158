"""A slice of ``prove``: real processes, killed at seeded moments, and nothing is lost, half, reused or printed twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.crash.kill_loop import Seen, _note, run

KILLS = 12


@pytest.fixture
def tried(tmp_path: Path) -> dict[str, object]:
    return run(KILLS, 3, tmp_path / "till")


def test_a_till_that_is_killed_again_and_again_keeps_every_promise(tried: dict[str, object]) -> None:
    assert tried["details"] == []
    assert tried["met"]
    assert tried["kills"] == KILLS
    assert tried["lost"] == tried["half"] == tried["reused_numbers"] == tried["chain_broken"] == 0
    assert int(str(tried["commits"])) >= int(str(tried["acknowledged"])) > 0


def test_what_was_said_is_counted_line_by_line() -> None:
    seen = Seen()
    _note(
        ["GO", "OPEN", "SOLD 01-1-A000001", "ACK 01-1-A000001 receipt 0 1", "ACK 01-1-A000001 receipt 0 1"],
        seen,
    )
    _note(["GO"], seen)
    _note(["GO", "FAILED AssertionError: a bug"], seen)
    assert seen.acknowledged == {"01-1-A000001"}
    assert seen.papers == Counter({("01-1-A000001", "receipt", "0"): 2})
    assert seen.pulses == Counter({"01-1-A000001": 2})
    assert seen.killed_while_opening == 2
    assert len(seen.failed) == 1
