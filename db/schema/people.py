"""Who works here. Only slow hashes of PINs and badges are kept; failures and lock-outs survive a restart."""

from __future__ import annotations

from sqlalchemy import Index, text

from app.domain.authority import Role
from db.schema import base

operator = base.table(
    "operator",
    base.identity("id", primary_key=True),
    # Unique: people sign on with it.
    base.text("number", unique=True, check="number <> ''"),
    base.text("name"),
    base.choice("role", Role),
    base.flag("is_active"),
    base.text("pin_hash", default=""),
    base.text("badge_hash", default=""),
    base.integer("failures", check="failures >= 0", default=0),
    base.integer("locked_until", check="locked_until >= 0", default=0),
    # A badge is one person's.
    Index("operator_by_badge", "badge_hash", unique=True, sqlite_where=text("badge_hash <> ''")),
    with_rowid=False,
)
