"""Good columns of a part that has too many to look at all: those that greedy runs meet.

A run takes, again and again, the column that gains most for each unit. What it meets depends on the part's content alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.promotion import PromotionKind
from app.domain.promotion_offer import Rule
from app.domain.promotion_part import Column, Part

STARTS_MAX: Final = 4
WINDOWS_MAX: Final = 4


def columns_met(part: Part) -> list[Column]:
    """The columns that several greedy runs meet: one plain, and in each of the others one promotion goes before all others."""
    at_first = {rule.index: _best_window(part, rule, part.counts) for rule in part.rules.values()}
    promising = sorted((column for column in at_first.values() if column), key=lambda column: column.rank)
    found = set(promising)
    _run(part, at_first, None, found)
    if len(promising) > 1:
        for column in promising[:STARTS_MAX]:
            _run(part, at_first, column.rule, found)
    return list(found)


def _run(part: Part, at_first: dict[int, Column | None], first: int | None, found: set[Column]) -> None:
    """Take the best column that the units left allow, until none gains; those of the promotion ``first`` before all others."""
    left, limits = list(part.counts), dict(part.limits)
    best = {index: column for index, column in at_first.items() if column is not None}
    while best:
        column = best[first] if first in best else min(best.values(), key=lambda column: column.rank)
        times = _fitting(column, left, limits)
        if times:
            _take(column, times, left, limits)
        # Others are looked at again when their turn comes and their column no longer fits.
        following = _best_window(part, part.rules[column.rule], left) if limits.get(column.rule, 1) else None
        if following is None:
            del best[column.rule]
        else:
            best[column.rule] = following
            found.add(following)


def _best_window(part: Part, rule: Rule, left: Sequence[int]) -> Column | None:
    """The best of a few bundles of neighbouring prices among the units left, from the dearest on."""
    places = [place for place in part.eligible[rule.index] if left[place]]
    if rule.promotion.kind is PromotionKind.MIX_MATCH:
        filled = _mixed(part, rule, places, left)
        return part.column(rule, filled) if filled else None
    # With N for a price the dearest units gain most; elsewhere the next ones may.
    windows = 1 if rule.promotion.kind is PromotionKind.N_FOR_PRICE else WINDOWS_MAX
    best: Column | None = None
    for start in range(min(len(places), windows)):
        filled = _filled(places[start:], left, rule.size or 1)
        if not filled:
            break
        column = part.column(rule, filled)
        if column is not None and (best is None or column.gain > best.gain):
            best = column
    return best


def _filled(places: Sequence[int], left: Sequence[int], size: int) -> list[tuple[int, int]]:
    """The first ``size`` units from these places, or nothing when there are fewer."""
    uses = []
    for place in places:
        units = left[place]
        if units >= size:
            uses.append((place, size))
            return uses
        if units:
            uses.append((place, units))
            size -= units
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
