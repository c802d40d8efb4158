"""What the server reads of a fact before it stores it: enough to see that the body is the fact the record says it is.

Nothing else of the body is judged here. A record with a flaw is set aside with its bytes; it never stops the ones behind it.
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

import msgspec

from app.domain.chain import link
from app.domain.facts import FactKind
from app.domain.transaction import TransactionKind
from sync.protocol import BODY_BYTES_MAX, Record

ID_BYTES: Final = 16
HASH_BYTES: Final = 32
NUMBER_MAX: Final = (1 << 63) - 1
KIND: Final = re.compile(r"[a-z][a-z0-9_.]{0,39}")

SALES: Final = frozenset(
    (TransactionKind.SALE.value, TransactionKind.RETURN.value, TransactionKind.POST_VOID.value)
)
FED: Final = frozenset(kind.value for kind in FactKind if kind not in (FactKind.EVENT,))
"""Every till is told of these; of tickets, those that concern a member."""


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The part of every body that its record repeats, and whose it is."""

    id: str
    kind: str
    at: int
    member: str | None = None
    training: bool = False
    entries: list[msgspec.Raw] = []


_DECODER: Final = msgspec.json.Decoder(Envelope)


def flaw_of(record: Record, device: UUID, incarnation: int) -> str:
    """Why this record is no fact of this till; "" when it is."""
    if len(record.id) != ID_BYTES:
        return "id"
    if len(record.hash) != HASH_BYTES or len(record.prev) != HASH_BYTES:
        return "hash_length"
    if (
        not 0 < record.seq <= NUMBER_MAX
        or not 0 < record.hlc <= NUMBER_MAX
        or not 0 <= record.occurred_at <= NUMBER_MAX
    ):
        return "number"
    if not KIND.fullmatch(record.kind):
        return "kind"
    if len(record.body) > BODY_BYTES_MAX:
        return "body_too_large"
    if link(record.prev, device, incarnation, record.seq, record.body) != record.hash:
        return "hash"
    return ""


def open_envelope(record: Record) -> Envelope | None:
    """None where the body is not the fact that the record says it is."""
    envelope = read_envelope(record.body)
    if envelope is None:
        return None
    says_the_same = (
        envelope.id == record.id.hex() and envelope.kind == record.kind and envelope.at == record.occurred_at
    )
    return envelope if says_the_same else None


def read_envelope(body: bytes) -> Envelope | None:
    """None where the body is no fact."""
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return None


def is_fed(envelope: Envelope) -> bool:
    """Whether other tills are told of it."""
    if envelope.kind in SALES:
        return (envelope.member is not None or bool(envelope.entries)) and not envelope.training
    return envelope.kind in FED


def is_derived(fact_id: str) -> bool:
    """Ids that two tills make alike on purpose (RFC 9562, versions 5 and 8): the same thing said twice, and no accident."""
    return fact_id[12] in "58"
