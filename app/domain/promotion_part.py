"""Goods that are tied together by promotions competing for them, and every use of those promotions.

A *part* is such a set of goods; parts never influence each other. One use of a promotion on certain units is a *column* with a gain: what
the units would cost alone, less what they cost in it. A unit occurs in one of the columns used at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import comb
from typing import Final, NamedTuple

from app.domain.promotion import PromotionKind
from app.domain.promotion_offer import Chain, Offer, Rule

SCALE: Final = 840  # shares of a gain are kept as integers


class Placed(NamedTuple):
    """So many units of one offer, each priced by this chain, inside this bundle promotion (-1: in none)."""

    units: int
    chain: Chain
    bundle: int


class BundleUse(NamedTuple):
    """A bundle promotion's result: how many bundles, and what they take off their units' prices together."""

    rule: int
    times: int
    off: int


class Solution(NamedTuple):
    """Where every unit of a part goes. ``is_exact`` says that nothing cheaper exists."""

    placed: tuple[tuple[Placed, ...], ...]  # of each offer
    bundles: tuple[BundleUse, ...]
    is_exact: bool
    picks: tuple[tuple[Column, int], ...] = ()  # the columns it was made of, where it was

    @property
    def cost(self) -> int:
        """What all units cost together."""
        alone = sum(units * chain.price for placed in self.placed for units, chain, _ in placed)
        return alone - sum(use.off for use in self.bundles)


Uses = tuple[tuple[int, int], ...]  # (place of the offer, units)


class Column(NamedTuple):
    """One use of a promotion by units in these places, places rising."""

    gain: int
    rule: int
    uses: Uses
    size: int

    @property
    def rank(self) -> tuple[int, int, Uses]:
        """Better first: by gain for each unit, then the fixed order of the promotions."""
        return -(self.gain * SCALE // self.size), self.rule, self.uses


Pick = tuple[Column, int]  # a column and how often it is used


class Part:
    """Offers in their fixed order, how many units of each there are, and the promotions that compete for them."""

    def __init__(self, offers: Sequence[Offer], counts: Sequence[int], rules: Sequence[Rule]) -> None:
        self.offers = offers
        self.counts = counts
        self.rules = {rule.index: rule for rule in rules}
        self.alone = [offer.solo.price for offer in offers]
        self.eligible = {rule.index: self._eligible(rule) for rule in rules}
        self.limits = {
            rule.index: rule.promotion.times_max for rule in rules if rule.promotion.times_max is not None
        }

    def _eligible(self, rule: Rule) -> list[int]:
        """Which offers may take part, those that cost most alone first."""
        index = rule.index
        places = [
            place
            for place, offer in enumerate(self.offers)
            if (index in offer.within if rule.is_bundle else index in offer.limited)
        ]
        return sorted(places, key=lambda place: -self.alone[place])

    def column(self, rule: Rule, uses: Sequence[tuple[int, int]]) -> Column | None:
        """This use of the promotion, or None when it gains nothing."""
        index, alone = rule.index, self.alone
        if not rule.is_bundle:
            place = uses[0][0]
            return Column(alone[place] - self.offers[place].limited[index].price, index, tuple(uses), 1)
        prices: list[int] = []
        gain = 0
        for place, units in uses:
            gain += alone[place] * units
            prices += [self.offers[place].within[index].price] * units
        gain -= rule.bundle_cost(prices)
        return Column(gain, index, tuple(sorted(uses)), rule.size) if gain > 0 else None

    def column_count(self) -> int:
        """How many columns there are at most."""
        return sum(self._column_count(rule) for rule in self.rules.values())

    def _column_count(self, rule: Rule) -> int:
        places = self.eligible[rule.index]
        if rule.promotion.kind is not PromotionKind.MIX_MATCH:
            size = rule.size or 1
            return comb(len(places) + size - 1, size) if places else 0
        count = 1
        for number, group in enumerate(rule.promotion.groups):
            members = sum(number in self.offers[place].groups[rule.index] for place in places)
            count *= comb(members + group.count - 1, group.count) if members else 0
        return count

    def columns(self) -> list[Column]:
        """Every column that gains something."""
        found: list[Column] = []
        for rule in self.rules.values():
            if rule.promotion.kind is PromotionKind.N_FOR_PRICE:
                found += self._n_for_price_columns(rule)
                continue
            for uses in self.uses(rule, self.counts):
                column = self.column(rule, uses)
                if column is not None:
                    found.append(column)
        return found

    def _n_for_price_columns(self, rule: Rule) -> Iterator[Column]:
        """From the dearest units on, as long as the price of the bundle is less than theirs."""
        places, alone_of, price = self.eligible[rule.index], self.alone, rule.promotion.price

        def taking(position: int, units_left: int, alone: int, uses: Uses) -> Iterator[Column]:
            for at in range(position, len(places)):
                place = places[at]
                each = alone_of[place]
                if alone + each * units_left <= price:
                    return  # nor can the cheaper ones that follow
                most = min(units_left, self.counts[place])
                if most == units_left:
                    gain = alone + each * most - price
                    yield Column(gain, rule.index, tuple(sorted((*uses, (place, most)))), rule.size)
                    most -= 1
                for units in range(most, 0, -1):
                    yield from taking(
                        at + 1, units_left - units, alone + each * units, (*uses, (place, units))
                    )

        return taking(0, rule.size, 0, ())

    def uses(self, rule: Rule, counts: Sequence[int]) -> Iterator[Uses]:
        """Every way to make one bundle of so many units of each offer (or to use a promotion on a unit)."""
        places = self.eligible[rule.index]
        if rule.promotion.kind is not PromotionKind.MIX_MATCH:
            yield from _multisets(places, counts, rule.size or 1)
            return
        choices = []
        for number, group in enumerate(rule.promotion.groups):
            members = [place for place in places if number in self.offers[place].groups[rule.index]]
            choices.append(list(_multisets(members, counts, group.count)))
        seen = set()
        for combination in product(*choices):
            merged: dict[int, int] = {}
            for uses in combination:
                for place, units in uses:
                    merged[place] = merged.get(place, 0) + units
            if all(units <= counts[place] for place, units in merged.items()):
                key = tuple(sorted(merged.items()))
                if key not in seen:
                    seen.add(key)
                    yield key

    def solution(self, picks: Sequence[Pick], *, is_exact: bool) -> Solution:
        """Where every unit goes when these columns are used and all other units stand alone."""
        left = list(self.counts)
        placed: list[list[Placed]] = [[] for _ in self.offers]
        bundles: dict[int, BundleUse] = {}
        for column, times in sorted(picks, key=lambda pick: (pick[0].rule, pick[0].uses)):
            rule, index = self.rules[column.rule], column.rule
            prices: list[int] = []
            for place, units in column.uses:
                offer = self.offers[place]
                chain = offer.within[index] if rule.is_bundle else offer.limited[index]
                placed[place].append(Placed(units * times, chain, index if rule.is_bundle else -1))
                left[place] -= units * times
                prices += [chain.price] * units
            if rule.is_bundle:
                off = (sum(prices) - rule.bundle_cost(prices)) * times
                before = bundles.get(index, BundleUse(index, 0, 0))
                bundles[index] = BundleUse(index, before.times + times, before.off + off)
        for place, units in enumerate(left):
            assert units >= 0, "a unit is used once"
            if units:
                placed[place].append(Placed(units, self.offers[place].solo, -1))
        return Solution(
            tuple(tuple(of_offer) for of_offer in placed),
            tuple(bundles[index] for index in sorted(bundles)),
            is_exact,
            tuple(picks),
        )


def _multisets(places: Sequence[int], counts: Sequence[int], size: int) -> Iterator[Uses]:
    """Every way to take ``size`` units from these places."""
    if size == 0:
        yield ()
        return
    for position, place in enumerate(places):
        for units in range(min(size, counts[place]), 0, -1):
            for rest in _multisets(places[position + 1 :], counts, size - units):
                yield ((place, units), *rest)
