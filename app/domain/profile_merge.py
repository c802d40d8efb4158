"""Who a file belongs to when files were merged: chains and even circles of merges end in one member.

Each file says at most once whose file it was put into, and the newest word counts. From these words alone the survivor follows, so that two
tills that merged the same people in different ways agree as soon as they know of each other. One number is one member as well: of several
files under a number the one that was enrolled first is the canonical one, unless people said otherwise by a merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Claim:
    """What decides who a file is one with. ``phone`` is its number or a keyed hash of it, None without one.

    ``into``: whose file it was put into. ``is_said``: people said so by a merge, or said by taking it out that it stands alone; its number
    decides nothing then.
    """

    phone: str | bytes | None = None
    enrolled_hlc: int | None = None
    into: UUID | None = None
    is_said: bool = False


def families(claims: Mapping[UUID, Claim]) -> dict[UUID, UUID]:
    """The canonical file of each. ``claims`` are whole families: everyone tied to one of them by a number or by a merge."""
    into = {own: claim.into for own, claim in claims.items() if claim.into is not None}
    by_phone: dict[str | bytes, list[tuple[int, UUID]]] = {}
    for own, claim in claims.items():
        if claim.phone and claim.enrolled_hlc is not None and not claim.is_said:
            by_phone.setdefault(claim.phone, []).append((claim.enrolled_hlc, own))
    for same in by_phone.values():
        _, first = min(same)
        into.update((own, first) for _, own in same if own != first)
    found = survivors(into)
    return {own: found.get(own, own) for own in claims}


def holder(claims: Iterable[tuple[UUID, Claim]]) -> UUID | None:
    """Of the files under one number, the one found by it: the first enrolled, among those of whom people said nothing if any."""
    known = [
        (claim.is_said or claim.enrolled_hlc is None, claim.enrolled_hlc or 0, own) for own, claim in claims
    ]
    return min(known)[2] if known else None


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
