"""How much of the sales a part of the members brings: the curve behind "80/20", and the real share instead of the slogan."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Floats, frozen
from app.insight.values import CONFIDENCE, Estimate, Period, TooLittle, z_of

MEMBERS_MIN: Final = 30
POINTS: Final = 101


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """``curve[p]`` is what the best p % of the members bring together, as a share of the sales.

    ``top_share`` belongs to the best 20 % (``top_members`` of ``n``); ``members_for_80`` is the part that brings four fifths. ``gini`` is
    0 when all bring the same.
    """

    period: Period
    n: int
    net: int
    top_members: int
    top_share: Estimate
    members_for_80: float
    gini: float
    curve: Floats


def concentration(net: NDArray[np.int64], period: Period, *, top: float = 0.2) -> Concentration | TooLittle:
    """From the net sales of each member. Members who brought nothing or less count as members, with nothing."""
    assert 0 < top < 1
    if len(net) < MEMBERS_MIN:
        return TooLittle("members", len(net), MEMBERS_MIN)
    ordered = np.sort(np.maximum(net, 0))[::-1]
    running = np.cumsum(ordered)
    total = int(running[-1])
    if total == 0:
        return TooLittle("members_with_sales", 0, MEMBERS_MIN)
    n = len(ordered)
    shares = np.concatenate(([0.0], running / total))
    count = max(1, int(top * n))
    enough = int(np.searchsorted(running, 0.8 * total)) + 1
    rank = np.arange(n, 0, -1, dtype=np.float64)
    gini = float(2 * (rank * ordered).sum() / (n * total) - (n + 1) / n)
    return Concentration(
        period,
        n,
        total,
        count,
        _with_interval(ordered, count, float(shares[count])),
        enough / n,
        max(gini, 0.0),
        frozen(np.interp(np.linspace(0, n, POINTS), np.arange(n + 1), shares)),
    )


def _with_interval(ordered: NDArray[np.int64], count: int, share: float) -> Estimate:
    """The share's sampling error by its influence function (Cowell & Flachaire 2007): each member's pull on it."""
    n = len(ordered)
    edge = float(ordered[count - 1])
    mean = float(ordered.mean())
    pull = (np.maximum(ordered - edge, 0.0) + edge * count / n - share * ordered) / mean
    half = z_of(CONFIDENCE) * float(pull.std()) / sqrt(n)
    return Estimate(share, max(0.0, share - half), min(1.0, share + half), n)
