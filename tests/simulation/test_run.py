"""Many seeds in several processes, and what is reported of them."""

from __future__ import annotations

import pickle

from app.simulation.run import simulate
from app.simulation.violation import Violation


def test_a_broken_promise_crosses_processes_with_all_that_it_says() -> None:
    broken = pickle.loads(pickle.dumps(Violation("I4", "balance_differs", till="1", here=3)))
    assert (broken.invariant, broken.code, broken.fields) == (
        "I4",
        "balance_differs",
        {"till": "1", "here": 3},
    )


def test_several_processes_share_the_seeds() -> None:
    told: list[tuple[int, int]] = []
    result = simulate(range(1, 4), 12, jobs=2, progress=lambda done, total: told.append((done, total)))
    assert result["met"] is True
    assert (result["seeds"], result["events"]) == (3, 36)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_seed_in_a_hundred_is_lived_twice() -> None:
    result = simulate(range(100, 102), 12)
    assert result["lived_twice"] == 1
    assert result["other_trace"] == []
