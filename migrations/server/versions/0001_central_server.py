"""The first schema, whole, from its frozen text; on PostgreSQL with the role that requests run as and the rows it may see.

The role belongs to the whole cluster and may be there already. Who may not make roles has it made: see sync/server/README.md.
"""

from __future__ import annotations

from alembic import op

from sync.server.migrate import frozen_schema

revision = "0001"
down_revision = None

ROLE = "regulars_tenant"
MAKE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
  IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN EXECUTE format('GRANT {ROLE} TO %%I', current_user); END IF;
END $$
"""
TABLES = "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
IS_OWN = "tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
# What a request may change and take away. Facts are only ever added, or replaced by the one that stands under their id.
READ_ONLY = ("tenant",)
NO_DELETE = ("fact", "arrival", "document", "erasure")


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    for statement in frozen_schema(1, dialect):
        connection.exec_driver_sql(statement)
    if dialect != "postgresql":
        return
    connection.exec_driver_sql(MAKE_ROLE)
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
    tables = connection.exec_driver_sql(TABLES).scalars().all()
    for table in sorted(set(tables) - {"schema_version"}):
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql(
            f"CREATE POLICY of_one_tenant ON {table} USING ({IS_OWN}) WITH CHECK ({IS_OWN})"
        )
        rights = "SELECT, UPDATE" if table in READ_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        if table in NO_DELETE:
            rights = "SELECT, INSERT, UPDATE"
        connection.exec_driver_sql(f"GRANT {rights} ON {table} TO {ROLE}")
