"""Known mistakes of other tills and servers, planted one by one: each must be noticed, or our promises are worth less than they say.

    sale           numbers, clocks and money as a careless till writes them             mutants_till
    client         what a till believes of an answer, and when it forgets what it sold  mutants_client
    feed           what a till makes of what others tell it                             mutants_feed
    server         what a server does twice, in the wrong order, or for the wrong till  mutants_server

A mistake is a function that takes the place of a right one for as long as it is planted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from app.simulation.mutant import Mutant
from app.simulation.mutants_client import CLIENT
from app.simulation.mutants_feed import FEED
from app.simulation.mutants_server import SERVER
from app.simulation.mutants_till import TILL
from app.simulation.plan import make_plan
from app.simulation.run import Universes, here, pool, universes

SEEDS_MAX: Final = 30
EVENTS: Final = 160
MUTANTS: Final = (*TILL, *CLIENT, *FEED, *SERVER)

OF_ITS_OWN: Final = ("TypeError", "AttributeError", "NameError", "KeyError")
"""Errors of a mistake that was planted wrongly are not what is looked for."""

Progress = Callable[[int, int], None]
Caught = tuple[str, int, str]
"""Name, the seed that noticed it (0: none did), and the promise that was broken."""


def hunt(
    *,
    first: int = 1,
    only: str = "",
    jobs: int = 1,
    seeds_max: int = SEEDS_MAX,
    progress: Progress = lambda done, total: None,
) -> dict[str, Any]:
    """The object of ``simulate --mutants``. A run without any mistake comes before: what it breaks is no mutant's."""
    wanted = [one for one in MUTANTS if only in ("", one.name)]
    caught: dict[str, dict[str, Any]] = {}
    missed: dict[str, int] = {}
    for number, (name, seed, broken) in enumerate(_hunted(wanted, first, seeds_max, jobs), 1):
        if seed:
            caught[name] = {"seed": seed, "broken": broken}
        else:
            missed[name] = seeds_max
        progress(number, len(wanted))
    order = [one.name for one in MUTANTS]
    return {
        "name": "simulate_mutants",
        "mutants": len(wanted),
        "caught": {name: caught[name] for name in order if name in caught},
        "missed": {name: missed[name] for name in order if name in missed},
        "events": EVENTS,
        "seeds_max": seeds_max,
        "met": bool(wanted) and not missed,
    }


def hunt_one(
    universe: Universes, mutant: Mutant, first: int, seeds_max: int, *, events: int = EVENTS
) -> Caught:
    """The first seed that goes well without the mistake and badly with it."""
    for seed in range(first, first + seeds_max):
        plan = make_plan(seed, events, mutant.wanted)
        with mutant.plant():
            ending = universe.live(plan)
        if ending.is_good or not universe.live(plan).is_good:
            continue
        assert ending.broken is not None
        said = str(ending.broken.fields.get("error", ""))
        assert not said.startswith(OF_ITS_OWN), f"{mutant.name} itself does not work: {said}"
        return mutant.name, seed, f"{ending.broken.invariant} {ending.broken.code}".strip()
    return mutant.name, 0, ""


def _hunted(wanted: list[Mutant], first: int, seeds_max: int, jobs: int) -> Iterator[Caught]:
    if jobs == 1:
        with universes() as universe:
            for mutant in wanted:
                yield hunt_one(universe, mutant, first, seeds_max)
        return
    with pool(jobs) as processes:
        yield from processes.imap_unordered(_in_process, [(one.name, first, seeds_max) for one in wanted])


def _in_process(work: tuple[str, int, int]) -> Caught:
    name, first, seeds_max = work
    mutant = next(one for one in MUTANTS if one.name == name)
    return hunt_one(here(), mutant, first, seeds_max)
