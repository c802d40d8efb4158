"""What a coupon or a full stamp card gives: on which goods, from what amount, at what time, to whom.

A benefit is a rule, never a result. What it takes off a basket is :mod:`app.domain.pricing_benefits`' answer, and it never takes more than
the goods cost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.ids import CategoryId, ItemId, MemberId
from app.domain.item import Item
from app.domain.member import Member
from app.domain.promotion import DAY_MINUTES, PERCENT_WHOLE, VALUE_MAX
from app.domain.promotion_book import LocalMoment

PIECES_MAX: Final = 99


@dataclass(frozen=True, slots=True)
class Covers:
    """Items named, items in the categories named (anywhere below them), or everything when both are empty; never the excluded ones."""

    item_ids: frozenset[ItemId] = frozenset()
    category_ids: frozenset[CategoryId] = frozenset()
    excluded_item_ids: frozenset[ItemId] = frozenset()

    @property
    def is_everything(self) -> bool:
        return not self.item_ids and not self.category_ids and not self.excluded_item_ids

    def has(self, item_id: ItemId, categories: tuple[CategoryId, ...]) -> bool:
        """``categories`` are those the item lies in."""
        if item_id in self.excluded_item_ids:
            return False
        if not self.item_ids and not self.category_ids:
            return True
        return item_id in self.item_ids or not self.category_ids.isdisjoint(categories)

    def has_item(self, item: Item) -> bool:
        return self.has(item.id, item.category_path)


EVERYTHING: Final = Covers()


class BenefitKind(StrEnum):
    """What it gives; the value beside it is hundredths of a percent or minor units."""

    PERCENT = "percent"  # this share off
    AMOUNT = "amount"  # this much off all that is covered together
    PRICE = "price"  # every covered piece costs this
    GIFT = "gift"  # one piece of the gift item, which the checkout puts into the basket
    TEXT = "text"  # nothing off: a promise in the shop's own words (免運)


RANK: Final = (
    BenefitKind.GIFT,
    BenefitKind.PRICE,
    BenefitKind.PERCENT,
    BenefitKind.AMOUNT,
    BenefitKind.TEXT,
)
"""The order in which several of them are taken off, whatever the order in which they were scanned."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """``minimum`` is what the covered goods must cost after promotions and before any coupon; ``off_max`` is the most it takes off.

    ``pieces_max`` limits it to so many pieces, the dearest ones, or the cheapest with ``is_cheapest_first``. 0 always means no limit.
    Without ``with_promotions`` goods that already have a promotion take no part.
    """

    kind: BenefitKind
    value: int = 0
    covers: Covers = EVERYTHING
    minimum: int = 0
    off_max: int = 0
    pieces_max: int = 0
    is_cheapest_first: bool = False
    with_promotions: bool = True
    gift_id: ItemId | None = None

    def __post_init__(self) -> None:
        assert 0 <= self.value <= VALUE_MAX
        assert 0 <= self.minimum <= VALUE_MAX
        assert 0 <= self.off_max <= VALUE_MAX
        assert 0 <= self.pieces_max <= PIECES_MAX
        assert self.kind is not BenefitKind.PERCENT or 1 <= self.value <= PERCENT_WHOLE
        assert self.kind is not BenefitKind.AMOUNT or self.value >= 1
        assert self.kind in (BenefitKind.PERCENT, BenefitKind.PRICE) or not self.pieces_max
        assert (self.gift_id is not None) == (self.kind is BenefitKind.GIFT)


@dataclass(frozen=True, slots=True)
class Window:
    """When it may be used: from ``starts_on`` to ``ends_on``, both included, on these weekdays (0 is Monday; none: all), in these hours.

    Days are business dates. Hours are minutes of the wall clock's day, the end not included; a start later than the end passes midnight.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    weekdays: frozenset[int] = frozenset()
    time_from: int | None = None
    time_to: int | None = None

    def __post_init__(self) -> None:
        assert all(0 <= day <= 6 for day in self.weekdays)
        assert (self.time_from is None) == (self.time_to is None)
        if self.time_from is not None and self.time_to is not None:
            assert 0 <= self.time_from < DAY_MINUTES
            assert 0 <= self.time_to <= DAY_MINUTES
            assert self.time_from != self.time_to, "a whole day names no hours"

    def why_closed(self, moment: LocalMoment) -> str:
        """The code of the reason why it may not be used at this moment, or ``""``."""
        day = moment.business_date
        if self.starts_on is not None and day < self.starts_on:
            return "coupon_not_yet"
        if self.ends_on is not None and day > self.ends_on:
            return "coupon_expired"
        if self.time_from is not None and self.time_to is not None:
            day, minute = moment.calendar_date, moment.minute_of_day
            passes_midnight = self.time_from > self.time_to
            is_open = self.time_from <= minute < self.time_to
            if passes_midnight:
                is_open = minute >= self.time_from or minute < self.time_to
                day -= timedelta(days=1 if minute < self.time_to else 0)
            if not is_open:
                return "coupon_not_at_this_hour"
        return "coupon_not_today" if self.weekdays and day.weekday() not in self.weekdays else ""


ALWAYS: Final = Window()


@dataclass(frozen=True, slots=True)
class Token:
    """A benefit laid on the counter. ``source`` names it on the lines it takes something off; ``label`` is what customers read.

    ``holder`` is the only member who may use it; ``tiers`` the only tiers (none: everyone). Alone it goes with no other coupon.
    """

    source: str
    label: str
    benefit: Benefit
    window: Window = ALWAYS
    holder: MemberId | None = None
    tiers: frozenset[str] = field(default=frozenset())
    is_alone: bool = False

    def why_not(self, moment: LocalMoment, member: Member | None) -> str:
        """The code of the reason why this customer may not use it now, whatever is in the basket, or ``""``."""
        closed = self.window.why_closed(moment)
        if closed:
            return closed
        if (self.holder is not None or self.tiers) and member is None:
            return "coupon_needs_member"
        if member is not None and self.holder is not None and member.id != self.holder:
            return "coupon_of_other_member"
        if member is not None and self.tiers and member.tier not in self.tiers:
            return "coupon_not_for_tier"
        return ""

    def fields(self, why_not: str) -> dict[str, object]:
        """What the sentence of this reason tells."""
        match why_not:
            case "coupon_expired":
                return {"day": self.window.ends_on}
            case "coupon_not_yet":
                return {"day": self.window.starts_on}
            case _:
                return {}


def in_order(tokens: tuple[Token, ...]) -> list[Token]:
    """As they are taken off: gifts and prices, then percents (those on single pieces first), then amounts."""
    return sorted(
        tokens,
        key=lambda token: (
            RANK.index(token.benefit.kind),
            token.benefit.pieces_max == 0,
            token.source,
        ),
    )
