"""What goes into a basket: errands by the hour, goods by popularity and season, a member's usual things, and what is on offer.

Which good is bought is drawn in two steps, category then good, so that a shop of 100,000 goods draws as fast as one of 300.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import accumulate
from random import Random

from app.demo.festivals import InSeason, category_lifts_on, season_of
from app.demo.habits import Mission
from app.demo.promotions import PromotionDefinition
from app.demo.shop import DemoItem

Line = tuple[str, int]

# Popularity by rank: the r-th good of a shop is asked for in proportion to 1 / (r + 5)^0.95.
ZIPF_OFFSET, ZIPF_POWER = 5, 0.95

# Goods on offer sell so much more, and never fill more than this share of what is put into baskets.
OFFER_LIFT, OFFER_SHARE_MAX = 0.9, 0.30
# An offer on nearly everything moves no good before another; it brings people in instead.
WIDE_OFFER_SHARE = 0.45
MULTI_BUY_CHANCE = 0.4
USUAL_CHANCE = 0.75
TRIES_MAX = 24

# Errand -> category path or root -> how much more than elsewhere it is bought. The path counts before the root; not named: `_ELSEWHERE`.
_ERRANDS: dict[Mission, dict[str, float]] = {
    "breakfast": {"鮮食": 5, "手作烘焙/麵包": 5, "飲料/咖啡": 6, "飲料/乳品豆漿": 4, "飲料/茶飲": 1.5, "生鮮/蛋豆": 0.6},
    "lunch": {"鮮食": 8, "飲料/茶飲": 5, "飲料/咖啡": 4, "飲料/果汁汽水": 2, "冷凍食品/冰品": 1.5, "零食": 0.8, "米麵雜糧/麵條": 0.6},
    "cooking": {"生鮮": 5, "調味醬料": 1.6, "米麵雜糧": 1.6, "冷凍食品": 1.4, "飲料/乳品豆漿": 1.2, "日用": 0.5, "手作烘焙/麵包": 0.5},
    "snack": {"零食": 4, "飲料": 2.5, "飲料/茶葉": 0.3, "冷凍食品/冰品": 4, "手作烘焙/蛋糕": 2.5, "手作烘焙/麵包": 3, "鮮食": 2},
    "stock_up": {"日用": 5, "日用/祭祀用品": 0.5, "米麵雜糧": 3, "飲料/乳品豆漿": 2, "飲料/礦泉水": 2, "零食": 1.5, "寵物": 1.5, "調味醬料": 1.5, "生鮮/蛋豆": 1.5},
    "errand": {"文具": 6, "日用": 3, "日用/祭祀用品": 2, "飲料": 0.8, "服務": 1, "零食": 0.6},
    "gift": {"手作烘焙/伴手禮": 9, "飲料/茶葉": 5, "手作烘焙/蛋糕": 4, "零食/堅果果乾": 2, "飲料/咖啡": 0.5, "服務": 3},
    "pets": {"寵物": 14, "飲料": 0.5, "鮮食": 0.5, "生鮮": 0.4},
}  # fmt: skip
_ELSEWHERE = 0.06

_SMALL = (1,) * 11 + (2,) * 14 + (3,) * 15 + (4,) * 10 + (5,) * 6 + (6,) * 3 + (7, 8)
_LARGE = (2,) * 5 + (3,) * 8 + (4,) * 10 + (5,) * 10 + (6,) * 8 + (7,) * 6 + (8,) * 4 + (9, 9, 10, 11, 12, 14)
_SIZES: dict[Mission, tuple[int, ...]] = {
    "breakfast": _SMALL, "lunch": _SMALL, "cooking": _LARGE, "snack": _SMALL, "stock_up": _LARGE, "errand": _SMALL,
    "gift": _SMALL, "pets": _SMALL,
}  # fmt: skip
_EXTRAS = (0,) * 5 + (1,) * 9 + (2,) * 8 + (3,) * 5 + (4,) * 3 + (5, 6)
_PIECES = (1,) * 25 + (2,) * 5 + (3, 4)
# Above this price (dollars) hardly anyone takes two.
_SINGLE_FROM_PRICE = 120

_BY_HOUR: tuple[tuple[int, tuple[Mission, ...]], ...] = (
    (10, ("breakfast",) * 9 + ("cooking", "errand", "snack")),
    (11, ("cooking",) * 5 + ("stock_up", "errand", "snack", "breakfast", "gift")),
    (14, ("lunch",) * 9 + ("cooking", "snack", "errand")),
    (17, ("snack",) * 7 + ("gift", "errand", "cooking", "stock_up", "pets")),
    (20, ("cooking",) * 9 + ("stock_up",) * 3 + ("snack", "pets", "gift")),
    (24, ("snack",) * 6 + ("stock_up",) * 4 + ("cooking", "pets", "errand")),
)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The goods of one category: their numbers, and where each one's share of ``weight`` ends (of all but the last)."""

    root: str
    path: str
    goods: tuple[int, ...]
    ends: tuple[float, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a promotion does to baskets: which goods it moves, in sets of how many, and when."""

    definition: PromotionDefinition
    goods: tuple[int, ...]
    ends: tuple[float, ...]
    weight: float
    share: float
    pieces: int
    hour_from: int
    hour_to: int

    def runs_on(self, day: date) -> bool:
        terms = self.definition
        return (
            (not terms["weekdays"] or day.isoweekday() in terms["weekdays"])
            and (terms["starts"] is None or terms["starts"] <= day.isoformat())
            and (terms["ends"] is None or day.isoformat() <= terms["ends"])
        )


class Baskets:
    """Fills baskets for one day at a time: `open_day` first, then as many as wanted."""

    def __init__(
        self, seed: int, items: Sequence[DemoItem], promotions: Sequence[PromotionDefinition] = ()
    ) -> None:
        self._random = Random(f"{seed}:baskets").random
        self._skus = tuple(item.sku for item in items)
        self._is_weighed = tuple(item.unit == "kg" for item in items)
        self._is_dear = tuple((item.price or 0) > _SINGLE_FROM_PRICE for item in items)
        self._seasons = _seasons(items)
        weights = _weights(items, self._seasons)
        self._shelves = _shelves(items, weights)
        self._best_seller = max(
            (good for good in range(len(items)) if good not in self._seasons), key=lambda good: weights[good]
        )
        self._offers = [
            offer for terms in promotions if (offer := _offer(terms, items, weights)).share < WIDE_OFFER_SHARE
        ]
        self._usual: dict[int, tuple[tuple[int, int], ...]] = {}
        self._errands: dict[Mission, tuple[tuple[float, ...], float]] = {}
        self._off_season: dict[int, float] = {}
        self._running: list[_Offer] = []
        self._pieces_in_set: dict[int, int] = {}

    def open_day(self, day: date) -> None:
        """Sets out the day's season and offers."""
        lifts = category_lifts_on(day)
        self._errands = {
            errand: _ends(_pull(shelf, wishes, lifts) for shelf in self._shelves)
            for errand, wishes in _ERRANDS.items()
        }
        self._off_season = {
            good: share for good, season in self._seasons.items() if (share := season.share_on(day)) < 1
        }
        self._running = [offer for offer in self._offers if offer.goods and offer.runs_on(day)]
        self._pieces_in_set = {
            good: offer.pieces for offer in self._running if offer.pieces > 1 for good in offer.goods
        }

    def of_a_passer_by(self, hour: int) -> tuple[Line, ...]:
        """What someone unknown buys at that hour."""
        errand = self._errand_at(hour)
        sizes = _SIZES[errand]
        basket: dict[int, int] = {}
        self._fill(basket, errand, hour, sizes[int(self._random() * len(sizes))], is_member=False)
        return self._lines(basket)

    def of_a_member(self, member: int, mission: Mission, hour: int) -> tuple[Line, ...]:
        """Most of the member's usual things (老樣子), and some more on the way."""
        random = self._random
        usual = self._usual.get(member)
        if usual is None:
            usual = self._usual[member] = self._draw_usual(mission, hour)
        basket = {good: quantity for good, quantity in usual if random() < USUAL_CHANCE}
        errand = mission if random() < 0.6 else self._errand_at(hour)
        extras = _EXTRAS[int(random() * len(_EXTRAS))]
        self._fill(basket, errand, hour, extras if basket else max(1, extras), is_member=True)
        return self._lines(basket)

    def _draw_usual(self, mission: Mission, hour: int) -> tuple[tuple[int, int], ...]:
        """Two to four goods of every day, always in the same quantity."""
        basket: dict[int, int] = {}
        for _ in range(2 + int(self._random() * 3)):
            good = self._pick(mission)
            if good not in self._seasons:
                basket[good] = self._quantity(good)
        return tuple(basket.items())

    def _fill(
        self, basket: dict[int, int], errand: Mission, hour: int, size: int, *, is_member: bool
    ) -> None:
        on_offer = [
            offer
            for offer in self._running
            if offer.hour_from <= hour < offer.hour_to and (is_member or not offer.definition["members_only"])
        ]
        offered = min(OFFER_SHARE_MAX, OFFER_LIFT * sum([offer.share for offer in on_offer]))
        random = self._random
        for _ in range(size):
            good = self._pick_offered(on_offer) if random() < offered else self._pick(errand)
            if good not in basket:
                basket[good] = self._quantity(good)

    def _pick(self, errand: Mission) -> int:
        """A good for the errand; one that is out of season is put back and the draw repeated, `TRIES_MAX` times at most."""
        random = self._random
        ends, weight = self._errands[errand]
        off_season = self._off_season
        for _ in range(TRIES_MAX):
            shelf = self._shelves[bisect(ends, random() * weight)]
            good = shelf.goods[bisect(shelf.ends, random() * shelf.weight)]
            if good not in off_season or random() < off_season[good]:
                return good
        return self._best_seller

    def _pick_offered(self, on_offer: Sequence[_Offer]) -> int:
        place = self._random() * sum(offer.share for offer in on_offer)
        for offer in on_offer:
            place -= offer.share
            if place <= 0:
                break
        return offer.goods[bisect(offer.ends, self._random() * offer.weight)]

    def _quantity(self, good: int) -> int:
        """Thousandths: whole pieces, or grams of a weighed good."""
        random = self._random
        if self._is_weighed[good]:
            return 180 + int(random() * random() * 1700)
        pieces = self._pieces_in_set.get(good)
        if pieces is not None and random() < MULTI_BUY_CHANCE:
            return pieces * 1000
        if self._is_dear[good] and random() < 0.9:
            return 1000
        return _PIECES[int(random() * len(_PIECES))] * 1000

    def _errand_at(self, hour: int) -> Mission:
        errands = next(errands for until, errands in _BY_HOUR if hour < until)
        return errands[int(self._random() * len(errands))]

    def _lines(self, basket: Mapping[int, int]) -> tuple[Line, ...]:
        skus = self._skus
        return tuple([(skus[good], quantity) for good, quantity in basket.items()])


def _weights(items: Sequence[DemoItem], seasons: Mapping[int, InSeason]) -> list[float]:
    """Each good's weight in season, by its rank; a good without a price of its own is not bought by itself."""
    weights = [0.0] * len(items)
    ranked = sorted(range(len(items)), key=lambda good: -items[good].popularity)
    for rank, good in enumerate(ranked, 1):
        if not items[good].is_open_price:
            weights[good] = (rank + ZIPF_OFFSET) ** -ZIPF_POWER * (
                seasons[good].peak if good in seasons else 1
            )
    return weights


def _shelves(items: Sequence[DemoItem], weights: Sequence[float]) -> tuple[_Shelf, ...]:
    goods: dict[str, list[int]] = {}
    for good, item in enumerate(items):
        if weights[good]:
            goods.setdefault(item.category, []).append(good)
    return tuple(
        _Shelf(path.split("/")[0], path, tuple(these), *_ends(weights[good] for good in these))
        for path, these in goods.items()
    )


def _seasons(items: Sequence[DemoItem]) -> dict[int, InSeason]:
    found: dict[int, InSeason] = {}
    for good, item in enumerate(items):
        season = season_of(item.name_zh_tw)
        if season is not None:
            found[good] = season
    return found


def _pull(shelf: _Shelf, wishes: Mapping[str, float], lifts: Mapping[str, float]) -> float:
    wish = wishes.get(shelf.path, wishes.get(shelf.root, _ELSEWHERE))
    return shelf.weight * wish * lifts.get(shelf.path, 1.0) * lifts.get(shelf.root, 1.0)


def _offer(terms: PromotionDefinition, items: Sequence[DemoItem], weights: Sequence[float]) -> _Offer:
    is_covered = _covers(terms)
    goods = tuple(good for good, item in enumerate(items) if weights[good] and is_covered(item))
    ends, weight = _ends(weights[good] for good in goods)
    return _Offer(
        terms,
        goods,
        ends,
        weight,
        share=weight / sum(weights),
        pieces=terms["quantity"] or (terms["buy"] or 0) + (terms["free"] or 0) or 1,
        hour_from=time.fromisoformat(terms["time_from"]).hour if terms["time_from"] else 0,
        hour_to=time.fromisoformat(terms["time_to"]).hour if terms["time_to"] else 24,
    )


def _ends(weights: Iterable[float]) -> tuple[tuple[float, ...], float]:
    """Where each share ends, without the last, and the whole: `bisect` then never runs past the end."""
    sums = tuple(accumulate(weights))
    return sums[:-1], sums[-1] if sums else 0.0


def _covers(terms: PromotionDefinition) -> Callable[[DemoItem], bool]:
    skus = {*terms["items"], *(sku for group in terms["groups"] for sku in group["items"])}
    paths = {*terms["categories"], *(path for group in terms["groups"] for path in group["categories"])}
    return lambda item: item.sku in skus or item.category in paths or item.category.split("/")[0] in paths
