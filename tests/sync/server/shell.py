"""The server behind its HTTP shell, in the test's own process: a clock that stands, counted chance, and tills that pair and ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from sync.protocol import (
    MEDIA_TYPE,
    PAIR_TILL,
    PairAnswer,
    PairRequest,
    TokenAnswer,
    TokenRequest,
    pack,
    pair_claim,
    token_claim,
    unpack,
)
from sync.server.database import Database
from sync.server.http import Server, build_app
from sync.server.trust import CODE_LETTERS, make_code, put_code, put_staff
from sync.server.wire import Shell
from tests.sync.server.tills import NOW, TENANT, Till

T = TypeVar("T")


@dataclass
class FakeShell:
    """Time moves only when a test moves it."""

    now: int = NOW
    random: Random = field(default_factory=lambda: Random(1))

    def shell(self) -> Shell:
        return Shell(lambda: self.now, self.random.randbytes)


class Client:
    """Asks the application directly, from a test that knows nothing of loops."""

    def __init__(self, portal: BlockingPortal, asking: httpx.AsyncClient) -> None:
        self._portal = portal
        self._asking = asking

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._portal.call(partial(self._asking.request, method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PUT", path, **more)


@dataclass
class Running:
    """One server that is up."""

    client: Client
    server: Server
    fake: FakeShell

    @property
    def database(self) -> Database:
        return self.server.database

    def code(self, tenant: UUID = TENANT, store: str = "", kind: str = PAIR_TILL) -> str:
        code = make_code(self.fake.random.randbytes(CODE_LETTERS))
        self.database.run(tenant, lambda db: put_code(db, tenant, code, store, now=self.fake.now, kind=kind))
        return code

    def staff(self, role: str, tenant: UUID = TENANT) -> str:
        secret = self.fake.random.randbytes(32)
        return self.database.run(
            tenant, lambda db: put_staff(db, tenant, f"a {role}", role, now=self.fake.now, secret=secret)
        )

    def send(
        self,
        what: str,
        message: object,
        token: str = "",
        *,
        body: bytes | None = None,
        media: str = MEDIA_TYPE,
    ) -> Any:
        headers = {"content-type": media} | ({"authorization": f"Bearer {token}"} if token else {})
        return self.client.post(
            f"/sync/v1/{what}", content=pack(message) if body is None else body, headers=headers
        )

    def ask(self, what: str, message: object, kind: type[T], token: str = "") -> T:
        answer = self.send(what, message, token)
        assert answer.status_code == 200, answer.text
        return unpack(answer.content, kind)

    def pair(self, till: Till, code: str | None = None) -> str:
        """The name of the till's key."""
        asked = pairing_of(till, self.code(till.device.tenant_id) if code is None else code)
        return self.ask("pair", asked, PairAnswer).key_id

    def token(self, till: Till, key_id: str) -> str:
        return self.ask("token", self.challenge(till, key_id), TokenAnswer).token

    def challenge(self, till: Till, key_id: str, *, at: int | None = None) -> TokenRequest:
        at, nonce = self.fake.now if at is None else at, self.fake.random.randbytes(16)
        return TokenRequest(key_id, at, nonce, till.private.sign(token_claim(key_id, at, nonce)))

    def paired(self, till: Till) -> str:
        """A token of this till."""
        return self.token(till, self.pair(till))


def pairing_of(till: Till, code: str) -> PairRequest:
    device = till.device
    proof = till.private.sign(pair_claim(code, device.device_id.bytes, device.public_key))
    return PairRequest(
        code, device.device_id.bytes, device.public_key, proof, device.store_code, device.till_code, "收銀台"
    )


@contextmanager
def running(database: Database, *, is_hub: bool = False) -> Iterator[Running]:
    fake = FakeShell(random=Random(2 if is_hub else 1))
    server = Server(database, fake.shell(), is_hub=is_hub)
    app = build_app(server)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
    ):
        asking = httpx.AsyncClient(transport=transport, base_url="http://server")
        with portal.wrap_async_context_manager(asking):
            yield Running(Client(portal, asking), server, fake)
