"""A balance that explains itself: every lot that still holds points, where it came from and when it ends; and what moved last.

The sum of the lots is the balance, always: nothing here is a figure that was kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.ids import EntryId, TransactionId
from app.domain.ledger import EntryKind, Lot


@dataclass(frozen=True, slots=True)
class LotOrigin:
    """How a lot began: the entry that opened it and, when it was a sale's, the number on the paper."""

    kind: EntryKind
    source: str
    occurred_at: int
    business_date: date
    transaction_id: TransactionId | None
    receipt_number: str


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot that is not empty. ``opened_with`` are the points it began with; ``lot.remaining`` below zero is a debt."""

    lot: Lot
    opened_with: int
    origin: LotOrigin


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of the ledger as a line of a bank statement: ``balance`` is what the member had after it."""

    entry_id: EntryId
    kind: EntryKind
    source: str
    points: int
    balance: int
    occurred_at: int
    business_date: date
    receipt_number: str
    note: str


@dataclass(frozen=True, slots=True)
class BalanceStatement:
    """Why a member has what they have, on one day.

    ``balance`` is the sum of ``lots``. ``spendable`` leaves out what has ended (``ended``) and what begins later (``pending``); debts
    count. ``movements`` are the newest first; ``has_older`` says that there are more.
    """

    on: date
    balance: int
    spendable: int
    pending: int
    ended: int
    lots: tuple[OpenLot, ...]
    movements: tuple[Movement, ...]
    has_older: bool

    def ending_until(self, day: date) -> int:
        """Points that end on or before this day and may still be spent."""
        return sum(
            open_lot.lot.remaining
            for open_lot in self.lots
            if open_lot.lot.remaining > 0
            and open_lot.lot.is_usable(self.on)
            and open_lot.lot.expires_on is not None
            and open_lot.lot.expires_on <= day
        )


def statement_of(
    on: date, lots: tuple[OpenLot, ...], movements: tuple[Movement, ...], *, has_older: bool
) -> BalanceStatement:
    """The lots in the order in which they will be spent, added up."""
    ordered = sorted(lots, key=lambda one: (one.lot.expires_on or date.max, one.lot.opened_at, one.lot.id))
    pending = ended = spendable = 0
    for one in ordered:
        lot = one.lot
        if lot.remaining < 0 or lot.is_usable(on):
            spendable += lot.remaining
        elif lot.usable_on is not None and lot.usable_on > on:
            pending += lot.remaining
        else:
            ended += lot.remaining
    return BalanceStatement(
        on=on,
        balance=spendable + pending + ended,
        spendable=spendable,
        pending=pending,
        ended=ended,
        lots=tuple(ordered),
        movements=movements,
        has_older=has_older,
    )


def expired_part(lot: Lot, on: date, ended_before: int) -> int:
    """What a lot's end takes (positive), or gives back (negative) where an earlier end took too much.

    ``ended_before`` (≥ 0) is what its end took already. A lot can fall below zero after its end when another till had spent from it
    meanwhile; only that is given back, a debt of a return stays.
    """
    if lot.expires_on is None or lot.expires_on >= on:
        return 0
    if lot.remaining > 0:
        return lot.remaining
    return -min(-lot.remaining, ended_before)
