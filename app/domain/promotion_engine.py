"""The best combination of item-level promotions for a basket's goods.

What may meet on a unit (one piece, or one whole weight):

- one promotion, or several that are all combinable and of different stacking groups; at most one of them is on bundles;
- the unit starts from its member price when all of them stack on it (or there are none), otherwise from the regular price;
- unit promotions apply first, one after the other by priority and code; a bundle is computed from the prices they leave;
- a promotion applies to ``times_max`` units (or bundles) at most.

The total is the smallest that these rules allow (see `promotion_search` for how large a basket that holds exactly). Among equals the
one with fewer promotions and then the first by priority and code wins. Units of equal goods are interchangeable, so neither
the order of the lines nor merging and splitting them changes the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.domain.money import allocate
from app.domain.promotion_book import Audience
from app.domain.promotion_offer import Chain, Offer, Rule
from app.domain.promotion_part import BundleUse, Part, Placed, Solution
from app.domain.promotion_search import solve


class LineResult(NamedTuple):
    """What promotions do to one line: how many of its units start from the regular price, and what each promotion takes off."""

    from_regular: int
    offs: tuple[tuple[int, int], ...]  # (rule's index, minor units off), in the order they apply


class Goods:
    """All units of equal goods in the basket, and the lines they stand on, in basket order."""

    __slots__ = ("lines", "offer", "placed", "units")

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.units = 0
        self.lines: list[tuple[int, int]] = []
        self.placed: Sequence[Placed] = ()


class Tied(NamedTuple):
    """Goods that promotions tie together, and how that was solved."""

    goods: list[Goods]
    rules: list[Rule]
    solution: Solution

    def part(self) -> Part:
        return Part([each.offer for each in self.goods], [each.units for each in self.goods], self.rules)


class Assignment:
    """Where each unit of the basket goes."""

    def __init__(self, goods: list[Goods], tied: list[Tied]) -> None:
        self.goods = goods
        self.tied = tied

    @property
    def is_exact(self) -> bool:
        """Whether nothing cheaper exists."""
        return all(part.solution.is_exact for part in self.tied)

    @property
    def cost(self) -> int:
        """What all units cost together."""
        alone = sum(units * chain.price for goods in self.goods for units, chain, _ in goods.placed)
        return alone - sum(use.off for tied in self.tied for use in tied.solution.bundles)

    def results(self, line_count: int) -> list[LineResult]:
        """What each line gets. A bundle's discount is shared among all goods in it, by what they cost before it."""
        return _Sharing(line_count).results(self)


def assign(audience: Audience, entries: Sequence[tuple[Offer, int]]) -> Assignment:
    """The best assignment of the entries (offer and units of each line), in basket order."""
    by_number: dict[int, Goods] = {}
    for line, (offer, units) in enumerate(entries):
        goods = by_number.get(offer.number)
        if goods is None:
            goods = by_number[offer.number] = Goods(offer)
        goods.units += units
        goods.lines.append((line, units))
    all_goods = list(by_number.values())
    tied = [_solved(audience, goods, mask) for goods, mask in _tied(audience, all_goods)]
    for part in tied:
        for goods, placed in zip(part.goods, part.solution.placed, strict=True):
            goods.placed = placed
    for goods in all_goods:
        if not goods.placed:
            goods.placed = (Placed(goods.units, goods.offer.solo, -1),)
    return Assignment(all_goods, tied)


def _tied(audience: Audience, all_goods: Sequence[Goods]) -> list[tuple[list[Goods], int]]:
    """The parts of the basket, each with the bits of the promotions that tie it together."""
    relevant = _relevant(audience, all_goods)
    parts: list[tuple[list[Goods], int]] = []
    for goods in all_goods:
        mask = goods.offer.coupling & relevant
        if not mask:
            continue
        joined, apart = [goods], []
        for part in parts:
            if part[1] & mask:
                joined += part[0]
                mask |= part[1]
            else:
                apart.append(part)
        parts = [*apart, (joined, mask)]
    return parts


def _relevant(audience: Audience, all_goods: Sequence[Goods]) -> int:
    """The bits of the promotions that the basket has enough units for."""
    units_of: dict[int, int] = {}
    for goods in all_goods:
        offer = goods.offer
        if offer.coupling:
            for index in (*offer.within, *offer.limited):
                units_of[index] = units_of.get(index, 0) + goods.units
    rules = audience.book.rules
    return sum(rules[index].bit for index, units in units_of.items() if units >= rules[index].size)


def _solved(audience: Audience, goods: list[Goods], mask: int) -> Tied:
    goods.sort(key=lambda each: each.offer.order)
    rules = [rule for rule in audience.book.rules if rule.bit & mask]
    key = tuple(number for each in goods for number in (each.offer.number, each.units))
    solution: Solution | None = audience.solutions.get(key)
    if solution is None:
        part = Part([each.offer for each in goods], [each.units for each in goods], rules)
        solution = solve(part)
        if audience.is_member and not solution.is_exact:
            solution = no_dearer_than_outsiders(audience, part, solution)
        audience.solutions[key] = solution
    return Tied(goods, rules, solution)


def no_dearer_than_outsiders(audience: Audience, part: Part, solution: Solution) -> Solution:
    """The best solution costs a member no more than others, but one that is merely good might: then the others' is taken."""
    entries = [
        (audience.outsiders.offer(o.item, o.quantity), n)
        for o, n in zip(part.offers, part.counts, strict=True)
    ]
    assignment = assign(audience.outsiders, entries)
    if assignment.cost >= solution.cost:
        return solution
    return Solution(
        tuple(
            tuple(each._replace(chain=each.chain._replace(is_from_regular=True)) for each in goods.placed)
            for goods in assignment.goods
        ),
        tuple(sorted(use for tied in assignment.tied for use in tied.solution.bundles)),
        is_exact=False,
    )


class _Sharing:
    """Shares out to the lines what the units of equal goods got, in basket order."""

    def __init__(self, line_count: int) -> None:
        self._results = [_NOTHING] * line_count
        self._bundled: dict[
            int, dict[int, int]
        ] = {}  # of each bundle promotion: what its goods on each line cost before it

    def results(self, assignment: Assignment) -> list[LineResult]:
        for goods in assignment.goods:
            if len(goods.placed) == 1 and goods.placed[0].bundle < 0:
                self._place_all(goods, goods.placed[0].chain)
            else:
                self._place(goods)
        for part in assignment.tied:
            for use in part.solution.bundles:
                self._share(use)
        return self._results

    def _place_all(self, goods: Goods, chain: Chain) -> None:
        if chain.steps or chain.is_from_regular:
            for line, units in goods.lines:
                offs = tuple([(index, off * units) for index, off in chain.steps])
                self._results[line] = LineResult(units if chain.is_from_regular else 0, offs)

    def _place(self, goods: Goods) -> None:
        placed = iter(goods.placed)
        units, chain, bundle = next(placed)
        for line, room in goods.lines:
            from_regular, offs = 0, dict[int, int]()
            while room:
                if not units:
                    units, chain, bundle = next(placed)
                taken = min(units, room)
                if chain.is_from_regular:
                    from_regular += taken
                for index, off in chain.steps:
                    offs[index] = offs.get(index, 0) + off * taken
                if bundle >= 0:
                    costs = self._bundled.setdefault(bundle, {})
                    costs[line] = costs.get(line, 0) + chain.price * taken
                units -= taken
                room -= taken
            self._results[line] = LineResult(from_regular, tuple(sorted(offs.items())))

    def _share(self, use: BundleUse) -> None:
        costs = sorted(self._bundled[use.rule].items())
        for (line, _), off in zip(costs, allocate(use.off, [cost for _, cost in costs]), strict=True):
            if off:
                from_regular, offs = self._results[line]
                self._results[line] = LineResult(from_regular, (*offs, (use.rule, off)))


_NOTHING: Final = LineResult(0, ())
