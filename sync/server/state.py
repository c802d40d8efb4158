"""The state of a tenant as one hash: equal for the same facts, in whatever order and however often they came, on either database.

Rows are read in the order of their keys and hashed as text; only what follows from facts is in it, never when or by whom something arrived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Connection, Table, text

from sync.server.exceptions import DERIVED
from sync.server.schema import SPREAD_TABLES, erasure, member_key

ROWS_AT_ONCE: Final = 2_000
HASHED: Final = (*SPREAD_TABLES, member_key, erasure)


def state_hash(db: Connection, tenant_id: UUID) -> str:
    """Hexadecimal SHA-256. What waits to be spread is not in it."""
    return hashlib.sha256(
        "".join(f"{name}={one}\n" for name, one in table_hashes(db, tenant_id)).encode()
    ).hexdigest()


def table_hashes(db: Connection, tenant_id: UUID) -> tuple[tuple[str, str], ...]:
    """The hash of each table, so that two states that differ say where."""
    values = {"tenant": tenant_id.hex}
    tables = [(table.name, _digest(db, _statement(table), values, _flags(table))) for table in HASHED]
    kinds = ", ".join(f"'{kind.value}'" for kind in DERIVED)
    findings = f"SELECT kind, subject_id FROM exception WHERE tenant_id = :tenant AND kind IN ({kinds}) ORDER BY kind, subject_id"
    return (*tables, ("exception", _digest(db, findings, values, frozenset())))


def _statement(table: Table) -> str:
    columns = [column.name for column in table.columns if column.name != "tenant_id"]
    order = [column.name for column in table.primary_key.columns if column.name != "tenant_id"]
    return (
        f"SELECT {', '.join(columns)} FROM {table.name} WHERE tenant_id = :tenant ORDER BY {', '.join(order)}"
    )


def _flags(table: Table) -> frozenset[int]:
    columns = [column for column in table.columns if column.name != "tenant_id"]
    return frozenset(index for index, column in enumerate(columns) if isinstance(column.type, Boolean))


def _digest(db: Connection, statement: str, values: dict[str, Any], flags: frozenset[int]) -> str:
    digest = hashlib.sha256()
    for row in _rows(db, statement, values):
        digest.update(repr([_plain(value, index in flags) for index, value in enumerate(row)]).encode())
    return digest.hexdigest()


def _rows(db: Connection, statement: str, values: dict[str, Any]) -> Iterator[Any]:
    for part in db.execute(text(statement), values).partitions(ROWS_AT_ONCE):
        yield from part


def _plain(value: Any, is_flag: bool) -> object:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return bool(value) if is_flag else value
