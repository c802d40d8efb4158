"""The totals of an X or Z report: a fold over transactions, the same on the till and on the server.

Adding is all that happens here, so the order of the transactions never matters, and two parts may be folded apart and merged. Change is
never cash that came in. Stored value that was sold is owed, not earned: it stands apart from the sales, and its money among the tenders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from app.domain.authority import Right
from app.domain.ids import OperatorId
from app.domain.item import TaxClass
from app.domain.loyalty.value_items import TAXED_AT_SALE, VALUE_ITEMS, paid_by_value
from app.domain.money import Currency, Money, extend, round_half_up
from app.domain.tender import TenderKind
from app.domain.transaction import (
    ControlTransaction,
    ModifierKind,
    PriceSource,
    RetailTransaction,
    Transaction,
    TransactionKind,
)

# The rights whose approval makes somebody else answer for a discount.
DISCOUNT_RIGHTS = {
    ModifierKind.LINE_DISCOUNT: Right.LINE_DISCOUNT,
    ModifierKind.BASKET_DISCOUNT: Right.BASKET_DISCOUNT,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and how much in minor units of the settlement's currency."""

    count: int = 0
    minor: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.minor + other.minor)

    @property
    def is_nothing(self) -> bool:
        return self.count == 0 and self.minor == 0


@dataclass(frozen=True, slots=True)
class TaxSum:
    """One class and rate: what was sold with the tax in it, and the tax."""

    gross_minor: int = 0
    tax_minor: int = 0

    def __add__(self, other: TaxSum) -> TaxSum:
        return TaxSum(self.gross_minor + other.gross_minor, self.tax_minor + other.tax_minor)

    @property
    def is_nothing(self) -> bool:
        return self.gross_minor == 0 and self.tax_minor == 0


@dataclass(frozen=True, slots=True)
class TenderSum:
    """One kind of tender: what came in (cash: less the change) and what went back, both positive."""

    received: Tally = Tally()
    refunded: Tally = Tally()

    def __add__(self, other: TenderSum) -> TenderSum:
        return TenderSum(self.received + other.received, self.refunded + other.refunded)

    @property
    def net_minor(self) -> int:
        return self.received.minor - self.refunded.minor

    @property
    def is_nothing(self) -> bool:
        return self.received.is_nothing and self.refunded.is_nothing


@dataclass(frozen=True, slots=True)
class OperatorSum:
    """What one person rang. ``discounts`` are those a person decided, as a negative amount."""

    tickets: Tally = Tally()
    returns: Tally = Tally()
    voids: Tally = Tally()
    discounts: Tally = Tally()

    def __add__(self, other: OperatorSum) -> OperatorSum:
        return OperatorSum(
            self.tickets + other.tickets,
            self.returns + other.returns,
            self.voids + other.voids,
            self.discounts + other.discounts,
        )

    @property
    def is_nothing(self) -> bool:
        return all(part.is_nothing for part in (self.tickets, self.returns, self.voids, self.discounts))


@dataclass(frozen=True, slots=True)
class Settlement:
    """Everything a report adds up. Amounts are minor units of ``currency``; what left is counted as a positive number.

    ``sales`` are the goods sold, ``returns`` the goods that came back and ``voids`` the tickets taken back (both negative);
    together they are ``net_minor``. ``tickets`` are customers served: sale tickets less those voided. ``discounts`` are negative
    and already within the sums. Practice tickets count in ``training`` and nowhere else.

    ``value_sold`` are top-ups and gift cards, ``value_refunded`` what was paid out of them, both less what was voided: they are no
    goods and in none of the other sums but tenders. ``value_pretaxed_minor`` is what was paid with stored value whose tax the shop
    had paid when it was sold: the tax within it stands in ``taxes`` a second time.

    What the tenders took is always ``net + value sold − value refunded + rounding``.
    """

    currency: Currency
    opening_float_minor: int = 0
    sales: Tally = Tally()
    returns: Tally = Tally()
    voids: Tally = Tally()
    tickets: Tally = Tally()
    discounts: Mapping[ModifierKind, Tally] = field(default_factory=dict)
    discounts_by_approver: Mapping[OperatorId, Tally] = field(default_factory=dict)
    overrides: Tally = Tally()
    approvals: Mapping[OperatorId, int] = field(default_factory=dict)
    taxes: Mapping[tuple[TaxClass, int], TaxSum] = field(default_factory=dict)
    tenders: Mapping[TenderKind, TenderSum] = field(default_factory=dict)
    change_minor: int = 0
    rounding_minor: int = 0
    paid_in: Tally = Tally()
    paid_out: Tally = Tally()
    no_sales: int = 0
    new_members: int = 0
    member_tickets: Tally = Tally()
    points_issued: int = 0
    points_used: int = 0
    value_sold: Tally = Tally()
    value_refunded: Tally = Tally()
    value_pretaxed_minor: int = 0
    operators: Mapping[OperatorId, OperatorSum] = field(default_factory=dict)
    first_receipt: tuple[int, str] | None = None
    last_receipt: tuple[int, str] | None = None
    training: int = 0

    @property
    def net_minor(self) -> int:
        """What the tickets add up to."""
        return self.sales.minor + self.returns.minor + self.voids.minor

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    @property
    def cash(self) -> TenderSum:
        return self.tenders.get(TenderKind.CASH, TenderSum())

    @property
    def expected_cash(self) -> Money:
        """What should lie in the drawer: float + cash sales − change − cash refunds + paid in − paid out."""
        return Money(
            self.opening_float_minor + self.cash.net_minor + self.paid_in.minor - self.paid_out.minor,
            self.currency,
        )

    @property
    def value_net_minor(self) -> int:
        """What stored value brought in: sold less paid out."""
        return self.value_sold.minor - self.value_refunded.minor

    @property
    def average_ticket(self) -> Money:
        """Net sales per customer served, halves away from zero; nothing when nobody came."""
        if self.tickets.count <= 0:
            return Money(0, self.currency)
        return Money(round_half_up(self.tickets.minor, self.tickets.count), self.currency)

    @property
    def member_share(self) -> int:
        """The members' part of the tickets' money, in hundredths of a percent."""
        if self.tickets.minor <= 0:
            return 0
        return round_half_up(self.member_tickets.minor * 10_000, self.tickets.minor)

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)


def fold(transactions: Iterable[Transaction], opening_float: Money) -> Settlement:
    """The settlement of these transactions, in one pass. ``opening_float`` is what the drawer began with."""
    book = _Book(opening_float.currency)
    for transaction in transactions:
        book.add(transaction)
    return book.settlement(opening_float.minor)


def merge(one: Settlement, other: Settlement) -> Settlement:
    """Two settlements as one: ``fold(a + b, float) == merge(fold(a, float), fold(b, nothing))``."""
    assert one.currency.code == other.currency.code, "two currencies never meet in one sum"
    parts: dict[str, Any] = {"currency": one.currency}
    for name in _SUMS:
        parts[name] = getattr(one, name) + getattr(other, name)
    for name in _MAPS:
        parts[name] = _merged(getattr(one, name), getattr(other, name))
    parts["first_receipt"] = min(_known(one.first_receipt, other.first_receipt), default=None)
    parts["last_receipt"] = max(_known(one.last_receipt, other.last_receipt), default=None)
    return Settlement(**parts)


_MAPS = ("discounts", "discounts_by_approver", "approvals", "taxes", "tenders", "operators")
_APART = ("currency", "first_receipt", "last_receipt", *_MAPS)
_SUMS = tuple(entry.name for entry in fields(Settlement) if entry.name not in _APART)

_Key = TypeVar("_Key")


def _known(*receipts: tuple[int, str] | None) -> list[tuple[int, str]]:
    return [receipt for receipt in receipts if receipt is not None]


def _merged(one: Mapping[_Key, Any], other: Mapping[_Key, Any]) -> dict[_Key, Any]:
    result = dict(one)
    for key, value in other.items():
        result[key] = result[key] + value if key in result else value
    return _tidy(result)


def _tidy(sums: Mapping[_Key, Any]) -> dict[_Key, Any]:
    """In one order, and without the rows in which nothing is left: so that equal totals are equal values."""

    def is_nothing(value: Any) -> bool:
        return value == 0 if isinstance(value, int) else bool(value.is_nothing)

    return {key: sums[key] for key in sorted(sums, key=str) if not is_nothing(sums[key])}


class _Book:
    """The running totals. Adding is on the path of every report, so the sums are plain integers until they are read."""

    def __init__(self, currency: Currency) -> None:
        self.currency = currency
        self.sums: defaultdict[str, int] = defaultdict(int)
        self.tallies: defaultdict[str, list[int]] = defaultdict(_pair)
        self.discounts: defaultdict[ModifierKind, list[int]] = defaultdict(_pair)
        self.approvers: defaultdict[OperatorId, list[int]] = defaultdict(_pair)
        self.approvals: defaultdict[OperatorId, int] = defaultdict(int)
        self.taxes: defaultdict[tuple[TaxClass, int], list[int]] = defaultdict(_pair)
        self.received: defaultdict[TenderKind, list[int]] = defaultdict(_pair)
        self.refunded: defaultdict[TenderKind, list[int]] = defaultdict(_pair)
        self.operators: defaultdict[OperatorId, dict[str, list[int]]] = defaultdict(
            lambda: {name: [0, 0] for name in ("tickets", "returns", "voids", "discounts")}
        )
        self.first: tuple[int, str] | None = None
        self.last: tuple[int, str] | None = None

    def add(self, transaction: Transaction) -> None:
        header = transaction.header
        assert header.currency == self.currency.code, "a report is in one currency"
        if header.is_training:
            self.sums["training"] += 1
            return
        receipt = (header.counter, header.receipt_number)
        self.first = receipt if self.first is None else min(self.first, receipt)
        self.last = receipt if self.last is None else max(self.last, receipt)
        for approval in transaction.approvals:
            self.approvals[approval.approved_by] += 1
        if isinstance(transaction, RetailTransaction):
            self._add_retail(transaction)
        else:
            self._add_control(transaction)

    def _add_control(self, transaction: ControlTransaction) -> None:
        match transaction.header.kind:
            case TransactionKind.PAID_IN:
                _count(self.tallies["paid_in"], 1, transaction.amount.minor)
            case TransactionKind.PAID_OUT:
                _count(self.tallies["paid_out"], 1, -transaction.amount.minor)
            case TransactionKind.NO_SALE:
                self.sums["no_sales"] += 1
            case _:
                pass  # opening and closing move no money: the float is passed in

    def _add_retail(self, transaction: RetailTransaction) -> None:
        sign = -1 if transaction.header.kind is TransactionKind.POST_VOID else 1
        value = 0
        if any(line.item_id in VALUE_ITEMS for line in transaction.lines):
            value = self._add_value(transaction, sign)
        self._add_goods(transaction, sign, transaction.total.minor - value)
        self._add_discounts(transaction, sign)
        self._add_tenders(transaction)
        for tax in transaction.taxes:
            _count(self.taxes[tax.tax_class, tax.rate], tax.gross.minor, tax.tax.minor)
        if any(area == TAXED_AT_SALE for area, _ in transaction.moves.rules):
            self.sums["value_pretaxed_minor"] += paid_by_value(transaction.tenders)
        self.sums["points_issued"] += transaction.points.earned
        self.sums["points_used"] += transaction.points.spent
        if transaction.is_new_member and sign > 0:
            self.sums["new_members"] += 1

    def _add_value(self, transaction: RetailTransaction, sign: int) -> int:
        """Stored value sold and paid out; returns what of the ticket's total is that. No supply was made, so it is in no class of tax."""
        value = untaxed = 0
        for line in transaction.lines:
            if line.item_id in VALUE_ITEMS:
                minor = line.net.minor
                is_sold = line.is_return == (sign < 0)
                _count(self.tallies["value_sold" if is_sold else "value_refunded"], sign, abs(minor) * sign)
                value += minor
                untaxed += minor if line.tax_class is TaxClass.EXEMPT else 0
        if untaxed:
            _count(self.taxes[TaxClass.EXEMPT, 0], -untaxed, 0)
        return value

    def _add_goods(self, transaction: RetailTransaction, sign: int, total: int) -> None:
        """``total`` is the ticket's without the stored value on it."""
        who = self.operators[transaction.header.operator_id]
        goods = [line for line in transaction.lines if line.item_id not in VALUE_ITEMS]
        sold = sum([line.net.minor for line in goods if line.is_return == (sign < 0)])
        back = total - sold
        has_sold = any(line.is_return == (sign < 0) for line in goods)
        has_back = any(line.is_return == (sign > 0) for line in goods)
        if has_sold:
            # A voided sale is a customer who was not served after all.
            _count(self.tallies["tickets"], sign, total)
            if transaction.member_id is not None:
                _count(self.tallies["member_tickets"], sign, total)
            _count(who["tickets"], sign, total)
        if sign < 0:
            _count(self.tallies["voids"], 1, total)
            _count(who["voids"], 1, total)
            return
        if has_sold:
            _count(self.tallies["sales"], 1, sold)
        if has_back:
            _count(self.tallies["returns"], 1, back)
            _count(who["returns"], 1, back)

    def _add_discounts(self, transaction: RetailTransaction, sign: int) -> None:
        answers = {approval.right: approval.approved_by for approval in transaction.approvals}
        operator_id = transaction.header.operator_id
        who = self.operators[operator_id]
        for line in transaction.lines:
            for modifier in line.modifiers:
                minor = modifier.amount.minor
                _count(self.discounts[modifier.kind], sign, minor)
                right = DISCOUNT_RIGHTS.get(modifier.kind)
                if right is not None:
                    _count(self.approvers[answers.get(right, operator_id)], sign, minor)
                    _count(who["discounts"], sign, minor)
            if line.price_source is PriceSource.OVERRIDE:
                minor = line.gross.minor - extend(line.list_price.minor, line.quantity)
                _count(self.tallies["overrides"], sign, minor)
                _count(self.approvers[answers.get(Right.PRICE_OVERRIDE, operator_id)], sign, minor)
                _count(who["discounts"], sign, minor)

    def _add_tenders(self, transaction: RetailTransaction) -> None:
        for tender in transaction.tenders:
            if tender.amount.minor > 0:
                _count(self.received[tender.kind], 1, tender.amount.minor)
            elif tender.amount.minor < 0:
                _count(self.refunded[tender.kind], 1, -tender.amount.minor)
        change = transaction.change.minor
        if change:
            self.received[TenderKind.CASH][1] -= change
            self.sums["change_minor"] += change
        self.sums["rounding_minor"] += transaction.rounding.minor

    def settlement(self, opening_float_minor: int) -> Settlement:
        tallies = {name: Tally(*pair) for name, pair in self.tallies.items()}
        operators = {
            operator_id: OperatorSum(**{name: Tally(*pair) for name, pair in sums.items()})
            for operator_id, sums in self.operators.items()
        }
        tenders = {
            kind: TenderSum(Tally(*self.received[kind]), Tally(*self.refunded[kind]))
            for kind in {*self.received, *self.refunded}
        }
        parts: dict[str, Any] = {**self.sums, **tallies}
        return Settlement(
            currency=self.currency,
            opening_float_minor=opening_float_minor,
            discounts=_tidy({kind: Tally(*pair) for kind, pair in self.discounts.items()}),
            discounts_by_approver=_tidy({who: Tally(*pair) for who, pair in self.approvers.items()}),
            approvals=_tidy(self.approvals),
            taxes=_tidy({key: TaxSum(*pair) for key, pair in self.taxes.items()}),
            tenders=_tidy(tenders),
            operators=_tidy(operators),
            first_receipt=self.first,
            last_receipt=self.last,
            **parts,
        )


def _pair() -> list[int]:
    return [0, 0]


def _count(pair: list[int], count: int, minor: int) -> None:
    pair[0] += count
    pair[1] += minor
