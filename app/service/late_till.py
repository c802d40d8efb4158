"""The till as it starts: each service is imported and made when it is first asked for, and from then on is the same one.

The first screen needs none of what sells; whoever painted it calls :meth:`LateTill.make_all` in the pause before somebody has signed on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from app.service.till import Till

if TYPE_CHECKING:
    from app.domain.barcode import LabelRule
    from app.domain.ids import MemberId
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
    from app.service.loyalty_paper import LoyaltyPaper
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
    from app.service.sale_parts import SalePart
    from app.service.segment_keeper import SegmentKeeper
    from app.service.segment_places import SegmentPlaces
    from app.service.segments import SegmentDesk
    from app.service.session import Session
    from app.service.stamp_desk import StampDesk
    from app.service.summary import SummaryDesk
    from app.service.summary_paper import SummaryPaper
    from app.service.sync_ports import SyncAgent
    from app.service.tier_desk import TierDesk
    from app.service.tier_part import TierGiver
    from app.service.till_session import TillSession
    from app.service.value_desk import ValueDesk
    from app.service.what_if import WhatIf
    from app.service.work_list import WorkListDesk

REST_SECONDS: Final = 0.002

Service_co = TypeVar("Service_co", covariant=True)


class _Late(Generic[Service_co]):
    """Makes the service at the first look and leaves it in its place."""

    def __init__(self, make: Callable[[LateTill], Service_co]) -> None:
        self._make = make
        self._name = make.__name__

    def __get__(self, till: LateTill, owner: type[LateTill]) -> Service_co:
        with till.making:  # the store's worker may ask at the same moment
            if self._name not in till.__dict__:
                # Found there before this descriptor from now on.
                till.__dict__[self._name] = self._make(till)
            service: Service_co = till.__dict__[self._name]
        return service


class _Seldom(_Late[Service_co]):
    """What only the owner asks for, and what is heavy to load: not made in the pause before somebody has signed on.

    What speaks with the central server is among it: the window makes that on a worker, once the first scan can be taken.
    """


class LateTill(Till):
    """Every service over one open database.

    ``make_keeper`` makes what looks after the file, ``make_devices`` what sets up the printer, ``make_sync`` what speaks with the central
    server (not started yet: the window starts it when the first scan can be taken), ``make_exchange`` what the screens ask about the talk.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ids: IdSource,
        session: Session,
        spool: Spool,
        pepper: bytes,
        label_rules: tuple[LabelRule, ...],
        make_keeper: Callable[[], Keeper] | None,
        make_devices: Callable[[], DeviceDesk] | None = None,
        make_sync: Callable[[], SyncAgent] | None = None,
        make_exchange: Callable[[], Exchange] | None = None,
        close: Callable[[], None],
    ) -> None:
        self.store = store
        self.clock = clock
        self.ids = ids
        self.session = session
        self.spool = spool
        self.close = close
        self.practice = None
        self.making = threading.RLock()
        self._pepper = pepper
        self._label_rules = label_rules
        self._make_keeper = make_keeper
        self._make_devices = make_devices
        self._make_sync = make_sync
        self._make_exchange = make_exchange

    @property
    def has_basket(self) -> bool:
        return "checkout" in self.__dict__ and super().has_basket

    def make_all(self) -> Iterator[None]:
        """Make what is still missing, one service at each step, what the first sale needs first."""
        for name in SERVICES:
            getattr(self, name)
            yield

    @_Late
    def authority(self) -> Authority:
        from app.service.authority import Authority

        return Authority(self.store, self.session, self.clock, self.ids, pepper=self._pepper)

    @_Late
    def checkout(self) -> Checkout:
        from app.service.checkout import Checkout

        return Checkout(
            self.store,
            self.session,
            self.clock,
            self.ids,
            label_rules=self._label_rules,
            price_levels=lambda: self.points.rulebook.price_levels(),
        )

    @_Late
    def points(self) -> PointsDesk:
        from app.service.points_desk import PointsDesk

        return PointsDesk(self.store, self.session, self.ids, self.clock)

    @_Late
    def receipts(self) -> ReceiptBuilder:
        from app.service.receipts import ReceiptBuilder

        return ReceiptBuilder(self.session, self.store)

    @_Late
    def completion(self) -> Completion:
        from app.service.completion import Completion

        return Completion(
            self.store,
            self.session,
            self.clock,
            self.points,
            self.receipts,
            self.spool,
            self.sale_parts,
            self.loyalty_paper,
        )

    @_Late
    def coupons(self) -> CouponDesk:
        from app.service.coupon_desk import CouponDesk

        return CouponDesk(self.store, self.session, self.clock, self.ids)

    @_Late
    def coupon_office(self) -> CouponOffice:
        from app.service.coupon_office import CouponOffice

        return CouponOffice(self.store, self.session, self.clock, self.ids, self.coupons)

    @_Late
    def stamps(self) -> StampDesk:
        from app.service.stamp_desk import StampDesk

        return StampDesk(self.store, self.session, self.clock)

    @_Late
    def value(self) -> ValueDesk:
        from app.service.value_desk import ValueDesk

        return ValueDesk(self.store, self.session, self.clock, self.ids)

    @_Late
    def sale_parts(self) -> tuple[SalePart, ...]:
        """Whatever takes part in a sale's commit, in this order."""
        from app.service.coupon_part import CouponPart
        from app.service.gift_desk import GiftPart
        from app.service.stamp_part import StampPart
        from app.service.tier_part import TierPart
        from app.service.value_part import ValuePart

        return (
            self.enrolment,
            CouponPart(self.coupons, self.coupon_office, self.clock, self.ids),
            StampPart(self.stamps, self.session, self.ids),
            GiftPart(self.store, self.points),
            ValuePart(self.value, self.session, self.clock, self.ids),
            TierPart(self.store.tiers, self.points.rulebook, self.tier_giver),
        )

    @_Late
    def loyalty_paper(self) -> LoyaltyPaper:
        from app.service.loyalty_paper import LoyaltyPaper

        return LoyaltyPaper(
            self.store,
            self.session,
            self.clock,
            self.coupons,
            self.coupon_office,
            self.stamps,
            self.points.rulebook,
            self.segment_places.of,
        )

    @_Late
    def segment_places(self) -> SegmentPlaces:
        """The counter never waits for an analysis: until the daily work has made the table, nobody is in a segment."""
        from app.service.segment_places import SegmentPlaces

        return SegmentPlaces()

    @_Seldom
    def segment_keeper(self) -> SegmentKeeper:
        from app.service.segment_keeper import SegmentKeeper

        return SegmentKeeper(
            self.store, self.session, self.clock, self.ids, self.segment_places, _let_others_write
        )

    @_Late
    def shifts(self) -> TillSession:
        from app.service.till_session import TillSession

        return TillSession(self.store, self.session, self.clock, self.ids, self.spool)

    @_Late
    def printing(self) -> PrintDesk:
        from app.service.printing import PrintDesk

        return PrintDesk(self.store, self.session, self.clock, self.spool)

    @_Late
    def control(self) -> ControlDesk:
        from app.service.control import ControlDesk

        return ControlDesk(self.store, self.session, self.clock, self.ids, self.spool)

    @_Late
    def returns(self) -> ReturnDesk:
        from app.service.return_desk import ReturnDesk

        return ReturnDesk(self.store, self.session)

    @_Late
    def post_void(self) -> PostVoid:
        from app.service.post_void import PostVoid

        return PostVoid(
            self.store,
            self.session,
            self.clock,
            self.ids,
            self.points,
            self.receipts,
            self.spool,
            self.sale_parts,
            self.loyalty_paper,
        )

    @_Late
    def membership(self) -> MembershipDesk:
        from app.service.membership import MembershipDesk

        return MembershipDesk(self.store, self.session, self.clock, self.ids)

    @_Late
    def consents(self) -> ConsentDesk:
        from app.service.membership_consent import ConsentDesk

        return ConsentDesk(self.store, self.session, self.clock, self.ids)

    @_Late
    def enrolment(self) -> EnrolmentDesk:
        from app.service.enrolment import EnrolmentDesk

        return EnrolmentDesk(self.store, self.session, self.clock, self.points.rulebook, self.consents)

    @_Late
    def merges(self) -> MergeDesk:
        from app.service.membership_merge import MergeDesk

        return MergeDesk(self.store, self.session, self.clock)

    @_Late
    def privacy(self) -> PrivacyDesk:
        from app.service.privacy import PrivacyDesk

        return PrivacyDesk(self.store, self.session, self.clock, self.ids, in_hand=self._has_in_hand)

    @_Late
    def portraits(self) -> PortraitDesk:
        from app.service.portrait import PortraitDesk
        from app.service.portrait_rights import CounterRights

        rights = CounterRights(self.store, self.coupons, self.stamps, self.tiers, self.session.shop.currency)
        return PortraitDesk(self.store, self.session, self.clock, rights)

    @_Late
    def events(self) -> MemberEvents:
        from app.service.member_events import MemberEvents

        return MemberEvents(self.store, self.session, self.clock, self.ids)

    def _has_in_hand(self, member_id: MemberId) -> bool:
        """Whether the basket on the counter is this member's."""
        card = self.checkout.basket.member if "checkout" in self.__dict__ else None
        return card is not None and card.member.id == member_id

    @_Late
    def devices(self) -> DeviceDesk | None:
        return self._make_devices() if self._make_devices is not None else None

    @_Late
    def rules(self) -> RuleDesk:
        from app.service.rules import RuleDesk

        return RuleDesk(self.store, self.session, self.clock, self.points.rulebook)

    @_Late
    def bonuses(self) -> BonusDesk:
        from app.service.bonus_desk import BonusDesk

        return BonusDesk(self.store, self.session, self.clock, self.points.rulebook)

    @_Late
    def gifts(self) -> GiftDesk:
        from app.service.gift_desk import GiftDesk

        return GiftDesk(self.store, self.session, self.clock, self.ids, self.points)

    @_Late
    def tier_giver(self) -> TierGiver:
        from app.service.tier_part import TierGiver

        return TierGiver(self.store.tiers, self.points.rulebook, self.ids, self.coupon_office)

    @_Late
    def tiers(self) -> TierDesk:
        from app.service.tier_desk import TierDesk

        return TierDesk(self.store, self.session, self.clock, self.points.rulebook, self.tier_giver)

    @_Late
    def guard(self) -> GuardDesk:
        from app.service.guard import GuardDesk

        return GuardDesk(self.store, self.store.guard, self.session, self.clock)

    @_Late
    def daily(self) -> DailyJobs:
        from app.service.bonus_desk import InactivityDesk
        from app.service.daily_jobs import DailyJobs, jobs_of
        from app.service.expiry import ExpiryDesk

        expiry = ExpiryDesk(self.store, self.clock, self.ids)
        inactivity = InactivityDesk(self.store, self.clock, self.points.rulebook)
        jobs = jobs_of(
            expiry,
            inactivity,
            self.tiers,
            self.coupon_office,
            self.guard,
            _let_others_write,
            self.segment_keeper,
            self.value,
        )
        return DailyJobs(self.store, self.session, jobs)

    @_Late
    def what_if(self) -> WhatIf:
        from app.service.what_if import WhatIf

        return WhatIf(self.store, self.session, self.clock, self.points.rulebook)

    @_Seldom
    def insight(self) -> InsightDesk:
        from app.service.insight_desk import InsightDesk

        return InsightDesk(self.store, self.session, self.clock, self.store.insight, self.store.days)

    @_Seldom
    def segments(self) -> SegmentDesk:
        from app.service.segments import SegmentDesk

        return SegmentDesk(self.store, self.session, self.clock, self.ids, self.insight)

    @_Seldom
    def campaigns(self) -> CampaignDesk:
        from app.service.campaigns import CampaignDesk

        return CampaignDesk(self.store, self.session, self.clock, self.ids, self.insight, self.segments)

    @_Seldom
    def work_list(self) -> WorkListDesk:
        from app.service.work_list import WorkListDesk

        def coupon_name(template: str) -> str:
            terms = self.coupons.rules()[1].template(template)
            return template if terms is None else terms.name

        return WorkListDesk(
            self.store, self.session, self.clock, self.store.work_rows, self.insight, self.guard, coupon_name
        )

    @_Seldom
    def call_list(self) -> CallListDesk:
        from app.service.call_list import CallListDesk

        return CallListDesk(self.store, self.session, self.clock, self.spool)

    @_Seldom
    def summary_paper(self) -> SummaryPaper:
        from app.service.summary_paper import SummaryPaper

        return SummaryPaper(self.store, self.session, self.clock, self.spool)

    @_Seldom
    def summary(self) -> SummaryDesk:
        from app.service.summary import SummaryDesk

        return SummaryDesk(self.store, self.session, self.clock, self.store.days, self.points.rulebook)

    @_Late
    def keeper(self) -> Keeper | None:
        return self._make_keeper() if self._make_keeper is not None else None

    @_Seldom
    def sync(self) -> SyncAgent | None:
        return self._make_sync() if self._make_sync is not None else None

    @_Seldom
    def exchange(self) -> Exchange | None:
        return self._make_exchange() if self._make_exchange is not None else None


def _let_others_write() -> None:
    """Between two commits of a long job: whoever waits to sell gets the pen."""
    time.sleep(REST_SECONDS)


SERVICES = tuple(
    name for name, made in vars(LateTill).items() if isinstance(made, _Late) and not isinstance(made, _Seldom)
)
