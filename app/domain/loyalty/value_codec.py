"""The bodies of the facts of stored value: an account that was opened, an entry that was posted.

A field that holds its default is left out; the defaults are part of the stored format and never change. A gift card's code stands in its
account's fact: whoever is to take the card must know it.
"""

from __future__ import annotations

from uuid import UUID

from app.domain.codec_parts import DAMAGE, VERSION, Plain, check_version, day, text, whole
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.value import (
    AccountKind,
    Book,
    EntryHead,
    Part,
    ValueAccount,
    ValueAccountId,
    ValueEntry,
    ValueEntryId,
    ValueEntryKind,
    ValuePosting,
)


def account_to_plain(account: ValueAccount) -> Plain:
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.VALUE_ACCOUNT._value_,
        "id": account.id.hex,
        "account": account.kind._value_,
        "currency": account.currency,
        "at": account.opened_at,
    }
    if account.code:
        plain["code"] = account.code
    if account.member_id is not None:
        plain["member"] = account.member_id.hex
    return plain


def account_from_plain(plain: Plain) -> ValueAccount:
    """Raises Refused: "record_newer", "record_damaged"."""
    try:
        check_version(plain)
        assert plain["kind"] == FactKind.VALUE_ACCOUNT
        member = plain.get("member")
        return ValueAccount(
            id=ValueAccountId(UUID(plain["id"])),
            kind=AccountKind(plain["account"]),
            currency=text(plain["currency"]),
            opened_at=whole(plain["at"]),
            code=text(plain.get("code", "")),
            member_id=None if member is None else MemberId(UUID(member)),
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def entry_to_plain(entry: ValueEntry) -> Plain:
    head = entry.head
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.VALUE_ENTRY._value_,
        "id": head.id.hex,
        "entry": entry.kind._value_,
        "account": head.account_id.hex,
        "at": head.occurred_at,
        "date": head.business_date.isoformat(),
        "postings": [[one.book._value_, one.part._value_, one.minor] for one in entry.postings],
    }
    if head.transaction_id is not None:
        plain["transaction"] = head.transaction_id.hex
    if head.rule_version:
        plain["rules"] = head.rule_version
    if head.reverses is not None:
        plain["reverses"] = head.reverses.hex
    return plain


def entry_from_plain(plain: Plain) -> ValueEntry:
    """Raises Refused: "record_newer", "record_damaged"."""
    try:
        check_version(plain)
        assert plain["kind"] == FactKind.VALUE_ENTRY
        transaction, reverses = plain.get("transaction"), plain.get("reverses")
        business_date = day(plain["date"])
        assert business_date is not None
        head = EntryHead(
            id=ValueEntryId(UUID(plain["id"])),
            account_id=ValueAccountId(UUID(plain["account"])),
            occurred_at=whole(plain["at"]),
            business_date=business_date,
            transaction_id=None if transaction is None else TransactionId(UUID(transaction)),
            rule_version=whole(plain.get("rules", 0)),
            reverses=None if reverses is None else ValueEntryId(UUID(reverses)),
        )
        postings = tuple(
            ValuePosting(Book(book), Part(part), whole(minor)) for book, part, minor in plain["postings"]
        )
        return ValueEntry(ValueEntryKind(plain["entry"]), head, postings)
    except DAMAGE as error:
        raise Refused("record_damaged") from error
