"""The schema's version, and the way from an older one to this one.

A new till executes the frozen schema of the newest version straight away. An older file is first copied whole, then brought up step
by step; each step and the version it leads to are one transaction, so that an interrupted upgrade leaves the version before it.
Alembic and SQLAlchemy are imported only when there is something to upgrade.

The version stands in ``user_version`` (what this module reads) and in ``alembic_version`` (what Alembic reads), always both.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app import log
from app.domain.errors import Unavailable
from db.engine import Connection, Cursor, Error, connect, translate

if TYPE_CHECKING:
    from sqlalchemy import Engine

SCHEMA_VERSION: Final = 2
APPLICATION_ID: Final = 0x52474C52  # "RGLR"
MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations" / "till"

CREATE_ALEMBIC_VERSION: Final = """
CREATE TABLE alembic_version (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
_SEPARATOR: Final = ";\n\n"


def revision_of(version: int) -> str:
    """``0001``: what Alembic calls it."""
    return f"{version:04d}"


def frozen_schema(version: int) -> list[str]:
    """The statements that make an empty file of this version."""
    path = MIGRATIONS / "frozen" / f"{revision_of(version)}.sql"
    return [one for one in path.read_text(encoding="utf-8").split(_SEPARATOR) if one.strip()]


def freeze(statements: list[str]) -> str:
    """The text of a frozen schema."""
    assert not any(_SEPARATOR in statement for statement in statements)
    return "".join(statement + _SEPARATOR for statement in statements)


def create_schema(cursor: Cursor) -> None:
    """The newest schema in an empty file, inside the caller's transaction."""
    for statement in frozen_schema(SCHEMA_VERSION):
        cursor.execute(statement)
    cursor.execute(CREATE_ALEMBIC_VERSION)
    cursor.execute("INSERT INTO alembic_version (version_num) VALUES (?)", (revision_of(SCHEMA_VERSION),))
    cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    cursor.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def is_empty(connection: Connection) -> bool:
    """Nothing was ever stored in this file."""
    return _number(connection, "SELECT count(*) FROM sqlite_schema") == 0 and not _application_id(connection)


def version_of(connection: Connection) -> int:
    """The file's schema version. Raises Unavailable: ``database_missing`` (empty), ``database_foreign``, ``database_newer``."""
    if is_empty(connection):
        raise Unavailable("database_missing", can_retry=False)
    if _application_id(connection) != APPLICATION_ID:
        raise Unavailable("database_foreign", can_retry=False)
    version = _number(connection, "PRAGMA user_version")
    if version > SCHEMA_VERSION:
        raise Unavailable("database_newer", can_retry=False, version=version, known=SCHEMA_VERSION)
    return version


def needs_upgrade(connection: Connection) -> bool:
    return version_of(connection) < SCHEMA_VERSION


def upgrade(path: Path, key: bytes) -> Path:
    """Copy the file, then bring it to this version. Returns the copy. Raises Unavailable with the older version intact."""
    connection = connect(path, key)
    try:
        version = version_of(connection)
        copy = back_up_before(connection, path, version)
        connection.execute("PRAGMA foreign_keys = OFF")  # a table that is rebuilt is gone for a moment
        run_alembic(connection)
        assert version_of(connection) == SCHEMA_VERSION
    except Error as error:
        raise translate(error) or error from error
    finally:
        connection.close()
    log.store.info("schema upgraded from %d to %d", version, SCHEMA_VERSION)
    return copy


def back_up_before(connection: Connection, path: Path, version: int) -> Path:
    """A whole, checked copy beside the file, under the same key: ``till.db.v1``. An older copy of the same version is replaced."""
    copy = path.with_name(f"{path.name}.v{version}")
    unfinished = copy.with_name(copy.name + ".new")
    unfinished.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(unfinished),))
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(unfinished, copy)
    return copy


def run_alembic(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _engine_over(connection).connect() as wrapped:
        config.attributes["connection"] = wrapped
        command.upgrade(config, revision_of(SCHEMA_VERSION))


def _engine_over(connection: Connection) -> Engine:
    """SQLAlchemy's view of one open connection; whoever opened it closes it. BEGIN is said here, for the driver says none."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool
    from sqlcipher3 import dbapi2

    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(wrapped: Any) -> None:
        wrapped.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _application_id(connection: Connection) -> int:
    return _number(connection, "PRAGMA application_id")


def _number(connection: Connection, statement: str) -> int:
    return int(connection.execute(statement).fetchone()[0])
