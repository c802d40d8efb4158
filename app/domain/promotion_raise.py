"""Item-level promotions given up on purpose, so that the basket reaches an amount from which a basket promotion takes off more.

An assignment is raised by the least that suffices: goods go back to a dearer price that the rules allow, or a bundle is left out.
Each block of goods has a few such raises, and the smallest sum of them that is enough is found exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from app.domain.promotion_engine import Assignment, Goods, Tied
from app.domain.promotion_offer import Chain
from app.domain.promotion_part import Column, Placed, Solution
from app.domain.promotion_totals import Totals

BLOCKS_MAX: Final = 300
RAISE_MAX: Final = 50_000


class _Block(NamedTuple):
    """Something that can become dearer by one of these amounts, and what notes that it does."""

    raises: Sequence[int]
    choose: Callable[[int], None]


def raised(
    assignment: Assignment, is_free: Callable[[Goods], bool], at_least: int, less_than: int
) -> Assignment | None:
    """The assignment that is dearer by ``at_least`` and by as little more as can be, but by ``less_than``; None when there is none.

    Only goods that ``is_free`` names change. Exact over goods that no bundle ties together and over ties of few units.
    """
    if not 0 < at_least < less_than <= RAISE_MAX:
        return None
    edits = _Edits(assignment)
    blocks: list[_Block] = []
    reached = [1]  # after each block: a bit for every sum that the blocks so far can make
    for block in islice(edits.blocks(is_free, less_than), BLOCKS_MAX):
        bits = reached[-1]
        for amount in block.raises:
            bits |= reached[-1] << amount
        blocks.append(block)
        reached.append(bits & ((1 << less_than) - 1))
        if bits >> at_least & 1:
            break  # nothing less would suffice
    enough = reached[-1] >> at_least
    if not enough:
        return None
    target = at_least + (enough & -enough).bit_length() - 1
    for block, before in zip(reversed(blocks), reversed(reached[:-1]), strict=True):
        if not before >> target & 1:
            amount = next(
                amount for amount in block.raises if amount <= target and before >> (target - amount) & 1
            )
            block.choose(amount)
            target -= amount
    return edits.assignment()


class _Edits:
    """What changes in an assignment."""

    def __init__(self, assignment: Assignment) -> None:
        self._before = assignment
        self._chains: dict[
            int, list[Chain]
        ] = {}  # by the place of the goods: the chains that some of their units get
        self._left_out: dict[int, list[Column]] = {}  # by the place of the tie: columns that are not used
        self._solutions: dict[int, Solution] = {}  # by the place of the tie

    def blocks(self, is_free: Callable[[Goods], bool], less_than: int) -> Iterator[_Block]:
        tied_goods = {id(goods) for tied in self._before.tied for goods in tied.goods}
        for place, goods in enumerate(self._before.goods):
            if id(goods) not in tied_goods and is_free(goods):
                yield from self._of_units(place, goods, less_than)
        for place, tied in enumerate(self._before.tied):
            if all(is_free(goods) for goods in tied.goods):
                yield from self._of_tie(place, tied, less_than)

    def _of_units(self, place: int, goods: Goods, less_than: int) -> Iterator[_Block]:
        """Each unit may cost what another choice of promotions makes it cost, or the regular price."""
        solo = goods.offer.solo.price
        by_raise: dict[int, Chain] = {}
        for chain in sorted(goods.offer.chains(), key=lambda chain: chain.rank):
            if 0 < chain.price - solo < less_than:
                by_raise.setdefault(chain.price - solo, chain)

        def choose(amount: int) -> None:
            self._chains.setdefault(place, []).append(by_raise[amount])

        if by_raise:
            for _ in range(min(goods.units, less_than // min(by_raise) + 1)):
                yield _Block(list(by_raise), choose)

    def _of_tie(self, place: int, tied: Tied, less_than: int) -> Iterator[_Block]:
        """A small tie has all its other totals; of a larger one each column may be left out."""
        part = tied.part()
        if Totals.can_tell(part):
            totals, cost = Totals(part), tied.solution.cost

            def choose_total(amount: int) -> None:
                self._solutions[place] = totals.solution(cost + amount)

            yield _Block(
                [total - cost for total in totals.all() if 0 < total - cost < less_than], choose_total
            )
            return
        for column, times in tied.solution.picks:

            def leave_out(_: int, column: Column = column) -> None:
                self._left_out.setdefault(place, []).append(column)

            for _ in range(times if column.gain < less_than else 0):
                yield _Block([column.gain], leave_out)

    def assignment(self) -> Assignment:
        before = self._before
        tied = [self._changed_tie(place, each) for place, each in enumerate(before.tied)]
        goods = [self._changed_goods(place, each) for place, each in enumerate(before.goods)]
        placed = {
            id(old): new for each in tied for old, new in zip(each.goods, each.solution.placed, strict=True)
        }
        for old, new in zip(before.goods, goods, strict=True):
            new.placed = placed.get(id(old), new.placed)
        return Assignment(goods, tied)

    def _changed_tie(self, place: int, tied: Tied) -> Tied:
        solution = self._solutions.get(place)
        if place in self._left_out:
            times = dict(tied.solution.picks)
            for column in self._left_out[place]:
                times[column] -= 1
            picks = [(column, used) for column, used in times.items() if used]
            solution = tied.part().solution(picks, is_exact=False)
        return tied if solution is None else tied._replace(solution=solution)

    def _changed_goods(self, place: int, goods: Goods) -> Goods:
        changed = Goods(goods.offer)
        changed.units, changed.lines, changed.placed = goods.units, goods.lines, goods.placed
        chains = self._chains.get(place)
        if chains:
            rest = goods.units - len(chains)
            changed.placed = (
                *((Placed(rest, goods.offer.solo, -1),) if rest else ()),
                *(Placed(1, chain, -1) for chain in chains),
            )
        return changed
