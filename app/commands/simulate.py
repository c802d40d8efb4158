"""``simulate``: universes of tills and a server in which everything goes wrong that can; ``--mutants``: with known mistakes planted.

Exit code 1 when a promise was broken, or when a planted mistake was not noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any, Final

SEEDS: Final = 100
EVENTS: Final = 300
SEEDS_MAX: Final = 1_000_000
EVENTS_MAX: Final = 100_000
STORIES_MAX: Final = 3
TRIES_MAX: Final = 250


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seeds", type=_count(SEEDS_MAX), default=SEEDS, help="how many universes")
    parser.add_argument("--events", type=_count(EVENTS_MAX), default=EVENTS, help="how much happens in each")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="the first seed")
    parser.add_argument(
        "--jobs",
        type=_count(256),
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes (one for each core)",
    )
    parser.add_argument(
        "--mutants", action="store_true", help="plant known mistakes, one by one, and see each caught"
    )
    parser.add_argument("--only", metavar="NAME", default="", help="one mutant alone")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    from app.config import load
    from app.i18n import set_language
    from app.simulation.run import be_quiet

    set_language(load(arguments.data).language)
    be_quiet()
    result = _mutants(arguments) if arguments.mutants else _simulate(arguments)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
    return 0 if result["met"] else 1


def _simulate(arguments: argparse.Namespace) -> dict[str, Any]:
    from app.i18n import t
    from app.simulation.run import simulate

    seeds = range(arguments.first, arguments.first + arguments.seeds)
    result = simulate(seeds, arguments.events, jobs=arguments.jobs, progress=_progress)
    for name in ("events", "facts", "requests", "seconds", "events_per_second"):
        print(f"  {name:<20} {result[name]}")
    for seed in result["other_trace"]:
        print(t("simulate.other_trace", seed=seed))
    if result["broken"]:
        print(t("simulate.bad", seeds=result["seeds"], count=len(result["broken"])))
        result["stories"] = _tell([int(seed) for seed in result["broken"]], arguments.events)
    elif result["met"]:
        print(t("simulate.good", seeds=result["seeds"], events=result["events"]))
    return result


def _tell(seeds: list[int], events: int) -> dict[str, list[str]]:
    """The first few of these universes, shortened."""
    from app.simulation.run import short_story, universes

    stories = {}
    with universes() as here:
        for seed in seeds[:STORIES_MAX]:
            stories[str(seed)] = list(short_story(here, seed, events, tries_max=TRIES_MAX))
            for line in stories[str(seed)]:
                print(line)
    return stories


def _mutants(arguments: argparse.Namespace) -> dict[str, Any]:
    from app.i18n import t
    from app.simulation.mutants import hunt

    result = hunt(first=arguments.first, only=arguments.only, jobs=arguments.jobs, progress=_progress)
    for name, caught in result["caught"].items():
        print(t("simulate.mutant_caught", name=name, seed=caught["seed"], invariant=caught["broken"]))
    for name, seeds in result["missed"].items():
        print(t("simulate.mutant_missed", name=name, seeds=seeds))
    return result


def _count(most: int) -> Any:
    def read(text: str) -> int:
        count = int(text)
        if not 0 < count <= most:
            raise argparse.ArgumentTypeError(f"1 to {most}")
        return count

    return read


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} / {total}", end="", file=sys.stderr, flush=True)
