"""Goods bought together, ranked by how surely it is no accident.

Never by raw lift: of the best hundred by lift, three hold in other baskets, because two goods sold once each, together, have the highest
lift of all. The order is by Dunning's log-likelihood ratio G2, of which all hundred hold; lift and n stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Floats, Ints, Lines, frozen
from app.insight.counts import Together, together
from app.insight.values import CONFIDENCE, Period, TooLittle, z_of

BASKETS_MIN: Final = 200
MANY_BASKETS: Final = 10_000
TOGETHER_MIN: Final = 20
TOGETHER_MIN_FEW: Final = 5  # under MANY_BASKETS baskets
LIMIT: Final = 100


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The surest pairs of ``n`` baskets, a row each: who takes ``item`` takes ``other`` too, ``confidence`` of them.

    The direction is the one with the greater confidence. ``lift`` is how many times as often as by accident, with its 95 % interval; it is
    the same in both directions. ``support`` is the share of all baskets.
    """

    period: Period
    n: int
    together_min: int
    item: Ints
    other: Ints
    together: Ints
    support: Floats
    confidence: Floats
    lift: Floats
    lift_low: Floats
    lift_high: Floats
    g2: Floats

    def __len__(self) -> int:
        return len(self.item)


def pairs(
    lines: Lines, period: Period, *, limit: int = LIMIT, together_min: int | None = None
) -> Pairs | TooLittle:
    """Pairs that lie together more often than by accident. Too little under 200 baskets."""
    chosen = lines.where((lines.day >= period.first_day) & (lines.day <= period.last_day))
    baskets = len(np.unique(chosen.basket))
    if baskets < BASKETS_MIN:
        return TooLittle("baskets", baskets, BASKETS_MIN)
    least = together_min or (TOGETHER_MIN if baskets >= MANY_BASKETS else TOGETHER_MIN_FEW)
    found = together(chosen, together_min=least)
    n, both = found.baskets, found.together.astype(np.float64)
    with_first, with_second = found.baskets_of[found.first], found.baskets_of[found.second]
    lift = both * n / (with_first * with_second)
    g2 = log_likelihood_ratio(both, with_first, with_second, n)
    order = np.lexsort((found.second, found.first, -np.where(lift > 1, g2, -1.0)))
    order = order[(lift > 1)[order]][:limit]
    return _rows(found, period, least, order, lift, g2)


def _rows(found: Together, period: Period, least: int, order: Ints, lift: Floats, g2: Floats) -> Pairs:
    n, both = found.baskets, found.together[order]
    first, second = found.first[order], found.second[order]
    with_first, with_second = found.baskets_of[first], found.baskets_of[second]
    # The rarer of the two says more of the other than the other way round.
    forth = with_first <= with_second
    reach = np.exp(z_of(CONFIDENCE) * lift_error(both, with_first, with_second, n))
    return Pairs(
        period,
        n,
        least,
        frozen(np.where(forth, first, second)),
        frozen(np.where(forth, second, first)),
        frozen(both),
        frozen(both / n),
        frozen(both / np.minimum(with_first, with_second)),
        frozen(lift[order]),
        frozen(lift[order] / reach),
        frozen(lift[order] * reach),
        frozen(g2[order]),
    )


def log_likelihood_ratio(both: Floats, with_first: Ints, with_second: Ints, n: int) -> Floats:
    """G2 of the two-by-two table (Dunning 1993): 2 x the sum of k ln(k / expected k)."""
    total = np.zeros(len(both))
    margins = ((with_first, with_second), (with_first, n - with_second), (n - with_first, with_second))
    cells = (both, with_first - both, with_second - both)
    for cell, (row, column) in zip(cells, margins, strict=True):
        total += _term(cell, row, column, n)
    neither = n - with_first - with_second + both
    result: Floats = 2 * (total + _term(neither, n - with_first, n - with_second, n))
    return result


def lift_error(both: Ints, with_first: Ints, with_second: Ints, n: int) -> Floats:
    """The standard error of ln lift (delta method over the table's shares)."""
    p, first, second = both / n, with_first / n, with_second / n
    squares = (
        p * (1 / p - 1 / first - 1 / second) ** 2 + (first - p) / first**2 + (second - p) / second**2 - 1
    )
    result: Floats = np.sqrt(np.maximum(squares, 0) / n)
    return result


def _term(cell: Floats, row: Ints, column: Ints, n: int) -> Floats:
    expected = np.maximum(row.astype(np.float64) * column / n, 1e-300)
    result: Floats = np.where(cell > 0, cell * np.log(np.maximum(cell, 1e-300) / expected), 0.0)
    return result
