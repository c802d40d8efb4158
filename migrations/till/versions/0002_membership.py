"""Membership: fields, consents, coupons, stamps, tiers, stored value; and what a printer answers."""

from __future__ import annotations

from alembic import op

from db.migrate import frozen_schema
from migrations.till.rebuild import bring_to

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    bring_to(op.get_bind(), frozen_schema(2))
