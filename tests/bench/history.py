"""A till with a long past: the rows of real sales, repeated with other keys until there are enough of them.

A few hundred sales are completed by the product's own services while a recorder keeps every row they write. The past repeats these rows:
other ids, numbers, members, days, hashes; the chain holds and every body parses. Nothing here is random: one seed makes one past.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.domain.authority import Operator, Role
from app.domain.basket import Basket, BasketLine
from app.domain.chain import link
from app.domain.ids import (
    BasketId,
    CategoryId,
    ItemId,
    MemberId,
    OperatorId,
    PromotionId,
    ShiftId,
    Uuid7Source,
)
from app.domain.item import Item, ItemRecord
from app.domain.member import Member, MemberCard
from app.domain.money import TWD, Money
from app.domain.promotion import Promotion, PromotionKind
from app.domain.quantity import ONE
from app.domain.shift import Shift
from app.domain.tender import Tender, TenderKind
from app.service.checkout import Checkout
from app.service.completion import CompletedSale, Completion
from app.service.points_desk import PointsDesk
from app.service.ports import Category
from app.service.receipts import ReceiptBuilder
from app.service.session import Session
from app.service.shop import ShopSettings
from db.engine import Connection, Cursor, connect, transaction
from db.members import insert_members
from db.store import create_store, open_store
from db.types import date_number

KEY: Final = bytes(range(32))
SEED: Final = 20_261_121
NOW: Final = 1_795_000_000_000  # the past ends here, in November 2026
SALE_EVERY_MS: Final = 60_000
ITEMS: Final = 1_000
SHAPES: Final = 300
LINES: Final = 5
MEMBER_SHARE: Final = 65  # percent of sales
SALES_PER_MEMBER: Final = 5
CHUNK: Final = 10_000
CACHE_KIB: Final = 1_000_000


class BenchClock:
    """Set by whoever uses it; every look is a millisecond later."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def now_ms(self) -> int:
        self.now += 1
        return self.now

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.now / 1000, timezone(timedelta(hours=8)))


class NoSpool:
    def wake(self) -> None:
        pass


class Written(NamedTuple):
    """One statement that wrote, with its rows."""

    statement: str
    rows: Sequence[Sequence[object]]


class Recorder:
    """A writer's connection that remembers what is written through it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.seen: list[tuple[str, Sequence[object], bool]] = []

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def cursor(self) -> Any:
        return RecordingCursor(self._connection.cursor(), self.seen)

    def execute(self, statement: str, parameters: Sequence[object] = (), /) -> Cursor:
        return self._connection.execute(statement, parameters)

    def set_progress_handler(self, handler: Callable[[], int], steps: int, /) -> None:
        self._connection.set_progress_handler(handler, steps)

    def close(self) -> None:
        self._connection.close()

    def take(self) -> list[Written]:
        """What was written since the last time."""
        written = [
            Written(statement, parameters if is_many else [parameters])  # type: ignore[arg-type]
            for statement, parameters, is_many in self.seen
            if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))
        ]
        self.seen.clear()
        return written


class RecordingCursor:
    """Hands everything on and notes it; sorting comes later, off the clock."""

    def __init__(self, cursor: Any, seen: list[tuple[str, Sequence[object], bool]]) -> None:
        self._cursor = cursor
        self._note = seen.append
        self._execute, self._executemany = cursor.execute, cursor.executemany
        self.fetchone, self.fetchall, self.close = cursor.fetchone, cursor.fetchall, cursor.close

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)

    @property
    def lastrowid(self) -> Any:
        return self._cursor.lastrowid

    def execute(self, statement: str, parameters: Sequence[object] = (), /) -> Any:
        self._note((statement, parameters, False))
        self._execute(statement, parameters)
        return self

    def executemany(self, statement: str, rows: Sequence[Sequence[object]], /) -> Any:
        assert isinstance(rows, list), "rows that can be read only once cannot be noted"
        self._note((statement, rows, True))
        self._executemany(statement, rows)
        return self


class BenchTill:
    """A till with the product's own services over it, and everything recorded that it writes."""

    def __init__(self, path: Path, *, members: int, seed: int = SEED) -> None:
        self.random = Random(seed)
        self.clock = BenchClock()
        self.ids = Uuid7Source(self.clock.now_ms, self.random.getrandbits)
        self.store = open_store(path, KEY, self.clock, self.ids)
        self.recorder = Recorder(self.store.engines.writer)
        self.store.engines.writer = self.recorder
        self.members = members
        shift = self.store.desk.current_shift()
        assert shift is not None
        session = Session(ShopSettings(name="好日子選物店"), operator=self._operator(), shift=shift)
        self.checkout = Checkout(self.store, session, self.clock, self.ids)
        self.completion = Completion(
            self.store,
            session,
            self.clock,
            PointsDesk(self.store, session, self.ids),
            ReceiptBuilder(session, self.store),
            NoSpool(),
        )
        self.goods = [self._item(number) for number in range(ITEMS)]

    def _operator(self) -> Operator:
        return self.store.people.operators()[0]

    def _item(self, number: int) -> Item:
        item = self.store.catalogue.by_id(item_id(number), NOW)
        assert item is not None
        return item

    def put_a_basket_on_the_counter(self, *, is_member: bool = True, lines: int = LINES) -> None:
        """Five goods, a member and cash that covers them; nothing is priced yet."""
        random = self.random
        entries = tuple(
            BasketLine(number, random.choice(self.goods), ONE * random.choice((1, 1, 1, 2, 3)))
            for number in range(1, lines + 1)
        )
        card = None
        if is_member:
            card = MemberCard(a_member(one_of(random, self.members)), 0, 0, None, 0)
        self.checkout.resume(
            Basket(
                BasketId(self.ids()),
                self.clock.now_ms(),
                entries,
                card,
                tenders=(Tender(1, TenderKind.CASH, Money(20_000, TWD)),),
            )
        )

    def complete(self) -> CompletedSale:
        """Price it and make it a fact."""
        return self.completion.commit(self.completion.prepare(self.checkout))

    def next_customer(self) -> list[Written]:
        """Clear the counter; returns what the last sale wrote."""
        self.checkout.start_new()
        self.store.idle()
        return self.recorder.take()


def item_id(number: int) -> ItemId:
    return ItemId(UUID(int=(7 << 76) | (2 << 62) | number + 1))


def a_member(number: int) -> Member:
    """The member of this number; three out of four have a name."""
    names = ("王小明", "陳怡君", "林志豪", "")
    return Member(
        MemberId(UUID(int=(1 << 100) | (7 << 76) | (2 << 62) | number + 1)),
        f"+8869{number:08d}",
        names[number % 4],
    )


def one_of(random: Random, members: int) -> int:
    """Regulars come often: half of the visits are those of a quarter of the members."""
    return int(members * random.random() ** 2)


def past_of(folder: Path, sales: int) -> Path:
    """A till that has sold this often, made once and kept in ``folder``."""
    path = folder / f"past-{sales}-v1" / "till.db"
    if path.exists():
        return path
    building = folder / f"past-{sales}-v1.new"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    _build(building / "till.db", sales)
    building.rename(path.parent)
    return path


def copied(path: Path, folder: Path) -> Path:
    """The file and its mark, for somebody who will write to it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in (path.name, f"{path.name}.mark"):
        shutil.copyfile(path.parent / name, folder / name)
    return folder / path.name


def _build(path: Path, sales: int) -> None:
    members = max(10, sales // SALES_PER_MEMBER)
    _open_shop(path, members)
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
    store.write_mark()
    store.close()


def _open_shop(path: Path, members: int) -> None:
    clock = BenchClock(NOW - 10**9)
    ids = Uuid7Source(clock.now_ms, Random(SEED).getrandbits)
    store = create_store(path, KEY, store_code="01", till_code="1", clock=clock, ids=ids)
    operator = Operator(OperatorId(ids()), "03", "陳小安", Role.OWNER)
    categories = tuple(
        Category(CategoryId(UUID(int=9_000 + n)), f"分類 {n}", None, f"C{n:02}") for n in range(20)
    )
    with store.begin() as work:
        work.save_operator(operator)
        work.open_shift(Shift(ShiftId(ids()), date(2026, 11, 20), NOW, operator.id, Money(3000, TWD)))
        work.put_categories(categories)
        work.put_items(tuple(_goods(categories)), changed_at=NOW, prices_from=0)
        work.put_promotions(tuple(_promotions(categories)), changed_at=NOW)
        work.commit()
    with transaction(store.engines.writer) as cursor:
        insert_members(cursor, ((a_member(number), NOW) for number in range(members)))
    store.close()


def _goods(categories: Sequence[Category]) -> Iterable[ItemRecord]:
    random = Random(SEED)
    for number in range(ITEMS):
        price = random.choice((15, 20, 25, 29, 35, 39, 45, 49, 55, 59, 65, 79, 89, 99, 129, 159, 199, 249))
        yield ItemRecord(
            item_id(number),
            f"S{number:05}",
            f"好日子商品第 {number} 號",
            price,
            member_price=price * 95 // 100 if random.random() < 0.2 else None,
            category_id=categories[number % len(categories)].id,
            barcodes=(f"471{number:010}",),
        )


def _promotions(categories: Sequence[Category]) -> Iterable[Promotion]:
    """Ten that a shop of this kind runs at once."""
    for number in range(10):
        promotion_id = PromotionId(UUID(int=90_000 + number))
        covered = frozenset({categories[number * 2].id})
        name = f"優惠 {number}"
        if number % 2:
            yield Promotion(
                promotion_id, f"P{number}", name, PromotionKind.PERCENT, category_ids=covered, value=1000
            )
        else:
            yield Promotion(
                promotion_id,
                f"P{number}",
                name,
                PromotionKind.N_FOR_PRICE,
                category_ids=covered,
                n=3,
                price=99,
            )


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
        for table, columns in _columns_of(self.cursor).items():
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
            self._fact(kind, body % keys, (sale_id, entry_id)[place], at, at << 16 | place)
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
            rows["ledger_entry"].append((entry_id, e[1], member, sale_id, at, day, ends, e[7]))
        for p in old.get("ledger_posting", ()):
            is_members = p[5] is not None
            owned = (member, lot_id, at, ends) if is_members else (None, None, at, None)
            rows["ledger_posting"].append((entry_id, *p[1:4], *owned))
        for j in old["print_job"]:
            rows["print_job"].append((seq, *j[1:4], "done", j[5], at, at))

    def _id(self, at: int) -> bytes:
        """A UUIDv7 of that moment."""
        bits = self.random.getrandbits(74)
        return (at << 80 | 7 << 76 | bits >> 62 << 64 | 2 << 62 | bits & (1 << 62) - 1).to_bytes(16, "big")


def _columns_of(cursor: Cursor) -> dict[str, str]:
    from db import journal, ledger, spool_queue
    from db.unit_of_work import INSERT_FACT

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
