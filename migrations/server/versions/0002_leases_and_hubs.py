"""Leases of stored value, and hubs: what a pairing code pairs, who introduced a till, and what a hub keeps for the server above."""

from __future__ import annotations

import re
from typing import Final

from alembic import op

from sync.server.migrate import frozen_schema

revision = "0002"
down_revision = "0001"

NEW: Final = ("introduction", "lease", "lease_talk", "relayed", "upstream")
ROLE: Final = "regulars_tenant"
IS_OWN: Final = "tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
TABLE_OF: Final = re.compile(r"CREATE (?:TABLE|INDEX \w+ ON) (\w+) ")
# Of a hub's own key no request is shown more than whose it is.
SECRET: Final = {"upstream": "SELECT (tenant_id)"}


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    connection.exec_driver_sql("ALTER TABLE pairing ADD COLUMN kind TEXT DEFAULT 'till' NOT NULL")
    connection.exec_driver_sql("ALTER TABLE device ADD COLUMN kind TEXT DEFAULT 'till' NOT NULL")
    via = "UUID" if dialect == "postgresql" else "CHAR(32)"
    connection.exec_driver_sql(f"ALTER TABLE device ADD COLUMN via {via}")
    for statement in frozen_schema(2, dialect):
        found = TABLE_OF.match(statement)
        assert found is not None
        if found[1] in NEW:
            connection.exec_driver_sql(statement)
    if dialect != "postgresql":
        return
    for table in NEW:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql(
            f"CREATE POLICY of_one_tenant ON {table} USING ({IS_OWN}) WITH CHECK ({IS_OWN})"
        )
        rights = SECRET.get(table, "SELECT, INSERT, UPDATE, DELETE")
        connection.exec_driver_sql(f"GRANT {rights} ON {table} TO {ROLE}")
