"""What else to offer with the goods on the counter: learnt at night from all baskets, answered in less than a millisecond.

Weights are those of EASE over baskets (Steck 2019, arXiv 1905.03375): what a good says of another beyond what the rest of the basket
says already. The best sellers stay out of it as long as nothing in the basket speaks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Ints, Lines, frozen
from app.insight.counts import code_count, together
from app.insight.values import TooLittle

BASKETS_MIN: Final = 500
ITEMS_MAX: Final = 3_000
RIDGE: Final = 500.0
OFFERS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Companions:
    """``n`` baskets taught it. ``place_of[item]`` is the item's row, -1 for goods sold too seldom; ``baskets[row, row']`` counts both."""

    n: int
    item: Ints
    place_of: Ints
    weights: NDArray[np.float32]
    baskets: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Offer:
    """``item`` goes with ``because``, which lay in ``of`` baskets, in ``together`` of them with it."""

    item: int
    because: int
    together: int
    of: int
    weight: float


def train(lines: Lines, *, ridge: float = RIDGE, items_max: int = ITEMS_MAX) -> Companions | TooLittle:
    """Over the ``items_max`` goods sold most often. Too little under 500 baskets."""
    found = together(lines)
    if found.baskets < BASKETS_MIN:
        return TooLittle("baskets", found.baskets, BASKETS_MIN)
    kept = np.sort(np.argsort(-found.baskets_of, kind="stable")[:items_max])
    kept = kept[found.baskets_of[kept] > 0]
    place_of = np.full(code_count(lines.item), -1, dtype=np.int64)
    place_of[kept] = np.arange(len(kept))
    counts = np.zeros((len(kept), len(kept)), dtype=np.int32)
    first, second = place_of[found.first], place_of[found.second]
    inside = (first >= 0) & (second >= 0)
    counts[first[inside], second[inside]] = found.together[inside]
    counts += counts.T
    np.fill_diagonal(counts, found.baskets_of[kept])
    inverse = np.linalg.inv(counts.astype(np.float64) + ridge * np.eye(len(kept)))
    inverse /= -np.diag(inverse)
    np.fill_diagonal(inverse, 0.0)
    return Companions(
        found.baskets,
        frozen(kept),
        frozen(place_of),
        frozen(inverse.astype(np.float32)),
        frozen(counts),
    )


def offers(model: Companions, basket: Ints, *, limit: int = OFFERS) -> tuple[Offer, ...]:
    """The goods that fit what lies on the counter best, none of which lies there yet; fewer where nothing speaks for more."""
    known = basket[(basket >= 0) & (basket < len(model.place_of))]
    rows = np.unique(model.place_of[known])
    rows = rows[rows >= 0]
    if not len(rows):
        return ()
    votes = model.weights[rows]
    score = votes.sum(axis=0)
    score[rows] = -np.inf
    count = min(limit, len(score) - len(rows))
    best = np.argpartition(-score, max(count - 1, 0))[:count]
    best = best[np.lexsort((best, -score[best]))]
    return tuple(
        _offer(model, int(row), int(rows[np.argmax(votes[:, row])]), float(score[row]))
        for row in best
        if score[row] > 0
    )


def _offer(model: Companions, row: int, reason: int, weight: float) -> Offer:
    return Offer(
        int(model.item[row]),
        int(model.item[reason]),
        int(model.baskets[row, reason]),
        int(model.baskets[reason, reason]),
        weight,
    )
