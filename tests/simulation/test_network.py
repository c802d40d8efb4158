"""What the line does to one request, fault by fault."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from app.simulation.network import NoAnswer, Sent, SimNetwork
from app.simulation.plan import Fault
from app.simulation.server import Reply
from sync.protocol import PushAnswer, PushRequest, Record, Result, Status, pack, unpack

ANSWER = Reply(200, b"whole answer")
SENT = Sent("pull", "token", b"question")


class CountingServer:
    """Says the same to everything, or to a push that it took what came."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def ask(self, what: str, credential: str, body: bytes) -> Reply:
        self.asked.append(body)
        if what != "push":
            return ANSWER
        request = unpack(body, PushRequest)
        results = tuple(Result(record.id, record.hash, Status.APPLIED) for record in request.records)
        return Reply(
            200, pack(PushAnswer(request.batch, request.nonce, 1, 9, bytes(32), results, is_whole=True))
        )


class Line:
    def __init__(self, fault: Fault | None) -> None:
        self.server = CountingServer()
        self.later: list[Callable[[], None]] = []
        self.waited = 0
        faults = {} if fault is None else {fault: 1.0}
        self.network = SimNetwork(self.server, faults, lambda _, act: self.later.append(act), self._wait)  # type: ignore[arg-type]

    def _wait(self, milliseconds: int) -> None:
        self.waited += milliseconds

    def ask(self, sent: Sent = SENT) -> Reply:
        return self.network.ask(sent, Random(1), is_cut_off=False)


def test_a_good_line_brings_the_question_there_and_the_answer_back() -> None:
    line = Line(None)
    assert line.ask() == ANSWER
    assert line.server.asked == [SENT.body]


@pytest.mark.parametrize(
    ("fault", "arrivals"), [(Fault.REQUEST_LOST, 0), (Fault.ANSWER_LOST, 1), (Fault.LATE, 0)]
)
def test_no_answer_says_nothing_of_whether_the_request_arrived(fault: Fault, arrivals: int) -> None:
    line = Line(fault)
    with pytest.raises(NoAnswer):
        line.ask()
    assert len(line.server.asked) == arrivals
    assert line.waited >= 30_000


def test_what_is_late_arrives_when_the_till_has_given_up() -> None:
    line = Line(Fault.LATE)
    with pytest.raises(NoAnswer):
        line.ask()
    (arrive,) = line.later
    arrive()
    assert line.server.asked == [SENT.body]


@pytest.mark.parametrize(("fault", "status"), [(Fault.PORTAL, 200), (Fault.TOO_MANY, 429)])
def test_others_answer_in_the_servers_place(fault: Fault, status: int) -> None:
    line = Line(fault)
    reply = line.ask()
    assert (reply.status, reply.media) == (status, "text/html")
    assert line.server.asked == []


def test_an_answer_that_is_cut_off_is_shorter_than_it_was() -> None:
    assert ANSWER.body.startswith(Line(Fault.CUT_OFF).ask().body)
    assert Line(Fault.CUT_OFF).ask().body != ANSWER.body


def test_a_request_that_arrives_twice_is_answered_once() -> None:
    line = Line(Fault.TWICE)
    assert line.ask() == ANSWER
    assert len(line.server.asked) == 2


def test_who_is_cut_off_is_told_at_once() -> None:
    line = Line(None)
    with pytest.raises(NoAnswer) as raised:
        line.network.ask(SENT, Random(1), is_cut_off=True)
    assert not raised.value.is_slow


def test_a_busy_server_asks_for_some_of_the_records_again() -> None:
    records = tuple(
        Record(seq, bytes([seq] * 16), "event", 1, 1, bytes(32), bytes([seq] * 32), b"{}")
        for seq in range(1, 9)
    )
    request = PushRequest(bytes(16), 1, bytes(16), bytes(16), 1, records[-1].hash, bytes(64), records)
    line = Line(Fault.PARTLY)
    answer = unpack(line.ask(Sent("push", "token", pack(request))).body, PushAnswer)
    said = [result.status for result in answer.results]
    assert [result.hash for result in answer.results] == [record.hash for record in records]
    assert said[-1] is Status.APPLIED
    taken = unpack(line.server.asked[0], PushRequest).records
    assert said.count(Status.RETRY) == len(records) - len(taken) > 0
