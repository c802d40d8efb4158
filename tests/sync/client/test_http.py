"""The real way to the real server, and what the system says when there is none."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

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


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asked: list[str] = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(307)
            self.send_header("location", "/sync/v1/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Redirecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    transport = HttpTransport(parse_address(f"http://127.0.0.1:{server.server_port}"))
    try:
        assert transport.send("push", b"facts", "token").status == 307
    finally:
        transport.close()
        server.shutdown()
        server.server_close()
    assert asked == ["/sync/v1/push"]


def test_nothing_is_decoded_on_the_way_and_no_more_is_read_than_an_answer_may_be_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def say() -> None:
            guest, _ = listening.accept()
            with guest:
                guest.recv(65_536)
                guest.sendall(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2000\r\n\r\n")
                guest.sendall(bytes(2_000))

        for most, expected in ((2_000, 2_000), (1_999, None)):
            threading.Thread(target=say, daemon=True).start()
            address = parse_address(f"http://127.0.0.1:{listening.getsockname()[1]}")
            transport = HttpTransport(address, answer_bytes_max=most)
            if expected is None:
                with pytest.raises(Trouble) as found:
                    transport.send("pull", b"")
                assert found.value.problem is Problem.TOO_LARGE
            else:
                assert len(transport.send("pull", b"").body) == expected
            transport.close()


def test_a_watch_that_comes_too_late_does_not_cut_the_next_request(database: Database) -> None:
    with served(database) as port:
        transport = HttpTransport(parse_address(f"http://127.0.0.1:{port}"))
        transport.send("push", b"", "nobody")
        transport._line._too_long(0)
        assert transport.send("push", b"", "nobody").status == 400
        transport.close()
