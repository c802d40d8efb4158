"""A real PostgreSQL cluster for tests and benchmarks: ``$POS_TEST_PG`` (the URL of an administrator), or one made of the system's own
programs.

Its own cluster listens at a socket in a folder of its own and nowhere else, and is gone when it is left.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine

ADMINISTRATOR = "regulars_admin"
OWNER = "regulars_owner"


class NoPostgresql(Exception):
    """Neither a URL nor the programs are here."""


@contextmanager
def cluster(*, is_durable: bool) -> Iterator[str]:
    """The URL of an administrator, with {database} where its name goes. ``is_durable`` waits for the disk. Raises NoPostgresql."""
    given = os.environ.get("POS_TEST_PG")
    if given:
        head, _, query = given.partition("?")
        yield head.rpartition("/")[0] + "/{database}" + (f"?{query}" if query else "")
        return
    programs = _programs()
    if programs is None:
        raise NoPostgresql
    folder = Path(tempfile.mkdtemp(prefix="regulars_pg_"))
    started = False
    try:
        as_user, data = _as_postgres(folder), str(folder / "data")
        trust = ["-U", ADMINISTRATOR, "--auth=trust", "-N", "-E", "UTF8", "--locale=C"]
        _run([*as_user, programs["initdb"], "-D", data, *trust])
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=60"
        options += "" if is_durable else " -c fsync=off"
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


def owner_url(url: str, name: str) -> str:
    """The URL of a database as its owner, who is no superuser."""
    return url.format(database=name).replace(f"{ADMINISTRATOR}@", f"{OWNER}@")


def make_owner(url: str) -> None:
    administer(
        url,
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}')"
        f" THEN CREATE ROLE {OWNER} LOGIN CREATEROLE; END IF; END $$",
    )


def administer(url: str, *statements: str) -> None:
    engine = create_engine(
        "postgresql+psycopg://" + url.format(database="postgres").partition("://")[2],
        isolation_level="AUTOCOMMIT",
    )
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
