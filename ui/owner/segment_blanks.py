"""The blanks of a segment's conditions: what can be asked of a member, in the order of the list, and what each blank is chosen from.

A condition shown and read back is the same condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId
from app.i18n import t
from app.service.segment_values import (
    CATEGORY,
    ITEM,
    WINDOW_DAYS,
    WINDOW_DAYS_MAX,
    WINDOWED,
    WORDS,
    Condition,
    Field,
)
from app.service.segment_words import (
    HOW_OF_WORDS,
    IS,
    MONEY,
    OWN_WORDS,
    SPANS,
    SegmentWords,
    goods_word,
    how_of,
)
from ui.rules.blanks import Surroundings
from ui.rules.forms import AMOUNT_MAX, Blank, BlankKind, Option
from ui.rules.pick import GoodsSheet

if TYPE_CHECKING:
    from app.service.till import Till

HOWS: Final = ("at_least", "at_most", *SPANS)
NUMBER_MAX: Final = 1_000_000
FRESH: Final[Mapping[Field, tuple[int, int]]] = {
    Field.VISITS: (3, 10),
    Field.SPENT: (3_000, 10_000),
    Field.AVERAGE: (500, 2_000),
    Field.SILENT_DAYS: (60, 120),
    Field.AGE: (30, 40),
    Field.JOINED_DAYS: (30, 365),
    Field.OVERDUE: (150, 300),
    Field.RISK: (50, 80),
}
"""What a new condition of a number says at first; money in whole units of the currency."""
ORDER: Final = (
    Field.VISITS,
    Field.SPENT,
    Field.SILENT_DAYS,
    Field.BOUGHT,
    Field.TIER,
    Field.TAG,
    Field.BIRTHDAY_MONTH,
    Field.RFM,
    Field.STAGE,
    Field.SILENCE,
    Field.OVERDUE,
    Field.RISK,
    Field.AVERAGE,
    Field.FAVOURITE,
    Field.TIME_OF_DAY,
    Field.AGE,
    Field.GENDER,
    Field.JOINED_DAYS,
    Field.CONSENT,
)
Filled = dict[str, Any]
assert set(ORDER) == set(Field)


def blanks_of(field: Field, how: str) -> tuple[Blank, ...]:
    """In any order; the text says where each stands."""
    days = Blank("segment_days", BlankKind.WHOLE, WINDOW_DAYS, 1, WINDOW_DAYS_MAX)
    found = [days] if field in WINDOWED else []
    if field is Field.CONSENT:
        return (Blank("segment_consent", BlankKind.ONE_OF, "yes", options="words.consent"),)
    found.append(Blank("segment_how", BlankKind.ONE_OF, options=f"how.{field}"))
    if field is Field.BOUGHT:
        return (*found, Blank("segment_bought", BlankKind.GOODS))
    if field in WORDS:
        return (*found, Blank(f"segment_{field}", BlankKind.SOME_OF, options=f"words.{field}"))
    kind = BlankKind.AMOUNT if field in MONEY else BlankKind.WHOLE
    most = AMOUNT_MAX if field in MONEY else NUMBER_MAX
    found.append(Blank("segment_low", kind, least=0, most=most))
    if how in SPANS:
        found.append(Blank("segment_high", kind, least=0, most=most))
    return tuple(found)


def place_of(blank: Blank) -> str:
    """The name of a blank in the text of its condition."""
    name = blank.name.removeprefix("segment_")
    return name if name in ("days", "how", "low", "high") else "words"


def fresh(field: Field, scale: int) -> Filled:
    """A condition as it stands when it is added. ``scale``: minor units in one of the currency."""
    filled: Filled = {"days": WINDOW_DAYS, "how": hows(field)[0]}
    if field not in WORDS:
        low, high = FRESH[field]
        times = scale if field in MONEY else 1
        return {**filled, "low": low * times, "high": high * times}
    if field is Field.CONSENT:
        return {**filled, "words": "yes"}
    return {**filled, "words": (frozenset(), frozenset()) if field is Field.BOUGHT else frozenset()}


def filled_from(condition: Condition) -> Filled:
    field, how = condition.field, how_of(condition)
    filled: Filled = {"days": condition.days, "how": how}
    if field is Field.CONSENT:
        is_yes = ("yes" in condition.words) is not condition.is_not
        return {**filled, "words": "yes" if is_yes else "no"}
    if field is Field.BOUGHT:
        items = frozenset(ItemId(UUID(hex=one[2:])) for one in condition.words if one.startswith(ITEM))
        groups = frozenset(
            CategoryId(UUID(hex=one[2:])) for one in condition.words if one.startswith(CATEGORY)
        )
        return {**filled, "words": (items, groups)}
    if field in WORDS:
        return {**filled, "words": condition.words}
    if how in SPANS:
        return {**filled, "low": condition.least, "high": condition.most}
    low = condition.most if how == "at_most" else condition.least
    return {**filled, "low": low, "high": (low or 0) + FRESH[field][1]}


def condition_from(field: Field, filled: Filled) -> Condition:
    """Raises Refused("segment_order")."""
    days = filled.get("days", WINDOW_DAYS)
    how = filled.get("how", "")
    if field is Field.CONSENT:
        return Condition(field, frozenset((filled["words"],)))
    if field in WORDS:
        words = filled["words"]
        if field is Field.BOUGHT:
            items, groups = words
            words = frozenset(goods_word(one, is_category=False) for one in items)
            words |= frozenset(goods_word(one, is_category=True) for one in groups)
        return Condition(field, words, is_not=how == hows(field)[1], days=days)
    if how in SPANS:
        if filled["low"] > filled["high"]:
            raise Refused("segment_order")
        return Condition(field, least=filled["low"], most=filled["high"], is_not=how == SPANS[1], days=days)
    if how == "at_most":
        return Condition(field, most=filled["low"], days=days)
    return Condition(field, least=filled["low"], days=days)


def hows(field: Field) -> tuple[str, ...]:
    """What can stand between what is asked and its answer."""
    return HOW_OF_WORDS.get(field, IS) if field in WORDS else HOWS


def surroundings(till: Till, words: SegmentWords, known: Callable[[Field], Sequence[str]]) -> Surroundings:
    """What the blanks know of the shop. ``known`` gives words of tags and tiers beside the shop's own tiers: those that members carry, and
    those that are asked for though nobody has them any more.
    """

    def options(name: str) -> Sequence[Option]:
        kind, _, of = name.partition(".")
        if kind == "join":
            return [(one, t(f"segments.join.{one}")) for one in JOINS[of]]
        field = Field(of)
        if kind == "how":
            return [(one, t(f"segments.how.{one}")) for one in hows(field)]
        values: Sequence[str]
        match field:
            case Field.TIER:
                values = ("", *words.tiers, *(one for one in known(field) if one and one not in words.tiers))
            case Field.FAVOURITE:
                tops = (one.name for one in till.store.catalogue.categories() if one.parent_id is None)
                values = tuple(dict.fromkeys((*tops, *known(field))))
            case Field.TAG:
                values = known(field)
            case _:
                values = OWN_WORDS[field]
        return [(one, words.word(field, one)) for one in values]

    def today() -> date:
        return till.clock.local().date()

    def name_of(own: object) -> str:
        assert isinstance(own, UUID)
        return words.goods_name(own) or t("segments.word.gone")

    def pick_goods(window: QWidget, value: Any, is_one: bool, take: Callable[[Any], None]) -> None:
        sheet = GoodsSheet(window, till, value, is_one=is_one)
        sheet.finished.connect(lambda chosen: None if chosen is None else take(chosen))
        sheet.open()

    return Surroundings(till.shop.currency, today, options, name_of, pick_goods, lambda letter: letter)


JOINS: Final = {
    "segment": ("all", "any"),
    "group": ("group_all", "group_any", "group_none", "group_not_all"),
}
