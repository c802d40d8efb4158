"""The maths below the models: gamma functions to the last digits, and a search that finds the top."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.columns import Floats
from app.insight.fitting import fit
from app.insight.gamma_functions import digamma, log_gamma

EULER = 0.57721566490153286


@given(st.floats(1e-6, 1e9))
def test_log_gamma_is_that_of_the_standard_library(x: float) -> None:
    assert log_gamma([x])[0] == pytest.approx(lgamma(x), rel=1e-12, abs=1e-12)


@given(st.floats(1e-3, 1e6))
def test_digamma_climbs_by_one_over_x(x: float) -> None:
    low, high = digamma([x, x + 1])
    assert high - low == pytest.approx(1 / x, rel=1e-8, abs=1e-12)


def test_digamma_at_known_points() -> None:
    assert digamma([1.0, 0.5, 2.0]).tolist() == pytest.approx(
        [-EULER, -EULER - 2 * log(2), 1 - EULER], abs=1e-13
    )


def test_the_fit_finds_the_parameters_of_a_gamma_sample() -> None:
    data = np.random.default_rng(7).gamma(2.5, 40.0, 4_000)
    n, total, logs = len(data), float(data.sum()), float(np.log(data).sum())

    def likelihood(parameters: Floats) -> tuple[float, Floats]:
        shape, scale = (float(value) for value in parameters)
        value = (shape - 1) * logs - total / scale - n * (lgamma(shape) + shape * log(scale))
        slope = np.array(
            [logs - n * (digamma([shape])[0] + log(scale)), total / scale**2 - n * shape / scale]
        )
        return value, slope

    found = fit(likelihood, 2)
    assert found.is_settled
    assert found.parameters == pytest.approx([2.5, 40.0], rel=0.06)
    assert likelihood(found.parameters)[1] * found.parameters == pytest.approx([0, 0], abs=0.5)
    error = sqrt(found.covariance[0, 0])
    assert 0 < error < 0.05, "the curvature at the top is the uncertainty of the logarithms"
    assert abs(log(2.5) - log(found.parameters[0])) < 4 * error


def test_a_parameter_that_the_data_say_nothing_about_stays_where_it_was() -> None:
    def likelihood(parameters: Floats) -> tuple[float, Floats]:
        return -((log(parameters[0]) - 1) ** 2), np.array(
            [-2 * (log(parameters[0]) - 1) / parameters[0], 0.0]
        )

    found = fit(likelihood, 2)
    assert found.parameters == pytest.approx([exp(1), 1.0], rel=1e-3)
