"""Coupons in the sale's own commit: a use is counted, given back with a sale that comes back whole, and never twice.

A sale that is voided, or of which everything has come back, gives the use of its coupons back once, with their old expiry. While anything
of it is kept the coupon stays used, and what comes back is worth the net price that was paid. What such a sale gave (a next-visit
coupon, a welcome) ends with it where nobody has used it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import Refused
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.coupon import (
    BasketCoupon,
    CouponEvent,
    CouponEventKind,
    CouponId,
    CouponSource,
    printed_id,
    why_spent,
)
from app.domain.loyalty.coupon_terms import AREA, Occasion
from app.domain.loyalty.moves import CouponUse, Moves
from app.domain.returns import Origin, comes_back_whole
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.coupon_desk import CouponDesk
from app.service.coupon_office import CouponOffice
from app.service.coupon_ports import KnownCoupon
from app.service.ports import Clock, IdSource, UnitOfWork
from app.service.sale_parts import SaleInHand

HLC_COUNTER_BITS: Final = 16


class CouponPart:
    """Implements :class:`app.service.sale_parts.SalePart`."""

    def __init__(self, desk: CouponDesk, office: CouponOffice, clock: Clock, ids: IdSource) -> None:
        self._desk = desk
        self._office = office
        self._clock = clock
        self._ids = ids

    def moves(self, work: UnitOfWork, sale: SaleInHand, moves: Moves) -> Moves:
        """Raises Refused: "coupon_used", "coupon_cancelled", "coupon_expired" (a clock that went back revives no coupon)."""
        by_source = {effect.source: effect for effect in sale.priced.effects}
        uses: list[CouponUse] = []
        rules = list(moves.rules)
        for one in sale.basket.coupons:
            effect = by_source[one.token.source]
            if not effect.applies:
                continue
            self._require_left(work, one)
            uses.append(CouponUse(one.coupon.id, one.coupon.code, one.terms.key, effect.off))
            if (AREA, one.coupon.rule_version) not in rules:
                rules.append((AREA, one.coupon.rule_version))
        for origin in sale.origins:
            if comes_back_whole(origin, sale.priced.lines):
                uses += [replace(use, is_restored=True) for use in origin.original.moves.coupons]
        return replace(moves, coupons=(*moves.coupons, *uses), rules=tuple(rules))

    def record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        for use in transaction.moves.coupons:
            if not use.is_restored:
                self._record(work, transaction, use, CouponEventKind.REDEEMED, transaction.header.id)
        undone = _undone(transaction, origins)
        for original in undone:
            for use in original.moves.coupons:
                self._restore(work, transaction, original, use)
            self._end_what_it_gave(work, transaction, original)
        if transaction.header.kind is TransactionKind.SALE and transaction.member_id is not None:
            self._give(work, transaction, transaction.member_id)

    def _require_left(self, work: UnitOfWork, one: BasketCoupon) -> None:
        """As the store stands now, nobody else writing."""
        known = work.coupons.by_id(one.coupon.id)
        if known is None:
            # Another till's: from here on this one knows it, and counts its uses.
            coupon = replace(one.coupon, issued_at=self._clock.now_ms(), source=CouponSource.PAPER)
            work.coupons.issue_all(self._ids(), [coupon])
            known = KnownCoupon(coupon)
        spent = why_spent(known.coupon, known.events)
        if spent:
            raise Refused(spent)
        last = one.coupon.valid_to
        zone = self._clock.local().tzinfo
        newest = datetime.fromtimestamp((work.hlc >> HLC_COUNTER_BITS) / 1000, zone).date()
        # The business day may reach into the next one.
        if last is not None and newest > last + timedelta(days=1):
            raise Refused("coupon_expired", day=last.isoformat())

    def _record(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        use: CouponUse,
        kind: CouponEventKind,
        sale_id: TransactionId,
    ) -> None:
        header = transaction.header
        work.coupons.record(
            CouponEvent(
                id=self._ids(),
                coupon_id=CouponId(use.coupon_id),
                kind=kind,
                occurred_at=header.occurred_at,
                business_date=header.business_date,
                amount_minor=use.amount.minor,
                member_id=transaction.member_id,
                transaction_id=sale_id,
                operator_id=header.operator_id,
            )
        )

    def _restore(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        original: RetailTransaction,
        use: CouponUse,
    ) -> None:
        known = work.coupons.by_id(use.coupon_id)
        sale_id = original.header.id
        is_back = known is not None and any(
            event.kind is CouponEventKind.RESTORED and event.transaction_id == sale_id
            for event in known.events
        )
        if not use.is_restored and not is_back:
            self._record(work, transaction, use, CouponEventKind.RESTORED, sale_id)

    def _end_what_it_gave(
        self, work: UnitOfWork, transaction: RetailTransaction, original: RetailTransaction
    ) -> None:
        given = [work.coupons.by_id(printed_id(original.header.id))]
        if original.member_id is not None:
            given += work.coupons.of_member(original.member_id)
        done: set[CouponId] = set()
        for known in given:
            if known is None or known.coupon.id in done or known.events:
                continue
            if known.coupon.transaction_id == original.header.id:
                done.add(known.coupon.id)
                header = transaction.header
                work.coupons.record(
                    CouponEvent(
                        id=self._ids(),
                        coupon_id=known.coupon.id,
                        kind=CouponEventKind.CANCELLED,
                        occurred_at=header.occurred_at,
                        business_date=header.business_date,
                        member_id=known.coupon.member_id,
                        transaction_id=original.header.id,
                        operator_id=header.operator_id,
                    )
                )

    def _give(self, work: UnitOfWork, transaction: RetailTransaction, member_id: MemberId) -> None:
        """What the rules give with this sale."""
        version, rules = self._desk.rules()
        if not version or not rules.gifts:
            return
        sale_id = transaction.header.id
        if transaction.is_new_member:
            self._office.give(work, Occasion.WELCOME, member_id, transaction_id=sale_id)
        if any(gift.occasion is Occasion.VISIT for gift in rules.gifts):
            visit = work.coupons.visits_of(member_id)
            self._office.give(work, Occasion.VISIT, member_id, visit=visit, transaction_id=sale_id)


def _undone(transaction: RetailTransaction, origins: Sequence[Origin]) -> list[RetailTransaction]:
    """The sales of which nothing is left after this ticket."""
    if transaction.voids is not None:
        return [origin.original for origin in origins if origin.original.header.id == transaction.voids]
    return [origin.original for origin in origins if comes_back_whole(origin, transaction.lines)]
