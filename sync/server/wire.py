"""Requests and answers on HTTP: bodies read with a limit while they come, one form for what is refused, and what every request leaves in
the log.

A body is never held beyond its limit, compressed or not. The log and the numbers name routes, statuses and request ids, never a person.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import log
from sync.protocol import BATCH_BYTES_MAX, MEDIA_TYPE, Failure, Malformed, pack, unpack
from sync.server.metrics import Metrics
from sync.server.refusal import Denied, malformed

T = TypeVar("T")

JSON: Final = "application/json"
REQUEST_ID_BYTES: Final = 12
TOO_LARGE: Final = Denied(413, "too_large")
_JSON_ENCODER: Final = msgspec.json.Encoder()
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
     b" form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds the core: a clock in UTC milliseconds, and random bytes."""

    now_ms: Callable[[], int]
    random: Callable[[int], bytes]


async def read_body(request: Request, limit: int = BATCH_BYTES_MAX) -> bytes:
    """Raises Denied(413) as soon as more than ``limit`` bytes are announced or have come."""
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
        raise TOO_LARGE
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise TOO_LARGE
            parts.append(part)
    except ClientDisconnect as error:
        raise malformed("cut_off") from error
    return b"".join(parts)


async def read_message(request: Request, kind: type[T]) -> T:
    """A message of the protocol, as the till packs it or as plain JSON. Raises Denied."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (MEDIA_TYPE, JSON):
        raise Denied(415, "media_type")
    body = await read_body(request)
    if media == JSON:
        return read_json(body, kind)
    try:
        return unpack(body, kind)
    except Malformed as error:
        raise TOO_LARGE if error.code == "too_large" else malformed(error.code) from error


def read_json(body: bytes, kind: type[T]) -> T:
    """Raises Denied."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise malformed("not_a_message") from error


def answer(request: Request, message: object) -> Response:
    """In the form in which the request came."""
    if request.headers.get("content-type", "").startswith(JSON):
        return json_answer(message)
    return Response(pack(message), media_type=MEDIA_TYPE)


def json_answer(plain: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(_JSON_ENCODER.encode(plain), status, headers, media_type=JSON)


def refusals(shell: Shell) -> dict[Any, Callable[[Request, Exception], Awaitable[Response]]]:
    """The handlers of everything that is not answered with 200."""

    def said(request: Request, status: int, code: str, retry_after: int) -> Response:
        headers = {"retry-after": str(retry_after)} if retry_after else {}
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        failure = Failure(code=code, request_id=request.scope["request_id"], server_time=shell.now_ms())
        return json_answer(failure, status, headers)

    async def denied(request: Request, error: Exception) -> Response:
        assert isinstance(error, Denied)
        request.scope["code"] = error.code
        return said(request, error.status, error.code, error.retry_after_seconds)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "method"}.get(error.status_code, "http")
        response = said(request, error.status_code, code, 0)
        response.headers.update(error.headers or {})
        return response

    async def unexpected(request: Request, error: Exception) -> Response:
        return said(request, 500, "internal", 5)

    return {Denied: denied, HTTPException: http, Exception: unexpected}


class Watched:
    """Gives every request an id, and leaves a line in the log and a count in the numbers."""

    def __init__(self, app: ASGIApp, shell: Shell, metrics: Metrics) -> None:
        self._app = app
        self._shell = shell
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = self._shell.random(REQUEST_ID_BYTES).hex()
        status, started = 500, time.perf_counter()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = (b"x-request-id", scope["request_id"].encode())
                message["headers"] = [*message["headers"], own, *HEADERS]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            # The sentence of a database's error may hold a row; its kind tells enough.
            log.server.error("request %s failed: %s", scope["request_id"], type(error).__name__)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.answered(route, status, seconds)
            log.server.info(
                "request=%s method=%s route=%s status=%d ms=%d code=%s",
                scope["request_id"], scope["method"], route, status, round(seconds * 1000), scope.get("code", ""),
            )  # fmt: skip
