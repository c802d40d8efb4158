"""How long the screen stands still while everything on the counter goes wrong, one thing after the other.

The real window (offscreen where there is no display) runs a timer of one millisecond; the longest time between two ticks is how long nobody
could have typed. Meanwhile a thread sells and breaks things: printer, drawer, scanner, scale and display on pseudo-terminals. The virtual
devices live in this process and share its interpreter, which makes it harder. The reference is the same window with the same sales
and nothing broken.

Where the system tells it, the time that the screen's thread was ready and had no processor is taken off; ``stall_wall_max_ms`` has it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

# Qt after the window, which says which platform it is for.
from PySide6.QtCore import QEventLoop, Qt, QTimer

from tests.bench.bench_devices import BenchCounter
from tests.bench.shops import build_shop
from tests.bench.stopwatch import Stopwatch
from tests.bench.window import BenchWindow, bench_window

GOALS: Final = {"stall_max_ms": 50.0}
ITEMS: Final = 5_000
MEMBERS: Final = 2_000
QUIET_SALES: Final = 5
QUICK_FAULTS: Final = 4
CODES: Final = (
    "SELECT min(code) FROM barcode WHERE length(code) = 13 AND code GLOB '47*' GROUP BY item_number LIMIT 50"
)


class StallWatch:
    """The longest time between two ticks, per name."""

    def __init__(self) -> None:
        self.name = "start"
        self.longest: dict[str, float] = {}
        self.longest_wall: dict[str, float] = {}
        self._stopwatch = Stopwatch()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._stopwatch.start()
        self._timer.start(1)

    def stop(self) -> None:
        self._timer.stop()
        self._stopwatch.close()

    def _on_tick(self) -> None:
        own = self._stopwatch.stop() * 1000
        wall = self._stopwatch.elapsed * 1000
        self.longest[self.name] = max(own, self.longest.get(self.name, 0.0))
        self.longest_wall[self.name] = max(wall, self.longest_wall.get(self.name, 0.0))
        self._stopwatch.start()


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    shop = build_shop(data_dir, ITEMS, MEMBERS, sales=0)
    with bench_window(shop, data_dir) as bench:
        facts_before = bench.store.mark.seq
        watch, names, papers = _play(bench, quick=quick)
        facts = bench.store.mark.seq - facts_before
    stalls = {name: watch.longest.get(name, 0.0) for name in names}
    worst = max(stalls, key=lambda name: stalls[name])
    figures = {
        "stall_max_ms": round(stalls[worst], 1),
        "stall_wall_max_ms": round(max(watch.longest_wall.get(name, 0.0) for name in names), 1),
        "facts": facts,
        "papers": papers,
        "quiet_max_ms": round(watch.longest.get("quiet", 0.0), 1),
        **{f"{name}_ms": round(stall, 1) for name, stall in stalls.items()},
    }
    return {
        "name": "devices",
        "figures": figures,
        "goals": GOALS,
        "met": figures["stall_max_ms"] <= GOALS["stall_max_ms"],
        "worst": worst,
        "reference": "the same window and sales with nothing broken, in the same run (quiet_max_ms)",
        "n": len(names),
    }


def _play(bench: BenchWindow, *, quick: bool) -> tuple[StallWatch, list[str], int]:
    """Everything once, from a thread of its own, while the window lives. Returns what was watched, the faults' names, and how many papers
    came out."""
    counter = BenchCounter(bench)
    with bench.store.engines.reading() as cursor:
        codes = [code for (code,) in cursor.execute(CODES).fetchall()]
    watch = StallWatch()
    names: list[str] = []

    def script() -> None:
        for turn in range(2 * QUIET_SALES):
            # The first sales make what is made once: the panel of the change, the words of a message.
            watch.name = "warm" if turn < QUIET_SALES else "quiet"
            counter.sell(codes[turn])
        counter.wait_until_good()
        for turn, fault in enumerate(counter.faults()):
            if quick and turn >= QUICK_FAULTS:
                break
            names.append(fault.name)
            watch.name = fault.name
            fault.begin()
            counter.sell(codes[turn % len(codes)])
            fault.end()
            counter.wait_until_good()

    try:
        _while_the_window_lives(script)
        papers = len(counter.printer.papers)
    finally:
        watch.stop()
        counter.close()
    return watch, names, papers


def _while_the_window_lives(script: Callable[[], None]) -> None:
    """Run the script beside the event loop; what it raises is raised here."""
    loop = QEventLoop()
    raised: list[BaseException] = []

    def run_script() -> None:
        try:
            script()
        except BaseException as error:
            raised.append(error)
        finally:
            QTimer.singleShot(0, loop, loop.quit)

    thread = threading.Thread(target=run_script, name="faults", daemon=True)
    thread.start()
    loop.exec()
    thread.join()
    if raised:
        raise raised[0]
