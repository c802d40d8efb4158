"""What a closed shift sold is found first from then on, and what nobody buys any more falls behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.ids import ShiftId
from app.domain.transaction import SaleLine, TransactionKind
from db import bulk, catalogue, popularity
from db.engine import transaction
from db.store import SqliteStore
from tests.builders import OCCURRED_AT, a_control, a_line, a_return, a_sale, uuid
from tests.db.test_catalogue import BLACK_TEA, COFFEE, GOODS, OOLONG, TEA, found, put
from tests.db.tills import a_shift, numbered, numbered_control, open_shift, rows, sell


def sell_in_a_shift(store: SqliteStore, *lines: SaleLine, comes_back: bool = False) -> None:
    """One shift with one ticket, closed."""
    shift = replace(a_shift(), id=ShiftId(uuid()))
    open_shift(store, shift)
    sold = sell(store, a_sale(*lines))
    with store.begin() as work:
        if comes_back:
            work.append(numbered(work, a_return(sold, [(1, sold.lines[0].quantity, 0)])))
        work.append(numbered_control(work, a_control(TransactionKind.NO_SALE)))
        work.close_shift(replace(shift, closed_at=OCCURRED_AT + 1, z_number=work.next_z_number()))
        work.commit()


def ranking(store: SqliteStore) -> dict[str, int]:
    return dict(rows(store, "SELECT sku, popularity FROM item WHERE popularity > 0"))


@pytest.fixture
def shop(store: SqliteStore) -> SqliteStore:
    put(store, *GOODS)
    return store


def test_closing_a_shift_ranks_what_it_sold_and_lets_the_rest_fade(shop: SqliteStore) -> None:
    with transaction(shop.engines.writer) as cursor:
        bulk.put_popularity(cursor, {OOLONG.id: 3_000, COFFEE.id: 29})
    sell_in_a_shift(
        shop, a_line(25, item_id=TEA.id), a_line(25, item_id=TEA.id), a_line(12, item_id=BLACK_TEA.id)
    )
    assert ranking(shop) == {
        TEA.sku: 2 * popularity.LINE,
        BLACK_TEA.sku: popularity.LINE,
        OOLONG.sku: 2_900,
        COFFEE.sku: 28,
    }
    assert found(shop, "茶") == [OOLONG.name, TEA.name, BLACK_TEA.name]


def test_only_the_shift_that_closes_is_counted(shop: SqliteStore) -> None:
    sell_in_a_shift(shop, a_line(25, item_id=TEA.id))
    sell_in_a_shift(shop, a_line(12, item_id=BLACK_TEA.id))
    assert ranking(shop)[BLACK_TEA.sku] == popularity.LINE
    assert ranking(shop)[TEA.sku] < popularity.LINE


def test_what_comes_back_is_not_a_sale(shop: SqliteStore) -> None:
    sell_in_a_shift(shop, a_line(25, item_id=TEA.id), comes_back=True)
    assert ranking(shop) == {TEA.sku: popularity.LINE}


def test_what_nobody_buys_is_forgotten_in_the_end(shop: SqliteStore) -> None:
    with transaction(shop.engines.writer) as cursor:
        bulk.put_popularity(cursor, {OOLONG.id: popularity.LINE})
    for _ in range(200):
        with transaction(shop.engines.writer) as cursor:
            cursor.execute(popularity.FADE, (popularity.CLOSINGS_KEPT,))
    assert ranking(shop) == {}


def test_an_item_that_begins_to_sell_takes_the_place_of_one_that_does_not(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (bulk, catalogue, popularity):
        monkeypatch.setattr(module, "HOT_ITEMS_MAX", 2)
    put(store, *GOODS)
    with transaction(store.engines.writer) as cursor:
        bulk.put_popularity(cursor, {})
    assert found(store, "g") == []
    sell_in_a_shift(store, a_line(25, item_id=TEA.id))
    assert found(store, "g") == [TEA.name]
    assert rows(store, "SELECT count(*) FROM item_search_hot") == [(2,)]
