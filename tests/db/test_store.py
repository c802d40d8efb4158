"""A till's file is made once, opened by its till, tidied when nobody waits, and closed with nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from app.service.ports import Catalogue, Desk, Journal, MemberDirectory, People, Store, UnitOfWork
from db.engine import connect
from db.store import CHECKPOINT_FROM_COMMITS, SqliteStore, open_store
from tests.db.tills import KEY, FakeClock, a_member_sale, count, new_store, reopened, rows, sell
from tests.sources import ROOT


def test_the_store_gives_what_the_services_ask_for(store: SqliteStore) -> None:
    """Read by the type checker as well."""
    port: Store = store
    catalogue: Catalogue = port.catalogue
    members: MemberDirectory = port.members
    journal: Journal = port.journal
    people: People = port.people
    desk: Desk = port.desk
    assert all((catalogue, members, journal, people, desk))
    with port.begin() as work:
        unit: UnitOfWork = work
        assert unit.next_receipt_number().counter == 1


def test_a_till_keeps_its_identity(store: SqliteStore, clock: FakeClock, ids: Uuid7Source) -> None:
    device = store.device_id
    again = reopened(store, clock, ids)
    assert again.device_id == device
    assert not again.is_training
    again.close()


def test_a_file_that_holds_something_is_never_made_again(
    store: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    sell(store)
    with pytest.raises(Unavailable, match="database_exists"):
        new_store(path, clock, ids)
    assert count(store, "fact") == 1


def test_a_file_that_was_begun_and_not_finished_is_made(
    path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    connect(path, KEY, create=True).close()
    new_store(path, clock, ids).close()


def test_an_interrupted_making_leaves_an_empty_file(
    path: Path, clock: FakeClock, ids: Uuid7Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("db.store.INSERT_LIFE", "INSERT INTO nowhere VALUES (?, ?, ?, ?, ?)")
        with pytest.raises(Exception, match="nowhere"):
            new_store(path, clock, ids)
    store = new_store(path, clock, ids)
    assert sell(store).header.counter == 1
    store.close()


def test_training_has_its_own_file_and_its_own_numbers(
    store: SqliteStore, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    training = new_store(tmp_path / "training.db", clock, ids, is_training=True)
    assert training.is_training
    assert sell(training).header.counter == sell(store).header.counter == 1
    assert training.device_id != store.device_id
    training.close()


def test_a_newer_file_is_left_alone(
    store: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    store.engines.writer.execute("PRAGMA user_version = 99")
    store.close()
    before = path.read_bytes()
    with pytest.raises(Unavailable) as caught:
        open_store(path, KEY, clock, ids)
    assert caught.value.code == "database_newer"
    assert not caught.value.can_retry
    assert path.read_bytes() == before


def test_a_closed_store_leaves_no_wal(store: SqliteStore, path: Path) -> None:
    sell(store)
    assert wal_bytes(path) > 0
    store.close()
    assert not path.with_name("till.db-wal").exists()


def test_the_wal_is_moved_when_nothing_waits(store: SqliteStore, path: Path) -> None:
    for _ in range(CHECKPOINT_FROM_COMMITS):
        sell(store, a_member_sale())
    grown = wal_bytes(path)
    store.idle()
    for _ in range(CHECKPOINT_FROM_COMMITS - 1):
        store.idle()
        sell(store, a_member_sale())
    assert wal_bytes(path) == grown, "the WAL starts again from its beginning"


def test_a_wal_that_grows_too_large_is_moved_even_when_nobody_is_idle(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.store.WAL_BYTES_MAX", 1)
    monkeypatch.setattr("db.store.MARK_EVERY_COMMITS", 5)
    for _ in range(5):
        sell(store)
    grown = wal_bytes(path)
    for _ in range(4):
        sell(store)
    assert wal_bytes(path) == grown


def test_the_wal_stays_while_somebody_reads_what_it_holds(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.store.CHECKPOINT_FROM_COMMITS", 1)
    sell(store)
    with store.engines.reading(snapshot=True) as cursor:
        cursor.execute("SELECT count(*) FROM fact").fetchone()
        sell(store)
        store.idle()
        assert cursor.execute("SELECT count(*) FROM fact").fetchone() == (1,)
    store.idle()
    assert count(store, "fact") == 2


def test_after_a_disk_error_nothing_is_written_before_the_file_is_read_back(
    store: SqliteStore, path: Path
) -> None:
    sold = sell(store)
    store._on_failure(Unavailable("disk_error", can_retry=False))
    with pytest.raises(Unavailable, match="disk_error") as caught:
        store.begin()
    assert not caught.value.can_retry
    journal = store.journal
    store.reopen()
    assert sell(store).header.counter == 2
    assert journal.get(sold.header.id) == sold, "who held a reader still holds one"


def test_the_counter_starts_without_sqlalchemy_and_alembic(
    store: SqliteStore, path: Path, clock: FakeClock
) -> None:
    sell(store)
    store.close()
    script = f"""
import sys
from pathlib import Path
from app.domain.ids import Uuid7Source
from db.store import open_store
from tests.db.tills import KEY, FakeClock, sell
clock = FakeClock()
store = open_store(Path({str(path)!r}), KEY, clock, Uuid7Source(clock.now_ms))
assert len(store.journal.newest()) == 1
store.idle()
store.close()
heavy = {{"sqlalchemy", "alembic", "keyring", "httpx", "PySide6", "PIL"}} & {{name.partition(".")[0] for name in sys.modules}}
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=os.environ.copy(), check=True)


def test_one_sale_is_one_fact_with_its_points_in_it(store: SqliteStore) -> None:
    sale = sell(store, a_member_sale())
    assert rows(store, "SELECT kind FROM fact ORDER BY seq") == [("sale",)]
    assert rows(store, "SELECT fact_id FROM ledger_entry") == [(sale.header.id.bytes,)]


def wal_bytes(path: Path) -> int:
    return path.with_name("till.db-wal").stat().st_size
