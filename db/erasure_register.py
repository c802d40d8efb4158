"""The register of erased members beside the database: ids only, one a line. An older backup that is put back is made to forget them again.

The database says the same (table ``erasure``); whichever knows more tells the other when the till opens. The file is replaced as a whole,
so that it is never half.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from app import log
from app.domain.ids import MemberId
from db.mark_file import sync_folder


def register_path(database: Path) -> Path:
    return database.with_name(database.name + ".erased")


def read_register(database: Path) -> frozenset[MemberId]:
    """Everyone who must not come back. A line that is damaged says nothing."""
    try:
        lines = register_path(database).read_text("ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(MemberId(found) for line in lines if (found := _id(line)) is not None)


def write_register(database: Path, member_ids: Iterable[MemberId]) -> bool:
    """Replace it. Returns whether it was written; the next opening tries again."""
    path = register_path(database)
    fresh = path.with_name(path.name + ".new")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.writelines(f"{member_id.hex}\n" for member_id in sorted(member_ids))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        sync_folder(path.parent)
    except OSError as error:
        log.store.info("the register of erasures was not written: %s", error)
        return False
    return True


def _id(line: str) -> UUID | None:
    try:
        return UUID(line.strip())
    except ValueError:
        return None
