"""The demo's server, and its last step: the books go there, and what the server says is what the till says.

On the screen the till has been paired, sent, and left the server again; here everything is done by the commands that a shop types:
``serve``, ``pair``, ``sync --once``. The server's books lie in ``server/`` of the folder.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.config import Config
from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source

SHOP: Final = "好日子選物店"
STORE: Final = "01"
READY_SECONDS_MAX: Final = 30.0
ROUNDS_MAX: Final = 20
SPREAD_SECONDS_MAX: Final = 60.0
SOLD: Final = """
SELECT kind, count(*), coalesce(sum(total_minor), 0) FROM transaction_header
WHERE is_training = 0 AND kind IN ('sale', 'return', 'post_void') GROUP BY kind
"""


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A server that listens, for as long as it is needed. ``token`` is the owner's."""

    folder: Path
    url: str
    token: str

    def new_code(self) -> str:
        """A pairing code, as the office makes one."""
        return str(_say(self.folder, "serve", "--pairing-code", STORE, "--json")["code"])


@contextmanager
def demo_server(out: Path) -> Iterator[DemoServer]:
    """A server with books of its own in ``server/`` of this folder."""
    folder = out / "server"
    office = _say(folder, "serve", "--new-tenant", SHOP, "--json")
    with _serving(folder) as url:
        yield DemoServer(folder, url, office["token"])


def send_to_a_server(books: Config, server: DemoServer) -> dict[str, Any]:
    """Pair, send everything, send again, and compare both sides. Raises Unavailable where they differ."""
    data = books.data_dir.parent
    _say(data, "pair", server.new_code(), "--server", server.url, "--demo", "--json")
    sent = 0
    for _ in range(ROUNDS_MAX):
        said = _say(data, "sync", "--once", "--demo", "--json", may_fail=True)
        sent += said["sent"]
        if not said["waiting"]:
            break
    again = _say(data, "sync", "--once", "--demo", "--json")
    if said["waiting"] or said["problem"] or again["sent"]:
        raise Unavailable("demo_books_off", detail=f"sync {said} {again}")
    here = _sold_here(books)
    there = _sold_there(server.url, server.token, _days_of(books), here)
    if here != there:
        raise Unavailable("demo_books_off", detail=f"till {here}, server {there}")
    return {"facts sent": sent, "sent again": again["sent"], "sales at the server": there}


def _say(folder: Path, *words: str, may_fail: bool = False) -> dict[str, Any]:
    """A command of the program, by itself; what its last line says."""
    command = [sys.executable, "-m", "app", "--data", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode and not may_fail:
        raise Unavailable("demo_books_off", detail=f"{words[0]}: {done.stderr.strip()[-300:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app", "--data", str(folder), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError as error:
            if time.monotonic() > deadline:
                raise Unavailable("demo_books_off", detail="serve") from error
            time.sleep(0.05)
        else:
            return


def _sold_here(books: Config) -> dict[str, int]:
    found = {kind: (count, total) for kind, count, total in _rows(books, SOLD)}
    counts = {kind: found.get(kind, (0, 0))[0] for kind in ("sale", "return", "post_void")}
    return counts | {"total": sum(total for _, total in found.values())}


def _days_of(books: Config) -> tuple[int, int]:
    ((first, last),) = _rows(books, "SELECT min(business_date), max(business_date) FROM transaction_header")
    return int(first), int(last)


def _rows(books: Config, statement: str) -> list[Any]:
    from app.bootstrap import SystemClock
    from app.credentials import load_key
    from db.store import open_store

    clock = SystemClock()
    key = load_key(books.data_dir).database_key
    store = open_store(books.database, key, clock, Uuid7Source(clock.now_ms), is_till=False)
    try:
        with store.engines.reading() as cursor:
            return list(cursor.execute(statement).fetchall())
    finally:
        store.close()


def _sold_there(url: str, token: str, days: tuple[int, int], expected: dict[str, int]) -> dict[str, int]:
    """The sums of the server's page; it spreads what it took in behind its answers, so they come a little later."""
    import httpx

    headers = {"authorization": f"Bearer {token}"}
    deadline = time.monotonic() + SPREAD_SECONDS_MAX
    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        while (found := _summed(client, days)) != expected and time.monotonic() < deadline:
            time.sleep(0.2)
    return found


def _summed(client: Any, days: tuple[int, int]) -> dict[str, int]:
    asked = {"from": _iso(days[0]), "to": _iso(days[1])}
    rows = client.get("/office/v1/days", params=asked).raise_for_status().json()
    names = {"sale": "sales", "return": "returns", "post_void": "voids", "total": "total_minor"}
    return {here: sum(row[there] for row in rows) for here, there in names.items()}


def _iso(day: int) -> str:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"
