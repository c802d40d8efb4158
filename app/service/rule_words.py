"""Phrases put into words: the sentences of rules, traces and standings in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from app.domain.loyalty.earning import factor_words
from app.domain.loyalty.phrase import PercentOff, Phrase, Worded
from app.domain.money import Money, format_money
from app.i18n import language as current_language
from app.i18n import t

RUN_ON: Final = "rules.run_on"


def say(one: Phrase, language: str | None = None) -> str:
    """One phrase in this language (default: the current one)."""
    speaks = language or current_language()
    if one.key == RUN_ON:
        parts = one.fields["parts"]
        assert isinstance(parts, tuple)
        return "".join(_word(part, speaks) for part in parts)
    return t(one.key, speaks, **{name: _word(value, speaks) for name, value in one.fields.items()})


def say_all(phrases: Iterable[Phrase], language: str | None = None) -> tuple[str, ...]:
    return tuple(say(one, language) for one in phrases)


def _word(value: Worded, language: str) -> str:
    match value:
        case Phrase():
            return say(value, language)
        case Money():
            return format_money(value)
        case date():
            return value.isoformat() if language == "en" else f"{value.year}/{value.month}/{value.day}"
        case PercentOff():
            return _off(value.hundredths, language)
        case tuple():
            return t("rules.list_mark", language).join(_word(one, language) for one in value)
        case int():
            return f"{value:,}"
        case str():
            return value


def _off(hundredths: int, language: str) -> str:
    """``10%``, or what is left of the price: ``9 折``, ``85 折``."""
    if language == "en":
        return t("rules.percent", language, percent=factor_words(hundredths))
    left = 10_000 - hundredths
    tenths = str(left // 1000) if left % 1000 == 0 else factor_words(left)
    return t("rules.tenths", language, tenths=tenths)
