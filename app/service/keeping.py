"""Keeping the books safe: a backup while the till sells, and the proof that every record agrees.

The composition root gives each till its keeper; the screens know only what it says here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.domain.ids import MemberId

Progress = Callable[[str, int, int], None]
"""Called with the step (texts: ``verify.step_<step>``), how much of it is done and how much there is. Raises Cancelled to stop."""


@dataclass(frozen=True, slots=True)
class About:
    """Where this till keeps what it knows. ``key_source`` is one of app.credentials.KeySource."""

    version: str
    data_folder: Path
    database: Path
    database_bytes: int
    key_source: str
    facts: int


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was read back and found whole."""

    file: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BookFinding:
    """One broken promise. ``check`` is a code (texts: ``verify.<check>``)."""

    check: str
    place: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BooksChecked:
    """What a check of the books found; nothing at all when they are whole."""

    facts: int
    findings: tuple[BookFinding, ...]


@dataclass(frozen=True, slots=True)
class CopiesForgot:
    """Older copies that no longer know somebody, and copies under a passphrase, which only their owner can destroy."""

    scrubbed: int
    locked: int


class Keeper(Protocol):
    """Everything here may take long: call it on a worker."""

    @property
    def backups_folder(self) -> Path:
        """Where backups go when nobody says otherwise."""
        ...

    def about(self) -> About: ...
    def back_up(self, folder: Path) -> BackupMade:
        """A new file in this folder, named after the moment. Raises Unavailable ("backup_target", "disk_full" …)."""
        ...

    def verify(self, *, is_full: bool, progress: Progress) -> BooksChecked:
        """The till may go on selling meanwhile. Raises Cancelled when ``progress`` does."""
        ...

    def forget_in_copies(
        self, member_ids: Sequence[MemberId], progress: Callable[[int, int], None]
    ) -> CopiesForgot:
        """The older copies in the data folder forget whom the books have forgotten. Raises Cancelled when ``progress`` does."""
        ...
