"""What a check of the books says, and how it tells how far it is.

The checks are in :mod:`db.verify` (what the file promises of itself) and :mod:`db.verify_facts` (what each fact promises).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from db.engine import Cursor


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise. ``check`` is a code (texts: ``verify.<check>``), ``place`` says where, ``detail`` what was found there."""

    check: str
    place: str
    detail: str = ""


# Called with the step (texts: ``verify.step_<step>``), how much of it is done, and how much there is. Raises Cancelled to stop.
Progress = Callable[[str, int, int], None]
Check = Callable[[Cursor, Progress], Iterator[Finding]]
