"""Taking facts in: one transaction a batch, one answer a record.

A fact that is authentic is never refused, and nothing that is wrong with one record stops another: it is set aside with its bytes. The
row of a fact is what makes sending it twice harmless; it is written in the same transaction as everything that follows from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, text

from app.domain.facts import FactKind
from sync.protocol import (
    NO_HEAD,
    PROTOCOL,
    RECORDS_MAX,
    MemberKey,
    PushAnswer,
    PushRequest,
    Record,
    Result,
    Status,
    push_claim,
)
from sync.server.chains import lock_chain, move_watermark
from sync.server.conflicts import SET_ASIDE_COLUMNS, Place, settle
from sync.server.database import among, keep, listed, load
from sync.server.envelope import ID_BYTES, NUMBER_MAX, Envelope, flaw_of, is_derived, is_fed, open_envelope
from sync.server.exceptions import ExceptionKind, note_record
from sync.server.keys import erase_keys, keep_keys
from sync.server.refusal import Denied, forbidden, malformed
from sync.server.tenants import ARRIVAL, FEED, Device, life_of, take_numbers, take_turn
from sync.server.vouch import UNLINKED, doubtful

CLOCK_AHEAD_MAX_MS: Final = 300_000
HLC_COUNTER_BITS: Final = 16
HLC_COUNTER: Final = (1 << HLC_COUNTER_BITS) - 1
NONCE_BYTES: Final = 16
NO_LINK: Final = b""
"""What stands for the hash of the fact before where only the fact itself is known."""

FACT_COLUMNS: Final = (
    "tenant_id", "id", "device_id", "incarnation", "seq", "kind", "occurred_at", "hlc", "prev", "hash", "body",
    "received_at", "state", "fork_of",
)  # fmt: skip
KNOWN: Final = "SELECT id, hash, length(prev) FROM fact WHERE tenant_id = :tenant AND "
PLACES: Final = text(
    "SELECT seq, hash, prev FROM fact WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation"
    " AND seq BETWEEN :first AND :last"
)
ASIDE: Final = "tenant_id = :tenant AND device_id = :device AND seq = :seq AND hash = :hash"
PLACE_ASIDE: Final = text(f"SELECT incarnation FROM set_aside WHERE {ASIDE} LIMIT 1")
LINK: Final = text("UPDATE fact SET prev = :prev WHERE tenant_id = :tenant AND id = :id")
NO_LONGER_ASIDE: Final = text(f"DELETE FROM set_aside WHERE {ASIDE}")
CONTACT: Final = text(
    "UPDATE device SET last_contact_at = :at WHERE tenant_id = :tenant AND device_id = :device AND key_id = :key"
)


@dataclass(slots=True)
class Batch:
    """What one request adds up to while its records are looked at one by one."""

    db: Connection
    device: Device
    incarnation: int
    now: int
    known: dict[str, bytes]  # id -> hash
    places: dict[int, tuple[bytes, bytes]]  # seq -> (hash, prev)
    unlinked: frozenset[str] = frozenset()  # of what is known: what was told of without what came before it
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    own: dict[str, int] = field(default_factory=dict)  # the ids of this batch that are new
    runs: list[tuple[str, int, int]] = field(default_factory=list)  # places to be spread
    fed: list[tuple[str, str]] = field(default_factory=list)
    aside: list[tuple[Any, ...]] = field(default_factory=list)
    erased: list[tuple[str, int]] = field(default_factory=list)
    is_ahead: bool = False  # and the owner has been told
    is_relayed: bool = False  # what is wrong with it may be whoever brought it

    @property
    def tenant(self) -> str:
        return self.device.tenant_id.hex

    @property
    def till(self) -> str:
        return self.device.device_id.hex


def push(
    db: Connection, device: Device, request: PushRequest, now: int, *, is_relayed: bool = False
) -> PushAnswer:
    """Store what is new and answer each record. Raises Denied for a request that is not this till's own.

    ``is_relayed``: somebody else brought it; only what the till's signature vouches for is believed.
    """
    check_request(device, request)
    tenant = device.tenant_id.hex
    life = life_of(db, device.tenant_id)
    chain = lock_chain(db, tenant, device.device_id.hex, request.incarnation)
    batch = open_batch(db, device, request.incarnation, request.records, now)
    batch.is_relayed = is_relayed
    doubts = (
        doubtful(device.device_id, request.incarnation, request.records, batch.places) if is_relayed else {}
    )
    results = tuple(
        _doubted(batch, record, doubts[index]) if index in doubts else _take(batch, record)
        for index, record in enumerate(request.records)
    )
    load(db, "fact", FACT_COLUMNS, batch.rows)
    keep(db, "set_aside", SET_ASIDE_COLUMNS, batch.aside)
    chain = move_watermark(db, chain)
    db.execute(CONTACT, {"at": now, "tenant": tenant, "device": batch.till, "key": device.key_id})
    publish(batch, request.keys)
    return PushAnswer(
        batch=request.batch,
        nonce=request.nonce,
        server=life,
        watermark_seq=chain.seq,
        watermark_hash=chain.hash,
        results=results,
        is_whole=True,
    )


def take_in(db: Connection, device: Device, record: Record, now: int) -> Result:
    """A record of a till whose key had been taken away, after a person looked at it. ``device`` is the till as if it had its key."""
    assert not device.is_revoked
    tenant, till = device.tenant_id.hex, device.device_id.hex
    own: dict[str, object] = {"tenant": tenant, "device": till, "seq": record.seq, "hash": record.hash}
    place = db.execute(PLACE_ASIDE, own).scalar_one_or_none()
    if place is None:
        raise Denied(409, "nothing_to_take_in")
    lock_chain(db, tenant, till, place)
    batch = open_batch(db, device, place, (record,), now)
    # Before it is taken: where another fact stands under its id, it is set aside again, for good.
    db.execute(NO_LONGER_ASIDE, own)
    result = _take(batch, record)
    if result.status is Status.QUARANTINED:
        raise Denied(409, "nothing_to_take_in")
    load(db, "fact", FACT_COLUMNS, batch.rows)
    publish(batch, ())
    return result


def check_request(device: Device, request: PushRequest) -> None:
    """Raises Denied: the request names another till, is out of bounds, or was not signed with this till's key."""
    if request.protocol > PROTOCOL:
        raise malformed("protocol_newer")
    if request.device != device.device_id.bytes:
        raise forbidden("device_other")
    if len(request.batch) != ID_BYTES or len(request.nonce) != NONCE_BYTES:
        raise malformed("batch_or_nonce")
    if not 0 < request.incarnation <= NUMBER_MAX:
        raise malformed("incarnation")
    if len(request.records) > RECORDS_MAX or len(request.keys) > RECORDS_MAX:
        raise Denied(413, "records_max")
    head = request.records[-1].hash if request.records else NO_HEAD
    if request.head != head:
        raise malformed("head")
    claim = push_claim(request.batch, request.device, request.incarnation, request.head)
    try:
        Ed25519PublicKey.from_public_bytes(device.public_key).verify(request.signature, claim)
    except (InvalidSignature, ValueError) as error:
        raise forbidden("signature") from error


def open_batch(
    db: Connection, device: Device, incarnation: int, records: Sequence[Record], now: int
) -> Batch:
    """The batch with all that is known of its ids and of its places."""
    tenant, till = device.tenant_id.hex, device.device_id.hex
    ids = {record.id.hex() for record in records if len(record.id) == ID_BYTES}
    seqs = [record.seq for record in records if 0 < record.seq <= NUMBER_MAX]
    known: dict[str, bytes] = {}
    unlinked: frozenset[str] = frozenset()
    places: dict[int, tuple[bytes, bytes]] = {}
    if ids:
        found = db.execute(
            text(KNOWN + among(db, "id", "ids")), {"tenant": tenant, "ids": listed(db, sorted(ids))}
        )
        rows = found.all()
        known = {row[0]: bytes(row[1]) for row in rows}
        unlinked = frozenset(row[0] for row in rows if row[2] == 0)
    if seqs:
        around = {"first": min(seqs) - 1, "last": min(max(seqs) + 1, NUMBER_MAX)}
        found = db.execute(PLACES, {"tenant": tenant, "device": till, "incarnation": incarnation, **around})
        places = {row[0]: (bytes(row[1]), bytes(row[2])) for row in found}
    return Batch(db, device, incarnation, now, known, places, unlinked)


def _take(batch: Batch, record: Record) -> Result:
    """What becomes of one record."""
    flaw = flaw_of(record, batch.device.device_id, batch.incarnation)
    envelope = None if flaw else open_envelope(record)
    if envelope is None:
        return _quarantine(batch, record, flaw or "body", is_received=not batch.is_relayed)
    kept = batch.known.get(envelope.id)
    if kept == record.hash:
        if envelope.id in batch.unlinked:
            _link(batch, envelope.id, record)
        return Result(record.id, record.hash, Status.DUPLICATE)
    if batch.device.is_revoked:
        return _quarantine(batch, record, "device_revoked")
    if envelope.id in batch.own:
        is_same = record.hash == batch.places.get(batch.own[envelope.id], (b"",))[0]
        return Result(record.id, record.hash, Status.DUPLICATE if is_same else Status.RETRY)
    is_forked = _is_forked(batch, record)
    place = Place(batch.till, batch.incarnation, record.seq)
    if is_forked:
        place = branch(batch.device.device_id, batch.incarnation, record)
    if kept is not None:
        return _disagree(batch, record, envelope, place)
    _accept(batch, record, envelope, place)
    if is_forked:
        note_record(
            batch.db, batch.tenant, ExceptionKind.FORK, "place_taken", record, device=batch.till, found_at=batch.now,
            about=(batch.device.device_id.bytes, batch.incarnation.to_bytes(8, "big")),
        )  # fmt: skip
        return Result(record.id, record.hash, Status.FORK, "place_taken")
    batch.places[record.seq] = (record.hash, record.prev)
    return Result(record.id, record.hash, Status.APPLIED)


def _doubted(batch: Batch, record: Record, doubt: str) -> Result:
    """Nothing vouches for it. Across a gap something may yet; where the chain is broken a person looks at it."""
    if batch.known.get(record.id.hex()) == record.hash:
        return Result(record.id, record.hash, Status.DUPLICATE)
    if doubt == UNLINKED:
        return _quarantine(batch, record, UNLINKED, is_received=False)
    return Result(record.id, record.hash, Status.RETRY, doubt)


def _link(batch: Batch, fact_id: str, record: Record) -> None:
    """What was told of without what came before it is now in the till's own chain."""
    batch.db.execute(LINK, {"tenant": batch.tenant, "id": fact_id, "prev": record.prev})
    batch.places[record.seq] = (record.hash, record.prev)


def _is_forked(batch: Batch, record: Record) -> bool:
    """Whether its place, or the link to a neighbour's, says that another copy of this till went on as well."""
    before, after = batch.places.get(record.seq - 1), batch.places.get(record.seq + 1)
    return (
        record.seq in batch.places
        or (before is not None and before[0] != record.prev)
        or (after is not None and after[1] not in (NO_LINK, record.hash))
    )


def branch(device: UUID, incarnation: int, record: Record) -> Place:
    """A place of its own beside the chain, the same whenever the record comes."""
    digest = hashlib.sha256(b"regulars.branch.v1" + device.bytes + record.hash).digest()
    beside = int.from_bytes(digest[:8], "big") >> 1 | 1
    return Place(device.hex, beside, record.seq, fork_of=incarnation)


def _accept(batch: Batch, record: Record, envelope: Envelope, place: Place) -> None:
    batch.rows.append(row_of(batch, record, envelope, place, _clock_of(batch, record)))
    batch.own[envelope.id] = record.seq
    remember(batch, envelope, place)


def row_of(batch: Batch, record: Record, envelope: Envelope, place: Place, hlc: int) -> tuple[Any, ...]:
    """In the order of FACT_COLUMNS."""
    return (
        batch.tenant, envelope.id, place.device, place.incarnation, record.seq, record.kind, record.occurred_at, hlc,
        record.prev, record.hash, record.body, batch.now, "", place.fork_of,
    )  # fmt: skip


def remember(batch: Batch, envelope: Envelope, place: Place) -> None:
    """What is to follow from a fact that stands."""
    batch.runs.append((place.device, place.incarnation, place.seq))
    if is_fed(envelope):
        batch.fed.append((envelope.kind, envelope.id))
    if (
        envelope.kind == FactKind.ERASURE
        and envelope.member is not None
        and len(envelope.member) == 2 * ID_BYTES
    ):
        batch.erased.append((envelope.member, envelope.at))


def _disagree(batch: Batch, record: Record, envelope: Envelope, place: Place) -> Result:
    """Another fact stands under this id."""
    hlc = _clock_of(batch, record)
    if settle(batch.db, batch.tenant, record, place, hlc=hlc, at=batch.now):
        batch.known[envelope.id] = record.hash
        remember(batch, envelope, place)
        if place.fork_of is None:
            batch.places[record.seq] = (record.hash, record.prev)
    if is_derived(envelope.id):
        return Result(record.id, record.hash, Status.DUPLICATE, "derived")
    return Result(record.id, record.hash, Status.CONFLICT, "same_id")


def _quarantine(batch: Batch, record: Record, code: str, *, is_received: bool = True) -> Result:
    """Its bytes are kept, its place is received (from the till itself), and the next one is looked at."""
    if is_received and 0 < record.seq <= NUMBER_MAX:
        batch.aside.append(
            (batch.tenant, batch.till, batch.incarnation, record.seq, record.hash, record.prev)
        )
    note_record(
        batch.db, batch.tenant, ExceptionKind.QUARANTINED, code, record, device=batch.till, found_at=batch.now,
        about=(
            batch.device.device_id.bytes, batch.incarnation.to_bytes(8, "big"), record.id, record.hash,
            hashlib.sha256(record.body).digest(),
        ),
    )  # fmt: skip
    return Result(record.id, record.hash, Status.QUARANTINED, code)


def _clock_of(batch: Batch, record: Record) -> int:
    """A clock that runs ahead decides what stands only as if it were five minutes ahead, and the owner is told."""
    limit = (batch.now + CLOCK_AHEAD_MAX_MS) << HLC_COUNTER_BITS
    if record.hlc <= limit:
        return record.hlc
    # What this till said later still comes later.
    clamped = min(record.hlc, limit | record.seq & HLC_COUNTER)
    if batch.is_ahead:
        return clamped
    batch.is_ahead = True
    note_record(
        batch.db, batch.tenant, ExceptionKind.CLOCK_AHEAD, "clock_ahead", record, device=batch.till, found_at=batch.now,
        about=(batch.device.device_id.bytes, batch.incarnation.to_bytes(8, "big")),
    )  # fmt: skip
    return clamped


def publish(batch: Batch, keys: Sequence[MemberKey]) -> None:
    """The last statements of the transaction: from here to the commit nobody else of this tenant is given a number."""
    if keys or batch.erased:
        take_turn(batch.db, batch.tenant)
        erase_keys(batch.db, batch.tenant, batch.erased)
        batch.runs.extend(keep_keys(batch.db, batch.tenant, keys))
    runs = list(_joined(batch.runs))
    if runs:
        numbers = take_numbers(batch.db, batch.tenant, ARRIVAL, len(runs))
        load(
            batch.db,
            "arrival",
            ("tenant_id", "number", "device_id", "incarnation", "first_seq", "last_seq"),
            [(batch.tenant, number, *run) for number, run in zip(numbers, runs, strict=True)],
        )
    if batch.fed:
        steps = take_numbers(batch.db, batch.tenant, FEED, len(batch.fed))
        load(
            batch.db,
            "feed",
            ("tenant_id", "feed_seq", "entity", "id"),
            [(batch.tenant, step, *what) for step, what in zip(steps, batch.fed, strict=True)],
        )


def _joined(places: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int, int]]:
    """Places that follow each other, as runs of (device, incarnation, first seq, last seq)."""
    run: tuple[str, int, int, int] | None = None
    for device, incarnation, seq in sorted(set(places)):
        if run is not None and run[:2] == (device, incarnation) and run[3] == seq - 1:
            run = (*run[:3], seq)
            continue
        if run is not None:
            yield run
        run = (device, incarnation, seq, seq)
    if run is not None:
        yield run
