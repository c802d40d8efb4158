"""The catalogue as documents of the central server: what a shop's list is published as, and what each till makes of it.

    catalogue/categories     all of them, parents first
    catalogue/items/0000 …   at most ITEMS_PER_DOCUMENT items each
    catalogue/tiles          all quick keys
    catalogue/promotions     all promotions

Each is canonical JSON and whole: a newer version takes the place of an older one. Prices say from when they count; a till never lets one
count from before it heard of it, so that no price's past is rewritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.domain.chain import canonical_bytes
from app.domain.codec_parts import DAMAGE, Plain, text, whole
from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId
from app.domain.item import ItemRecord, TaxClass, Tile, Unit
from app.domain.promotion import Promotion
from app.domain.promotion import from_plain as promotion_from_plain
from app.domain.promotion import to_plain as promotion_to_plain
from app.service.ports import Category

FORMAT: Final = 1
ITEMS_PER_DOCUMENT: Final = 500
CATEGORIES: Final = "catalogue/categories"
ITEMS: Final = "catalogue/items/"
TILES: Final = "catalogue/tiles"
PROMOTIONS: Final = "catalogue/promotions"


@dataclass(frozen=True, slots=True)
class ItemsDocument:
    """``prices_from``: UTC milliseconds from which prices that are new count."""

    items: tuple[ItemRecord, ...]
    prices_from: int


def catalogue_documents(
    categories: Sequence[Category],
    items: Iterable[ItemRecord],
    tiles: Sequence[Tile],
    promotions: Sequence[Promotion],
    *,
    prices_from: int,
) -> Iterator[tuple[str, bytes]]:
    """(name, body) of every document, in the order in which they are best published."""
    yield CATEGORIES, categories_to_bytes(categories)
    own: list[ItemRecord] = []
    number = 0
    for item in items:
        own.append(item)
        if len(own) == ITEMS_PER_DOCUMENT:
            yield items_name(number), items_to_bytes(ItemsDocument(tuple(own), prices_from))
            own, number = [], number + 1
    if own:
        yield items_name(number), items_to_bytes(ItemsDocument(tuple(own), prices_from))
    yield TILES, tiles_to_bytes(tiles)
    yield PROMOTIONS, promotions_to_bytes(promotions)


def items_name(number: int) -> str:
    """``catalogue/items/0007``."""
    return f"{ITEMS}{number:04d}"


def categories_to_bytes(categories: Sequence[Category]) -> bytes:
    rows = [
        [one.id.hex, one.code, one.name, None if one.parent_id is None else one.parent_id.hex]
        for one in categories
    ]
    return _body(categories=rows)


def categories_from_bytes(body: bytes) -> tuple[Category, ...]:
    """Raises Refused: "record_newer", "record_damaged"."""
    try:
        return tuple(
            Category(
                CategoryId(UUID(own)),
                text(name),
                None if parent is None else CategoryId(UUID(parent)),
                text(code),
            )
            for own, code, name, parent in _plain(body)["categories"]
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def items_to_bytes(document: ItemsDocument) -> bytes:
    assert len(document.items) <= ITEMS_PER_DOCUMENT
    return _body(items=[_item_to_plain(item) for item in document.items], **{"from": document.prices_from})


def items_from_bytes(body: bytes) -> ItemsDocument:
    """Raises Refused: "record_newer", "record_damaged"."""
    try:
        plain = _plain(body)
        assert len(plain["items"]) <= ITEMS_PER_DOCUMENT
        return ItemsDocument(tuple(_item_from_plain(item) for item in plain["items"]), whole(plain["from"]))
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def tiles_to_bytes(tiles: Sequence[Tile]) -> bytes:
    return _body(tiles=[[one.page, one.position, one.item_id.hex, one.label, one.colour] for one in tiles])


def tiles_from_bytes(body: bytes) -> tuple[Tile, ...]:
    """Raises Refused: "record_newer", "record_damaged"."""
    try:
        return tuple(
            Tile(whole(page), whole(position), ItemId(UUID(item)), text(label), text(colour))
            for page, position, item, label, colour in _plain(body)["tiles"]
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def promotions_to_bytes(promotions: Sequence[Promotion]) -> bytes:
    return _body(promotions=[promotion_to_plain(one) for one in promotions])


def promotions_from_bytes(body: bytes) -> tuple[Promotion, ...]:
    """Raises Refused: "record_newer", "record_damaged"."""
    try:
        return tuple(promotion_from_plain(one) for one in _plain(body)["promotions"])
    except (Refused, *DAMAGE) as error:
        if isinstance(error, Refused) and error.code == "record_newer":
            raise
        raise Refused("record_damaged") from error


def _item_to_plain(item: ItemRecord) -> Plain:
    plain: Plain = {"id": item.id.hex, "sku": item.sku, "name": item.name, "price": item.price}
    if item.member_price is not None:
        plain["member_price"] = item.member_price
    if item.unit is not Unit.EACH:
        plain["unit"] = item.unit._value_
    if item.tax_class is not TaxClass.TAXABLE:
        plain["tax"] = item.tax_class._value_
    if item.category_id is not None:
        plain["category"] = item.category_id.hex
    if item.barcodes:
        plain["codes"] = list(item.barcodes)
    if item.plu:
        plain["plu"] = item.plu
    if item.cost is not None:
        plain["cost"] = item.cost
    flags = ("is_open_price", False), ("is_discountable", True), ("earns_points", True), ("is_active", True)
    return plain | {
        name: getattr(item, name) for name, default in flags if getattr(item, name) is not default
    }


def _item_from_plain(plain: Plain) -> ItemRecord:
    category, member_price, cost = plain.get("category"), plain.get("member_price"), plain.get("cost")
    return ItemRecord(
        id=ItemId(UUID(plain["id"])),
        sku=text(plain["sku"]),
        name=text(plain["name"]),
        price=whole(plain["price"]),
        member_price=None if member_price is None else whole(member_price),
        unit=Unit(plain.get("unit", Unit.EACH)),
        tax_class=TaxClass(plain.get("tax", TaxClass.TAXABLE)),
        category_id=None if category is None else CategoryId(UUID(category)),
        barcodes=tuple(text(code) for code in plain.get("codes", ())),
        plu=text(plain.get("plu", "")),
        cost=None if cost is None else whole(cost),
        is_open_price=plain.get("is_open_price", False) is True,
        is_discountable=plain.get("is_discountable", True) is True,
        earns_points=plain.get("earns_points", True) is True,
        is_active=plain.get("is_active", True) is True,
    )


def _body(**parts: object) -> bytes:
    return canonical_bytes({"format": FORMAT, **parts})


def _plain(body: bytes) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(body)
    if whole(plain["format"]) > FORMAT:
        raise Refused("record_newer")
    return plain
