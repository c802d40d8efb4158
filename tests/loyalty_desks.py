"""The desks of coupons, stamp cards, gifts and tiers over one store, as the composition root makes them."""

from __future__ import annotations

from dataclasses import dataclass

from app.service.coupon_desk import CouponDesk
from app.service.coupon_office import CouponOffice
from app.service.coupon_part import CouponPart
from app.service.gift_desk import GiftDesk, GiftPart
from app.service.loyalty_paper import LoyaltyPaper
from app.service.points_desk import PointsDesk
from app.service.ports import Clock, IdSource, Store
from app.service.sale_parts import SalePart
from app.service.session import Session
from app.service.stamp_desk import StampDesk
from app.service.stamp_part import StampPart
from app.service.tier_desk import TierDesk
from app.service.tier_part import TierGiver, TierPart
from app.service.value_desk import ValueDesk
from app.service.value_part import ValuePart


@dataclass(frozen=True)
class LoyaltyDesks:
    coupons: CouponDesk
    office: CouponOffice
    stamps: StampDesk
    gifts: GiftDesk
    tiers: TierDesk
    value: ValueDesk
    parts: tuple[SalePart, ...]
    paper: LoyaltyPaper


def wire_loyalty(
    store: Store, session: Session, clock: Clock, ids: IdSource, points: PointsDesk
) -> LoyaltyDesks:
    coupons = CouponDesk(store, session, clock, ids)
    office = CouponOffice(store, session, clock, ids, coupons)
    stamps = StampDesk(store, session, clock)
    value = ValueDesk(store, session, clock, ids)
    giver = TierGiver(store.tiers, points.rulebook, ids, office)
    return LoyaltyDesks(
        coupons=coupons,
        office=office,
        stamps=stamps,
        gifts=GiftDesk(store, session, clock, ids, points),
        tiers=TierDesk(store, session, clock, points.rulebook, giver),
        parts=(
            CouponPart(coupons, office, clock, ids),
            StampPart(stamps, session, ids),
            GiftPart(store, points),
            ValuePart(value, session, clock, ids),
            TierPart(store.tiers, points.rulebook, giver),
        ),
        value=value,
        paper=LoyaltyPaper(store, session, clock, coupons, office, stamps, points.rulebook),
    )
