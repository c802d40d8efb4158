"""Stretches of days by the shop's own words: today, this week, last month, the festivals. Both ends belong to a stretch. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.errors import Refused
from app.domain.phone import fold_digits
from app.service.calendar_moon import lunar_to_solar

FESTIVALS_SHOWN: Final = 6
YEARS_BACK: Final = 2


class Word(StrEnum):
    """What a stretch is called. Texts: ``owner.period.<word>``."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one business date to another."""

    since: date
    until: date

    def __post_init__(self) -> None:
        assert self.since <= self.until


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival's shopping days in one year. Texts: ``owner.festival.<name>``."""

    name: str
    year: int
    stretch: Stretch


def stretch_of(word: Word, today: date) -> Stretch:
    """A week begins on Monday; what still runs ends today."""
    match word:
        case Word.YESTERDAY:
            day = today - timedelta(days=1)
            return Stretch(day, day)
        case Word.WEEK:
            return Stretch(today - timedelta(days=today.weekday()), today)
        case Word.MONTH:
            return Stretch(today.replace(day=1), today)
        case Word.LAST_MONTH:
            last = today.replace(day=1) - timedelta(days=1)
            return Stretch(last.replace(day=1), last)
        case Word.TODAY | Word.OTHER:
            return Stretch(today, today)


def festivals(first: date, today: date) -> tuple[Festival, ...]:
    """Those that have begun and reach into the known days, the newest first."""
    found = [
        Festival(name, year, Stretch(start, min(end, today)))
        for year in range(today.year - YEARS_BACK, today.year + 1)
        for name, days_of in _FESTIVALS.items()
        for start, end in (days_of(year),)
        if start <= today and end >= first
    ]
    return tuple(sorted(found, key=lambda one: one.stretch.since, reverse=True)[:FESTIVALS_SHOWN])


def parse_day(text: str, today: date) -> date:
    """``2026/11/22``, ``2026-11-22``, ``11/22`` (the newest such day), ``20261122``. Raises Refused("owner_date")."""
    plain = fold_digits(text).strip().replace("/", "-").replace(".", "-")
    parts = plain.split("-")
    if len(parts) == 1 and len(plain) == 8:
        parts = [plain[:4], plain[4:6], plain[6:]]
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            return date(*numbers)
        month, day = numbers
        found = date(today.year, month, day)
        return found if found <= today else date(today.year - 1, month, day)
    except ValueError as error:
        raise Refused("owner_date", text=text[:16]) from error


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _new_year(year: int) -> tuple[date, date]:
    """From a week before the first day of the moon's year to its fifth, when shops open again."""
    first = lunar_to_solar(year, 1, 1)
    return _before(first, 7), first + timedelta(days=4)


def _dragon_boat(year: int) -> tuple[date, date]:
    day = lunar_to_solar(year, 5, 5)
    return _before(day, 7), day


def _mid_autumn(year: int) -> tuple[date, date]:
    day = lunar_to_solar(year, 8, 15)
    return _before(day, 14), day


def _mothers_day(year: int) -> tuple[date, date]:
    """The second Sunday of May and the week before it."""
    first = date(year, 5, 1)
    day = first + timedelta(days=(6 - first.weekday()) % 7 + 7)
    return _before(day, 7), day


def _double_eleven(year: int) -> tuple[date, date]:
    return date(year, 11, 1), date(year, 11, 11)


_FESTIVALS: Final[dict[str, Callable[[int], tuple[date, date]]]] = {
    "new_year": _new_year,
    "mothers_day": _mothers_day,
    "dragon_boat": _dragon_boat,
    "mid_autumn": _mid_autumn,
    "double_eleven": _double_eleven,
}
