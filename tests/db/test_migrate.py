"""An older file is copied, then brought up in steps that happen whole or not at all; a new one is made in one go."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from db import migrate
from db.engine import Connection, connect, transaction
from db.schema import metadata, schema_statements
from db.store import SqliteStore, open_store
from tests.db.tills import KEY, FakeClock, a_member_sale, sell
from tests.sources import ROOT

SECOND = '''
"""A second version, for the tests alone."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("ALTER TABLE setting ADD COLUMN changed_at INTEGER")
    connection.exec_driver_sql("CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT")
    {last}
'''
THIRD = '''
"""A third version, for the tests alone."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.get_bind().exec_driver_sql("INSERT INTO setting (key, value, changed_at) VALUES ('third', '1', 1)")
'''


def schema_of(connection: Connection) -> set[tuple[str, str, str]]:
    statement = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY name"
    return set(connection.execute(statement).fetchall())


def settings_of(path: Path) -> tuple[int, str, list[str]]:
    """Both versions of a file and the tables that tell how far it came."""
    connection = connect(path, KEY)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (stamped,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    names = connection.execute("SELECT name FROM sqlite_schema WHERE name = 'added'").fetchall()
    connection.close()
    return version, stamped, [name for (name,) in names]


@pytest.fixture
def newer_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that knows one version more; returns the folder of its revisions."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    write_second(folder)
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", 2)
    return folder


def write_second(folder: Path, last: str = "pass") -> None:
    (folder / "versions" / "0002_second.py").write_text(SECOND.format(last=last), encoding="utf-8")


@pytest.fixture
def old_file(store: SqliteStore, path: Path) -> Path:
    """A till of this version with sales in it, closed."""
    for _ in range(3):
        sell(store, a_member_sale())
    store.close()
    return path


def test_the_frozen_schema_is_the_schema() -> None:
    """After a change of db/schema run: python -m migrations.till.freeze"""
    assert migrate.frozen_schema(migrate.SCHEMA_VERSION) == schema_statements()


def test_every_table_is_strict() -> None:
    statements = [one for one in schema_statements() if one.startswith("CREATE TABLE")]
    assert len(statements) == len(metadata.tables)
    assert [one for one in statements if not one.endswith("STRICT")] == []


def test_migrating_an_empty_file_gives_the_same_schema_as_making_one(path: Path, tmp_path: Path) -> None:
    made, migrated = (connect(tmp_path / name, KEY, create=True) for name in ("made.db", "migrated.db"))
    with transaction(made) as cursor:
        migrate.create_schema(cursor)
    migrate.run_alembic(migrated)
    migrated = connect(tmp_path / "migrated.db", KEY)
    same_names = {(kind, name) for kind, name, _ in schema_of(made)}
    assert {(kind, name) for kind, name, _ in schema_of(migrated)} == same_names
    ours = {row for row in schema_of(migrated) if row[1] != "alembic_version"}
    assert ours == {row for row in schema_of(made) if row[1] != "alembic_version"}
    for connection in (made, migrated):
        assert migrate.version_of(connection) == migrate.SCHEMA_VERSION
        connection.close()


def test_an_older_file_is_copied_and_brought_up(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    store = open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == (2, "0002", ["added"])
    assert sell(store).header.counter == 4
    store.close()
    copy = old_file.with_name("till.db.v1")
    assert settings_of(copy) == (1, "0001", [])
    kept = connect(copy, KEY)
    assert kept.execute("SELECT count(*) FROM transaction_header").fetchone() == (3,)
    kept.close()


@pytest.mark.logs_warnings
def test_the_copy_is_as_secret_as_the_original(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    open_store(old_file, KEY, clock, ids).close()
    with pytest.raises(Unavailable, match="database_foreign"):
        connect(old_file.with_name("till.db.v1"), bytes(32))


def test_a_step_that_fails_leaves_the_version_before_it(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_second(newer_program, last="raise ZeroDivisionError")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            open_store(old_file, KEY, clock, ids)
        assert settings_of(old_file) == (1, "0001", [])
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", 1)
    store = open_store(old_file, KEY, clock, ids)
    assert sell(store).header.counter == 4, "the older program still sells"
    store.close()


def test_a_later_step_that_fails_keeps_the_earlier_one(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    (newer_program / "versions" / "0003_third.py").write_text(THIRD.replace("'1', 1", "'1', 'soon'"))
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", 3)
    with pytest.raises(Exception, match="setting"):
        open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == (2, "0002", ["added"])
    (newer_program / "versions" / "0003_third.py").write_text(THIRD)
    open_store(old_file, KEY, clock, ids).close()
    assert settings_of(old_file)[:2] == (3, "0003")


def test_rows_that_refer_to_nothing_stop_a_step(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    write_second(newer_program, last='connection.exec_driver_sql("INSERT INTO outbox VALUES (999)")')
    with pytest.raises(AssertionError, match="refer to nothing"):
        open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == (1, "0001", [])


KILLED = """
import os, sys
from pathlib import Path
from db import migrate
from tests.db.tills import KEY
migrate.MIGRATIONS = Path(sys.argv[2])
migrate.SCHEMA_VERSION = 2
migrate.upgrade(Path(sys.argv[1]), KEY)
"""


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_a_killed_upgrade_leaves_the_version_before_it(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source, place: str
) -> None:
    """The process dies without a word before the first statement, between two, and after the last."""
    kill = "__import__('os')._exit(9)"
    write_second(newer_program, last=kill if place == "after" else "pass")
    revision = newer_program / "versions" / "0002_second.py"
    text = revision.read_text()
    if place == "before":
        text = text.replace("    connection = op.get_bind()", f"    connection = op.get_bind()\n    {kill}")
    if place == "between":
        text = text.replace(
            '    connection.exec_driver_sql("CREATE', f'    {kill}\n    connection.exec_driver_sql("CREATE'
        )
    revision.write_text(text)
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(old_file), str(newer_program)], cwd=ROOT, check=False
    )
    assert died.returncode == 9
    assert settings_of(old_file) == (1, "0001", [])
    write_second(newer_program)
    store = open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == (2, "0002", ["added"])
    assert sell(store).header.counter == 4
    store.close()
