"""What the owner has looked at, and what the devices did. Neither is a fact; both may be thrown away."""

from __future__ import annotations

from sqlalchemy import Index

from db.schema import base

guard_dismissal = base.table(
    "guard_dismissal",
    base.text("signal_key", primary_key=True, check="signal_key <> ''"),
    base.instant("dismissed_at"),
    base.identity("operator_id", nullable=True),
    base.text("reason"),
    with_rowid=False,
)

device_event = base.table(
    "device_event",
    base.integer("id", primary_key=True),
    base.text("device", check="device <> ''"),
    base.text("kind", check="kind <> ''"),
    base.instant("occurred_at"),
    base.text("detail", default=""),
    Index("device_event_of_device", "device", "occurred_at"),
)
