"""Writing the catalogue, one item or a hundred thousand at a time, with its search index.

Every function takes the cursor of an open unit of work and leaves the commit to it. A price is never overwritten: one that differs gets a
row of its own from its day on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.ids import ItemId
from app.domain.item import ItemRecord, Tile
from app.service.phonetics import search_tokens
from db.engine import Cursor
from db.types import id_bytes_or_none

if TYPE_CHECKING:
    from app.domain.promotion import Promotion
    from app.service.ports import Category

HOT_ITEMS_MAX: Final = 2_000  # those that sell most (in a small shop, all); a search looks among them first
CODE_MARK: Final = "ǂ"  # a letter that nobody types
CODE_RUN: Final = 3  # codes are indexed as overlapping runs of this many characters

# The regular price of an item (?1) on a day (?2): the newest that has started and has no end. A dated special is not it.
REGULAR_PRICE: Final = """
    SELECT price, member_price FROM item_price
    WHERE item_number = ?1 AND starts_at <= ?2 AND ends_at IS NULL
    ORDER BY starts_at DESC, id DESC LIMIT 1
"""

_INSERT_ITEM: Final = """
    INSERT INTO item (number, id, sku, name, unit, tax_class, category_id, is_open_price, is_discountable, earns_points,
                      plu, cost_minor, is_active, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE_ITEM: Final = """
    UPDATE item
    SET sku = ?, name = ?, unit = ?, tax_class = ?, category_id = ?, is_open_price = ?, is_discountable = ?, earns_points = ?,
        plu = ?, cost_minor = ?, is_active = ?, updated_at = ?
    WHERE number = ?
"""
_INSERT_PRICE: Final = (
    "INSERT INTO item_price (item_number, price, member_price, starts_at) VALUES (?, ?, ?, ?)"
)
_INSERT_BARCODE: Final = "INSERT INTO barcode (code, item_number) VALUES (?, ?)"
_INSERT_SEARCH: Final = "INSERT INTO item_search (rowid, words, codes) VALUES (?, ?, ?)"
INSERT_HOT: Final = "INSERT INTO item_search_hot (rowid, words, codes) VALUES (?, ?, ?)"
_DELETE_SEARCH: Final = "DELETE FROM item_search WHERE rowid = ?"
DELETE_HOT: Final = "DELETE FROM item_search_hot WHERE rowid = ?"
_CLEAR_SEARCH: Final = "INSERT INTO item_search (item_search) VALUES ('delete-all')"
_CLEAR_HOT: Final = "INSERT INTO item_search_hot (item_search_hot) VALUES ('delete-all')"
# Index item_popular.
HOT_ITEMS: Final = "SELECT number, popularity FROM item ORDER BY popularity DESC, number DESC LIMIT ?"


def catalogue_version(cursor: Cursor) -> int:
    row = cursor.execute("SELECT version FROM catalogue_state").fetchone()
    return 0 if row is None else int(row[0])


def put_categories(cursor: Cursor, categories: Sequence[Category]) -> None:
    """Add or change; parents come first. New ones stand last."""
    if not categories:
        return
    (position,) = cursor.execute("SELECT coalesce(max(position) + 1, 0) FROM category").fetchone()
    cursor.executemany(
        """
        INSERT INTO category (id, code, name, parent_id, position) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, parent_id = excluded.parent_id
        """,
        (
            (
                category.id.bytes,
                category.code,
                category.name,
                id_bytes_or_none(category.parent_id),
                position + place,
            )
            for place, category in enumerate(categories)
        ),
    )
    touch(cursor)


def put_items(cursor: Cursor, items: Sequence[ItemRecord], *, changed_at: int, prices_from: int) -> None:
    """Add or change items with their barcodes, prices and search words.

    A new item's price starts at ``prices_from``; so does a regular price that differs from the one in force then.
    """
    if not items:
        return
    stored = {item.id: row for item in items if (row := _stored(cursor, item.id)) is not None}
    _change(cursor, [(stored[item.id], item) for item in items if item.id in stored], changed_at, prices_from)
    _add(cursor, [item for item in items if item.id not in stored], changed_at, prices_from)
    touch(cursor)


def put_tiles(cursor: Cursor, tiles: Sequence[Tile]) -> None:
    """These are all the quick keys from now on."""
    cursor.execute("DELETE FROM tile")
    cursor.executemany(
        "INSERT INTO tile (page, position, item_number, label, colour)"
        " VALUES (?, ?, (SELECT number FROM item WHERE id = ?), ?, ?)",
        ((tile.page, tile.position, tile.item_id.bytes, tile.label, tile.colour) for tile in tiles),
    )
    touch(cursor)


def put_promotions(cursor: Cursor, promotions: Sequence[Promotion], *, changed_at: int) -> None:
    """These are all the promotions from now on."""
    from app.domain.promotion import to_plain

    cursor.execute("DELETE FROM promotion")
    cursor.executemany(
        "INSERT INTO promotion (id, body, updated_at) VALUES (?, ?, ?)",
        (
            (
                promotion.id.bytes,
                json.dumps(to_plain(promotion), ensure_ascii=False, sort_keys=True),
                changed_at,
            )
            for promotion in promotions
        ),
    )
    touch(cursor)


def put_popularity(cursor: Cursor, popularity: Mapping[ItemId, int]) -> None:
    """How well each item sells, in the measure of :mod:`db.popularity`; the others sell never. Only orders the results of a search."""
    cursor.execute("UPDATE item SET popularity = 0 WHERE popularity > 0")
    cursor.executemany(
        "UPDATE item SET popularity = ? WHERE id = ?",
        ((count, item_id.bytes) for item_id, count in popularity.items()),
    )
    _rebuild_hot(cursor)
    touch(cursor)


def rebuild_item_search(cursor: Cursor) -> None:
    """The search index made again from the items: it is a projection and may always be thrown away."""
    cursor.execute(_CLEAR_SEARCH)
    for (number,) in cursor.execute("SELECT number FROM item ORDER BY number").fetchall():
        cursor.execute(_INSERT_SEARCH, search_row_of(cursor, number))
    _rebuild_hot(cursor)


def _rebuild_hot(cursor: Cursor) -> None:
    cursor.execute(_CLEAR_HOT)
    for number, _popularity in cursor.execute(HOT_ITEMS, (HOT_ITEMS_MAX,)).fetchall():
        cursor.execute(INSERT_HOT, search_row_of(cursor, number))


def code_runs(code: str) -> str:
    """The overlapping runs of a code, so that any part of it (three characters or more) is a phrase: ``4710`` -> ``ǂ471 ǂ710``.

    The mark before each run keeps them apart from the words: whoever types ``47`` asks for words that begin so.
    """
    plain = "".join(character for character in code.casefold() if character.isalnum())
    starts = range(max(1, len(plain) - CODE_RUN + 1))
    return " ".join(f"{CODE_MARK}{plain[start : start + CODE_RUN]}" for start in starts)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the file holds of an item, as far as a change has to know it."""

    number: int
    sku: str
    name: str
    barcodes: frozenset[str]


def _stored(cursor: Cursor, item_id: ItemId) -> _Stored | None:
    row = cursor.execute("SELECT number, sku, name FROM item WHERE id = ?", (item_id.bytes,)).fetchone()
    if row is None:
        return None
    number, sku, name = row
    return _Stored(number, sku, name, frozenset(_codes(cursor, number)))


def _codes(cursor: Cursor, number: int) -> tuple[str, ...]:
    rows = cursor.execute(
        "SELECT code FROM barcode WHERE item_number = ? ORDER BY code", (number,)
    ).fetchall()
    return tuple(code for (code,) in rows)


def search_row_of(cursor: Cursor, number: int) -> tuple[int, str, str]:
    """The words of an item that is stored."""
    sku, name = cursor.execute("SELECT sku, name FROM item WHERE number = ?", (number,)).fetchone()
    return _search_row(number, name, sku, _codes(cursor, number))


def _add(cursor: Cursor, items: Sequence[ItemRecord], changed_at: int, prices_from: int) -> None:
    (first,) = cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM item").fetchone()
    numbered = list(enumerate(items, start=first))
    cursor.executemany(
        _INSERT_ITEM, ((number, item.id.bytes, *_columns(item), changed_at) for number, item in numbered)
    )
    cursor.executemany(
        _INSERT_PRICE, ((number, item.price, item.member_price, prices_from) for number, item in numbered)
    )
    cursor.executemany(
        _INSERT_BARCODE, ((code, number) for number, item in numbered for code in item.barcodes)
    )
    words = [_search_row(number, item.name, item.sku, item.barcodes) for number, item in numbered]
    cursor.executemany(_INSERT_SEARCH, words)
    (known,) = cursor.execute("SELECT count(*) FROM item").fetchone()
    if known <= HOT_ITEMS_MAX:
        cursor.executemany(INSERT_HOT, words)


def _change(
    cursor: Cursor, pairs: Sequence[tuple[_Stored, ItemRecord]], changed_at: int, prices_from: int
) -> None:
    cursor.executemany(_UPDATE_ITEM, ((*_columns(item), changed_at, stored.number) for stored, item in pairs))
    # A code may move from one item to another: all that go, go before any comes.
    cursor.executemany(
        "DELETE FROM barcode WHERE code = ?",
        ((code,) for stored, item in pairs for code in stored.barcodes.difference(item.barcodes)),
    )
    cursor.executemany(
        _INSERT_BARCODE,
        (
            (code, stored.number)
            for stored, item in pairs
            for code in item.barcodes
            if code not in stored.barcodes
        ),
    )
    for stored, item in pairs:
        _change_price(cursor, stored.number, item, prices_from)
        if (stored.name, stored.sku, stored.barcodes) != (item.name, item.sku, frozenset(item.barcodes)):
            _change_search(cursor, stored.number, item)


def _change_search(cursor: Cursor, number: int, item: ItemRecord) -> None:
    row = _search_row(number, item.name, item.sku, item.barcodes)
    cursor.execute(_DELETE_SEARCH, (number,))
    cursor.execute(_INSERT_SEARCH, row)
    cursor.execute(DELETE_HOT, (number,))
    if cursor.rowcount:
        cursor.execute(INSERT_HOT, row)


def _change_price(cursor: Cursor, number: int, item: ItemRecord, prices_from: int) -> None:
    regular = cursor.execute(REGULAR_PRICE, (number, prices_from)).fetchone()
    if regular != (item.price, item.member_price):
        cursor.execute(_INSERT_PRICE, (number, item.price, item.member_price, prices_from))


def _columns(item: ItemRecord) -> tuple[object, ...]:
    return (
        item.sku,
        item.name,
        item.unit,
        item.tax_class,
        id_bytes_or_none(item.category_id),
        item.is_open_price,
        item.is_discountable,
        item.earns_points,
        item.plu or None,
        item.cost,
        item.is_active,
    )


def _search_row(number: int, name: str, sku: str, barcodes: Iterable[str]) -> tuple[int, str, str]:
    # A mark of its own between two codes keeps a phrase from running out of one into the next.
    return number, search_tokens(name), f" {CODE_MARK} ".join(code_runs(code) for code in (sku, *barcodes))


def touch(cursor: Cursor) -> None:
    """Tell everyone who keeps part of the catalogue in memory."""
    cursor.execute(
        "INSERT INTO catalogue_state (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = version + 1"
    )
