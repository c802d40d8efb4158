"""Stretches of days by the shop's own words, and what each is set beside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.service.calendar_moon import lunar_to_solar
from ui.owner.periods import (
    Against,
    Beside,
    Stretch,
    Word,
    compared,
    festivals,
    stretch_of,
    usual_stretches,
)

TODAY = date(2026, 11, 21)  # a Saturday
DAYS = st.dates(date(2021, 1, 1), date(2030, 12, 31))
STRETCHES = st.builds(
    lambda since, days: Stretch(since, since + timedelta(days=days)), DAYS, st.integers(0, 400)
)


@given(STRETCHES)
def test_what_stands_just_before_is_as_long_and_ends_the_day_before(shown: Stretch) -> None:
    before = compared(shown, Against.BEFORE)
    assert before is not None
    assert before.days == shown.days
    assert before.until == shown.since - timedelta(days=1)


@given(STRETCHES)
def test_the_same_weekdays_before_are_the_newest_that_do_not_overlap(shown: Stretch) -> None:
    before = compared(shown, Against.WEEKDAYS)
    assert before is not None
    assert before.days == shown.days
    assert before.since.weekday() == shown.since.weekday()
    assert before.until < shown.since
    assert shown.since - before.until <= timedelta(days=7)


@given(STRETCHES)
def test_a_year_before_is_in_the_year_before(shown: Stretch) -> None:
    before = compared(shown, Against.YEAR)
    assert before is not None
    assert before.since.year == shown.since.year - 1
    assert abs(before.days - shown.days) <= 1, "a leap day is one day"


def test_the_lunar_new_year_is_compared_by_the_moon_and_day_for_day() -> None:
    shown = Stretch(date(2026, 2, 10), date(2026, 2, 13))
    assert lunar_to_solar(2026, 1, 1) == date(2026, 2, 17)
    assert lunar_to_solar(2025, 1, 1) == date(2025, 1, 29)
    assert compared(shown, Against.YEAR) == Stretch(date(2025, 1, 22), date(2025, 1, 25))


def test_days_that_are_no_festival_are_compared_by_their_dates() -> None:
    shown = Stretch(date(2024, 2, 28), date(2024, 2, 29))
    assert compared(shown, Against.YEAR) == Stretch(date(2023, 2, 28), date(2023, 2, 28))


def test_nothing_is_compared_unless_somebody_says_with_what() -> None:
    shown = stretch_of(Word.MONTH, TODAY)
    assert Beside().of(shown) is None
    own = Stretch(date(2026, 1, 1), date(2026, 1, 2))
    assert Beside(Against.OTHER, own).of(shown) == own
    assert Beside(Against.BEFORE).of(shown) == compared(shown, Against.BEFORE)
    with pytest.raises(AssertionError):
        Beside(Against.OTHER)


def test_the_shops_words_mean_what_they_say() -> None:
    assert stretch_of(Word.TODAY, TODAY) == Stretch(TODAY, TODAY)
    assert stretch_of(Word.WEEK, TODAY) == Stretch(date(2026, 11, 16), TODAY)
    assert stretch_of(Word.LAST_MONTH, TODAY) == Stretch(date(2026, 10, 1), date(2026, 10, 31))
    usual = usual_stretches(TODAY)
    assert usual["seven_days"].days == 7
    assert usual["thirty_days"].days == 30
    assert usual["this_quarter"].since == date(2026, 10, 1)
    assert usual["this_year"] == Stretch(date(2026, 1, 1), TODAY)
    assert usual["last_year"] == Stretch(date(2025, 1, 1), date(2025, 12, 31))
    for name in usual:
        assert i18n.t(f"owner.period.{name}")


def test_festivals_are_those_the_shop_has_seen_the_newest_first() -> None:
    found = festivals(date(2026, 1, 1), TODAY)
    assert [one.name for one in found] == [
        "double_eleven",
        "mid_autumn",
        "fathers_day",
        "dragon_boat",
        "mothers_day",
        "new_year",
        "valentines",
    ]
    assert found[-2].stretch.since == date(2026, 2, 10)
    assert festivals(TODAY, TODAY) == ()
    running = festivals(date(2026, 1, 1), date(2026, 2, 12))[0]
    assert running.name in ("new_year", "valentines")
    assert running.stretch.until == date(2026, 2, 12), "what still runs ends today"
    for festival in found:
        assert i18n.t(f"owner.festival.{festival.name}")
