"""What a person should look at. An exception stops nothing: it stands on the owner's list until somebody settles it.

Its id follows from what it is about, so that finding the same thing again, at another worker or after a restore, is finding it once.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final

import msgspec
from sqlalchemy import Connection, text

from sync.protocol import Record

NO_HASH: Final = bytes(32)


class ExceptionKind(StrEnum):
    # Of records, as they arrived.
    CONFLICT = "conflict"  # two facts under one id
    FORK = "fork"  # two facts at one place: a copied disk
    QUARANTINED = "quarantined"  # a record that is no fact of the till that sent it
    CLOCK_AHEAD = "clock_ahead"
    # Of facts, when they are spread over the tables.
    DAMAGED = "damaged"  # authentic, and not to be understood
    # Of what all facts together say; these come and go with it.
    DOUBLE_REDEMPTION = "double_redemption"
    NEGATIVE_BALANCE = "negative_balance"
    NEGATIVE_VALUE = "negative_value"
    ONE_PHONE = "one_phone"


DERIVED: Final = (
    ExceptionKind.DOUBLE_REDEMPTION,
    ExceptionKind.NEGATIVE_BALANCE,
    ExceptionKind.NEGATIVE_VALUE,
    ExceptionKind.ONE_PHONE,
)

NOTE: Final = text(
    "INSERT INTO exception (tenant_id, id, kind, code, device_id, subject_id, hash, body, found_at, settled_at, settled_by, note)"
    " VALUES (:tenant, :id, :kind, :code, :device, :subject, :hash, :body, :at, NULL, '', '') ON CONFLICT DO NOTHING"
)
WITHDRAW: Final = text(
    "DELETE FROM exception WHERE tenant_id = :tenant AND id = :id AND kind = :kind AND settled_at IS NULL"
)


def exception_id(kind: ExceptionKind, *parts: bytes) -> str:
    """Sixteen bytes of a hash, as hexadecimal."""
    digest = hashlib.sha256(kind.value.encode())
    for part in parts:
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.hexdigest()[:32]


def note_record(
    db: Connection,
    tenant: str,
    kind: ExceptionKind,
    code: str,
    record: Record,
    *,
    device: str,
    found_at: int,
    about: tuple[bytes, ...],
) -> None:
    """Put a record aside, whole."""
    _note(
        db,
        tenant,
        kind,
        code,
        id=exception_id(kind, *about),
        device=device,
        subject=record.id.hex() if len(record.id) == 16 else None,
        hash=record.hash,
        body=msgspec.msgpack.encode(record),
        at=found_at,
    )


def note_finding(
    db: Connection,
    tenant: str,
    kind: ExceptionKind,
    code: str,
    *,
    subject: str,
    device: str | None,
    found_at: int,
) -> None:
    """Put something on the list that follows from facts already here."""
    _note(
        db,
        tenant,
        kind,
        code,
        id=exception_id(kind, bytes.fromhex(subject)),
        device=device,
        subject=subject,
        hash=NO_HASH,
        body=b"",
        at=found_at,
    )


def withdraw(db: Connection, tenant: str, kind: ExceptionKind, subject: str) -> None:
    """It is no longer so. What somebody has settled stays as it was settled."""
    db.execute(
        WITHDRAW, {"tenant": tenant, "id": exception_id(kind, bytes.fromhex(subject)), "kind": kind.value}
    )


def _note(db: Connection, tenant: str, kind: ExceptionKind, code: str, **values: object) -> None:
    db.execute(NOTE, {"tenant": tenant, "kind": kind.value, "code": code, **values})
