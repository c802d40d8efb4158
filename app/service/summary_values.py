"""The daily member summary as a value: figures with what they are compared with, and the lists below them.

Amounts are whole minor units, points, pieces or hundredths of a percent, as each figure's unit says; None is "nothing to divide by". A
figure never stands alone: `SummaryDesk.rows_behind` gives the rows it was added up from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.ids import ItemId, MemberId, OperatorId
from app.domain.money import Currency
from app.service.summary_ports import EntryRow, TicketRow


class Unit(StrEnum):
    MONEY = "money"  # minor units
    COUNT = "count"
    POINTS = "points"
    SHARE = "share"  # hundredths of a percent


class Key(StrEnum):
    """The figures, in the order in which a summary shows them. Texts: ``summary.figure.<key>``, ``summary.about.<key>``."""

    NET = "net"
    TICKETS = "tickets"
    AVERAGE_TICKET = "average_ticket"
    MEMBER_NET = "member_net"
    MEMBER_SHARE = "member_share"
    MEMBER_TICKETS = "member_tickets"
    MEMBER_AVERAGE = "member_average"
    WALK_IN_NET = "walk_in_net"
    WALK_IN_TICKETS = "walk_in_tickets"
    WALK_IN_AVERAGE = "walk_in_average"
    MEMBERS = "members"
    MEMBERS_NEW = "members_new"
    MEMBERS_RETURNING = "members_returning"
    MEMBERS_BACK = "members_back"
    SIGN_UPS = "sign_ups"
    SIGN_UP_RATE = "sign_up_rate"
    POINTS_ISSUED = "points_issued"
    POINTS_USED = "points_used"
    POINTS_EXPIRED = "points_expired"
    POINTS_ADJUSTED = "points_adjusted"
    POINTS_OWED = "points_owed"
    POINTS_OWED_MONEY = "points_owed_money"
    COUPONS_USED = "coupons_used"
    COUPONS_MONEY = "coupons_money"
    COUPONS_ISSUED = "coupons_issued"
    STAMPS_GIVEN = "stamps_given"
    STAMPS_USED = "stamps_used"
    VALUE_SOLD = "value_sold"
    VALUE_SPENT = "value_spent"
    VALUE_REFUNDED = "value_refunded"
    VALUE_OWED = "value_owed"
    SALES = "sales"
    RETURNS = "returns"
    VOIDS = "voids"
    DISCOUNTS = "discounts"
    TAX = "tax"


UNITS: Mapping[Key, Unit] = {
    Key.NET: Unit.MONEY,
    Key.TICKETS: Unit.COUNT,
    Key.AVERAGE_TICKET: Unit.MONEY,
    Key.MEMBER_NET: Unit.MONEY,
    Key.MEMBER_SHARE: Unit.SHARE,
    Key.MEMBER_TICKETS: Unit.COUNT,
    Key.MEMBER_AVERAGE: Unit.MONEY,
    Key.WALK_IN_NET: Unit.MONEY,
    Key.WALK_IN_TICKETS: Unit.COUNT,
    Key.WALK_IN_AVERAGE: Unit.MONEY,
    Key.MEMBERS: Unit.COUNT,
    Key.MEMBERS_NEW: Unit.COUNT,
    Key.MEMBERS_RETURNING: Unit.COUNT,
    Key.MEMBERS_BACK: Unit.COUNT,
    Key.SIGN_UPS: Unit.COUNT,
    Key.SIGN_UP_RATE: Unit.SHARE,
    Key.POINTS_ISSUED: Unit.POINTS,
    Key.POINTS_USED: Unit.POINTS,
    Key.POINTS_EXPIRED: Unit.POINTS,
    Key.POINTS_ADJUSTED: Unit.POINTS,
    Key.POINTS_OWED: Unit.POINTS,
    Key.POINTS_OWED_MONEY: Unit.MONEY,
    Key.COUPONS_USED: Unit.COUNT,
    Key.COUPONS_MONEY: Unit.MONEY,
    Key.COUPONS_ISSUED: Unit.COUNT,
    Key.STAMPS_GIVEN: Unit.COUNT,
    Key.STAMPS_USED: Unit.COUNT,
    Key.VALUE_SOLD: Unit.MONEY,
    Key.VALUE_SPENT: Unit.MONEY,
    Key.VALUE_REFUNDED: Unit.MONEY,
    Key.VALUE_OWED: Unit.MONEY,
    Key.SALES: Unit.MONEY,
    Key.RETURNS: Unit.MONEY,
    Key.VOIDS: Unit.MONEY,
    Key.DISCOUNTS: Unit.MONEY,
    Key.TAX: Unit.MONEY,
}


@dataclass(frozen=True, slots=True)
class LapsedRule:
    """When somebody who comes counts as lapsed and back: after ``habit_percent`` of the days that usually lie between their visits, and
    not under ``days_min``; with fewer than three visits, which are no habit, after ``days``."""

    habit_percent: int = 200
    days_min: int = 14
    days: int = 60

    def __post_init__(self) -> None:
        assert self.habit_percent >= 100
        assert 1 <= self.days_min <= self.days


@dataclass(frozen=True, slots=True)
class Figure:
    """``before``: the same weekday before (for a range: the range before it). ``average``: an open day of the four weeks before, times the
    open days of a range."""

    key: Key
    value: int | None
    before: int | None = None
    average: int | None = None

    @property
    def unit(self) -> Unit:
        return UNITS[self.key]


@dataclass(frozen=True, slots=True)
class HourFigure:
    """What was sold in an hour of the shop's clock."""

    hour: int
    tickets: int
    minor: int
    before_minor: int
    average_minor: int


@dataclass(frozen=True, slots=True)
class OperatorFigure:
    """``chances`` are tickets of nobody known: those who signed up and those who stayed unknown. ``rate`` in hundredths of a percent."""

    operator_id: OperatorId
    name: str
    tickets: int
    minor: int
    sign_ups: int
    chances: int
    rate: int | None


@dataclass(frozen=True, slots=True)
class TenderFigure:
    """What came in (cash: less the change) and what went back, both positive."""

    kind: str
    received_minor: int
    refunded_minor: int

    @property
    def net_minor(self) -> int:
        return self.received_minor - self.refunded_minor


@dataclass(frozen=True, slots=True)
class CouponFigure:
    """One kind of coupon: how often it was used, and what it took off."""

    template: str
    used: int
    minor: int
    issued: int


@dataclass(frozen=True, slots=True)
class TopMember:
    """Masked, as it is shown. ``visits`` are tickets that stand."""

    member_id: MemberId
    name: str
    phone: str
    visits: int
    minor: int


@dataclass(frozen=True, slots=True)
class TopItem:
    """``quantity`` in thousandths. An item that left the list of goods has no id."""

    item_id: ItemId | None
    name: str
    quantity: int
    minor: int
    lines: int


@dataclass(frozen=True, slots=True)
class SoFar:
    """A day that still runs, against the same hours: what stood there when this hour had begun (0 to 23)."""

    hour: int
    minor: int
    before_minor: int
    average_minor: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the summary of one business date, or of a range of them.

    ``is_running``: the shift is open, so the figures still grow. ``before`` is None where there is nothing to compare with;
    ``is_beside_chosen``: somebody said with what. ``average_days`` are the open days behind the average (0: none).
    """

    since: date
    until: date
    made_at: int
    currency: Currency
    is_running: bool
    open_days: int
    figures: Mapping[Key, Figure]
    before: tuple[date, date] | None
    average_days: int
    lapsed: LapsedRule
    hours: tuple[HourFigure, ...] = ()
    operators: tuple[OperatorFigure, ...] = ()
    tenders: tuple[TenderFigure, ...] = ()
    coupons: tuple[CouponFigure, ...] = ()
    top_members: tuple[TopMember, ...] = ()
    top_items: tuple[TopItem, ...] = ()
    so_far: SoFar | None = None
    is_beside_chosen: bool = False

    @property
    def is_one_day(self) -> bool:
        return self.since == self.until

    @property
    def has_business(self) -> bool:
        return self.open_days > 0

    def value(self, key: Key) -> int | None:
        return self.figures[key].value


class RowKind(StrEnum):
    TICKETS = "tickets"
    MEMBERS = "members"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class Behind:
    """Which figure, and which part of it: one hour, one person, one item."""

    key: Key
    hour: int | None = None
    operator_id: OperatorId | None = None
    item_id: ItemId | None = None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member behind a figure, masked.

    ``previous_on`` is the visit before the first one in the range (None: there was none), ``habit`` the days that usually lay between
    their visits until then (0: no habit yet).
    """

    member_id: MemberId
    name: str
    phone: str
    visits: int
    minor: int
    previous_on: date | None
    habit: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a figure, a page of them; one of the three lists is filled. ``has_more``: ask again with a larger offset."""

    kind: RowKind
    tickets: tuple[TicketRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    entries: tuple[EntryRow, ...] = ()
    has_more: bool = False
