"""A segment as a value: conditions over members, joined by "all of" or "any of", with groups of conditions one level down.

It is rules, never a list: who is in it is worked out from the members of today. What is written reads back the same, and what cannot be
read is refused whole, never in part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.errors import Refused

PARTS_MAX: Final = 20
NAME_CHARACTERS_MAX: Final = 40
WINDOW_DAYS: Final = 365
WINDOW_DAYS_MAX: Final = 3_660
ITEM: Final = "i:"  # before an item's id in hex, among the words of BOUGHT
CATEGORY: Final = "c:"  # before a category's
FORMAT: Final = 1


class Field(StrEnum):
    """What a condition asks of a member. Texts: ``segments.clause.<field>``."""

    # of the file: words
    TIER = "tier"  # "": none
    GENDER = "gender"
    TAG = "tag"
    BIRTHDAY_MONTH = "birthday_month"  # 1 to 12 as the file has it, of the moon's calendar where it says so; "this" and "next" month
    CONSENT = "consent"  # "yes", "no"
    # of the analyses: words
    RFM = "rfm"  # key_value … plain_win_back
    STAGE = "stage"  # new, returning, regular
    SILENCE = "silence"  # active, dormant, lost
    TIME_OF_DAY = "time_of_day"  # morning, noon, afternoon, evening, night
    FAVOURITE = "favourite"  # names of topmost categories
    # numbers
    AGE = "age"
    JOINED_DAYS = "joined_days"  # how many days ago
    VISITS = "visits"  # days with a purchase, within ``days``
    SPENT = "spent"  # minor units, within ``days``
    AVERAGE = "average"  # minor units a visit, within ``days``
    SILENT_DAYS = "silent_days"  # since the last visit
    OVERDUE = "overdue"  # percent of the usual days between visits
    RISK = "risk"  # percent, of staying away for the next thirty days
    # goods within ``days``: ITEM and CATEGORY words, a category with all below it
    BOUGHT = "bought"


WORDS: Final = frozenset(
    (
        Field.TIER,
        Field.GENDER,
        Field.TAG,
        Field.BIRTHDAY_MONTH,
        Field.CONSENT,
        Field.RFM,
        Field.STAGE,
        Field.SILENCE,
        Field.TIME_OF_DAY,
        Field.FAVOURITE,
        Field.BOUGHT,
    )
)
NUMBERS: Final = frozenset(Field) - WORDS
WINDOWED: Final = frozenset((Field.VISITS, Field.SPENT, Field.AVERAGE, Field.BOUGHT))
SINGLE: Final = WORDS - {Field.TAG, Field.BOUGHT}  # of these a member has one at most
RELATIVE_MONTHS: Final = frozenset(("this", "next"))


@dataclass(frozen=True, slots=True)
class Condition:
    """One question. Of words: one of ``words`` (``is_not``: none of them). Of a number: from ``least`` to ``most``, both included.

    ``days`` is how far back it looks, for the fields that look back.
    """

    field: Field
    words: frozenset[str] = frozenset()
    least: int | None = None
    most: int | None = None
    is_not: bool = False
    days: int = WINDOW_DAYS

    def __post_init__(self) -> None:
        assert 1 <= self.days <= WINDOW_DAYS_MAX
        assert self.days == WINDOW_DAYS or self.field in WINDOWED
        if self.field in WORDS:
            assert self.words
            assert self.least is None
            assert self.most is None
        else:
            assert not self.words
            assert self.least is not None or self.most is not None
            assert self.least is None or self.most is None or self.least <= self.most


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that count as one: all of them, or any; with ``is_not`` it holds where they do not."""

    conditions: tuple[Condition, ...]
    is_any: bool = False
    is_not: bool = False

    def __post_init__(self) -> None:
        assert 1 <= len(self.conditions) <= PARTS_MAX


Part = Condition | Group


@dataclass(frozen=True, slots=True)
class MemberSegment:
    """All of its parts hold; with ``is_any`` one of them is enough. ``id`` is empty until it is saved.

    ``tag`` is what the shop's daily work writes on who is in it, ``""``: nothing.
    """

    name: str
    parts: tuple[Part, ...]
    is_any: bool = False
    id: str = ""
    tag: str = ""

    def __post_init__(self) -> None:
        assert 1 <= len(self.parts) <= PARTS_MAX

    def conditions(self) -> Iterator[Condition]:
        """Every condition, those of groups included, in order."""
        for part in self.parts:
            yield from part.conditions if isinstance(part, Group) else (part,)


def segment_to_plain(segment: MemberSegment) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "format": FORMAT,
        "id": segment.id,
        "name": segment.name,
        "any": segment.is_any,
        "parts": [
            _group_to_plain(one) if isinstance(one, Group) else _condition_to_plain(one)
            for one in segment.parts
        ],
    }
    if segment.tag:
        plain["tag"] = segment.tag
    return plain


def segment_from_plain(plain: Any) -> MemberSegment:
    """The segment that ``segment_to_plain`` wrote. Raises Refused("segment_damaged")."""
    try:
        assert plain["format"] == FORMAT
        parts = tuple(_part_from_plain(one) for one in plain["parts"])
        tag = str(plain.get("tag", ""))
        return MemberSegment(str(plain["name"]), parts, bool(plain["any"]), str(plain["id"]), tag)
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        raise Refused("segment_damaged") from error


def _group_to_plain(group: Group) -> dict[str, Any]:
    conditions = [_condition_to_plain(one) for one in group.conditions]
    return {"conditions": conditions, "any": group.is_any, "not": group.is_not}


def _condition_to_plain(condition: Condition) -> dict[str, Any]:
    plain: dict[str, Any] = {"field": condition.field.value}
    if condition.words:
        plain["words"] = sorted(condition.words)
    if condition.least is not None:
        plain["least"] = condition.least
    if condition.most is not None:
        plain["most"] = condition.most
    if condition.is_not:
        plain["not"] = True
    if condition.days != WINDOW_DAYS:
        plain["days"] = condition.days
    return plain


def _part_from_plain(plain: Mapping[str, Any]) -> Part:
    if "conditions" not in plain:
        return _condition_from_plain(plain)
    conditions = tuple(_condition_from_plain(one) for one in plain["conditions"])
    return Group(conditions, bool(plain["any"]), bool(plain["not"]))


def _condition_from_plain(plain: Mapping[str, Any]) -> Condition:
    numbers = [plain.get(name) for name in ("least", "most")]
    days = plain.get("days", WINDOW_DAYS)
    assert all(one is None or type(one) is int for one in (*numbers, days))
    words = frozenset(str(one) for one in plain.get("words", ()))
    is_not = bool(plain.get("not", False))
    return Condition(Field(plain["field"]), words, numbers[0], numbers[1], is_not, days)
