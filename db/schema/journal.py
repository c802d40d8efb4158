"""Facts and the transactions they tell of. Rows are only ever appended; a correction is a new fact.

A fact's place is ``seq``. The tables below it repeat, in columns, what reports and look-ups need; the fact's body remains the truth, and
``verify`` compares. Rows of one sale share ``seq`` and lie side by side.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text

from app.domain.item import TaxClass, Unit
from app.domain.tender import TenderKind
from app.domain.transaction import ModifierKind, PriceSource, TransactionKind
from db.schema import base

fact = base.table(
    "fact",
    base.integer("seq", primary_key=True, check="seq > 0"),
    # Unique: by id (a receipt's return, a resend), and the guard that nothing is recorded twice.
    base.identity("id", unique=True),
    base.integer("incarnation", check="incarnation > 0"),
    base.text("kind"),
    base.instant("occurred_at"),
    base.integer("hlc", check="hlc > 0"),
    base.digest("prev_hash"),
    base.digest("hash"),
    base.blob("body"),
)

# What the central server does not have yet. A row leaves when the server has acknowledged it, never before.
outbox = base.table("outbox", base.integer("seq", primary_key=True, references="fact.seq"))

transaction_header = base.table(
    "transaction_header",
    base.integer("seq", primary_key=True, references="fact.seq"),
    base.identity("id"),  # found through fact.id
    base.choice("kind", TransactionKind),
    # Unique: by the number on the paper, and the guard that no number is given out twice.
    base.text("receipt_number", unique=True, check="receipt_number <> ''"),
    base.integer("counter", check="counter > 0"),
    base.identity("shift_id"),  # a shift's rows are found by seq, from its first to the next shift's first
    base.identity("operator_id"),
    base.business_date("business_date"),
    base.instant("occurred_at"),
    base.integer("utc_offset_minutes", check="utc_offset_minutes BETWEEN -1080 AND 1080"),
    base.text("currency", check="length(currency) = 3"),
    base.flag("is_training"),
    base.identity("member_id", nullable=True),
    base.flag("is_new_member"),
    base.money("total_minor"),
    base.money("change_minor", check="change_minor >= 0"),
    base.money("rounding_minor"),
    base.money("tax_minor"),
    base.money("cash_minor"),  # what the drawer gained: cash taken less change, floats and paid in or out
    base.integer("points_earned"),
    base.integer("points_spent"),
    base.identity("voids_id", nullable=True),
    CheckConstraint("(voids_id IS NOT NULL) = (kind = 'post_void')"),
    CheckConstraint("is_new_member = 0 OR member_id IS NOT NULL"),
    CheckConstraint(
        "kind IN ('sale', 'return', 'post_void') OR (total_minor = 0 AND change_minor = 0 AND member_id IS NULL)"
    ),
    # A member's card and history, and RFM over all members, without touching the table.
    Index(
        "transaction_header_by_member",
        "member_id",
        "occurred_at",
        "total_minor",
        "business_date",
        "kind",
        sqlite_where=text("member_id IS NOT NULL"),
    ),
    # Is this sale voided? Also the guard that it is voided once.
    Index("transaction_header_by_voided", "voids_id", unique=True, sqlite_where=text("voids_id IS NOT NULL")),
)

sale_line = base.table(
    "sale_line",
    base.integer("seq"),
    base.integer("number", check="number > 0"),
    base.identity("item_id"),
    base.text("sku"),
    base.text("name"),
    base.choice("unit", Unit),
    base.integer("quantity", check="quantity <> 0"),
    base.money("list_price_minor", check="list_price_minor >= 0"),
    base.money("unit_price_minor", check="unit_price_minor >= 0"),
    base.choice("price_source", PriceSource),
    base.integer("price_version"),
    base.money("gross_minor"),
    base.money("net_minor"),
    base.choice("tax_class", TaxClass),
    base.identity("category_id", nullable=True),
    base.flag("is_return"),
    base.identity("returns_id", nullable=True),
    base.integer("returns_line", nullable=True),
    PrimaryKeyConstraint("seq", "number"),
    ForeignKeyConstraint(["seq"], ["transaction_header.seq"]),
    CheckConstraint("(quantity < 0) = is_return"),
    CheckConstraint("returns_id IS NULL OR is_return = 1"),
    CheckConstraint("(returns_id IS NULL) = (returns_line IS NULL)"),
    # What has come back of a sale. Partial: only return lines pay for it.
    Index("sale_line_by_returned", "returns_id", "returns_line", sqlite_where=text("returns_id IS NOT NULL")),
    with_rowid=False,
)

line_modifier = base.table(
    "line_modifier",
    base.integer("seq"),
    base.integer("line_number"),
    base.integer("number", check="number > 0"),
    base.choice("kind", ModifierKind),
    base.text("source"),
    base.text("label"),
    base.text("reason"),
    base.money("amount_minor"),
    PrimaryKeyConstraint("seq", "line_number", "number"),
    ForeignKeyConstraint(["seq", "line_number"], ["sale_line.seq", "sale_line.number"]),
    with_rowid=False,
)

tender = base.table(
    "tender",
    base.integer("seq"),
    base.integer("number", check="number > 0"),
    base.choice("kind", TenderKind),
    base.money("amount_minor"),
    base.integer("points"),
    base.text("reference"),
    PrimaryKeyConstraint("seq", "number"),
    ForeignKeyConstraint(["seq"], ["transaction_header.seq"]),
    CheckConstraint("points = 0 OR kind = 'points'"),
    with_rowid=False,
)

# The details of an event are in its fact. Sign-ons and reprints of a shift are found by seq, as its transactions are.
audit_event = base.table(
    "audit_event",
    base.integer("seq", primary_key=True, references="fact.seq"),
    base.text("kind", check="kind <> ''"),
    base.instant("occurred_at"),
    base.identity("operator_id", nullable=True),
    base.identity("approved_by", nullable=True),
    base.identity("shift_id", nullable=True),
)

base.append_only("fact", "transaction_header", "sale_line", "line_modifier", "tender", "audit_event")
