"""The real way to the server: HTTPS through httpx, with limits on every part of it and on the whole.

Redirects are never followed, nothing is decoded on the way, and no more is read than an answer may be long. httpx is loaded with the first
request, so that a till starts without it.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sync.client.address import ServerAddress
from sync.client.transport import RETRY_AFTER_MAX_MS, Response
from sync.client.trouble import Problem, Trouble
from sync.protocol import BATCH_BYTES_MAX, MEDIA_TYPE

if TYPE_CHECKING:
    import httpx

PATH: Final = "/sync/v1/"
USER_AGENT: Final = "regulars-till"
CONNECTION_IDLE_SECONDS: Final = 5
NO_ROUTE: Final = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN))
# OpenSSL's numbers (x509_vfy.h).
CERTIFICATE: Final[Mapping[int, Problem]] = {
    9: Problem.TLS_CLOCK,  # not yet valid
    10: Problem.TLS_EXPIRED,
    18: Problem.TLS_SELF_SIGNED,
    19: Problem.TLS_SELF_SIGNED,
    20: Problem.TLS_SELF_SIGNED,  # nobody we know signed it
    21: Problem.TLS_SELF_SIGNED,
    62: Problem.TLS_HOST,
    64: Problem.TLS_HOST,  # another address
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each part may take. ``exchange_seconds`` is for the whole of it, however slowly it drips."""

    connect_seconds: float = 5
    read_seconds: float = 30
    exchange_seconds: float = 60


class HttpTransport:
    """Implements :class:`sync.client.transport.Transport`. Used by one thread; ``abort`` by any."""

    def __init__(
        self,
        address: ServerAddress,
        patience: Patience = Patience(),
        *,
        answer_bytes_max: int = BATCH_BYTES_MAX,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._address = address
        self._patience = patience
        self._answer_bytes_max = answer_bytes_max
        self._tls = tls
        self._client: httpx.Client | None = None
        self._line = _Line()

    def send(self, path: str, body: bytes, token: str = "") -> Response:
        import httpx

        headers = {"content-type": MEDIA_TYPE, "accept": MEDIA_TYPE, "accept-encoding": "identity"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        with self._line.watched(self._patience.exchange_seconds):
            try:
                return self._exchange(PATH + path, body, headers)
            except httpx.HTTPError as error:
                self._line.check(error)
                raise Trouble(_problem_of(error)) from error
            except (OSError, ssl.SSLError) as error:
                self._line.check(error)
                raise Trouble(_problem_in(error) or Problem.TRUNCATED) from error

    def abort(self) -> None:
        self._line.abort()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _exchange(self, path: str, body: bytes, headers: dict[str, str]) -> Response:
        options: dict[str, Any] = {"trace": self._line.trace}
        client = self._opened()
        with client.stream("POST", path, content=body, headers=headers, extensions=options) as answer:
            parts, size = [], 0
            for part in answer.iter_raw():
                size += len(part)
                if size > self._answer_bytes_max:
                    raise Trouble(Problem.TOO_LARGE, status=answer.status_code)
                parts.append(part)
            self._line.check(None)
            media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Response(answer.status_code, media, b"".join(parts), _retry_after_ms(answer.headers))

    def _opened(self) -> httpx.Client:
        import httpx

        if self._client is None:
            patience = self._patience
            self._client = httpx.Client(
                base_url=self._address.url,
                verify=(self._tls or system_trust()) if self._address.is_encrypted else False,
                timeout=httpx.Timeout(patience.read_seconds, connect=patience.connect_seconds),
                limits=httpx.Limits(
                    max_connections=1,
                    max_keepalive_connections=1,
                    keepalive_expiry=CONNECTION_IDLE_SECONDS,
                ),
                follow_redirects=False,
                # A shop's proxy stands between it and the world, never between it and itself.
                trust_env=not self._address.is_loopback,
                headers={"user-agent": USER_AGENT},
            )
        return self._client


class _Line:
    """The connection under way, so that another thread can end it: a socket that waits hears nothing but its own end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._cut: Problem | None = None
        self._requests = 0

    @contextlib.contextmanager
    def watched(self, seconds: float) -> Iterator[None]:
        """Whatever goes on inside ends after so many seconds."""
        self.check(None)
        watch = threading.Timer(seconds, self._too_long, (self._requests,))
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
            with self._lock:
                self._requests += 1
                if self._cut is Problem.TIMEOUT:
                    self._cut = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore tells of every stream it opens; the newest one is the one that is waited for."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
        self.check(None)

    def abort(self) -> None:
        """For good."""
        with self._lock:
            self._end(Problem.STOPPED)

    def check(self, cause: BaseException | None) -> None:
        """Raises Trouble when the line was cut from here."""
        if self._cut is not None:
            raise Trouble(self._cut) from cause

    def _too_long(self, request: int) -> None:
        """A watch that comes too late must not cut the next request."""
        with self._lock:
            if request == self._requests:
                self._end(Problem.TIMEOUT)

    def _end(self, why: Problem) -> None:
        self._cut = self._cut if self._cut is Problem.STOPPED else why
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def system_trust() -> ssl.SSLContext:
    """The roots of this system (TLS 1.2 and newer); where a system has none, the ones that come with httpx."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not context.cert_store_stats()["x509_ca"] and not paths.capath:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _retry_after_ms(headers: httpx.Headers) -> int:
    said = headers.get("retry-after", "").strip()
    is_number = said.isascii() and said.isdigit()
    return min(int(said[:9]) * 1000, RETRY_AFTER_MAX_MS) if is_number else 0


def _problem_of(error: httpx.HTTPError) -> Problem:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return Problem.TIMEOUT
    if isinstance(error, httpx.ProxyError):
        return Problem.PORTAL
    return _problem_in(error) or (
        Problem.NO_SERVER if isinstance(error, httpx.ConnectError) else Problem.TRUNCATED
    )


def _problem_in(error: BaseException | None) -> Problem | None:
    """What the system said, from wherever in the chain of causes it said it."""
    while error is not None:
        match error:
            case ssl.SSLCertVerificationError():
                return CERTIFICATE.get(error.verify_code, Problem.TLS)
            case socket.gaierror():
                return Problem.NO_NETWORK if error.errno == socket.EAI_AGAIN else Problem.DNS
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return Problem.TRUNCATED
            case ssl.SSLError():
                return Problem.TLS
            case TimeoutError():
                return Problem.TIMEOUT
            case ConnectionRefusedError():
                return Problem.NO_SERVER
            case OSError() if error.errno in NO_ROUTE:
                return Problem.NO_NETWORK
        error = error.__cause__ or error.__context__
    return None
