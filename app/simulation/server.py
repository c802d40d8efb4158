"""The central server in this process: the functions of its core over a real SQLite file, one transaction a request, with no HTTP around.

It can be put back to an earlier day, as a server is whose disk was lost.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, text

from sync.protocol import (
    MEDIA_TYPE,
    Failure,
    LeaseRequest,
    Malformed,
    PairRequest,
    PullRequest,
    PushRequest,
    ReconcileRequest,
    RotateRequest,
    SnapshotRequest,
    TokenRequest,
    pack,
    unpack,
)
from sync.server import trust
from sync.server.database import Database, open_database
from sync.server.leases import lease
from sync.server.migrate import upgrade
from sync.server.office import accept, put_document
from sync.server.pull import feed_sums, pull, reconcile, snapshot
from sync.server.push import push
from sync.server.refusal import Denied, forbidden, malformed
from sync.server.spread import spread, waiting
from sync.server.state import table_hashes
from sync.server.tenants import FEED, Device, begin_new_life, counter, create_tenant, life_of

T = TypeVar("T")

TENANT: Final = UUID(int=0x7E57 << 96 | 0x4000 << 64 | 1)
KEY_NAME_BYTES: Final = 16
SPREAD_AT_ONCE: Final = 200
JSON: Final = "application/json"
FACTS: Final = "SELECT id, hash FROM fact WHERE tenant_id = :tenant ORDER BY id"
FOR_REVIEW: Final = "SELECT id FROM exception WHERE tenant_id = :tenant AND code = 'device_revoked' AND settled_at IS NULL ORDER BY id"
KEY_STANDS: Final = "SELECT 1 FROM device WHERE tenant_id = :tenant AND key_id = :key AND (revoked_at IS NULL OR revoked_at > :now)"


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back over the line."""

    status: int
    body: bytes
    media: str = MEDIA_TYPE
    retry_after: int = 0


class SimServer:
    """``true_ms`` is the server's clock."""

    def __init__(self, path: Path, true_ms: Callable[[], int], seed: int) -> None:
        self.path = path
        self.image = path.with_name(path.name + ".image")
        self.true_ms = true_ms
        self.random = Random(f"server {seed}")
        self.database: Database = open_database(str(path))
        self.restored = 0
        self.went_back_unnoticed = False
        """Nobody said so: a till may hold what this server never told it, until they compare their books."""

    def close(self) -> None:
        self.database.close()

    # --- what tills ask -------------------------------------------------------------------------------------------------------

    def ask(self, what: str, credential: str, body: bytes) -> Reply:
        """One request, as the shell hands it on."""
        try:
            return Reply(200, pack(self._answer(what, credential, body)))
        except Denied as error:
            failure = Failure(code=error.code, request_id="", server_time=self.true_ms())
            return Reply(error.status, json(failure), JSON, error.retry_after_seconds)

    def _answer(self, what: str, credential: str, body: bytes) -> object:
        match what:
            case "pair":
                return self._pair(_read(body, PairRequest))
            case "token":
                asked = _read(body, TokenRequest)
                return self.run(lambda db: trust.token(db, asked, self.true_ms()))
            case "rotate":
                request, name = _read(body, RotateRequest), self.random.randbytes(KEY_NAME_BYTES).hex()
                return self._as_till(
                    credential, lambda db, till, now: trust.rotate(db, till, request, now, name)
                )
            case "push":
                facts = _read(body, PushRequest)
                return self._as_till(credential, lambda db, till, now: push(db, till, facts, now))
            case "pull":
                after = _read(body, PullRequest)
                return self._as_till(credential, lambda db, till, now: pull(db, till, after, now))
            case "reconcile":
                sums = _read(body, ReconcileRequest)
                return self._as_till(credential, lambda db, till, now: reconcile(db, till, sums))
            case "snapshot":
                stage = _read(body, SnapshotRequest)
                return self._as_till(credential, lambda db, till, now: snapshot(db, till, stage))
            case "lease":
                held = _read(body, LeaseRequest)
                return self._as_till(credential, lambda db, till, now: lease(db, till, held, now))
            case _:
                raise Denied(404, "not_found")

    def _as_till(self, credential: str, work: Callable[[Connection, Device, int], T]) -> T:
        now, tenant_id = self.true_ms(), trust.tenant_in(credential)

        def run(db: Connection) -> T:
            return work(db, trust.authenticate(db, credential, now), now)

        return self.database.run(tenant_id, run)

    def _pair(self, request: PairRequest) -> object:
        now, name = self.true_ms(), self.random.randbytes(KEY_NAME_BYTES).hex()
        trust.check_pairing(request)
        tenant_id = self.database.run_house(lambda db: trust.find_code(db, request.code, now))
        if tenant_id is None:
            raise forbidden("code_wrong")
        return self.run(lambda db: trust.pair(db, tenant_id, request, now, name))

    # --- what the office and the house do -------------------------------------------------------------------------------------

    def run(self, work: Callable[[Connection], T]) -> T:
        return self.database.run(TENANT, work)

    def rows(self, statement: str, **values: object) -> list[Any]:
        """``:tenant`` is filled in."""
        own = {"tenant": TENANT.hex, **values}
        return self.run(lambda db: list(db.execute(text(statement), own).all()))

    def spread(self) -> None:
        """Everything that was taken in is in the tables."""
        while self.database.run_house(lambda db: waiting(db, TENANT)):
            self.spread_some()

    def spread_some(self) -> None:
        now = self.true_ms()
        self.database.run_house(partial(spread, tenant_id=TENANT, limit=SPREAD_AT_ONCE, now=now))

    def state(self) -> tuple[tuple[str, str], ...]:
        return self.database.run_house(lambda db: table_hashes(db, TENANT))

    def facts(self) -> dict[bytes, bytes]:
        """Id -> hash of every fact that stands."""
        return {bytes.fromhex(own): bytes(digest) for own, digest in self.rows(FACTS)}

    def newest(self) -> int:
        """The last step of the feed."""
        return self.run(lambda db: counter(db, TENANT.hex, FEED))

    def life(self) -> int:
        return self.run(lambda db: life_of(db, TENANT))

    def sums(self, after: int) -> dict[str, tuple[int, int]]:
        return self.run(lambda db: feed_sums(db, TENANT.hex, after))

    def accept_everything(self) -> int:
        """A person at the office takes in what tills sent after their keys had been taken away."""
        found = self.rows(FOR_REVIEW)
        now = self.true_ms()
        for (own,) in found:
            with contextlib.suppress(Denied):  # a newer word of the same fact was taken in already
                self.run(partial(self._accept, UUID(own), now))
        return len(found)

    def _accept(self, own: UUID, now: int, db: Connection) -> None:
        accept(db, TENANT, own, by="office", note="", now=now)

    def pairing_code(self) -> str:
        code, now = trust.make_code(self.random.randbytes(trust.CODE_LETTERS)), self.true_ms()
        self.run(lambda db: trust.put_code(db, TENANT, code, "", now=now))
        return code

    def knows(self, key_id: str) -> bool:
        """Whether a till with this key is let in."""
        return bool(self.rows(KEY_STANDS, key=key_id, now=self.true_ms()))

    def revoke(self, device_id: UUID) -> int:
        now = self.true_ms()
        return self.run(lambda db: trust.revoke(db, TENANT, device_id, now))

    def publish(self, name: str, body: bytes) -> int:
        """Another version of a document."""
        own, now = UUID(bytes=self.random.randbytes(16)), self.true_ms()
        return self.run(lambda db: put_document(db, TENANT, own, name, body, now=now)).version

    # --- what befalls it ------------------------------------------------------------------------------------------------------

    def take_image(self) -> None:
        self.database.close()
        shutil.copyfile(self.path, self.image)
        self.database = open_database(str(self.path))

    def put_image_back(self, *, is_told: bool) -> None:
        """An earlier day. ``is_told``: whoever did it says so, as they should; else the server finds out from what tills have seen."""
        self.database.close()
        for beside in ("-wal", "-shm"):
            self.path.with_name(self.path.name + beside).unlink(missing_ok=True)
        shutil.copyfile(self.image, self.path)
        self.database = open_database(str(self.path))
        self.restored += 1
        self.went_back_unnoticed |= not is_told
        if is_told:
            now = self.true_ms()
            self.run(lambda db: begin_new_life(db, TENANT, at=now))


def make_server(path: Path, now: int) -> None:
    """An empty server that keeps the books of one tenant."""
    database = open_database(str(path))
    upgrade(database)
    secrets = Random("server").randbytes(64)
    database.run_house(lambda db: create_tenant(db, TENANT, "好日子選物店", at=now, secrets=secrets))
    database.close()


def json(failure: Failure) -> bytes:
    import msgspec

    return msgspec.json.encode(failure)


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return unpack(body, kind)
    except Malformed as error:
        raise Denied(413, "too_large") if error.code == "too_large" else malformed(error.code) from error
