"""The HTTP shell: a request is read within its limits, handed to a function of the core in one transaction, and its answer is sent.

Nothing is decided here that the core could decide. Work on the database runs in a few threads; who comes when all are taken and the queue
is long is told to come back.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Final, Protocol, TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app import log
from sync.protocol import (
    LeaseRequest,
    PairRequest,
    PullRequest,
    PushAnswer,
    PushRequest,
    ReconcileRequest,
    RotateRequest,
    SnapshotRequest,
    TokenRequest,
)
from sync.server import hub, trust
from sync.server.database import Database
from sync.server.leases import lease
from sync.server.limits import PAIRING, TILL, TOKEN, OneAtATime, RateLimiter
from sync.server.metrics import Metrics
from sync.server.office_http import office_routes
from sync.server.openapi import description
from sync.server.pull import pull, reconcile, snapshot
from sync.server.push import push
from sync.server.refusal import Denied, busy, forbidden, unauthorised
from sync.server.relay import introduce, relay, till_of
from sync.server.spreader import Spreader
from sync.server.tenants import Device
from sync.server.wire import Shell, Watched, answer, json_answer, read_message, refusals

T = TypeVar("T")

THREADS_MAX: Final = 6
QUEUE_MAX: Final = 200
KEY_NAME_BYTES: Final = 16
FINISH_WITHIN_SECONDS: Final = 10


class Background(Protocol):
    """What works beside the requests, from the server's start to its end. ``wake`` says that there is something to do."""

    def start(self) -> None: ...
    def wake(self) -> None: ...
    def stop(self) -> None: ...


class Server:
    """Everything that one process of the server holds. ``is_hub``: it keeps what its tills say for the server above,
    and ``upward`` tells it there.
    """

    def __init__(
        self,
        database: Database,
        shell: Shell,
        *,
        worker: str = "0",
        is_hub: bool = False,
    ) -> None:
        self.is_hub = is_hub
        self.upward: Background | None = None
        self.database = database
        self.shell = shell
        self.metrics = Metrics(worker)
        self.spreader = Spreader(database, shell.now_ms, self.metrics)
        self.one_at_a_time = OneAtATime()
        self.till_rate = RateLimiter(TILL)
        self.token_rate = RateLimiter(TOKEN)
        self.pairing_rate = RateLimiter(PAIRING)
        self._threads: anyio.CapacityLimiter | None = None

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Run it where it may wait for the database. Raises Denied(503) when too many wait already."""
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(THREADS_MAX)
        if self._threads.statistics().tasks_waiting >= QUEUE_MAX:
            raise busy("queue_full", 2)
        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    async def as_till(
        self, request: Request, work: Callable[[Connection, Device, int], T], *, is_reading: bool = False
    ) -> T:
        """In one transaction of the tenant that the token names: see whose token it is, then do the work."""
        credential, now = bearer(request), self.shell.now_ms()
        tenant_id = trust.tenant_in(credential)
        self.till_rate.count(credential, now)

        def run(db: Connection) -> T:
            return work(db, trust.authenticate(db, credential, now), now)

        with self.one_at_a_time.enter(credential):
            return await self.in_thread(partial(self.database.run, tenant_id, run, is_reading=is_reading))


def build_app(server: Server) -> Starlette:
    """The application; its life starts and ends the worker that spreads."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        server.spreader.start()
        if server.upward is not None:
            server.upward.start()
        log.server.info("ready")
        yield
        if server.upward is not None:
            await anyio.to_thread.run_sync(server.upward.stop)
        await anyio.to_thread.run_sync(server.spreader.stop)
        server.database.close()
        log.server.info("stopped")

    routes = [*sync_routes(server), *office_routes(server), *own_routes(server)]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Watched, shell=server.shell, metrics=server.metrics)],
        exception_handlers=refusals(server.shell),
        lifespan=lifespan,
    )


def bearer(request: Request) -> str:
    """The credential of a request. Raises Denied(401)."""
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not credential or not credential.isascii():
        raise unauthorised("credential")
    return credential


def sync_routes(server: Server) -> list[Route]:
    """What tills ask."""
    desk = _TillDesk(server)
    asks = (
        desk.pair, desk.token, desk.rotate, desk.push, desk.pull, desk.reconcile, desk.snapshot, desk.lease,
        desk.introduce, desk.relay,
    )  # fmt: skip
    return [Route(f"/sync/v1/{ask.__name__}", ask, methods=["POST"]) for ask in asks]


class _TillDesk:
    """One method for each request of the protocol. Who names no credential is sent away before the body is read."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def pair(self, request: Request) -> Response:
        server, now = self._server, self._server.shell.now_ms()
        server.pairing_rate.count(_caller(request), now)
        asked = await read_message(request, PairRequest)
        trust.check_pairing(asked)
        name = server.shell.random(KEY_NAME_BYTES).hex()

        def work() -> object:
            tenant_id = server.database.run_house(lambda db: trust.find_code(db, asked.code, now))
            if tenant_id is None:
                raise forbidden("code_wrong")
            pair = hub.pair if server.is_hub else trust.pair
            return server.database.run(tenant_id, lambda db: pair(db, tenant_id, asked, now, name))

        return answer(request, await server.in_thread(work))

    async def token(self, request: Request) -> Response:
        server = self._server
        asked = await read_message(request, TokenRequest)
        now = server.shell.now_ms()
        server.token_rate.count(asked.key_id, now)
        tenant_id = trust.tenant_in(asked.key_id)
        work = partial(server.database.run, tenant_id, lambda db: trust.token(db, asked, now))
        return answer(request, await server.in_thread(work))

    async def rotate(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, RotateRequest)
        name = self._server.shell.random(KEY_NAME_BYTES).hex()
        rotate = hub.rotate if self._server.is_hub else trust.rotate
        done = await self._server.as_till(request, lambda db, till, now: rotate(db, till, asked, now, name))
        return answer(request, done)

    async def push(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, PushRequest)
        take = hub.push_through if self._server.is_hub else push
        return self._taken_in(
            request, await self._server.as_till(request, lambda db, till, now: take(db, till, asked, now))
        )

    async def relay(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, PushRequest)
        return self._taken_in(
            request, await self._server.as_till(request, lambda db, hub, now: relay(db, hub, asked, now))
        )

    def _taken_in(self, request: Request, done: PushAnswer) -> Response:
        self._server.metrics.took_in(Counter(result.status.value for result in done.results))
        self._server.spreader.wake()
        self._wake_upward()
        return answer(request, done)

    def _wake_upward(self) -> None:
        if self._server.upward is not None:
            self._server.upward.wake()

    async def introduce(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, PairRequest)
        return answer(
            request,
            await self._server.as_till(request, lambda db, hub, now: introduce(db, hub, asked, now)),
        )

    async def lease(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, LeaseRequest)
        give = hub.lease_through if self._server.is_hub else lease

        def work(db: Connection, device: Device, now: int) -> object:
            whose = till_of(db, device, asked.device, now) if asked.device else device
            return give(db, whose, asked, now)

        done = await self._server.as_till(request, work)
        self._wake_upward()
        return answer(request, done)

    async def pull(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, PullRequest)
        return answer(request, await self._reading(request, lambda db, till, now: pull(db, till, asked, now)))

    async def reconcile(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, ReconcileRequest)
        return answer(request, await self._reading(request, lambda db, till, _: reconcile(db, till, asked)))

    async def snapshot(self, request: Request) -> Response:
        bearer(request)
        asked = await read_message(request, SnapshotRequest)
        return answer(request, await self._reading(request, lambda db, till, _: snapshot(db, till, asked)))

    async def _reading(self, request: Request, work: Callable[[Connection, Device, int], T]) -> T:
        return await self._server.as_till(request, work, is_reading=True)


def own_routes(server: Server) -> list[Route]:
    """What whoever runs the server asks."""

    async def on_health(request: Request) -> Response:
        def ask() -> None:
            server.database.run_house(lambda db: db.exec_driver_sql("SELECT 1"), is_reading=True)

        try:
            with anyio.fail_after(FINISH_WITHIN_SECONDS):
                await server.in_thread(ask)
        except (Denied, TimeoutError) as error:
            raise busy("database_busy") from error
        return json_answer({"status": "ok"})

    async def on_metrics(request: Request) -> Response:
        return PlainTextResponse(server.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def on_description(request: Request) -> Response:
        return json_answer(description())

    return [
        Route("/health", on_health, methods=["GET"]),
        Route("/metrics", on_metrics, methods=["GET"]),
        Route("/openapi.json", on_description, methods=["GET"]),
    ]


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""
