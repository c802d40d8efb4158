"""``bench portrait``: the whole portrait of members with 500 sales each, among 200,000: rhythm, likes, the usual, what runs out, points.

The reference reads the same member's card (points, visits, last visit, money) on the same connection, in turns. Each member is read once
before, and ``cold_p99_ms`` are those first readings.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from app.domain.ids import MemberId, Uuid7Source
from app.service.portrait import PortraitDesk
from app.service.session import Session
from app.service.shop import ShopSettings
from db.engine import connect
from db.store import open_store
from tests.bench.bench_till import KEY, SEED, BenchClock, a_member, copied
from tests.bench.history import members_of, past_of
from tests.bench.shops import percentile
from tests.bench.stopwatch import Stopwatch

SALES: Final = 200_000
QUICK_SALES: Final = 4_000
REGULARS: Final = 40
SALES_EACH: Final = 500
ROUNDS: Final = 15
GOAL_P99_MS: Final = 16.0

# Scattered over the whole past, as a regular's sales are.
TAKE: Final = """
UPDATE transaction_header SET member_id = ? WHERE seq IN (
  SELECT seq FROM transaction_header WHERE kind = 'sale' AND member_id IS NOT NULL AND counter % ? = ? LIMIT ?)
"""


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    sales = QUICK_SALES if quick else SALES
    each = 50 if quick else SALES_EACH
    folder = data_dir / "portrait"
    path = _with_regulars(past_of(data_dir, sales), folder, each)
    figures = _measure(path, ROUNDS // (5 if quick else 1), each)
    shutil.rmtree(folder)
    return {
        "name": "portrait",
        "figures": figures,
        "goals": {"p99_ms": GOAL_P99_MS},
        "met": figures["p99_ms"] <= GOAL_P99_MS,
        "reference": "the member's card, on the same connection, in turns",
        "n": REGULARS * (ROUNDS // (5 if quick else 1)),
    }


def _with_regulars(past: Path, folder: Path, each: int) -> Path:
    """A copy of the past in which REGULARS members have so many sales each, spread over all of it."""
    path = copied(past, folder)
    connection = connect(path, KEY)
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for number in range(REGULARS):
        connection.execute(TAKE, (a_member(number).id.bytes, REGULARS, number, each))
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()
    return path


def _measure(path: Path, rounds: int, each: int) -> dict[str, Any]:
    clock = BenchClock()
    store = open_store(path, KEY, clock, Uuid7Source(clock.now_ms), is_till=False)
    desk = PortraitDesk(store, Session(ShopSettings()), clock)
    members = [a_member(number).id for number in range(min(REGULARS, members_of(each * REGULARS)))]
    cold, warm, card, watch = [], [], [], Stopwatch()
    try:
        for member_id in members:
            cold.append(_timed(watch, desk, member_id))
        for turn in range(rounds):
            for member_id in Random(SEED + turn).sample(members, len(members)):
                warm.append(_timed(watch, desk, member_id))
                watch.start()
                store.members.by_id(member_id)
                card.append(1000 * watch.stop())
        first = desk.portrait(members[0])
        assert first is not None
        assert first.card.visits >= each, "a regular has the sales that are measured"
    finally:
        watch.close()
        store.close()
    return {
        "median_ms": round(median(warm), 3),
        "p99_ms": round(percentile(sorted(warm), 99), 3),
        "cold_p99_ms": round(percentile(sorted(cold), 99), 3),
        "card_median_ms": round(median(card), 3),
        "vs_card": round(median(a / b for a, b in zip(warm, card, strict=True)), 1),
        "sales_each": each,
    }


def _timed(watch: Stopwatch, desk: PortraitDesk, member_id: MemberId) -> float:
    watch.start()
    desk.portrait(member_id)
    return 1000 * watch.stop()
