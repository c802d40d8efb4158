"""Goods and prices as the counter reads them: one statement per look-up, the price being the one in force at that instant.

What every scan needs besides its own row (category paths, the ranking of search results) is kept in memory. Each answer carries the
catalogue's version, so what is kept is never older than what was just read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.barcode import normalised_gtin
from app.domain.ids import CategoryId, ItemId
from app.domain.item import Item, ItemHit, ItemRecord, TaxClass, Tile, Unit
from app.domain.money import CURRENCIES, TWD, Currency, Money
from app.service.phonetics import fold, match_expression
from db.bulk import CODE_RUN, HOT_ITEMS, HOT_ITEMS_MAX, REGULAR_PRICE, code_runs
from db.engine import Cursor, Engines
from db.types import id_or_none

if TYPE_CHECKING:
    from app.domain.promotion import Promotion
    from app.service.ports import Category

PAGE_ROWS: Final = 2_000
CANDIDATES_MAX: Final = 200  # of a search: more share one common character than anyone would look through
PREFIX_MAX: Final = 60

# The price in force at ?2: the newest that has started and not ended. Index item_price_in_force.
_PRICE_IN_FORCE: Final = """
    (SELECT id FROM item_price
     WHERE item_number = item.number AND starts_at <= ?2 AND (ends_at IS NULL OR ends_at > ?2)
     ORDER BY starts_at DESC, id DESC LIMIT 1)
"""
_VERSION: Final = "(SELECT version FROM catalogue_state)"
_CURRENCY: Final = "(SELECT value ->> '$' FROM setting WHERE key = 'shop.currency_code')"
_ITEM: Final = f"""
    SELECT item.id, sku, name, unit, tax_class, category_id, is_open_price, is_discountable, earns_points,
           item_price.id, item_price.price, item_price.member_price, {_VERSION}, {_CURRENCY}
"""
_PRICED: Final = f"JOIN item_price ON item_price.id = {_PRICE_IN_FORCE}"

BY_BARCODE: Final = f"""{_ITEM} FROM barcode JOIN item ON item.number = barcode.item_number {_PRICED}
    WHERE barcode.code = ?1 AND is_active = 1"""
BY_SKU: Final = f"{_ITEM} FROM item {_PRICED} WHERE sku = ?1 AND is_active = 1"
BY_ID: Final = f"{_ITEM} FROM item {_PRICED} WHERE item.id = ?1"
BY_PLU: Final = f"{_ITEM} FROM item {_PRICED} WHERE plu = ?1 AND is_active = 1"
HIT: Final = f"""
    SELECT item.id, sku, name, unit, item_price.price, item_price.member_price, {_CURRENCY}
    FROM item {_PRICED} WHERE number = ?1 AND is_active = 1
"""
NAME: Final = "SELECT name FROM item WHERE number = ?"
SKU_IS: Final = "SELECT number FROM item WHERE sku IN (?, ?)"
CODE_IS: Final = "SELECT item_number FROM barcode WHERE code = ?"
MATCHES: Final = "SELECT rowid FROM item_search WHERE item_search MATCH ? LIMIT ?"
HOT_MATCHES: Final = "SELECT rowid FROM item_search_hot WHERE item_search_hot MATCH ? LIMIT ?"
NAMES_FROM: Final = """
    SELECT number FROM item WHERE name >= ?1 COLLATE NOCASE AND name < ?2 COLLATE NOCASE ORDER BY name COLLATE NOCASE LIMIT ?3
"""
SKUS_FROM: Final = "SELECT number FROM item WHERE sku >= ?1 AND sku < ?2 ORDER BY sku LIMIT ?3"
CODES_FROM: Final = "SELECT item_number FROM barcode WHERE code >= ?1 AND code < ?2 ORDER BY code LIMIT ?3"
CATEGORIES: Final = "SELECT id, name, parent_id, code FROM category ORDER BY position, name"
TILES: Final = """
    SELECT page, tile.position, item.id, label, colour FROM tile JOIN item ON item.number = tile.item_number
    WHERE is_active = 1 ORDER BY page, tile.position
"""
PROMOTIONS: Final = "SELECT body FROM promotion ORDER BY id"
RECORDS: Final = """
    SELECT number, id, sku, name, unit, tax_class, category_id, is_open_price, is_discountable, earns_points, plu, cost_minor, is_active
    FROM item WHERE number > ? ORDER BY number LIMIT ?
"""
RECORD_CODES: Final = "SELECT code FROM barcode WHERE item_number = ? ORDER BY code"


@dataclass(slots=True)
class _Kept:
    """What is kept of one version of the catalogue. Parts are read when they are first asked for."""

    version: int
    paths: dict[bytes, tuple[CategoryId, ...]] | None = None
    popularity: dict[int, int] | None = None
    tiles: tuple[Tile, ...] | None = None
    promotions: tuple[Promotion, ...] | None = None
    categories: tuple[Category, ...] | None = None


@dataclass(slots=True)
class SqliteCatalogue:
    """The catalogue of one till's file (:class:`app.service.ports.Catalogue`)."""

    engines: Engines
    _kept: _Kept = field(default_factory=lambda: _Kept(-1))

    def by_barcode(self, barcode: str, at: int) -> Item | None:
        return self._one(BY_BARCODE, normalised_gtin(barcode), at)

    def by_sku(self, sku: str, at: int) -> Item | None:
        return self._one(BY_SKU, sku, at)

    def by_id(self, item_id: ItemId, at: int) -> Item | None:
        """Also an item that is not sold any more: it may still come back."""
        return self._one(BY_ID, item_id.bytes, at)

    def by_plu(self, plu: str, at: int) -> Item | None:
        return self._one(BY_PLU, plu.lstrip("0"), at)

    def search(self, text: str, at: int, limit: int = 20) -> tuple[ItemHit, ...]:
        """Best first: the exact code; then names that begin with the text; then by how often it sells; then by name."""
        words = fold(text).strip()
        if not words:
            return ()
        with self.engines.reading(snapshot=True) as cursor:
            rows = (
                cursor.execute(HIT, (number, at)).fetchone() for number in self._ranked(cursor, words, limit)
            )
            # Some found may have no price at this instant, or are not sold any more.
            return tuple(_hit(row) for row in islice((row for row in rows if row is not None), limit))

    def tiles(self) -> tuple[Tile, ...]:
        with self.engines.reading(snapshot=True) as cursor:
            kept = self._current(cursor)
            if kept.tiles is None:
                kept.tiles = tuple(
                    Tile(page, position, ItemId(UUID(bytes=item_id)), label, colour)
                    for page, position, item_id, label, colour in cursor.execute(TILES).fetchall()
                )
            return kept.tiles

    def categories(self) -> tuple[Category, ...]:
        with self.engines.reading(snapshot=True) as cursor:
            kept = self._current(cursor)
            if kept.categories is None:
                kept.categories = _categories(cursor)
            return kept.categories

    def promotions(self) -> tuple[Promotion, ...]:
        with self.engines.reading(snapshot=True) as cursor:
            kept = self._current(cursor)
            if kept.promotions is None:
                from app.domain.promotion import from_plain

                bodies = cursor.execute(PROMOTIONS).fetchall()
                kept.promotions = tuple(from_plain(json.loads(body)) for (body,) in bodies)
            return kept.promotions

    def version(self) -> int:
        with self.engines.reading() as cursor:
            return _version(cursor)

    def records(self, at: int) -> Iterator[ItemRecord]:
        """The whole list, page by page, so that no reader is held while the caller thinks."""
        last = -1
        while True:
            with self.engines.reading(snapshot=True) as cursor:
                rows = cursor.execute(RECORDS, (last, PAGE_ROWS)).fetchall()
                page = [_record(cursor, row, at) for row in rows]
            yield from page
            if len(rows) < PAGE_ROWS:
                return
            last = rows[-1][0]

    def warm(self) -> None:
        """Read now what the first scan and the first search would wait for."""
        with self.engines.reading(snapshot=True) as cursor:
            kept = self._current(cursor)
            self._paths(cursor, kept)
            self._popularity(cursor, kept)

    def _one(self, statement: str, key: str | bytes, at: int) -> Item | None:
        with self.engines.reading() as cursor:
            row = cursor.execute(statement, (key, at)).fetchone()
            if row is None:
                return None
            kept = self._kept
            if kept.paths is None or kept.version != row[12]:
                kept = self._current(cursor)
            return _item(row, self._paths(cursor, kept))

    def _current(self, cursor: Cursor) -> _Kept:
        """What is kept, thrown away first when the catalogue has changed since."""
        version = _version(cursor)
        if self._kept.version != version:
            self._kept = _Kept(version)
        return self._kept

    def _paths(self, cursor: Cursor, kept: _Kept) -> dict[bytes, tuple[CategoryId, ...]]:
        if kept.paths is None:
            kept.paths = _category_paths(cursor)
        return kept.paths

    def _popularity(self, cursor: Cursor, kept: _Kept) -> dict[int, int]:
        """How often the items that sell most are sold, by their numbers."""
        if kept.popularity is None:
            kept.popularity = dict(cursor.execute(HOT_ITEMS, (HOT_ITEMS_MAX,)).fetchall())
        return kept.popularity

    def _ranked(self, cursor: Cursor, words: str, limit: int) -> Iterator[int]:
        """Numbers of the items found, best first."""
        exact = _with_code(cursor, words)
        yield from exact
        popularity = self._popularity(cursor, self._current(cursor))
        matching = _matching(cursor, words, limit).difference(exact)
        likely = nlargest(CANDIDATES_MAX, matching, key=lambda number: popularity.get(number, 0))
        found = {number: _name(cursor, number) for number in likely}

        def place(number: int) -> tuple[bool, int, str]:
            name = found[number]
            return not fold(name).startswith(words), -popularity.get(number, 0), name

        yield from sorted(found, key=place)


def _with_code(cursor: Cursor, words: str) -> list[int]:
    """The items whose SKU or barcode is exactly this."""
    upper = words.upper()
    rows = [
        *cursor.execute(SKU_IS, (words, upper)).fetchall(),
        *cursor.execute(CODE_IS, (normalised_gtin(upper),)).fetchall(),
    ]
    return list(dict.fromkeys(number for (number,) in rows))


def _matching(cursor: Cursor, words: str, limit: int) -> set[int]:
    """Items whose name or codes hold the words: those that begin with them and those that sell most always among these."""
    numbers = _from(cursor, NAMES_FROM, words)
    is_code = words.isascii() and " " not in words
    if is_code:
        upper = words.upper()
        numbers |= _from(cursor, SKUS_FROM, upper) | _from(cursor, CODES_FROM, upper)
    expressions = [f"words : ({expression})"] if (expression := match_expression(words)) else []
    if is_code and len(words) >= CODE_RUN and len(numbers) < limit:
        expressions.append(f'codes : "{code_runs(words)}"')
    for expression in expressions:
        numbers |= _found(cursor, HOT_MATCHES, expression, HOT_ITEMS_MAX)
    for expression in expressions:
        # A single letter begins a word of nearly everything; only among what sells it tells anything, and quickly.
        is_letter = len(words) == 1 and expression.endswith("*)")
        if len(numbers) < limit and not is_letter:
            numbers |= _found(cursor, MATCHES, expression, CANDIDATES_MAX)
    return numbers


def _from(cursor: Cursor, statement: str, start: str) -> set[int]:
    """Those that begin with these characters: from there to just before the next possible beginning."""
    end = start[:-1] + chr(ord(start[-1]) + 1)
    return {number for (number,) in cursor.execute(statement, (start, end, PREFIX_MAX)).fetchall()}


def _found(cursor: Cursor, statement: str, expression: str, most: int) -> set[int]:
    return {number for (number,) in cursor.execute(statement, (expression, most)).fetchall()}


def _name(cursor: Cursor, number: int) -> str:
    row = cursor.execute(NAME, (number,)).fetchone()
    return row[0] if row else ""


def _version(cursor: Cursor) -> int:
    row = cursor.execute(f"SELECT {_VERSION}").fetchone()
    return int(row[0] or 0)


def _categories(cursor: Cursor) -> tuple[Category, ...]:
    from app.service.ports import Category

    return tuple(
        Category(CategoryId(UUID(bytes=own)), name, id_or_none(CategoryId, parent), code)
        for own, name, parent, code in cursor.execute(CATEGORIES).fetchall()
    )


def _category_paths(cursor: Cursor) -> dict[bytes, tuple[CategoryId, ...]]:
    """Every category's path from the root, by its stored id."""
    parents = {
        CategoryId(UUID(bytes=own)): id_or_none(CategoryId, parent)
        for own, _, parent, _ in cursor.execute(CATEGORIES).fetchall()
    }

    def path(category_id: CategoryId | None) -> tuple[CategoryId, ...]:
        return () if category_id is None else (*path(parents[category_id]), category_id)

    return {category_id.bytes: path(category_id) for category_id in parents}


def _currency(code: str | None) -> Currency:
    return TWD if code is None else CURRENCIES.get(code, TWD)


def _item(row: Any, paths: dict[bytes, tuple[CategoryId, ...]]) -> Item:
    (
        item_id,
        sku,
        name,
        unit,
        tax_class,
        category_id,
        is_open,
        is_discountable,
        earns,
        version,
        price,
        member,
        _,
        code,
    ) = row
    currency = _currency(code)
    return Item(
        id=ItemId(UUID(bytes=item_id)),
        sku=sku,
        name=name,
        unit=Unit(unit),
        tax_class=TaxClass(tax_class),
        category_path=() if category_id is None else paths[category_id],
        price=Money(price, currency),
        member_price=None if member is None else Money(member, currency),
        price_version=version,
        is_open_price=is_open == 1,
        is_discountable=is_discountable == 1,
        earns_points=earns == 1,
    )


def _hit(row: Any) -> ItemHit:
    item_id, sku, name, unit, price, member_price, code = row
    currency = _currency(code)
    return ItemHit(
        id=ItemId(UUID(bytes=item_id)),
        sku=sku,
        name=name,
        price=Money(price, currency),
        member_price=None if member_price is None else Money(member_price, currency),
        unit=Unit(unit),
    )


def _record(cursor: Cursor, row: Any, at: int) -> ItemRecord:
    (
        number,
        item_id,
        sku,
        name,
        unit,
        tax_class,
        category_id,
        is_open,
        is_discountable,
        earns,
        plu,
        cost,
        is_active,
    ) = row
    price, member_price = cursor.execute(REGULAR_PRICE, (number, at)).fetchone() or (0, None)
    return ItemRecord(
        id=ItemId(UUID(bytes=item_id)),
        sku=sku,
        name=name,
        price=price,
        member_price=member_price,
        unit=Unit(unit),
        tax_class=TaxClass(tax_class),
        category_id=id_or_none(CategoryId, category_id),
        barcodes=tuple(code for (code,) in cursor.execute(RECORD_CODES, (number,)).fetchall()),
        plu=plu or "",
        cost=cost,
        is_open_price=is_open == 1,
        is_discountable=is_discountable == 1,
        earns_points=earns == 1,
        is_active=is_active == 1,
    )
