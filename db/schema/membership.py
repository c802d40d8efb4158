"""What is known of a member beside the number: fields, codes, notes, tags, consents, merges, erasures, referrals, events.

Personal words stand only in tables whose rows can be deleted (``member_field``, ``member_note``, ``member_tag``, ``member_code``); facts
hold them sealed with the member's own key (``member_key``), so that destroying the key ends them everywhere.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, text

from db.schema import base

# One row per field that is known; the newest hybrid logical clock wins (``""`` = emptied on purpose).
member_field = base.table(
    "member_field",
    base.identity("member_id"),
    base.text("field", check="field <> ''"),
    base.text("value"),
    base.integer("hlc", check="hlc > 0"),
    base.instant("changed_at"),
    base.identity("changed_by", nullable=True),
    PrimaryKeyConstraint("member_id", "field"),
    # Whose file was put into this one; who has this card; who claims this code, the first one first.
    Index("member_field_merged", "value", sqlite_where=text("field = 'merged_into' AND value <> ''")),
    Index("member_field_card", "value", "changed_at", sqlite_where=text("field = 'code' AND value <> ''")),
    Index(
        "member_field_claim",
        "field",
        "changed_at",
        sqlite_where=text("field >= 'code:' AND field < 'code;' AND value <> ''"),
    ),
    with_rowid=False,
)

# The number that each file says is its own, and the clock of the enrolment: two tills may give one number to two files. Who is found by
# it stands in ``member.phone``; the others are aliases. ``""``: it was taken away, or the member was erased.
member_number = base.table(
    "member_number",
    base.identity("member_id", primary_key=True),
    base.text("phone", default=""),
    base.integer("phone_hlc", default=0),
    base.integer("enrolled_hlc", nullable=True),
    Index("member_number_by_phone", "phone", sqlite_where=text("phone <> ''")),
    with_rowid=False,
)

# The keys that open a member's sealed facts: two tills that were apart may each have made one. New facts are sealed with the smallest.
# Erasure deletes the rows.
member_key = base.table(
    "member_key",
    base.identity("member_id"),
    base.blob("key"),
    PrimaryKeyConstraint("member_id", "key"),
    with_rowid=False,
)

# Whatever may be scanned to find a member: own QR card, e-invoice carrier, badge.
member_code = base.table(
    "member_code",
    base.text("code", primary_key=True, check="code <> ''"),
    base.identity("member_id"),
    base.text("kind", check="kind <> ''"),
    base.instant("added_at"),
    Index("member_code_of_member", "member_id"),
    with_rowid=False,
)

# Notes of the counter, and requests that come up there from ``due_on`` until somebody has dealt with them.
member_note = base.table(
    "member_note",
    base.identity("id", primary_key=True),
    base.identity("member_id"),
    base.choice("kind", ("note", "request", "follow_up", "complaint")),
    base.text("words"),
    base.instant("written_at"),
    base.identity("written_by", nullable=True),
    base.business_date("due_on", nullable=True),
    base.instant("done_at", nullable=True),
    base.identity("done_by", nullable=True),
    Index("member_note_of_member", "member_id", "written_at"),
    Index("member_note_open", "due_on", sqlite_where=text("done_at IS NULL AND due_on IS NOT NULL")),
    with_rowid=False,
)

# What was said of a note that is not here yet: that it was dealt with, or taken away for good.
member_note_word = base.table(
    "member_note_word",
    base.identity("note_id", primary_key=True),
    base.identity("member_id"),
    base.flag("is_dropped", default=False),
    base.instant("done_at", nullable=True),
    base.identity("done_by", nullable=True),
    Index("member_note_word_of_member", "member_id"),
    with_rowid=False,
)

member_tag = base.table(
    "member_tag",
    base.identity("member_id"),
    base.text("tag", check="tag <> ''"),
    base.choice("source", ("hand", "rule")),
    base.instant("added_at"),
    PrimaryKeyConstraint("member_id", "tag"),
    Index("member_tag_by_tag", "tag"),
    with_rowid=False,
)

# Who was merged into whom. The survivor is never itself in ``member_id``; un-merging deletes the row. Merges are also facts.
member_alias = base.table(
    "member_alias",
    base.identity("member_id", primary_key=True),
    base.identity("survivor_id"),
    base.instant("merged_at"),
    base.integer("hlc", check="hlc > 0"),
    CheckConstraint("member_id <> survivor_id"),
    Index("member_alias_of_survivor", "survivor_id"),
    with_rowid=False,
)

# What somebody agreed to or took back, and how they were asked.
consent = base.table(
    "consent",
    base.identity("id", primary_key=True),
    base.identity("member_id"),
    base.text("purpose", check="purpose <> ''"),
    base.flag("is_granted"),
    base.text("text_version"),
    base.text("channel"),
    base.instant("occurred_at"),
    base.identity("operator_id", nullable=True),
    base.integer("hlc", check="hlc > 0"),
    Index("consent_of_member", "member_id", "purpose", "hlc"),
    with_rowid=False,
)

erasure = base.table(
    "erasure",
    base.identity("member_id", primary_key=True),
    base.instant("erased_at"),
    base.identity("operator_id", nullable=True),
    base.text("reason"),
    with_rowid=False,
)

referral = base.table(
    "referral",
    base.identity("member_id", primary_key=True),
    base.identity("referrer_id"),
    base.instant("occurred_at"),
    base.identity("operator_id", nullable=True),
    CheckConstraint("member_id <> referrer_id"),
    Index("referral_by_referrer", "referrer_id"),
    with_rowid=False,
)

# Launches, classes, talks: what members may sign up for.
shop_event = base.table(
    "shop_event",
    base.identity("id", primary_key=True),
    base.text("name", check="name <> ''"),
    base.business_date("held_on"),
    base.integer("starts_at_minute", nullable=True, check="starts_at_minute BETWEEN 0 AND 1439"),
    base.text("place", default=""),
    base.integer("capacity", nullable=True, check="capacity > 0"),
    base.text("note", default=""),
    base.instant("changed_at"),
    Index("shop_event_by_day", "held_on"),
)

event_guest = base.table(
    "event_guest",
    base.identity("event_id"),
    base.identity("member_id"),
    base.instant("signed_up_at"),
    base.instant("attended_at", nullable=True),
    base.identity("operator_id", nullable=True),
    PrimaryKeyConstraint("event_id", "member_id"),
    Index("event_guest_of_member", "member_id"),
    with_rowid=False,
)

base.append_only("consent", "erasure", "referral", is_settled_between_tills=True)
