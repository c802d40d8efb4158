"""``bench sync``: a backlog on its way to the server, as the server sees it and as the cashier feels it.

What the server does is ``bench sync_server``: 20,000 sales over loopback HTTP into PostgreSQL and into the embedded SQLite, against the
same rows by bare COPY. Then a till that was apart for 30 days (12,000 sales) sends all of it to a real server process from a thread beside
the counter, while a cashier goes on selling: ``commit_p99_growth`` is a sale's commit meanwhile over the same sale with nobody sending,
in turns within one run, waiting for processor and disk included.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any, Final

from app.bootstrap import SystemClock, random_bytes
from app.commands.open import HANDS_OVER_WITHIN_SECONDS
from db.engine import transaction
from db.exchange import SqliteExchange
from sync.client.agent import Agent, Surroundings
from sync.client.http import HttpTransport
from sync.client.identity import Vault
from sync.server.database import open_database
from sync.server.migrate import upgrade
from sync.server.tenants import create_tenant
from sync.server.trust import CODE_LETTERS, make_code, put_code
from tests.bench import sync_server
from tests.bench.bench_till import BenchTill, copied
from tests.bench.history import members_of, past_of
from tests.bench.shops import percentile
from tests.sync.server.tills import TENANT

BACKLOG: Final = 12_000
ROUNDS: Final = 3
SALES_ALONE: Final = 150
BREATH_SECONDS: Final = 0.01
DRAINED_WITHIN_SECONDS: Final = 300
GROWTH_MAX: Final = 1.2
NOTHING_SENT: Final = "INSERT OR IGNORE INTO outbox (seq) SELECT seq FROM fact"


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    there = sync_server.run(data_dir, quick=quick)
    backlog, rounds = (BACKLOG // 10, 1) if quick else (BACKLOG, ROUNDS)
    sys.setswitchinterval(HANDS_OVER_WITHIN_SECONDS)
    alone: list[float] = []
    meanwhile: list[float] = []
    seconds: list[float] = []
    for number in range(rounds):
        one = _one_round(data_dir, backlog, data_dir / f"sync-{number}")
        alone += one[0]
        meanwhile += one[1]
        seconds.append(one[2])
    alone.sort()
    meanwhile.sort()
    growth = percentile(meanwhile, 99) / percentile(alone, 99)
    figures = there["figures"] | {
        "commit_p99_growth": round(growth, 3),
        "commit_p50_growth": round(median(meanwhile) / median(alone), 3),
        "commit_p99_ms_alone": round(percentile(alone, 99), 2),
        "commit_p99_ms_meanwhile": round(percentile(meanwhile, 99), 2),
        "sales_meanwhile": len(meanwhile),
        "drain_seconds": round(median(seconds), 2),
        "drained_per_second": round(backlog / median(seconds)),
    }
    return {
        "name": "sync",
        "figures": figures,
        "goals": there["goals"] | {"commit_p99_growth": GROWTH_MAX},
        "met": there["met"] and growth < GROWTH_MAX,
        "met_each": there["met_each"] | {"commit_p99_growth": growth < GROWTH_MAX},
        "reference": f"{there['reference']}; the same sale with nobody sending, in turns",
        "n": there["n"],
    }


def _one_round(data_dir: Path, backlog: int, folder: Path) -> tuple[list[float], list[float], float]:
    """Milliseconds of commits alone and meanwhile, and how long the backlog took."""
    till = BenchTill(copied(past_of(data_dir, backlog), folder), members=members_of(backlog))
    till.store.engines.writer = till.recorder._connection
    try:
        alone = [_sell(till) for _ in range(SALES_ALONE)]
        with _paired(till, folder) as agent:
            with transaction(till.store.engines.writer) as cursor:
                cursor.execute(NOTHING_SENT)
            meanwhile, started = [], perf_counter()
            agent.start()
            while till.store.desk.unsent_count() > len(meanwhile) + 1:
                meanwhile.append(_sell(till))
                assert perf_counter() - started < DRAINED_WITHIN_SECONDS
            took = perf_counter() - started
            agent.stop()
        alone += [_sell(till) for _ in range(SALES_ALONE)]
    finally:
        till.store.close()
        shutil.rmtree(folder)
    return alone, meanwhile, took


@contextmanager
def _paired(till: BenchTill, folder: Path) -> Iterator[Agent]:
    """The till's own agent, paired with a server process of its own."""
    path = folder / "server.db"
    database = open_database(str(path))
    upgrade(database)
    database.run_house(lambda db: create_tenant(db, TENANT, "bench", at=1, secrets=bytes(range(64))))
    clock = SystemClock()
    try:
        with sync_server._serving(folder, "--db", str(path)) as (client, _):
            code = make_code(bytes(range(CODE_LETTERS)))
            now = client.get("/missing").json()["server_time"]
            database.run(TENANT, lambda db: put_code(db, TENANT, code, "", now=now))
            kept: dict[str, bytes] = {}
            vault = Vault(kept.__setitem__, kept.get, lambda name: kept.pop(name, None))
            around = Surroundings(
                clock, lambda: int(perf_counter() * 1000), random_bytes, vault, HttpTransport
            )
            agent = Agent(till.store, SqliteExchange(till.store), around)
            agent.pair(str(client.base_url), code)
            yield agent
    finally:
        database.close()


def _sell(till: BenchTill) -> float:
    till.put_a_basket_on_the_counter()
    started = perf_counter()
    till.complete()
    milliseconds = (perf_counter() - started) * 1000
    till.next_customer()
    sleep(BREATH_SECONDS)
    return milliseconds
