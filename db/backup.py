"""Backup while the till sells, and restore into a new life.

A backup is one whole SQLCipher file: under the till's own key, or, with a passphrase, under that passphrase, so that it opens on
another machine. It is read back and checked before it takes its name. A live database is never copied as a file, and whatever a restore
refuses leaves everything as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlcipher3 import dbapi2

from app.domain.errors import Refused, Unavailable
from app.domain.ids import MemberId
from app.i18n import reason_of
from app.service.ports import Clock, IdSource
from db import migrate
from db.engine import PAGE_BYTES, Connection, Error, connect, translate
from db.erasure_register import read_register, register_path, write_register
from db.head import read_head
from db.incarnation import Mark, Reason, letter_rank
from db.mark_file import mark_path, read_mark, sync_folder, write_mark
from db.store import open_store

PASSPHRASE_LENGTH_MIN: Final = 8
CHUNK_BYTES: Final = 1024 * 1024
PROGRESS_EVERY_STEPS: Final = 20_000  # of SQLite's virtual machine
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_DAMAGED: Final = ("database_corrupt", "database_foreign")

# Called with the step (texts: ``data.step_<step>``), bytes done, bytes there are. Raises Cancelled to stop.
Progress = Callable[[str, int, int], None]


def back_up(
    database: Path,
    key: bytes,
    target: Path,
    *,
    passphrase: str = "",
    progress: Progress = lambda _step, _done, _total: None,
) -> int:
    """A consistent copy of a till that may be selling meanwhile; returns its size in bytes.

    Raises Refused: "passphrase_short", "backup_over_data"; Unavailable: "backup_target", "backup_no_room", "database_corrupt" …; Cancelled.
    A file of this name is replaced only by a good one.
    """
    if passphrase and len(passphrase) < PASSPHRASE_LENGTH_MIN:
        raise Refused("passphrase_short", length_min=PASSPHRASE_LENGTH_MIN)
    _refuse_own_files(database, target)
    unfinished = target.with_name(target.name + ".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_all(unfinished)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(database, key, unfinished, progress)
        if passphrase:
            progress("encrypt", 0, 1)
            _rekey(connect(unfinished, key), _passphrase_pragma(passphrase))
        progress("check", 0, 1)
        _check(_open(unfinished, passphrase) if passphrase else connect(unfinished, key), target)
        _sync(unfinished)
        os.replace(unfinished, target)
        sync_folder(target.parent)
    except (Error, OSError) as error:
        raise _target_failure(error, target) or error from error
    finally:
        _remove_all(unfinished)
    return target.stat().st_size


def restore(
    backup: Path,
    database: Path,
    key: bytes,
    clock: Clock,
    ids: IdSource,
    *,
    passphrase: str = "",
    progress: Progress = lambda _step, _done, _total: None,
) -> Path | None:
    """Put a backup in the place of the database, under this till's key, in a new life that has begun already.

    What was there is kept beside it under another name, which is returned. No till may have the database open: it says
    "database_locked" then. Raises Unavailable: "backup_missing", "backup_unreadable", "backup_foreign", "backup_passphrase",
    "restore_no_room" …; Cancelled.
    """
    if not backup.is_file():
        raise Unavailable("backup_missing", can_retry=False, path=str(backup))
    if database.exists() and backup.samefile(database):
        raise Refused("backup_over_data", path=str(backup))
    fresh = database.with_name(database.name + ".restoring")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        _remove_all(fresh)
        _bring(backup, fresh, progress)
        progress("check", 0, 1)
        if passphrase:
            _check(_open(fresh, passphrase), backup)
            _rekey(_open(fresh, passphrase), f"\"x'{key.hex()}'\"")
        _check(_connect_backup(fresh, key, backup), backup)
        with _Present(database, key) as present:
            write_register(fresh, read_register(database) | present.erased)
            _begin_new_life(fresh, key, clock, ids, present.mark)
            _sync(fresh)
            kept = present.set_aside(clock.now_ms())
            os.replace(fresh, database)
            os.replace(mark_path(fresh), mark_path(database))
            os.replace(register_path(fresh), register_path(database))
            sync_folder(database.parent)
    except (Error, OSError) as error:
        raise _restore_failure(error, database) or error from error
    finally:
        _remove_all(fresh)
    return kept


# --- making a backup ------------------------------------------------------------------------------------------------------


def _refuse_own_files(database: Path, target: Path) -> None:
    """A slip of the finger must not put a backup in the place of the database, its key or its settings."""
    is_beside = target.resolve().parent == database.resolve().parent
    if is_beside and (target.exists() or target.name.startswith(database.name)):
        raise Refused("backup_over_data", path=str(target))


def _copy(database: Path, key: bytes, target: Path, progress: Progress) -> None:
    """One read transaction over everything: a sale is in it whole or not at all. Whoever sells meanwhile waits for nothing."""
    size = max(1, database.stat().st_size) if database.exists() else 1
    interrupted: list[BaseException] = []

    def tell() -> int:
        try:
            progress("copy", min(target.stat().st_size, size), size)
        except BaseException as error:  # SQLite would swallow it; it is raised again below
            interrupted.append(error)
            return 1
        return 0

    connection = connect(database, key)
    try:
        connection.set_progress_handler(tell, PROGRESS_EVERY_STEPS)
        connection.execute("VACUUM INTO ?", (str(target),))
    except Error as error:
        if interrupted:
            raise interrupted[0] from error
        raise
    finally:
        connection.close()


def _rekey(connection: Connection, key_pragma: str) -> None:
    """Encrypt every page anew."""
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = {key_pragma}")
    finally:
        connection.close()


def _check(connection: Connection, path: Path) -> None:
    """Every page's HMAC is right, the b-trees hold, and it is a till's database of a version that is known."""
    try:
        connection.execute("PRAGMA journal_mode = DELETE")  # a WAL that came along goes into the file first
        damaged = connection.execute("PRAGMA cipher_integrity_check").fetchone()
        if damaged is not None or connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise Unavailable("backup_unreadable", can_retry=False, path=path.name)
        migrate.version_of(connection)
    except Error as error:
        failure = translate(error)
        if failure is not None and failure.code in _DAMAGED:
            raise Unavailable("backup_unreadable", can_retry=False, path=path.name) from error
        raise
    finally:
        connection.close()


def _open(path: Path, passphrase: str) -> Connection:
    """A file under a passphrase. Raises Unavailable("backup_passphrase") when it is another one, or the file is none of ours."""
    connection: Connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = {_passphrase_pragma(passphrase)}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except Error as error:
        connection.close()
        failure = translate(error)
        if failure is not None and failure.code == "database_corrupt":
            raise Unavailable("backup_unreadable", can_retry=False, path=path.name) from error
        raise Unavailable("backup_passphrase") from error
    return connection


def _passphrase_pragma(passphrase: str) -> str:
    """Normalised, so that the same keys give the same passphrase on every system."""
    return "'" + unicodedata.normalize("NFC", passphrase).replace("'", "''") + "'"


def _target_failure(error: Exception, target: Path) -> Unavailable | None:
    """The database was read and the target was written: what failed is nearly always the target."""
    code = "backup_target"
    if isinstance(error, OSError):
        code = "backup_no_room" if error.errno in _NO_ROOM else code
    else:
        failure = translate(error)
        if failure is None or failure.code in (*_DAMAGED, "database_locked"):
            return failure
        code = "backup_no_room" if failure.code == "disk_full" else code
    return Unavailable(code, path=str(target))


# --- bringing one back ----------------------------------------------------------------------------------------------------


class _Present:
    """The database that is to be replaced: closed to every till until it is set aside, and asked how far it had come."""

    def __init__(self, database: Path, key: bytes) -> None:
        self._database = database
        self._connection: Connection | None = None
        self.mark = read_mark(database)
        self.erased: frozenset[MemberId] = frozenset()
        if not database.exists():
            return
        try:
            self._connection = connect(database, key)
            self._lock()
            self.mark = _furthest(self.mark, _mark_of(self._connection))
            self.erased = _erased_in(self._connection)
        except Unavailable as failure:
            # One that does not open under this key, or is damaged, is what a restore is for.
            if failure.code not in _DAMAGED:
                raise
            self.release()

    def __enter__(self) -> _Present:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _lock(self) -> None:
        """Raises Unavailable("database_locked") while anybody has it open. The WAL goes into the file on the way."""
        assert self._connection is not None
        try:
            self._connection.execute("PRAGMA busy_timeout = 500")
            self._connection.execute("PRAGMA journal_mode = DELETE")
            self._connection.execute("BEGIN EXCLUSIVE")
        except Error as error:
            self.release()
            raise translate(error) or error from error

    def set_aside(self, now_ms: int) -> Path | None:
        """A second name for what is there: nothing of a till is ever thrown away. The first name stays until the restored file takes it."""
        self.release()
        if not self._database.exists():
            return None
        kept = self._database.with_name(f"{self._database.name}.replaced-{now_ms}")
        try:
            os.link(self._database, kept)
        except OSError:  # a file system without links
            shutil.copyfile(self._database, kept)
        if mark_path(self._database).exists():
            shutil.copyfile(mark_path(self._database), mark_path(kept))
        # Left only where the database did not open; beside the restored one it would be taken for its own.
        if Path(f"{self._database}-wal").exists():
            os.replace(f"{self._database}-wal", f"{kept}-wal")
        Path(f"{self._database}-shm").unlink(missing_ok=True)
        return kept

    def release(self) -> None:
        if self._connection is not None:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._connection.close()
            self._connection = None


def _mark_of(connection: Connection) -> Mark | None:
    """How far the database itself says it has come."""
    try:
        (device,) = connection.execute("SELECT device_id FROM device").fetchone()
        return read_head(connection.cursor()).mark(UUID(bytes=device))
    except (Error, TypeError):  # no till of ours, or damaged
        return None


def _erased_in(connection: Connection) -> frozenset[MemberId]:
    """Whom the database that is replaced had forgotten: the restored one forgets them too."""
    try:
        rows = connection.execute("SELECT member_id FROM erasure").fetchall()
    except Error:  # of a version that knew of no erasure
        return frozenset()
    return frozenset(MemberId(UUID(bytes=row[0])) for row in rows)


def _furthest(beside: Mark | None, own: Mark | None) -> Mark | None:
    """Both together: a mark is written now and then, and may have been lost."""
    if beside is None or own is None or beside.device != own.device:
        return own or beside
    later = max(beside, own, key=lambda one: (letter_rank(one.letter), one.seq))
    return replace(
        later,
        seq=max(beside.seq, own.seq),
        counter=max(beside.counter, own.counter),
        z_number=max(beside.z_number, own.z_number),
    )


def _bring(backup: Path, fresh: Path, progress: Progress) -> None:
    """Copy the file, which is in nobody's use, with the WAL that a database that was set aside may have."""
    size = backup.stat().st_size
    if size == 0 or size % PAGE_BYTES:
        raise Unavailable("backup_unreadable", can_retry=False, path=backup.name)
    for suffix in ("", "-wal"):
        source = Path(f"{backup}{suffix}")
        if source.exists():
            _copy_file(source, Path(f"{fresh}{suffix}"), lambda done: progress("copy", min(done, size), size))


def _copy_file(source: Path, target: Path, tell: Callable[[int], None]) -> None:
    done = 0
    try:
        reading = source.open("rb")
    except OSError as error:
        raise Unavailable("backup_unreadable", can_retry=False, path=source.name) from error
    with (
        reading,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing,
    ):
        while chunk := _read(reading.read, source):
            writing.write(chunk)
            done += len(chunk)
            tell(done)


def _read(read: Callable[[int], bytes], source: Path) -> bytes:
    try:
        return read(CHUNK_BYTES)
    except OSError as error:
        raise Unavailable("backup_unreadable", can_retry=False, path=source.name) from error


def _connect_backup(fresh: Path, key: bytes, backup: Path) -> Connection:
    """A file under the till's own key. Raises Unavailable("backup_foreign") when it needs another key or a passphrase."""
    try:
        return connect(fresh, key)
    except Unavailable as failure:
        if failure.code == "database_foreign":
            raise Unavailable("backup_foreign", can_retry=False, path=backup.name) from failure
        if failure.code == "database_corrupt":
            raise Unavailable("backup_unreadable", can_retry=False, path=backup.name) from failure
        raise


def _begin_new_life(fresh: Path, key: bytes, clock: Clock, ids: IdSource, known: Mark | None) -> None:
    """All that may fail is done before the restored file takes its place: schema, chain, and the life that follows all known ones."""
    try:
        store = open_store(fresh, key, clock, ids, is_till=False)
    except Unavailable as failure:
        if failure.code == "database_corrupt":
            raise Unavailable("backup_unreadable", can_retry=False, path=fresh.name) from failure
        raise
    try:
        if known is not None:
            write_mark(fresh, known)
        store.begin_incarnation(Reason.RESTORED)
        store.forget_what_was_under_way()
        store.forget_the_erased()
        store.write_mark()
        if read_mark(fresh) != store.mark:
            raise Unavailable("restore_no_room", path=str(fresh.parent))
    finally:
        store.close()


def _restore_failure(error: Exception, database: Path) -> Unavailable | None:
    """What is written is the till's own folder."""
    if isinstance(error, OSError):
        if error.errno in _NO_ROOM:
            return Unavailable("restore_no_room", path=str(database.parent))
        reason = reason_of(error)
        return Unavailable("data_folder_unwritable", path=str(database.parent), reason=reason)
    failure = translate(error)
    if failure is not None and failure.code == "disk_full":
        return Unavailable("restore_no_room", path=str(database.parent))
    return failure


# --- files ----------------------------------------------------------------------------------------------------------------


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _remove_all(path: Path) -> None:
    """The file with everything that SQLite, a mark or an upgrade has put beside it."""
    copies = [f".v{version}" for version in range(1, migrate.SCHEMA_VERSION)]
    beside = (".mark", ".mark.new", ".erased", ".erased.new", ".probe")
    for suffix in ("", "-wal", "-shm", "-journal", *beside, *copies):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            Path(f"{path}{suffix}").unlink()
