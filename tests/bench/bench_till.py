"""A till to be timed: a shop with goods, offers and members, the product's own services over it, and a recorder of what they write.

One seed makes one shop. Nothing is measured here.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.domain.authority import Operator, Role
from app.domain.basket import Basket, BasketLine
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
from db.engine import Connection, Cursor, transaction
from db.members import insert_members
from db.migrate import SCHEMA_VERSION, frozen_schema
from db.store import create_store, open_store
from tests.loyalty_desks import LoyaltyDesks, wire_loyalty

KEY: Final = bytes(range(32))
SEED: Final = 20_261_121
NOW: Final = 1_795_000_000_000  # November 2026
ITEMS: Final = 1_000
LINES: Final = 5


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
        session = self.session = Session(
            ShopSettings(name="好日子選物店"), operator=self._operator(), shift=shift
        )
        self.points = PointsDesk(self.store, session, self.ids, self.clock)
        self.checkout = Checkout(self.store, session, self.clock, self.ids)
        self.completion = Completion(
            self.store,
            session,
            self.clock,
            self.points,
            ReceiptBuilder(session, self.store),
            NoSpool(),
        )
        self.goods = [self._item(number) for number in range(ITEMS)]

    def take_part(self) -> LoyaltyDesks:
        """From now on coupons, stamps, gifts, stored value and tiers are asked in every sale, as in a real till."""
        desks = wire_loyalty(self.store, self.session, self.clock, self.ids, self.points)
        self.completion = Completion(
            self.store,
            self.session,
            self.clock,
            self.points,
            ReceiptBuilder(self.session, self.store),
            NoSpool(),
            desks.parts,
            desks.paper,
        )
        return desks

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


def schema_mark() -> str:
    """Names what a shop that is kept for later was made with: another schema makes another shop."""
    return hashlib.sha256("\n".join(frozen_schema(SCHEMA_VERSION)).encode()).hexdigest()[:8]


def copied(path: Path, folder: Path) -> Path:
    """The file and its mark, for somebody who will write to it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in (path.name, f"{path.name}.mark"):
        shutil.copyfile(path.parent / name, folder / name)
    return folder / path.name


def open_shop(path: Path, members: int) -> None:
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
