"""The real way to the real server, and what the system says when there is none."""

from __future__ import annotations

import socket

import pytest

from sync.client.address import parse_address
from sync.client.http import HttpTransport, Patience
from sync.client.trouble import Problem, Trouble
from sync.server.database import Database
from tests.sync.client.served import served

HASTE = Patience(connect_seconds=0.5, read_seconds=0.5, exchange_seconds=1)


def problem_of(url: str) -> Problem:
    with pytest.raises(Trouble) as found:
        HttpTransport(parse_address(url), HASTE).send("token", b"")
    return found.value.problem


def test_the_server_answers_over_a_real_socket(database: Database) -> None:
    with served(database) as port:
        transport = HttpTransport(parse_address(f"http://127.0.0.1:{port}"))
        answer = transport.send("push", b"not a message", "nobody")
        assert (answer.status, answer.media_type) == (400, "application/json")
        transport.close()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert problem_of(f"http://127.0.0.1:{port}") is Problem.NO_SERVER


def test_a_name_that_nobody_knows() -> None:
    assert problem_of("https://no-such-shop.invalid") in (Problem.DNS, Problem.NO_NETWORK)


def test_who_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert problem_of(f"http://127.0.0.1:{silent.getsockname()[1]}") is Problem.TIMEOUT
