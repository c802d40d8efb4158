"""What every answer carries: the period it was asked for, how many it rests on, and how sure it is.

A figure that rests on too few is never shown as a number: it is a `TooLittle`, which says how many there are and how many it takes.
Sums of money are integers of minor units; an estimate of money is a float and always comes with its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

PERCENT_N_MIN: Final = 30
CONFIDENCE: Final = 0.95
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Period:
    """Business dates from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        assert self.first <= self.last

    @property
    def first_day(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.first)

    @property
    def last_day(self) -> int:
        return day_number(self.last)

    @property
    def days(self) -> int:
        return self.last_day - self.first_day + 1

    def ending(self, last: date) -> Period:
        """As long as this one, ending on another date."""
        return Period(last - timedelta(days=self.days - 1), last)


@dataclass(frozen=True, slots=True)
class TooLittle:
    """There are ``n`` of ``what``, and under ``needed`` nothing is said. Not a number, on purpose."""

    what: str
    n: int
    needed: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the interval that holds the truth in ``confidence`` of all cases, from ``n`` observations."""

    value: float
    low: float
    high: float
    n: int
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        assert self.low <= self.value <= self.high

    def times(self, factor: float) -> Estimate:
        """The same in another unit; the factor is not negative."""
        assert factor >= 0
        return Estimate(
            self.value * factor, self.low * factor, self.high * factor, self.n, confidence=self.confidence
        )


def day_number(day: date) -> int:
    """Days since 1970-01-01, which is what a day column holds."""
    return day.toordinal() - _EPOCH


def date_of(day: int) -> date:
    return date.fromordinal(int(day) + _EPOCH)


def z_of(confidence: float) -> float:
    """How many standard errors a two-sided interval of this confidence reaches to each side."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def proportion(
    hits: int, n: int, *, what: str = "members", n_min: int = PERCENT_N_MIN
) -> Estimate | TooLittle:
    """A share with Wilson's score interval (Wilson 1927), which stays within 0 and 1; no percentage under ``n_min``."""
    assert 0 <= hits <= n
    if n < max(1, n_min):
        return TooLittle(what, n, n_min)
    low, high = wilson(np.array([hits]), np.array([n]))
    return Estimate(hits / n, float(low[0]), float(high[0]), n)


def wilson(
    hits: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[
    np.ndarray[tuple[int, ...], np.dtype[np.float64]], np.ndarray[tuple[int, ...], np.dtype[np.float64]]
]:
    """Wilson's interval of many shares at once; (0, 1) where n is 0."""
    count = np.asarray(n, dtype=np.float64)
    trials = np.maximum(count, 1.0)
    share = np.asarray(hits, dtype=np.float64) / trials
    z = z_of(confidence)
    middle = share + z * z / (2 * trials)
    half = z * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = np.minimum(np.clip((middle - half) / scale, 0.0, 1.0), share)
    high = np.maximum(np.clip((middle + half) / scale, 0.0, 1.0), share)
    return np.where(count > 0, low, 0.0), np.where(count > 0, high, 1.0)


def mean_of(values: ArrayLike, *, what: str, n_min: int = PERCENT_N_MIN) -> Estimate | TooLittle:
    """A mean with its normal interval."""
    column = np.asarray(values, dtype=np.float64)
    n = int(column.size)
    if n < max(2, n_min):
        return TooLittle(what, n, n_min)
    mean = float(column.mean())
    half = z_of(CONFIDENCE) * float(column.std(ddof=1)) / sqrt(n)
    return Estimate(mean, mean - half, mean + half, n)


def median_of(values: ArrayLike, *, what: str, n_min: int = PERCENT_N_MIN) -> Estimate | TooLittle:
    """A median between two order statistics: the binomial interval, which assumes nothing of the distribution."""
    column = np.sort(np.asarray(values, dtype=np.float64))
    n = int(column.size)
    if n < max(1, n_min):
        return TooLittle(what, n, n_min)
    half = z_of(CONFIDENCE) * sqrt(n) / 2
    low = column[max(0, floor((n - 1) / 2 - half))]
    high = column[min(n - 1, ceil((n - 1) / 2 + half))]
    return Estimate(float(np.median(column)), float(low), float(high), n)
