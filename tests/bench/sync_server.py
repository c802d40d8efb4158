"""``bench sync_server``: a backlog of sales of several tills, sent over loopback HTTP to a real server process, on PostgreSQL and on the
embedded SQLite.

``acked_vs_copy`` is sales per second until every till has its last answer (durable, and harmless to send again), ``tables_vs_copy`` until
all of them stand in the relational tables, each over the sales per second of the reference: the same rows put into the same tables of the
same database with bare COPY (SQLite: one prepared INSERT), 500 sales a commit, without HTTP, in turns. ``wire_ratio`` is what went over
the wire over the same records as plain JSON.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, Final

import httpx
from sqlalchemy import text

from sync.protocol import (
    MEDIA_TYPE,
    PairAnswer,
    PushAnswer,
    TokenAnswer,
    TokenRequest,
    pack,
    token_claim,
    unpack,
)
from sync.server.bodies import Fact
from sync.server.database import Database, open_database
from sync.server.migrate import upgrade
from sync.server.rows import Rows, load_rows
from sync.server.spread import waiting
from sync.server.tenants import create_tenant
from sync.server.trust import CODE_LETTERS, make_code, put_code
from tests.sources import ROOT
from tests.sync.server.cluster import OWNER, NoPostgresql, administer, cluster, make_owner, owner_url
from tests.sync.server.shell import pairing_of
from tests.sync.server.tills import TENANT, Till, fact_id

SEED: Final = 20_261_122
TILLS: Final = 4
SALES: Final = 20_000
QUICK_SALES: Final = 2_000
BATCH: Final = 500
ROUNDS: Final = 3
ITEMS: Final = 400
MEMBERS: Final = 800
GOALS: Final = {"acked_vs_copy": 1.5, "tables_vs_copy": 0.6}
WIRE_RATIO_MAX: Final = 0.2
RSS_GROWTH_MAX_MB: Final = 30
COMMAND: Final = "import sys; from app.cli import main; sys.exit(main(sys.argv[1:]))"
CLEARED: Final = (
    "sale",
    "sale_line",
    "tender",
    "ledger_posting",
    "fact",
    "feed",
    "arrival",
    "chain",
    "used_nonce",
    "device",
    "pairing",
)


@dataclass(frozen=True, slots=True)
class _Round:
    copied: float
    acked: float
    spread: float
    grown_mb: float


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    tills = _backlog(QUICK_SALES if quick else SALES)
    rounds = 1 if quick else ROUNDS
    figures: dict[str, Any] = {"wire_ratio": _wire_ratio(tills)}
    with TemporaryDirectory(dir=data_dir) as folder:
        figures |= _figures(
            "sqlite", [_one_round("", Path(folder) / str(one), tills) for one in range(rounds)], tills
        )
    try:
        with cluster(is_durable=True) as url, TemporaryDirectory(dir=data_dir) as folder:
            make_owner(url)
            figures |= _figures(
                "postgresql",
                [_on_postgresql(url, f"bench_{one}", Path(folder), tills) for one in range(rounds)],
                tills,
            )
    except NoPostgresql:
        figures["postgresql"] = "not here"
    goals: dict[str, Any] = {
        f"{kind}_{name}": goal for kind in ("sqlite", "postgresql") for name, goal in GOALS.items()
    }
    met = {name: figures.get(name, 0) >= goal for name, goal in goals.items()}
    met["wire_ratio"] = figures["wire_ratio"] <= WIRE_RATIO_MAX
    met |= {
        name: value <= RSS_GROWTH_MAX_MB for name, value in figures.items() if name.endswith("rss_growth_mb")
    }
    return {
        "name": "sync_server",
        "figures": figures,
        "goals": {name: f"≥ {goal}" for name, goal in goals.items()}
        | {
            "wire_ratio": WIRE_RATIO_MAX,
            "sqlite_rss_growth_mb": RSS_GROWTH_MAX_MB,
            "postgresql_rss_growth_mb": RSS_GROWTH_MAX_MB,
        },
        "met": all(met.values()),
        "met_each": met,
        "reference": "the same rows by bare COPY (SQLite: prepared INSERT), 500 sales a commit, without HTTP, in turns",
        "n": sum(len(till.records) for till in tills),
    }


def _backlog(sales: int) -> list[Till]:
    """A few days of several tills: popular goods, every other sale a member's."""
    random, tills = Random(SEED), [Till(number + 1) for number in range(TILLS)]
    members = [fact_id(50, number) for number in range(MEMBERS)]
    for till in tills:
        for _ in range(sales // TILLS):
            prices = [10 + min(ITEMS, int(random.paretovariate(0.9))) for _ in range(5)]
            member = random.choice(members) if random.random() < 0.5 else None
            spent = 5 if member is not None and random.random() < 0.1 else 0
            till.sells(
                prices, member=member, earned=0 if member is None else random.randrange(1, 20), spent=spent
            )
    return tills


def _wire_ratio(tills: Sequence[Till]) -> float:
    sent = plain = 0
    for till in tills:
        for request in _requests(till):
            sent += len(pack(request))
            records = [
                [
                    one.seq,
                    one.id.hex(),
                    one.kind,
                    one.occurred_at,
                    one.hlc,
                    one.prev.hex(),
                    one.hash.hex(),
                    json.loads(one.body),
                ]
                for one in request.records
            ]
            plain += len(json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode())
    return sent / plain


def _requests(till: Till) -> Iterator[Any]:
    for start in range(0, len(till.records), BATCH):
        yield till.push_of(till.records[start : start + BATCH], batch=start, keys=())


def _figures(kind: str, rounds: Sequence[_Round], tills: Sequence[Till]) -> dict[str, Any]:
    count = sum(len(till.records) for till in tills)
    return {
        f"{kind}_copy_per_second": round(median(count / one.copied for one in rounds)),
        f"{kind}_acked_per_second": round(median(count / one.acked for one in rounds)),
        f"{kind}_tables_per_second": round(median(count / one.spread for one in rounds)),
        f"{kind}_acked_vs_copy": median(one.copied / one.acked for one in rounds),
        f"{kind}_tables_vs_copy": median(one.copied / one.spread for one in rounds),
        f"{kind}_rss_growth_mb": max(one.grown_mb for one in rounds),
    }


def _on_postgresql(url: str, name: str, folder: Path, tills: Sequence[Till]) -> _Round:
    administer(url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} OWNER {OWNER}")
    try:
        return _one_round(owner_url(url, name), folder, tills)
    finally:
        administer(url, f"DROP DATABASE {name} WITH (FORCE)")


def _one_round(url: str, folder: Path, tills: Sequence[Till]) -> _Round:
    """The reference, the tables emptied, then the server."""
    folder.mkdir(exist_ok=True)
    path = folder / "server.db"
    database = open_database(url or str(path))
    upgrade(database)
    database.run_house(lambda db: create_tenant(db, TENANT, "bench", at=1, secrets=bytes(range(64))))
    try:
        copied = _copy(database, tills)
        acked, spread, grown = _serve(url or str(path), folder, database, tills)
    finally:
        database.close()
    return _Round(copied, acked, spread, grown)


def _copy(database: Database, tills: Sequence[Till]) -> float:
    parts = []
    for till in tills:
        for request in _requests(till):
            rows = Rows()
            for one in request.records:
                rows.add(
                    TENANT.hex,
                    Fact(
                        one.id.hex(),
                        till.device.device_id.hex,
                        one.kind,
                        one.hlc,
                        one.body,
                        1,
                        1,
                        0,
                        b"",
                        b"",
                    ),
                )
            parts.append(rows)
    started = perf_counter()
    for rows in parts:
        database.run_house(lambda db, rows=rows: load_rows(db, rows))  # type: ignore[misc]
    seconds = perf_counter() - started
    for table in CLEARED:
        if database.is_postgresql:
            database.run_house(lambda db, table=table: db.execute(text(f"TRUNCATE {table}")))  # type: ignore[misc]
        else:
            database.run_house(lambda db, table=table: db.execute(text(f"DELETE FROM {table}")))  # type: ignore[misc]
    return seconds


def _serve(url: str, folder: Path, database: Database, tills: Sequence[Till]) -> tuple[float, float, float]:
    """Seconds until the last answer, seconds until the last row, and megabytes that the server grew by."""
    bodies = [[pack(request) for request in _requests(till)] for till in tills]
    workers = ("--workers", "2") if url.startswith("postgresql") else ()
    with _serving(folder, "--db", url, *workers) as (client, pid):
        now = client.get("/missing").json()["server_time"]
        tokens = [_token(client, database, till, now) for till in tills]
        before = _resident_mb(pid)
        started = perf_counter()
        threads = [
            threading.Thread(target=_drain, args=(client, token, parts))
            for token, parts in zip(tokens, bodies, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        acked = perf_counter() - started
        while database.run_house(lambda db: waiting(db, TENANT), is_reading=True):
            sleep(0.005)
        return acked, perf_counter() - started, _resident_mb(pid) - before


def _drain(client: httpx.Client, token: str, bodies: Sequence[bytes]) -> None:
    headers = {"content-type": MEDIA_TYPE, "authorization": f"Bearer {token}"}
    for body in bodies:
        answer = client.post("/sync/v1/push", content=body, headers=headers)
        assert {one.status for one in unpack(answer.content, PushAnswer).results} == {"applied"}


def _token(client: httpx.Client, database: Database, till: Till, now: int) -> str:
    code = make_code(bytes([till.number] * CODE_LETTERS))
    database.run(TENANT, lambda db: put_code(db, TENANT, code, "", now=now))
    headers = {"content-type": MEDIA_TYPE}
    answer = client.post("/sync/v1/pair", content=pack(pairing_of(till, code)), headers=headers)
    key_id = unpack(answer.content, PairAnswer).key_id
    nonce = till.number.to_bytes(16, "big")
    asked = TokenRequest(key_id, now, nonce, till.private.sign(token_claim(key_id, now, nonce)))
    return unpack(
        client.post("/sync/v1/token", content=pack(asked), headers=headers).content, TokenAnswer
    ).token


@contextmanager
def _serving(folder: Path, *words: str) -> Iterator[tuple[httpx.Client, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--data", str(folder), "serve", "--port", port, *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip
    transport = httpx.HTTPTransport(retries=12)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=120) as client:
            client.get("/health")
            yield client, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _resident_mb(pid: int) -> float:
    """Of the process and its children, where the system tells (Linux)."""
    total = 0
    for own in (pid, *_children(pid)):
        try:
            total += int(Path(f"/proc/{own}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError):
            continue
    return total / (1 << 20)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
