"""Requests as no till makes them: too large, packed to burst, cut off, wrongly typed, replayed, without end. None is answered with 5xx."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import (
    BATCH_BYTES_MAX,
    INFLATED_BYTES_MAX,
    MEDIA_TYPE,
    Malformed,
    PullRequest,
    PushAnswer,
    PushRequest,
    pack,
    unpack,
)
from sync.server.limits import TILL, Rate, RateLimiter
from sync.server.refusal import Denied
from sync.server.wire import JSON
from tests.sync.server.driver import rows
from tests.sync.server.shell import Running
from tests.sync.server.tills import NOW, Till

BOMB = zlib.compress(bytes(20 * INFLATED_BYTES_MAX), 1)
ASKED = ("pair", "token", "rotate", "push", "pull", "reconcile", "snapshot", "lease", "introduce", "relay")


@pytest.fixture
def token(up: Running) -> str:
    return up.paired(Till(1))


def code_of(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("what", ASKED)
def test_what_is_too_large_is_cut_short(up: Running, token: str, what: str) -> None:
    body = bytes(BATCH_BYTES_MAX + 1)
    assert code_of(up.send(what, None, token, body=body)) == (413, "too_large")


def test_a_body_without_an_announced_length_is_counted_while_it_comes(up: Running, token: str) -> None:
    async def without_end() -> Iterator[bytes]:  # type: ignore[misc]
        for _ in range(64):
            yield bytes(1 << 16)

    headers = {"content-type": MEDIA_TYPE, "authorization": f"Bearer {token}"}
    answer = up.client.post("/sync/v1/push", content=without_end(), headers=headers)
    assert code_of(answer) == (413, "too_large")


@pytest.mark.parametrize("what", ASKED)
def test_what_would_burst_is_never_unpacked_whole(up: Running, token: str, what: str) -> None:
    assert len(BOMB) < BATCH_BYTES_MAX
    assert code_of(up.send(what, None, token, body=BOMB)) == (413, "too_large")


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize(
    "body", [b"", b"<html>", pack(None)[:-3], pack({"a": 1}) + b"more", zlib.compress(b"\xc1")]
)
def test_what_is_no_message_is_refused(up: Running, token: str, what: str, body: bytes) -> None:
    status, _ = code_of(up.send(what, None, token, body=body))
    assert status == 400


@pytest.mark.parametrize("what", ASKED)
def test_fields_of_another_type_are_refused(up: Running, token: str, what: str) -> None:
    for wrong in ({"records": 1}, {"after": "1"}, [1, 2], {"code": 5}, {"device": None}, "text", 7):
        up.fake.now += 20_000
        assert up.send(what, wrong, token).status_code == 400
        as_json = up.send(what, None, token, body=msgspec.json.encode(wrong), media=JSON)
        assert as_json.status_code == 400


def test_numbers_beyond_every_bound_are_refused(up: Running, token: str) -> None:
    for after in (-1, 1 << 62, -(1 << 63)):
        for limit in (0, -1, 1 << 40):
            assert up.send("pull", PullRequest(0, after, limit), token).status_code in (200, 400)
    till = Till(1)
    till.sells()
    good = till.push_of()
    wrong_seqs = [msgspec.structs.replace(till.records[0], seq=seq) for seq in (0, -1, (1 << 63) - 1)]
    answer = up.ask("push", till.push_of(wrong_seqs), PushAnswer, token)
    assert [one.status for one in answer.results] == ["quarantined"] * 3
    assert up.ask("push", good, PushAnswer, token).results[0].status == "applied"


def test_another_media_type_is_refused(up: Running, token: str) -> None:
    assert code_of(up.send("push", None, token, body=b"{}", media="text/plain")) == (415, "media_type")


def test_a_replayed_request_has_no_second_effect(up: Running, token: str) -> None:
    till = Till(1)
    till.sells()
    request = till.push_of()
    first = up.ask("push", request, PushAnswer, token)
    second = up.ask("push", request, PushAnswer, token)
    assert [one.status for one in first.results] == ["applied"]
    assert [one.status for one in second.results] == ["duplicate"]
    assert rows(up.database, "SELECT COUNT(*) FROM fact") == [(1,)]


def test_the_same_message_is_taken_as_json(up: Running, token: str) -> None:
    till = Till(1)
    till.sells()
    answer = up.send("push", None, token, body=msgspec.json.encode(till.push_of()), media=JSON)
    assert answer.headers["content-type"] == JSON
    assert msgspec.json.decode(answer.content, type=PushAnswer).results[0].status == "applied"


def test_who_asks_without_end_is_told_when_to_come_back(up: Running, token: str) -> None:
    answers = [up.send("pull", PullRequest(0, 0), token) for _ in range(TILL.burst + 5)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    up.fake.now += 60_000
    assert up.send("pull", PullRequest(0, 0), token).status_code == 200


def test_a_till_has_one_request_under_way(up: Running, token: str) -> None:
    with up.server.one_at_a_time.enter(token):
        assert code_of(up.send("pull", PullRequest(0, 0), token)) == (429, "one_at_a_time")
    assert up.send("pull", PullRequest(0, 0), token).status_code == 200


def test_a_bucket_leaks_at_its_rate() -> None:
    limiter = RateLimiter(Rate(burst=2, per_minute=60))
    limiter.count("a", NOW)
    limiter.count("a", NOW)
    with pytest.raises(Denied):
        limiter.count("a", NOW)
    limiter.count("b", NOW)
    limiter.count("a", NOW + 1_000)
    with pytest.raises(Denied):
        limiter.count("a", NOW + 1_000)


def test_every_answer_names_its_request_and_tells_the_time(up: Running) -> None:
    answer = up.send("pull", PullRequest(0, 0))
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.json()["server_time"] == up.fake.now
    assert code_of(up.client.get("/nothing")) == (404, "not_found")
    assert code_of(up.client.get("/sync/v1/push")) == (405, "method")


@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_the_reader_fail_otherwise(data: bytes) -> None:
    for body in (data, zlib.compress(data)):
        try:
            unpack(body, PushRequest)
        except Malformed:
            continue
