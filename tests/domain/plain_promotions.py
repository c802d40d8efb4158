"""A plain search over every way to use promotions, for comparison: it tries everything, and is far too slow for a till.

It shares no code with the engine but the rounding of a fraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations, product

from app.domain.item import Item
from app.domain.money import round_half_up
from app.domain.promotion import (
    BUNDLE_KINDS,
    UNIT_KINDS,
    MixGroup,
    Promotion,
    PromotionKind,
    RewardKind,
    Threshold,
)


class Search:
    """Every total that the promotions allow for these units."""

    def __init__(self, units: Sequence[Item], promotions: Sequence[Promotion], *, is_member: bool) -> None:
        self.units = units
        self.is_member = is_member
        self.on_units = sorted(
            (p for p in promotions if p.kind in UNIT_KINDS), key=lambda p: (p.priority, p.code)
        )
        self.on_bundles = [p for p in promotions if p.kind in BUNDLE_KINDS]

    def totals(self) -> set[int]:
        """What the units can cost together, item-level promotions only."""
        found: set[int] = set()
        for bundles in self.bundlings(frozenset(range(len(self.units)))):
            uses = [promotion.code for promotion, _ in bundles]
            if all(p.times_max is None or uses.count(p.code) <= p.times_max for p in self.on_bundles):
                found |= self.totals_with(bundles)
        return found

    def bundlings(self, free: frozenset[int]) -> Iterator[list[tuple[Promotion, tuple[int, ...]]]]:
        """Every way to put some of the free units into bundles."""
        if not free:
            yield []
            return
        first = min(free)
        yield from self.bundlings(free - {first})
        for promotion in self.on_bundles:
            for others in combinations(sorted(free - {first}), promotion.bundle_units - 1):
                bundle = (first, *others)
                if is_bundle(promotion, [self.units[unit] for unit in bundle]):
                    for rest in self.bundlings(free - set(bundle)):
                        yield [(promotion, bundle), *rest]

    def totals_with(self, bundles: Sequence[tuple[Promotion, tuple[int, ...]]]) -> set[int]:
        """The totals with these bundles, whatever the units carry besides."""
        together: set[tuple[int, tuple[str, ...]]] = {(0, ())}
        for promotion, bundle in bundles:
            choices = product(*(self.prices(unit, promotion) for unit in bundle))
            costs = {(bundle_cost(promotion, [cost for cost, _ in choice]), ()) for choice in choices}
            together = self.added(together, costs)
        bundled = {unit for _, bundle in bundles for unit in bundle}
        for unit in range(len(self.units)):
            if unit not in bundled:
                together = self.added(together, self.prices(unit, None))
        return {cost for cost, _ in together}

    def added(
        self, together: set[tuple[int, tuple[str, ...]]], more: set[tuple[int, tuple[str, ...]]]
    ) -> set[tuple[int, tuple[str, ...]]]:
        """Sums of costs, with the limited promotions used so far; none is used more often than it may be."""
        limits = {p.code: p.times_max for p in self.on_units if p.times_max is not None}
        sums = {(a + b, tuple(sorted((*used, *use)))) for a, used in together for b, use in more}
        return {
            (cost, used)
            for cost, used in sums
            if all(used.count(code) <= limit for code, limit in limits.items())
        }

    def prices(self, unit: int, bundle: Promotion | None) -> set[tuple[int, tuple[str, ...]]]:
        """What one unit can cost before its bundle, and which limited promotion that uses."""
        item, found = self.units[unit], set()
        if not item.is_discountable:
            return {(min(self.starts(item, ())), ())} if bundle is None else set()
        covering = [promotion for promotion in self.on_units if covers(promotion, item)]
        for count in range(len(covering) + 1):
            for chosen in combinations(covering, count):
                carried = (*chosen, bundle) if bundle else chosen
                if may_meet(carried) and not (bundle and any(p.times_max is not None for p in chosen)):
                    for cost in self.starts(item, carried):
                        for promotion in chosen:
                            cost = after(promotion, cost)
                        found.add((cost, tuple(p.code for p in chosen if p.times_max is not None)))
        return found

    def starts(self, item: Item, carried: Sequence[Promotion]) -> set[int]:
        """The regular price, or for a member the member price when everything carried stacks on it."""
        starts = {item.price.minor}
        if self.is_member and item.member_price is not None:
            if all(promotion.stacks_on_member_price for promotion in carried):
                starts.add(min(item.price.minor, item.member_price.minor))
        return starts


def covers(promotion: Promotion, item: Item) -> bool:
    if item.id in promotion.excluded_item_ids:
        return False
    if not promotion.item_ids and not promotion.category_ids:
        return True
    return item.id in promotion.item_ids or any(c in promotion.category_ids for c in item.category_path)


def may_meet(promotions: Sequence[Promotion]) -> bool:
    groups = [promotion.stacking_group or promotion.code for promotion in promotions]
    return len(promotions) < 2 or (
        all(p.is_combinable for p in promotions) and len(set(groups)) == len(groups)
    )


def is_bundle(promotion: Promotion, units: Sequence[Item]) -> bool:
    if not all(item.is_discountable and item.id not in promotion.excluded_item_ids for item in units):
        return False
    if promotion.kind is not PromotionKind.MIX_MATCH:
        return all(covers(promotion, item) for item in units)
    places = [group for group in promotion.groups for _ in range(group.count)]
    return any(
        all(in_group(item, group) for item, group in zip(order, places, strict=True))
        for order in permutations(units)
    )


def in_group(item: Item, group: MixGroup) -> bool:
    return item.id in group.item_ids or any(c in group.category_ids for c in item.category_path)


def after(promotion: Promotion, cost: int) -> int:
    if promotion.kind is PromotionKind.PERCENT:
        return cost - round_half_up(cost * promotion.value, 10_000)
    if promotion.kind is PromotionKind.AMOUNT:
        return max(0, cost - promotion.value)
    return min(cost, promotion.value)


def bundle_cost(promotion: Promotion, costs: Sequence[int]) -> int:
    whole = sum(costs)
    if promotion.kind is PromotionKind.N_FOR_PRICE:
        return min(whole, promotion.price)
    if promotion.kind is PromotionKind.BUY_X_GET_Y:
        reduced = sorted(costs)[: promotion.y]
        return whole - sum(round_half_up(cost * promotion.y_percent_off, 10_000) for cost in reduced)
    if promotion.reward is RewardKind.PRICE:
        return min(whole, promotion.value)
    if promotion.reward is RewardKind.AMOUNT:
        return max(0, whole - promotion.value)
    return whole - round_half_up(whole * promotion.value, 10_000)


def with_basket_promotions(amount: int, promotions: Sequence[Promotion]) -> int:
    """What an amount costs after the best basket promotions, each of which covers all of it."""
    on_basket = sorted(
        (p for p in promotions if p.kind is PromotionKind.BASKET_THRESHOLD),
        key=lambda p: (p.priority, p.code),
    )
    best = amount
    for count in range(len(on_basket) + 1):
        for chosen in combinations(on_basket, count):
            if may_meet(chosen):
                left = amount
                for promotion in chosen:
                    left -= max(
                        (off_at(t, left) for t in promotion.thresholds if t.amount <= amount), default=0
                    )
                best = min(best, left)
    return best


def off_at(threshold: Threshold, amount: int) -> int:
    if threshold.kind is RewardKind.AMOUNT:
        return min(amount, threshold.value)
    return round_half_up(amount * threshold.value, 10_000)
