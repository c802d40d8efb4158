"""``bench bootstrap``: a new till beside a chain with 200,000 members and 50,000 goods: everything it must know, over loopback HTTP.

``seconds_to_sell`` is until catalogue and prices are in its books: the first customer can be served. ``seconds_total`` is until
members, books and visits are as well and it has pulled everything newer; ``rss_mb`` is the most memory the new till's process held. The
till is a process of its own, as is the server (embedded SQLite). Beside it ``copied_seconds``: the bare copy of the finished file, which
is what no protocol beats.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from app.bootstrap import SystemClock, random_bytes
from app.domain.ids import Uuid7Source
from app.domain.item import ItemRecord
from app.service.catalogue_documents import catalogue_documents
from app.service.exchange_ports import FILLING
from db.exchange import SqliteExchange
from db.store import create_store
from sync.client.agent import Agent, Surroundings
from sync.client.http import HttpTransport
from sync.client.identity import Vault
from sync.protocol import MemberKey
from sync.server.database import Database, open_database
from sync.server.migrate import upgrade
from sync.server.office import put_document
from sync.server.push import push
from sync.server.tenants import create_tenant
from sync.server.trust import CODE_LETTERS, make_code, put_code
from tests.bench import sync_server
from tests.bench.bench_till import KEY, item_id
from tests.sync.server.tills import NOW, TENANT, Till, fact_id

MEMBERS: Final = 200_000
ITEMS: Final = 50_000
TILLS: Final = 4
BATCH: Final = 1_000
WITHIN_SECONDS: Final = 1_500
COMMAND: Final = "import sys; from tests.bench.bootstrap import fill; fill(*sys.argv[1:])"


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    members, items = (MEMBERS // 20, ITEMS // 20) if quick else (MEMBERS, ITEMS)
    kept = _chain_of(data_dir, members, items)
    folder = data_dir / "bootstrap"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        shutil.copy(kept, folder / "server.db")
        figures = _filled(folder)
        started = perf_counter()
        shutil.copy(folder / "till.db", folder / "copied.db")
        figures["copied_seconds"] = round(perf_counter() - started, 2)
        figures["till_file_mb"] = round((folder / "till.db").stat().st_size / (1 << 20))
    finally:
        shutil.rmtree(folder)
    assert figures["members"] == members, figures
    assert figures["items"] == items, figures
    return {
        "name": "bootstrap",
        "figures": figures,
        "goals": {},
        "met": True,
        "reference": "the bare copy of the finished file",
        "n": members,
    }


def fill(url: str, code: str, folder: str) -> None:
    """The new till: prints what it measured."""
    clock = SystemClock()
    ids = Uuid7Source(clock.now_ms)
    path = Path(folder) / "till.db"
    store = create_store(path, KEY, store_code="09", till_code="1", clock=clock, ids=ids)
    exchange = SqliteExchange(store)
    kept: dict[str, bytes] = {}
    vault = Vault(kept.__setitem__, kept.get, lambda name: kept.pop(name, None))
    ticks = lambda: int(perf_counter() * 1000)  # noqa: E731
    agent = Agent(store, exchange, Surroundings(clock, ticks, random_bytes, vault, HttpTransport))
    started = perf_counter()
    sells_after: list[float] = []

    def look(_status: object) -> None:
        if not sells_after and exchange.state().filling not in ("", FILLING[0]):
            sells_after.append(perf_counter() - started)

    agent.on_change(look)
    agent.pair(url, code)
    cycle = agent.run_once()
    while exchange.state().filling:
        cycle = agent.run_once()
    seconds = perf_counter() - started
    with store.engines.reading() as cursor:
        (members,) = cursor.execute("SELECT count(*) FROM member").fetchone()
        (items,) = cursor.execute("SELECT count(*) FROM item").fetchone()
    problems = exchange.state().inbox_problems
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {
        "seconds_to_sell": round(sells_after[0], 2),
        "seconds_total": round(seconds, 2),
        "rss_mb": round(peak),
        "members": members,
        "items": items,
        "problems": problems,
        "problem": cycle.problem,
    }
    print(json.dumps(told))


def _filled(folder: Path) -> dict[str, Any]:
    path = folder / "server.db"
    database = open_database(str(path))
    try:
        with sync_server._serving(folder, "--db", str(path)) as (client, _):
            code = make_code(bytes(range(CODE_LETTERS)))
            now = client.get("/missing").json()["server_time"]
            database.run(TENANT, lambda db: put_code(db, TENANT, code, "", now=now))
            words = [sys.executable, "-c", COMMAND, str(client.base_url), code, str(folder)]
            done = subprocess.run(words, capture_output=True, text=True, timeout=WITHIN_SECONDS, check=False)
            assert done.returncode == 0, done.stderr[-2_000:]
    finally:
        database.close()
    return dict(json.loads(done.stdout.splitlines()[-1]))


# --- the chain ----------------------------------------------------------------------------------------------------------


def _chain_of(data_dir: Path, members: int, items: int) -> Path:
    """The server of a chain with so many members (each has bought once) and goods, made once."""
    path = data_dir / f"chain-1-{members}-{items}" / "server.db"
    if path.exists():
        return path
    building = path.parent.with_suffix(".new")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    database = open_database(str(building / "server.db"))
    upgrade(database)
    database.run_house(lambda db: create_tenant(db, TENANT, "bench", at=1, secrets=bytes(range(64))))
    for number, (name, body) in enumerate(_catalogue(items)):
        own = fact_id(60, number)
        database.run(
            TENANT,
            lambda db, own=own, name=name, body=body: put_document(db, TENANT, own, name, body, now=NOW),  # type: ignore[misc]
        )
    for number in range(TILLS):
        _live(database, Till(number + 1), range(number, members, TILLS))
    database.close()
    building.rename(path.parent)
    return path


def _live(database: Database, till: Till, numbers: range) -> None:
    """One till enrols its share of the members, each with a first purchase, and sends it all."""
    for start in range(0, len(numbers), BATCH // 2):
        for number in numbers[start : start + BATCH // 2]:
            member = fact_id(61, number)
            till.enrols(member, f"+8869{number:08d}")
            till.sells((120,), member=member, earned=1)
        keys = [MemberKey(member.bytes, key) for member, key in till.keys.items()]
        request = till.push_of(till.records, batch=start, keys=keys)
        database.run(TENANT, lambda db, request=request: push(db, till.device, request, NOW))  # type: ignore[misc]
        till.records.clear()
        till.keys.clear()


def _catalogue(items: int) -> Iterator[tuple[str, bytes]]:
    goods = (
        ItemRecord(
            item_id(number),
            f"S{number:05}",
            f"好日子商品第 {number} 號",
            10 + number % 240,
            barcodes=(f"471{number:010}",),
        )
        for number in range(items)
    )
    return catalogue_documents((), goods, (), (), prices_from=0)
