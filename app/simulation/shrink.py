"""From a long story that ends badly to a short one that does: delta debugging over the steps of a plan.

A step carries its own chance, so the steps that are left do what they did before, as far as what they stand on is still there. A shorter
story counts when it breaks the same promise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from app.simulation.plan import Plan, Step

TRIES_MAX: Final = 300

Breaks = Callable[[Plan], bool]


def shrink(plan: Plan, breaks: Breaks, *, tries_max: int = TRIES_MAX) -> Plan:
    """The plan with as few steps, and then as few kinds of fault, as still make ``breaks`` true."""
    tries = _Tries(breaks, tries_max)
    steps = _fewer(plan, tries)
    plan = replace(plan, steps=steps)
    for fault in [one for one, chance in plan.faults.items() if chance]:
        calmer = replace(plan, faults={**plan.faults, fault: 0})
        if tries.still_breaks(calmer):
            plan = calmer
    return plan


class _Tries:
    def __init__(self, breaks: Breaks, tries_max: int) -> None:
        self._breaks = breaks
        self._left = tries_max

    @property
    def is_over(self) -> bool:
        return self._left <= 0

    def still_breaks(self, plan: Plan) -> bool:
        if self.is_over:
            return False
        self._left -= 1
        return self._breaks(plan)


def _fewer(plan: Plan, tries: _Tries) -> tuple[Step, ...]:
    """Take out parts, halves first and then smaller ones, for as long as something can be taken out."""
    steps = plan.steps
    size = max(1, len(steps) // 2)
    while steps and not tries.is_over:
        start, has_shrunk = 0, False
        while start < len(steps):
            fewer = steps[:start] + steps[start + size :]
            if tries.still_breaks(replace(plan, steps=fewer)):
                steps, has_shrunk = fewer, True
            else:
                start += size
        if size == 1 and not has_shrunk:
            break
        size = max(1, size // 2)
    return steps
