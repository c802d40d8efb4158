"""How well a score tells two kinds of members apart, and whether its percentages come true."""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np

from app.insight.columns import Bools, Floats
from app.insight.values import CONFIDENCE, Estimate, TooLittle, z_of

EACH_MIN: Final = 30


def auc(score: Floats, happened: Bools) -> Estimate | TooLittle:
    """The chance that one to whom it happened scores above one to whom it did not, ties half (Hanley & McNeil 1982).

    0.5 is a coin, 1 is never wrong. Too little under 30 of either kind.
    """
    positive = int(happened.sum())
    negative = len(happened) - positive
    if min(positive, negative) < EACH_MIN:
        return TooLittle("members_of_each_kind", min(positive, negative), EACH_MIN)
    ordered = np.sort(score)
    ranks = (np.searchsorted(ordered, score, "left") + np.searchsorted(ordered, score, "right") + 1) / 2
    area = float((ranks[happened].sum() - positive * (positive + 1) / 2) / (positive * negative))
    both_above, both_below = area / (2 - area), 2 * area * area / (1 + area)
    variance = area * (1 - area) + (positive - 1) * (both_above - area * area)
    variance = (variance + (negative - 1) * (both_below - area * area)) / (positive * negative)
    half = z_of(CONFIDENCE) * sqrt(max(variance, 0.0))
    return Estimate(area, max(0.0, area - half), min(1.0, area + half), len(happened))


def calibration_error(chance: Floats, happened: Bools, bins: int = 10) -> float:
    """The mean distance between what was said and what came true, over bins of equally many members."""
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, bins)
    weighted = sum(
        len(part) * abs(chance[part].mean() - happened[part].mean()) for part in parts if len(part)
    )
    return float(weighted / max(len(chance), 1))
