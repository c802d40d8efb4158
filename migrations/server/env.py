"""Runs revisions on a connection that :mod:`sync.server.migrate` opened, inside its transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="schema_version")
context.run_migrations()
