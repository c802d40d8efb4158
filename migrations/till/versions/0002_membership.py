"""Membership: fields, consents, coupons, stamps, tiers, stored value; and what a printer answers."""

from __future__ import annotations

from typing import Final

from alembic import op

from db.migrate import frozen_schema
from migrations.till.rebuild import bring_to

revision = "0002"
down_revision = "0001"

# Everyone has the number that their row says, since they were enrolled.
NUMBERS: Final = """
INSERT OR IGNORE INTO member_number (member_id, phone, phone_hlc, enrolled_hlc)
SELECT m.id, iif(m.phone LIKE 'erased:%', '', m.phone), f.hlc, f.hlc FROM fact f
JOIN member m ON m.id = unhex(CAST(f.body AS TEXT) ->> 'member') WHERE f.kind = 'enrolment' ORDER BY f.seq
"""
# Who came in without a fact has it since they were added.
OTHER_NUMBERS: Final = """
INSERT OR IGNORE INTO member_number (member_id, phone, phone_hlc, enrolled_hlc)
SELECT id, iif(phone LIKE 'erased:%', '', phone), max(created_at << 16, 1), max(created_at << 16, 1) FROM member
"""
RULES_TOLD: Final = """
INSERT OR IGNORE INTO rule_told (fact_id, area, version)
SELECT id, CAST(body AS TEXT) ->> 'area', CAST(body AS TEXT) ->> 'version' FROM fact WHERE kind = 'rules'
"""


def upgrade() -> None:
    connection = op.get_bind()
    bring_to(connection, frozen_schema(2))
    for statement in (NUMBERS, OTHER_NUMBERS, RULES_TOLD):
        connection.exec_driver_sql(statement)
