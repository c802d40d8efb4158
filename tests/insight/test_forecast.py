"""Sales of the coming days: exact where a shop is regular, and a band that holds what it says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.forecast import Forecast, forecast
from app.insight.peaks import weekday_of
from app.insight.values import Period, TooLittle
from tests.insight.tables import seeds

PERIOD = Period(date(2026, 1, 1), date(2026, 7, 31))
DAYS = PERIOD.days
WEEKDAY = weekday_of(np.arange(PERIOD.first_day, PERIOD.last_day + 1))
PATTERN = np.array([100, 110, 120, 130, 180, 300, 250])


def shop(seed: int, noise: float = 20.0, rows: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    level = random.uniform(0.5, 3, rows)[:, None]
    return np.maximum(PATTERN[WEEKDAY] * level + random.normal(0, noise, (rows, DAYS)), 0).round()


def test_a_shop_that_repeats_its_week_is_foretold_to_the_dollar() -> None:
    found = forecast(PATTERN[WEEKDAY][None, :], PERIOD)
    assert isinstance(found, Forecast)
    # 1 August 2026 is a Saturday. The shrunk weekday index leaves less than two in a hundred.
    assert found.first == date(2026, 8, 1)
    assert found.value[0] == pytest.approx(PATTERN[[5, 6, 0, 1, 2, 3, 4]], rel=0.03)
    assert found.total[0].value == pytest.approx(PATTERN.sum(), rel=0.01)
    assert found.missed[0] < 0.03


def test_closed_days_teach_nothing_and_sell_nothing() -> None:
    sales = PATTERN[WEEKDAY][None, :].copy()
    closed = np.zeros(DAYS, dtype=np.bool_)
    closed[DAYS - 21 :: 7] = True
    sales[:, closed] = 0
    found, plain = forecast(sales, PERIOD), forecast(PATTERN[WEEKDAY][None, :], PERIOD)
    assert isinstance(found, Forecast)
    assert isinstance(plain, Forecast)
    assert found.n == DAYS - 3
    assert found.value == pytest.approx(plain.value, rel=0.03), "a closed day is not a day without demand"
    holiday = forecast(sales, PERIOD, closed_ahead=np.arange(7) == 2)
    assert isinstance(holiday, Forecast)
    assert holiday.value[0, 2] == holiday.high[0, 2] == 0


def test_a_day_that_the_owner_marks_as_special_is_left_out() -> None:
    sales = PATTERN[WEEKDAY][None, :].astype(np.float64)
    festival = np.zeros(DAYS, dtype=np.bool_)
    festival[-7:] = True
    sales[:, festival] *= 9
    found, misled = forecast(sales, PERIOD, closed=festival), forecast(sales, PERIOD)
    assert isinstance(found, Forecast)
    assert isinstance(misled, Forecast)
    assert found.total[0].value == pytest.approx(PATTERN.sum(), rel=0.02)
    assert misled.total[0].value > 1.3 * PATTERN.sum()


def test_goods_that_sell_seldom_are_not_forecast_as_zero() -> None:
    random = np.random.default_rng(3)
    sales = (random.random((1, DAYS)) < 0.15).astype(np.int64)
    sales = np.concatenate((sales, np.ones((1, DAYS), dtype=np.int64)))
    found = forecast(sales, PERIOD)
    assert isinstance(found, Forecast)
    assert found.total[0].value == pytest.approx(7 * 0.15, abs=0.6)
    assert found.missed[0] > 0.9, "by this measure zero would look best; it says nothing of such goods"


@settings(max_examples=10)
@given(seeds(), st.integers(1, 14))
def test_bands_hold_their_forecast_and_rows_do_not_disturb_each_other(seed: int, days: int) -> None:
    sales = shop(seed)
    found = forecast(sales, PERIOD, days=days)
    alone = forecast(sales[1:2], PERIOD, days=days)
    assert isinstance(found, Forecast)
    assert isinstance(alone, Forecast)
    assert found.value.shape == (3, days)
    assert ((found.low <= found.value) & (found.value <= found.high)).all()
    assert found.value[1] == pytest.approx(alone.value[0])
    assert found.grand_total.value == pytest.approx(sum(total.value for total in found.total))


def test_the_band_holds_about_four_days_of_five() -> None:
    held = []
    for seed in range(25):
        sales = shop(seed, rows=1, noise=60)
        cut = Period(PERIOD.first, date(2026, 7, 24))
        found = forecast(sales[:, : cut.days], cut)
        assert isinstance(found, Forecast)
        truth = sales[:, cut.days :]
        held.append(((found.low <= truth) & (truth <= found.high)).mean())
    assert 0.7 <= float(np.mean(held)) <= 0.92


def test_under_twelve_weeks_there_is_no_forecast() -> None:
    short = Period(date(2026, 1, 1), date(2026, 3, 24))
    assert forecast(np.ones((1, short.days)), short) == TooLittle("open_days", 83, 84)
