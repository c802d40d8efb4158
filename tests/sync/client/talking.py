"""A till with its engine, and a way to the real server's HTTP shell in the test's own process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

import msgspec

from app.domain.loyalty.value import ValueAccountId
from app.service.lease_ports import GrantedLease, LeaseAsk
from sync.client.engine import Engine, Intervals
from sync.client.identity import DeviceKey
from sync.client.rounds import Step
from sync.client.transport import Response
from sync.client.trouble import Problem, Trouble
from sync.protocol import MEDIA_TYPE, Failure, pack, unpack
from sync.server.database import Database
from tests.fakes import FakeClock
from tests.sync.client.memory import MemoryExchange
from tests.sync.server.driver import rows
from tests.sync.server.shell import Running
from tests.sync.server.tills import NOW, TENANT, Till

Send = Callable[[], Response]
Disturb = Callable[[str, Send], Response]
"""(path, send it) -> what the till sees; it may raise Trouble, send twice, or change the answer."""


@dataclass
class ShellTransport:
    """Straight into the shell. ``disturb`` stands on the way."""

    up: Running
    disturb: Disturb = lambda _path, send: send()
    paths: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def send(self, path: str, body: bytes, token: str = "") -> Response:
        self.paths.append(path)
        self.bodies.append(body)

        def through() -> Response:
            headers = {"content-type": MEDIA_TYPE} | ({"authorization": f"Bearer {token}"} if token else {})
            answer = self.up.client.post(f"/sync/v1/{path}", content=body, headers=headers)
            media = answer.headers.get("content-type", "").partition(";")[0]
            later = int(answer.headers.get("retry-after", 0)) * 1000
            return Response(answer.status_code, media, answer.content, later)

        return self.disturb(path, through)

    def abort(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class HeldIdentity:
    """A key in memory."""

    key: DeviceKey
    is_open: bool = True

    def can_replace(self) -> bool:
        return self.is_open

    def replace(self, key: DeviceKey) -> None:
        assert key.key_id
        self.key = key


@dataclass
class Talk:
    """One till in talk with one server."""

    exchange: MemoryExchange
    identity: HeldIdentity
    transport: ShellTransport
    clock: FakeClock
    engine: Engine

    @property
    def till(self) -> Till:
        return self.exchange.till

    def round(self) -> list[Step]:
        """The steps of one whole round."""
        steps = [self.engine.step()]
        while not steps[-1].is_last:
            steps.append(self.engine.step())
        return steps

    def settle(self, rounds: int = 30) -> None:
        """Rounds until all is well."""
        for _ in range(rounds):
            self.clock.forward(seconds=3)
            self.transport.up.fake.now += 3_000
            last = self.round()[-1]
            if last.problem is None and not self.exchange.state().waiting:
                return
        raise AssertionError(f"not settled: {last}, {self.exchange.state()}")


def talk(up: Running, till: Till, *, intervals: Intervals = Intervals()) -> Talk:  # noqa: B008
    """A till that was paired a moment ago, beside a clock that goes as the server's."""
    exchange = MemoryExchange(till)
    key = DeviceKey(up.pair(till), NOW, till.private.private_bytes_raw())
    identity, transport, clock = HeldIdentity(key), ShellTransport(up), FakeClock()
    clock.now = up.fake.now
    random = Random(till.number)
    engine = Engine(exchange, identity, transport, clock, random.randbytes, intervals)
    return Talk(exchange, identity, transport, clock, engine)


def lost(problem: Problem = Problem.TIMEOUT) -> Trouble:
    return Trouble(problem)


# --- what tests do over and over -----------------------------------------------------------------------------------------


def facts_at(database: Database) -> int:
    return int(str(rows(database, "SELECT count(*) FROM fact WHERE tenant_id = :t", t=TENANT.hex)[0][0]))


def a_busy_till(sales: int = 7, number: int = 1) -> Till:
    till = Till(number)
    for price in range(1, sales + 1):
        till.sells([price])
    return till


def only(path: str, what: Callable[[Send], Response], *, times: int = 1) -> Disturb:
    """Disturb this request, so many times."""
    left = [times]

    def disturb(asked: str, send: Send) -> Response:
        if asked != path or not left[0]:
            return send()
        left[0] -= 1
        return what(send)

    return disturb


def failure(status: int, code: str, *, later: int = 0) -> Callable[[Send], Response]:
    body = msgspec.json.encode(Failure(code, "r", 1))
    return lambda _send: Response(status, "application/json", body, later)


def changed(kind: type[msgspec.Struct], **fields: object) -> Callable[[Send], Response]:
    """The server's answer with these fields otherwise."""

    def change(send: Send) -> Response:
        answer: msgspec.Struct = unpack(send().body, kind)
        return Response(200, MEDIA_TYPE, pack(msgspec.structs.replace(answer, **fields)))

    return change


class OneQuestion:
    """A book of leases that wants to know what it holds."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.answers: list[tuple[GrantedLease, ...]] = []

    def wanted(self, at: int) -> LeaseAsk | None:
        return LeaseAsk(self._till.incarnation, self._till.seq, (), ())

    def granted(self, incarnation: int, leases: Sequence[GrantedLease], *, at: int) -> None:
        self.answers.append(tuple(leases))

    def is_paired(self) -> bool:
        return True

    def spendable(self, account_id: ValueAccountId, at: int) -> int:
        return 0

    def is_here(self, accounts: Iterable[ValueAccountId], at: int) -> None: ...
    def on_need(self, wake: Callable[[], None]) -> None: ...
