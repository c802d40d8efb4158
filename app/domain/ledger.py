"""The double-entry ledger of points. Entries are facts: no balance is ever stored as truth, sent or overwritten.

Points live in lots, each with its own expiry; the oldest expiry is spent first. The postings of an entry sum to zero: what a member
gains, the shop owes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.ids import EntryId, LotId, MemberId, TransactionId


class EntryKind(StrEnum):
    ACCRUAL = "accrual"  # earned by a sale
    REDEMPTION = "redemption"  # spent in a sale
    ACCRUAL_REVERSAL = "accrual_reversal"  # taken back by a return
    REDEMPTION_REVERSAL = "redemption_reversal"  # given back by a return, with the old expiry
    BONUS = "bonus"  # given: welcome, birthday, referral, review, visit … (``source`` says which)
    GIFT = "gift"  # spent on a gift of the reward catalogue
    EXPIRY = "expiry"
    ADJUSTMENT = "adjustment"


class Account(StrEnum):
    """``MEMBER`` holds what members own; the others say where points came from or went."""

    MEMBER = "member"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, slots=True)
class Posting:
    account: Account
    points: int
    lot_id: LotId | None = None

    def __post_init__(self) -> None:
        assert (self.lot_id is not None) == (self.account is Account.MEMBER), (
            "a member's points always live in a lot"
        )


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement of one member's points. ``expires_on`` is the last day of the lots this entry opens (None: never)."""

    id: EntryId
    kind: EntryKind
    member_id: MemberId
    transaction_id: TransactionId | None
    occurred_at: int
    business_date: date
    postings: tuple[Posting, ...]
    expires_on: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        assert self.postings
        assert sum(posting.points for posting in self.postings) == 0, "what one account gains another loses"

    @property
    def member_points(self) -> int:
        """The effect on the member's balance."""
        return sum(posting.points for posting in self.postings if posting.account is Account.MEMBER)


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that came in together. ``remaining`` is the sum of the lot's postings."""

    id: LotId
    opened_at: int
    expires_on: date | None
    remaining: int


class NotEnoughPoints(Exception):
    """The lots do not cover what should be spent."""


def spend(lots: Iterable[Lot], points: int, on: date) -> tuple[Posting, ...]:
    """Postings that take ``points`` from the lots, the one that expires first going first.

    Lots past their last day give nothing. Raises NotEnoughPoints.
    """
    assert points > 0
    left = points
    postings: list[Posting] = []
    for lot in in_spending_order(lots):
        if left == 0:
            break
        if lot.remaining <= 0 or (lot.expires_on is not None and lot.expires_on < on):
            continue
        taken = min(left, lot.remaining)
        postings.append(Posting(Account.MEMBER, -taken, lot.id))
        left -= taken
    if left:
        raise NotEnoughPoints
    postings.append(Posting(Account.REDEEMED, points))
    return tuple(postings)


def spendable(lots: Iterable[Lot], on: date) -> int:
    """What may be spent on this day: expired lots do not count, debts do."""
    return sum(
        lot.remaining for lot in lots if lot.remaining < 0 or lot.expires_on is None or lot.expires_on >= on
    )


def in_spending_order(lots: Iterable[Lot]) -> Sequence[Lot]:
    """First to expire first; those that never expire last; then by age."""
    return sorted(lots, key=lambda lot: (lot.expires_on or date.max, lot.opened_at, lot.id))
