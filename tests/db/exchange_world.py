"""Real tills and the real server core, exchanging what they have: for the tests of the till's side of sync.

Nothing goes over a network: a till's outgoing facts become a request, the answer is settled, and the feed comes back as pages. Sizes are
drawn from the test's own random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text

from app.domain.ids import Uuid7Source
from app.service.exchange_ports import FILLING, Acknowledgement, Answer, Incoming, Outgoing, Settled, Verdict
from db.exchange import SqliteExchange
from db.store import SqliteStore, create_store
from sync.protocol import (
    Change,
    MemberKey,
    PullRequest,
    PushAnswer,
    PushRequest,
    ReconcileRequest,
    Record,
    SnapshotRequest,
    Stage,
    push_claim,
)
from sync.server.database import Database, open_database
from sync.server.pull import pull, reconcile, snapshot
from sync.server.push import push
from sync.server.spread import spread, waiting
from sync.server.tenants import Device
from tests.builders import OCCURRED_AT
from tests.db.tills import KEY, FakeClock
from tests.sync.server.conftest import furnished
from tests.sync.server.tills import TENANT, fact_id


@dataclass(slots=True)
class Till:
    """A till with a file of its own, paired."""

    number: int
    store: SqliteStore
    clock: FakeClock
    device: Device
    private: Ed25519PrivateKey
    batches: int = 0

    @property
    def exchange(self) -> SqliteExchange:
        return self.store.exchange

    def request(self, sent: Outgoing) -> PushRequest:
        """What this till pushes, signed."""
        self.batches += 1
        batch = fact_id(3, self.number, self.batches).bytes
        records = tuple(
            Record(one.seq, one.id, one.kind, one.occurred_at, one.hlc, one.prev, one.hash, one.body)
            for one in sent.facts
        )
        head = records[-1].hash
        claim = push_claim(batch, self.device.device_id.bytes, sent.incarnation, head)
        return PushRequest(
            device=self.device.device_id.bytes,
            incarnation=sent.incarnation,
            batch=batch,
            nonce=bytes(16),
            sent_at=self.clock.now,
            head=head,
            signature=self.private.sign(claim),
            records=records,
            keys=tuple(MemberKey(member.bytes, key) for member, key in sent.keys),
        )


class World:
    """Tills of one shop, and their server on SQLite."""

    def __init__(self, folder: Path, tills: int, seed: int = 0) -> None:
        self.folder = folder
        self.random = Random(seed)
        self.now = OCCURRED_AT  # the server's clock
        self.database: Database = furnished(open_database(str(folder / "server.db")))
        self.tills = [self.new_till(number + 1) for number in range(tills)]

    def new_till(self, number: int) -> Till:
        clock = FakeClock()
        bits = Random(f"bits {number}")
        ids = Uuid7Source(clock.now_ms, bits.getrandbits)
        store = create_store(
            self.folder / f"till{number}.db",
            KEY,
            store_code="01",
            till_code=str(number),
            clock=clock,
            ids=ids,
        )
        keys = Random(f"keys {number}")
        store.member_keys = lambda: keys.randbytes(32)
        private = Ed25519PrivateKey.from_private_bytes(Random(f"till {number}").randbytes(32))
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        device = Device(TENANT, store.device_id, f"{TENANT.hex}.{number:08x}", public, "01", str(number))
        return Till(number, store, clock, device, private)

    def close(self) -> None:
        for till in self.tills:
            till.store.close()
        self.database.close()

    def push_once(self, till: Till, *, facts_max: int = 200, is_answer_lost: bool = False) -> Settled | None:
        """One batch; None when nothing waits."""
        sent = till.exchange.outgoing(facts_max=facts_max, bytes_max=1 << 20)
        if sent is None:
            return None
        request = till.request(sent)
        answer: PushAnswer = self.database.run(TENANT, lambda db: push(db, till.device, request, self.now))
        if is_answer_lost:
            return Settled(0)
        return till.exchange.settle(acknowledged(sent.incarnation, answer), at=till.clock.now)

    def pull_once(self, till: Till, *, limit: int = 200) -> bool:
        """One page; whether there may be more."""
        state = till.exchange.state()
        server, after = state.server, state.pulled
        if server == 0 or state.filling:
            after = 0
            till_server = server
            answer = self.database.run(
                TENANT, lambda db: pull(db, till.device, PullRequest(0, 0, limit), self.now)
            )
            assert till_server in (0, answer.server)
            till.exchange.fill(answer.server, "", 0, (), after=0, at=till.clock.now)
        else:
            answer = self.database.run(
                TENANT, lambda db: pull(db, till.device, PullRequest(server, after, limit), self.now)
            )
        if answer.must_restart:
            self.restart(till, answer.server)
            return True
        till.exchange.take_in(answer.server, incoming(answer.changes), last=answer.last, at=till.clock.now)
        return answer.last < answer.newest

    def restart(self, till: Till, server: int) -> None:
        till.exchange.start_over(server, at=till.clock.now)
        self.fill(till)

    def fill(self, till: Till, *, limit: int = 200) -> None:
        """A whole first filling, from where it stopped."""
        while True:
            state = till.exchange.state()
            if not state.filling:
                return
            for stage in FILLING[FILLING.index(state.filling) :]:
                self._fill_stage(till, Stage(stage), limit)
            state = till.exchange.state()
            till.exchange.fill(state.server, "", state.filling_as_of, (), after=0, at=till.clock.now)

    def _fill_stage(self, till: Till, stage: Stage, limit: int) -> None:
        state = till.exchange.state()
        as_of, after = state.filling_as_of, state.filling_after if state.filling == stage else 0
        while True:
            asked = SnapshotRequest(stage, as_of, after, limit)
            answer = self.database.run(TENANT, lambda db, asked=asked: snapshot(db, till.device, asked))  # type: ignore[misc]
            till.exchange.fill(
                answer.server,
                stage.value,
                answer.as_of,
                incoming(answer.changes),
                after=answer.next,
                at=till.clock.now,
            )
            as_of, after = answer.as_of, answer.next
            if not after:
                return

    def spread(self) -> None:
        while self.database.run_house(lambda db: waiting(db, TENANT)):
            self.database.run_house(lambda db: spread(db, TENANT, now=self.now))

    def drain(self, tills: Sequence[Till] | None = None, rounds: int = 40) -> None:
        """Everybody sends and hears everything, in an order that the seed decides."""
        tills = list(tills or self.tills)
        for _ in range(rounds):
            self.random.shuffle(tills)
            before = [till.exchange.state() for till in tills]
            for till in tills:
                while self.push_once(till, facts_max=self.random.randrange(1, 60)) is not None:
                    pass
                while self.pull_once(till, limit=self.random.randrange(1, 60)):
                    pass
            after = [till.exchange.state() for till in tills]
            if not any(one.waiting for one in after) and [one.pulled for one in before] == [
                one.pulled for one in after
            ]:
                break
        self.spread()

    def rows(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        return self.database.run_house(lambda db: [tuple(row) for row in db.execute(text(statement), values)])

    def different(self, till: Till) -> tuple[str, ...]:
        """What the server says that this till holds otherwise."""
        asked = ReconcileRequest(till.exchange.state().pulled, till.exchange.sums())
        return self.database.run(TENANT, lambda db: reconcile(db, till.device, asked)).different


def incoming(changes: Sequence[Change]) -> tuple[Incoming, ...]:
    return tuple(
        Incoming(
            one.feed_seq,
            one.entity,
            one.id,
            one.device,
            one.incarnation,
            one.seq,
            one.hlc,
            one.hash,
            one.body,
            one.key,
        )
        for one in changes
    )


def acknowledged(incarnation: int, answer: PushAnswer) -> Acknowledgement:
    return Acknowledgement(
        answer.server,
        incarnation,
        answer.watermark_seq,
        answer.watermark_hash,
        tuple(Answer(one.id, one.hash, Verdict(one.status.value), one.code) for one in answer.results),
    )
