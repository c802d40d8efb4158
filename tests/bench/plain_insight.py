"""Run by itself, with the folder of the benchmark's packages and a till's file: RFM from the encrypted file to the segments, ours and as a
data frame does it plainly, in turns; then the models of visits and of goods. Prints one JSON object.

Ours begins anew each time: no column and no answer is kept from the round before.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np

from app.domain.authority import Operator, Role
from app.domain.ids import OperatorId, Uuid7Source
from app.insight import companions, recommend
from app.insight.columns import Tickets
from app.insight.rfm import Cuts, Rfm
from app.insight.values import Period, TooLittle
from app.service.insight_desk import InsightDesk
from app.service.session import Session
from app.service.shop import ShopSettings
from db.day_reader import SqliteDays
from db.insight_columns import SqliteInsightColumns
from db.store import SqliteStore, open_store
from tests.bench.bench_till import KEY, SEED, BenchClock
from tests.bench.quality.plain_rfm import by_data_frame
from tests.bench.shops import percentile
from tests.bench.stopwatch import Stopwatch

CUTS: Final = Cuts(near_days=60, often_visits=4, high_net=5_000)
LINES_A_DAY: Final = 7_200
ANSWERS: Final = 2_000
PLAIN: Final = """
SELECT m.number, h.business_date, h.total_minor, h.kind FROM transaction_header h JOIN member m ON m.id = h.member_id
WHERE h.kind IN ('sale', 'return')
"""


class _Fresh(SqliteInsightColumns):
    """Reads the days anew."""

    def __init__(self, store: SqliteStore) -> None:
        super().__init__(store)
        store.__dict__["days"] = SqliteDays(store)


def main(packages: Path, path: Path, rounds: int, lines: int) -> None:
    sys.path.append(str(packages))
    pandas: Any = import_module("pandas")
    clock = BenchClock()
    store = open_store(path, KEY, clock, Uuid7Source(clock.now_ms), is_till=False)
    watch = Stopwatch()
    try:
        figures = _rfm(pandas, store, clock, watch, rounds) | _models(_desk(store, clock), watch, lines)
    finally:
        watch.close()
        store.close()
    print(json.dumps(figures))


def _desk(store: SqliteStore, clock: BenchClock) -> InsightDesk:
    owner = Operator(OperatorId(Uuid7Source(clock.now_ms)()), "01", "店主", Role.OWNER)
    source = _Fresh(store)
    return InsightDesk(store, Session(ShopSettings(), owner), clock, source, store.days)


def _rfm(pandas: Any, store: SqliteStore, clock: BenchClock, watch: Stopwatch, rounds: int) -> dict[str, Any]:
    ours, plain = [], []
    for _ in range(rounds):
        watch.start()
        desk = _desk(store, clock)
        period = desk.everything()
        answer = desk.rfm(period, CUTS).value
        ours.append(watch.stop())
        watch.start()
        table = _by_data_frame(pandas, store, period)
        plain.append(watch.stop())
    assert isinstance(answer, Rfm)
    assert table.index.to_numpy().tolist() == answer.measures.member.tolist()
    assert table["segment"].to_numpy().tolist() == answer.segment.tolist()
    return {
        "rfm_ms": round(1000 * median(ours), 1),
        "rfm_pandas_ms": round(1000 * median(plain), 1),
        "rfm_vs_pandas": round(median(a / b for a, b in zip(ours, plain, strict=True)), 3),
        "members": answer.n,
        "sales": len(desk.columns().all),
    }


def _by_data_frame(pandas: Any, store: SqliteStore, period: Period) -> Any:
    """As one would write it down: a query, a frame, a table of RFM."""
    with store.engines.reading() as cursor:
        rows = cursor.execute(PLAIN).fetchall()
    frame = pandas.DataFrame(rows, columns=["member", "date", "net", "kind"])
    day = pandas.to_datetime(frame["date"].astype(str), format="%Y%m%d")
    days = (day - pandas.Timestamp("1970-01-01")).dt.days
    tickets = Tickets(
        frame["member"].to_numpy(),
        days.to_numpy(),
        frame["net"].to_numpy(),
        (frame["kind"] == "sale").to_numpy(),
    )
    return by_data_frame(pandas, tickets, period, CUTS)


def _models(desk: InsightDesk, watch: Stopwatch, lines: int) -> dict[str, Any]:
    everything = desk.everything()
    watch.start()
    desk.visit_model(everything)
    bgnbd = watch.stop()
    span = Period(
        max(everything.first, everything.last - timedelta(days=lines // LINES_A_DAY)), everything.last
    )
    started = perf_counter()
    watch.start()
    known = desk.lines(span)
    next_purchase = recommend.train(known, span.last_day)
    beside = companions.train(known)
    train = watch.stop()
    wall = perf_counter() - started
    assert not isinstance(next_purchase, TooLittle)
    assert not isinstance(beside, TooLittle)
    random = Random(SEED)
    members, items = np.unique(known.member[known.member >= 0]), np.unique(known.item)
    answers = []
    for _ in range(ANSWERS):
        member, basket = int(random.choice(members)), np.array([random.choice(items) for _ in range(3)])
        watch.start()
        recommend.next_items(next_purchase, member)
        companions.offers(beside, basket)
        answers.append(1000 * watch.stop())
    return {
        "bgnbd_seconds": round(bgnbd, 2),
        "train_seconds": round(train, 2),
        "train_wall_seconds": round(wall, 2),
        "lines": len(known),
        "answer_p99_ms": round(percentile(sorted(answers), 99), 3),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
