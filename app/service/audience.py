"""Which members something is for: everybody, a tier, a tag, or a list of numbers. Counted first, so that nobody is surprised.

Whoever was erased is nobody's audience, and a file that was merged counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.ids import MemberId
from app.domain.phone import parse_phone
from app.domain.profile import IS_SET, TAG_PREFIX
from app.service.ports import Store

PHONES_AT_ONCE: Final = 500
LOOK_EVERY: Final = 2_000


class Whom(StrEnum):
    EVERYBODY = "everybody"
    TIER = "tier"
    TAG = "tag"
    PHONES = "phones"


@dataclass(frozen=True, slots=True)
class Audience:
    """``value`` is the tier's code, the tag, or the numbers as they were typed, one a line or parted by commas."""

    whom: Whom
    value: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The members, and what of a list was no member's number."""

    member_ids: tuple[MemberId, ...]
    unknown: tuple[str, ...] = ()


def find(store: Store, audience: Audience, region: str, check: Callable[[], None] = lambda: None) -> Found:
    """Takes long among many members: for a worker. ``check`` is called on the way and may raise Cancelled."""
    match audience.whom:
        case Whom.PHONES:
            return _by_phones(store, audience.value, region)
        case Whom.TAG:
            name = f"{TAG_PREFIX}{audience.value}"
            files = store.membership.profiles.everyones((name,))
            wanted = frozenset(one for one, fields in files.items() if fields.get(name) == IS_SET)
            return _among(store, check, lambda member_id, _: member_id in wanted)
        case Whom.TIER:
            return _among(store, check, lambda _, tier: tier == audience.value)
        case Whom.EVERYBODY:
            return _among(store, check, lambda _id, _tier: True)


def _among(store: Store, check: Callable[[], None], is_wanted: Callable[[MemberId, str], bool]) -> Found:
    merged = store.membership.merges.everyone_merged()
    found = []
    for number, member in enumerate(store.members.everyone()):
        if number % LOOK_EVERY == 0:
            check()
        if not member.is_erased and member.id not in merged and is_wanted(member.id, member.tier):
            found.append(member.id)
    return Found(tuple(found))


def _by_phones(store: Store, text: str, region: str) -> Found:
    typed = [one.strip() for one in text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")]
    numbers = {one: parse_phone(one, region) for one in dict.fromkeys(typed) if one}
    asked = [phone for phone in numbers.values() if phone is not None]
    known: dict[str, MemberId] = {}
    for start in range(0, len(asked), PHONES_AT_ONCE):
        members = store.members.among_phones(asked[start : start + PHONES_AT_ONCE])
        known.update({member.phone: member.id for member in members})
    merges = store.membership.merges
    found = [merges.survivor_of(known[phone]) for phone in asked if phone in known]
    unknown = tuple(one for one, phone in numbers.items() if phone is None or phone not in known)
    return Found(tuple(dict.fromkeys(found)), unknown)
