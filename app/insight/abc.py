"""ABC by what goods bring, XYZ by how evenly they sell, and the grid of both.

A while the goods before it bring under 80 %, B under 95 %: so the first is always an A, even where it brings everything. Goods on sale for
less than eight weeks are N: their week-to-week swings say nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Bools, Floats, Ints, frozen, sums
from app.insight.values import Period, TooLittle

A_SHARE: Final = 0.8
B_SHARE: Final = 0.95
EDGE: Final = 0.02
STEADY_MAX: Final = 0.5
VARIED_MAX: Final = 1.0
NEW_WEEKS: Final = 8
ITEMS_MIN: Final = 10
WEEK_DAYS: Final = 7


class ByWorth(IntEnum):
    A = 0
    B = 1
    C = 2


class BySteadiness(IntEnum):
    X = 0  # the weeks vary by less than half of their mean
    Y = 1  # by less than their mean
    Z = 2
    N = 3  # new: on sale for less than eight weeks


@dataclass(frozen=True, slots=True, eq=False)
class Abc:
    """A row for each item with sales in the period, the worthiest first. ``share_before`` decides the class.

    ``is_near_edge``: within two points of the next class; do not rebuild a shelf for it. ``grid[worth, steadiness]`` counts items.
    """

    period: Period
    n: int
    item: Ints
    worth: NDArray[np.int64]
    share_before: Floats
    by_worth: NDArray[np.int8]
    variation: Floats
    by_steadiness: NDArray[np.int8]
    is_near_edge: Bools
    grid: Ints


def abc(item: Ints, day: Ints, worth: Ints, quantity: Ints, period: Period) -> Abc | TooLittle:
    """From a row for each line: what it brought (margin or net, minor units) and how many (thousandths); returns below zero.

    Too little under 10 items.
    """
    inside = (day >= period.first_day) & (day <= period.last_day)
    item, day, worth, quantity = item[inside], day[inside], worth[inside], quantity[inside]
    count = int(item.max()) + 1 if len(item) else 0
    sold = np.flatnonzero(np.bincount(item, minlength=count))
    if len(sold) < ITEMS_MIN:
        return TooLittle("items", len(sold), ITEMS_MIN)
    total = sums(item, worth, count)[sold]
    order = np.lexsort((sold, -total))
    total, sold = total[order], sold[order]
    positive = np.maximum(total, 0)
    before = (np.cumsum(positive) - positive) / max(int(positive.sum()), 1)
    by_worth = ((before >= A_SHARE).astype(np.int8) + (before >= B_SHARE)).astype(np.int8)
    by_worth[total <= 0] = ByWorth.C
    variation, is_new = _variation(item, day, quantity, sold, period)
    by_steadiness = ((variation >= STEADY_MAX).astype(np.int8) + (variation >= VARIED_MAX)).astype(np.int8)
    by_steadiness[is_new] = BySteadiness.N
    near = np.minimum(np.abs(before - A_SHARE), np.abs(before - B_SHARE)) < EDGE
    cell = by_worth.astype(np.int64) * len(BySteadiness) + by_steadiness
    size = len(ByWorth) * len(BySteadiness)
    return Abc(
        period,
        len(sold),
        frozen(sold),
        frozen(total),
        frozen(before),
        frozen(by_worth),
        frozen(variation),
        frozen(by_steadiness),
        frozen(near),
        frozen(np.bincount(cell, minlength=size).reshape(len(ByWorth), len(BySteadiness))),
    )


def _variation(item: Ints, day: Ints, quantity: Ints, sold: Ints, period: Period) -> tuple[Floats, Bools]:
    """Standard deviation / mean of the whole weeks since an item was first sold, counted back from the period's end; and who is new."""
    weeks = max(1, period.days // WEEK_DAYS)
    back = (period.last_day - day) // WEEK_DAYS
    place = np.full(int(sold.max()) + 1, -1, dtype=np.int64)
    place[sold] = np.arange(len(sold))
    oldest = np.zeros(len(sold), dtype=np.int64)
    np.maximum.at(oldest, place[item], back)
    inside = back < weeks
    sold_by_week = np.bincount(
        place[item][inside] * weeks + back[inside], weights=quantity[inside], minlength=len(sold) * weeks
    ).reshape(-1, weeks)
    lived = np.minimum(oldest + 1, weeks)
    mean = sold_by_week.sum(axis=1) / lived
    squares = (sold_by_week**2).sum(axis=1) / lived - mean**2
    variation = np.where(mean > 0, np.sqrt(np.maximum(squares, 0)) / np.where(mean > 0, mean, 1.0), np.inf)
    return variation, lived < NEW_WEEKS
