"""The server's schema and the way to it: revisions of their own, the same steps on SQLite and PostgreSQL, each one transaction.

``python3 -m app serve`` brings the database up before it answers anybody; several that start at once wait for the first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from sync.server.database import Database
from sync.server.schema import metadata

SCHEMA_VERSION: Final = 2
VERSION_TABLE: Final = "schema_version"
MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations" / "server"
LOCK: Final = 0x52474C52
_SEPARATOR: Final = ";\n\n"
DIALECTS: Final = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


def upgrade(database: Database) -> None:
    """Bring the database to this version, as the owner of its tables."""
    database.run_house(_run_alembic)


def frozen_schema(version: int, dialect: str) -> list[str]:
    """The statements that make an empty database of this version."""
    path = MIGRATIONS / "frozen" / f"{version:04d}.{dialect}.sql"
    return [one for one in path.read_text(encoding="utf-8").split(_SEPARATOR) if one.strip()]


def present_schema(dialect: str) -> str:
    """The text of the schema as :mod:`sync.server.schema` says it, to be frozen."""
    kind = DIALECTS[dialect]()
    statements = []
    for table in metadata.sorted_tables:
        if table.name == VERSION_TABLE:
            continue
        statements.append(str(CreateTable(table).compile(dialect=kind)).strip())
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            statements.append(str(CreateIndex(index).compile(dialect=kind)).strip())
    return "".join(
        "\n".join(line.rstrip() for line in one.splitlines()) + _SEPARATOR for one in statements
    ).replace("\t", "  ")


def _run_alembic(db: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    if db.dialect.name == "postgresql":
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, f"{SCHEMA_VERSION:04d}")
