"""The office's list at a till: whole versions, in any order, without rewriting what a thing cost yesterday."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.ids import CategoryId, ItemId
from app.domain.item import ItemRecord, Tile
from app.service import catalogue_documents as documents
from app.service.exchange_ports import Incoming
from app.service.ports import Category
from sync.protocol import document_hash
from sync.server.office import put_document
from tests.builders import OCCURRED_AT, uuid
from tests.db.exchange_world import Till, World
from tests.db.tills import rows
from tests.sync.server.tills import TENANT

DRINKS = Category(CategoryId(uuid(301)), "飲料", None, "D")
TEA = ItemRecord(ItemId(uuid(311)), "T1", "紅茶", 30, category_id=DRINKS.id, barcodes=("4710001",), plu="7")
MILK = ItemRecord(ItemId(uuid(312)), "M1", "鮮奶", 90)
TILES = (Tile(0, 1, TEA.id, "紅", "red"),)
LATER = OCCURRED_AT + 86_400_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, 2)
    yield made
    made.close()


def body(*items: ItemRecord, prices_from: int = OCCURRED_AT) -> bytes:
    return documents.items_to_bytes(documents.ItemsDocument(items, prices_from))


def step(feed_seq: int, name: str, version: int, data: bytes) -> Incoming:
    return Incoming(
        feed_seq,
        f"doc:{name}",
        uuid(900 + feed_seq).bytes,
        b"",
        0,
        version,
        0,
        document_hash(name, version, data),
        data,
    )


def take(till: Till, *steps: Incoming, at: int = OCCURRED_AT) -> int:
    if till.exchange.state().server == 0:
        till.exchange.fill(1_000, "", 0, (), after=0, at=at)
    return till.exchange.take_in(1_000, steps, last=steps[-1].feed_seq, at=at).problems


def test_a_list_that_the_office_published_is_sold_from_at_every_till(world: World) -> None:
    names = documents.catalogue_documents([DRINKS], [TEA, MILK], TILES, [], prices_from=OCCURRED_AT)
    for number, (name, data) in enumerate(names):
        world.database.run(
            TENANT,
            lambda db, name=name, data=data, number=number: put_document(  # type: ignore[misc]
                db, TENANT, uuid(500 + number), name, data, now=world.now
            ),
        )
    first, second = world.tills
    world.drain([first])
    world.fill(second)
    for till in world.tills:
        item = till.store.catalogue.by_barcode("4710001", OCCURRED_AT)
        assert item is not None
        assert (item.name, item.price.minor, item.category_path) == ("紅茶", 30, (DRINKS.id,))
        assert till.store.catalogue.tiles() == TILES
        assert world.different(till) == ()


def test_the_newest_version_stands_whatever_comes_after_it(world: World) -> None:
    till, name = world.tills[0], documents.items_name(0)
    take(till, step(1, name, 2, body(replace(MILK, price=95))))
    take(till, step(2, name, 1, body(MILK)))
    item = till.store.catalogue.by_sku("M1", LATER)
    assert item is not None
    assert item.price.minor == 95


def test_a_price_that_changes_never_changes_its_past(world: World) -> None:
    till, name = world.tills[0], documents.items_name(0)
    take(till, step(1, name, 1, body(MILK)))
    take(till, step(2, name, 2, body(replace(MILK, price=95))), at=LATER)
    before, after = (till.store.catalogue.by_sku("M1", at) for at in (LATER - 1, LATER))
    assert before is not None
    assert after is not None
    assert (before.price.minor, after.price.minor) == (90, 95)


def test_goods_wait_for_their_categories_and_keys_for_their_goods(world: World) -> None:
    till = world.tills[0]
    tiles, items = documents.tiles_to_bytes(TILES), body(TEA)
    assert take(till, step(1, documents.TILES, 1, tiles), step(2, documents.items_name(0), 1, items)) == 2
    assert till.store.catalogue.by_sku("T1", OCCURRED_AT) is None
    assert take(till, step(3, documents.CATEGORIES, 1, documents.categories_to_bytes([DRINKS]))) == 0
    assert till.store.catalogue.tiles() == TILES
    assert rows(till.store, "SELECT length(body) FROM server_document") == [(0,), (0,), (0,)]


def test_a_document_that_cannot_be_read_is_kept_and_stops_nothing(world: World) -> None:
    till = world.tills[0]
    assert (
        take(
            till, step(1, documents.items_name(0), 1, b"{}"), step(2, documents.items_name(1), 1, body(MILK))
        )
        == 1
    )
    assert till.store.catalogue.by_sku("M1", OCCURRED_AT) is not None
    assert rows(till.store, "SELECT problem FROM server_document ORDER BY name") == [
        ("record_damaged",),
        ("",),
    ]
    assert (
        take(till, step(3, documents.items_name(0), 2, body(replace(MILK, id=ItemId(uuid(313)), sku="M2"))))
        == 0
    )


def test_what_the_till_had_under_the_same_signs_makes_room(world: World) -> None:
    till = world.tills[0]
    own = replace(TEA, id=ItemId(uuid(320)), category_id=None, name="自己的紅茶")
    with till.store.begin() as work:
        work.put_items([own], changed_at=OCCURRED_AT, prices_from=OCCURRED_AT)
        work.commit()
    assert take(till, step(1, documents.items_name(0), 1, body(replace(TEA, category_id=None)))) == 0
    found = till.store.catalogue.by_barcode("4710001", OCCURRED_AT)
    assert found is not None
    assert found.id == TEA.id
    older = till.store.catalogue.by_id(own.id, OCCURRED_AT)
    assert older is not None, "it was sold and may still come back"
