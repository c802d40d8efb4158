"""Figures out of sums: plain functions, each a line of arithmetic that a person can follow with a pencil.

Every rounding is half away from zero, to a whole minor unit or a hundredth of a percent, and only where something is divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.ledger import EntryKind
from app.domain.loyalty.coupon import CouponEventKind
from app.domain.loyalty.stamps import StampEventKind
from app.domain.loyalty.value import ValueEntryKind
from app.domain.money import round_half_up
from app.service.summary_members import Came
from app.service.summary_ports import Owed, Sums
from app.service.summary_values import UNITS, Key, Unit

SHARE_WHOLE = 10_000

_ISSUED = (EntryKind.ACCRUAL, EntryKind.ACCRUAL_REVERSAL, EntryKind.BONUS)
_USED = (EntryKind.REDEMPTION, EntryKind.REDEMPTION_REVERSAL, EntryKind.GIFT)
# What is owed stands at the end of a day; it is not added over days.
STANDS: frozenset[Key] = frozenset((Key.POINTS_OWED, Key.POINTS_OWED_MONEY, Key.VALUE_OWED))


@dataclass(frozen=True, slots=True)
class Totals:
    """Several dates as one: the sums by (figure, key), on how many open days, and who came."""

    sums: Sums = field(default_factory=dict)
    days: int = 0
    came: Came | None = None

    def count(self, figure: str, key: str = "") -> int:
        return self.sums.get((figure, key), (0, 0))[0]

    def amount(self, figure: str, key: str = "") -> int:
        return self.sums.get((figure, key), (0, 0))[1]

    def under(self, figure: str) -> dict[str, tuple[int, int]]:
        """Every key of a figure."""
        return {key: pair for (name, key), pair in self.sums.items() if name == figure}


def figures(totals: Totals) -> dict[Key, int | None]:
    """Every figure of these dates but those of what is owed."""
    return {**_money(totals), **_people(totals), **_loyalty(totals)}


def owed_figures(owed: Owed, point_minor: int, per_points: int) -> dict[Key, int | None]:
    """``per_points`` points are worth ``point_minor``; 0: they are not spent as money."""
    worth = None
    if point_minor:
        worth = round_half_up(owed.points * point_minor, per_points)
    return {
        Key.POINTS_OWED: owed.points,
        Key.POINTS_OWED_MONEY: worth,
        Key.VALUE_OWED: owed.value_paid_minor + owed.value_bonus_minor,
    }


def average_of(value: int | None, key: Key, days: int, times: int) -> int | None:
    """Of a sum over ``days`` open days, what ``times`` of them would be; a share or an average stays what it is."""
    if value is None or not days:
        return None
    if key in _RATIOS:
        return value
    return round_half_up(value * times, days)


def _money(totals: Totals) -> dict[Key, int | None]:
    tickets, ticket_minor = totals.count("tickets"), totals.amount("tickets")
    members, member_minor = totals.count("member_tickets"), totals.amount("member_tickets")
    walk_in, walk_in_minor = tickets - members, ticket_minor - member_minor
    sales, returns, voids = (totals.amount(name) for name in ("sales", "returns", "voids"))
    return {
        Key.NET: sales + returns + voids,
        Key.SALES: sales,
        Key.RETURNS: returns,
        Key.VOIDS: voids,
        Key.TICKETS: tickets,
        Key.AVERAGE_TICKET: divided(ticket_minor, tickets),
        Key.MEMBER_NET: member_minor,
        Key.MEMBER_SHARE: share(member_minor, ticket_minor),
        Key.MEMBER_TICKETS: members,
        Key.MEMBER_AVERAGE: divided(member_minor, members),
        Key.WALK_IN_NET: walk_in_minor,
        Key.WALK_IN_TICKETS: walk_in,
        Key.WALK_IN_AVERAGE: divided(walk_in_minor, walk_in),
        Key.DISCOUNTS: sum(minor for _, minor in totals.under("discount").values()),
        Key.TAX: totals.amount("tax"),
    }


def _people(totals: Totals) -> dict[Key, int | None]:
    came = totals.came
    sign_ups = totals.count("sign_ups")
    walk_in = totals.count("tickets") - totals.count("member_tickets")
    return {
        Key.MEMBERS: None if came is None else came.all,
        Key.MEMBERS_NEW: None if came is None else came.new,
        Key.MEMBERS_RETURNING: None if came is None else came.returning,
        Key.MEMBERS_BACK: None if came is None else came.back,
        Key.SIGN_UPS: sign_ups,
        Key.SIGN_UP_RATE: share(sign_ups, sign_ups + walk_in),
    }


def _loyalty(totals: Totals) -> dict[Key, int | None]:
    points, coupons, stamps, value = (totals.under(name) for name in ("points", "coupon", "stamp", "value"))

    def amounts(found: Mapping[str, tuple[int, int]], *kinds: str) -> int:
        return sum(found.get(kind, (0, 0))[1] for kind in kinds)

    def counts(found: Mapping[str, tuple[int, int]], kind: str) -> int:
        return found.get(kind, (0, 0))[0]

    redeemed, restored = CouponEventKind.REDEEMED, CouponEventKind.RESTORED
    spent = sum(
        minor
        for key, (_, minor) in value.items()
        if key.partition("/")[0] in (ValueEntryKind.SPEND, ValueEntryKind.SPEND_REVERSAL)
    )
    return {
        Key.POINTS_ISSUED: amounts(points, *_ISSUED),
        Key.POINTS_USED: -amounts(points, *_USED),
        Key.POINTS_EXPIRED: -amounts(points, EntryKind.EXPIRY),
        Key.POINTS_ADJUSTED: amounts(points, EntryKind.ADJUSTMENT),
        Key.COUPONS_USED: counts(coupons, redeemed) - counts(coupons, restored),
        Key.COUPONS_MONEY: amounts(coupons, redeemed) - amounts(coupons, restored),
        Key.COUPONS_ISSUED: sum(count for count, _ in totals.under("coupon_issued").values()),
        Key.STAMPS_GIVEN: amounts(stamps, StampEventKind.EARNED, StampEventKind.TAKEN_BACK),
        Key.STAMPS_USED: -amounts(stamps, StampEventKind.REDEEMED, StampEventKind.RESTORED),
        Key.VALUE_SOLD: totals.amount("value_sold"),
        Key.VALUE_REFUNDED: totals.amount("value_refunded"),
        Key.VALUE_SPENT: -spent,
    }


def divided(minor: int, count: int) -> int | None:
    return round_half_up(minor, count) if count > 0 else None


def share(part: int, whole: int) -> int | None:
    """In hundredths of a percent."""
    return round_half_up(part * SHARE_WHOLE, whole) if whole > 0 else None


_RATIOS: frozenset[Key] = frozenset((Key.AVERAGE_TICKET, Key.MEMBER_AVERAGE, Key.WALK_IN_AVERAGE)) | {
    key for key, unit in UNITS.items() if unit is Unit.SHARE
}
