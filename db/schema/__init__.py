"""The whole schema of the till's file. Importing this package imports every family of tables, so that the metadata is complete."""

from __future__ import annotations

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from db.schema import (
    catalogue,
    days,
    desk,
    journal,
    ledger,
    loyalty,
    members,
    membership,
    people,
    spool,
    sync,
    value,
    watch,
)
from db.schema.base import extras, metadata

__all__ = [
    "catalogue",
    "days",
    "desk",
    "journal",
    "ledger",
    "loyalty",
    "members",
    "membership",
    "metadata",
    "people",
    "schema_statements",
    "spool",
    "sync",
    "value",
    "watch",
]


def schema_statements() -> list[str]:
    """The DDL of an empty till: tables in the order of their references, then indexes, then triggers and virtual tables."""
    dialect = sqlite.dialect()
    tables = metadata.sorted_tables
    statements = [str(CreateTable(table).compile(dialect=dialect)) for table in tables]
    for table in tables:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return [_tidy(statement) for statement in (*statements, *extras())]


def _tidy(statement: str) -> str:
    lines = (line.rstrip().replace("\t", "  ") for line in statement.strip().splitlines())
    return "\n".join(lines).replace("\n)\n ", "\n) ")
