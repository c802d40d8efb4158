"""What a till and the central server say to each other: the only module both of them know.

Facts travel as the very bytes that were hashed. A batch is MessagePack, compressed; every record is answered by itself, and an answer that
is not whole is no answer. Personal words travel sealed inside facts; the keys that open them travel beside (``MemberKey``) and are
destroyed at the server by an erasure.

    POST /sync/v1/pair      PairRequest    -> PairAnswer        a one-use code becomes a device key
    POST /sync/v1/token     TokenRequest   -> TokenAnswer       a signed challenge becomes a short token
    POST /sync/v1/rotate    RotateRequest  -> PairAnswer        another key; the old one is good until a day after its first use
    POST /sync/v1/push      PushRequest    -> PushAnswer        facts up
    POST /sync/v1/pull      PullRequest    -> PullAnswer        the change feed down
    POST /sync/v1/reconcile ReconcileRequest -> ReconcileAnswer counts and hashes of each entity
    POST /sync/v1/snapshot  SnapshotRequest -> SnapshotAnswer   a new till's first catalogue, members and books, stage by stage
    POST /sync/v1/lease     LeaseRequest   -> LeaseAnswer       stored value that this till alone may spend, with or without a network

A store's hub speaks for its tills with the same messages, word for word, so that it can neither make nor change what they signed:

    POST /sync/v1/introduce PairRequest    -> PairAnswer        as the till paired with the hub, or changed its key there
    POST /sync/v1/relay     PushRequest    -> PushAnswer        as the till pushed it to the hub
    POST /sync/v1/lease     LeaseRequest   -> LeaseAnswer       with the till's name in ``device``
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec

PROTOCOL: Final = 1
MEDIA_TYPE: Final = "application/vnd.regulars.sync"
RECORDS_MAX: Final = 2_000
BATCH_BYTES_MAX: Final = 1 << 20
"""Compressed, as it arrives."""
INFLATED_BYTES_MAX: Final = 8 << 20
BODY_BYTES_MAX: Final = 256 << 10
PAGE_CHANGES_MAX: Final = 1_000
LEVEL: Final = 6
NO_HEAD: Final = bytes(32)


class Status(StrEnum):
    """What became of one record at the server."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"  # same id, same hash: nothing happened again
    CONFLICT = "conflict"  # same id, another hash: both are kept and shown to the owner
    FORK = "fork"  # its place in the chain is taken by another fact: a cloned till
    QUARANTINED = "quarantined"  # its bytes are kept; a person looks at it; nothing behind it waits
    RETRY = "retry"  # not now: send it again later

    @property
    def is_received(self) -> bool:
        """Whether the server has the bytes for good."""
        return self is not Status.RETRY


class _Message(msgspec.Struct, frozen=True, array_like=False, omit_defaults=True):
    pass


class Record(msgspec.Struct, frozen=True, array_like=True):
    """One fact of one till at its place in the chain; ``prev`` links it to the fact before."""

    seq: int
    id: bytes
    kind: str
    occurred_at: int
    hlc: int
    prev: bytes
    hash: bytes
    body: bytes


class MemberKey(msgspec.Struct, frozen=True, array_like=True):
    """What opens the sealed parts of a member's facts."""

    member_id: bytes
    key: bytes


class PushRequest(_Message, frozen=True):
    """Facts of one incarnation of one till, in the order of their seq (gaps are allowed: what is missing comes in another batch).

    ``head`` is the hash of the last record (:data:`NO_HEAD` without records), signed with the device's key over :func:`push_claim`. The
    device and the tenant come from the credential, never from here; ``device`` is only compared. ``batch`` and ``nonce`` are 16 bytes.
    """

    device: bytes
    incarnation: int
    batch: bytes
    nonce: bytes
    sent_at: int
    head: bytes
    signature: bytes
    records: tuple[Record, ...]
    keys: tuple[MemberKey, ...] = ()
    protocol: int = PROTOCOL


class Result(msgspec.Struct, frozen=True, array_like=True):
    """The answer to one record. ``hash`` echoes what arrived; ``code`` says why it was set aside."""

    id: bytes
    hash: bytes
    status: Status
    code: str = ""


class PushAnswer(_Message, frozen=True):
    """``watermark_seq`` is the highest seq up to which the server has everything of this incarnation, with its hash.

    ``server`` names the server's life: another one means it was restored, and what it lost is sent again. ``is_whole`` is the last field
    written: an answer without it was cut off.
    """

    batch: bytes
    nonce: bytes
    server: int
    watermark_seq: int
    watermark_hash: bytes
    results: tuple[Result, ...]
    pause_ms: int = 0
    is_whole: bool = False


class Change(msgspec.Struct, frozen=True, array_like=True):
    """One step of the feed: a fact of some till, or a document of the server's own state.

    ``entity`` is the fact's kind, or ``doc:catalogue``, ``doc:promotions``, ``doc:rules`` … whose ``body`` is canonical JSON.
    """

    feed_seq: int
    entity: str
    id: bytes
    device: bytes
    incarnation: int
    seq: int
    hlc: int
    hash: bytes
    body: bytes
    key: bytes = b""


class PullRequest(_Message, frozen=True):
    """``server`` and ``after`` are the cursor: the life of the server it belongs to, and the last step applied."""

    server: int
    after: int
    limit: int = PAGE_CHANGES_MAX
    protocol: int = PROTOCOL


class PullAnswer(_Message, frozen=True):
    """``must_restart``: the cursor belongs to another life or is older than the feed; begin again from a snapshot.

    ``after`` echoes the question: an answer to an earlier one would leave steps out.
    """

    server: int
    changes: tuple[Change, ...]
    last: int
    newest: int
    must_restart: bool = False
    after: int = 0
    is_whole: bool = False


class ReconcileRequest(_Message, frozen=True):
    """``(entity, count, xor of the first eight bytes of every id's hash)`` as the till holds it, up to ``after``."""

    after: int
    entities: tuple[tuple[str, int, int], ...]


class ReconcileAnswer(_Message, frozen=True):
    """The entities that differ: they are pulled again."""

    server: int
    different: tuple[str, ...]
    is_whole: bool = False


class Stage(StrEnum):
    """The parts of a first filling, in the order in which they are asked for: after ``CATALOGUE`` a till can sell."""

    CATALOGUE = "catalogue"  # documents, rules
    MEMBERS = "members"  # enrolments, files, consents, merges, erasures, referrals
    BOOKS = "books"  # points that stand alone, coupons, stamps, tiers, stored value
    VISITS = "visits"  # tickets of members, with the points they posted


class SnapshotRequest(_Message, frozen=True):
    """One page of a first filling. ``as_of`` is 0 at the very first page; after that, what the first answer said, for all stages.

    ``after`` is the last step of this stage that is stored. When the last stage is finished the till pulls from ``as_of`` on.
    """

    stage: Stage
    as_of: int = 0
    after: int = 0
    limit: int = PAGE_CHANGES_MAX
    protocol: int = PROTOCOL


class SnapshotAnswer(_Message, frozen=True):
    """``next`` goes into the next request as ``after``; 0: this stage is finished. ``total`` counts the steps up to ``as_of``.

    ``stage`` and ``after`` echo the question: an answer to another one would leave steps out.
    """

    server: int
    as_of: int
    changes: tuple[Change, ...]
    next: int
    total: int
    stage: Stage = Stage.CATALOGUE
    after: int = 0
    is_whole: bool = False


class LeaseHeld(msgspec.Struct, frozen=True, array_like=True):
    """What became of a lease at the till. ``is_returned``: it is not spent from any more, now or ever, and what is left of it is free.

    The rest is what the server said when it gave it, for one that was put back to a day before.
    """

    id: bytes
    spent_minor: int
    is_returned: bool = False
    account_id: bytes = b""
    minor: int = 0
    expires_at: int = 0


class LeaseWanted(msgspec.Struct, frozen=True, array_like=True):
    """An account of stored value that this till expects. ``is_here``: its holder stands at the counter now."""

    account_id: bytes
    is_here: bool = False


class LeaseRequest(_Message, frozen=True):
    """What became of every lease that has not ended, and the accounts of which this till wants to hold something.

    Everything it spent lies in facts of ``incarnation`` up to ``seq``. ``device``: for whom a hub asks; empty for oneself.
    """

    incarnation: int
    seq: int
    held: tuple[LeaseHeld, ...] = ()
    wanted: tuple[LeaseWanted, ...] = ()
    device: bytes = b""
    protocol: int = PROTOCOL


class Lease(msgspec.Struct, frozen=True, array_like=True):
    """``minor`` of one account that one life of one till alone may spend, until ``expires_at``. None of this ever changes.

    The last eight bytes of the id are the incarnation it was given to: a restored till holds none of its earlier leases.
    """

    id: bytes
    account_id: bytes
    minor: int
    expires_at: int


class LeaseAnswer(_Message, frozen=True):
    """Every lease of this life of this till that is open; several may be of one account. One that is not named is not thereby ended."""

    server: int
    incarnation: int
    leases: tuple[Lease, ...]
    is_whole: bool = False


PAIR_TILL: Final = "till"
PAIR_HUB: Final = "hub"


class PairRequest(_Message, frozen=True):
    """``public_key`` is the Ed25519 key the till has just made; ``proof`` signs :func:`pair_claim` with it.

    ``kind``: a hub is paired with a code that was made for a hub, a till with one for a till. A hub may leave ``store_code`` empty: its
    code names the store.
    """

    code: str
    device: bytes
    public_key: bytes
    proof: bytes
    store_code: str
    till_code: str
    name: str = ""
    kind: str = PAIR_TILL
    protocol: int = PROTOCOL


class PairAnswer(_Message, frozen=True):
    """``carry_key`` is the server's X25519 key: what is carried out on a stick is encrypted to it (:data:`CARRY_MAGIC`)."""

    server: int
    tenant: str
    key_id: str
    carry_key: bytes = b""
    store_code: str = ""
    is_whole: bool = False


class RotateRequest(_Message, frozen=True):
    """``proof`` signs :func:`pair_claim` with the new key; the name of the present key stands in the place of the code."""

    public_key: bytes
    proof: bytes


class TokenRequest(_Message, frozen=True):
    """``signature`` over :func:`token_claim`: the till proves its key and gets a token for a quarter of an hour."""

    key_id: str
    at: int
    nonce: bytes
    signature: bytes


class TokenAnswer(_Message, frozen=True):
    token: str
    expires_at: int
    server_time: int
    is_whole: bool = False


class Failure(_Message, frozen=True):
    """The JSON body of every answer that is not 200. ``server_time`` lets a till with a wrong clock sign its next challenge."""

    code: str
    request_id: str
    server_time: int


class CarryHeader(_Message, frozen=True):
    """Whose file it is, and for which server's ``carry_key``. ``public_key`` is an X25519 key made for this file alone."""

    key_id: str
    device: bytes
    made_at: int
    carry_key: bytes
    public_key: bytes


CARRY_MAGIC: Final = b"RGCARRY1"
"""What is carried out on a stick is a file of this, a header and frames; each of both is preceded by its length (four bytes, big-endian).

The header is MessagePack. A frame is AES-256-GCM under :func:`carry_secret` with the nonce of its number, and holds one push as it would
have gone over the wire; the last frame is empty and says so in its nonce, so that a file that was cut off is known.
"""
CARRY_FRAME_MAX: Final = BATCH_BYTES_MAX + 16
CARRY_HEADER_MAX: Final = 4_096


def carry_secret(shared: bytes, header: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869), one block: bound to the very header of the file."""
    extracted = hmac.digest(hashlib.sha256(header).digest(), shared, "sha256")
    return hmac.digest(extracted, b"regulars.carry.v1\x01", "sha256")


def carry_nonce(number: int, *, is_last: bool) -> bytes:
    """Twelve bytes; frames count from 0."""
    return number.to_bytes(11, "big") + bytes([is_last])


def push_claim(batch: bytes, device: bytes, incarnation: int, head: bytes) -> bytes:
    """What a till signs to say that these facts are its own."""
    return b"regulars.push.v1" + device + incarnation.to_bytes(8, "big") + batch + head


def token_claim(key_id: str, at: int, nonce: bytes) -> bytes:
    """What a till signs to get a token; ``nonce`` is 16 bytes and never used again."""
    return b"regulars.token.v1" + at.to_bytes(8, "big") + nonce + key_id.encode()


def pair_claim(code: str, device: bytes, public_key: bytes) -> bytes:
    """What a till signs to show that it holds the key it brings. ``code`` as it was typed."""
    return b"regulars.pair.v1" + device + public_key + code.encode()


def document_hash(name: str, version: int, body: bytes) -> bytes:
    """What a document of the server's own state is compared by; ``name`` without ``doc:``, ``body`` canonical JSON."""
    head = b"regulars.document.v1" + name.encode() + version.to_bytes(8, "big")
    return hashlib.sha256(head + body).digest()


class Malformed(Exception):
    """Bytes that are no message of this protocol, or more of them than allowed. ``code`` is short and safe to log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_Kind = TypeVar("_Kind")
_ENCODER: Final = msgspec.msgpack.Encoder()


def pack(message: Any) -> bytes:
    """A message as it goes over the wire."""
    return zlib.compress(_ENCODER.encode(message), LEVEL)


def unpack(data: bytes, kind: type[_Kind]) -> _Kind:
    """Raises Malformed: "too_large", "not_compressed", "not_a_message"."""
    if len(data) > BATCH_BYTES_MAX:
        raise Malformed("too_large")
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(data, INFLATED_BYTES_MAX)
    except zlib.error as error:
        raise Malformed("not_compressed") from error
    if inflate.unconsumed_tail or not inflate.eof or inflate.unused_data:
        raise Malformed("too_large" if inflate.unconsumed_tail else "not_compressed")
    try:
        return msgspec.msgpack.decode(plain, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise Malformed("not_a_message") from error
