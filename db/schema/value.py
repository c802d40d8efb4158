"""Stored value and gift cards: money the shop owes, in strict double entry. Append-only; no balance is stored.

What was paid and what was given on top (bonus) are kept apart: only what was paid is ever given back in money.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text

from db.schema import base

VALUE_ACCOUNTS = ("holder", "received", "bonus_given", "spent", "refunded", "expired", "adjusted")

value_account = base.table(
    "value_account",
    base.identity("id", primary_key=True),
    base.choice("kind", ("member", "gift_card")),
    base.text("code", nullable=True, unique=True, check="code <> ''"),  # what a gift card's QR says
    base.identity("member_id", nullable=True),
    base.text("currency", check="length(currency) = 3"),
    base.instant("opened_at"),
    base.business_date("expires_on", nullable=True),
    CheckConstraint("kind = 'gift_card' OR member_id IS NOT NULL"),
    CheckConstraint("(kind = 'gift_card') = (code IS NOT NULL)"),
    Index("value_account_of_member", "member_id", "kind", sqlite_where=text("member_id IS NOT NULL")),
    with_rowid=False,
)

value_entry = base.table(
    "value_entry",
    base.identity("id", primary_key=True),
    base.choice(
        "kind", ("top_up", "spend", "spend_reversal", "refund", "top_up_reversal", "expiry", "adjustment")
    ),
    base.identity("account_id", references="value_account.id"),
    base.identity("transaction_id", nullable=True),
    base.instant("occurred_at"),
    base.business_date("business_date"),
    base.integer("rule_version", check="rule_version >= 0"),
    base.text("note"),
    Index("value_entry_of_account", "account_id", "occurred_at"),
    Index("value_entry_of_transaction", "transaction_id", sqlite_where=text("transaction_id IS NOT NULL")),
    with_rowid=False,
)

value_posting = base.table(
    "value_posting",
    base.identity("entry_id"),
    base.integer("number", check="number > 0"),
    base.choice("account", VALUE_ACCOUNTS),
    base.identity("holder_id", nullable=True),
    base.choice("part", ("paid", "bonus")),
    base.money("amount_minor", check="amount_minor <> 0"),
    PrimaryKeyConstraint("entry_id", "number"),
    ForeignKeyConstraint(["entry_id"], ["value_entry.id"]),
    CheckConstraint("(account = 'holder') = (holder_id IS NOT NULL)"),
    Index(
        "value_posting_of_holder",
        "holder_id",
        "part",
        "amount_minor",
        sqlite_where=text("holder_id IS NOT NULL"),
    ),
    with_rowid=False,
)

# What the server set aside for this till, to be spent while nobody can be asked.
value_lease = base.table(
    "value_lease",
    base.identity("id", primary_key=True),
    base.identity("account_id"),
    base.integer("incarnation", check="incarnation > 0"),  # the life of this till that may spend it
    base.integer("version", default=1, check="version > 0"),  # rises with every change at the server
    base.money("granted_minor", check="granted_minor >= 0"),
    base.money("spent_minor", check="spent_minor >= 0"),
    base.instant("granted_at"),
    base.instant("expires_at"),
    base.instant("returned_at", nullable=True),
    Index("value_lease_of_account", "account_id"),
    with_rowid=False,
)

base.append_only("value_account", "value_entry", "value_posting", is_settled_between_tills=True)
