"""``bench scan``: from the scanner's last byte to the painted line, with 100,000 items and a basket of 200 lines, in the real window.

The reference appends the same line to a plain QTableView of 200 rows in the same run, in turns: append, select, scroll to it, paint.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, Final

from tests.bench.shops import build_shop, percentile
from tests.bench.window import BenchWindow, PaintWatch, bench_window

ITEMS: Final = 100_000
MEMBERS: Final = 200_000
LINES: Final = 200
ROUNDS: Final = 300
WARM_UP: Final = 20
SEED: Final = 20_261_121
SCANNER_GAP_MS: Final = 8
PAUSE_MS: Final = 400
GOALS: Final = {"median_ms": 8.0, "p99_ms": 16.0, "vs_naive": 0.4}

CODES: Final = "SELECT min(code) FROM barcode WHERE length(code) = 13 AND code GLOB '47*' AND item_number % ? = 0 GROUP BY item_number"


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    shop = build_shop(
        data_dir, 5_000 if quick else ITEMS, 2_000 if quick else MEMBERS, sales=0 if quick else 10_000
    )
    with bench_window(shop, data_dir) as bench:
        ours, naive = _measure(bench, rounds=60 if quick else ROUNDS)
    figures = {
        "median_ms": round(median(ours), 2),
        "p99_ms": round(percentile(sorted(ours), 99), 2),
        "naive_median_ms": round(median(naive), 2),
        "vs_naive": round(median(one / other for one, other in zip(ours, naive, strict=True)), 3),
    }
    return {
        "name": "scan",
        "figures": figures,
        "goals": GOALS,
        "met": all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "the same line appended to a plain QTableView of 200 rows and painted, in turns",
        "n": len(ours),
    }


def _measure(bench: BenchWindow, rounds: int) -> tuple[list[float], list[float]]:
    random = Random(SEED)
    store: Any = bench.till.store
    with store.engines.reading() as cursor:
        codes = [code for (code,) in cursor.execute(CODES, (max(1, ITEMS // 20_000),)).fetchall()]
    random.shuffle(codes)
    checkout = bench.till.checkout
    while len(checkout.basket.lines) < LINES:
        checkout.scan(codes.pop())
    full = checkout.basket
    view = bench.window.stack.currentWidget()
    watch = PaintWatch(view.basket.viewport())  # type: ignore[attr-defined]
    table = _PlainTable(LINES)
    ours: list[float] = []
    naive: list[float] = []
    for turn in range(rounds + WARM_UP):
        checkout.resume(full)
        view.flow.refresh()  # type: ignore[attr-defined]
        bench.typist.now += PAUSE_MS
        table.shorten(LINES)
        _idle()
        code = codes[turn % len(codes)]
        took = [0.0, 0.0]
        for side in random.sample((0, 1), 2):
            took[side] = _scan(bench, watch, code) if side == 0 else table.append(code)
        if turn >= WARM_UP:
            ours.append(took[0])
            naive.append(took[1])
    table.close()
    return ours, naive


def _scan(bench: BenchWindow, watch: PaintWatch, code: str) -> float:
    before = len(bench.till.checkout.basket.lines)
    for digit in code:
        bench.key(digit, SCANNER_GAP_MS)
    took = bench.painted(watch, "Enter", SCANNER_GAP_MS)
    assert len(bench.till.checkout.basket.lines) == before + 1, "the scan added its line"
    return took


def _idle() -> None:
    from PySide6.QtWidgets import QApplication

    for _ in range(5):
        QApplication.processEvents()


class _PlainTable:
    """What a first version of any till looks like."""

    def __init__(self, rows: int) -> None:
        from PySide6.QtGui import QStandardItemModel
        from PySide6.QtWidgets import QTableView

        self._model = QStandardItemModel(0, 5)
        self._view = QTableView()
        self._view.setModel(self._model)
        self._view.resize(740, 560)
        for row in range(rows):
            self._model.appendRow(self._cells(f"item {row}"))
        self._view.show()
        _idle()
        self._watch = PaintWatch(self._view.viewport())

    def append(self, text: str) -> float:
        from PySide6.QtWidgets import QApplication

        before = self._watch.paints
        started = perf_counter()
        self._model.appendRow(self._cells(text))
        self._view.selectRow(self._model.rowCount() - 1)
        self._view.scrollToBottom()
        while self._watch.paints == before:
            QApplication.processEvents()
        QApplication.processEvents()
        return (perf_counter() - started) * 1000

    def shorten(self, rows: int) -> None:
        self._model.setRowCount(rows)

    def close(self) -> None:
        self._view.close()

    @staticmethod
    def _cells(text: str) -> list[Any]:
        from PySide6.QtGui import QStandardItem

        return [QStandardItem(part) for part in (text, "阿里山高山烏龍茶 150g", "1", "380", "380")]
