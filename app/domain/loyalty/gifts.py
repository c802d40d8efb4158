"""The reward catalogue: things that are had for points.

A gift is paid in points alone and earns none. What was taken is kept under the name and price of that day, so that it can be given back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.errors import Refused
from app.domain.ids import ItemId
from app.domain.loyalty.points_rules import POINTS_MAX

GIFTS_MAX: Final = 500
PIECES_MAX: Final = 99


@dataclass(frozen=True, slots=True)
class Gift:
    """``item_id``: the good that is handed out. ``stock`` is how many there are to give (None: no limit).

    ``tiers``: only for these (empty: for every member).
    """

    code: str
    name: str
    points: int
    item_id: ItemId | None = None
    stock: int | None = None
    tiers: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        assert self.code
        assert self.name
        assert 0 < self.points <= POINTS_MAX
        assert self.stock is None or self.stock >= 0

    def is_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )

    def is_for(self, tier: str) -> bool:
        return not self.tiers or tier in self.tiers


@dataclass(frozen=True, slots=True)
class GiftRules:
    gifts: tuple[Gift, ...] = ()

    def __post_init__(self) -> None:
        assert len(self.gifts) <= GIFTS_MAX
        assert len({gift.code for gift in self.gifts}) == len(self.gifts)

    def gift(self, code: str) -> Gift | None:
        return next((gift for gift in self.gifts if gift.code == code), None)


NO_GIFTS: Final = GiftRules()


@dataclass(frozen=True, slots=True)
class GiftOffer:
    """A gift as it stands for one member: ``missing`` points (0: it can be had), ``left`` of the stock (None: no limit)."""

    gift: Gift
    missing: int
    left: int | None

    @property
    def can_be_had(self) -> bool:
        return self.missing == 0 and self.left != 0


def offers(
    rules: GiftRules, *, spendable: int, tier: str, on: date, taken: Iterable[tuple[str, int]] = ()
) -> tuple[GiftOffer, ...]:
    """Every gift of the day that this member may have, the cheapest first."""
    gone = dict(taken)
    found = [
        GiftOffer(
            gift,
            max(0, gift.points - max(0, spendable)),
            None if gift.stock is None else max(0, gift.stock - gone.get(gift.code, 0)),
        )
        for gift in rules.gifts
        if gift.is_on(on) and gift.is_for(tier)
    ]
    return tuple(sorted(found, key=lambda offer: (offer.gift.points, offer.gift.code)))


def check_gift(
    rules: GiftRules, code: str, pieces: int, *, spendable: int, tier: str, on: date, taken: int
) -> Gift:
    """The gift, when so many may be had now.

    Raises Refused: "gift_unknown", "gift_pieces", "gift_not_today", "gift_not_for_tier", "gift_gone", "gift_points_missing".
    """
    gift = rules.gift(code)
    if gift is None:
        raise Refused("gift_unknown", code=code)
    if not 1 <= pieces <= PIECES_MAX:
        raise Refused("gift_pieces", pieces_max=PIECES_MAX)
    if not gift.is_on(on):
        raise Refused("gift_not_today", name=gift.name)
    if not gift.is_for(tier):
        raise Refused("gift_not_for_tier", name=gift.name)
    if gift.stock is not None and taken + pieces > gift.stock:
        raise Refused("gift_gone", name=gift.name, left=max(0, gift.stock - taken))
    if gift.points * pieces > spendable:
        raise Refused("gift_points_missing", name=gift.name, missing=gift.points * pieces - spendable)
    return gift
