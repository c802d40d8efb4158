"""The central server's tables. Every key begins with ``tenant_id``: Citus distributes by it, CockroachDB takes it as it is, no row of one
tenant can point at another's.

Facts are the truth and are stored whole, once; the tables below them are spread from facts and may be made again. ``feed`` and ``arrival``
are the order in which everything became visible: their numbers are given out by the last statements of the writing transaction
(``counter``), so that the order of the numbers is the order of the commits.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

metadata: Final = MetaData()

REFERENCE_TABLES: Final = ("schema_version",)
"""What Citus copies to every node; all others are distributed by ``tenant_id``."""


def _tenant() -> Column[Any]:
    return Column("tenant_id", Uuid(), nullable=False)


def _id(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> Column[Any]:
    """UTC milliseconds."""
    return Column(name, BigInteger(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, BigInteger(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> Column[Any]:
    """``20261121``."""
    return Column(name, Integer(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, LargeBinary(), nullable=nullable)


# Written by Alembic alone.
schema_version = Table("schema_version", metadata, Column("version_num", String(32), nullable=False))

tenant = Table(
    "tenant",
    metadata,
    _tenant(),
    _text("name"),
    _at("created_at"),
    # The life of this server for this tenant: another one after a restore, so that tills send again what was lost.
    _whole("life"),
    _bytes("phone_key"),  # phone numbers are compared under it and never kept
    _bytes("token_key"),  # what the tokens of this tenant are signed with
    PrimaryKeyConstraint("tenant_id"),
)

counter = Table(
    "counter",
    metadata,
    _tenant(),
    _text("name"),
    _whole("value"),
    PrimaryKeyConstraint("tenant_id", "name"),
)

pairing = Table(
    "pairing",
    metadata,
    _tenant(),
    _bytes("code_hash"),
    _text(
        "locator"
    ),  # the part of the code that may be looked up; the rest is only ever compared, and attempts are counted
    _at("created_at"),
    _at("expires_at"),
    _at("used_at", nullable=True),
    _whole("attempts"),
    _text("store_code"),
    Column("kind", Text(), nullable=False, server_default="till"),  # what it pairs: till, hub
    PrimaryKeyConstraint("tenant_id", "code_hash"),
)

device = Table(
    "device",
    metadata,
    _tenant(),
    _id("device_id"),
    _text("key_id"),
    _bytes("public_key"),
    _text("store_code"),
    _text("till_code"),
    _text("name"),
    _at("paired_at"),
    _at("revoked_at", nullable=True),
    _at("last_contact_at", nullable=True),
    Column("kind", Text(), nullable=False, server_default="till"),
    _id("via", nullable=True),  # the hub that introduced it
    PrimaryKeyConstraint("tenant_id", "device_id", "key_id"),
    UniqueConstraint("tenant_id", "key_id"),
)

# Challenges that were answered with a token: none is answered twice.
used_nonce = Table(
    "used_nonce",
    metadata,
    _tenant(),
    _text("key_id"),
    _bytes("nonce"),
    _at("used_at"),
    PrimaryKeyConstraint("tenant_id", "key_id", "nonce"),
)

# People of the chain's office, and what they may do.
staff = Table(
    "staff",
    metadata,
    _tenant(),
    _text("name"),
    _text("token_hash"),
    _text("role"),
    _at("created_at"),
    _at("revoked_at", nullable=True),
    PrimaryKeyConstraint("tenant_id", "token_hash"),
    CheckConstraint("role IN ('owner', 'manager', 'auditor')"),
)

# How far each life of each till has come here: everything from ``first_seq`` up to ``seq`` is received. ``first_seq`` is unknown until the
# fact before it, of an earlier life, is here too.
chain = Table(
    "chain",
    metadata,
    _tenant(),
    _id("device_id"),
    _whole("incarnation"),
    _whole("first_seq", nullable=True),
    _whole("seq"),
    _bytes("hash"),
    PrimaryKeyConstraint("tenant_id", "device_id", "incarnation"),
)

fact = Table(
    "fact",
    metadata,
    _tenant(),
    _id("id"),
    _id("device_id"),
    _whole("incarnation"),
    _whole("seq"),
    _text("kind"),
    _at("occurred_at"),
    _whole("hlc"),
    _bytes("prev"),
    _bytes("hash"),
    _bytes("body"),
    _at("received_at"),
    _text("state"),  # "", or why it could not be spread over the tables
    _whole("fork_of", nullable=True),  # the life it claims, when its place there is another fact's
    PrimaryKeyConstraint("tenant_id", "id"),
    UniqueConstraint("tenant_id", "device_id", "incarnation", "seq", name="fact_place"),
)

# Runs of facts in the order in which they came: what is behind the counter "spread" lies in the tables below.
arrival = Table(
    "arrival",
    metadata,
    _tenant(),
    _whole("number"),
    _id("device_id"),
    _whole("incarnation"),
    _whole("first_seq"),
    _whole("last_seq"),
    PrimaryKeyConstraint("tenant_id", "number"),
    sqlite_with_rowid=False,
)

# Places in a chain whose record was set aside: received, but no fact.
set_aside = Table(
    "set_aside",
    metadata,
    _tenant(),
    _id("device_id"),
    _whole("incarnation"),
    _whole("seq"),
    _bytes("hash"),
    _bytes("prev"),
    PrimaryKeyConstraint("tenant_id", "device_id", "incarnation", "seq", "hash"),
    sqlite_with_rowid=False,
)

# What a person should look at. ``body`` holds the record as it came, where one came.
exception = Table(
    "exception",
    metadata,
    _tenant(),
    _id("id"),
    _text("kind"),  # conflict, fork, quarantined, double_redemption, negative_balance, one_phone …
    _text("code"),
    _id("device_id", nullable=True),
    _id("subject_id", nullable=True),
    _bytes("hash"),
    _bytes("body"),
    _at("found_at"),
    _at("settled_at", nullable=True),
    _text("settled_by"),
    _text("note"),
    PrimaryKeyConstraint("tenant_id", "id"),
)
Index(
    "exception_open",
    exception.c.tenant_id,
    exception.c.kind,
    postgresql_where=exception.c.settled_at.is_(None),
    sqlite_where=exception.c.settled_at.is_(None),
)

feed = Table(
    "feed",
    metadata,
    _tenant(),
    _whole("feed_seq"),
    _text("entity"),
    _id("id"),
    PrimaryKeyConstraint("tenant_id", "feed_seq"),
    UniqueConstraint("tenant_id", "entity", "id", name="feed_entity"),
)

# Counts and hashes of each entity of the feed up to a step, so that comparing books with a till reads only what came since.
feed_sum = Table(
    "feed_sum",
    metadata,
    _tenant(),
    _text("entity"),
    _whole("up_to"),
    _whole("count"),
    _bytes("hash"),
    PrimaryKeyConstraint("tenant_id", "up_to", "entity"),
)

# The server's own state: catalogue, promotions, rules. The newest version counts.
document = Table(
    "document",
    metadata,
    _tenant(),
    _id("id"),
    _text("name"),
    _whole("version"),
    _bytes("body"),
    _bytes("hash"),
    _at("changed_at"),
    PrimaryKeyConstraint("tenant_id", "id"),
    UniqueConstraint("tenant_id", "name", "version", name="document_version"),
)

# Two tills that were apart may each have made a key for the same member: both open what they sealed.
member_key = Table(
    "member_key",
    metadata,
    _tenant(),
    _id("member_id"),
    _bytes("key"),
    PrimaryKeyConstraint("tenant_id", "member_id", "key"),
)

# Sealed facts that were spread before their key came.
unopened = Table(
    "unopened",
    metadata,
    _tenant(),
    _id("member_id"),
    _id("fact_id"),
    PrimaryKeyConstraint("tenant_id", "member_id", "fact_id"),
)

erasure = Table(
    "erasure",
    metadata,
    _tenant(),
    _id("member_id"),
    _at("erased_at"),
    PrimaryKeyConstraint("tenant_id", "member_id"),
)

# Stored value that one life of one till alone may spend. What is open and not spent is never more than the account holds.
lease = Table(
    "lease",
    metadata,
    _tenant(),
    _id("lease_id"),
    _id("account_id"),
    _id("device_id"),
    _whole("incarnation"),
    _whole("minor"),
    _whole("spent_minor"),
    _at("granted_at"),
    _at("expires_at"),
    _at("closed_at", nullable=True),
    PrimaryKeyConstraint("tenant_id", "lease_id"),
    CheckConstraint("minor > 0 AND spent_minor >= 0 AND spent_minor <= minor"),
)
Index(
    "lease_of_account",
    lease.c.tenant_id,
    lease.c.account_id,
    postgresql_where=lease.c.closed_at.is_(None),
    sqlite_where=lease.c.closed_at.is_(None),
)
Index(
    "lease_of_device",
    lease.c.tenant_id,
    lease.c.device_id,
    postgresql_where=lease.c.closed_at.is_(None),
    sqlite_where=lease.c.closed_at.is_(None),
)

# --- what only a store's hub has ------------------------------------------------------------------------------------------

# Where the hub belongs, as whom it speaks there, and how far it has read the feed. Secret: no request reads it.
upstream = Table(
    "upstream",
    metadata,
    _tenant(),
    _text("url"),
    _id("device_id"),
    _text("key_id"),
    _bytes("private_key"),
    _text("store_code"),
    _whole("server"),  # the life of the server above
    _whole("pulled"),
    _at("last_contact_at", nullable=True),
    _text("last_problem"),
    PrimaryKeyConstraint("tenant_id"),
)

# How each till of the store paired here, word for word, to be told above.
introduction = Table(
    "introduction",
    metadata,
    _tenant(),
    _id("device_id"),
    _text("key_id"),
    _bytes("body"),
    _at("paired_at"),
    _at("told_at", nullable=True),
    _text("problem"),
    PrimaryKeyConstraint("tenant_id", "key_id"),
)

# What the tills of the store pushed here, word for word and with their signatures, until it lies above, and a while longer.
relayed = Table(
    "relayed",
    metadata,
    _tenant(),
    _whole("number"),
    _id("device_id"),
    _bytes("body"),
    _at("received_at"),
    _at("told_at", nullable=True),
    _text("problem"),
    PrimaryKeyConstraint("tenant_id", "number"),
)
Index(
    "relayed_waiting",
    relayed.c.tenant_id,
    relayed.c.number,
    postgresql_where=relayed.c.told_at.is_(None),
    sqlite_where=relayed.c.told_at.is_(None),
)

# When each till spoke last of its leases; at a hub also what it asked, and what was answered above.
lease_talk = Table(
    "lease_talk",
    metadata,
    _tenant(),
    _id("device_id"),
    _bytes("asked"),
    _at("asked_at"),
    _bytes("told", nullable=True),
    _at("told_at", nullable=True),
    PrimaryKeyConstraint("tenant_id", "device_id"),
)

# --- spread from facts ----------------------------------------------------------------------------------------------------

# What is said of a member, each word with the clock that decides between two; a row may stand before its enrolment came.
member = Table(
    "member",
    metadata,
    _tenant(),
    _id("member_id"),
    _id("canonical_id"),  # itself, or who it is one with
    _bytes("phone_hash", nullable=True),  # keyed: one number is one member, and nobody reads it here
    _whole("phone_hlc"),
    _whole("enrolled_hlc", nullable=True),
    _at("enrolled_at", nullable=True),
    _id("device_id", nullable=True),
    _id("merged_into", nullable=True),
    _whole("merged_hlc"),
    _at("erased_at", nullable=True),
    PrimaryKeyConstraint("tenant_id", "member_id"),
)
Index("member_by_phone", member.c.tenant_id, member.c.phone_hash)
Index("member_by_canonical", member.c.tenant_id, member.c.canonical_id)
Index(
    "member_by_merge",
    member.c.tenant_id,
    member.c.merged_into,
    postgresql_where=member.c.merged_into.is_not(None),
    sqlite_where=member.c.merged_into.is_not(None),
)

# The newest answer to each question; taken back wins over granted at the same instant.
consent = Table(
    "consent",
    metadata,
    _tenant(),
    _id("member_id"),
    _text("purpose"),
    _whole("hlc"),
    Column("is_granted", Boolean(), nullable=False),
    _id("fact_id"),
    PrimaryKeyConstraint("tenant_id", "member_id", "purpose"),
)

sale = Table(
    "sale",
    metadata,
    _tenant(),
    _id("id"),
    _id("device_id"),
    _text("store_code"),
    _text("till_code"),
    _text("receipt_number"),
    _text("kind"),
    _day("business_date"),
    _at("occurred_at"),
    _id("operator_id"),
    _id("shift_id"),
    _id("member_id", nullable=True),
    Column("is_new_member", Boolean(), nullable=False),
    _text("currency"),
    _whole("total_minor"),
    _whole("tax_minor"),
    _whole("cash_minor"),
    _whole("points_earned"),
    _whole("points_spent"),
    _id("voids_id", nullable=True),
    PrimaryKeyConstraint("tenant_id", "id"),
)
Index("sale_by_day", sale.c.tenant_id, sale.c.business_date, sale.c.store_code)
Index("sale_by_member", sale.c.tenant_id, sale.c.member_id, sale.c.occurred_at)

sale_line = Table(
    "sale_line",
    metadata,
    _tenant(),
    _id("sale_id"),
    Column("number", Integer(), nullable=False),
    _id("item_id"),
    _text("sku"),
    _text("name"),
    _whole("quantity"),
    _whole("unit_price_minor"),
    _whole("net_minor"),
    _id("category_id", nullable=True),
    PrimaryKeyConstraint("tenant_id", "sale_id", "number"),
    sqlite_with_rowid=False,
)

tender = Table(
    "tender",
    metadata,
    _tenant(),
    _id("sale_id"),
    Column("number", Integer(), nullable=False),
    _text("kind"),
    _whole("amount_minor"),
    _whole("points"),
    PrimaryKeyConstraint("tenant_id", "sale_id", "number"),
    sqlite_with_rowid=False,
)

ledger_posting = Table(
    "ledger_posting",
    metadata,
    _tenant(),
    _id("entry_id"),
    Column("number", Integer(), nullable=False),
    _text("kind"),
    _text("account"),
    _id("member_id", nullable=True),
    _id("lot_id", nullable=True),
    _whole("points"),
    _day("business_date"),
    _id("transaction_id", nullable=True),
    PrimaryKeyConstraint("tenant_id", "entry_id", "number"),
    sqlite_with_rowid=False,
)
Index("ledger_posting_by_member", ledger_posting.c.tenant_id, ledger_posting.c.member_id)

value_posting = Table(
    "value_posting",
    metadata,
    _tenant(),
    _id("entry_id"),
    Column("number", Integer(), nullable=False),
    _id("account_id"),
    _text("kind"),
    _text("book"),
    _text("part"),
    _whole("minor"),
    _day("business_date"),
    _id("transaction_id", nullable=True),
    PrimaryKeyConstraint("tenant_id", "entry_id", "number"),
    sqlite_with_rowid=False,
)
Index("value_posting_of_account", value_posting.c.tenant_id, value_posting.c.account_id)

coupon = Table(
    "coupon",
    metadata,
    _tenant(),
    _id("coupon_id"),
    _id("member_id", nullable=True),
    _text("template"),
    _whole("uses_max"),
    PrimaryKeyConstraint("tenant_id", "coupon_id"),
)

coupon_use = Table(
    "coupon_use",
    metadata,
    _tenant(),
    _id("id"),
    _id("coupon_id"),
    _text("kind"),
    _id("transaction_id", nullable=True),
    _whole("hlc"),
    _at("occurred_at"),
    _day("business_date"),
    PrimaryKeyConstraint("tenant_id", "id"),
)
Index("coupon_use_of_coupon", coupon_use.c.tenant_id, coupon_use.c.coupon_id)

SPREAD_TABLES: Final = (
    member,
    consent,
    sale,
    sale_line,
    tender,
    ledger_posting,
    value_posting,
    coupon,
    coupon_use,
)
"""What is made from facts, and may be made again."""
