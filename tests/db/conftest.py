"""A real encrypted file per test, a clock that only the test moves, and ids that are the same every time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.ids import Uuid7Source
from db.store import SqliteStore
from tests.db.busy_day import a_busy_day
from tests.db.tills import FakeClock, counted_bits, new_store, open_shift, sell


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


@pytest.fixture(scope="session")
def closed_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a till after a busy day, closed."""
    folder = tmp_path_factory.mktemp("day")
    a_busy_day(folder).store.close()
    return folder


@pytest.fixture
def day(closed_day: Path, tmp_path: Path) -> Path:
    """A copy of it with its mark, to be damaged."""
    for name in ("till.db", "till.db.mark"):
        shutil.copyfile(closed_day / name, tmp_path / name)
    return tmp_path / "till.db"


@pytest.fixture
def shift(store: SqliteStore) -> SqliteStore:
    """A till with an open shift."""
    open_shift(store)
    return store


@pytest.fixture
def sold(shift: SqliteStore) -> SqliteStore:
    for _ in range(5):
        sell(shift)
    return shift
