"""The calendar of the moon (農曆), from 1900 to 2100, as the domain asks for it. This module alone imports borax."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=16_384)
def lunar_to_solar(year: int, month: int, day: int, is_leap: bool = False) -> date:
    """The day on the wall's calendar. Raises ValueError where that lunar year has no such month or day, or lies outside the table.

    >>> lunar_to_solar(2026, 8, 15)
    datetime.date(2026, 9, 25)
    """
    from borax.calendars.lunardate import LunarDate

    solar: date = LunarDate(year, month, day, int(is_leap)).to_solar_date()
    return solar


def solar_to_lunar(day: date) -> tuple[int, int, int, bool]:
    """Year, month, day, and whether the month is a leap month. Raises ValueError outside the table."""
    from borax.calendars.lunardate import LunarDate

    moon = LunarDate.from_solar(day)
    return moon.year, moon.month, moon.day, bool(moon.leap)
