"""The rows that a handful of facts add up to, on their way into the tables, and the two ways in: all at once, or one fact after another.

A table that takes each row once takes them all at once. Where a row is there already (the same entry told in two facts), the one with the
smaller content stands: which came first decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, text

from app.domain.facts import FactKind
from sync.server.bodies import (
    Fact,
    Row,
    coupon_rows,
    coupon_use_row,
    entries_of,
    posting_rows,
    sale_of,
    sale_rows,
    ticket_entries,
    value_rows,
)
from sync.server.database import among, keep, listed, load
from sync.server.envelope import SALES

SALE: Final = (
    "tenant_id", "id", "device_id", "store_code", "till_code", "receipt_number", "kind", "business_date", "occurred_at",
    "operator_id", "shift_id", "member_id", "is_new_member", "currency", "total_minor", "tax_minor", "cash_minor",
    "points_earned", "points_spent", "voids_id",
)  # fmt: skip
LINE: Final = (
    "tenant_id", "sale_id", "number", "item_id", "sku", "name", "quantity", "unit_price_minor", "net_minor", "category_id",
)  # fmt: skip
TENDER: Final = ("tenant_id", "sale_id", "number", "kind", "amount_minor", "points")
POSTING: Final = (
    "tenant_id", "entry_id", "number", "kind", "account", "member_id", "lot_id", "points", "business_date", "transaction_id",
)  # fmt: skip
VALUE: Final = (
    "tenant_id", "entry_id", "number", "account_id", "kind", "book", "part", "minor", "business_date", "transaction_id",
)  # fmt: skip
COUPON: Final = ("tenant_id", "coupon_id", "member_id", "template", "uses_max")
USE: Final = (
    "tenant_id", "id", "coupon_id", "kind", "transaction_id", "hlc", "occurred_at", "business_date",
)  # fmt: skip


@dataclass(slots=True)
class Rows:
    """In the order of the columns above."""

    sales: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    tenders: list[Row] = field(default_factory=list)
    postings: list[Row] = field(default_factory=list)
    values: list[Row] = field(default_factory=list)
    coupons: list[Row] = field(default_factory=list)
    uses: list[Row] = field(default_factory=list)

    def add(self, tenant: str, fact: Fact) -> None:
        """What this fact says; nothing for the kinds that have no rows. Raises one of DAMAGE with nothing added."""
        kind, body = fact.kind, bytes(fact.body)
        if kind in SALES:
            self._add_sale(tenant, fact, body)
        elif kind in (FactKind.POINTS_ENTRY, FactKind.POINTS_ENTRIES):
            entries = entries_of(body, is_many=kind == FactKind.POINTS_ENTRIES)
            self.postings.extend([row for entry in entries for row in posting_rows(tenant, entry)])
        elif kind == FactKind.VALUE_ENTRY:
            self.values.extend(value_rows(tenant, body))
        elif kind == FactKind.COUPON:
            self.coupons.extend(coupon_rows(tenant, body))
        elif kind == FactKind.COUPON_EVENT:
            self.uses.append(coupon_use_row(tenant, fact))

    def _add_sale(self, tenant: str, fact: Fact, body: bytes) -> None:
        sale = sale_of(body)
        if sale.training:
            return
        row, lines, tenders = sale_rows(tenant, fact, sale)
        postings = [one for entry in ticket_entries(sale) for one in posting_rows(tenant, entry)]
        self.sales.append(row)
        self.lines.extend(lines)
        self.tenders.extend(tenders)
        self.postings.extend(postings)

    def members_with_points(self) -> frozenset[str]:
        return frozenset(row[5] for row in self.postings if row[5] is not None)

    def members_who_spent(self) -> frozenset[str]:
        return frozenset(row[5] for row in self.postings if row[5] is not None and row[7] < 0)


def load_rows(db: Connection, rows: Rows) -> None:
    """All of them, none of which is there yet: the quickest way. Raises what the database raises when one is."""
    load(db, "sale", SALE, rows.sales)
    load(db, "sale_line", LINE, rows.lines)
    load(db, "tender", TENDER, rows.tenders)
    load(db, "ledger_posting", POSTING, rows.postings)
    load(db, "value_posting", VALUE, rows.values)
    load(db, "coupon", COUPON, rows.coupons)
    load(db, "coupon_use", USE, rows.uses)


def keep_rows(db: Connection, rows: Rows) -> None:
    """All of them, some of which may be there already, in this or in another form."""
    keep(db, "sale", SALE, rows.sales)
    keep(db, "sale_line", LINE, rows.lines)
    keep(db, "tender", TENDER, rows.tenders)
    _keep_smaller(db, "ledger_posting", "entry_id", POSTING, rows.postings)
    _keep_smaller(db, "value_posting", "entry_id", VALUE, rows.values)
    _keep_smaller(db, "coupon", "coupon_id", COUPON, rows.coupons)
    keep(db, "coupon_use", USE, rows.uses)


def _keep_smaller(
    db: Connection, table: str, key: str, columns: tuple[str, ...], rows: Iterable[Row]
) -> None:
    """Of two forms of one thing, the smaller one."""
    new: dict[str, list[Row]] = {}
    for row in rows:
        new.setdefault(row[1], []).append(row)
    if not new:
        return
    values = {"tenant": next(iter(new.values()))[0][0], "ids": listed(db, sorted(new))}
    condition = f"tenant_id = :tenant AND {among(db, key, 'ids')}"
    there: dict[str, list[Row]] = {}
    for row in db.execute(text(f"SELECT {', '.join(columns)} FROM {table} WHERE {condition}"), values):
        there.setdefault(row[1], []).append(tuple(row))
    better = [one for one, form in new.items() if one not in there or _order(form) < _order(there[one])]
    replaced = [one for one in better if one in there]
    if replaced:
        db.execute(text(f"DELETE FROM {table} WHERE {condition}"), values | {"ids": listed(db, replaced)})
    load(db, table, columns, [row for one in better for row in new[one]])


def _order(form: list[Row]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(value) for value in row) for row in form)
