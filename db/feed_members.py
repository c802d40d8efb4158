"""What other tills tell of members: enrolments, changes of files, consents, merges, erasures, referrals.

Every word carries a clock, so that its rows are the same in any order; an erased member takes nothing more. An erasure that was ordered
elsewhere is carried out here as well, and leaves a fact that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.profile import ProfileChange
from app.service.ports import AuditEvent
from db import consents, erasures, merges, profile
from db.engine import Cursor
from db.feed_loyalty import SET_TIER
from db.feed_settling import settling
from db.feed_step import NO_KEY, MemberWord, Told
from db.types import id_bytes_or_none

ERASURE: Final = "SELECT erased_at, operator_id, reason FROM erasure WHERE member_id = ?"
SET_ERASURE: Final = "UPDATE erasure SET erased_at = ?, operator_id = ?, reason = ? WHERE member_id = ?"
SWEEP_DUE: Final = "UPDATE sync_state SET sweep_due = 1"
REFERRAL: Final = "SELECT occurred_at, referrer_id FROM referral WHERE member_id = ?"
SET_REFERRAL: Final = (
    "UPDATE referral SET referrer_id = ?, occurred_at = ?, operator_id = ? WHERE member_id = ?"
)
SET_CONSENT_CLOCK: Final = "UPDATE consent SET hlc = ? WHERE id = ?"
MEMBER_OF_CONSENT: Final = "SELECT member_id FROM consent WHERE id = ?"
DROP_CONSENT: Final = "DELETE FROM consent WHERE id = ?"


def apply_words(cursor: Cursor, told: Sequence[Told]) -> dict[bytes, str]:
    """Enrolments and changes of files. Returns those that no key opens yet."""
    waiting = {}
    for one in told:
        word: MemberWord = one.value
        if one.key and one.key not in profile.keys_of(cursor, word.member_id):
            profile.put_key(cursor, word.member_id, one.key)
        change = word.change or _opened(cursor, word)
        if change is None and not profile.is_erased(cursor, word.member_id):
            waiting[one.id] = NO_KEY + word.member_id.hex
        elif change is not None:
            _apply(cursor, one, word, change)
    return waiting


def apply_consents(cursor: Cursor, told: Sequence[Told]) -> None:
    for one in told:
        consents.apply_consent(cursor, one.value)


def set_consent_clock(cursor: Cursor, consent_id: bytes, hlc: int) -> None:
    with settling(cursor):
        cursor.execute(SET_CONSENT_CLOCK, (hlc, consent_id))
    row = cursor.execute(MEMBER_OF_CONSENT, (consent_id,)).fetchone()
    if row is not None:
        consents.project(cursor, MemberId(UUID(bytes=row[0])))


def take_back_consent(cursor: Cursor, told: Told) -> None:
    with settling(cursor):
        cursor.execute(DROP_CONSENT, (told.id,))


def apply_merges(cursor: Cursor, told: Sequence[Told]) -> None:
    for one in told:
        word: MemberWord = one.value
        into = word.plain.get("into")
        target = None if into is None else MemberId(UUID(into))
        merges.apply_merge(cursor, word.member_id, target, hlc=one.hlc, at=word.at, by=word.by)


def apply_referrals(cursor: Cursor, told: Sequence[Told]) -> None:
    """Somebody was brought by one person: whom people named first, and of two at one instant the smaller id."""
    for one in told:
        word: MemberWord = one.value
        referrer = MemberId(UUID(word.plain["referrer"]))
        row = cursor.execute(REFERRAL, (word.member_id.bytes,)).fetchone()
        if row is None:
            consents.apply_referral(cursor, word.member_id, referrer, at=word.at, operator_id=word.by)
        elif (word.at, referrer.bytes) < row:
            with settling(cursor):
                cursor.execute(
                    SET_REFERRAL,
                    (referrer.bytes, word.at, id_bytes_or_none(word.by), word.member_id.bytes),
                )


def apply_erasures(cursor: Cursor, told: Sequence[Told], *, at: int) -> list[AuditEvent]:
    """Scrubbed at once; the free pages are swept when nobody is at the counter. Returns the proof, to be recorded."""
    proof = []
    for one in told:
        word: MemberWord = one.value
        reason = str(word.plain.get("reason", ""))
        row = cursor.execute(ERASURE, (word.member_id.bytes,)).fetchone()
        if row is None:
            erasures.apply_erasure(cursor, word.member_id, at=word.at, operator_id=word.by, reason=reason)
            cursor.execute(SWEEP_DUE)
            details = {"member": word.member_id.hex, "order": one.id.hex()}
            proof.append(AuditEvent("erasure_done", None, at, details))
        elif (word.at, id_bytes_or_none(word.by) or b"", reason) < (row[0], row[1] or b"", row[2]):
            with settling(cursor):
                cursor.execute(
                    SET_ERASURE, (word.at, id_bytes_or_none(word.by), reason, word.member_id.bytes)
                )
    return proof


def _apply(cursor: Cursor, told: Told, word: MemberWord, change: ProfileChange) -> None:
    if told.kind == "profile":
        profile.apply_change(cursor, word.member_id, change, hlc=told.hlc, at=word.at, by=word.by)
        return
    is_fresh = profile.apply_enrolment(
        cursor, word.member_id, change.fields, hlc=told.hlc, at=word.at, by=word.by
    )
    if not is_fresh:
        consents.project(cursor, word.member_id)
        cursor.execute(SET_TIER, (word.member_id.bytes,))


def _opened(cursor: Cursor, word: MemberWord) -> ProfileChange | None:
    if not word.is_sealed:
        return ProfileChange()
    try:
        return profile.opened(cursor, word.plain)
    except Refused:
        return None
