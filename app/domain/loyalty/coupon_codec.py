"""Coupon rules as plain values and back, strictly: what is not exactly what was written is damaged, never guessed.

A field that holds its default is left out; the defaults of the classes are part of the stored format and never change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from app.domain.codec_parts import DAMAGE, Plain
from app.domain.errors import Refused
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, Gift, NextVisit, Occasion

FORMAT: Final = 1
_Value = TypeVar("_Value")
Reader = Callable[[Any], Any]


def rules_to_plain(rules: CouponRules) -> Plain:
    """Strings, whole numbers, truths, lists and mappings. Equal rules have equal plain forms."""
    return {
        "format": FORMAT,
        "templates": [to_plain(terms) for terms in rules.templates],
        "gifts": [to_plain(gift) for gift in rules.gifts],
        "next_visits": [to_plain(each) for each in rules.next_visits],
    }


def rules_from_plain(plain: Mapping[str, Any]) -> CouponRules:
    """The rules that ``rules_to_plain`` wrote. Raises Refused("rules_damaged")."""
    try:
        assert plain.keys() == {"format", "templates", "gifts", "next_visits"}
        assert plain["format"] == FORMAT
        return CouponRules(
            templates=listed(plain["templates"], TERMS, CouponTerms),
            gifts=listed(plain["gifts"], GIFT, Gift),
            next_visits=listed(plain["next_visits"], NEXT_VISIT, NextVisit),
        )
    except DAMAGE as error:
        raise Refused("rules_damaged", place="coupons") from error


def to_plain(value: Any) -> Plain:
    """The fields of a rule's value that do not hold their defaults."""
    plain: Plain = {}
    for one in fields(value):
        content = getattr(value, one.name)
        if one.default is MISSING or content != one.default:
            plain[one.name] = _plain(content)
    return plain


def from_plain(plain: Any, readers: Mapping[str, Reader], make: Callable[..., _Value]) -> _Value:
    """The value that ``to_plain`` wrote. Raises one of DAMAGE for a field that is unknown or of another type."""
    assert type(plain) is dict
    return make(**{name: readers[name](content) for name, content in plain.items()})


def listed(plain: Any, readers: Mapping[str, Reader], make: Callable[..., _Value]) -> tuple[_Value, ...]:
    assert type(plain) is list
    return tuple(from_plain(entry, readers, make) for entry in plain)


def _plain(content: object) -> object:
    match content:
        case Benefit() | Covers():
            return to_plain(content)
        case frozenset():
            return sorted(str(one) if isinstance(one, UUID) else one for one in content)
        case UUID() | date():
            return str(content)
        case StrEnum():
            return content.value
        case _:
            assert content is None or type(content) in (str, int, bool)
            return content


def exactly(kind: type[_Value]) -> Callable[[Any], _Value]:
    def read(content: Any) -> _Value:
        assert type(content) is kind
        return content

    return read


def set_of(read: Reader) -> Reader:
    def read_all(content: Any) -> frozenset[Any]:
        assert type(content) is list
        assert len(set(content)) == len(content)
        return frozenset(read(one) for one in content)

    return read_all


def iso_date(content: Any) -> date:
    return date.fromisoformat(string(content))


def uuid_text(content: Any) -> UUID:
    return UUID(string(content))


string: Final = exactly(str)
number: Final = exactly(int)
truth: Final = exactly(bool)
COVERS: Final[Mapping[str, Reader]] = dict.fromkeys(
    ("item_ids", "category_ids", "excluded_item_ids"), set_of(uuid_text)
)
BENEFIT: Final[Mapping[str, Reader]] = {
    "kind": BenefitKind,
    "covers": lambda plain: from_plain(plain, COVERS, Covers),
    "gift_id": uuid_text,
    **dict.fromkeys(("value", "minimum", "off_max", "pieces_max"), number),
    **dict.fromkeys(("is_cheapest_first", "with_promotions"), truth),
}
TERMS: Final[Mapping[str, Reader]] = {
    "benefit": lambda plain: from_plain(plain, BENEFIT, Benefit),
    "tiers": set_of(string),
    "weekdays": set_of(number),
    **dict.fromkeys(("key", "name", "note"), string),
    **dict.fromkeys(("uses_max", "days_valid", "starts_after_days", "time_from", "time_to"), number),
    **dict.fromkeys(("is_personal", "is_transferable", "is_alone"), truth),
    **dict.fromkeys(("starts_on", "ends_on"), iso_date),
}
GIFT: Final[Mapping[str, Reader]] = {
    "occasion": Occasion,
    "template": string,
    "tier": string,
    "n": number,
    "is_repeated": truth,
}
NEXT_VISIT: Final[Mapping[str, Reader]] = {
    "template": string,
    "members_only": truth,
    **dict.fromkeys(("tiers", "segments"), set_of(string)),
    **dict.fromkeys(("visits_from", "visits_to", "days_away_from", "total_from"), number),
}
