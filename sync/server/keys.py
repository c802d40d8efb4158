"""The members' keys: what opens the sealed part of a fact. An erasure destroys them, and no key of an erased member is ever kept again.

Whoever erases, brings a key, or notes that a key is missing, does so while it holds :func:`sync.server.tenants.take_turn`: else an erasure
and a key that come together would not see each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, text

from sync.protocol import MemberKey
from sync.server.database import among, keep, listed

KEY_BYTES: Final = 32
ID_BYTES: Final = 16

ERASE: Final = text(
    "INSERT INTO erasure (tenant_id, member_id, erased_at) VALUES (:tenant, :member, :at)"
    " ON CONFLICT (tenant_id, member_id) DO UPDATE SET erased_at = excluded.erased_at"
    " WHERE excluded.erased_at < erasure.erased_at"
)
DROP_KEYS: Final = text("DELETE FROM member_key WHERE tenant_id = :tenant AND member_id = :member")
DROP_UNOPENED: Final = text("DELETE FROM unopened WHERE tenant_id = :tenant AND member_id = :member")


def erase_keys(db: Connection, tenant: str, members: Iterable[tuple[str, int]]) -> None:
    """``members`` are (id, when they were erased, as their fact says)."""
    for member, at in members:
        values = {"tenant": tenant, "member": member, "at": at}
        db.execute(ERASE, values)
        db.execute(DROP_KEYS, values)
        db.execute(DROP_UNOPENED, values)


def keep_keys(db: Connection, tenant: str, keys: Sequence[MemberKey]) -> tuple[tuple[str, int, int], ...]:
    """Keep them; the places (device, incarnation, seq) of facts that can be opened only now."""
    brought = {
        (key.member_id.hex(), key.key)
        for key in keys
        if len(key.member_id) == ID_BYTES and len(key.key) == KEY_BYTES
    }
    if not brought:
        return ()
    members = listed(db, sorted({member for member, _ in brought}))
    found = db.execute(
        text(f"SELECT member_id FROM erasure WHERE tenant_id = :tenant AND {among(db, 'member_id', 'ids')}"),
        {"tenant": tenant, "ids": members},
    )
    erased = {row[0] for row in found}
    rows = [(tenant, member, key) for member, key in sorted(brought) if member not in erased]
    keep(db, "member_key", ("tenant_id", "member_id", "key"), rows)
    return _no_longer_sealed(db, tenant, listed(db, [row[1] for row in rows])) if rows else ()


def keys_of(db: Connection, tenant: str, members: Iterable[str]) -> dict[str, tuple[bytes, ...]]:
    """All keys of these members; an erased one has none."""
    found: dict[str, tuple[bytes, ...]] = {}
    wanted = sorted(set(members))
    if not wanted:
        return found
    statement = text(
        f"SELECT member_id, key FROM member_key WHERE tenant_id = :tenant AND {among(db, 'member_id', 'ids')}"
        " ORDER BY member_id, key"
    )
    for member, key in db.execute(statement, {"tenant": tenant, "ids": listed(db, wanted)}):
        found[member] = (*found.get(member, ()), bytes(key))
    return found


def _no_longer_sealed(db: Connection, tenant: str, members: str) -> tuple[tuple[str, int, int], ...]:
    values = {"tenant": tenant, "ids": members}
    is_meant = among(db, "u.member_id", "ids")
    places = db.execute(
        text(
            "SELECT f.device_id, f.incarnation, f.seq FROM unopened u"
            " JOIN fact f ON f.tenant_id = u.tenant_id AND f.id = u.fact_id"
            f" WHERE u.tenant_id = :tenant AND {is_meant} ORDER BY f.device_id, f.incarnation, f.seq"
        ),
        values,
    ).all()
    if places:
        db.execute(
            text(f"DELETE FROM unopened WHERE tenant_id = :tenant AND {among(db, 'member_id', 'ids')}"),
            values,
        )
    return tuple((row[0], row[1], row[2]) for row in places)
