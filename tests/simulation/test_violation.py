"""What was broken is told whole, from one process to another as well."""

from __future__ import annotations

import pickle

from app.simulation.violation import Violation


def test_a_violation_crosses_from_process_to_process() -> None:
    told = pickle.loads(pickle.dumps(Violation("I4", "balance", member="a", here=1, there=2)))
    assert isinstance(told, Violation)
    assert (told.invariant, told.code, told.fields) == (
        "I4",
        "balance",
        {"member": "a", "here": 1, "there": 2},
    )
