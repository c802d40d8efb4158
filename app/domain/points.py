"""Points at the counter: how much may be spent on a ticket, and the ledger entries it posts.

Points spent never earn. What a return takes back and gives back is a cumulative share, so that all returns of a sale together undo it
exactly; a balance may go below zero, where the rule allows it, when points were spent before they were taken back. What goods earn under
all that an owner may decide is :mod:`app.domain.loyalty.earning`; :func:`earn` is its simplest case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from app.domain.basket import ReturnTerms
from app.domain.errors import Refused
from app.domain.ids import LotId, MemberId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Lot, Posting
from app.domain.loyalty.earning import Earned
from app.domain.loyalty.term import Term
from app.domain.money import Currency, Money
from app.domain.points_book import PointsBook, lot_filled_by
from app.domain.returns import Origin, points_given_back, points_of_return
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import PointsEffect, RetailTransaction, SaleLine


@dataclass(frozen=True, slots=True)
class PointsRule:
    """Every full ``earn_step_minor`` paid earns ``earn_points``; a step of 0 switches earning off.

    ``burn_value_points`` are worth ``burn_value_minor`` (0 switches spending off). Points are spent in multiples of ``burn_step``, on at
    most ``burn_share_max`` (hundredths of a percent) of a ticket, ``burn_sale_max`` at once, by who has ``burn_balance_min`` at least.
    Points may be spent ``pending_days`` after the business date and end ``expires_after_days`` after it (None: never), or when ``term``
    says so, where there is one. ``may_owe``: a return takes back what was spent already, below zero if need be.
    """

    version: int
    earn_step_minor: int
    earn_points: int
    burn_value_minor: int
    burn_step: int = 1
    burn_share_max: int = 10_000
    expires_after_days: int | None = None
    burn_value_points: int = 1
    burn_balance_min: int = 0
    burn_sale_max: int | None = None
    pending_days: int = 0
    term: Term | None = None
    may_owe: bool = True

    def __post_init__(self) -> None:
        assert self.earn_step_minor >= 0
        assert self.earn_points >= 0
        assert self.burn_value_minor >= 0
        assert self.burn_step >= 1
        assert 0 <= self.burn_share_max <= 10_000
        assert self.burn_value_points >= 1
        assert self.burn_step % self.burn_value_points == 0
        assert self.pending_days >= 0

    def usable_on(self, business_date: date) -> date | None:
        """The first day on which points earned today may be spent; None: at once."""
        return business_date + timedelta(days=self.pending_days) if self.pending_days else None

    def expires_on(self, business_date: date) -> date | None:
        """The last day of points earned today."""
        if self.term is not None:
            return self.term.last_day(business_date)
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
    if spendable < rule.burn_balance_min:
        return 0
    points = min(spendable, min(share, due.minor) // rule.burn_value_minor * rule.burn_value_points)
    if rule.burn_sale_max is not None:
        points = min(points, rule.burn_sale_max)
    return max(0, points // rule.burn_step * rule.burn_step)


def value_of(rule: PointsRule, points: int, currency: Currency) -> Money:
    """What this many points are worth, down to the whole amount."""
    return Money(points // rule.burn_value_points * rule.burn_value_minor, currency)


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
    return value_of(rule, points, due.currency)


def points_effect(
    rule: PointsRule,
    lines: Iterable[SaleLine],
    tenders: Sequence[Tender],
    terms: Iterable[ReturnTerms] = (),
    by_rules: Earned | None = None,
) -> PointsEffect:
    """What the ticket records: earned (as the shop's whole rules say, where they were asked) less taken back, spent less given back."""
    taken_back = sum(part.points_earned for part in terms)
    result = Earned(earn(rule, lines, tenders)) if by_rules is None else by_rules
    return PointsEffect(
        earned=result.points - taken_back,
        spent=sum(tender.points for tender in tenders),
        rule_version=rule.version,
        taken_back=taken_back,
        by_line=result.by_line,
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
    book = PointsBook(transaction, lots_of, ids)
    post_returns(book, transaction, rule, origins)
    post_sale(book, transaction, rule)
    return tuple(book.entries)


def post_returns(
    book: PointsBook, transaction: RetailTransaction, rule: PointsRule, origins: Iterable[Origin]
) -> None:
    """What comes back with the goods of these sales."""
    for origin in origins:
        if origin.original.member_id is not None:
            _reverse(book, without(origin, transaction), rule)


def without(origin: Origin, transaction: RetailTransaction) -> Origin:
    """Whoever asks after appending finds this very ticket among the returns."""
    earlier = tuple(ticket for ticket in origin.earlier if ticket.header.id != transaction.header.id)
    return replace(origin, earlier=earlier)


def post_sale(book: PointsBook, transaction: RetailTransaction, rule: PointsRule) -> None:
    """What is spent on the ticket, then what its goods earn."""
    if transaction.member_id is None:
        return
    spent = sum(
        tender.points
        for tender in transaction.tenders
        if tender.kind is TenderKind.POINTS and tender.points > 0
    )
    if spent:
        book.take(EntryKind.REDEMPTION, transaction.member_id, spent)
    earned = transaction.points.earned_by_goods
    if earned > 0:
        day = transaction.header.business_date
        book.post(
            EntryKind.ACCRUAL,
            transaction.member_id,
            (Posting(Account.MEMBER, earned, LotId(book.new_id())), Posting(Account.ISSUED, -earned)),
            expires_on=rule.expires_on(day),
            usable_on=rule.usable_on(day),
        )


def _reverse(book: PointsBook, origin: Origin, rule: PointsRule) -> None:
    """Give back what was spent on the goods, then take back what they earned."""
    member_id = origin.original.member_id
    assert member_id is not None
    taken, given = points_of_return(origin, book.lines)
    if given > 0:
        spent = [entry for entry in origin.entries if entry.kind is EntryKind.REDEMPTION]
        ends_on = rule.expires_on(book.header.business_date)
        book.give_back(member_id, given, spent, points_given_back(origin), new_lot_ends_on=ends_on)
    if taken > 0:
        filled = lot_filled_by(entry for entry in origin.entries if entry.kind is EntryKind.ACCRUAL)
        book.take_back(member_id, taken, filled, may_owe=rule.may_owe)
