"""Member files that are probably one person: found, scored, and each with its reasons. Nothing is ever merged here.

Relatives at one number are not duplicates. A suggestion is shown to a person, who decides; so a doubtful pair is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from typing import Final

from app.domain.errors import Cancelled
from app.domain.ids import MemberId
from app.insight.duplicates_blocks import candidate_pairs
from app.insight.duplicates_keys import SoundOf, name_key
from app.insight.duplicates_values import DuplicatePair, Person, Reason
from app.insight.duplicates_weights import FileKeys, Weights, file_keys

__all__ = ["DuplicatePair", "Person", "Reason", "find_duplicates", "groups"]

# log2 of the odds from which on a pair is suggested: seven to one.
SCORE_MIN: Final = 2.8
STEPS: Final = 1_000
_TOLD_EVERY: Final = 2_000

Progress = Callable[[int, int], None]


def find_duplicates(
    people: Sequence[Person],
    *,
    sound_of: SoundOf,
    on_progress: Progress = lambda done, total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[DuplicatePair, ...]:
    """Every pair worth asking about, the surest first.

    ``sound_of`` gives the toneless pinyin of one character. ``on_progress(done, total)`` is told every now and then. Raises Cancelled.
    """

    def tell(share: float) -> None:
        if is_cancelled():
            raise Cancelled
        on_progress(int(share * STEPS), STEPS)

    people = sorted(people, key=lambda person: person.id)
    name_of = cache(partial(name_key, sound_of=sound_of))  # names repeat
    files = []
    for number, person in enumerate(people):
        if number % _TOLD_EVERY == 0:
            tell(0.3 * number / len(people))
        files.append(file_keys(person, name_of))
    candidates = candidate_pairs(files, lambda share: tell(0.3 + 0.2 * share)).tolist()
    weights = Weights(files)
    found = []
    for number, (one, other) in enumerate(candidates):
        if number % _TOLD_EVERY == 0:
            tell(0.5 + 0.5 * number / len(candidates))
        score, reasons = weights.score(files[one], files[other])
        if score >= SCORE_MIN:
            found.append((-score, one, other, reasons))
    tell(1.0)
    return tuple(
        _pair(people[one], people[other], -negative, reasons)
        for negative, one, other, reasons in _consistent(sorted(found), files, weights)
    )


_Found = tuple[float, int, int, tuple[Reason, ...]]


def _consistent(found: Iterable[_Found], files: Sequence[FileKeys], weights: Weights) -> Iterator[_Found]:
    """Without the pairs that would make two people of different names one: a file belongs to whom it fits best.

    A slip of the number that a couple shares is near both their files; only the better of the two pairs stays.
    """
    cluster_of: dict[int, list[int]] = {}
    for pair in found:
        _, one, other, _ = pair
        ours, theirs = cluster_of.get(one, [one]), cluster_of.get(other, [other])
        if ours is not theirs:
            if any(weights.are_two(files[a], files[b]) for a in ours for b in theirs):
                continue
            joined = ours + theirs
            cluster_of.update(dict.fromkeys(joined, joined))
        yield pair


def groups(pairs: Iterable[DuplicatePair]) -> tuple[tuple[MemberId, ...], ...]:
    """The files that hang together through any pairs, each group in order of id."""
    of: dict[MemberId, set[MemberId]] = {}
    for pair in pairs:
        joined = of.get(pair.first, {pair.first}) | of.get(pair.second, {pair.second})
        of.update(dict.fromkeys(joined, joined))
    distinct = {id(group): tuple(sorted(group)) for group in of.values()}
    return tuple(sorted(distinct.values()))


def _pair(one: Person, other: Person, score: float, reasons: tuple[Reason, ...]) -> DuplicatePair:
    first, second = sorted((one, other), key=lambda person: (person.joined_on or date.max, person.id))
    return DuplicatePair(first.id, second.id, score, reasons)
