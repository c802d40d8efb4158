"""What a member's file says, in the operator's language: birthdays, days, where points came from. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from app.domain.birthday import Birthday, birthday_of, next_occurrence
from app.domain.birthday_typed import parse_birthday
from app.domain.errors import Refused
from app.domain.ledger import EntryKind
from app.domain.phone import fold_digits
from app.domain.profile_fields import Channel, FieldKind, FieldSpec, clean_field
from app.domain.statement import LotOrigin
from app.i18n import language, t
from app.service.calendar_moon import lunar_to_solar

_LUNAR_TENS: Final = ("初", "十", "廿", "三")
_LUNAR_ONES: Final = "一二三四五六七八九十"
_LUNAR_MONTHS: Final = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_SHORT_DAY: Final = re.compile(r"(\d{1,2})[/\-.](\d{1,2})")
BONUSES: Final = frozenset({"welcome", "birthday", "referral", "review", "visit", "tier", "campaign"})
GENDERS: Final = frozenset({"female", "male"})


def birthday_words(text: str, today: date) -> str:
    """``農曆八月十五，今年是 9/25``; ``""`` for none."""
    found = birthday_of(text)
    return "" if found is None else _birthday(found, today)


def typed_birthday_words(text: str, today: date) -> str:
    """What was typed, as it was understood; ``""`` while it is no birthday."""
    found = parse_birthday(text, today=today)
    return "" if found is None else _birthday(found, today)


def _birthday(birthday: Birthday, today: date) -> str:
    day = _lunar_day(birthday) if birthday.is_lunar else _solar_day(birthday)
    on = next_occurrence(birthday, today, lunar_to_solar)
    if on is None:
        return day
    return t("member_page.birthday_next", day=day, date=f"{on:%Y/%m/%d}")


def _solar_day(birthday: Birthday) -> str:
    fields: dict[str, object] = {"month": birthday.month, "day": birthday.day}
    if birthday.year is None:
        return t("member_page.birthday_solar", None, **fields)
    return t("member_page.birthday_solar_year", None, year=birthday.year, **fields)


def _lunar_day(birthday: Birthday) -> str:
    leap = t("member_page.birthday_leap") if birthday.is_leap_month else ""
    if language() == "en":
        month, day = str(birthday.month), str(birthday.day)
    else:
        month, day = _LUNAR_MONTHS[birthday.month - 1], lunar_day_name(birthday.day)
    fields: dict[str, object] = {"leap": leap, "month": month, "day": day}
    if birthday.year is None:
        return t("member_page.birthday_lunar", None, **fields)
    return t("member_page.birthday_lunar_year", None, year=birthday.year, **fields)


def lunar_day_name(day: int) -> str:
    """``初八``, ``十五``, ``廿三``, ``三十``."""
    if day in (20, 30):
        return "二十" if day == 20 else "三十"
    return _LUNAR_TENS[(day - 1) // 10] + _LUNAR_ONES[(day - 1) % 10]


def field_words(spec: FieldSpec, value: str, today: date) -> str:
    """A field's value as a person reads it."""
    if not value:
        return ""
    if spec.kind is FieldKind.BIRTHDAY:
        return birthday_words(value, today)
    if spec.key == "gender" and value in GENDERS:
        return t(f"membership.gender.{value}")
    if spec.key == "channel" and value in set(Channel):
        return t(f"membership.channel.{value}")
    if spec.key == "source":
        return source_words(value)
    if spec.kind is FieldKind.YES_NO:
        return t("member_page.yes" if value == "yes" else "member_page.no")
    return value


def source_words(value: str) -> str:
    kind, _, which = value.partition(":")
    if kind not in ("till", "operator", "campaign", "referrer", "import", "web"):
        return value
    said = t(f"membership.source.{kind}")
    return f"{said} {which}".strip()


def field_name(spec: FieldSpec) -> str:
    return spec.name or t(f"membership.field.{spec.key}")


def entry_words(kind: EntryKind, source: str, note: str, points: int) -> str:
    """Why points moved: ``消費累點``, ``生日禮``, ``兌換贈品：馬克杯``."""
    if kind is EntryKind.BONUS:
        said = t(f"member_page.bonus.{source}") if source in BONUSES else t("membership.export.entry.bonus")
        return t("member_page.entry_note", what=said, note=note) if note else said
    said = t(f"membership.export.entry.{kind.value}")
    return t("member_page.entry_note", what=said, note=note) if note else said


def origin_words(origin: LotOrigin) -> str:
    """Where a lot came from: its reason, the day, and the number on the paper."""
    said = entry_words(origin.kind, origin.source, "", 1)
    day = f"{origin.business_date:%Y/%m/%d}"
    if origin.receipt_number:
        return t("member_page.origin_receipt", what=said, date=day, receipt=origin.receipt_number)
    return t("member_page.origin", what=said, date=day)


def due_day(text: str, today: date) -> date:
    """A day ahead as it was typed: ``12/24``, ``2026/12/24``. Raises Refused("field_unreadable")."""
    folded = fold_digits(text).strip()
    match = _SHORT_DAY.fullmatch(folded)
    if match is not None:
        month, day = int(match[1]), int(match[2])
        for year in (today.year, today.year + 1):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found >= today:
                return found
    name = t("member_page.note.due")
    spec = FieldSpec("due", FieldKind.DATE, name=name)
    found_text = clean_field(spec, text, today=today)
    if not found_text:
        raise Refused("field_unreadable", text=text[:30], field=name)
    return date.fromisoformat(found_text)
