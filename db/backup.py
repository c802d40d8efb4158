"""Backup while the till sells, and restore into a new life.

A backup is one whole SQLCipher file: under the till's own key, or, with a passphrase, under that passphrase, so that it opens on
another machine. It is read back and checked before it takes its name. A live database is never copied as a file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2

from app.domain.errors import Refused, Unavailable
from app.service.ports import Clock, IdSource
from db import migrate
from db.engine import Connection, Error, connect, translate
from db.incarnation import Reason
from db.mark_file import mark_path
from db.store import open_store

PASSPHRASE_LENGTH_MIN: Final = 8


def back_up(database: Path, key: bytes, target: Path, *, passphrase: str = "") -> int:
    """A consistent copy of a till that may be selling meanwhile; returns its size in bytes.

    Raises Refused("passphrase_short"), Unavailable ("backup_target", "disk_full" …). A file of this name is replaced only by a good one.
    """
    if passphrase and len(passphrase) < PASSPHRASE_LENGTH_MIN:
        raise Refused("passphrase_short", length_min=PASSPHRASE_LENGTH_MIN)
    unfinished = target.with_name(target.name + ".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable("backup_target", path=str(target)) from error
    try:
        _copy(database, key, unfinished, passphrase)
        _check(unfinished, key, passphrase)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, target)
    except OSError as error:
        raise Unavailable("backup_target", path=str(target)) from error
    finally:
        _remove_beside(unfinished)
    return target.stat().st_size


def restore(
    backup: Path, database: Path, key: bytes, clock: Clock, ids: IdSource, *, passphrase: str = ""
) -> Path | None:
    """Put a backup in the place of the database, under this till's key, and begin a new life before its first sale.

    What was there is kept beside it under another name, which is returned. Raises Unavailable("backup_missing" | "backup_unreadable" …)
    with everything as it was.
    """
    if not backup.is_file():
        raise Unavailable("backup_missing", can_retry=False, path=str(backup))
    fresh = database.with_name(database.name + ".restoring")
    _remove_beside(fresh)
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(backup.read_bytes())
        os.chmod(fresh, 0o600)
        if passphrase:
            _rekey(fresh, passphrase, key)
        _check(fresh, key, "")
        replaced = _set_aside(database, clock.now_ms())
        os.replace(fresh, database)
    except OSError as error:
        raise Unavailable("backup_unreadable", can_retry=False, path=str(backup)) from error
    finally:
        _remove_beside(fresh)
    _begin_new_life(database, key, clock, ids)
    return replaced


def _begin_new_life(database: Path, key: bytes, clock: Clock, ids: IdSource) -> None:
    store = open_store(database, key, clock, ids, is_till=False)
    try:
        store.begin_incarnation(Reason.RESTORED)
        store.write_mark()
    finally:
        store.close()


def _copy(database: Path, key: bytes, target: Path, passphrase: str) -> None:
    connection = connect(database, key)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    except Error as error:
        raise translate(error) or error from error
    finally:
        connection.close()
    os.chmod(target, 0o600)
    if passphrase:
        opened = connect(target, key)
        try:
            opened.execute("PRAGMA journal_mode = DELETE")
            opened.execute(f"PRAGMA rekey = {_quoted(passphrase)}")
        finally:
            opened.close()


def _check(path: Path, key: bytes, passphrase: str) -> None:
    """The copy opens, every page's HMAC is right, and it is a till's database."""
    connection = _open(path, passphrase) if passphrase else connect(path, key)
    try:
        damaged = connection.execute("PRAGMA cipher_integrity_check").fetchone()
        if damaged is not None or connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise Unavailable("backup_unreadable", can_retry=False, path=path.name)
        migrate.version_of(connection)
    except Error as error:
        raise Unavailable("backup_unreadable", can_retry=False, path=path.name) from error
    finally:
        connection.close()


def _rekey(path: Path, passphrase: str, key: bytes) -> None:
    connection = _open(path, passphrase)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
    except Error as error:
        raise Unavailable("backup_passphrase", can_retry=True) from error
    finally:
        connection.close()


def _open(path: Path, passphrase: str) -> Connection:
    connection: Connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = {_quoted(passphrase)}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except Error as error:
        connection.close()
        raise Unavailable("backup_passphrase", can_retry=True) from error
    return connection


def _set_aside(database: Path, now_ms: int) -> Path | None:
    """Keep what is being replaced: nothing of a till is ever thrown away. Its mark stays, for the new life must know it."""
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.replaced-{now_ms}")
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{database}{suffix}")
        if part.exists():
            os.replace(part, f"{kept}{suffix}")
    if mark_path(database).exists():
        mark_path(kept).write_bytes(mark_path(database).read_bytes())
    return kept


def _remove_beside(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
