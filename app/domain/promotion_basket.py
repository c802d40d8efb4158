"""Basket-threshold promotions: what a basket gets for reaching an amount.

They come after item-level promotions and the line discounts that people gave, and count what their goods cost then. Which
thresholds are reached is settled before any of them takes something off. Several apply together only when all of them are combinable
and of different stacking groups, by priority and code, each on what the one before left; otherwise the best one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from app.domain.money import allocate, round_half_up
from app.domain.promotion import PERCENT_WHOLE, RewardKind, Threshold
from app.domain.promotion_offer import Rule

COMBINED_MAX: Final = 6


class BasketOff(NamedTuple):
    """What one basket promotion takes off, for reaching which threshold; ``shares`` are (line, minor units off), in basket order."""

    rule: Rule
    threshold: Threshold
    off: int
    shares: tuple[tuple[int, int], ...]


def best_basket_offs(
    rules: Sequence[Rule], amounts: Sequence[int], covered_by: Sequence[int]
) -> tuple[BasketOff, ...]:
    """The basket promotions that take most off. ``amounts`` are what the lines cost, ``covered_by`` the bits of the rules covering each."""
    reached = [each for rule in rules if (each := _reached(rule, amounts, covered_by)).thresholds]
    best: tuple[BasketOff, ...] = ()
    best_off = 0
    for combination in _combinations(reached):
        offs = _applied(combination, amounts)
        off = sum(each.off for each in offs)
        if off > best_off:
            best, best_off = offs, off
    return best


def can_apply_together(one: Rule, other: Rule) -> bool:
    return one.is_combinable and other.is_combinable and one.group != other.group


def off_at(threshold: Threshold, amount: int) -> int:
    """What a threshold takes off an amount."""
    if threshold.kind is RewardKind.AMOUNT:
        return min(threshold.value, amount)
    return round_half_up(amount * threshold.value, PERCENT_WHOLE)


class _Reached(NamedTuple):
    """A promotion, the lines that count for it, and the thresholds that they reach."""

    rule: Rule
    lines: list[int]
    thresholds: list[Threshold]


def _reached(rule: Rule, amounts: Sequence[int], covered_by: Sequence[int]) -> _Reached:
    lines = [line for line, covering in enumerate(covered_by) if covering & rule.bit]
    amount = sum([amounts[line] for line in lines])
    return _Reached(rule, lines, [each for each in rule.promotion.thresholds if each.amount <= amount])


def _combinations(reached: Sequence[_Reached]) -> Iterator[tuple[_Reached, ...]]:
    """Each one alone in the fixed order, then those that may apply together: one of each stacking group at most."""
    yield from ((each,) for each in reached)
    by_group: dict[str, list[_Reached | None]] = {}
    for each in [each for each in reached if each.rule.is_combinable][:COMBINED_MAX]:
        by_group.setdefault(each.rule.group, [None]).append(each)
    if len(by_group) > 1:
        for choice in product(*by_group.values()):
            chosen = [each for each in choice if each is not None]
            if len(chosen) > 1:
                yield tuple(sorted(chosen, key=lambda each: each.rule.index))


def _applied(combination: Sequence[_Reached], amounts: Sequence[int]) -> tuple[BasketOff, ...]:
    left, offs = list(amounts), []
    for rule, lines, thresholds in combination:
        weights = [left[line] for line in lines]
        amount = sum(weights)
        threshold = max(thresholds, key=lambda threshold: off_at(threshold, amount))
        off = off_at(threshold, amount)
        shares = tuple(
            [(line, share) for line, share in zip(lines, allocate(off, weights), strict=True) if share]
        )
        for line, share in shares:
            left[line] -= share
        offs.append(BasketOff(rule, threshold, off, shares))
    return tuple(offs)
