"""Selling processes are killed at random moments and reopened by the product's own recovery; then everything is asked of the books.

    result = run(kills=300, seed=1, folder=Path(…))

The processes are forked from a server that never opened a database (a handle must not cross a fork), or started afresh where there is no
fork. Delays come from the seed; what the machine does in them does not.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from app.bootstrap import Opener, SystemClock
from app.config import Config
from app.credentials import load_key
from app.domain.authority import Role
from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from app.service.holding import basket_of
from app.service.shop import ShopSettings
from app.service.till import NewOperator, NewShop
from db.finding import Finding
from db.store import SqliteStore, open_store
from db.verify import verify
from tests.crash.seller import sell_until_killed

DELAY_SECONDS: Final = (0.002, 0.200)
# When the delay begins: before the store is opened, when it is open, or when the first sale has been committed.
COUNTS_FROM: Final = {"GO": 2, "OPEN": 4, "SOLD": 4}
START_SECONDS_MAX: Final = 60.0
FULL_EVERY_KILLS: Final = 25
DETAILS_MAX: Final = 20
# The till imports these when they are first asked for; a process must not spend its short life on that.
USED_BY_A_SALE: Final = tuple(
    f"app.service.{name}"
    for name in (
        "checkout",
        "completion",
        "control",
        "holding",
        "points_desk",
        "post_void",
        "printing",
        "receipts",
        "return_desk",
        "till_session",
    )
)
USED_BY_AN_UPGRADE: Final = ("alembic.command", "sqlalchemy.pool", "sqlalchemy.dialects.sqlite")
CHAIN_CHECKS: Final = frozenset(
    ("fact_missing", "fact_changed", "chain_broken", "head_off", "life_off", "clock_back", "mark_off")
)
NUMBERS: Final = "SELECT receipt_number, id FROM transaction_header ORDER BY seq"
LETTERS: Final = "SELECT count(*) FROM incarnation"

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Seen:
    """Everything that was said and found over the whole run."""

    acknowledged: set[str] = field(default_factory=set)
    papers: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    pulses: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, bytes] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    reused: set[str] = field(default_factory=set)
    half: set[str] = field(default_factory=set)
    chain_broken: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    killed_while_opening: int = 0
    drafts_restored: int = 0
    incarnations: int = 0


def run(
    kills: int, seed: int, folder: Path, progress: Progress = lambda _done, _total: None
) -> dict[str, Any]:
    """The object of ``prove``. ``folder`` is empty and holds the shop afterwards."""
    started = time.monotonic()
    make_shop(folder)
    random, seen = Random(seed), Seen()
    for kill in range(kills):
        progress(kill, kills)
        _kill_one(folder, random, seen)
        if seen.failed:
            break  # a till that ends by itself, or does not open any more, proves nothing
        _check(folder, seen, is_full=kill == kills - 1 or kill % FULL_EVERY_KILLS == FULL_EVERY_KILLS - 1)
    return _result(kills, seed, seen, time.monotonic() - started)


def make_shop(folder: Path) -> None:
    """A new shop with goods and one owner, made as the first-run set-up makes it."""
    shop = NewShop(
        shop=ShopSettings(name="好日子選物店"),
        operators=(NewOperator("01", "王美玲", Role.OWNER, "274916"),),
        key_source="file",
        with_demo_goods=True,
    )
    Opener(Config(folder)).create(shop).close()


def open_as_the_product_does(folder: Path) -> SqliteStore:
    """With its own recovery: another life when it must, interrupted papers settled."""
    config, clock = Config(folder), SystemClock()
    secrets = load_key(config.data_dir)
    return open_store(config.database, secrets.database_key, clock, Uuid7Source(clock.now_ms))


def process_context() -> ForkServerContext | SpawnContext:
    """Forks from a server that has imported everything and opened nothing; fresh interpreters where there is no such server."""
    if sys.platform in ("win32", "cygwin"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.seller", *USED_BY_A_SALE, *USED_BY_AN_UPGRADE])
    return context


# --- one kill -------------------------------------------------------------------------------------------------------------


def _kill_one(folder: Path, random: Random, seen: Seen) -> None:
    """Start a seller, kill it a random while after it began to open the store or to sell, and read what it had said."""
    context = process_context()
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(
        target=sell_until_killed, args=(str(folder), random.randrange(2**32), writing), daemon=True
    )
    delay = random.uniform(*DELAY_SECONDS)
    (counts_from,) = random.choices(tuple(COUNTS_FROM), tuple(COUNTS_FROM.values()))
    process.start()
    writing.close()
    lines = _until(reading, counts_from)
    process.join(timeout=delay)
    process.kill()
    process.join()
    process.close()
    _note([*lines, *_rest_of(reading)], seen)
    reading.close()


def _until(pipe: Connection, awaited: str) -> list[str]:
    """What is said up to this word, or to the end of a process that failed."""
    lines: list[str] = []
    while not any(line.startswith(awaited) for line in lines):
        assert pipe.poll(START_SECONDS_MAX), f"the process never said {awaited}"
        try:
            lines.append(pipe.recv_bytes().decode())
        except EOFError:
            break
    return lines


def _rest_of(pipe: Connection) -> list[str]:
    """Every line that was said whole; what the kill cut off was not said."""
    lines = []
    try:
        while True:
            lines.append(pipe.recv_bytes().decode())
    except (EOFError, OSError):
        return lines


def _note(lines: list[str], seen: Seen) -> None:
    if "OPEN" not in lines:
        seen.killed_while_opening += 1
    for line in lines:
        match line.split(" "):
            case ["SOLD", number]:
                seen.acknowledged.add(number)
            case ["ACK", number, kind, copy, pulse]:
                seen.acknowledged.add(number)
                seen.papers[number, kind, copy] += 1
                seen.pulses[number] += int(pulse)
            case ["FAILED", *_]:
                seen.failed.append(line)
            case _:
                assert line in ("GO", "OPEN"), line


# --- what is left ---------------------------------------------------------------------------------------------------------


def _check(folder: Path, seen: Seen, *, is_full: bool) -> None:
    try:
        store = open_as_the_product_does(folder)
    except Unavailable as failure:
        seen.failed.append(f"does not open any more: {failure}")
        return
    try:
        with store.engines.reading() as cursor:
            numbers: dict[str, bytes] = dict(cursor.execute(NUMBERS).fetchall())
            seen.incarnations = cursor.execute(LETTERS).fetchone()[0]
        seen.lost |= (seen.acknowledged | seen.numbers.keys()) - numbers.keys()
        seen.reused |= {number for number, one in seen.numbers.items() if numbers.get(number, one) != one}
        seen.numbers.update(numbers)
        for finding in verify(store.engines, is_full=is_full):
            _sort(finding, seen)
        _check_draft(store, set(numbers.values()), seen)
        stuck = store.desk.print_jobs(("sending",))
        seen.half |= {f"paper {job.id} is still being sent" for job in stuck}
    finally:
        store.close()


def _sort(finding: Finding, seen: Seen) -> None:
    found = f"{finding.check} {finding.place} {finding.detail}".strip()
    (seen.chain_broken if finding.check in CHAIN_CHECKS else seen.half).add(found)


def _check_draft(store: SqliteStore, sold: set[bytes], seen: Seen) -> None:
    """The basket that was open is there, whole, or it is a sale: never both, never torn."""
    body = store.desk.draft()
    if body is None:
        return
    basket = basket_of(body)
    seen.drafts_restored += 1
    if UUID(int=basket.id.int).bytes in sold:
        seen.half.add(f"draft {basket.id} was sold already")


def _result(kills: int, seed: int, seen: Seen, seconds: float) -> dict[str, Any]:
    double = [paper for paper, count in seen.papers.items() if count > 1]
    double_pulses = [number for number, count in seen.pulses.items() if count > 1]
    bad = {
        "lost": len(seen.lost),
        "half": len(seen.half),
        "reused_numbers": len(seen.reused),
        "chain_broken": len(seen.chain_broken),
        "double_prints": len(double),
        "double_pulses": len(double_pulses),
        "failed": len(seen.failed),
    }
    broken = (*seen.failed, *sorted(seen.lost | seen.reused), *sorted(seen.chain_broken), *sorted(seen.half))
    return {
        "name": "prove",
        "kills": kills,
        "commits": len(seen.numbers),
        "acknowledged": len(seen.acknowledged),
        **bad,
        "killed_while_opening": seen.killed_while_opening,
        "drafts_kept": seen.drafts_restored,
        "incarnations": seen.incarnations,
        "seed": seed,
        "seconds": round(seconds, 1),
        "met": not any(bad.values()) and seen.incarnations == 1 and bool(seen.acknowledged),
        "details": [*broken, *map(" ".join, double), *double_pulses][:DETAILS_MAX],
    }
