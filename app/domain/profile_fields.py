"""The fields of a member's file: the ones every shop has and the ones a shop defines, and how each is written down.

Whatever is typed is read once, here, into one spelling; what cannot be read is refused with a sentence, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.birthday import birthday_of
from app.domain.birthday_typed import parse_birthday
from app.domain.errors import Refused
from app.domain.phone import fold_digits
from app.domain.profile import CUSTOM_PREFIX

TEXT_CHARACTERS_MAX: Final = 500
NAME_CHARACTERS_MAX: Final = 120
TAG_CHARACTERS_MAX: Final = 30
CUSTOM_FIELDS_MAX: Final = 40
CHOICES_MAX: Final = 60


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    BIRTHDAY = "birthday"
    EMAIL = "email"
    LINE_ID = "line_id"
    NAME = "name"


class Channel(StrEnum):
    """How the member wants to hear from the shop."""

    NONE = "none"
    SMS = "sms"
    PHONE = "phone"
    EMAIL = "email"
    LINE = "line"
    WECHAT = "wechat"
    WHATSAPP = "whatsapp"
    POST = "post"


class Source(StrEnum):
    """How somebody became a member. After a colon follows which campaign or whose recommendation."""

    TILL = "till"
    OPERATOR = "operator"
    CAMPAIGN = "campaign"
    REFERRER = "referrer"
    IMPORT = "import"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """``key`` names the field in the file; ``name`` is the shop's own word for it (``""``: a field of ours)."""

    key: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    name: str = ""

    @property
    def is_custom(self) -> bool:
        return self.key.startswith(CUSTOM_PREFIX)


BUILT_IN: Final[Mapping[str, FieldSpec]] = {
    spec.key: spec
    for spec in (
        FieldSpec("name", FieldKind.NAME),
        FieldSpec("gender", FieldKind.CHOICE, ("female", "male")),
        FieldSpec("birthday", FieldKind.BIRTHDAY),
        FieldSpec("email", FieldKind.EMAIL),
        FieldSpec("line_id", FieldKind.LINE_ID),
        FieldSpec("channel", FieldKind.CHOICE, tuple(channel.value for channel in Channel)),
        FieldSpec("occupation", FieldKind.NAME),
        FieldSpec("interests"),
        FieldSpec("needs"),
        FieldSpec("source"),
        FieldSpec("note"),
    )
}

_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@,;<>\"]{2,}")
_LINE_ID = re.compile(r"@?[a-z0-9._\-]{3,40}")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_YES = frozenset(["1", "y", "yes", "true", "是", "有", "要", "可", "✓", "on"])
_NO = frozenset(["0", "n", "no", "false", "否", "無", "无", "不", "✗", "off"])


def clean_field(spec: FieldSpec, text: str, *, today: date) -> str:
    """The one spelling of what was typed; ``""`` empties the field.

    Raises Refused: "field_unreadable", "field_too_long", "field_not_a_choice", "birthday_unreadable", "email_unreadable".
    """
    folded = fold_digits(text)
    if not folded:
        return ""
    match spec.kind:
        case FieldKind.BIRTHDAY:
            return _birthday(folded, today)
        case FieldKind.EMAIL:
            return _matching(spec, _EMAIL, folded.casefold(), "email_unreadable")
        case FieldKind.LINE_ID:
            return _matching(spec, _LINE_ID, folded.casefold(), "field_unreadable")
        case FieldKind.NUMBER:
            return _matching(spec, _NUMBER, folded.replace(",", ""), "field_unreadable")
        case FieldKind.DATE:
            return _date(spec, folded)
        case FieldKind.CHOICE:
            return _choice(spec, folded)
        case FieldKind.YES_NO:
            return _truth(spec, folded)
        case FieldKind.NAME:
            return _line(spec, text, NAME_CHARACTERS_MAX)
        case FieldKind.TEXT:
            return _line(spec, text, TEXT_CHARACTERS_MAX)


def clean_tag(text: str) -> str:
    """Raises Refused: "tag_empty", "field_too_long"."""
    tag = " ".join(fold_digits(text).split())
    if not tag or not tag.isprintable():
        raise Refused("tag_empty")
    if len(tag) > TAG_CHARACTERS_MAX:
        raise Refused("field_too_long", characters_max=TAG_CHARACTERS_MAX)
    return tag


def custom_fields(setting: object) -> tuple[FieldSpec, ...]:
    """The fields that the shop defined, as its setting keeps them; what is damaged there is left out."""
    if not isinstance(setting, list):
        return ()
    specs = []
    for plain in setting[:CUSTOM_FIELDS_MAX]:
        match plain:
            case [str(key), str(name), str(kind), list(choices)] if key and name and kind in list(FieldKind):
                specs.append(
                    FieldSpec(
                        CUSTOM_PREFIX + key, FieldKind(kind), tuple(map(str, choices[:CHOICES_MAX])), name
                    )
                )
    return tuple(specs)


def custom_setting(specs: tuple[FieldSpec, ...]) -> list[object]:
    """What the shop's setting keeps of the fields it defined."""
    return [
        [spec.key.removeprefix(CUSTOM_PREFIX), spec.name, spec.kind.value, list(spec.choices)]
        for spec in specs
    ]


def _birthday(text: str, today: date) -> str:
    stored = birthday_of(text)
    found = stored if stored is not None else parse_birthday(text, today=today)
    if found is None:
        raise Refused("birthday_unreadable", text=text[:30])
    return str(found)


def _matching(spec: FieldSpec, pattern: re.Pattern[str], text: str, code: str) -> str:
    if not pattern.fullmatch(text):
        raise Refused(code, text=text[:30], field=spec.name or spec.key)
    return text


def _date(spec: FieldSpec, text: str) -> str:
    match = _DATE.fullmatch(text)
    if match is not None:
        year, month, day = (int(part) for part in match.groups() if part is not None)
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            pass
    raise Refused("field_unreadable", text=text[:30], field=spec.name or spec.key)


def _choice(spec: FieldSpec, text: str) -> str:
    for choice in spec.choices:
        if choice.casefold() == text.casefold():
            return choice
    raise Refused(
        "field_not_a_choice", text=text[:30], field=spec.name or spec.key, choices="、".join(spec.choices)
    )


def _truth(spec: FieldSpec, text: str) -> str:
    word = text.casefold()
    if word in _YES or word in _NO:
        return "yes" if word in _YES else "no"
    raise Refused("field_unreadable", text=text[:30], field=spec.name or spec.key)


def _line(spec: FieldSpec, text: str, characters_max: int) -> str:
    line = " ".join(text.split())
    if len(line) > characters_max:
        raise Refused("field_too_long", characters_max=characters_max)
    if not line.isprintable():
        raise Refused(
            "field_unreadable", text="".join(filter(str.isprintable, line))[:30], field=spec.name or spec.key
        )
    return line


def without_card_numbers(text: str) -> str:
    """The text with every payment card number masked but for its last four digits: none is ever kept (PCI DSS 3.4.1).

    >>> without_card_numbers("刷 4111 1111 1111 1111 那張")
    '刷 **** 1111 那張'
    """
    return _CARD.sub(_masked_card, text)


def _masked_card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return f"**** {digits[-4:]}" if 13 <= len(digits) <= 19 and _luhn(digits) else match[0]


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
