"""The server's database: SQLite in one file or PostgreSQL by URL, opened the same way, and one door for every transaction.

The core functions get a connection inside a transaction of one tenant and never commit; :meth:`Database.run` commits, and does it all again
when the database says that another transaction came first. Ids are hexadecimal text on both databases: what hashes to the same state
reads the same. On PostgreSQL each request's transaction names its tenant, and row-level security shows it no other's rows.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from app.domain.errors import Refused
from sync.server.refusal import busy
from sync.server.schema import metadata

T = TypeVar("T")

ATTEMPTS_MAX: Final = 8
BUSY_TIMEOUT_MS: Final = 10_000
POOL_CONNECTIONS: Final = 8
CACHE_KIB: Final = 4_096
"""Of each connection."""
# Serialization failure, deadlock, and a row that another transaction wrote first (PostgreSQL, CockroachDB).
RETRY_STATES: Final = frozenset(("40001", "40P01", "23505"))
NAME_TENANT: Final = "SELECT set_config('role', %s, true), set_config('app.tenant', %s, true)"
# Citus passes on what SET LOCAL says (citus.propagate_set_commands = local), and not what a function does.
SET_TENANT: Final = ("SET LOCAL ROLE {role}", "SET LOCAL app.tenant = '{tenant}'")
IS_CITUS: Final = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')"
TENANT_ROLE: Final = "regulars_tenant"
"""Whom row-level security binds. Every request runs as this role; the server's own work (spreading, listing tenants) as the owner."""


class Database:
    """``is_postgresql`` decides between the few statements that differ."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_postgresql = engine.dialect.name == "postgresql"
        # SQLite has one writer at a time: to wait here is to be next, to wait inside SQLite is to look again now and then.
        self._writer = threading.Lock()

    def run(self, tenant_id: UUID, work: Callable[[Connection], T], *, is_reading: bool = False) -> T:
        """One transaction of one tenant, who is shown no other's rows. Raises Denied(503) when the database is not to be had."""
        return self._run(tenant_id, work, is_reading=is_reading, is_house=False)

    def run_house(self, work: Callable[[Connection], T], *, is_reading: bool = False) -> T:
        """One transaction of the server's own work, over any tenant. Nothing that a request says decides about its statements."""
        return self._run(None, work, is_reading=is_reading, is_house=True)

    def _run(
        self, tenant_id: UUID | None, work: Callable[[Connection], T], *, is_reading: bool, is_house: bool
    ) -> T:
        turn = contextlib.nullcontext() if self.is_postgresql or is_reading else self._writer
        for _ in range(ATTEMPTS_MAX):
            try:
                with turn, self.engine.connect() as connection:
                    connection.info.update(is_reading=is_reading, is_house=is_house)
                    with connection.begin():
                        if self.is_postgresql and tenant_id is not None:
                            _name_tenant(connection, tenant_id)
                        return work(connection)
            except DBAPIError as error:
                if not _may_try_again(error):
                    raise
                last = error
        raise busy("database_busy") from last

    def back_up(self, path: Path) -> None:
        """A whole copy of the SQLite file under the same key, while the server goes on. Raises Refused("server_backup")."""
        if self.is_postgresql or path.exists():
            raise Refused("server_backup", file=str(path))
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str, *, key: bytes | None = None) -> Database:
    """``url`` is ``postgresql://…``, ``sqlite:///file`` or a path; ``key`` encrypts the SQLite file.

    Raises Refused("server_database_url").
    """
    if url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        return Database(_postgresql(url))
    if "://" in url and not url.startswith("sqlite:///"):
        raise Refused("server_database_url", url=url.partition("://")[0])
    return Database(_sqlite(Path(url.removeprefix("sqlite:///")), key))


def is_postgresql(db: Connection) -> bool:
    return db.dialect.name == "postgresql"


def among(db: Connection, column: str, parameter: str, kind: str = "uuid") -> str:
    """SQL for "``column`` is one of ``:parameter``", whose value :func:`listed` makes. ``kind`` is uuid, bigint or bytea."""
    if is_postgresql(db):
        return f"{column} = ANY(CAST(:{parameter} AS {kind}[]))"
    value = "unhex(value)" if kind == "bytea" else "value"
    return f"{column} IN (SELECT {value} FROM json_each(:{parameter}))"


def listed(db: Connection, values: Iterable[str | int], *, is_bytes: bool = False) -> str:
    """The value for :func:`among`. Text must be hexadecimal: nothing in it is escaped."""
    if not is_postgresql(db):
        return json.dumps(list(values))
    form = '"\\\\x{}"' if is_bytes else "{}"
    return "{" + ",".join(map(form.format, values)) + "}"


def load(db: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows that are all new, the quickest way there is; one that is there already fails them all."""
    if not rows:
        return
    names = ", ".join(columns)
    if not is_postgresql(db):
        marks = ", ".join("?" * len(columns))
        db.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))
    elif db.info.get("is_house", False):
        _copy(db, f"COPY {table} ({names}) FROM STDIN", rows)
    else:
        # PostgreSQL copies into no table with row-level security.
        _insert(db, table, columns, rows)


def _insert(db: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """All rows in one statement, each column as one value: the same for all, an array, or bytes one after the other with their lengths."""
    picked, arrays, named = [], [], []
    values: list[Any] = []
    array_values: list[str] = []
    for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
        kind = _kind(table, column)
        if all(cell == cells[0] for cell in cells):
            picked.append(f"%b::{kind}" if kind == "BYTEA" else f"%s::{kind}")
            values.append(cells[0])
        elif kind == "BYTEA":
            picked.append(f"substr(%b::BYTEA, {column}_at, {column}_length)")
            values.append(b"".join(cells))
            lengths = [len(cell) for cell in cells]
            named += [f"{column}_at", f"{column}_length"]
            arrays += ["%s::INTEGER[]", "%s::INTEGER[]"]
            array_values += [
                _array([1 + one for one in accumulate(lengths, initial=0)][:-1]),
                _array(lengths),
            ]
        else:
            picked.append(column)
            named.append(column)
            arrays.append(f"%s::{kind}[]")
            array_values.append(_array([_quoted(cell) for cell in cells] if kind == "TEXT" else cells))
    several = f" FROM unnest({', '.join(arrays)}) AS u ({', '.join(named)})" if named else ""
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(picked)}{several}"
    repeats = rows if not several else rows[:1]
    for _ in repeats:
        db.exec_driver_sql(statement, (*values, *array_values))


def _array(cells: Sequence[Any]) -> str:
    return "{" + ",".join(["NULL" if cell is None else str(cell) for cell in cells]) + "}"


def _quoted(words: str | None) -> str | None:
    if words is None:
        return None
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _copy(db: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    raw = db.connection.driver_connection
    assert raw is not None
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except db.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement, None, error) from error


@cache
def _kind(table: str, column: str) -> str:
    """What PostgreSQL calls the type of this column."""
    return str(metadata.tables[table].c[column].type.compile(postgresql.dialect()))  # type: ignore[no-untyped-call]


def keep(db: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of which some may be there already: those stay as they are."""
    if not rows:
        return
    mark = "%s" if is_postgresql(db) else "?"
    marks = ", ".join([mark] * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    db.exec_driver_sql(statement, list(rows))


def _name_tenant(db: Connection, tenant_id: UUID) -> None:
    """From here to the end of the transaction row-level security shows this tenant's rows alone."""
    if not db.info.get("is_citus", False):
        db.exec_driver_sql(NAME_TENANT, (TENANT_ROLE, str(tenant_id)))
        return
    for statement in SET_TENANT:
        db.exec_driver_sql(statement.format(role=TENANT_ROLE, tenant=tenant_id))


def _may_try_again(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in RETRY_STATES
    return "database is locked" in str(error.orig)


def _postgresql(url: str) -> Engine:
    from psycopg import Cursor
    from psycopg.adapt import Loader
    from psycopg.pq import Format

    class BinaryCursor(Cursor[Any]):
        """Answers come as bytes and not as text about bytes."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.format = Format.BINARY

    class HexLoader(Loader):
        format = Format.BINARY

        def load(self, data: Any) -> str:
            return bytes(data).hex()

    engine = create_engine(
        f"postgresql+psycopg://{url.partition('://')[2]}",
        pool_size=POOL_CONNECTIONS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"cursor_factory": BinaryCursor},
    )

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, record: Any) -> None:
        raw.adapters.register_loader("uuid", HexLoader)
        record.info["is_citus"] = bool(raw.execute(IS_CITUS).fetchone()[0])
        raw.rollback()

    return engine


def _sqlite(path: Path, key: bytes | None) -> Engine:
    """One SQLite library for the whole process: the till's."""
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: dbapi2.connect(str(path), check_same_thread=False, isolation_level=None),
        poolclass=QueuePool,
        pool_size=POOL_CONNECTIONS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _record: Any) -> None:
        opening = () if key is None else ("cipher_log_level = NONE", f"key = \"x'{key.hex()}'\"")
        for pragma in (
            *opening,
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "cell_size_check = ON",
            "trusted_schema = OFF",
            "temp_store = MEMORY",
            "secure_delete = ON",
            f"cache_size = -{CACHE_KIB}",
        ):
            raw.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.info.get("is_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
