"""What lies on the counter between customers, and who this till is. These rows change; what must not be forgotten is also a fact."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text

from db.schema import base

# One row, written once: the till's identity.
device = base.table(
    "device",
    base.integer("one", primary_key=True, check="one = 1"),
    base.identity("device_id"),
    base.text("store_code", check="store_code <> ''"),
    base.text("till_code", check="till_code <> ''"),
    base.flag("is_training"),
    base.instant("created_at"),
)

# One row, moved by every commit that appends: where the chain ends, and the numbers given out last.
chain_head = base.table(
    "chain_head",
    base.integer("one", primary_key=True, check="one = 1"),
    base.integer("incarnation", check="incarnation > 0"),
    base.text("letter", check="letter <> ''"),
    base.integer("seq", check="seq >= 0"),
    base.digest("hash"),
    base.integer("counter", check="counter >= 0"),
    base.integer("z_number", check="z_number >= 0"),
    base.integer("hlc", check="hlc >= 0"),
)

# The lives of this till: a restored or cloned file begins another one before its first sale.
incarnation = base.table(
    "incarnation",
    base.integer("incarnation", primary_key=True, check="incarnation > 0"),
    base.text("letter", unique=True, check="letter <> ''"),
    base.integer("first_seq", check="first_seq > 0"),
    base.instant("started_at"),
    base.text("reason"),
)

shift = base.table(
    "shift",
    base.identity("id", primary_key=True),
    base.business_date("business_date"),
    base.instant("opened_at"),
    base.identity("opened_by"),
    base.money("opening_float_minor", check="opening_float_minor >= 0"),
    base.text("currency", check="length(currency) = 3"),
    base.instant("closed_at", nullable=True),
    base.integer("z_number", nullable=True, check="z_number > 0"),
    # Everything from this fact up to the next shift's belongs to the shift, so no table carries an index for it.
    base.integer("first_seq", check="first_seq > 0"),
    CheckConstraint("(closed_at IS NULL) = (z_number IS NULL)"),
    CheckConstraint("closed_at >= opened_at"),
    # One till has one drawer: at most one shift is open.
    Index("shift_open", text("(closed_at IS NULL)"), unique=True, sqlite_where=text("closed_at IS NULL")),
    # Closed shifts by their number, which is never given twice.
    Index("shift_by_z_number", "z_number", unique=True, sqlite_where=text("z_number IS NOT NULL")),
    with_rowid=False,
)

held_sale = base.table(
    "held_sale",
    base.identity("id", primary_key=True),
    base.instant("held_at"),
    base.identity("operator_id"),
    base.text("label"),
    base.integer("line_count", check="line_count >= 0"),
    base.money("total_minor"),
    base.blob("body"),
)

# One row: the basket as it was after the last key, for the restart after a crash.
draft = base.table("draft", base.integer("one", primary_key=True, check="one = 1"), base.blob("body"))

# Values are JSON.
setting = base.table(
    "setting", base.text("key", primary_key=True, check="key <> ''"), base.text("value"), with_rowid=False
)
