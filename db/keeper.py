"""The keeper of one till's file: backups into a folder, and the check of the books, for the screens.

Nothing here repairs or replaces anything; that is done on the command line, with the till closed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.service.keeping import About, BackupMade, BookFinding, BooksChecked, CopiesForgot, Progress
from app.service.ports import Clock
from db.backup import back_up
from db.store import SqliteStore
from db.verify import verify

if TYPE_CHECKING:
    from app.domain.ids import MemberId

BACKUP_SUFFIX: Final = ".regulars"


class StoreKeeper:
    """Implements :class:`app.service.keeping.Keeper` over an open store."""

    def __init__(
        self,
        store: SqliteStore,
        database_key: bytes,
        clock: Clock,
        *,
        data_folder: Path,
        backups_folder: Path,
        key_source: str,
        version: str,
    ) -> None:
        self._store = store
        self._key = database_key
        self._clock = clock
        self._data_folder = data_folder
        self._backups_folder = backups_folder
        self._key_source = key_source
        self._version = version

    @property
    def backups_folder(self) -> Path:
        return self._backups_folder

    def about(self) -> About:
        path = self._store.engines.path
        return About(
            version=self._version,
            data_folder=self._data_folder,
            database=path,
            database_bytes=path.stat().st_size,
            key_source=self._key_source,
            facts=self._store.mark.seq,
        )

    def back_up(self, folder: Path) -> BackupMade:
        target = folder / f"till-{self._clock.local():%Y%m%d-%H%M%S}{BACKUP_SUFFIX}"
        size = back_up(self._store.engines.path, self._key, target)
        return BackupMade(target, size)

    def verify(self, *, is_full: bool, progress: Progress) -> BooksChecked:
        found = verify(self._store.engines, is_full=is_full, progress=progress)
        findings = tuple(BookFinding(one.check, one.place, one.detail) for one in found)
        return BooksChecked(self._store.mark.seq, findings)

    def forget_in_copies(
        self, member_ids: Sequence[MemberId], progress: Callable[[int, int], None]
    ) -> CopiesForgot:
        from db.erasure_copies import clean_copies

        done = clean_copies(
            self._store.engines.path,
            self._key,
            (self._data_folder, self._backups_folder),
            member_ids,
            now=self._clock.now_ms(),
            progress=progress,
        )
        return CopiesForgot(len(done.scrubbed), len(done.locked))
