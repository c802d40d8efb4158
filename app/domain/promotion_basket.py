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
from app.domain.promotion_book import Rule

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
    reached = [
        rule for rule in rules if rule.promotion.thresholds[0].amount <= _base(rule, amounts, covered_by)
    ]
    if not reached:
        return ()
    best: tuple[BasketOff, ...] = ()
    best_off = 0
    for combination in _combinations(reached):
        offs = _applied(combination, amounts, covered_by)
        off = sum(each.off for each in offs)
        if off > best_off:
            best, best_off = offs, off
    return best


def off_at(threshold: Threshold, amount: int) -> int:
    """What a threshold takes off an amount."""
    if threshold.kind is RewardKind.AMOUNT:
        return min(threshold.value, amount)
    return round_half_up(amount * threshold.value, PERCENT_WHOLE)


def _combinations(reached: Sequence[Rule]) -> Iterator[tuple[Rule, ...]]:
    """Each one alone in the fixed order, then those that may apply together: one of each stacking group at most."""
    yield from ((rule,) for rule in reached)
    by_group: dict[str, list[Rule | None]] = {}
    for rule in [rule for rule in reached if rule.is_combinable][:COMBINED_MAX]:
        by_group.setdefault(rule.group, [None]).append(rule)
    if len(by_group) > 1:
        for choice in product(*by_group.values()):
            chosen = [rule for rule in choice if rule is not None]
            if len(chosen) > 1:
                yield tuple(sorted(chosen, key=lambda rule: rule.index))


def _applied(
    combination: Sequence[Rule], amounts: Sequence[int], covered_by: Sequence[int]
) -> tuple[BasketOff, ...]:
    left, offs = list(amounts), []
    for rule in combination:
        reached = [t for t in rule.promotion.thresholds if t.amount <= _base(rule, amounts, covered_by)]
        lines = [line for line, covering in enumerate(covered_by) if covering & rule.bit]
        weights = [left[line] for line in lines]
        threshold = max(reached, key=lambda threshold: off_at(threshold, sum(weights)))
        off = off_at(threshold, sum(weights))
        shares = tuple(
            (line, share) for line, share in zip(lines, allocate(off, weights), strict=True) if share
        )
        for line, share in shares:
            left[line] -= share
        offs.append(BasketOff(rule, threshold, off, shares))
    return tuple(offs)


def _base(rule: Rule, amounts: Sequence[int], covered_by: Sequence[int]) -> int:
    return sum(amount for amount, covering in zip(amounts, covered_by, strict=True) if covering & rule.bit)
