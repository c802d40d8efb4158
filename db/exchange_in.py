"""What comes in: steps of the feed, each stored with what follows from it and with the cursor that covers it, in one commit.

Of two facts under one id the one with the smaller (clock, hash) stands, here as at the server, whatever came first. What cannot be applied
yet is kept with its reason and tried again when something it may need arrives. Nothing waits behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app import log
from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import TICKET_KINDS, FactKind
from app.domain.ids import MemberId
from app.service.exchange_ports import Incoming
from app.service.ports import AuditEvent
from db import feed_books, feed_loyalty, feed_members
from db.engine import Cursor, Error, translate
from db.feed_step import (
    CLOCK,
    DAMAGED,
    NEWER,
    NO_ACCOUNT,
    NO_KEY,
    SUPERSEDED,
    MemberWord,
    Told,
    read,
    weight,
)
from db.statements import placeholders, upsert

if TYPE_CHECKING:
    from db.unit_of_work import SqliteUnitOfWork

CHUNK_WEIGHT: Final = 100
"""So many small facts a commit: some twenty milliseconds."""
CLOCK_AHEAD_MAX_MS: Final = 300_000
HLC_COUNTER_BITS: Final = 16
RETRIED_AT_ONCE: Final = 200

_OWN: Final = "SELECT id, hash, hlc, kind, body FROM fact WHERE id IN "
_KNOWN: Final = "SELECT id, hash, hlc, kind, problem, round, length(body) FROM inbox WHERE id IN "
KEEP: Final = upsert(
    "inbox",
    "id",
    "feed_seq",
    "kind",
    "device_id",
    "incarnation",
    "seq",
    "hlc",
    "hash",
    "body",
    "problem",
    "round",
)
SEEN_AGAIN: Final = "UPDATE inbox SET feed_seq = ?, round = ?, hlc = ? WHERE id = ?"
SET_PROBLEM: Final = "UPDATE inbox SET problem = ? WHERE id = ?"
ONE: Final = "SELECT kind, hlc, hash, body FROM inbox WHERE id = ?"
ANY_PROBLEM: Final = "SELECT 1 FROM inbox WHERE problem <> '' LIMIT 1"
# Index inbox_problem.
WAITING: Final = "SELECT id, kind, hlc, hash, body FROM inbox WHERE problem <> '' AND problem = ? LIMIT ?"
MOVE_CLOCK: Final = "UPDATE chain_head SET hlc = ?1 WHERE hlc < ?1"
SUM: Final = "SELECT count, xor FROM feed_sum WHERE entity = ?"
SET_SUM: Final = upsert("feed_sum", "entity", "count", "xor")
# Those whose rows are words with clocks of their own stay as they are when another fact takes their id.
WORDS: Final = frozenset(
    kind._value_
    for kind in (FactKind.ENROLMENT, FactKind.PROFILE, FactKind.MERGE, FactKind.REFERRAL, FactKind.ERASURE)
)
REBUILT: Final = frozenset(kind._value_ for kind in (FactKind.ENROLMENT, FactKind.PROFILE, FactKind.MERGE))


@dataclass(frozen=True, slots=True)
class Own:
    """A fact of this till under the id of a step."""

    hash: bytes
    hlc: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What the inbox holds under the id of a step."""

    hash: bytes
    hlc: int
    kind: str
    problem: str
    round: int
    is_whole: bool


@dataclass(slots=True)
class Chunk:
    """What one commit adds up to while its steps are looked at."""

    work: SqliteUnitOfWork
    round: int
    at: int
    taken: int = 0
    known: int = 0
    rows: dict[bytes, tuple[Any, ...]] = field(default_factory=dict)
    told: dict[bytes, Told] = field(default_factory=dict)  # to be applied
    problems: dict[bytes, str] = field(default_factory=dict)
    sums: dict[str, tuple[int, int]] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)  # the problems that may be solved now
    clocked_rules: list[bytes] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)  # recorded when everything is applied

    @property
    def cursor(self) -> Cursor:
        return self.work.cursor

    def count(self, entity: str, digest: bytes, *, is_new: bool = True) -> None:
        count, xor = self.sums.get(entity, (0, 0))
        self.sums[entity] = (count + is_new, xor ^ int.from_bytes(digest[:8], "big"))


def chunks(page: Sequence[Incoming]) -> Iterator[Sequence[Incoming]]:
    """Pieces of a page that are applied in one commit each."""
    first, heavy = 0, 0
    for place, step in enumerate(page):
        heavy += weight(step.body, step.entity)
        if heavy >= CHUNK_WEIGHT:
            yield page[first : place + 1]
            first, heavy = place + 1, 0
    if first < len(page):
        yield page[first:]


def read_all(steps: Sequence[Incoming], is_own: Callable[[bytes], bool]) -> dict[int, Told]:
    """The steps read, by their places in the feed. This till's own are not: they were applied when they happened."""
    return {
        step.feed_seq: read(step.entity, step.id, step.hlc, step.hash, step.body, step.key)
        for step in steps
        if not is_own(step.id)
    }


def take(chunk: Chunk, steps: Sequence[Incoming], told: dict[int, Told]) -> None:
    """Store these steps with everything that follows from them. The cursor is the caller's, in the same unit of work."""
    ids = [step.id for step in steps]
    own = {row[0]: Own(*row[1:]) for row in _among(chunk.cursor, _OWN, ids)}
    known = {
        row[0]: Known(row[1], row[2], row[3], row[4], row[5], row[6] > 0)
        for row in _among(chunk.cursor, _KNOWN, ids)
    }
    for step in steps:
        _look_at(chunk, step, told.get(step.feed_seq), own.get(step.id), known)
    seen = max((step.hlc for step in steps), default=0)
    limit = (chunk.at + CLOCK_AHEAD_MAX_MS) << HLC_COUNTER_BITS
    chunk.cursor.execute(MOVE_CLOCK, (min(seen, limit),))
    chunk.cursor.executemany(KEEP, list(chunk.rows.values()))
    apply(chunk)
    chunk.cursor.executemany(
        SET_PROBLEM, [(problem, own) for own, problem in chunk.problems.items() if problem]
    )
    for fact_id in chunk.clocked_rules:
        feed_loyalty.settle_version_of(chunk.cursor, fact_id)
        chunk.work.note_new_rules()
    retry(chunk)


def apply(chunk: Chunk) -> None:
    """All that is to be applied, family by family; where one of them fails, each fact by itself, so that one stops no other."""
    waiting = list(chunk.told.values())
    chunk.told.clear()
    if waiting and not _in_savepoint(chunk, waiting):
        for one in waiting:
            if not _in_savepoint(chunk, [one]):
                log.store.warning("a fact of kind %s could not be applied", one.kind)
                chunk.problems[one.id] = DAMAGED
    for event in chunk.events:
        chunk.work.audit(event)
    chunk.events.clear()


def retry(chunk: Chunk) -> None:
    """Facts that waited for something that has come, and what they were waited for in turn."""
    tried: set[str] = set()
    if chunk.cursor.execute(ANY_PROBLEM).fetchone() is None:
        return
    while problems := sorted(chunk.arrived - tried):
        tried.update(problems)
        for problem in problems:
            _retry_one(chunk, problem)


def apply_again(chunk: Chunk, problem: str) -> None:
    """Those that wait for this reason, once more."""
    _retry_one(chunk, problem)


def _retry_one(chunk: Chunk, problem: str) -> None:
    rows = chunk.cursor.execute(WAITING, (problem, RETRIED_AT_ONCE)).fetchall()
    for own, kind, hlc, digest, body in rows:
        one = read(kind, own, hlc, digest, body, b"")
        if one.value is None:
            continue
        chunk.problems.pop(own, None)
        chunk.told[own] = one
        apply(chunk)
        chunk.cursor.execute(SET_PROBLEM, (chunk.problems.get(own, ""), own))


def _look_at(
    chunk: Chunk, step: Incoming, told: Told | None, own: Own | None, known: dict[bytes, Known]
) -> None:
    """What this step changes: nothing, its row, or which of two facts stands."""
    there = known.get(step.id)
    if there is not None and there.hash == step.hash:
        _seen_again(chunk, step, there, own)
        return
    if there is not None and there.round == chunk.round:
        chunk.count(step.entity, there.hash, is_new=False)
        chunk.count(step.entity, step.hash, is_new=False)
    else:
        chunk.count(step.entity, step.hash)
    chunk.taken += 1
    is_own = own is not None and own.hash == step.hash
    stood, stands = _standing(own, there), _standing(own, step)
    problem = ""
    if stands is not own and stood is not stands:
        _take_back(chunk, step.id, own if stood is own else there)
        if told is None:
            told = read(step.entity, step.id, step.hlc, step.hash, step.body, step.key)
        _to_be_applied(chunk, told)
    elif stands is own and stood is there and there is not None and own is not None:
        _take_back(chunk, step.id, there)
        _to_be_applied(
            chunk, read(own.kind, step.id, step.hlc if is_own else own.hlc, own.hash, own.body, b"")
        )
    elif not is_own:
        problem = SUPERSEDED
    elif own is not None and own.hlc != step.hlc:
        problem = _other_clock(chunk, step.id, own.kind, step.hlc)
    chunk.rows[step.id] = (
        step.id, step.feed_seq, step.entity, step.device, step.incarnation, step.seq, step.hlc, step.hash,
        b"" if is_own else step.body, problem, chunk.round,
    )  # fmt: skip
    known[step.id] = Known(step.hash, step.hlc, step.entity, problem, chunk.round, is_whole=not is_own)


def _standing(own: Own | None, other: Known | Incoming | None) -> Own | Known | Incoming | None:
    """Which of the two facts under one id stands; this till's own where they are the same."""
    if own is None or other is None:
        return own or other
    if own.hash == other.hash or (own.hlc, own.hash) < (other.hlc, other.hash):
        return own
    return other


def _seen_again(chunk: Chunk, step: Incoming, there: Known, own: Own | None) -> None:
    """Known already. It may be of another filling, have another clock, or bring the key that was missing."""
    chunk.known += 1
    if there.round != chunk.round:
        chunk.count(step.entity, step.hash)
    chunk.cursor.execute(SEEN_AGAIN, (step.feed_seq, chunk.round, step.hlc, step.id))
    if there.hlc != step.hlc and there.problem == "":
        problem = _other_clock(chunk, step.id, step.entity, step.hlc)
        chunk.cursor.execute(SET_PROBLEM, (problem, step.id))
    elif there.problem and there.problem not in (SUPERSEDED, CLOCK) and there.is_whole:
        again = read(step.entity, step.id, step.hlc, step.hash, step.body, step.key)
        if again.value is not None:
            chunk.cursor.execute(SET_PROBLEM, ("", step.id))
            _to_be_applied(chunk, again)


def _other_clock(chunk: Chunk, fact_id: bytes, kind: str, hlc: int) -> str:
    """The server gave this fact another clock. The problem under which it waits for the file to be made again."""
    if kind == FactKind.COUPON_EVENT:
        feed_loyalty.set_coupon_clock(chunk.cursor, fact_id, hlc)
    elif kind == FactKind.CONSENT:
        feed_members.set_consent_clock(chunk.cursor, fact_id, hlc)
    elif kind == FactKind.RULES:
        chunk.clocked_rules.append(fact_id)
    return CLOCK if kind in REBUILT else ""


def _take_back(chunk: Chunk, fact_id: bytes, loser: Own | Known | Incoming | None) -> None:
    """The rows of a fact that stands no longer."""
    if loser is None or isinstance(loser, Incoming) or loser.kind in WORDS:
        return
    if isinstance(loser, Own):
        kind, hlc, digest, body = loser.kind, loser.hlc, loser.hash, loser.body
    elif loser.problem:
        return  # it left no rows
    else:
        row = chunk.cursor.execute(ONE, (fact_id,)).fetchone()
        if row is None:
            return  # it came in this very chunk and was not applied yet
        kind, hlc, digest, body = row
    told = read(kind, fact_id, hlc, digest, body, b"")
    take_back = _TAKE_BACK.get(kind)
    if take_back is not None and told.value is not None:
        take_back(chunk.cursor, told)


def _to_be_applied(chunk: Chunk, told: Told) -> None:
    if told.value is not None:
        chunk.told[told.id] = told
    if told.problem:
        chunk.problems[told.id] = told.problem


def _in_savepoint(chunk: Chunk, told: Sequence[Told]) -> bool:
    cursor, events = chunk.cursor, len(chunk.events)
    cursor.execute("SAVEPOINT feed")
    try:
        _apply(chunk, told)
    except (Error, Refused, *DAMAGE) as error:
        if translate(error) is not None:
            raise  # the disk, not the fact
        cursor.execute("ROLLBACK TO feed")
        del chunk.events[events:]
        return False
    finally:
        cursor.execute("RELEASE feed")
    return True


def _apply(chunk: Chunk, told: Sequence[Told]) -> None:
    """Whatever others may need goes first; the order within a family makes no difference."""
    by_kind: dict[str, list[Told]] = {}
    for one in told:
        by_kind.setdefault(one.kind, []).append(one)
    waiting: dict[bytes, str] = {}
    for kind in _ORDER:
        some = by_kind.get(kind)
        if some:
            waiting |= _APPLY[kind](chunk, some) or {}
    for one in told:
        chunk.problems[one.id] = waiting.get(one.id, "")
        chunk.arrived.update(_solves(one))


def _solves(told: Told) -> tuple[str, ...]:
    """The problems that may be solved now that this is here."""
    if isinstance(told.value, MemberWord) and (told.key or told.kind == FactKind.ERASURE):
        return (NO_KEY + told.value.member_id.hex,)
    if told.kind == FactKind.VALUE_ACCOUNT:
        return (NO_ACCOUNT + UUID(bytes=told.id).hex,)
    return ()


def _among(cursor: Cursor, statement: str, ids: Sequence[bytes]) -> list[Any]:
    return cursor.execute(f"{statement}({placeholders(len(ids))})", ids).fetchall() if ids else []


# --- one family each ------------------------------------------------------------------------------------------------------


def _rules(chunk: Chunk, told: Sequence[Told]) -> dict[bytes, str]:
    for document in feed_loyalty.apply_rules(chunk.cursor, told):
        details = {"area": document.area._value_, "version": document.version}
        chunk.events.append(AuditEvent("rules_written_twice", None, chunk.at, details))
    chunk.work.note_new_rules()
    return {}


def _erasures(chunk: Chunk, told: Sequence[Told]) -> dict[bytes, str]:
    chunk.events.extend(feed_members.apply_erasures(chunk.cursor, told, at=chunk.at))
    return {}


def _plainly(apply_all: Callable[[Cursor, Sequence[Told]], Any]) -> Callable[[Chunk, Sequence[Told]], Any]:
    return lambda chunk, told: apply_all(chunk.cursor, told)


_APPLY: Final[dict[str, Callable[[Chunk, Sequence[Told]], dict[bytes, str] | None]]] = {
    FactKind.RULES._value_: _rules,
    FactKind.ENROLMENT._value_: _plainly(feed_members.apply_words),
    FactKind.PROFILE._value_: _plainly(feed_members.apply_words),
    FactKind.CONSENT._value_: _plainly(feed_members.apply_consents),
    FactKind.MERGE._value_: _plainly(feed_members.apply_merges),
    FactKind.REFERRAL._value_: _plainly(feed_members.apply_referrals),
    FactKind.POINTS_ENTRY._value_: _plainly(feed_books.apply_points),
    FactKind.POINTS_ENTRIES._value_: _plainly(feed_books.apply_points),
    FactKind.COUPON._value_: _plainly(feed_loyalty.apply_coupons),
    FactKind.COUPON_EVENT._value_: _plainly(feed_loyalty.apply_coupon_events),
    FactKind.STAMP._value_: _plainly(feed_loyalty.apply_stamps),
    FactKind.TIER._value_: _plainly(feed_loyalty.apply_tiers),
    FactKind.VALUE_ACCOUNT._value_: _plainly(feed_books.apply_accounts),
    FactKind.VALUE_ENTRY._value_: _plainly(feed_books.apply_values),
    **{kind._value_: _plainly(feed_books.apply_tickets) for kind in TICKET_KINDS},
    FactKind.ERASURE._value_: _erasures,
}
_ORDER: Final = tuple(_APPLY)
_TAKE_BACK: Final[dict[str, Callable[[Cursor, Told], None]]] = {
    FactKind.RULES._value_: feed_loyalty.take_back_rules,
    FactKind.CONSENT._value_: feed_members.take_back_consent,
    FactKind.POINTS_ENTRY._value_: feed_books.take_back_points,
    FactKind.POINTS_ENTRIES._value_: feed_books.take_back_points,
    FactKind.COUPON._value_: feed_loyalty.take_back_coupons,
    FactKind.COUPON_EVENT._value_: feed_loyalty.take_back_coupon_event,
    FactKind.STAMP._value_: feed_loyalty.take_back_stamp,
    FactKind.TIER._value_: feed_loyalty.take_back_tier,
    FactKind.VALUE_ENTRY._value_: lambda cursor, told: feed_books.take_back_value(cursor, told.value),
    **{kind._value_: feed_books.take_back_tickets for kind in TICKET_KINDS},
}


def clocked(cursor: Cursor) -> set[MemberId]:
    """Whose files are to be made again."""
    found = set()
    for own, kind, hlc, digest, body in cursor.execute(WAITING, (CLOCK, -1)).fetchall():
        if not body:
            body = cursor.execute("SELECT body FROM fact WHERE id = ?", (own,)).fetchone()[0]
        told = read(kind, own, hlc, digest, body, b"")
        if isinstance(told.value, MemberWord):
            found.add(told.value.member_id)
    return found


RETRIED_ONCE: Final = (NEWER, DAMAGED)
"""Tried again by each new program."""
