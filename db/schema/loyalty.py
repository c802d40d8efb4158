"""The shop's loyalty rules in their versions, and what members hold under them: coupons, stamps, tiers.

A rule is never changed: a new version begins. Coupons, stamps and tiers are told by their events; what somebody has now is their sum.
"""

from __future__ import annotations

from sqlalchemy import Index, PrimaryKeyConstraint, text

from db.schema import base

RULE_AREAS = ("points", "tiers", "coupons", "stamps", "value", "gifts", "consent", "fields", "guard")

rule_version = base.table(
    "rule_version",
    base.choice("area", RULE_AREAS),
    base.integer("version", check="version > 0"),
    base.blob("body"),  # the rules' canonical JSON
    base.instant("valid_from"),
    base.instant("created_at"),
    base.identity("created_by", nullable=True),
    base.text("note", default=""),
    base.identity(
        "fact_id", nullable=True
    ),  # the fact that tells of it: of two under one number the same one stands everywhere
    PrimaryKeyConstraint("area", "version"),
    with_rowid=False,
)

# Every fact that tells of a version: two tills that were apart may write the same one, and which stands may be seen only later.
rule_told = base.table(
    "rule_told",
    base.identity("fact_id", primary_key=True),
    base.choice("area", RULE_AREAS),
    base.integer("version", check="version > 0"),
    Index("rule_told_of_version", "area", "version"),
    with_rowid=False,
)

coupon = base.table(
    "coupon",
    base.identity("id", primary_key=True),
    base.text("code", unique=True, check="code <> ''"),
    base.text("template", check="template <> ''"),
    base.integer("rule_version", check="rule_version > 0"),
    base.identity("member_id", nullable=True),
    base.instant("issued_at"),
    base.business_date("valid_from"),
    base.business_date("valid_to", nullable=True),
    base.integer("uses_max", check="uses_max > 0"),
    base.text("source"),  # hand, rule, print, bulk, tier, birthday, welcome …
    base.text("batch", default=""),
    base.identity("transaction_id", nullable=True),  # the sale on whose paper it was printed
    Index("coupon_of_member", "member_id", sqlite_where=text("member_id IS NOT NULL")),
    with_rowid=False,
)

coupon_event = base.table(
    "coupon_event",
    base.identity("id", primary_key=True),
    base.identity("coupon_id"),
    base.choice("kind", ("redeemed", "restored", "cancelled", "transferred")),
    base.identity("member_id", nullable=True),
    base.identity("transaction_id", nullable=True),
    base.instant("occurred_at"),
    base.business_date("business_date"),
    base.money("amount_minor"),
    base.identity("operator_id", nullable=True),
    base.integer("hlc", check="hlc > 0"),
    Index("coupon_event_of_coupon", "coupon_id", "kind"),
    Index("coupon_event_of_transaction", "transaction_id", sqlite_where=text("transaction_id IS NOT NULL")),
    Index("coupon_event_by_day", "business_date"),
    with_rowid=False,
)

stamp_event = base.table(
    "stamp_event",
    base.identity("id", primary_key=True),
    base.identity("member_id"),
    base.text("card", check="card <> ''"),
    base.choice("kind", ("earned", "taken_back", "redeemed", "restored", "expired", "adjusted")),
    base.integer("stamps", check="stamps <> 0"),
    base.identity("transaction_id", nullable=True),
    base.instant("occurred_at"),
    base.business_date("business_date"),
    base.integer("rule_version", check="rule_version > 0"),
    Index("stamp_event_of_member", "member_id", "card", "stamps", "occurred_at"),
    Index("stamp_event_of_transaction", "transaction_id", sqlite_where=text("transaction_id IS NOT NULL")),
    with_rowid=False,
)

tier_event = base.table(
    "tier_event",
    base.identity("id", primary_key=True),
    base.identity("member_id"),
    base.choice("kind", ("reached", "kept", "lowered", "granted")),
    base.text("tier"),
    base.text("from_tier"),
    base.instant("occurred_at"),
    base.business_date("business_date"),
    base.business_date("protected_until", nullable=True),
    base.identity("transaction_id", nullable=True),
    base.integer("rule_version", check="rule_version > 0"),
    Index("tier_event_of_member", "member_id", "occurred_at"),
    with_rowid=False,
)

base.append_only(
    "rule_version", "coupon", "coupon_event", "stamp_event", "tier_event", is_settled_between_tills=True
)
