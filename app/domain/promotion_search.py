"""The best set of columns for a part: the cheapest way to use promotions that compete for the same units.

The answer depends on the part's content alone, and the effort is limited by counting steps, never by time: the same goods get the same
prices on a slow machine.

    one promotion on bundles     exact, over the units in order of price      (promotion_single)
    COLUMNS_MAX columns at most  branch and bound over all of them, exact when it ends within NODES_MAX steps
    more than that               greedy from several starts, then branch and bound over the columns that these found
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from app.domain.promotion import PromotionKind
from app.domain.promotion_book import Rule
from app.domain.promotion_part import SCALE, Column, Part, Pick, Solution
from app.domain.promotion_single import best_of_one

COLUMNS_MAX: Final = 240
NODES_MAX: Final = 1_500
BRANCHED_UNITS_MAX: Final = 48
STARTS_MAX: Final = 8
WINDOWS_MAX: Final = 6


def solve(part: Part) -> Solution:
    """The best solution of the part, or a good one where looking at everything would take too long."""
    single = best_of_one(part)
    if single is not None:
        return part.solution(single, is_exact=True)
    can_branch = sum(part.counts) <= BRANCHED_UNITS_MAX
    if can_branch and part.column_count() <= COLUMNS_MAX:
        columns = sorted(part.columns(), key=lambda column: column.rank)
        picks, is_finished = _Branching(part, columns).best(_packed(part, columns))
        return part.solution(picks, is_exact=is_finished)
    picks, found = _greedy_from_several_starts(part)
    if can_branch:
        picks, _ = _Branching(part, sorted(found, key=lambda column: column.rank)).best(picks)
    return part.solution(picks, is_exact=False)


def gain_of(picks: Iterable[Pick]) -> int:
    return sum(column.gain * times for column, times in picks)


class _Branching:
    """Depth-first branch and bound.

    Units are settled offer by offer: a node uses one more column that begins with the current offer (never one before the last
    used, so that no set is met twice), or leaves the rest of the offer alone. The bound is a price for each unit such that no
    column gains more than the prices of its units together (a feasible dual of the packing problem).
    """

    def __init__(self, part: Part, columns: Sequence[Column]) -> None:
        self._left = list(part.counts)
        self._limits = dict(part.limits)
        self._prices = _unit_prices(part, columns)
        self._starting_at: list[list[Column]] = [[] for _ in part.offers]
        for column in columns:
            self._starting_at[column.uses[0][0]].append(column)
        self._nodes = 0
        self._path: list[Column] = []
        self._best_gain = 0
        self._best_path: list[Column] | None = None

    def best(self, start: Sequence[Pick]) -> tuple[list[Pick], bool]:
        """The best picks, and whether that is proven. Never worse than ``start``."""
        self._best_gain = gain_of(start)
        bound = sum(units * price for units, price in zip(self._left, self._prices, strict=True))
        self._descend(0, 0, 0, bound)
        is_finished = self._nodes <= NODES_MAX
        if self._best_path is None:
            return list(start), is_finished
        return _counted(self._best_path), is_finished

    def _descend(self, place: int, first: int, gain: int, bound: int) -> None:
        """``bound`` is what the units left can gain at most, in SCALE parts."""
        if gain > self._best_gain:
            self._best_gain, self._best_path = gain, self._path.copy()
        if place == len(self._left) or gain + bound // SCALE <= self._best_gain:
            return
        columns = self._starting_at[place]
        for position in range(first, len(columns)):
            column = columns[position]
            if not self._fits(column):
                continue
            self._nodes += 1
            if self._nodes > NODES_MAX:
                return
            used = self._use(column, 1)
            self._path.append(column)
            self._descend(place, position, gain + column.gain, bound - used)
            self._path.pop()
            self._use(column, -1)
        units, self._left[place] = self._left[place], 0
        self._descend(place + 1, 0, gain, bound - units * self._prices[place])
        self._left[place] = units

    def _fits(self, column: Column) -> bool:
        left = self._left
        for place, units in column.uses:
            if left[place] < units:
                return False
        return self._limits.get(column.rule, 1) > 0

    def _use(self, column: Column, times: int) -> int:
        """Take the column's units, or give them back; returns their prices together."""
        price = 0
        for place, units in column.uses:
            self._left[place] -= units * times
            price += units * self._prices[place]
        if column.rule in self._limits:
            self._limits[column.rule] -= times
        return price


def _unit_prices(part: Part, columns: Sequence[Column]) -> list[int]:
    """For each offer a price of a unit, in SCALE parts, so low that lowering any one more would break the bound."""
    prices = [0] * len(part.offers)
    containing: list[list[Column]] = [[] for _ in part.offers]
    for column in columns:
        share = -(-column.gain * SCALE // column.size)
        for place, _ in column.uses:
            containing[place].append(column)
            prices[place] = max(prices[place], share)
    # The offers with most units first: there a lower price helps most.
    for place in sorted(range(len(prices)), key=lambda place: (-part.counts[place], place)):
        lowest = 0
        for column in containing[place]:
            others = sum(prices[other] * units for other, units in column.uses if other != place)
            own = next(units for other, units in column.uses if other == place)
            lowest = max(lowest, -((others - column.gain * SCALE) // own))
        prices[place] = min(prices[place], lowest)
    return prices


def _packed(part: Part, columns: Sequence[Column]) -> list[Pick]:
    """Greedy: the best column as often as it fits, then the next."""
    left, limits = list(part.counts), dict(part.limits)
    picks = []
    for column in columns:
        times = _fitting(column, left, limits)
        if times:
            _take(column, times, left, limits)
            picks.append((column, times))
    return picks


def _greedy_from_several_starts(part: Part) -> tuple[list[Pick], set[Column]]:
    """The best of several greedy runs: one plain, then one for each of the first promotions going before all others."""
    found: set[Column] = set()
    rules = list(part.rules.values())
    best = _greedy(part, [], rules, found)
    if len(rules) > 1:
        for rule in rules[:STARTS_MAX]:
            picks = _greedy(part, [rule], rules, found)
            if gain_of(picks) > gain_of(best):
                best = picks
    return best, found


def _greedy(part: Part, first: Sequence[Rule], rules: Sequence[Rule], found: set[Column]) -> list[Pick]:
    """Again and again the best bundle that the units left allow, of the rules in ``first`` while they gain, then of all."""
    left, limits = list(part.counts), dict(part.limits)
    picks: list[Pick] = []
    for allowed in (first, rules):
        while True:
            columns = [column for rule in allowed for column in _windows(part, rule, left, limits)]
            if not columns:
                break
            found.update(columns)
            column = min(columns, key=lambda column: column.rank)
            times = _fitting(column, left, limits)
            _take(column, times, left, limits)
            picks.append((column, times))
    return picks


def _windows(part: Part, rule: Rule, left: Sequence[int], limits: dict[int, int]) -> list[Column]:
    """Bundles of neighbouring prices among the units left: the dearest that fill one, and those from the next offers on."""
    if limits.get(rule.index, 1) <= 0:
        return []
    places = [place for place in part.eligible[rule.index] if left[place]]
    if rule.promotion.kind is PromotionKind.MIX_MATCH:
        filled = _mixed(part, rule, places, left)
        candidates = [filled] if filled else []
    else:
        size = rule.size or 1
        starts = range(min(len(places), WINDOWS_MAX))
        candidates = [filled for start in starts if (filled := _filled(places[start:], left, size))]
    return [column for uses in candidates if (column := part.column(rule, uses))]


def _filled(places: Sequence[int], left: Sequence[int], size: int) -> list[tuple[int, int]]:
    """The first ``size`` units from these places, or nothing when there are fewer."""
    uses = []
    for place in places:
        units = min(left[place], size)
        uses.append((place, units))
        size -= units
        if size == 0:
            return uses
    return []


def _mixed(part: Part, rule: Rule, places: Sequence[int], left: Sequence[int]) -> list[tuple[int, int]]:
    """The dearest units for each group, the group with the smallest choice first."""
    rest, uses = list(left), dict.fromkeys(places, 0)
    members = [
        [place for place in places if number in part.offers[place].groups[rule.index]]
        for number in range(len(rule.promotion.groups))
    ]
    for number in sorted(range(len(members)), key=lambda number: (len(members[number]), number)):
        filled = _filled(members[number], rest, rule.promotion.groups[number].count)
        if not filled:
            return []
        for place, units in filled:
            rest[place] -= units
            uses[place] += units
    return [(place, units) for place, units in uses.items() if units]


def _fitting(column: Column, left: Sequence[int], limits: dict[int, int]) -> int:
    """How often the column fits."""
    times = min(left[place] // units for place, units in column.uses)
    return min(times, limits.get(column.rule, times))


def _take(column: Column, times: int, left: list[int], limits: dict[int, int]) -> None:
    for place, units in column.uses:
        left[place] -= units * times
    if column.rule in limits:
        limits[column.rule] -= times


def _counted(path: Sequence[Column]) -> list[Pick]:
    times: dict[Column, int] = {}
    for column in path:
        times[column] = times.get(column, 0) + 1
    return list(times.items())
