"""``serve``: the central server, and what its owner needs to begin: a shop, a pairing code, a token for the office.

Embedded SQLite in the data folder, encrypted under a key of its own, unless ``--db`` names a PostgreSQL database. With ``--workers``
several processes serve one PostgreSQL; SQLite has one. With ``--hub`` it is the hub of one store, below another server.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app import log
from app.bootstrap import SystemClock, random_bytes
from app.commands.serve_hub import UpwardThread, pair_hub, upstream
from app.commands.serve_hub import folder_of as hub_folder
from app.config import load
from app.credentials import KeySource, create_key, has_key, keyring_works, load_key
from app.domain.errors import Refused
from app.i18n import set_language, t

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from sync.server.database import Database
    from sync.server.hub import Upstream

HOST: Final = "127.0.0.1"
PORT: Final = 8470
WORKERS_MAX: Final = 64
FINISH_WITHIN_SECONDS: Final = 15
M_ARENA_MAX: Final = -8
"""The name of this choice in glibc's malloc.h."""
GARBAGE_VALUES: Final = 50_000
DATABASE_NAME: Final = "server.db"
URL_VARIABLE: Final = "REGULARS_SERVER_DATABASE"
"""How the processes of one server are told of their database."""
POSTGRESQL: Final = ("postgresql://", "postgres://", "postgresql+psycopg://")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--db", metavar="URL", default="", help="postgresql://… (default: SQLite in the data folder)"
    )
    parser.add_argument("--host", default=HOST, help=f"the address to listen at (default {HOST})")
    parser.add_argument("--port", type=int, default=PORT, help=f"the port (default {PORT})")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes (PostgreSQL only)")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="TLS certificate chain (PEM)")
    parser.add_argument("--private-key", type=Path, metavar="FILE", help="its private key (PEM)")
    parser.add_argument(
        "--new-tenant", metavar="NAME", help="set up a shop or chain, print its owner's token, and stop"
    )
    parser.add_argument(
        "--pairing-code", metavar="STORE", help="print a code that pairs one till of this store, and stop"
    )
    parser.add_argument(
        "--hub-code", metavar="STORE", help="print a code that pairs the hub of this store, and stop"
    )
    parser.add_argument(
        "--hub", action="store_true", help="the hub of a store: its tills stay together when the line is cut"
    )
    parser.add_argument("--upstream", metavar="URL", default="", help="with --hub --pair: the server above")
    parser.add_argument("--pair", metavar="CODE", help="pair this hub with the server above, and stop")
    parser.add_argument(
        "--tenant", metavar="ID", default="", help="which shop the code is for, where there are several"
    )
    parser.add_argument(
        "--restored",
        action="store_true",
        help="the database was put back from a backup: tills send again what is missing",
    )
    parser.add_argument(
        "--take-in", type=Path, metavar="FILE", help="take in what a till carried out on a stick, and stop"
    )
    parser.add_argument(
        "--backup", type=Path, metavar="FILE", help="copy the embedded database while it is served, and stop"
    )
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    config = load(arguments.data)
    set_language(config.language)
    folder = hub_folder(config.data_dir) if arguments.hub else config.data_dir / "server"
    log.install(config.logs_dir if config.logs_dir.exists() else None, to_stderr=True)
    is_postgresql = arguments.db.startswith(POSTGRESQL)
    if arguments.workers != 1 and not (is_postgresql and 1 <= arguments.workers <= WORKERS_MAX):
        raise Refused("server_workers", most=WORKERS_MAX)
    if (arguments.hub and arguments.db) or ((arguments.pair or arguments.upstream) and not arguments.hub):
        raise Refused("hub_own_database")
    database = open_server_database(arguments.db, folder)
    try:
        said = _set_up(arguments, database)
        if said is None:
            return _serve(arguments, database)
    finally:
        database.close()
    if arguments.json:
        print(json.dumps(said))
    return 0


def _set_up(arguments: argparse.Namespace, database: Database) -> dict[str, object] | None:
    """What was asked for besides serving; None when nothing was."""
    if arguments.new_tenant:
        return _new_tenant(database, arguments.new_tenant)
    if arguments.pair:
        return pair_hub(database, arguments)
    if arguments.pairing_code is not None:
        store = arguments.pairing_code or (upstream(database).store_code if arguments.hub else "")
        return _pairing_code(database, store, arguments.tenant, "till")
    if arguments.hub_code:
        return _pairing_code(database, arguments.hub_code, arguments.tenant, "hub")
    if arguments.backup is not None:
        database.back_up(arguments.backup)
        print(t("server.backup_made", file=arguments.backup))
        return {"file": str(arguments.backup)}
    if arguments.restored:
        return _restored(database)
    if arguments.take_in is not None:
        return _take_in(database, arguments.take_in)
    return None


def open_server_database(url: str, folder: Path) -> Database:
    """The database that this server keeps its books in, brought to this version."""
    from sync.server.database import open_database
    from sync.server.migrate import upgrade

    if url:
        database = open_database(url)
    else:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not has_key(folder):
            create_key(folder, KeySource.KEYRING if keyring_works() else KeySource.FILE)
        database = open_database(str(folder / DATABASE_NAME), key=load_key(folder).database_key)
    upgrade(database)
    return database


def application() -> Starlette:
    """What each of several processes serves; called by uvicorn in the process itself."""
    from sync.server.database import open_database

    log.install(None, to_stderr=True)
    return _application(open_database(os.environ[URL_VARIABLE]), worker=str(os.getpid()))


def _application(database: Database, *, worker: str, up: Upstream | None = None) -> Starlette:
    """``up``: what this server is the hub of."""
    import gc

    from sync.server.http import Server, build_app
    from sync.server.upward import Upward
    from sync.server.wire import Shell

    shell = Shell(SystemClock().now_ms, random_bytes)
    server = Server(database, shell, worker=worker, is_hub=up is not None)
    if up is not None:
        talk = Upward(database, shell, up.tenant_id)
        server.upward = UpwardThread(talk, up.url, server.metrics.told_upward)

    _share_memory()
    # What is loaded by now stays; a batch makes thousands of values that nothing but their end collects.
    gc.freeze()
    gc.set_threshold(GARBAGE_VALUES)
    return build_app(server)


def _share_memory() -> None:
    """One heap for all threads, where the C library would give each its own and never take it back: a few batches in a row stay small."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):  # another C library has no such thing
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _serve(arguments: argparse.Namespace, database: Database) -> int:
    import uvicorn

    from sync.server.tenants import tenant_ids

    up = upstream(database) if arguments.hub else None
    if up is not None:
        print(t("server.hub_of", store=up.store_code, url=up.url))
    elif not database.run_house(tenant_ids):
        print(t("server.no_tenant"))
    is_encrypted = arguments.certificate is not None
    if not is_encrypted:
        print(t("server.not_encrypted"))
    scheme = "https" if is_encrypted else "http"
    print(t("server.listening", url=f"{scheme}://{arguments.host}:{arguments.port}"), flush=True)
    options: dict[str, object] = {
        "host": arguments.host,
        "port": arguments.port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": FINISH_WITHIN_SECONDS,
        "ssl_certfile": arguments.certificate,
        "ssl_keyfile": arguments.private_key,
    }
    if arguments.workers == 1:
        uvicorn.run(_application(database, worker="0", up=up), **options)  # type: ignore[arg-type]
        return 0
    database.close()
    os.environ[URL_VARIABLE] = arguments.db
    uvicorn.run("app.commands.serve:application", factory=True, workers=arguments.workers, **options)  # type: ignore[arg-type]
    return 0


def _new_tenant(database: Database, name: str) -> dict[str, object]:
    from sync.server.tenants import SECRET_BYTES, create_tenant
    from sync.server.trust import put_staff

    now, tenant_id = SystemClock().now_ms(), UUID(bytes=random_bytes(16), version=4)
    drawn = random_bytes(2 * SECRET_BYTES)
    database.run_house(lambda db: create_tenant(db, tenant_id, name, at=now, secrets=drawn))
    owner = random_bytes(SECRET_BYTES)
    token = database.run(tenant_id, lambda db: put_staff(db, tenant_id, name, "owner", now=now, secret=owner))
    print(t("server.tenant_made", name=name, tenant=tenant_id.hex))
    print(t("server.owner_token", name=name, token=token))
    return {"tenant": tenant_id.hex, "token": token}


def _pairing_code(database: Database, store: str, tenant: str, kind: str) -> dict[str, object]:
    from sync.server.trust import CODE_LETTERS, CODE_LIFE_MS, make_code, put_code

    tenant_id = _chosen_tenant(database, tenant)
    code, now = make_code(random_bytes(CODE_LETTERS)), SystemClock().now_ms()
    expires = database.run(tenant_id, lambda db: put_code(db, tenant_id, code, store, now=now, kind=kind))
    key = "server.hub_code" if kind == "hub" else "server.pairing_code"
    print(t(key, code=code, minutes=CODE_LIFE_MS // 60_000))
    return {"code": code, "expires_at": expires}


def _restored(database: Database) -> dict[str, object]:
    from sync.server.tenants import begin_new_life, tenant_ids

    now = SystemClock().now_ms()
    lives = {}
    for tenant_id in database.run_house(tenant_ids):
        lives[tenant_id.hex] = database.run(
            tenant_id,
            lambda db, own=tenant_id: begin_new_life(db, own, at=now),  # type: ignore[misc]
        )
    print(t("server.new_life"))
    return {"lives": lives}


def _take_in(database: Database, path: Path) -> dict[str, object]:
    from sync.protocol import Status
    from sync.server.carry import take_in

    taken = take_in(database, path, now=SystemClock().now_ms())
    counts = {status.value: taken.statuses.get(status.value, 0) for status in Status}
    aside = sum(counts[status] for status in (Status.CONFLICT, Status.FORK, Status.QUARANTINED))
    print(
        t(
            "sync_command.taken_in",
            file=path.name,
            applied=counts[Status.APPLIED],
            duplicate=counts[Status.DUPLICATE],
            aside=aside,
            retry=counts[Status.RETRY],
        )
    )
    return {"batches": taken.batches, **counts}


def _chosen_tenant(database: Database, named: str) -> UUID:
    """The only one there is, or the one that was named. Raises Refused("server_tenant")."""
    from sync.server.tenants import tenant_ids

    known = database.run_house(tenant_ids)
    chosen = [one for one in known if named in ("", one.hex, str(one))]
    if len(chosen) != 1:
        raise Refused("server_tenant", count=len(known))
    return chosen[0]
