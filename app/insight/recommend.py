"""What a member will buy next: what they bought before, the more often and the more lately the better.

People buy again. On real groceries this plain rule finds twice as much of the next basket as matrix factorisation and neighbours do. The
shop's best sellers only break ties and fill the list of who bought little; for something new there is `cross_sell`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Floats, Ints, Lines, distinct_pairs, frozen
from app.insight.counts import Groups, code_count, grouped
from app.insight.values import TooLittle

HALF_LIFE_DAYS: Final = 180.0
TIE_WEIGHT: Final = 0.01
BASKETS_MIN: Final = 30
LIMIT: Final = 10
HABIT_MIN: Final = 3
GAP_DAYS_MIN: Final = 7
LATE_MIN, LATE_MAX = 1.0, 3.0


@dataclass(frozen=True, slots=True, eq=False)
class NextPurchase:
    """Trained on ``n`` baskets until ``last_day``. A row for each (member, item), each member's sorted from the likeliest on.

    ``bought`` counts days; ``first_day`` and ``bought_on`` are the first and the latest. ``best_sellers`` are items by how many members
    bought them (by how many baskets held them where no member did).
    """

    n: int
    last_day: int
    of_member: Groups
    item: Ints
    score: Floats
    bought: Ints
    first_day: Ints
    bought_on: Ints
    best_sellers: Ints


@dataclass(frozen=True, slots=True)
class Likely:
    """An item for the till. ``gap_days`` is the member's own mean between two purchases of it, None under three; own: bought before."""

    item: int
    is_own: bool
    bought: int
    days_since: int | None
    gap_days: float | None


def train(lines: Lines, last_day: int, *, half_life_days: float = HALF_LIFE_DAYS) -> NextPurchase | TooLittle:
    """Learn from everything until ``last_day``, included: lines after it are not looked at. Too little under 30 baskets."""
    known = lines.where(lines.day <= last_day)
    baskets = len(np.unique(known.basket))
    if baskets < BASKETS_MIN:
        return TooLittle("baskets", baskets, BASKETS_MIN)
    items = code_count(known.item)
    _, item = distinct_pairs(known.basket, known.item, items)
    tie = np.bincount(item, minlength=items).astype(np.float64)
    of_members = known.where(known.member >= 0)
    key, age, new_day = _purchases(of_members, items, last_day)
    starts = np.flatnonzero(np.append(True, np.diff(key) != 0)) if len(key) else np.empty(0, dtype=np.int64)
    owner, item = key[starts] // items, key[starts] % items
    buyers = np.bincount(item, minlength=items).astype(np.float64)
    buyers += tie / (tie.max() + 1)
    score = np.add.reduceat(np.exp2(-age / half_life_days), starts) if len(key) else np.empty(0)
    score = score + TIE_WEIGHT * buyers[item] / buyers.max()
    bought = np.add.reduceat(new_day.astype(np.int64), starts) if len(key) else starts
    ends = np.append(starts[1:], len(key)) - 1 if len(key) else starts
    order = np.lexsort((item, -score, owner))
    best = np.lexsort((np.arange(items), -buyers))
    return NextPurchase(
        baskets,
        last_day,
        grouped(owner[order], code_count(owner)),
        frozen(item[order]),
        frozen(score[order]),
        frozen(bought[order]),
        frozen(last_day - age[starts][order]),
        frozen(last_day - age[ends][order]),
        frozen(best[buyers[best] > 0]),
    )


def next_items(model: NextPurchase, member: int, *, limit: int = LIMIT) -> tuple[Likely, ...]:
    """The member's likeliest items, filled up with the shop's best sellers; of an unknown member, the best sellers alone."""
    rows = model.of_member.rows(member)
    own = range(rows.start, min(rows.stop, rows.start + limit))
    found = [_own(model, row) for row in own]
    if len(found) < limit:
        taken = {likely.item for likely in found}
        fillers = (int(item) for item in model.best_sellers[: limit + len(taken)])
        free = [item for item in fillers if item not in taken]
        found += [Likely(item, False, 0, None, None) for item in free[: limit - len(found)]]
    return tuple(found)


def due(model: NextPurchase, *, late_min: float = LATE_MIN, late_max: float = LATE_MAX) -> Ints:
    """Rows that are due: bought on three days or more at an interval of their own, which is over, but not for so long that they buy it
    elsewhere. The likeliest first.

    What is bought at every visit or nearly (under ``GAP_DAYS_MIN`` days apart) is left out: it needs no reminder.
    """
    gap = (model.bought_on - model.first_day) / np.maximum(model.bought - 1, 1)
    late = (model.last_day - model.bought_on) / np.maximum(gap, 1.0)
    chosen = (model.bought >= HABIT_MIN) & (gap >= GAP_DAYS_MIN) & (late >= late_min) & (late < late_max)
    rows = np.flatnonzero(chosen)
    found: Ints = rows[np.argsort(-model.score[rows], kind="stable")]
    return frozen(found)


def members_of(model: NextPurchase, rows: Ints) -> Ints:
    """Whose rows these are."""
    found: Ints = np.searchsorted(model.of_member.start, rows, side="right") - 1
    return found


def gap_of(model: NextPurchase, row: int) -> float | None:
    """The member's own mean days between two purchases, None under three of them."""
    bought, first, latest = int(model.bought[row]), int(model.first_day[row]), int(model.bought_on[row])
    return (latest - first) / (bought - 1) if bought >= HABIT_MIN else None


def _own(model: NextPurchase, row: int) -> Likely:
    since = model.last_day - int(model.bought_on[row])
    return Likely(int(model.item[row]), True, int(model.bought[row]), since, gap_of(model, row))


def _purchases(lines: Lines, items: int, last_day: int) -> tuple[Ints, Ints, Ints]:
    """member x items + item and the age in days of every purchase, oldest first within a pair, one for each basket.

    The last column says whether it is the first purchase of its day.
    """
    pair = lines.member.astype(np.int64) * items + lines.item
    order = np.lexsort((lines.basket, lines.day, pair))
    pair, basket, day = pair[order], lines.basket[order], lines.day[order].astype(np.int64)
    same_pair = np.append(False, pair[1:] == pair[:-1])
    same_basket = same_pair & np.append(False, basket[1:] == basket[:-1])
    new_day = ~(same_pair & np.append(False, day[1:] == day[:-1]))
    keep = ~same_basket
    return pair[keep], last_day - day[keep], new_day[keep]
