"""Runs revisions on a connection that :mod:`db.migrate` opened: the file is encrypted, so there is no URL to name.

Each revision, its Alembic version and its ``user_version`` are one transaction.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection


def _stamp(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Inside the revision's transaction, when its work is done: nothing refers to what is not there, and the version is the new one."""
    connection: Connection = ctx.connection
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    assert not broken, f"rows refer to nothing after {step.up_revision_id}: {broken[:5]}"
    connection.exec_driver_sql(f"PRAGMA user_version = {int(step.up_revision_id)}")


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    transactional_ddl=True,
    transaction_per_migration=True,
    on_version_apply=_stamp,
)
with context.begin_transaction():
    context.run_migrations()
