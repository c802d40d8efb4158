"""How right the analyses of goods are, on the grocery panel.

Splits. Next purchase and new goods: everything before December is known, the first December basket of each member is asked for; by
product type (without fuel and miscellaneous, as they are no choice of goods) and by product (those that ten members had bought before).
Till: one random good of each December basket is hidden. Pairs: found in one half of the baskets, looked up in the other. Forecast: twelve
Sundays from October on, the week after each. Stock: learnt until September, 400 products that sold on 60 days or more, evenly spread.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np

from app.insight import companions, cross_sell, recommend
from app.insight.abc import ByWorth, abc
from app.insight.columns import Lines, distinct_pairs
from app.insight.counts import together
from app.insight.forecast import forecast
from app.insight.pairs import pairs
from app.insight.stock import reorder_point, textbook_reorder_point
from app.insight.values import Period, TooLittle, day_number
from tests.bench.quality.data import Column, Panel
from tests.bench.quality.judge import Figure, at_least, at_most, beside

YEAR: Final = Period(date(2017, 1, 1), date(2017, 12, 31))
DECEMBER: Final = day_number(date(2017, 12, 1))
LEARNT: Final = Period(date(2017, 1, 1), date(2017, 9, 30))
NO_CHOICE: Final = ("FUEL", "MISCELLANEOUS")
TRIES: Final = 10
BUYERS_MIN: Final = 10
ORIGINS: Final = 12
SEED: Final = 20_261_122


def figures(panel: Panel) -> Iterator[Figure]:
    by_type = panel.lines(np.where(_is_choice(panel), panel.type_of[panel.item], -1))
    yield from _next_items("type", by_type, 0.240, 0.715, 0.064)
    yield from _next_items("sku", _bought_by_ten(panel.lines(panel.item)), 0.195, 0.610, 0.0245)
    yield from _at_the_till(by_type)
    yield from _pairs(by_type)
    yield from _forecasts(panel)
    yield from _classes(panel)
    yield from _stock(panel)


def _is_choice(panel: Panel) -> Column:
    department = panel.department_of[panel.item]
    names = panel.department_names.tolist()
    return (department >= 0) & ~np.isin(department, [names.index(name) for name in NO_CHOICE])


def _bought_by_ten(lines: Lines) -> Lines:
    before = lines.where(lines.day < DECEMBER)
    count = int(lines.item.max()) + 1
    _, item = distinct_pairs(before.member, before.item, count)
    return lines.where((np.bincount(item, minlength=count) >= BUYERS_MIN)[lines.item])


def _next_items(name: str, lines: Lines, recall: float, hit: float, new: float) -> Iterator[Figure]:
    before, basket = lines.where(lines.day < DECEMBER), first_baskets(lines.where(lines.day >= DECEMBER))
    model = recommend.train(before, DECEMBER - 1)
    other = cross_sell.train(before)
    assert not isinstance(model, TooLittle)
    assert not isinstance(other, TooLittle)
    best = [int(item) for item in model.best_sellers]
    table: list[tuple[float, float, float]] = []
    of_new: list[float] = []
    for member, bought in basket.items():
        told = {likely.item for likely in recommend.next_items(model, member, limit=TRIES)}
        found = len(told & bought)
        table.append((found / len(bought), found > 0, len(set(best[:TRIES]) & bought) / len(bought)))
        unknown = bought - set(model.item[model.of_member.rows(member)].tolist())
        if unknown:
            told = {one.item for one in cross_sell.new_items(other, member, limit=TRIES)}
            of_new.append(len(told & unknown) / len(unknown))
    means = np.array(table).mean(axis=0)
    yield at_least(f"next_{name}_recall_at_10", means[0], recall)
    yield at_least(f"next_{name}_hit_at_10", means[1], hit)
    yield beside(f"next_{name}_recall_of_best_sellers", means[2])
    yield at_least(f"new_{name}_recall_at_10", float(np.mean(of_new)), new)


def first_baskets(lines: Lines) -> dict[int, set[int]]:
    """The goods in the first basket of every member; of one day's, that with the least number."""
    order = np.lexsort((lines.basket, lines.day, lines.member))
    member = lines.member[order]
    is_first = np.append(True, member[1:] != member[:-1])
    first = lines.basket[order][is_first]
    chosen = lines.where(np.isin(lines.basket, first))
    found: dict[int, set[int]] = {}
    for who, what in zip(chosen.member.tolist(), chosen.item.tolist(), strict=True):
        found.setdefault(who, set()).add(what)
    return found


def _at_the_till(lines: Lines) -> Iterator[Figure]:
    model = companions.train(lines.where(lines.day < DECEMBER))
    assert not isinstance(model, TooLittle)
    later = lines.where(lines.day >= DECEMBER)
    basket, item = distinct_pairs(later.basket, later.item, int(later.item.max()) + 1)
    baskets = np.split(item, np.flatnonzero(np.diff(basket)) + 1)
    random = np.random.default_rng(SEED)
    hits = []
    for goods in baskets:
        if len(goods) >= 2:
            hidden = int(random.integers(len(goods)))
            told = companions.offers(model, np.delete(goods, hidden))
            hits.append(int(goods[hidden]) in {offer.item for offer in told})
    yield at_least("till_hit_at_3", float(np.mean(hits)), 0.115)


def _pairs(lines: Lines) -> Iterator[Figure]:
    is_even = lines.basket % 2 == 0
    found = pairs(lines.where(is_even), YEAR)
    assert not isinstance(found, TooLittle)
    other = together(lines.where(~is_even))
    both = {
        (first, second): count
        for first, second, count in zip(
            other.first.tolist(), other.second.tolist(), other.together.tolist(), strict=True
        )
    }
    lifts = np.array(
        [
            both.get((min(one, two), max(one, two)), 0) * other.baskets
            / (int(other.baskets_of[one]) * int(other.baskets_of[two]))
            for one, two in zip(found.item.tolist(), found.other.tolist(), strict=True)
        ]
    )  # fmt: skip
    yield at_least("pairs_hold_in_other_half", float((lifts > 1).mean()), 1.0)
    yield beside("pairs_lift_kept", float(np.median(lifts / found.lift)))


def _forecasts(panel: Panel) -> Iterator[Figure]:
    chosen = _is_choice(panel) & (panel.day <= YEAR.last_day)
    department, category = panel.department_of[panel.item], panel.category_of[panel.item]
    money, units = panel.net.astype(np.float64), panel.quantity.astype(np.float64)
    early = panel.day <= LEARNT.last_day
    yield from _week_ahead(
        "department", _series(panel, chosen, department, money, money, 12), {"wape": 0.165}
    )
    yield from _week_ahead("category", _series(panel, chosen, category, money, money, 60), {"wape": 0.255})
    has_category = chosen & (category >= 0)
    shelf = panel.store.astype(np.int64) * 1_000 + category
    rows = _series(panel, has_category, shelf, units, units * early, 100)
    yield from _week_ahead("shop_category", rows, {"rmse": 3.72, "week_wape": 0.40, "bias": 0.15})
    product = panel.store.astype(np.int64) * 1_000_000 + panel.item
    rows = _series(panel, chosen, product, units, units * early, 300)
    yield from _week_ahead("shop_sku", rows, {"rmse": 1.10, "week_wape": 0.77, "bias": 0.15})


def _series(panel: Panel, chosen: Column, code: Column, amount: Column, rank_by: Column, rows: int) -> Column:
    """A row for each of the largest codes, a column for each day of the year."""
    distinct, place = np.unique(code[chosen], return_inverse=True)
    size = np.bincount(place, weights=rank_by[chosen])
    kept = np.argsort(-size, kind="stable")[:rows]
    row_of = np.full(len(distinct), -1)
    row_of[kept] = np.arange(len(kept))
    row = row_of[place]
    cell = row * YEAR.days + panel.day[chosen] - YEAR.first_day
    inside = row >= 0
    total = np.bincount(cell[inside], weights=amount[chosen][inside], minlength=len(kept) * YEAR.days)
    return total.reshape(len(kept), YEAR.days)


def _week_ahead(name: str, sales: Column, bars: dict[str, float]) -> Iterator[Figure]:
    misses, naive, truths, held = [], [], [], []
    for origin in range(ORIGINS):
        last = date(2017, 9, 30) + timedelta(days=7 * origin)
        end = day_number(last) - YEAR.first_day + 1
        found = forecast(sales[:, :end], Period(YEAR.first, last))
        assert not isinstance(found, TooLittle)
        truth = sales[:, end : end + 7]
        misses.append(found.value - truth)
        naive.append(sales[:, end - 7 : end] - truth)
        truths.append(truth)
        held.append((found.low <= truth) & (truth <= found.high))
    miss, truth = np.array(misses), np.array(truths)
    total = float(truth.sum())
    measured = {
        "wape": float(np.abs(miss).sum()) / total,
        "rmse": float(np.sqrt((miss**2).mean())),
        "week_wape": float(np.abs(miss.sum(axis=2)).sum()) / total,
        "bias": abs(float(miss.mean())),
    }
    for measure, bar in bars.items():
        yield at_most(f"forecast_{name}_{measure}", measured[measure], bar)
    yield beside(f"forecast_{name}_wape_of_last_week", float(np.abs(np.array(naive)).sum()) / total)
    yield beside(f"forecast_{name}_days_in_80_percent_band", float(np.mean(held)))


def _classes(panel: Panel) -> Iterator[Figure]:
    golden = (
        ("category", panel.category_of[panel.item], (95, 74, 133)),
        ("product", np.where(panel.department_of[panel.item] >= 0, panel.item, -1), (10_898, 17_863, 39_722)),
    )
    for name, code, counts in golden:
        rows = code >= 0
        found = abc(code[rows], panel.day[rows], panel.net[rows], panel.quantity[rows] * 1000, YEAR)
        assert not isinstance(found, TooLittle)
        off = np.abs(np.bincount(found.by_worth, minlength=len(ByWorth)) - np.array(counts))
        yield at_most(f"abc_{name}_in_another_class", int(off.sum()), 0)


def _stock(panel: Panel) -> Iterator[Figure]:
    chosen = _is_choice(panel) & (panel.day <= YEAR.last_day)
    known = chosen & (panel.day <= LEARNT.last_day)
    item, _ = distinct_pairs(panel.item[known], panel.day[known] - YEAR.first_day, YEAR.days)
    often = np.flatnonzero(np.bincount(item) >= 60)
    kept = often[np.linspace(0, len(often) - 1, 400).astype(np.int64)]
    row_of = np.full(int(panel.item.max()) + 1, -1)
    row_of[kept] = np.arange(len(kept))
    rows = chosen & (row_of[panel.item] >= 0)
    cell = row_of[panel.item[rows]] * YEAR.days + panel.day[rows] - YEAR.first_day
    sold = np.bincount(cell, weights=panel.quantity[rows], minlength=len(kept) * YEAR.days)
    sold = sold.reshape(len(kept), YEAR.days).astype(np.int64)
    for lead in (3, 7, 14):
        enough = np.array([_covers(row, lead) for row in sold]).mean(axis=0)
        yield Figure(f"stock_{lead}_days_covered", float(enough[0]), low=0.92, high=0.99)
        yield beside(f"stock_{lead}_days_covered_by_textbook", float(enough[1]))


def _covers(sold: Column, lead: int) -> tuple[float, float]:
    """In how much of the last quarter's windows the reorder point is enough: ours, and the normal formula's over all days."""
    past, later = sold[: LEARNT.days], sold[LEARNT.days :]
    point = reorder_point(past * 1000, LEARNT, lead_days=lead)
    assert not isinstance(point, TooLittle)
    windows = np.convolve(later, np.ones(lead), "valid")
    plain = textbook_reorder_point(float(past.mean()), float(past.std()), lead, 0.95)
    return float((windows <= point.reorder_at).mean()), float((windows <= plain).mean())
