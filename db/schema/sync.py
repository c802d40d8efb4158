"""What this till knows of the central server and of other tills. Other tills' facts lie in ``inbox``; only our own are in ``fact``."""

from __future__ import annotations

from sqlalchemy import Index, text

from db.schema import base

# Facts of other tills that concern members, catalogue or rules here, as the feed brought them. Append-only: projections are made from them.
inbox = base.table(
    "inbox",
    base.identity("id", primary_key=True),
    base.integer("feed_seq", check="feed_seq > 0"),
    base.text("kind", check="kind <> ''"),
    base.identity("device_id"),
    base.integer("incarnation", check="incarnation > 0"),
    base.integer("seq", check="seq > 0"),
    base.integer("hlc", check="hlc > 0"),
    base.digest("hash"),
    base.blob("body"),
    base.text("problem", default=""),  # why it could not be applied here
    Index("inbox_by_feed", "feed_seq"),
    Index("inbox_problem", "problem", sqlite_where=text("problem <> ''")),
    with_rowid=False,
)

# One row: where we stand with the server. Changes in the commit that stores what it covers.
sync_state = base.table(
    "sync_state",
    base.integer("one", primary_key=True, check="one = 1"),
    base.integer("server", default=0),  # the server's life
    base.integer("pulled", default=0),  # the last step of the feed applied
    base.integer("acknowledged_seq", default=0),
    base.instant("last_contact_at", nullable=True),
    base.instant("last_push_at", nullable=True),
    base.instant("last_pull_at", nullable=True),
    base.text("last_problem", default=""),
)

# Facts that the server set aside, with what it said.
set_aside = base.table(
    "set_aside",
    base.integer("seq", primary_key=True, references="fact.seq"),
    base.choice("status", ("conflict", "fork", "quarantined")),
    base.text("code"),
    base.instant("occurred_at"),
    base.instant("settled_at", nullable=True),
)

# Visits at other tills: enough for a card, a tier and a portrait, without their whole sales.
member_visit = base.table(
    "member_visit",
    base.identity("id", primary_key=True),  # the transaction
    base.identity("member_id"),
    base.text("kind"),
    base.instant("occurred_at"),
    base.business_date("business_date"),
    base.money("total_minor"),
    Index("member_visit_of_member", "member_id", "occurred_at", "total_minor", "business_date", "kind"),
    with_rowid=False,
)
