"""What the chain's office sees and does: stores, tills, figures by day, the list of what a person should look at, and the server's
documents.

Figures are sums over the tables that facts were spread over. Settling an exception writes who did it and why; the fact stays what it is.
"""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from sync.protocol import BODY_BYTES_MAX, PAIR_TILL, Record, document_hash
from sync.server import leases, trust
from sync.server.exceptions import ExceptionKind
from sync.server.pull import DOCUMENT
from sync.server.push import take_in
from sync.server.refusal import Denied, malformed, not_found
from sync.server.tenants import FEED, Device, take_numbers

PAGE_ROWS_MAX: Final = 500
DAYS_MAX: Final = 400
NOTE_CHARACTERS_MAX: Final = 500

# One line a till: its newest key.
TILLS: Final = text(
    "SELECT d.device_id, d.store_code, d.till_code, d.name, d.paired_at, d.revoked_at, c.last_contact_at, d.kind, d.via, d.key_id"
    " FROM device d JOIN (SELECT device_id, MAX(last_contact_at) AS last_contact_at, MAX(paired_at) AS paired_at"
    " FROM device WHERE tenant_id = :tenant GROUP BY device_id) c ON c.device_id = d.device_id AND c.paired_at = d.paired_at"
    " WHERE d.tenant_id = :tenant ORDER BY d.store_code, d.till_code, d.device_id, d.key_id"
)
RECEIVED: Final = text(
    "SELECT device_id, SUM(seq - first_seq + 1) FROM chain WHERE tenant_id = :tenant AND first_seq IS NOT NULL GROUP BY device_id"
)
# Index sale_by_day.
DAYS: Final = text(
    "SELECT business_date, store_code, currency,"
    " SUM(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END), SUM(CASE WHEN kind = 'return' THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN kind = 'post_void' THEN 1 ELSE 0 END), SUM(total_minor), SUM(tax_minor), SUM(cash_minor),"
    " SUM(CASE WHEN kind = 'sale' AND member_id IS NOT NULL THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN member_id IS NOT NULL THEN total_minor ELSE 0 END), COUNT(DISTINCT member_id),"
    " SUM(CASE WHEN is_new_member THEN 1 ELSE 0 END), SUM(points_earned), SUM(points_spent)"
    " FROM sale WHERE tenant_id = :tenant AND business_date BETWEEN :first AND :last"
    " GROUP BY business_date, store_code, currency ORDER BY business_date DESC, store_code, currency LIMIT :limit"
)
EXCEPTIONS: Final = (
    "SELECT id, kind, code, device_id, subject_id, found_at, settled_at, settled_by, note FROM exception"
    " WHERE tenant_id = :tenant{open} ORDER BY found_at DESC, id LIMIT :limit"
)
EXCEPTION: Final = text(
    "SELECT kind, settled_at, device_id, body, code FROM exception WHERE tenant_id = :tenant AND id = :id"
)
SETTLE: Final = text(
    "UPDATE exception SET settled_at = :at, settled_by = :by, note = :note WHERE tenant_id = :tenant AND id = :id"
)
HAS_DEVICE: Final = text("SELECT 1 FROM device WHERE tenant_id = :tenant AND device_id = :device")
NEWEST_VERSION: Final = text(
    "SELECT COALESCE(MAX(version), 0) FROM document WHERE tenant_id = :tenant AND name = :name"
)
DOCUMENTS: Final = text(
    "SELECT d.name, d.version, d.hash, length(d.body), d.changed_at FROM document d WHERE d.tenant_id = :tenant"
    " AND d.version = (SELECT MAX(n.version) FROM document n WHERE n.tenant_id = :tenant AND n.name = d.name) ORDER BY d.name"
)
NEW_DOCUMENT: Final = text(
    "INSERT INTO document (tenant_id, id, name, version, body, hash, changed_at)"
    " VALUES (:tenant, :id, :name, :version, :body, :hash, :at)"
)
FEED_DOCUMENT: Final = text(
    "INSERT INTO feed (tenant_id, feed_seq, entity, id) VALUES (:tenant, :step, :entity, :id)"
)


class Till(msgspec.Struct, frozen=True):
    """Instants are UTC milliseconds."""

    id: str
    store_code: str
    till_code: str
    name: str
    paired_at: int
    revoked_at: int | None
    last_contact_at: int | None
    facts_received: int
    kind: str = "till"  # or hub
    hub_id: str | None = None  # what introduced it


class Store(msgspec.Struct, frozen=True):
    store_code: str
    tills: int
    last_contact_at: int | None


class StoreDay(msgspec.Struct, frozen=True):
    """Amounts in minor units of ``currency``; returns and voids are taken off. ``day`` is a business date as 20261121."""

    day: int
    store_code: str
    currency: str
    sales: int
    returns: int
    voids: int
    total_minor: int
    tax_minor: int
    cash_minor: int
    member_sales: int
    member_total_minor: int
    members: int
    new_members: int
    points_earned: int
    points_spent: int


class Finding(msgspec.Struct, frozen=True):
    id: str
    kind: str
    code: str
    till_id: str | None
    subject_id: str | None
    found_at: int
    settled_at: int | None
    settled_by: str
    note: str


class Settlement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``note`` says why, in the words of who settles it."""

    note: str = ""


class NewCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which store a till (or its hub) may be paired; "" for any, which is no store for a hub."""

    store_code: str = ""
    kind: Literal["till", "hub"] = "till"


class Code(msgspec.Struct, frozen=True):
    code: str
    expires_at: int


class Version(msgspec.Struct, frozen=True):
    name: str
    version: int


class Document(msgspec.Struct, frozen=True):
    """The newest version of a document. ``hash`` is :func:`sync.protocol.document_hash`, hexadecimal."""

    name: str
    version: int
    hash: str
    bytes: int
    changed_at: int


def tills(db: Connection, tenant_id: UUID) -> list[Till]:
    received = {row[0]: int(row[1]) for row in db.execute(RECEIVED, {"tenant": tenant_id.hex})}
    found: dict[str, Till] = {}
    for row in db.execute(TILLS, {"tenant": tenant_id.hex}):
        own, store, till, name, paired, revoked, contact, kind, via, _ = row
        found[own] = Till(own, store, till, name, paired, revoked, contact, received.get(own, 0), kind, via)
    return list(found.values())


def stores(db: Connection, tenant_id: UUID) -> list[Store]:
    found: dict[str, Store] = {}
    for till in tills(db, tenant_id):
        known = found.get(till.store_code, Store(till.store_code, 0, None))
        contacts = [at for at in (known.last_contact_at, till.last_contact_at) if at is not None]
        found[till.store_code] = Store(
            till.store_code, known.tills + (till.kind == PAIR_TILL), max(contacts, default=None)
        )
    return list(found.values())


def days(db: Connection, tenant_id: UUID, first: int, last: int) -> list[StoreDay]:
    """One line for each store, day and currency; the newest days first."""
    values = {"tenant": tenant_id.hex, "first": first, "last": last, "limit": PAGE_ROWS_MAX}
    return [StoreDay(row[0], row[1], row[2], *map(int, row[3:])) for row in db.execute(DAYS, values)]


def exceptions(db: Connection, tenant_id: UUID, *, is_open: bool) -> list[Finding]:
    """The newest ones first."""
    statement = text(EXCEPTIONS.format(open=" AND settled_at IS NULL" if is_open else ""))
    return [Finding(*row) for row in db.execute(statement, {"tenant": tenant_id.hex, "limit": PAGE_ROWS_MAX})]


def settle(db: Connection, tenant_id: UUID, exception_id: UUID, *, by: str, note: str, now: int) -> None:
    """Take it off the list. Raises Denied: 404 where this tenant has no such exception, 409 where it is settled."""
    if len(note) > NOTE_CHARACTERS_MAX or "\0" in note:
        raise malformed("note")
    own = {"tenant": tenant_id.hex, "id": exception_id.hex}
    row = db.execute(EXCEPTION, own).one_or_none()
    if row is None:
        raise not_found("exception_unknown")
    if row[1] is not None:
        raise Denied(409, "settled_already")
    db.execute(SETTLE, own | {"at": now, "by": by, "note": note})


def accept(db: Connection, tenant_id: UUID, exception_id: UUID, *, by: str, note: str, now: int) -> None:
    """Take in what a till sent after its key had been taken away, and take it off the list. Raises Denied."""
    own = {"tenant": tenant_id.hex, "id": exception_id.hex}
    row = db.execute(EXCEPTION, own).one_or_none()
    if row is None:
        raise not_found("exception_unknown")
    kind, code, device_id, body = row[0], row[4], row[2], row[3]
    if kind != ExceptionKind.QUARANTINED or code != "device_revoked":
        raise Denied(409, "nothing_to_take_in")
    settle(db, tenant_id, exception_id, by=by, note=note, now=now)
    record = msgspec.msgpack.decode(bytes(body), type=Record)
    take_in(db, Device(tenant_id, UUID(device_id), "", b"", "", ""), record, now)


def revoke(db: Connection, tenant_id: UUID, device_id: UUID, now: int) -> None:
    """Take away every key of a till, and what it held by lease. Raises Denied(404) where this tenant has no such till."""
    if db.execute(HAS_DEVICE, {"tenant": tenant_id.hex, "device": device_id.hex}).first() is None:
        raise not_found("till_unknown")
    trust.revoke(db, tenant_id, device_id, now)
    leases.release(db, tenant_id, device_id, now)


def documents(db: Connection, tenant_id: UUID) -> list[Document]:
    rows = db.execute(DOCUMENTS, {"tenant": tenant_id.hex})
    return [Document(row[0], row[1], bytes(row[2]).hex(), row[3], row[4]) for row in rows]


def put_document(
    db: Connection, tenant_id: UUID, document_id: UUID, name: str, body: bytes, *, now: int
) -> Version:
    """Another version of a document (catalogue, promotions, rules …), fed to every till. ``body`` is canonical JSON. Raises Denied."""
    if len(body) > BODY_BYTES_MAX:
        raise Denied(413, "too_large")
    tenant = tenant_id.hex
    version = int(db.execute(NEWEST_VERSION, {"tenant": tenant, "name": name}).scalar_one()) + 1
    own = {"tenant": tenant, "id": document_id.hex}
    digest = document_hash(name, version, body)
    db.execute(
        NEW_DOCUMENT, own | {"name": name, "version": version, "body": body, "hash": digest, "at": now}
    )
    (step,) = take_numbers(db, tenant, FEED, 1)
    db.execute(FEED_DOCUMENT, own | {"step": step, "entity": DOCUMENT + name})
    return Version(name, version)
