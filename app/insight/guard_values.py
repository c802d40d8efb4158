"""What the guard looks at and what it says: plain rows of a range of business dates in, signals out.

A signal is a reason to look, never a verdict. It is shown to the owner alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from uuid import UUID

from app.domain.ids import EntryId, ItemId, MemberId, OperatorId, TransactionId
from app.domain.transaction import TransactionKind


class SignalKind(StrEnum):
    """What was noticed (texts: ``guard.title.<value>``, ``guard.hint.<value>``)."""

    MANY_TIMES_A_DAY = "many_times_a_day"
    STAFF_NUMBER = "staff_number"
    MEMBER_AT_THE_END = "member_at_the_end"
    ONLY_OFFLINE = "only_offline"
    POINTS_STAYED = "points_stayed"
    POINTS_OWED = "points_owed"
    ENROLLED_FOR_NOTHING = "enrolled_for_nothing"
    POINTS_BY_HAND = "points_by_hand"
    ALWAYS_THE_SAME = "always_the_same"
    REFUNDS_WITHOUT_RECEIPT = "refunds_without_receipt"


class Severity(IntEnum):
    NOTICE = 1
    WARNING = 2
    ALERT = 3


@dataclass(frozen=True, slots=True)
class Ticket:
    """One sale, return or post-void. ``came_at_the_end``: the member was attached when the total was already shown.

    ``was_offline`` is None where nobody recorded whether the server could be reached.
    """

    id: TransactionId
    kind: TransactionKind
    business_date: date
    occurred_at: int
    operator_id: OperatorId
    member_id: MemberId | None = None
    total_minor: int = 0
    points_earned: int = 0
    points_spent: int = 0
    voids: TransactionId | None = None
    came_at_the_end: bool = False
    was_offline: bool | None = None


@dataclass(frozen=True, slots=True)
class GoodsBack:
    """Goods that came back without a receipt. ``amount_minor`` (positive) was given out for them."""

    transaction_id: TransactionId
    business_date: date
    occurred_at: int
    operator_id: OperatorId
    member_id: MemberId | None
    item_id: ItemId
    amount_minor: int


@dataclass(frozen=True, slots=True)
class GoodsSold:
    """Such goods sold to a member, who earned points with that ticket."""

    transaction_id: TransactionId
    business_date: date
    occurred_at: int
    operator_id: OperatorId
    member_id: MemberId
    item_id: ItemId
    amount_minor: int


@dataclass(frozen=True, slots=True)
class HandMove:
    """Points given or taken by hand. ``operator_id`` is None where the books do not say who did it."""

    entry_id: EntryId
    business_date: date
    occurred_at: int
    member_id: MemberId
    points: int
    operator_id: OperatorId | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new member. ``later_visits`` are sales on a later business date, up to now."""

    member_id: MemberId
    business_date: date
    operator_id: OperatorId
    later_visits: int
    transaction_id: TransactionId | None = None


@dataclass(frozen=True, slots=True)
class Debt:
    """A member whose balance is below zero, and the returns that brought it there."""

    member_id: MemberId
    balance: int
    returns: tuple[TransactionId, ...]


@dataclass(frozen=True, slots=True)
class GuardRows:
    """Everything about one range of business dates, ``until`` included. ``staff`` are the members whose number is a staff member's."""

    since: date
    until: date
    tickets: tuple[Ticket, ...] = ()
    goods_back: tuple[GoodsBack, ...] = ()
    goods_sold: tuple[GoodsSold, ...] = ()
    hand_moves: tuple[HandMove, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    debts: tuple[Debt, ...] = ()
    staff: Mapping[MemberId, OperatorId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something is worth a look. The owner may change each; ``*_percent`` are whole percents."""

    visits_a_day: int = 4
    staff_tickets: int = 2
    end_tickets: int = 10
    end_percent: int = 30
    offline_redemptions: int = 3
    shop_online_percent: int = 60
    return_days: int = 14
    owed_points: int = 50
    enrolments: int = 15
    enrolment_rest_days: int = 30
    no_visit_percent: int = 80
    hand_times: int = 5
    hand_points: int = 500
    same_visits: int = 8
    same_percent: int = 80
    refunds: int = 3
    refund_minor: int = 3_000


@dataclass(frozen=True, slots=True)
class Signal:
    """Something to look at. ``fields`` fill the sentence of its kind; ids in them are for the service to name.

    ``evidence`` are transactions, or ledger entries for points by hand: the newest first, at most ``EVIDENCE_MAX`` of ``count``.
    ``last_on`` is the business date of the newest.
    """

    kind: SignalKind
    severity: Severity
    member_id: MemberId | None
    operator_id: OperatorId | None
    first_on: date
    last_on: date
    count: int
    evidence: tuple[UUID, ...]
    fields: Mapping[str, int]

    @property
    def key(self) -> str:
        """Under which it is dismissed: the same finding stays away for the month, a new month asks again; a day's finding is its day's."""
        when = self.last_on.isoformat() if self.kind in _OF_ONE_DAY else self.last_on.strftime("%Y-%m")
        who = (one.hex if one else "-" for one in (self.member_id, self.operator_id))
        return ":".join((self.kind.value, *who, when))


_OF_ONE_DAY = (SignalKind.MANY_TIMES_A_DAY,)
EVIDENCE_MAX = 50
