"""Members' files as rows: fields, notes, tags, codes; and the sealed facts that every change of them is.

A change is recorded and applied in one unit of work. Applying alone (a fact of another till) gives the same rows in any order: each field
keeps its newest value, and tags, codes and the member's row follow the fields. An erased member takes nothing more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.errors import Refused
from app.domain.facts import FactKind, enrolment_to_plain
from app.domain.ids import MemberId, OperatorId
from app.domain.member import Member
from app.domain.profile import (
    CODE_PREFIX,
    PROJECTED,
    TAG_PREFIX,
    Done,
    MemberFile,
    Note,
    NoteKind,
    ProfileChange,
    Versioned,
    changed_fields,
    fields_of,
    merge_field,
    plain_fields,
    with_fields,
)
from app.domain.profile_facts import change_from_bytes, change_to_bytes, profile_to_plain
from db import families, members
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.profile_seal import seal, unseal
from db.profile_store import unit
from db.statements import insert, placeholders, upsert
from db.types import (
    date_number,
    date_number_or_none,
    id_bytes_or_none,
    id_or_none,
    number_date_or_none,
    uuid_of,
)

if TYPE_CHECKING:
    from datetime import date

    from app.service.ports import UnitOfWork
    from db.unit_of_work import SqliteUnitOfWork

NOTES_MAX: Final = 200

INSERT_KEY: Final = f"{insert('member_key', 'member_id', 'key')} ON CONFLICT DO NOTHING"
KEYS: Final = "SELECT key FROM member_key WHERE member_id = ? ORDER BY key"
IS_ERASED: Final = "SELECT 1 FROM erasure WHERE member_id = ?"
# Whether nothing at all is known of a member (?1, ?3) or of their number (?2). Each by its index.
IS_FRESH: Final = """
SELECT NOT EXISTS (SELECT 1 FROM member WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM member WHERE phone = ?2)
  AND NOT EXISTS (SELECT 1 FROM member_number WHERE member_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM member_number WHERE phone = ?2 AND phone <> '')
  AND NOT EXISTS (SELECT 1 FROM member_field WHERE member_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM member_field WHERE field = 'merged_into' AND value <> '' AND value = ?3)
  AND NOT EXISTS (SELECT 1 FROM erasure WHERE member_id = ?1) AND NOT EXISTS (SELECT 1 FROM consent WHERE member_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM tier_event WHERE member_id = ?1)
"""
FIELD: Final = "SELECT value, hlc FROM member_field WHERE member_id = ? AND field = ?"
FIELDS: Final = "SELECT field, value FROM member_field WHERE member_id = ?"
# Everybody, once: for what looks for people who are in the file twice.
_EVERYONES: Final = "SELECT member_id, field, value FROM member_field WHERE field IN"
_CARRIERS: Final = "SELECT member_id, code FROM member_code WHERE kind = 'carrier' ORDER BY added_at, code"
PUT_FIELD: Final = """
INSERT INTO member_field (member_id, field, value, hlc, changed_at, changed_by) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (member_id, field) DO UPDATE SET value = excluded.value, hlc = excluded.hlc,
  changed_at = excluded.changed_at, changed_by = excluded.changed_by
"""
PUT_TAG: Final = """
INSERT INTO member_tag (member_id, tag, source, added_at) VALUES (?, ?, 'hand', ?)
ON CONFLICT (member_id, tag) DO UPDATE SET source = 'hand'
"""
DROP_TAG: Final = "DELETE FROM member_tag WHERE member_id = ? AND tag = ? AND source = 'hand'"
# A code is one member's: whoever had it first keeps it, whatever the order in which two tills hear of each other. Indexes
# member_field_claim, member_field_card.
CODE_CLAIM: Final = """
SELECT member_id, value, changed_at FROM member_field
WHERE field = ? AND field >= 'code:' AND field < 'code;' AND value <> '' ORDER BY changed_at, member_id LIMIT 1
"""
PUT_CODE: Final = upsert("member_code", "code", "member_id", "kind", "added_at")
DROP_CODE: Final = "DELETE FROM member_code WHERE code = ?"
CARD_CLAIM: Final = """
SELECT member_id FROM member_field WHERE field = 'code' AND value <> '' AND value = ? ORDER BY changed_at, member_id LIMIT 1
"""
CARD_ROW: Final = "SELECT id FROM member WHERE code = ?"
SET_CARD: Final = "UPDATE member SET code = ? WHERE id = ?"
PUT_NOTE: Final = upsert(
    "member_note", "id", "member_id", "kind", "words", "written_at", "written_by", "due_on"
)
FINISH_NOTE: Final = """
UPDATE member_note SET done_at = ?1, done_by = ?2 WHERE id = ?3 AND member_id = ?4
  AND (done_at IS NULL OR done_at > ?1 OR (done_at = ?1 AND coalesce(done_by, x'') > coalesce(?2, x'')))
"""
NOTE_WORD: Final = "SELECT is_dropped, done_at, done_by FROM member_note_word WHERE note_id = ?"
PUT_NOTE_WORD: Final = upsert("member_note_word", "note_id", "member_id", "is_dropped", "done_at", "done_by")
DROP_NOTE: Final = "DELETE FROM member_note WHERE id = ? AND member_id = ?"
_NOTE: Final = """
SELECT id, member_id, kind, words, written_at, written_by, due_on, done_at, done_by FROM member_note
"""
ONE_NOTE: Final = f"{_NOTE} WHERE id = ?"
# Index member_note_of_member.
NOTES: Final = f"{_NOTE} WHERE member_id IN {MEMBER_AND_MERGED} ORDER BY written_at DESC, id DESC LIMIT ?2"
DUE_NOTES: Final = f"""
{_NOTE} WHERE member_id IN {MEMBER_AND_MERGED} AND done_at IS NULL AND due_on <= ?2 ORDER BY due_on, written_at, id
"""
# Index member_note_open: the work list of a day.
OPEN_NOTES: Final = f"""
{_NOTE} WHERE done_at IS NULL AND due_on IS NOT NULL AND due_on <= ? ORDER BY due_on, written_at, id LIMIT ?
"""
TAGS: Final = f"""
SELECT tag, max(source = 'hand') FROM member_tag WHERE member_id IN {MEMBER_AND_MERGED} GROUP BY tag ORDER BY tag
"""
CODES: Final = (
    f"SELECT code, kind FROM member_code WHERE member_id IN {MEMBER_AND_MERGED} ORDER BY added_at, code"
)
MERGED: Final = "SELECT member_id FROM member_alias WHERE survivor_id = ? ORDER BY merged_at, member_id"


# --- changes --------------------------------------------------------------------------------------------------------------


def enrol(work: SqliteUnitOfWork, member: Member, *, created_at: int, operator_id: OperatorId | None) -> None:
    """A new member, with a key of their own. What is known beside the number is sealed into the same fact."""
    cursor = work.cursor
    members.insert_member(cursor, member, created_at=created_at, operator_id=operator_id)
    key, fact_id, fields = _make_key(work, member.id), work.new_id(), fields_of(member)
    change = ProfileChange({"phone": member.phone, **fields})
    plain = enrolment_to_plain(fact_id, member.id, created_at, operator_id)
    plain["sealed"] = seal(key, fact_id, member.id, change_to_bytes(change))
    work.record(FactKind.ENROLMENT, fact_id, created_at, plain)
    by, hlc = id_bytes_or_none(operator_id), work.hlc
    for name, value in fields.items():
        cursor.execute(PUT_FIELD, (member.id.bytes, name, value, hlc, created_at, by))
    cursor.execute(families.INSERT_NUMBER, (member.id.bytes, member.phone, hlc, hlc))


def change(
    work: SqliteUnitOfWork,
    member_id: MemberId,
    what: ProfileChange,
    *,
    at: int,
    operator_id: OperatorId | None,
) -> None:
    """Record it and apply it. Raises Refused("member_erased")."""
    if what.is_empty:
        return
    cursor = work.cursor
    keys = keys_of(cursor, member_id)
    if not keys:
        if is_erased(cursor, member_id):
            raise Refused("member_erased")
        keys = (_make_key(work, member_id),)
    fact_id = work.new_id()
    sealed = seal(keys[0], fact_id, member_id, change_to_bytes(what))
    work.record(FactKind.PROFILE, fact_id, at, profile_to_plain(fact_id, member_id, at, operator_id, sealed))
    apply_change(cursor, member_id, what, hlc=work.hlc, at=at, by=operator_id)


def update_row(
    work: SqliteUnitOfWork, member: Member, *, changed_at: int, operator_id: OperatorId | None
) -> None:
    """The member's row as it is from now on; what that says of the person is a change of the file."""
    before = members.member_by_id(work.cursor, member.id)
    assert before is not None, "only a member who is there changes"
    members.update_member(work.cursor, member, changed_at=changed_at)
    fields = changed_fields(before, member)
    change(work, member.id, ProfileChange(fields), at=changed_at, operator_id=operator_id)


def apply_change(
    cursor: Cursor, member_id: MemberId, what: ProfileChange, *, hlc: int, at: int, by: OperatorId | None
) -> None:
    """Bring the rows to what is known with this change as well. Order and repetition make no difference."""
    if is_erased(cursor, member_id):
        return
    standing = apply_fields(cursor, member_id, what.fields, hlc=hlc, at=at, by=by)
    project(cursor, member_id, standing, at)
    if "phone" in what.fields:
        before = members.survivor_of(cursor, member_id)
        moved = families.put_number(cursor, member_id, what.fields["phone"], hlc)
        if moved:
            families.settle(cursor, {member_id, before}, moved)
    for note in what.notes:
        _put_note(cursor, member_id, note)
    for done in what.done:
        _finish_note(cursor, member_id, done)
    for note_id in what.dropped:
        cursor.execute(DROP_NOTE, (note_id.bytes, member_id.bytes))
        cursor.execute(PUT_NOTE_WORD, (note_id.bytes, member_id.bytes, True, None, None))


def apply_enrolment(
    cursor: Cursor,
    member_id: MemberId,
    fields: Mapping[str, str],
    *,
    hlc: int,
    at: int,
    by: OperatorId | None,
) -> bool:
    """Somebody became a member at another till. What was said of them since may have come before: then False."""
    if _enrol_fresh(cursor, member_id, fields, hlc=hlc, at=at, by=by):
        return True
    if is_erased(cursor, member_id):
        return False
    standing = apply_fields(cursor, member_id, fields, hlc=hlc, at=at, by=by)
    moved = families.put_enrolled(cursor, member_id, hlc)
    moved |= families.put_number(cursor, member_id, fields.get("phone", ""), hlc)
    if members.member_by_id(cursor, member_id) is None:
        known = dict(cursor.execute(FIELDS, (member_id.bytes,)).fetchall())
        row = Member(member_id, families.free_phone(fields.get("phone", ""), member_id))
        row = with_fields(row, {name: known[name] for name in _IN_ROW & known.keys()})
        members.insert_member(cursor, row, created_at=at, operator_id=by)
        standing |= {name: value for name, value in known.items() if name == "code"}
    project(cursor, member_id, standing, at)
    families.settle(cursor, {member_id}, moved)
    return False


def _enrol_fresh(
    cursor: Cursor,
    member_id: MemberId,
    fields: Mapping[str, str],
    *,
    hlc: int,
    at: int,
    by: OperatorId | None,
) -> bool:
    """The quick way, for most people: nobody has said anything of them yet, and nobody has their number."""
    phone = fields.get("phone", "")
    if not phone or not fields.keys() <= _FRESH:
        return False
    if not cursor.execute(IS_FRESH, (member_id.bytes, phone, member_id.hex)).fetchone()[0]:
        return False
    own, others = member_id.bytes, {name: value for name, value in fields.items() if name != "phone"}
    members.insert_member(
        cursor, with_fields(Member(member_id, phone), others), created_at=at, operator_id=by
    )
    operator = id_bytes_or_none(by)
    cursor.executemany(PUT_FIELD, [(own, name, value, hlc, at, operator) for name, value in others.items()])
    cursor.execute(families.INSERT_NUMBER, (own, phone, hlc, hlc))
    return True


_FRESH: Final = frozenset(PROJECTED) - {"code"}
_IN_ROW: Final = frozenset(PROJECTED) - {"phone", "code"}


def _put_note(cursor: Cursor, member_id: MemberId, note: Note) -> None:
    """What was said of it may have come before; what was dropped never comes back."""
    word = cursor.execute(NOTE_WORD, (note.id.bytes,)).fetchone()
    if word is not None and word[0]:
        return
    cursor.execute(
        PUT_NOTE,
        (
            note.id.bytes,
            member_id.bytes,
            note.kind._value_,
            note.words,
            note.written_at,
            id_bytes_or_none(note.written_by),
            date_number_or_none(note.due_on),
        ),
    )
    if word is not None and word[1] is not None:
        cursor.execute(FINISH_NOTE, (word[1], word[2], note.id.bytes, member_id.bytes))


def _finish_note(cursor: Cursor, member_id: MemberId, done: Done) -> None:
    by = id_bytes_or_none(done.by)
    if cursor.execute(ONE_NOTE, (done.note_id.bytes,)).fetchone() is not None:
        cursor.execute(FINISH_NOTE, (done.at, by, done.note_id.bytes, member_id.bytes))
        return
    word = cursor.execute(NOTE_WORD, (done.note_id.bytes,)).fetchone()
    if word is None or (not word[0] and (done.at, by or b"") < (word[1], word[2] or b"")):
        cursor.execute(PUT_NOTE_WORD, (done.note_id.bytes, member_id.bytes, False, done.at, by))


def apply_fields(
    cursor: Cursor,
    member_id: MemberId,
    fields: Mapping[str, str],
    *,
    hlc: int,
    at: int,
    by: OperatorId | None,
) -> dict[str, str]:
    """Keep the newest value of each; returns those of these fields that stand now by this change."""
    standing = {}
    for name, value in fields.items():
        new, row = Versioned(value, hlc), cursor.execute(FIELD, (member_id.bytes, name)).fetchone()
        if name == "phone":
            continue  # a number is a claim that others may have as well: :mod:`db.families`
        if merge_field(None if row is None else Versioned(*row), new) == new:
            cursor.execute(PUT_FIELD, (member_id.bytes, name, value, hlc, at, id_bytes_or_none(by)))
            standing[name] = value
    return standing


def project(cursor: Cursor, member_id: MemberId, standing: Mapping[str, str], at: int) -> None:
    """The tables that people are found by, after these fields."""
    own = member_id.bytes
    for name, value in standing.items():
        if name.startswith(TAG_PREFIX):
            tag = name.removeprefix(TAG_PREFIX)
            cursor.execute(*((PUT_TAG, (own, tag, at)) if value else (DROP_TAG, (own, tag))))
        elif name.startswith(CODE_PREFIX):
            _hold_code(cursor, name)
    projected = {name: standing[name] for name in _IN_ROW & standing.keys()}
    before = members.member_by_id(cursor, member_id)
    if before is not None and projected and (after := with_fields(before, projected)) != before:
        members.update_member(cursor, after, changed_at=at)
    if before is not None and "code" in standing:
        _hold_card(cursor, member_id, before.code, standing["code"])


def _hold_code(cursor: Cursor, field: str) -> None:
    """A code leads to whoever claims it, the first one first."""
    code = field.removeprefix(CODE_PREFIX)
    claim = cursor.execute(CODE_CLAIM, (field,)).fetchone()
    if claim is None:
        cursor.execute(DROP_CODE, (code,))
    else:
        cursor.execute(PUT_CODE, (code, *claim))


def let_go(
    cursor: Cursor, member_id: MemberId, phones: Iterable[str], codes: Iterable[str], card: str
) -> None:
    """What an erased member was found by leads to whoever else claims it."""
    for field in codes:
        _hold_code(cursor, field)
    if card:
        _hold_card(cursor, member_id, card, "")
    families.settle(cursor, {member_id}, phones)


def _hold_card(cursor: Cursor, member_id: MemberId, before: str, now: str) -> None:
    """A card stands in the row of whoever claims it, the first one first."""
    if before != now:
        cursor.execute(SET_CARD, (None, member_id.bytes))
    for card in {before, now} - {""}:
        claim, row = (
            cursor.execute(CARD_CLAIM, (card,)).fetchone(),
            cursor.execute(CARD_ROW, (card,)).fetchone(),
        )
        if claim is None or claim == row:
            continue
        if row is not None:
            cursor.execute(SET_CARD, (None, row[0]))
        cursor.execute(SET_CARD, (card, claim[0]))


# --- keys -----------------------------------------------------------------------------------------------------------------


def keys_of(cursor: Cursor, member_id: MemberId) -> tuple[bytes, ...]:
    """The smallest first. None of a member who was erased, or who came in without one before there were keys."""
    return tuple(key for (key,) in cursor.execute(KEYS, (member_id.bytes,)).fetchall())


def put_key(cursor: Cursor, member_id: MemberId, key: bytes) -> bool:
    """Another key of this member; an erased one takes none. Whether it is new."""
    if is_erased(cursor, member_id):
        return False
    cursor.execute(INSERT_KEY, (member_id.bytes, key))
    return cursor.rowcount == 1


def is_erased(cursor: Cursor, member_id: MemberId) -> bool:
    return cursor.execute(IS_ERASED, (member_id.bytes,)).fetchone() is not None


def opened(cursor: Cursor, plain: Mapping[str, Any]) -> ProfileChange | None:
    """What an enrolment or a change of a file says; None when its key is gone. Raises Refused("record_damaged")."""
    keys = keys_of(cursor, MemberId(UUID(plain["member"])))
    return open_with(keys, plain) if keys and "sealed" in plain else None


def open_with(keys: Sequence[bytes], plain: Mapping[str, Any]) -> ProfileChange:
    """What is sealed, by the first of these keys that fits. Raises Refused("record_damaged") when none does."""
    member_id, fact_id = MemberId(UUID(plain["member"])), UUID(plain["id"])
    for key in keys:
        try:
            data = unseal(key, fact_id, member_id, plain["sealed"])
        except Refused:
            continue
        return change_from_bytes(member_id, data)
    raise Refused("record_damaged")


def _make_key(work: SqliteUnitOfWork, member_id: MemberId) -> bytes:
    key = work.new_member_key()
    work.cursor.execute(INSERT_KEY, (member_id.bytes, key))
    return key


# --- reading --------------------------------------------------------------------------------------------------------------


class SqliteProfiles:
    """Implements :class:`app.service.membership_ports.Profiles`. Reading from any thread; changing inside a unit of work."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def change(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        what: ProfileChange,
        *,
        at: int,
        operator_id: OperatorId | None,
    ) -> None:
        change(unit(work), member_id, what, at=at, operator_id=operator_id)

    def file(self, member_id: MemberId) -> MemberFile | None:
        """Everything that is known; a merged file is read with its survivor's."""
        with self._engines.reading(snapshot=True) as cursor:
            survivor = members.survivor_of(cursor, member_id)
            member = members.member_by_id(cursor, survivor)
            return None if member is None else _file(cursor, member)

    def fields(self, member_id: MemberId) -> dict[str, str]:
        """Every field of this one file that has a value, tags and codes included."""
        with self._engines.reading() as cursor:
            return {
                name: value for name, value in cursor.execute(FIELDS, (member_id.bytes,)).fetchall() if value
            }

    def notes(self, member_id: MemberId, limit: int = NOTES_MAX) -> tuple[Note, ...]:
        """Newest first."""
        with self._engines.reading() as cursor:
            return notes_of(cursor, member_id, limit)

    def note(self, note_id: UUID) -> Note | None:
        with self._engines.reading() as cursor:
            row = cursor.execute(ONE_NOTE, (note_id.bytes,)).fetchone()
            return None if row is None else _note(row)

    def due(self, member_id: MemberId, on: date) -> tuple[Note, ...]:
        """What must be said or done when this member stands at the counter, the longest overdue first."""
        with self._engines.reading() as cursor:
            return due_notes(cursor, member_id, on)

    def all_due(self, on: date, limit: int = NOTES_MAX) -> tuple[Note, ...]:
        with self._engines.reading() as cursor:
            return tuple(map(_note, cursor.execute(OPEN_NOTES, (date_number(on), limit)).fetchall()))

    def everyones(self, names: Sequence[str]) -> dict[MemberId, dict[str, str]]:
        """These fields of everybody who has one of them; ``carrier`` is the newest e-invoice carrier."""
        found: defaultdict[MemberId, dict[str, str]] = defaultdict(dict)
        with self._engines.reading() as cursor:
            statement = f"{_EVERYONES} ({placeholders(len(names))})"
            for member_id, name, value in cursor.execute(statement, tuple(names)).fetchall():
                if value:
                    found[MemberId(uuid_of(member_id))][name] = value
            if "carrier" in names:
                for member_id, code in cursor.execute(_CARRIERS).fetchall():
                    found[MemberId(uuid_of(member_id))]["carrier"] = code
        return found


def notes_of(cursor: Cursor, member_id: MemberId, limit: int) -> tuple[Note, ...]:
    return tuple(map(_note, cursor.execute(NOTES, (member_id.bytes, limit)).fetchall()))


def due_notes(cursor: Cursor, member_id: MemberId, on: date) -> tuple[Note, ...]:
    return tuple(map(_note, cursor.execute(DUE_NOTES, (member_id.bytes, date_number(on))).fetchall()))


def _file(cursor: Cursor, member: Member) -> MemberFile:
    own = member.id.bytes
    merged = tuple(MemberId(UUID(bytes=row[0])) for row in cursor.execute(MERGED, (own,)).fetchall())
    fields: dict[str, str] = {}
    for member_id in (member.id, *merged):
        known = dict(cursor.execute(FIELDS, (member_id.bytes,)).fetchall())
        row = member if member_id == member.id else members.member_by_id(cursor, member_id)
        # What this file emptied on purpose stays empty, whatever the merged one says.
        fields = {**(fields_of(row) if row else {}), **known} | fields
    tags = cursor.execute(TAGS, (own,)).fetchall()
    return MemberFile(
        member,
        plain_fields(fields),
        notes_of(cursor, member.id, NOTES_MAX),
        tuple(tag for tag, _ in tags),
        tuple(tag for tag, is_by_hand in tags if not is_by_hand),
        tuple((code, kind) for code, kind in cursor.execute(CODES, (own,)).fetchall()),
        merged,
    )


def _note(row: Any) -> Note:
    note_id, member_id, kind, words, written_at, written_by, due_on, done_at, done_by = row
    return Note(
        id=UUID(bytes=note_id),
        member_id=MemberId(UUID(bytes=member_id)),
        kind=NoteKind(kind),
        words=words,
        written_at=written_at,
        written_by=id_or_none(OperatorId, written_by),
        due_on=number_date_or_none(due_on),
        done_at=done_at,
        done_by=id_or_none(OperatorId, done_by),
    )
