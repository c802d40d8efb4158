"""The logarithm of the gamma function and its slope, for whole columns of positive numbers.

Small arguments are raised above eight by the recurrence, where Stirling's series is exact to about 1e-13
(Abramowitz & Stegun 6.1.40, 6.3.18).
"""

from __future__ import annotations

from math import log, pi
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from app.insight.columns import Floats

_LARGE: Final = 8.0
_HALF_LOG_TWO_PI: Final = 0.5 * log(2 * pi)
_LOG_SERIES: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_SLOPE_SERIES: Final = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)


def log_gamma(x: ArrayLike) -> Floats:
    """ln Γ(x) for x > 0."""
    large = np.array(x, dtype=np.float64)
    assert (large > 0).all()
    product = np.ones_like(large)
    while (small := large < _LARGE).any():
        product = np.where(small, product * large, product)
        large = np.where(small, large + 1, large)
    inverse = 1 / large
    series = _power_series(_LOG_SERIES, inverse * inverse) * inverse
    result: Floats = (large - 0.5) * np.log(large) - large + _HALF_LOG_TWO_PI + series - np.log(product)
    return result


def digamma(x: ArrayLike) -> Floats:
    """d/dx ln Γ(x) for x > 0."""
    large = np.array(x, dtype=np.float64)
    assert (large > 0).all()
    taken = np.zeros_like(large)
    while (small := large < _LARGE).any():
        taken = np.where(small, taken + 1 / large, taken)
        large = np.where(small, large + 1, large)
    inverse = 1 / large
    squared = inverse * inverse
    result: Floats = np.log(large) - 0.5 * inverse - _power_series(_SLOPE_SERIES, squared) * squared - taken
    return result


def _power_series(coefficients: tuple[float, ...], x: Floats) -> Floats:
    total = np.zeros_like(x)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total
