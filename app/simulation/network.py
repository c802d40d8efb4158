"""The line between the tills and the server. It loses, repeats, delays, cuts and forges; what it does follows from the step's own chance.

Whatever arrives late arrives as an event of the world, when the till has long given up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeVar

import msgspec

from app.simulation.plan import MINUTE, SECOND, Fault
from app.simulation.server import Reply, SimServer
from sync.protocol import PushAnswer, PushRequest, Result, Status, pack, unpack

T = TypeVar("T")

LATENCY_MS: Final = 30
PATIENCE_MS: Final = 30 * SECOND
LATE_MAX_MS: Final = 90 * MINUTE
KEPT_MAX: Final = 40
PORTAL_PAGE: Final = b"<!doctype html><title>Wi-Fi</title><form>Room number: <input></form>"
BAD_GATEWAY_PAGE: Final = b"<html><h1>502 Bad Gateway</h1></html>"
HTML: Final = "text/html"
PUSH: Final = "push"


class NoAnswer(Exception):
    """Nothing came back. ``is_slow``: the till waited as long as it waits; else it was told at once."""

    def __init__(self, *, is_slow: bool) -> None:
        super().__init__(is_slow)
        self.is_slow = is_slow


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it went over the line."""

    what: str
    credential: str
    body: bytes


class SimNetwork:
    """``later(delay_ms, act)`` puts an event into the world; ``passes(ms)`` lets time go by."""

    def __init__(
        self,
        server: SimServer,
        faults: dict[Fault, float],
        later: Callable[[int, Callable[[], None]], None],
        passes: Callable[[int], None],
    ) -> None:
        self.server = server
        self._faults = faults
        self._later = later
        self.pass_time = passes
        self.is_healed = False
        self.counts: dict[Fault, int] = dict.fromkeys(Fault, 0)
        self.requests = 0
        self._sent: list[Sent] = []
        self._replies: list[Reply] = []
        self.seen: Callable[[Sent, Reply], None] = lambda sent, reply: None
        """Told of everything that the server answers, whether the answer arrives or not."""

    def ask(self, sent: Sent, random: Random, *, is_cut_off: bool) -> Reply:
        """Raises NoAnswer."""
        self.requests += 1
        self.pass_time(LATENCY_MS)
        if is_cut_off:
            raise NoAnswer(is_slow=False)
        fault = None if self.is_healed else self._fault(random)
        if fault is None:
            return self._deliver(sent)
        self.counts[fault] += 1
        return self._spoil(fault, sent, random)

    def replay(self, random: Random) -> str:
        """Somebody sends again what went over the line a while ago."""
        if not self._sent:
            return "nothing"
        sent = random.choice(self._sent)
        return f"{sent.what} {self._answer(sent).status}"

    def _fault(self, random: Random) -> Fault | None:
        for fault, chance in self._faults.items():
            if chance and random.random() < chance:
                return fault
        return None

    def _spoil(self, fault: Fault, sent: Sent, random: Random) -> Reply:
        match fault:
            case Fault.REQUEST_LOST:
                raise self._gone()
            case Fault.ANSWER_LOST:
                self._deliver(sent)
                raise self._gone()
            case Fault.LATE:
                delay = random.randrange(PATIENCE_MS, LATE_MAX_MS)
                self._later(delay, lambda: self._deliver_late(sent))
                raise self._gone()
            case Fault.TWICE:
                self._deliver(sent)
                return self._deliver(sent)
            case Fault.CUT_OFF:
                whole = self._deliver(sent)
                return replace(whole, body=whole.body[: random.randrange(len(whole.body))])
            case Fault.PORTAL:
                return Reply(200, PORTAL_PAGE, HTML)
            case Fault.BAD_GATEWAY:
                return Reply(random.choice((502, 503, 504)), BAD_GATEWAY_PAGE, HTML)
            case Fault.TOO_MANY:
                return Reply(429, b"", HTML, retry_after=random.randint(1, 60))
            case Fault.OTHER_ANSWER:
                now = self._deliver(sent) if random.random() < 0.5 or not self._replies else None
                return random.choice(self._replies) if self._replies else now or Reply(504, b"", HTML)
            case Fault.PARTLY:
                return self._partly(sent, random)

    def _partly(self, sent: Sent, random: Random) -> Reply:
        """As a server answers whose database was busy with some of the records: those are to be sent again."""
        request = _push_in(sent)
        if request is None or len(request.records) < 2:
            return self._deliver(sent)
        *others, last = request.records
        taken = {record.seq for record in others if random.random() < 0.5} | {last.seq}
        fewer = msgspec.structs.replace(
            request, records=tuple(record for record in request.records if record.seq in taken)
        )
        reply = self._deliver(replace(sent, body=pack(fewer)))
        if reply.status != 200:
            return reply
        answer = unpack(reply.body, PushAnswer)
        said = {result.hash: result for result in answer.results}
        results = tuple(
            said.get(record.hash, Result(record.id, record.hash, Status.RETRY)) for record in request.records
        )
        return replace(reply, body=pack(msgspec.structs.replace(answer, results=results)))

    def _gone(self) -> NoAnswer:
        self.pass_time(PATIENCE_MS)
        return NoAnswer(is_slow=True)

    def _deliver(self, sent: Sent) -> Reply:
        """The request arrives and so does the answer."""
        _keep(self._sent, sent)
        reply = self._answer(sent)
        _keep(self._replies, reply)
        self.pass_time(LATENCY_MS)
        return reply

    def _deliver_late(self, sent: Sent) -> None:
        self._answer(sent)

    def _answer(self, sent: Sent) -> Reply:
        reply = self.server.ask(sent.what, sent.credential, sent.body)
        self.seen(sent, reply)
        return reply


def _push_in(sent: Sent) -> PushRequest | None:
    return unpack(sent.body, PushRequest) if sent.what == PUSH else None


def _keep(kept: list[T], one: T) -> None:
    kept.append(one)
    if len(kept) > KEPT_MAX:
        del kept[0]
