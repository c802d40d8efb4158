"""What sync/server/README.md says: every statement and every number in it that can be tried here is tried."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.parser import Parser
from sync.server.database import Database, open_database
from sync.server.distribute import citus_statements
from sync.server.migrate import DIALECTS, SCHEMA_VERSION, frozen_schema, upgrade
from sync.server.schema import REFERENCE_TABLES, metadata
from tests.sources import ROOT
from tests.sync.server.cluster import ADMINISTRATOR, administer
from tests.sync.server.driver import deliver, pushed, rows, state
from tests.sync.server.shell import Running
from tests.sync.server.test_serve import told
from tests.sync.server.tills import TENANT, Till, a_busy_week

TEXT = (ROOT / "sync" / "server" / "README.md").read_text(encoding="utf-8")


def blocks(heading: str, language: str) -> list[str]:
    """The fenced blocks of a section, in their order."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.S)


def lines(block: str) -> list[str]:
    return [line for line in block.splitlines() if line]


# --- commands -------------------------------------------------------------------------------------------------------------


def commands() -> list[str]:
    found = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in lines(block)]
    return [line.removeprefix("python3 -m app ") for line in found if line.startswith("python3 -m app ")]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_one_that_the_command_line_knows(command: str) -> None:
    name, *words = shlex.split(command)
    parser = Parser()
    importlib.import_module(f"app.commands.{name}").add_arguments(parser)
    assert parser.parse_args(words) is not None


def test_one_shop_begins_as_it_says(tmp_path: Path) -> None:
    new, code, _ = (shlex.split(line)[4:] for line in lines(blocks("One shop", "sh")[0]))
    assert told(tmp_path, *new)["token"]
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", told(tmp_path, *code)["code"])
    assert (tmp_path / "server" / "server.db").exists()
    assert (tmp_path / "server" / "key.json").exists()


def test_the_embedded_books_are_copied_while_they_are_open_and_begin_another_life(tmp_path: Path) -> None:
    told(tmp_path, "--new-tenant", "小熊書店")
    target = tmp_path / "server.db"
    assert told(tmp_path, "--backup", str(target))["file"] == str(target)
    lives = told(tmp_path, "--restored")["lives"]
    shutil.copyfile(target, tmp_path / "server" / "server.db")
    for beside in (tmp_path / "server").glob("server.db-*"):
        beside.unlink()
    again = told(tmp_path, "--restored")["lives"]
    assert lives.keys() == again.keys()
    assert min(again.values()) > 0
    assert not target.read_bytes().startswith(b"SQLite format 3")


# --- PostgreSQL -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(postgresql_cluster: str) -> Iterator[str]:
    """The URL of a database that was made by the very statements of the page, under names that nothing else here has."""
    renamed = [
        statement.strip() for statement in blocks("PostgreSQL", "sql")[0].split(";") if statement.strip()
    ]
    renamed = [re.sub(r"\bregulars\b", "readme_owner", one) for one in renamed]
    drop = ("DROP DATABASE IF EXISTS readme_owner WITH (FORCE)", "DROP ROLE IF EXISTS readme_owner")
    administer(postgresql_cluster, *drop)
    administer(
        postgresql_cluster,
        *(
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'regulars_tenant')"
            f" THEN {one}; END IF; END $$"
            if one.startswith("CREATE ROLE regulars_tenant")
            else one
            for one in renamed
        ),
    )
    yield postgresql_cluster.format(database="readme_owner").replace(f"{ADMINISTRATOR}@", "readme_owner@")
    administer(postgresql_cluster, *drop)


def test_an_owner_who_can_make_no_roles_brings_the_schema_up(made: str) -> None:
    database = open_database(made)
    upgrade(database)
    assert rows(database, "SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user") == [(False,)]
    without = blocks("PostgreSQL", "sql")[1].strip().rstrip(";")
    assert rows(database, without) == []
    upgrade(database)
    database.close()


def test_a_dump_is_restored_into_the_same_state(
    postgresql_url: str, postgresql_database: Database, made: str, tmp_path: Path
) -> None:
    if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
        pytest.skip("NO pg_dump: the backup of PostgreSQL is not tried")
    deliver(postgresql_database, a_busy_week(4, tills=2, facts=40), 0)
    names = {"URL": postgresql_url, "EMPTY_URL": made}
    for line in lines(blocks("Several workers, backup, restore", "sh")[1]):
        words = [os.path.expandvars(word) for word in shlex.split(line.replace("/backup", str(tmp_path)))]
        words = [re.sub(r"\$(\w+)", lambda found: names[found[1]], word) for word in words]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    restored = open_database(made)
    assert state(restored) == state(postgresql_database)
    upgrade(restored)
    assert pushed(restored, Till(50)).is_whole
    restored.close()


def test_requests_may_do_what_the_page_says_and_no_more(postgresql_database: Database) -> None:
    def may(table: str, right: str) -> bool:
        (found,) = rows(
            postgresql_database, "SELECT has_table_privilege('regulars_tenant', :t, :r)", t=table, r=right
        )
        return bool(found[0])

    for table in ("fact", "arrival", "document", "erasure"):
        assert may(table, "INSERT")
        assert not may(table, "DELETE")
    assert not may("tenant", "INSERT")
    assert not may("schema_version", "SELECT")
    assert not any(may("upstream", right) for right in ("SELECT", "INSERT", "UPDATE", "DELETE"))


# --- Citus and CockroachDB ------------------------------------------------------------------------------------------------


def test_the_statements_for_citus_are_those_of_the_schema() -> None:
    assert lines(blocks("Citus", "sql")[0]) == list(citus_statements())
    named = " ".join(citus_statements())
    for table in metadata.tables.values():
        assert f"'{table.name}'" in named
    for reference in REFERENCE_TABLES:
        assert f"`{reference}`" in TEXT


def test_the_roles_of_citus_can_be_set_up_as_it_says(postgresql_cluster: str, made: str) -> None:
    first, second = lines(blocks("Citus", "sql")[1])
    administer(postgresql_cluster, first, re.sub(r"\bregulars\b", "readme_owner", second))
    database = open_database(made)
    assert rows(database, "SELECT current_setting('citus.propagate_set_commands')") == [("local",)]
    database.close()
    administer(postgresql_cluster, "ALTER ROLE regulars_tenant NOLOGIN")


def test_where_citus_is_the_tenant_is_named_by_set_local(postgresql_database: Database) -> None:
    deliver(postgresql_database, a_busy_week(5, tills=2, facts=30), 0)

    def seen(database: Database) -> list[object]:
        return database.run(
            TENANT,
            lambda db: [
                db.exec_driver_sql("SELECT COUNT(*) FROM fact").scalar_one(),
                db.exec_driver_sql("SELECT current_user").scalar_one(),
                db.exec_driver_sql("SELECT current_setting('app.tenant')").scalar_one(),
            ],
        )

    usual = seen(postgresql_database)
    with postgresql_database.engine.connect() as connection:
        connection.info["is_citus"] = True
    assert seen(postgresql_database) == usual
    assert usual[1:] == ["regulars_tenant", str(TENANT)]
    with postgresql_database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar_one() != "regulars_tenant"


def test_the_schema_has_nothing_that_cockroachdb_has_not() -> None:
    statements = "\n".join(frozen_schema(SCHEMA_VERSION, "postgresql")).upper()
    for word in (
        "SERIAL",
        "IDENTITY",
        "SEQUENCE",
        "REFERENCES",
        "FOREIGN KEY",
        "TRIGGER",
        "EXCLUDE",
        "COLLATE",
    ):
        assert word not in statements
    kinds = {
        column.type.compile(DIALECTS["postgresql"]())
        for table in metadata.tables.values()
        for column in table.columns
    }
    assert kinds <= {"UUID", "BIGINT", "TEXT", "BYTEA", "BOOLEAN", "INTEGER", "VARCHAR(32)"}


# --- numbers and names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), re.findall(r"\| `([a-z_.]+\.[A-Z_]+)` \| (\d+) \|", TEXT))
def test_every_limit_is_what_it_says(name: str, value: str) -> None:
    module, _, constant = name.rpartition(".")
    assert getattr(importlib.import_module(module), constant) == int(value)


def test_every_number_of_a_worker_is_named(up: Running) -> None:
    up.server.metrics.told_upward(3)
    shown = set(re.findall(r"# TYPE (\w+)", up.client.get("/metrics").text))
    assert shown == set(re.findall(r"\| `(regulars_\w+)` \|", TEXT))


def test_every_module_is_named() -> None:
    named = set(re.findall(r"`(\w+\.py)`", TEXT))
    there = {path.name for path in (ROOT / "sync" / "server").glob("*.py")} - {"__init__.py"}
    assert (
        there - named - {"exceptions.py", "envelope.py", "refusal.py", "metrics.py", "spreader.py"} == set()
    )
    assert named <= there


@pytest.mark.logs_warnings
def test_the_log_line_has_the_fields_it_says_and_nothing_personal(
    up: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    answer = up.client.get(f"/office/v1/exceptions/{TENANT}/settle?phone=0912345678")
    (line,) = [one.getMessage() for one in caplog.records if one.getMessage().startswith("request=")]
    fields = dict(word.partition("=")[::2] for word in line.split(" "))
    assert list(fields) == ["request", "method", "route", "status", "ms", "code"]
    assert fields["request"] == answer.headers["x-request-id"]
    assert "0912345678" not in line
    assert str(TENANT) not in line
    for name in fields:
        assert f"`{name}`" in TEXT
