"""Fills a new till with the demo shop: goods, people, and the tickets of the past weeks as real facts.

    seed_demo(store, clock, ids, language="zh_TW", progress=…)

What is written is what the counter would have written, and ``verify --full`` proves it. Sales end yesterday: today's shift is for whoever
opens the till. The same seed, day and ids make the same shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from app.demo import people, promotions, rhythm, shop
from app.demo.people import DemoMember
from app.demo.seed_goods import WORDS, PromotionMaker, category_rows, item_record, tiles
from app.demo.seed_sales import Desk, SalesWriter, by_day
from app.demo.shop import DemoItem
from app.domain.authority import Operator, Role
from app.domain.ids import ItemId, MemberId, OperatorId
from app.domain.item import Item
from app.domain.member import Member, MemberCard
from app.domain.phone import parse_phone
from app.domain.pricing import PromotionBook
from app.domain.transaction import RetailTransaction
from app.i18n import t
from app.service.points_desk import PointsDesk
from app.service.ports import Clock, IdSource, PrintRequest, Stamp, UnitOfWork
from app.service.receipts import ReceiptBuilder
from app.service.session import Session
from app.service.shop import ShopSettings, load_shop
from db.bulk import put_popularity
from db.engine import transaction
from db.members import insert_members
from db.store import SqliteStore

SEED: Final = 1
MEMBERS: Final = 2_000
DAYS: Final = 365
SALES_PER_DAY: Final = 20
PRICES_BEFORE: Final = timedelta(days=30)
PAPER_DAYS: Final = 14  # so far back a receipt can be printed again
BATCH_ITEMS: Final = 1_000
GOLD_SHARE: Final = 0.06
_CODE_CHARACTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_DAY_MS: Final = 86_400_000

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made."""

    items: int
    members: int
    sales: int
    first_day: date
    last_day: date


def seed_demo(
    store: SqliteStore,
    clock: Clock,
    ids: IdSource,
    *,
    language: str = "zh_TW",
    members: int = MEMBERS,
    days: int = DAYS,
    sales_per_day: int = SALES_PER_DAY,
    seed: int = SEED,
    hash_pin: Callable[[str], str] | None = None,
    progress: Progress | None = None,
) -> Seeded:
    """The whole demo shop into an empty till.

    The demo's people are added where the store has nobody with their number; with ``hash_pin`` they can sign on with the PINs that
    `app/demo/README.md` lists.
    """
    history = _History(clock, days, sales_per_day, seed, language, progress or _silence)
    history.tell(0, "seed.goods")
    goods = shop.items()
    history.put_goods(store, ids, goods)
    history.tell(0, "seed.members")
    crowd = tuple(people.members(seed, members, last_joined=history.last_day))
    desk = history.desk(store, ids, goods, crowd, _operators(store, ids, hash_pin))
    papers = _Papers(store, load_shop(store.desk.settings()), history.last_day - timedelta(days=PAPER_DAYS))
    writer = SalesWriter(desk, papers.keep)
    # Made-up people have made-up keys: the same shop each time, to the last hash.
    keys = Random(f"{seed}:member keys")
    store.member_keys = lambda: keys.randbytes(32)
    try:
        with store.begin() as work:
            writer.enrol_until(work, history.first_day - timedelta(days=1))
            work.commit()
        sold = history.ring(store, writer, goods, crowd)
    finally:
        store.member_keys = None
    store.idle()
    history.tell(days, "seed.sales", day=history.last_day.isoformat())
    return Seeded(len(goods), len(crowd), sold, history.first_day, history.last_day)


def seed_load_test(
    store: SqliteStore,
    clock: Clock,
    ids: IdSource,
    *,
    items: int,
    members: int,
    days: int = 30,
    sales_per_day: int = 0,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Seeded:
    """A shop as large as asked for: the demo's goods and made variants of them, members without the facts of their enrolment, and real
    sales when ``sales_per_day`` says so. Only the first members buy: so few tickets among all of them would be one visit each."""
    history = _History(clock, days, sales_per_day, seed, "zh_TW", progress or _silence)
    history.tell(0, "seed.goods")
    goods = tuple(shop.enlarged(items, seed))
    item_ids = history.put_goods(store, ids, goods)
    history.tell(0, "seed.members")
    crowd = tuple(people.members(seed, members, last_joined=history.last_day))
    desk = history.desk(store, ids, goods if sales_per_day else (), crowd, _operators(store, ids, None))
    with transaction(store.engines.writer) as cursor:
        put_popularity(cursor, {item_ids[item.sku]: item.popularity for item in goods})
        insert_members(cursor, ((member, clock.now_ms()) for member in desk.members))
    writer = SalesWriter(desk, enrolled=[member.id for member in desk.members])
    buyers = crowd[: days * sales_per_day // 3]
    sold = history.ring(store, writer, goods, buyers) if sales_per_day else 0
    store.idle()
    return Seeded(len(goods), len(crowd), sold, history.first_day, history.last_day)


@dataclass(frozen=True, slots=True)
class _History:
    """The stretch of days that is made up: it ends yesterday."""

    clock: Clock
    days: int
    sales_per_day: int
    seed: int
    language: str
    progress: Progress

    @property
    def last_day(self) -> date:
        return self.clock.local().date() - timedelta(days=1)

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=self.days - 1)

    @property
    def offers(self) -> tuple[promotions.PromotionDefinition, ...]:
        """What was on offer then, and what will be."""
        return promotions.promotions(self.first_day, self.last_day + timedelta(days=DAYS))

    def tell(self, done: int, key: str, **fields: object) -> None:
        self.progress(done, self.days, t(key, self.language, **fields))

    def put_goods(self, store: SqliteStore, ids: IdSource, goods: Sequence[DemoItem]) -> dict[str, ItemId]:
        """Categories, items, quick keys, promotions. The items' ids by SKU."""
        words = WORDS[self.language]
        categories = category_rows(shop.categories(), words, ids)
        item_ids = {item.sku: ItemId(ids()) for item in goods}
        paths = {path: category.id for path, category in categories.items()}
        make = PromotionMaker(item_ids, paths, words, ids).make
        since = self.clock.now_ms() - (self.days + PRICES_BEFORE.days) * _DAY_MS
        with store.begin() as work:
            work.put_categories(tuple(categories.values()))
            for start in range(0, len(goods), BATCH_ITEMS):
                records = [
                    item_record(item, words, paths[item.category], item_ids[item.sku])
                    for item in goods[start : start + BATCH_ITEMS]
                ]
                work.put_items(records, changed_at=since, prices_from=since)
            work.put_tiles(tiles(goods, item_ids, words))
            work.put_promotions([make(offer) for offer in self.offers], changed_at=since)
            work.commit()
        return item_ids

    def desk(
        self,
        store: SqliteStore,
        ids: IdSource,
        goods: Sequence[DemoItem],
        crowd: Sequence[DemoMember],
        operators: Mapping[str, Operator],
    ) -> Desk:
        """What the store and its settings say about how tickets are rung."""
        settings = load_shop(store.desk.settings())
        zone = self.clock.local().tzinfo
        assert zone is not None, "the shop's clock knows its zone"
        return Desk(
            items={item.sku: item for item in _priced(store, goods, self.clock.now_ms())},
            promotions=PromotionBook(store.catalogue.promotions()),
            operators=operators,
            members=tuple(_members(crowd, ids, self.seed, settings.region)),
            rule=PointsDesk(store, Session(settings), ids, self.clock).rule,
            zone=zone,
            ids=ids,
            seed=self.seed,
            currency=settings.currency,
            language=self.language,
        )

    def ring(
        self, store: SqliteStore, writer: SalesWriter, goods: Sequence[DemoItem], crowd: Sequence[DemoMember]
    ) -> int:
        """Day after day. Returns how many tickets there were."""
        sold = 0
        tickets = rhythm.sales(
            self.seed, goods, crowd, self.first_day, self.days, self.sales_per_day, promotions=self.offers
        )
        for day, sales in by_day(tickets):
            self.tell((day - self.first_day).days, "seed.sales", day=day.isoformat())
            with store.begin() as work:
                writer.write_day(work, day, sales)
                work.commit()
            sold += len(sales)
        return sold


class _Papers:
    """The receipts of the last days, stored as printed: whoever tries the till can look at them and print them again."""

    def __init__(self, store: SqliteStore, shop: ShopSettings, after: date) -> None:
        self._receipts = ReceiptBuilder(Session(shop), store)
        self._after = after

    def keep(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        stamp: Stamp,
        card: MemberCard | None,
        *,
        points_before: int,
        points_after: int,
    ) -> None:
        header = transaction.header
        if header.business_date <= self._after:
            return
        document = self._receipts.retail(
            transaction, stamp, card, points_before=points_before, points_after=points_after
        )
        request = PrintRequest("receipt", document, header.id)
        job = work.enqueue_print(request, created_at=header.occurred_at)
        work.set_print_state(job, "done", changed_at=header.occurred_at)


def _priced(store: SqliteStore, goods: Sequence[DemoItem], at: int) -> Iterator[Item]:
    for item in goods:
        found = store.catalogue.by_sku(item.sku, at)
        assert found is not None, item.sku
        yield found


def _operators(
    store: SqliteStore, ids: IdSource, hash_pin: Callable[[str], str] | None
) -> dict[str, Operator]:
    """The store's people by their number; those of the demo are added where they are missing."""
    known = {operator.number: operator for operator in store.people.operators()}
    missing = [one for one in shop.OPERATORS if one.number not in known]
    with store.begin() as work:
        for one in missing:
            known[one.number] = Operator(OperatorId(ids()), one.number, one.name, Role(one.role))
            work.save_operator(known[one.number], pin_hash=hash_pin(one.pin) if hash_pin else None)
        work.commit()
    return known


def _members(
    crowd: Sequence[DemoMember] | Iterator[DemoMember], ids: IdSource, seed: int, region: str
) -> Iterator[Member]:
    random = Random(f"{seed}:codes")
    codes: set[str] = set()
    for person in crowd:
        phone = parse_phone(person.phone, region)
        assert phone is not None, person.phone
        yield Member(
            id=MemberId(ids()),
            phone=phone,
            name=person.name or "",
            tier="gold" if random.random() < GOLD_SHARE else "",
            joined_on=person.joined,
            birthday=person.birthday.isoformat() if person.birthday else "",
            gender=person.gender or "",
            note="、".join(person.tags),
            code=_new_code(random, codes),
            has_marketing_consent=person.has_marketing_consent,
        )


def _new_code(random: Random, taken: set[str]) -> str:
    """What stands in the member's QR: eight characters that nobody confuses, and nobody else has."""
    while True:
        code = "".join(random.choice(_CODE_CHARACTERS) for _ in range(8))
        if code not in taken:
            taken.add(code)
            return code


def _silence(_done: int, _total: int, _what: str) -> None:
    """Nobody watches."""
