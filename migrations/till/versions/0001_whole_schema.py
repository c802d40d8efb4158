"""The first schema, whole, from its frozen text: a revision never follows what the schema became later."""

from __future__ import annotations

from alembic import op

from db.migrate import APPLICATION_ID, frozen_schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    for statement in frozen_schema(1):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
