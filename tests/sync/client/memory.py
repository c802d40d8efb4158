"""The till's side of the talk in memory: what a database would keep, with the same promises and nothing behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.ids import DeviceId, MemberId
from app.service.exchange_ports import (
    FILLING,
    Acknowledgement,
    Answer,
    Applied,
    ExchangeState,
    Incoming,
    Outgoing,
    OutgoingFact,
    SetAside,
    Settled,
    Verdict,
)
from sync.protocol import Record
from tests.sync.server.tills import Till

ASIDE = (Verdict.CONFLICT, Verdict.FORK, Verdict.QUARANTINED)
NOTHING = ExchangeState(0, 0, 0, 0, None, None, None, None, "", 0, 0, "", 0, 0)


@dataclass
class Note:
    problem: str
    is_contact: bool


class MemoryExchange:
    """Implements :class:`app.service.exchange_ports.Exchange` over the lives of one till, oldest first."""

    def __init__(self, *lives: Till) -> None:
        self.all_lives = list(lives)
        self.said: dict[int, Answer] = {}  # by seq, what the server said of it
        self.steps: dict[bytes, Incoming] = {}
        self.notes: list[Note] = []
        self.settled: list[Settled] = []
        self.started_over = 0
        self.looked_at: set[int] = set()
        self.filled: list[str] = []
        self.now = NOTHING

    @property
    def till(self) -> Till:
        return self.all_lives[-1]

    @property
    def device_id(self) -> DeviceId:
        return DeviceId(self.till.device.device_id)

    def lives(self) -> tuple[int, ...]:
        return tuple(life.incarnation for life in self.all_lives)

    def state(self) -> ExchangeState:
        waiting = [record for _, record in self._waiting()]
        return replace(
            self.now,
            waiting=len(waiting),
            oldest_waiting_at=waiting[0].occurred_at if waiting else None,
            set_aside=sum(
                said.verdict in ASIDE and seq not in self.looked_at for seq, said in self.said.items()
            ),
        )

    def outgoing(self, *, facts_max: int, bytes_max: int, after_seq: int = 0) -> Outgoing | None:
        waiting = [(life, record) for life, record in self._waiting() if record.seq > after_seq]
        if not waiting:
            return None
        taken: list[OutgoingFact] = []
        life, room = waiting[0][0], bytes_max
        for other, record in waiting[:facts_max]:
            room -= len(record.body)
            if other is not life or (taken and room < 0):
                break
            taken.append(_fact(record))
        keys = tuple((MemberId(member), key) for member, key in life.keys.items())
        return Outgoing(life.incarnation, tuple(taken), keys)

    def settle(self, said: Acknowledgement, *, at: int) -> Settled:
        places = {record.id: record for _, record in self._all()}
        acknowledged = set_aside = 0
        for answer in said.answers:
            record = places[answer.id]
            assert record.hash == answer.hash
            if answer.verdict is Verdict.RETRY:
                continue
            self.said[record.seq] = answer
            acknowledged += 1
            set_aside += answer.verdict in ASIDE
        beyond = [
            record.seq
            for life, record in self._all()
            if life.incarnation == said.incarnation and record.seq > said.watermark_seq
        ]
        # A fact that waits holds the watermark back; one that does not wait and is not there was lost.
        is_lost = bool(beyond) and beyond[0] in self.said
        lost = [seq for seq in beyond if is_lost and self._may_be_lost(seq)]
        for seq in lost:
            del self.said[seq]
        self.settled.append(Settled(acknowledged - set_aside, set_aside, len(lost)))
        self.now = replace(self.now, last_push_at=at)
        return self.settled[-1]

    def _may_be_lost(self, seq: int) -> bool:
        """Facts of a branch are kept beside the chain; no watermark speaks of them."""
        return seq in self.said and self.said[seq].verdict is not Verdict.FORK

    def take_in(self, server: int, page: Sequence[Incoming], *, last: int, at: int) -> Applied:
        assert server == self.now.server
        self.now = replace(self.now, pulled=last, last_pull_at=at)
        return self._apply(page)

    def fill(
        self, server: int, stage: str, as_of: int, page: Sequence[Incoming], *, after: int, at: int
    ) -> Applied:
        if not stage:
            self.now = replace(
                self.now, server=server, filling="", filling_as_of=0, filling_after=0, pulled=as_of
            )
            return Applied(0)
        if not after:
            self.filled.append(stage)
            stage = FILLING[min(FILLING.index(stage) + 1, len(FILLING) - 1)]
        self.now = replace(self.now, server=server, filling=stage, filling_as_of=as_of, filling_after=after)
        return self._apply(page)

    def start_over(self, server: int, *, at: int) -> None:
        self.started_over += 1
        self.steps.clear()
        self.now = replace(
            self.now, server=server, filling=FILLING[0], filling_as_of=0, filling_after=0, pulled=0
        )

    def sums(self) -> tuple[tuple[str, int, int], ...]:
        sums: dict[str, tuple[int, int]] = {}
        for step in self.steps.values():
            count, xor = sums.get(step.entity, (0, 0))
            sums[step.entity] = (count + 1, xor ^ int.from_bytes(step.hash[:8], "big"))
        return tuple((entity, *sums[entity]) for entity in sorted(sums))

    def note(self, *, at: int, problem: str, is_contact: bool) -> None:
        self.notes.append(Note(problem, is_contact))
        contact = at if is_contact else self.now.last_contact_at
        self.now = replace(self.now, last_problem=problem, last_contact_at=contact)

    def set_aside(self, limit: int = 100) -> tuple[SetAside, ...]:
        return tuple(
            SetAside(
                record.seq,
                record.kind,
                self.said[record.seq].verdict,
                self.said[record.seq].code,
                record.occurred_at,
                None,
            )
            for _, record in reversed(self._all())
            if record.seq in self.said and self.said[record.seq].verdict in ASIDE
        )[:limit]

    def settle_set_aside(self, seq: int, *, at: int) -> None:
        self.looked_at.add(seq)

    def _apply(self, page: Sequence[Incoming]) -> Applied:
        known = sum(step.id in self.steps for step in page)
        self.steps.update({step.id: step for step in page})
        return Applied(len(page) - known, known)

    def _all(self) -> list[tuple[Till, Record]]:
        return [(life, record) for life in self.all_lives for record in life.records]

    def _waiting(self) -> list[tuple[Till, Record]]:
        return [(life, record) for life, record in self._all() if record.seq not in self.said]


def _fact(record: Record) -> OutgoingFact:
    return OutgoingFact(
        record.seq, record.id, record.kind, record.occurred_at, record.hlc, record.prev, record.hash, record.body
    )  # fmt: skip
