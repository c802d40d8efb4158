"""Taking the rows of a fact away again, when another one stands in its place from now on. Its findings are looked at when that one is
spread.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from app.domain.facts import FactKind
from sync.server.bodies import (
    DAMAGE,
    coupon_rows,
    coupon_use_id,
    entries_of,
    sale_of,
    ticket_entries,
    value_rows,
)
from sync.server.database import among, listed
from sync.server.envelope import SALES

SALE_TABLES: Final = (("sale", "id"), ("sale_line", "sale_id"), ("tender", "sale_id"))


def unspread(db: Connection, tenant: str, kind: str, body: bytes) -> None:
    """What this fact says of members stays: those words carry clocks of their own. Whether it was spread before makes no difference."""
    try:
        for table, column, ids in _rows_of(tenant, kind, body):
            statement = text(f"DELETE FROM {table} WHERE tenant_id = :tenant AND {among(db, column, 'ids')}")
            db.execute(statement, {"tenant": tenant, "ids": listed(db, ids)})
    except DAMAGE:
        return  # it left no rows


def _rows_of(tenant: str, kind: str, body: bytes) -> list[tuple[str, str, list[str]]]:
    if kind in SALES:
        sale = sale_of(body)
        posted = ("ledger_posting", "entry_id", [entry.id for entry in ticket_entries(sale)])
        return [*((table, column, [sale.id]) for table, column in SALE_TABLES), posted]
    if kind in (FactKind.POINTS_ENTRY, FactKind.POINTS_ENTRIES):
        entries = entries_of(body, is_many=kind == FactKind.POINTS_ENTRIES)
        return [("ledger_posting", "entry_id", [entry.id for entry in entries])]
    if kind == FactKind.VALUE_ENTRY:
        return [("value_posting", "entry_id", sorted({row[1] for row in value_rows(tenant, body)}))]
    if kind == FactKind.COUPON:
        return [("coupon", "coupon_id", [row[1] for row in coupon_rows(tenant, body)])]
    if kind == FactKind.COUPON_EVENT:
        return [("coupon_use", "id", [coupon_use_id(body)])]
    return []
