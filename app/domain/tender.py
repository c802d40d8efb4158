"""What settles a total. Only cash gives change; a refund is a tender with a negative amount."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.money import Money


class TenderKind(StrEnum):
    CASH = "cash"
    CARD = "card"
    VOUCHER = "voucher"
    STORE_CREDIT = "store_credit"
    POINTS = "points"
    STORED_VALUE = "stored_value"  # from the member's own account
    GIFT_CARD = "gift_card"


@dataclass(frozen=True, slots=True)
class Tender:
    """One payment. ``amount`` is what was handed over (negative: given back); points carry their number as well.

    A refund of points may round to no point at all; its amount still counts, so that all refunds together are exact.

    ``reference`` holds the approval code of the card terminal or the number of the voucher, never a card number.
    """

    number: int
    kind: TenderKind
    amount: Money
    reference: str = ""
    points: int = 0

    def __post_init__(self) -> None:
        assert self.number >= 1
        assert self.points == 0 or self.kind is TenderKind.POINTS
