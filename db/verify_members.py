"""What is known of members, against its facts: each row follows from a fact, each fact left its row, and the erased are gone.

Facts whose key was destroyed are closed for good; all that can be asked of them is that their member was erased. Read along with the facts,
a page at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol
from uuid import UUID

from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import MemberId
from app.domain.profile import MERGED_INTO, ProfileChange
from app.domain.profile_facts import consent_from_plain
from app.domain.profile_merge import families as profile_families
from db import consents, erasures, families, profile
from db.engine import Cursor
from db.finding import Finding, Progress
from db.verify_feed import elsewhere

ERASURE: Final = "SELECT erased_at, coalesce(operator_id, x''), reason FROM erasure WHERE member_id = ?"
REFERRAL: Final = "SELECT occurred_at, referrer_id FROM referral WHERE member_id = ?"
FIELD: Final = "SELECT value, hlc FROM member_field WHERE member_id = ? AND field = ?"
NOTE: Final = "SELECT words, written_at, done_at FROM member_note WHERE id = ?"
_COUNTS: Final = {
    "member_field_off": "SELECT count(*) FROM member_field WHERE field <> 'merged_into'",
    "member_note_off": "SELECT count(*) FROM member_note",
    "consent_off": "SELECT count(*) FROM consent",
    "erasure_off": "SELECT count(*) FROM erasure",
    "referral_off": "SELECT count(*) FROM referral",
}
CHECKS: Final = frozenset((*_COUNTS, "merge_off", "member_key_missing"))
_ALIASES: Final = "SELECT member_id, survivor_id FROM member_alias"
_PHONES: Final = "SELECT id, phone FROM member WHERE phone NOT LIKE 'erased:%'"
# What people are found by says what the field says; a number or card that somebody else has meanwhile stays in their row.
_PROJECTION_OFF: Final = """
SELECT hex(m.id), f.field FROM member_field f JOIN member m ON m.id = f.member_id
WHERE (f.field = 'name' AND f.value <> m.name) OR (f.field = 'birthday' AND f.value <> m.birthday)
   OR (f.field = 'gender' AND f.value <> m.gender) OR (f.field = 'note' AND f.value <> m.note)
"""
_TAGS_OFF: Final = """
SELECT hex(f.member_id), f.field FROM member_field f WHERE f.field LIKE 'tag:%' AND (f.value <> '') <> EXISTS (
  SELECT 1 FROM member_tag t WHERE t.member_id = f.member_id AND t.source = 'hand' AND t.tag = substr(f.field, 5))
"""
# Nothing that names somebody is left of the erased.
_STILL_THERE: Final = """
SELECT hex(e.member_id) FROM erasure e LEFT JOIN member m ON m.id = e.member_id
WHERE EXISTS (SELECT 1 FROM member_key k WHERE k.member_id = e.member_id)
   OR EXISTS (SELECT 1 FROM member_field f WHERE f.member_id = e.member_id AND f.field <> 'merged_into')
   OR EXISTS (SELECT 1 FROM member_note n WHERE n.member_id = e.member_id)
   OR EXISTS (SELECT 1 FROM member_tag t WHERE t.member_id = e.member_id)
   OR EXISTS (SELECT 1 FROM member_code c WHERE c.member_id = e.member_id)
   OR EXISTS (SELECT 1 FROM member_number p WHERE p.member_id = e.member_id AND p.phone <> '')
   OR m.phone NOT LIKE 'erased:%' OR m.name <> '' OR m.birthday <> '' OR m.note <> ''
"""


Told = tuple[int, bytes] | tuple[int, bytes, str]


def _keep_first(wanted: dict[str, Told], member: str, told: Told) -> None:
    wanted[member] = min(told, wanted.get(member, told))


class FactRead(Protocol):
    """A fact as ``verify_facts`` reads it."""

    @property
    def seq(self) -> int: ...
    @property
    def hlc(self) -> int: ...
    @property
    def plain(self) -> dict[str, Any]: ...
    @property
    def said_kind(self) -> object: ...


class MemberBooks:
    """Follows every fact in order; then asks what no fact accounts for."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._erased = erasures.erased(cursor)
        self._seen = dict.fromkeys(_COUNTS, 0)
        self._orders: dict[str, Told] = {}
        self._brought: dict[str, Told] = {}
        self._checks = {
            FactKind.ENROLMENT: self._profile,
            FactKind.PROFILE: self._profile,
            FactKind.CONSENT: self._consent,
            FactKind.MERGE: self._merge,
            FactKind.ERASURE: self._erasure,
            FactKind.REFERRAL: self._referral,
        }

    def follow(self, fact: FactRead) -> Iterator[Finding]:
        check = self._checks.get(fact.said_kind) if isinstance(fact.said_kind, str) else None  # type: ignore[call-overload]
        if check is not None:
            try:
                yield from check(fact)
            except (Refused, *DAMAGE):
                yield Finding("fact_unreadable", f"fact seq {fact.seq}")

    def end(self, progress: Progress) -> Iterator[Finding]:
        progress("members", 0, 1)
        cursor = self._cursor
        for told in elsewhere(cursor, [kind._value_ for kind in self._checks]):
            yield from self.follow(told)
        for check, statement in _COUNTS.items():
            (stored,) = cursor.execute(statement).fetchone()
            if stored > self._seen[check]:
                yield Finding(check, f"{stored - self._seen[check]}")
        yield from self._firsts()
        yield from self._aliases()
        for statement, check in ((_PROJECTION_OFF, "member_field_off"), (_TAGS_OFF, "member_field_off")):
            for member, field in cursor.execute(statement).fetchall():
                yield Finding(check, member, field.partition(":")[0])
        for (member,) in cursor.execute(_STILL_THERE).fetchall():
            yield Finding("erasure_off", member)

    # --- one kind each ---------------------------------------------------------------------------------------------

    def _profile(self, fact: FactRead) -> Iterator[Finding]:
        member_id = MemberId(UUID(fact.plain["member"]))
        if member_id in self._erased or "sealed" not in fact.plain:
            return
        change = profile.opened(self._cursor, fact.plain)
        if change is None:
            yield Finding("member_key_missing", member_id.hex.upper(), f"seq {fact.seq}")
            return
        yield from self._fields(member_id, change.fields, fact)
        yield from self._notes(change, fact)

    def _fields(self, member_id: MemberId, fields: Mapping[str, str], fact: FactRead) -> Iterator[Finding]:
        """A field holds this value, or a newer one."""
        for name, value in fields.items():
            if name == "phone":
                yield from self._number(member_id, value, fact)
                continue
            row = self._cursor.execute(FIELD, (member_id.bytes, name)).fetchone()
            if row is None or row[1] < fact.hlc or (row[1] == fact.hlc and row[0] != value):
                yield Finding("member_field_off", f"seq {fact.seq}", name.partition(":")[0])
            elif row[1] == fact.hlc:
                self._seen["member_field_off"] += 1

    def _number(self, member_id: MemberId, phone: str, fact: FactRead) -> Iterator[Finding]:
        """A file's number is this one, or a newer one."""
        row = self._cursor.execute(families.NUMBER, (member_id.bytes,)).fetchone()
        if row is None or row[1] < fact.hlc or (row[1] == fact.hlc and row[0] != phone):
            yield Finding("member_field_off", f"seq {fact.seq}", "phone")

    def _notes(self, change: ProfileChange, fact: FactRead) -> Iterator[Finding]:
        for note in change.notes:
            row = self._cursor.execute(NOTE, (note.id.bytes,)).fetchone()
            self._seen["member_note_off"] += 1
            if row is not None and row[:2] != (note.words, note.written_at):
                yield Finding("member_note_off", f"seq {fact.seq}")
        for done in change.done:
            row = self._cursor.execute(NOTE, (done.note_id.bytes,)).fetchone()
            if row is not None and (row[2] is None or row[2] > done.at):
                yield Finding("member_note_off", f"seq {fact.seq}")

    def _consent(self, fact: FactRead) -> Iterator[Finding]:
        consent = consent_from_plain(fact.plain, fact.hlc)
        self._seen["consent_off"] += 1
        row = self._cursor.execute(consents.ONE_CONSENT, (consent.id.bytes,)).fetchone()
        if row is None or tuple(row) != consents.consent_row(consent):
            yield Finding("consent_off", f"seq {fact.seq}")

    def _merge(self, fact: FactRead) -> Iterator[Finding]:
        """The file keeps this word, or a newer one."""
        member_id = UUID(fact.plain["member"])
        row = self._cursor.execute(FIELD, (member_id.bytes, MERGED_INTO)).fetchone()
        if row is None or row[1] < fact.hlc or (row[1] == fact.hlc and row[0] != fact.plain.get("into", "")):
            yield Finding("merge_off", member_id.hex.upper())

    def _erasure(self, fact: FactRead) -> Iterator[Finding]:
        """Of several orders the first one counts."""
        self._seen["erasure_off"] += 1
        operator = fact.plain.get("operator")
        by = b"" if operator is None else bytes.fromhex(operator)
        _keep_first(self._orders, fact.plain["member"], (fact.plain["at"], by, fact.plain["reason"]))
        yield from ()

    def _referral(self, fact: FactRead) -> Iterator[Finding]:
        """Whom people named first."""
        self._seen["referral_off"] += 1
        told = (fact.plain["at"], bytes.fromhex(fact.plain["referrer"]))
        _keep_first(self._brought, fact.plain["member"], told)
        yield from ()

    def _firsts(self) -> Iterator[Finding]:
        for check, statement, wanted in (
            ("erasure_off", ERASURE, self._orders),
            ("referral_off", REFERRAL, self._brought),
        ):
            for member, told in wanted.items():
                if self._cursor.execute(statement, (bytes.fromhex(member),)).fetchone() != told:
                    yield Finding(check, member.upper())

    def _aliases(self) -> Iterator[Finding]:
        """Who survives, and who is found by a number, is what the words say together."""
        execute = self._cursor.execute
        stored = {UUID(bytes=one): UUID(bytes=other) for one, other in execute(_ALIASES).fetchall()}
        claims = families.all_claims(self._cursor)
        for one, canonical in profile_families(claims).items():
            if stored.pop(one, one) != canonical:
                yield Finding("merge_off", one.hex.upper())
        for one in stored:
            yield Finding("merge_off", one.hex.upper())
        rows = {UUID(bytes=own): phone for own, phone in execute(_PHONES).fetchall()}
        for own, phone in families.wanted_phones(claims, rows.keys()).items():
            if rows[own] != phone:
                yield Finding("member_field_off", own.hex.upper(), "phone")
