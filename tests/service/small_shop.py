"""A small real shop on a real encrypted store: a few goods, one owner and one cashier, an open shift."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.authority import Operator, Role
from app.domain.barcode import DEFAULT_LABEL_RULES
from app.domain.ids import ItemId, OperatorId, ShiftId, Uuid7Source
from app.domain.item import ItemRecord, TaxClass, Unit
from app.domain.money import TWD, Money
from app.domain.promotion import Promotion
from app.domain.shift import Shift
from app.service.checkout import Checkout
from app.service.completion import CompletedSale, Completion
from app.service.outcomes import ReadyToComplete
from app.service.points_desk import PointsDesk
from app.service.post_void import PostVoid
from app.service.printing import PrintDesk
from app.service.receipts import ReceiptBuilder
from app.service.return_desk import ReturnDesk
from app.service.session import Session
from app.service.shop import ShopSettings
from db.store import SqliteStore, create_store
from tests.loyalty_desks import LoyaltyDesks, wire_loyalty

KEY = bytes(range(32))
TEA = "4710088412348"  # NT$380, members 350
SOAP = "4710000000014"  # NT$99
BAG = "BAG"  # NT$3, earns no points
RICE_PLU = "123"  # NT$120 a kilogram, exempt
PHONE = "0912345678"
E164 = "+886912345678"


class SteppingClock:
    """Starts on a Saturday afternoon in Taipei; every look is a millisecond later."""

    def __init__(self) -> None:
        self.now = int(datetime(2026, 11, 21, 7, 0, tzinfo=UTC).timestamp() * 1000)

    def now_ms(self) -> int:
        self.now += 1
        return self.now

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.now / 1000, timezone(timedelta(hours=8)))

    def forward(self, **how_long: int) -> None:
        self.now += int(timedelta(**how_long).total_seconds() * 1000)


class QuietSpool:
    """Counts how often it was woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


@dataclass
class SmallShop:
    path: Path
    clock: SteppingClock
    ids: Uuid7Source
    store: SqliteStore
    session: Session
    checkout: Checkout
    completion: Completion
    returns: ReturnDesk
    post_void: PostVoid
    printing: PrintDesk
    points: PointsDesk
    loyalty: LoyaltyDesks
    spool: QuietSpool
    owner: Operator
    cashier: Operator

    def sell(self, *entries: str) -> CompletedSale:
        """Key these entries, then Enter until it is paid in exact cash."""
        for entry in entries:
            self.checkout.enter(entry)
        outcome = self.checkout.enter("")
        while not isinstance(outcome, ReadyToComplete):
            outcome = self.checkout.enter("")
        return self.complete()

    def complete(self) -> CompletedSale:
        done = self.completion.commit(self.completion.prepare(self.checkout))
        self.checkout.start_new()
        return done

    def balance(self, phone: str = E164) -> int:
        card = self.store.members.by_phone(phone)
        assert card is not None
        return card.points


def open_small_shop(folder: Path, *, promotions: tuple[Promotion, ...] = ()) -> SmallShop:
    clock = SteppingClock()
    seed = iter(range(1, 10**9))
    ids = Uuid7Source(clock.now_ms, lambda bits: next(seed) * 2654435761 % (1 << bits))
    path = folder / "till.db"
    store = create_store(path, KEY, store_code="01", till_code="1", clock=clock, ids=ids)
    owner = Operator(OperatorId(ids()), "01", "王美玲", Role.OWNER)
    cashier = Operator(OperatorId(ids()), "03", "陳小安", Role.CASHIER)
    shift = Shift(ShiftId(ids()), date(2026, 11, 21), clock.now_ms(), owner.id, Money(3000, TWD))
    with store.begin() as work:
        work.save_operator(owner)
        work.save_operator(cashier)
        work.open_shift(shift)
        work.put_items(_goods(ids), changed_at=clock.now_ms(), prices_from=0)
        work.put_promotions(promotions, changed_at=clock.now_ms())
        work.commit()
    session = Session(ShopSettings(name="好日子選物店"), operator=owner, shift=shift)
    return wire_small_shop(path, store, session, clock, ids, owner, cashier)


def wire_small_shop(
    path: Path,
    store: SqliteStore,
    session: Session,
    clock: SteppingClock,
    ids: Uuid7Source,
    owner: Operator,
    cashier: Operator,
) -> SmallShop:
    spool = QuietSpool()
    points = PointsDesk(store, session, ids, clock)
    receipts = ReceiptBuilder(session, store)
    loyalty = wire_loyalty(store, session, clock, ids, points)
    return SmallShop(
        path=path,
        clock=clock,
        ids=ids,
        store=store,
        session=session,
        checkout=Checkout(
            store,
            session,
            clock,
            ids,
            label_rules=DEFAULT_LABEL_RULES,
            price_levels=points.rulebook.price_levels,
        ),
        completion=Completion(store, session, clock, points, receipts, spool, loyalty.parts, loyalty.paper),
        returns=ReturnDesk(store, session),
        post_void=PostVoid(store, session, clock, ids, points, receipts, spool, loyalty.parts, loyalty.paper),
        loyalty=loyalty,
        printing=PrintDesk(store, session, clock, spool),
        points=points,
        spool=spool,
        owner=owner,
        cashier=cashier,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    opened = open_small_shop(tmp_path)
    yield opened
    opened.store.close()


def _goods(ids: Uuid7Source) -> list[ItemRecord]:
    def new() -> ItemId:
        return ItemId(UUID(int=ids().int))

    return [
        ItemRecord(new(), "TEA", "阿里山高山烏龍茶 150g", 380, 350, barcodes=(TEA,)),
        ItemRecord(new(), "SOAP", "手工皂", 99, barcodes=(SOAP,)),
        ItemRecord(new(), "BAG", "購物袋", 3, earns_points=False, is_discountable=False),
        ItemRecord(new(), "RICE", "池上米", 120, unit=Unit.KILOGRAM, tax_class=TaxClass.EXEMPT, plu=RICE_PLU),
        ItemRecord(new(), "WORK", "手作代工費", 0, is_open_price=True),
        ItemRecord(new(), "FREE", "贈品貼紙", 0),
    ]
