"""The bodies of facts that are not transactions: points entries, enrolments and events; and the entries inside a transaction.

Every body names its own ``kind`` and ``id``, so that its bytes alone say what they are. A field that holds its default is left out; the
defaults are part of the stored format and never change. Only opaque member ids appear: no phone, no name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.domain.codec_parts import DAMAGE, VERSION, Plain, check_version, day, text, whole
from app.domain.errors import Refused
from app.domain.ids import EntryId, LotId, MemberId, OperatorId, TransactionId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.transaction import Header, TransactionKind


class FactKind(StrEnum):
    """The kinds of fact beside the kinds of transaction."""

    POINTS_ENTRY = "points_entry"  # one that stands alone: what a ticket posts is part of its transaction
    POINTS_ENTRIES = "points_entries"  # many at once, of many members: the ends of lots
    ENROLMENT = "enrolment"
    EVENT = "event"
    PROFILE = "profile"  # fields, notes, tags of a member; sealed with the member's key
    CONSENT = "consent"
    MERGE = "merge"
    ERASURE = "erasure"
    REFERRAL = "referral"
    RULES = "rules"
    COUPON = "coupon"  # issued
    COUPON_EVENT = "coupon_event"
    STAMP = "stamp"
    TIER = "tier"
    VALUE_ACCOUNT = "value_account"
    VALUE_ENTRY = "value_entry"


TICKET_KINDS: Final = frozenset((TransactionKind.SALE, TransactionKind.RETURN, TransactionKind.POST_VOID))


def entry_to_plain(entry: LedgerEntry) -> Plain:
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.POINTS_ENTRY._value_,
        "id": entry.id.hex,
        "entry": entry.kind._value_,
        "member": entry.member_id.hex,
        "at": entry.occurred_at,
        "date": entry.business_date.isoformat(),
        "postings": [_posting_to_plain(posting) for posting in entry.postings],
    }
    if entry.transaction_id is not None:
        plain["transaction"] = entry.transaction_id.hex
    return plain | _what_is_set(entry)


def entry_from_plain(plain: Plain) -> LedgerEntry:
    """The entry that ``entry_to_plain`` wrote. Raises Refused: "record_newer" or "record_damaged"."""
    try:
        check_version(plain)
        assert plain["kind"] == FactKind.POINTS_ENTRY
        transaction = plain.get("transaction")
        business_date = day(plain["date"])
        assert business_date is not None
        return LedgerEntry(
            id=EntryId(UUID(plain["id"])),
            kind=EntryKind(plain["entry"]),
            member_id=MemberId(UUID(plain["member"])),
            transaction_id=None if transaction is None else TransactionId(UUID(transaction)),
            occurred_at=whole(plain["at"]),
            business_date=business_date,
            postings=tuple(_posting_from_plain(posting) for posting in plain["postings"]),
            expires_on=day(plain.get("expires")),
            note=text(plain.get("note", "")),
            source=text(plain.get("source", "")),
            usable_on=day(plain.get("usable")),
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def entries_to_plain(fact_id: UUID, occurred_at: int, entries: Iterable[LedgerEntry]) -> Plain:
    """Many entries in one fact: one link of the chain, one record to send."""
    return {
        "v": VERSION,
        "kind": FactKind.POINTS_ENTRIES._value_,
        "id": fact_id.hex,
        "at": occurred_at,
        "entries": [entry_to_plain(entry) for entry in entries],
    }


def entries_from_plain(plain: Plain) -> tuple[LedgerEntry, ...]:
    """The entries that ``entries_to_plain`` wrote. Raises Refused: "record_newer" or "record_damaged"."""
    try:
        check_version(plain)
        assert plain["kind"] == FactKind.POINTS_ENTRIES
        return tuple(entry_from_plain(entry) for entry in plain["entries"])
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def ticket_entries_to_plain(
    header: Header, member_id: MemberId | None, entries: Iterable[LedgerEntry]
) -> list[Plain]:
    """The entries of a transaction, without what it says itself: whose they are where they are its member's, when, and for what."""
    return [_ticket_entry_to_plain(header, member_id, entry) for entry in entries]


def ticket_entries_from_plain(
    plain: Iterable[Plain], header: Header, member_id: MemberId | None
) -> tuple[LedgerEntry, ...]:
    """The entries that ``ticket_entries_to_plain`` wrote. Raises what :data:`app.domain.codec_parts.DAMAGE` lists."""
    return tuple(
        _ticket_entry_from_plain(entry, header.id, header.occurred_at, header.business_date, member_id)
        for entry in plain
    )


def entries_of_fact(kind: str, plain: Plain) -> tuple[LedgerEntry, ...]:
    """The points entries that a fact of any kind tells of. Raises Refused: "record_newer" or "record_damaged"."""
    if kind == FactKind.POINTS_ENTRY:
        return (entry_from_plain(plain),)
    if kind == FactKind.POINTS_ENTRIES:
        return entries_from_plain(plain)
    if kind not in TICKET_KINDS or "entries" not in plain:
        return ()
    try:
        check_version(plain)
        transaction_id, at, member = TransactionId(UUID(plain["id"])), whole(plain["at"]), plain.get("member")
        business_date = day(plain["date"])
        assert business_date is not None
        member_id = None if member is None else MemberId(UUID(member))
        return tuple(
            _ticket_entry_from_plain(entry, transaction_id, at, business_date, member_id)
            for entry in plain["entries"]
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def enrolment_to_plain(
    fact_id: UUID, member_id: MemberId, occurred_at: int, operator_id: OperatorId | None
) -> Plain:
    """That somebody became a member; who it is stays outside the chain."""
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.ENROLMENT._value_,
        "id": fact_id.hex,
        "member": member_id.hex,
        "at": occurred_at,
    }
    if operator_id is not None:
        plain["operator"] = operator_id.hex
    return plain


def event_to_plain(
    fact_id: UUID,
    event: str,
    occurred_at: int,
    operator_id: OperatorId | None,
    approved_by: OperatorId | None,
    details: Mapping[str, object],
) -> Plain:
    """Something a person or the till did that leaves no transaction. ``details`` hold strings, whole numbers, truths and lists."""
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.EVENT._value_,
        "id": fact_id.hex,
        "event": event,
        "at": occurred_at,
    }
    if operator_id is not None:
        plain["operator"] = operator_id.hex
    if approved_by is not None:
        plain["by"] = approved_by.hex
    if details:
        plain["details"] = dict(details)
    return plain


def event_details(body: bytes) -> Mapping[str, Any]:
    """What ``event_to_plain`` was told beside who and when. Raises Refused("record_damaged")."""
    try:
        plain = json.loads(body)
        check_version(plain)
        return dict(plain.get("details", {}))
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def _ticket_entry_to_plain(header: Header, member_id: MemberId | None, entry: LedgerEntry) -> Plain:
    assert entry.transaction_id == header.id, "a ticket's entries are its own"
    assert entry.occurred_at == header.occurred_at
    assert entry.business_date == header.business_date
    plain: Plain = {
        "id": entry.id.hex,
        "entry": entry.kind._value_,
        "postings": [_posting_to_plain(posting) for posting in entry.postings],
    }
    if entry.member_id != member_id:
        plain["member"] = entry.member_id.hex
    return plain | _what_is_set(entry)


def _ticket_entry_from_plain(
    plain: Plain, transaction_id: TransactionId, at: int, business_date: date, member_id: MemberId | None
) -> LedgerEntry:
    owner = MemberId(UUID(plain["member"])) if "member" in plain else member_id
    assert owner is not None
    return LedgerEntry(
        id=EntryId(UUID(plain["id"])),
        kind=EntryKind(plain["entry"]),
        member_id=owner,
        transaction_id=transaction_id,
        occurred_at=at,
        business_date=business_date,
        postings=tuple(_posting_from_plain(posting) for posting in plain["postings"]),
        expires_on=day(plain.get("expires")),
        note=text(plain.get("note", "")),
        source=text(plain.get("source", "")),
        usable_on=day(plain.get("usable")),
    )


def _what_is_set(entry: LedgerEntry) -> Plain:
    plain: Plain = {}
    if entry.expires_on is not None:
        plain["expires"] = entry.expires_on.isoformat()
    if entry.note:
        plain["note"] = entry.note
    if entry.source:
        plain["source"] = entry.source
    if entry.usable_on is not None:
        plain["usable"] = entry.usable_on.isoformat()
    return plain


def _posting_to_plain(posting: Posting) -> list[object]:
    if posting.lot_id is None:
        return [posting.account._value_, posting.points]
    if posting.owner is None:
        return [posting.account._value_, posting.points, posting.lot_id.hex]
    return [posting.account._value_, posting.points, posting.lot_id.hex, posting.owner.hex]


def _posting_from_plain(plain: list[Any]) -> Posting:
    account, points, *lot = plain
    assert len(lot) <= 2
    return Posting(
        Account(account),
        whole(points),
        LotId(UUID(lot[0])) if lot else None,
        MemberId(UUID(lot[1])) if len(lot) == 2 else None,
    )
