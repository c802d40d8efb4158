"""What the shop sells. An :class:`Item` is the catalogue's answer at one instant: its price is already the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.ids import CategoryId, ItemId
from app.domain.money import Money


class Unit(StrEnum):
    """How an item is counted. Kilogram items carry a weight in thousandths (grams)."""

    EACH = "each"
    KILOGRAM = "kg"


class TaxClass(StrEnum):
    """Taiwan's three kinds of supply: 應稅 (included in the price), 零稅率, 免稅."""

    TAXABLE = "taxable"
    ZERO_RATED = "zero"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Item:
    """One item with the prices in force when it was looked up.

    ``category_path`` runs from the root to the leaf. ``price_version`` names the row of the price list, and is kept on the sale so
    that the price can be traced later. An open-price item has no price until the cashier keys one.
    """

    id: ItemId
    sku: str
    name: str
    unit: Unit
    tax_class: TaxClass
    category_path: tuple[CategoryId, ...]
    price: Money
    member_price: Money | None
    price_version: int
    is_open_price: bool = False
    is_discountable: bool = True
    earns_points: bool = True

    def __post_init__(self) -> None:
        assert self.price.minor >= 0
        assert self.member_price is None or self.member_price.minor >= 0


@dataclass(frozen=True, slots=True)
class ItemHit:
    """One row of an item search: enough to show and to choose."""

    id: ItemId
    sku: str
    name: str
    price: Money
    member_price: Money | None
    unit: Unit


@dataclass(frozen=True, slots=True)
class Tile:
    """A quick key on the sale screen: ``page`` and ``position`` place it, ``colour`` is a name of the theme's palette."""

    page: int
    position: int
    item_id: ItemId
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An item as the shop's list keeps it: everything that an editor or an import may set.

    Prices are minor units; ``price`` and ``member_price`` are the regular ones (a dated special beside them is not touched).
    """

    id: ItemId
    sku: str
    name: str
    price: int
    member_price: int | None = None
    unit: Unit = Unit.EACH
    tax_class: TaxClass = TaxClass.TAXABLE
    category_id: CategoryId | None = None
    barcodes: tuple[str, ...] = ()
    plu: str = ""
    cost: int | None = None
    is_open_price: bool = False
    is_discountable: bool = True
    earns_points: bool = True
    is_active: bool = True

    def __post_init__(self) -> None:
        assert self.sku
        assert self.name
        assert self.price >= 0
        assert self.member_price is None or self.member_price >= 0
