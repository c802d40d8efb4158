"""Many universes: one process for each core, each with its own copy of the first morning; and what is reported of them all.

One seed in a hundred is lived twice: the same seed must leave the same trace.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, Final

from app.simulation import template
from app.simulation.plan import Plan, make_plan
from app.simulation.shrink import shrink
from app.simulation.story import story
from app.simulation.violation import Violation
from app.simulation.world import Ending, World

MEMORY: Final = Path("/dev/shm")
MEMORY_BYTES_MIN: Final = 1 << 30
PREFIX: Final = "regulars-simulate-"
TWICE_EVERY: Final = 100

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What one seed came to. ``is_same`` False: it was lived twice and went differently."""

    ending: Ending
    is_same: bool = True
    was_twice: bool = False


class Universes:
    """Makes one universe after the other in this process. ``folder`` is empty and stays until the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        made = folder / "template"
        made.mkdir()
        self._made = template.make(made)
        self._count = 0

    def live(self, plan: Plan) -> Ending:
        self._count += 1
        folder = self._folder / f"universe-{self._count}"
        folder.mkdir()
        try:
            return World(plan, folder, self._made).run()
        finally:
            shutil.rmtree(folder)

    def result(self, seed: int, events: int) -> Result:
        plan = make_plan(seed, events)
        ending = self.live(plan)
        if seed % TWICE_EVERY:
            return Result(ending)
        return Result(ending, self.live(plan).trace == ending.trace, was_twice=True)

    def shortened(self, plan: Plan, *, tries_max: int) -> Plan:
        """The same broken promise in as few steps as can be found."""
        code = _broken(self.live(plan))
        assert code is not None, "a story that ends well is not shortened"
        return shrink(plan, lambda shorter: _broken(self.live(shorter)) == code, tries_max=tries_max)


@contextmanager
def universes() -> Iterator[Universes]:
    """In memory where there is room, and nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=_memory()) as folder:
        yield Universes(Path(folder))


def short_story(universe: Universes, seed: int, events: int, *, tries_max: int) -> Iterator[str]:
    """What this seed breaks, in as few sentences as can be found."""
    plan = universe.shortened(make_plan(seed, events), tries_max=tries_max)
    yield from story(universe.live(plan), plan.faults, events=events)


def simulate(
    seeds: range, events: int, *, jobs: int = 1, progress: Progress = lambda done, total: None
) -> dict[str, Any]:
    """The object of ``simulate``; ``broken`` holds the endings that went wrong, a few of them shortened."""
    started = time.monotonic()
    results: list[Result] = []
    for result in _all_results(seeds, events, jobs):
        results.append(result)
        progress(len(results), len(seeds))
    seconds = time.monotonic() - started
    return _report(results, events, seconds)


def _all_results(seeds: range, events: int, jobs: int) -> Iterator[Result]:
    if jobs == 1:
        with universes() as here:
            for seed in seeds:
                yield here.result(seed, events)
        return
    with pool(jobs) as processes:
        yield from processes.imap_unordered(_in_process, [(seed, events) for seed in seeds])


_universes: list[Universes] = []


def be_quiet() -> None:
    """What tills and servers log of their misfortunes is no news here."""
    logging.getLogger("regulars").setLevel(logging.CRITICAL)


def begin_process(folder: str) -> None:
    """What a process of a pool does first. ``folder`` is shared, and its owner removes it."""
    be_quiet()
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    _universes.append(Universes(own))


@contextmanager
def pool(jobs: int) -> Iterator[Pool]:
    """Processes that have their universes; nothing of them stays."""
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, dir=_memory()) as folder,
        multiprocessing.get_context("spawn").Pool(jobs, begin_process, (folder,)) as made,
    ):
        yield made


def here() -> Universes:
    """Those of this process."""
    return _universes[0]


def _in_process(work: tuple[int, int]) -> Result:
    return here().result(*work)


def _broken(ending: Ending) -> tuple[str, str] | None:
    """Which promise; of an unexpected error, its kind."""
    broken = ending.broken
    if broken is None:
        return None
    return broken.invariant, str(broken.fields.get("error", broken.code)).partition(":")[0]


def _memory() -> Path | None:
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return MEMORY if free >= MEMORY_BYTES_MIN else None


def _report(results: list[Result], events: int, seconds: float) -> dict[str, Any]:
    endings = [result.ending for result in results]
    bad = sorted((one for one in endings if not one.is_good), key=lambda one: one.seed)
    other = sorted(result.ending.seed for result in results if not result.is_same)
    done: Counter[str] = Counter()
    for one in endings:
        done.update(one.done)
    lived = sum(one.events for one in endings)
    return {
        "name": "simulate",
        "seeds": len(endings),
        "events": lived,
        "facts": sum(one.facts for one in endings),
        "requests": sum(one.requests for one in endings),
        "drain_rounds_max": max((one.rounds for one in endings), default=0),
        "broken": {str(one.seed): _said(one.broken) for one in bad},
        "with_orphans": sum(one.orphans > 0 for one in endings),
        "lived_twice": sum(result.was_twice for result in results),
        "other_trace": other,
        "deeds": dict(sorted(done.items())),
        "seconds": round(seconds, 1),
        "events_per_second": round(lived / seconds, 1) if seconds else 0,
        "met": bool(endings) and not bad and not other,
    }


def _said(broken: Violation | None) -> str:
    assert broken is not None
    return f"{broken.invariant} {broken.code} {broken.fields}"
