"""Every total that a small part can have, and how: not only the best.

A cheapest basket sometimes keeps an item's regular price, because it then reaches an amount from which the whole basket gets
something off. For that the totals in between matter. They are kept as the bits of one integer for each set of units left.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from app.domain.promotion_offer import Chain, Rule
from app.domain.promotion_part import BundleUse, Part, Placed, Solution

UNITS_MAX: Final = 6
TOTAL_MAX: Final = 50_000  # the length of the integers

State = tuple[int, ...]  # units left of each offer, then uses left of each limited promotion


class _Step(NamedTuple):
    """The first unit left, alone or in a bundle: what its units cost then, and what is left after it."""

    cost: int
    after: State
    placed: tuple[tuple[int, Placed], ...]  # (place of the offer, where its units go)
    use: BundleUse | None


class Totals:
    """The totals of a part of UNITS_MAX units at most."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._limit_at = {index: len(part.offers) + number for number, index in enumerate(part.limits)}
        self._start: State = (*part.counts, *part.limits.values())
        self._known: dict[State, int] = {}
        self._steps: dict[State, list[_Step]] = {}

    @staticmethod
    def can_tell(part: Part) -> bool:
        units = sum(part.counts)
        dearest = sum(offer.regular * count for offer, count in zip(part.offers, part.counts, strict=True))
        return units <= UNITS_MAX and dearest <= TOTAL_MAX

    def all(self) -> Iterator[int]:
        """Rising."""
        bits = self._bits(self._start)
        while bits:
            lowest = bits & -bits
            yield lowest.bit_length() - 1
            bits ^= lowest

    def solution(self, total: int) -> Solution:
        """One way to this total: with as few promotions as the first ways found."""
        placed: list[list[Placed]] = [[] for _ in self._part.offers]
        uses: dict[int, BundleUse] = {}
        state = self._start
        while any(state[: len(self._part.offers)]):
            step = next(
                step
                for step in self._steps_from(state)
                if step.cost <= total and self._bits(step.after) >> (total - step.cost) & 1
            )
            for place, where in step.placed:
                placed[place].append(where)
            if step.use is not None:
                before = uses.get(step.use.rule, BundleUse(step.use.rule, 0, 0))
                uses[step.use.rule] = BundleUse(step.use.rule, before.times + 1, before.off + step.use.off)
            total -= step.cost
            state = step.after
        return Solution(
            tuple(tuple(of_offer) for of_offer in placed),
            tuple(uses[index] for index in sorted(uses)),
            is_exact=True,
        )

    def _bits(self, state: State) -> int:
        """A bit for each total that the units left can have."""
        known = self._known.get(state)
        if known is None:
            known = 0
            for step in self._steps_from(state):
                known |= self._bits(step.after) << step.cost
            if not any(state[: len(self._part.offers)]):
                known = 1
            self._known[state] = known
        return known

    def _steps_from(self, state: State) -> list[_Step]:
        steps = self._steps.get(state)
        if steps is None:
            goods = len(self._part.offers)
            place = next((place for place in range(goods) if state[place]), None)
            steps = [] if place is None else [*self._alone(state, place), *self._in_bundles(state, place)]
            self._steps[state] = steps
        return steps

    def _alone(self, state: State, place: int) -> Iterator[_Step]:
        offer = self._part.offers[place]
        after = _less(state, {place: 1})
        for chain in _distinct(offer.chains()):
            yield _Step(chain.price, after, ((place, Placed(1, chain, -1)),), None)
        for index, chain in offer.limited_chains().items():
            limit = self._limit_at.get(index)
            if limit is not None and state[limit]:
                yield _Step(chain.price, _less(after, {limit: 1}), ((place, Placed(1, chain, -1)),), None)

    def _in_bundles(self, state: State, first: int) -> Iterator[_Step]:
        """Every bundle that takes a unit of the first offer left."""
        for rule in self._part.rules.values():
            limit = self._limit_at.get(rule.index)
            if not rule.is_bundle or (limit is not None and not state[limit]):
                continue
            for uses in self._part.uses(rule, state):
                if any(place == first for place, _ in uses):
                    taken = dict(uses) if limit is None else {**dict(uses), limit: 1}
                    yield from self._bundles(
                        rule, [place for place, n in uses for _ in range(n)], _less(state, taken)
                    )

    def _bundles(self, rule: Rule, places: list[int], after: State) -> Iterator[_Step]:
        """The bundle of these units at each of its costs, whatever promotions its units carry besides."""
        seen: set[int] = set()
        for chains in product(*(_distinct(self._part.offers[place].chains(rule)) for place in places)):
            prices = [chain.price for chain in chains]
            cost = rule.bundle_cost(prices)
            if cost not in seen:
                seen.add(cost)
                placed = tuple(
                    (place, Placed(1, chain, rule.index)) for place, chain in zip(places, chains, strict=True)
                )
                yield _Step(cost, after, placed, BundleUse(rule.index, 1, sum(prices) - cost))


def _distinct(chains: list[Chain]) -> list[Chain]:
    """One chain for each price, those with fewer promotions before others."""
    by_price: dict[int, Chain] = {}
    for chain in sorted(chains, key=lambda chain: chain.rank):
        by_price.setdefault(chain.price, chain)
    return list(by_price.values())


def _less(state: State, taken: dict[int, int]) -> State:
    return tuple([left - taken.get(place, 0) for place, left in enumerate(state)])
