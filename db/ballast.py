"""A few megabytes kept beside the database, to be let go when the disk is full: the shift can still be finished and closed.

The space is really taken: the bytes do not compress and are written out.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from app import log

BALLAST_BYTES: Final = 4 * 1024 * 1024
# Taken back only when there is room for many times as much: else it would be the ballast that fills the disk again.
ROOM_FACTOR: Final = 16


class Ballast:
    """``is_there`` is False from the moment the disk was full until there is room again: the till shows a banner so long."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".ballast")

    @property
    def is_there(self) -> bool:
        try:
            return self._path.stat().st_size == BALLAST_BYTES
        except OSError:
            return False

    def release(self) -> bool:
        """Give the space back to the disk; returns whether there was any to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        log.store.info("the reserve of %d bytes was released: the disk is full", BALLAST_BYTES)
        return True

    def take(self) -> bool:
        """Take the space if the disk has plenty; returns whether the ballast is there now."""
        if self.is_there:
            return True
        try:
            from shutil import disk_usage

            if disk_usage(self._path.parent).free < ROOM_FACTOR * BALLAST_BYTES:
                return False
            with self._path.open("wb") as file:
                file.write(hashlib.shake_256(b"regulars.ballast").digest(BALLAST_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True
