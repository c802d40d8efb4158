"""What the till's database gives to and takes from whoever speaks with the central server (:mod:`app.service.exchange_ports`).

Nothing here holds the writer for long: pages are read before the file is locked and written in small commits, each with the cursor of what
it covers. Stopping anywhere loses nothing and repeats nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from app.domain.ids import DeviceId
from app.service.exchange_ports import (
    FILLING,
    Acknowledgement,
    Applied,
    ExchangeState,
    Incoming,
    Outgoing,
    SetAside,
    Settled,
    Verdict,
)
from app.service.phonetics import search_tokens
from db import exchange_in, exchange_out, feed_documents
from db.engine import Cursor
from db.erasures import note_in_register, sweep
from db.feed_rebuild import NEWEST, gather, rebuild
from db.feed_step import CLOCK, SUPERSEDED, Told
from db.statements import placeholders

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.store import SqliteStore
    from db.unit_of_work import SqliteUnitOfWork

STATE: Final = f"""
SELECT server, pulled, acknowledged_seq, (SELECT count(*) FROM outbox),
  (SELECT occurred_at FROM fact WHERE seq = (SELECT min(seq) FROM outbox)),
  last_contact_at, last_push_at, last_pull_at, last_problem,
  (SELECT count(*) FROM set_aside WHERE settled_at IS NULL),
  (SELECT count(*) FROM inbox WHERE problem <> '' AND problem <> '{SUPERSEDED}')
    + (SELECT count(*) FROM server_document WHERE problem <> ''),
  filling, filling_as_of, filling_after
FROM sync_state
"""
UNBEGUN: Final = """
SELECT (SELECT count(*) FROM outbox), (SELECT occurred_at FROM fact WHERE seq = (SELECT min(seq) FROM outbox))
"""
BEGIN: Final = exchange_out.BEGIN_STATE
CURSOR: Final = "SELECT server, pulled, round FROM sync_state"
MOVE: Final = "UPDATE sync_state SET server = ?1, pulled = ?2, last_pull_at = ?3, last_contact_at = ?3, last_problem = ''"
FILL: Final = """
UPDATE sync_state SET server = ?1, filling = ?2, filling_as_of = ?3, filling_after = ?4,
  last_pull_at = ?5, last_contact_at = ?5, last_problem = ''
"""
FILLED: Final = """
UPDATE sync_state SET server = ?1, filling = '', filling_as_of = 0, filling_after = 0, pulled = max(pulled, ?2),
  last_pull_at = ?3, last_contact_at = ?3, last_problem = ''
"""
START_OVER: Final = """
UPDATE sync_state SET server = ?1, pulled = 0, filling = ?2, filling_as_of = 0, filling_after = 0, round = round + 1
"""
FORGET_SUMS: Final = "DELETE FROM feed_sum"
# A server that was put back has older ones; what it says then counts, whatever was here.
FORGET_DOCUMENTS: Final = "DELETE FROM server_document"
SUMS: Final = "SELECT entity, count, xor FROM feed_sum ORDER BY entity"
DOCUMENTS: Final = "SELECT name, hash FROM server_document ORDER BY name"
CONTACT: Final = "UPDATE sync_state SET last_problem = ?, last_contact_at = coalesce(?, last_contact_at)"
SET_ASIDE: Final = """
SELECT s.seq, f.kind, s.status, s.code, s.occurred_at, s.settled_at FROM set_aside s JOIN fact f ON f.seq = s.seq
WHERE s.settled_at IS NULL ORDER BY s.seq DESC LIMIT ?
"""
SETTLE_ASIDE: Final = "UPDATE set_aside SET settled_at = ? WHERE seq = ? AND settled_at IS NULL"
_HASHES: Final = "SELECT id, hash FROM fact WHERE id IN "
IDS_AT_ONCE: Final = 500
SWEEP_DUE: Final = "SELECT sweep_due FROM sync_state"
SWEPT: Final = "UPDATE sync_state SET sweep_due = 0"
OPEN_SHIFT: Final = "SELECT 1 FROM shift WHERE closed_at IS NULL"


class SqliteExchange:
    """Implements :class:`app.service.exchange_ports.Exchange` over one store. Used by one thread at a time."""

    def __init__(self, store: SqliteStore) -> None:
        assert not store.is_training, "a practice till speaks with nobody"
        self._store = store
        self._has_tried_again = False
        self._has_tried_documents = False

    @property
    def device_id(self) -> DeviceId:
        return self._store.device_id

    def state(self) -> ExchangeState:
        with self._store.engines.reading(snapshot=True) as cursor:
            row = cursor.execute(STATE).fetchone()
            if row is not None:
                return ExchangeState(*row)
            waiting, oldest = cursor.execute(UNBEGUN).fetchone()
        return ExchangeState(0, 0, 0, waiting, oldest, None, None, None, "", 0, 0, FILLING[0], 0, 0)

    # --- out --------------------------------------------------------------------------------------------------------------

    def lives(self) -> tuple[int, ...]:
        return exchange_out.lives(self._store)

    def outgoing(self, *, facts_max: int, bytes_max: int, after_seq: int = 0) -> Outgoing | None:
        return exchange_out.outgoing(
            self._store, facts_max=facts_max, bytes_max=bytes_max, after_seq=after_seq
        )

    def settle(self, said: Acknowledgement, *, at: int) -> Settled:
        return exchange_out.settle(self._store, said, at=at)

    # --- in ---------------------------------------------------------------------------------------------------------------

    def take_in(self, server: int, page: Sequence[Incoming], *, last: int, at: int) -> Applied:
        known, pulled, _ = self._cursor()
        assert known in (0, server), "a page of another life of the server comes after starting over"
        steps = [step for step in page if step.feed_seq > pulled]
        applied = self._apply(
            steps,
            at,
            lambda cursor, step: cursor.execute(
                MOVE, (server, max(pulled, last if step is None else step), at)
            ),
        )
        return Applied(applied.taken, applied.known + len(page) - len(steps), applied.problems)

    def fill(
        self, server: int, stage: str, as_of: int, page: Sequence[Incoming], *, after: int, at: int
    ) -> Applied:
        known, _, _ = self._cursor()
        assert known in (0, server), "a page of another life of the server comes after starting over"
        following = stage if after else _next_stage(stage)

        def move(cursor: Cursor, step: int | None) -> None:
            if step is not None:
                cursor.execute(FILL, (server, stage, as_of, step, at))
            elif stage and as_of:
                cursor.execute(FILL, (server, following, as_of, after, at))
            else:  # finished; or there was nothing yet, and everything will be pulled
                cursor.execute(FILLED, (server, as_of, at))

        return self._apply(page, at, move)

    def start_over(self, server: int, *, at: int) -> None:
        with self._store.begin() as work:
            work.cursor.execute(BEGIN)
            work.cursor.execute(START_OVER, (server, FILLING[0]))
            work.cursor.execute(FORGET_SUMS)
            work.cursor.execute(FORGET_DOCUMENTS)
            exchange_out.send_branches_again(work.cursor)
            work.commit()

    def sums(self) -> tuple[tuple[str, int, int], ...]:
        with self._store.engines.reading(snapshot=True) as cursor:
            facts = [
                (entity, count, int.from_bytes(xor, "big"))
                for entity, count, xor in cursor.execute(SUMS).fetchall()
            ]
            documents = [
                (feed_documents.PREFIX + name, 1, int.from_bytes(digest[:8], "big"))
                for name, digest in cursor.execute(DOCUMENTS).fetchall()
            ]
        return (*facts, *documents)

    # --- what a person looks at ---------------------------------------------------------------------------------------------

    def note(self, *, at: int, problem: str, is_contact: bool) -> None:
        with self._store.begin() as work:
            work.cursor.execute(BEGIN)
            work.cursor.execute(CONTACT, (problem, at if is_contact else None))
            work.commit()

    def set_aside(self, limit: int = 100) -> tuple[SetAside, ...]:
        with self._store.engines.reading() as cursor:
            rows = cursor.execute(SET_ASIDE, (limit,)).fetchall()
        return tuple(
            SetAside(seq, kind, Verdict(status), code, at, settled_at)
            for seq, kind, status, code, at, settled_at in rows
        )

    def settle_set_aside(self, seq: int, *, at: int) -> None:
        with self._store.begin() as work:
            work.cursor.execute(SETTLE_ASIDE, (at, seq))
            work.commit()

    def sweep_when_closed(self) -> bool:
        """Whoever was erased by an order from elsewhere leaves the free pages too, when no shift is open. Whether it was done."""
        engines = self._store.engines
        with engines.reading() as cursor:
            due = cursor.execute(SWEEP_DUE).fetchone()
            is_open = cursor.execute(OPEN_SHIFT).fetchone() is not None
        if due is None or not due[0]:
            return False
        note_in_register(engines)
        if is_open:
            return False
        sweep(engines)
        with self._store.begin() as work:
            work.cursor.execute(SWEPT)
            work.commit()
        return True

    # --- within -------------------------------------------------------------------------------------------------------------

    def _cursor(self) -> tuple[int, int, int]:
        """The server's life, the last step applied, and which filling this is."""
        with self._store.engines.reading() as cursor:
            row = cursor.execute(CURSOR).fetchone()
        return (0, 0, 1) if row is None else tuple(row)

    def _apply(
        self, page: Sequence[Incoming], at: int, move: Callable[[Cursor, int | None], object]
    ) -> Applied:
        """A page, piece by piece; ``move`` sets the cursor to a step, and with None to the end of the page."""
        taken = known = 0
        if not self._has_tried_again:
            search_tokens("王")  # loads what the first name would wait for, before anything is locked
        pieces = list(_pieces(page))
        for place, piece in enumerate(pieces):
            end = None if place == len(pieces) - 1 else piece[-1].feed_seq
            if feed_documents.is_document(piece[0]):
                taken += self._document(piece[0], at, move, end)
                continue
            told = exchange_in.read_all(piece, self._own(piece))
            with self._store.begin() as work:
                chunk = self._chunk(work, at)
                exchange_in.take(chunk, piece, told)
                self._try_again_once(chunk)
                self._write_sums(chunk)
                move(work.cursor, end)
                work.commit()
            taken, known = taken + chunk.taken, known + chunk.known
        if not pieces:
            with self._store.begin() as work:
                work.cursor.execute(BEGIN)
                move(work.cursor, None)
                work.commit()
        if pieces:
            self._make_again(at)
            self._documents_again(at)
        return Applied(taken, known, self.state().inbox_problems)

    def _chunk(self, work: SqliteUnitOfWork, at: int) -> exchange_in.Chunk:
        work.cursor.execute(BEGIN)
        (_, _, number) = work.cursor.execute(CURSOR).fetchone()
        return exchange_in.Chunk(work, number, at)

    def _own(self, steps: Sequence[Incoming]) -> Callable[[bytes], bool]:
        """Which of these are facts of this file, word for word."""
        wanted = {step.id: step.hash for step in steps}
        ids = list(wanted)
        own: set[bytes] = set()
        with self._store.engines.reading() as cursor:
            for first in range(0, len(ids), IDS_AT_ONCE):
                some = ids[first : first + IDS_AT_ONCE]
                rows = cursor.execute(f"{_HASHES}({placeholders(len(some))})", some).fetchall()
                own.update(fact_id for fact_id, digest in rows if wanted[fact_id] == digest)
        return own.__contains__

    def _try_again_once(self, chunk: exchange_in.Chunk) -> None:
        """What an older program could not read, this one may."""
        if not self._has_tried_again:
            self._has_tried_again = True
            for problem in exchange_in.RETRIED_ONCE:
                exchange_in.apply_again(chunk, problem)

    def _write_sums(self, chunk: exchange_in.Chunk) -> None:
        cursor = chunk.cursor
        for entity, (more, change) in chunk.sums.items():
            count, xor = cursor.execute(exchange_in.SUM, (entity,)).fetchone() or (0, bytes(8))
            new = (int.from_bytes(xor, "big") ^ change).to_bytes(8, "big")
            cursor.execute(exchange_in.SET_SUM, (entity, count + more, new))

    def _make_again(self, at: int) -> None:
        """Files whose words were given another clock."""
        with self._store.engines.reading(snapshot=True) as cursor:
            wanted = exchange_in.clocked(cursor)
            if not wanted:
                return
            (newest,) = cursor.execute(NEWEST).fetchone()
            words = gather(cursor, wanted)
        with self._store.begin() as work:
            later = gather(work.cursor, wanted, after_seq=max(newest, 1))
            for member_id in sorted(wanted):
                own: list[Told] = [*words.get(member_id, ()), *later.get(member_id, ())]
                rebuild(work.cursor, member_id, own)
            work.cursor.execute("UPDATE inbox SET problem = '' WHERE problem <> '' AND problem = ?", (CLOCK,))
            work.commit()

    # --- documents ----------------------------------------------------------------------------------------------------------

    def _document(
        self, step: Incoming, at: int, move: Callable[[Cursor, int | None], object], end: int | None
    ) -> int:
        with self._store.engines.reading() as cursor:
            is_newer = feed_documents.is_newer(cursor, step)
        problem = self._write_document(step, at) if is_newer else ""
        with self._store.begin() as work:
            work.cursor.execute(BEGIN)
            if is_newer:
                feed_documents.keep(work.cursor, step, problem, at=at)
            move(work.cursor, end)
            work.commit()
        return int(is_newer)

    def _write_document(self, step: Incoming, at: int) -> str:
        parts, problem = feed_documents.parts_of(step, at=at)
        for part in parts:
            with self._store.begin() as work:
                problem = feed_documents.write(work, part)
                work.commit()
            if problem:
                return problem
        return problem

    def _documents_again(self, at: int) -> None:
        """What spoke of goods or categories that had not come, for as long as that brings any of them further.

        What an older program could not read, this one tries once.
        """
        problems: tuple[str, ...] = (feed_documents.WAITS, *exchange_in.RETRIED_ONCE)
        if self._has_tried_documents:
            problems = problems[:1]
        self._has_tried_documents = True
        while True:
            with self._store.engines.reading() as cursor:
                waiting = [step for problem in problems for step in feed_documents.waiting(cursor, problem)]
            solved = [step for step in waiting if not self._write_document(step, at)]
            if not solved:
                return
            with self._store.begin() as work:
                for step in solved:
                    feed_documents.keep(work.cursor, step, "", at=at)
                work.commit()


def _pieces(page: Sequence[Incoming]) -> Iterator[Sequence[Incoming]]:
    """Documents one by one, facts a chunk at a time, in the order of the feed."""
    first = 0
    for place, step in enumerate(page):
        if feed_documents.is_document(step):
            yield from exchange_in.chunks(page[first:place])
            yield (step,)
            first = place + 1
    yield from exchange_in.chunks(page[first:])


def _next_stage(stage: str) -> str:
    """The stage after a finished one; the last one stays until the whole filling is said to be finished."""
    if stage not in FILLING:
        return stage
    return FILLING[min(FILLING.index(stage) + 1, len(FILLING) - 1)]
