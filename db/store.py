"""The till's database, opened: checked, brought up to date, in the right life, and ready for the first sale.

    store = create_store(path, key, store_code="01", till_code="1", clock=clock, ids=ids)
    store = open_store(path, key, clock, ids)

A store that hit a failing disk writes nothing more until :meth:`SqliteStore.reopen`: what a failed sync left behind is known only by
reading it back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app import log
from app.domain.chain import GENESIS, link
from app.domain.errors import Unavailable
from app.domain.ids import DeviceId
from db import migrate
from db.ballast import Ballast
from db.catalogue import SqliteCatalogue
from db.desk import SqliteDesk
from db.engine import Cursor, Engines, ask_the_disk, open_engines, transaction
from db.head import Committed, TillCode, read_head
from db.incarnation import Mark, Reason, first_mark, next_life, why_new
from db.mark_file import read_mark, write_mark
from db.people import SqlitePeople
from db.spool_queue import UNDER_WAY
from db.statements import insert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from app.domain.ids import LotId, MemberId
    from app.domain.statement import BalanceStatement
    from app.service.ports import Clock, IdSource
    from db.coupons import SqliteCoupons
    from db.day_reader import SqliteDays
    from db.exchange import SqliteExchange
    from db.guard_rows import SqliteGuardSource
    from db.insight_columns import SqliteInsightColumns
    from db.journal import SqliteJournal
    from db.members import SqliteMemberDirectory
    from db.profile_store import SqliteMembership
    from db.replay import SqliteReplay
    from db.rules import SqliteRules
    from db.stamps import SqliteStamps
    from db.tiers import SqliteTiers
    from db.unit_of_work import SqliteUnitOfWork
    from db.value import SqliteValue
    from db.work_rows import SqliteWorkRows

MARK_EVERY_COMMITS: Final = 50
# About a megabyte of WAL: each time it starts again from its beginning, the next commit pays one sync more.
CHECKPOINT_FROM_COMMITS: Final = 16
WAL_BYTES_MAX: Final = 64 * 1024 * 1024
PRINTS_MAX: Final = 10_000
OLDER_COPY: Final = (Reason.BEHIND, Reason.FORKED, Reason.OTHER_DEVICE, Reason.RESTORED)
LINKS_CHECKED_AT_OPENING: Final = 100

INSERT_DEVICE: Final = insert(
    "device", "one", "device_id", "store_code", "till_code", "is_training", "created_at"
)
INSERT_HEAD: Final = insert(
    "chain_head", "one", "incarnation", "letter", "seq", "hash", "counter", "z_number", "hlc"
)
INSERT_LIFE: Final = insert("incarnation", "incarnation", "letter", "first_seq", "started_at", "reason")
DEVICE: Final = "SELECT device_id, store_code, till_code, is_training FROM device"
ANY_ERASURE: Final = "SELECT 1 FROM erasure LIMIT 1"
LIVES: Final = "SELECT incarnation, first_seq FROM incarnation"
HASH_AT: Final = "SELECT hash FROM fact WHERE seq = ?"
NEWEST_FACTS: Final = """
SELECT seq, incarnation, prev_hash, hash, body FROM fact ORDER BY seq DESC LIMIT ?
"""


class SqliteStore:
    """Implements :class:`app.service.ports.Store` over one file. Readers may be used from any thread."""

    def __init__(self, engines: Engines, key: bytes, clock: Clock, ids: IdSource) -> None:
        self._key = key
        self._clock = clock
        self._ids = ids
        self.ballast = Ballast(engines.path)
        # Where members' keys come from, when not from the system: only for shops that are made up, the same each time.
        self.member_keys: Callable[[], bytes] | None = None
        self._commits_unmarked = 0
        self._commits_in_wal = 0
        self._failure: Unavailable | None = None
        self.engines = engines
        self.catalogue = SqliteCatalogue(engines)
        self.people = SqlitePeople(engines)
        self.desk = SqliteDesk(engines)
        with engines.reading() as cursor:
            device_id, store_code, till_code, is_training = cursor.execute(DEVICE).fetchone()
            self._head = read_head(cursor)
        self._till = TillCode(UUID(bytes=device_id), store_code, till_code)
        self.is_training = bool(is_training)

    # What the first screen does not ask for is loaded when somebody does.

    @cached_property
    def members(self) -> SqliteMemberDirectory:
        from db.members import SqliteMemberDirectory

        return SqliteMemberDirectory(self.engines)

    @cached_property
    def membership(self) -> SqliteMembership:
        from db.profile_store import SqliteMembership

        return SqliteMembership(self.engines)

    @cached_property
    def journal(self) -> SqliteJournal:
        from db.journal import SqliteJournal

        return SqliteJournal(self.engines)

    @cached_property
    def replay(self) -> SqliteReplay:
        from db.replay import SqliteReplay

        return SqliteReplay(self.engines)

    @cached_property
    def guard(self) -> SqliteGuardSource:
        from db.guard_rows import SqliteGuardSource

        return SqliteGuardSource(self.engines)

    @cached_property
    def tiers(self) -> SqliteTiers:
        from db.tiers import SqliteTiers

        return SqliteTiers(self.engines)

    @cached_property
    def rules(self) -> SqliteRules:
        from db.rules import SqliteRules

        return SqliteRules(self.engines)

    @cached_property
    def coupons(self) -> SqliteCoupons:
        from db.coupons import SqliteCoupons

        return SqliteCoupons(self.engines)

    @cached_property
    def stamps(self) -> SqliteStamps:
        from db.stamps import SqliteStamps

        return SqliteStamps(self.engines)

    @cached_property
    def value(self) -> SqliteValue:
        from db.value import SqliteValue

        return SqliteValue(self.engines)

    @cached_property
    def days(self) -> SqliteDays:
        from db.day_reader import SqliteDays

        return SqliteDays(self)

    @cached_property
    def work_rows(self) -> SqliteWorkRows:
        from db.work_rows import SqliteWorkRows

        return SqliteWorkRows(self.engines)

    @cached_property
    def insight(self) -> SqliteInsightColumns:
        from db.insight_columns import SqliteInsightColumns

        return SqliteInsightColumns(self)

    @cached_property
    def exchange(self) -> SqliteExchange:
        from db.exchange import SqliteExchange

        return SqliteExchange(self)

    @property
    def device_id(self) -> DeviceId:
        return DeviceId(self._till.device)

    @property
    def mark(self) -> Mark:
        """How far this till has come, as of the last commit that appended something."""
        return self._head.mark(self._till.device)

    @property
    def has_reserve(self) -> bool:
        """False from a full disk until there is room again: finish the shift, take no new one."""
        return self.ballast.is_there

    def begin(self) -> SqliteUnitOfWork:
        """Raises Unavailable("disk_error") while the store must be reopened first."""
        if self._failure is not None:
            raise Unavailable(self._failure.code, can_retry=False)
        from db.unit_of_work import SqliteUnitOfWork

        return SqliteUnitOfWork(
            self.engines,
            self._till,
            self._clock,
            self._ids,
            self._after_commit,
            self._on_failure,
            self.member_keys,
        )

    def statement(self, member_id: MemberId, on: date) -> BalanceStatement:
        from db.statement import statement

        return statement(self.engines, member_id, on)

    def ended_lots(self, today: date, since: date) -> Iterator[tuple[tuple[date, MemberId, LotId], ...]]:
        from db.expiry import ended_lots

        return ended_lots(self.engines, today, since)

    def count_ended_lots(self, today: date, since: date) -> int:
        from db.expiry import count_ended

        return count_ended(self.engines, today, since)

    def quiet_members(self, before: date) -> Iterator[tuple[int, tuple[tuple[MemberId, date], ...]]]:
        from db.bonuses import quiet_members

        return quiet_members(self.engines, before)

    def count_members(self) -> int:
        from db.bonuses import count_members

        return count_members(self.engines)

    def idle(self) -> None:
        """Called when nothing is waiting: writes the mark, and moves the WAL into the file when it is worth it."""
        if self._failure is not None:
            return
        if self._commits_unmarked:
            self.write_mark()
        if self._commits_in_wal >= CHECKPOINT_FROM_COMMITS or not self.has_reserve:
            self._checkpoint()
            self.ballast.take()
        if "exchange" in self.__dict__:
            self.exchange.sweep_when_closed()

    def write_mark(self) -> None:
        """Write down beside the database how far it has come."""
        if write_mark(self.engines.path, self.mark):
            self._commits_unmarked = 0

    def begin_incarnation(self, reason: Reason) -> None:
        """Another life of this till, before its next sale: after a restore, or when the mark shows that this is an older copy."""
        with self.begin() as work:
            letter = self.begin_life_in(work, reason, self._clock.now_ms())
            work.commit()
        log.store.info("incarnation %s begins: %s", letter, reason)

    def begin_life_in(self, work: SqliteUnitOfWork, reason: Reason, at: int) -> str:
        """The same as part of a unit of work, before anything is recorded in it. Returns the letter of the new life."""
        from app.service.ports import AuditEvent

        before = self.mark
        start = next_life(before, read_mark(self.engines.path), self._ids())
        work.begin_life(start, reason, started_at=at)
        work.audit(AuditEvent("incarnation_started", None, at, _life_details(before, start, reason)))
        return start.letter

    def reopen(self) -> None:
        """After a disk error: read back what the disk really kept, and only then write again. Raises Unavailable."""
        self.engines.reopen()
        _check_tail(self.engines)
        with self.engines.reading() as cursor:
            self._head = read_head(cursor)
        self._failure = None
        self.recover()

    def recover(self) -> None:
        """What a till does before its first sale: another life when it must, and papers that nobody knows the end of."""
        reason = self._why_new_life()
        if reason is not None:
            self.begin_incarnation(reason)
        elif read_mark(self.engines.path) != self.mark:
            # It went down before it could write: an older disk put back now must not look like this one.
            self.write_mark()
        if reason in OLDER_COPY:
            self.forget_what_was_under_way()
        self.forget_the_erased()
        if self.desk.print_jobs(UNDER_WAY, 1):
            with self.begin() as work:
                work.give_up_interrupted_prints(self._clock.now_ms())
                work.commit()
        self.ballast.take()

    def forget_the_erased(self) -> None:
        """An older copy of the books may know somebody again who asked to be forgotten since."""
        from db.erasure_register import read_register

        with self.engines.reading() as cursor:
            is_known = cursor.execute(ANY_ERASURE).fetchone() is not None
        if is_known or read_register(self.engines.path):
            from db.erasures import reapply

            again = reapply(self, self._clock.now_ms())
            if again:
                log.store.info("%d members were erased again", again)

    def forget_what_was_under_way(self) -> None:
        """In a copy of an earlier state: papers that waited then were printed since, and the basket of then may have been sold.

        Nothing of it starts by itself; somebody is asked about the papers.
        """
        waiting = self.desk.print_jobs(("queued", "held", *UNDER_WAY), PRINTS_MAX)
        with self.begin() as work:
            for job in waiting:
                work.set_print_state(job.id, "unknown", changed_at=self._clock.now_ms(), detail="restored")
            work.save_draft(None)
            work.commit()

    def close(self) -> None:
        if self._failure is None and self._commits_unmarked:
            self.write_mark()
        self.engines.close()

    def _after_commit(self, committed: Committed) -> None:
        self._commits_in_wal += 1
        if committed.head is not None:
            self._head = committed.head
            self._commits_unmarked += 1
        if committed.has_new_rules:
            self.rules.forget()
        if committed.is_turning_point or self._commits_unmarked >= MARK_EVERY_COMMITS:
            self.write_mark()
        if self._commits_in_wal % MARK_EVERY_COMMITS == 0 and self._wal_bytes() > WAL_BYTES_MAX:
            self._checkpoint()

    def _on_failure(self, failure: Unavailable) -> Unavailable:
        """What a failed write means for the store, and for whoever may try again."""
        failure = ask_the_disk(self.engines.path, failure)
        if failure.code == "disk_full":
            return Unavailable("disk_full", can_retry=self.ballast.release())
        if not failure.can_retry:
            self._failure = failure
        return failure

    def _checkpoint(self) -> None:
        """PASSIVE: waits for nobody, and a sale that comes meanwhile waits for nothing.

        What fails here has lost nothing: the WAL holds it all. A full disk gives up the reserve, a failing one stops the writing.
        """
        try:
            with self.engines.reading() as cursor:
                is_busy, frames, moved = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except Unavailable as failure:
            self._on_failure(failure)
            return
        if not is_busy and frames == moved:
            self._commits_in_wal = 0

    def _why_new_life(self) -> Reason | None:
        with self.engines.reading(snapshot=True) as cursor:
            known = {incarnation for incarnation, _ in cursor.execute(LIVES).fetchall()}

            def hash_at(seq: int) -> bytes | None:
                row = cursor.execute(HASH_AT, (seq,)).fetchone()
                return None if row is None else row[0]

            return why_new(self.mark, read_mark(self.engines.path), hash_at, known)

    def _wal_bytes(self) -> int:
        try:
            return os.stat(f"{self.engines.path}-wal").st_size
        except OSError:
            return 0


def create_store(
    path: Path,
    key: bytes,
    *,
    store_code: str,
    till_code: str,
    clock: Clock,
    ids: IdSource,
    is_training: bool = False,
) -> SqliteStore:
    """A new till in a new file. Raises Unavailable("database_exists") rather than touch a file that holds anything."""
    for code in (store_code, till_code):
        assert code.isascii(), "codes stand in receipt numbers"
        assert code.isalnum(), "codes stand in receipt numbers"
    engines = open_engines(path, key, create=True)
    try:
        if not migrate.is_empty(engines.writer):
            raise Unavailable("database_exists", can_retry=False, path=str(path))
        device = ids()
        with transaction(engines.writer) as cursor:
            migrate.create_schema(cursor)
            _write_identity(cursor, device, store_code, till_code, is_training, ids(), clock.now_ms())
        store = SqliteStore(engines, key, clock, ids)
    except BaseException:
        engines.close()
        raise
    store.write_mark()
    store.ballast.take()
    return store


def open_store(path: Path, key: bytes, clock: Clock, ids: IdSource, *, is_till: bool = True) -> SqliteStore:
    """The till's file, ready to sell. Raises Unavailable: ``database_missing``, ``_foreign``, ``_corrupt``, ``_locked``, ``_newer`` …

    With ``is_till=False`` (a report, a check beside a running till) nothing is repaired and no new life begins.
    """
    engines = open_engines(path, key)
    try:
        if migrate.needs_upgrade(engines.writer):
            engines.close()
            migrate.upgrade(path, key)
            engines = open_engines(path, key)
        _check_tail(engines)
        store = SqliteStore(engines, key, clock, ids)
        if is_till:
            store.recover()
    except BaseException:
        engines.close()
        raise
    return store


def _write_identity(
    cursor: Cursor, device: UUID, store_code: str, till_code: str, is_training: bool, random: UUID, now: int
) -> None:
    mark = first_mark(device, random)
    cursor.execute(INSERT_DEVICE, (1, device.bytes, store_code, till_code, int(is_training), now))
    cursor.execute(INSERT_HEAD, (1, mark.incarnation, mark.letter, 0, GENESIS, 0, 0, 0))
    cursor.execute(INSERT_LIFE, (mark.incarnation, mark.letter, 1, now, Reason.CREATED._value_))


def _life_details(before: Mark, start: Mark, reason: Reason) -> dict[str, object]:
    return {
        "reason": reason._value_,
        "incarnation": f"{start.incarnation:016x}",
        "letter": start.letter,
        "first_seq": start.seq + 1,
        "previous_incarnation": f"{before.incarnation:016x}",
        "previous_seq": before.seq,
        "previous_head": before.head.hex(),
    }


def _check_tail(engines: Engines) -> None:
    """The end of the chain is where it is said to be, and its newest links hold. ``verify`` checks them all."""
    with engines.reading(snapshot=True) as cursor:
        device = UUID(bytes=cursor.execute(DEVICE).fetchone()[0])
        head = read_head(cursor)
        first_seqs = {first_seq for _, first_seq in cursor.execute(LIVES).fetchall()}
        facts = cursor.execute(NEWEST_FACTS, (LINKS_CHECKED_AT_OPENING,)).fetchall()
    if head.seq != (facts[0][0] if facts else 0):
        raise Unavailable("database_corrupt", can_retry=False)
    expected, following = head.hash, 0
    for seq, incarnation, previous, digest, body in facts:
        is_next = following in (0, seq + 1) or following in first_seqs
        if not is_next or digest != expected or link(previous, device, incarnation, seq, body) != digest:
            raise Unavailable("database_corrupt", can_retry=False)
        expected, following = previous, seq
