"""One till program for one database. The operating system holds the claim, so a program that was killed holds nothing.

SQLite keeps two programs from breaking the file; this keeps them from selling side by side with one draft, one drawer and one spool. A
report, a check or an import reads and writes beside the till and claims nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.domain.errors import Unavailable
from app.i18n import reason_of


class Claim:
    """This program's claim on a database, until :meth:`release`."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    def release(self) -> None:
        """Give it up; a second time does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def claim(database: Path) -> Claim:
    """Raises Unavailable("database_locked") while another till program has this database open, "data_folder_unwritable"."""
    path = database.with_name(database.name + ".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable("data_folder_unwritable", path=str(path.parent), reason=reason_of(error)) from error
    if not _is_ours(handle):
        os.close(handle)
        raise Unavailable("database_locked")
    return Claim(handle)


if sys.platform == "win32":
    import msvcrt

    def _is_ours(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _is_ours(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # A network folder that knows no locks: nothing can be claimed there, and SQLite's own locks are all there is.
            return True
        return True
