"""The price level of a kind of customer: what their tier takes off the regular price, and whether member prices are theirs.

The two never add up: a piece costs whichever is less. The level is where a price starts, so that a promotion which does not stack on
the member price does not stack on a tier's either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from app.domain.item import Item
from app.domain.money import round_half_up
from app.domain.promotion import PERCENT_WHOLE

if TYPE_CHECKING:
    from app.domain.loyalty.tiers import TierRules


class PriceLevel(NamedTuple):
    """``percent_off``: hundredths of a percent off the regular price; ``name`` is the tier's that gives it."""

    has_member_price: bool = True
    percent_off: int = 0
    name: str = ""


class StartPrice(NamedTuple):
    """Minor units of one piece or kilogram. ``by_tier``: the base is what the tier's percent made of the regular price."""

    regular: int
    base: int
    by_tier: bool = False


MEMBER_LEVEL: Final = PriceLevel()
"""Of a member whose tier says nothing about prices."""
NO_LEVEL: Final = PriceLevel(has_member_price=False)
"""Of everybody else."""


def start_price(item: Item, level: PriceLevel) -> StartPrice:
    """The regular price, and the price without any promotion. The member price is shown where both come to the same.

    An item that is not discountable takes no percent from a tier; its member price is a price of its own.
    """
    regular = base = item.price.minor
    if level.has_member_price and item.member_price is not None:
        base = min(base, item.member_price.minor)
    if level.percent_off and item.is_discountable:
        by_tier = regular - round_half_up(regular * level.percent_off, PERCENT_WHOLE)
        if by_tier < base:
            return StartPrice(regular, by_tier, by_tier=True)
    return StartPrice(regular, base)


def price_levels(rules: TierRules) -> dict[str, PriceLevel]:
    """The levels of these tiers by code; empty when no tier changes a price.

    Where a tier goes without the member price, that price is a privilege of the others: who has no tier goes without it, too.
    """
    rights = {tier.code: tier.rights for tier in rules.tiers}
    is_privilege = any(not each.has_member_price for each in rights.values())
    if not is_privilege and not any(each.percent_off for each in rights.values()):
        return {}
    levels = {
        tier.code: PriceLevel(tier.rights.has_member_price, tier.rights.percent_off, tier.name)
        for tier in rules.tiers
    }
    return {"": PriceLevel(has_member_price=not is_privilege), **levels}
