"""The shop's promotions, prepared once: which of them run at a moment, whom they are for, and what they mean for one item.

Everything here is a function of the promotions' content and never of the order they came in. What a book remembers between two
baskets only saves time: it never changes an answer.

    PromotionBook ── audience(moment, member) ──> Audience ── offer(item, quantity) ──> Offer
    all promotions                                those that count now                  an item's prices under them
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.domain.ids import CategoryId, ItemId
from app.domain.item import Item
from app.domain.member import MemberCard
from app.domain.price_level import MEMBER_LEVEL, NO_LEVEL, PriceLevel, start_price
from app.domain.promotion import DAY_MINUTES, MixGroup, Promotion
from app.domain.promotion_offer import Offer, Rule, is_whole
from app.domain.quantity import ONE

OFFERS_MAX: Final = 10_000
SOLUTIONS_MAX: Final = 2_000
AUDIENCES_MAX: Final = 16
MOMENTS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """When a basket is priced: the shift's business date, and what the shop's wall clock shows.

    ``weekday`` (0 is Monday) is the wall clock's, so it may be a day ahead of the business date in the small hours.
    """

    business_date: date
    weekday: int
    minute_of_day: int

    def __post_init__(self) -> None:
        assert 0 <= self.weekday <= 6
        assert 0 <= self.minute_of_day < DAY_MINUTES

    @classmethod
    def at(cls, business_date: date, local: datetime) -> LocalMoment:
        """The moment of this wall clock within this business day."""
        return cls(business_date, local.weekday(), local.hour * 60 + local.minute)

    @property
    def calendar_date(self) -> date:
        """The wall clock's date: the first day from the business date on that is this weekday."""
        return self.business_date + timedelta(days=(self.weekday - self.business_date.weekday()) % 7)


def is_running(promotion: Promotion, moment: LocalMoment) -> bool:
    """Whether the promotion's dates, weekdays and hours hold at this moment.

    Without hours it runs on the shop's day, the business date. With hours it goes by the wall clock, and hours past midnight belong to
    the day they began on.
    """
    day = moment.business_date
    if promotion.time_from is not None and promotion.time_to is not None:
        day, minute = moment.calendar_date, moment.minute_of_day
        if promotion.time_from < promotion.time_to:
            if not promotion.time_from <= minute < promotion.time_to:
                return False
        elif minute < promotion.time_to:
            day -= timedelta(days=1)
        elif minute < promotion.time_from:
            return False
    if promotion.weekdays and day.weekday() not in promotion.weekdays:
        return False
    return (promotion.starts_on is None or promotion.starts_on <= day) and (
        promotion.ends_on is None or day <= promotion.ends_on
    )


def is_for(promotion: Promotion, member: MemberCard | None) -> bool:
    """Whether the promotion is for this customer."""
    if member is None:
        return not promotion.members_only and not promotion.tiers
    return not promotion.tiers or member.member.tier in promotion.tiers


class Audience:
    """The promotions that count for one kind of customer at one moment, with every offer and solution met so far.

    ``outsiders`` are the customers at the same moment who are no members.
    """

    def __init__(self, book: PromotionBook, mask: int, level: PriceLevel) -> None:
        self.book = book
        self.level = level
        self.is_member = level is not NO_LEVEL
        self.outsiders = book.outsiders(mask) if self.is_member else self
        self.thresholds = tuple(rule for rule in book.rules if rule.bit & mask and rule.is_basket)
        self.solutions: OrderedDict[tuple[int, ...], Any] = OrderedDict()
        self.lines: dict[int, Any] = {}
        self._mask = mask
        self._by_identity: dict[int, tuple[Item, Offer]] = {}
        self._by_content: dict[tuple[object, ...], Offer] = {}

    def offer(self, item: Item, quantity: int) -> Offer:
        """The item's prices here. ``quantity`` matters for a weight only."""
        if not is_whole(item, quantity):
            return self._found(item, quantity)
        known = self._by_identity.get(id(item))
        if known is None:
            # The item is kept beside its offer, so that no other item can come to have its identity.
            known = self._by_identity[id(item)] = (item, self._found(item, ONE))
        return known[1]

    def forget_what_is_too_much(self) -> None:
        """Keep the memory bounded. Never in the middle of a basket: equal goods must meet equal offers there."""
        if max(len(self._by_identity), len(self._by_content)) > OFFERS_MAX:
            self._by_identity.clear()
            self._by_content.clear()
            self.solutions.clear()
        while len(self.solutions) > SOLUTIONS_MAX:
            self.solutions.popitem(last=False)

    def _found(self, item: Item, quantity: int) -> Offer:
        key = (item.id, item.category_path, quantity, *start_price(item, self.level))
        offer = self._by_content.get(key)
        if offer is None:
            rules = self.book.rules_for(item, self._mask)
            offer = self._by_content[key] = Offer(self.book.next_number(), item, quantity, self.level, rules)
        return offer


class PromotionBook:
    """All promotions of the shop, prepared for pricing. Make a new one when a promotion changes."""

    def __init__(self, promotions: Iterable[Promotion]) -> None:
        ordered = sorted(promotions, key=lambda p: (p.priority, p.code, p.version, p.id.int))
        self.rules = tuple(Rule(index, promotion) for index, promotion in enumerate(ordered))
        self._everything = 0
        self._for_everyone = sum(rule.bit for rule in self.rules if is_for(rule.promotion, None))
        self._by_item: dict[ItemId, int] = {}
        self._by_category: dict[CategoryId, int] = {}
        self._excluded_by_item: dict[ItemId, int] = {}
        self._audience_at: dict[tuple[LocalMoment, str | None, PriceLevel], Audience] = {}
        self._audiences: dict[tuple[int, PriceLevel], Audience] = {}
        self._last_number = 0
        for rule in self.rules:
            self._index(rule)

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """In the fixed order: by priority, then by code."""
        return tuple(rule.promotion for rule in self.rules)

    def audience(
        self, moment: LocalMoment, member: MemberCard | None, level: PriceLevel = MEMBER_LEVEL
    ) -> Audience:
        """The promotions that count for this customer now; ``level`` is a member's."""
        who, level = (None, NO_LEVEL) if member is None else (member.member.tier, level)
        audience = self._audience_at.get((moment, who, level))
        if audience is None:
            if len(self._audience_at) >= MOMENTS_MAX:
                self._audience_at.clear()
            mask = sum(
                rule.bit
                for rule in self.rules
                if is_for(rule.promotion, member) and is_running(rule.promotion, moment)
            )
            audience = self._audience_at[moment, who, level] = self._audience_of(mask, level)
        audience.forget_what_is_too_much()
        audience.outsiders.forget_what_is_too_much()
        return audience

    def outsiders(self, mask: int) -> Audience:
        """Those for whom only the promotions among ``mask`` count that are for everyone."""
        return self._audience_of(mask & self._for_everyone, NO_LEVEL)

    def _audience_of(self, mask: int, level: PriceLevel) -> Audience:
        audience = self._audiences.get((mask, level))
        if audience is None:
            if len(self._audiences) >= AUDIENCES_MAX:
                self._audiences.clear()
                self._audience_at.clear()
            audience = self._audiences[mask, level] = Audience(self, mask, level)
        return audience

    def rules_for(self, item: Item, mask: int) -> tuple[Rule, ...]:
        """The rules among ``mask`` that cover the item, in the fixed order."""
        covering = self._everything | self._by_item.get(item.id, 0)
        for category in item.category_path:
            covering |= self._by_category.get(category, 0)
        covering &= mask & ~self._excluded_by_item.get(item.id, 0)
        return tuple(rule for rule in self.rules if rule.bit & covering) if covering else ()

    def next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _index(self, rule: Rule) -> None:
        promotion = rule.promotion
        parts: Sequence[Promotion | MixGroup] = promotion.groups or (promotion,)
        for part in parts:
            for item_id in part.item_ids:
                self._by_item[item_id] = self._by_item.get(item_id, 0) | rule.bit
            for category_id in part.category_ids:
                self._by_category[category_id] = self._by_category.get(category_id, 0) | rule.bit
            if not part.item_ids and not part.category_ids:
                self._everything |= rule.bit
        for item_id in promotion.excluded_item_ids:
            self._excluded_by_item[item_id] = self._excluded_by_item.get(item_id, 0) | rule.bit
