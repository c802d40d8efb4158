"""The bodies of the facts of a member's life: changes of the file, consents, merges, erasures, referrals.

Whatever names a person stands in ``sealed`` alone, which only the member's own key opens; with the key gone the body is noise and the chain
still holds. Everything else is opaque ids, codes and instants. A field that holds its default is left out.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from app.domain.chain import canonical_bytes
from app.domain.codec_parts import DAMAGE, VERSION, Plain, check_version, day, text, whole
from app.domain.consent import Consent, ConsentChannel, Purpose
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import MemberId, OperatorId
from app.domain.profile import Done, Note, NoteKind, ProfileChange


def profile_to_plain(
    fact_id: UUID, member_id: MemberId, occurred_at: int, operator_id: OperatorId | None, sealed: str
) -> Plain:
    return _head(FactKind.PROFILE, fact_id, member_id, occurred_at, operator_id) | {"sealed": sealed}


def change_to_bytes(change: ProfileChange) -> bytes:
    """What is sealed."""
    plain: Plain = {}
    if change.fields:
        plain["fields"] = dict(change.fields)
    if change.notes:
        plain["notes"] = [_note_to_plain(note) for note in change.notes]
    if change.done:
        plain["done"] = [[one.note_id.hex, one.at, one.by.hex if one.by else None] for one in change.done]
    if change.dropped:
        plain["dropped"] = [note_id.hex for note_id in change.dropped]
    return canonical_bytes(plain)


def change_from_bytes(member_id: MemberId, data: bytes) -> ProfileChange:
    """Raises Refused("record_damaged")."""
    try:
        plain: dict[str, Any] = json.loads(data)
        return ProfileChange(
            fields={text(name): text(value) for name, value in plain.get("fields", {}).items()},
            notes=tuple(_note_from_plain(member_id, note) for note in plain.get("notes", ())),
            done=tuple(
                Done(UUID(note_id), whole(at), None if by is None else OperatorId(UUID(by)))
                for note_id, at, by in plain.get("done", ())
            ),
            dropped=tuple(UUID(note_id) for note_id in plain.get("dropped", ())),
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def consent_to_plain(consent: Consent) -> Plain:
    plain = _head(FactKind.CONSENT, consent.id, consent.member_id, consent.occurred_at, consent.operator_id)
    plain |= {"purpose": consent.purpose._value_, "channel": consent.channel._value_}
    if consent.is_granted:
        plain["granted"] = True
    if consent.text_version:
        plain["text"] = consent.text_version
    return plain


def consent_from_plain(plain: Plain, hlc: int) -> Consent:
    """``hlc`` is the fact's. Raises Refused("record_damaged")."""
    try:
        check_version(plain)
        operator = plain.get("operator")
        return Consent(
            id=UUID(plain["id"]),
            member_id=MemberId(UUID(plain["member"])),
            purpose=Purpose(plain["purpose"]),
            is_granted=plain.get("granted", False) is True,
            text_version=text(plain.get("text", "")),
            channel=ConsentChannel(plain["channel"]),
            occurred_at=whole(plain["at"]),
            operator_id=None if operator is None else OperatorId(UUID(operator)),
            hlc=hlc,
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def merge_to_plain(
    fact_id: UUID,
    member_id: MemberId,
    into: MemberId | None,
    occurred_at: int,
    operator_id: OperatorId | None,
    reason: str,
) -> Plain:
    """That a file was put into another (``into``), or taken out again (None). ``reason`` is a code, never a sentence."""
    plain = _head(FactKind.MERGE, fact_id, member_id, occurred_at, operator_id)
    if into is not None:
        plain["into"] = into.hex
    if reason:
        plain["reason"] = reason
    return plain


def erasure_to_plain(
    fact_id: UUID, member_id: MemberId, occurred_at: int, operator_id: OperatorId | None, reason: str
) -> Plain:
    return _head(FactKind.ERASURE, fact_id, member_id, occurred_at, operator_id) | {"reason": reason}


def referral_to_plain(
    fact_id: UUID,
    member_id: MemberId,
    referrer_id: MemberId,
    occurred_at: int,
    operator_id: OperatorId | None,
) -> Plain:
    plain = _head(FactKind.REFERRAL, fact_id, member_id, occurred_at, operator_id)
    return plain | {"referrer": referrer_id.hex}


def _head(
    kind: FactKind, fact_id: UUID, member_id: MemberId, occurred_at: int, operator_id: OperatorId | None
) -> Plain:
    plain: Plain = {
        "v": VERSION,
        "kind": kind._value_,
        "id": fact_id.hex,
        "member": member_id.hex,
        "at": occurred_at,
    }
    if operator_id is not None:
        plain["operator"] = operator_id.hex
    return plain


def _note_to_plain(note: Note) -> list[object]:
    return [
        note.id.hex,
        note.kind._value_,
        note.words,
        note.written_at,
        note.written_by.hex if note.written_by else None,
        note.due_on.isoformat() if note.due_on else None,
    ]


def _note_from_plain(member_id: MemberId, plain: list[Any]) -> Note:
    note_id, kind, words, written_at, written_by, due_on = plain
    return Note(
        UUID(note_id),
        member_id,
        NoteKind(kind),
        text(words),
        whole(written_at),
        None if written_by is None else OperatorId(UUID(written_by)),
        day(due_on),
    )
