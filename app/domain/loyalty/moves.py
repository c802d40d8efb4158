"""What a sale did to its member's coupons, stamps, stored value and gifts, as the transaction records it.

Signed as everything on a transaction is: a return carries the opposite of what it undoes. Codes name the rule; the rule's version stands
beside it, so that the sale can be explained years later.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class CouponUse:
    """One use of a coupon. ``amount`` is what it took off (positive); ``is_restored`` gives the use back (a return or void)."""

    coupon_id: UUID
    code: str
    template: str
    amount: Money
    is_restored: bool = False


@dataclass(frozen=True, slots=True)
class StampMove:
    """Stamps of one card: ``earned`` and ``spent`` are signed as points are (a return's are ≤ 0)."""

    card: str
    earned: int
    spent: int = 0


@dataclass(frozen=True, slots=True)
class ValueMove:
    """Money into (positive) or out of (negative) an account of stored value; ``bonus`` is the part that was given on top."""

    account_id: UUID
    code: str  # of a gift card, or ""
    paid: Money
    bonus: Money


@dataclass(frozen=True, slots=True)
class GiftTaken:
    """A gift of the reward catalogue, paid in points. A return's ``pieces`` and ``points`` are negative."""

    code: str
    name: str
    pieces: int
    points: int


@dataclass(frozen=True, slots=True)
class Moves:
    """All of them. ``rules`` are (area, version) of every rule set that was asked."""

    coupons: tuple[CouponUse, ...] = ()
    stamps: tuple[StampMove, ...] = ()
    value: tuple[ValueMove, ...] = ()
    gifts: tuple[GiftTaken, ...] = ()
    rules: tuple[tuple[str, int], ...] = ()


NO_MOVES = Moves()
