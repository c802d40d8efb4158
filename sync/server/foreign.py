"""What the server above tells a hub: facts of other stores' tills, documents, members' keys, erasures; all fed onward to the hub's tills.

A fact that came this way is known without what came before it in its chain (:data:`sync.server.push.NO_LINK`); should its till belong to
this hub one day, its own push puts that right. Facts that lie here already, above all those of the hub's own tills, change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from sync.protocol import Change, MemberKey, Record
from sync.server.conflicts import Place, settle
from sync.server.database import among, listed, load
from sync.server.envelope import ID_BYTES, Envelope, read_envelope
from sync.server.pull import DOCUMENT
from sync.server.push import FACT_COLUMNS, KNOWN, NO_LINK, Batch, branch, publish, remember, row_of
from sync.server.tenants import Device

IS_TAKEN: Final = text(
    "SELECT 1 FROM fact WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation AND seq = :seq"
)
HAS_DOCUMENT: Final = text("SELECT 1 FROM document WHERE tenant_id = :tenant AND id = :id")
# A server above that was put back may give a version's number to something else.
OTHER_VERSION: Final = text(
    "DELETE FROM document WHERE tenant_id = :tenant AND name = :name AND version = :version RETURNING id"
)
NO_STEP: Final = text("DELETE FROM feed WHERE tenant_id = :tenant AND entity = :entity AND id = :id")
NEW_DOCUMENT: Final = text(
    "INSERT INTO document (tenant_id, id, name, version, body, hash, changed_at)"
    " VALUES (:tenant, :id, :name, :version, :body, :hash, :at)"
)


def take_down(db: Connection, hub: Device, changes: Sequence[Change], now: int) -> int:
    """Take these steps of the feed in; how many were new here."""
    tenant = hub.tenant_id.hex
    facts = [one for one in changes if not one.entity.startswith(DOCUMENT)]
    batch = Batch(db, hub, 0, now, _known(db, tenant, facts), {})
    new, keys = 0, []
    for change in changes:
        if change.entity.startswith(DOCUMENT):
            new += _put_document(batch, change)
            continue
        envelope = read_envelope(change.body)
        if envelope is None or envelope.id != change.id.hex() or len(change.device) != ID_BYTES:
            continue
        if change.key and envelope.member is not None and len(envelope.member) == 2 * ID_BYTES:
            keys.append(MemberKey(bytes.fromhex(envelope.member), change.key))
        new += _take(batch, change, envelope)
    load(db, "fact", FACT_COLUMNS, batch.rows)
    publish(batch, keys)
    return new


def _known(db: Connection, tenant: str, facts: Sequence[Change]) -> dict[str, bytes]:
    if not facts:
        return {}
    ids = listed(db, sorted({one.id.hex() for one in facts}))
    rows = db.execute(text(KNOWN + among(db, "id", "ids")), {"tenant": tenant, "ids": ids})
    return {row[0]: bytes(row[1]) for row in rows}


def _take(batch: Batch, change: Change, envelope: Envelope) -> bool:
    kept = batch.known.get(envelope.id)
    if kept == change.hash:
        return False
    record = Record(
        change.seq, change.id, change.entity, envelope.at, change.hlc, NO_LINK, change.hash, change.body
    )
    device = UUID(bytes=change.device)
    place = Place(device.hex, change.incarnation, change.seq)
    if _is_taken(batch, place):
        place = branch(device, change.incarnation, record)
    if kept is None:
        batch.rows.append(row_of(batch, record, envelope, place, change.hlc))
    elif not settle(batch.db, batch.tenant, record, place, hlc=change.hlc, at=batch.now):
        return False
    batch.known[envelope.id] = change.hash
    remember(batch, envelope, place)
    return True


def _is_taken(batch: Batch, place: Place) -> bool:
    if any(run == (place.device, place.incarnation, place.seq) for run in batch.runs):
        return True
    own = {"device": place.device, "incarnation": place.incarnation, "seq": place.seq}
    return batch.db.execute(IS_TAKEN, {"tenant": batch.tenant, **own}).first() is not None


def _put_document(batch: Batch, change: Change) -> bool:
    db, tenant = batch.db, batch.tenant
    own = {"tenant": tenant, "id": change.id.hex()}
    if db.execute(HAS_DOCUMENT, own).first() is not None:
        return False
    name = change.entity.removeprefix(DOCUMENT)
    version = {"tenant": tenant, "name": name, "version": change.seq}
    for (other,) in db.execute(OTHER_VERSION, version).all():
        db.execute(NO_STEP, {"tenant": tenant, "entity": change.entity, "id": other})
    db.execute(NEW_DOCUMENT, own | version | {"body": change.body, "hash": change.hash, "at": batch.now})
    batch.fed.append((change.entity, change.id.hex()))
    return True
