"""A real TCP proxy between the till's HTTP and the server's, which does to a request whatever a bad line, a bad network or a bad guest can.

A fault is armed for what comes while it is armed; nothing else is touched. No thread of it outlives :meth:`FaultProxy.close`.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final

from sync.protocol import MEDIA_TYPE

WAIT_SECONDS: Final = 20
DRIP_SECONDS: Final = 0.02
HEAD_MAX: Final = 65_536
HUGE_CHUNK: Final = bytes(65_536)


class Fault(StrEnum):
    """Each is one kind of thing that happens on the way."""

    REFUSE = "refuse"
    HANG = "accept and hang"
    RESET_AT_CONNECT = "reset at connect"
    RESET_AFTER_HEAD = "reset after the request's head"
    RESET_MID_BODY = "reset in the middle of the request"
    RESET_BEFORE_RESPONSE = "reset before the answer"
    CUT_RESPONSE = "cut the answer at byte k"
    DRIP_DOWN = "drip the answer"
    DRIP_UP = "take the request in drops"
    DUPLICATE = "send the request twice"
    REPLAY = "send an older request again"
    SWAP = "give the answer to another request"
    HTML = "200 with a page"
    REDIRECT = "302 to a sign-in"
    EMPTY = "204 without content"
    TOO_MANY = "429 with Retry-After"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    WRONG_COMPRESSION = "an encoding that is none"
    HUGE = "an answer without end"
    TLS_EXPIRED = "an expired certificate"
    TLS_HOST = "a certificate of another host"
    TLS_SELF_SIGNED = "a certificate nobody signed"


SPOKEN: Final = {
    Fault.HTML: (200, "text/html", b"<html>Welcome to the hotel</html>"),
    Fault.REDIRECT: (302, "text/html", b""),
    Fault.EMPTY: (204, "", b""),
    Fault.TOO_MANY: (429, "text/plain", b"slow down"),
    Fault.BAD_GATEWAY: (502, "text/html", b"<html>Bad Gateway</html>"),
    Fault.UNAVAILABLE: (503, "text/html", b"<html>Unavailable</html>"),
    Fault.GATEWAY_TIMEOUT: (504, "text/html", b"<html>Timeout</html>"),
    Fault.WRONG_COMPRESSION: (200, MEDIA_TYPE, b"\x1f\x8b\x08 this is no gzip"),
}
MORE: Final = {
    Fault.REDIRECT: "location: http://sign-in.example/\r\n",
    Fault.TOO_MANY: "retry-after: 7\r\n",
    Fault.UNAVAILABLE: "retry-after: 7\r\n",
    Fault.WRONG_COMPRESSION: "content-encoding: gzip\r\n",
}


@dataclass
class Seen:
    """What passed through."""

    requests: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)


class FaultProxy:
    """``contexts`` hold a TLS context for the ordinary case (None) and for each fault that shows another certificate."""

    def __init__(
        self, upstream: int, *, contexts: dict[Fault | None, ssl.SSLContext] | None = None, seed: int = 1
    ) -> None:
        self._upstream = upstream
        self._contexts = contexts or {}
        self._random = Random(seed)
        self._fault: Fault | None = None
        self._freed = threading.Event()
        self._is_closing = False
        self._threads: list[threading.Thread] = []
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.seen = Seen()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._accept()

    @contextlib.contextmanager
    def armed(self, fault: Fault) -> Iterator[None]:
        """What comes meanwhile meets the fault."""
        self._freed.clear()
        self._fault = fault
        if fault is Fault.REFUSE:
            self._stop_listening()
        try:
            yield
        finally:
            self._fault = None
            self._freed.set()
            if fault is Fault.REFUSE:
                self._listening = socket.create_server(("127.0.0.1", self.port))
                self._accept()

    def close(self) -> None:
        self._is_closing = True
        self._freed.set()
        self._stop_listening()
        with self._lock:
            for one in self._sockets:
                _shut(one)
        for thread in self._threads:
            thread.join(WAIT_SECONDS)
            assert not thread.is_alive()

    # --- threads ----------------------------------------------------------------------------------------------------------

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        listening = self._listening

        def work() -> None:
            while True:
                try:
                    guest, _ = listening.accept()
                except OSError:
                    return
                self._start(lambda guest=guest: self._serve(guest))  # type: ignore[misc]

        self._start(work)

    def _stop_listening(self) -> None:
        _shut(self._listening)
        self._listening.close()

    def _serve(self, raw: socket.socket) -> None:
        with self._lock:
            self._sockets.add(raw)
        guest = raw
        try:
            guest = self._shaken_hands(raw)
            while self._one_request(guest):
                pass
        except (OSError, ssl.SSLError, EOFError):
            return
        finally:
            with self._lock:
                self._sockets.discard(raw)
            guest.close()

    def _shaken_hands(self, raw: socket.socket) -> socket.socket:
        fault = self._fault
        if fault is Fault.RESET_AT_CONNECT:
            _reset(raw)
            raise EOFError
        if fault is Fault.HANG:
            self._freed.wait(WAIT_SECONDS)
            raise EOFError
        raw.settimeout(WAIT_SECONDS)
        if not self._contexts:
            return raw
        guest = self._contexts.get(fault, self._contexts[None]).wrap_socket(raw, server_side=True)
        with self._lock:
            self._sockets.add(guest)
        return guest

    # --- one request ------------------------------------------------------------------------------------------------------

    def _one_request(self, guest: socket.socket) -> bool:
        """Whether the connection goes on."""
        head = _head(guest)
        fault = self._fault
        if fault in (Fault.HANG, Fault.DRIP_UP):
            self._freed.wait(WAIT_SECONDS)
            return False
        if fault is Fault.RESET_AFTER_HEAD:
            return _reset(guest)
        length = _content_length(head)
        if fault is Fault.RESET_MID_BODY:
            _exactly(guest, length // 2)
            return _reset(guest)
        request = head + _exactly(guest, length)
        if fault in SPOKEN:
            guest.sendall(_spoken(fault))
            return True
        answer = self._answer(request, fault)
        return self._give(guest, answer, fault)

    def _answer(self, request: bytes, fault: Fault | None) -> bytes:
        """What the server says, or said to somebody else."""
        older = self.seen.answers[-1] if self.seen.answers else b""
        answer = self._ask(request)
        if fault is Fault.DUPLICATE:
            answer = self._ask(request)
        if fault is Fault.REPLAY and self.seen.requests:
            answer = self._ask(self._random.choice(self.seen.requests))
        self.seen.requests.append(request)
        self.seen.answers.append(answer)
        return older if fault is Fault.SWAP and older else answer

    def _give(self, guest: socket.socket, answer: bytes, fault: Fault | None) -> bool:
        match fault:
            case Fault.RESET_BEFORE_RESPONSE:
                return _reset(guest)
            case Fault.CUT_RESPONSE:
                guest.sendall(answer[: self._random.randrange(len(answer))])
                return False
            case Fault.DRIP_DOWN:
                for place in range(len(answer)):
                    guest.sendall(answer[place : place + 1])
                    if self._freed.wait(DRIP_SECONDS):
                        return False
                return False
            case Fault.HUGE:
                guest.sendall(f"HTTP/1.1 200 OK\r\ncontent-type: {MEDIA_TYPE}\r\n\r\n".encode())
                while not self._freed.is_set():
                    guest.sendall(HUGE_CHUNK)
                return False
            case _:
                guest.sendall(answer)
                return False

    def _ask(self, request: bytes) -> bytes:
        """The server's whole answer, bytes as they came."""
        with socket.create_connection(("127.0.0.1", self._upstream), WAIT_SECONDS) as server:
            server.sendall(request.replace(b"\r\n", b"\r\nconnection: close\r\n", 1))
            parts = []
            while part := server.recv(65_536):
                parts.append(part)
        return b"".join(parts)


def _spoken(fault: Fault) -> bytes:
    """An answer that the server never gave."""
    status, media, body = SPOKEN[fault]
    head = f"HTTP/1.1 {status} Said\r\ncontent-length: {len(body)}\r\n{MORE.get(fault, '')}"
    return (head + (f"content-type: {media}\r\n" if media else "") + "\r\n").encode() + body


def _head(guest: socket.socket) -> bytes:
    """Up to the empty line. Raises EOFError where nobody asks any more."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        one = guest.recv(1)
        if not one or len(head) > HEAD_MAX:
            raise EOFError
        head += one
    return head


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    return 0


def _exactly(guest: socket.socket, length: int) -> bytes:
    parts = b""
    while len(parts) < length:
        part = guest.recv(length - len(parts))
        if not part:
            raise EOFError
        parts += part
    return parts


def _reset(guest: socket.socket) -> bool:
    """RST instead of FIN."""
    guest.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    guest.close()
    return False


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
