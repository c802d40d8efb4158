"""The days, added up: a projection of facts that can be thrown away and made again, so that a summary never reads a day's tickets.

A part is what one fold of the chain found of one business date; a date is the sum of its parts. Parts are written once, when a shift
closes, and never changed; ``verify --full`` makes each anew and compares.
"""

from __future__ import annotations

from sqlalchemy import Index, PrimaryKeyConstraint, text

from db.schema import base

day_part = base.table(
    "day_part",
    base.integer("id", primary_key=True),
    base.business_date("business_date"),
    # The places of the chain that were folded; several dates may share them.
    base.integer("first_seq", check="first_seq > 0"),
    base.integer("last_seq", check="last_seq > 0"),
    # What members owned of points, and what the shop owed of stored value, by this till's own facts up to and with this part.
    base.integer("points_owed"),
    base.money("value_paid_minor"),
    base.money("value_bonus_minor"),
    # One row for each ticket, and one for each item: packed columns, see db/day_columns.py.
    base.blob("tickets"),
    base.blob("items"),
    Index("day_part_by_date", "business_date"),
)

# Everything that is simply added: how often, and how much (minor units, points, stamps) of one figure and key.
day_sum = base.table(
    "day_sum",
    base.integer("part_id", references="day_part.id"),
    base.text("figure", check="figure <> ''"),
    base.text("key"),
    base.integer("count"),
    base.integer("amount"),
    PrimaryKeyConstraint("part_id", "figure", "key"),
    with_rowid=False,
)

# Sales that were taken back, by their own place: they are no visits.
day_void = base.table(
    "day_void",
    base.integer("sale_seq", primary_key=True),
    base.integer("void_seq", check="void_seq > sale_seq"),
    # The member (member.number), where the sale was added up before it was voided: what later days say of them is asked anew.
    base.integer("late_member", nullable=True),
    Index("day_void_late", "late_member", sqlite_where=text("late_member IS NOT NULL")),
)

# One row: how far the chain is folded, and in which form the parts are.
day_state = base.table(
    "day_state",
    base.integer("one", primary_key=True, check="one = 1"),
    base.integer("folded_seq", check="folded_seq >= 0"),
    base.integer("form", check="form > 0"),
)
