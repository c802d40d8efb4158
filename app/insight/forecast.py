"""Sales of the coming days, per category, with the band in which they fall four times of five.

The mean of three plain rules: the mean of the last eight same weekdays, their median, and a weekday index times a smoothed level. Series
that are often empty get the third alone. Days on which the shop was closed, and days the owner marks as special, teach nothing.
How wide the band is was measured: by forecasting the last eight weeks again, each from what was known before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from app.insight.columns import Bools, Floats, Ints, frozen
from app.insight.peaks import WEEKDAYS, weekday_of
from app.insight.values import Estimate, Period, TooLittle, date_of

OPEN_DAYS_MIN: Final = 84
SAME_WEEKDAYS: Final = 8
INDEX_WEEKS: Final = 26
RECENT_DAYS: Final = 84
BUSY_SHARE_MIN: Final = 0.9
ALPHAS: Final = (0.02, 0.05, 0.1, 0.2, 0.3)
INDEX_SHRINK: Final = 2.0  # an index leans on 1 as if it had been seen so many weeks more
ORIGINS: Final = 8
BAND: Final = 0.8
_T_8_90: Final = 1.397  # Student's t of 8 weekly errors: 80 % to both sides


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """A row for each series, a column for each coming day: ``value`` between ``low`` and ``high`` in 80 % of all cases.

    ``total[s]`` is the sum of row s, ``grand_total`` that of all. ``missed[s]`` is the share by which the last eight weeks' forecasts of
    single days missed (WAPE; NaN where nothing was sold): of goods that sell seldom it says nothing, and zero would look best.
    ``n`` open days taught it.
    """

    period: Period
    first: date
    n: int
    value: Floats
    low: Floats
    high: Floats
    total: tuple[Estimate, ...]
    grand_total: Estimate
    missed: Floats


def forecast(
    sales: Ints | Floats,
    period: Period,
    *,
    days: int = 7,
    closed: Bools | None = None,
    closed_ahead: Bools | None = None,
) -> Forecast | TooLittle:
    """From a row for each series and a column for each day of the period (amounts or units).

    ``closed`` marks days to leave out (default: days on which nothing at all was sold), ``closed_ahead`` coming days that sell nothing.
    Too little under 84 open days.
    """
    history = np.atleast_2d(np.asarray(sales, dtype=np.float64))
    assert history.shape[1] == period.days
    is_open = ~closed if closed is not None else history.any(axis=0)
    open_days = int(is_open.sum())
    if open_days < OPEN_DAYS_MIN:
        return TooLittle("open_days", open_days, OPEN_DAYS_MIN)
    past = history[:, is_open]
    weekday = weekday_of(np.arange(period.first_day, period.last_day + 1))[is_open]
    ahead = weekday_of(np.arange(period.last_day + 1, period.last_day + 1 + days))
    value = combined(past, weekday, ahead)
    day_half, week_half, whole_half, missed = _errors(past, weekday)
    if closed_ahead is not None:
        value = np.where(closed_ahead, 0.0, value)
    half = np.where(value > 0, day_half[:, None], 0.0)
    scale = np.sqrt(days / WEEKDAYS)
    totals = tuple(
        _estimate(float(row.sum()), float(week_half[place] * scale), open_days)
        for place, row in enumerate(value)
    )
    return Forecast(
        period,
        date_of(period.last_day + 1),
        open_days,
        frozen(value),
        frozen(np.maximum(value - half, 0.0)),
        frozen(value + half),
        totals,
        _estimate(float(value.sum()), float(whole_half * scale), open_days),
        frozen(missed),
    )


def combined(past: Floats, weekday: Ints, ahead: Ints) -> Floats:
    """The mean of the three rules for days of the weekdays ``ahead``, from open days of known weekdays, the latest last."""
    mean, median = _same_weekdays(past, weekday)
    level = _index_and_level(past, weekday)
    recent = past[:, -RECENT_DAYS:]
    is_busy = (recent > 0).mean(axis=1) >= BUSY_SHARE_MIN
    mixed = np.where(is_busy[:, None], (mean + median + level) / 3, level)
    result: Floats = np.maximum(mixed[:, ahead], 0.0)
    return result


def _same_weekdays(past: Floats, weekday: Ints) -> tuple[Floats, Floats]:
    """Mean and median of the last eight of each weekday; of a weekday that was never open, nothing is sold."""
    mean, median = np.zeros((len(past), WEEKDAYS)), np.zeros((len(past), WEEKDAYS))
    for which in range(WEEKDAYS):
        rows = np.flatnonzero(weekday == which)[-SAME_WEEKDAYS:]
        if len(rows):
            mean[:, which] = past[:, rows].mean(axis=1)
            median[:, which] = np.median(past[:, rows], axis=1)
    return mean, median


def _index_and_level(past: Floats, weekday: Ints) -> Floats:
    """A weekday index of the last 26 weeks, shrunk towards 1, times an exponentially smoothed level; the best of five alphas."""
    past, weekday = past[:, -INDEX_WEEKS * WEEKDAYS :], weekday[-INDEX_WEEKS * WEEKDAYS :]
    overall = past.mean(axis=1)
    safe = np.where(overall > 0, overall, 1.0)
    index = np.zeros((len(past), WEEKDAYS))
    for which in range(WEEKDAYS):
        rows = weekday == which
        if rows.any():
            count = int(rows.sum())
            index[:, which] = (count * past[:, rows].mean(axis=1) / safe + INDEX_SHRINK) / (
                count + INDEX_SHRINK
            )
    plain = past / np.maximum(index[:, weekday], 0.05)
    level = np.repeat(plain[:, : 2 * WEEKDAYS].mean(axis=1)[:, None], len(ALPHAS), axis=1)
    alpha, error = np.array(ALPHAS), np.zeros((len(past), len(ALPHAS)))
    for day in range(plain.shape[1]):
        surprise = plain[:, day, None] - level
        if day >= 2 * WEEKDAYS:
            error += (surprise * index[:, weekday[day], None]) ** 2
        level += alpha * surprise
    best = level[np.arange(len(past)), error.argmin(axis=1)]
    result: Floats = best[:, None] * index
    return result


def _errors(past: Floats, weekday: Ints) -> tuple[Floats, Floats, float, Floats]:
    """How far the last eight weeks were missed: half widths of a day and of a week for each series, of all in a week, and the WAPE."""
    misses, sold = [], []
    for back in range(ORIGINS, 0, -1):
        end = past.shape[1] - back * WEEKDAYS
        week = slice(end, end + WEEKDAYS)
        misses.append(past[:, week] - combined(past[:, :end], weekday[:end], weekday[week]))
        sold.append(past[:, week])
    miss, total = np.stack(misses, axis=1), np.stack(sold, axis=1)
    size = ORIGINS * WEEKDAYS
    by_day = np.sort(np.abs(miss).reshape(len(past), size), axis=1)
    day_half = by_day[:, min(size, int(np.ceil(BAND * (size + 1)))) - 1]
    week_half = _T_8_90 * np.sqrt((miss.sum(axis=2) ** 2).mean(axis=1))
    whole_half = _T_8_90 * float(np.sqrt((miss.sum(axis=(0, 2)) ** 2).mean()))
    amount = total.sum(axis=(1, 2))
    missed = np.where(amount > 0, np.abs(miss).sum(axis=(1, 2)) / np.where(amount > 0, amount, 1.0), np.nan)
    return day_half, week_half, whole_half, missed


def _estimate(value: float, half: float, n: int) -> Estimate:
    return Estimate(value, max(0.0, value - half), value + half, n, confidence=BAND)
