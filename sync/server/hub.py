"""A store's hub: the same server, which keeps what its tills say, word for word, for the server above.

The tills of the shop stay together when the line out is cut. What they signed is kept until it lies above, and 60 days beyond, for the day
on which the server above is put back from a backup. The hub gives out no leases of its own: it passes on what was asked and what was
answered, so that the server above alone knows what may be spent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from sync.protocol import (
    PAIR_HUB,
    LeaseAnswer,
    LeaseRequest,
    PairAnswer,
    PairRequest,
    PushAnswer,
    PushRequest,
    RotateRequest,
    Status,
    pack,
    unpack,
)
from sync.server import trust
from sync.server.leases import check_request
from sync.server.push import push
from sync.server.tenants import Device, create_tenant, life_of

DAY_MS: Final = 86_400_000
KEPT_MS: Final = 60 * DAY_MS

UPSTREAM: Final = text(
    "SELECT url, device_id, key_id, private_key, store_code, server, pulled, last_contact_at, last_problem FROM upstream"
    " WHERE tenant_id = :tenant"
)
JOIN: Final = text(
    "INSERT INTO upstream (tenant_id, url, device_id, key_id, private_key, store_code, server, pulled, last_problem)"
    " VALUES (:tenant, :url, :device, :key, :private, :store, 0, 0, '')"
    " ON CONFLICT (tenant_id) DO UPDATE SET url = excluded.url, device_id = excluded.device_id, key_id = excluded.key_id,"
    " private_key = excluded.private_key, store_code = excluded.store_code, server = 0, pulled = 0, last_problem = ''"
)
HAS_TENANT: Final = text("SELECT 1 FROM tenant WHERE tenant_id = :tenant")
TELL_AGAIN: Final = tuple(
    text(f"UPDATE {table} SET told_at = NULL, problem = '' WHERE tenant_id = :tenant")
    for table in ("relayed", "introduction")
)
# What it said of leases before counts no more.
ASK_AGAIN: Final = text("UPDATE lease_talk SET told = NULL, told_at = NULL WHERE tenant_id = :tenant")
INTRODUCE: Final = text(
    "INSERT INTO introduction (tenant_id, device_id, key_id, body, paired_at, told_at, problem)"
    " VALUES (:tenant, :device, :key, :body, :now, NULL, '')"
)
KEEP: Final = text(
    "INSERT INTO relayed (tenant_id, number, device_id, body, received_at, told_at, problem)"
    " SELECT :tenant, COALESCE(MAX(number), 0) + 1, :device, :body, :now, NULL, '' FROM relayed WHERE tenant_id = :tenant"
)
ASK: Final = text(
    "INSERT INTO lease_talk (tenant_id, device_id, asked, asked_at) VALUES (:tenant, :device, :asked, :now)"
    " ON CONFLICT (tenant_id, device_id) DO UPDATE SET asked = excluded.asked, asked_at = excluded.asked_at,"
    " told_at = NULL"
)
TOLD: Final = text("SELECT told FROM lease_talk WHERE tenant_id = :tenant AND device_id = :device")


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where the hub belongs. ``server`` is the life of the server above that the cursor ``pulled`` is of."""

    tenant_id: UUID
    url: str
    device_id: UUID
    key_id: str
    private_key: bytes = field(repr=False)
    store_code: str = ""
    server: int = 0
    pulled: int = 0
    last_contact_at: int | None = None
    last_problem: str = ""

    @property
    def device(self) -> Device:
        """The hub itself, as whoever takes in what comes from above."""
        return Device(self.tenant_id, self.device_id, self.key_id, b"", self.store_code, "", kind=PAIR_HUB)


def join(db: Connection, up: Upstream, answer: PairAnswer, *, now: int, secrets: bytes) -> None:
    """From now on this is the hub of a store of that tenant. Pairing again begins the talk anew and loses nothing."""
    tenant = {"tenant": up.tenant_id.hex}
    if db.execute(HAS_TENANT, tenant).first() is None:
        # A life of its own: tills must never take the hub for the server above.
        at = now if now != answer.server else now + 1
        create_tenant(db, up.tenant_id, answer.tenant, at=at, secrets=secrets)
    own = {"url": up.url, "device": up.device_id.hex, "key": up.key_id, "private": up.private_key}
    db.execute(JOIN, tenant | own | {"store": up.store_code})
    tell_again(db, up.tenant_id)


def upstream_of(db: Connection, tenant_id: UUID) -> Upstream | None:
    """None where this server is nobody's hub. Behind the door of the house."""
    row = db.execute(UPSTREAM, {"tenant": tenant_id.hex}).one_or_none()
    if row is None:
        return None
    url, device, key_id, private, store, server, pulled, contact, problem = row
    return Upstream(
        tenant_id, url, UUID(device), key_id, bytes(private), store, server, pulled, contact, problem
    )


def tell_again(db: Connection, tenant_id: UUID) -> None:
    """The server above lost something: everything that is still kept is told once more."""
    for statement in (*TELL_AGAIN, ASK_AGAIN):
        db.execute(statement, {"tenant": tenant_id.hex})


# --- what tills ask of a hub ----------------------------------------------------------------------------------------------


def pair(db: Connection, tenant_id: UUID, request: PairRequest, now: int, key_name: str) -> PairAnswer:
    """As :func:`sync.server.trust.pair`, and to be told above."""
    answer = trust.pair(db, tenant_id, request, now, key_name)
    _introduce(db, tenant_id, request, answer.key_id, now)
    return answer


def rotate(db: Connection, till: Device, request: RotateRequest, now: int, key_name: str) -> PairAnswer:
    """As :func:`sync.server.trust.rotate`, and to be told above: the name of the key that asks stands in the place of the code."""
    answer = trust.rotate(db, till, request, now, key_name)
    told = PairRequest(
        till.key_id, till.device_id.bytes, request.public_key, request.proof, till.store_code, till.till_code
    )
    _introduce(db, till.tenant_id, told, answer.key_id, now)
    return answer


def push_through(db: Connection, till: Device, request: PushRequest, now: int) -> PushAnswer:
    """As :func:`sync.server.push.push`, and to be told above when anything in it is new."""
    answer = push(db, till, request, now)
    is_new = any(one.status is not Status.DUPLICATE or one.code for one in answer.results)
    if is_new or (request.keys and not request.records):
        own = {"tenant": till.tenant_id.hex, "device": till.device_id.hex}
        db.execute(KEEP, own | {"body": pack(request), "now": now})
    return answer


def lease_through(db: Connection, till: Device, request: LeaseRequest, now: int) -> LeaseAnswer:
    """What was answered above to what this till asked last; what it asks now is passed on. Raises Denied."""
    check_request(till, request)
    own: dict[str, Any] = {"tenant": till.tenant_id.hex, "device": till.device_id.hex}
    db.execute(ASK, own | {"asked": pack(request), "now": now})
    told = db.execute(TOLD, own).scalar_one_or_none()
    life = life_of(db, till.tenant_id)
    if told is not None:
        answer = unpack(bytes(told), LeaseAnswer)
        if answer.incarnation == request.incarnation:
            return LeaseAnswer(life, request.incarnation, answer.leases, is_whole=True)
    return LeaseAnswer(life, request.incarnation, (), is_whole=True)


def _introduce(db: Connection, tenant_id: UUID, request: PairRequest, key_id: str, now: int) -> None:
    own = {"tenant": tenant_id.hex, "device": UUID(bytes=request.device).hex, "key": key_id}
    db.execute(INTRODUCE, own | {"body": pack(request), "now": now})
