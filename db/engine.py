"""The connections to the till's encrypted file: one that writes, a few that read.

No other module opens the file. What SQLite reports is turned into the till's own errors here: a wrong key, a foreign or damaged
file, a full or failing disk are :class:`~app.domain.errors.Unavailable`; a broken constraint or a wrong statement is our bug and
stays what it is.

    with engines.reading() as cursor:            # committed data only, any thread, errors translated
        cursor.execute("SELECT …", (…,))
    with engines.reading(snapshot=True) as cursor:   # several statements see one and the same state

Writing is the business of :mod:`db.unit_of_work` alone.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol

from sqlcipher3 import dbapi2

from app import log
from app.domain.errors import Unavailable

KEY_BYTES: Final = 32
READERS_MAX: Final = 4
BUSY_TIMEOUT_MS: Final = 5_000
SQLITE_OLDEST: Final = (3, 51, 3)  # older ones can lose commits in WAL mode (sqlite.org/changes.html, 3.53.0)
PAGE_BYTES: Final = 4_096

Error: Final = dbapi2.Error


class Cursor(Protocol):
    """What the till uses of a DB-API cursor."""

    @property
    def rowcount(self) -> int: ...
    @property
    def lastrowid(self) -> int | None: ...
    def execute(
        self, statement: str, parameters: Sequence[object] | dict[str, object] = ..., /
    ) -> Cursor: ...
    def executemany(self, statement: str, rows: Iterable[Sequence[object]], /) -> Cursor: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def close(self) -> None: ...


class Connection(Protocol):
    """What the till uses of a DB-API connection."""

    @property
    def in_transaction(self) -> bool: ...
    def cursor(self) -> Cursor: ...
    def execute(self, statement: str, parameters: Sequence[object] = ..., /) -> Cursor: ...
    def set_progress_handler(self, handler: Callable[[], int], steps: int, /) -> None: ...
    def close(self) -> None: ...


def connect(path: Path, key: bytes, *, create: bool = False) -> Connection:
    """One connection with every guard set. ``key`` is 32 random bytes. Transactions are explicit: BEGIN is ours to say.

    Raises Unavailable: ``database_missing``, ``database_foreign`` (wrong key, or not ours at all), ``database_corrupt`` …
    """
    assert len(key) == KEY_BYTES
    if dbapi2.sqlite_version_info < SQLITE_OLDEST:
        raise Unavailable("sqlite_too_old", can_retry=False, version=dbapi2.sqlite_version)
    if not create and not path.is_file():
        raise Unavailable("database_missing", can_retry=False, path=str(path))
    mode = "rwc" if create else "rw"
    connection: Connection | None = None
    try:
        connection = dbapi2.connect(
            f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        for pragma in _pragmas(key):
            connection.execute(f"PRAGMA {pragma}")
    except Error as error:
        if connection is not None:
            connection.close()
        raise _opening_error(error, path) from error
    return connection


def _pragmas(key: bytes) -> tuple[str, ...]:
    pragmas = (
        "cipher_log_level = NONE",  # before the key, or a wrong one is reported on stderr
        f"key = \"x'{key.hex()}'\"",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "cell_size_check = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # else INSERT OR REPLACE would slip past the triggers that forbid deleting
        "secure_delete = FAST",
        "journal_mode = WAL",  # reads the first page: here a wrong key shows
        "synchronous = FULL",
        "wal_autocheckpoint = 0",  # the store checkpoints when nobody waits
    )
    return (*pragmas, "fullfsync = ON", "checkpoint_fullfsync = ON") if sys.platform == "darwin" else pragmas


class Engines:
    """The connections of one file. Made by :func:`open_engines`; closed once by its owner."""

    def __init__(self, path: Path, key: bytes, writer: Connection) -> None:
        self.path = path
        self.writer = writer
        self.writer_lock = threading.Lock()
        self._key = key
        self._room = threading.BoundedSemaphore(READERS_MAX)
        self._idle: list[Connection] = []
        self._is_closed = False

    def reading(self, *, snapshot: bool = False) -> Reading:
        """A cursor on committed data. With ``snapshot`` all statements see the state of the first one."""
        return Reading(self, snapshot)

    def acquire_reader(self) -> Connection:
        """A connection for reading; give it back with :meth:`release_reader`. Waits when all are in use."""
        assert not self._is_closed, "the store is closed"
        self._room.acquire()
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            return self._new_reader()
        except BaseException:
            self._room.release()
            raise

    def release_reader(self, connection: Connection) -> None:
        if self._is_closed:
            connection.close()
        else:
            self._idle.append(connection)
        self._room.release()

    def close(self) -> None:
        """Close everything. The writer goes last: its closing checkpoints and removes the WAL."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()
        with self.writer_lock:
            self.writer.close()

    def reopen(self) -> None:
        """A fresh writer and fresh readers on the same file; who holds a reader keeps it until done."""
        with self.writer_lock:
            while self._idle:
                self._idle.pop().close()
            self.writer.close()
            self.writer = connect(self.path, self._key)

    def _new_reader(self) -> Connection:
        reader = connect(self.path, self._key)
        reader.execute("PRAGMA query_only = ON")
        return reader


class Reading:
    """The ``with`` block of :meth:`Engines.reading`."""

    __slots__ = ("_connection", "_cursor", "_engines", "_snapshot")

    def __init__(self, engines: Engines, snapshot: bool) -> None:
        self._engines = engines
        self._snapshot = snapshot

    def __enter__(self) -> Cursor:
        self._connection = self._engines.acquire_reader()
        self._cursor = self._connection.cursor()
        if self._snapshot:
            self._cursor.execute("BEGIN")
        return self._cursor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._engines.release_reader(self._connection)
        if isinstance(error, Error):
            translated = translate(error)
            if translated is not None:
                raise translated from error


@contextmanager
def transaction(connection: Connection) -> Iterator[Cursor]:
    """``BEGIN IMMEDIATE`` … ``COMMIT`` on a connection that nobody else uses yet; an error rolls back."""
    cursor = connection.cursor()
    try:
        cursor.execute("BEGIN IMMEDIATE")
        yield cursor
        cursor.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            cursor.execute("ROLLBACK")
        unavailable = translate(error)
        if unavailable is not None:
            raise unavailable from error
        raise
    finally:
        cursor.close()


def open_engines(path: Path, key: bytes, *, create: bool = False) -> Engines:
    """Open the file (or make it, readable by its owner alone). Raises Unavailable as :func:`connect` does."""
    if create:
        _make_private(path)
    return Engines(path, key, connect(path, key, create=create))


def _make_private(path: Path) -> None:
    """The file is its owner's before the first byte is in it; SQLite gives the WAL the same permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable("disk_read_only", path=str(path)) from error


# SQLite's primary result codes and what they mean at the counter: the code of the sentence, and whether trying again may help.
_MEANING: Final = {
    5: ("database_locked", True),  # SQLITE_BUSY
    6: ("database_locked", True),  # SQLITE_LOCKED
    8: ("disk_read_only", False),  # SQLITE_READONLY
    10: ("disk_error", False),  # SQLITE_IOERR
    11: ("database_corrupt", False),  # SQLITE_CORRUPT
    13: ("disk_full", True),  # SQLITE_FULL
    14: ("disk_error", False),  # SQLITE_CANTOPEN
    26: ("database_foreign", False),  # SQLITE_NOTADB
}
# Extended codes that say more than their primary code does.
_CLOSER_MEANING: Final = {
    522: ("database_corrupt", False),  # SQLITE_IOERR_SHORT_READ: the file lost its end
    4874: ("disk_full", True),  # SQLITE_IOERR_SHMSIZE: the shared index of the WAL could not grow
    8202: ("database_corrupt", False),  # SQLITE_IOERR_DATA
    8458: ("database_corrupt", False),  # SQLITE_IOERR_CORRUPTFS
}


def translate(error: BaseException) -> Unavailable | None:
    """What the operator is told about an error of the database, or None when it is our own bug."""
    extended = getattr(error, "sqlite_errorcode", None)
    if extended is None:
        return None
    meaning = _CLOSER_MEANING.get(extended) or _MEANING.get(extended & 0xFF)
    if meaning is None:
        return None
    log.store.error("database error %s: %s", getattr(error, "sqlite_errorname", extended), error)
    code, can_retry = meaning
    return Unavailable(code, can_retry=can_retry)


def ask_the_disk(path: Path, failure: Unavailable) -> Unavailable:
    """SQLite calls many things an I/O error; a small file beside the database learns what the disk itself says.

    Never the database: on POSIX systems opening and closing it once more would drop SQLite's locks.
    """
    if failure.code != "disk_error":
        return failure
    probe = path.with_name(path.name + ".probe")
    try:
        probe.write_bytes(bytes(PAGE_BYTES))
        probe.unlink()
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return Unavailable("disk_read_only", can_retry=False)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            probe.unlink(missing_ok=True)
            return Unavailable("disk_full")
    return failure


def _opening_error(error: BaseException, path: Path) -> BaseException:
    translated = translate(error)
    if translated is None:
        return error
    if translated.code == "database_foreign" and _is_cut_short(path):
        return Unavailable("database_corrupt", can_retry=False)
    return ask_the_disk(path, translated)


def _is_cut_short(path: Path) -> bool:
    """A file of ours is whole pages; anything else lost its end."""
    size = path.stat().st_size
    return size % PAGE_BYTES != 0 and not _is_plain(path)


def _is_plain(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"
