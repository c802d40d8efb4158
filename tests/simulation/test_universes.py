"""A slice of what ``simulate`` does at length: universes end well, the same way each time, and not when a mistake is planted."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.i18n import t
from app.simulation.mutants import MUTANTS, hunt_one
from app.simulation.plan import Deed, Fault, make_plan
from app.simulation.run import Universes
from app.simulation.story import story
from tests.sources import ROOT

pytestmark = pytest.mark.logs_warnings  # tills find out that they have a twin, servers that a fact is damaged
EVENTS = 70
TRACE = f"""
from app.simulation.plan import make_plan
from app.simulation.run import universes
with universes() as universe:
    print(universe.live(make_plan(3, {EVENTS})).trace)
"""


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_every_promise_holds_whatever_goes_wrong(universe: Universes, seed: int) -> None:
    ending = universe.live(make_plan(seed, EVENTS))
    assert ending.is_good, (ending.broken, ending.error)
    assert ending.events == EVENTS


def test_disks_that_were_copied_and_servers_that_forgot_lose_nothing(universe: Universes) -> None:
    wanted = (Deed.CLONE, Deed.RESTORE, Deed.SERVER_RESTORE, Deed.CRASH_SYNCING, Fault.ANSWER_LOST)
    ending = universe.live(make_plan(5, 2 * EVENTS, wanted))
    assert ending.is_good, (ending.broken, ending.error)
    assert {"clone", "restore", "server_restore", "crash_syncing"} <= ending.done.keys()


def test_the_same_seed_leaves_the_same_trace_in_another_process(universe: Universes) -> None:
    """Whatever order sets have there."""
    run = subprocess.run(
        [sys.executable, "-c", TRACE],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )
    assert run.stdout.strip() == universe.live(make_plan(3, EVENTS)).trace


def test_a_mutant_is_planted_for_as_long_as_it_is_and_no_longer() -> None:
    names = [mutant.name for mutant in MUTANTS]
    assert len(names) == len(set(names)) >= 20
    for mutant in MUTANTS:
        right = mutant.owner.__dict__[mutant.attribute]
        with mutant.plant():
            assert mutant.owner.__dict__[mutant.attribute] is not right
        assert mutant.owner.__dict__[mutant.attribute] is right


@pytest.mark.parametrize("name", ["accepts_any_200", "refund_keeps_points"])
def test_a_planted_mistake_is_noticed(universe: Universes, name: str) -> None:
    mutant = next(one for one in MUTANTS if one.name == name)
    _, seed, broken = hunt_one(universe, mutant, 1, 6, events=EVENTS)
    assert seed, "no seed noticed it"
    assert broken.split()[0] in ("I4", "I22")


def test_a_story_that_ends_badly_is_told_in_the_few_steps_that_matter(universe: Universes) -> None:
    mutant = next(one for one in MUTANTS if one.name == "hlc_from_wall_clock")
    plan = make_plan(1, EVENTS, mutant.wanted)
    with mutant.plant():
        shorter = universe.shortened(plan, tries_max=30)
        ending = universe.live(shorter)
        told = list(story(ending, shorter.faults, events=EVENTS))
    assert len(shorter.steps) < len(plan.steps) // 4
    assert ending.broken is not None
    assert ending.broken.invariant == "I20"
    assert told[0] == t("simulate.story", seed=1, steps=len(shorter.steps))
    assert told[-1] == t("simulate.again", seed=1, events=EVENTS)
    assert t("simulate.broken.clock_back", None, **ending.broken.fields) in told[-2]
