"""The older copies of the books that lie in the data folder: they forget whom the books have forgotten.

A copy is cleaned beside itself and then takes its own place, so that it is never half. What is under a passphrase cannot be opened here and
is only counted: its owner destroys it, or puts a new backup in its place. Bringing any of them back erases again by the register.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.errors import Unavailable
from app.domain.ids import MemberId
from db import erasures, members
from db.engine import PAGE_BYTES, connect, transaction
from db.mark_file import sync_folder

Progress = Callable[[int, int], None]
BACKUPS: Final = "*.regulars"
_NO_COPIES: Final = ("-wal", "-shm", ".mark", ".erased", ".ballast", ".new", ".cleaning", ".probe")


@dataclass(frozen=True, slots=True)
class CopiesCleaned:
    """``scrubbed`` held something of them; ``locked`` could not be opened with the till's key."""

    scrubbed: tuple[Path, ...]
    locked: tuple[Path, ...]


def clean_copies(
    database: Path,
    key: bytes,
    folders: Iterable[Path],
    member_ids: Sequence[MemberId],
    *,
    now: int,
    progress: Progress = lambda _done, _total: None,
) -> CopiesCleaned:
    """Clean every copy of the books in these folders. Raises Cancelled when ``progress`` does; what is done stays."""
    copies = list(copies_in(database, folders))
    scrubbed, locked = [], []
    for done, copy in enumerate(copies):
        progress(done, len(copies))
        try:
            if _clean(copy, key, member_ids, now):
                scrubbed.append(copy)
        except Unavailable:
            locked.append(copy)
    progress(len(copies), len(copies))
    return CopiesCleaned(tuple(scrubbed), tuple(locked))


def copies_in(database: Path, folders: Iterable[Path]) -> Iterator[Path]:
    """Files that may be whole copies of the books: set aside by a restore or an upgrade, and backups."""
    beside = database.parent.glob(f"{database.name}.*")
    backups = (path for folder in {database.parent, *folders} for path in folder.glob(BACKUPS))
    for path in sorted({*beside, *backups}):
        if path.is_file() and not path.name.endswith(_NO_COPIES):
            size = path.stat().st_size
            if size > 0 and size % PAGE_BYTES == 0:
                yield path


def _clean(copy: Path, key: bytes, member_ids: Sequence[MemberId], now: int) -> bool:
    """Whether there was anything to clean."""
    work = copy.with_name(copy.name + ".cleaning")
    try:
        shutil.copyfile(copy, work)
        if not _scrub(work, key, member_ids, now):
            return False
        with work.open("rb+") as file:
            os.fsync(file.fileno())
        shutil.copystat(copy, work)
        os.replace(work, copy)
        sync_folder(copy.parent)
        return True
    except OSError as error:
        raise Unavailable("export_target", path=str(copy)) from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{work}{suffix}").unlink(missing_ok=True)


def _scrub(work: Path, key: bytes, member_ids: Sequence[MemberId], now: int) -> bool:
    connection = connect(work, key)
    try:
        with transaction(connection) as cursor:
            known = [members.member_by_id(cursor, member_id) for member_id in member_ids]
            there = [member.id for member in known if member is not None and not member.is_erased]
            for member_id in there:
                erasures.scrub(cursor, member_id, now)
        if there:
            connection.execute("VACUUM")
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        return bool(there)
    finally:
        connection.close()
