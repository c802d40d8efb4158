"""The best set of columns for a part: the cheapest way to use promotions that compete for the same units.

The answer depends on the part's content alone, and the effort is limited by counting steps, never by time: the same goods get the same
prices on a slow machine.

    one promotion on bundles        exact, over the units in order of price      (promotion_single)
    SMALL_UNITS at most             branch and bound over all columns, exact
    COLUMNS_MAX columns at most     the same where that ends within NODES_MAX steps, otherwise greedy and exchanges of columns
    more than that                  greedy runs and exchanges over the columns that these meet      (promotion_greedy)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.domain.promotion_greedy import columns_met
from app.domain.promotion_packing import Needs, Packing
from app.domain.promotion_part import SCALE, Part, Solution
from app.domain.promotion_single import best_of_one

COLUMNS_MAX: Final = 100
BRANCHED_UNITS_MAX: Final = 200  # keeps the recursion shallow
NODES_MAX: Final = 150
SMALL_UNITS: Final = 8
SMALL_NODES_MAX: Final = 20_000
ATTEMPTS_MAX: Final = 60


def solve(part: Part) -> Solution:
    """The best solution of the part, or a good one where looking at everything would take too long."""
    single = best_of_one(part)
    if single is not None:
        return part.solution(single, is_exact=True)
    units = sum(part.counts)
    is_small = units <= SMALL_UNITS
    has_all_columns = is_small or (units <= BRANCHED_UNITS_MAX and part.column_count() <= COLUMNS_MAX)
    packing = Packing(part, part.columns() if has_all_columns else columns_met(part))
    times = packing.packed()
    is_exact = has_all_columns and packing.gain(times) == packing.bound
    if has_all_columns and not is_exact:
        times, is_exact = Branching(packing, SMALL_NODES_MAX if is_small else NODES_MAX).best(times)
    if not is_exact:
        times = packing.improved(times, ATTEMPTS_MAX)
    return part.solution(packing.picks(times), is_exact=is_exact)


class _Move(NamedTuple):
    """A column as the branching sees it, with what it needs in the branching's order of places."""

    number: int
    gain: int
    price: int
    needs: Needs


class Branching:
    """Depth-first branch and bound.

    Units are settled offer by offer: a node uses one more column that begins with the current offer (never one before the last
    used, so that no set is met twice), or leaves the rest of the offer alone. Two things cut the tree: what the room left is worth
    at the packing's prices bounds what can still be gained; and whoever begins an offer with the same room left as another before, and no
    more gain, can be left. Offers that share columns are neighbours in the order, so that the second cut takes loosely tied goods apart.
    """

    def __init__(self, packing: Packing, nodes_max: int) -> None:
        order = [*_neighbours_together(packing), *range(packing.goods, len(packing.rooms))]
        position_of = {place: position for position, place in enumerate(order)}
        self._packing = packing
        self._nodes_left = nodes_max
        self._left = [packing.rooms[place] for place in order]
        self._prices = [packing.prices[place] for place in order]
        self._moves: list[list[_Move]] = [[] for _ in range(packing.goods)]
        for number, gain in enumerate(packing.gains):
            needs = tuple(sorted([(position_of[place], room) for place, room in packing.needs[number]]))
            price = sum([self._prices[position] * room for position, room in needs])
            self._moves[needs[0][0]].append(_Move(number, gain, price, needs))
        self._seen: dict[tuple[int, ...], int] = {}
        self._path: list[int] = []
        self._best_gain = 0
        self._best_path: list[int] | None = None

    def best(self, start: Sequence[int]) -> tuple[list[int], bool]:
        """The best choice, and whether that is proven. Never worse than ``start``."""
        self._best_gain = self._packing.gain(start)
        self._begin(0, 0, sum(room * price for room, price in zip(self._left, self._prices, strict=True)))
        times = list(start)
        if self._best_path is not None:
            times = [0] * len(start)
            for number in self._best_path:
                times[number] += 1
        return times, self._nodes_left >= 0

    def _begin(self, place: int, gain: int, bound: int) -> None:
        """Go on with a new offer. ``bound`` is what the room left can gain at most, in SCALE parts."""
        left, moves = self._left, self._moves
        while place < len(moves) and not (moves[place] and left[place]):
            bound -= left[place] * self._prices[place]
            place += 1
        if place == len(moves) or gain + bound // SCALE <= self._best_gain:
            return
        key = (place, *left[place:])
        if self._seen.get(key, -1) < gain:
            self._seen[key] = gain
            self._descend(place, 0, gain, bound)

    def _descend(self, place: int, first: int, gain: int, bound: int) -> None:
        """Use one more column that begins with this offer, or leave the rest of it."""
        self._nodes_left -= 1
        if self._nodes_left < 0:
            return
        left, moves = self._left, self._moves[place]
        for position in range(first, len(moves)):
            if gain + bound // SCALE <= self._best_gain:
                return
            number, more, price, needs = moves[position]
            if gain + more + (bound - price) // SCALE <= self._best_gain:
                continue
            for needed, room in needs:
                if left[needed] < room:
                    break
            else:
                for needed, room in needs:
                    left[needed] -= room
                self._path.append(number)
                if gain + more > self._best_gain:
                    self._best_gain, self._best_path = gain + more, self._path.copy()
                self._descend(place, position, gain + more, bound - price)
                self._path.pop()
                for needed, room in needs:
                    left[needed] += room
        room, left[place] = left[place], 0
        self._begin(place + 1, gain, bound - room * self._prices[place])
        left[place] = room


def _neighbours_together(packing: Packing) -> list[int]:
    """The offers' places in an order in which those that share columns stand near each other (breadth first)."""
    neighbours: list[set[int]] = [set() for _ in range(packing.goods)]
    for column in packing.columns:
        for place, _ in column.uses:
            neighbours[place].update([other for other, _ in column.uses])
    order: list[int] = []
    is_placed = [False] * packing.goods
    for start in range(packing.goods):
        queue = [] if is_placed[start] else [start]
        for place in queue:
            if not is_placed[place]:
                is_placed[place] = True
                order.append(place)
                queue += sorted(neighbours[place])
    return order
