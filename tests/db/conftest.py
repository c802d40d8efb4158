"""A real encrypted file per test, a clock that only the test moves, and ids that are the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.ids import Uuid7Source
from db.store import SqliteStore
from tests.db.tills import FakeClock, counted_bits, new_store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ids(clock: FakeClock) -> Uuid7Source:
    return Uuid7Source(clock.now_ms, counted_bits())


@pytest.fixture(autouse=True)
def _light_ballast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.ballast.BALLAST_BYTES", 64 * 1024)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def store(path: Path, clock: FakeClock, ids: Uuid7Source) -> Iterator[SqliteStore]:
    store = new_store(path, clock, ids)
    yield store
    store.close()
