"""The basket in progress: what the cashier has entered, before it is priced.

Every change returns a new basket; nothing here knows prices beyond the ones pinned when a line was entered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.authority import Approval
from app.domain.errors import Refused
from app.domain.ids import BasketId
from app.domain.item import Item
from app.domain.loyalty.coupon import BasketCoupon
from app.domain.loyalty.coupon_benefit import Token
from app.domain.loyalty.moves import GiftTaken
from app.domain.loyalty.stamps import StampReward
from app.domain.member import MemberCard
from app.domain.money import Money
from app.domain.quantity import QUANTITY_MAX
from app.domain.tender import Tender
from app.domain.transaction import ReturnOf

LINES_MAX = 500


class DiscountKind(StrEnum):
    PERCENT = "percent"  # value in hundredths of a percent
    AMOUNT = "amount"  # value in minor units taken off
    PRICE = "price"  # value is the new unit price in minor units


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount or price that a person decided, with their reason."""

    kind: DiscountKind
    value: int
    reason: str = ""

    def __post_init__(self) -> None:
        assert self.value >= 0
        assert self.kind is not DiscountKind.PERCENT or self.value <= 10_000


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """What comes back for a return line. ``refund`` (positive) is exactly what was paid for this quantity."""

    refund: Money
    of: ReturnOf | None
    points_earned: int = 0  # earned with these goods, to be taken back
    points_spent: int = 0  # spent on these goods, to be given back


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One entry. ``quantity`` is positive thousandths also for a return; ``label_amount`` is a price read from the barcode.

    ``gift_of`` is the source of the coupon or reward that put this line here as a free gift.
    """

    number: int
    item: Item
    quantity: int
    barcode: str = ""
    open_price: Money | None = None
    label_amount: Money | None = None
    discount: Discount | None = None
    note: str = ""
    return_terms: ReturnTerms | None = None
    is_void: bool = False
    gift_of: str = ""

    def __post_init__(self) -> None:
        assert 0 < self.quantity <= QUANTITY_MAX
        assert self.open_price is None or self.open_price.minor >= 0

    @property
    def is_return(self) -> bool:
        return self.return_terms is not None

    def merges_with(self, other: BasketLine) -> bool:
        """Whether scanning ``other`` only raises this line's quantity."""
        plain = all(
            line.open_price is None
            and line.label_amount is None
            and line.discount is None
            and not line.note
            and not line.gift_of
            and line.return_terms is None
            and not line.is_void
            for line in (self, other)
        )
        return plain and self.item == other.item and self.item.unit == "each"


@dataclass(frozen=True, slots=True)
class Basket:
    """All entries of one customer, with the member if there is one and the tenders taken so far.

    ``gifts`` are had for points with this sale; negative ones come back with a return.
    """

    id: BasketId
    opened_at: int
    lines: tuple[BasketLine, ...] = ()
    member: MemberCard | None = None
    is_new_member: bool = False
    discount: Discount | None = None
    tenders: tuple[Tender, ...] = ()
    approvals: tuple[Approval, ...] = ()
    note: str = ""
    coupons: tuple[BasketCoupon, ...] = ()
    rewards: tuple[StampReward, ...] = ()
    gifts: tuple[GiftTaken, ...] = ()

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Every coupon and stamp reward laid on the counter."""
        return (*[one.token for one in self.coupons], *[one.token for one in self.rewards])

    @property
    def live_lines(self) -> tuple[BasketLine, ...]:
        return tuple(line for line in self.lines if not line.is_void)

    @property
    def is_empty(self) -> bool:
        """Nothing that would be lost: no live line and no tender (a member alone is not a sale)."""
        return not self.live_lines and not self.tenders

    def without_token(self, source: str) -> Basket:
        """Without this coupon or reward, and without the gift it put here."""
        return replace(
            self,
            lines=tuple(
                replace(line, is_void=True) if line.gift_of == source else line for line in self.lines
            ),
            coupons=tuple(one for one in self.coupons if one.token.source != source),
            rewards=tuple(one for one in self.rewards if one.source != source),
        )

    def line(self, number: int) -> BasketLine:
        return next(line for line in self.lines if line.number == number)

    def add(self, line: BasketLine, *, merge: bool = True) -> Basket:
        """The basket with this entry; a plain repeat of the last line raises its quantity instead.

        ``line.number`` is ignored: the basket numbers its lines 1, 2, 3… and never uses a number again.
        """
        if merge and self.lines and self.lines[-1].merges_with(line):
            return self.with_quantity(self.lines[-1].number, self.lines[-1].quantity + line.quantity)
        if len(self.lines) >= LINES_MAX:
            raise Refused("basket_full", lines_max=LINES_MAX)
        return replace(self, lines=(*self.lines, replace(line, number=len(self.lines) + 1)))

    def with_line(self, changed: BasketLine) -> Basket:
        return replace(
            self, lines=tuple(changed if line.number == changed.number else line for line in self.lines)
        )

    def with_quantity(self, number: int, quantity: int) -> Basket:
        if not 0 < quantity <= QUANTITY_MAX:
            raise Refused("quantity_out_of_range", quantity_max=QUANTITY_MAX // 1000)
        return self.with_line(replace(self.line(number), quantity=quantity))

    def void_line(self, number: int) -> Basket:
        """The line stays in the record of what happened, and counts for nothing."""
        return self.with_line(replace(self.line(number), is_void=True))
