"""One figure of the benchmark, the bar it has to reach, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from app.insight.values import Estimate, TooLittle

Number: TypeAlias = "float | np.floating[Any]"


@dataclass(frozen=True, slots=True)
class Figure:
    """Between ``low`` and ``high``, where they are given; without either it stands there to be compared with."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def is_met(self) -> bool:
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)

    @property
    def goal(self) -> str | None:
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"≥ {self.low:g}"
        return None if self.high is None else f"≤ {self.high:g}"


def at_least(name: str, value: Number, bar: float) -> Figure:
    return Figure(name, float(value), low=bar)


def at_most(name: str, value: Number, bar: float) -> Figure:
    return Figure(name, float(value), high=bar)


def beside(name: str, value: Number) -> Figure:
    """A figure of what ours is compared with."""
    return Figure(name, float(value))


def known(answer: Estimate | TooLittle) -> float:
    assert isinstance(answer, Estimate), answer
    return answer.value
