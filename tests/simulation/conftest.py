"""One first morning for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.simulation.run import Universes, universes


@pytest.fixture(scope="session")
def universe() -> Iterator[Universes]:
    with universes() as made:
        yield made
