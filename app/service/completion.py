"""Completing a sale: from a settled basket to one durable commit.

Only after :meth:`Completion.commit` has returned is it a sale; the drawer and the printer wait for that. The transaction's id is
the basket's id, so one basket becomes one sale and never two, whatever is pressed twice or restarted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from app.domain.authority import Operator
from app.domain.basket import Basket
from app.domain.errors import Refused
from app.domain.ids import MemberId, ShiftId, TransactionId
from app.domain.loyalty.moves import NO_MOVES, Moves
from app.domain.member import MemberCard
from app.domain.pricing import Priced
from app.domain.returns import Origin, refund_plan, terms_for
from app.domain.tender import Tender, TenderKind
from app.domain.tendering import Settled, settle
from app.domain.transaction import Header, PointsEffect, RetailTransaction, SaleLine, TransactionKind
from app.service.checkout import Checkout
from app.service.points_desk import PointsDesk, origin_ids, spendable_after, terms_of
from app.service.ports import Clock, ReceiptNumber, Spool, Stamp, Store, UnitOfWork
from app.service.receipts import ReceiptBuilder
from app.service.sale_parts import SaleInHand, SalePart
from app.service.session import Session

if TYPE_CHECKING:
    from app.service.loyalty_paper import LoyaltyPaper


@dataclass(frozen=True, slots=True)
class PreparedSale:
    """Everything the commit needs, taken in one instant on the screen's thread and immutable from there on."""

    basket: Basket
    priced: Priced
    settled: Settled
    operator: Operator
    shift_id: ShiftId
    business_date: date
    occurred_at: int
    utc_offset_minutes: int
    is_training: bool


@dataclass(frozen=True, slots=True)
class CompletedSale:
    """What the screen shows when it is done. ``notes`` are the paper's sentences for the member: a tier reached, a coupon given."""

    transaction: RetailTransaction
    stamp: Stamp
    points_before: int
    points_after: int
    notes: tuple[str, ...] = ()


class Completion:
    """Turns a basket into a fact. ``prepare`` belongs to the screen's thread, ``commit`` to the store's worker."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        points: PointsDesk,
        receipts: ReceiptBuilder,
        spool: Spool,
        parts: Sequence[SalePart] = (),
        paper: LoyaltyPaper | None = None,
    ) -> None:
        self._parts = tuple(parts)
        self._paper = paper
        self._store = store
        self._session = session
        self._clock = clock
        self._points = points
        self._receipts = receipts
        self._spool = spool

    def prepare(self, checkout: Checkout) -> PreparedSale:
        """Lock the basket and take what the commit needs. A second call while the first is under way is refused.

        Raises Refused: "sale_is_completing", "not_signed_on", "no_open_shift", "basket_empty", "tender_too_small", "refund_incomplete".
        """
        if checkout.is_completing:
            raise Refused("sale_is_completing")
        operator, shift = self._session.require_operator(), self._session.require_shift()
        if checkout.basket.is_empty:
            raise Refused("basket_empty")
        priced = checkout.priced()
        tenders = self.tenders_for(checkout.basket, priced)
        settled = settle(priced.total, tenders)
        local = self._clock.local()
        offset = local.utcoffset()
        assert offset is not None, "the shop's clock knows its zone"
        checkout.is_completing = True
        return PreparedSale(
            basket=checkout.basket,
            priced=priced,
            settled=settled,
            operator=operator,
            shift_id=shift.id,
            business_date=shift.business_date,
            occurred_at=self._clock.now_ms(),
            utc_offset_minutes=int(offset.total_seconds()) // 60,
            is_training=self._session.is_training,
        )

    def tenders_for(self, basket: Basket, priced: Priced) -> tuple[Tender, ...]:
        """The tenders taken, or for money that goes back and was not tendered by hand, the way it was paid."""
        if basket.tenders or not terms_of(basket):
            return basket.tenders
        return refund_plan(priced.total, self._points.origins(origin_ids(basket)), terms_of(basket))

    def commit(self, sale: PreparedSale) -> CompletedSale:
        """One unit of work, one durable commit. Raises Refused or Unavailable with nothing written."""
        with self._store.begin() as work:
            card = self._save_member(work, sale)
            origins = self._points.origins(origin_ids(sale.basket), work)
            _refuse_changed_returns(sale.basket, origins)
            number = work.next_receipt_number()
            moves = self._moves(work, sale, card, origins) if self._parts else NO_MOVES
            transaction = self._transaction(sale, card, number, moves)
            entries = self._points.entries(work, transaction, origins, card)
            before = after = work.spendable(card.member.id, sale.business_date) if card else 0
            if entries:
                transaction = replace(transaction, entries=entries)
            stamp = work.append(transaction)
            for part in self._parts:
                part.record(work, transaction, origins)
            if card is not None:
                after = spendable_after(work, card.member.id, before, sale.business_date)
            facts = self._receipts.facts(transaction, card, points_before=before, points_after=after)
            if self._paper is not None:
                facts = self._paper.added(work, facts, transaction, card)
            kicks_drawer = moves_cash(transaction)
            if self._session.shop.prints_receipt or kicks_drawer:
                work.enqueue_receipt(
                    transaction.header.id, facts, kicks_drawer=kicks_drawer, created_at=sale.occurred_at
                )
            work.save_draft(None)
            work.commit()
        self._spool.wake()
        return CompletedSale(transaction, stamp, before, after, facts.notes)

    def _moves(
        self, work: UnitOfWork, sale: PreparedSale, card: MemberCard | None, origins: Sequence[Origin]
    ) -> Moves:
        """What the sale does to coupons, stamps, stored value and gifts."""
        in_hand = SaleInHand(sale.basket, sale.priced, sale.settled, card, origins)
        moves = NO_MOVES
        for part in self._parts:
            moves = part.moves(work, in_hand, moves)
        return moves

    def _save_member(self, work: UnitOfWork, sale: PreparedSale) -> MemberCard | None:
        """A new member is saved with the sale; if the number was taken meanwhile, the sale goes to that member."""
        card = sale.basket.member
        if card is None or not sale.basket.is_new_member:
            return card
        present = work.member_by_phone(card.member.phone)
        if present is not None:
            return replace(card, member=present)
        work.add_member(card.member, created_at=sale.occurred_at, operator_id=sale.operator.id)
        return card

    def _transaction(
        self, sale: PreparedSale, card: MemberCard | None, number: ReceiptNumber, moves: Moves
    ) -> RetailTransaction:
        settled = sale.settled
        return RetailTransaction(
            header=Header(
                id=TransactionId(sale.basket.id),
                kind=_kind(sale.priced.lines),
                receipt_number=number.text,
                counter=number.counter,
                shift_id=sale.shift_id,
                operator_id=sale.operator.id,
                business_date=sale.business_date,
                occurred_at=sale.occurred_at,
                utc_offset_minutes=sale.utc_offset_minutes,
                currency=sale.priced.total.currency.code,
                is_training=sale.is_training,
            ),
            lines=sale.priced.lines,
            tenders=settled.tenders,
            total=sale.priced.total,
            change=settled.change,
            rounding=settled.rounding,
            taxes=sale.priced.taxes,
            member_id=card.member.id if card else None,
            is_new_member=_is_new(sale, card.member.id if card else None),
            points=self._effect(sale, settled.tenders, card),
            approvals=sale.basket.approvals,
            note=sale.basket.note,
            moves=moves,
        )

    def _effect(
        self, sale: PreparedSale, tenders: tuple[Tender, ...], card: MemberCard | None
    ) -> PointsEffect:
        if card is None and not terms_of(sale.basket):
            return PointsEffect()
        effect = self._points.effect(sale.basket, sale.priced.lines, tenders, card)
        if card is None:  # goods of a member came back with nobody named: nothing new is earned
            return replace(effect, earned=-effect.taken_back, by_line=())
        return effect


def moves_cash(transaction: RetailTransaction) -> bool:
    """Whether the drawer must open: cash went in or out."""
    return any(tender.kind is TenderKind.CASH for tender in transaction.tenders)


def _kind(lines: Sequence[SaleLine]) -> TransactionKind:
    return TransactionKind.RETURN if all(line.is_return for line in lines) else TransactionKind.SALE


def _is_new(sale: PreparedSale, member_id: MemberId | None) -> bool:
    asked = sale.basket.member
    return sale.basket.is_new_member and asked is not None and asked.member.id == member_id


def _refuse_changed_returns(basket: Basket, origins: Sequence[Origin]) -> None:
    """What comes back must still be worth what the screen said, now that nobody else can write."""
    by_id = {origin.original.header.id: origin for origin in origins}
    for line in basket.live_lines:
        terms = line.return_terms
        if terms is None or terms.of is None:
            continue
        origin = by_id[terms.of.transaction_id]
        now = terms_for(origin.original, origin.earlier, terms.of.line_number, line.quantity)
        if now.refund != terms.refund:
            raise Refused("return_changed")
