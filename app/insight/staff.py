"""How operators do at the till, as far as tickets can tell: beside what such hours bring anyone, and with the room chance leaves.

An index compares tickets with the shop's own of the same hours, so that who works Saturdays is not the better for it. Under a hundred
tickets nothing is said, and where intervals overlap nobody is ahead of anybody. Voids and refunds beyond the limits mean "look", never
"fraud".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Bools, Floats, Ints, frozen
from app.insight.values import CONFIDENCE, Period, TooLittle, wilson, z_of

TICKETS_MIN: Final = 100
OPERATORS_MIN: Final = 2
CAP_PERCENTILE: Final = 99
FUNNEL_CONFIDENCE: Final = 0.998


@dataclass(frozen=True, slots=True, eq=False)
class StaffIndex:
    """1 is what the same hours bring on average; ``low`` to ``high`` holds the truth in 95 % of all cases. ``raw`` is not shrunk.

    ``is_known`` is False under a hundred tickets; ``band`` is 1 above the shop, -1 below it, 0 where that cannot be told.
    """

    period: Period
    n: int
    operator: Ints
    tickets: Ints
    raw: Floats
    index: Floats
    low: Floats
    high: Floats
    is_known: Bools
    band: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """A share for each operator with its 95 % interval; ``is_outside``: beyond the funnel of three standard errors around ``shop``."""

    operator: Ints
    n: Ints
    rate: Floats
    low: Floats
    high: Floats
    is_outside: Bools
    shop: float


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """Per operator: sales (minor units) and tickets per hour at the till, goods per ticket, the average ticket."""

    operator: Ints
    tickets: Ints
    hours: Floats
    net_per_hour: Floats
    tickets_per_hour: Floats
    items_per_ticket: Floats
    average_ticket: Floats


def staff_index(
    operator: Ints,
    net: Ints,
    hour: Ints,
    is_weekend: Bools,
    period: Period,
    *,
    tickets_min: int = TICKETS_MIN,
) -> StaffIndex | TooLittle:
    """From a row for each sale of the period. Too little where fewer than two operators have ``tickets_min`` tickets."""
    count = int(operator.max()) + 1 if len(operator) else 0
    tickets = np.bincount(operator, minlength=count)
    known = int((tickets >= tickets_min).sum())
    if known < OPERATORS_MIN:
        return TooLittle("operators_with_tickets", known, OPERATORS_MIN)
    value = np.minimum(net, np.percentile(net, CAP_PERCENTILE)).astype(np.float64)
    expected = _expected(value, hour, is_weekend)
    made, due = (np.bincount(operator, weights=column, minlength=count) for column in (value, expected))
    raw = made / np.where(due > 0, due, 1.0)
    miss = value - raw[operator] * expected
    squares = np.bincount(operator, weights=miss**2, minlength=count)
    error = np.sqrt(squares) / np.where(due > 0, due, 1.0)
    is_known = tickets >= tickets_min
    spread = _spread(raw[is_known], error[is_known])
    centre = float(np.average(raw[is_known], weights=1 / (error[is_known] ** 2 + spread + 1e-12)))
    trust = spread / np.maximum(spread + error**2, 1e-12)
    index = centre + trust * (raw - centre)
    half = z_of(CONFIDENCE) * _doubt(error, spread, float((error[is_known] ** 2).mean()), known)
    low, high = index - half, index + half
    band = np.where(is_known & (low > 1), 1, np.where(is_known & (high < 1), -1, 0))
    present = np.flatnonzero(tickets)
    columns = (tickets, raw, index, low, high, is_known, band)
    return StaffIndex(period, len(net), frozen(present), *(frozen(column[present]) for column in columns))


def rates(operator: Ints, is_hit: Bools) -> Rates:
    """The share of an operator's tickets that have something: a member, a discount, a void, a refund, a sign-up."""
    count = int(operator.max()) + 1 if len(operator) else 0
    n = np.bincount(operator, minlength=count)
    hits = np.bincount(operator, weights=is_hit, minlength=count).astype(np.int64)
    low, high = wilson(hits, n)
    shop = float(is_hit.mean()) if len(is_hit) else 0.0
    # The funnel: what chance alone would do to an ordinary operator with so many tickets (Spiegelhalter 2005).
    reach = z_of(FUNNEL_CONFIDENCE) * np.sqrt(shop * (1 - shop) / np.maximum(n, 1))
    rate = hits / np.maximum(n, 1)
    present = np.flatnonzero(n)
    outside = (np.abs(rate - shop) > reach) & (n >= TICKETS_MIN)
    return Rates(
        frozen(present),
        frozen(n[present]),
        frozen(rate[present]),
        frozen(low[present]),
        frozen(high[present]),
        frozen(outside[present]),
        shop,
    )


def pace(operator: Ints, net: Ints, items: Ints, hours: Floats) -> Pace:
    """``hours[o]`` is how long operator o stood at the till; NaN per hour where that is not known (0)."""
    count = len(hours)
    tickets = np.bincount(operator, minlength=count)
    made = np.bincount(operator, weights=net, minlength=count)
    goods = np.bincount(operator, weights=items, minlength=count)
    time = np.where(hours > 0, hours, np.nan)
    each = np.maximum(tickets, 1)
    return Pace(
        frozen(np.arange(count)),
        frozen(tickets),
        frozen(hours.copy()),
        frozen(made / time),
        frozen(tickets / time),
        frozen(goods / each),
        frozen(made / each),
    )


def _expected(value: Floats, hour: Ints, is_weekend: Bools) -> Floats:
    """What a ticket of the same hour, on a weekday or at the weekend, brings on average."""
    cell = hour.astype(np.int64) * 2 + is_weekend
    n = np.bincount(cell)
    mean = np.bincount(cell, weights=value) / np.maximum(n, 1)
    result: Floats = mean[cell]
    return result


def _doubt(error: Floats, spread: float, noise: float, known: int) -> Floats:
    """The standard error of a shrunk index. Few operators leave open how far they really differ: it is taken for as much as may well be."""
    wide = spread + (2 / max(known - 1, 1)) ** 0.5 * (spread + noise)
    trust = wide / np.maximum(wide + error**2, 1e-12)
    result: Floats = np.sqrt(trust * error**2 + (1 - trust) ** 2 * (wide + noise) / known)
    return result


def _spread(raw: Floats, error: Floats) -> float:
    """The variance between operators that chance does not explain (DerSimonian & Laird 1986)."""
    weight = 1 / np.maximum(error**2, 1e-12)
    centre = float((weight * raw).sum() / weight.sum())
    excess = float((weight * (raw - centre) ** 2).sum()) - (len(raw) - 1)
    return max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))
