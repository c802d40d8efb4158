"""A fact of the feed, read: what its kind's family needs to write its rows. Reading happens before the till's file is locked.

Nothing here raises: what cannot be read says why, and is kept until it can be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.domain.codec_parts import DAMAGE, Plain, check_version, day, text, whole
from app.domain.errors import Refused
from app.domain.facts import TICKET_KINDS, FactKind, entries_of_fact
from app.domain.ids import MemberId, OperatorId
from app.domain.ledger import LedgerEntry
from app.domain.loyalty.coupon import coupons_from_plain, event_from_plain
from app.domain.loyalty.documents import RuleArea, RuleDocument
from app.domain.loyalty.stamps_codec import stamp_from_plain
from app.domain.loyalty.tiers import tier_event_from_plain
from app.domain.loyalty.value_codec import account_from_plain, entry_from_plain
from app.domain.profile import ProfileChange
from app.domain.profile_facts import consent_from_plain

# Why a fact waits. Some name what they wait for: ``key:<member>``, ``account:<account>``.
NEWER: Final = "record_newer"
DAMAGED: Final = "record_damaged"
NO_KEY: Final = "key:"
NO_ACCOUNT: Final = "account:"
CLOCK: Final = "clock"  # the server gave it another clock; what follows from it is made again
SUPERSEDED: Final = "superseded"  # the same thing was told here as well, and the other one stands
WEIGHT_BYTES: Final = 1_024
HEAVY: Final[Mapping[str, int]] = {
    FactKind.ERASURE._value_: 100,
    FactKind.ENROLMENT._value_: 4,
    FactKind.PROFILE._value_: 4,
    FactKind.MERGE._value_: 4,
    FactKind.CONSENT._value_: 2,
    FactKind.TIER._value_: 2,
    **dict.fromkeys((kind._value_ for kind in TICKET_KINDS), 2),
}


@dataclass(frozen=True, slots=True)
class Told:
    """``value`` is what the kind's family reads; ``key`` opened it, or may open others of the same member."""

    id: bytes
    kind: str
    hlc: int
    hash: bytes
    value: Any = None
    problem: str = ""
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class Visit:
    """A ticket of a member, as far as other tills keep it."""

    id: bytes
    member_id: bytes
    kind: str
    occurred_at: int
    business_date: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Ticket:
    visit: Visit | None
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class MemberWord:
    """What a fact says of a member. ``change`` None: nothing is sealed in it, or no key is here."""

    member_id: MemberId
    at: int
    by: OperatorId | None
    plain: Mapping[str, Any]
    change: ProfileChange | None = None
    is_sealed: bool = False


def read(kind: str, fact_id: bytes, hlc: int, digest: bytes, body: bytes, key: bytes) -> Told:
    """Never raises; ``problem`` says why there is no value."""
    reader = READERS.get(kind)
    if reader is None:
        return Told(fact_id, kind, hlc, digest, problem=NEWER, key=key)
    try:
        plain = json.loads(body)
        check_version(plain)
        assert plain["kind"] == kind
        assert plain["id"] == fact_id.hex()
        value = reader(plain, hlc, key)
    except (Refused, *DAMAGE) as error:
        code = error.code if isinstance(error, Refused) else DAMAGED
        return Told(fact_id, kind, hlc, digest, problem=code, key=key)
    problem = ""
    if isinstance(value, MemberWord) and value.is_sealed and value.change is None:
        problem = NO_KEY + value.member_id.hex
    return Told(fact_id, kind, hlc, digest, value, problem, key)


def weight(body: bytes, kind: str) -> int:
    """How many small facts this one is worth in time. An erasure goes through more than its own rows."""
    return HEAVY.get(kind, 1) + len(body) // WEIGHT_BYTES


def _ticket(plain: Plain, _hlc: int, _key: bytes) -> Ticket:
    member, visit = plain.get("member"), None
    if member is not None:
        on = day(plain["date"])
        assert on is not None
        visit = Visit(
            UUID(plain["id"]).bytes,
            UUID(member).bytes,
            text(plain["kind"]),
            whole(plain["at"]),
            on.year * 10_000 + on.month * 100 + on.day,
            whole(plain["total"]),
        )
    return Ticket(visit, entries_of_fact(plain["kind"], plain))


def _entries(plain: Plain, _hlc: int, _key: bytes) -> tuple[LedgerEntry, ...]:
    return entries_of_fact(plain["kind"], plain)


def _word(plain: Plain, _hlc: int, key: bytes) -> MemberWord:
    from db.profile import open_with

    operator = plain.get("operator")
    is_sealed = "sealed" in plain
    change = None
    if is_sealed and key:
        try:
            change = open_with((key,), plain)
        except Refused:
            change = None  # another key of this member may open it
    return MemberWord(
        MemberId(UUID(plain["member"])),
        whole(plain["at"]),
        None if operator is None else OperatorId(UUID(operator)),
        plain,
        change,
        is_sealed,
    )


def _rules(plain: Plain, _hlc: int, _key: bytes) -> RuleDocument:
    operator, rules = plain.get("operator"), plain["rules"]
    assert isinstance(rules, dict)
    if plain["area"] not in RuleArea.__members__.values():
        raise Refused(NEWER)
    return RuleDocument(
        RuleArea(plain["area"]),
        whole(plain["version"]),
        rules,
        whole(plain["from"]),
        whole(plain["at"]),
        None if operator is None else OperatorId(UUID(operator)),
        text(plain.get("note", "")),
    )


READERS: Final[Mapping[str, Callable[[Plain, int, bytes], Any]]] = {
    **{kind._value_: _ticket for kind in TICKET_KINDS},
    FactKind.POINTS_ENTRY._value_: _entries,
    FactKind.POINTS_ENTRIES._value_: _entries,
    FactKind.ENROLMENT._value_: _word,
    FactKind.PROFILE._value_: _word,
    FactKind.MERGE._value_: _word,
    FactKind.ERASURE._value_: _word,
    FactKind.REFERRAL._value_: _word,
    FactKind.CONSENT._value_: lambda plain, hlc, _key: consent_from_plain(plain, hlc),
    FactKind.RULES._value_: _rules,
    FactKind.COUPON._value_: lambda plain, _hlc, _key: coupons_from_plain(plain),
    FactKind.COUPON_EVENT._value_: lambda plain, hlc, _key: event_from_plain(plain, hlc),
    FactKind.STAMP._value_: lambda plain, _hlc, _key: stamp_from_plain(plain),
    FactKind.TIER._value_: lambda plain, _hlc, _key: tier_event_from_plain(plain),
    FactKind.VALUE_ACCOUNT._value_: lambda plain, _hlc, _key: account_from_plain(plain),
    FactKind.VALUE_ENTRY._value_: lambda plain, _hlc, _key: entry_from_plain(plain),
}
