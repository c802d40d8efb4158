"""What the shop sells: items, prices with their dates, barcodes, categories, quick keys, promotions and the search index.

A price is never overwritten: a new row starts where the old one stops being the newest. Rows of one shop's list refer to an item by its
``number``, which is this file's own and leaves it never; outside, an item is its ``id``.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql_text

from app.domain.item import TaxClass, Unit
from db.schema.base import choice, extra, flag, identity, instant, integer, money, table, text

category = table(
    "category",
    identity("id", primary_key=True),
    text("code", default=""),
    text("name", check="name <> ''"),
    identity("parent_id", nullable=True, references="category.id"),
    integer("position", default=0),
)
Index("category_by_parent", category.c.parent_id)  # deleting or moving a category looks for its children

item = table(
    "item",
    integer("number", primary_key=True),
    identity("id", unique=True),
    text("sku", unique=True, check="sku <> ''"),
    text("name", check="name <> ''"),
    choice("unit", Unit),
    choice("tax_class", TaxClass),
    identity("category_id", nullable=True, references="category.id"),
    flag("is_open_price", default=False),
    flag("is_discountable", default=True),
    flag("earns_points", default=True),
    text("plu", nullable=True, unique=True, check="plu NOT GLOB '0*'"),
    money("cost_minor", nullable=True, check="cost_minor >= 0"),
    # How often it sold lately; a projection that only orders search results.
    integer("popularity", default=0, check="popularity >= 0"),
    flag("is_active", default=True),
    instant("updated_at"),
)
# Search: the name starts with what was typed.
Index("item_by_name", sql_text("name COLLATE NOCASE"), _table=item)
# A category in use cannot go.
Index("item_by_category", item.c.category_id)
# Search: what sells most.
Index("item_popular", item.c.popularity)

item_price = table(
    "item_price",
    integer("id", primary_key=True),
    integer("item_number", references="item.number"),
    money("price", check="price >= 0"),
    money("member_price", nullable=True, check="member_price >= 0"),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    CheckConstraint("ends_at IS NULL OR ends_at > starts_at"),
)
# The price in force: the last entry of an item up to now that has not ended.
Index("item_price_in_force", item_price.c.item_number, item_price.c.starts_at)

barcode = table(
    "barcode",
    text("code", primary_key=True, check="code <> ''"),
    integer("item_number", references="item.number"),
    with_rowid=False,
)
Index("barcode_by_item", barcode.c.item_number)

tile = table(
    "tile",
    integer("page", primary_key=True, check="page >= 0"),
    integer("position", primary_key=True, check="position >= 0"),
    integer("item_number", references="item.number"),
    text("label"),
    text("colour"),
    with_rowid=False,
)
Index("tile_by_item", tile.c.item_number)

promotion = table(
    "promotion",
    identity("id", primary_key=True),
    text("body", check="json_valid(body)"),
    instant("updated_at"),
    with_rowid=False,
)

# Counts every change to the tables above, so that whoever keeps some of it in memory knows when it is stale.
catalogue_state = table(
    "catalogue_state",
    integer("id", primary_key=True, check="id = 1"),
    integer("version"),
)

# One row per item, by its number: the words of its name (characters, 注音 and pinyin initials), and its codes cut into runs of three
# characters, so that any part of a code is found as a phrase. The text itself is not kept; rows can be replaced and deleted.
# The second index holds only the items that sell most (in a small shop, all of them): what people look for is found there at once,
# however many share a character.
for name in ("item_search", "item_search_hot"):
    extra(
        f"""
        CREATE VIRTUAL TABLE {name} USING fts5 (
          words, codes, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
        )
        """
    )
