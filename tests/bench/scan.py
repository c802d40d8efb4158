"""``bench scan``: from the scanner's last byte to the painted line, with 100,000 items and a basket of 200 lines, in the real window.

The references append the same line to a plain QTableView of 200 rows in the same run, in turns (`plain_table`): ``vs_naive`` to one that
fits its columns to what they hold, as first versions do; ``vs_fixed_columns`` to one that does not even that. Neither looks anything up,
prices anything or keeps a draft.

Where the system tells it, the time that the window was ready and had no processor is taken off all of them; the ``wall`` figures have it.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from tests.bench.plain_table import PlainTable
from tests.bench.shops import build_shop
from tests.bench.window import BenchWindow, Latencies, PaintWatch, bench_window

ITEMS: Final = 100_000
MEMBERS: Final = 200_000
SALES: Final = 10_000
LINES: Final = 200
ROUNDS: Final = 300
WARM_UP: Final = 20
SEED: Final = 20_261_121
SCANNER_GAP_MS: Final = 8
PAUSE_MS: Final = 400
GOALS: Final = {"median_ms": 8.0, "p99_ms": 16.0, "vs_naive": 0.4}

CODES: Final = """
    SELECT min(code) FROM barcode WHERE length(code) = 13 AND code GLOB '47*' AND item_number % ? = 0 GROUP BY item_number
"""


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    shop = build_shop(
        data_dir, 5_000 if quick else ITEMS, 2_000 if quick else MEMBERS, sales=0 if quick else SALES
    )
    with bench_window(shop, data_dir) as bench:
        figures = _measure(bench, rounds=60 if quick else ROUNDS, every=max(1, shop.items // 20_000))
    return {
        "name": "scan",
        "figures": figures,
        "goals": GOALS,
        "met": all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "the same line appended to a plain QTableView of 200 rows, its columns fitted, and painted, in turns",
        "n": 60 if quick else ROUNDS,
    }


def _measure(bench: BenchWindow, rounds: int, every: int) -> dict[str, float]:
    random = Random(SEED)
    codes = _codes(bench, every)
    random.shuffle(codes)
    checkout = bench.till.checkout
    while len(checkout.basket.lines) < LINES:
        checkout.scan(codes.pop())
    full = checkout.basket
    watch = PaintWatch(bench.screen.basket.viewport())
    tables = [PlainTable(LINES, fits_columns=fits) for fits in (True, False)]
    times = [Latencies() for _ in range(3)]
    for turn in range(WARM_UP + rounds):
        if turn == WARM_UP:
            for each in times:
                each.forget()
        code = codes[turn % len(codes)]
        checkout.resume(full)
        bench.screen.flow.refresh()
        for table in tables:
            table.shorten(LINES)
        bench.rest()
        for side in random.sample(range(3), 3):
            if side == 2:
                _scan(bench, watch, code, times[2])
            else:
                tables[side].append(code, times[side])
    for table in tables:
        table.close()
    naive, fixed, ours = times
    return {
        **ours.figures(),
        "naive_median_ms": round(median(naive.own), 2),
        "vs_naive": _ratio(ours.own, naive.own),
        "fixed_columns_median_ms": round(median(fixed.own), 2),
        "vs_fixed_columns": _ratio(ours.own, fixed.own),
    }


def _codes(bench: BenchWindow, every: int) -> list[str]:
    with bench.store.engines.reading() as cursor:
        return [code for (code,) in cursor.execute(CODES, (every,)).fetchall()]


def _scan(bench: BenchWindow, watch: PaintWatch, code: str, into: Latencies) -> None:
    before = len(bench.till.checkout.basket.lines)
    bench.typist.now += PAUSE_MS
    for digit in code:
        bench.key(digit, SCANNER_GAP_MS)
    bench.painted(watch, "Enter", SCANNER_GAP_MS, into)
    assert len(bench.till.checkout.basket.lines) == before + 1, "the scan added its line"


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return round(median(one / other for one, other in zip(ours, theirs, strict=True)), 3)
