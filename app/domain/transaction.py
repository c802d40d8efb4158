"""Completed transactions. Values here are facts: a correction is a new transaction that refers to the old one.

    Transaction
    ├── RetailTransaction     sale, return (or both on one ticket: an exchange) and post-void
    └── ControlTransaction    no-sale, paid in, paid out, shift open, shift close

Amounts of a return line are negative, as is its quantity, so that every total is a plain sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.authority import Approval
from app.domain.ids import CategoryId, ItemId, MemberId, OperatorId, ShiftId, TransactionId
from app.domain.item import TaxClass, Unit
from app.domain.ledger import LedgerEntry
from app.domain.loyalty.moves import NO_MOVES, Moves
from app.domain.money import Money
from app.domain.tender import Tender, TenderKind


class TransactionKind(StrEnum):
    SALE = "sale"  # also an exchange: sale and return lines on one ticket
    RETURN = "return"  # return lines only
    POST_VOID = "post_void"
    NO_SALE = "no_sale"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    SHIFT_OPEN = "shift_open"
    SHIFT_CLOSE = "shift_close"


class PriceSource(StrEnum):
    """Where a line's unit price came from."""

    REGULAR = "regular"
    MEMBER = "member"
    OVERRIDE = "override"
    LABEL = "label"  # the price stood in the barcode
    OPEN = "open"  # keyed by the cashier
    RETURNED = "returned"  # what was paid for it


class ModifierKind(StrEnum):
    # Of some units of the line, while others have a promotion on the regular price.
    MEMBER_PRICE = "member_price"
    PROMOTION = "promotion"
    LINE_DISCOUNT = "line_discount"
    BASKET_DISCOUNT = "basket_discount"
    COUPON = "coupon"  # ``source`` is the coupon's id


@dataclass(frozen=True, slots=True)
class Modifier:
    """One step from the gross amount of a line to its net: this line's allocated share. Negative takes money off."""

    kind: ModifierKind
    label: str
    amount: Money
    source: str = ""  # the promotion's id, or ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnOf:
    """Which sold line came back. Without a receipt there is no original line."""

    transaction_id: TransactionId
    line_number: int
    receipt_number: str


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line item as sold. ``gross`` is unit price × quantity; ``net`` is what was paid for it after every discount.

    ``net == gross + sum(modifier amounts)`` always, so a return gives back exactly what was paid.
    """

    number: int
    item_id: ItemId
    sku: str
    name: str
    barcode: str
    unit: Unit
    quantity: int
    list_price: Money
    unit_price: Money
    price_source: PriceSource
    price_version: int
    gross: Money
    modifiers: tuple[Modifier, ...]
    net: Money
    tax_class: TaxClass
    category_id: CategoryId | None
    earns_points: bool
    note: str = ""
    return_of: ReturnOf | None = None
    is_return: bool = False

    def __post_init__(self) -> None:
        assert self.quantity != 0
        assert (self.quantity < 0) == self.is_return
        assert self.return_of is None or self.is_return
        assert self.gross.minor + sum(m.amount.minor for m in self.modifiers) == self.net.minor

    @property
    def discount(self) -> Money:
        """What was taken off, as a negative amount."""
        return self.net - self.gross


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """Tax of one class over the whole transaction. ``gross`` includes ``tax``; ``rate`` is in hundredths of a percent."""

    tax_class: TaxClass
    rate: int
    gross: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class PointsEffect:
    """What a transaction does to its member's points. A return takes earned points back and gives spent ones back.

    ``earned`` and ``spent`` are signed: a sale earns ≥ 0 and spends ≥ 0, a return's are ≤ 0. ``rule_version`` names the rule used.
    ``taken_back`` (≥ 0) is the part of ``earned`` that return lines took away, so that an exchange still tells what its new goods earned.
    ``by_line`` tells what each sold line earned, (line number, points), where that is not its share of what was paid; empty: it is.
    """

    earned: int = 0
    spent: int = 0
    rule_version: int = 0
    taken_back: int = 0
    by_line: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        assert not self.by_line or sum(points for _, points in self.by_line) == self.earned_by_goods

    @property
    def earned_by_goods(self) -> int:
        """What the goods sold here earned, before anything was taken back."""
        return self.earned + self.taken_back


@dataclass(frozen=True, slots=True)
class Header:
    """What every transaction says about itself. ``counter`` counts this incarnation of the till, without gaps.

    ``occurred_at`` is UTC in milliseconds; ``utc_offset_minutes`` is kept so that the paper can be printed again as it was.
    """

    id: TransactionId
    kind: TransactionKind
    receipt_number: str
    counter: int
    shift_id: ShiftId
    operator_id: OperatorId
    business_date: date
    occurred_at: int
    utc_offset_minutes: int
    currency: str
    is_training: bool = False


@dataclass(frozen=True, slots=True)
class RetailTransaction:
    """A sale, return, exchange or post-void. Total = lines = tenders − change (− rounding).

    ``entries`` are what it posts in the ledger of points, in their order: they happen with it, on its day, and have no fact of their own.
    """

    header: Header
    lines: tuple[SaleLine, ...]
    tenders: tuple[Tender, ...]
    total: Money
    change: Money
    rounding: Money
    taxes: tuple[TaxTotal, ...]
    member_id: MemberId | None = None
    is_new_member: bool = False
    points: PointsEffect = PointsEffect()
    approvals: tuple[Approval, ...] = ()
    voids: TransactionId | None = None
    note: str = ""
    moves: Moves = NO_MOVES
    entries: tuple[LedgerEntry, ...] = ()

    def __post_init__(self) -> None:
        assert sum(line.net.minor for line in self.lines) == self.total.minor
        assert (
            sum(t.amount.minor for t in self.tenders) - self.change.minor
            == self.total.minor + self.rounding.minor
        )
        assert sum(tax.gross.minor for tax in self.taxes) == self.total.minor
        # Change comes from cash: never more of it than cash was handed over.
        assert self.change.minor >= 0
        assert self.change.minor == 0 or self.change.minor <= self.paid_by(TenderKind.CASH).minor

    def paid_by(self, kind: TenderKind) -> Money:
        """What was handed over in this kind of tender, change not taken off."""
        return Money(sum(t.amount.minor for t in self.tenders if t.kind is kind), self.total.currency)

    @property
    def is_return_only(self) -> bool:
        return all(line.is_return for line in self.lines)


@dataclass(frozen=True, slots=True)
class ShiftTotals:
    """What a closing found: the drawer against the books. ``counts`` are (denomination in minor units, pieces).

    ``kept`` stays in the drawer as the next float; the rest of what was counted goes to the bank.
    """

    z_number: int
    opening_float: Money
    expected: Money
    counted: Money
    counts: tuple[tuple[int, int], ...]
    reason: str
    kept: Money | None = None

    @property
    def over_short(self) -> Money:
        return self.counted - self.expected

    @property
    def to_bank(self) -> Money:
        return self.counted if self.kept is None else self.counted - self.kept


@dataclass(frozen=True, slots=True)
class ControlTransaction:
    """Something that happened to the drawer without goods. ``amount`` is cash in (positive) or out (negative).

    Shift open: the float. Shift close: zero, with ``totals``; the cash stays in the books of the shift.
    """

    header: Header
    amount: Money
    reason: str = ""
    note: str = ""
    approvals: tuple[Approval, ...] = ()
    totals: ShiftTotals | None = None

    def __post_init__(self) -> None:
        assert (self.totals is not None) == (self.header.kind is TransactionKind.SHIFT_CLOSE)


Transaction = RetailTransaction | ControlTransaction
