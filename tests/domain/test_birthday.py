"""Birthdays: what people type, what the file holds, and the day on which they are celebrated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.birthday import (
    Birthday,
    age_on,
    birthday_of,
    day_in_year,
    is_birthday,
    is_birthday_month,
    is_possible,
    next_occurrence,
)
from app.domain.birthday_typed import parse_birthday
from app.service.calendar_moon import lunar_to_solar, solar_to_lunar

TODAY = date(2026, 11, 21)


@st.composite
def birthdays(draw: st.DrawFn) -> Birthday:
    is_lunar = draw(st.booleans())
    year = draw(st.none() | st.integers(1901, 2026))
    month, day = draw(st.integers(1, 12)), draw(st.integers(1, 31))
    if not is_possible(month, day, year, is_lunar=is_lunar):
        day = 28
    return Birthday(month, day, year, is_lunar, is_lunar and draw(st.booleans()))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("5/20", "--05-20"),
        ("5-20", "--05-20"),
        ("5.20", "--05-20"),
        ("0520", "--05-20"),
        ("520", "--05-20"),
        ("５／２０", "--05-20"),
        ("5月20日", "--05-20"),
        ("5 月 20 號", "--05-20"),
        ("五月二十日", "--05-20"),
        ("國曆5月20", "--05-20"),
        ("1990-05-20", "1990-05-20"),
        ("1990/5/20", "1990-05-20"),
        ("1990.5.20", "1990-05-20"),
        ("19900520", "1990-05-20"),
        ("西元1990年5月20日", "1990-05-20"),
        ("一九九〇年五月二十日", "1990-05-20"),
        ("民國79年5月20日", "1990-05-20"),
        ("民國七十九年五月二十日", "1990-05-20"),
        ("中華民國79/5/20", "1990-05-20"),
        ("79.5.20", "1990-05-20"),
        ("790520", "1990-05-20"),
        ("0790520", "1990-05-20"),
        ("1000520", "2011-05-20"),
        ("民國元年1月1日", "1912-01-01"),
        ("2/29", "--02-29"),
        ("1992-02-29", "1992-02-29"),
        ("May 20, 1990", "1990-05-20"),
        ("20 May 1990", "1990-05-20"),
        ("May 20", "--05-20"),
        ("sept. 3rd", "--09-03"),
        ("農曆八月十五", "L--08-15"),
        ("农历八月十五", "L--08-15"),
        ("農曆8/15", "L--08-15"),
        ("8/15農曆", "L--08-15"),
        ("8/15 (農)", "L--08-15"),
        ("lunar 8/15", "L--08-15"),
        ("陰曆1990年八月十五日", "L1990-08-15"),
        ("民國79年農曆8月15日", "L1990-08-15"),
        ("正月初一", "L--01-01"),
        ("臘月三十", "L--12-30"),
        ("十二月廿三", "L--12-23"),
        ("冬月初十", "L--11-10"),
        ("農曆閏四月初八", "L--04+-08"),
        ("农历2020年闰四月初八", "L2020-04+-08"),
        ("農曆2/30", "L--02-30"),
    ],
)
def test_a_birthday_is_read_from_any_way_of_typing_it(typed: str, stored: str) -> None:
    assert str(parse_birthday(typed, today=TODAY)) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "五月",
        "13/1",
        "20/5",  # the month comes first: read the other way round, 12/5 would be another day
        "2/30",
        "1991-02-29",
        "0230",
        "111",  # 1/11 or 11/1
        "12345",
        "2026-11-22",  # tomorrow
        "2027-01-01",
        "1899-12-31",
        "民國1990年5月20日",
        "民國5月20日",
        "農曆13/1",
        "農曆8/31",
        "五五五月一日",
        "八月十十",
        "abc 20",
        "mayhem",
        "1990-05/20",
        "王小明",
    ],
)
def test_what_is_no_day_or_could_be_two_is_no_birthday(typed: str) -> None:
    assert parse_birthday(typed, today=TODAY) is None


@given(birthdays())
def test_the_stored_text_is_read_back_as_the_same_birthday(birthday: Birthday) -> None:
    assert birthday_of(str(birthday)) == birthday


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("05-20", "--05-20"),
        ("--05-20", "--05-20"),
        ("1990-05-20", "1990-05-20"),
        ("L1990-08-15", "L1990-08-15"),
        ("L--04+-08", "L--04+-08"),
    ],
)
def test_what_earlier_versions_stored_is_read_too(stored: str, read: str) -> None:
    assert str(birthday_of(stored)) == read


@pytest.mark.parametrize(
    "damaged", ["", "1990", "1990-13-01", "--02-30", "--05+-20", "L--08-31", "５-20", "x"]
)
def test_a_damaged_text_is_no_birthday(damaged: str) -> None:
    assert birthday_of(damaged) is None


def on(text: str, day: date) -> date | None:
    birthday = birthday_of(text)
    assert birthday is not None
    return next_occurrence(birthday, day, lunar_to_solar)


def test_a_birthday_today_is_today_and_yesterdays_is_next_year() -> None:
    assert on("--11-21", TODAY) == TODAY
    assert on("--11-20", TODAY) == date(2027, 11, 20)
    assert on("1990-12-01", TODAY) == date(2026, 12, 1)


def test_the_29th_of_february_is_kept_on_the_28th_in_common_years() -> None:
    assert on("--02-29", date(2027, 1, 1)) == date(2027, 2, 28)
    assert on("1992-02-29", date(2028, 1, 1)) == date(2028, 2, 29)


def test_a_lunar_birthday_falls_on_another_day_each_year() -> None:
    assert on("L--08-15", date(2025, 1, 1)) == date(2025, 10, 6)
    assert on("L--08-15", date(2026, 1, 1)) == date(2026, 9, 25)
    assert on("L1990-01-01", date(2026, 1, 1)) == date(2026, 2, 17)


def test_the_twelfth_lunar_month_of_last_year_may_come_first() -> None:
    assert on("L--12-08", date(2026, 1, 1)) == date(2026, 1, 26)


def test_a_leap_months_birthday_is_in_the_plain_month_where_the_year_has_none() -> None:
    assert on("L--04+-08", date(2020, 1, 1)) == lunar_to_solar(2020, 4, 8, True) == date(2020, 5, 30)
    assert on("L--04+-08", date(2021, 1, 1)) == lunar_to_solar(2021, 4, 8)


def test_the_30th_of_a_short_lunar_month_is_its_29th() -> None:
    with pytest.raises(ValueError):
        lunar_to_solar(2021, 4, 30)
    assert on("L--04-30", date(2021, 1, 1)) == lunar_to_solar(2021, 4, 29)
    assert on("L--04+-30", date(2021, 1, 1)) == lunar_to_solar(2021, 4, 29)


def test_beyond_the_moons_table_a_lunar_birthday_is_not_known() -> None:
    assert on("L--08-15", date(2101, 6, 1)) is None
    assert on("--08-15", date(2101, 6, 1)) == date(2101, 8, 15)


def test_the_birthday_month_is_the_walls_month_also_for_a_lunar_birthday() -> None:
    birthday = birthday_of("L--08-15")
    assert birthday is not None
    assert is_birthday_month(birthday, date(2026, 9, 1), lunar_to_solar)
    assert is_birthday_month(birthday, date(2026, 9, 30), lunar_to_solar)
    assert not is_birthday_month(birthday, date(2026, 8, 15), lunar_to_solar)
    assert is_birthday(birthday, date(2026, 9, 25), lunar_to_solar)
    assert not is_birthday(birthday, date(2026, 9, 24), lunar_to_solar)


def test_age_counts_the_birthdays_that_were() -> None:
    birthday = birthday_of("1990-11-21")
    assert birthday is not None
    assert age_on(birthday, date(2026, 11, 20), lunar_to_solar) == 35
    assert age_on(birthday, date(2026, 11, 21), lunar_to_solar) == 36
    assert age_on(birthday, date(1989, 1, 1), lunar_to_solar) is None
    assert age_on(Birthday(5, 20), TODAY, lunar_to_solar) is None
    late = Birthday(12, 20, 1990, is_lunar=True)
    assert age_on(late, date(2026, 1, 15), lunar_to_solar) == 34  # 十二月二十 comes in February


@given(birthdays(), st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_the_next_occurrence_is_the_first_day_on_which_it_is_celebrated(
    birthday: Birthday, day: date
) -> None:
    found = next_occurrence(birthday, day, lunar_to_solar)
    assert found is not None
    assert day <= found <= day + timedelta(days=420)
    assert is_birthday(birthday, found, lunar_to_solar)
    earlier = day_in_year(birthday, found.year - 2, lunar_to_solar)
    assert earlier is not None
    assert earlier < day


@given(birthdays(), st.dates(date(1950, 1, 1), date(2090, 12, 1)))
def test_the_next_two_occurrences_are_about_a_year_apart(birthday: Birthday, day: date) -> None:
    first = next_occurrence(birthday, day, lunar_to_solar)
    assert first is not None
    second = next_occurrence(birthday, first + timedelta(days=1), lunar_to_solar)
    assert second is not None
    assert 320 <= (second - first).days <= 415


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
def test_the_moons_calendar_goes_there_and_back(day: date) -> None:
    assert lunar_to_solar(*solar_to_lunar(day)) == day
