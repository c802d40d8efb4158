"""The ledger of points: double entry, append-only. No balance is stored: it is the sum of the postings, read from one index.

Entries may come from this till or, later, from another: they are known by id and have no place of their own in this till's chain.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text

from app.domain.ledger import Account, EntryKind
from db.schema import base

ledger_entry = base.table(
    "ledger_entry",
    base.identity("id", primary_key=True),
    base.choice("kind", EntryKind),
    base.identity("member_id"),
    base.identity("transaction_id", nullable=True),
    base.instant("occurred_at"),
    base.business_date("business_date"),
    base.business_date("expires_on", nullable=True),
    base.text("note"),
    # What it was given or spent for, where the kind alone does not say: welcome, birthday, referral, a gift's code …
    base.text("source", default=""),
    # The fact that tells of it, where it is not a fact of its own: a sale, or many ends of lots at once.
    base.identity("fact_id", nullable=True),
    with_rowid=False,
)

ledger_posting = base.table(
    "ledger_posting",
    base.identity("entry_id"),
    base.integer("number", check="number > 0"),
    base.choice("account", Account),
    base.integer("points", check="points <> 0"),
    base.identity("member_id", nullable=True),  # whose lot it is: after a merge not always the entry's member
    base.identity("lot_id", nullable=True),
    base.instant("occurred_at"),
    # The last day of the lot; given by postings that put points in.
    base.business_date("expires_on", nullable=True),
    # The first day on which the points may be spent; given as the last day is (None: at once).
    base.business_date("usable_on", nullable=True),
    PrimaryKeyConstraint("entry_id", "number"),
    ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"]),
    CheckConstraint("(account = 'member') = (lot_id IS NOT NULL)"),
    CheckConstraint("(lot_id IS NULL) = (member_id IS NULL)"),
    # A member's lots and balance, read from the index alone.
    Index(
        "ledger_posting_by_member",
        "member_id",
        "lot_id",
        "points",
        "occurred_at",
        "expires_on",
        "usable_on",
        sqlite_where=text("member_id IS NOT NULL"),
    ),
    # Lots by the day they end, for the nightly expiry.
    Index(
        "ledger_posting_by_expiry",
        "expires_on",
        "lot_id",
        "member_id",
        sqlite_where=text("expires_on IS NOT NULL AND points > 0"),
    ),
    with_rowid=False,
)

base.append_only("ledger_entry", "ledger_posting", is_settled_between_tills=True)
