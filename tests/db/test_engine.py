"""The file is opened by its own till, or by nobody; whatever is wrong with it has a name."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
import threading
from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from db.engine import PAGE_BYTES, READERS_MAX, Error, connect, open_engines
from db.store import SqliteStore, open_store
from tests.db.tills import KEY, OTHER_KEY, FakeClock, a_member_sale, count, sell

pytestmark = pytest.mark.logs_warnings


def refusal(path: Path, clock: FakeClock, ids: Uuid7Source, key: bytes = KEY) -> str:
    """The code with which the file is refused."""
    with pytest.raises(Unavailable) as caught:
        open_store(path, key, clock, ids)
    assert not caught.value.can_retry
    return caught.value.code


@pytest.fixture
def closed(store: SqliteStore, path: Path) -> Path:
    """A till's file with sales in it, closed."""
    for _ in range(20):
        sell(store, a_member_sale())
    store.close()
    return path


def test_a_wrong_key_opens_nothing(
    closed: Path, clock: FakeClock, ids: Uuid7Source, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refusal(closed, clock, ids, OTHER_KEY) == "database_foreign"
    assert capfd.readouterr().err == "", "the library keeps quiet"
    open_store(closed, KEY, clock, ids).close()


def test_a_plain_database_is_foreign(path: Path, clock: FakeClock, ids: Uuid7Source) -> None:
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE fact (seq)")
    plain.commit()
    plain.close()
    assert refusal(path, clock, ids) == "database_foreign"


def test_somebody_elses_encrypted_database_is_foreign(path: Path, clock: FakeClock, ids: Uuid7Source) -> None:
    other = connect(path, KEY, create=True)
    other.execute("CREATE TABLE fact (seq)")
    other.close()
    assert refusal(path, clock, ids) == "database_foreign"


def test_a_missing_or_empty_file_is_missing(path: Path, clock: FakeClock, ids: Uuid7Source) -> None:
    assert refusal(path, clock, ids) == "database_missing"
    assert not path.exists(), "looking makes no file"
    path.touch()
    assert refusal(path, clock, ids) == "database_missing"


@pytest.mark.parametrize("pages", [1, 5, 20])
def test_a_file_that_lost_its_end_is_corrupt(
    closed: Path, clock: FakeClock, ids: Uuid7Source, pages: int
) -> None:
    data = closed.read_bytes()
    assert len(data) > 30 * PAGE_BYTES
    for cut in (pages * PAGE_BYTES, pages * PAGE_BYTES + 100):
        closed.write_bytes(data[:cut])
        assert refusal(closed, clock, ids) == "database_corrupt"


def test_one_changed_bit_in_the_newest_facts_is_found_at_opening(
    closed: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    engines = open_engines(closed, KEY)
    with engines.reading() as cursor:
        (root,) = cursor.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'fact'").fetchone()
    engines.close()
    data = bytearray(closed.read_bytes())
    data[(root - 1) * PAGE_BYTES + 1_000] ^= 1
    closed.write_bytes(data)
    assert refusal(closed, clock, ids) == "database_corrupt"


def test_facts_rewritten_past_the_triggers_are_found_at_opening(
    closed: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """Somebody with the key, who takes the triggers away and the newest sale out."""
    connection = connect(closed, KEY)
    for statement in (
        "PRAGMA foreign_keys = OFF",
        "DROP TRIGGER fact_never_delete",
        "DELETE FROM fact WHERE seq = (SELECT max(seq) FROM fact)",
    ):
        connection.execute(statement)
    connection.close()
    assert refusal(closed, clock, ids) == "database_corrupt"


def test_a_changed_body_breaks_the_chain_at_opening(closed: Path, clock: FakeClock, ids: Uuid7Source) -> None:
    connection = connect(closed, KEY)
    connection.execute("DROP TRIGGER fact_never_update")
    connection.execute("UPDATE fact SET body = CAST(replace(body, '60', '61') AS BLOB) WHERE seq = 18")
    connection.close()
    assert refusal(closed, clock, ids) == "database_corrupt"


def test_a_file_held_by_another_program_is_locked(
    closed: Path, clock: FakeClock, ids: Uuid7Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.engine.BUSY_TIMEOUT_MS", 1)
    other = connect(closed, KEY)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(Unavailable) as caught:
            open_store(closed, KEY, clock, ids)
        assert caught.value.code == "database_locked"
        assert caught.value.can_retry
    finally:
        other.close()
    open_store(closed, KEY, clock, ids).close()


def test_a_write_waits_for_another_programs_write_and_then_says_so(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.engines.writer.execute("PRAGMA busy_timeout = 1")
    other = connect(path, KEY)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as caught:
        sell(store)
    assert caught.value.code == "database_locked"
    other.execute("ROLLBACK")
    other.close()
    assert sell(store).header.counter == 1


def test_nothing_in_the_files_can_be_read_without_the_key(store: SqliteStore, tmp_path: Path) -> None:
    sell(store, a_member_sale())
    files = [file.read_bytes() for file in tmp_path.iterdir() if not file.name.endswith(".ballast")]
    assert len(files) >= 3
    for content in files:
        for secret in (b"sale", b"A0001", b"CREATE TABLE", "烏龍茶".encode()):
            assert secret not in content


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX")
def test_only_its_owner_may_read_the_file(store: SqliteStore, tmp_path: Path) -> None:
    sell(store)
    for name in ("till.db", "till.db-wal", "till.db-shm"):
        assert stat.S_IMODE(os.stat(tmp_path / name).st_mode) == 0o600


def test_every_connection_is_guarded(store: SqliteStore) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "cell_size_check": 1,
        "trusted_schema": 0,
        "temp_store": 2,
        "wal_autocheckpoint": 0,
    }
    with store.engines.reading() as cursor:
        for name, value in expected.items():
            assert cursor.execute(f"PRAGMA {name}").fetchone()[0] == value, name
            assert store.engines.writer.execute(f"PRAGMA {name}").fetchone()[0] == value, name


def test_an_sqlite_that_can_lose_commits_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.engine.dbapi2.sqlite_version_info", (3, 51, 2))
    with pytest.raises(Unavailable, match="sqlite_too_old"):
        connect(path, KEY, create=True)


def test_a_reader_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(Unavailable, match="disk_read_only"), store.engines.reading() as cursor:
        cursor.execute("DELETE FROM setting")


def test_a_snapshot_does_not_move(store: SqliteStore) -> None:
    sell(store)
    with store.engines.reading(snapshot=True) as cursor:
        assert cursor.execute("SELECT count(*) FROM fact").fetchone() == (1,)
        sell(store)
        assert cursor.execute("SELECT count(*) FROM fact").fetchone() == (1,)
    assert count(store, "fact") == 2


def test_more_threads_than_connections_can_read(store: SqliteStore) -> None:
    sell(store)
    found: list[int] = []

    def read() -> None:
        found.extend(len(store.journal.newest()) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(READERS_MAX * 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 20 * READERS_MAX * 3


def test_a_wrong_statement_stays_our_own_bug(store: SqliteStore) -> None:
    with pytest.raises(Error, match="no such table"), store.engines.reading() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    assert count(store, "fact") == 0, "the connection went back to the others"


def test_a_copied_pair_of_file_and_wal_is_whole(
    store: SqliteStore, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """What a power cut leaves: the file and a WAL that nobody closed."""
    sold = [sell(store) for _ in range(3)]
    folder = tmp_path / "after"
    folder.mkdir()
    for name in ("till.db", "till.db-wal", "till.db.mark"):
        shutil.copyfile(tmp_path / name, folder / name)
    with_wal = open_store(folder / "till.db", KEY, clock, ids)
    assert with_wal.journal.newest() == tuple(reversed(sold))
    assert with_wal.mark == store.mark
    with_wal.close()
