"""The demo shop's calendar: when it is open, which festivals move its trade, and what is in season.

Lunar dates come from a small table and never from arithmetic; outside its years the lunar festivals are simply left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

FestivalName = Literal[
    "lunar_new_year",
    "lantern",
    "tomb_sweeping",
    "mothers_day",
    "dragon_boat",
    "ghost",
    "mid_autumn",
    "double_eleven",
    "winter_solstice",
    "christmas",
]

# Year -> 農曆新年 (初一), 端午, 中元, 中秋. The dates are the official calendar's; they were checked against computed new moons.
_LUNAR = {
    2024: (date(2024, 2, 10), date(2024, 6, 10), date(2024, 8, 18), date(2024, 9, 17)),
    2025: (date(2025, 1, 29), date(2025, 5, 31), date(2025, 9, 6), date(2025, 10, 6)),
    2026: (date(2026, 2, 17), date(2026, 6, 19), date(2026, 8, 27), date(2026, 9, 25)),
    2027: (date(2027, 2, 6), date(2027, 6, 9), date(2027, 8, 16), date(2027, 9, 15)),
    2028: (date(2028, 1, 26), date(2028, 5, 28), date(2028, 9, 3), date(2028, 10, 3)),
    2029: (date(2029, 2, 13), date(2029, 6, 16), date(2029, 8, 24), date(2029, 9, 22)),
    2030: (date(2030, 2, 3), date(2030, 6, 5), date(2030, 8, 13), date(2030, 9, 12)),
}

OPENS_AT = 7 * 3600 + 30 * 60
CLOSES_AT = 22 * 3600
NEW_YEARS_EVE_CLOSES_AT = 15 * 3600
NEW_YEAR_DAYS_CLOSED = 3

# Monday first. Saturday is the shop's big day.
_WEEKDAY_LEVELS = (0.90, 0.89, 0.94, 0.95, 1.06, 1.24, 1.12)


@dataclass(frozen=True, slots=True)
class _Season:
    """What a festival does to trade from ``days`` ahead until the day itself.

    ``level`` multiplies the number of customers on the day, rising evenly from 1; ``lifts`` multiply categories throughout.
    """

    days: int
    level: float
    lifts: Mapping[str, float]


_SEASONS: dict[FestivalName, _Season] = {
    "lunar_new_year": _Season(
        16,
        1.6,
        {
            "手作烘焙/伴手禮": 3.5,
            "零食": 1.7,
            "日用/祭祀用品": 3.0,
            "文具/紙品": 2.0,
            "生鮮": 1.3,
            "飲料/茶葉": 2.0,
        },
    ),
    "lantern": _Season(4, 1.05, {"冷凍食品/水餃點心": 2.0}),
    "tomb_sweeping": _Season(5, 1.08, {"日用/祭祀用品": 5.0, "生鮮/水果": 1.2}),
    "mothers_day": _Season(8, 1.10, {"手作烘焙/蛋糕": 3.0, "手作烘焙/伴手禮": 1.5}),
    "dragon_boat": _Season(12, 1.15, {"冷凍食品/水餃點心": 2.0, "米麵雜糧/米": 1.4}),
    "ghost": _Season(
        9,
        1.25,
        {"日用/祭祀用品": 9.0, "零食": 1.8, "飲料/果汁汽水": 1.5, "生鮮/水果": 1.3, "米麵雜糧/麵條": 1.4},
    ),
    "mid_autumn": _Season(
        22, 1.30, {"手作烘焙/伴手禮": 4.0, "生鮮/肉品": 1.8, "生鮮/海鮮": 1.6, "生鮮/水果": 1.2, "飲料": 1.15}
    ),
    "double_eleven": _Season(10, 1.15, {"日用": 1.7, "日用/衛生紙": 1.5, "寵物": 1.5}),
    "winter_solstice": _Season(7, 1.05, {"冷凍食品/水餃點心": 2.2}),
    "christmas": _Season(8, 1.08, {"手作烘焙/蛋糕": 1.8, "零食/糖果巧克力": 1.6}),
}

# Category -> twelve monthly factors.
_MONTHS: dict[str, tuple[float, ...]] = {
    "冷凍食品/冰品": (0.4, 0.4, 0.7, 1.0, 1.4, 1.9, 2.2, 2.2, 1.7, 1.2, 0.8, 0.5),
    "飲料/茶飲": (0.8, 0.8, 0.9, 1.0, 1.1, 1.25, 1.35, 1.35, 1.2, 1.05, 0.9, 0.8),
    "飲料/果汁汽水": (0.8, 0.8, 0.9, 1.0, 1.1, 1.25, 1.35, 1.35, 1.2, 1.05, 0.9, 0.8),
    "飲料/礦泉水": (0.8, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.3, 1.2, 1.0, 0.9, 0.8),
    "生鮮/肉品": (1.3, 1.3, 1.1, 1.0, 0.9, 0.8, 0.8, 0.8, 0.9, 1.0, 1.15, 1.3),
    "生鮮/蔬菜": (1.15, 1.15, 1.1, 1.0, 0.95, 0.9, 0.9, 0.9, 0.95, 1.0, 1.05, 1.15),
    "冷凍食品/水餃點心": (1.2, 1.2, 1.1, 1.0, 0.95, 0.9, 0.9, 0.9, 0.95, 1.0, 1.1, 1.2),
}


@dataclass(frozen=True, slots=True)
class InSeason:
    """When a good is asked for: in season ``peak`` times as much as its popularity says.

    ``off_season`` is the share of that demand that is left at other times (0: not to be had).
    """

    months: frozenset[int]
    festivals: tuple[tuple[FestivalName, int, int], ...]
    off_season: float
    peak: float = 1.0

    def share_on(self, day: date) -> float:
        if day.month in self.months:
            return 1.0
        for name, before, after in self.festivals:
            for year in (day.year, day.year + 1):
                on = festival(name, year)
                if on is not None and -before <= (day - on).days <= after:
                    return 1.0
        return self.off_season


# A word in the zh-TW name -> when that good is in season. The first word that fits decides.
_GOODS_IN_SEASON: tuple[tuple[str, InSeason], ...] = (
    ("月餅", InSeason(frozenset(), (("mid_autumn", 38, 0),), 0.0, 12.0)),
    ("蛋黃酥", InSeason(frozenset(), (("mid_autumn", 38, 0),), 0.1, 8.0)),
    ("綠豆椪", InSeason(frozenset(), (("mid_autumn", 38, 0),), 0.1, 8.0)),
    ("文旦", InSeason(frozenset(), (("mid_autumn", 30, 12),), 0.0, 4.0)),
    ("粽", InSeason(frozenset(), (("dragon_boat", 25, 1),), 0.02, 24.0)),
    ("年糕", InSeason(frozenset(), (("lunar_new_year", 24, 10),), 0.0, 6.0)),
    ("發糕", InSeason(frozenset(), (("lunar_new_year", 24, 3), ("ghost", 7, 0)), 0.02, 6.0)),
    ("紅包袋", InSeason(frozenset(), (("lunar_new_year", 28, 4),), 0.01, 30.0)),
    ("湯圓", InSeason(frozenset(), (("winter_solstice", 12, 1), ("lantern", 8, 0)), 0.05, 14.0)),
    ("普渡", InSeason(frozenset(), (("ghost", 20, 0),), 0.0, 25.0)),
    (
        "金紙",
        InSeason(
            frozenset(), (("ghost", 20, 0), ("lunar_new_year", 20, 6), ("tomb_sweeping", 10, 0)), 0.08, 10.0
        ),
    ),
    ("苗栗草莓", InSeason(frozenset({12, 1, 2, 3, 4}), (), 0.0)),
    ("芒果 秤重", InSeason(frozenset({5, 6, 7, 8}), (), 0.0)),
    ("荔枝", InSeason(frozenset({5, 6, 7}), (), 0.0)),
    ("蓮霧", InSeason(frozenset({12, 1, 2, 3, 4, 5}), (), 0.0)),
    ("葡萄 秤重", InSeason(frozenset({6, 7, 8, 9, 12, 1}), (), 0.0)),
    ("西瓜", InSeason(frozenset({4, 5, 6, 7, 8, 9}), (), 0.0)),
    ("椪柑", InSeason(frozenset({11, 12, 1, 2}), (), 0.0)),
    ("綠竹筍", InSeason(frozenset({5, 6, 7, 8, 9}), (), 0.0)),
    ("火龍果", InSeason(frozenset({6, 7, 8, 9, 10, 11, 12}), (), 0.0)),
)


def festival(name: FestivalName, year: int) -> date | None:
    """The day of that festival in the Western year; None when it hangs on the moon and the table does not reach that year."""
    new_year, dragon_boat, ghost, mid_autumn = _LUNAR.get(year, (None, None, None, None))
    match name:
        case "lunar_new_year":
            return new_year
        case "lantern":
            return new_year + timedelta(days=14) if new_year else None
        case "tomb_sweeping":
            return date(year, 4, 5)
        case "mothers_day":  # the second Sunday of May
            return date(year, 5, 14 - date(year, 5, 7).isoweekday() % 7)
        case "dragon_boat":
            return dragon_boat
        case "ghost":
            return ghost
        case "mid_autumn":
            return mid_autumn
        case "double_eleven":
            return date(year, 11, 11)
        case "winter_solstice":
            return date(year, 12, 22)
        case "christmas":
            return date(year, 12, 25)


def festivals_between(name: FestivalName, first_day: date, last_day: date) -> Iterator[date]:
    """The festival's days from ``first_day`` to ``last_day``, both included."""
    for year in range(first_day.year, last_day.year + 1):
        on = festival(name, year)
        if on is not None and first_day <= on <= last_day:
            yield on


def opening_hours(day: date) -> tuple[int, int] | None:
    """Seconds after midnight of opening and closing; None on the first three days of the lunar year. 除夕 closes early."""
    new_year = festival("lunar_new_year", day.year)
    if new_year is not None:
        days_past = (day - new_year).days
        if 0 <= days_past < NEW_YEAR_DAYS_CLOSED:
            return None
        if days_past == -1:
            return OPENS_AT, NEW_YEARS_EVE_CLOSES_AT
    return OPENS_AT, CLOSES_AT


def level_on(day: date) -> float:
    """How many customers come, against a plain average day: weekday, festivals ahead, and the quiet after the New Year."""
    if opening_hours(day) is None:
        return 0.0
    level = _WEEKDAY_LEVELS[day.weekday()]
    for season, days_to_go in _running(day):
        level *= 1 + (season.level - 1) * (1 - days_to_go / (season.days + 1))
    new_year = festival("lunar_new_year", day.year)
    if new_year is not None and NEW_YEAR_DAYS_CLOSED <= (day - new_year).days <= 9:
        level *= 0.75
    if new_year is not None and (day - new_year).days == -1:
        level *= 0.6
    return level


def category_lifts_on(day: date) -> dict[str, float]:
    """Factors on what is bought: category path or root -> factor. A good takes the product of its root's and its leaf's."""
    lifts = {category: months[day.month - 1] for category, months in _MONTHS.items()}
    for season, _ in _running(day):
        for category, factor in season.lifts.items():
            lifts[category] = lifts.get(category, 1.0) * factor
    return lifts


def season_of(name_zh_tw: str) -> InSeason | None:
    """When the good of that name is in season; None for a good of every day."""
    return next((season for word, season in _GOODS_IN_SEASON if word in name_zh_tw), None)


def _running(day: date) -> Iterator[tuple[_Season, int]]:
    """The seasons that this day lies in, each with the days to go to its festival."""
    for name, season in _SEASONS.items():
        on = festival(name, day.year)
        if on is not None and 0 <= (on - day).days <= season.days:
            yield season, (on - day).days
