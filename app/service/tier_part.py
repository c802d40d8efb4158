"""Tiers in the sale's own commit: one look at what the member did within the window, and an event only when something changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.domain.errors import Refused
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.bonus import due_for_tier, grant_entry
from app.domain.loyalty.coupon import CouponSource, given_id
from app.domain.loyalty.coupon_terms import Occasion
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.moves import Moves
from app.domain.loyalty.tiers import (
    Tier,
    TierBasis,
    TierChange,
    TierEvent,
    TierEventKind,
    TierRules,
    Undone,
    assess,
)
from app.domain.returns import Origin
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.bonus_desk import free_ids
from app.service.coupon_office import CouponOffice
from app.service.ports import IdSource, UnitOfWork
from app.service.rulebook import InForce, Rulebook
from app.service.sale_parts import SaleInHand
from app.service.tier_ports import Tiers


class TierGiver:
    """Writes what happened to a member's tier, and hands out what comes with it."""

    def __init__(
        self, tiers: Tiers, rulebook: Rulebook, ids: IdSource, office: CouponOffice | None = None
    ) -> None:
        self._tiers = tiers
        self._rulebook = rulebook
        self._ids = ids
        self._office = office

    def change(
        self,
        work: UnitOfWork,
        current: InForce[TierRules],
        member_id: MemberId,
        change: TierChange,
        *,
        on: date,
        occurred_at: int,
        transaction_id: TransactionId | None = None,
    ) -> TierEvent:
        event = TierEvent(
            id=self._ids(),
            member_id=member_id,
            change=change,
            occurred_at=occurred_at,
            business_date=on,
            rule_version=current.version,
            transaction_id=transaction_id,
        )
        self._tiers.write(work, event)
        tier = current.rules.tier(change.tier)
        if tier is not None and change.kind is not TierEventKind.LOWERED:
            self._give(work, event, tier)
        return event

    def _give(self, work: UnitOfWork, event: TierEvent, tier: Tier) -> None:
        is_new = event.change.kind is not TierEventKind.KEPT
        if is_new and tier.gift.points:
            self._give_points(work, event, tier)
        if self._office is None:
            return
        year = f"{tier.code}:{event.business_date.year}"
        for template in (*(tier.gift.coupons if is_new else ()), *tier.rights.coupons):
            coupon_id = given_id(event.member_id, Occasion.TIER.value, year, template)
            try:
                coupon = self._office.new(
                    template,
                    event.member_id,
                    CouponSource.RULE,
                    coupon_id,
                    batch=Occasion.TIER.value,
                    transaction_id=event.transaction_id,
                )
            except Refused:
                # The shop has no such coupon any more: that stops nobody's sale.
                continue
            work.coupons.issue(coupon)
        if is_new:
            self._office.give(
                work,
                Occasion.TIER,
                event.member_id,
                which=year,
                tier=tier.code,
                transaction_id=event.transaction_id,
            )

    def _give_points(self, work: UnitOfWork, event: TierEvent, tier: Tier) -> None:
        rules = self._rulebook.points(event.occurred_at).rules
        on = event.business_date
        grant = due_for_tier(rules, event.member_id, tier.code, tier.gift.points, on, tier.name)
        for _, entry_id in free_ids(work, [grant]):
            work.post(
                grant_entry(
                    rules,
                    grant,
                    entry_id,
                    on=on,
                    occurred_at=event.occurred_at,
                    transaction_id=event.transaction_id,
                )
            )


class TierPart:
    """Implements :class:`app.service.sale_parts.SalePart`. Comes last: what the others gave counts for it."""

    def __init__(self, tiers: Tiers, rulebook: Rulebook, giver: TierGiver) -> None:
        self._tiers = tiers
        self._rulebook = rulebook
        self._giver = giver

    def moves(self, work: UnitOfWork, sale: SaleInHand, moves: Moves) -> Moves:
        current = self._rulebook.tiers()
        if sale.card is None or not current.version:
            return moves
        return replace(moves, rules=(*moves.rules, (RuleArea.TIERS._value_, current.version)))

    def record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        header = transaction.header
        current = self._rulebook.tiers(header.occurred_at)
        if not current.rules.tiers:
            return
        on = header.business_date
        for member_id in _members(transaction, origins):
            standing = self._tiers.standing_in(work, member_id, current.rules, on)
            undone = _undone(current.rules.basis, transaction, origins, member_id)
            amount = standing.amount
            if undone is not None and transaction.member_id != member_id and _is_by_ticket(current.rules):
                # Brought back by nobody in particular: the ticket is not among the member's own.
                amount -= undone.amount
            change = assess(current.rules, standing.state, amount, on, undone)
            if change is not None:
                self._giver.change(
                    work,
                    current,
                    member_id,
                    change,
                    on=on,
                    occurred_at=header.occurred_at,
                    transaction_id=header.id,
                )


def _members(transaction: RetailTransaction, origins: Iterable[Origin]) -> tuple[MemberId, ...]:
    """Whoever bought, and whoever bought what comes back."""
    ids = (transaction.member_id, *(origin.original.member_id for origin in origins))
    return tuple(dict.fromkeys(one for one in ids if one is not None))


def _is_by_ticket(rules: TierRules) -> bool:
    """Whether the member's own tickets are what counts; points are counted in the ledger, whoever brings goods back."""
    return rules.basis is not TierBasis.POINTS


def _undone(
    basis: TierBasis, transaction: RetailTransaction, origins: Iterable[Origin], member_id: MemberId
) -> Undone | None:
    """What of the member's went back with this ticket."""
    own = [origin.original for origin in origins if origin.original.member_id == member_id]
    if not own:
        return None
    is_void = transaction.header.kind is TransactionKind.POST_VOID
    match basis:
        case TierBasis.SPEND:
            amount = -sum(line.net.minor for line in transaction.lines if line.is_return)
        case TierBasis.POINTS:
            points = transaction.points
            amount = -points.earned if is_void else points.taken_back
        case TierBasis.VISITS:
            amount = 1 if is_void else 0
    return Undone(min(sale.header.business_date for sale in own), max(0, amount))
