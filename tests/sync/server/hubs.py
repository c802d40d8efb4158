"""A store's hub below a central server: two servers behind their HTTP shells, and a line between them that can be cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sync.protocol import MEDIA_TYPE, PAIR_HUB, PairAnswer, PairRequest, PushAnswer, pair_claim
from sync.server.database import Database, open_database
from sync.server.hub import Upstream, join
from sync.server.migrate import upgrade
from sync.server.upward import Stepped, Unreachable, Upward
from tests.sync.server.driver import spread_all
from tests.sync.server.shell import Running, running
from tests.sync.server.tills import TENANT, Till, fact_id


@dataclass
class Line:
    """What the hub sends goes to the server above, unless the line is cut; ``garble`` changes answers on their way."""

    above: Running
    is_cut: bool = False
    asked: list[str] = field(default_factory=list)
    lose_answers: bool = False
    instead: tuple[int, bytes] | None = None

    def __call__(self, what: str, body: bytes, token: str) -> tuple[int, bytes]:
        if self.is_cut:
            raise Unreachable("no_network")
        self.asked.append(what)
        headers = {"content-type": MEDIA_TYPE} | ({"authorization": f"Bearer {token}"} if token else {})
        answer = self.above.client.post(f"/sync/v1/{what}", content=body, headers=headers)
        if self.lose_answers:
            raise Unreachable("timeout")
        return self.instead or (answer.status_code, answer.content)


@dataclass
class HubBelow:
    """A hub that is paired with the server above. ``tokens`` are those of its tills."""

    above: Running
    below: Running
    line: Line
    upward: Upward
    device: UUID
    tokens: dict[int, str] = field(default_factory=dict)

    def step(self) -> Stepped:
        return self.upward.step(self.line)

    def drain(self) -> Stepped:
        """Until a step does nothing more; what waits for another try is waited for."""
        for _ in range(12):
            done = self.step()
            assert not done.problem, done.problem
            self.later(3_600_000)
            if not (done.relayed or done.taken or done.is_more):
                break
        self.spread()
        return done

    def later(self, milliseconds: int) -> None:
        self.above.fake.now += milliseconds
        self.below.fake.now += milliseconds
        self.tokens.clear()

    def spread(self) -> None:
        spread_all(self.above.database)
        spread_all(self.below.database)

    def pairs(self, till: Till) -> None:
        till.key_id = self.below.pair(till, self.below.code(store=till.device.store_code))  # type: ignore[attr-defined]

    def token(self, till: Till) -> str:
        if till.number not in self.tokens:
            self.tokens[till.number] = self.below.token(till, till.key_id)  # type: ignore[attr-defined]
        return self.tokens[till.number]

    def pushes(self, till: Till, first: int = 0, last: int | None = None, *, batch: int = 1) -> PushAnswer:
        """These records of the till, to the hub."""
        request = till.push_of(till.records[first:last], batch=batch)
        return self.below.ask("push", request, PushAnswer, self.token(till))


def a_hub(above: Running, database: Database, *, number: int = 90, store: str = "S01") -> Upstream:
    """Pair it with the server above."""
    private = Ed25519PrivateKey.from_private_bytes(Random(number).randbytes(32))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    device, code = fact_id(1, number), above.code(store=store, kind=PAIR_HUB)
    proof = private.sign(pair_claim(code, device.bytes, public))
    asked = PairRequest(code, device.bytes, public, proof, "", "HUB", kind=PAIR_HUB)
    answer = above.ask("pair", asked, PairAnswer)
    seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    up = Upstream(TENANT, "http://server", device, answer.key_id, seed, answer.store_code)
    secrets = Random(number + 1).randbytes(64)
    database.run_house(lambda db: join(db, up, answer, now=above.fake.now, secrets=secrets))
    return up


@contextmanager
def hub_below(above: Running, path: Path, *, number: int = 90, store: str = "S01") -> Iterator[HubBelow]:
    database = open_database(str(path))
    upgrade(database)
    up = a_hub(above, database, number=number, store=store)
    with running(database, is_hub=True) as below:
        upward = Upward(database, below.server.shell, TENANT)
        yield HubBelow(above, below, Line(above), upward, up.device_id)
