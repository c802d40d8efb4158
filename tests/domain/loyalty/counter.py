"""Coupons and stamp rewards for tests, made from as little as possible."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.domain.ids import MemberId
from app.domain.loyalty.coupon import BasketCoupon, Coupon, CouponId, CouponSource
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_code import typed_of
from app.domain.loyalty.coupon_terms import CouponTerms

DAY = date(2026, 10, 3)
AMOUNT_OFF = Benefit(BenefitKind.AMOUNT, 10)


def a_coupon(
    benefit: Benefit,
    number: int = 1,
    *,
    holder: MemberId | None = None,
    valid_from: date = DAY,
    valid_to: date | None = None,
    is_alone: bool = False,
    uses_max: int = 1,
    tiers: frozenset[str] = frozenset(),
    name: str = "折價券",
) -> BasketCoupon:
    """A coupon with this benefit, on the counter."""
    coupon_id = CouponId(UUID(int=number))
    terms = CouponTerms("TEST", name, benefit, uses_max=uses_max, is_alone=is_alone, tiers=tiers)
    coupon = Coupon(
        id=coupon_id,
        code=typed_of(coupon_id),
        template=terms.key,
        rule_version=1,
        issued_at=0,
        valid_from=valid_from,
        valid_to=valid_to,
        uses_max=uses_max,
        source=CouponSource.HAND,
        member_id=holder,
    )
    return BasketCoupon(coupon, terms, holder)
