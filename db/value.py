"""Stored value as rows and back: accounts, entries, postings. Rows are only ever appended; a balance is the sum of the postings.

Reading takes a cursor, so that a reader and a unit of work see with the same eyes; writing is :class:`ValueRows`, within a unit of work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.facts import FactKind
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.value import (
    AccountKind,
    Amounts,
    Book,
    EntryHead,
    Liability,
    Part,
    ValueAccount,
    ValueAccountId,
    ValueEntry,
    ValueEntryId,
    ValueEntryKind,
    ValuePosting,
)
from app.domain.loyalty.value_codec import account_to_plain, entry_to_plain
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.statements import insert, placeholders
from db.types import date_number, id_bytes_or_none, id_or_none, number_date, uuid_of

if TYPE_CHECKING:
    from db.leases import SqliteLeases
    from db.unit_of_work import SqliteUnitOfWork

# A row's values stand in the order of these columns.
ACCOUNT_COLUMNS: Final = ("id", "kind", "code", "member_id", "currency", "opened_at", "expires_on")
ENTRY_COLUMNS: Final = (
    "id",
    "kind",
    "account_id",
    "transaction_id",
    "occurred_at",
    "business_date",
    "rule_version",
    "note",
)
POSTING_COLUMNS: Final = ("entry_id", "number", "account", "holder_id", "part", "amount_minor")
INSERT_ACCOUNT: Final = f"{insert('value_account', *ACCOUNT_COLUMNS)} ON CONFLICT (id) DO NOTHING"
INSERT_ENTRY: Final = f"{insert('value_entry', *ENTRY_COLUMNS)} ON CONFLICT (id) DO NOTHING"
INSERT_POSTING: Final = insert("value_posting", *POSTING_COLUMNS)
_ACCOUNT: Final = f"SELECT {', '.join(ACCOUNT_COLUMNS)} FROM value_account"
BY_ID: Final = f"{_ACCOUNT} WHERE id = ?"
BY_CODE: Final = f"{_ACCOUNT} WHERE code = ?"
# Index value_account_of_member; a member has a handful.
OF_MEMBER: Final = f"{_ACCOUNT} WHERE member_id IN {MEMBER_AND_MERGED} ORDER BY kind DESC, opened_at, id"
# Index value_posting_of_holder, nothing else.
BALANCE: Final = "SELECT part, sum(amount_minor) FROM value_posting WHERE holder_id = ? GROUP BY part"
_ENTRY: Final = f"SELECT {', '.join(ENTRY_COLUMNS)} FROM value_entry"
# Index value_entry_of_account.
ENTRIES: Final = f"{_ENTRY} WHERE account_id = ? ORDER BY occurred_at, id"
# Index value_entry_of_transaction.
OF_TRANSACTION: Final = f"{_ENTRY} WHERE transaction_id = ? ORDER BY occurred_at, id"
_POSTINGS: Final = f"SELECT {', '.join(POSTING_COLUMNS)} FROM value_posting WHERE entry_id IN "
ENTRIES_AT_ONCE: Final = 500
# The whole index value_posting_of_holder.
LIABILITY: Final = """
SELECT coalesce(sum(paid), 0), coalesce(sum(bonus), 0), count(*) FROM (
  SELECT sum(amount_minor) FILTER (WHERE part = 'paid') AS paid, sum(amount_minor) FILTER (WHERE part = 'bonus') AS bonus
  FROM value_posting WHERE holder_id IS NOT NULL GROUP BY holder_id HAVING sum(amount_minor) <> 0
)
"""
# Index value_posting_of_holder, from one holder on.
WITH_BONUS: Final = """
SELECT holder_id FROM value_posting WHERE holder_id IS NOT NULL AND holder_id > ?1 AND part = 'bonus'
GROUP BY holder_id HAVING sum(amount_minor) > 0 ORDER BY holder_id LIMIT ?2
"""


class _Reader:
    """Implements :class:`app.service.value_ports.ValueReader`; ``ask`` fetches the rows of a statement."""

    def __init__(self, ask: Callable[..., list[Any]]) -> None:
        self._ask = ask

    def account(self, account_id: ValueAccountId) -> ValueAccount | None:
        return next(map(_account, self._ask(BY_ID, account_id.bytes)), None)

    def by_code(self, code: str) -> ValueAccount | None:
        return next(map(_account, self._ask(BY_CODE, code)), None)

    def of_member(self, member_id: MemberId) -> tuple[ValueAccount, ...]:
        return tuple(map(_account, self._ask(OF_MEMBER, member_id.bytes)))

    def balance(self, account_id: ValueAccountId) -> Amounts:
        sums = dict(self._ask(BALANCE, account_id.bytes))
        return Amounts(sums.get(Part.PAID._value_, 0), sums.get(Part.BONUS._value_, 0))

    def entries(self, account_id: ValueAccountId) -> tuple[ValueEntry, ...]:
        return self._entries(self._ask(ENTRIES, account_id.bytes))

    def of_transaction(self, transaction_id: TransactionId) -> tuple[ValueEntry, ...]:
        return self._entries(self._ask(OF_TRANSACTION, transaction_id.bytes))

    def _entries(self, rows: list[Any]) -> tuple[ValueEntry, ...]:
        postings: defaultdict[bytes, list[Any]] = defaultdict(list)
        for first in range(0, len(rows), ENTRIES_AT_ONCE):
            ids = [row[0] for row in rows[first : first + ENTRIES_AT_ONCE]]
            among = f"{_POSTINGS}({placeholders(len(ids))}) ORDER BY entry_id, number"
            for posting in self._ask(among, *ids):
                postings[posting[0]].append(posting)
        return tuple(entry_of(row, postings[row[0]]) for row in rows)


class SqliteValue(_Reader):
    """Implements :class:`app.service.value_ports.ValueDirectory`. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        super().__init__(self._fetch)
        self._engines = engines

    @cached_property
    def leases(self) -> SqliteLeases:
        from db.leases import SqliteLeases

        return SqliteLeases(self._engines)

    def liability(self) -> Liability:
        ((paid, bonus, accounts),) = self._ask(LIABILITY)
        return Liability(Amounts(paid, bonus), accounts)

    def with_bonus(self, after: ValueAccountId | None, limit: int) -> tuple[ValueAccountId, ...]:
        rows = self._ask(WITH_BONUS, b"" if after is None else after.bytes, limit)
        return tuple(ValueAccountId(uuid_of(own)) for (own,) in rows)

    def _fetch(self, statement: str, *parameters: object) -> list[Any]:
        with self._engines.reading() as cursor:
            return cursor.execute(statement, parameters).fetchall()


class ValueRows(_Reader):
    """Implements :class:`app.service.value_ports.ValueBook` within one unit of work."""

    def __init__(self, work: SqliteUnitOfWork) -> None:
        super().__init__(self._fetch)
        self._work = work

    def open(self, account: ValueAccount) -> bool:
        if not write_account(self._work.cursor, account):
            return False
        self._work.record(FactKind.VALUE_ACCOUNT, account.id, account.opened_at, account_to_plain(account))
        return True

    def post(self, entry: ValueEntry) -> bool:
        if not write_entry(self._work.cursor, entry):
            return False
        head = entry.head
        assert not self.balance(head.account_id).is_negative, "nobody spends what is not there"
        if entry.holder.total < 0:
            from db.leases import spend

            spend(self._work.cursor, entry)
        self._work.record(FactKind.VALUE_ENTRY, head.id, head.occurred_at, entry_to_plain(entry))
        return True

    def _fetch(self, statement: str, *parameters: object) -> list[Any]:
        return self._work.cursor.execute(statement, parameters).fetchall()


def write_account(cursor: Cursor, account: ValueAccount) -> bool:
    """False when it stands there already."""
    cursor.execute(INSERT_ACCOUNT, account_row(account))
    return cursor.rowcount == 1


def write_entry(cursor: Cursor, entry: ValueEntry) -> bool:
    """False when it stands there already."""
    cursor.execute(INSERT_ENTRY, entry_row(entry))
    if cursor.rowcount != 1:
        return False
    cursor.executemany(INSERT_POSTING, posting_rows(entry))
    return True


def account_row(account: ValueAccount) -> tuple[object, ...]:
    return (
        account.id.bytes,
        account.kind._value_,
        account.code or None,
        id_bytes_or_none(account.member_id),
        account.currency,
        account.opened_at,
        None,  # what was paid never ends
    )


def entry_row(entry: ValueEntry) -> tuple[object, ...]:
    """``note`` holds the id of the entry that this one takes back."""
    head = entry.head
    return (
        head.id.bytes,
        entry.kind._value_,
        head.account_id.bytes,
        id_bytes_or_none(head.transaction_id),
        head.occurred_at,
        date_number(head.business_date),
        head.rule_version,
        "" if head.reverses is None else head.reverses.hex,
    )


def posting_rows(entry: ValueEntry) -> list[tuple[object, ...]]:
    head = entry.head
    return [
        (
            head.id.bytes,
            number,
            one.book._value_,
            head.account_id.bytes if one.book is Book.HOLDER else None,
            one.part._value_,
            one.minor,
        )
        for number, one in enumerate(entry.postings, 1)
    ]


def _account(row: Any) -> ValueAccount:
    own, kind, code, member, currency, opened_at, _ = row
    return ValueAccount(
        id=ValueAccountId(uuid_of(own)),
        kind=AccountKind(kind),
        currency=currency,
        opened_at=opened_at,
        code=code or "",
        member_id=id_or_none(MemberId, member),
    )


def entry_of(row: Any, postings: Iterable[Any]) -> ValueEntry:
    own, kind, account, transaction, occurred_at, business_date, version, note = row
    head = EntryHead(
        id=ValueEntryId(uuid_of(own)),
        account_id=ValueAccountId(uuid_of(account)),
        occurred_at=occurred_at,
        business_date=number_date(business_date),
        transaction_id=id_or_none(TransactionId, transaction),
        rule_version=version,
        reverses=ValueEntryId(UUID(note)) if note else None,
    )
    return ValueEntry(
        ValueEntryKind(kind),
        head,
        tuple(ValuePosting(Book(book), Part(part), minor) for _, _, book, _, part, minor in postings),
    )
