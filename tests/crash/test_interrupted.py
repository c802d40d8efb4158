"""Whatever is under way when a process is killed (a set-up, an upgrade, a backup, a restore), the next start finds the one or the other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.bootstrap import SystemClock
from app.domain.ids import Uuid7Source
from db import migrate
from db.backup import back_up
from db.engine import connect, open_engines
from db.store import SqliteStore, open_store
from db.verify import verify
from tests.crash import acts
from tests.crash.every_line import killed_at, lines_of, points
from tests.db.busy_day import a_busy_day
from tests.db.test_migrate import AFTER, BEFORE, CURRENT, NEXT, SECOND_FILE, settings_of, write_second
from tests.db.tills import KEY, sell

POINTS_MAX = 24


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a till after a busy day, closed, with a backup of it and a sale that came after."""
    folder = tmp_path_factory.mktemp("day")
    shop = a_busy_day(folder)
    back_up(shop.path, KEY, folder / "backup.db")
    shop.checkout.start_new()
    shop.sell("TEA")
    shop.store.close()
    return folder


@pytest.fixture
def till(day: Path, tmp_path: Path) -> Path:
    """A fresh copy of it."""
    return put(day, tmp_path / "till")


def put(day: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("till.db", "till.db.mark", "backup.db"):
        shutil.copyfile(day / name, folder / name)
    return folder / "till.db"


def opened(database: Path) -> SqliteStore:
    clock = SystemClock()
    return open_store(database, KEY, clock, Uuid7Source(clock.now_ms))


def numbers(database: Path) -> list[str]:
    connection = connect(database, KEY)
    found = connection.execute("SELECT receipt_number FROM transaction_header ORDER BY seq").fetchall()
    connection.close()
    return [number for (number,) in found]


def is_whole(database: Path) -> bool:
    engines = open_engines(database, KEY)
    try:
        return verify(engines, is_full=True) == ()
    finally:
        engines.close()


def test_a_killed_restore_leaves_the_old_books_or_the_restored_ones(
    day: Path, till: Path, tmp_path: Path
) -> None:
    """Near its end one file takes the place of the other: there every line is tried."""
    watched = ("db/backup.py", "db/store.py", "db/mark_file.py")
    before = numbers(till)
    lines = lines_of(acts.bring_back, (till.parent / "backup.db", till), watched)
    restored = numbers(till)
    assert restored == before[:-1]
    outcomes = set()
    for line in (*points(lines - 66, 12), *range(lines - 65, lines - 30), *range(lines - 30, lines, 8)):
        till = put(day, tmp_path / "till")
        killed_at(line, acts.bring_back, (till.parent / "backup.db", till), watched)
        store = opened(till)
        found = numbers(till)
        assert found in (before, restored), f"line {line}"
        outcomes.add(found == before)
        assert (store.mark.letter == "A") == (found == before), f"line {line}"
        assert verify(store.engines, is_full=True) == (), f"line {line}"
        if found == restored:
            (kept,) = (path for path in till.parent.iterdir() if path.name.endswith(tuple("0123456789")))
            assert numbers(kept) == before
        assert sell(store).header.receipt_number not in before
        store.close()
        acts.bring_back(till.parent / "backup.db", till)
        assert numbers(till) == restored, "it can be done again"
    assert outcomes == {True, False}


def test_a_killed_backup_leaves_the_earlier_backup_and_a_till_that_sells(
    day: Path, till: Path, tmp_path: Path
) -> None:
    target = tmp_path / "usb" / "backup.db"
    acts.save(till.parent / "backup.db", target)
    earlier, newer = numbers(target), numbers(till)
    assert len(earlier) < len(newer)
    watched = ("db/backup.py", "db/engine.py")
    lines = lines_of(acts.save, (till, target), watched)
    for line in points(lines, POINTS_MAX):
        acts.save(till.parent / "backup.db", target)
        killed_at(line, acts.save, (till, target), watched)
        assert numbers(target) in (earlier, newer), f"line {line}"
        assert is_whole(target), f"line {line}"
    acts.save(till, target)
    assert numbers(target) == newer
    assert [path.name for path in target.parent.iterdir()] == ["backup.db"], (
        "nothing of the killed ones is left"
    )
    store = opened(till)
    assert store.mark.letter == "A"
    assert sell(store).header.receipt_number not in newer
    store.close()


def test_a_killed_upgrade_leaves_the_older_version_or_the_newer_one(
    day: Path, till: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revisions = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, revisions, ignore=shutil.ignore_patterns("__pycache__"))
    write_second(revisions)
    watched = ("db/migrate.py", "migrations/env.py", f"versions/{SECOND_FILE}")
    before = numbers(till)
    lines = lines_of(acts.start_newer_program, (till, revisions), watched)
    assert settings_of(till) == AFTER
    outcomes = set()
    for line in points(lines, POINTS_MAX):
        till = put(day, tmp_path / "till")
        killed_at(line, acts.start_newer_program, (till, revisions), watched)
        outcomes.add(settings_of(till)[0])
        assert settings_of(till) in (BEFORE, AFTER), f"line {line}"
        assert numbers(till) == before, f"line {line}"
        with monkeypatch.context() as newer:
            newer.setattr(migrate, "MIGRATIONS", revisions)
            newer.setattr(migrate, "SCHEMA_VERSION", NEXT)
            store = opened(till)
            assert settings_of(till) == AFTER, f"line {line}"
            assert verify(store.engines, is_full=True) == (), f"line {line}"
            assert store.mark.letter == "A"
            store.close()
    assert outcomes == {CURRENT, NEXT}


def test_a_killed_set_up_is_done_again_or_was_done(tmp_path: Path) -> None:
    watched = ("db/store.py", "db/migrate.py", "db/engine.py", "db/mark_file.py", "db/ballast.py")
    lines = lines_of(acts.make, (tmp_path / "first" / "till.db",), watched)
    outcomes = set()
    for line in points(lines, POINTS_MAX):
        database = tmp_path / str(line) / "till.db"
        killed_at(line, acts.make, (database,), watched)
        is_made = database.exists() and database.stat().st_size > 0 and has_a_till(database)
        outcomes.add(is_made)
        if not is_made:
            acts.make(database)
        store = opened(database)
        assert sell(store).header.counter == 1, f"line {line}"
        store.close()
    assert outcomes == {True, False}


def has_a_till(database: Path) -> bool:
    connection = connect(database, KEY)
    is_there = not migrate.is_empty(connection)
    connection.close()
    return is_there


def test_a_killed_start_is_a_start_that_comes_again(day: Path, till: Path, tmp_path: Path) -> None:
    """Also where it had to begin another life. That life may begin twice, but never the same one, and nothing is given out twice."""
    watched = ("db/store.py", "db/mark_file.py", "db/ballast.py", "db/unit_of_work.py")
    (till.parent / "till.db.mark").unlink()
    before = numbers(till)
    lines = lines_of(acts.start, (till,), watched)
    for line in points(lines, POINTS_MAX):
        till = put(day, tmp_path / "till")
        (till.parent / "till.db.mark").unlink()
        killed_at(line, acts.start, (till,), watched)
        store = opened(till)
        assert store.mark.letter in ("B", "C"), f"line {line}"
        assert verify(store.engines, is_full=True) == (), f"line {line}"
        assert sell(store).header.receipt_number not in before
        store.close()
