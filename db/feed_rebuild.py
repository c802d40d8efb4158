"""A member's file made again from every word about it: when the server gave a word another clock than the till that wrote it.

A clock that ran ahead decides only as if it were five minutes ahead. Then a value that stood gives way to one that had lost, and that one
is known only from its fact. The facts are looked through beside the till's work; only what is written holds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import MemberId
from app.domain.profile import CODE_PREFIX, MERGED_INTO, Versioned, merge_field
from db import families, members, profile
from db.engine import Cursor
from db.feed_step import MemberWord, Told, read

# Every fact about members, with the clock that counts; those of other tills lie whole in the inbox.
OWN_WORDS: Final = """
SELECT f.kind, f.id, coalesce(i.hlc, f.hlc), f.hash, f.body FROM fact f LEFT JOIN inbox i ON i.id = f.id AND i.hash = f.hash
WHERE f.seq > ? AND f.kind IN ('enrolment', 'profile', 'merge')
"""
OTHER_WORDS: Final = """
SELECT kind, id, hlc, hash, body FROM inbox WHERE kind IN ('enrolment', 'profile', 'merge') AND length(body) > 0
"""
NEWEST: Final = "SELECT coalesce(max(seq), 0) FROM fact"
FIELDS: Final = "SELECT field FROM member_field WHERE member_id = ?"
DROP_FIELDS: Final = "DELETE FROM member_field WHERE member_id = ?"

Words = dict[MemberId, list[Told]]


def gather(cursor: Cursor, wanted: Iterable[MemberId], after_seq: int = 0) -> Words:
    """The words about these members: of this till's those beyond ``after_seq``, and with 0 those of all others as well."""
    needles = {member.hex.encode(): member for member in wanted}
    found: Words = defaultdict(list)
    rows = cursor.execute(OWN_WORDS, (after_seq,)).fetchall()
    if after_seq == 0:
        rows += cursor.execute(OTHER_WORDS).fetchall()
    for kind, own, hlc, digest, body in rows:
        if any(needle in body for needle in needles):
            told = read(kind, own, hlc, digest, body, b"")
            if isinstance(told.value, MemberWord) and told.value.member_id.hex.encode() in needles:
                found[told.value.member_id].append(told)
    return found


def rebuild(cursor: Cursor, member_id: MemberId, words: Iterable[Told]) -> None:
    """Write the file as these words make it; the rows that people are found by follow."""
    fields: dict[str, tuple[Versioned, Told]] = {}
    phone, enrolled = Versioned("", 0), None
    is_erased = profile.is_erased(cursor, member_id)
    for told in words:
        for name, value in _fields(cursor, told, is_erased=is_erased):
            new = Versioned(value, told.hlc)
            if name == "phone":
                phone = merge_field(phone if phone.hlc else None, new)
            elif name not in fields or merge_field(fields[name][0], new) == new:
                fields[name] = (new, told)
        if told.kind == FactKind.ENROLMENT:
            enrolled = told.hlc if enrolled is None else min(enrolled, told.hlc)
    _write(cursor, member_id, fields, phone, enrolled)


def _fields(cursor: Cursor, told: Told, *, is_erased: bool) -> list[tuple[str, str]]:
    word: MemberWord = told.value
    if told.kind == FactKind.MERGE:
        return [(MERGED_INTO, word.plain.get("into", ""))]
    if is_erased or not word.is_sealed:
        return []
    try:
        change = profile.opened(cursor, word.plain)
    except (Refused, *DAMAGE):
        change = None
    return [] if change is None else list(change.fields.items())


def _write(
    cursor: Cursor,
    member_id: MemberId,
    fields: dict[str, tuple[Versioned, Told]],
    phone: Versioned,
    enrolled: int | None,
) -> None:
    own = member_id.bytes
    before = {name for (name,) in cursor.execute(FIELDS, (own,)).fetchall()}
    number = cursor.execute(families.NUMBER, (own,)).fetchone()
    survivor = members.survivor_of(cursor, member_id)
    cursor.execute(DROP_FIELDS, (own,))
    cursor.executemany(
        profile.PUT_FIELD,
        [
            (own, name, one.value, one.hlc, told.value.at, told.value.by.bytes if told.value.by else None)
            for name, (one, told) in fields.items()
        ],
    )
    cursor.execute(families.PUT_NUMBER, (own, phone.value, phone.hlc, enrolled))
    values = {name: one.value for name, (one, _) in fields.items()}
    gone = dict.fromkeys(before - values.keys(), "")
    profile.project(
        cursor, member_id, gone | values, at=max((told.value.at for _, told in fields.values()), default=0)
    )
    profile.let_go(
        cursor,
        member_id,
        {one for one in (number[0] if number else "", phone.value) if one},
        {name for name in before if name.startswith(CODE_PREFIX)},
        "",
    )
    families.settle(cursor, {member_id, survivor})
