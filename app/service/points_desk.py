"""Points at the counter: the rule in force, what may be spent, and the entries a completed ticket posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.basket import Basket, ReturnTerms
from app.domain.ids import MemberId, TransactionId
from app.domain.ledger import LedgerEntry, Lot, spendable
from app.domain.money import Money
from app.domain.points import PointsRule, burn_amount, burn_limit, entries_for, points_effect
from app.domain.returns import Origin
from app.domain.tender import Tender
from app.domain.transaction import PointsEffect, RetailTransaction, SaleLine
from app.service.ports import IdSource, Store, UnitOfWork
from app.service.session import Session

ENTRIES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class PointsOffer:
    """What the member in front of the till may spend on this ticket: ``points`` at most, worth ``amount``."""

    points: int
    amount: Money
    spendable: int


class PointsDesk:
    """Knows the shop's rule; the rules themselves are :mod:`app.domain.points`."""

    def __init__(self, store: Store, session: Session, ids: IdSource) -> None:
        self._store = store
        self._session = session
        self._ids = ids

    @property
    def rule(self) -> PointsRule:
        shop = self._session.shop
        return PointsRule(
            version=shop.points_rule_version,
            earn_step_minor=shop.points_earn_step_minor,
            earn_points=shop.points_earn,
            burn_value_minor=shop.points_burn_value_minor,
            burn_share_max=shop.points_burn_share_max,
            expires_after_days=shop.points_expire_after_days or None,
        )

    def offer(self, basket: Basket, due: Money, total: Money, on: date) -> PointsOffer | None:
        """The best suggestion, one key away; None for a walk-in."""
        if basket.member is None or basket.is_new_member:
            return None
        can = self.spendable(basket.member.member.id, on) - _already_spent(basket)
        points = burn_limit(self.rule, due, can, total=total)
        return PointsOffer(points, Money(points * self.rule.burn_value_minor, due.currency), can)

    def amount_of(self, basket: Basket, points: int, due: Money, total: Money, on: date) -> Money:
        """What this many points pay. Raises Refused with the limit."""
        assert basket.member is not None
        can = self.spendable(basket.member.member.id, on) - _already_spent(basket)
        return burn_amount(self.rule, points, due, can, total=total)

    def spendable(self, member_id: MemberId, on: date) -> int:
        return spendable(self._store.members.lots(member_id), on)

    def effect(self, basket: Basket, lines: Sequence[SaleLine], tenders: Sequence[Tender]) -> PointsEffect:
        """What the ticket records about points."""
        return points_effect(self.rule, lines, tenders, terms_of(basket))

    def entries(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        origins: Sequence[Origin],
        lots: Sequence[Lot] | None = None,
    ) -> tuple[LedgerEntry, ...]:
        """The ledger entries this ticket posts, made inside its unit of work. ``lots``: its member's, when they were read before."""

        def lots_of(member_id: MemberId) -> Sequence[Lot]:
            return lots if lots is not None and member_id == transaction.member_id else work.lots(member_id)

        return entries_for(transaction, self.rule, lots_of=lots_of, ids=self._ids, origins=origins)

    def origins(
        self, transaction_ids: Iterable[TransactionId], work: UnitOfWork | None = None
    ) -> tuple[Origin, ...]:
        """The sales of which goods come back, with their earlier returns and the points they moved."""
        found = []
        for transaction_id in dict.fromkeys(transaction_ids):
            original = self._store.journal.get(transaction_id)
            assert isinstance(original, RetailTransaction), "what comes back was sold here"
            earlier = (work or self._store.journal).returns_of(transaction_id)
            found.append(Origin(original, tuple(earlier), self._entries_of(original)))
        return tuple(found)

    def _entries_of(self, original: RetailTransaction) -> tuple[LedgerEntry, ...]:
        if original.member_id is None:
            return ()
        posted = self._store.members.entries(original.member_id, ENTRIES_MAX)
        return tuple(entry for entry in posted if entry.transaction_id == original.header.id)


def terms_of(basket: Basket) -> tuple[ReturnTerms, ...]:
    """The terms of every line that comes back."""
    return tuple(line.return_terms for line in basket.live_lines if line.return_terms is not None)


def origin_ids(basket: Basket) -> tuple[TransactionId, ...]:
    """The sales of which goods are in this basket."""
    return tuple(dict.fromkeys(terms.of.transaction_id for terms in terms_of(basket) if terms.of is not None))


def _already_spent(basket: Basket) -> int:
    return sum(tender.points for tender in basket.tenders if tender.points > 0)
