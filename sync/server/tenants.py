"""Tenants: each chain or shop that this server keeps books for, its counters and its life.

Numbers are given out by ``take_numbers`` as the last thing a transaction does: the row it changes stays locked until the commit, so that
who has the smaller number has committed first. Sequences of the database promise no such thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from sync.protocol import PAIR_HUB, PAIR_TILL
from sync.server.refusal import forbidden

FEED: Final = "feed"
ARRIVAL: Final = "arrival"
SPREAD: Final = "spread"
COUNTERS: Final = (FEED, ARRIVAL, SPREAD)
SECRET_BYTES: Final = 32

INSERT_TENANT: Final = text(
    "INSERT INTO tenant (tenant_id, name, created_at, life, phone_key, token_key)"
    " VALUES (:tenant, :name, :at, :life, :phone_key, :token_key)"
)
INSERT_COUNTER: Final = text("INSERT INTO counter (tenant_id, name, value) VALUES (:tenant, :name, 0)")
TENANT: Final = text("SELECT name, life, phone_key, token_key FROM tenant WHERE tenant_id = :tenant")
TENANTS: Final = text("SELECT tenant_id FROM tenant ORDER BY created_at, tenant_id")
TAKE: Final = text(
    "UPDATE counter SET value = value + :count WHERE tenant_id = :tenant AND name = :name RETURNING value"
)
COUNTER: Final = text("SELECT value FROM counter WHERE tenant_id = :tenant AND name = :name")
NEW_LIFE: Final = text("UPDATE tenant SET life = :life WHERE tenant_id = :tenant")


@dataclass(frozen=True, slots=True)
class Tenant:
    """``phone_key`` and ``token_key`` never leave the server."""

    id: UUID
    name: str
    life: int
    phone_key: bytes
    token_key: bytes


@dataclass(frozen=True, slots=True)
class Device:
    """A till as its credential names it: whatever a request says beside it is only compared."""

    tenant_id: UUID
    device_id: UUID
    key_id: str
    public_key: bytes
    store_code: str
    till_code: str
    is_revoked: bool = False
    kind: str = PAIR_TILL

    @property
    def is_hub(self) -> bool:
        return self.kind == PAIR_HUB


def create_tenant(db: Connection, tenant_id: UUID, name: str, *, at: int, secrets: bytes) -> Tenant:
    """``secrets`` are 64 random bytes. Behind the door of the house."""
    assert len(secrets) == 2 * SECRET_BYTES
    tenant = Tenant(tenant_id, name, at, secrets[:SECRET_BYTES], secrets[SECRET_BYTES:])
    db.execute(
        INSERT_TENANT,
        {
            "tenant": tenant_id.hex,
            "name": name,
            "at": at,
            "life": at,
            "phone_key": tenant.phone_key,
            "token_key": tenant.token_key,
        },
    )
    db.execute(INSERT_COUNTER, [{"tenant": tenant_id.hex, "name": name} for name in COUNTERS])
    return tenant


def tenant_of(db: Connection, tenant_id: UUID) -> Tenant:
    """Raises Denied(403) for one that is not kept here."""
    row = db.execute(TENANT, {"tenant": tenant_id.hex}).one_or_none()
    if row is None:
        raise forbidden("tenant_unknown")
    return Tenant(tenant_id, *row)


def tenant_ids(db: Connection) -> tuple[UUID, ...]:
    """Behind the door of the house."""
    return tuple(UUID(row[0]) for row in db.execute(TENANTS))


def life_of(db: Connection, tenant_id: UUID) -> int:
    return tenant_of(db, tenant_id).life


def begin_new_life(db: Connection, tenant_id: UUID, *, at: int) -> int:
    """This server lost something: every till compares from the beginning and sends again what is not here."""
    life = max(life_of(db, tenant_id) + 1, at)
    db.execute(NEW_LIFE, {"tenant": tenant_id.hex, "life": life})
    return life


def take_numbers(db: Connection, tenant: str, name: str, count: int) -> range:
    """The next ``count`` numbers. Nothing but their use comes after this in the transaction."""
    last = db.execute(TAKE, {"tenant": tenant, "name": name, "count": count}).scalar_one()
    return range(last - count + 1, last + 1)


def take_turn(db: Connection, tenant: str) -> None:
    """From here to the commit nobody else of this tenant publishes anything, and everything published before is seen."""
    take_numbers(db, tenant, ARRIVAL, 0)


def stop_spreading(db: Connection, tenant: str) -> None:
    """From here to the commit nothing of this tenant is spread; waits for who is at it."""
    db.execute(TAKE, {"tenant": tenant, "name": SPREAD, "count": 0})


def counter(db: Connection, tenant: str, name: str) -> int:
    return int(db.execute(COUNTER, {"tenant": tenant, "name": name}).scalar_one())
