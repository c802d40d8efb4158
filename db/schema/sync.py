"""What this till knows of the central server and of other tills. Other tills' facts lie in ``inbox``; only our own are in ``fact``."""

from __future__ import annotations

from sqlalchemy import Index, text

from db.schema import base

# Facts that concern members, coupons or rules here, as the feed brought them: projections are made from them. Of this till's own facts
# only that the feed has them, without a body, and the clock the server gave them. Of two facts under one id, the one that stands.
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
    base.integer("round", default=0),  # the filling in which it was counted (sync_state.round)
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
    base.text("filling", default="catalogue"),  # the stage of a first filling; empty when it is done
    base.integer("filling_as_of", default=0),
    base.integer("filling_after", default=0),
    base.integer("round", default=1),  # which filling the sums are of
    # The facts after the first and up to the second place are to be sent again: the server lost them.
    base.integer("put_back_from", default=0),
    base.integer("put_back_to", default=0),
    base.flag("settling", default=False),  # set within a commit, never after it
    base.flag("sweep_due", default=False),  # somebody was erased whose rows may lie in free pages
)

# The steps of the feed up to ``sync_state.pulled``, added up: how many, and the first eight bytes of their hashes, each XORed into one.
feed_sum = base.table(
    "feed_sum",
    base.text("entity", primary_key=True, check="entity <> ''"),
    base.integer("count", check="count >= 0"),
    base.blob("xor"),
    with_rowid=False,
)

# The newest version of each document of the server's. The body is kept only of one that could not be applied yet.
server_document = base.table(
    "server_document",
    base.text("name", primary_key=True, check="name <> ''"),
    base.integer("version", check="version > 0"),
    base.digest("hash"),
    base.instant("applied_at"),
    base.text("problem", default=""),
    base.blob("body"),
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
