"""One promotion as a rule that computes, and what all rules mean for one item: its prices, alone and inside bundles.

Every function of a price here is monotone: a lower price before never leads to a higher price after. That a member never
pays more than others rests on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.domain.item import Item, Unit
from app.domain.money import Money, extend, round_half_up
from app.domain.price_level import PriceLevel, start_price
from app.domain.promotion import BUNDLE_KINDS, PERCENT_WHOLE, UNIT_KINDS, Promotion, PromotionKind, RewardKind
from app.domain.quantity import ONE

CHAINS_MAX: Final = 256


class Rule:
    """One promotion with its place in the fixed order (priority, then code): ``index`` is its rank."""

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

    ``base`` is the price without any promotion (the member price, or the tier's, if a member is present and it is lower; of one piece
    or kilogram it is ``base_price``, and ``tier`` is the level that made it so), ``solo`` the best chain
    of unlimited unit promotions, ``limited`` the chain of each promotion with a limit that saves more, ``within`` the best chain
    for a unit inside each bundle, and ``coupling`` the bits of the last two. Equal content is always the same object, and ``order``
    sorts offers the same way whatever the order they were met in.
    """

    def __init__(
        self, number: int, item: Item, quantity: int, level: PriceLevel, rules: Sequence[Rule]
    ) -> None:
        regular, base, by_tier = start_price(item, level)
        self.number = number
        self.item = item
        self.quantity = quantity
        self.is_piece = is_whole(item, quantity)
        self.regular = regular if self.is_piece else extend(regular, quantity)
        self.base = base if self.is_piece else extend(base, quantity)
        self.base_price = Money(base, item.price.currency)
        self.tier = level if by_tier else None
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


def is_whole(item: Item, quantity: int) -> bool:
    """Whether this is a number of pieces; a weight or a part of a piece is one unit that no bundle takes."""
    return item.unit is Unit.EACH and quantity % ONE == 0


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
