"""Something new for a member: what the members most like them buy and they have never bought.

A weak task, whatever the method: in ten tries 3 % of the new goods are found, and the shop's best sellers find nearly as many. Show three,
call it a try, promise nothing, and measure it with a control group (`uplift`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Ints, Lines, frozen
from app.insight.counts import Groups, code_count, grouped
from app.insight.values import TooLittle

NEIGHBOURS: Final = 50
MEMBERS_MIN: Final = 300
LIMIT: Final = 3
LOOKED_AT_MAX: Final = 120_000  # purchases compared for one answer


@dataclass(frozen=True, slots=True, eq=False)
class CrossSell:
    """Who bought what how often (``of_member``), and the same by item (``of_item``); ``n`` members."""

    n: int
    of_member: Groups
    item: Ints
    bought: Ints
    of_item: Groups
    member: Ints
    different: Ints
    best_sellers: Ints


@dataclass(frozen=True, slots=True)
class NewItem:
    """``buyers`` of the ``neighbours`` most similar members have it; 0 neighbours: it is a best seller they have not had."""

    item: int
    buyers: int
    neighbours: int


def train(lines: Lines) -> CrossSell | TooLittle:
    """From the lines of members. Too little under 300 of them: then offer `best_sellers_of_favourites`."""
    own = lines.where(lines.member >= 0)
    members = len(np.unique(own.member))
    if members < MEMBERS_MIN:
        return TooLittle("members", members, MEMBERS_MIN)
    items = code_count(own.item)
    basket_pair = own.basket.astype(np.int64) * items + own.item
    _, first = np.unique(basket_pair, return_index=True)
    pair, bought = np.unique(own.member[first].astype(np.int64) * items + own.item[first], return_counts=True)
    member, item = pair // items, pair % items
    by_item = np.lexsort((member, item))
    count = code_count(member)
    buyers = np.bincount(item, minlength=items)
    best = np.lexsort((np.arange(items), -buyers))
    return CrossSell(
        members,
        grouped(member, count),
        frozen(item),
        frozen(bought),
        grouped(item[by_item], items),
        frozen(member[by_item]),
        frozen(np.bincount(member, minlength=count)),
        frozen(best[buyers[best] > 0]),
    )


def new_items(
    model: CrossSell, member: int, *, limit: int = LIMIT, neighbours: int = NEIGHBOURS
) -> tuple[NewItem, ...]:
    """Mean purchases of the most similar members (cosine over what was ever bought), their own goods left out."""
    own = model.item[model.of_member.rows(member)]
    near = _similar(model, member, own, neighbours)
    rows = [model.of_member.rows(int(other)) for other in near]
    item = np.concatenate([model.item[part] for part in rows]) if rows else own[:0]
    bought = np.concatenate([model.bought[part] for part in rows]) if rows else own[:0]
    score = np.bincount(item, weights=bought, minlength=len(model.of_item.start) - 1)
    score[own] = 0
    candidates = np.flatnonzero(score)
    order = candidates[np.lexsort((candidates, -score[candidates]))][:limit]
    found = [NewItem(int(one), int((item == one).sum()), len(near)) for one in order]
    taken = {new.item for new in found} | set(own.tolist())
    for one in model.best_sellers[: limit + len(taken)].tolist() if len(found) < limit else ():
        if len(found) < limit and one not in taken:
            found.append(NewItem(one, 0, 0))
    return tuple(found)


def best_sellers_of_favourites(
    lines: Lines, member: int, category_of: Ints, *, limit: int = LIMIT
) -> tuple[NewItem, ...]:
    """For a shop with few members: what sells best in the categories the member buys from most, of what they have not had."""
    own = lines.item[lines.member == member]
    items = max(code_count(lines.item), 1)
    sold = np.bincount(lines.item, minlength=items)
    liking = np.bincount(category_of[own], minlength=code_count(category_of))
    score = liking[category_of[:items]] * 1.0 + sold / (sold.max() + 1.0)
    score[np.unique(own)] = -1.0
    score[sold == 0] = -1.0
    order = np.lexsort((np.arange(items), -score))[:limit]
    return tuple(NewItem(int(item), 0, 0) for item in order if score[item] > 0)


def _similar(model: CrossSell, member: int, own: Ints, neighbours: int) -> Ints:
    """The members with the greatest cosine, the most similar first.

    Goods that few have are looked at first, and no more than a till has time for: what nearly everyone has tells nobody apart.
    """
    lists = sorted((model.member[model.of_item.rows(item)] for item in own.tolist()), key=len)
    enough = np.searchsorted(np.cumsum([len(buyers) for buyers in lists]), LOOKED_AT_MAX, side="right")
    if not enough:
        return own[:0]
    shared = np.bincount(np.concatenate(lists[:enough]), minlength=len(model.different))
    shared[member] = 0
    others = np.flatnonzero(shared)
    cosine = shared[others] / np.sqrt(model.different[others])
    count = min(neighbours, len(others))
    if count == 0:
        return own[:0]
    best = np.argpartition(-cosine, count - 1)[:count]
    nearest: Ints = others[best[np.lexsort((others[best], -cosine[best]))]]
    return nearest
