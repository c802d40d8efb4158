"""``bench start``: from the start of the process to a till that is ready for the first scan, with 100,000 items.

Ready means: the whole of ``python -m app`` has run (launcher and all), the store is open and its chain checked, the sign-on is painted, the
event loop turns, and what a scan is looked up in is in memory. Nobody is signed on then, and a till takes no scan from nobody; the code of
the sale screen is loaded from there on, between one key and the next of whoever signs on. ``whole_ratio`` has that in it too: to the
moment at which nothing is left to load.

The reference is a bare PySide6 window, shown and painted by the same interpreter, in turns. Both run from compiled files, as an installed
program does, and both end at the moment they are ready.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, Final

from app.commands.open import READY_AT_VARIABLE, READY_FILE_VARIABLE
from app.credentials import KeySource, key_file
from tests.bench.shops import BenchShop, build_shop, copy_of

ITEMS: Final = 100_000
MEMBERS: Final = 200_000
SALES: Final = 10_000
STARTS: Final = 20
STARTS_QUICK: Final = 5
WARM_UP: Final = 2
SEED: Final = 20_261_121
START_SECONDS_MAX: Final = 60.0
GOALS: Final = {"ratio": 2.5}
PROJECT: Final = Path(__file__).resolve().parents[2]
BARE_WINDOW: Final = Path(__file__).with_name("bare_window.py")


@dataclass(slots=True)
class Starts:
    """Milliseconds of every start, on the wall and on the processors."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def forget(self) -> None:
        self.wall.clear()
        self.cpu.clear()


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    shop = build_shop(
        data_dir, 5_000 if quick else ITEMS, 2_000 if quick else MEMBERS, sales=0 if quick else SALES
    )
    folder = data_dir / "start"
    _furnish(shop, folder)
    starts = STARTS_QUICK if quick else STARTS
    ready, whole, bare = _take_turns(folder, starts)
    figures = {
        "ratio": _ratio(ready.wall, bare.wall),
        "cpu_ratio": _ratio(ready.cpu, bare.cpu),
        "whole_ratio": _ratio(whole.wall, bare.wall),
        "ready_median_ms": round(median(ready.wall), 1),
        "whole_median_ms": round(median(whole.wall), 1),
        "bare_median_ms": round(median(bare.wall), 1),
    }
    return {
        "name": "start",
        "figures": figures,
        "goals": GOALS,
        "met": figures["ratio"] <= GOALS["ratio"],
        "reference": "a bare PySide6 window, shown and painted by the same interpreter, in turns",
        "n": starts,
    }


def _furnish(shop: BenchShop, folder: Path) -> None:
    """A data folder as a till has it, with this shop in it; its key lies in a file."""
    copy_of(shop, folder)
    key_file(folder).write_text(json.dumps({"source": KeySource.FILE.value, "key": shop.key.hex()}), "utf-8")


def _take_turns(folder: Path, starts: int) -> tuple[Starts, Starts, Starts]:
    random = Random(SEED)
    sides = [Starts() for _ in range(3)]
    signal = folder / "ready"
    environment = _environment(folder)
    till = [sys.executable, "-m", "app", "--data", str(folder)]
    named = {READY_FILE_VARIABLE: str(signal)}
    commands: list[tuple[list[str], dict[str, str]]] = [
        (till, environment | named | {READY_AT_VARIABLE: "ready"}),
        (till, environment | named | {READY_AT_VARIABLE: "warm"}),
        ([sys.executable, str(BARE_WINDOW), str(signal)], environment),
    ]
    for turn in range(WARM_UP + starts):
        if turn == WARM_UP:
            for each in sides:
                each.forget()
        for side in random.sample(range(3), 3):
            _start(*commands[side], signal, sides[side])
    return sides[0], sides[1], sides[2]


def _start(command: list[str], environment: dict[str, str], signal: Path, into: Starts) -> None:
    signal.unlink(missing_ok=True)
    cpu_before = _cpu_of_children()
    started = perf_counter()
    subprocess.run(
        command, env=environment, cwd=PROJECT, check=True, timeout=START_SECONDS_MAX, capture_output=True
    )
    into.wall.append((perf_counter() - started) * 1000)
    into.cpu.append((_cpu_of_children() - cpu_before) * 1000)
    assert signal.exists(), "it ended because it was ready"


def _environment(folder: Path) -> dict[str, str]:
    """Everyone's environment, with the compiled files kept where this run may write them."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return round(median(ours) / median(theirs), 3)
