"""The engine against the real server: what a round does, and what it makes of everything that can come back."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from random import Random

import msgspec
import pytest

from sync.client.engine import Intervals
from sync.client.rounds import StepKind
from sync.client.transport import Response
from sync.client.trouble import Problem, Trouble
from sync.protocol import (
    MEDIA_TYPE,
    PullAnswer,
    PushAnswer,
    SnapshotAnswer,
    Status,
    pack,
    unpack,
)
from sync.server.database import Database
from tests.sync.client.talking import (
    Send,
    a_busy_till,
    changed,
    facts_at,
    failure,
    only,
    talk,
)
from tests.sync.server.driver import rows
from tests.sync.server.shell import Running
from tests.sync.server.tills import Till, fact_id

# --- a whole round --------------------------------------------------------------------------------------------------------


def test_a_first_round_sends_fills_and_compares(up: Running) -> None:
    other = Till(9)
    other.enrols(fact_id(50), "+886912000001")
    talk(up, other).settle()
    two = talk(up, a_busy_till())
    steps = two.round()
    kinds = [step.kind for step in steps]
    assert kinds[:2] == [StepKind.TOKEN, StepKind.PUSH]
    assert kinds[-2:] == [StepKind.RECONCILE, StepKind.REST]
    assert sum(step.sent for step in steps) == 7
    assert steps[-1].problem is None
    assert facts_at(up.database) == 8
    assert {step.id for step in two.exchange.steps.values()} == {other.records[0].id}
    assert two.exchange.filled == ["catalogue", "members", "books", "visits"]
    assert two.exchange.notes[-1].is_contact
    assert two.exchange.started_over == 0


def test_a_filling_says_how_far_it_is(up: Running) -> None:
    other = Till(9)
    for number in range(40):
        other.points(fact_id(50), number + 1)
    talk(up, other).settle()
    one = talk(up, Till(1))
    one.engine._page_size.now = one.engine._page_size.most = 7
    told = []
    while not (step := one.engine.step()).is_last:
        if step.kind is StepKind.FILL:
            told.append(one.engine.fill_progress)
    assert told == sorted(told)
    assert told[0] == 250, "the catalogue is here: it can sell"
    assert told[-1] == 1000
    assert len(set(told)) > 6


def test_a_quiet_round_asks_how_far_the_server_is_and_for_news(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.settle()
    one.transport.paths.clear()
    one.round()
    assert one.transport.paths == ["push", "pull", "reconcile"]


def test_the_books_are_compared_no_more_often_than_wanted(up: Running) -> None:
    one = talk(up, a_busy_till(), intervals=Intervals(compare_ms=600_000))
    one.round()
    one.transport.paths.clear()
    one.round()
    assert "reconcile" not in one.transport.paths
    one.clock.forward(minutes=10)
    one.round()
    assert "reconcile" in one.transport.paths


def test_news_of_others_arrive_page_by_page(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.settle()
    other = Till(2)
    for number in range(50):
        other.points(fact_id(50), number + 1)
    talk(up, other).settle()
    one.engine._page_size.now = 7
    one.engine._page_size.most = 7
    one.round()
    assert len(one.exchange.steps) == 50
    assert one.exchange.state().pulled == 50


def test_two_lives_go_out_one_after_the_other(up: Running) -> None:
    till = a_busy_till(5)
    one = talk(up, till)
    after = till.next_life(77)
    for price in range(3):
        after.sells([price + 1])
    one.exchange.all_lives.append(after)
    one.settle()
    assert facts_at(up.database) == 8
    assert {one["incarnation"] for one in chains(up.database)} == {till.incarnation, 77}


def chains(database: Database) -> list[dict[str, object]]:
    return [
        dict(zip(("incarnation", "seq"), row, strict=True))
        for row in rows(database, "SELECT incarnation, seq FROM chain")
    ]


# --- answers that are none ------------------------------------------------------------------------------------------------


NO_ANSWERS: dict[str, Callable[[Send], Response]] = {
    "a page of a hotel": lambda send: Response(200, "text/html", b"<html>Welcome"),
    "our media type with a page in it": lambda send: Response(200, MEDIA_TYPE, b"<html>Welcome"),
    "a page after the fact": lambda send: (send(), Response(200, "text/html", b"<html>"))[1],
    "a redirect": lambda send: Response(302, "text/html", b""),
    "nothing": lambda send: Response(204, "", b""),
    "an empty answer": lambda send: Response(200, MEDIA_TYPE, b""),
    "half of it": lambda send: replace(
        sent := send(), body=sent.body[: len(sent.body) // 2]
    ),
    "all but a byte": lambda send: replace(sent := send(), body=sent.body[:-1]),
    "without its end": changed(PushAnswer, is_whole=False),
    "of another batch": changed(PushAnswer, batch=bytes(16)),
    "of another nonce": changed(PushAnswer, nonce=bytes(16)),
    "without results": changed(PushAnswer, results=()),
    "compressed twice": lambda send: replace(sent := send(), body=zlib.compress(sent.body)),
    "a bomb": lambda send: Response(200, MEDIA_TYPE, zlib.compress(bytes(20 << 20))),
    "a gateway's error": lambda send: Response(502, "text/html", b"Bad Gateway"),
    "a broken server": failure(500, "internal"),
    "a busy server": failure(503, "database_busy", later=7_000),
    "a proxy that wants a name": lambda send: Response(407, "text/html", b""),
    "a network that wants a name": lambda send: Response(511, "text/html", b""),
}  # fmt: skip


@pytest.mark.parametrize("what", NO_ANSWERS)
def test_what_is_no_answer_settles_nothing_and_the_facts_go_again(up: Running, what: str) -> None:
    one = talk(up, a_busy_till())
    one.transport.disturb = only("push", NO_ANSWERS[what])
    last = one.round()[-1]
    assert last.problem is not None
    assert one.exchange.state().waiting == 7
    assert one.exchange.settled == []
    one.settle()
    assert facts_at(up.database) == 7


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ("a page of a hotel", Problem.PORTAL),
        ("a redirect", Problem.PORTAL),
        ("nothing", Problem.PORTAL),
        ("half of it", Problem.TRUNCATED),
        ("of another batch", Problem.TRUNCATED),
        ("a bomb", Problem.TOO_LARGE),
        ("a gateway's error", Problem.SERVER_ERROR),
        ("a busy server", Problem.BUSY),
        ("a network that wants a name", Problem.PORTAL),
    ],
)
def test_each_is_called_by_its_name(up: Running, what: str, problem: Problem) -> None:
    one = talk(up, a_busy_till(1))
    one.transport.disturb = only("push", NO_ANSWERS[what])
    assert one.round()[-1].problem in (problem, None)
    assert problem.value in [note.problem for note in one.exchange.notes] or problem is Problem.TOO_LARGE


def test_an_answer_with_another_hash_is_none(up: Running) -> None:
    def forged(send: Send) -> Response:
        answer = unpack(send().body, PushAnswer)
        results = (msgspec.structs.replace(answer.results[0], hash=bytes(32)), *answer.results[1:])
        return Response(200, MEDIA_TYPE, pack(msgspec.structs.replace(answer, results=results)))

    one = talk(up, a_busy_till())
    one.transport.disturb = only("push", forged)
    assert one.round()[-1].problem is Problem.TRUNCATED
    assert one.exchange.state().waiting == 7


@pytest.mark.parametrize("path", ["token", "pull", "snapshot", "reconcile"])
@pytest.mark.parametrize("what", ["a page of a hotel", "half of it", "a gateway's error", "an empty answer"])
def test_every_other_request_takes_no_such_answer_either(up: Running, path: str, what: str) -> None:
    one = talk(up, a_busy_till())
    if path == "pull":
        one.settle()
        one.till.sells([9])
    one.transport.disturb = only(path, NO_ANSWERS[what])
    assert one.round()[-1].problem is not None
    one.settle()
    assert one.exchange.state().filling == ""
    assert facts_at(up.database) == len(one.till.records)


@pytest.mark.parametrize("kind", [PullAnswer, SnapshotAnswer])
def test_an_answer_to_somebody_who_has_come_further_is_none(
    up: Running, kind: type[PullAnswer | SnapshotAnswer]
) -> None:
    """It would leave the first steps out, and nobody would ask for them again."""
    other, one = Till(9), talk(up, a_busy_till())
    if kind is PullAnswer:
        one.settle()
    for number in range(4):
        other.points(fact_id(50), number + 1)
    talk(up, other).settle()

    def further(send: Send) -> Response:
        answer = unpack(send().body, kind)
        ahead = msgspec.structs.replace(answer, after=answer.after + 1, changes=answer.changes[1:])
        return Response(200, MEDIA_TYPE, pack(ahead))

    one.transport.disturb = only("pull" if kind is PullAnswer else "snapshot", further)
    assert one.round()[-1].problem is Problem.TRUNCATED
    one.settle()
    assert len(one.exchange.steps) == len(other.records)


@pytest.mark.parametrize("path", ["pull", "snapshot"])
def test_a_page_out_of_order_is_none(up: Running, path: str) -> None:
    other = Till(9)
    for number in range(4):
        other.points(fact_id(50), number + 1)
    talk(up, other).settle()
    one = talk(up, a_busy_till())

    def swapped(send: Send) -> Response:
        answer = unpack(send().body, PullAnswer)
        return Response(200, MEDIA_TYPE, pack(msgspec.structs.replace(answer, changes=answer.changes[::-1])))

    if path == "pull":
        one.settle()
        other.points(fact_id(50), 90)
        other.points(fact_id(50), 91)
        talk(up, other).settle()
        one.transport.disturb = only("pull", swapped)
        assert one.round()[-1].problem is Problem.TRUNCATED
    one.settle()
    assert len(one.exchange.steps) == len(other.records)


def test_a_late_answer_is_a_duplicate_the_next_time(up: Running) -> None:
    def lost_after_it_arrived(send: Send) -> Response:
        send()
        raise Trouble(Problem.TIMEOUT)

    one = talk(up, a_busy_till())
    one.transport.disturb = only("push", lost_after_it_arrived)
    assert one.round()[-1].problem is Problem.TIMEOUT
    assert facts_at(up.database) == 7
    assert one.exchange.state().waiting == 7
    one.settle()
    assert {said.verdict.value for said in one.exchange.said.values()} == {"duplicate"}


# --- one record never stops another ---------------------------------------------------------------------------------------


def test_what_shall_come_again_does_not_stop_what_is_behind_it(up: Running) -> None:
    def later(send: Send) -> Response:
        answer = unpack(send().body, PushAnswer)
        results = tuple(
            msgspec.structs.replace(one, status=Status.RETRY) if index == 2 else one
            for index, one in enumerate(answer.results)
        )
        return Response(200, MEDIA_TYPE, pack(msgspec.structs.replace(answer, results=results)))

    one = talk(up, a_busy_till())
    one.transport.disturb = only("push", later)
    one.engine._push_size.now = 5
    steps = one.round()
    assert steps[-1].problem is None
    assert one.exchange.state().waiting == 1
    assert sum(step.sent for step in steps) == 6
    one.settle()


@pytest.mark.parametrize(("status", "code"), [(400, "not_a_message"), (413, "too_large"), (500, "internal")])
def test_a_fact_that_the_server_cannot_take_is_passed_by(up: Running, status: int, code: str) -> None:
    one = talk(up, a_busy_till(20))
    bad = one.till.records[6].body

    def disturb(path: str, send: Send) -> Response:
        data = zlib.decompress(one.transport.bodies[-1])
        return failure(status, code)(send) if path == "push" and bad in data else send()

    one.transport.disturb = disturb
    for _ in range(12):
        one.round()
    assert one.exchange.state().waiting == 1
    assert facts_at(up.database) == 19
    assert one.exchange.notes[-1].problem != ""
    one.transport.disturb = lambda _path, send: send()
    one.settle()
    assert facts_at(up.database) == 20


def test_a_batch_is_split_until_it_fits(up: Running) -> None:
    till = Till(1)
    random = Random(1)
    for _ in range(12):
        till.tell(
            {
                "v": 1, "kind": "event", "id": till.new_id().hex, "event": "import", "at": 1_791_000_000_000,
                "details": {"rows": random.randbytes(100_000).hex()},
            }
        )  # fmt: skip
    one = talk(up, till)
    one.settle()
    assert facts_at(up.database) == 12
    assert max(len(body) for body in one.transport.bodies) <= 1 << 20
    assert one.transport.paths.count("push") > 1


def test_a_page_that_is_too_large_is_asked_for_in_parts(up: Running) -> None:
    other = Till(9)
    for number in range(40):
        other.points(fact_id(50), number + 1)
    talk(up, other).settle()
    one = talk(up, Till(1))
    one.settle()
    one.exchange.start_over(one.exchange.state().server, at=0)

    def disturb(path: str, send: Send) -> Response:
        answer = send()
        return (
            replace(answer, body=zlib.compress(bytes(9 << 20)))
            if path == "snapshot" and len(answer.body) > 1_500
            else answer
        )

    one.transport.disturb = disturb
    one.settle()
    assert len(one.exchange.steps) == 40
