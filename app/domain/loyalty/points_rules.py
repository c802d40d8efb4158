"""What the owner decides about points, as one immutable value: earning, bonuses, how long points last, and how they are spent.

Every rule is data: nothing here looks anything up. Factors and shares are whole hundredths (``150`` is ×1.5, ``5000`` is 50 %), money
is minor units, weekdays count from Monday = 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.ids import CategoryId, ItemId
from app.domain.loyalty.term import NEVER, Term
from app.domain.tender import TenderKind

FACTOR_ONE: Final = 100
FACTOR_MAX: Final = 10_000
POINTS_MAX: Final = 1_000_000
SHARE_WHOLE: Final = 10_000
RULES_MAX: Final = 200


class Rounding(StrEnum):
    FLOOR = "floor"  # only full steps count
    HALF_UP = "half_up"  # from half a step on, the step counts


class Per(StrEnum):
    """What is rounded: the whole ticket, or each line by itself."""

    TICKET = "ticket"
    LINE = "line"


class Combine(StrEnum):
    """What several multipliers do to the same goods."""

    BEST = "best"
    MULTIPLY = "multiply"


@dataclass(frozen=True, slots=True)
class Goods:
    """Some of what the shop sells. A category stands for everything below it."""

    items: frozenset[ItemId] = frozenset()
    categories: frozenset[CategoryId] = frozenset()

    @property
    def is_none(self) -> bool:
        return not self.items and not self.categories

    def covers(self, item_id: ItemId, category_path: Iterable[CategoryId]) -> bool:
        return item_id in self.items or any(one in self.categories for one in category_path)


NO_GOODS: Final = Goods()


@dataclass(frozen=True, slots=True)
class Rate:
    """Every ``step_minor`` paid earns ``points``. A step of 0 earns nothing."""

    step_minor: int
    points: int

    def __post_init__(self) -> None:
        assert self.step_minor >= 0
        assert 0 <= self.points <= POINTS_MAX

    @property
    def earns(self) -> bool:
        return self.step_minor > 0 and self.points > 0


@dataclass(frozen=True, slots=True)
class GoodsRate:
    """Another rate for some goods."""

    goods: Goods
    rate: Rate
    name: str = ""


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Multiplies what goods earn, when everything it asks for holds.

    ``weekdays``, ``month_days`` and ``nth_weekdays`` ((2, 4) is the second Friday; (-1, 4) the last one) name its days: any of them will
    do, and none named is every day. Without ``goods`` it is for the whole ticket.
    """

    factor: int
    name: str = ""
    tiers: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    nth_weekdays: frozenset[tuple[int, int]] = frozenset()
    in_birthday_month: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    goods: Goods = NO_GOODS

    def __post_init__(self) -> None:
        assert FACTOR_ONE <= self.factor <= FACTOR_MAX
        assert all(0 <= day <= 6 for day in self.weekdays)
        assert all(1 <= day <= 31 for day in self.month_days)
        assert all(nth in (-1, 1, 2, 3, 4, 5) and 0 <= day <= 6 for nth, day in self.nth_weekdays)
        assert self.starts_on is None or self.ends_on is None or self.starts_on <= self.ends_on

    def is_on(self, day: date) -> bool:
        """Whether this is one of its days."""
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            return False
        if not (self.weekdays or self.month_days or self.nth_weekdays):
            return True
        weekday = day.weekday()
        return (
            weekday in self.weekdays
            or day.day in self.month_days
            or any(day_is_nth(day, nth) for nth, of in self.nth_weekdays if of == weekday)
        )


class BonusKind(StrEnum):
    WELCOME = "welcome"
    BIRTHDAY = "birthday"
    REFERRAL = "referral"
    REVIEW = "review"
    VISIT = "visit"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Bonus:
    """A fixed number of points for an occasion.

    welcome     at the enrolment; with ``minimum_minor`` after the first purchase of so much
    birthday    once a year, with a purchase in the birthday month (``is_on_the_day``: on the day itself)
    referral    ``points`` to whoever brought somebody, ``friend_points`` to the new member, after the latter's first purchase
    review      once for each thing that somebody wrote about, given by hand
    visit       the first purchase of the day
    campaign    the first purchase between its days, once a member; ``code`` tells one campaign from the next

    ``minimum_minor`` is the least the goods of that purchase cost. ``term`` replaces how long points last otherwise.
    """

    kind: BonusKind
    points: int
    name: str = ""
    code: str = ""
    friend_points: int = 0
    minimum_minor: int = 0
    is_on_the_day: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    term: Term | None = None

    def __post_init__(self) -> None:
        assert 0 <= self.points <= POINTS_MAX
        assert 0 <= self.friend_points <= POINTS_MAX
        assert self.points or self.friend_points
        assert self.minimum_minor >= 0
        assert self.friend_points == 0 or self.kind is BonusKind.REFERRAL
        assert not self.is_on_the_day or self.kind is BonusKind.BIRTHDAY
        assert (self.kind is BonusKind.CAMPAIGN) == bool(self.code), (
            "a campaign has a code, and nothing else does"
        )
        assert self.starts_on is None or self.ends_on is None or self.starts_on <= self.ends_on

    def is_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


@dataclass(frozen=True, slots=True)
class Burn:
    """How points are spent: ``value_points`` of them are worth ``value_minor`` (0: not at all), in multiples of ``step``.

    At most ``share_max`` (hundredths of a percent) of a ticket and ``per_sale_max`` points, by who holds at least ``balance_min``.
    ``offline_day_max`` is what one member may spend on one day at a till that cannot ask the others.
    """

    value_minor: int
    value_points: int = 1
    step: int = 1
    share_max: int = SHARE_WHOLE
    balance_min: int = 0
    per_sale_max: int | None = None
    offline_day_max: int | None = None

    def __post_init__(self) -> None:
        assert self.value_minor >= 0
        assert self.value_points >= 1
        assert self.step >= 1
        assert self.step % self.value_points == 0, "what may be spent at once is worth a whole amount"
        assert 0 <= self.share_max <= SHARE_WHOLE
        assert self.balance_min >= 0
        assert self.per_sale_max is None or self.per_sale_max >= 0
        assert self.offline_day_max is None or self.offline_day_max >= 0


@dataclass(frozen=True, slots=True)
class PointsRules:
    """All of it. The first of ``rates`` that covers an item is its rate; ``base`` is everybody else's."""

    base: Rate
    burn: Burn
    rates: tuple[GoodsRate, ...] = ()
    excluded: Goods = NO_GOODS
    uncounted: frozenset[TenderKind] = frozenset({TenderKind.POINTS})
    multipliers: tuple[Multiplier, ...] = ()
    combine: Combine = Combine.BEST
    rounding: Rounding = Rounding.FLOOR
    per: Per = Per.TICKET
    bonuses: tuple[Bonus, ...] = ()
    pending_days: int = 0
    expires: Term = NEVER
    may_owe: bool = True

    def __post_init__(self) -> None:
        assert TenderKind.POINTS in self.uncounted, "points never earn points"
        assert 0 <= self.pending_days <= 3660
        assert len(self.rates) + len(self.multipliers) + len(self.bonuses) <= RULES_MAX
        codes = [bonus.code for bonus in self.bonuses if bonus.code]
        assert len(set(codes)) == len(codes), "each campaign has a code of its own"
        kinds = [bonus.kind for bonus in self.bonuses if bonus.kind is not BonusKind.CAMPAIGN]
        assert len(set(kinds)) == len(kinds), "an occasion has one bonus"

    def bonus(self, kind: BonusKind) -> Bonus | None:
        return next((bonus for bonus in self.bonuses if bonus.kind is kind), None)

    def rate_of(self, item_id: ItemId, category_path: Iterable[CategoryId]) -> Rate:
        path = tuple(category_path)
        return next((one.rate for one in self.rates if one.goods.covers(item_id, path)), self.base)


def day_is_nth(day: date, nth: int) -> bool:
    """Whether it is the nth day of its name in the month; -1 is the last."""
    if nth == -1:
        return (day.toordinal() + 7 - date(day.year, day.month, 1).toordinal()) >= _month_length(day)
    return (day.day - 1) // 7 + 1 == nth


def _month_length(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following.toordinal() - date(day.year, day.month, 1).toordinal()
