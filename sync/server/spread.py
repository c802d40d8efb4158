"""Spreading facts over the tables: what makes them countable. Any worker may do it, at any time after they were taken in.

One worker at a time does it for a tenant, a handful of runs at once; the counter that says how far it came moves in the same transaction,
so that stopping anywhere loses nothing and repeats nothing. A fact that cannot be understood is put on the owner's list and passed by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app import log
from app.domain.facts import FactKind
from sync.server.bodies import DAMAGE, Fact, MemberWord, clean, member_word
from sync.server.checks import check_balances, check_coupons, check_value, open_subjects
from sync.server.database import among, keep, listed
from sync.server.exceptions import ExceptionKind, note_record
from sync.server.keys import keys_of
from sync.server.members import Known, canonical_of, read_members, write_members
from sync.server.rows import Rows, keep_rows, load_rows
from sync.server.seal import open_sealed, phone_hash
from sync.server.tenants import ARRIVAL, SPREAD, counter, take_turn, tenant_of

RUNS_MAX: Final = 500
FACTS_MAX: Final = 2_000
MEMBER_KINDS: Final = frozenset(
    kind.value
    for kind in (
        FactKind.ENROLMENT,
        FactKind.PROFILE,
        FactKind.CONSENT,
        FactKind.MERGE,
        FactKind.ERASURE,
    )
)

# One worker at a time for a tenant: who does not get the row leaves it to the one who has it.
CLAIM: Final = "SELECT value FROM counter WHERE tenant_id = :tenant AND name = 'spread'"
RUNS: Final = text(
    "SELECT number, last_seq - first_seq + 1 FROM arrival WHERE tenant_id = :tenant AND number > :after"
    " ORDER BY number LIMIT :limit"
)
# Indexes of the primary key of arrival and fact_place.
FACTS: Final = text(
    "SELECT f.id, f.device_id, f.kind, f.hlc, f.body, f.incarnation, f.seq, f.occurred_at, f.prev, f.hash FROM arrival a"
    " JOIN fact f ON f.tenant_id = a.tenant_id AND f.device_id = a.device_id AND f.incarnation = a.incarnation"
    " AND f.seq BETWEEN a.first_seq AND a.last_seq"
    " WHERE a.tenant_id = :tenant AND a.number > :after AND a.number <= :to ORDER BY a.number, f.seq"
)
DONE: Final = text("UPDATE counter SET value = :to WHERE tenant_id = :tenant AND name = 'spread'")
MARK: Final = text("UPDATE fact SET state = :state WHERE tenant_id = :tenant AND id = :id")
ANSWER: Final = text(
    "INSERT INTO consent (tenant_id, member_id, purpose, hlc, is_granted, fact_id)"
    " VALUES (:tenant, :member, :purpose, :hlc, :granted, :fact)"
    " ON CONFLICT (tenant_id, member_id, purpose) DO UPDATE"
    " SET hlc = excluded.hlc, is_granted = excluded.is_granted, fact_id = excluded.fact_id"
    " WHERE excluded.hlc > consent.hlc"
    " OR (excluded.hlc = consent.hlc AND excluded.is_granted < consent.is_granted)"
    " OR (excluded.hlc = consent.hlc AND excluded.is_granted = consent.is_granted AND excluded.fact_id > consent.fact_id)"
)


def spread(db: Connection, tenant_id: UUID, limit: int = FACTS_MAX, *, now: int) -> int:
    """Spread about ``limit`` facts; returns how many runs of them were passed: 0 when nothing waits, or another worker is at it."""
    tenant = tenant_id.hex
    is_shared = db.dialect.name == "postgresql"
    claim = db.execute(
        text(CLAIM + (" FOR UPDATE SKIP LOCKED" if is_shared else "")), {"tenant": tenant}
    ).first()
    if claim is None:
        return 0
    after = int(claim[0])
    to, facts_wanted = after, 0
    for number, facts in db.execute(RUNS, {"tenant": tenant, "after": after, "limit": RUNS_MAX}):
        if facts_wanted and facts_wanted + facts > limit:
            break
        to, facts_wanted = number, facts_wanted + facts
    if to == after:
        return 0
    rows = db.execute(FACTS, {"tenant": tenant, "after": after, "to": to})
    facts = [Fact(*row) for row in {row[0]: row for row in rows}.values()]
    _spread_facts(db, tenant_id, facts, now)
    db.execute(DONE, {"tenant": tenant, "to": to})
    return to - after


def waiting(db: Connection, tenant_id: UUID) -> int:
    """How many runs of facts are in, and not yet in the tables."""
    return counter(db, tenant_id.hex, ARRIVAL) - counter(db, tenant_id.hex, SPREAD)


def _spread_facts(db: Connection, tenant_id: UUID, facts: Sequence[Fact], now: int) -> None:
    tenant, rows, words = tenant_id.hex, Rows(), []
    taken: list[Fact] = []
    for fact in facts:
        try:
            if fact.kind in MEMBER_KINDS:
                words.append((fact, member_word(bytes(fact.body))))
            else:
                rows.add(tenant, fact)
                taken.append(fact)
        except DAMAGE:
            _damaged(db, tenant, fact, now)
    if not _all_or_nothing(db, lambda: load_rows(db, rows)):
        rows = _one_by_one(db, tenant, taken, now)
    moved = _spread_words(db, tenant_id, words, now)
    _check(db, tenant, rows, moved, now)


def _one_by_one(db: Connection, tenant: str, facts: Sequence[Fact], now: int) -> Rows:
    """The slow way, when something in the handful is there already or is no row: each fact by itself. What came in."""
    everything = Rows()
    for fact in facts:
        own = Rows()
        own.add(tenant, fact)
        if _all_or_nothing(db, lambda own=own: keep_rows(db, own)):  # type: ignore[misc]
            everything.add(tenant, fact)
        else:
            _damaged(db, tenant, fact, now)
    return everything


def _all_or_nothing(db: Connection, work: Callable[[], None]) -> bool:
    """Whether it went in. Raises when the whole transaction must be done again, or the database is gone."""
    try:
        with db.begin_nested():
            work()
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or state.startswith(("40", "08", "57")):
            raise
        return False
    return True


# --- members --------------------------------------------------------------------------------------------------------------


def _spread_words(
    db: Connection, tenant_id: UUID, words: Sequence[tuple[Fact, MemberWord]], now: int
) -> frozenset[str]:
    """What these facts say of members. Returns everyone whose canonical member may be another now."""
    if not words:
        return frozenset()
    tenant, phone_key = tenant_id.hex, tenant_of(db, tenant_id).phone_key
    phones = _phones(db, tenant, words, now)
    if UNOPENED in phones.values():
        # A key may be on its way in another transaction: after this it is either here, or it will find what is noted below.
        take_turn(db, tenant)
        phones = _phones(db, tenant, words, now)
    before = read_members(db, tenant, {word.member for _, word in words})
    after = dict(before)
    for fact, word in words:
        known = after.get(word.member, Known(word.member, word.member))
        phone = phones.get(fact.id)
        if isinstance(phone, str):
            known = known.with_phone(fact.hlc, phone_hash(phone_key, phone))
        after[word.member] = _with_word(known, fact, word)
        if fact.kind == FactKind.CONSENT:
            _answer(db, tenant, fact, word)
    missing = [
        (tenant, word.member, fact.id)
        for fact, word in words
        if phones.get(fact.id) is UNOPENED and after[word.member].erased_at is None
    ]
    keep(db, "unopened", ("tenant_id", "member_id", "fact_id"), missing)
    return write_members(db, tenant, before, after, now=now)


class _Unopened:
    """No key for it is here."""


UNOPENED: Final = _Unopened()


def _phones(
    db: Connection, tenant: str, words: Sequence[tuple[Fact, MemberWord]], now: int
) -> dict[str, str | _Unopened]:
    """The number that each of these facts gives its member ("" takes it away), for those that say one or cannot be opened."""
    keys = keys_of(db, tenant, (word.member for _, word in words if word.sealed))
    found: dict[str, str | _Unopened] = {}
    for fact, word in words:
        if not word.sealed:
            continue
        try:
            opened = open_sealed(keys.get(word.member, ()), fact.id, word.member, word.sealed)
        except ValueError:
            _damaged(db, tenant, fact, now)
            continue
        if opened is None:
            found[fact.id] = UNOPENED
        elif "phone" in opened.fields:
            found[fact.id] = opened.fields["phone"]
    return found


def _with_word(known: Known, fact: Fact, word: MemberWord) -> Known:
    match fact.kind:
        case FactKind.ENROLMENT:
            return known.enrolled(fact.hlc, word.at, fact.device_id)
        case FactKind.MERGE:
            return known.merged(fact.hlc, word.into)
        case FactKind.ERASURE:
            return known.erased(word.at)
        case _:
            return known


def _answer(db: Connection, tenant: str, fact: Fact, word: MemberWord) -> None:
    db.execute(
        ANSWER,
        {
            "tenant": tenant,
            "member": word.member,
            "purpose": clean(word.purpose),
            "hlc": fact.hlc,
            "granted": word.granted,
            "fact": fact.id,
        },
    )


# --- findings -------------------------------------------------------------------------------------------------------------


def _check(db: Connection, tenant: str, rows: Rows, moved: frozenset[str], now: int) -> None:
    """Look again at everything that these facts can have changed."""
    suspects = set(rows.members_who_spent() | moved)
    listed_now = open_subjects(db, tenant, ExceptionKind.NEGATIVE_BALANCE)
    if listed_now and rows.postings:
        suspects |= listed_now & set(canonical_of(db, tenant, rows.members_with_points()).values())
    if suspects:
        check_balances(db, tenant, suspects, now=now)
    check_value(db, tenant, {row[3] for row in rows.values}, now=now)
    check_coupons(db, tenant, {row[2] for row in rows.uses} | _issued_again(db, tenant, rows), now=now)


def _issued_again(db: Connection, tenant: str, rows: Rows) -> frozenset[str]:
    """Coupons whose issue came after a use of theirs."""
    if not rows.coupons:
        return frozenset()
    statement = text(
        f"SELECT DISTINCT coupon_id FROM coupon_use WHERE tenant_id = :tenant AND {among(db, 'coupon_id', 'ids')}"
    )
    ids = listed(db, sorted({row[1] for row in rows.coupons}))
    return frozenset(row[0] for row in db.execute(statement, {"tenant": tenant, "ids": ids}))


def _damaged(db: Connection, tenant: str, fact: Fact, now: int) -> None:
    """Authentic, and not to be understood: a person looks at it, and the ones behind it go on."""
    log.server.warning("a fact of kind %s could not be spread", fact.kind)
    db.execute(MARK, {"tenant": tenant, "id": fact.id, "state": ExceptionKind.DAMAGED.value})
    note_record(
        db, tenant, ExceptionKind.DAMAGED, fact.kind, fact.record, device=fact.device_id, found_at=now,
        about=(UUID(fact.id).bytes,),
    )  # fmt: skip
