"""What members will want next, together: what they buy again, what is due, and something new for each.

Three answers of one reading of the lines, so that a page never shows them of different days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.insight import cross_sell, recommend
from app.insight.columns import Ints, Lines
from app.insight.cross_sell import CrossSell, NewItem
from app.insight.recommend import Likely, NextPurchase
from app.insight.values import Period, TooLittle


@dataclass(frozen=True, slots=True, eq=False)
class NextGoods:
    """Trained on the lines of a period. ``due`` are rows of ``own`` that a member is about to buy again; ``n`` members with lines.

    ``few`` are the lines themselves where members are too few for ``new``: then their favourite categories decide.
    """

    period: Period
    n: int
    own: NextPurchase
    new: CrossSell | None
    few: Lines | None
    due: Ints

    def due_members(self) -> Ints:
        """The distinct members of the rows that are due."""
        found: Ints = np.unique(recommend.members_of(self.own, self.due))
        return found

    def knows(self, member: int) -> bool:
        rows = self.own.of_member.rows(member)
        return bool(rows.stop > rows.start)


def next_goods(lines: Lines, period: Period) -> NextGoods | TooLittle:
    """Learn all three. Too little under 30 baskets."""
    own = recommend.train(lines, period.last_day)
    if isinstance(own, TooLittle):
        return own
    members = len(np.unique(lines.member[lines.member >= 0]))
    new = cross_sell.train(lines)
    if isinstance(new, TooLittle):
        return NextGoods(period, members, own, None, lines, recommend.due(own))
    return NextGoods(period, members, own, new, None, recommend.due(own))


def for_member(
    found: NextGoods, member: int, category_of: Ints
) -> tuple[tuple[Likely, ...], tuple[NewItem, ...]]:
    """(what they buy again, something new). ``category_of`` gives each item's category as a code, for shops with few members."""
    own = tuple(one for one in recommend.next_items(found.own, member) if one.is_own)
    if found.new is not None:
        return own, cross_sell.new_items(found.new, member)
    assert found.few is not None
    return own, cross_sell.best_sellers_of_favourites(found.few, member, category_of)
