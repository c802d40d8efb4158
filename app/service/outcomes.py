"""What happened at the checkout, for the screen to show. One value per kind of answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.item import Item, ItemHit
from app.domain.member import Member, MemberCard
from app.domain.money import Money
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction

if TYPE_CHECKING:
    from app.service.value_desk import Holding


@dataclass(frozen=True, slots=True)
class LineAdded:
    """``number`` is the line that was added or raised."""

    number: int
    item: Item


@dataclass(frozen=True, slots=True)
class QuantitySet:
    """The next item comes in this quantity."""

    thousandths: int


@dataclass(frozen=True, slots=True)
class MemberAttached:
    card: MemberCard
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class MemberOffered:
    """An unknown number: one Enter makes the member. ``near`` are active members whose number differs by one slip."""

    phone: str
    near: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class ItemsFound:
    hits: tuple[ItemHit, ...]
    text: str


@dataclass(frozen=True, slots=True)
class PriceAsked:
    """An open-price item: the cashier keys its price."""

    item: Item
    quantity: int
    barcode: str


@dataclass(frozen=True, slots=True)
class WeightAsked:
    """A weighed item without a weight."""

    item: Item
    barcode: str


@dataclass(frozen=True, slots=True)
class ReceiptFound:
    transaction: RetailTransaction


@dataclass(frozen=True, slots=True)
class TotalShown:
    due: Money


@dataclass(frozen=True, slots=True)
class TenderTaken:
    kind: TenderKind
    due: Money


@dataclass(frozen=True, slots=True)
class ReadyToComplete:
    """The money covers the total: the screen commits now."""


@dataclass(frozen=True, slots=True)
class CouponApplied:
    """A coupon or stamp reward that takes ``off`` this much; of one that promises something in words, nothing."""

    source: str
    name: str
    off: Money


@dataclass(frozen=True, slots=True)
class CouponWaiting:
    """It lies on the counter and does nothing yet. ``error.<why_not>`` says what is missing (還差 NT$120), with these fields.

    A coupon that nothing in this basket could help (expired, used, another member's) is refused with the same sentences.
    """

    source: str
    name: str
    why_not: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class GiftCardRead:
    """A gift card that was scanned before money is taken: what it holds, or that it was never sold."""

    code: str = field(repr=False)
    holding: Holding | None = None


@dataclass(frozen=True, slots=True)
class NothingHappened:
    pass


Outcome = (
    LineAdded
    | QuantitySet
    | MemberAttached
    | MemberOffered
    | ItemsFound
    | PriceAsked
    | WeightAsked
    | ReceiptFound
    | TotalShown
    | TenderTaken
    | ReadyToComplete
    | CouponApplied
    | CouponWaiting
    | GiftCardRead
    | NothingHappened
)
