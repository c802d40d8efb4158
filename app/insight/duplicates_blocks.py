"""Which pairs of files are worth comparing: those that share a key, or whose numbers are one slip of a finger apart.

Comparing all pairs of 200,000 members would be twenty thousand million; here it is a few hundred thousand. Numbers are compared as
columns: with one place masked, two that differ in this place alone lie side by side after sorting.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.insight.duplicates_weights import SHARED_MAX, FileKeys

# So many of one name are compared with each other whatever else is in their files; of commoner names something else must agree.
RARE_NAME_MAX: Final = 6
_EXACT_MAX: Final = 60
_DIGITS_MAX: Final = 11

Pairs = NDArray[np.int64]
Tick = Callable[[float], None]
"""Called with how much is done, between 0 and 1. Raises Cancelled to stop."""


def candidate_pairs(files: Sequence[FileKeys], tick: Tick) -> Pairs:
    """Rows (place of one file, place of the other), the smaller first, each once, in rising order."""
    found = [_near_numbers(files, tick)]
    keyings = tuple(_KEYINGS)
    for number, (keys_of, group_max) in enumerate(keyings):
        found.append(_sharing(files, keys_of, group_max))
        tick(0.5 + 0.5 * (number + 1) / len(keyings))
    pairs = np.concatenate(found)
    if not len(pairs):
        return pairs
    return np.asarray(np.unique(np.sort(pairs, axis=1), axis=0), dtype=np.int64)


def _phone(file: FileKeys) -> Iterator[object]:
    if file.phone.text:
        yield file.phone.text


def _contacts(file: FileKeys) -> Iterator[object]:
    for kind, text in enumerate((file.email, file.line_id, file.carrier, file.code)):
        if text:
            yield kind, text
    local = file.email.partition("@")[0]
    if len(local) >= 5:
        yield "local", local


def _names_with_days(file: FileKeys) -> Iterator[object]:
    if file.birthday is None or not file.name.plain:
        return
    day = (file.birthday.is_lunar, file.birthday.month, file.birthday.day)
    yield day, file.name.close_sound or file.name.plain
    if file.name.given:
        yield day, "given", file.name.given[-2:]  # also the end of 林陳怡君, who was 陳怡君
        yield day, "surname", file.name.surname, file.birthday.year


def _halves_of_numbers(file: FileKeys) -> Iterator[object]:
    """Two wrong digits leave one half of the number whole."""
    name, digits = file.name.close_sound or file.name.plain, file.phone.digits
    if len(digits) < 8:
        return
    for known in (name, file.birthday):
        if known:
            yield known, "end", digits[-4:]
            yield known, "start", digits[:-4]


def _rare_names(file: FileKeys) -> Iterator[object]:
    if file.name.is_full:
        yield file.name.close_sound
    elif file.name.words:
        yield file.name.plain


_KEYINGS: Final[tuple[tuple[Callable[[FileKeys], Iterator[object]], int], ...]] = (
    (_phone, SHARED_MAX),
    (_contacts, SHARED_MAX),
    (_names_with_days, _EXACT_MAX),
    (_halves_of_numbers, _EXACT_MAX),
    (_rare_names, RARE_NAME_MAX),
)


def _sharing(
    files: Sequence[FileKeys], keys_of: Callable[[FileKeys], Iterator[object]], group_max: int
) -> Pairs:
    """All pairs within each group of files with one key; a group beyond ``group_max`` says nothing.

    Of a key only its hash is kept: two keys of one hash would bring a pair too many, which is then compared like any other.
    """
    hashes, places = array("q"), array("q")
    for place, file in enumerate(files):
        for key in keys_of(file):
            hashes.append(hash(key))
            places.append(place)
    keys = np.array(hashes, dtype=np.int64)
    _, group_of, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    fits = sizes[group_of] <= group_max
    return _equal(keys[fits], np.array(places, dtype=np.int64)[fits], group_max)


def _near_numbers(files: Sequence[FileKeys], tick: Tick) -> Pairs:
    """Files whose numbers of equal length differ in one place, or in two neighbouring places swapped."""
    found: list[Pairs] = [_rows([])]
    lengths: defaultdict[int, list[int]] = defaultdict(list)
    for place, file in enumerate(files):
        if 8 <= len(file.phone.digits) <= _DIGITS_MAX:
            lengths[len(file.phone.digits)].append(place)
    for number, (length, places) in enumerate(sorted(lengths.items())):
        digits = np.array([int(files[place].phone.digits) for place in places], dtype=np.int64)
        found += _near(digits, np.array(places, dtype=np.int64), length)
        tick(0.5 * (number + 1) / len(lengths))
    return np.concatenate(found)


def _near(numbers: NDArray[np.int64], places: NDArray[np.int64], length: int) -> Iterator[Pairs]:
    for power in range(length):
        unit = 10**power
        digit = numbers // unit % 10
        yield _equal(numbers - digit * unit, places)
        if power + 1 < length:
            next_digit = numbers // (unit * 10) % 10
            both = np.minimum(digit, next_digit) * 10 + np.maximum(digit, next_digit)
            yield _equal(numbers - (digit + next_digit * 10) * unit + both * unit, places)


def _equal(keys: NDArray[np.int64], places: NDArray[np.int64], group_max: int = SHARED_MAX) -> Pairs:
    """Pairs of places whose keys are equal, from the few neighbours that sorting brings together."""
    order = np.argsort(keys, kind="stable")
    keys, places = keys[order], places[order]
    found: list[NDArray[Any]] = [_rows([])]
    for step in range(1, group_max):
        equal = keys[step:] == keys[:-step]
        if not equal.any():
            break
        found.append(np.stack((places[:-step][equal], places[step:][equal]), axis=1))
    return np.concatenate(found)


def _rows(pairs: Sequence[tuple[int, int]]) -> Pairs:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
