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
from typing import Any, Final, NamedTuple

from app.domain.ids import CategoryId, ItemId
from app.domain.item import Item, Unit
from app.domain.member import MemberCard
from app.domain.money import extend, round_half_up
from app.domain.promotion import (
    BUNDLE_KINDS,
    DAY_MINUTES,
    PERCENT_WHOLE,
    UNIT_KINDS,
    MixGroup,
    Promotion,
    PromotionKind,
    RewardKind,
)
from app.domain.quantity import ONE

OFFERS_MAX: Final = 10_000
SOLUTIONS_MAX: Final = 2_000
AUDIENCES_MAX: Final = 16
MOMENTS_MAX: Final = 64
CHAINS_MAX: Final = 256


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


class Rule:
    """One promotion with its place in the fixed order (priority, then code): ``index`` is its rank."""

    __slots__ = (
        *(
            "bit",
            "group",
            "index",
            "is_basket",
            "is_bundle",
            "is_combinable",
            "is_limited",
            "is_unit",
            "promotion",
            "size",
        ),
        "source",
    )

    def __init__(self, index: int, promotion: Promotion) -> None:
        self.index = index
        self.bit = 1 << index
        self.promotion = promotion
        self.group = promotion.group
        self.is_combinable = promotion.is_combinable
        self.is_bundle = promotion.kind in BUNDLE_KINDS
        self.is_unit = promotion.kind in UNIT_KINDS
        self.is_basket = promotion.kind is PromotionKind.BASKET_THRESHOLD
        self.is_limited = self.is_unit and promotion.times_max is not None
        self.size = promotion.bundle_units
        self.source = str(promotion.id)

    def off(self, running: int, quantity: int) -> int:
        """What a unit promotion takes off ``running``, the price of one piece or of a whole weight."""
        promotion = self.promotion
        match promotion.kind:
            case PromotionKind.PERCENT:
                return round_half_up(running * promotion.value, PERCENT_WHOLE)
            case PromotionKind.AMOUNT:
                return min(running, extend(promotion.value, quantity))
            case _:
                assert promotion.kind is PromotionKind.FIXED_PRICE
                return max(0, running - extend(promotion.value, quantity))

    def bundle_cost(self, prices: Sequence[int]) -> int:
        """What one bundle of units at these prices costs. Never more than their sum, and never more for a lower price."""
        promotion, whole = self.promotion, sum(prices)
        if promotion.kind is PromotionKind.N_FOR_PRICE:
            return min(whole, promotion.price)
        if promotion.kind is PromotionKind.BUY_X_GET_Y:
            for price in sorted(prices)[: promotion.y]:
                whole -= round_half_up(price * promotion.y_percent_off, PERCENT_WHOLE)
            return whole
        match promotion.reward:
            case RewardKind.PRICE:
                return min(whole, promotion.value)
            case RewardKind.AMOUNT:
                return max(0, whole - promotion.value)
            case RewardKind.PERCENT:
                return whole - round_half_up(whole * promotion.value, PERCENT_WHOLE)


class Chain(NamedTuple):
    """One way to a unit's price: where it starts, then what each unit promotion takes off, in the fixed order."""

    price: int
    steps: tuple[tuple[int, int], ...]  # (rule's index, minor units off)
    is_from_regular: bool

    @property
    def rank(self) -> tuple[int, int, tuple[int, ...]]:
        """The better chain is the smaller: cheaper, then with fewer promotions, then those that come first."""
        return self.price, len(self.steps), tuple(index for index, _ in self.steps)


class Offer:
    """One item's prices under the promotions of an audience: of one piece, or of a whole weight.

    ``base`` is the price without any promotion (the member price if a member is present and it is lower), ``solo`` the best chain
    of unlimited unit promotions, ``limited`` the chain of each promotion with a limit that saves more, ``within`` the best chain
    for a unit inside each bundle, and ``coupling`` the bits of the last two. Equal content is always the same object, and ``order``
    sorts offers the same way whatever the order they were met in.
    """

    __slots__ = (
        *("base", "coupling", "groups", "is_piece", "limited", "number", "order", "quantity", "regular"),
        *("rules", "solo", "thresholds", "within"),
    )

    def __init__(
        self, number: int, item: Item, quantity: int, is_member: bool, rules: Sequence[Rule]
    ) -> None:
        regular, base = prices_of(item, is_member)
        self.number = number
        self.quantity = quantity
        self.is_piece = is_whole(item, quantity)
        self.regular = regular if self.is_piece else extend(regular, quantity)
        self.base = base if self.is_piece else extend(base, quantity)
        self.order = (-self.regular, -self.base, item.id.int, quantity)
        self.rules = rules
        self.thresholds = sum(rule.bit for rule in rules if rule.is_basket)
        self.solo = min(self.chains(), key=lambda chain: chain.rank)
        limited = self.limited_chains()
        self.limited = {index: chain for index, chain in limited.items() if chain.price < self.solo.price}
        bundles = [rule for rule in rules if rule.is_bundle and self.is_piece]
        self.within = {rule.index: min(self.chains(rule), key=lambda chain: chain.rank) for rule in bundles}
        self.groups = {rule.index: _groups_of(rule.promotion, item) for rule in bundles}
        self.coupling = sum(1 << index for index in (*self.limited, *self.within))

    def chains(self, bundle: Rule | None = None) -> list[Chain]:
        """Every way to this unit's price, alone or inside a bundle, by promotions without a limit.

        A unit starts from its member price only when everything on it stacks on that. More than CHAINS_MAX ways are cut to the best.
        """
        unit_rules = [rule for rule in self.rules if rule.is_unit and not rule.is_limited]
        joining = [rule for rule in unit_rules if rule.is_combinable and _can_join(rule, bundle)]
        alone = [rule for rule in unit_rules if not rule.is_combinable and bundle is None]
        chains = self._combined(joining, is_from_regular=True)
        for rule in alone:
            chains += self._combined([rule], is_from_regular=True)[1:]
        if self.base < self.regular and (bundle is None or bundle.promotion.stacks_on_member_price):
            chains += self._combined([rule for rule in joining if _stacks(rule)], is_from_regular=False)
            for rule in alone:
                if _stacks(rule):
                    chains += self._combined([rule], is_from_regular=False)[1:]
        return chains

    def limited_chains(self) -> dict[int, Chain]:
        """The price under each promotion with a limit, which never combines."""
        return {rule.index: self._single(rule) for rule in self.rules if rule.is_limited}

    def _single(self, rule: Rule) -> Chain:
        """The price under this promotion alone."""
        is_from_regular = not _stacks(rule)
        start = self.regular if is_from_regular else self.base
        off = rule.off(start, self.quantity)
        return Chain(start - off, ((rule.index, off),) if off else (), is_from_regular)

    def _combined(self, rules: Sequence[Rule], *, is_from_regular: bool) -> list[Chain]:
        """Every choice of at most one promotion of each stacking group, applied in the fixed order."""
        start = Chain(self.regular if is_from_regular else self.base, (), is_from_regular)
        found: list[tuple[Chain, frozenset[str]]] = [(start, frozenset())]
        for rule in rules:
            for chain, groups in tuple(found):
                off = rule.off(chain.price, self.quantity)
                if off and rule.group not in groups:
                    longer = Chain(chain.price - off, (*chain.steps, (rule.index, off)), is_from_regular)
                    found.append((longer, groups | {rule.group}))
            if len(found) > CHAINS_MAX:
                found = sorted(found, key=lambda entry: entry[0].rank)[:CHAINS_MAX]
        return [chain for chain, _ in found]


class Audience:
    """The promotions that count for one kind of customer at one moment, with every offer and solution met so far."""

    __slots__ = (
        "_by_content",
        "_by_identity",
        "_mask",
        "book",
        "is_member",
        "lines",
        "solutions",
        "thresholds",
    )

    def __init__(self, book: PromotionBook, mask: int, is_member: bool) -> None:
        self.book = book
        self.is_member = is_member
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
        key = (item.id, item.category_path, quantity, *prices_of(item, self.is_member))
        offer = self._by_content.get(key)
        if offer is None:
            rules = self.book.rules_for(item, self._mask)
            offer = self._by_content[key] = Offer(
                self.book.next_number(), item, quantity, self.is_member, rules
            )
        return offer


class PromotionBook:
    """All promotions of the shop, prepared for pricing. Make a new one when a promotion changes."""

    def __init__(self, promotions: Iterable[Promotion]) -> None:
        ordered = sorted(promotions, key=lambda p: (p.priority, p.code, p.version, p.id.int))
        self.rules = tuple(Rule(index, promotion) for index, promotion in enumerate(ordered))
        self._everything = 0
        self._by_item: dict[ItemId, int] = {}
        self._by_category: dict[CategoryId, int] = {}
        self._excluded_by_item: dict[ItemId, int] = {}
        self._audience_at: dict[tuple[LocalMoment, str | None], Audience] = {}
        self._audiences: dict[tuple[int, bool], Audience] = {}
        self._last_number = 0
        for rule in self.rules:
            self._index(rule)

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """In the fixed order: by priority, then by code."""
        return tuple(rule.promotion for rule in self.rules)

    def audience(self, moment: LocalMoment, member: MemberCard | None) -> Audience:
        """The promotions that count for this customer now."""
        who = None if member is None else member.member.tier
        audience = self._audience_at.get((moment, who))
        if audience is None:
            if len(self._audience_at) >= MOMENTS_MAX:
                self._audience_at.clear()
            mask = sum(
                rule.bit
                for rule in self.rules
                if is_for(rule.promotion, member) and is_running(rule.promotion, moment)
            )
            audience = self._audience_at[moment, who] = self._audience_of(mask, member is not None)
        audience.forget_what_is_too_much()
        return audience

    def _audience_of(self, mask: int, is_member: bool) -> Audience:
        audience = self._audiences.get((mask, is_member))
        if audience is None:
            if len(self._audiences) >= AUDIENCES_MAX:
                self._audiences.clear()
                self._audience_at.clear()
            audience = self._audiences[mask, is_member] = Audience(self, mask, is_member)
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


def is_whole(item: Item, quantity: int) -> bool:
    """Whether this is a number of pieces; a weight or a part of a piece is one unit that no bundle takes."""
    return item.unit is Unit.EACH and quantity % ONE == 0


def prices_of(item: Item, is_member: bool) -> tuple[int, int]:
    """The regular price, and the price without any promotion: the member price for a member, if it is lower."""
    regular = item.price.minor
    if is_member and item.member_price is not None:
        return regular, min(regular, item.member_price.minor)
    return regular, regular


def _stacks(rule: Rule) -> bool:
    return rule.promotion.stacks_on_member_price


def _can_join(rule: Rule, bundle: Rule | None) -> bool:
    return bundle is None or (bundle.is_combinable and bundle.group != rule.group)


def _groups_of(promotion: Promotion, item: Item) -> tuple[int, ...]:
    """Which groups of a mix and match the item belongs to; group 0 of any other bundle."""
    if not promotion.groups:
        return (0,)
    return tuple(
        index
        for index, group in enumerate(promotion.groups)
        if item.id in group.item_ids or not group.category_ids.isdisjoint(item.category_path)
    )
