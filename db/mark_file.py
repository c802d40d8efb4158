"""The mark beside the database: a small file that says how far the till has come. Replaced as a whole, so that it is never half.

It is not secret (numbers and a hash), and it is not the truth: it only shows when the database is not the one this till last sold with.
"""

from __future__ import annotations

import os
from pathlib import Path

from app import log
from db.incarnation import Mark, mark_from_json, mark_to_json


def mark_path(database: Path) -> Path:
    return database.with_name(database.name + ".mark")


def read_mark(database: Path) -> Mark | None:
    """The mark, or None when there is none that can be read."""
    try:
        return mark_from_json(mark_path(database).read_bytes())
    except OSError:
        return None


def write_mark(database: Path, mark: Mark) -> bool:
    """Replace the mark. A disk that refuses is not the end of a sale: the database holds the truth; returns whether it was written."""
    path = mark_path(database)
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.write(mark_to_json(mark))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        sync_folder(path.parent)
    except OSError as error:
        log.store.info("the mark was not written: %s", error)
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Make the new name durable too; Windows does so by itself and cannot open a folder."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
