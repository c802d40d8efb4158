"""Stamps in the sale's own commit: earned by what was bought, spent on a full card, taken back with what comes back.

What is taken back is what the goods that are kept would not have earned, so all returns of a sale together take back just what it gave.
A reward comes back when nothing of its sale is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.errors import Refused
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.moves import Moves, StampMove
from app.domain.loyalty.stamps import (
    AREA,
    StampCard,
    StampEvent,
    StampEventKind,
    StampPer,
    bought,
    earned,
    standing,
)
from app.domain.member import Member
from app.domain.returns import Origin, comes_back_whole, left_of
from app.domain.transaction import RetailTransaction, SaleLine
from app.service.ports import IdSource, UnitOfWork
from app.service.sale_parts import SaleInHand
from app.service.session import Session
from app.service.stamp_desk import StampDesk


class StampPart:
    """Implements :class:`app.service.sale_parts.SalePart`."""

    def __init__(self, desk: StampDesk, session: Session, ids: IdSource) -> None:
        self._desk = desk
        self._session = session
        self._ids = ids

    def moves(self, work: UnitOfWork, sale: SaleInHand, moves: Moves) -> Moves:
        """Raises Refused("stamps_too_few") when the card on the counter is not full any more."""
        version, rules = self._desk.rules()
        made: list[StampMove] = []
        if sale.card is not None and version:
            day = self._session.require_shift().business_date
            spent = self._spent(work, sale, sale.card.member.id, day)
            for card in rules.cards:
                stamps = self._earned(work, card, sale.card.member, day, sale.priced.lines)
                if stamps or card.key in spent:
                    made.append(StampMove(card.key, stamps, spent.get(card.key, 0)))
        for origin in sale.origins:
            made += self._undone(origin, sale.priced.lines)
        if not made:
            return moves
        rule = ((AREA, version),) if version else ()
        return replace(moves, stamps=(*moves.stamps, *made), rules=(*moves.rules, *rule))

    def record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        if transaction.voids is None and transaction.member_id is not None:
            version = _version_of(transaction)
            for move in transaction.moves.stamps:
                # What is above nothing was earned or spent here; the rest belongs to the sales of what comes back.
                for kind, stamps in (
                    (StampEventKind.EARNED, max(0, move.earned)),
                    (StampEventKind.REDEEMED, -max(0, move.spent)),
                ):
                    self._record(
                        work,
                        transaction,
                        move.card,
                        kind,
                        stamps,
                        transaction.member_id,
                        transaction.header.id,
                        version,
                    )
        for origin in origins:
            self._record_undone(work, transaction, origin)

    def _record_undone(self, work: UnitOfWork, transaction: RetailTransaction, origin: Origin) -> None:
        original = origin.original
        if original.member_id is None:
            return
        undone = (
            transaction.moves.stamps
            if transaction.voids == original.header.id
            else self._undone(origin, transaction.lines)
        )
        for move in undone:
            for kind, stamps in (
                (StampEventKind.TAKEN_BACK, move.earned),
                (StampEventKind.RESTORED, -move.spent),
            ):
                self._record(
                    work,
                    transaction,
                    move.card,
                    kind,
                    stamps,
                    original.member_id,
                    original.header.id,
                    _version_of(original),
                )

    def _record(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        card: str,
        kind: StampEventKind,
        stamps: int,
        member_id: MemberId,
        sale_id: TransactionId,
        version: int,
    ) -> None:
        if stamps:
            header = transaction.header
            work.stamps.record(
                StampEvent(
                    id=self._ids(),
                    member_id=member_id,
                    card=card,
                    kind=kind,
                    stamps=stamps,
                    occurred_at=header.occurred_at,
                    business_date=header.business_date,
                    rule_version=version,
                    transaction_id=sale_id,
                )
            )

    def _spent(self, work: UnitOfWork, sale: SaleInHand, member_id: MemberId, day: date) -> dict[str, int]:
        """Stamps that pay for the rewards on the counter, card by card."""
        by_source = {effect.source: effect for effect in sale.priced.effects}
        spent: dict[str, int] = {}
        for reward in sale.basket.rewards:
            if not by_source[reward.source].applies:
                continue
            card = self._desk.card_of(reward.card, reward.rule_version)
            has = standing(card, work.stamps.of_member(member_id), day).stamps if card else 0
            if has < reward.needed or reward.member_id != member_id:
                raise Refused("stamps_too_few", missing=reward.needed - has)
            spent[reward.card] = reward.needed
        return spent

    def _earned(
        self,
        work: UnitOfWork,
        card: StampCard,
        member: Member,
        day: date,
        lines: Sequence[SaleLine],
    ) -> int:
        if not card.gives_on(day, member.tier):
            return 0
        parents = self._desk.parents()
        stamps = earned(card, [bought(line, parents) for line in lines if not line.is_return])
        if stamps and card.per is StampPer.VISIT and _came_before(work, card, member.id, day):
            return 0
        return stamps

    def _undone(self, origin: Origin, lines: Sequence[SaleLine]) -> list[StampMove]:
        """What these return lines take back and give back of the stamps of a sale."""
        original = origin.original
        is_whole = comes_back_whole(origin, lines)
        undone = []
        for move in original.moves.stamps:
            gave, cost = max(0, move.earned), max(0, move.spent)
            taken = self._kept(move.card, gave, origin, ()) - self._kept(move.card, gave, origin, lines)
            back = cost if is_whole else 0
            if taken or back:
                undone.append(StampMove(move.card, -taken, -back))
        return undone

    def _kept(self, key: str, gave: int, origin: Origin, lines: Sequence[SaleLine]) -> int:
        """The stamps that stand for what is kept of a sale after its earlier returns and these lines."""
        original, left = origin.original, left_of(origin, lines)
        sold = [line for line in original.lines if not line.is_return]
        if all(left[line.number] == (line.quantity, line.net.minor) for line in sold):
            return gave
        if not any(quantity for quantity, _ in left.values()):
            return 0
        card = self._desk.card_of(key, _version_of(original))
        if card is None:  # the rules of another till: the share of what was paid
            paid = sum(line.net.minor for line in sold)
            return gave * sum(paid_left for _, paid_left in left.values()) // paid if paid else gave
        parents = self._desk.parents()
        goods = [
            bought(line, parents, quantity=left[line.number][0], paid=left[line.number][1])
            for line in sold
            if left[line.number][0]
        ]
        return min(gave, earned(card, goods))


def _came_before(work: UnitOfWork, card: StampCard, member_id: MemberId, day: date) -> bool:
    """Whether a visit of this day has its stamp already."""
    kinds = (StampEventKind.EARNED, StampEventKind.TAKEN_BACK)
    visits: dict[TransactionId | None, int] = {}
    for event in work.stamps.of_member(member_id):
        if event.card == card.key and event.kind in kinds and event.transaction_id is not None:
            if event.kind is StampEventKind.EARNED and event.business_date != day:
                continue
            visits[event.transaction_id] = visits.get(event.transaction_id, 0) + event.stamps
    return any(stamps > 0 for stamps in visits.values())


def _version_of(transaction: RetailTransaction) -> int:
    return next((version for area, version in transaction.moves.rules if area == AREA), 1)
