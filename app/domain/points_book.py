"""The ledger entries of one ticket while they are made, and the lots as they stand after each of them.

Nothing is spent twice within a ticket: whatever takes points asks the book, not the store. What a return or void gives back goes into the
lots it came from, with their old ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.domain.errors import Refused
from app.domain.ids import EntryId, LotId, MemberId
from app.domain.ledger import (
    Account,
    EntryKind,
    LedgerEntry,
    Lot,
    NotEnoughPoints,
    Posting,
    in_spending_order,
    spend,
)
from app.domain.transaction import Header, RetailTransaction

LotsOf = Callable[[MemberId], Sequence[Lot]]


class PointsBook:
    """``lots_of`` reads a member's lots as they were before the ticket; each member's are read once, and only if they are asked for."""

    def __init__(self, transaction: RetailTransaction, lots_of: LotsOf, ids: Callable[[], UUID]) -> None:
        self.header: Header = transaction.header
        self.lines = transaction.lines
        self.entries: list[LedgerEntry] = []
        self.new_id = ids
        self._lots_of = lots_of
        self._lots: dict[MemberId, tuple[Lot, ...]] = {}
        self._moved: dict[LotId, int] = {}

    def lots(self, member_id: MemberId) -> tuple[Lot, ...]:
        """As they stand after what the book holds. Lots that it opened are not among them: a ticket never spends what it earns."""
        if member_id not in self._lots:
            self._lots[member_id] = tuple(self._lots_of(member_id))
        moved = self._moved
        return tuple(
            replace(lot, remaining=lot.remaining + moved[lot.id]) if lot.id in moved else lot
            for lot in self._lots[member_id]
        )

    def post(
        self,
        kind: EntryKind,
        member_id: MemberId,
        postings: tuple[Posting, ...],
        *,
        expires_on: date | None = None,
        usable_on: date | None = None,
        entry_id: EntryId | None = None,
        source: str = "",
        note: str = "",
    ) -> LedgerEntry:
        for posting in postings:
            if posting.lot_id is not None:
                self._moved[posting.lot_id] = self._moved.get(posting.lot_id, 0) + posting.points
        entry = LedgerEntry(
            id=entry_id or EntryId(self.new_id()),
            kind=kind,
            member_id=member_id,
            transaction_id=self.header.id,
            occurred_at=self.header.occurred_at,
            business_date=self.header.business_date,
            postings=postings,
            expires_on=expires_on,
            usable_on=usable_on,
            source=source,
            note=note,
        )
        self.entries.append(entry)
        return entry

    def take(
        self, kind: EntryKind, member_id: MemberId, points: int, *, source: str = "", note: str = ""
    ) -> None:
        """Spend from the lots that end first. Raises Refused("points_not_enough")."""
        try:
            postings = spend(self.lots(member_id), points, self.header.business_date)
        except NotEnoughPoints as error:
            raise Refused("points_not_enough", points=points) from error
        self.post(kind, member_id, postings, source=source, note=note)

    def give_back(
        self,
        member_id: MemberId,
        points: int,
        spent: Iterable[LedgerEntry],
        given_before: int,
        *,
        new_lot_ends_on: date | None = None,
        source: str = "",
    ) -> None:
        """Into the lots the points came from, the one spent last (it expires last) first; ``given_before`` went back earlier.

        When this till never saw the sale, a lot is opened that ends on ``new_lot_ends_on``.
        """
        taken = [
            posting for entry in spent for posting in entry.postings if posting.account is Account.MEMBER
        ]
        postings, skip, left = [], given_before, points
        for posting in reversed(taken):
            room = -posting.points
            skipped = min(skip, room)
            skip -= skipped
            part = min(left, room - skipped)
            if part > 0:
                postings.append(Posting(Account.MEMBER, part, posting.lot_id, posting.owner))
                left -= part
        if left:
            assert not taken, "a sale gives back no more than was spent on it"
            postings.append(Posting(Account.MEMBER, left, LotId(self.new_id())))
        self.post(
            EntryKind.REDEMPTION_REVERSAL,
            member_id,
            (*postings, Posting(Account.REDEEMED, -points)),
            expires_on=None if taken else new_lot_ends_on,
            source=source,
        )

    def take_back(
        self,
        member_id: MemberId,
        points: int,
        filled: LotId | None,
        *,
        may_owe: bool = True,
        entry_id: EntryId | None = None,
        source: str = "",
    ) -> None:
        """From the lot that was filled, then from the member's other points; what is not there any more is owed in that first lot.

        Where a balance may not go below zero, it is let go instead.
        """
        on = self.header.business_date
        usable = [
            lot
            for lot in in_spending_order(self.lots(member_id))
            if lot.remaining > 0 and (lot.id == filled or lot.expires_on is None or lot.expires_on >= on)
        ]
        usable.sort(key=lambda lot: lot.id != filled)
        if not may_owe:
            points = min(points, self._owned(member_id))
        taken: dict[LotId, tuple[int, MemberId | None]] = {}
        left = points
        for lot in usable:
            part = min(left, lot.remaining)
            if part:
                taken[lot.id] = (part, lot.owner)
                left -= part
        if left and may_owe:
            owed_in = filled or LotId(self.new_id())
            part, owner = taken.get(owed_in, (0, self._owner_of(member_id, owed_in)))
            taken[owed_in] = (part + left, owner)
            left = 0
        if not taken:
            return
        self.post(
            EntryKind.ACCRUAL_REVERSAL,
            member_id,
            (
                *(Posting(Account.MEMBER, -part, lot_id, owner) for lot_id, (part, owner) in taken.items()),
                Posting(Account.ISSUED, points - left),
            ),
            entry_id=entry_id,
            source=source,
        )

    def _owned(self, member_id: MemberId) -> int:
        """All that is there, debts taken off."""
        return max(0, sum(lot.remaining for lot in self.lots(member_id)))

    def _owner_of(self, member_id: MemberId, lot_id: LotId) -> MemberId | None:
        return next((lot.owner for lot in self.lots(member_id) if lot.id == lot_id), None)


def lot_filled_by(entries: Iterable[LedgerEntry]) -> LotId | None:
    """The lot that the first of these entries put points into."""
    return next(
        (posting.lot_id for entry in entries for posting in entry.postings if posting.lot_id is not None),
        None,
    )
