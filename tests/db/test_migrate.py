"""An older file is copied, then brought up in steps that happen whole or not at all; a new one is made in one go."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from db import migrate
from db.engine import Connection, connect, transaction
from db.migrate import revision_of
from db.schema import metadata, schema_statements
from db.store import SqliteStore, open_store
from db.verify import verify
from tests.db.tills import KEY, FakeClock, a_member_sale, an_accrual, numbered, sell
from tests.sources import ROOT

CURRENT, NEXT, AFTER_NEXT = (migrate.SCHEMA_VERSION + step for step in range(3))
SECOND_FILE = f"{revision_of(NEXT)}_second.py"
BEFORE = (CURRENT, revision_of(CURRENT), [])
AFTER = (NEXT, revision_of(NEXT), ["added"])
SECOND = '''
"""A version more, for the tests alone."""

from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("ALTER TABLE setting ADD COLUMN changed_at INTEGER")
    connection.exec_driver_sql("CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT")
    {last}
'''
THIRD_FILE = f"{revision_of(AFTER_NEXT)}_third.py"
THIRD = '''
"""Two versions more, for the tests alone."""

from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    op.get_bind().exec_driver_sql("INSERT INTO setting (key, value, changed_at) VALUES ('third', '1', 1)")
'''


def third() -> str:
    return THIRD.format(revision=revision_of(AFTER_NEXT), before=revision_of(NEXT))


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
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", NEXT)
    return folder


def write_second(folder: Path, last: str = "pass") -> None:
    text = SECOND.format(last=last, revision=revision_of(NEXT), before=revision_of(CURRENT))
    (folder / "versions" / SECOND_FILE).write_text(text, encoding="utf-8")


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
    ours = {words(row) for row in schema_of(migrated) if row[1] != "alembic_version"}
    assert ours == {words(row) for row in schema_of(made) if row[1] != "alembic_version"}
    for connection in (made, migrated):
        assert migrate.version_of(connection) == migrate.SCHEMA_VERSION
        connection.close()


def test_an_older_file_is_copied_and_brought_up(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    store = open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == AFTER
    assert sell(store).header.counter == 4
    store.close()
    copy = old_file.with_name(f"till.db.v{CURRENT}")
    assert settings_of(copy) == BEFORE
    kept = connect(copy, KEY)
    assert kept.execute("SELECT count(*) FROM transaction_header").fetchone() == (3,)
    kept.close()


@pytest.mark.logs_warnings
def test_the_copy_is_as_secret_as_the_original(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    open_store(old_file, KEY, clock, ids).close()
    with pytest.raises(Unavailable, match="database_foreign"):
        connect(old_file.with_name(f"till.db.v{CURRENT}"), bytes(32))


def test_a_step_that_fails_leaves_the_version_before_it(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_second(newer_program, last="raise ZeroDivisionError")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            open_store(old_file, KEY, clock, ids)
        assert settings_of(old_file) == BEFORE
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", CURRENT)
    store = open_store(old_file, KEY, clock, ids)
    assert sell(store).header.counter == 4, "the older program still sells"
    store.close()


def test_a_later_step_that_fails_keeps_the_earlier_one(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    (newer_program / "versions" / THIRD_FILE).write_text(third().replace("'1', 1", "'1', 'soon'"))
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", AFTER_NEXT)
    with pytest.raises(Exception, match="setting"):
        open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == AFTER
    (newer_program / "versions" / THIRD_FILE).write_text(third())
    open_store(old_file, KEY, clock, ids).close()
    assert settings_of(old_file)[:2] == (AFTER_NEXT, revision_of(AFTER_NEXT))


def test_rows_that_refer_to_nothing_stop_a_step(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    write_second(newer_program, last='connection.exec_driver_sql("INSERT INTO outbox VALUES (999)")')
    with pytest.raises(AssertionError, match="refer to nothing"):
        open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == BEFORE


KILLED = """
import os, sys
from pathlib import Path
from db import migrate
from tests.db.tills import KEY
migrate.MIGRATIONS = Path(sys.argv[2])
migrate.SCHEMA_VERSION += 1
migrate.upgrade(Path(sys.argv[1]), KEY)
"""


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_a_killed_upgrade_leaves_the_version_before_it(
    old_file: Path, newer_program: Path, clock: FakeClock, ids: Uuid7Source, place: str
) -> None:
    """The process dies without a word before the first statement, between two, and after the last."""
    kill = "__import__('os')._exit(9)"
    write_second(newer_program, last=kill if place == "after" else "pass")
    revision = newer_program / "versions" / SECOND_FILE
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
    assert settings_of(old_file) == BEFORE
    write_second(newer_program)
    store = open_store(old_file, KEY, clock, ids)
    assert settings_of(old_file) == AFTER
    assert sell(store).header.counter == 4
    store.close()


def test_a_file_of_the_first_version_keeps_every_row(
    store: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source, tmp_path: Path
) -> None:
    """The first version is made from its frozen text and filled with real sales; then this program opens it."""
    for _ in range(3):
        sell_as_the_first_version_did(store)
    before = verify(store.engines, is_full=True)
    store.close()
    first = tmp_path / "first.db"
    rows = fill_first_version(path, first)
    assert rows["sale_line"] >= 3
    again = open_store(first, KEY, clock, ids)
    kept = {table: count for table, count in rows.items() if table not in MOVED_BY_OPENING}
    assert count_rows(first, kept) == kept
    assert verify(again.engines, is_full=True) == before
    assert sell(again, a_member_sale()).header.counter == 4
    again.close()
    made, brought = connect(tmp_path / "made.db", KEY, create=True), connect(first, KEY)
    with transaction(made) as cursor:
        migrate.create_schema(cursor)
    assert {words(row) for row in schema_of(made)} == {words(row) for row in schema_of(brought)}
    made.close()
    brought.close()


def sell_as_the_first_version_did(store: SqliteStore) -> None:
    """Points were a fact of their own after the sale's."""
    with store.begin() as work:
        sale = numbered(work, a_member_sale())
        work.append(sale)
        work.post(an_accrual(sale))
        work.commit()


# The copy lies where no mark says how far it came, so a new life begins when it is opened.
MOVED_BY_OPENING = ("fact", "outbox", "incarnation", "audit_event", "chain_head")


def fill_first_version(source: Path, target: Path) -> dict[str, int]:
    """A file as the first version made it, with the rows of ``source`` that it had columns for."""
    connection = connect(target, KEY, create=True)
    connection.execute("PRAGMA foreign_keys = OFF")
    statements = migrate.frozen_schema(1)
    for statement in statements:
        if not statement.startswith("CREATE TRIGGER"):
            connection.execute(statement)
    connection.execute("ATTACH ? AS source KEY ?", (str(source), f"x'{KEY.hex()}'"))
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
        ).fetchall()
        if "_search" not in name and not name.startswith("sqlite_")
    ]
    for table in tables:
        columns = ", ".join(
            row[1] for row in connection.execute(f"PRAGMA main.table_info({table})").fetchall()
        )
        connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM source.{table}")
    for statement in statements:
        if statement.startswith("CREATE TRIGGER"):
            connection.execute(statement)
    connection.execute(migrate.CREATE_ALEMBIC_VERSION)
    connection.execute("INSERT INTO alembic_version VALUES ('0001')")
    connection.execute(f"PRAGMA application_id = {migrate.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    return count_rows(target, tables)


def count_rows(path: Path, tables: Iterable[str]) -> dict[str, int]:
    connection = connect(path, KEY)
    counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    connection.close()
    return counts


def words(row: tuple[str, str, str]) -> tuple[str, str, str]:
    """A row of the schema without the quotes that a renamed table gets."""
    kind, name, statement = row
    return kind, name, " ".join(statement.replace('"', "").split())
