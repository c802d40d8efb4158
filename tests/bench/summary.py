"""``bench summary``: the whole daily member summary over a long past: any business date, the one under way, and any 30 days.

Each is read anew from the encrypted file by the product's own desk, with nothing kept in memory but the day under way, once it was added
up (``running_first_ms``). ``growth`` is the median of a date beside the same on a tenth of the past, which is asked the same things in
turns. The reference adds the same day up from its tickets by plain SQL on the same connection.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from app.domain.authority import Operator, Role
from app.domain.ids import OperatorId, Uuid7Source
from app.service.rulebook import Rulebook
from app.service.session import Session
from app.service.shop import ShopSettings
from app.service.summary import SummaryDesk
from db.day_reader import SqliteDays
from db.store import SqliteStore, open_store
from db.types import date_number
from tests.bench.bench_till import KEY, SEED, BenchClock
from tests.bench.history import past_of
from tests.bench.shops import percentile
from tests.bench.stopwatch import Stopwatch

SALES: Final = 1_000_000
QUICK_SALES: Final = 20_000
ROUNDS: Final = 150
QUICK_ROUNDS: Final = 10
RANGE_DAYS: Final = 30
RANGE: Final = timedelta(days=RANGE_DAYS - 1)
GOALS: Final = {"p99_ms": 25.0, "range_p99_ms": 25.0, "growth": 1.2}

# The same questions asked of the tickets themselves; a date's stretch of the chain is known beforehand.
PLAIN: Final = (
    "SELECT count(*), sum(total_minor), sum(member_id IS NOT NULL), sum(points_earned), sum(points_spent) "
    "FROM transaction_header WHERE seq BETWEEN ?1 AND ?2 AND business_date = ?3 AND kind = 'sale'",
    "SELECT count(*) FROM (SELECT DISTINCT h.member_id FROM transaction_header h WHERE h.seq BETWEEN ?1 AND ?2 "
    "AND h.business_date = ?3 AND EXISTS (SELECT 1 FROM transaction_header e WHERE e.member_id = h.member_id "
    "AND e.business_date < ?3))",
    "SELECT item_id, sum(net_minor) FROM sale_line WHERE seq BETWEEN ?1 AND ?2 GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
)
STRETCH: Final = (
    "SELECT min(seq), max(seq) FROM transaction_header WHERE seq BETWEEN ?1 AND ?2 AND business_date = ?3"
)
PARTS_OF: Final = "SELECT min(first_seq), max(last_seq) FROM day_part WHERE business_date = ?"


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    sales, rounds = (QUICK_SALES, QUICK_ROUNDS) if quick else (SALES, ROUNDS)
    long, short = _Shop(past_of(data_dir, sales)), _Shop(past_of(data_dir, sales // 10))
    try:
        figures = _measure(long, short, rounds)
    finally:
        long.close()
        short.close()
    each = {name: figures[name] <= goal for name, goal in GOALS.items()}
    return {
        "name": "summary",
        "figures": figures,
        "goals": GOALS,
        "met": all(each.values()),
        "met_each": each,
        "reference": "the same past, a tenth as long, in turns; and plain SQL over the day's tickets (no comparison, no lists)",
        "n": rounds,
    }


class _Shop:
    """The desk of an owner over one past."""

    def __init__(self, path: Path) -> None:
        clock = BenchClock()
        self.store: SqliteStore = open_store(path, KEY, clock, Uuid7Source(clock.now_ms), is_till=False)
        owner = Operator(OperatorId(Uuid7Source(clock.now_ms)()), "01", "店主", Role.OWNER)
        self._session, self._clock = Session(ShopSettings(), owner), clock
        self.source: SqliteDays | None = None
        self.desk: SummaryDesk
        self.forget()
        known = self.desk.known_days()
        assert known is not None
        self.first, self.last = known

    def forget(self) -> None:
        """No page of the file, no day that is over and no answer is in memory."""
        source = SqliteDays(self.store)
        source._live = self.source._live if self.source is not None else None
        self.source = source
        rulebook = Rulebook(self.store, self._session, self._clock)
        self.desk = SummaryDesk(self.store, self._session, self._clock, self.source, rulebook)
        with self.store.engines.reading() as cursor:
            cursor.execute("PRAGMA shrink_memory").fetchall()

    def any_day(self, random: Random) -> date:
        """One that is over and, where the past is that long, has the four weeks before it."""
        last = self.last.toordinal() - 1
        return date.fromordinal(random.randint(min(self.first.toordinal() + 28, last), last))

    def any_range(self, random: Random) -> date:
        last = max(self.first.toordinal(), self.last.toordinal() - RANGE_DAYS)
        return date.fromordinal(random.randint(min(self.first.toordinal() + RANGE_DAYS, last), last))

    def plain(self, day: date) -> None:
        number = date_number(day)
        with self.store.engines.reading(snapshot=True) as cursor:
            stretch = (*cursor.execute(PARTS_OF, (number,)).fetchone(), number)
            for statement in PLAIN:
                cursor.execute(statement, stretch[: 3 if "?3" in statement else 2]).fetchall()

    def close(self) -> None:
        self.store.close()


def _measure(long: _Shop, short: _Shop, rounds: int) -> dict[str, Any]:
    random, watch = Random(SEED), Stopwatch()
    days: list[float] = []
    ranges: list[float] = []
    plain: list[float] = []
    running: list[float] = []
    small: list[float] = []
    try:
        opening = _timed(watch, partial(long.desk.summary, long.last))
        for _ in range(rounds):
            for shop, kept in ((long, (days, ranges, plain, running)), (short, (small, [], [], []))):
                day, start = shop.any_day(random), shop.any_range(random)
                shop.forget()
                kept[0].append(_timed(watch, partial(shop.desk.summary, day)))
                shop.forget()
                kept[1].append(_timed(watch, partial(shop.desk.summary, start, start + RANGE)))
                shop.forget()
                kept[2].append(_timed(watch, partial(shop.plain, day)))
                shop.desk.summary(shop.last)  # adds up the day under way
                kept[3].append(_timed(watch, partial(shop.desk.summary, shop.last)))
    finally:
        watch.close()
    return {
        "median_ms": round(median(days), 3),
        "p99_ms": round(percentile(sorted(days), 99), 3),
        "range_median_ms": round(median(ranges), 3),
        "range_p99_ms": round(percentile(sorted(ranges), 99), 3),
        "running_median_ms": round(median(running), 3),
        "running_first_ms": round(opening, 3),
        "growth": round(median(a / b for a, b in zip(days, small, strict=True)), 3),
        "plain_median_ms": round(median(plain), 3),
        "vs_plain": round(median(a / b for a, b in zip(days, plain, strict=True)), 3),
    }


def _timed(watch: Stopwatch, ask: Any) -> float:
    watch.start()
    ask()
    return 1000 * watch.stop()
