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
    """``owner``: whose lot it is, when not the entry's member (their files were merged); None says the entry's member."""

    account: Account
    points: int
    lot_id: LotId | None = None
    owner: MemberId | None = None

    def __post_init__(self) -> None:
        assert (self.lot_id is not None) == (self.account is Account.MEMBER), (
            "a member's points always live in a lot"
        )
        assert self.owner is None or self.lot_id is not None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement of one member's points.

    ``usable_on`` is the first and ``expires_on`` the last day of the lots this entry opens (None: at once, never). ``source`` says what a
    bonus, gift or adjustment was for.
    """

    id: EntryId
    kind: EntryKind
    member_id: MemberId
    transaction_id: TransactionId | None
    occurred_at: int
    business_date: date
    postings: tuple[Posting, ...]
    expires_on: date | None = None
    note: str = ""
    source: str = ""
    usable_on: date | None = None

    def __post_init__(self) -> None:
        assert self.postings
        assert sum(posting.points for posting in self.postings) == 0, "what one account gains another loses"

    @property
    def member_points(self) -> int:
        """The effect on the member's balance."""
        return sum(posting.points for posting in self.postings if posting.account is Account.MEMBER)


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that came in together. ``remaining`` is the sum of the lot's postings.

    ``owner`` is the member they were given to, when that file was merged into the one whose lots these are.
    """

    id: LotId
    opened_at: int
    expires_on: date | None
    remaining: int
    usable_on: date | None = None
    owner: MemberId | None = None

    def is_usable(self, on: date) -> bool:
        """Whether points of this lot may be spent on this day."""
        return (self.expires_on is None or self.expires_on >= on) and (
            self.usable_on is None or self.usable_on <= on
        )


class NotEnoughPoints(Exception):
    """The lots do not cover what should be spent."""


def spend(lots: Iterable[Lot], points: int, on: date) -> tuple[Posting, ...]:
    """Postings that take ``points`` from the lots, the one that expires first going first.

    Lots past their last day, or before their first, give nothing. Raises NotEnoughPoints.
    """
    assert points > 0
    left = points
    postings: list[Posting] = []
    for lot in in_spending_order(lots):
        if left == 0:
            break
        if lot.remaining <= 0 or not lot.is_usable(on):
            continue
        taken = min(left, lot.remaining)
        postings.append(Posting(Account.MEMBER, -taken, lot.id, lot.owner))
        left -= taken
    if left:
        raise NotEnoughPoints
    postings.append(Posting(Account.REDEEMED, points))
    return tuple(postings)


def spendable(lots: Iterable[Lot], on: date) -> int:
    """What may be spent on this day: expired and pending lots do not count, debts do."""
    return sum(lot.remaining for lot in lots if lot.remaining < 0 or lot.is_usable(on))


def in_spending_order(lots: Iterable[Lot]) -> Sequence[Lot]:
    """First to expire first; those that never expire last; then by age."""
    return sorted(lots, key=lambda lot: (lot.expires_on or date.max, lot.opened_at, lot.id))
