"""One till: an open database and every service over it. The screens know this, and nothing below it.

A service is imported by whoever makes it, never here: a till that starts shows its first screen before it loads what sells.

A :class:`TillOpener` (made by the composition root) brings tills into being: the shop's own, the demo shop, and practice tills over a file
of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.service.session import Session
from app.service.shop import ShopSettings, load_limits, load_shop, shop_to_settings

if TYPE_CHECKING:
    from app.domain.authority import Role
    from app.domain.basket import Basket
    from app.service.authority import Authority
    from app.service.bonus_desk import BonusDesk
    from app.service.call_list import CallListDesk
    from app.service.campaigns import CampaignDesk
    from app.service.checkout import Checkout
    from app.service.completion import Completion
    from app.service.control import ControlDesk
    from app.service.coupon_desk import CouponDesk
    from app.service.coupon_office import CouponOffice
    from app.service.daily_jobs import DailyJobs
    from app.service.devices import DeviceDesk
    from app.service.enrolment import EnrolmentDesk
    from app.service.exchange_ports import Exchange
    from app.service.gift_desk import GiftDesk
    from app.service.guard import GuardDesk
    from app.service.insight_desk import InsightDesk
    from app.service.keeping import Keeper
    from app.service.member_events import MemberEvents
    from app.service.membership import MembershipDesk
    from app.service.membership_consent import ConsentDesk
    from app.service.membership_merge import MergeDesk
    from app.service.points_desk import PointsDesk
    from app.service.portrait import PortraitDesk
    from app.service.ports import Clock, IdSource, Spool, Store
    from app.service.post_void import PostVoid
    from app.service.printing import PrintDesk
    from app.service.privacy import PrivacyDesk
    from app.service.receipts import ReceiptBuilder
    from app.service.return_desk import ReturnDesk
    from app.service.rules import RuleDesk
    from app.service.segment_keeper import SegmentKeeper
    from app.service.segments import SegmentDesk
    from app.service.stamp_desk import StampDesk
    from app.service.summary import SummaryDesk
    from app.service.summary_paper import SummaryPaper
    from app.service.sync_ports import SyncAgent
    from app.service.tier_desk import TierDesk
    from app.service.till_session import TillSession
    from app.service.value_desk import ValueDesk
    from app.service.what_if import WhatIf
    from app.service.work_list import WorkListDesk


@dataclass(frozen=True, slots=True)
class Practice:
    """What a practice till goes back to. ``began_at`` is UTC milliseconds of the practice till's own clock."""

    live: Till
    began_at: int


@dataclass(slots=True)
class Till:
    """Every service over one open database. Close it once.

    ``sync`` speaks with the central server; a practice till, and one that can have no server, has none. The window starts it, ``close``
    stops it. ``exchange`` is the screens' own view of that talk, for the store's worker; the agent has another one for its thread.
    """

    store: Store
    clock: Clock
    ids: IdSource
    session: Session
    authority: Authority
    checkout: Checkout
    completion: Completion
    returns: ReturnDesk
    post_void: PostVoid
    shifts: TillSession
    control: ControlDesk
    printing: PrintDesk
    receipts: ReceiptBuilder
    points: PointsDesk
    membership: MembershipDesk
    consents: ConsentDesk
    enrolment: EnrolmentDesk
    merges: MergeDesk
    privacy: PrivacyDesk
    portraits: PortraitDesk
    events: MemberEvents
    coupons: CouponDesk
    coupon_office: CouponOffice
    stamps: StampDesk
    value: ValueDesk
    rules: RuleDesk
    bonuses: BonusDesk
    gifts: GiftDesk
    tiers: TierDesk
    guard: GuardDesk
    daily: DailyJobs
    what_if: WhatIf
    summary: SummaryDesk
    insight: InsightDesk
    summary_paper: SummaryPaper
    segments: SegmentDesk
    segment_keeper: SegmentKeeper
    campaigns: CampaignDesk
    work_list: WorkListDesk
    call_list: CallListDesk
    spool: Spool
    close: Callable[[], None]
    keeper: Keeper | None = None
    devices: DeviceDesk | None = None
    sync: SyncAgent | None = None
    exchange: Exchange | None = None
    practice: Practice | None = None

    @property
    def shop(self) -> ShopSettings:
        return self.session.shop

    @property
    def has_basket(self) -> bool:
        """Whether a customer's goods stand in the till."""
        return not self.checkout.basket.is_empty

    def make_all(self) -> Iterator[None]:
        """Make what is not made yet, a little at each step: a till that was made whole has nothing to do."""
        yield from ()

    def save_draft(self, basket: Basket) -> None:
        """Keep the basket as it stands, so that a crash loses nothing. Runs on the store's worker."""
        from app.service.holding import body_of

        with self.store.begin() as work:
            work.save_draft(None if basket.is_empty and basket.member is None else body_of(basket))
            work.commit()

    def restore_draft(self) -> bool:
        """Bring back the basket that was open when the till went down; True when there was one. A basket in the till stays."""
        body = self.store.desk.draft()
        if body is None or self.has_basket:
            return False
        from app.service.holding import basket_of

        self.checkout.resume(basket_of(body))
        return True

    def save_shop(self, shop: ShopSettings) -> None:
        """Change the shop's settings; the services see them at once."""
        before = shop_to_settings(self.session.shop)
        with self.store.begin() as work:
            for key, value in shop_to_settings(shop).items():
                if before[key] != value:
                    work.put_setting(key, value)
            work.commit()
        self.session.shop = shop

    def reload(self) -> None:
        """Read what the store knows: settings, limits, the open shift."""
        settings = self.store.desk.settings()
        self.session.shop = load_shop(settings)
        self.session.limits = load_limits(settings)
        self.session.shift = self.store.desk.current_shift()


@dataclass(frozen=True, slots=True)
class NewOperator:
    """An operator to be made at set-up. ``pin`` is six digits."""

    number: str
    name: str
    role: Role
    pin: str


@dataclass(frozen=True, slots=True)
class NewShop:
    """The answers of the first-run set-up. ``key_source``: keyring, passphrase or file (app.credentials).

    ``with_demo_goods``: the shop starts with the demo shop's goods and quick keys, and nothing else of it.
    """

    shop: ShopSettings
    operators: tuple[NewOperator, ...]
    key_source: str
    passphrase: str = ""
    goods_file: Path | None = None
    with_demo_goods: bool = False


class TillOpener(Protocol):
    """Brings tills into being. ``progress(done, total, text)`` is called from the calling thread."""

    @property
    def is_set_up(self) -> bool:
        """Whether this data folder holds a shop of its own."""
        ...

    def has_keyring(self) -> bool:
        """Whether the system's key store works; asked once, before the set-up."""
        ...

    def needs_passphrase(self) -> bool: ...
    def open(self, passphrase: str = "") -> Till: ...
    def create(self, new: NewShop) -> Till: ...
    def open_demo(self, progress: Callable[[int, int, str], None]) -> Till: ...
    def open_training(self, live: Till) -> Till:
        """A practice till with the same goods, prices and people, over a file of its own."""
        ...

    def demo_operators(self) -> Sequence[tuple[str, str, str]]:
        """(number, name, PIN) of the demo shop, shown on its sign-on screen."""
        ...
