"""The shops that benchmarks work on: built once from a seed, kept in the data folder, never changed by a run.

shop = build_shop(data_dir, items=100_000, members=200_000)
store = open_shop(shop)                       # for reading
mine = copy_of(shop, data_dir / "commit")     # for a benchmark that writes
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.bootstrap import SystemClock
from app.demo.seed import seed_load_test
from app.domain.ids import Uuid7Source
from db.store import SqliteStore, create_store, open_store
from tests.bench.bench_till import schema_mark

VERSION: Final = 2  # rises when the same call would build another shop
KEY: Final = hashlib.sha256(b"the key of a shop that holds nothing real").digest()
DAYS: Final = 30  # over a longer time, so many members would have to buy more than they do


@dataclass(frozen=True, slots=True)
class BenchShop:
    """A finished shop: where its file lies and what opens it."""

    path: Path
    key: bytes
    items: int
    members: int
    sales: int


def build_shop(
    data_dir: Path, items: int = 100_000, members: int = 200_000, *, sales: int = 10_000
) -> BenchShop:
    """The shop of this size, built now or found from an earlier run. ``sales`` (about so many) spread over the last weeks."""
    folder = data_dir / f"shop-{schema_mark()}-{VERSION}-{items}-{members}-{sales}"
    path = folder / "till.db"
    if not (folder / "finished").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _build(path, items, members, sales)
        (folder / "finished").touch()
    return BenchShop(path, KEY, items, members, sales)


def open_shop(shop: BenchShop) -> SqliteStore:
    """For reading: nothing is repaired, and no new life begins."""
    clock = SystemClock()
    return open_store(shop.path, shop.key, clock, Uuid7Source(clock.now_ms), is_till=False)


def copy_of(shop: BenchShop, folder: Path) -> BenchShop:
    """A copy that may be written to; an earlier one is thrown away."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(shop.path.parent, folder)
    return BenchShop(folder / shop.path.name, shop.key, shop.items, shop.members, shop.sales)


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Milliseconds that one call takes."""
    return timed_both(work, *arguments)[0]


def timed_both(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Milliseconds on the wall, and on the processor: the second says what a busy machine added to the first."""
    started, worked = time.perf_counter(), time.thread_time()
    work(*arguments)
    return (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000


def percentile(rising: Sequence[float], percent: int) -> float:
    return rising[min(len(rising) - 1, len(rising) * percent // 100)]


def _build(path: Path, items: int, members: int, sales: int) -> None:
    clock = SystemClock()
    ids = Uuid7Source(clock.now_ms)
    store = create_store(path, KEY, store_code="01", till_code="1", clock=clock, ids=ids)
    try:
        seed_load_test(
            store, clock, ids, items=items, members=members, days=DAYS, sales_per_day=round(sales / DAYS)
        )
    finally:
        store.close()
