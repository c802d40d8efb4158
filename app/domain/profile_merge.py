"""Who a file belongs to when files were merged: chains and even circles of merges end in one member.

Each file says at most once whose file it was put into, and the newest word counts. From these words alone the survivor follows, so that two
tills that merged the same people in different ways agree as soon as they know of each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID


def survivors(into: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """The survivor of every file that was put into another; survivors themselves are left out.

    Where files were put into each other in a circle, the smallest id survives: it does not depend on who merged last.
    """
    found: dict[UUID, UUID] = {}
    for start in into:
        survivor = _end_of(start, into)
        if survivor != start:
            found[start] = survivor
    return found


def _end_of(start: UUID, into: Mapping[UUID, UUID]) -> UUID:
    path: list[UUID] = []
    seen: set[UUID] = set()
    here = start
    while here in into and here not in seen:
        seen.add(here)
        path.append(here)
        here = into[here]
    if here not in seen:
        return here
    return min(path[path.index(here) :])
