"""``prove``: the kill loop from the command line, and an exit code that says whether every promise held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run


def test_it_kills_and_proves(run: Run, tmp_path: Path) -> None:
    answer = run("prove", "--kills", "2", "--seed", "5", "--json", "--data", tmp_path)
    assert answer.code == 0, answer.out
    plain = answer.plain
    assert (plain["name"], plain["kills"], plain["met"]) == ("prove", 2, True)
    zeroes = ("lost", "half", "reused_numbers", "chain_broken", "double_prints", "double_pulses", "failed")
    assert [plain[name] for name in zeroes] == [0] * len(zeroes)
    assert plain["commits"] >= 0
    assert plain["seconds"] > 0
    assert list(tmp_path.iterdir()) == [], "the shop that was sold to death is gone"


def test_a_broken_promise_is_an_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(kills: int, seed: int, folder: Path, progress: object) -> dict[str, Any]:
        return {"name": "prove", "kills": kills, "lost": 1, "met": False, "details": ["01-1-A000007"]}

    monkeypatch.setattr("tests.crash.kill_loop.run", broken)
    answer = run("prove", "--json")
    assert answer.code == 1
    assert "! 01-1-A000007" in answer.out
    assert answer.plain["kills"] == 300


@pytest.mark.parametrize("kills", ["0", "-3", "many"])
def test_a_number_of_kills_that_proves_nothing_is_refused(run: Run, kills: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run("prove", "--kills", kills)
    assert ended.value.code == 2
