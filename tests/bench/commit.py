"""``bench commit``: a complete member sale, from a basket to the durable commit, against a raw insert of the same rows.

Ours prices five lines and runs the product's own completion: transaction, lines, tender, points, chain, outbox and print job in one
commit. The reference is a plain sqlcipher3 connection to a twin of the same file (same schema, triggers, indexes, key and
durability) that inserts the very rows ours wrote, one sale later, and computes nothing. Both take turns in shuffled order, in a till with
a short past and in one with a long past, so that a busy machine slows all four alike. Checkpoints happen outside, as in a till.

Where the system tells it (Linux), the time that this thread was ready and had no processor is taken off both: after a sync it can be
longer than everything else, and belongs to whoever else was on the machine. Waiting for the disk counts.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any, Final

from db.engine import connect
from db.store import CHECKPOINT_FROM_COMMITS
from tests.bench.bench_till import KEY, SEED, BenchTill, Written, copied
from tests.bench.history import members_of, past_of
from tests.bench.stopwatch import Stopwatch

SHORT_PAST: Final = 10_000
LONG_PAST: Final = 1_000_000
ROUNDS: Final = 1_000
WARM_UP: Final = 100
GOALS: Final = {"ratio": 1.5, "growth": 1.3}


def run(
    data_dir: Path, *, sales: int = LONG_PAST, quick: bool = False, rounds: int = ROUNDS
) -> dict[str, Any]:
    """``sales`` is the long past. ``quick`` takes a tenth of everything: a look, not a measurement."""
    if quick:
        sales, rounds = min(sales, SHORT_PAST), min(rounds, 200)
    short = min(SHORT_PAST, sales // 10)
    sides = [Sides(data_dir, past) for past in (short, sales)]
    try:
        take_turns(sides, rounds)
    finally:
        for side in sides:
            side.close()
    figures = figures_of(*sides)
    return {
        "name": "commit",
        "figures": figures,
        "goals": GOALS,
        "met": all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "the same rows through a bare sqlcipher3 connection, same durability, in turns",
        "n": rounds,
    }


@dataclass(slots=True)
class Times:
    """Seconds."""

    ours: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)


class Sides:
    """A till and its twin, with the same past."""

    def __init__(self, data_dir: Path, sales: int) -> None:
        past = past_of(data_dir, sales)
        self._folder = data_dir / f"commit-{sales}"
        self.till = BenchTill(copied(past, self._folder / "ours"), members=members_of(sales))
        self._twin = connect(copied(past, self._folder / "raw"), KEY)
        self._cursor = self._twin.cursor()
        self._rows: list[Written] = []
        self._commits = 0
        self._watch = Stopwatch()
        self.times = Times()
        self.sell()
        self.times = Times()

    def sell(self) -> None:
        self.till.put_a_basket_on_the_counter()
        self._watch.start()
        self.till.complete()
        self.times.ours.append(self._watch.stop())
        self._written = self.till.next_customer()

    def insert(self) -> None:
        """The rows of the sale before."""
        rows, cursor = self._rows, self._cursor
        self._watch.start()
        cursor.execute("BEGIN IMMEDIATE")
        for one in rows:
            cursor.executemany(one.statement, one.rows)
        cursor.execute("COMMIT")
        self.times.raw.append(self._watch.stop())
        self._commits += 1
        if self._commits % CHECKPOINT_FROM_COMMITS == 0:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def turn(self, *, is_raw_first: bool) -> None:
        self._rows = self._written
        if is_raw_first:
            self.insert()
            self.sell()
        else:
            self.sell()
            self.insert()

    def close(self) -> None:
        self.till.store.close()
        self._twin.close()
        self._watch.close()
        shutil.rmtree(self._folder)


def take_turns(sides: list[Sides], rounds: int) -> None:
    random = Random(SEED)
    for number in range(WARM_UP + rounds):
        if number == WARM_UP:
            for side in sides:
                side.times = Times()
        for side in random.sample(sides, len(sides)):
            side.turn(is_raw_first=random.random() < 0.5)


def figures_of(short: Sides, long: Sides) -> dict[str, float]:
    """Ratios are medians over pairs of the same round; milliseconds are only to be read beside each other."""
    figures = {
        "ratio": pair_ratio(long.times.ours, long.times.raw),
        "ratio_short_past": pair_ratio(short.times.ours, short.times.raw),
        "growth": (median(long.times.ours) / median(short.times.ours))
        / (median(long.times.raw) / median(short.times.raw)),
    }
    for name, times in (("short", short.times), ("long", long.times)):
        for who, seconds in (("ours", times.ours), ("raw", times.raw)):
            figures[f"{who}_p50_ms_{name}"] = median(seconds) * 1000
            figures[f"{who}_p99_ms_{name}"] = quantiles(seconds, n=100)[98] * 1000
    return {name: round(value, 3) for name, value in figures.items()}


def pair_ratio(ours: list[float], raw: list[float]) -> float:
    return median(one / other for one, other in zip(ours, raw, strict=True))
