"""Birthdays as people type them at the counter, in Chinese or figures, solar or lunar: ``5/20``, ``民國79年5月20日``, ``農曆八月十五``.

What could mean two days is no birthday: the operator is asked again rather than the member greeted on the wrong day. The month stands
before the day, as both Chinas write it; a year below 200 is one of the Republic (民國).
"""

from __future__ import annotations

import re
from datetime import date

from app.domain.birthday import Birthday, is_possible
from app.domain.phone import fold_digits

YEAR_MIN = 1900
_REPUBLIC_ZERO = 1911  # 民國元年 is 1912
_REPUBLIC_YEAR_MAX = 199

_LUNAR_WORDS = (
    "農曆",
    "农历",
    "陰曆",
    "阴历",
    "舊曆",
    "旧历",
    "夏曆",
    "夏历",
    "lunar",
    "(農)",
    "(农)",
    "農",
    "农",
)
_SOLAR_WORDS = (
    "國曆",
    "国历",
    "陽曆",
    "阳历",
    "新曆",
    "新历",
    "西元",
    "公元",
    "西曆",
    "西历",
    "solar",
    "(國)",
    "(国)",
)
_REPUBLIC_WORDS = ("中華民國", "中华民国", "民國", "民国")
_FILLERS = ("生日", "出生", "生於", "生于", "的", "(", ")", ":", ",")
# What only the moon's calendar says: the first ten days, the twenties, its first, eleventh and twelfth month, a leap month.
_LUNAR_MARKS = ("初", "廿", "正月", "冬月", "臘月", "腊月", "閏", "闰")
_MONTH_NAMES = {"正月": "一月", "冬月": "十一月", "臘月": "十二月", "腊月": "十二月", "元月": "一月"}
_FIGURES = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "兩": 2, "两": 2, "元": 1}
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CHINESE_NUMBER = re.compile(r"[〇○零元一二三四五六七八九兩两十廿卅]+")
_WORDED = re.compile(r"(?:(\d{1,4})年)?(閏|闰)?(\d{1,2})月(\d{1,2})[日號号]?")
_YEAR_FIRST = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,2})")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
_MONTH_NAME_FIRST = re.compile(r"([a-z]{3,9})\.?(\d{1,2})(?:st|nd|rd|th)?(?:[ ,]*(\d{4}))?")
_DAY_NAME_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[- ]?([a-z]{3,9})\.?[- ,]*(\d{4})?")


def parse_birthday(text: str, *, today: date) -> Birthday | None:
    """The birthday that was typed, or None when it is none, is ambiguous, or lies after ``today`` or before 1900.

    >>> str(parse_birthday("農曆閏四月初八", today=date(2026, 11, 21)))
    'L--04+-08'
    """
    plain, is_lunar, is_republic = _calendar_of(fold_digits(text).casefold())
    parts = _english(plain) or _worded(plain) or _separated(plain) or _compact(plain)
    if parts is None:
        return None
    typed_year, month, day, is_leap_month = parts
    year = _full_year(typed_year, is_republic=is_republic)
    is_future = year is not None and (year, 0 if is_lunar else month, 0 if is_lunar else day) > (
        today.year,
        today.month,
        today.day,
    )
    if is_future or (year is not None and year < YEAR_MIN):
        return None
    if (is_republic and year is None) or not is_possible(month, day, year, is_lunar=is_lunar):
        return None
    return Birthday(month, day, year, is_lunar=is_lunar, is_leap_month=is_leap_month)


_Parts = tuple[int | None, int, int, bool]
"""Year as typed, month, day, and whether the month is a leap month."""


def _calendar_of(text: str) -> tuple[str, bool, bool]:
    """The text without the words that name a calendar, whether they say the moon's, and whether the year is the Republic's."""
    is_lunar = any(mark in text for mark in _LUNAR_MARKS)
    for word in _LUNAR_WORDS:
        if word in text:
            is_lunar, text = True, text.replace(word, "")
    is_republic = False
    for word in _REPUBLIC_WORDS:
        if word in text:
            is_republic, text = True, text.replace(word, "")
    for word in (*_SOLAR_WORDS, *_FILLERS):
        text = text.replace(word, " ")
    if not any(month in text for month in _ENGLISH_MONTHS):
        text = re.sub(r"\s+", "", text)
    return text.strip(), is_lunar, is_republic


def _full_year(typed: int | None, *, is_republic: bool) -> int | None:
    if typed is not None and 1 <= typed <= _REPUBLIC_YEAR_MAX:
        return typed + _REPUBLIC_ZERO
    # A republican year is never this high: 民國1990年 is a slip.
    return -1 if is_republic and typed is not None else typed


def _worded(text: str) -> _Parts | None:
    for name, plain in _MONTH_NAMES.items():
        text = text.replace(name, plain)
    text = _CHINESE_NUMBER.sub(lambda match: _number(match[0]), text.replace("初", ""))
    match = _WORDED.fullmatch(text)
    if match is None:
        return None
    year, leap, month, day = match.groups()
    return (int(year) if year else None), int(month), int(day), bool(leap)


def _number(words: str) -> str:
    """``二十五`` and ``廿五`` -> ``25``, ``一九九〇`` -> ``1990``; what is no number stays as it is and fits nowhere."""
    words = words.replace("廿", "二十").replace("卅", "三十")
    if "十" not in words:
        return "".join(str(_FIGURES[word]) for word in words)
    tens, _, ones = words.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return words
    return str((_FIGURES[tens] if tens else 1) * 10 + (_FIGURES[ones] if ones else 0))


def _separated(text: str) -> _Parts | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        return int(match[1]), int(match[3]), int(match[4]), False
    match = _MONTH_DAY.fullmatch(text)
    return (None, int(match[1]), int(match[2]), False) if match else None


def _compact(text: str) -> _Parts | None:
    """Figures without anything between them: ``0520``, ``790520`` and ``0790520`` of the Republic, ``19900520``."""
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 3:
        readings = [(int(text[:1]), int(text[1:])), (int(text[:2]), int(text[2:]))]
        possible = [reading for reading in readings if is_possible(*reading)]
        return (None, *possible[0], False) if len(possible) == 1 else None
    if len(text) == 4 or 6 <= len(text) <= 8:
        year = int(text[:-4]) if len(text) > 4 else None
        return year, int(text[-4:-2]), int(text[-2:]), False
    return None


def _english(text: str) -> _Parts | None:
    match = _MONTH_NAME_FIRST.fullmatch(re.sub(r"(?<=[a-z.]) +", "", text))
    if match:
        name, day, year = match.groups()
    else:
        match = _DAY_NAME_FIRST.fullmatch(text)
        if match is None:
            return None
        day, name, year = match.groups()
    if name[:3] not in _ENGLISH_MONTHS:
        return None
    return (int(year) if year else None), _ENGLISH_MONTHS.index(name[:3]) + 1, int(day), False
