"""Counting over codes: rows grouped under each code, and how often two goods lie in one basket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Ints, Lines, distinct_pairs, frozen

BASKET_ITEMS_MAX: Final = 200  # more different goods than this on one ticket is a stock-take, not a purchase
PAIRS_AT_ONCE: Final = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows sorted by a code: those of code c are ``start[c]`` to ``start[c + 1]``."""

    start: Ints

    def rows(self, code: int) -> slice:
        """The rows of one code; none for a code that is not known."""
        if not 0 <= code < len(self.start) - 1:
            return slice(0, 0)
        return slice(int(self.start[code]), int(self.start[code + 1]))


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Pairs of goods (``first`` < ``second``) and how many of all ``baskets`` hold both; ``baskets_of[i]`` for each of the goods."""

    first: Ints
    second: Ints
    together: Ints
    baskets_of: Ints
    baskets: int


def grouped(code: Ints, count: int) -> Groups:
    """Of a column that is sorted by code."""
    return Groups(frozen(np.searchsorted(code, np.arange(count + 1))))


def code_count(code: Ints) -> int:
    return int(code.max()) + 1 if len(code) else 0


def together(lines: Lines, *, together_min: int = 1) -> Together:
    """Every pair that lies in ``together_min`` baskets or more. Goods in fewer baskets cannot be in such a pair and are not looked at."""
    items = code_count(lines.item)
    basket, item = distinct_pairs(lines.basket, lines.item, max(items, 1))
    size = np.bincount(basket) if len(basket) else np.zeros(1, dtype=np.int64)
    fits = size[basket] <= BASKET_ITEMS_MAX
    basket, item = basket[fits], item[fits]
    baskets_of = np.bincount(item, minlength=items)
    baskets = int((np.diff(basket) != 0).sum()) + 1 if len(basket) else 0
    often = baskets_of[item] >= together_min
    keys, counts = _pair_counts(basket[often], item[often].astype(np.int64), items)
    enough = counts >= together_min
    keys, counts = keys[enough], counts[enough]
    return Together(
        frozen(keys // max(items, 1)),
        frozen(keys % max(items, 1)),
        frozen(counts),
        frozen(baskets_of),
        baskets,
    )


def _pair_counts(basket: Ints, item: Ints, items: int) -> tuple[Ints, Ints]:
    """first x items + second of every two goods of a basket, and how often; a basket's goods are sorted."""
    if not len(basket):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    ends = np.flatnonzero(np.append(np.diff(basket) != 0, True))
    following = np.repeat(ends, np.diff(ends, prepend=-1)) - np.arange(len(basket))
    rows = np.flatnonzero(following > 0)
    distance, waiting, parts, many = 1, 0, [], []
    while len(rows):
        many.append(item[rows] * items + item[rows + distance])
        waiting += len(rows)
        distance += 1
        rows = rows[following[rows] >= distance]
        if waiting >= PAIRS_AT_ONCE or not len(rows):
            parts.append(np.unique(np.concatenate(many), return_counts=True))
            waiting, many = 0, []
    return _merged(parts)


def _merged(parts: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    if len(parts) == 1:
        return parts[0]
    keys, place = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    counts = np.bincount(place, weights=np.concatenate([part[1] for part in parts])).astype(np.int64)
    return keys, counts
