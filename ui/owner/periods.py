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

FESTIVALS_SHOWN: Final = 8
YEARS_BACK: Final = 2
WEEK_DAYS: Final = 7


class Word(StrEnum):
    """What a stretch is called. Texts: ``owner.period.<word>``."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    OTHER = "other"


class Against(StrEnum):
    """What a stretch is set beside. Texts: ``against.<name>``."""

    NONE = "none"
    BEFORE = "before"  # just as long, and directly before
    WEEKDAYS = "weekdays"  # the newest one before on the same days of the week
    YEAR = "year"  # the same dates a year before; a festival of the moon goes by the moon
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one business date to another."""

    since: date
    until: date

    def __post_init__(self) -> None:
        assert self.since <= self.until

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def moved(self, days: int) -> Stretch:
        """As long, so many days later."""
        by = timedelta(days=days)
        return Stretch(self.since + by, self.until + by)


@dataclass(frozen=True, slots=True)
class Beside:
    """What somebody chose to set beside a stretch. ``stretch`` only with OTHER: the others move with what they stand beside."""

    against: Against = Against.NONE
    stretch: Stretch | None = None

    def __post_init__(self) -> None:
        assert (self.stretch is not None) == (self.against is Against.OTHER)

    def of(self, shown: Stretch) -> Stretch | None:
        """The days to compare with; None: nothing is compared."""
        return self.stretch if self.against is Against.OTHER else compared(shown, self.against)

    def of_equal_length(self, shown: Stretch) -> Stretch | None:
        """The same, as long as what is shown: sums of a week beside sums of a month say nothing."""
        found = self.of(shown)
        return None if found is None else Stretch(found.since, found.since + timedelta(days=shown.days - 1))


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


def usual_stretches(today: date) -> dict[str, Stretch]:
    """Stretches that a shop often asks for beside the words. Texts: ``owner.period.<name>``."""
    january = today.replace(month=1, day=1)
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return {
        "seven_days": Stretch(today - timedelta(days=6), today),
        "thirty_days": Stretch(today - timedelta(days=29), today),
        "this_quarter": Stretch(quarter, today),
        "this_year": Stretch(january, today),
        "last_year": Stretch(january.replace(year=today.year - 1), january - timedelta(days=1)),
    }


def compared(stretch: Stretch, against: Against) -> Stretch | None:
    """The stretch to set beside this one; None for NONE and OTHER, which somebody chooses."""
    match against:
        case Against.BEFORE:
            return stretch.moved(-stretch.days)
        case Against.WEEKDAYS:
            weeks = -(-stretch.days // WEEK_DAYS)
            return stretch.moved(-weeks * WEEK_DAYS)
        case Against.YEAR:
            return _year_before(stretch)
        case Against.NONE | Against.OTHER:
            return None


def _year_before(stretch: Stretch) -> Stretch:
    """As many days of the same festival a year before, where it is one; else the same dates. 29 February becomes the 28th."""
    for days_of in _FESTIVALS.values():
        start, end = days_of(stretch.since.year)
        if stretch.since == start and stretch.until <= end:
            earlier = days_of(stretch.since.year - 1)[0]
            return Stretch(earlier, earlier + timedelta(days=stretch.days - 1))
    return Stretch(_same_date(stretch.since), _same_date(stretch.until))


def _same_date(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


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


def _valentines(year: int) -> tuple[date, date]:
    day = date(year, 2, 14)
    return _before(day, 7), day


def _fathers_day(year: int) -> tuple[date, date]:
    """The eighth of August, which is read 爸爸."""
    day = date(year, 8, 8)
    return _before(day, 7), day


def _christmas(year: int) -> tuple[date, date]:
    return date(year, 12, 11), date(year, 12, 25)


def _double_eleven(year: int) -> tuple[date, date]:
    return date(year, 11, 1), date(year, 11, 11)


_FESTIVALS: Final[dict[str, Callable[[int], tuple[date, date]]]] = {
    "new_year": _new_year,
    "valentines": _valentines,
    "mothers_day": _mothers_day,
    "dragon_boat": _dragon_boat,
    "fathers_day": _fathers_day,
    "mid_autumn": _mid_autumn,
    "double_eleven": _double_eleven,
    "christmas": _christmas,
}
