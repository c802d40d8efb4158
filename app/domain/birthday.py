"""A member's birthday: solar or lunar (農曆), with or without the year. The member's file holds it as text, ``str(birthday)``.

    1990-05-20     20 May 1990              L1990-08-15    農曆八月十五, born in the lunar year 1990
    --05-20        20 May, year unknown     L--04+-08      農曆閏四月初八, the leap month

A lunar date is never turned into a solar one for good: it falls on another day each year. The calendar of the moon is handed in
as a function, because the domain stands on the standard library alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

LunarToSolar = Callable[[int, int, int, bool], date]
"""``(year, month, day, is_leap) -> date``. Raises ValueError where the lunar year has no such day, or is not known at all."""

_LEAP_YEAR = 2000
_DAYS_OF_LUNAR_MONTH_MAX = 30
_STORED = re.compile(r"(L?)(?:(\d{4})-|--)?(\d{2})(\+?)-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Birthday:
    """``year`` is the solar or the lunar year; ``is_leap_month`` belongs to lunar birthdays alone."""

    month: int
    day: int
    year: int | None = None
    is_lunar: bool = False
    is_leap_month: bool = False

    def __post_init__(self) -> None:
        assert self.is_lunar or not self.is_leap_month, "only the moon has leap months"
        assert is_possible(self.month, self.day, self.year, is_lunar=self.is_lunar)

    def __str__(self) -> str:
        year = "--" if self.year is None else f"{self.year:04d}-"
        leap = "+" if self.is_leap_month else ""
        return f"{'L' if self.is_lunar else ''}{year}{self.month:02d}{leap}-{self.day:02d}"


def birthday_of(text: str) -> Birthday | None:
    """The birthday that a member's file holds; ``MM-DD`` is read as well. None for an empty or damaged text."""
    match = _STORED.fullmatch(text)
    if match is None:
        return None
    lunar, known_year, month_text, leap, day_text = match.groups()
    month, day = int(month_text), int(day_text)
    year = int(known_year) if known_year else None
    if (leap and not lunar) or not is_possible(month, day, year, is_lunar=bool(lunar)):
        return None
    return Birthday(month, day, year, is_lunar=bool(lunar), is_leap_month=bool(leap))


def next_occurrence(birthday: Birthday, on: date, lunar_to_solar: LunarToSolar) -> date | None:
    """The first day from ``on`` (included) on which it is celebrated; None only beyond the end of the moon's calendar.

    29 February is kept on the 28th in common years, the 30th of a short lunar month on its 29th; a leap month's birthday is in
    the plain month of the years that have no such leap month.
    """
    # The twelfth lunar month reaches into the next solar year.
    for year in range(on.year - 1, on.year + 3):
        day = day_in_year(birthday, year, lunar_to_solar)
        if day is not None and day >= on:
            return day
    return None


def day_in_year(birthday: Birthday, year: int, lunar_to_solar: LunarToSolar) -> date | None:
    """The day on which it is celebrated in this year (of the moon, for a lunar birthday); None when the calendar has no such year."""
    if birthday.is_lunar:
        return _day_of_moon_year(birthday, year, lunar_to_solar)
    if _is_day(year, birthday.month, birthday.day):
        return date(year, birthday.month, birthday.day)
    return date(year, 2, 28) if 1 <= year <= date.max.year else None


def is_birthday(birthday: Birthday, on: date, lunar_to_solar: LunarToSolar) -> bool:
    """Whether it is celebrated on this day."""
    return next_occurrence(birthday, on, lunar_to_solar) == on


def is_birthday_month(birthday: Birthday, on: date, lunar_to_solar: LunarToSolar) -> bool:
    """Whether it is celebrated within the month of this day, by the calendar on the wall: also for a lunar birthday."""
    day = next_occurrence(birthday, on.replace(day=1), lunar_to_solar)
    return day is not None and (day.year, day.month) == (on.year, on.month)


def age_on(birthday: Birthday, on: date, lunar_to_solar: LunarToSolar) -> int | None:
    """Full years on this day; None without the year, or when the day lies before the birth."""
    if birthday.year is None:
        return None
    celebrated = [
        year
        for year in range(on.year - 2, on.year + 1)
        if (day := day_in_year(birthday, year, lunar_to_solar)) is not None and day <= on
    ]
    age = max(celebrated) - birthday.year if celebrated else -1
    return age if age >= 0 else None


def is_possible(month: int, day: int, year: int | None = None, *, is_lunar: bool = False) -> bool:
    """Whether there is such a day; 29 February is one when the year is not known."""
    if is_lunar:
        return 1 <= month <= 12 and 1 <= day <= _DAYS_OF_LUNAR_MONTH_MAX
    return _is_day(_LEAP_YEAR if year is None else year, month, day)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _day_of_moon_year(birthday: Birthday, year: int, lunar_to_solar: LunarToSolar) -> date | None:
    months = (True, False) if birthday.is_leap_month else (False,)
    for is_leap in months:
        for day in (birthday.day, birthday.day - 1):
            try:
                return lunar_to_solar(year, birthday.month, day, is_leap)
            except ValueError:
                if birthday.day < _DAYS_OF_LUNAR_MONTH_MAX:
                    break
    return None
