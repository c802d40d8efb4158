"""Tiers: rules that a member can read. What somebody did within a window reaches a tier; what was reached is kept for a while.

Exactly at the limit counts. Nothing is taken away before its last protected day and the days of grace after it; a return takes a tier
back only when it undoes what the tier was reached with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.domain.codec_parts import VERSION, Plain
from app.domain.facts import FactKind
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.term import Term, TermKind, months_after

TIERS_MAX: Final = 20
FACTOR_ONE: Final = 100
A_YEAR: Final = Term(TermKind.MONTHS, 12)


class TierBasis(StrEnum):
    SPEND = "spend"  # minor units paid, returns taken off
    POINTS = "points"  # points earned with goods, bonuses included
    VISITS = "visits"  # days with a purchase that stands


class WindowKind(StrEnum):
    ROLLING_DAYS = "rolling_days"  # the last ``count`` days, today included
    ROLLING_MONTHS = "rolling_months"  # the last ``count`` months: from the day after the same day of then
    CALENDAR = (
        "calendar"  # the current stretch of ``count`` months of the calendar: 12 is the year, 3 the quarter
    )


@dataclass(frozen=True, slots=True)
class Window:
    """Which days count."""

    kind: WindowKind = WindowKind.ROLLING_MONTHS
    count: int = 12

    def __post_init__(self) -> None:
        assert 1 <= self.count <= 3660
        assert self.kind is not WindowKind.CALENDAR or self.count in (1, 2, 3, 4, 6, 12)

    def first_day(self, on: date) -> date:
        match self.kind:
            case WindowKind.ROLLING_DAYS:
                return on - timedelta(days=self.count - 1)
            case WindowKind.ROLLING_MONTHS:
                return months_after(on, -self.count) + timedelta(days=1)
            case WindowKind.CALENDAR:
                return date(on.year, (on.month - 1) // self.count * self.count + 1, 1)

    def last_day(self, on: date) -> date | None:
        """When a calendar window ends; a rolling one never does."""
        if self.kind is not WindowKind.CALENDAR:
            return None
        return months_after(self.first_day(on), self.count) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TierRights:
    """What a tier gives while it lasts.

    ``has_member_price``: goods with a member price cost that. ``percent_off``: hundredths of a percent off the regular price.
    ``points_factor``: ``150`` earns one and a half times. ``coupons`` are templates given when the tier is
    reached, and each time it is kept.
    """

    has_member_price: bool = True
    percent_off: int = 0
    points_factor: int = FACTOR_ONE
    is_served_first: bool = False
    coupons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert 0 <= self.percent_off <= 10_000
        assert FACTOR_ONE <= self.points_factor <= 10_000


@dataclass(frozen=True, slots=True)
class EntryGift:
    """What a member is given who reaches the tier: once a calendar year at most."""

    points: int = 0
    coupons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.points >= 0


@dataclass(frozen=True, slots=True)
class Tier:
    """``threshold`` (minor units, points or visits) is reached when there is as much."""

    code: str
    name: str
    threshold: int
    rights: TierRights = TierRights()
    gift: EntryGift = EntryGift()

    def __post_init__(self) -> None:
        assert self.code, "the tier without a code is what everybody has who reached none"
        assert self.name
        assert self.threshold > 0


class Lowering(StrEnum):
    """Where a member lands whose tier is not kept."""

    ONE_STEP = "one_step"
    TO_EARNED = "to_earned"


@dataclass(frozen=True, slots=True)
class TierRules:
    """The tiers, lowest first. ``keeps``: how long a tier is protected from the day on which it was reached or kept."""

    basis: TierBasis = TierBasis.SPEND
    window: Window = Window()
    tiers: tuple[Tier, ...] = ()
    keeps: Term = A_YEAR
    grace_days: int = 0
    lowering: Lowering = Lowering.ONE_STEP
    lowers_on_return: bool = True

    def __post_init__(self) -> None:
        assert len(self.tiers) <= TIERS_MAX
        assert self.keeps.kind is not TermKind.INACTIVITY
        assert 0 <= self.grace_days <= 3660
        thresholds = [tier.threshold for tier in self.tiers]
        assert thresholds == sorted(set(thresholds)), "each tier asks for more than the one below it"
        codes = {tier.code for tier in self.tiers}
        assert len(codes) == len(self.tiers)

    def rank(self, code: str) -> int:
        """0 for no tier (or one that is no more), then 1, 2, 3 …"""
        return next((rank for rank, tier in enumerate(self.tiers, 1) if tier.code == code), 0)

    def tier(self, code: str) -> Tier | None:
        rank = self.rank(code)
        return self.tiers[rank - 1] if rank else None

    def earned_rank(self, amount: int) -> int:
        return sum(1 for tier in self.tiers if tier.threshold <= amount)

    def factor_of(self, code: str) -> int:
        tier = self.tier(code)
        return FACTOR_ONE if tier is None else tier.rights.points_factor

    def code_at(self, rank: int) -> str:
        return self.tiers[rank - 1].code if rank else ""


NO_TIERS: Final = TierRules()


class TierEventKind(StrEnum):
    REACHED = "reached"
    KEPT = "kept"
    LOWERED = "lowered"
    GRANTED = "granted"  # by a person


@dataclass(frozen=True, slots=True)
class TierState:
    """What a member has: the tier's code (``""``: none), the day it was reached or last kept, and its last protected day."""

    tier: str = ""
    since: date | None = None
    protected_until: date | None = None


NO_TIER: Final = TierState()


@dataclass(frozen=True, slots=True)
class TierChange:
    kind: TierEventKind
    from_tier: str
    tier: str
    protected_until: date | None


@dataclass(frozen=True, slots=True)
class Undone:
    """A return or void: the oldest day of the sales it undoes, and how much of the basis went with it (≥ 0)."""

    sold_on: date
    amount: int


def assess(
    rules: TierRules, state: TierState, amount: int, on: date, undone: Undone | None = None
) -> TierChange | None:
    """What becomes of a member who has this tier and this ``amount`` within the window of ``on``; None when nothing does."""
    has, earned = rules.rank(state.tier), rules.earned_rank(amount)
    if earned > has:
        return _change(rules, TierEventKind.REACHED, state, earned, on)
    if has == 0:
        return None
    if earned < has and undone is not None and _is_undone(rules, state, has, amount, undone):
        return _change(rules, TierEventKind.LOWERED, state, earned, on)
    if state.protected_until is None:
        # Given for good, or by a rule that protected no tier: only the former has a day on which it began.
        return (
            None
            if rules.keeps.kind is TermKind.NEVER or state.since is not None
            else _begin(rules, state, on)
        )
    if on <= state.protected_until:
        return None
    if earned == has:
        return _change(rules, TierEventKind.KEPT, state, has, on)
    if on <= state.protected_until + timedelta(days=rules.grace_days):
        return None
    lower = has - 1 if rules.lowering is Lowering.ONE_STEP else earned
    return _change(rules, TierEventKind.LOWERED, state, max(earned, lower), on)


def _is_undone(rules: TierRules, state: TierState, has: int, amount: int, undone: Undone) -> bool:
    """Whether the tier stood on what has just come back: it was sold before the tier was reached, and without it there is too little."""
    if not rules.lowers_on_return or (state.since is not None and undone.sold_on > state.since):
        return False
    return amount < rules.tiers[has - 1].threshold <= amount + undone.amount


def _begin(rules: TierRules, state: TierState, on: date) -> TierChange:
    """A tier that nobody knows the beginning of (brought in from elsewhere) is protected from now on."""
    return _change(rules, TierEventKind.KEPT, state, rules.rank(state.tier), on)


def _change(rules: TierRules, kind: TierEventKind, state: TierState, rank: int, on: date) -> TierChange:
    until = rules.keeps.last_day(on) if rank else None
    return TierChange(kind, state.tier, rules.code_at(rank), until)


# --- where somebody stands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TierStanding:
    """Where a member stands: for the panel, the portrait and the paper.

    ``amount`` is what counts within the window, ``missing`` what the next tier still asks for (0 without one).
    ``at_risk`` is the amount that is missing to keep the present tier (0 when it is earned again already).
    """

    tier: Tier | None
    next_tier: Tier | None
    basis: TierBasis
    amount: int
    missing: int
    at_risk: int
    window_first_day: date
    window_last_day: date | None
    protected_until: date | None

    @property
    def progress_percent(self) -> int:
        """How much of the way to the next tier is done, 0 to 100."""
        if self.next_tier is None:
            return 100
        return max(0, min(99, self.amount * 100 // self.next_tier.threshold))


def standing_of(rules: TierRules, state: TierState, amount: int, on: date) -> TierStanding:
    rank = rules.rank(state.tier)
    tier = rules.tiers[rank - 1] if rank else None
    next_tier = rules.tiers[rank] if rank < len(rules.tiers) else None
    return TierStanding(
        tier=tier,
        next_tier=next_tier,
        basis=rules.basis,
        amount=amount,
        missing=0 if next_tier is None else max(0, next_tier.threshold - amount),
        at_risk=0 if tier is None else max(0, tier.threshold - amount),
        window_first_day=rules.window.first_day(on),
        window_last_day=rules.window.last_day(on),
        protected_until=state.protected_until,
    )


# --- the fact ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TierEvent:
    """Something that happened to a member's tier."""

    id: UUID
    member_id: MemberId
    change: TierChange
    occurred_at: int
    business_date: date
    rule_version: int
    transaction_id: TransactionId | None = None


def tier_event_to_plain(event: TierEvent) -> Plain:
    change = event.change
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.TIER._value_,
        "id": event.id.hex,
        "event": change.kind._value_,
        "member": event.member_id.hex,
        "tier": change.tier,
        "from": change.from_tier,
        "at": event.occurred_at,
        "date": event.business_date.isoformat(),
        "rules": event.rule_version,
    }
    if change.protected_until is not None:
        plain["until"] = change.protected_until.isoformat()
    if event.transaction_id is not None:
        plain["transaction"] = event.transaction_id.hex
    return plain


def tier_event_from_plain(plain: Mapping[str, Any]) -> TierEvent:
    """The event that ``tier_event_to_plain`` wrote. Raises what damage raises; the caller names it."""
    until, transaction = plain.get("until"), plain.get("transaction")
    assert plain["kind"] == FactKind.TIER
    return TierEvent(
        id=UUID(plain["id"]),
        member_id=MemberId(UUID(plain["member"])),
        change=TierChange(
            TierEventKind(plain["event"]),
            plain["from"],
            plain["tier"],
            None if until is None else date.fromisoformat(until),
        ),
        occurred_at=plain["at"],
        business_date=date.fromisoformat(plain["date"]),
        rule_version=plain["rules"],
        transaction_id=None if transaction is None else TransactionId(UUID(transaction)),
    )
