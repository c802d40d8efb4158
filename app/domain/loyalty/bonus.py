"""Bonuses: points for an occasion, given exactly once, also by tills that cannot ask each other.

Who gets which bonus for what makes the entry's id: two tills that give the same one write the same entry, and it counts once. A sale that
comes back whole takes its bonuses with it; the occasion may then be celebrated again, under the next id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

from app.domain.ids import EntryId, LotId, MemberId, TransactionId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.loyalty.points_rules import Bonus, BonusKind, PointsRules
from app.domain.loyalty.term import Term, TermKind

NAMESPACE: Final = UUID("6f0f9a4c-1f3b-5c6e-9a52-7a1c3d5e8b90")
ATTEMPTS_MAX: Final = 4
TIER_SOURCE: Final = "tier"
INACTIVITY_SOURCE: Final = "inactivity"


@dataclass(frozen=True, slots=True)
class Grant:
    """A bonus that is due. ``key`` tells this occasion from the next of its kind: a year, a day, a code."""

    member_id: MemberId
    source: str
    key: str
    points: int
    term: Term
    name: str = ""

    def entry_id(self, attempt: int = 0) -> EntryId:
        again = f":{attempt}" if attempt else ""
        return EntryId(uuid5(NAMESPACE, f"{self.member_id.hex}:{self.source}:{self.key}{again}"))


def reversal_id(entry_id: EntryId) -> EntryId:
    """The entry that takes this one back."""
    return EntryId(uuid5(entry_id, "taken back"))


def lot_id_of(entry_id: EntryId) -> LotId:
    return LotId(uuid5(entry_id, "lot"))


def lapse_id(member_id: MemberId, last_purchase_on: date) -> EntryId:
    """The entry that ends everything a member held who did not come back after this day."""
    return EntryId(uuid5(NAMESPACE, f"{member_id.hex}:{INACTIVITY_SOURCE}:{last_purchase_on.isoformat()}"))


def has_lapsed(term: Term, last_purchase_on: date | None, on: date) -> bool:
    """Whether points that end by inactivity have ended: the day after the last of the quiet days."""
    if term.kind is not TermKind.INACTIVITY or last_purchase_on is None:
        return False
    return on > last_purchase_on + timedelta(days=term.count)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a sale is to the bonuses: ``goods_minor`` was paid for the goods sold on it, returns not counted."""

    member_id: MemberId
    on: date
    goods_minor: int
    is_enrolment: bool = False
    is_birthday: bool = False
    is_birthday_month: bool = False


def due_with_purchase(rules: PointsRules, purchase: Purchase) -> tuple[Grant, ...]:
    """The bonuses that this purchase may bring its member, those that they may have had before included.

    Referral is apart (:func:`due_for_referral`): it needs to know who brought them.
    """
    found = []
    for bonus in rules.bonuses:
        if (
            purchase.goods_minor < max(1, bonus.minimum_minor)
            or not bonus.points
            or not bonus.is_on(purchase.on)
        ):
            continue
        key = _key(bonus, purchase)
        if key is not None:
            found.append(_grant(rules, bonus, purchase.member_id, key, bonus.points))
    return tuple(found)


def _key(bonus: Bonus, purchase: Purchase) -> str | None:
    """What makes the occasion one of its own; None when this purchase is none."""
    match bonus.kind:
        case BonusKind.WELCOME:
            return "" if purchase.is_enrolment else None
        case BonusKind.BIRTHDAY:
            is_due = purchase.is_birthday if bonus.is_on_the_day else purchase.is_birthday_month
            return f"{purchase.on.year}" if is_due else None
        case BonusKind.VISIT:
            return purchase.on.isoformat()
        case BonusKind.CAMPAIGN:
            return bonus.code
        case BonusKind.REFERRAL | BonusKind.REVIEW:
            return None


def due_for_referral(rules: PointsRules, purchase: Purchase, referrer_id: MemberId) -> tuple[Grant, ...]:
    """For who brought the member, and for the member, once the member has bought for enough."""
    bonus = rules.bonus(BonusKind.REFERRAL)
    if bonus is None or purchase.goods_minor < max(1, bonus.minimum_minor) or not bonus.is_on(purchase.on):
        return ()
    friend = purchase.member_id
    both = (
        (referrer_id, friend.hex, bonus.points),
        (friend, "", bonus.friend_points),
    )
    return tuple(_grant(rules, bonus, who, key, points) for who, key, points in both if points)


def due_at_enrolment(rules: PointsRules, member_id: MemberId, on: date) -> Grant | None:
    """The welcome of somebody who signs up without buying; None when it asks for a purchase."""
    bonus = rules.bonus(BonusKind.WELCOME)
    if bonus is None or not bonus.points or bonus.minimum_minor or not bonus.is_on(on):
        return None
    return _grant(rules, bonus, member_id, "", bonus.points)


def due_for_review(rules: PointsRules, member_id: MemberId, about: str, on: date) -> Grant | None:
    """``about`` names what was written about: one thing, one bonus."""
    bonus = rules.bonus(BonusKind.REVIEW)
    if bonus is None or not bonus.points or not bonus.is_on(on):
        return None
    return _grant(rules, bonus, member_id, about, bonus.points)


def due_for_tier(
    rules: PointsRules, member_id: MemberId, tier: str, points: int, on: date, name: str = ""
) -> Grant:
    """The gift of points for reaching a tier, once a calendar year."""
    return Grant(member_id, TIER_SOURCE, f"{tier}:{on.year}", points, rules.expires, name)


def _grant(rules: PointsRules, bonus: Bonus, member_id: MemberId, key: str, points: int) -> Grant:
    term = rules.expires if bonus.term is None else bonus.term
    return Grant(member_id, bonus.kind._value_, key, points, term, bonus.name)


def grant_entry(
    rules: PointsRules,
    grant: Grant,
    entry_id: EntryId,
    *,
    on: date,
    occurred_at: int,
    transaction_id: TransactionId | None,
) -> LedgerEntry:
    """The entry that gives it: the same on every till, but for the moment."""
    pending = rules.pending_days
    return LedgerEntry(
        id=entry_id,
        kind=EntryKind.BONUS,
        member_id=grant.member_id,
        transaction_id=transaction_id,
        occurred_at=occurred_at,
        business_date=on,
        postings=(
            Posting(Account.MEMBER, grant.points, lot_id_of(entry_id)),
            Posting(Account.ISSUED, -grant.points),
        ),
        expires_on=grant.term.last_day(on),
        usable_on=on + timedelta(days=pending) if pending else None,
        source=grant.source,
        note=grant.name,
    )


def ids_to_ask(grants: Iterable[Grant], attempt: int = 0) -> tuple[EntryId, ...]:
    """What the ledger is asked for before these are given."""
    given = tuple(grant.entry_id(attempt) for grant in grants)
    return (*given, *(reversal_id(one) for one in given))


def stands(grant: Grant, attempt: int, known: Collection[EntryId]) -> bool | None:
    """Whether it was given and not taken back; None when it was never given under this number."""
    entry_id = grant.entry_id(attempt)
    return None if entry_id not in known else reversal_id(entry_id) not in known
