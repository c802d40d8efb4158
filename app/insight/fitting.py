"""Finds the parameters that explain the data best: BFGS over logarithms of positive parameters, with exact slopes.

No chance and no library: the same data give the same parameters on every machine, to the digits that its arithmetic has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.insight.columns import Floats, frozen

STEPS_MAX: Final = 300
HALVINGS_MAX: Final = 40
LOG_MAX: Final = 12.0  # parameters stay between e^-12 and e^12: beyond that the data do not tell them from nothing or infinity
_TIE: Final = (
    1e-4  # a very weak pull towards 1 keeps a parameter that the data say nothing about from running off
)
_DONE: Final = 1e-9
_NUDGE: Final = 1e-4

Likelihood = Callable[[Floats], tuple[float, Floats]]  # parameters -> log-likelihood and its slope in each


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The most likely parameters, and the covariance of their logarithms (from the curvature at the top)."""

    parameters: Floats
    log_likelihood: float
    covariance: Floats
    steps: int
    is_settled: bool


def fit(likelihood: Likelihood, count: int) -> Fit:
    """Start from 1 for every parameter."""
    point = np.zeros(count)
    value, slope = _cost(likelihood, point)
    inverse = np.eye(count) / max(1.0, float(np.abs(slope).max()))
    for step in range(STEPS_MAX):
        direction = -inverse @ slope
        if slope @ direction >= 0:
            inverse, direction = np.eye(count), -slope
        there = _line_search(likelihood, point, value, slope, direction)
        if there is None:
            return _finished(likelihood, point, step, is_settled=_is_flat(value, slope))
        new_point, new_value, new_slope = there
        moved, bent = new_point - point, new_slope - slope
        settled = value - new_value <= _DONE * (abs(value) + _DONE) and _is_flat(new_value, new_slope)
        point, value, slope = new_point, new_value, new_slope
        if settled:
            return _finished(likelihood, point, step + 1, is_settled=True)
        inverse = _updated(inverse, moved, bent)
    return _finished(likelihood, point, STEPS_MAX, is_settled=False)


def _cost(likelihood: Likelihood, point: Floats) -> tuple[float, Floats]:
    """What is made small: minus the log-likelihood, plus the weak pull, over logarithms."""
    parameters = np.exp(point)
    value, slope = likelihood(parameters)
    return -value + _TIE * float(point @ point), -slope * parameters + 2 * _TIE * point


def _line_search(
    likelihood: Likelihood, point: Floats, value: float, slope: Floats, direction: Floats
) -> tuple[Floats, float, Floats] | None:
    """Go a whole step, or a half, a quarter ... until the cost falls by what its slope promises (Armijo)."""
    longest = float(np.abs(direction).max())
    length = min(1.0, 2.0 / longest) if longest > 0 else 1.0
    for _ in range(HALVINGS_MAX):
        there = np.clip(point + length * direction, -LOG_MAX, LOG_MAX)
        new_value, new_slope = _cost(likelihood, there)
        if np.isfinite(new_value) and new_value < value + 1e-4 * float(slope @ (there - point)):
            return there, new_value, new_slope
        length /= 2
    return None


def _updated(inverse: Floats, moved: Floats, bent: Floats) -> Floats:
    """The BFGS update of the inverse curvature (Nocedal & Wright 2006, eq. 6.17)."""
    along = float(moved @ bent)
    if along <= 1e-12:
        return inverse
    turn = np.eye(len(moved)) - np.outer(moved, bent) / along
    result: Floats = turn @ inverse @ turn.T + np.outer(moved, moved) / along
    return result


def _is_flat(value: float, slope: Floats) -> bool:
    return float(np.abs(slope).max()) <= 1e-6 * max(1.0, abs(value))


def _finished(likelihood: Likelihood, point: Floats, steps: int, *, is_settled: bool) -> Fit:
    parameters = np.exp(point)
    return Fit(
        frozen(parameters),
        likelihood(parameters)[0],
        frozen(np.linalg.pinv(_curvature(likelihood, point))),
        steps,
        is_settled,
    )


def _curvature(likelihood: Likelihood, point: Floats) -> Floats:
    """Differences of exact slopes to both sides."""
    rows = []
    for place in range(len(point)):
        nudge = np.zeros(len(point))
        nudge[place] = _NUDGE
        ahead, behind = _cost(likelihood, point + nudge)[1], _cost(likelihood, point - nudge)[1]
        rows.append((ahead - behind) / (2 * _NUDGE))
    curvature = np.array(rows)
    result: Floats = (curvature + curvature.T) / 2
    return result
