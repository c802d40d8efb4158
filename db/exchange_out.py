"""What leaves the till: facts in the order of their places, and what becomes of them by the server's word.

A fact leaves the outbox when the server has its bytes, and comes back when the server turns out to have lost it. Nothing is ever deleted
here: the outbox holds places alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app import log
from app.domain.facts import FactKind
from app.domain.ids import MemberId
from app.service.exchange_ports import Acknowledgement, Answer, Outgoing, OutgoingFact, Settled, Verdict
from db.engine import Cursor
from db.incarnation import Reason
from db.statements import insert, placeholders

if TYPE_CHECKING:
    from db.store import SqliteStore
    from db.unit_of_work import SqliteUnitOfWork

PUT_BACK_AT_ONCE: Final = 2_000
IDS_AT_ONCE: Final = 500
RECEIVED: Final = frozenset(Verdict) - {Verdict.RETRY}
ASIDE: Final = frozenset((Verdict.CONFLICT, Verdict.FORK, Verdict.QUARANTINED))
SEALED: Final = (FactKind.ENROLMENT._value_, FactKind.PROFILE._value_)

# From the outbox to the facts by their primary key (in SQLite a CROSS JOIN keeps its order).
OLDEST: Final = """
SELECT f.seq, f.id, f.kind, f.occurred_at, f.hlc, f.prev_hash, f.hash, f.body, f.incarnation
FROM outbox o CROSS JOIN fact f ON f.seq = o.seq WHERE o.seq > ? ORDER BY o.seq LIMIT ?
"""
_KEYS: Final = "SELECT member_id, key FROM member_key WHERE member_id IN "
LIVES: Final = "SELECT incarnation FROM incarnation ORDER BY first_seq"
_PLACES: Final = "SELECT seq, id, hash FROM fact WHERE id IN "
LEAVE: Final = "DELETE FROM outbox WHERE seq = ?"
SET_ASIDE: Final = (
    f"{insert('set_aside', 'seq', 'status', 'code', 'occurred_at')} ON CONFLICT (seq) DO NOTHING"
)
FACT_AT: Final = "SELECT hash FROM fact WHERE seq = ? AND incarnation = ?"
LIFE: Final = """
SELECT first_seq, coalesce((SELECT min(n.first_seq) - 1 FROM incarnation n WHERE n.first_seq > i.first_seq),
  (SELECT seq FROM chain_head)) FROM incarnation i WHERE incarnation = ?
"""
NEXT_OF_LIFE: Final = "SELECT min(seq) FROM fact WHERE seq > ? AND seq <= ?"
WAITS: Final = "SELECT 1 FROM outbox WHERE seq = ?"
IS_FORKED: Final = "SELECT 1 FROM set_aside WHERE seq = ? AND status = 'fork'"
TO_PUT_BACK: Final = "SELECT put_back_from, put_back_to FROM sync_state"
ASK_BACK: Final = "UPDATE sync_state SET put_back_from = ?, put_back_to = ?"
# The newest first: what is still missing is then always the rest below.
PUT_BACK: Final = """
INSERT INTO outbox (seq) SELECT seq FROM (SELECT seq FROM fact WHERE seq > ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3)
WHERE seq NOT IN (SELECT seq FROM outbox) AND seq NOT IN (SELECT seq FROM set_aside WHERE status = 'fork')
"""
BRANCHES_AGAIN: Final = """
INSERT INTO outbox (seq) SELECT seq FROM set_aside WHERE status = 'fork' AND seq NOT IN (SELECT seq FROM outbox)
"""
REST: Final = """
SELECT min(seq) - 1, count(*) FROM (SELECT seq FROM fact WHERE seq > ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3)
"""
BEGIN_STATE: Final = "INSERT INTO sync_state (one) VALUES (1) ON CONFLICT DO NOTHING"
ACKNOWLEDGED: Final = """
UPDATE sync_state SET acknowledged_seq = max(acknowledged_seq, ?2), last_push_at = ?1, last_contact_at = ?1, last_problem = ''
"""


def outgoing(store: SqliteStore, *, facts_max: int, bytes_max: int, after_seq: int) -> Outgoing | None:
    """See :meth:`app.service.exchange_ports.Exchange.outgoing`."""
    assert facts_max >= 1
    finish_putting_back(store)
    with store.engines.reading(snapshot=True) as cursor:
        facts: list[OutgoingFact] = []
        life, room = 0, bytes_max
        rows = cursor.execute(OLDEST, (after_seq, facts_max))
        while (row := rows.fetchone()) is not None:
            *fact, incarnation = row
            room -= len(fact[-1])
            if facts and (incarnation != life or room < 0):
                break
            life = incarnation
            facts.append(OutgoingFact(*fact))
        if not facts:
            return None
        return Outgoing(life, tuple(facts), _keys(cursor, facts))


def lives(store: SqliteStore) -> tuple[int, ...]:
    with store.engines.reading() as cursor:
        return tuple(incarnation for (incarnation,) in cursor.execute(LIVES).fetchall())


def settle(store: SqliteStore, said: Acknowledgement, *, at: int) -> Settled:
    """See :meth:`app.service.exchange_ports.Exchange.settle`."""
    finish_putting_back(store)
    # Where a fact stands never changes: it is looked up before anybody has to wait for the pen.
    with store.engines.reading() as reader:
        places = _places(reader, said.answers)
    with store.begin() as work:
        cursor = work.cursor
        cursor.execute(BEGIN_STATE)
        received = [
            (seq, answer)
            for answer in said.answers
            if (seq := places.get((answer.id, answer.hash))) is not None and answer.verdict in RECEIVED
        ]
        cursor.executemany(LEAVE, [(seq,) for seq, _ in received])
        left = cursor.rowcount if received else 0
        aside = [(seq, answer) for seq, answer in received if answer.verdict in ASIDE]
        cursor.executemany(SET_ASIDE, [(seq, one.verdict._value_, one.code, at) for seq, one in aside])
        is_forked = _is_forked(cursor, said, aside)
        if not is_forked:
            _ask_back(cursor, said, frozenset(seq for seq, _ in received))
        begins_anew = is_forked and _is_present_life(store, said)
        if begins_anew:
            _begin_anew(store, work, at)
        cursor.execute(ACKNOWLEDGED, (at, max((seq for seq, _ in received), default=0)))
        work.commit()
    if begins_anew:
        log.store.warning("a copy of this till goes on elsewhere: another life begins")
    return Settled(left, len(aside), finish_putting_back(store), is_forked=begins_anew)


def finish_putting_back(store: SqliteStore) -> int:
    """Put what the server lost in the outbox again, a chunk a commit. Returns how many facts were."""
    done = 0
    while True:
        with store.engines.reading() as cursor:
            row = cursor.execute(TO_PUT_BACK).fetchone()
        if row is None or row[0] >= row[1]:
            return done
        with store.begin() as work:
            cursor = work.cursor
            first, last = cursor.execute(TO_PUT_BACK).fetchone()
            rest, count = cursor.execute(REST, (first, last, PUT_BACK_AT_ONCE)).fetchone()
            cursor.execute(PUT_BACK, (first, last, PUT_BACK_AT_ONCE))
            done += cursor.rowcount
            is_done = count < PUT_BACK_AT_ONCE
            cursor.execute(ASK_BACK, (0, 0) if is_done else (first, rest))
            work.commit()


def send_branches_again(cursor: Cursor) -> None:
    """What stood beside the chain at the server has no watermark there: after it lost something, all of it is said once more."""
    cursor.execute(BRANCHES_AGAIN)


def _keys(cursor: Cursor, facts: Sequence[OutgoingFact]) -> tuple[tuple[MemberId, bytes], ...]:
    """All keys of the members of whom something is sealed here."""
    members = sorted({UUID(json.loads(fact.body)["member"]).bytes for fact in facts if fact.kind in SEALED})
    found: list[Any] = []
    for first in range(0, len(members), IDS_AT_ONCE):
        some = members[first : first + IDS_AT_ONCE]
        found += cursor.execute(
            f"{_KEYS}({placeholders(len(some))}) ORDER BY member_id, key", some
        ).fetchall()
    return tuple((MemberId(UUID(bytes=member)), key) for member, key in found)


def _places(cursor: Cursor, answers: Sequence[Answer]) -> dict[tuple[bytes, bytes], int]:
    """Where the facts that were answered lie; an answer to something else finds none."""
    ids = [answer.id for answer in answers]
    found: dict[tuple[bytes, bytes], int] = {}
    for first in range(0, len(ids), IDS_AT_ONCE):
        some = ids[first : first + IDS_AT_ONCE]
        rows = cursor.execute(f"{_PLACES}({placeholders(len(some))})", some).fetchall()
        found |= {(own, digest): seq for seq, own, digest in rows}
    return found


def _is_forked(cursor: Cursor, said: Acknowledgement, aside: Sequence[tuple[int, Answer]]) -> bool:
    """Whether somebody else went on with this life: a place is taken, or the server has it further or otherwise than this file."""
    if any(answer.verdict is Verdict.FORK for _, answer in aside):
        return True
    life = cursor.execute(LIFE, (said.incarnation,)).fetchone()
    if life is None or said.watermark_seq < life[0]:
        return False
    row = cursor.execute(FACT_AT, (said.watermark_seq, said.incarnation)).fetchone()
    return row is None or row[0] != said.watermark_hash


def _ask_back(cursor: Cursor, said: Acknowledgement, received: frozenset[int]) -> None:
    """Note what the server lost. Where the first fact beyond its watermark waits here, it was simply never there."""
    life = cursor.execute(LIFE, (said.incarnation,)).fetchone()
    if life is None:
        return
    first, last = life
    begin = max(said.watermark_seq, first - 1)
    (beyond,) = cursor.execute(NEXT_OF_LIFE, (begin, last)).fetchone()
    if beyond is None or cursor.execute(WAITS, (beyond,)).fetchone() is not None:
        return
    if cursor.execute(IS_FORKED, (beyond,)).fetchone() is not None:
        return
    if beyond not in received:
        cursor.execute(ASK_BACK, (begin, last))
    elif begin == first - 1 and first > 1:
        # The server has the beginning of this life and does not know what it hangs on: the lives before it are lost.
        cursor.execute(ASK_BACK, (0, first - 1))


def _is_present_life(store: SqliteStore, said: Acknowledgement) -> bool:
    return store.mark.incarnation == said.incarnation


def _begin_anew(store: SqliteStore, work: SqliteUnitOfWork, at: int) -> None:
    store.begin_life_in(work, Reason.FORKED, at)
