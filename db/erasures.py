"""Forgetting a person for good. The key goes, and with it every sealed fact; what lay in the open is deleted and written over.

The chain, the sales and the ledger stay, under an id that names nobody. What was deleted is gone from the file only after :func:`sweep`:
until then a free page or the log may still hold it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.chain import canonical_bytes
from app.domain.facts import FactKind
from app.domain.ids import MemberId, OperatorId
from app.domain.member import ERASED_PREFIX, Member, mask_name
from app.domain.phone import mask_phone, national_number
from app.domain.profile import MERGED_INTO
from app.domain.profile_facts import erasure_to_plain
from db import families, members, profile
from db.engine import Cursor, Engines
from db.erasure_register import read_register, write_register
from db.merges import members_merged
from db.profile_store import unit
from db.statements import insert
from db.types import id_bytes_or_none, uuid_of

if TYPE_CHECKING:
    from app.service.ports import UnitOfWork
    from db.store import SqliteStore
    from db.unit_of_work import SqliteUnitOfWork

REGISTER_REASON: Final = "register"  # an older copy of the books came back
GONE: Final = "—"

INSERT_ERASURE: Final = f"{insert('erasure', 'member_id', 'erased_at', 'operator_id', 'reason')} ON CONFLICT (member_id) DO NOTHING"
ERASED: Final = "SELECT member_id FROM erasure ORDER BY member_id"
DROP_KEY: Final = "DELETE FROM member_key WHERE member_id = ?"
DROP_FIELDS: Final = f"DELETE FROM member_field WHERE member_id = ? AND field <> '{MERGED_INTO}'"
DROP_NOTES: Final = "DELETE FROM member_note WHERE member_id = ?"
DROP_TAGS: Final = "DELETE FROM member_tag WHERE member_id = ?"
DROP_CODES: Final = "DELETE FROM member_code WHERE member_id = ?"
DROP_NOTE_WORDS: Final = "DELETE FROM member_note_word WHERE member_id = ?"
DROP_NUMBER: Final = "UPDATE member_number SET phone = '', phone_hlc = 0 WHERE member_id = ?"
CLAIMED_CODES: Final = (
    "SELECT field FROM member_field WHERE member_id = ? AND field >= 'code:' AND field < 'code;'"
)
BLANK_ROW: Final = """
UPDATE member SET phone = ?, phone_reversed = '', name = '', birthday = '', gender = '', note = '', code = NULL,
  has_marketing_consent = 0, updated_at = ? WHERE id = ?
"""
DROP_WORDS: Final = "DELETE FROM member_search WHERE rowid = ?"
# A deleted row of the index is only crossed out; merging the index leaves it out.
MERGE_WORDS: Final = "INSERT INTO member_search (member_search) VALUES ('optimize')"
DRAFT: Final = "SELECT body FROM draft"
HELD: Final = "SELECT id, body FROM held_sale"
SET_DRAFT: Final = "UPDATE draft SET body = ?"
SET_HELD: Final = "UPDATE held_sale SET body = ?, label = '' WHERE id = ?"
PAPERS_OF_SALES: Final = """
SELECT id, document FROM print_job
WHERE transaction_seq IN (SELECT seq FROM transaction_header WHERE member_id = ?)
"""
# Whole and rare: whatever else was printed, a list or a letter, is looked into.
_OTHER_PAPERS: Final = "SELECT id, document FROM print_job WHERE transaction_seq IS NULL"
SET_PAPER: Final = "UPDATE print_job SET document = ? WHERE id = ?"
_GUARD: Final = "print_job_keeps_its_paper"
VALUE_LEFT: Final = """
SELECT coalesce(sum(p.amount_minor), 0) FROM value_account a JOIN value_posting p ON p.holder_id = a.id
WHERE a.member_id = ? AND a.kind = 'member'
"""


class SqliteErasures:
    """Implements :class:`app.service.membership_ports.Erasures`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def erase(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        *,
        at: int,
        operator_id: OperatorId | None,
        reason: str,
    ) -> None:
        """This very file. Who had others merged into theirs is erased file by file."""
        erase(unit(work), member_id, at=at, operator_id=operator_id, reason=reason)

    def value_left(self, member_id: MemberId) -> int:
        """Minor units of stored value of this person, merged files included."""
        with self._engines.reading() as cursor:
            family = (member_id, *members_merged(cursor, member_id))
            rows = (cursor.execute(VALUE_LEFT, (one.bytes,)).fetchone() for one in family)
            return sum(int(row[0]) for row in rows)

    def sweep(self) -> None:
        """Write the register, then the whole file anew: nothing of what was deleted stays in free pages or in the log."""
        note_in_register(self._engines)
        sweep(self._engines)


def erase(
    work: SqliteUnitOfWork, member_id: MemberId, *, at: int, operator_id: OperatorId | None, reason: str
) -> None:
    """A fact, and everything that names the person gone. ``reason`` is a code. Erasing twice is one erasure."""
    cursor = work.cursor
    if member_id in erased(cursor):
        return
    fact_id = work.new_id()
    work.record(FactKind.ERASURE, fact_id, at, erasure_to_plain(fact_id, member_id, at, operator_id, reason))
    apply_erasure(cursor, member_id, at=at, operator_id=operator_id, reason=reason)


def apply_erasure(
    cursor: Cursor, member_id: MemberId, *, at: int, operator_id: OperatorId | None, reason: str
) -> None:
    """For a fact of this till or of another. Who is erased takes no later change."""
    cursor.execute(INSERT_ERASURE, (member_id.bytes, at, id_bytes_or_none(operator_id), reason))
    scrub(cursor, member_id, at)


def scrub(cursor: Cursor, member_id: MemberId, at: int) -> None:
    """Delete and blank every row that names this member, in the tables this file has (an older copy may lack some)."""
    cursor.execute("PRAGMA secure_delete = ON").fetchall()
    member = members.member_by_id(cursor, member_id)
    own, tables = member_id.bytes, _tables(cursor)
    claims = _claims(cursor, member_id, tables)
    for table, statement in (
        ("member_key", DROP_KEY),
        ("member_field", DROP_FIELDS),
        ("member_note", DROP_NOTES),
        ("member_tag", DROP_TAGS),
        ("member_code", DROP_CODES),
        ("member_note_word", DROP_NOTE_WORDS),
        ("member_number", DROP_NUMBER),
    ):
        if table in tables:
            cursor.execute(statement, (own,))
    _scrub_baskets(cursor, member_id)
    if member is not None and not member.is_erased:
        _scrub_row(cursor, member, at)
    if claims is not None:
        profile.let_go(cursor, member_id, *claims)


def _scrub_row(cursor: Cursor, member: Member, at: int) -> None:
    own = member.id.bytes
    (number,) = cursor.execute(members.NUMBER_OF, (own,)).fetchone()
    cursor.execute(BLANK_ROW, (ERASED_PREFIX + member.id.hex, at, own))
    cursor.execute(DROP_WORDS, (number,))
    cursor.execute(MERGE_WORDS)
    _scrub_papers(cursor, member)


def _claims(
    cursor: Cursor, member_id: MemberId, tables: frozenset[str]
) -> tuple[frozenset[str], frozenset[str], str] | None:
    """The numbers, codes and the card that somebody else may be found by from now on; None in a file from before there were claims."""
    if "member_number" not in tables:
        return None
    phone = cursor.execute(families.NUMBER, (member_id.bytes,)).fetchone()
    card = cursor.execute(profile.FIELD, (member_id.bytes, "code")).fetchone()
    codes = cursor.execute(CLAIMED_CODES, (member_id.bytes,)).fetchall()
    phones = frozenset(() if phone is None or not phone[0] else (phone[0],))
    return phones, frozenset(field for (field,) in codes), "" if card is None else card[0]


def erased(cursor: Cursor) -> frozenset[MemberId]:
    return frozenset(MemberId(uuid_of(row[0])) for row in cursor.execute(ERASED).fetchall())


def note_in_register(engines: Engines) -> bool:
    """The register beside the file knows whom the file knows."""
    with engines.reading() as cursor:
        known = erased(cursor)
    beside = read_register(engines.path)
    return known <= beside or write_register(engines.path, known | beside)


def reapply(store: SqliteStore, now: int) -> int:
    """At opening and after a restore: who was erased since is erased again. Returns how many were."""
    engines = store.engines
    beside = read_register(engines.path)
    with engines.reading() as cursor:
        known = erased(cursor)
    again = sorted(beside - known)
    if again:
        with store.begin() as work:
            for member_id in again:
                erase(work, member_id, at=now, operator_id=None, reason=REGISTER_REASON)
            work.commit()
        sweep(engines)
    note_in_register(engines)
    return len(again)


def sweep(engines: Engines) -> None:
    """The file written anew without its free pages, and the log emptied."""
    with engines.writer_lock:
        writer = engines.writer
        writer.execute("VACUUM")
        writer.execute("PRAGMA secure_delete = FAST").fetchall()
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


# --- what lies about ------------------------------------------------------------------------------------------------------


def _scrub_baskets(cursor: Cursor, member_id: MemberId) -> None:
    """A basket goes on without its member; nothing in it is lost."""
    for (body,) in cursor.execute(DRAFT).fetchall():
        if (plain := _without(body, member_id)) is not None:
            cursor.execute(SET_DRAFT, (plain,))
    for basket_id, body in cursor.execute(HELD).fetchall():
        if (plain := _without(body, member_id)) is not None:
            cursor.execute(SET_HELD, (plain, basket_id))


def _without(body: bytes, member_id: MemberId) -> bytes | None:
    try:
        plain = json.loads(body)
        is_theirs = UUID(plain["member"]["id"]) == member_id
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not is_theirs:
        return None
    return canonical_bytes(
        {key: value for key, value in plain.items() if key not in ("member", "new_member")}
    )


def _scrub_papers(cursor: Cursor, member: Member) -> None:
    """Papers keep their goods and money; the member's line on them is taken out, masked as it was."""
    needles = spellings(member)
    changed = list(_papers(cursor, member, needles))
    if not changed:
        return
    # A paper that was queued never changes, except for this: the law asks for it, and the guard stands again before the commit.
    guards = cursor.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (_GUARD,)).fetchall()
    cursor.execute(f"DROP TRIGGER IF EXISTS {_GUARD}")
    cursor.executemany(SET_PAPER, changed)
    for (guard,) in guards:
        cursor.execute(guard)


def _papers(cursor: Cursor, member: Member, needles: tuple[str, ...]) -> Iterator[tuple[bytes, int]]:
    statements: Iterable[tuple[str, tuple[bytes, ...]]] = (
        (PAPERS_OF_SALES, (member.id.bytes,)),
        (_OTHER_PAPERS, ()),
    )
    for statement, parameters in statements:
        for job_id, document in cursor.execute(statement, parameters).fetchall():
            plain = json.loads(_text_of(document))
            cut = _cut(plain, needles)
            if cut != plain:
                yield _packed(cut, document), job_id


def spellings(member: Member) -> tuple[str, ...]:
    """How a paper may name this member, the longest first."""
    national = national_number(member.phone)
    grouped = f"{national[:4]}-{national[4:7]}-{national[7:]}" if len(national) == 10 else national
    names = (member.name, mask_name(member.name)) if len(member.name) > 1 else ()
    found = {member.phone, national, grouped, mask_phone(member.phone), *names} - {""}
    return tuple(sorted(found, key=len, reverse=True))


def _text_of(document: bytes) -> str:
    data = document if document.startswith(b"{") else zlib.decompress(document)
    return data.decode()


def _packed(plain: Any, like: bytes) -> bytes:
    data = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return data if like.startswith(b"{") else zlib.compress(data, 1)


def _cut(plain: Any, needles: tuple[str, ...]) -> Any:
    if isinstance(plain, str):
        for needle in needles:
            plain = plain.replace(needle, GONE)
        return plain
    if isinstance(plain, dict):
        return {key: _cut(value, needles) for key, value in plain.items()}
    return [_cut(value, needles) for value in plain] if isinstance(plain, list) else plain


def _tables(cursor: Cursor) -> frozenset[str]:
    rows = cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return frozenset(name for (name,) in rows)
