"""Writing an export where somebody wants it: the whole file or nothing of it, and readable by its owner alone.

A file that lies there already is never written over.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from app.domain.errors import Refused, Unavailable
from app.i18n import reason_of

UNFINISHED: Final = ".new"
NAME_CHARACTERS_MAX: Final = 120
NUMBERED_MAX: Final = 99
_NOT_IN_NAMES: Final = frozenset('\\/:*?"<>|')


def write_file(target: Path, data: bytes) -> None:
    """Raises Refused("file_taken"), Unavailable("file_not_saved")."""
    refuse_taken(target)
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, target)
    except OSError as error:
        raise Unavailable("file_not_saved", path=str(target), reason=reason_of(error)) from error
    finally:
        # A folder that cannot be written to cannot be tidied either.
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def refuse_taken(target: Path) -> None:
    """Raises Refused("file_taken") where a file of this name lies already."""
    if target.exists():
        raise Refused("file_taken", name=target.name)


def file_name(words: str) -> str:
    """These words as a name that every system takes."""
    kept = "".join(" " if sign in _NOT_IN_NAMES or not sign.isprintable() else sign for sign in words)
    return " ".join(kept.split()).strip(". ")[:NAME_CHARACTERS_MAX]


def free_name(folder: Path, stem: str, suffix: str) -> str:
    """The name, numbered where one of that name lies there already. Two files are never one."""
    for number in range(1, NUMBERED_MAX + 1):
        name = f"{stem}{suffix}" if number == 1 else f"{stem} ({number}){suffix}"
        if not (folder / name).exists():
            return name
    return f"{stem}{suffix}"
