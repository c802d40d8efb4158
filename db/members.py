"""Members as the counter reads and writes them. A card is read in one go: the file, the points, the visits.

Points are the sum of the ledger and visits are counted from the transactions, both from one index each: nothing is kept twice, so
nothing can disagree. Who was merged into another is found as that other, with the points and visits of both. Writing takes the cursor of
an open unit of work; what is written of a person besides is :mod:`db.profile`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.domain.ids import MemberId, OperatorId
from app.domain.ledger import LedgerEntry, Lot
from app.domain.member import Member, MemberCard
from app.domain.phone import REGIONS, fold_digits, national_number
from app.service.phonetics import match_expression, search_tokens
from db.engine import Cursor, Engines
from db.families import HLC_COUNTER_BITS, NOT_HELD, PUT_NUMBER, free_phone
from db.ledger import MEMBER_AND_MERGED, entries_of, lots_of
from db.statements import insert, placeholders
from db.types import date_number_or_none, id_bytes_or_none, number_date_or_none
from db.value_spent import OWN, TOPPED_UP

LAST_DIGITS_MIN: Final = 3
CANDIDATES_MAX: Final = 240  # three last digits fit some two hundred of 200,000 members
PAGE_ROWS: Final = 2_000
PHONES_MAX: Final = 500

_MEMBER: Final = "id, phone, name, tier, joined_on, birthday, gender, note, code, has_marketing_consent"
# Visits are sales that stand, here and at other tills; what was given back is not spent, nor is what was put into the member's own stored
# value. Indexes ledger_posting_by_member, transaction_header_by_member, member_visit_of_member, value_account_of_member,
# value_entry_of_account.
_CARD: Final = f"""
    SELECT {_MEMBER},
      EXISTS (SELECT 1 FROM member_alias WHERE survivor_id = member.id),
      (SELECT coalesce(sum(points), 0) FROM ledger_posting WHERE member_id = member.id),
      (SELECT count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'post_void')
       FROM transaction_header WHERE member_id = member.id)
        + (SELECT count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'post_void')
           FROM member_visit WHERE member_id = member.id),
      (SELECT max(business_date) FROM transaction_header WHERE member_id = member.id AND kind = 'sale'),
      (SELECT max(business_date) FROM member_visit WHERE member_id = member.id AND kind = 'sale'),
      (SELECT coalesce(sum(total_minor), 0) FROM transaction_header WHERE member_id = member.id)
        + (SELECT coalesce(sum(total_minor), 0) FROM member_visit WHERE member_id = member.id)
        + (SELECT coalesce(sum(p.amount_minor), 0) {TOPPED_UP} WHERE a.member_id = member.id {OWN})
    FROM member
"""
CARD_BY_PHONE: Final = f"{_CARD} WHERE phone = ?"
CARD_BY_ID: Final = f"{_CARD} WHERE id = ?"
CARD_BY_CODE: Final = f"{_CARD} WHERE code = ?"
CARD_BY_NUMBER: Final = f"{_CARD} WHERE number = ?"
# The same sums over a member and everyone whose file was merged into theirs, and the newest word of all on being written to.
SUMS: Final = f"""
    SELECT
      (SELECT coalesce(sum(points), 0) FROM ledger_posting WHERE member_id IN {MEMBER_AND_MERGED}),
      (SELECT count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'post_void')
       FROM transaction_header WHERE member_id IN {MEMBER_AND_MERGED})
        + (SELECT count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'post_void')
           FROM member_visit WHERE member_id IN {MEMBER_AND_MERGED}),
      (SELECT max(business_date) FROM transaction_header WHERE kind = 'sale' AND member_id IN {MEMBER_AND_MERGED}),
      (SELECT max(business_date) FROM member_visit WHERE kind = 'sale' AND member_id IN {MEMBER_AND_MERGED}),
      (SELECT coalesce(sum(total_minor), 0) FROM transaction_header WHERE member_id IN {MEMBER_AND_MERGED})
        + (SELECT coalesce(sum(total_minor), 0) FROM member_visit WHERE member_id IN {MEMBER_AND_MERGED})
        + (SELECT coalesce(sum(p.amount_minor), 0) {TOPPED_UP} WHERE a.member_id IN {MEMBER_AND_MERGED} {OWN}),
      (SELECT is_granted FROM consent WHERE purpose = 'marketing' AND member_id IN {MEMBER_AND_MERGED}
       ORDER BY hlc DESC, is_granted, id DESC LIMIT 1)
"""
SURVIVOR: Final = "SELECT survivor_id FROM member_alias WHERE member_id = ?"
CODE_OWNER: Final = "SELECT member_id FROM member_code WHERE code = ?"
NUMBER_OF: Final = "SELECT number FROM member WHERE id = ?"
MEMBER_BY_PHONE: Final = f"SELECT {_MEMBER} FROM member WHERE phone = ?"
MEMBER_BY_ID: Final = f"SELECT {_MEMBER} FROM member WHERE id = ?"
EVERYONE: Final = f"SELECT number, {_MEMBER} FROM member WHERE number > ? ORDER BY number LIMIT ?"
BY_LAST_DIGITS: Final = (
    "SELECT number, id FROM member WHERE phone_reversed >= ? AND phone_reversed < ? LIMIT ?"
)
BY_FIRST_DIGITS: Final = "SELECT number, id FROM member WHERE phone >= ? AND phone < ? LIMIT ?"
MATCHES: Final = """
    SELECT number, id FROM member WHERE number IN (SELECT rowid FROM member_search WHERE member_search MATCH ? LIMIT ?)
"""
LAST_SEEN: Final = "SELECT max(occurred_at) FROM transaction_header WHERE member_id = ?"
LAST_SEEN_ELSEWHERE: Final = "SELECT max(occurred_at) FROM member_visit WHERE member_id = ?"

INSERT_MEMBER: Final = insert(
    "member",
    "id",
    "phone",
    "phone_reversed",
    "name",
    "tier",
    "joined_on",
    "birthday",
    "gender",
    "note",
    "code",
    "has_marketing_consent",
    "created_at",
    "created_by",
    "updated_at",
)
UPDATE_MEMBER: Final = """
    UPDATE member
    SET phone = ?, phone_reversed = ?, name = ?, tier = ?, joined_on = ?, birthday = ?, gender = ?, note = ?, code = ?,
        has_marketing_consent = ?, updated_at = ?
    WHERE id = ?
"""
PHONE_HELD: Final = "SELECT 1 FROM member WHERE phone = ?"
INSERT_WORDS: Final = "INSERT INTO member_search (rowid, words) VALUES (?, ?)"

_DIGITS: Final = re.compile(r"[\d\s\-]+")


@dataclass(frozen=True, slots=True)
class SqliteMemberDirectory:
    """The members of one till's file (:class:`app.service.ports.MemberDirectory`)."""

    engines: Engines

    def by_phone(self, phone: str) -> MemberCard | None:
        """Of a number that was merged into another member, that other."""
        return self._card(CARD_BY_PHONE, phone)

    def by_id(self, member_id: MemberId) -> MemberCard | None:
        return self._card(CARD_BY_ID, member_id.bytes)

    def by_code(self, code: str) -> MemberCard | None:
        """By any of a member's codes: the card's, a QR, an e-invoice carrier, a badge."""
        with self.engines.reading() as cursor:
            row = cursor.execute(CODE_OWNER, (code,)).fetchone()
            found = cursor.execute(*((CARD_BY_ID, row) if row else (CARD_BY_CODE, (code,)))).fetchone()
            return None if found is None else _card(cursor, found)

    def search(self, text: str, limit: int = 20) -> tuple[MemberCard, ...]:
        """By digits of the number or by the name; who was here last comes first."""
        text = fold_digits(text)
        with self.engines.reading(snapshot=True) as cursor:
            found = _by_digits(cursor, text) if _DIGITS.fullmatch(text) else _by_name(cursor, text)
            numbers = _latest_first(cursor, found)[:limit]
            cards = [
                _card(cursor, cursor.execute(CARD_BY_NUMBER, (number,)).fetchone()) for number in numbers
            ]
            return tuple({card.member.id: card for card in cards}.values())  # merged files are one person

    def among_phones(self, phones: Sequence[str]) -> tuple[Member, ...]:
        assert len(phones) <= PHONES_MAX
        statement = (
            f"SELECT {_MEMBER} FROM member WHERE phone IN ({placeholders(len(phones))}) ORDER BY phone"
        )
        with self.engines.reading() as cursor:
            return tuple(_member(row) for row in cursor.execute(statement, tuple(phones)).fetchall())

    def everyone(self) -> Iterator[Member]:
        """In the order they were added, page by page; files that were merged are there one by one, erased ones are not."""
        last = -1
        while True:
            with self.engines.reading() as cursor:
                rows = cursor.execute(EVERYONE, (last, PAGE_ROWS)).fetchall()
            yield from (member for row in rows if not (member := _member(row[1:])).is_erased)
            if len(rows) < PAGE_ROWS:
                return
            last = rows[-1][0]

    def lots(self, member_id: MemberId) -> tuple[Lot, ...]:
        with self.engines.reading() as cursor:
            return lots_of(cursor, member_id)

    def entries(self, member_id: MemberId, limit: int = 200) -> tuple[LedgerEntry, ...]:
        with self.engines.reading(snapshot=True) as cursor:
            return entries_of(cursor, member_id, limit)

    def _card(self, statement: str, key: str | bytes) -> MemberCard | None:
        with self.engines.reading() as cursor:
            row = cursor.execute(statement, (key,)).fetchone()
            return None if row is None else _card(cursor, row)


def insert_member(cursor: Cursor, member: Member, *, created_at: int, operator_id: OperatorId | None) -> None:
    """A new member with their search words. The phone number must be free: the caller has asked."""
    cursor.execute(INSERT_MEMBER, _new_row(member, created_at, operator_id))
    if member.name:
        cursor.execute(INSERT_WORDS, (cursor.lastrowid, search_tokens(member.name)))


def insert_members(cursor: Cursor, members: Iterable[tuple[Member, int]]) -> int:
    """Many new members with the instants they joined at, the quick way. Returns how many."""
    (first,) = cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM member").fetchone()
    rows = list(members)
    cursor.executemany(INSERT_MEMBER, (_new_row(member, created_at, None) for member, created_at in rows))
    clocks = ((member, max(created_at << HLC_COUNTER_BITS, 1)) for member, created_at in rows)
    cursor.executemany(PUT_NUMBER, ((member.id.bytes, member.phone, hlc, hlc) for member, hlc in clocks))
    cursor.executemany(
        INSERT_WORDS,
        (
            (number, search_tokens(member.name))
            for number, (member, _created_at) in enumerate(rows, start=first)
            if member.name
        ),
    )
    return len(rows)


def update_member(cursor: Cursor, member: Member, *, changed_at: int) -> None:
    """The member's file as it is from now on."""
    number, name, phone = cursor.execute(
        "SELECT number, name, phone FROM member WHERE id = ?", (member.id.bytes,)
    ).fetchone()
    columns = _columns(member)
    if phone.partition(NOT_HELD)[0] == member.phone:
        columns = (phone, *columns[1:])  # another file may be found by this number
    elif cursor.execute(PHONE_HELD, (member.phone,)).fetchone() is not None:
        # A file that was merged into this one, as a rule. Who is found by the number from now on follows from what is said of both.
        columns = (free_phone(member.phone, member.id), *columns[1:])
    cursor.execute(UPDATE_MEMBER, (*columns, changed_at, member.id.bytes))
    if name != member.name:
        cursor.execute("DELETE FROM member_search WHERE rowid = ?", (number,))
        if member.name:
            cursor.execute(INSERT_WORDS, (number, search_tokens(member.name)))


def member_by_phone(cursor: Cursor, phone: str) -> Member | None:
    """Whose number it is; the survivor where files were merged."""
    row = cursor.execute(MEMBER_BY_PHONE, (phone,)).fetchone()
    if row is None:
        return None
    found = _member(row)
    survivor = survivor_of(cursor, found.id)
    return found if survivor == found.id else member_by_id(cursor, survivor)


def member_by_id(cursor: Cursor, member_id: MemberId) -> Member | None:
    """This very file, merged or not."""
    row = cursor.execute(MEMBER_BY_ID, (member_id.bytes,)).fetchone()
    return None if row is None else _member(row)


def survivor_of(cursor: Cursor, member_id: MemberId) -> MemberId:
    """The member whose file this one was merged into, else the member."""
    row = cursor.execute(SURVIVOR, (member_id.bytes,)).fetchone()
    return member_id if row is None else MemberId(UUID(bytes=row[0]))


def rebuild_member_search(cursor: Cursor) -> None:
    """The search index made again from the members: it is a projection and may always be thrown away."""
    named = cursor.execute("SELECT number, name FROM member WHERE name <> '' ORDER BY number").fetchall()
    cursor.execute("INSERT INTO member_search (member_search) VALUES ('delete-all')")
    cursor.executemany(INSERT_WORDS, ((number, search_tokens(name)) for number, name in named))


Found = list[tuple[int, bytes]]


def _by_digits(cursor: Cursor, text: str) -> Found:
    """Those whose number ends with these digits, and those whose number begins with them."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < LAST_DIGITS_MIN:
        return []
    found = _between(cursor, BY_LAST_DIGITS, digits[::-1])
    for region in REGIONS.values():
        if digits.startswith(region.trunk):
            start = f"+{region.calling_code}{digits.removeprefix(region.trunk)}"
            found += _between(cursor, BY_FIRST_DIGITS, start)
    return found


def _between(cursor: Cursor, statement: str, start: str) -> Found:
    """``:`` follows ``9``: the range holds what begins with these digits."""
    return cursor.execute(statement, (start, start + ":", CANDIDATES_MAX)).fetchall()


def _by_name(cursor: Cursor, text: str) -> Found:
    expression = match_expression(text)
    if not expression:
        return []
    return cursor.execute(MATCHES, (expression, CANDIDATES_MAX)).fetchall()


def _latest_first(cursor: Cursor, found: Found) -> list[int]:
    seen = {
        number: max(
            cursor.execute(statement, (own,)).fetchone()[0] or 0
            for statement in (LAST_SEEN, LAST_SEEN_ELSEWHERE)
        )
        for number, own in found
    }
    return sorted(seen, key=lambda number: (-seen[number], number))


def _columns(member: Member) -> tuple[object, ...]:
    return (
        member.phone,
        national_number(member.phone.partition(NOT_HELD)[0])[::-1],
        member.name,
        member.tier,
        date_number_or_none(member.joined_on),
        member.birthday,
        member.gender,
        member.note,
        member.code or None,
        member.has_marketing_consent,
    )


def _new_row(member: Member, created_at: int, operator_id: OperatorId | None) -> tuple[object, ...]:
    return (member.id.bytes, *_columns(member), created_at, id_bytes_or_none(operator_id), created_at)


def _member(row: Any) -> Member:
    own, phone, name, tier, joined_on, birthday, gender, note, code, has_consent = row
    return Member(
        id=MemberId(UUID(bytes=own)),
        phone=phone.partition(NOT_HELD)[0] if NOT_HELD in phone else phone,
        name=name,
        tier=tier,
        joined_on=number_date_or_none(joined_on),
        birthday=birthday,
        gender=gender,
        note=note,
        code=code or "",
        has_marketing_consent=has_consent == 1,
    )


def _card(cursor: Cursor, row: Any) -> MemberCard:
    """A card as it was read, or the survivor's where this file was merged into another."""
    survivor = cursor.execute(SURVIVOR, (row[0],)).fetchone()
    if survivor is not None:
        row = cursor.execute(CARD_BY_ID, survivor).fetchone() or row
    *member, has_merged, points, visits, last_here_on, last_elsewhere_on, spent_minor = row
    if has_merged:
        points, visits, last_here_on, last_elsewhere_on, spent_minor, may_write = cursor.execute(
            SUMS, (row[0],)
        ).fetchone()
        member[-1] = member[-1] if may_write is None else may_write
    return MemberCard(
        member=_member(member),
        points=points,
        visits=visits,
        last_visit_on=number_date_or_none(max(last_here_on or 0, last_elsewhere_on or 0) or None),
        spent_minor=spent_minor,
    )
