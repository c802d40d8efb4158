"""Points and stored value that other tills tell of. Entries are known by their ids; of one entry told in two ways the same one stands on
every copy: the one with the smaller content, which came first decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from app.domain.chain import canonical_bytes
from app.domain.facts import entry_to_plain
from app.domain.ledger import LedgerEntry
from app.domain.loyalty.value import ValueAccount, ValueEntry
from app.domain.loyalty.value_codec import entry_to_plain as value_to_plain
from db import ledger, value
from db.engine import Cursor
from db.feed_settling import settling
from db.feed_step import NO_ACCOUNT, Ticket, Told
from db.statements import insert, placeholders
from db.types import date_number

IDS_AT_ONCE: Final = 500
INSERT_VISIT: Final = (
    f"{insert('member_visit', 'id', 'member_id', 'kind', 'occurred_at', 'business_date', 'total_minor')}"
    " ON CONFLICT (id) DO NOTHING"
)
DROP_VISIT: Final = "DELETE FROM member_visit WHERE id = ?"
_IS_THERE: Final = "SELECT id FROM ledger_entry WHERE id IN "
DROP_POSTINGS: Final = "DELETE FROM ledger_posting WHERE entry_id = ?"
DROP_ENTRY: Final = "DELETE FROM ledger_entry WHERE id = ?"
TELLER: Final = "SELECT coalesce(fact_id, id) FROM ledger_entry WHERE id = ?"
_ACCOUNTS: Final = "SELECT id FROM value_account WHERE id IN "
REPLACE_ACCOUNT: Final = """
UPDATE value_account SET kind = ?2, code = ?3, member_id = ?4, currency = ?5, opened_at = ?6, expires_on = ?7 WHERE id = ?1
"""
_VALUE_IS_THERE: Final = "SELECT id FROM value_entry WHERE id IN "
VALUE_ENTRY: Final = f"SELECT {', '.join(value.ENTRY_COLUMNS)} FROM value_entry WHERE id = ?"
VALUE_POSTINGS: Final = (
    f"SELECT {', '.join(value.POSTING_COLUMNS)} FROM value_posting WHERE entry_id = ? ORDER BY number"
)
DROP_VALUE_POSTINGS: Final = "DELETE FROM value_posting WHERE entry_id = ?"
DROP_VALUE_ENTRY: Final = "DELETE FROM value_entry WHERE id = ?"

Order = tuple[list[tuple[str, ...]], bytes]


def apply_tickets(cursor: Cursor, told: Sequence[Told]) -> None:
    """The visits of members, and the points that their tickets posted."""
    tickets: list[tuple[bytes, Ticket]] = [(one.id, one.value) for one in told]
    visits = [ticket.visit for _, ticket in tickets if ticket.visit is not None]
    cursor.executemany(
        INSERT_VISIT,
        [
            (one.id, one.member_id, one.kind, one.occurred_at, one.business_date, one.total_minor)
            for one in visits
        ],
    )
    _apply_entries(cursor, [(own, entry) for own, ticket in tickets for entry in ticket.entries])


def apply_points(cursor: Cursor, told: Sequence[Told]) -> None:
    _apply_entries(cursor, [(one.id, entry) for one in told for entry in one.value])


def take_back_tickets(cursor: Cursor, told: Told) -> None:
    cursor.execute(DROP_VISIT, (told.id,))
    _take_back_entries(cursor, told.id, told.value.entries)


def take_back_points(cursor: Cursor, told: Told) -> None:
    _take_back_entries(cursor, told.id, told.value)


def entry_order(entry: LedgerEntry) -> Order:
    """Of two forms of one entry the smaller one stands: by its postings as the server compares them, then by all it says."""
    on, transaction = str(date_number(entry.business_date)), _hex(entry.transaction_id)
    rows = []
    for number, posting in enumerate(entry.postings, 1):
        owner = None if posting.lot_id is None else posting.owner or entry.member_id
        rows.append(
            (
                str(number), entry.kind._value_, posting.account._value_, _hex(owner), _hex(posting.lot_id),
                str(posting.points), on, transaction,
            )
        )  # fmt: skip
    return sorted(rows), canonical_bytes(entry_to_plain(entry))


def _apply_entries(cursor: Cursor, told: Sequence[tuple[bytes, LedgerEntry]]) -> None:
    """Those that are new in one go; those that are there already one by one."""
    known = _among(cursor, _IS_THERE, [entry.id.bytes for _, entry in told])
    new: dict[bytes, tuple[bytes, LedgerEntry]] = {}
    for fact_id, entry in told:
        own = entry.id.bytes
        if own in known:
            _keep_smaller(cursor, fact_id, entry)
        elif own not in new or entry_order(entry) < entry_order(new[own][1]):
            new[own] = (fact_id, entry)
    cursor.executemany(
        ledger.INSERT_ENTRY,
        [
            ledger.entry_row(entry, None if fact_id == own else fact_id)
            for own, (fact_id, entry) in new.items()
        ],
    )
    cursor.executemany(
        ledger.INSERT_POSTING, [row for _, entry in new.values() for row in ledger.posting_rows(entry)]
    )


def _keep_smaller(cursor: Cursor, fact_id: bytes, entry: LedgerEntry) -> None:
    stored = ledger.read_entry(cursor, entry.id.bytes)
    assert stored is not None
    if entry_order(entry) < entry_order(stored):
        with settling(cursor):
            _drop(cursor, entry.id.bytes)
            ledger.write_entry(cursor, entry, None if fact_id == entry.id.bytes else fact_id)


def _take_back_entries(cursor: Cursor, fact_id: bytes, entries: Iterable[LedgerEntry]) -> None:
    """What another fact tells of as well stays as that one has it."""
    with settling(cursor):
        for entry in entries:
            if cursor.execute(TELLER, (entry.id.bytes,)).fetchone() == (fact_id,):
                _drop(cursor, entry.id.bytes)


def _drop(cursor: Cursor, entry_id: bytes) -> None:
    cursor.execute(DROP_POSTINGS, (entry_id,))
    cursor.execute(DROP_ENTRY, (entry_id,))


# --- stored value ---------------------------------------------------------------------------------------------------------


def apply_accounts(cursor: Cursor, told: Sequence[Told]) -> None:
    """An account stays where it is when another form of it stands from now on: its entries hang on it."""
    accounts: list[ValueAccount] = [one.value for one in told]
    known = _among(cursor, _ACCOUNTS, [one.id.bytes for one in accounts])
    with settling(cursor):
        for account in accounts:
            row = value.account_row(account)
            cursor.execute(REPLACE_ACCOUNT if account.id.bytes in known else value.INSERT_ACCOUNT, row)


def apply_values(cursor: Cursor, told: Sequence[Told]) -> dict[bytes, str]:
    """Returns those that wait for their account, by their facts."""
    entries: list[tuple[bytes, ValueEntry]] = [(one.id, one.value) for one in told]
    accounts = _among(cursor, _ACCOUNTS, [entry.head.account_id.bytes for _, entry in entries])
    known = _among(cursor, _VALUE_IS_THERE, [entry.head.id.bytes for _, entry in entries])
    waiting: dict[bytes, str] = {}
    for fact_id, entry in entries:
        if entry.head.account_id.bytes not in accounts:
            waiting[fact_id] = NO_ACCOUNT + entry.head.account_id.hex
        elif entry.head.id.bytes not in known:
            value.write_entry(cursor, entry)
            known.add(entry.head.id.bytes)
        elif value_order(entry) < _stored_order(cursor, entry.head.id.bytes):
            take_back_value(cursor, entry)
            value.write_entry(cursor, entry)
    return waiting


def take_back_value(cursor: Cursor, entry: ValueEntry) -> None:
    own = entry.head.id.bytes
    with settling(cursor):
        cursor.execute(DROP_VALUE_POSTINGS, (own,))
        cursor.execute(DROP_VALUE_ENTRY, (own,))


def value_order(entry: ValueEntry) -> Order:
    head = entry.head
    on, transaction = str(date_number(head.business_date)), _hex(head.transaction_id)
    rows = [
        (
            str(number), head.account_id.hex, entry.kind._value_, one.book._value_, one.part._value_, str(one.minor), on,
            transaction,
        )
        for number, one in enumerate(entry.postings, 1)
    ]  # fmt: skip
    return sorted(rows), canonical_bytes(value_to_plain(entry))


def _stored_order(cursor: Cursor, own: bytes) -> Order:
    row = cursor.execute(VALUE_ENTRY, (own,)).fetchone()
    return value_order(value.entry_of(row, cursor.execute(VALUE_POSTINGS, (own,)).fetchall()))


def _among(cursor: Cursor, statement: str, ids: Sequence[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for first in range(0, len(ids), IDS_AT_ONCE):
        some: list[Any] = list(ids[first : first + IDS_AT_ONCE])
        found.update(
            row[0] for row in cursor.execute(f"{statement}({placeholders(len(some))})", some).fetchall()
        )
    return found


def _hex(own: Any) -> str:
    return "None" if own is None else str(own.hex)
