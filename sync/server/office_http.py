"""The office's endpoints and its page. Whoever asks shows a token; looking, settling and managing need a role each.

Ids of another tenant are unknown here: the answer is the same 404 as for an id that nobody has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.domain.chain import canonical_bytes
from app.i18n import DEFAULT_LANGUAGE, parse_language, t
from app.texts import server as texts
from sync.protocol import BODY_BYTES_MAX, PAIR_HUB
from sync.server import office, trust
from sync.server.limits import OFFICE, RateLimiter
from sync.server.refusal import Denied, forbidden, malformed, not_found, unauthorised
from sync.server.trust import Staff
from sync.server.wire import JSON, json_answer, read_body, read_json

if TYPE_CHECKING:
    from sync.server.http import Server

T = TypeVar("T")

DOCUMENT_NAME: Final = re.compile(r"[a-z][a-z0-9_./-]{0,79}")
STORE_CODE: Final = re.compile(r"[0-9A-Za-z]{0,20}")
DAYS_SHOWN: Final = 30
BODY_MAX: Final = 4_096
ID_BYTES: Final = 16
FILLED_BY_THE_PAGE: Final = {name: f"{{{name}}}" for name in ("code", "till", "until")}
PAGE_FILES: Final = {"office.css": "text/css; charset=utf-8", "office.js": "text/javascript; charset=utf-8"}


def office_routes(server: Server) -> list[Route]:
    """What the office asks."""
    desk = _Desk(server)
    return [
        Route("/office/v1/stores", desk.stores, methods=["GET"]),
        Route("/office/v1/tills", desk.tills, methods=["GET"]),
        Route("/office/v1/tills/{id}/revoke", desk.revoke, methods=["POST"]),
        Route("/office/v1/days", desk.days, methods=["GET"]),
        Route("/office/v1/exceptions", desk.exceptions, methods=["GET"]),
        Route("/office/v1/exceptions/{id}/settle", desk.settle, methods=["POST"]),
        Route("/office/v1/exceptions/{id}/accept", desk.accept, methods=["POST"]),
        Route("/office/v1/pairing-codes", desk.pairing_code, methods=["POST"]),
        Route("/office/v1/documents", desk.documents, methods=["GET"]),
        Route("/office/v1/documents/{name:path}", desk.document, methods=["PUT"]),
        Route("/office", _page, methods=["GET"]),
        Route("/office/{file}", _page_file, methods=["GET"]),
    ]


class _Desk:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._rate = RateLimiter(OFFICE)

    async def stores(self, request: Request) -> Response:
        return json_answer(
            await self._as(request, "auditor", lambda db, who, now: office.stores(db, who.tenant_id))
        )

    async def tills(self, request: Request) -> Response:
        return json_answer(
            await self._as(request, "auditor", lambda db, who, now: office.tills(db, who.tenant_id))
        )

    async def days(self, request: Request) -> Response:
        first, last = _span(request, self._server.shell.now_ms())
        found = await self._as(
            request, "auditor", lambda db, who, now: office.days(db, who.tenant_id, first, last)
        )
        return json_answer(found)

    async def exceptions(self, request: Request) -> Response:
        is_open = {"open": True, "all": False}.get(request.query_params.get("show", "open"))
        if is_open is None:
            raise malformed("show")
        found = await self._as(
            request, "auditor", lambda db, who, now: office.exceptions(db, who.tenant_id, is_open=is_open)
        )
        return json_answer(found)

    async def settle(self, request: Request) -> Response:
        own, asked = _id(request), read_json(await _json_body(request), office.Settlement)

        def work(db: Connection, who: Staff, now: int) -> None:
            office.settle(db, who.tenant_id, own, by=who.name, note=asked.note, now=now)

        await self._as(request, "manager", work)
        return json_answer({"settled": True})

    async def accept(self, request: Request) -> Response:
        own, asked = _id(request), read_json(await _json_body(request), office.Settlement)

        def work(db: Connection, who: Staff, now: int) -> None:
            office.accept(db, who.tenant_id, own, by=who.name, note=asked.note, now=now)

        await self._as(request, "manager", work)
        self._server.spreader.wake()
        return json_answer({"settled": True})

    async def revoke(self, request: Request) -> Response:
        own = _id(request)
        await _json_body(request, may_be_empty=True)

        def work(db: Connection, who: Staff, now: int) -> None:
            office.revoke(db, who.tenant_id, own, now)

        await self._as(request, "owner", work)
        return json_answer({"revoked": True})

    async def pairing_code(self, request: Request) -> Response:
        asked = read_json(await _json_body(request), office.NewCode)
        if not STORE_CODE.fullmatch(asked.store_code):
            raise malformed("store_code")
        if asked.kind == PAIR_HUB and not asked.store_code:
            raise malformed("store_code")
        code = trust.make_code(self._server.shell.random(trust.CODE_LETTERS))

        def work(db: Connection, who: Staff, now: int) -> office.Code:
            expires = trust.put_code(db, who.tenant_id, code, asked.store_code, now=now, kind=asked.kind)
            return office.Code(code, expires)

        return json_answer(await self._as(request, "manager", work))

    async def documents(self, request: Request) -> Response:
        return json_answer(
            await self._as(request, "auditor", lambda db, who, now: office.documents(db, who.tenant_id))
        )

    async def document(self, request: Request) -> Response:
        name = request.path_params["name"]
        if not DOCUMENT_NAME.fullmatch(name):
            raise malformed("name")
        body = _canonical(await _json_body(request, BODY_BYTES_MAX))
        own = UUID(bytes=self._server.shell.random(ID_BYTES), version=4)

        def work(db: Connection, who: Staff, now: int) -> office.Version:
            return office.put_document(db, who.tenant_id, own, name, body, now=now)

        return json_answer(await self._as(request, "owner", work))

    async def _as(self, request: Request, role: str, work: Callable[[Connection, Staff, int], T]) -> T:
        """In one transaction of the tenant that the token names: see whose it is and what they may do, then do the work."""
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not credential or not credential.isascii():
            raise unauthorised("credential")
        now = self._server.shell.now_ms()
        tenant_id = trust.tenant_in(credential)
        self._rate.count(credential, now)

        def run(db: Connection) -> T:
            who = trust.staff_of(db, credential)
            if not who.may(role):
                raise forbidden("role")
            return work(db, who, now)

        return await self._server.in_thread(partial(self._server.database.run, tenant_id, run))


async def _json_body(request: Request, limit: int = BODY_MAX, *, may_be_empty: bool = False) -> bytes:
    body = await read_body(request, limit)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != JSON and (body or not may_be_empty):
        raise Denied(415, "media_type")
    return body


def _canonical(body: bytes) -> bytes:
    """Raises Denied for what is no JSON object of strings, whole numbers, truths and lists."""
    try:
        plain = json.loads(body)
        if not isinstance(plain, dict) or _has_fraction(plain):
            raise malformed("not_an_object")
        return canonical_bytes(plain)
    except (ValueError, RecursionError) as error:
        raise malformed("not_a_message") from error


def _has_fraction(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_fraction(one) for one in value.values())
    if isinstance(value, list):
        return any(_has_fraction(one) for one in value)
    return isinstance(value, float)


def _id(request: Request) -> UUID:
    try:
        return UUID(hex=request.path_params["id"])
    except ValueError as error:
        raise not_found("not_found") from error


def _span(request: Request, now: int) -> tuple[int, int]:
    """The days asked for, both included; the last thirty by themselves. Raises Denied."""
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    try:
        last = date.fromisoformat(request.query_params.get("to", (today + timedelta(days=1)).isoformat()))
        first_text = request.query_params.get("from", "")
        first = date.fromisoformat(first_text) if first_text else last - timedelta(days=DAYS_SHOWN)
    except (ValueError, OverflowError) as error:
        raise malformed("day") from error
    if not 0 <= (last - first).days <= office.DAYS_MAX:
        raise malformed("days")
    return _number(first), _number(last)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


# --- the page -------------------------------------------------------------------------------------------------------------


async def _page(request: Request) -> Response:
    asked = (
        request.query_params.get("lang", "") or request.headers.get("accept-language", "").partition(",")[0]
    )
    language = parse_language(asked[:40]) or DEFAULT_LANGUAGE
    names = [key.removeprefix("server.page_") for key in texts.TEXTS if key.startswith("server.page_")]
    words = {f"page_{name}": t(f"server.page_{name}", language, **FILLED_BY_THE_PAGE) for name in names}
    html = _file("office.html").decode()
    for name, sentence in words.items():
        html = html.replace("{{" + name + "}}", escape(sentence))
    # "<" must not end the script's element early.
    data = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    tag = {"zh_TW": "zh-Hant-TW", "zh_CN": "zh-Hans-CN"}.get(language, "en")
    return HTMLResponse(html.replace("{{words}}", data).replace("{{lang}}", tag))


async def _page_file(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in PAGE_FILES:
        raise not_found("not_found")
    return Response(_file(name), media_type=PAGE_FILES[name])


def _file(name: str) -> bytes:
    return files("sync.server").joinpath("page", name).read_bytes()
