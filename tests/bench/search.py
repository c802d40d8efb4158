"""``bench search``: every key of a typed item search over 100,000 items, from the key to the painted list in the real window.

Typed are what cashiers type: one Chinese character, two, a whole name key by key, 注音 and pinyin initials, the first and last digits of a
barcode, a SKU, and what is not there. Chinese comes from an input method, a character at a time. A time ends when the line and the list
below it have been painted; the time that the window had no processor is taken off, and the ``wall`` figures have it.

The ``database`` figures are the same texts without the window. The reference answers them the plain way, in turns: ``LIKE`` over names and
codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from app.bootstrap import SystemClock
from db.store import SqliteStore
from tests.bench.shops import build_shop, open_shop, percentile, timed, timed_both
from tests.bench.window import BenchWindow, Latencies, PaintWatch, bench_window

ITEMS: Final = 100_000
MEMBERS: Final = 200_000
QUICK_ITEMS: Final = 5_000
QUICK_MEMBERS: Final = 2_000
ROUNDS: Final = 20
NAIVE_ROUNDS: Final = 2
WINDOW_ROUNDS: Final = 4
TYPING_GAP_MS: Final = 120
GOAL_P99_MS: Final = 16.0
LIMIT: Final = 20

TYPED: Final = (
    *("茶", "綠茶", "咖啡", "烏龍茶", "無糖", "牛奶", "包", "山", "家庭號", "高山青茶 600", "隨手包 綠茶"),
    *("lc", "wlc", "ㄌㄔ", "ㄨㄌㄔ", "kf", "ㄎㄈ", "coffee"),
    *("4719000123", "00123", "8862", "X0001234", "TE001"),
    *("不存在的商品", "zzzq", "紅酒杯子"),
)
NAIVE: Final = """
    SELECT item.number FROM item WHERE name LIKE ?1 OR sku LIKE ?1
      OR number IN (SELECT item_number FROM barcode WHERE code LIKE ?1)
    ORDER BY popularity DESC LIMIT 20
"""


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    shop = build_shop(
        data_dir,
        QUICK_ITEMS if quick else ITEMS,
        QUICK_MEMBERS if quick else MEMBERS,
        sales=0 if quick else 10_000,
    )
    store = open_shop(shop)
    try:
        database, count = _measure(store, rounds=3 if quick else ROUNDS)
    finally:
        store.close()
    with bench_window(shop, data_dir) as bench:
        window = _typed(bench, rounds=1 if quick else WINDOW_ROUNDS)
    figures = window.figures() | database
    return {
        "name": "search",
        "figures": figures,
        "goals": {"p99_ms": GOAL_P99_MS},
        "met": window.figures()["p99_ms"] <= GOAL_P99_MS,
        "reference": "LIKE over names, SKUs and barcodes on the same connection, same texts, in turns",
        "n": len(window.own) + count,
    }


def keystrokes() -> Iterator[str]:
    """The text as it stands after each key."""
    for text in TYPED:
        yield from (text[:length] for length in range(1, len(text) + 1) if text[:length].strip())


def _typed(bench: BenchWindow, rounds: int) -> Latencies:
    """Key after key in the search of the sale screen. Numbers are no words: the till looks them up at Enter."""
    words = [text for text in TYPED if any(character.isalpha() for character in text)]
    screen, times = bench.screen, Latencies()
    watch = PaintWatch(screen.entry)
    for turn in range(rounds + 1):
        if turn == 1:
            times.forget()  # the first round is for the disk and the fonts
        for text in words:
            bench.key("F3", TYPING_GAP_MS)
            bench.scanner.flush()
            bench.rest()
            for character in text:
                bench.painted(watch, character, TYPING_GAP_MS, times, is_typed=True)
            assert screen.entry.text() == text
            answer = bench.store.catalogue.search(text, bench.till.clock.now_ms())
            assert [hit.id for hit in screen.flow.hits] == [hit.id for hit in answer], (
                "the list shows the answer"
            )
            screen.entry.clear()
            screen.flow.back()
            bench.rest()
    return times


def _measure(store: SqliteStore, rounds: int) -> tuple[dict[str, Any], int]:
    """The database by itself: figures, and how many answers they are from."""
    at = SystemClock().now_ms()
    store.catalogue.warm()
    texts = tuple(dict.fromkeys(keystrokes()))
    ours: dict[str, list[float]] = {text: [] for text in texts}
    naive: dict[str, list[float]] = {text: [] for text in texts}
    on_cpu: list[float] = []
    for turn in range(rounds):
        for text in texts:
            wall, cpu = timed_both(store.catalogue.search, text, at, LIMIT)
            ours[text].append(wall)
            on_cpu.append(cpu)
            if turn < NAIVE_ROUNDS:
                naive[text].append(timed(_like, store, text))
    every = sorted(one for times in ours.values() for one in times)
    worst = max(texts, key=lambda text: median(ours[text]))
    ratio = median(median(ours[text]) / median(naive[text]) for text in texts)
    p99 = percentile(every, 99)
    figures = {
        "database_median_ms": round(median(every), 3),
        "database_p99_ms": round(p99, 3),
        "database_cpu_p99_ms": round(percentile(sorted(on_cpu), 99), 3),
        "slowest": f"{worst} {median(ours[worst]):.2f} ms",
        "vs_like": round(ratio, 4),
    }
    return figures, len(every)


def _like(store: SqliteStore, text: str) -> list[Any]:
    with store.engines.reading() as cursor:
        return cursor.execute(NAIVE, (f"%{text}%",)).fetchall()
