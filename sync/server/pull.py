"""Giving facts out: the change feed in the order of the commits, a first filling in stages, and the comparison of books.

A till is given everything that concern others too, its own facts included (one that was restored lacks some); it skips what it has. Nothing
is given to a till whose key was taken away. The key of a member goes beside what it opens, until the member is erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, text

from app.domain.facts import FactKind
from sync.protocol import (
    PAGE_CHANGES_MAX,
    PROTOCOL,
    Change,
    PullAnswer,
    PullRequest,
    ReconcileAnswer,
    ReconcileRequest,
    SnapshotAnswer,
    SnapshotRequest,
    Stage,
)
from sync.server.bodies import member_word
from sync.server.envelope import SALES
from sync.server.keys import keys_of
from sync.server.refusal import Denied, forbidden, malformed
from sync.server.seal import open_sealed
from sync.server.tenants import FEED, Device, begin_new_life, counter, life_of

PAGE_BYTES_MAX: Final = 6 << 20
ENTITIES_MAX: Final = 100
SUM_STEPS_MIN: Final = 1_000
"""After this many steps a sum is kept, so that the next comparison begins there."""
DOCUMENT: Final = "doc:"
SEALED: Final = frozenset((FactKind.ENROLMENT.value, FactKind.PROFILE.value))
STAGES: Final[dict[Stage, frozenset[str]]] = {
    Stage.CATALOGUE: frozenset((FactKind.RULES.value,)),
    Stage.MEMBERS: frozenset(
        kind.value
        for kind in (
            FactKind.ENROLMENT, FactKind.PROFILE, FactKind.CONSENT, FactKind.MERGE, FactKind.ERASURE, FactKind.REFERRAL,
        )
    ),
    Stage.BOOKS: frozenset(
        kind.value
        for kind in (
            FactKind.POINTS_ENTRY, FactKind.POINTS_ENTRIES, FactKind.COUPON, FactKind.COUPON_EVENT, FactKind.STAMP,
            FactKind.TIER, FactKind.VALUE_ACCOUNT, FactKind.VALUE_ENTRY,
        )
    ),
    Stage.VISITS: SALES,
}  # fmt: skip

_STEP: Final = (
    "SELECT s.feed_seq, s.entity, s.id, f.device_id, COALESCE(f.fork_of, f.incarnation), f.seq, f.hlc, f.hash, f.body,"
    " d.version, d.hash, d.body FROM feed s"
    " LEFT JOIN fact f ON f.tenant_id = s.tenant_id AND f.id = s.id"
    " LEFT JOIN document d ON d.tenant_id = s.tenant_id AND d.id = s.id"
    " WHERE s.tenant_id = :tenant AND s.feed_seq > :after"
)
STEPS: Final = text(f"{_STEP} ORDER BY s.feed_seq LIMIT :limit")
# Newer versions of a document make the older ones pointless.
STAGE_STEPS: Final = f"{_STEP} AND s.feed_seq <= :as_of AND (s.entity IN ({{kinds}}){{documents}}) ORDER BY s.feed_seq LIMIT :limit"
NEWEST_DOCUMENTS: Final = (
    " OR (s.entity LIKE 'doc:%' AND NOT EXISTS (SELECT 1 FROM document n WHERE n.tenant_id = d.tenant_id"
    " AND n.name = d.name AND n.version > d.version))"
)
SUMS: Final = text(
    "SELECT entity, up_to, count, hash FROM feed_sum WHERE tenant_id = :tenant AND up_to ="
    " (SELECT MAX(up_to) FROM feed_sum WHERE tenant_id = :tenant AND up_to <= :after)"
)
TO_SUM: Final = text(
    "SELECT s.entity, COALESCE(f.hash, d.hash) FROM feed s"
    " LEFT JOIN fact f ON f.tenant_id = s.tenant_id AND f.id = s.id"
    " LEFT JOIN document d ON d.tenant_id = s.tenant_id AND d.id = s.id"
    " WHERE s.tenant_id = :tenant AND s.feed_seq > :from AND s.feed_seq <= :to"
)
# Of each document its newest version counts, for that is all that a till keeps: index feed_entity.
DOCUMENTS: Final = text(
    "SELECT s.entity, d.version, d.hash FROM document d"
    " JOIN feed s ON s.tenant_id = d.tenant_id AND s.entity = 'doc:' || d.name AND s.id = d.id"
    " WHERE d.tenant_id = :tenant AND s.feed_seq <= :to ORDER BY d.name, d.version"
)
KEEP_SUM: Final = text(
    "INSERT INTO feed_sum (tenant_id, entity, up_to, count, hash) VALUES (:tenant, :entity, :up_to, :count, :hash)"
    " ON CONFLICT DO NOTHING"
)


def pull(db: Connection, device: Device, request: PullRequest, now: int) -> PullAnswer:
    """The next page of the feed. Raises Denied."""
    _check(device, request.protocol, request.limit)
    tenant = device.tenant_id.hex
    life, newest = life_of(db, device.tenant_id), counter(db, tenant, FEED)
    is_fresh = request.server == 0 and request.after == 0
    if request.after < 0:
        raise malformed("after")
    if request.server == life and request.after > newest:
        # The till has seen what is no longer here: this server was put back to an earlier day.
        life = begin_new_life(db, device.tenant_id, at=now)
    if not is_fresh and (request.server != life or request.after > newest):
        return PullAnswer(life, (), 0, newest, must_restart=True, after=request.after, is_whole=True)
    rows = db.execute(STEPS, {"tenant": tenant, "after": request.after, "limit": request.limit}).all()
    changes = _changes(db, tenant, rows)
    last = changes[-1].feed_seq if changes else max(request.after, newest if not rows else request.after)
    return PullAnswer(life, changes, last, newest, after=request.after, is_whole=True)


def snapshot(db: Connection, device: Device, request: SnapshotRequest) -> SnapshotAnswer:
    """One page of a first filling. Raises Denied."""
    _check(device, request.protocol, request.limit)
    tenant = device.tenant_id.hex
    newest = counter(db, tenant, FEED)
    if request.as_of < 0 or request.after < 0 or request.as_of > newest:
        raise malformed("as_of")
    as_of = request.as_of or newest
    kinds = ", ".join(f"'{kind}'" for kind in sorted(STAGES[request.stage]))
    documents = NEWEST_DOCUMENTS if request.stage is Stage.CATALOGUE else ""
    statement = text(STAGE_STEPS.format(kinds=kinds, documents=documents))
    rows = db.execute(
        statement, {"tenant": tenant, "after": request.after, "as_of": as_of, "limit": request.limit}
    ).all()
    changes = _changes(db, tenant, rows)
    has_more = len(rows) == request.limit or len(changes) < len(rows)
    last = changes[-1].feed_seq if changes and has_more else 0
    return SnapshotAnswer(
        server=life_of(db, device.tenant_id),
        as_of=as_of,
        changes=changes,
        next=last,
        total=as_of,
        stage=request.stage,
        after=request.after,
        is_whole=True,
    )


def reconcile(db: Connection, device: Device, request: ReconcileRequest) -> ReconcileAnswer:
    """Which entities the till holds otherwise than the feed had them up to ``after``. Raises Denied."""
    _check(device, PROTOCOL, PAGE_CHANGES_MAX)
    if len(request.entities) > ENTITIES_MAX or request.after < 0:
        raise malformed("entities")
    tenant = device.tenant_id.hex
    here = feed_sums(db, tenant, min(request.after, counter(db, tenant, FEED)))
    there = {entity: (count, xor) for entity, count, xor in request.entities}
    different = sorted(
        entity for entity in {*here, *there} if here.get(entity, (0, 0)) != there.get(entity, (0, 0))
    )
    return ReconcileAnswer(life_of(db, device.tenant_id), tuple(different), is_whole=True)


def feed_sums(db: Connection, tenant: str, after: int) -> dict[str, tuple[int, int]]:
    """How many steps of each entity there are up to here, and the first eight bytes of their hashes, each XORed into one number.

    A document counts once, with its newest version.
    """
    sums: dict[str, tuple[int, int]] = {}
    start = 0
    for entity, up_to, count, digest in db.execute(SUMS, {"tenant": tenant, "after": after}):
        sums[entity], start = (int(count), int.from_bytes(digest, "big")), int(up_to)
    for entity, digest in db.execute(TO_SUM, {"tenant": tenant, "from": start, "to": after}):
        if entity.startswith(DOCUMENT):
            continue
        count, xor = sums.get(entity, (0, 0))
        sums[entity] = (count + 1, xor ^ int.from_bytes(bytes(digest)[:8], "big"))
    if after - start >= SUM_STEPS_MIN:
        db.execute(
            KEEP_SUM,
            [
                {
                    "tenant": tenant,
                    "entity": entity,
                    "up_to": after,
                    "count": count,
                    "hash": xor.to_bytes(8, "big"),
                }
                for entity, (count, xor) in sums.items()
            ],
        )
    for entity, _, digest in db.execute(DOCUMENTS, {"tenant": tenant, "to": after}):
        sums[entity] = (1, int.from_bytes(bytes(digest)[:8], "big"))
    return sums


def _check(device: Device, protocol: int, limit: int) -> None:
    if device.is_revoked:
        raise forbidden("device_revoked")
    if protocol > PROTOCOL:
        raise malformed("protocol_newer")
    if not 1 <= limit <= PAGE_CHANGES_MAX:
        raise Denied(400, "limit")


def _changes(db: Connection, tenant: str, rows: Sequence[Any]) -> tuple[Change, ...]:
    """The steps with their bodies and keys, as many as fit into one answer."""
    keys = keys_of(db, tenant, _members(rows))
    changes: list[Change] = []
    room = PAGE_BYTES_MAX
    for step, entity, own, device, incarnation, seq, hlc, digest, body, version, its_hash, its_body in rows:
        fact_id = bytes.fromhex(own)
        if entity.startswith(DOCUMENT):
            change = Change(step, entity, fact_id, b"", 0, version, 0, bytes(its_hash), bytes(its_body))
        else:
            data = bytes(body)
            key = _key_for(keys, entity, own, data)
            change = Change(
                step, entity, fact_id, bytes.fromhex(device), incarnation, seq, hlc, bytes(digest), data, key
            )
        room -= len(change.body)
        if room < 0 and changes:
            break
        changes.append(change)
    return tuple(changes)


def _members(rows: Iterable[Any]) -> set[str]:
    """Whose keys go with these steps."""
    found = set()
    for row in rows:
        if row[1] in SEALED:
            try:
                found.add(member_word(bytes(row[8])).member)
            except (msgspec.DecodeError, msgspec.ValidationError):
                continue
    return found


def _key_for(keys: dict[str, tuple[bytes, ...]], entity: str, fact_id: str, body: bytes) -> bytes:
    """The key that opens this fact; of several, the one that does."""
    if entity not in SEALED:
        return b""
    try:
        word = member_word(body)
        own = keys.get(word.member, ())
        if len(own) <= 1:
            return own[0] if own else b""
        return next((key for key in own if open_sealed((key,), fact_id, word.member, word.sealed)), own[0])
    except (ValueError, msgspec.DecodeError, msgspec.ValidationError):
        return b""
