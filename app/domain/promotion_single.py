"""The exact answer for goods that only one bundle promotion competes for, over the units in order of price.

Among the units that enter bundles at all, the dearest go together, then the next: any other grouping gives away cheaper units. So each
unit, from the dearest on, either stands alone or takes the next place in the bundle being filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.money import round_half_up
from app.domain.promotion import PERCENT_WHOLE, PromotionKind
from app.domain.promotion_offer import Rule
from app.domain.promotion_part import Column, Part, Pick

UNITS_MAX: Final = 300
_NEVER: Final = -(10**15)


def best_of_one(part: Part) -> list[Pick] | None:
    """The best bundles, or None when the part is not of this kind (or larger than UNITS_MAX)."""
    if len(part.rules) != 1 or part.limits:
        return None
    (rule,) = part.rules.values()
    if rule.promotion.kind not in (PromotionKind.N_FOR_PRICE, PromotionKind.BUY_X_GET_Y):
        return None
    if len(part.offers) == 1:
        return _of_equal_units(part, rule)
    if sum(part.counts) > UNITS_MAX:
        return None
    by_price = sorted(
        range(len(part.offers)), key=lambda place: (-part.offers[place].within[rule.index].price, place)
    )
    units = [place for place in by_price for _ in range(part.counts[place])]
    return _bundled(part, rule, _chosen(part, rule, units))


def _of_equal_units(part: Part, rule: Rule) -> list[Pick]:
    times, size = part.counts[0] // rule.size, rule.size
    column = part.column(rule, ((0, size),)) if times else None
    return [(column, times)] if column else []


def _chosen(part: Part, rule: Rule, units: Sequence[int]) -> list[int]:
    """The units that enter bundles. ``best[filled]`` is the greatest gain with that many places of a bundle filled."""
    size = rule.size
    gains = [_gains(part, rule, place) for place in range(len(part.offers))]
    best = [0] + [_NEVER] * (size - 1)
    taken: list[
        int
    ] = []  # of each unit: a bit for each number of places filled after it that is best reached by taking it
    for place in units:
        after, bits = best.copy(), 0
        for filled, gain in enumerate(gains[place]):
            filled_after = (filled + 1) % size
            if best[filled] + gain > after[filled_after]:
                after[filled_after] = best[filled] + gain
                bits |= 1 << filled_after
        best = after
        taken.append(bits)
    chosen, filled = [], 0
    for place, bits in zip(reversed(units), reversed(taken), strict=True):
        if bits >> filled & 1:
            chosen.append(place)
            filled = (filled - 1) % size
    return chosen[::-1]


def _gains(part: Part, rule: Rule, place: int) -> list[int]:
    """What a unit of this offer gains in each place of a bundle, from the dearest unit's to the cheapest's."""
    offer, promotion, size = part.offers[place], rule.promotion, rule.size
    alone, inside = offer.solo.price, offer.within[rule.index].price
    if promotion.kind is PromotionKind.N_FOR_PRICE:
        return [alone] * (size - 1) + [alone - promotion.price]
    off = round_half_up(inside * promotion.y_percent_off, PERCENT_WHOLE)
    return [alone - inside] * promotion.x + [alone - inside + off] * promotion.y


def _bundled(part: Part, rule: Rule, chosen: Sequence[int]) -> list[Pick]:
    times: dict[Column, int] = {}
    for start in range(0, len(chosen), rule.size):
        bundle = chosen[start : start + rule.size]
        uses = [(place, bundle.count(place)) for place in sorted(set(bundle))]
        column = part.column(rule, uses)
        # A bundle that gains nothing is left out; it was chosen only among equals.
        if column is not None:
            times[column] = times.get(column, 0) + 1
    return list(times.items())
