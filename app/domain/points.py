"""Basic points: what a ticket earns, how much may be spent on it, and the ledger entries it posts.

Points spent never earn. What a return takes back and gives back is a cumulative share, so that all returns of a sale together undo it
exactly; a balance may go below zero when points were spent before they were taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from app.domain.basket import ReturnTerms
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
from app.domain.money import Money
from app.domain.returns import Origin, points_given_back, points_of_return
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import PointsEffect, RetailTransaction, SaleLine


@dataclass(frozen=True, slots=True)
class PointsRule:
    """Every full ``earn_step_minor`` paid earns ``earn_points``; a step of 0 switches earning off.

    One point is worth ``burn_value_minor`` (0 switches spending off) and is spent in multiples of ``burn_step``, on at most
    ``burn_share_max`` (hundredths of a percent) of a ticket. Points end ``expires_after_days`` after the business date (None: never).
    """

    version: int
    earn_step_minor: int
    earn_points: int
    burn_value_minor: int
    burn_step: int = 1
    burn_share_max: int = 10_000
    expires_after_days: int | None = None

    def __post_init__(self) -> None:
        assert self.earn_step_minor >= 0
        assert self.earn_points >= 0
        assert self.burn_value_minor >= 0
        assert self.burn_step >= 1
        assert 0 <= self.burn_share_max <= 10_000

    def expires_on(self, business_date: date) -> date | None:
        """The last day of points earned today."""
        if not self.expires_after_days:
            return None
        return business_date + timedelta(days=self.expires_after_days)


def earn(rule: PointsRule, lines: Iterable[SaleLine], tenders: Iterable[Tender]) -> int:
    """What the goods sold on this ticket earn: on their net price, less what was paid in points. Return lines earn nothing here."""
    if rule.earn_step_minor == 0:
        return 0
    paid = sum(line.net.minor for line in lines if line.earns_points and not line.is_return)
    by_points = sum(
        tender.amount.minor
        for tender in tenders
        if tender.kind is TenderKind.POINTS and tender.amount.minor > 0
    )
    return max(0, paid - by_points) // rule.earn_step_minor * rule.earn_points


def burn_limit(rule: PointsRule, due: Money, spendable: int, *, total: Money | None = None) -> int:
    """The most points that may be spent now, which is also what one key suggests. ``total`` is the ticket's (default: ``due``)."""
    if rule.burn_value_minor == 0 or due.minor <= 0:
        return 0
    share = (total or due).minor * rule.burn_share_max // 10_000
    points = min(spendable, min(share, due.minor) // rule.burn_value_minor)
    return max(0, points // rule.burn_step * rule.burn_step)


def burn_amount(
    rule: PointsRule, points: int, due: Money, spendable: int, *, total: Money | None = None
) -> Money:
    """What this many points pay. Raises Refused: "points_too_many" with the limit, "points_step", "points_not_positive"."""
    if points <= 0:
        raise Refused("points_not_positive")
    limit = burn_limit(rule, due, spendable, total=total)
    if points > limit:
        raise Refused("points_too_many", limit=limit)
    if points % rule.burn_step:
        raise Refused("points_step", step=rule.burn_step)
    return Money(points * rule.burn_value_minor, due.currency)


def points_effect(
    rule: PointsRule,
    lines: Iterable[SaleLine],
    tenders: Sequence[Tender],
    terms: Iterable[ReturnTerms] = (),
) -> PointsEffect:
    """What the ticket records: earned less taken back, spent less given back."""
    taken_back = sum(part.points_earned for part in terms)
    return PointsEffect(
        earned=earn(rule, lines, tenders) - taken_back,
        spent=sum(tender.points for tender in tenders),
        rule_version=rule.version,
        taken_back=taken_back,
    )


def entries_for(
    transaction: RetailTransaction,
    rule: PointsRule,
    *,
    lots_of: Callable[[MemberId], Sequence[Lot]],
    ids: Callable[[], UUID],
    origins: Sequence[Origin] = (),
) -> tuple[LedgerEntry, ...]:
    """The ledger entries of a completed ticket or post-void, in the order in which they are posted.

    ``origins`` are the sales of which goods come back, or the voided sale; points go back to the member of that sale. New points
    are posted last, so that a ticket never spends what it earns. Raises Refused("points_not_enough") when the lots do not cover
    what is spent.
    """
    book = _Book(transaction, lots_of, ids)
    expires_on = rule.expires_on(transaction.header.business_date)
    for origin in origins:
        if origin.original.member_id is not None:
            # Whoever asks after appending finds this very ticket among the returns.
            earlier = tuple(ticket for ticket in origin.earlier if ticket.header.id != transaction.header.id)
            _reverse(book, replace(origin, earlier=earlier), expires_on)
    if transaction.member_id is not None:
        spent = sum(
            tender.points
            for tender in transaction.tenders
            if tender.kind is TenderKind.POINTS and tender.points > 0
        )
        if spent:
            _redeem(book, transaction.member_id, spent)
        if transaction.points.earned_by_goods > 0:
            points = transaction.points.earned_by_goods
            postings = (
                Posting(Account.MEMBER, points, LotId(ids())),
                Posting(Account.ISSUED, -points),
            )
            book.post(EntryKind.ACCRUAL, transaction.member_id, postings, expires_on)
    return tuple(book.entries)


class _Book:
    """The entries made so far, and the lots as they stand after them."""

    def __init__(
        self,
        transaction: RetailTransaction,
        lots_of: Callable[[MemberId], Sequence[Lot]],
        ids: Callable[[], UUID],
    ) -> None:
        self.header = transaction.header
        self.lines = transaction.lines
        self.entries: list[LedgerEntry] = []
        self.new_id = ids
        self._lots_of = lots_of
        self._lots: dict[MemberId, tuple[Lot, ...]] = {}

    def lots(self, member_id: MemberId) -> tuple[Lot, ...]:
        if member_id not in self._lots:
            self._lots[member_id] = tuple(self._lots_of(member_id))
        return self._lots[member_id]

    def post(
        self,
        kind: EntryKind,
        member_id: MemberId,
        postings: tuple[Posting, ...],
        expires_on: date | None = None,
    ) -> None:
        moved = {posting.lot_id: posting.points for posting in postings if posting.lot_id is not None}
        self._lots[member_id] = tuple(
            replace(lot, remaining=lot.remaining + moved[lot.id]) if lot.id in moved else lot
            for lot in self.lots(member_id)
        )
        self.entries.append(
            LedgerEntry(
                id=EntryId(self.new_id()),
                kind=kind,
                member_id=member_id,
                transaction_id=self.header.id,
                occurred_at=self.header.occurred_at,
                business_date=self.header.business_date,
                postings=postings,
                expires_on=expires_on,
            )
        )


def _redeem(book: _Book, member_id: MemberId, points: int) -> None:
    try:
        postings = spend(book.lots(member_id), points, book.header.business_date)
    except NotEnoughPoints as error:
        raise Refused("points_not_enough", points=points) from error
    book.post(EntryKind.REDEMPTION, member_id, postings)


def _reverse(book: _Book, origin: Origin, expires_on: date | None) -> None:
    """Give back what was spent on the goods, then take back what they earned."""
    member_id = origin.original.member_id
    assert member_id is not None
    taken, given = points_of_return(origin, book.lines)
    if given > 0:
        postings = _given_back(book, origin, given)
        opens_a_lot = not any(entry.kind is EntryKind.REDEMPTION for entry in origin.entries)
        book.post(EntryKind.REDEMPTION_REVERSAL, member_id, postings, expires_on if opens_a_lot else None)
    if taken > 0:
        book.post(EntryKind.ACCRUAL_REVERSAL, member_id, _taken_back(book, origin, member_id, taken))


def _given_back(book: _Book, origin: Origin, points: int) -> tuple[Posting, ...]:
    """Into the lots the points came from, the one spent last (it expires last) first; a new lot when this till never saw the sale."""
    spent = [
        posting
        for entry in origin.entries
        if entry.kind is EntryKind.REDEMPTION
        for posting in entry.postings
        if posting.account is Account.MEMBER
    ]
    skip = points_given_back(origin)
    left = points
    postings = []
    for posting in reversed(spent):
        room = -posting.points
        skipped = min(skip, room)
        skip -= skipped
        part = min(left, room - skipped)
        if part > 0:
            postings.append(Posting(Account.MEMBER, part, posting.lot_id))
            left -= part
    if left:
        assert not spent, "a sale gives back no more than was spent on it"
        postings.append(Posting(Account.MEMBER, left, LotId(book.new_id())))
    return (*postings, Posting(Account.REDEEMED, -points))


def _taken_back(book: _Book, origin: Origin, member_id: MemberId, points: int) -> tuple[Posting, ...]:
    """From the lot the goods filled, then from the member's other points; what is not there any more is owed in that first lot."""
    filled = next(
        (
            posting.lot_id
            for entry in origin.entries
            if entry.kind is EntryKind.ACCRUAL
            for posting in entry.postings
            if posting.lot_id is not None
        ),
        None,
    )
    on = book.header.business_date
    usable = [
        lot
        for lot in in_spending_order(book.lots(member_id))
        if lot.remaining > 0 and (lot.id == filled or lot.expires_on is None or lot.expires_on >= on)
    ]
    usable.sort(key=lambda lot: lot.id != filled)
    taken: dict[LotId, int] = {}
    left = points
    for lot in usable:
        part = min(left, lot.remaining)
        if part:
            taken[lot.id] = part
            left -= part
    if left:
        owed_in = filled or LotId(book.new_id())
        taken[owed_in] = taken.get(owed_in, 0) + left
    return (
        *(Posting(Account.MEMBER, -part, lot_id) for lot_id, part in taken.items()),
        Posting(Account.ISSUED, points),
    )
