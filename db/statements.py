"""SQL text made once, at import, from the names of columns. Reading is written out as SQL where it is used.

The tests compare every list of columns with the schema and prepare every statement on a migrated database.
"""

from __future__ import annotations


def insert(table: str, *columns: str) -> str:
    """``INSERT INTO table (a, b) VALUES (?, ?)``."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def upsert(table: str, key: str, *columns: str) -> str:
    """Insert, or change every other column of the row that has this key."""
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
    return f"{insert(table, key, *columns)} ON CONFLICT ({key}) DO UPDATE SET {changes}"


def placeholders(count: int) -> str:
    """``?, ?, ?``."""
    return ", ".join("?" * count)
