"""Goods as rows of a search and as quick keys. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.item import ItemHit, Tile
from app.domain.money import format_money
from app.i18n import t
from ui.widgets.result_list import ResultRow
from ui.widgets.tile_grid import TileData


def hit_rows(hits: Sequence[ItemHit]) -> list[ResultRow]:
    """One row a hit; its value is its place in the list."""
    return [
        ResultRow(
            title=hit.name,
            value=index,
            detail=hit.sku,
            trailing=format_money(hit.price),
            trailing_detail=""
            if hit.member_price is None
            else t("sale.search.member_price", price=format_money(hit.member_price)),
        )
        for index, hit in enumerate(hits)
    ]


def tile_data(tiles: Sequence[Tile]) -> list[TileData]:
    """The shop's quick keys; its first page and place are shown first, wherever the shop began to count."""
    page = min((tile.page for tile in tiles), default=0)
    place = min((tile.position for tile in tiles), default=0)
    return [
        TileData(tile.page - page, tile.position - place, tile.label, tile.colour, tile.item_id)
        for tile in tiles
    ]
