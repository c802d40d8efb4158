"""The shop's members. A member is unique on the phone number, never on the name; whatever else is known may follow later.

Nothing about points or visits is kept here: those are sums over the ledger and the transactions.
"""

from __future__ import annotations

from sqlalchemy import Index

from db.schema.base import extra, flag, identity, instant, integer, table, text

member = table(
    "member",
    integer("number", primary_key=True),
    identity("id", unique=True),
    text("phone", unique=True, check="phone <> ''"),
    text("phone_reversed"),  # the national number's digits, last first
    text("name", default=""),
    text("tier", default=""),
    integer("joined_on", nullable=True, check="joined_on BETWEEN 19000101 AND 99991231"),
    text("birthday", default=""),
    text("gender", default=""),
    text("note", default=""),
    text("code", nullable=True, unique=True, check="code <> ''"),
    flag("has_marketing_consent", default=False),
    instant("created_at"),
    identity("created_by", nullable=True),
    instant("updated_at"),
)
Index("member_by_last_digits", member.c.phone_reversed)

# One row per member with a name, by the member's number: the characters of the name and their initials.
extra(
    """
    CREATE VIRTUAL TABLE member_search USING fts5 (
      words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
    )
    """
)
