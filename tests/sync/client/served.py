"""The real server in this process behind a real socket: uvicorn on a thread of its own."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from sync.server.database import Database
from sync.server.http import Server, build_app
from tests.sync.server.shell import FakeShell

READY_WITHIN_SECONDS = 20


class _Uvicorn(uvicorn.Server):
    """Says when it listens, without being asked again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@contextmanager
def served(
    database: Database, *, certificate: tuple[Path, Path] | None = None, fake: FakeShell | None = None
) -> Iterator[int]:
    """The port of this machine that it listens at. With a certificate (chain, key) it speaks TLS only."""
    app = build_app(Server(database, (fake or FakeShell()).shell()))
    listening = socket.create_server(("127.0.0.1", 0))
    chain, key = certificate or (None, None)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=1, ssl_certfile=chain, ssl_keyfile=key,
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
    )  # fmt: skip
    server = _Uvicorn(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert server.is_up.wait(READY_WITHIN_SECONDS)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(READY_WITHIN_SECONDS)
        listening.close()
