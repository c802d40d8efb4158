"""Promotions as the shop wrote them down: what each one covers, what it gives, and when it runs.

A promotion is a rule, never a result: which ones a basket gets is decided by `app.domain.promotion_engine`, and the same
basket always gets the same ones. A changed promotion is a new version of it.

    on single units    PERCENT  AMOUNT  FIXED_PRICE      also for goods sold by weight (amount and price are per kilogram)
    on bundles         N_FOR_PRICE  BUY_X_GET_Y  MIX_MATCH      whole pieces only
    on the basket      BASKET_THRESHOLD      after every other promotion
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId, PromotionId

FORMAT: Final = 1
PERCENT_WHOLE: Final = 10_000
DAY_MINUTES: Final = 24 * 60
BUNDLE_UNITS_MAX: Final = 24
GROUPS_MAX: Final = 6
THRESHOLDS_MAX: Final = 10
VALUE_MAX: Final = 1_000_000_000


class PromotionKind(StrEnum):
    PERCENT = "percent"  # value hundredths of a percent off every unit
    AMOUNT = "amount"  # value minor units off every unit
    FIXED_PRICE = "fixed_price"  # every unit costs value minor units
    N_FOR_PRICE = "n_for_price"  # any n units cost price together
    BUY_X_GET_Y = "buy_x_get_y"  # of every x + y units the y cheapest are reduced by y_percent_off
    MIX_MATCH = "mix_match"  # so many of each group together: reward and value say what the bundle gets
    BASKET_THRESHOLD = "basket_threshold"  # the basket reaches an amount: the best threshold reached counts


UNIT_KINDS: Final = frozenset({PromotionKind.PERCENT, PromotionKind.AMOUNT, PromotionKind.FIXED_PRICE})
BUNDLE_KINDS: Final = frozenset(
    {PromotionKind.N_FOR_PRICE, PromotionKind.BUY_X_GET_Y, PromotionKind.MIX_MATCH}
)


class RewardKind(StrEnum):
    """What a bundle or a basket gets. The value beside it is hundredths of a percent or minor units."""

    PERCENT = "percent"
    AMOUNT = "amount"
    PRICE = "price"  # a bundle only: this is what it costs


@dataclass(frozen=True, slots=True)
class MixGroup:
    """One part of a bundle: ``count`` units among these items and categories (at least one is named)."""

    count: int
    item_ids: frozenset[ItemId] = frozenset()
    category_ids: frozenset[CategoryId] = frozenset()

    def __post_init__(self) -> None:
        assert 1 <= self.count <= BUNDLE_UNITS_MAX
        assert self.item_ids or self.category_ids


@dataclass(frozen=True, slots=True)
class Threshold:
    """From ``amount`` minor units on (the limit itself included) the basket gets this percent or amount off."""

    amount: int
    kind: RewardKind
    value: int

    def __post_init__(self) -> None:
        assert 1 <= self.amount <= VALUE_MAX
        assert self.kind is not RewardKind.PRICE
        _assert_reward(self.kind, self.value)
        assert self.value > 0


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion. ``code`` is unique in the shop, ``name`` is what customers read.

    **What it covers.** Items named, items in the categories named (anywhere below them), or everything when both sets are empty; never the
    excluded items. A MIX_MATCH names its goods in its groups and leaves both sets empty.

    **When.** From ``starts_on`` to ``ends_on``, both included; on these ``weekdays`` (0 is Monday; none named means every day);
    from ``time_from`` until just before ``time_to`` (minutes of the day; a start later than the end passes midnight, and those
    hours belong to the day they began on).

    **For whom.** Everyone, members, or members of these ``tiers`` (``""`` is the basic tier).

    **With what.** Two promotions meet on one unit only when both are combinable and their stacking groups differ (``""`` is a group of
    its own), and a unit is in one bundle at most. ``times_max`` is how many units (or bundles) one basket gets it for; a unit
    promotion with such a limit never combines. ``stacks_on_member_price`` starts from the member price; otherwise the regular
    price is the start, and the customer gets whichever is cheaper. ``priority`` orders: lower goes first and wins a tie, then
    the code decides.
    """

    id: PromotionId
    code: str
    name: str
    kind: PromotionKind
    item_ids: frozenset[ItemId] = frozenset()
    category_ids: frozenset[CategoryId] = frozenset()
    excluded_item_ids: frozenset[ItemId] = frozenset()
    value: int = 0
    n: int = 0
    price: int = 0
    x: int = 0
    y: int = 0
    y_percent_off: int = PERCENT_WHOLE
    groups: tuple[MixGroup, ...] = ()
    reward: RewardKind = RewardKind.PRICE
    thresholds: tuple[Threshold, ...] = ()
    members_only: bool = False
    tiers: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    time_from: int | None = None
    time_to: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    stacking_group: str = ""
    is_combinable: bool = False
    times_max: int | None = None
    priority: int = 100
    stacks_on_member_price: bool = False
    version: int = 1

    def __post_init__(self) -> None:
        assert self.code
        assert self.name
        assert self.version >= 1
        assert 0 <= self.value <= VALUE_MAX
        _assert_kind(self)
        _assert_window(self)
        assert self.times_max is None or self.times_max >= 1
        assert self.times_max is None or self.kind is not PromotionKind.BASKET_THRESHOLD
        assert not (self.times_max is not None and self.is_combinable and self.kind in UNIT_KINDS)

    @property
    def group(self) -> str:
        """The stacking group it competes in."""
        return self.stacking_group or f"={self.code}"

    @property
    def bundle_units(self) -> int:
        """How many units one bundle takes; 0 for a promotion that is not on bundles."""
        match self.kind:
            case PromotionKind.N_FOR_PRICE:
                return self.n
            case PromotionKind.BUY_X_GET_Y:
                return self.x + self.y
            case PromotionKind.MIX_MATCH:
                return sum(group.count for group in self.groups)
            case _:
                return 0


def _assert_kind(promotion: Promotion) -> None:
    match promotion.kind:
        case PromotionKind.PERCENT:
            assert 1 <= promotion.value <= PERCENT_WHOLE
        case PromotionKind.AMOUNT:
            assert promotion.value >= 1
        case PromotionKind.FIXED_PRICE:
            pass
        case PromotionKind.N_FOR_PRICE:
            assert 1 <= promotion.n <= BUNDLE_UNITS_MAX
            assert 0 <= promotion.price <= VALUE_MAX
        case PromotionKind.BUY_X_GET_Y:
            assert promotion.x >= 1
            assert promotion.y >= 1
            assert promotion.x + promotion.y <= BUNDLE_UNITS_MAX
            assert 1 <= promotion.y_percent_off <= PERCENT_WHOLE
        case PromotionKind.MIX_MATCH:
            assert 1 <= len(promotion.groups) <= GROUPS_MAX
            assert promotion.bundle_units <= BUNDLE_UNITS_MAX
            assert not promotion.item_ids
            assert not promotion.category_ids
            _assert_reward(promotion.reward, promotion.value)
        case PromotionKind.BASKET_THRESHOLD:
            assert 1 <= len(promotion.thresholds) <= THRESHOLDS_MAX
            amounts = [threshold.amount for threshold in promotion.thresholds]
            assert amounts == sorted(set(amounts)), "thresholds rise"


def _assert_window(promotion: Promotion) -> None:
    assert all(0 <= day <= 6 for day in promotion.weekdays)
    assert (promotion.time_from is None) == (promotion.time_to is None)
    if promotion.time_from is not None and promotion.time_to is not None:
        assert 0 <= promotion.time_from < DAY_MINUTES
        assert 0 <= promotion.time_to <= DAY_MINUTES
        assert promotion.time_from != promotion.time_to, "a whole day names no hours"
    if promotion.starts_on is not None and promotion.ends_on is not None:
        assert promotion.starts_on <= promotion.ends_on


def _assert_reward(kind: RewardKind, value: int) -> None:
    assert 0 <= value <= VALUE_MAX
    assert kind is not RewardKind.PERCENT or value <= PERCENT_WHOLE


def to_plain(promotion: Promotion) -> dict[str, Any]:
    """The promotion as strings, integers, booleans, None, lists and mappings. Equal promotions have equal plain forms."""
    plain: dict[str, Any] = {name: getattr(promotion, name) for name in _AS_THEY_ARE}
    plain |= {name: _texts(getattr(promotion, name)) for name in _ID_SETS}
    return plain | {
        "format": FORMAT,
        "id": str(promotion.id),
        "kind": promotion.kind.value,
        "reward": promotion.reward.value,
        "groups": [
            {"count": g.count, "item_ids": _texts(g.item_ids), "category_ids": _texts(g.category_ids)}
            for g in promotion.groups
        ],
        "thresholds": [
            {"amount": t.amount, "kind": t.kind.value, "value": t.value} for t in promotion.thresholds
        ],
        "tiers": sorted(promotion.tiers),
        "weekdays": sorted(promotion.weekdays),
        "starts_on": promotion.starts_on and promotion.starts_on.isoformat(),
        "ends_on": promotion.ends_on and promotion.ends_on.isoformat(),
    }


def from_plain(plain: Mapping[str, Any]) -> Promotion:
    """The promotion that `to_plain` wrote. Raises Refused("promotion_damaged") for anything else."""
    try:
        assert plain["format"] == FORMAT
        assert plain.keys() == _KEYS
        return Promotion(**{name: _READER_OF[name](plain[name]) for name in _KEYS - {"format"}})
    # A stored promotion that breaks a promise of its class is damaged data, not a bug of whoever reads it.
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused("promotion_damaged") from error


_AS_THEY_ARE: Final = (
    *(
        "code",
        "name",
        "value",
        "n",
        "price",
        "x",
        "y",
        "y_percent_off",
        "members_only",
        "time_from",
        "time_to",
    ),
    *("stacking_group", "is_combinable", "times_max", "priority", "stacks_on_member_price", "version"),
)
_ID_SETS: Final = ("item_ids", "category_ids", "excluded_item_ids")

_T = TypeVar("_T")


def _texts(ids: frozenset[Any]) -> list[str]:
    return sorted(str(an_id) for an_id in ids)


def _exactly(kind: type[_T]) -> Callable[[object], _T]:
    def read(content: object) -> _T:
        assert type(content) is kind
        return content

    return read


def _optional(read: Callable[[object], _T]) -> Callable[[object], _T | None]:
    return lambda content: None if content is None else read(content)


def _listed(read: Callable[[object], _T]) -> Callable[[object], list[_T]]:
    return lambda content: [read(entry) for entry in _exactly(list)(content)]


def _set_of(read: Callable[[object], _T]) -> Callable[[object], frozenset[_T]]:
    return lambda content: frozenset(_listed(read)(content))


_string: Final = _exactly(str)
_number: Final = _exactly(int)
_truth: Final = _exactly(bool)


def _uuid(content: object) -> UUID:
    return UUID(_string(content))


def _date(content: object) -> date:
    return date.fromisoformat(_string(content))


def _group(content: object) -> MixGroup:
    plain = _exactly(dict)(content)
    assert plain.keys() == {"count", "item_ids", "category_ids"}
    return MixGroup(
        _number(plain["count"]),
        cast(frozenset[ItemId], _set_of(_uuid)(plain["item_ids"])),
        cast(frozenset[CategoryId], _set_of(_uuid)(plain["category_ids"])),
    )


def _threshold(content: object) -> Threshold:
    plain = _exactly(dict)(content)
    assert plain.keys() == {"amount", "kind", "value"}
    return Threshold(_number(plain["amount"]), RewardKind(plain["kind"]), _number(plain["value"]))


_READER_OF: Final[dict[str, Callable[[Any], Any]]] = {
    "id": _uuid,
    "kind": PromotionKind,
    "reward": RewardKind,
    "groups": lambda content: tuple(_listed(_group)(content)),
    "thresholds": lambda content: tuple(_listed(_threshold)(content)),
    "tiers": _set_of(_string),
    "weekdays": _set_of(_number),
    "starts_on": _optional(_date),
    "ends_on": _optional(_date),
    **dict.fromkeys(_ID_SETS, _set_of(_uuid)),
    **dict.fromkeys(("code", "name", "stacking_group"), _string),
    **dict.fromkeys(("value", "n", "price", "x", "y", "y_percent_off", "priority", "version"), _number),
    **dict.fromkeys(("members_only", "is_combinable", "stacks_on_member_price"), _truth),
    **dict.fromkeys(("time_from", "time_to", "times_max"), _optional(_number)),
}
_KEYS: Final = frozenset(_READER_OF) | {"format"}
