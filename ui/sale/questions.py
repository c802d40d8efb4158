"""What the one line may ask before it goes on: a price, a weight, a quantity, a number of points.

A question takes the next Enter; Esc drops it. The answer is parsed here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import Refused
from app.domain.item import Item
from app.domain.money import Currency, parse_amount
from app.domain.phone import fold_digits
from app.domain.quantity import parse_quantity
from app.service.points_desk import PointsOffer


@dataclass(frozen=True, slots=True)
class AskOpenPrice:
    item: Item
    quantity: int
    barcode: str


@dataclass(frozen=True, slots=True)
class AskWeight:
    item: Item
    barcode: str


@dataclass(frozen=True, slots=True)
class AskQuantity:
    """How many of a line that is in the basket already."""

    line_number: int
    name: str


@dataclass(frozen=True, slots=True)
class AskPoints:
    """How many points pay; an empty answer takes the offer."""

    offer: PointsOffer


Question = AskOpenPrice | AskWeight | AskQuantity | AskPoints


def amount_from(text: str, currency: Currency) -> int:
    """Minor units. Raises Refused("price_negative" | "amount_unreadable")."""
    folded = fold_digits(text)
    if folded.startswith("-"):
        raise Refused("price_negative")
    amount = parse_amount(folded, currency)
    if amount is None:
        raise Refused("amount_unreadable", text=text[:32])
    return amount


def quantity_from(text: str) -> int:
    """Thousandths. Raises Refused("quantity_unreadable")."""
    quantity = parse_quantity(fold_digits(text).rstrip("*"))
    if quantity is None:
        raise Refused("quantity_unreadable", text=text[:32])
    return quantity


def points_from(text: str) -> int:
    """A whole number of points. Raises Refused("amount_unreadable")."""
    folded = fold_digits(text)
    if not (folded.isascii() and folded.isdigit() and len(folded) <= 9):
        raise Refused("amount_unreadable", text=text[:32])
    return int(folded)
