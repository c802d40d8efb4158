"""When to order and how much to keep: the reorder point of one item from its own recent days.

Demand over the lead time is counted in windows of so many days and taken as negative binomial, which has the long tail that sales have;
the textbook's normal formula runs out more often than it promises. A day on which the item was out of stock is no day without
demand: windows with such a day are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Bools, Floats, Ints
from app.insight.gamma_functions import log_gamma
from app.insight.values import Estimate, Period, TooLittle, proportion, z_of

HISTORY_DAYS: Final = 182
WINDOWS_MIN: Final = 28
SERVICE_A: Final = 0.95
SERVICE_B: Final = 0.90
THOUSANDTHS: Final = 1000
COUNTED_MAX: Final = (
    20_000  # beyond so many pieces the normal distribution is as good and does not have to be counted out
)


@dataclass(frozen=True, slots=True)
class ReorderPoint:
    """Order when ``reorder_at`` pieces or fewer are left: enough for the lead time with the chance ``service``.

    ``mean`` is the demand of a lead time, ``safety`` what lies above it. ``reached``: in how many past windows that would have been enough.
    ``n`` windows; neighbouring ones overlap, so the interval of ``reached`` is wider than it looks.
    """

    period: Period
    n: int
    lead_days: int
    service: float
    mean: float
    variance: float
    reorder_at: int
    safety: int
    reached: Estimate | TooLittle


def reorder_point(
    sold: Ints,
    period: Period,
    *,
    lead_days: int,
    service: float = SERVICE_A,
    was_out: Bools | None = None,
    lead_days_deviation: float = 0.0,
) -> ReorderPoint | TooLittle:
    """From the quantity sold on each day of the period (thousandths), of which the last 182 count.

    ``was_out`` marks days on which there was none to sell; ``lead_days_deviation`` is the supplier's unpunctuality. Too little under 28
    windows.
    """
    assert len(sold) == period.days
    assert lead_days >= 1
    assert 0.5 <= service < 1
    day = np.maximum(sold[-HISTORY_DAYS:], 0).astype(np.float64) / THOUSANDTHS
    is_known = np.ones(len(day), dtype=np.bool_) if was_out is None else ~was_out[-HISTORY_DAYS:]
    windows = _window_sums(day, is_known, lead_days)
    if len(windows) < WINDOWS_MIN:
        return TooLittle("windows", len(windows), WINDOWS_MIN)
    mean = float(windows.mean())
    by_day = mean / lead_days
    # The mean is known from about so many independent windows as fit into the history, and is that uncertain itself.
    variance = float(windows.var(ddof=1)) * (1 + lead_days / len(day)) + (by_day * lead_days_deviation) ** 2
    reorder_at = demand_quantile(mean, variance, service)
    return ReorderPoint(
        period,
        len(windows),
        lead_days,
        service,
        mean,
        variance,
        reorder_at,
        max(0, reorder_at - ceil(mean)),
        proportion(int((windows <= reorder_at).sum()), len(windows), what="windows", n_min=WINDOWS_MIN),
    )


def order_now(point: ReorderPoint, *, on_hand: int, on_order: int, cover_days: int) -> int:
    """How many pieces to order today: none above the reorder point, else up to it plus the days until the next order."""
    available = on_hand + on_order
    if available > point.reorder_at:
        return 0
    return max(0, point.reorder_at + ceil(point.mean / point.lead_days * cover_days) - available)


def demand_quantile(mean: float, variance: float, service: float) -> int:
    """The least whole number that holds the demand with that chance: negative binomial, Poisson where it does not vary more."""
    if mean <= 0:
        return 0
    deviation = sqrt(max(variance, mean))
    if mean + 12 * deviation > COUNTED_MAX:
        return ceil(mean + z_of(2 * service - 1) * deviation)
    pieces = np.arange(int(mean + 12 * deviation) + 20, dtype=np.float64)
    chance = (
        _negative_binomial(pieces, mean, variance) if variance > mean * 1.0001 else _poisson(pieces, mean)
    )
    return int(np.searchsorted(np.cumsum(chance), service - 1e-12))


def textbook_reorder_point(by_day: float, deviation_by_day: float, lead_days: int, service: float) -> int:
    """z x s x the root of the lead time above the mean: what other systems compute, to stand beside ours."""
    return ceil(by_day * lead_days + z_of(2 * service - 1) * deviation_by_day * sqrt(lead_days))


def _window_sums(day: Floats, is_known: Bools, length: int) -> Floats:
    if len(day) < length:
        return day[:0]
    running = np.concatenate(([0.0], np.cumsum(np.where(is_known, day, 0.0))))
    unknown = np.concatenate(([0], np.cumsum(~is_known)))
    whole = unknown[length:] == unknown[:-length]
    result: Floats = (running[length:] - running[:-length])[whole]
    return result


def _negative_binomial(pieces: Floats, mean: float, variance: float) -> NDArray[np.float64]:
    size = mean * mean / (variance - mean)
    logs = log_gamma(pieces + size) - log_gamma(np.array([size])) - log_gamma(pieces + 1)
    result: Floats = np.exp(logs + size * log(size / (size + mean)) + pieces * log(mean / (size + mean)))
    return result


def _poisson(pieces: Floats, mean: float) -> NDArray[np.float64]:
    result: Floats = np.exp(pieces * log(mean) - mean - log_gamma(pieces + 1))
    return result
