"""A till with its engine, and a way to the real server's HTTP shell in the test's own process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sync.client.engine import Engine, Intervals
from sync.client.identity import DeviceKey
from sync.client.rounds import Step
from sync.client.transport import Response
from sync.client.trouble import Problem, Trouble
from sync.protocol import MEDIA_TYPE
from tests.fakes import FakeClock
from tests.sync.client.memory import MemoryExchange
from tests.sync.server.shell import Running
from tests.sync.server.tills import NOW, Till

Disturb = Callable[[str, Callable[[], Response]], Response]
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
