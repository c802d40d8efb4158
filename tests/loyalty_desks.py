"""The desks of coupons and stamp cards over one store, as the composition root makes them."""

from __future__ import annotations

from dataclasses import dataclass

from app.service.coupon_desk import CouponDesk
from app.service.coupon_office import CouponOffice
from app.service.coupon_part import CouponPart
from app.service.loyalty_paper import LoyaltyPaper
from app.service.ports import Clock, IdSource, Store
from app.service.sale_parts import SalePart
from app.service.session import Session
from app.service.stamp_desk import StampDesk
from app.service.stamp_part import StampPart


@dataclass(frozen=True)
class LoyaltyDesks:
    coupons: CouponDesk
    office: CouponOffice
    stamps: StampDesk
    parts: tuple[SalePart, ...]
    paper: LoyaltyPaper


def wire_loyalty(store: Store, session: Session, clock: Clock, ids: IdSource) -> LoyaltyDesks:
    coupons = CouponDesk(store, session, clock, ids)
    office = CouponOffice(store, session, clock, ids, coupons)
    stamps = StampDesk(store, session, clock)
    return LoyaltyDesks(
        coupons=coupons,
        office=office,
        stamps=stamps,
        parts=(CouponPart(coupons, office, clock, ids), StampPart(stamps, session, ids)),
        paper=LoyaltyPaper(store, session, clock, coupons, office, stamps),
    )
