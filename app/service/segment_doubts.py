"""What of a segment's conditions can be told to make no sense without looking at any member: what contradicts itself.

Only certain things are said. Where the conditions merely happen to fit nobody, the count says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from app.service.segment_values import (
    NUMBERS,
    RELATIVE_MONTHS,
    SINGLE,
    Condition,
    Field,
    Group,
    MemberSegment,
    Part,
)


def contradiction(segment: MemberSegment) -> Field | None:
    """The first field of which nobody can have what is asked; None where everything can be."""
    if not segment.is_any:
        return _impossible(one for part in segment.parts for one in _must_hold(part))
    found = [_impossible(_must_hold(part)) for part in segment.parts]
    return found[0] if all(found) else None


def _must_hold(part: Part) -> tuple[Condition, ...]:
    """Those of its conditions without which it cannot hold."""
    if not isinstance(part, Group):
        return (part,)
    return () if part.is_any or part.is_not else part.conditions


def _impossible(conditions: Iterable[Condition]) -> Field | None:
    asked: dict[tuple[Field, int], list[Condition]] = defaultdict(list)
    for one in conditions:
        asked[one.field, one.days].append(one)
    for (field, _), ones in asked.items():
        if (field in NUMBERS and _no_number(ones)) or (field in SINGLE and _no_word(ones)):
            return field
    return None


def _no_number(conditions: list[Condition]) -> bool:
    """Whether no whole number lies where all of them want it."""
    least, most = 0, None
    for one in conditions:
        if not one.is_not:
            least = max(least, one.least if one.least is not None else 0)
            most = one.most if most is None else min(most, one.most if one.most is not None else most)
    if most is None:
        return False
    if least > most:
        return True
    for one in sorted((one for one in conditions if one.is_not), key=lambda one: one.least or 0):
        if (one.least or 0) <= least and (one.most is None or one.most >= least):
            least = most + 1 if one.most is None else one.most + 1
    return least > most


def _no_word(conditions: list[Condition]) -> bool:
    """Whether no word is among all of those wanted and none of those that are not. A month named by today's date may be any."""
    if any(one.words & RELATIVE_MONTHS for one in conditions):
        return False
    wanted = [one.words for one in conditions if not one.is_not]
    if not wanted:
        return False
    left = frozenset.intersection(*wanted)
    for one in conditions:
        if one.is_not:
            left -= one.words
    return not left
