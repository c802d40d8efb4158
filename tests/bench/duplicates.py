"""``bench duplicates``: who is in the file twice, among 200,000 members of whom it is known.

The list is invented (tests/insight/people_generator): every fiftieth member has a second file, and thousands of relatives share a number.
The reference is what a spreadsheet does, in the same run: members whose number is written exactly alike. Memory is the most that the search
itself held at once, measured in a run of its own, because measuring slows it.
"""

from __future__ import annotations

import tracemalloc
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from app.insight.duplicates import Person, find_duplicates
from app.service.phonetics import syllable
from tests.bench.stopwatch import Stopwatch
from tests.insight.people_generator import Pair, generate

SEED: Final = 20_261_121
MEMBERS: Final = 196_000
DUPLICATES: Final = 4_000
HOUSEHOLDS: Final = 8_000
SMALL_SHOP: Final = 6_000
SMALL_SHOP_DUPLICATES: Final = 1_000
GOALS: Final = {"seconds": 60.0}


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    """``quick`` takes a twentieth of the members. Nothing is kept in ``data_dir``."""
    share = 20 if quick else 1
    town = generate(
        SEED, members=MEMBERS // share, duplicates=DUPLICATES // share, households=HOUSEHOLDS // share
    )
    watch = Stopwatch()
    watch.start()
    found = {frozenset((pair.first, pair.second)) for pair in find_duplicates(town.people, sound_of=syllable)}
    seconds, wall = watch.stop(), watch.elapsed
    watch.close()
    started = perf_counter()
    plain = _written_alike(town.people)
    plain_seconds = perf_counter() - started
    small = generate(SEED, members=SMALL_SHOP, duplicates=SMALL_SHOP_DUPLICATES)
    in_small = {frozenset((p.first, p.second)) for p in find_duplicates(small.people, sound_of=syllable)}
    figures: dict[str, Any] = {
        "seconds": round(seconds, 2),
        "wall_seconds": round(wall, 2),
        "memory_mb": round(_memory_mb(town.people), 1),
        "pairs": len(found),
        "precision": _precision(found, town.truth),
        "recall": _recall(found, town.truth),
        "small_shop_precision": _precision(in_small, small.truth),
        "small_shop_recall": _recall(in_small, small.truth),
        "plain_seconds": round(plain_seconds, 2),
        "plain_precision": _precision(plain, town.truth),
        "plain_recall": _recall(plain, town.truth),
    }
    return {
        "name": "duplicates",
        "figures": figures,
        "goals": GOALS,
        "met": all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "numbers written exactly alike, over the same list",
        "n": len(town.people),
    }


def _written_alike(people: Sequence[Person]) -> set[Pair]:
    by_number = defaultdict(list)
    for person in people:
        by_number[person.phone].append(person.id)
    return {frozenset(pair) for ids in by_number.values() for pair in combinations(ids, 2)}


def _memory_mb(people: Sequence[Person]) -> float:
    tracemalloc.start()
    find_duplicates(people, sound_of=syllable)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def _precision(found: Collection[Pair], truth: frozenset[Pair]) -> float:
    return round(len(truth.intersection(found)) / max(len(found), 1), 4)


def _recall(found: Collection[Pair], truth: frozenset[Pair]) -> float:
    return round(len(truth.intersection(found)) / len(truth), 4)
