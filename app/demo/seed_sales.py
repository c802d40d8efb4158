"""A year of the demo shop's tickets as real facts: priced by the till's own rules, with points, tenders, returns, shifts and Z numbers.

One day is one commit and one shift. A ticket is made exactly as the counter makes it, only without a person: the same pricing, the same
points, the same chain, so that the books of the demo prove like anybody's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from random import Random
from typing import Final, Protocol

from app.demo.festivals import opening_hours
from app.demo.rhythm import RETURN_WITHIN_DAYS, DemoSale
from app.demo.seed_payment import Payment
from app.domain.authority import DEFAULT_LIMITS, Approval, Operator, Right, is_within
from app.domain.basket import Basket, BasketLine
from app.domain.errors import Refused
from app.domain.ids import BasketId, MemberId, ShiftId, TransactionId
from app.domain.item import Item
from app.domain.ledger import LedgerEntry, Lot, spendable
from app.domain.member import Member, MemberCard
from app.domain.money import Currency, Money
from app.domain.points import PointsRule, entries_for, points_effect
from app.domain.pricing import LocalMoment, PriceContext, Priced, PromotionBook, price
from app.domain.returns import Origin, refund_plan, terms_for
from app.domain.settlement import fold
from app.domain.shift import Shift
from app.domain.tender import Tender
from app.domain.tendering import settle
from app.domain.transaction import (
    ControlTransaction,
    Header,
    PointsEffect,
    RetailTransaction,
    ShiftTotals,
    Transaction,
    TransactionKind,
)
from app.i18n import t
from app.service.ports import IdSource, Stamp, UnitOfWork

OPENING_FLOAT_MINOR: Final = 3_000
BEFORE_OPENING: Final = timedelta(minutes=15)
AFTER_CLOSING: Final = timedelta(minutes=20)
SHORT_CHANCE: Final = 0.15


class Paper(Protocol):
    """Keeps the receipt of a ticket, as the counter does when it prints one."""

    def __call__(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        stamp: Stamp,
        card: MemberCard | None,
        *,
        points_before: int,
        points_after: int,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What stands ready before the first customer: goods, offers, people, rules. ``items`` are by SKU, ``operators`` by staff number."""

    items: Mapping[str, Item]
    promotions: PromotionBook
    operators: Mapping[str, Operator]
    members: Sequence[Member]
    rule: PointsRule
    zone: tzinfo
    ids: IdSource
    seed: int
    currency: Currency
    language: str


@dataclass(frozen=True, slots=True)
class _Rung:
    """A ticket that goods may come back to: what came back already, and the points it moved."""

    sale: RetailTransaction
    entries: tuple[LedgerEntry, ...]
    returns: list[RetailTransaction] = field(default_factory=list)


class SalesWriter:
    """Writes day after day; :meth:`write_day` takes the open unit of work of that day and leaves the commit to its caller."""

    def __init__(self, desk: Desk, paper: Paper | None = None, *, enrolled: Iterable[MemberId] = ()) -> None:
        self._desk = desk
        self._paper = paper
        self._random = Random(f"{desk.seed}:seed")
        self._payment = Payment(desk.rule, self._random)
        self._lots: dict[MemberId, dict[object, Lot]] = {}
        self._rung: dict[int, _Rung] = {}
        self._recent: deque[tuple[date, int]] = deque()
        self._enrolled = set(enrolled)
        self._members = {member.id: member for member in desk.members}
        self._next_to_join = 0  # members are in the order in which they joined

    def enrol_until(self, work: UnitOfWork, day: date) -> None:
        """Everyone who has joined by this day, bought something or not, on the day they joined."""
        members = self._desk.members
        while self._next_to_join < len(members):
            member = members[self._next_to_join]
            assert member.joined_on is not None
            if member.joined_on > day:
                return
            self._enrol(work, member, self._at(member.joined_on, 12 * 3600), None)
            self._next_to_join += 1

    def write_day(self, work: UnitOfWork, day: date, sales: Iterable[DemoSale]) -> None:
        """Open, sell, take back, close."""
        self._forget(day)
        hours = opening_hours(day)
        assert hours is not None, "the shop sells only on days it opens"
        tickets = list(sales)
        opener = self._desk.operators[tickets[0].operator]
        opened_at = self._at(day, hours[0]) - _ms(BEFORE_OPENING)
        shift = Shift(ShiftId(self._desk.ids()), day, opened_at, opener.id, self._money(OPENING_FLOAT_MINOR))
        work.open_shift(shift)
        written: list[Transaction] = [self._control(work, shift, opener, opened_at)]
        last_at = opened_at
        for ticket in tickets:
            last_at = max(last_at + 1, self._instant(ticket.at))
            transaction = self._ticket(work, shift, ticket, last_at)
            if transaction is not None:
                written.append(transaction)
        self.enrol_until(work, day)
        closed_at = max(last_at, self._at(day, hours[1])) + _ms(AFTER_CLOSING)
        self._close(work, shift, self._desk.operators[tickets[-1].operator], closed_at, written)

    # --- tickets ------------------------------------------------------------------------------------------------------

    def _ticket(self, work: UnitOfWork, shift: Shift, ticket: DemoSale, at: int) -> RetailTransaction | None:
        if ticket.return_of is not None:
            return self._take_back(work, shift, ticket, at)
        return self._sell(work, shift, ticket, at)

    def _sell(self, work: UnitOfWork, shift: Shift, ticket: DemoSale, at: int) -> RetailTransaction:
        member = None if ticket.member is None else self._desk.members[ticket.member]
        is_new = member is not None and self._enrol(work, member, at, self._desk.operators[ticket.operator])
        lines = tuple(
            self._line(number, sku, quantity) for number, (sku, quantity) in enumerate(ticket.lines, start=1)
        )
        basket = Basket(BasketId(self._desk.ids()), at, lines, None if member is None else _card(member))
        priced = self._price(basket, shift, ticket)
        lots = () if member is None else self._lots_of(member.id)
        tenders = self._payment.tenders(priced.total, ticket.tender, lots, shift.business_date)
        transaction = replace(
            self._retail(work, shift, ticket, at, priced, tenders),
            is_new_member=is_new,
            points=points_effect(self._desk.rule, priced.lines, tenders)
            if member is not None
            else PointsEffect(),
        )
        entries = self._record(work, transaction, basket.member)
        self._rung[ticket.index] = _Rung(transaction, entries)
        self._recent.append((shift.business_date, ticket.index))
        return transaction

    def _take_back(
        self, work: UnitOfWork, shift: Shift, ticket: DemoSale, at: int
    ) -> RetailTransaction | None:
        assert ticket.return_of is not None
        rung = self._rung[ticket.return_of]
        (sku, quantity), *_ = ticket.lines
        sold = next(line for line in rung.sale.lines if line.sku == sku)
        try:
            terms = terms_for(rung.sale, rung.returns, sold.number, min(quantity, sold.quantity))
        except Refused:
            return None  # it came back already
        member = self._member_of(rung.sale)
        basket = Basket(BasketId(self._desk.ids()), at, member=None if member is None else _card(member))
        line = BasketLine(1, self._desk.items[sku], min(quantity, sold.quantity), return_terms=terms)
        priced = self._price(basket.add(line, merge=False), shift, ticket)
        origin = Origin(rung.sale, tuple(rung.returns), rung.entries)
        tenders = refund_plan(priced.total, (origin,), (terms,))
        if not tenders:
            return None  # it was a present
        transaction = replace(
            self._retail(work, shift, ticket, at, priced, tenders),
            approvals=self._approvals(ticket, -priced.total.minor, at),
            points=points_effect(self._desk.rule, priced.lines, tenders, (terms,))
            if member is not None
            else PointsEffect(),
        )
        self._record(work, transaction, basket.member, (origin,))
        rung.returns.append(transaction)
        return transaction

    def _line(self, number: int, sku: str, quantity: int) -> BasketLine:
        item = self._desk.items[sku]
        open_price = self._money(self._random.choice((30, 50, 80, 100, 150))) if item.is_open_price else None
        return BasketLine(number, item, quantity, open_price=open_price)

    def _price(self, basket: Basket, shift: Shift, ticket: DemoSale) -> Priced:
        moment = LocalMoment.at(shift.business_date, ticket.at)
        return price(basket, PriceContext(self._desk.promotions, moment))

    def _retail(
        self,
        work: UnitOfWork,
        shift: Shift,
        ticket: DemoSale,
        at: int,
        priced: Priced,
        tenders: tuple[Tender, ...],
    ) -> RetailTransaction:
        settled = settle(priced.total, tenders)
        kind = TransactionKind.SALE if ticket.return_of is None else TransactionKind.RETURN
        operator = self._desk.operators[ticket.operator]
        member = priced.basket.member
        return RetailTransaction(
            header=self._header(work, shift, operator, kind, at, TransactionId(priced.basket.id)),
            lines=priced.lines,
            tenders=settled.tenders,
            total=priced.total,
            change=settled.change,
            rounding=settled.rounding,
            taxes=priced.taxes,
            member_id=None if member is None else member.member.id,
        )

    def _approvals(self, ticket: DemoSale, refund_minor: int, at: int) -> tuple[Approval, ...]:
        """Over the cashier's limit somebody else has put their name to it."""
        operator = self._desk.operators[ticket.operator]
        if is_within(DEFAULT_LIMITS, operator.role, Right.RETURN, refund_minor):
            return ()
        granting = next(
            other
            for other in self._desk.operators.values()
            if is_within(DEFAULT_LIMITS, other.role, Right.RETURN, refund_minor)
        )
        return (Approval(Right.RETURN, refund_minor, operator.id, granting.id, "", at),)

    # --- members and points -------------------------------------------------------------------------------------------

    def _enrol(self, work: UnitOfWork, member: Member, at: int, operator: Operator | None) -> bool:
        """True when the member is new."""
        if member.id in self._enrolled:
            return False
        self._enrolled.add(member.id)
        work.add_member(member, created_at=at, operator_id=None if operator is None else operator.id)
        return True

    def _member_of(self, sale: RetailTransaction) -> Member | None:
        return None if sale.member_id is None else self._members[sale.member_id]

    def _lots_of(self, member_id: MemberId) -> tuple[Lot, ...]:
        return tuple(self._lots.get(member_id, {}).values())

    def _record(
        self,
        work: UnitOfWork,
        transaction: RetailTransaction,
        card: MemberCard | None,
        origins: tuple[Origin, ...] = (),
    ) -> tuple[LedgerEntry, ...]:
        """The ticket with its points and its paper."""
        day = transaction.header.business_date
        before = 0 if card is None else spendable(self._lots_of(card.member.id), day)
        entries = () if card is None else self._entries(transaction, origins)
        stamp = work.append(replace(transaction, entries=entries))
        if self._paper is not None:
            after = before + sum(entry.member_points for entry in entries)
            self._paper(work, transaction, stamp, card, points_before=before, points_after=after)
        return entries

    def _entries(
        self, transaction: RetailTransaction, origins: tuple[Origin, ...]
    ) -> tuple[LedgerEntry, ...]:
        entries = entries_for(
            transaction, self._desk.rule, lots_of=self._lots_of, ids=self._desk.ids, origins=origins
        )
        for entry in entries:
            self._keep_lots(entry)
        return entries

    def _keep_lots(self, entry: LedgerEntry) -> None:
        """The lots as the ledger has them after this entry, without reading it back for every ticket."""
        lots = self._lots.setdefault(entry.member_id, {})
        for posting in entry.postings:
            if posting.lot_id is None:
                continue
            lot = lots.get(posting.lot_id) or Lot(posting.lot_id, entry.occurred_at, entry.expires_on, 0)
            lots[posting.lot_id] = replace(lot, remaining=lot.remaining + posting.points)

    # --- the shift ----------------------------------------------------------------------------------------------------

    def _control(self, work: UnitOfWork, shift: Shift, operator: Operator, at: int) -> ControlTransaction:
        header = self._header(work, shift, operator, TransactionKind.SHIFT_OPEN, at)
        transaction = ControlTransaction(header, shift.opening_float)
        work.append(transaction)
        return transaction

    def _close(
        self, work: UnitOfWork, shift: Shift, operator: Operator, at: int, written: Sequence[Transaction]
    ) -> None:
        expected = fold(written, shift.opening_float).expected_cash
        missing = self._random.choice((-10, -5, -1, 1, 5, 10)) if self._random.random() < SHORT_CHANCE else 0
        counted = self._money(max(0, expected.minor + missing))
        totals = ShiftTotals(
            z_number=work.next_z_number(),
            opening_float=shift.opening_float,
            expected=expected,
            counted=counted,
            counts=_counts(counted),
            reason=t("seed.short_reason", self._desk.language) if missing else "",
        )
        header = self._header(work, shift, operator, TransactionKind.SHIFT_CLOSE, at)
        work.append(ControlTransaction(header, self._money(0), totals=totals))
        work.close_shift(replace(shift, closed_at=at, z_number=totals.z_number))

    def _header(
        self,
        work: UnitOfWork,
        shift: Shift,
        operator: Operator,
        kind: TransactionKind,
        at: int,
        transaction_id: TransactionId | None = None,
    ) -> Header:
        number = work.next_receipt_number()
        offset = datetime.fromtimestamp(at / 1000, self._desk.zone).utcoffset()
        assert offset is not None
        return Header(
            id=transaction_id or TransactionId(self._desk.ids()),
            kind=kind,
            receipt_number=number.text,
            counter=number.counter,
            shift_id=shift.id,
            operator_id=operator.id,
            business_date=shift.business_date,
            occurred_at=at,
            utc_offset_minutes=int(offset.total_seconds()) // 60,
            currency=shift.opening_float.currency.code,
        )

    # --- small things -------------------------------------------------------------------------------------------------

    def _money(self, minor: int) -> Money:
        return Money(minor, self._desk.currency)

    def _instant(self, local: datetime) -> int:
        return int(local.replace(tzinfo=self._desk.zone).timestamp() * 1000)

    def _at(self, day: date, second: int) -> int:
        return self._instant(datetime(day.year, day.month, day.day)) + second * 1000  # noqa: DTZ001

    def _forget(self, day: date) -> None:
        """Tickets too old for anything of them to come back."""
        while self._recent and (day - self._recent[0][0]).days > RETURN_WITHIN_DAYS + 7:
            del self._rung[self._recent.popleft()[1]]


def by_day(sales: Iterable[DemoSale]) -> Iterator[tuple[date, list[DemoSale]]]:
    """The tickets of each day on which there were any."""
    for day, tickets in groupby(sales, key=lambda sale: sale.at.date()):
        yield day, list(tickets)


def _card(member: Member) -> MemberCard:
    return MemberCard(member, 0, 0, None, 0)


def _counts(counted: Money) -> tuple[tuple[int, int], ...]:
    """The drawer by notes and coins, the largest first."""
    left, counts = counted.minor, []
    for denomination in counted.currency.denominations:
        pieces, left = divmod(left, denomination)
        if pieces:
            counts.append((denomination, pieces))
    return tuple(counts)


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
