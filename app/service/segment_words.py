"""A segment as a sentence, and the words a condition can be asked with.

What is composed on the screen and what is told of it afterwards are one text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.money import Currency, Money, format_money
from app.i18n import t
from app.service.segment_table import CODES
from app.service.segment_values import (
    CATEGORY,
    ITEM,
    WORDS,
    Condition,
    Field,
    Group,
    MemberSegment,
    Part,
)

if TYPE_CHECKING:
    from app.service.till import Till

MONEY: Final = frozenset((Field.SPENT, Field.AVERAGE))
NAMES_SHOWN_MAX: Final = 6
HOW_OF_WORDS: Final[Mapping[Field, tuple[str, str]]] = {
    Field.TAG: ("has", "has_not"),
    Field.BIRTHDAY_MONTH: ("in", "not_in"),
    Field.TIME_OF_DAY: ("mostly_in", "mostly_not_in"),
    Field.BOUGHT: ("bought", "bought_not"),
}
IS: Final = ("is", "is_not")
SPANS: Final = ("between", "outside")
OWN_WORDS: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.CONSENT: ("yes", "no"),
    Field.BIRTHDAY_MONTH: ("this", "next", *map(str, range(1, 13))),
    Field.GENDER: ("female", "male"),
    **CODES,
}
"""The words of the fields that have the same in every shop."""


@dataclass(frozen=True, slots=True)
class SegmentWords:
    """``tiers`` are the names by their codes; ``goods_name`` gives the name of an item or category, ``""`` where it is gone."""

    currency: Currency
    tiers: Mapping[str, str]
    goods_name: Callable[[UUID], str]

    def segment(self, segment: MemberSegment) -> str:
        """``近 365 天來店至少 5 次，而且會員等級是金卡``"""
        return self._joined(segment.parts, segment.is_any)

    def part(self, part: Part) -> str:
        if not isinstance(part, Group):
            return self.condition(part)
        key = "segments.group_not" if part.is_not else "segments.group"
        return t(key, conditions=self._joined(part.conditions, part.is_any))

    def condition(self, condition: Condition) -> str:
        field, how = condition.field, how_of(condition)
        fields: dict[str, object] = {"how": t(f"segments.how.{how}"), "days": f"{condition.days:,}"}
        if field in WORDS:
            named = self._named(condition)
            return t(f"segments.clause.{field}", None, **fields, words=named)
        fields["low"] = self._number(field, _told(condition, how))
        if how in SPANS:
            fields["high"] = self._number(field, condition.most or 0)
            return t(f"segments.span.{field}", None, **fields)
        return t(f"segments.clause.{field}", None, **fields)

    def word(self, field: Field, word: str) -> str:
        """One word of a condition as people say it."""
        match field:
            case Field.TIER:
                return self.tiers.get(word, t("segments.word.gone")) if word else t("segments.word.no_tier")
            case Field.GENDER:
                return t(f"membership.gender.{word}") if word in OWN_WORDS[field] else word
            case Field.BOUGHT:
                return self.goods_name(UUID(hex=word[2:])) or t("segments.word.gone")
            case Field.TAG | Field.FAVOURITE:
                return word
            case _:
                return t(f"segments.word.{word}") if word in OWN_WORDS[field] else t("segments.word.gone")

    # --- inside -------------------------------------------------------------------------------------------------------

    def _joined(self, parts: Iterable[Part], is_any: bool) -> str:
        return t("segments.or" if is_any else "segments.and").join(map(self.part, parts))

    def _named(self, condition: Condition) -> str:
        field = condition.field
        order = OWN_WORDS.get(field, tuple(self.tiers) if field is Field.TIER else ())
        words = sorted(condition.words, key=lambda one: (order.index(one) if one in order else -1, one))
        names = [self.word(field, one) for one in words]
        shown = t("segments.or_word").join(names[:NAMES_SHOWN_MAX])
        more = len(names) > NAMES_SHOWN_MAX
        return t("rules_ui.and_more", names=shown, count=len(names)) if more else shown

    def _number(self, field: Field, value: int) -> str:
        return format_money(Money(value, self.currency)) if field in MONEY else f"{value:,}"


def how_of(condition: Condition) -> str:
    """The word between what is asked and its answer: texts ``segments.how.<word>``."""
    if condition.field in WORDS:
        return HOW_OF_WORDS.get(condition.field, IS)[condition.is_not]
    if condition.least is not None and condition.most is not None:
        return SPANS[condition.is_not]
    # Turned round, at least five is at most four.
    return "at_most" if (condition.least is None) is not condition.is_not else "at_least"


def _told(condition: Condition, how: str) -> int:
    """The number that stands first in the sentence."""
    least, most = condition.least, condition.most
    if how in SPANS or not condition.is_not:
        return (most if how == "at_most" else least) or 0
    return (least or 0) - 1 if how == "at_most" else (most or 0) + 1


def goods_word(own: UUID, *, is_category: bool) -> str:
    return (CATEGORY if is_category else ITEM) + own.hex


def words_of(till: Till) -> SegmentWords:
    """The words of this shop."""
    from app.domain.ids import CategoryId, ItemId

    catalogue = till.store.catalogue

    def goods_name(own: UUID) -> str:
        category = next((one for one in catalogue.categories() if one.id == CategoryId(own)), None)
        if category is not None:
            return category.name
        item = catalogue.by_id(ItemId(own), till.clock.now_ms())
        return "" if item is None else item.name

    tiers = {tier.code: tier.name for tier in till.rules.tiers.rules.tiers}
    return SegmentWords(till.shop.currency, tiers, goods_name)
