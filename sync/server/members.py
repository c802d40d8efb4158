"""Members at the server: who is one with whom. Every word about a member carries a clock, and of two the same one stands whatever came
first.

One number is one member: of several members under a number the one that was enrolled first is the canonical one, and the books of all of
them count together. What people said by a merge goes before that. All of it follows from the words that are here and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from app.domain.profile_merge import Claim, families
from sync.server.database import among, listed, load
from sync.server.exceptions import ExceptionKind, note_finding, withdraw

ROUNDS_MAX: Final = 64
COLUMNS: Final = (
    "tenant_id", "member_id", "canonical_id", "phone_hash", "phone_hlc", "enrolled_hlc", "enrolled_at", "device_id",
    "merged_into", "merged_hlc", "erased_at",
)  # fmt: skip
_READ: Final = f"SELECT {', '.join(COLUMNS[1:])} FROM member WHERE tenant_id = :tenant AND "
CHANGE: Final = text(
    "UPDATE member SET canonical_id = :canonical, phone_hash = :phone_hash, phone_hlc = :phone_hlc,"
    " enrolled_hlc = :enrolled_hlc, enrolled_at = :enrolled_at, device_id = :device, merged_into = :merged_into,"
    " merged_hlc = :merged_hlc, erased_at = :erased_at WHERE tenant_id = :tenant AND member_id = :member"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one member. ``merged_hlc`` with no ``merged_into``: people said that this one stands alone."""

    id: str
    canonical: str
    phone_hash: bytes | None = None
    phone_hlc: int = 0
    enrolled_hlc: int | None = None
    enrolled_at: int | None = None
    device: str | None = None
    merged_into: str | None = None
    merged_hlc: int = 0
    erased_at: int | None = None

    def enrolled(self, hlc: int, at: int, device: str) -> Known:
        if self.enrolled_hlc is not None and (self.enrolled_hlc, self.device or "") <= (hlc, device):
            return self
        return replace(self, enrolled_hlc=hlc, enrolled_at=at, device=device)

    def with_phone(self, hlc: int, phone_hash: bytes | None) -> Known:
        if self.erased_at is not None or (hlc, phone_hash or b"") <= (self.phone_hlc, self.phone_hash or b""):
            return self
        return replace(self, phone_hlc=hlc, phone_hash=phone_hash)

    def merged(self, hlc: int, into: str | None) -> Known:
        if (hlc, into or "") <= (self.merged_hlc, self.merged_into or ""):
            return self
        return replace(self, merged_hlc=hlc, merged_into=None if into == self.id else into)

    def erased(self, at: int) -> Known:
        first = at if self.erased_at is None else min(at, self.erased_at)
        return replace(self, erased_at=first, phone_hash=None, phone_hlc=0)


def read_members(db: Connection, tenant: str, ids: Iterable[str]) -> dict[str, Known]:
    """The rows there are; a member of whom nothing was said yet has none."""
    return _read(db, tenant, among(db, "member_id", "ids"), listed(db, sorted(set(ids))))


def write_members(
    db: Connection, tenant: str, before: Mapping[str, Known], after: Mapping[str, Known], *, now: int
) -> frozenset[str]:
    """Store what changed and settle who is one with whom. Returns everyone whose canonical member may be another now."""
    new = [member for member in after.values() if member.id not in before]
    changed = [member for member in after.values() if member.id in before and member != before[member.id]]
    load(db, "member", COLUMNS, [_row(tenant, member) for member in new])
    _change(db, tenant, changed)
    phones = {
        state.phone_hash
        for member in changed
        for state in (before[member.id], member)
        if state.phone_hash is not None
    }
    touched = [member.id for member in (*new, *changed)]
    return _resettle(db, tenant, touched, phones, now=now) if touched else frozenset()


def canonical_of(db: Connection, tenant: str, ids: Iterable[str]) -> dict[str, str]:
    """Everyone's canonical member; who has no row is their own."""
    wanted = sorted(set(ids))
    found = {member: known.canonical for member, known in read_members(db, tenant, wanted).items()}
    return {member: found.get(member, member) for member in wanted}


def settle_families(family: Mapping[str, Known]) -> dict[str, str]:
    """The canonical member of each, from everything that is known of all of them. A pure function of the words."""
    claims = {
        UUID(member.id): Claim(
            member.phone_hash,
            member.enrolled_hlc,
            UUID(member.merged_into) if member.merged_into else None,
            is_said=member.merged_hlc != 0,
        )
        for member in family.values()
    }
    found = families(claims)
    return {member: found[UUID(member)].hex for member in family}


def _resettle(
    db: Connection, tenant: str, touched: list[str], phones: set[bytes], *, now: int
) -> frozenset[str]:
    family = _family(db, tenant, touched, phones)
    settled = settle_families(family)
    moved = [
        replace(member, canonical=settled[member.id])
        for member in family.values()
        if member.canonical != settled[member.id]
    ]
    _change(db, tenant, moved)
    for member in family.values():
        if settled[member.id] != member.id and not member.merged_hlc:
            note_finding(
                db, tenant, ExceptionKind.ONE_PHONE, "one_phone",
                subject=member.id, device=member.device, found_at=now,
            )  # fmt: skip
        elif settled[member.id] != member.id or member.canonical != member.id:
            withdraw(db, tenant, ExceptionKind.ONE_PHONE, member.id)
    before = {family[member.id].canonical for member in moved}
    return frozenset(before | {member.canonical for member in moved} | {member.id for member in moved})


def _family(db: Connection, tenant: str, touched: list[str], phones: set[bytes]) -> dict[str, Known]:
    """Everyone who is tied to these by a number or by a merge, however far."""
    family = read_members(db, tenant, touched)
    ids, hashes = set(touched), set(phones)
    for _ in range(ROUNDS_MAX):
        more = {member.phone_hash for member in family.values() if member.phone_hash} | hashes
        others = {member.merged_into for member in family.values() if member.merged_into} - set(family)
        found = dict(_read(db, tenant, among(db, "merged_into", "ids"), listed(db, sorted(ids))))
        if more:
            values = listed(db, sorted(one.hex() for one in more), is_bytes=True)
            found |= _read(db, tenant, among(db, "phone_hash", "ids", "bytea"), values)
        if others:
            found |= read_members(db, tenant, others)
        ids, hashes = set(found) - set(family), set()
        if not ids:
            return family
        family |= found
    raise AssertionError("a family that has no end")


def _read(db: Connection, tenant: str, condition: str, ids: str) -> dict[str, Known]:
    found = {}
    for row in db.execute(text(_READ + condition), {"tenant": tenant, "ids": ids}):
        phone = None if row[2] is None else bytes(row[2])
        found[row[0]] = Known(row[0], row[1], phone, *row[3:])
    return found


def _row(tenant: str, member: Known) -> tuple[object, ...]:
    return (
        tenant, member.id, member.canonical, member.phone_hash, member.phone_hlc, member.enrolled_hlc, member.enrolled_at,
        member.device, member.merged_into, member.merged_hlc, member.erased_at,
    )  # fmt: skip


def _change(db: Connection, tenant: str, members: Iterable[Known]) -> None:
    rows = [
        {
            "tenant": tenant, "member": member.id, "canonical": member.canonical, "phone_hash": member.phone_hash,
            "phone_hlc": member.phone_hlc, "enrolled_hlc": member.enrolled_hlc, "enrolled_at": member.enrolled_at,
            "device": member.device, "merged_into": member.merged_into, "merged_hlc": member.merged_hlc,
            "erased_at": member.erased_at,
        }
        for member in members
    ]  # fmt: skip
    if rows:
        db.execute(CHANGE, rows)
