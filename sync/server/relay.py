"""What a store's hub brings: the tills it has paired, and the facts that those tills signed.

A hub speaks for the tills of its own store and for nobody else. It may introduce a till, as whoever makes pairing codes may; what it
relays is believed as far as the till's own signature goes, so that it can neither make nor change a fact. A till that belongs here
directly is nobody's to introduce.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from sync.protocol import PAIR_TILL, PairAnswer, PairRequest, PushAnswer, PushRequest, push_claim
from sync.server.push import push
from sync.server.refusal import Denied, forbidden, malformed, not_found
from sync.server.tenants import Device, tenant_of
from sync.server.trust import ID_BYTES, check_pairing, device_in, is_signed, put_key

KEY_NAME_CHARACTERS: Final = 32

KEYS: Final = text(
    "SELECT key_id, public_key, store_code, till_code, revoked_at, kind, via FROM device"
    " WHERE tenant_id = :tenant AND device_id = :device ORDER BY paired_at, key_id"
)


def introduce(db: Connection, hub: Device, request: PairRequest, now: int) -> PairAnswer:
    """The till that paired with this hub is known from now on; twice is once. Raises Denied."""
    _check_hub(hub)
    check_pairing(request)
    if request.kind != PAIR_TILL:
        raise malformed("kind")
    if request.store_code != hub.store_code:
        raise forbidden("store_other")
    name = hashlib.sha256(b"regulars.introduced.v1" + request.device + request.public_key).hexdigest()
    till = device_in(request, hub.tenant_id, f"{hub.tenant_id.hex}.{name[:KEY_NAME_CHARACTERS]}")
    known = _keys(db, till.tenant_id, till.device_id)
    if any(row.store_code != hub.store_code or row.kind != PAIR_TILL for row in known):
        raise forbidden("device_other")
    if all(row.key_id != till.key_id for row in known):
        if any(row.via is None and _is_good(row, now) for row in known):
            raise Denied(409, "device_paired")
        put_key(db, till, now, name=request.name, via=hub.device_id)
    found = tenant_of(db, hub.tenant_id)
    return PairAnswer(server=found.life, tenant=found.name, key_id=till.key_id, is_whole=True)


def relay(db: Connection, hub: Device, request: PushRequest, now: int) -> PushAnswer:
    """Take in what a till of the hub's store signed. Raises Denied: 404 for a till that was not introduced yet."""
    till = till_of(db, hub, request.device, now)
    claim = push_claim(request.batch, request.device, request.incarnation, request.head)
    for row in _keys(db, hub.tenant_id, till.device_id):
        if row.via is not None and is_signed(bytes(row.public_key), request.signature, claim):
            own = replace(till, key_id=row.key_id, public_key=bytes(row.public_key))
            return push(db, own, request, now, is_relayed=True)
    raise forbidden("signature")


def till_of(db: Connection, hub: Device, device: bytes, now: int) -> Device:
    """A till that a hub of this store introduced. It is revoked when it has no good key at all. Raises Denied."""
    _check_hub(hub)
    if len(device) != ID_BYTES:
        raise malformed("device_or_key")
    till = UUID(bytes=device)
    known = _keys(db, hub.tenant_id, till)
    row = next((one for one in reversed(known) if one.via is not None), None)
    if row is None or row.store_code != hub.store_code:
        raise not_found("till_unknown")
    return Device(
        hub.tenant_id,
        till,
        row.key_id,
        bytes(row.public_key),
        row.store_code,
        row.till_code,
        is_revoked=not any(_is_good(one, now) for one in known),
    )


def _keys(db: Connection, tenant_id: UUID, device_id: UUID) -> list[Any]:
    return list(db.execute(KEYS, {"tenant": tenant_id.hex, "device": device_id.hex}).all())


def _is_good(row: Any, now: int) -> bool:
    return row.revoked_at is None or row.revoked_at > now


def _check_hub(hub: Device) -> None:
    if not hub.is_hub:
        raise forbidden("no_hub")
    if hub.is_revoked:
        raise forbidden("device_revoked")
