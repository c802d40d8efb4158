"""Values of the till as messages of the protocol, and answers as values of the till. An answer that echoes anything else is no answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from app.domain.loyalty.value import ValueAccountId
from app.service.exchange_ports import Acknowledgement, Answer, Incoming, Outgoing, OutgoingFact, Verdict
from app.service.lease_ports import GrantedLease, LeaseAsk
from sync.client.identity import DeviceKey
from sync.client.trouble import Problem, Trouble
from sync.protocol import (
    NO_HEAD,
    Change,
    LeaseAnswer,
    LeaseHeld,
    LeaseRequest,
    LeaseWanted,
    MemberKey,
    PushAnswer,
    PushRequest,
    Record,
    TokenRequest,
    pair_claim,
    push_claim,
    token_claim,
)

ID_BYTES: Final = 16
HASH_BYTES: Final = 32


def push_of(
    key: DeviceKey, device: bytes, outgoing: Outgoing, *, batch: bytes, nonce: bytes, at: int
) -> PushRequest:
    """A signed batch. Without facts it asks how far the server has come in this life."""
    head = outgoing.facts[-1].hash if outgoing.facts else NO_HEAD
    return PushRequest(
        device=device,
        incarnation=outgoing.incarnation,
        batch=batch,
        nonce=nonce,
        sent_at=at,
        head=head,
        signature=key.sign(push_claim(batch, device, outgoing.incarnation, head)),
        records=tuple(map(_record, outgoing.facts)),
        keys=tuple(MemberKey(member.bytes, secret) for member, secret in outgoing.keys),
    )


def acknowledgement_of(request: PushRequest, answer: PushAnswer) -> Acknowledgement:
    """Raises Trouble for an answer to anything but this very batch."""
    is_echo = (
        answer.batch == request.batch
        and answer.nonce == request.nonce
        and len(answer.results) == len(request.records)
        and all(
            result.id == record.id and result.hash == record.hash
            for result, record in zip(answer.results, request.records, strict=True)
        )
        and answer.watermark_seq >= 0
        and len(answer.watermark_hash) == HASH_BYTES
        and answer.server > 0
    )
    if not is_echo:
        raise Trouble(Problem.TRUNCATED, status=200)
    return Acknowledgement(
        server=answer.server,
        incarnation=request.incarnation,
        watermark_seq=answer.watermark_seq,
        watermark_hash=answer.watermark_hash,
        answers=tuple(
            Answer(result.id, result.hash, Verdict(result.status.value), result.code)
            for result in answer.results
        ),
    )


def incoming_of(changes: Iterable[Change]) -> tuple[Incoming, ...]:
    return tuple(
        Incoming(
            feed_seq=change.feed_seq,
            entity=change.entity,
            id=change.id,
            device=change.device,
            incarnation=change.incarnation,
            seq=change.seq,
            hlc=change.hlc,
            hash=change.hash,
            body=change.body,
            key=change.key,
        )
        for change in changes
    )


def challenge_of(key: DeviceKey, *, at: int, nonce: bytes) -> TokenRequest:
    return TokenRequest(key.key_id, at, nonce, key.sign(token_claim(key.key_id, at, nonce)))


def proof_of(key: DeviceKey, code: str, device: bytes) -> bytes:
    """Shows that this till holds the new key; ``code`` is the pairing code, or the name of the key it replaces."""
    return key.sign(pair_claim(code, device, key.public))


def lease_request_of(ask: LeaseAsk) -> LeaseRequest:
    return LeaseRequest(
        incarnation=ask.incarnation,
        seq=ask.seq,
        held=tuple(
            LeaseHeld(
                one.id.bytes,
                one.spent_minor,
                one.is_returned,
                one.account_id.bytes,
                one.minor,
                one.expires_at,
            )
            for one in ask.held
        ),
        wanted=tuple(LeaseWanted(one.account_id.bytes, one.is_here) for one in ask.wanted),
    )


def granted_of(answer: LeaseAnswer) -> tuple[GrantedLease, ...]:
    """Raises Trouble for what can be no lease."""
    try:
        return tuple(
            GrantedLease(
                UUID(bytes=one.id), ValueAccountId(UUID(bytes=one.account_id)), one.minor, one.expires_at
            )
            for one in answer.leases
        )
    except ValueError as error:
        raise Trouble(Problem.TRUNCATED, status=200) from error


def _record(fact: OutgoingFact) -> Record:
    return Record(fact.seq, fact.id, fact.kind, fact.occurred_at, fact.hlc, fact.prev, fact.hash, fact.body)
