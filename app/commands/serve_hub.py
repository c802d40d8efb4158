"""``serve --hub``: this machine keeps the tills of its shop together. Paired once with the server above, it forwards upward and pulls down.

The hub has a database of its own below the data folder, so that a till and a hub may share a machine.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app import log
from app.bootstrap import SystemClock, random_bytes
from app.domain.errors import Refused, Unavailable
from app.domain.ids import Uuid7Source
from app.i18n import t

if TYPE_CHECKING:
    from sync.client.transport import Transport
    from sync.protocol import PairAnswer, PairRequest
    from sync.server.database import Database
    from sync.server.hub import Upstream
    from sync.server.upward import Send, Stepped, Upward

FOLDER: Final = "hub"
TILL_CODE: Final = "HUB"
LOOKS_EVERY_SECONDS: Final = 5.0
PAUSE_MAX_SECONDS: Final = 60.0
STOPS_WITHIN_SECONDS: Final = 20.0


def pair_hub(database: Database, arguments: argparse.Namespace) -> dict[str, object]:
    """Pair this hub with the server above. Raises Refused or Unavailable."""
    from sync.server.hub import Upstream, join

    url, asked, seed = _request(arguments)
    answer = _ask_to_pair(url, asked)
    tenant_id = UUID(hex=answer.key_id.partition(".")[0])
    up = Upstream(tenant_id, url, UUID(bytes=asked.device), answer.key_id, seed, answer.store_code)
    now, secrets = SystemClock().now_ms(), random_bytes(64)
    database.run_house(lambda db: join(db, up, answer, now=now, secrets=secrets))
    print(t("server.hub_paired", tenant=answer.tenant, store=answer.store_code, url=url))
    return {"tenant": tenant_id.hex, "store": answer.store_code, "url": url}


def upstream(database: Database) -> Upstream:
    """Where this hub belongs. Raises Refused("hub_unpaired")."""
    from sync.server.hub import upstream_of
    from sync.server.tenants import tenant_ids

    for tenant_id in database.run_house(tenant_ids):
        found = database.run_house(lambda db, own=tenant_id: upstream_of(db, own))  # type: ignore[misc]
        if found is not None:
            return found
    raise Refused("hub_unpaired")


def folder_of(data_dir: Path) -> Path:
    return data_dir / FOLDER


class UpwardThread:
    """Implements :class:`sync.server.http.Background`: at once while there is more, slower while nobody answers."""

    def __init__(self, upward: Upward, url: str, note_waiting: Callable[[int], None]) -> None:
        self._upward = upward
        self._note_waiting = note_waiting
        self._url = url
        self._wake = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._work, name="upward", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._is_stopping = True
        self._wake.set()
        self._thread.join(STOPS_WITHIN_SECONDS)

    def _work(self) -> None:
        from sync.client.address import parse_address
        from sync.client.http import HttpTransport

        transport = HttpTransport(parse_address(self._url))
        failures = 0
        try:
            while not self._is_stopping:
                done = self._step(transport)
                failures = failures + 1 if done is None or done.problem else 0
                if done is not None and done.is_more:
                    continue
                pause = min(LOOKS_EVERY_SECONDS * 2**failures, PAUSE_MAX_SECONDS)
                # While nobody answers, what tills say wakes nobody: the next attempt comes by itself.
                if self._wake.wait(pause) and failures:
                    self._wait_for_stop(pause)
                self._wake.clear()
        finally:
            transport.close()

    def _step(self, transport: Transport) -> Stepped | None:
        try:
            done = self._upward.step(sender(transport))
        except Exception:
            if not self._is_stopping:
                log.server.exception("a step upward failed")
            return None
        self._note_waiting(done.waiting)
        if done.problem or done.relayed or done.taken:
            log.server.info(
                "upward relayed=%d taken=%d waiting=%d problem=%s",
                done.relayed, done.taken, done.waiting, done.problem,
            )  # fmt: skip
        return done

    def _wait_for_stop(self, seconds: float) -> None:
        self._wake.clear()
        if not self._is_stopping:
            self._wake.wait(seconds)


def sender(transport: Transport) -> Send:
    """The till's own way to a server, as the hub's talk wants it."""
    from sync.client.trouble import Trouble
    from sync.server.upward import Unreachable

    def send(what: str, body: bytes, token: str) -> tuple[int, bytes]:
        try:
            answer = transport.send(what, body, token)
        except Trouble as trouble:
            raise Unreachable(trouble.problem.value) from trouble
        return answer.status, answer.body

    return send


def _request(arguments: argparse.Namespace) -> tuple[str, PairRequest, bytes]:
    """The address, what the hub asks there, and the seed of the key it has just made."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from sync.client.address import parse_address
    from sync.client.pairing import normal_code
    from sync.protocol import PAIR_HUB, PairRequest, pair_claim

    if not arguments.upstream:
        raise Refused("hub_upstream")
    address = parse_address(arguments.upstream)
    if not address.is_safe:
        print(t("server.not_encrypted"))
    seed, code = random_bytes(32), normal_code(arguments.pair)
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    device = Uuid7Source(SystemClock().now_ms)().bytes
    proof = private.sign(pair_claim(code, device, public))
    return address.url, PairRequest(code, device, public, proof, "", TILL_CODE, kind=PAIR_HUB), seed


def _ask_to_pair(url: str, asked: PairRequest) -> PairAnswer:
    from sync.client.address import parse_address
    from sync.client.http import HttpTransport
    from sync.client.transport import answer_of
    from sync.client.trouble import Trouble
    from sync.protocol import PairAnswer, pack

    transport = HttpTransport(parse_address(url))
    try:
        return answer_of(transport.send("pair", pack(asked)), PairAnswer)
    except Trouble as trouble:
        if trouble.server_code == "code_wrong":
            raise Refused("pairing_code_wrong") from trouble
        if trouble.server_code == "code_other_kind":
            raise Refused("hub_code") from trouble
        raise Unavailable("pairing_failed", reason=t(f"sync.problem.{trouble.problem.value}")) from trouble
    finally:
        transport.close()
