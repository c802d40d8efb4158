"""Who is one with whom in this file, and which row is found by a number: what follows from merges and from numbers given twice.

Every file keeps its own words (the field ``merged_into``, the number and the clock of its enrolment in ``member_number``); aliases and the
holder of a number are made from them by :mod:`app.domain.profile_merge` and may be made again at any time, in any order of the words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.ids import MemberId
from app.domain.member import ERASED_PREFIX
from app.domain.phone import national_number
from app.domain.profile_merge import Claim, families, holder
from db.engine import Cursor
from db.statements import insert, upsert
from db.types import uuid_of

NOT_HELD: Final = "#"
"""Between a number and a file's id in ``member.phone``: another file is found by this number."""
ROUNDS_MAX: Final = 64

NUMBER: Final = "SELECT phone, phone_hlc, enrolled_hlc FROM member_number WHERE member_id = ?"
PUT_NUMBER: Final = upsert("member_number", "member_id", "phone", "phone_hlc", "enrolled_hlc")
INSERT_NUMBER: Final = insert("member_number", "member_id", "phone", "phone_hlc", "enrolled_hlc")
WORD: Final = "SELECT value, hlc, changed_at FROM member_field WHERE member_id = ? AND field = 'merged_into'"
# Index member_number_by_phone.
SAME_NUMBER: Final = "SELECT member_id FROM member_number WHERE phone = ? AND phone <> ''"
# Index member_field_merged.
PUT_INTO: Final = (
    "SELECT member_id FROM member_field WHERE field = 'merged_into' AND value <> '' AND value = ?"
)
INSERT_ALIAS: Final = insert("member_alias", "member_id", "survivor_id", "merged_at", "hlc")
DROP_ALIAS: Final = "DELETE FROM member_alias WHERE member_id = ?"
ALIAS: Final = "SELECT survivor_id, merged_at, hlc FROM member_alias WHERE member_id = ?"
ROW_PHONE: Final = "SELECT phone FROM member WHERE id = ?"
SET_PHONE: Final = "UPDATE member SET phone = ?, phone_reversed = ? WHERE id = ?"
_EVERYONE: Final = """
SELECT member_id FROM member_number UNION SELECT member_id FROM member_field WHERE field = 'merged_into'
UNION SELECT unhex(value) FROM member_field WHERE field = 'merged_into' AND value <> ''
"""
HLC_COUNTER_BITS: Final = 16


@dataclass(frozen=True, slots=True)
class _File:
    """What is known of one file: what decides, and since when."""

    claim: Claim
    hlc: int
    at: int


def put_number(cursor: Cursor, member_id: MemberId, phone: str, hlc: int) -> frozenset[str]:
    """The number that a file has since ``hlc`` (``""``: none). Returns the numbers whose holder may be another now."""
    row = cursor.execute(NUMBER, (member_id.bytes,)).fetchone()
    before, its_hlc, enrolled = ("", 0, None) if row is None else row
    if (hlc, phone) <= (its_hlc, before):
        return frozenset()
    cursor.execute(PUT_NUMBER, (member_id.bytes, phone, hlc, enrolled))
    return frozenset((before, phone)) - {""}


def put_enrolled(cursor: Cursor, member_id: MemberId, hlc: int) -> frozenset[str]:
    """When it was enrolled: of two enrolments the first. Returns the numbers whose holder may be another now."""
    row = cursor.execute(NUMBER, (member_id.bytes,)).fetchone()
    phone, phone_hlc, enrolled = ("", 0, None) if row is None else row
    if enrolled is not None and enrolled <= hlc:
        return frozenset()
    cursor.execute(PUT_NUMBER, (member_id.bytes, phone, phone_hlc, hlc))
    return frozenset((phone,)) - {""}


def settle(cursor: Cursor, touched: Iterable[MemberId], phones: Iterable[str] = ()) -> None:
    """Aliases and holders of numbers of everyone tied to these files or numbers, as they follow from the words."""
    known = _families(cursor, set(touched), set(phones))
    canonical = families({own: one.claim for own, one in known.items()})
    for own, one in known.items():
        survivor = canonical[own]
        wanted = None if survivor == own else (survivor.bytes, one.at, one.hlc)
        if cursor.execute(ALIAS, (own.bytes,)).fetchone() != wanted:
            cursor.execute(DROP_ALIAS, (own.bytes,))
            if wanted is not None:
                cursor.execute(INSERT_ALIAS, (own.bytes, *wanted))
    _hold(cursor, known)


def free_phone(phone: str, member_id: UUID) -> str:
    """What stands in the row of a file that is not found by its number: unique, and the number can still be read."""
    return f"{phone}{NOT_HELD}{member_id.hex}"


def _families(cursor: Cursor, ids: set[MemberId], phones: set[str]) -> dict[UUID, _File]:
    """Everyone tied to these by a number or by a merge, however far."""
    known: dict[UUID, _File] = {}
    for _ in range(ROUNDS_MAX):
        found: set[UUID] = set()
        for own in ids:
            one = known[own] = _file(cursor, own)
            if one.claim.into is not None:
                found.add(one.claim.into)
            if one.claim.phone:
                phones.add(str(one.claim.phone))
            found.update(UUID(bytes=row[0]) for row in cursor.execute(PUT_INTO, (own.hex,)).fetchall())
        for phone in phones:
            found.update(UUID(bytes=row[0]) for row in cursor.execute(SAME_NUMBER, (phone,)).fetchall())
        phones = set()
        ids = {MemberId(own) for own in found - known.keys()}
        if not ids:
            return known
    raise AssertionError("a family that has no end")


def _file(cursor: Cursor, own: UUID) -> _File:
    number = cursor.execute(NUMBER, (own.bytes,)).fetchone()
    word = cursor.execute(WORD, (own.bytes,)).fetchone()
    phone, phone_hlc, enrolled = ("", 0, None) if number is None else number
    into, hlc, at = (
        ("", enrolled or 1, (enrolled or 0) >> HLC_COUNTER_BITS) if word is None or not word[0] else word
    )
    claim = Claim(
        phone if phone or phone_hlc else None,  # "": it was taken away
        enrolled,
        UUID(into) if into and into != own.hex else None,
        is_said=word is not None,
    )
    return _File(claim, hlc, at)


def wanted_phones(claims: Mapping[UUID, Claim], rows: Collection[UUID]) -> dict[UUID, str]:
    """What stands as the number in each of these rows: bare in the row of its holder, marked in every other."""
    by_phone: dict[str, list[tuple[UUID, Claim]]] = {}
    wanted = {}
    for own, claim in claims.items():
        if own in rows and claim.phone is not None:
            wanted[own] = free_phone(str(claim.phone), own)
            if claim.phone:
                by_phone.setdefault(str(claim.phone), []).append((own, claim))
    for phone, same in by_phone.items():
        first = holder(same)
        assert first is not None
        wanted[first] = phone
    return wanted


def all_claims(cursor: Cursor) -> dict[UUID, Claim]:
    """Everybody's: for whoever proves the whole file."""
    return {own: _file(cursor, own).claim for own in map(uuid_of, _everyone(cursor))}


def _everyone(cursor: Cursor) -> list[bytes]:
    return [row[0] for row in cursor.execute(_EVERYONE).fetchall()]


def _hold(cursor: Cursor, known: Mapping[UUID, _File]) -> None:
    """Each number stands bare in the row of its holder and in no other. Those that give one up go first."""
    rows = {
        own: row[0]
        for own in known
        if (row := cursor.execute(ROW_PHONE, (own.bytes,)).fetchone()) is not None
    }
    wanted = wanted_phones({own: one.claim for own, one in known.items()}, rows)
    changes = [
        (own, phone)
        for own, phone in wanted.items()
        if rows[own] != phone and not rows[own].startswith(ERASED_PREFIX)
    ]
    for own, phone in sorted(changes, key=lambda change: NOT_HELD not in change[1]):
        number = phone.partition(NOT_HELD)[0]
        if NOT_HELD not in phone:
            _make_room(cursor, phone)
        cursor.execute(SET_PHONE, (phone, national_number(number)[::-1], own.bytes))


def _make_room(cursor: Cursor, phone: str) -> None:
    """Whoever has the number in their row without having said so (a file from before there were numbers) gives it up."""
    row = cursor.execute("SELECT id FROM member WHERE phone = ?", (phone,)).fetchone()
    if row is not None:
        other = UUID(bytes=row[0])
        cursor.execute(SET_PHONE, (free_phone(phone, other), national_number(phone)[::-1], other.bytes))
