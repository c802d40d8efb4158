"""Tags that a shop may put on a member by rule: each says what it rests on and as of which day.

Every tag can be explained in one sentence to the member it is about. None is drawn from a name, none says anything of health, belief or
origin, and where there is too little to go by there is no tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

import numpy as np

from app.insight.columns import Ints
from app.insight.values import Period, date_of

FAVOURITE_VISITS_MIN: Final = 3
FAVOURITE_SHARE_MIN: Final = 0.3
TIME_VISITS_MIN: Final = 5
TIME_SHARE_MIN: Final = 0.6
PAYDAY_VISITS_MIN: Final = 6
PAYDAY_SHARE_MIN: Final = 0.6
BARGAIN_VISITS_MIN: Final = 5
BARGAIN_SHARE_MIN: Final = 0.6
LOYAL_UNITS_MIN: Final = 5
LOYAL_VISITS_MIN: Final = 3
LOYAL_SHARE_MIN: Final = 0.8
PAYDAYS: Final = frozenset({5, 6, 7, 8, 9, 10, 11, 12})  # most wages in Taiwan come on the 5th or the 10th
DAY_PARTS: Final = (
    ("night", 0),
    ("morning", 5),
    ("noon", 11),
    ("afternoon", 14),
    ("evening", 17),
    ("night", 22),
)


class TagKind(Enum):
    FAVOURITE_CATEGORY = "favourite_category"
    TIME_OF_DAY = "time_of_day"
    PAYDAY_SHOPPER = "payday_shopper"
    BARGAIN_HUNTER = "bargain_hunter"
    BRAND_LOYAL = "brand_loyal"
    BIRTHDAY_MONTH = "birthday_month"


@dataclass(frozen=True, slots=True)
class Tag:
    """``subject`` is the category, brand, part of the day or month; it rests on ``hits`` of ``of`` (visits or units), as of a day."""

    kind: TagKind
    subject: int | str
    hits: int
    of: int
    as_of: date


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """The lines of one member, a row each: visit day, hour of the shop's clock, category, brand (-1: none), units, money off (minor)."""

    day: Ints
    hour: Ints
    category: Ints
    brand: Ints
    units: Ints
    discount: Ints

    def __post_init__(self) -> None:
        columns = (self.hour, self.category, self.brand, self.units, self.discount)
        assert all(len(column) == len(self.day) for column in columns)

    def within(self, period: Period) -> Purchases:
        chosen = (self.day >= period.first_day) & (self.day <= period.last_day)
        return Purchases(
            self.day[chosen],
            self.hour[chosen],
            self.category[chosen],
            self.brand[chosen],
            self.units[chosen],
            self.discount[chosen],
        )


def tags(purchases: Purchases, period: Period, *, birthday: date | None = None) -> tuple[Tag, ...]:
    """Every tag the member's purchases of the period give rise to, in a fixed order."""
    bought = purchases.within(period)
    return tuple(_tags(bought, period.last, birthday))


def _tags(bought: Purchases, as_of: date, birthday: date | None) -> Iterator[Tag]:
    yield from _favourite(bought, as_of)
    yield from _time_of_day(bought, as_of)
    yield from _payday(bought, as_of)
    yield from _bargain(bought, as_of)
    yield from _brands(bought, as_of)
    if birthday is not None:
        yield Tag(TagKind.BIRTHDAY_MONTH, birthday.month, 1, 1, as_of)


def _favourite(bought: Purchases, as_of: date) -> Iterator[Tag]:
    """A category of at least three visits that makes up 30 % of the member's own units; the largest one, never two."""
    total = int(bought.units.sum())
    best: tuple[int, int] | None = None
    for category in np.unique(bought.category[bought.category >= 0]).tolist():
        chosen = bought.category == category
        units, days = int(bought.units[chosen].sum()), len(np.unique(bought.day[chosen]))
        if (
            days >= FAVOURITE_VISITS_MIN
            and units >= FAVOURITE_SHARE_MIN * total
            and (best is None or units > best[1])
        ):
            best = (category, units)
    if best is not None and total > 0:
        yield Tag(TagKind.FAVOURITE_CATEGORY, best[0], best[1], total, as_of)


def _time_of_day(bought: Purchases, as_of: date) -> Iterator[Tag]:
    """A part of the day with 60 % of at least five visits; a visit counts by its first hour."""
    days, first = _visits(bought)
    if len(days) < TIME_VISITS_MIN:
        return
    parts = [day_part(int(hour)) for hour in first]
    for part in dict.fromkeys(name for name, _ in DAY_PARTS):
        hits = parts.count(part)
        if hits >= TIME_SHARE_MIN * len(days):
            yield Tag(TagKind.TIME_OF_DAY, part, hits, len(days), as_of)


def _payday(bought: Purchases, as_of: date) -> Iterator[Tag]:
    """60 % of at least six visits in the days after wages come; eight days of thirty would be a quarter."""
    days, _ = _visits(bought)
    hits = sum(date_of(day).day in PAYDAYS for day in days.tolist())
    if len(days) >= PAYDAY_VISITS_MIN and hits >= PAYDAY_SHARE_MIN * len(days):
        yield Tag(TagKind.PAYDAY_SHOPPER, "payday", hits, len(days), as_of)


def _bargain(bought: Purchases, as_of: date) -> Iterator[Tag]:
    """60 % of the units, on at least five visits, with something off."""
    days, _ = _visits(bought)
    total, reduced = int(bought.units.sum()), int(bought.units[bought.discount > 0].sum())
    if len(days) >= BARGAIN_VISITS_MIN and total > 0 and reduced >= BARGAIN_SHARE_MIN * total:
        yield Tag(TagKind.BARGAIN_HUNTER, "discount", reduced, total, as_of)


def _brands(bought: Purchases, as_of: date) -> Iterator[Tag]:
    """Four in five units of a category of one brand; at least five units, on three visits."""
    for category in np.unique(bought.category[bought.category >= 0]).tolist():
        chosen = (bought.category == category) & (bought.brand >= 0)
        units, brands = bought.units[chosen], bought.brand[chosen]
        total = int(units.sum())
        if total < LOYAL_UNITS_MIN or len(np.unique(bought.day[chosen])) < LOYAL_VISITS_MIN:
            continue
        by_brand = np.bincount(brands, weights=units).astype(np.int64)
        best = int(by_brand.argmax())
        if by_brand[best] >= LOYAL_SHARE_MIN * total:
            yield Tag(TagKind.BRAND_LOYAL, best, int(by_brand[best]), total, as_of)


def _visits(bought: Purchases) -> tuple[Ints, Ints]:
    """The distinct days, and the first hour of each."""
    order = np.lexsort((bought.hour, bought.day))
    days, first = np.unique(bought.day[order], return_index=True)
    return days, bought.hour[order][first]


def day_part(hour: int) -> str:
    """The name of the part of the day that an hour belongs to."""
    assert 0 <= hour < 24
    return [name for name, begins in DAY_PARTS if begins <= hour][-1]
