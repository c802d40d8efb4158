"""A shop with promotions of every kind and baskets that people fill, made from one seed; and the plain way to price them.

The plain way obeys the same rules, and is what one writes first: ask every promotion about every piece, try every set of promotions that
may meet on it, then take the best bundle in sight until none is left. It prepares nothing and remembers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, Final
from uuid import UUID

from app.domain.basket import Basket, BasketLine
from app.domain.ids import BasketId, CategoryId, ItemId, MemberId, PromotionId
from app.domain.item import Item, TaxClass, Unit
from app.domain.member import Member, MemberCard
from app.domain.money import TWD, Money
from app.domain.promotion import MixGroup, Promotion, PromotionKind, RewardKind, Threshold
from app.domain.promotion_book import LocalMoment, is_for, is_running
from app.domain.quantity import ONE
from tests.domain.plain_promotions import Search, bundle_cost, covers, in_group, off_at

GOODS: Final = 2_000
ROOTS: Final = 12
LEAVES: Final = 5
MOMENT: Final = LocalMoment(date(2026, 10, 3), 5, 16 * 60)
CARD: Final = MemberCard(Member(MemberId(UUID(int=7)), "+886912345678"), 320, 7, None, 4200)
PRICES: Final = (15, 20, 25, 29, 35, 39, 45, 49, 55, 59, 65, 79, 89, 99, 129, 159, 199, 249, 299, 459)
KINDS: Final = (
    PromotionKind.PERCENT,
    PromotionKind.N_FOR_PRICE,
    PromotionKind.AMOUNT,
    PromotionKind.BUY_X_GET_Y,
    PromotionKind.MIX_MATCH,
    PromotionKind.FIXED_PRICE,
    PromotionKind.N_FOR_PRICE,
    PromotionKind.BUY_X_GET_Y,
)


class Shop:
    """Goods, promotions and baskets, all from one seed."""

    def __init__(
        self, random: Random, *, goods: int = GOODS, roots: int = ROOTS, leaves: int = LEAVES
    ) -> None:
        self.random = random
        self.roots = [CategoryId(UUID(int=1_000 + root)) for root in range(roots)]
        self.leaves = [
            (root, CategoryId(UUID(int=2_000 + number * leaves + leaf)))
            for number, root in enumerate(self.roots)
            for leaf in range(leaves)
        ]
        self.goods = [self._item(number) for number in range(goods)]

    def _item(self, number: int) -> Item:
        amount = self.random.choice(PRICES)
        return Item(
            id=ItemId(UUID(int=10_000 + number)),
            sku=f"S{number:05}",
            name=f"商品 {number}",
            unit=Unit.EACH,
            tax_class=TaxClass.TAXABLE,
            category_path=self.random.choice(self.leaves),
            price=Money(amount, TWD),
            member_price=Money(amount * 95 // 100, TWD) if self.random.random() < 0.2 else None,
            price_version=1,
        )

    def promotions(self, count: int, *, first: int = 0) -> list[Promotion]:
        return [self._promotion(number) for number in range(first, first + count)]

    def _promotion(self, number: int) -> Promotion:
        """Every kind in turn; two of a hundred on the basket; half combinable; some for members or with a limit."""
        random = self.random
        kind = PromotionKind.BASKET_THRESHOLD if number % 50 == 11 else KINDS[number % len(KINDS)]
        fields: dict[str, Any] = {
            "is_combinable": random.random() < 0.5,
            "stacking_group": random.choice(("", "", "season", "brand")),
            "members_only": random.random() < 0.15,
            "stacks_on_member_price": random.random() < 0.3,
            "priority": random.choice((50, 100, 100)),
        }
        covered = self._covered(number)
        match kind:
            case PromotionKind.PERCENT:
                fields |= {**covered, "value": random.choice((500, 1000, 1200, 1500, 2000))}
            case PromotionKind.AMOUNT:
                fields |= {**covered, "value": random.choice((3, 5, 10, 20))}
            case PromotionKind.FIXED_PRICE:
                fields |= {**covered, "value": random.choice((19, 25, 39, 79))}
                if random.random() < 0.4:
                    fields |= {"times_max": 2, "is_combinable": False}
            case PromotionKind.N_FOR_PRICE:
                n = random.choice((2, 3, 3, 4))
                fields |= {**covered, "n": n, "price": n * random.choice((25, 33, 49, 89))}
            case PromotionKind.BUY_X_GET_Y:
                x, off = random.choice(((1, 5000), (1, 4000), (2, 10_000), (3, 10_000)))
                fields |= {**covered, "x": x, "y": 1, "y_percent_off": off}
            case PromotionKind.MIX_MATCH:
                groups = tuple(MixGroup(random.choice((1, 1, 2)), **self._named()) for _ in range(2))
                rewards = ((RewardKind.PRICE, 99), (RewardKind.PERCENT, 1500), (RewardKind.AMOUNT, 15))
                reward, value = random.choice(rewards)
                fields |= {"groups": groups, "reward": reward, "value": value}
            case PromotionKind.BASKET_THRESHOLD:
                fields["is_combinable"] = False
                fields["thresholds"] = tuple(
                    Threshold(limit, RewardKind.AMOUNT, limit // 12) for limit in (600, 1200, 2500, 5000)
                )
        return Promotion(
            PromotionId(UUID(int=90_000 + number)), f"P{number:03}", f"優惠 {number}", kind, **fields
        )

    def _covered(self, number: int) -> dict[str, Any]:
        """Named goods or one shelf; a few percent promotions cover a department or all, two for the next piece a department."""
        if number == 0:
            return {}
        if number in (8, 16, 24, 3, 7):
            return {"category_ids": frozenset({self.random.choice(self.roots)})}
        return self._named()

    def _named(self) -> dict[str, Any]:
        if self.random.random() < 0.5:
            return {"category_ids": frozenset({self.random.choice(self.leaves)[1]})}
        first = self.random.choice(self.goods)
        alike = [good.id for good in self.goods if good.category_path == first.category_path]
        return {"item_ids": frozenset(self.random.sample(alike, min(len(alike), self.random.randint(2, 12))))}

    def basket(self, lines: int) -> Basket:
        """Goods as people buy them: a third of the shop's goods makes most of the lines, often several of a kind."""
        pieces = []
        for _ in range(lines):
            place = min(int(self.random.expovariate(3) * len(self.goods)), len(self.goods) - 1)
            pieces.append((self.goods[place], ONE * self.random.choice((1, 1, 1, 1, 2, 2, 3, 4))))
        return self.basket_of(pieces)

    def basket_of(self, pieces: Sequence[tuple[Item, int]]) -> Basket:
        """A line for each item with its quantity, for a member every other time."""
        lines = tuple(BasketLine(number, item, quantity) for number, (item, quantity) in enumerate(pieces, 1))
        member = CARD if self.random.random() < 0.5 else None
        return Basket(BasketId(UUID(int=self.random.getrandbits(64))), 0, lines, member)


def plain_total(basket: Basket, promotions: Sequence[Promotion]) -> int:
    """The basket's total, the plain way."""
    live = [p for p in promotions if is_running(p, MOMENT) and is_for(p, basket.member)]
    search = Search([], live, is_member=basket.member is not None)
    pieces: list[tuple[int, Item]] = []
    for line in basket.live_lines:
        for _ in range(line.quantity // ONE):
            search.units = [line.item]
            pieces.append((min(cost for cost, used in search.prices(0, None) if not used), line.item))
    return _with_thresholds(_bundled(pieces, live, search), live)


def _bundled(pieces: list[tuple[int, Item]], live: Sequence[Promotion], search: Search) -> int:
    """The best bundle in sight, by what it saves on each piece, until none saves."""
    left, total = sorted(pieces, key=lambda piece: -piece[0]), 0
    used: dict[str, int] = {}
    while True:
        best: tuple[float, Promotion, list[tuple[int, Item]], int] | None = None
        for promotion in search.on_bundles:
            if promotion.times_max is not None and used.get(promotion.code, 0) >= promotion.times_max:
                continue
            taken = _bundle(promotion, left)
            if taken:
                search.units = [item for _, item in taken]
                inside = [
                    min(cost for cost, _ in search.prices(place, promotion)) for place in range(len(taken))
                ]
                saved = sum(cost for cost, _ in taken) - bundle_cost(promotion, inside)
                if saved > 0 and (best is None or saved / len(taken) > best[0]):
                    best = saved / len(taken), promotion, taken, saved
        if best is None:
            return total + sum(cost for cost, _ in left)
        used[best[1].code] = used.get(best[1].code, 0) + 1
        for piece in best[2]:
            left.remove(piece)
        total += sum(cost for cost, _ in best[2]) - best[3]


def _bundle(promotion: Promotion, left: Sequence[tuple[int, Item]]) -> list[tuple[int, Item]]:
    """The dearest pieces left that make one bundle."""
    if promotion.kind is not PromotionKind.MIX_MATCH:
        eligible = [piece for piece in left if covers(promotion, piece[1])]
        return eligible[: promotion.bundle_units] if len(eligible) >= promotion.bundle_units else []
    taken: list[tuple[int, Item]] = []
    rest = list(left)
    for group in promotion.groups:
        members = [piece for piece in rest if in_group(piece[1], group)][: group.count]
        if len(members) < group.count:
            return []
        for piece in members:
            rest.remove(piece)
        taken += members
    return taken


def _with_thresholds(amount: int, live: Sequence[Promotion]) -> int:
    """The best basket promotion; in this shop each covers everything and none meets another."""
    offs = [
        off_at(threshold, amount)
        for promotion in live
        for threshold in promotion.thresholds
        if threshold.amount <= amount
    ]
    return amount - max(offs, default=0)
