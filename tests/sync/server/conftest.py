"""Databases of the server for tests: SQLite files, and databases of a real PostgreSQL cluster (see :mod:`tests.sync.server.cluster`).

Where there is no PostgreSQL, the tests that need it are skipped and say so loudly.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from sync.server.database import Database, open_database
from sync.server.migrate import upgrade
from sync.server.tenants import create_tenant
from tests.sync.server.cluster import OWNER, NoPostgresql, administer, cluster, make_owner, owner_url
from tests.sync.server.shell import Running, running
from tests.sync.server.tills import OTHER_TENANT, TENANT

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
    try:
        with cluster(is_durable=False) as url:
            yield url
    except NoPostgresql:
        pytest.skip(
            "NO POSTGRESQL: set POS_TEST_PG to an administrator's URL, or install postgresql; the server is tested on SQLite only"
        )


@pytest.fixture(scope="session")
def postgresql_template(postgresql_cluster: str) -> str:
    """A furnished database that the others are copied from; its owner is no superuser."""
    make_owner(postgresql_cluster)
    administer(
        postgresql_cluster,
        "DROP DATABASE IF EXISTS regulars_template",
        f"CREATE DATABASE regulars_template OWNER {OWNER}",
    )
    made = furnished(open_database(owner_url(postgresql_cluster, "regulars_template")))
    made.close()
    return "regulars_template"


@pytest.fixture
def postgresql_url(postgresql_cluster: str, postgresql_template: str) -> Iterator[str]:
    """A furnished database of this test alone."""
    name = f"regulars_{os.getpid()}_{next(_numbers)}"
    administer(postgresql_cluster, f"CREATE DATABASE {name} TEMPLATE {postgresql_template} OWNER {OWNER}")
    yield owner_url(postgresql_cluster, name)
    administer(postgresql_cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[Database]:
    made = open_database(postgresql_url)
    yield made
    made.close()
