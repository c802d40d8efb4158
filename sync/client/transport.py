"""How a message reaches the server, as the engine sees it; and when what comes back counts as an answer.

Only a whole message of this protocol is an answer. Whatever else comes back, a page of a hotel's network with status 200 included, says
nothing about what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import msgspec

from sync.client.trouble import Problem, Trouble
from sync.protocol import MEDIA_TYPE, Failure, Malformed, unpack

T = TypeVar("T")

JSON: Final = "application/json"
RETRY_AFTER_MAX_MS: Final = 3_600_000
INSTANT_MAX: Final = 1 << 53


@dataclass(frozen=True, slots=True)
class Response:
    """``media_type`` is lower case, without parameters. ``retry_after_ms`` is 0 where nothing was said."""

    status: int
    media_type: str
    body: bytes
    retry_after_ms: int = 0


class Transport(Protocol):
    """Brings one message to the server and one back."""

    def send(self, path: str, body: bytes, token: str = "") -> Response:
        """``path`` is the last part of the protocol's: "push". Raises Trouble; then nobody knows whether the message arrived."""
        ...

    def abort(self) -> None:
        """From any thread: what is under way ends now, with Trouble; so does everything after."""
        ...

    def close(self) -> None: ...


def answer_of(response: Response, kind: type[T]) -> T:
    """The message, or Trouble."""
    if response.status != 200:
        raise _refusal_of(response)
    if response.media_type != MEDIA_TYPE:
        raise Trouble(Problem.PORTAL, status=response.status)
    try:
        answer: Any = unpack(response.body, kind)
    except Malformed as error:
        too_large = error.code == "too_large"
        raise Trouble(Problem.TOO_LARGE if too_large else Problem.TRUNCATED, status=200) from error
    if not answer.is_whole:
        raise Trouble(Problem.TRUNCATED, status=200)
    return answer  # type: ignore[no-any-return]


def _refusal_of(response: Response) -> Trouble:
    """What a status that is not 200 means, said by the server itself or by whoever stands between."""
    status, later = response.status, min(response.retry_after_ms, RETRY_AFTER_MAX_MS)
    failure = _failure_in(response)
    if status in (429, 503):
        return Trouble(Problem.BUSY, retry_after_ms=later, status=status)
    if failure is None:
        return Trouble(_stranger(status), retry_after_ms=later, status=status)
    return Trouble(
        _said(status, failure.code),
        retry_after_ms=later,
        status=status,
        server_code=failure.code,
        server_time=failure.server_time if 0 < failure.server_time < INSTANT_MAX else 0,
    )


def _failure_in(response: Response) -> Failure | None:
    if response.media_type != JSON:
        return None
    try:
        return msgspec.json.decode(response.body, type=Failure)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return None


def _said(status: int, code: str) -> Problem:
    match status, code:
        case _, "device_revoked":
            return Problem.REVOKED
        case _, "protocol_newer":
            return Problem.VERSION
        case _, "key_unknown" | "tenant_unknown":
            return Problem.UNKNOWN_TILL
        case 404 | 405, _:
            return Problem.NOT_SERVER
        case 413, _:
            return Problem.TOO_LARGE
        case _ if status >= 500:
            return Problem.SERVER_ERROR
        case _:
            return Problem.REFUSED


def _stranger(status: int) -> Problem:
    """A status without the server's own words."""
    if status in (404, 405):
        return Problem.NOT_SERVER
    if status == 413:
        return Problem.TOO_LARGE
    if status >= 500 and status != 511:  # 511: a network that wants somebody to sign in
        return Problem.SERVER_ERROR
    return Problem.PORTAL
