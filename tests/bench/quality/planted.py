"""How right effects and indices are where the truth is known because it was planted: on real members and real tickets.

Campaign: the members who bought in the 84 days before 1 October, 28 days after it, 1,000 draws of the control group in each of six
settings. Staff: eight cashiers with planted factors on the panel's tickets, some of them more often there at the weekend, 60 runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np

from app.insight.columns import Tickets
from app.insight.staff import staff_index
from app.insight.uplift import Verdict, effect
from app.insight.values import Period, TooLittle, day_number
from tests.bench.quality.data import Column, Panel
from tests.bench.quality.judge import Figure, at_least, at_most, beside

SENT: Final = day_number(date(2017, 10, 1))
WATCHED: Final = Period(date(2017, 10, 1), date(2017, 10, 28))
PAST_DAYS: Final = 84
DRAWS: Final = 1_000
PLANTED: Final = 0.147
HOLIDAY: Final = 1.15
CASHIERS: Final = 8
SPREAD: Final = 0.06
STAFF_RUNS: Final = 60
SEED: Final = 20_261_122


def figures(panel: Panel) -> Iterator[Figure]:
    tickets = panel.tickets()
    yield from _campaigns(tickets)
    yield from _cashiers(panel)


def _campaigns(tickets: Tickets) -> Iterator[Figure]:
    before, after = (_spent(tickets, *days) for days in ((SENT - PAST_DAYS, SENT), (SENT, SENT + 28)))
    is_active = before > 0
    before, after = before[is_active], after[is_active]
    random = np.random.default_rng(SEED)
    worst = 1.0
    for share in (0.5, 0.1):
        halves: list[float] = []
        for planted, season in ((0.0, 1.0), (PLANTED, 1.0), (PLANTED, HOLIDAY)):
            runs = [_one_campaign(before, after, share, planted, season, random) for _ in range(DRAWS)]
            worst = min(worst, float(np.mean([held for held, _, _ in runs])))
            if season == 1.0:
                halves += [half for _, half, _ in runs]
            if planted == 0:
                said = float(np.mean([verdict is Verdict.WORKS for *_, verdict in runs]))
                yield at_most(f"uplift_{share:.0%}_works_without_effect".replace("%", ""), said, 0.05)
        bar = 10.5 if share == 0.5 else 17.5
        yield at_most(f"uplift_{share:.0%}_half_width".replace("%", ""), float(np.mean(halves)) / 100, bar)
    yield at_least("uplift_interval_holds_in_the_worst_of_six", worst, 0.92)
    yield from _placebo(tickets, random)


def _one_campaign(
    before: Column, after: Column, share: float, planted: float, season: float, random: np.random.Generator
) -> tuple[bool, float, Verdict]:
    """Whether the interval holds what was planted, its half width, and the verdict."""
    is_control = np.zeros(len(before), dtype=np.bool_)
    is_control[random.permutation(len(before))[: round(share * len(before))]] = True
    plain = np.round(after * season).astype(np.int64)
    gain = np.round(plain.mean() * planted).astype(np.int64)
    # What a message adds differs from member to member.
    added = np.round(random.exponential(1.0, len(after)) * gain).astype(np.int64)
    found = effect(before, plain + np.where(is_control, 0, added), is_control, WATCHED)
    assert not isinstance(found, TooLittle)
    half = (found.each.high - found.each.low) / 2
    return found.each.low <= gain <= found.each.high, half, found.verdict


def _placebo(tickets: Tickets, random: np.random.Generator) -> Iterator[Figure]:
    """A message that does nothing, to members who had stayed away: what before and after would claim, and what the control says."""
    earlier, before = _spent(tickets, SENT - PAST_DAYS, SENT - 28), _spent(tickets, SENT - 28, SENT)
    after = _spent(tickets, SENT, SENT + 28)
    is_lapsing = before * 2 < earlier / 2
    earlier, before, after = earlier[is_lapsing], before[is_lapsing], after[is_lapsing]
    runs = [_one_campaign(earlier, after, 0.2, 0.0, 1.0, random)[2] for _ in range(DRAWS)]
    yield at_most("uplift_placebo_works", float(np.mean([found is Verdict.WORKS for found in runs])), 0.05)
    yield beside("uplift_placebo_before_after_claims", float(after.mean() / before.mean() - 1))


def _spent(tickets: Tickets, first: int, end: int) -> Column:
    inside = (tickets.day >= first) & (tickets.day < end)
    count = int(tickets.member.max()) + 1
    return np.bincount(tickets.member[inside], weights=tickets.net[inside], minlength=count).astype(np.int64)


def _cashiers(panel: Panel) -> Iterator[Figure]:
    _, first, basket = np.unique(panel.basket, return_index=True, return_inverse=True)
    net = np.bincount(basket, weights=panel.net)
    hour, is_weekend = panel.hour[first], (panel.day[first] + 3) % 7 >= 5
    random = np.random.default_rng(SEED)
    held_in_all: list[float] = []
    for tickets, bar in ((600, 0.07), (3_000, 0.05), (12_000, 0.035)):
        runs = [_one_shop(net, hour, is_weekend, tickets, random) for _ in range(STAFF_RUNS)]
        held, missed, raw_missed = np.array(runs).mean(axis=0)
        held_in_all.append(float(held))
        yield at_most(f"staff_{tickets}_error", missed, bar)
        yield beside(f"staff_{tickets}_error_raw", raw_missed)
    yield at_least("staff_interval_holds", min(held_in_all), 0.90)


def _one_shop(
    net: Column, hour: Column, is_weekend: Column, tickets: int, random: np.random.Generator
) -> tuple[float, float, float]:
    """How many of eight intervals hold the planted factor, and the mean distance from it: ours, and of plain averages."""
    chosen = random.choice(len(net), tickets, replace=False)
    pull = np.linspace(0.5, 1.5, CASHIERS)  # the last cashiers have three times as many weekends as the first
    weight = np.where(is_weekend[chosen, None], pull, 2 - pull)
    weight = np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)
    operator = (random.random(tickets)[:, None] > weight).sum(axis=1)
    factor = np.exp(random.normal(0, SPREAD, CASHIERS))
    value = np.round(net[chosen] * factor[operator]).astype(np.int64)
    period = Period(date(2017, 1, 1), date(2017, 12, 31))

    found = staff_index(operator, value, hour[chosen], is_weekend[chosen], period, tickets_min=30)
    truth = factor / np.average(factor, weights=np.bincount(operator, minlength=CASHIERS))
    plain = np.bincount(operator, weights=value) / np.bincount(operator) / value.mean()
    assert not isinstance(found, TooLittle)
    held = (found.low <= truth) & (truth <= found.high)
    return float(held.mean()), float(np.abs(found.index - truth).mean()), float(np.abs(plain - truth).mean())
