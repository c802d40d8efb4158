"""A shop's list goes through the server's documents and comes out the same; what is damaged or newer is said to be."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId, PromotionId
from app.domain.item import ItemRecord, TaxClass, Tile, Unit
from app.domain.promotion import Promotion, PromotionKind
from app.service import catalogue_documents as documents
from app.service.ports import Category
from tests.builders import uuid

DRINKS = Category(CategoryId(uuid(1)), "飲料", None, "D")
TEA = Category(CategoryId(uuid(2)), "茶", DRINKS.id, "")
PLAIN = ItemRecord(ItemId(uuid(3)), "A1", "紅茶", 30)
RICH = ItemRecord(
    ItemId(uuid(4)), "A2", "茶葉", 1200, 1100, Unit.KILOGRAM, TaxClass.EXEMPT, TEA.id, ("4710001", "4710002"), "77", 640,
    is_open_price=True, is_discountable=False, earns_points=False, is_active=False,
)  # fmt: skip


def test_categories_items_and_quick_keys_come_out_as_they_went_in() -> None:
    assert documents.categories_from_bytes(documents.categories_to_bytes([DRINKS, TEA])) == (DRINKS, TEA)
    items = documents.ItemsDocument((PLAIN, RICH), 1_700_000_000_000)
    assert documents.items_from_bytes(documents.items_to_bytes(items)) == items
    tiles = (Tile(0, 3, PLAIN.id, "紅", "red"),)
    assert documents.tiles_from_bytes(documents.tiles_to_bytes(tiles)) == tiles


def test_promotions_come_out_as_they_went_in() -> None:
    one = Promotion(
        id=PromotionId(uuid(5)), code="TEA", name="茶 9 折", kind=PromotionKind.PERCENT, value=1000,
        starts_on=date(2026, 10, 1),
    )  # fmt: skip
    assert documents.promotions_from_bytes(documents.promotions_to_bytes([one])) == (one,)


def test_a_long_list_is_cut_into_documents_of_a_named_size() -> None:
    items = [ItemRecord(ItemId(uuid(100 + number)), f"S{number:05d}", "貨", 10) for number in range(1_001)]
    made = dict(documents.catalogue_documents([DRINKS], items, [], [], prices_from=5))
    names = [name for name in made if name.startswith(documents.ITEMS)]
    assert names == ["catalogue/items/0000", "catalogue/items/0001", "catalogue/items/0002"]
    read = [documents.items_from_bytes(made[name]) for name in names]
    assert [item for one in read for item in one.items] == items
    assert {one.prices_from for one in read} == {5}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"format":2,"items":[],"from":1}', "record_newer"),
        (b'{"format":1,"items":[{}],"from":1}', "record_damaged"),
        (b'{"format":1}', "record_damaged"),
        (b"\xff", "record_damaged"),
        (b"[]", "record_damaged"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, code: str) -> None:
    for read in (
        documents.items_from_bytes,
        documents.categories_from_bytes,
        documents.tiles_from_bytes,
        documents.promotions_from_bytes,
    ):
        with pytest.raises(Refused) as caught:
            read(body)
        assert caught.value.code == code
