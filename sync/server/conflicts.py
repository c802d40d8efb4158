"""Two facts under one id. Which one stands follows from the two alone, never from which came first: the smaller (clock, hash).

Ids that tills make alike on purpose (a bonus given once, a coupon given once) meet here every day and are nobody's concern. Two facts under
a random id are: both are kept, and the owner is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from sync.protocol import Record
from sync.server.database import is_postgresql, keep
from sync.server.envelope import is_derived
from sync.server.exceptions import ExceptionKind, note_record
from sync.server.tenants import stop_spreading
from sync.server.unspread import unspread

STANDING: Final = (
    "SELECT seq, kind, occurred_at, hlc, prev, hash, body, device_id, incarnation FROM fact"
    " WHERE tenant_id = :tenant AND id = :id"
)
REPLACE: Final = text(
    "UPDATE fact SET device_id = :device, incarnation = :incarnation, seq = :seq, kind = :kind, occurred_at = :occurred_at,"
    " hlc = :hlc, prev = :prev, hash = :hash, body = :body, received_at = :at, state = '', fork_of = :fork_of"
    " WHERE tenant_id = :tenant AND id = :id"
)
FEED_STEP: Final = text(
    "DELETE FROM feed WHERE tenant_id = :tenant AND entity = :kind AND id = :id RETURNING feed_seq"
)
FORGET_SUMS: Final = text("DELETE FROM feed_sum WHERE tenant_id = :tenant AND up_to >= :seq")
SET_ASIDE_COLUMNS: Final = ("tenant_id", "device_id", "incarnation", "seq", "hash", "prev")


@dataclass(frozen=True, slots=True)
class Place:
    device: str
    incarnation: int
    seq: int
    fork_of: int | None = None


def settle(db: Connection, tenant: str, record: Record, place: Place, *, hlc: int, at: int) -> bool:
    """Decide between the fact that stands under this id and the one that came. Returns whether the one that came stands now."""
    fact_id = record.id.hex()
    # Another batch may be deciding the same: its row is held until the commit.
    lock = " FOR UPDATE" if is_postgresql(db) else ""
    row = db.execute(text(STANDING + lock), {"tenant": tenant, "id": fact_id}).one()
    seq, kind, occurred_at, its_hlc, prev, digest, body, device, incarnation = row
    stood = Record(seq, record.id, kind, occurred_at, its_hlc, bytes(prev), bytes(digest), bytes(body))
    if stood.hash == record.hash:
        return False
    wins = (hlc, record.hash) < (its_hlc, stood.hash)
    if wins:
        stop_spreading(db, tenant)
        _put_in_place(db, tenant, stood, record, place, hlc=hlc, at=at)
    loser, where = (
        (stood, (device, incarnation, seq))
        if wins
        else (record, (place.device, place.incarnation, place.seq))
    )
    keep(db, "set_aside", SET_ASIDE_COLUMNS, [(tenant, *where, loser.hash, loser.prev)])
    if not is_derived(fact_id):
        note_record(
            db, tenant, ExceptionKind.CONFLICT, "same_id", loser, device=where[0], found_at=at,
            about=(record.id, *sorted((stood.hash, record.hash))),
        )  # fmt: skip
    return wins


def _put_in_place(
    db: Connection, tenant: str, loser: Record, record: Record, place: Place, *, hlc: int, at: int
) -> None:
    fact_id = record.id.hex()
    unspread(db, tenant, loser.kind, loser.body)
    step = db.execute(FEED_STEP, {"tenant": tenant, "kind": loser.kind, "id": fact_id}).scalar_one_or_none()
    if step is not None:
        db.execute(FORGET_SUMS, {"tenant": tenant, "seq": step})
    db.execute(
        REPLACE,
        {
            "tenant": tenant,
            "id": fact_id,
            "device": place.device,
            "incarnation": place.incarnation,
            "seq": place.seq,
            "kind": record.kind,
            "occurred_at": record.occurred_at,
            "hlc": hlc,
            "prev": record.prev,
            "hash": record.hash,
            "body": record.body,
            "at": at,
            "fork_of": place.fork_of,
        },
    )
