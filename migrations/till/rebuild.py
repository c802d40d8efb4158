"""Brings a file's schema to a frozen one without losing a row: what is new is made, what changed is made anew and filled.

SQLite cannot change a CHECK of a table that exists. A changed table is therefore made beside the old one, filled with the columns both
have, and takes its name (SQLite's own twelve steps; foreign keys are off while a file is upgraded). Nothing that the frozen schema does not
name is touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

_CREATE: Final = re.compile(
    r"CREATE\s+(?:UNIQUE\s+)?(?P<kind>VIRTUAL TABLE|TABLE|INDEX|TRIGGER)\s+(?P<name>\w+)"
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One statement of a schema and what it makes."""

    kind: str
    name: str
    statement: str


def bring_to(connection: Connection, statements: list[str]) -> None:
    """Make the file's schema what these statements would make of an empty file."""
    wanted = [_thing(statement) for statement in statements]
    tables = [thing for thing in wanted if thing.kind == "TABLE"]
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")  # references follow the name, not the table
    for thing in wanted:
        if thing.kind == "VIRTUAL TABLE" and _present(connection, thing.name) is None:
            connection.exec_driver_sql(thing.statement)
    for table in tables:
        present = _present(connection, table.name)
        if present is None:
            connection.exec_driver_sql(table.statement)
        elif _words(present) != _words(table.statement):
            _rebuild(connection, table)
    for thing in wanted:
        if thing.kind in ("INDEX", "TRIGGER"):
            _make_again(connection, thing)
    connection.exec_driver_sql("PRAGMA legacy_alter_table = OFF")


def _rebuild(connection: Connection, table: Thing) -> None:
    old_columns = _columns(connection, table.name)
    new_name = f"{table.name}_new"
    connection.exec_driver_sql(table.statement.replace(f"TABLE {table.name}", f"TABLE {new_name}", 1))
    shared = ", ".join(column for column in _columns(connection, new_name) if column in old_columns)
    connection.exec_driver_sql(f"INSERT INTO {new_name} ({shared}) SELECT {shared} FROM {table.name}")
    connection.exec_driver_sql(f"DROP TABLE {table.name}")
    connection.exec_driver_sql(f"ALTER TABLE {new_name} RENAME TO {table.name}")


def _make_again(connection: Connection, thing: Thing) -> None:
    """An index or a trigger as it is wanted; the same one stays."""
    present = _present(connection, thing.name)
    if present is not None and _words(present) == _words(thing.statement):
        return
    if present is not None:
        connection.exec_driver_sql(f"DROP {thing.kind} {thing.name}")
    connection.exec_driver_sql(thing.statement)


def _thing(statement: str) -> Thing:
    found = _CREATE.match(statement)
    assert found is not None, statement
    return Thing(found["kind"], found["name"], statement)


def _present(connection: Connection, name: str) -> str | None:
    row = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def _columns(connection: Connection, table: str) -> list[str]:
    return [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]


def _words(statement: str) -> list[str]:
    """The statement without what does not matter: SQLite quotes a renamed table's name."""
    return statement.replace('"', "").split()
