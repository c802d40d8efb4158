"""What the shop of every universe sells and promises: the same goods at every till, a few kinds of coupon, one stamp card, one gift."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from app.domain.ids import ItemId
from app.domain.item import ItemRecord, TaxClass
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.points_rules import Bonus, BonusKind, Burn, PointsRules, Rate
from app.domain.loyalty.stamps import StampCard, StampRules
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.value_rules import TopUpStep, ValueRules

PRICES: Final = {"TEA": 380, "SOAP": 99, "BAG": 3, "HONEY": 250, "RICE": 120}
SKUS: Final = tuple(PRICES)
COUPON_KEY: Final = bytes(range(100, 132))
GIFT: Final = "MUG"
COUPONS: Final = ("FORTY", "TENTH")

POINTS: Final = PointsRules(
    base=Rate(30, 1), burn=Burn(1), bonuses=(Bonus(BonusKind.WELCOME, 30),), expires=Term(TermKind.DAYS, 60)
)
COUPON_RULES: Final = CouponRules(
    templates=(
        CouponTerms("FORTY", "折四十", Benefit(BenefitKind.AMOUNT, 40), is_alone=False),
        CouponTerms("TENTH", "九折券", Benefit(BenefitKind.PERCENT, 1_000), is_alone=False, uses_max=2),
    )
)
STAMPS: Final = StampRules(
    (
        StampCard(
            "CARD", "集點卡", 4, Benefit(BenefitKind.PERCENT, 10_000, pieces_max=1, is_cheapest_first=True)
        ),
    )
)
GIFTS: Final = GiftRules((Gift(GIFT, "馬克杯", 60),))
VALUE: Final = ValueRules(steps=(TopUpStep(1_000, bonus=100),))


def item_id(sku: str) -> ItemId:
    """The same at every till."""
    return ItemId(UUID(int=0x7 << 76 | 0b10 << 62 | (SKUS.index(sku) + 1)))


def goods(raised_by: int = 0) -> tuple[ItemRecord, ...]:
    """The list of goods, at prices that the office has ``raised_by`` so much."""
    return tuple(
        ItemRecord(
            item_id(sku),
            sku,
            sku.title(),
            price + raised_by,
            price - price // 10 + raised_by,
            tax_class=TaxClass.EXEMPT if sku == "RICE" else TaxClass.TAXABLE,
            earns_points=sku != "BAG",
        )
        for sku, price in PRICES.items()
    )
