"""Databases of the server for tests: SQLite files, and a real PostgreSQL cluster that the tests start for themselves.

The cluster is ``$POS_TEST_PG`` (a URL of an administrator), or one made of the system's own programs, socket only, without fsync. Where
there is neither, the tests that need it are skipped and say so loudly.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from sync.server.database import Database, open_database
from sync.server.migrate import upgrade
from sync.server.tenants import create_tenant
from tests.sync.server.shell import Running, running
from tests.sync.server.tills import OTHER_TENANT, TENANT

ADMINISTRATOR = "regulars_admin"
OWNER = "regulars_owner"
_numbers = count(1)


def furnished(database: Database) -> Database:
    """With both tenants, which have the same secrets in every database: equal facts make equal states."""
    upgrade(database)
    database.run_house(lambda db: create_tenant(db, TENANT, "小熊書店", at=1_000, secrets=bytes(range(64))))
    database.run_house(
        lambda db: create_tenant(db, OTHER_TENANT, "隔壁", at=2_000, secrets=bytes(range(64, 128)))
    )
    return database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file."""
    made = furnished(open_database(str(tmp_path / "server.db")))
    yield made
    made.close()


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """As many SQLite files as a test asks for."""
    made: list[Database] = []

    def make() -> Database:
        made.append(furnished(open_database(str(tmp_path / f"server{len(made)}.db"))))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def up(database: Database) -> Iterator[Running]:
    """A server on a SQLite file, behind its HTTP shell."""
    with running(database) as one:
        yield one


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[str]:
    """The URL of an administrator, with {database} where its name goes."""
    given = os.environ.get("POS_TEST_PG")
    if given:
        head, _, query = given.partition("?")
        yield head.rpartition("/")[0] + "/{database}" + (f"?{query}" if query else "")
        return
    programs = _programs()
    if programs is None:
        pytest.skip(
            "NO POSTGRESQL: set POS_TEST_PG to an administrator's URL, or install postgresql; the server is tested on SQLite only"
        )
    folder = Path(tempfile.mkdtemp(prefix="regulars_pg_"))
    as_user = _as_postgres(folder)
    data = str(folder / "data")
    started = False
    try:
        _run(
            [
                *as_user,
                programs["initdb"],
                "-D",
                data,
                "-U",
                ADMINISTRATOR,
                "--auth=trust",
                "-N",
                "-E",
                "UTF8",
                "--locale=C",
            ]
        )
        options = (
            f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        )
        _run(
            [
                *as_user,
                programs["pg_ctl"],
                "-D",
                data,
                "-w",
                "-o",
                options,
                "-l",
                str(folder / "log"),
                "start",
            ]
        )
        started = True
        yield f"postgresql://{ADMINISTRATOR}@/{{database}}?host={folder}"
    finally:
        if started:
            _run([*as_user, programs["pg_ctl"], "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_cluster: str) -> str:
    """A furnished database that the others are copied from; its owner is no superuser."""
    _administer(
        postgresql_cluster,
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}')"
        f" THEN CREATE ROLE {OWNER} LOGIN CREATEROLE; END IF; END $$",
        "DROP DATABASE IF EXISTS regulars_template",
        f"CREATE DATABASE regulars_template OWNER {OWNER}",
    )
    made = furnished(open_database(_owner_url(postgresql_cluster, "regulars_template")))
    made.close()
    return "regulars_template"


@pytest.fixture
def postgresql_url(postgresql_cluster: str, postgresql_template: str) -> Iterator[str]:
    """A furnished database of this test alone."""
    name = f"regulars_{os.getpid()}_{next(_numbers)}"
    _administer(postgresql_cluster, f"CREATE DATABASE {name} TEMPLATE {postgresql_template} OWNER {OWNER}")
    yield _owner_url(postgresql_cluster, name)
    _administer(postgresql_cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[Database]:
    made = open_database(postgresql_url)
    yield made
    made.close()


def _owner_url(cluster: str, name: str) -> str:
    return cluster.format(database=name).replace(f"{ADMINISTRATOR}@", f"{OWNER}@")


def _administer(cluster: str, *statements: str) -> None:
    url = "postgresql+psycopg://" + cluster.format(database="postgres").partition("://")[2]
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _programs() -> dict[str, str] | None:
    """Where initdb and pg_ctl are: on the path, or where Debian keeps them."""
    found = {}
    for name in ("initdb", "pg_ctl"):
        places = [shutil.which(name), *map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))]
        path = next((place for place in places if place), None)
        if path is None:
            return None
        found[name] = path
    return found


def _as_postgres(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
    if os.name == "nt" or os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
