"""Looking goods up and finding them: by code, at a price that has dates, by any part of a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.ids import CategoryId, ItemId, PromotionId, Uuid7Source
from app.domain.item import Item, ItemRecord, TaxClass, Tile, Unit
from app.domain.promotion import Promotion, PromotionKind
from app.service.ports import Category
from db import bulk, catalogue
from db.engine import transaction
from db.store import SqliteStore
from tests.builders import uuid
from tests.db.tills import FakeClock, count, rows

NOW = 1_791_000_000_000
DAY = 86_400_000


def a_record(
    number: int, name: str, *, price: int = 25, sku: str = "", barcodes: Sequence[str] = (), **rest: object
) -> ItemRecord:
    return ItemRecord(
        id=ItemId(uuid(number)),
        sku=sku or f"S{number:04d}",
        name=name,
        price=price,
        barcodes=tuple(barcodes),
        **rest,  # type: ignore[arg-type]
    )


TEA = a_record(1, "無糖高山綠茶 600ml", barcodes=("4710088412348", "4710088412355"), member_price=23)
BLACK_TEA = a_record(2, "古早味紅茶 300ml", price=12, sku="TE-005", barcodes=("4717133861007",))
OOLONG = a_record(3, "阿里山烏龍茶 150g", price=480)
COFFEE = a_record(4, "Iced Latte, Large", price=70, sku="co003")
PORK = a_record(5, "梅花豬肉", price=320, unit=Unit.KILOGRAM, tax_class=TaxClass.EXEMPT, plu="123")
GOODS = (TEA, BLACK_TEA, OOLONG, COFFEE, PORK)


def put(store: SqliteStore, *records: ItemRecord, at: int = NOW) -> None:
    with store.begin() as work:
        work.put_items(records, changed_at=at, prices_from=at)
        work.commit()


def special(store: SqliteStore, record: ItemRecord, price: int, starts_at: int, ends_at: int | None) -> None:
    with transaction(store.engines.writer) as cursor:
        cursor.execute(
            "INSERT INTO item_price (item_number, price, starts_at, ends_at)"
            " VALUES ((SELECT number FROM item WHERE sku = ?), ?, ?, ?)",
            (record.sku, price, starts_at, ends_at),
        )


def price_at(store: SqliteStore, record: ItemRecord, at: int) -> int | None:
    item = store.catalogue.by_sku(record.sku, at)
    return None if item is None else item.price.minor


def found(store: SqliteStore, text: str, limit: int = 20) -> list[str]:
    return [hit.name for hit in store.catalogue.search(text, NOW, limit)]


@pytest.fixture
def shop(store: SqliteStore) -> SqliteStore:
    put(store, *GOODS)
    return store


# By code


def test_an_item_is_found_by_each_of_its_barcodes_with_everything_a_line_needs(shop: SqliteStore) -> None:
    for code in TEA.barcodes:
        item = shop.catalogue.by_barcode(code, NOW)
        assert item is not None
        assert (item.id, item.sku, item.name) == (TEA.id, TEA.sku, TEA.name)
        assert item.price.minor == 25
        assert item.member_price is not None
        assert item.member_price.minor == 23
        assert item.price_version == 1
    pork = shop.catalogue.by_sku(PORK.sku, NOW)
    assert pork is not None
    assert (pork.unit, pork.tax_class, pork.member_price) == (Unit.KILOGRAM, TaxClass.EXEMPT, None)


def test_what_is_not_there_is_none(shop: SqliteStore) -> None:
    assert shop.catalogue.by_barcode("4710000000000", NOW) is None
    assert shop.catalogue.by_sku("nothing", NOW) is None
    assert shop.catalogue.by_id(ItemId(UUID(int=0)), NOW) is None
    assert shop.catalogue.by_plu("99999", NOW) is None


def test_leading_zeros_of_a_scale_code_do_not_matter(shop: SqliteStore) -> None:
    for plu in ("123", "00123"):
        item = shop.catalogue.by_plu(plu, NOW)
        assert item is not None
        assert item.id == PORK.id


def test_a_upc_is_found_in_both_of_its_spellings(shop: SqliteStore) -> None:
    put(shop, a_record(9, "進口餅乾", barcodes=("0036000291452",)))
    for code in ("036000291452", "0036000291452"):
        assert shop.catalogue.by_barcode(code, NOW) is not None


def test_an_item_that_is_sold_no_more_does_not_scan_but_can_still_come_back(shop: SqliteStore) -> None:
    put(shop, a_record(1, TEA.name, barcodes=TEA.barcodes, is_active=False))
    assert shop.catalogue.by_barcode(TEA.barcodes[0], NOW) is None
    assert found(shop, "高山") == []
    assert shop.catalogue.by_id(TEA.id, NOW) is not None


def test_prices_are_in_the_shops_currency(shop: SqliteStore) -> None:
    with shop.begin() as work:
        work.put_setting("shop.currency_code", "HKD")
        work.commit()
    item = shop.catalogue.by_sku(TEA.sku, NOW)
    assert item is not None
    assert item.price.currency.code == "HKD"


# Prices have dates


def test_a_price_counts_from_its_first_instant(shop: SqliteStore) -> None:
    assert price_at(shop, TEA, NOW - 1) is None
    assert price_at(shop, TEA, NOW) == 25


def test_a_special_price_rules_until_it_ends_and_not_a_moment_longer(shop: SqliteStore) -> None:
    special(shop, TEA, 19, NOW + DAY, NOW + 2 * DAY)
    at = (NOW + DAY - 1, NOW + DAY, NOW + 2 * DAY - 1, NOW + 2 * DAY)
    assert [price_at(shop, TEA, one) for one in at] == [25, 19, 19, 25]


def test_the_newest_price_that_has_started_wins(shop: SqliteStore) -> None:
    special(shop, TEA, 30, NOW + DAY, None)
    special(shop, TEA, 28, NOW + 3 * DAY, None)
    at = (NOW, NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY)
    assert [price_at(shop, TEA, one) for one in at] == [25, 30, 30, 28]


def test_of_two_prices_from_the_same_instant_the_later_written_wins(shop: SqliteStore) -> None:
    special(shop, TEA, 30, NOW, None)
    assert price_at(shop, TEA, NOW) == 30


def test_a_changed_price_is_a_new_row_with_its_own_version(shop: SqliteStore) -> None:
    before = shop.catalogue.by_sku(TEA.sku, NOW)
    put(shop, a_record(1, TEA.name, price=27, barcodes=TEA.barcodes, member_price=23), at=NOW + DAY)
    after = shop.catalogue.by_sku(TEA.sku, NOW + DAY)
    assert before is not None
    assert after is not None
    assert (before.price.minor, after.price.minor) == (25, 27)
    assert after.price_version > before.price_version
    assert rows(shop, "SELECT count(*) FROM item_price WHERE price IN (25, 27)") == [(2,)]


def test_writing_the_same_price_again_writes_nothing(shop: SqliteStore) -> None:
    prices = count(shop, "item_price")
    put(shop, *GOODS, at=NOW + DAY)
    assert count(shop, "item_price") == prices


def test_a_special_price_is_not_taken_for_the_regular_one(shop: SqliteStore) -> None:
    special(shop, TEA, 19, NOW + DAY, NOW + 9 * DAY)
    put(shop, TEA, at=NOW + 2 * DAY)
    assert price_at(shop, TEA, NOW + 3 * DAY) == 19
    (tea,) = [record for record in shop.catalogue.records(NOW + 2 * DAY) if record.sku == TEA.sku]
    assert tea.price == 25


_PRICES = st.lists(
    st.tuples(st.integers(1, 99), st.integers(0, 20), st.one_of(st.none(), st.integers(1, 20))),
    max_size=6,
)


@given(prices=_PRICES, at=st.integers(0, 45))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_price_in_force_is_what_the_rule_says(
    store: SqliteStore, ids: Uuid7Source, prices: list[tuple[int, int, int | None]], at: int
) -> None:
    record = ItemRecord(ItemId(ids()), f"R{count(store, 'item')}", "茶", 25)
    put(store, record, at=NOW)
    for price, starts, lasts in prices:
        special(store, record, price, NOW + starts, None if lasts is None else NOW + starts + lasts)
    running = [(0, 0, 25)] + [
        (starts, place, price)
        for place, (price, starts, lasts) in enumerate(prices, start=1)
        if starts <= at and (lasts is None or at < starts + lasts)
    ]
    assert price_at(store, record, NOW + at) == max(running)[2]


# Categories, tiles, promotions


def test_a_category_path_runs_from_the_root_and_follows_changes(shop: SqliteStore) -> None:
    drinks, tea = CategoryId(uuid(50)), CategoryId(uuid(51))
    with shop.begin() as work:
        work.put_categories([Category(drinks, "飲料", None, ""), Category(tea, "茶", drinks, "")])
        work.put_items([a_record(1, TEA.name, category_id=tea)], changed_at=NOW, prices_from=NOW)
        work.commit()
    item = shop.catalogue.by_sku(TEA.sku, NOW)
    assert item is not None
    assert item.category_path == (drinks, tea)
    with shop.begin() as work:
        work.put_categories([Category(tea, "茶飲", None, "")])
        work.commit()
    item = shop.catalogue.by_sku(TEA.sku, NOW)
    assert item is not None
    assert item.category_path == (tea,)
    assert [(one.name, one.parent_id) for one in shop.catalogue.categories()] == [
        ("飲料", None),
        ("茶飲", None),
    ]


def test_quick_keys_are_replaced_as_a_whole_and_leave_out_what_is_not_sold(shop: SqliteStore) -> None:
    with shop.begin() as work:
        work.put_tiles([Tile(0, 1, TEA.id, "綠茶", "green"), Tile(0, 0, COFFEE.id, "拿鐵", "blue")])
        work.commit()
    assert [(tile.position, tile.label) for tile in shop.catalogue.tiles()] == [(0, "拿鐵"), (1, "綠茶")]
    put(shop, a_record(4, COFFEE.name, sku="co003", price=70, is_active=False))
    assert [tile.label for tile in shop.catalogue.tiles()] == ["綠茶"]
    with shop.begin() as work:
        work.put_tiles([])
        work.commit()
    assert shop.catalogue.tiles() == ()


def test_promotions_come_back_as_they_were_put(shop: SqliteStore) -> None:
    promotion = Promotion(
        PromotionId(uuid(70)), "TEA-3", "綠茶三瓶六十", PromotionKind.N_FOR_PRICE, item_ids=frozenset({TEA.id}), n=3, price=60,
        starts_on=date(2026, 10, 1), weekdays=frozenset({0, 6}),
    )  # fmt: skip
    with shop.begin() as work:
        work.put_promotions([promotion], changed_at=NOW)
        work.commit()
    assert shop.catalogue.promotions() == (promotion,)


def test_what_is_kept_in_memory_is_thrown_away_with_every_change(shop: SqliteStore) -> None:
    before = shop.catalogue.version()
    assert shop.catalogue.promotions() == ()
    put(shop, a_record(8, "新品"))
    assert shop.catalogue.version() > before
    assert found(shop, "新品") == ["新品"]


def test_a_unit_of_work_that_is_left_changes_nothing(shop: SqliteStore) -> None:
    version = shop.catalogue.version()
    with shop.begin() as work:
        work.put_items([a_record(8, "新品")], changed_at=NOW, prices_from=NOW)
    assert shop.catalogue.version() == version
    assert found(shop, "新品") == []


def test_the_whole_list_reads_back_as_it_was_written(
    shop: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "PAGE_ROWS", 2)
    assert tuple(shop.catalogue.records(NOW)) == GOODS


def test_a_code_may_move_from_one_item_to_another(shop: SqliteStore) -> None:
    put(
        shop,
        a_record(1, TEA.name, barcodes=()),
        a_record(2, BLACK_TEA.name, sku="TE-005", price=12, barcodes=TEA.barcodes),
    )
    item = shop.catalogue.by_barcode(TEA.barcodes[0], NOW)
    assert item is not None
    assert item.sku == "TE-005"
    assert shop.catalogue.by_barcode("4717133861007", NOW) is None


# Search


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("茶", {TEA.name, BLACK_TEA.name, OOLONG.name}),
        ("綠茶", {TEA.name}),
        ("烏龍茶", {OOLONG.name}),
        ("高山綠茶", {TEA.name}),
        ("茶綠", set()),
        ("綠茶 600", {TEA.name}),
        ("600ml 高山", {TEA.name}),
        ("lc", {TEA.name, OOLONG.name}),
        ("ㄌㄔ", {TEA.name, OOLONG.name}),
        ("gslc", {TEA.name}),
        ("wlc", {OOLONG.name}),
        ("ㄨㄌㄔ", {OOLONG.name}),
        ("latte", {COFFEE.name}),
        ("LATT", {COFFEE.name}),
        ("ｌａｔｔｅ", {COFFEE.name}),
        ("iced", {COFFEE.name}),
        ("S0001", {TEA.name}),
        ("s0001", {TEA.name}),
        ("CO003", {COFFEE.name}),
        ("te-005", {BLACK_TEA.name}),
        ("TE005", {BLACK_TEA.name}),
        ("4710088412348", {TEA.name}),
        ("12348", {TEA.name}),
        ("0884", {TEA.name}),
        ("4717", {BLACK_TEA.name}),
        ("沒有這個", set()),
        ("zzzz", set()),
        ('"', set()),
        ("茶'\"; DROP TABLE item; --", set()),
        ("* AND", set()),
        ("   ", set()),
    ],
)
def test_goods_are_found_by_any_part_of_a_name_or_code(shop: SqliteStore, text: str, names: set[str]) -> None:
    assert set(found(shop, text)) == names


def test_a_hit_shows_what_one_chooses_by(shop: SqliteStore) -> None:
    (hit,) = shop.catalogue.search("綠茶", NOW)
    assert (hit.id, hit.sku, hit.price.minor, hit.unit) == (TEA.id, TEA.sku, 25, Unit.EACH)
    assert hit.member_price is not None
    assert hit.member_price.minor == 23


def test_the_exact_code_comes_first_then_names_that_begin_so_then_what_sells(store: SqliteStore) -> None:
    records = [
        a_record(1, "好茶", sku="A1"),
        a_record(2, "好喝的茶", sku="B1"),
        a_record(3, "茶葉蛋", sku="C1"),
        a_record(4, "茶包", sku="D1"),
        a_record(5, "商品", sku="茶"),
    ]
    put(store, *records)
    with transaction(store.engines.writer) as cursor:
        bulk.put_popularity(cursor, {records[1].id: 50, records[0].id: 10, records[3].id: 5})
    assert found(store, "茶") == ["商品", "茶包", "茶葉蛋", "好喝的茶", "好茶"]


def test_what_sells_most_is_found_among_many_that_share_a_character(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (bulk, catalogue):
        monkeypatch.setattr(module, "HOT_ITEMS_MAX", 5)
    many = [a_record(100 + number, f"牌子{number:04d} 綠茶") for number in range(600)]
    put(store, *many)
    with transaction(store.engines.writer) as cursor:
        bulk.put_popularity(cursor, {many[599].id: 7, many[400].id: 9})
    assert found(store, "茶", limit=2) == [many[400].name, many[599].name]
    with transaction(store.engines.writer) as cursor:
        bulk.put_popularity(cursor, {many[3].id: 1})
    assert found(store, "茶", limit=1) == [many[3].name]
    assert rows(store, "SELECT count(*) FROM item_search_hot") == [(5,)]
    assert len(found(store, "綠")) == 20
    assert set(found(store, "p")) <= {many[3].name, *(record.name for record in many[596:])}


def test_in_a_small_shop_every_item_is_found_by_a_single_letter(shop: SqliteStore) -> None:
    assert set(found(shop, "l")) == {TEA.name, OOLONG.name, COFFEE.name}
    assert set(found(shop, "ㄍ")) == {TEA.name, BLACK_TEA.name}


def test_a_renamed_item_that_sells_well_is_found_by_its_new_name_only(shop: SqliteStore) -> None:
    with transaction(shop.engines.writer) as cursor:
        bulk.put_popularity(cursor, {TEA.id: 5})
    put(shop, a_record(1, "凍頂烏龍", barcodes=TEA.barcodes, member_price=23))
    assert found(shop, "凍頂") == ["凍頂烏龍"]
    assert found(shop, "綠茶") == []


def test_the_search_index_can_be_made_again_from_the_items(shop: SqliteStore) -> None:
    with transaction(shop.engines.writer) as cursor:
        bulk.put_popularity(cursor, {COFFEE.id: 5})
        before = {text: _matches(shop, text) for text in ("茶", "4710088412348", "latte")}
        cursor.execute("INSERT INTO item_search (item_search) VALUES ('delete-all')")
        bulk.rebuild_item_search(cursor)
    assert {text: _matches(shop, text) for text in before} == before
    assert set(found(shop, "茶")) == {TEA.name, BLACK_TEA.name, OOLONG.name}


def _matches(store: SqliteStore, text: str) -> set[str]:
    return set(found(store, text))


@given(st.text(max_size=40))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_breaks_the_search(store: SqliteStore, text: str) -> None:
    if count(store, "item") == 0:
        put(store, *GOODS)
    hits = store.catalogue.search(text, NOW)
    assert len({hit.id for hit in hits}) == len(hits)


# How


@pytest.mark.parametrize(
    ("statement", "parameters", "expected"),
    [
        (catalogue.BY_BARCODE, ("4710088412348", NOW), ("barcode USING PRIMARY KEY", "item_price_in_force")),
        (catalogue.BY_SKU, ("S0001", NOW), ("sqlite_autoindex_item", "item_price_in_force")),
        (catalogue.BY_ID, (TEA.id.bytes, NOW), ("sqlite_autoindex_item", "item_price_in_force")),
        (catalogue.BY_PLU, ("123", NOW), ("sqlite_autoindex_item", "item_price_in_force")),
        (catalogue.NAMES_FROM, ("茶", "茷", 60), ("item_by_name",)),
        (catalogue.CODES_FROM, ("47", "48", 60), ("barcode USING PRIMARY KEY",)),
        (catalogue.SKUS_FROM, ("S", "T", 60), ("sqlite_autoindex_item",)),
        (bulk.HOT_ITEMS, (2000,), ("item_popular",)),
    ],
)
def test_every_look_up_goes_through_its_index(
    shop: SqliteStore, statement: str, parameters: tuple[object, ...], expected: tuple[str, ...]
) -> None:
    plan = [row[3] for row in rows(shop, f"EXPLAIN QUERY PLAN {statement}", *parameters)]
    for name in expected:
        assert any(name in step for step in plan), plan
    assert not any(
        step.startswith("SCAN") and "item_popular" not in step and "catalogue_state" not in step
        for step in plan
    ), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


def test_the_version_counts_every_kind_of_change(store: SqliteStore, clock: FakeClock) -> None:
    versions = [store.catalogue.version()]
    with store.begin() as work:
        work.put_items(GOODS, changed_at=clock.now, prices_from=clock.now)
        versions.append(work.catalogue_version())
        work.put_categories([Category(CategoryId(uuid(50)), "飲料", None, "")])
        versions.append(work.catalogue_version())
        work.put_tiles([])
        versions.append(work.catalogue_version())
        work.put_promotions([], changed_at=clock.now)
        versions.append(work.catalogue_version())
        work.commit()
    assert versions == sorted(set(versions))
    assert store.catalogue.version() == versions[-1]


def test_an_item_read_twice_is_the_same_value(shop: SqliteStore) -> None:
    first: Item | None = shop.catalogue.by_sku(TEA.sku, NOW)
    assert first == shop.catalogue.by_id(TEA.id, NOW)
