"""The server's own documents: categories, goods, quick keys and promotions, published by the office.

The newest version stands; a till writes none of them. A price that is new counts from when it was heard of at the earliest, so that no
price's past changes. A long document is written a few goods at a time, and counts as here when all of it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.item import ItemRecord
from app.service import catalogue_documents as documents
from app.service.exchange_ports import Incoming
from db import bulk
from db.engine import Cursor, Error
from db.feed_step import DAMAGED, NEWER

if TYPE_CHECKING:
    from db.unit_of_work import SqliteUnitOfWork

PREFIX: Final = "doc:"
WAITS: Final = "catalogue"  # for goods or categories that have not come yet
ITEMS_AT_ONCE: Final = 50

KNOWN: Final = "SELECT version, hash, problem FROM server_document WHERE name = ?"
KEEP: Final = """
INSERT INTO server_document (name, version, hash, applied_at, problem, body) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, hash = excluded.hash, applied_at = excluded.applied_at,
  problem = excluded.problem, body = excluded.body
"""
WAITING: Final = "SELECT name, version, hash, body FROM server_document WHERE problem = ? ORDER BY name"
UNKNOWN_CATEGORY: Final = "SELECT 1 FROM category WHERE id = ?"
UNKNOWN_ITEM: Final = "SELECT 1 FROM item WHERE id = ?"
# What the till had under the same signs before it heard of the office's list makes room.
FREE_CODE: Final = """
DELETE FROM barcode WHERE code = ? AND item_number <> coalesce((SELECT number FROM item WHERE id = ?), -1)
"""
FREE_PLU: Final = "UPDATE item SET plu = NULL WHERE plu = ? AND id <> ?"
FREE_SKU: Final = "UPDATE item SET sku = sku || '~' || number, is_active = 0 WHERE sku = ? AND id <> ?"

Part = Callable[[Cursor], None]


def is_document(step: Incoming) -> bool:
    return step.entity.startswith(PREFIX)


def is_newer(cursor: Cursor, step: Incoming) -> bool:
    """Whether this version is not here; a version that could not be applied is tried again by :func:`waiting`."""
    row = cursor.execute(KNOWN, (name_of(step),)).fetchone()
    return row is None or step.seq > row[0]


def name_of(step: Incoming) -> str:
    return step.entity.removeprefix(PREFIX)


def parts_of(step: Incoming, *, at: int) -> tuple[list[Part], str]:
    """What writing this document takes, piece by piece, or why it cannot be read."""
    name, body = name_of(step), step.body
    try:
        if name == documents.CATEGORIES:
            categories = documents.categories_from_bytes(body)
            return [lambda cursor: bulk.put_categories(cursor, categories)], ""
        if name.startswith(documents.ITEMS):
            return _item_parts(documents.items_from_bytes(body), at), ""
        if name == documents.TILES:
            tiles = documents.tiles_from_bytes(body)
            known = [tile.item_id.bytes for tile in tiles]
            return [
                lambda cursor: _all_known(cursor, known),
                lambda cursor: bulk.put_tiles(cursor, tiles),
            ], ""
        if name == documents.PROMOTIONS:
            promotions = documents.promotions_from_bytes(body)
            return [lambda cursor: bulk.put_promotions(cursor, promotions, changed_at=at)], ""
    except (Refused, *DAMAGE) as error:
        return [], error.code if isinstance(error, Refused) else DAMAGED
    return [], NEWER


def write(work: SqliteUnitOfWork, part: Part) -> str:
    """One piece within a unit of work; why it has to wait, or ""."""
    cursor = work.cursor
    cursor.execute("SAVEPOINT document")
    try:
        part(cursor)
    except (Waits, Error) as error:
        cursor.execute("ROLLBACK TO document")
        cursor.execute("RELEASE document")
        if isinstance(error, Error) and "IntegrityError" not in type(error).__name__:
            raise
        return WAITS
    cursor.execute("RELEASE document")
    return ""


def keep(cursor: Cursor, step: Incoming, problem: str, *, at: int) -> None:
    """The body stays only until it could be applied."""
    body = step.body if problem else b""
    cursor.execute(KEEP, (name_of(step), step.seq, step.hash, at, problem, body))


def waiting(cursor: Cursor, problem: str = WAITS) -> list[Incoming]:
    """Documents to be tried again, as they came."""
    rows = cursor.execute(WAITING, (problem,)).fetchall()
    return [
        Incoming(0, PREFIX + name, bytes(16), b"", 0, version, 0, digest, body)
        for name, version, digest, body in rows
    ]


class Waits(Exception):
    """Something that this document speaks of is not here yet."""


def _item_parts(document: documents.ItemsDocument, at: int) -> list[Part]:
    start = max(at, document.prices_from)

    def part(items: tuple[ItemRecord, ...]) -> Part:
        return lambda cursor: _put_items(cursor, items, at=at, new_from=document.prices_from, start=start)

    items = document.items
    return [part(items[first : first + ITEMS_AT_ONCE]) for first in range(0, len(items), ITEMS_AT_ONCE)]


def _put_items(cursor: Cursor, items: tuple[ItemRecord, ...], *, at: int, new_from: int, start: int) -> None:
    """An item that is new has had its price since the office says so; one that is known, from now on."""
    for category in {item.category_id for item in items if item.category_id is not None}:
        if cursor.execute(UNKNOWN_CATEGORY, (category.bytes,)).fetchone() is None:
            raise Waits
    for item in items:
        cursor.executemany(FREE_CODE, [(code, item.id.bytes) for code in item.barcodes])
        cursor.execute(FREE_SKU, (item.sku, item.id.bytes))
        if item.plu:
            cursor.execute(FREE_PLU, (item.plu, item.id.bytes))
    known = [item for item in items if cursor.execute(UNKNOWN_ITEM, (item.id.bytes,)).fetchone()]
    new = [item for item in items if item not in known]
    bulk.put_items(cursor, known, changed_at=at, prices_from=start)
    bulk.put_items(cursor, new, changed_at=at, prices_from=new_from)


def _all_known(cursor: Cursor, items: list[bytes]) -> None:
    for item in items:
        if cursor.execute(UNKNOWN_ITEM, (item,)).fetchone() is None:
            raise Waits
