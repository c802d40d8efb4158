"""A till with a long past: the rows of real sales, repeated with other keys until there are enough of them.

A few hundred sales are completed by the product's own services while a recorder keeps every row they write. The past repeats these rows:
other ids, numbers, members, days, hashes; the chain holds and every body parses. Nothing here is random: one seed makes one past.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from app.domain.chain import link
from app.domain.ids import Uuid7Source
from db import journal, ledger, spool_queue
from db.days import fold_stretch, folded_seq
from db.engine import Connection, connect
from db.store import SqliteStore, open_store
from db.types import date_number
from db.unit_of_work import INSERT_FACT
from tests.bench.bench_till import (
    KEY,
    NOW,
    SEED,
    BenchClock,
    BenchTill,
    Written,
    a_member,
    copied,
    one_of,
    open_shop,
    schema_mark,
)

SALE_EVERY_MS: Final = 60_000
SHAPES: Final = 300
MEMBER_SHARE: Final = 65  # percent of sales
SALES_PER_MEMBER: Final = 5
CHUNK: Final = 10_000
CACHE_KIB: Final = 1_000_000
BEFORE_THE_LAST_DATE: Final = """
SELECT max(seq) FROM transaction_header WHERE business_date < (
  SELECT business_date FROM transaction_header ORDER BY seq DESC LIMIT 1)
"""


def members_of(sales: int) -> int:
    """How many members a shop with this past has."""
    return max(10, sales // SALES_PER_MEMBER)


def past_of(folder: Path, sales: int) -> Path:
    """A till that has sold this often, made once and kept in ``folder``."""
    name = f"past-{sales}-{schema_mark()}"
    path = folder / name / "till.db"
    if path.exists():
        return path
    building = folder / f"{name}.new"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    _build(building / "till.db", sales)
    building.rename(path.parent)
    return path


def _build(path: Path, sales: int) -> None:
    members = members_of(sales)
    open_shop(path, members)
    shapes_path = copied(path, path.parent / "shapes")
    shapes = _shapes(shapes_path, members)
    shutil.rmtree(shapes_path.parent)
    connection = connect(path, KEY)
    for pragma in (
        "journal_mode = OFF",
        "synchronous = OFF",
        "foreign_keys = OFF",
        "locking_mode = EXCLUSIVE",
        f"cache_size = -{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    Past(connection, shapes, members).write(sales)
    connection.execute("PRAGMA locking_mode = NORMAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    clock = BenchClock()
    store = open_store(path, KEY, clock, Uuid7Source(clock.now_ms, Random(SEED).getrandbits))
    _add_up_days(store)
    store.write_mark()
    store.close()


def _add_up_days(store: SqliteStore) -> None:
    """Every business date but the last one, which is still under way."""
    with store.engines.reading() as cursor:
        last = cursor.execute(BEFORE_THE_LAST_DATE).fetchone()[0] or 0
        reached = folded_seq(cursor)
    while reached < last:
        with store.begin() as work:
            reached = fold_stretch(work.cursor, last)
            work.commit()


# --- one sale, ready to be repeated -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """What one real sale wrote: the bodies with gaps where its keys stood, and its rows."""

    kinds: tuple[str, ...]
    bodies: tuple[bytes, ...]
    rows: dict[str, list[Sequence[Any]]]


def _shapes(path: Path, members: int) -> list[Shape]:
    till = BenchTill(path, members=members)
    shapes = []
    for number in range(SHAPES):
        till.put_a_basket_on_the_counter(is_member=number * 100 < MEMBER_SHARE * SHAPES)
        till.complete()
        shapes.append(_shape(till.next_customer()))
    till.store.close()
    return shapes


def _shape(written: list[Written]) -> Shape:
    rows: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for one in written:
        if one.statement.startswith("INSERT INTO"):
            rows[one.statement.split()[2]] += one.rows
    facts = rows["fact"]
    header = rows["transaction_header"][0]
    keys = {
        header[1].hex().encode(): b"%(id)b",
        header[3].encode(): b"%(receipt)b",
        b'"counter":%d' % header[4]: b'"counter":%(counter)b',
        b'"at":%d' % header[8]: b'"at":%(at)b',
        _iso(header[7]): b"%(date)b",
    }
    if header[12] is not None:
        keys[header[12].hex().encode()] = b"%(member)b"
    if rows["ledger_entry"]:
        entry, posting = rows["ledger_entry"][0], rows["ledger_posting"][0]
        keys |= {
            entry[0].hex().encode(): b"%(entry)b",
            posting[5].hex().encode(): b"%(lot)b",
            _iso(entry[6]): b"%(expires)b",
        }
    return Shape(
        kinds=tuple(fact[3] for fact in facts),
        bodies=tuple(_with_gaps(fact[8], keys) for fact in facts),
        rows=dict(rows),
    )


def _with_gaps(body: bytes, keys: dict[bytes, bytes]) -> bytes:
    template = body.replace(b"%", b"%%")
    for key, gap in keys.items():
        template = template.replace(key, gap)
    return template


def _iso(day: int) -> bytes:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}".encode()


class Past:
    """Writes the past into an open file, in the order in which it happened."""

    def __init__(self, connection: Connection, shapes: Sequence[Shape], members: int) -> None:
        self.cursor = connection.cursor()
        self.shapes = shapes
        self.members = [a_member(number).id.bytes for number in range(members)]
        self.random = Random(SEED)
        (device, self.store_code, self.till_code) = self.cursor.execute(
            "SELECT device_id, store_code, till_code FROM device"
        ).fetchone()
        self.device = UUID(bytes=device)
        self.incarnation, self.letter, self.seq, self.head, self.counter = self.cursor.execute(
            "SELECT incarnation, letter, seq, hash, counter FROM chain_head"
        ).fetchone()
        self.statements = self._statements()
        self.rows: dict[str, list[Sequence[Any]]] = {table: [] for table in self.statements}
        self.job = 0

    def _statements(self) -> dict[str, str]:
        """Every table that a sale writes, with as many places as its rows have."""
        statements: dict[str, str] = {}
        for table, columns in _columns_of().items():
            statements[table] = f"INSERT INTO {table} ({columns}) VALUES ({_places(columns)})"
        return statements

    def write(self, sales: int) -> None:
        start = NOW - sales * SALE_EVERY_MS
        self.cursor.execute("BEGIN")
        for number in range(sales):
            self._sale(start + number * SALE_EVERY_MS)
            if (number + 1) % CHUNK == 0:
                self._flush()
        self._flush()
        self.cursor.execute(
            "UPDATE chain_head SET seq = ?, hash = ?, counter = ?, hlc = ?",
            (self.seq, self.head, self.counter, NOW << 16),
        )
        # The newest few thousand facts are still to be sent; the server has the others.
        self.cursor.execute(
            "INSERT INTO outbox (seq) SELECT seq FROM fact WHERE seq > ?", (self.seq - 3_000,)
        )
        self.cursor.execute("COMMIT")

    def _flush(self) -> None:
        for table, rows in self.rows.items():
            self.cursor.executemany(self.statements[table], rows)
            rows.clear()

    def _sale(self, at: int) -> None:
        shape = self.random.choice(self.shapes)
        self.counter += 1
        sale_id, entry_id, lot_id = (self._id(at) for _ in range(3))
        member = self.members[one_of(self.random, len(self.members))]
        receipt = f"{self.store_code}-{self.till_code}-{self.letter}{self.counter:06d}"
        day = datetime.fromtimestamp(at / 1000, UTC).date()
        day_number, ends = date_number(day), day + timedelta(days=365)
        keys = {
            b"id": sale_id.hex().encode(),
            b"receipt": receipt.encode(),
            b"counter": b"%d" % self.counter,
            b"at": b"%d" % at,
            b"date": day.isoformat().encode(),
            b"member": member.hex().encode(),
            b"entry": entry_id.hex().encode(),
            b"lot": lot_id.hex().encode(),
            b"expires": ends.isoformat().encode(),
        }
        seq = self.seq + 1
        for place, (kind, body) in enumerate(zip(shape.kinds, shape.bodies, strict=True)):
            assert not place, "a sale is one fact"
            self._fact(kind, body % keys, sale_id, at, at << 16)
        self._rows(shape, seq, sale_id, receipt, day_number, at, member, entry_id, lot_id, date_number(ends))

    def _fact(self, kind: str, body: bytes, fact_id: bytes, at: int, hlc: int) -> None:
        self.seq += 1
        previous = self.head
        self.head = link(previous, self.device, self.incarnation, self.seq, body)
        self.rows["fact"].append(
            (self.seq, fact_id, self.incarnation, kind, at, hlc, previous, self.head, body)
        )

    def _rows(
        self,
        shape: Shape,
        seq: int,
        sale_id: bytes,
        receipt: str,
        day: int,
        at: int,
        member: bytes,
        entry_id: bytes,
        lot_id: bytes,
        ends: int,
    ) -> None:
        rows, old = self.rows, shape.rows
        h = old["transaction_header"][0]
        owner = None if h[12] is None else member
        rows["transaction_header"].append(
            (seq, sale_id, h[2], receipt, self.counter, *h[5:7], day, at, *h[9:12], owner, *h[13:])
        )
        for table in ("sale_line", "line_modifier", "tender"):
            rows[table] += [(seq, *row[1:]) for row in old.get(table, ())]
        for e in old.get("ledger_entry", ()):
            rows["ledger_entry"].append((entry_id, e[1], member, sale_id, at, day, ends, *e[7:9], sale_id))
        for p in old.get("ledger_posting", ()):
            is_members = p[5] is not None
            owned = (member, lot_id, at, ends) if is_members else (None, None, at, None)
            rows["ledger_posting"].append((entry_id, *p[1:4], *owned, *p[8:]))
        for j in old["print_job"]:
            rows["print_job"].append((seq, *j[1:4], "done", j[5], at, at))

    def _id(self, at: int) -> bytes:
        """A UUIDv7 of that moment."""
        bits = self.random.getrandbits(74)
        return (at << 80 | 7 << 76 | bits >> 62 << 64 | 2 << 62 | bits & (1 << 62) - 1).to_bytes(16, "big")


def _columns_of() -> dict[str, str]:
    statements = {
        "fact": INSERT_FACT,
        **journal.INSERT_ROWS,
        "ledger_entry": ledger.INSERT_ENTRY,
        "ledger_posting": ledger.INSERT_POSTING,
        "print_job": spool_queue.INSERT_JOB,
    }
    return {table: text[text.index("(") + 1 : text.index(")")] for table, text in statements.items()}


def _places(columns: str) -> str:
    return ", ".join("?" * (columns.count(",") + 1))
