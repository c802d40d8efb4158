"""Points at the counter: the rules in force, what may be spent, what a ticket earns, and the entries it posts when it is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.basket import Basket, ReturnTerms
from app.domain.birthday import birthday_of, is_birthday_month
from app.domain.ids import CategoryId, MemberId, TransactionId
from app.domain.ledger import EntryKind, LedgerEntry, spendable
from app.domain.loyalty.bonus import has_lapsed
from app.domain.loyalty.earning import Earned, SaleView, earned, plain_points, view_of
from app.domain.loyalty.points_rules import FACTOR_ONE, PointsRules
from app.domain.loyalty.term import TermKind
from app.domain.member import Member, MemberCard
from app.domain.money import Money
from app.domain.points import (
    PointsRule,
    burn_amount,
    burn_limit,
    points_effect,
    post_returns,
    post_sale,
    value_of,
    without,
)
from app.domain.points_book import PointsBook
from app.domain.returns import Origin
from app.domain.tender import Tender
from app.domain.transaction import PointsEffect, RetailTransaction, SaleLine
from app.service.bonus_desk import give_with_sale, lapse, take_back_with_sale
from app.service.calendar_moon import lunar_to_solar
from app.service.gift_entries import give_back_gifts, spend_on_gifts
from app.service.ports import Clock, IdSource, Store, UnitOfWork
from app.service.rulebook import Rulebook
from app.service.session import Session

ENTRIES_MAX = 100_000
SPENDING = (EntryKind.REDEMPTION, EntryKind.GIFT)
PLAIN = (EntryKind.ACCRUAL, EntryKind.BONUS, *SPENDING)


@dataclass(frozen=True, slots=True)
class PointsOffer:
    """What the member in front of the till may spend on this ticket: ``points`` at most, worth ``amount``."""

    points: int
    amount: Money
    spendable: int


class PointsDesk:
    """Knows the shop's rules; the rules themselves are :mod:`app.domain.points` and :mod:`app.domain.loyalty`."""

    def __init__(
        self,
        store: Store,
        session: Session,
        ids: IdSource,
        clock: Clock,
        *,
        rulebook: Rulebook | None = None,
        is_online: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._session = session
        self._ids = ids
        self._is_online = is_online
        self.rulebook = rulebook or Rulebook(store, session, clock)

    @property
    def rule(self) -> PointsRule:
        return self.rulebook.points_rule()

    # --- spending ---------------------------------------------------------------------------------------------------

    def offer(self, basket: Basket, due: Money, total: Money, on: date) -> PointsOffer | None:
        """The best suggestion, one key away; None for a walk-in."""
        if basket.member is None or basket.is_new_member:
            return None
        can = self._left(basket.member, basket, on)
        rule = self._rule_for(basket.member.member.id, on)
        points = burn_limit(rule, due, can, total=total)
        return PointsOffer(points, value_of(rule, points, due.currency), can)

    def amount_of(self, basket: Basket, points: int, due: Money, total: Money, on: date) -> Money:
        """What this many points pay. Raises Refused with the limit."""
        assert basket.member is not None
        can = self._left(basket.member, basket, on)
        return burn_amount(self._rule_for(basket.member.member.id, on), points, due, can, total=total)

    def spendable(self, member_id: MemberId, on: date) -> int:
        rules = self.rulebook.points().rules
        if rules.expires.kind is TermKind.INACTIVITY:
            card = self._store.members.by_id(member_id)
            if card is not None and has_lapsed(rules.expires, card.last_visit_on, on):
                return 0
        return spendable(self._store.members.lots(member_id), on)

    def _left(self, card: MemberCard, basket: Basket, on: date) -> int:
        return self.spendable(card.member.id, on) - already_spent(basket)

    def _rule_for(self, member_id: MemberId, on: date) -> PointsRule:
        """The rule with what is left of the member's allowance for today, where the other tills cannot be asked."""
        rule, allowance = self.rule, self.rulebook.points().rules.burn.offline_day_max
        if allowance is None or self._is_online():
            return rule
        spent = -sum(
            entry.member_points
            for entry in self._store.members.entries(member_id)
            if entry.business_date == on and entry.kind in SPENDING
        )
        left = max(0, allowance - spent)
        return replace(
            rule, burn_sale_max=left if rule.burn_sale_max is None else min(left, rule.burn_sale_max)
        )

    # --- earning ----------------------------------------------------------------------------------------------------

    def earned(
        self, basket: Basket, lines: Sequence[SaleLine], tenders: Sequence[Tender], card: MemberCard | None
    ) -> Earned:
        """What the basket would earn as it stands, with the reasons."""
        member = None if card is None else card.member
        return self._earned(self.rulebook.points().rules, basket, lines, tenders, member)

    def effect(
        self,
        basket: Basket,
        lines: Sequence[SaleLine],
        tenders: Sequence[Tender],
        card: MemberCard | None = None,
    ) -> PointsEffect:
        """What the ticket records about points."""
        current, rule = self.rulebook.points_in_force()
        rules = current.rules
        member = None if card is None else card.member
        points = plain_points(rules, lines, tenders, self._occasion(rules, member))
        by_rules = self._earned(rules, basket, lines, tenders, member) if points is None else Earned(points)
        return points_effect(rule, lines, tenders, terms_of(basket), by_rules)

    def _earned(
        self,
        rules: PointsRules,
        basket: Basket,
        lines: Sequence[SaleLine],
        tenders: Sequence[Tender],
        member: Member | None,
    ) -> Earned:
        occasion = self._occasion(rules, member)
        return earned(
            rules,
            view_of(
                rules,
                lines,
                tenders,
                _categories(basket),
                on=occasion.on,
                currency=occasion.currency,
                tier=occasion.tier,
                tier_factor=occasion.tier_factor,
                is_birthday_month=occasion.is_birthday_month,
            ),
        )

    def _occasion(self, rules: PointsRules, member: Member | None) -> SaleView:
        """When this is, and who buys."""
        tier = "" if member is None else member.tier
        on = self._today()
        return SaleView(
            on=on,
            goods=(),
            currency=self._session.shop.currency,
            tier=tier,
            tier_factor=self.rulebook.tiers().rules.factor_of(tier) if tier else FACTOR_ONE,
            is_birthday_month=asks_for_birthday(rules) and in_birthday_month(member, on),
        )

    def _today(self) -> date:
        shift = self._session.shift
        return date.min if shift is None else shift.business_date

    # --- the ledger -------------------------------------------------------------------------------------------------

    def entries(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        origins: Sequence[Origin],
        card: MemberCard | None = None,
    ) -> tuple[LedgerEntry, ...]:
        """The ledger entries this ticket posts, made inside its unit of work before it is appended.

        What comes back comes first, then what is spent, what goods earn, and the bonuses: a ticket never spends what it earns.
        """

        current, rule = self.rulebook.points_in_force()
        rules = current.rules
        book = PointsBook(transaction, work.lots, self._ids)
        if card is not None and card.member.id == transaction.member_id:
            lapse(book, rules, card)
        if origins:
            before = [without(origin, transaction) for origin in origins]
            post_returns(book, transaction, rule, before)
            give_back_gifts(book, transaction, before)
            take_back_with_sale(work, book, transaction, before, may_owe=rule.may_owe)
        spend_on_gifts(book, transaction)
        post_sale(book, transaction, rule)
        given = give_with_sale(work, rules, transaction, None if card is None else card.member)
        return (*book.entries, *given)

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


def spendable_after(work: UnitOfWork, member_id: MemberId, before: int, on: date) -> int:
    """What the member may spend after everything that the unit has posted; ``before`` is what it was.

    Points that were only added or spent are counted; what came back may have touched lots that had ended or not begun, so that the lots
    are read once more.
    """
    own = [entry for entry in work.posted if entry.member_id == member_id]
    if any(entry.kind not in PLAIN for entry in own):
        return spendable(work.lots(member_id), on)
    return before + sum(
        entry.member_points for entry in own if entry.usable_on is None or entry.usable_on <= on
    )


def asks_for_birthday(rules: PointsRules) -> bool:
    return any(one.in_birthday_month for one in rules.multipliers)


def in_birthday_month(member: Member | None, on: date) -> bool:
    birthday = None if member is None else birthday_of(member.birthday)
    return birthday is not None and is_birthday_month(birthday, on, lunar_to_solar)


def _categories(basket: Basket) -> Mapping[CategoryId, tuple[CategoryId, ...]]:
    """The path of each category in the basket, by its leaf."""
    paths = (line.item.category_path for line in basket.lines)
    return {path[-1]: path for path in paths if path}


def already_spent(basket: Basket) -> int:
    """What this basket takes already, in money off and in gifts."""
    by_tender = sum(tender.points for tender in basket.tenders if tender.points > 0)
    return by_tender + sum(gift.points for gift in basket.gifts if gift.points > 0)
