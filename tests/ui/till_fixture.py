"""A real till on a real encrypted store, with a few goods, members and people, and the real window over it.

    def test_something(till_window: TillRig) -> None:
        till_window.sign_on()
        till_window.typist.type("0912345678")

Every key goes the whole way: scan catcher, hotkeys, focused widget. The store's worker is synchronous, so nothing has to be waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.authority import Operator, Role
from app.domain.barcode import DEFAULT_LABEL_RULES
from app.domain.errors import TillError
from app.domain.ids import ItemId, MemberId, OperatorId, Uuid7Source
from app.domain.item import ItemRecord, TaxClass, Tile, Unit
from app.domain.member import Member
from app.domain.money import TWD, Money
from app.domain.promotion import Promotion
from app.service.authority import Authority
from app.service.bonus_desk import BonusDesk, InactivityDesk
from app.service.call_list import CallListDesk
from app.service.campaigns import CampaignDesk
from app.service.checkout import Checkout
from app.service.completion import Completion
from app.service.control import ControlDesk
from app.service.daily_jobs import DailyJobs, jobs_of
from app.service.enrolment import EnrolmentDesk
from app.service.expiry import ExpiryDesk
from app.service.guard import GuardDesk
from app.service.insight_desk import InsightDesk
from app.service.member_events import MemberEvents
from app.service.membership import MembershipDesk
from app.service.membership_consent import ConsentDesk
from app.service.membership_merge import MergeDesk
from app.service.pin_hash import PinCost
from app.service.points_desk import PointsDesk
from app.service.portrait import PortraitDesk
from app.service.portrait_rights import CounterRights
from app.service.post_void import PostVoid
from app.service.printing import PrintDesk
from app.service.privacy import PrivacyDesk
from app.service.receipts import ReceiptBuilder
from app.service.return_desk import ReturnDesk
from app.service.rules import RuleDesk
from app.service.segment_keeper import SegmentKeeper
from app.service.segment_places import SegmentPlaces
from app.service.segments import SegmentDesk
from app.service.session import Session
from app.service.shop import ShopSettings, load_shop, shop_to_settings
from app.service.summary import SummaryDesk
from app.service.summary_paper import SummaryPaper
from app.service.till import NewShop, Till
from app.service.till_session import TillSession
from app.service.what_if import WhatIf
from app.service.work_list import WorkListDesk
from db.store import SqliteStore, create_store, open_store
from tests.loyalty_desks import wire_loyalty
from tests.service.small_shop import (
    BAG,
    E164,
    KEY,
    PHONE,
    RICE_PLU,
    SOAP,
    TEA,
    QuietSpool,
    SteppingClock,
)
from tests.ui.conftest import PATIENCE_MS
from ui import keys
from ui.context import Screen
from ui.hotkeys import Hotkeys
from ui.messages import Messages
from ui.scan_catcher import ScanCatcher
from ui.tasks import Executor, SynchronousExecutor, Tasks
from ui.typist import Typist
from ui.widgets.sheet import Sheet, topmost
from ui.window import TillWindow

__all__ = ["BAG", "E164", "PHONE", "SOAP", "TEA", "TillRig", "open_rig", "rig"]

PIN = "739261"
OWNER_NUMBER, SUPERVISOR_NUMBER, CASHIER_NUMBER = "01", "02", "03"
SUPERVISOR_BADGE = "BADGE-0002"
PEPPER = bytes(range(16))
CHEAP = PinCost(memory_kib=8, passes=1)
NEW_PHONE = "0987654321"


class OpenerOfTests:
    """Opens what the tests made; never asks anybody."""

    def __init__(self) -> None:
        self.is_set_up = True
        self.created: list[NewShop] = []
        self.make: Callable[[], Till] | None = None
        self.practise: Callable[[Till], Till] | None = None

    def has_keyring(self) -> bool:
        return False

    def needs_passphrase(self) -> bool:
        return False

    def open(self, passphrase: str = "") -> Till:
        assert self.make is not None
        return self.make()

    def create(self, new: NewShop) -> Till:
        self.created.append(new)
        return self.open()

    def open_demo(self, progress: Callable[[int, int, str], None]) -> Till:
        return self.open()

    def open_training(self, live: Till) -> Till:
        assert self.practise is not None
        return self.practise(live)

    def demo_operators(self) -> Sequence[tuple[str, str, str]]:
        return ((CASHIER_NUMBER, "陳小安", PIN),)


@dataclass
class TillRig:
    """Everything a test of a screen needs."""

    path: Path
    clock: SteppingClock
    store: SqliteStore
    till: Till
    window: TillWindow
    typist: Typist
    messages: Messages
    tasks: Tasks
    opener: OpenerOfTests
    crashes: list[BaseException] = field(default_factory=list)

    def sign_on(self, number: str = CASHIER_NUMBER, *, screen: Screen = Screen.SALE) -> None:
        """This person works here; the screen is shown."""
        self.till.authority.sign_on(number, PIN)
        self.window.go_to(screen)
        QApplication.processEvents()

    @property
    def sheet(self) -> Sheet | None:
        return topmost(self.window)

    @property
    def told(self) -> list[str]:
        """The keys of what the operator was told."""
        return [message.key for message in self.messages.history]

    def sales(self) -> int:
        """How many tickets there are."""
        return len(
            [each for each in self.store.journal.newest(500) if each.header.kind.value in ("sale", "return")]
        )


def make_store(path: Path, clock: SteppingClock, ids: Uuid7Source) -> SqliteStore:
    store = create_store(path, KEY, store_code="01", till_code="1", clock=clock, ids=ids)
    with store.begin() as work:
        for key, value in shop_to_settings(ShopSettings(name="好日子選物店")).items():
            work.put_setting(key, value)
        goods = a_few_goods(ids)
        work.put_items(goods, changed_at=clock.now_ms(), prices_from=0)
        work.put_tiles(
            [
                Tile(0, index, item.id, item.name[:6], colour)
                for index, (item, colour) in enumerate(
                    zip(goods, ("green", "blue", "slate", "amber", "rose", "violet"), strict=False)
                )
            ]
        )
        for member in a_few_members(ids):
            work.add_member(member, created_at=clock.now_ms(), operator_id=None)
        work.commit()
    return store


def wire(store: SqliteStore, clock: SteppingClock, ids: Uuid7Source, *, is_training: bool = False) -> Till:
    """Every service over the store, as the composition root does it."""
    session = Session(
        load_shop(store.desk.settings()), shift=store.desk.current_shift(), is_training=is_training
    )
    spool = QuietSpool()
    points = PointsDesk(store, session, ids, clock)
    receipts = ReceiptBuilder(session, store)
    loyalty = wire_loyalty(store, session, clock, ids, points)
    consents = ConsentDesk(store, session, clock, ids)
    guard = GuardDesk(store, store.guard, session, clock)
    enrolment = EnrolmentDesk(store, session, clock, points.rulebook, consents)
    parts = (enrolment, *loyalty.parts)
    rights = CounterRights(store, loyalty.coupons, loyalty.stamps, loyalty.tiers, session.shop.currency)
    inactivity = InactivityDesk(store, clock, points.rulebook)
    jobs = jobs_of(ExpiryDesk(store, clock, ids), inactivity, loyalty.tiers, loyalty.office, guard)
    places = SegmentPlaces()
    loyalty.paper.segment_of = places.of
    return Till(
        store=store,
        clock=clock,
        ids=ids,
        session=session,
        authority=Authority(store, session, clock, ids, pepper=PEPPER, cost=CHEAP),
        checkout=Checkout(
            store,
            session,
            clock,
            ids,
            label_rules=DEFAULT_LABEL_RULES,
            price_levels=points.rulebook.price_levels,
        ),
        completion=Completion(store, session, clock, points, receipts, spool, parts, loyalty.paper),
        returns=ReturnDesk(store, session),
        post_void=PostVoid(store, session, clock, ids, points, receipts, spool, loyalty.parts, loyalty.paper),
        shifts=TillSession(store, session, clock, ids, spool),
        control=ControlDesk(store, session, clock, ids, spool),
        printing=PrintDesk(store, session, clock, spool),
        receipts=receipts,
        points=points,
        membership=MembershipDesk(store, session, clock, ids),
        coupons=loyalty.coupons,
        coupon_office=loyalty.office,
        stamps=loyalty.stamps,
        value=loyalty.value,
        consents=consents,
        enrolment=enrolment,
        merges=MergeDesk(store, session, clock),
        privacy=PrivacyDesk(store, session, clock, ids),
        portraits=PortraitDesk(store, session, clock, rights),
        events=MemberEvents(store, session, clock, ids),
        rules=RuleDesk(store, session, clock, points.rulebook),
        bonuses=BonusDesk(store, session, clock, points.rulebook),
        gifts=loyalty.gifts,
        tiers=loyalty.tiers,
        guard=guard,
        daily=DailyJobs(store, session, jobs),
        what_if=WhatIf(store, session, clock, points.rulebook),
        summary=SummaryDesk(store, session, clock, store.days, points.rulebook),
        insight=(insight := InsightDesk(store, session, clock, store.insight, store.days)),
        summary_paper=SummaryPaper(store, session, clock, spool),
        segments=(segments := SegmentDesk(store, session, clock, ids, insight)),
        segment_keeper=SegmentKeeper(store, session, clock, ids, places),
        campaigns=CampaignDesk(store, session, clock, ids, insight, segments),
        work_list=WorkListDesk(store, session, clock, store.work_rows, insight, guard),
        call_list=CallListDesk(store, session, clock, spool),
        spool=spool,
        close=store.close,
    )


def open_rig(
    qtbot: QtBot,
    folder: Path,
    *,
    promotions: tuple[Promotion, ...] = (),
    executor: Executor | None = None,
    size: tuple[int, int] = (1280, 800),
    has_shift: bool = True,
) -> TillRig:
    clock = SteppingClock()
    numbers = iter(range(1, 10**9))
    ids = Uuid7Source(clock.now_ms, lambda bits: next(numbers) * 2654435761 % (1 << bits))
    path = folder / "till.db"
    if path.exists():
        store = open_store(path, KEY, clock, ids)
        till = wire(store, clock, ids)
    else:
        store = make_store(path, clock, ids)
        if promotions:
            with store.begin() as work:
                work.put_promotions(promotions, changed_at=clock.now_ms())
                work.commit()
        till = wire(store, clock, ids)
        _let_people_in(till, ids, has_shift=has_shift)
    return show(qtbot, path, clock, store, till, executor=executor, size=size)


def show(
    qtbot: QtBot,
    path: Path,
    clock: SteppingClock,
    store: SqliteStore,
    till: Till,
    *,
    executor: Executor | None = None,
    size: tuple[int, int] = (1280, 800),
) -> TillRig:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    messages = Messages(clock)
    crashes: list[BaseException] = []
    runs = executor or SynchronousExecutor()

    def show_refused(error: TillError) -> None:
        messages.refused(error)

    tasks = Tasks(on_refused=show_refused, on_crash=crashes.append, store=runs, pool=runs)
    hotkeys = Hotkeys(application, keys.from_setting(store.desk.setting(keys.SETTING)))
    scanner = ScanCatcher(application)
    opener = OpenerOfTests()
    window = TillWindow(opener, tasks=tasks, messages=messages, hotkeys=hotkeys, scanner=scanner)
    window.resize(*size)
    window.use_till(till)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window, timeout=PATIENCE_MS)
    return TillRig(
        path, clock, store, till, window, Typist(window, scanner), messages, tasks, opener, crashes
    )


def close_rig(opened: TillRig) -> None:
    opened.window.context.hotkeys.stop()
    opened.typist._scanner.stop()  # type: ignore[union-attr]
    opened.window.close()
    opened.tasks.close()
    opened.window.till.close()
    # Now, not when the event loop comes round to it: a window that lives on makes every later change of the look slower.
    shiboken6.delete(opened.window)
    assert not opened.crashes, opened.crashes


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    """A till with an open shift and nobody signed on."""
    opened = open_rig(qtbot, tmp_path)
    yield opened
    close_rig(opened)


def a_few_goods(ids: Uuid7Source) -> list[ItemRecord]:
    def new() -> ItemId:
        return ItemId(UUID(int=ids().int))

    return [
        ItemRecord(new(), "TEA", "阿里山高山烏龍茶 150g", 380, 350, barcodes=(TEA,)),
        ItemRecord(new(), "SOAP", "手工皂", 99, barcodes=(SOAP,)),
        ItemRecord(new(), BAG, "購物袋", 3, earns_points=False, is_discountable=False),
        ItemRecord(new(), "RICE", "池上米", 120, unit=Unit.KILOGRAM, tax_class=TaxClass.EXEMPT, plu=RICE_PLU),
        ItemRecord(new(), "WORK", "手作代工費", 0, is_open_price=True),
        ItemRecord(new(), "MILK", "林鳳營鮮乳 936ml", 95, barcodes=("4710000000021",)),
    ]


def a_few_members(ids: Uuid7Source) -> list[Member]:
    return [
        Member(MemberId(ids()), E164, "王大明"),
        Member(MemberId(ids()), "+886912345687", "林美華"),
        Member(MemberId(ids()), "+886933222111", ""),
    ]


def _let_people_in(till: Till, ids: Uuid7Source, *, has_shift: bool) -> None:
    people = (
        (OWNER_NUMBER, "王美玲", Role.OWNER, ""),
        (SUPERVISOR_NUMBER, "張文彬", Role.SUPERVISOR, SUPERVISOR_BADGE),
        (CASHIER_NUMBER, "陳小安", Role.CASHIER, ""),
    )
    for number, name, role, badge in people:
        till.authority.add_operator(Operator(OperatorId(ids()), number, name, role), PIN, badge)
    if has_shift:
        till.authority.sign_on(OWNER_NUMBER, PIN)
        till.shifts.open_shift(Money(3000, TWD))
        till.authority.sign_off()
