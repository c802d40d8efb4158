"""How long the analyses take over columns already read: a shop of 200,000 members and 1,000,000 sales, made from a seed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Final

import numpy as np

from app.insight import companions, cross_sell, recommend
from app.insight.bgnbd import fit_bgnbd, histories
from app.insight.columns import Lines, Tickets, visits
from app.insight.values import Period, TooLittle
from tests.bench.quality.judge import Figure, at_most, beside

MEMBERS: Final = 200_000
SALES: Final = 1_000_000
LINES: Final = 1_000_000
ITEMS: Final = 5_000
ANSWERS: Final = 2_000
SEED: Final = 20_261_122
YEAR: Final = Period(date(2025, 11, 22), date(2026, 11, 21))
ROOT: Final = Path(__file__).parents[3]


def figures(folder: Path, *, scale: float = 1.0) -> Iterator[Figure]:
    members, sales, lines = (int(size * scale) for size in (MEMBERS, SALES, LINES))
    yield from _rfm_beside_a_data_frame(folder, members, sales)
    yield from _visit_model(members, sales)
    yield from _recommenders(members, lines)


def many_tickets(members: int, sales: int) -> Tickets:
    """Some members come far more often than others; one ticket of fifty only takes something back."""
    random = np.random.default_rng(SEED)
    member = (members * random.random(sales) ** 2).astype(np.int32)
    day = (YEAR.first_day + random.integers(0, YEAR.days, sales)).astype(np.int32)
    is_purchase = random.random(sales) > 0.02
    net = (random.lognormal(10, 1, sales)).astype(np.int64) * np.where(is_purchase, 1, -1)
    return Tickets(member, day, net, is_purchase)


def many_lines(members: int, lines: int) -> Lines:
    """Three lines a basket, a third of them passers-by's; everybody has favourites, and some goods sell far more than others."""
    random = np.random.default_rng(SEED)
    basket = np.sort(random.integers(0, lines // 3, lines))
    owner = (members * random.random(lines // 3) ** 2).astype(np.int64)
    owner[random.random(lines // 3) < 1 / 3] = -1
    day = YEAR.first_day + random.integers(0, YEAR.days, lines // 3)
    favourite = (owner[basket] * 7 + random.integers(0, 4, lines)) % ITEMS
    popular = (ITEMS * random.random(lines) ** 3).astype(np.int64)
    item = np.where(random.random(lines) < 0.5, favourite, popular)
    return Lines(owner[basket], basket, item, day[basket])


def _rfm_beside_a_data_frame(folder: Path, members: int, sales: int) -> Iterator[Figure]:
    module = "tests.bench.quality.plain_rfm"
    command = [sys.executable, "-m", module, str(folder / "packages"), str(members), str(sales)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout.splitlines()[-1])
    yield beside("rfm_ms", found["ours_ms"])
    yield beside("rfm_data_frame_ms", found["plain_ms"])
    yield at_most("rfm_vs_pandas", found["ours_ms"] / found["plain_ms"], 0.5)


def _visit_model(members: int, sales: int) -> Iterator[Figure]:
    found = visits(many_tickets(members, sales), YEAR)
    started = perf_counter()
    model = fit_bgnbd(histories(found, YEAR))
    assert not isinstance(model, TooLittle), model
    yield at_most("bgnbd_seconds", perf_counter() - started, 10)


def _recommenders(members: int, count: int) -> Iterator[Figure]:
    lines = many_lines(members, count)
    started = perf_counter()
    usual = recommend.train(lines, YEAR.last_day)
    new = cross_sell.train(lines)
    beside_it = companions.train(lines)
    yield at_most("train_seconds", perf_counter() - started, 30)
    assert not isinstance(usual, TooLittle)
    assert not isinstance(new, TooLittle)
    assert not isinstance(beside_it, TooLittle)
    random = np.random.default_rng(SEED)
    asked = (members * random.random(ANSWERS) ** 2).astype(np.int64).tolist()
    baskets = [random.integers(0, ITEMS, 5) for _ in asked]
    yield from _answered("usual", [partial(recommend.next_items, usual, member) for member in asked])
    yield from _answered("new", [partial(cross_sell.new_items, new, member) for member in asked])
    yield from _answered("till", [partial(companions.offers, beside_it, basket) for basket in baskets])


def _answered(name: str, questions: list[Callable[[], object]]) -> Iterator[Figure]:
    """The time in which the answer had a processor, and beside it that on the wall: other work on the machine is no part of an answer."""
    own, wall = [], []
    for question in questions:
        started, started_wall = thread_time(), perf_counter()
        question()
        own.append(thread_time() - started)
        wall.append(perf_counter() - started_wall)
    yield at_most(f"answer_{name}_p99_ms", float(np.percentile(own, 99)) * 1000, 5)
    yield beside(f"answer_{name}_p99_ms_wall", float(np.percentile(wall, 99)) * 1000)
