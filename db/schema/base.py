"""The words the schema is written in. Every table is STRICT and every column says by its maker what lies in it.

Tables are SQLAlchemy Core, never the ORM. Only migrations, the freezing of the schema and tests import :mod:`db.schema`: importing
SQLAlchemy costs more than opening the window, so whatever runs at the counter uses plain SQL over :mod:`db.engine`, and the tests
prepare every statement against this schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy import text as sql_text
from sqlalchemy.schema import SchemaItem

metadata: Final = MetaData()

_EXTRAS: Final = "extra_ddl"


def table(name: str, *items: SchemaItem, with_rowid: bool = True) -> Table:
    """A STRICT table of the till.

    ``with_rowid=False`` stores rows inside their primary key: right where rows that are read together share the key's first part
    (the lines of one sale), and where there is no other index.
    """
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=with_rowid)


def extra(statement: str) -> None:
    """DDL that SQLAlchemy has no words for (triggers, virtual tables). Runs after all tables and indexes, in the order given."""
    metadata.info.setdefault(_EXTRAS, []).append(statement.strip())


def extras() -> tuple[str, ...]:
    return tuple(metadata.info.get(_EXTRAS, ()))


def append_only(*table_names: str, is_settled_between_tills: bool = False) -> None:
    """Rows of these tables are facts: they are never changed and never deleted.

    ``is_settled_between_tills``: two tills that were apart may tell the same thing in two ways; which one stands is decided while
    ``sync_state.settling`` is set, and only then does a row give way.
    """
    unless = "WHEN (SELECT settling FROM sync_state) IS NOT 1 " if is_settled_between_tills else ""
    for name in table_names:
        for action in ("UPDATE", "DELETE"):
            extra(
                f"CREATE TRIGGER {name}_never_{action.lower()} BEFORE {action} ON {name} {unless}"
                f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            )


def identity(
    name: str,
    *,
    nullable: bool = False,
    primary_key: bool = False,
    unique: bool = False,
    references: str | None = None,
) -> Column[Any]:
    """A UUID as 16 bytes. ``references`` is ``table.column``."""
    return _column(
        name,
        LargeBinary(),
        f"length({name}) = 16",
        nullable=nullable,
        primary_key=primary_key,
        unique=unique,
        references=references,
    )


def digest(name: str, *, nullable: bool = False, unique: bool = False) -> Column[Any]:
    """A SHA-256 as 32 bytes."""
    return _column(name, LargeBinary(), f"length({name}) = 32", nullable=nullable, unique=unique)


def instant(name: str, *, nullable: bool = False) -> Column[Any]:
    """UTC milliseconds since the epoch."""
    return _column(name, Integer(), f"{name} >= 0", nullable=nullable)


def business_date(name: str, *, nullable: bool = False) -> Column[Any]:
    """``20261121``."""
    return _column(name, Integer(), f"{name} BETWEEN 20000101 AND 99991231", nullable=nullable)


def money(name: str, *, nullable: bool = False, check: str | None = None) -> Column[Any]:
    """Minor units of the currency that the row or the shop names."""
    return _column(name, Integer(), check, nullable=nullable)


def integer(
    name: str,
    *,
    nullable: bool = False,
    primary_key: bool = False,
    references: str | None = None,
    check: str | None = None,
    default: int | None = None,
) -> Column[Any]:
    return _column(
        name,
        Integer(),
        check,
        nullable=nullable,
        primary_key=primary_key,
        references=references,
        default=None if default is None else str(default),
    )


def flag(name: str, *, default: bool | None = None) -> Column[Any]:
    """0 or 1."""
    return _column(
        name, Integer(), f"{name} IN (0, 1)", default=None if default is None else str(int(default))
    )


def text(
    name: str,
    *,
    nullable: bool = False,
    primary_key: bool = False,
    unique: bool = False,
    check: str | None = None,
    default: str | None = None,
) -> Column[Any]:
    return _column(
        name,
        Text(),
        check,
        nullable=nullable,
        primary_key=primary_key,
        unique=unique,
        default=None if default is None else f"'{default}'",
    )


def choice(name: str, values: type[StrEnum] | Iterable[str], *, nullable: bool = False) -> Column[Any]:
    """One of a few words: the values of a StrEnum of the domain."""
    listed = ", ".join(f"'{value}'" for value in values)
    return _column(name, Text(), f"{name} IN ({listed})", nullable=nullable)


def blob(name: str, *, nullable: bool = False) -> Column[Any]:
    return _column(name, LargeBinary(), None, nullable=nullable)


def _column(
    name: str,
    kind: Integer | Text | LargeBinary,
    check: str | None,
    *,
    nullable: bool = False,
    primary_key: bool = False,
    unique: bool = False,
    references: str | None = None,
    default: str | None = None,
) -> Column[Any]:
    constraints: list[SchemaItem] = []
    if check is not None:
        constraints.append(CheckConstraint(check))
    if references is not None:
        constraints.append(ForeignKey(references))
    return Column(
        name,
        kind,
        *constraints,
        nullable=nullable,
        primary_key=primary_key,
        unique=unique or None,
        server_default=None if default is None else sql_text(default),
        autoincrement=False,
    )
