"""``bench promotions``: a 50-line basket under 100 live promotions, and a 200-line basket that is being scanned.

The reference prices every tenth of the same baskets under the same promotions the plain way (see promotion_shop), in turns with ours.
A basket is priced in several rounds, each with a fresh book that met only other baskets, and its quickest round counts:
what else a machine does can only add to that. Small baskets are compared with a search over everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, thread_time
from typing import Any, Final

from app.domain.basket import Basket
from app.domain.pricing import PriceContext, price
from app.domain.promotion import Promotion
from app.domain.promotion_book import PromotionBook
from app.domain.quantity import ONE
from tests.bench.promotion_shop import MOMENT, Shop, plain_total
from tests.domain.plain_promotions import Search, with_basket_promotions

SEED: Final = 20_261_003
PROMOTIONS: Final = 100
LINES: Final = 50
BASKETS: Final = 1_000
WARM_UP: Final = 200  # a till has met its goods before
ROUNDS: Final = 5
PLAIN_EVERY: Final = 10
DEMO_PROMOTIONS: Final = 12
LONG_LINES: Final = 200
LONG_BASKETS: Final = 10
SMALL_CASES: Final = 200
GOALS: Final = {"p99_ms": 5.0, "scan_200_p99_ms": 4.0, "brute_force_disagreements": 0, "dearer_than_plain": 0}


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    """``quick`` takes a tenth of the baskets: a look, not a measurement. Nothing is kept in ``data_dir``."""
    shop = Shop(Random(SEED))
    promotions = shop.promotions(PROMOTIONS)
    warm_up = [shop.basket(LINES) for _ in range(WARM_UP)]
    baskets = [shop.basket(LINES) for _ in range(BASKETS // 10 if quick else BASKETS)]
    figures = _priced(promotions, warm_up, baskets)
    figures |= _scanned(shop, LONG_BASKETS // 5 if quick else LONG_BASKETS)
    cases = SMALL_CASES // 4 if quick else SMALL_CASES
    disagreements = sum(not _agrees(Random(SEED + case)) for case in range(cases))
    figures |= {"brute_force_agrees": cases - disagreements, "brute_force_disagreements": disagreements}
    return {
        "name": "promotions",
        "figures": figures,
        "goals": GOALS,
        "met": all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "the same rules evaluated the plain way: every promotion asked about every piece, nothing prepared",
        "n": len(baskets),
    }


def _priced(promotions: list[Promotion], warm_up: list[Basket], baskets: list[Basket]) -> dict[str, Any]:
    """Baskets that the book never met, under a hundred promotions; every tenth also the plain way."""
    ours, ours_cpu, plain = [float("inf")] * len(baskets), [float("inf")] * len(baskets), []
    dearer = cheaper = 0
    for turn in range(ROUNDS):
        context = PriceContext(PromotionBook(promotions), MOMENT)
        for basket in warm_up:
            price(basket, context)
        for place, basket in enumerate(baskets):
            started, started_cpu = perf_counter(), thread_time()
            total = price(basket, context).total.minor
            ours_cpu[place] = min(ours_cpu[place], (thread_time() - started_cpu) * 1000)
            ours[place] = min(ours[place], (perf_counter() - started) * 1000)
            if turn == 0 and place % PLAIN_EVERY == 0:
                started = perf_counter()
                plain_amount = plain_total(basket, promotions)
                plain.append((perf_counter() - started) * 1000)
                dearer += total > plain_amount
                cheaper += total < plain_amount
    return {
        "p50_ms": median(ours),
        "p99_ms": _p99(ours),
        "p99_cpu_ms": _p99(ours_cpu),
        "plain_p50_ms": median(plain),
        "plain_p99_ms": _p99(plain),
        "times_faster_than_plain": median(plain) / median(ours),
        "cheaper_than_plain": cheaper,
        "dearer_than_plain": dearer,
    }


def _scanned(shop: Shop, count: int) -> dict[str, Any]:
    """Each scan reprices the whole basket: the last fifty scans of long ones, under as many promotions as a small shop has."""
    promotions = shop.promotions(DEMO_PROMOTIONS)
    whole_baskets = [shop.basket(LONG_LINES) for _ in range(count)]
    times = [float("inf")] * count * LINES
    for _ in range(ROUNDS):
        context = PriceContext(PromotionBook(promotions), MOMENT)
        for number, whole in enumerate(whole_baskets):
            price(replace(whole, lines=whole.lines[: LONG_LINES - LINES]), context)
            for lines in range(LONG_LINES - LINES, LONG_LINES):
                basket = replace(whole, lines=whole.lines[: lines + 1])
                place = number * LINES + lines - LONG_LINES + LINES
                started = perf_counter()
                price(basket, context)
                times[place] = min(times[place], (perf_counter() - started) * 1000)
    return {"scan_200_p50_ms": median(times), "scan_200_p99_ms": _p99(times)}


def _agrees(random: Random) -> bool:
    """Whether a basket of at most six pieces costs what a search over everything finds."""
    shop = Shop(random, goods=5, roots=1, leaves=2)
    promotions = [replace(p, times_max=None) for p in shop.promotions(4, first=random.randrange(50))]
    pieces = [random.choice(shop.goods) for _ in range(random.randint(1, 6))]
    basket = shop.basket_of([(item, ONE) for item in pieces])
    every_total = Search(pieces, _live(promotions, basket), is_member=basket.member is not None).totals()
    best = min(with_basket_promotions(total, _live(promotions, basket)) for total in every_total)
    return price(basket, PriceContext(PromotionBook(promotions), MOMENT)).total.minor == best


def _live(promotions: Sequence[Promotion], basket: Basket) -> list[Promotion]:
    return [promotion for promotion in promotions if basket.member is not None or not promotion.members_only]


def _p99(times: Sequence[float]) -> float:
    rising = sorted(times)
    return rising[min(len(rising) - 1, len(rising) * 99 // 100)]
