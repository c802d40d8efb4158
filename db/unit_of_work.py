"""One atomic, durable change to the till's file: everything in it is on disk together, or nothing is.

Numbers and places are given out inside: a unit that is left without ``commit()`` used none. Statements go to the DB-API cursor as SQL text
made once; SQLite keeps them prepared.

    with store.begin() as work:
        number = work.next_receipt_number()
        stamp = work.append(transaction)
        work.commit()          # after this a power cut loses nothing of it
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from app.domain.authority import Operator
from app.domain.chain import link
from app.domain.codec import to_plain
from app.domain.errors import Unavailable
from app.domain.facts import FactKind, entries_to_plain, entry_to_plain, event_to_plain
from app.domain.ids import BasketId, EntryId, LotId, MemberId, OperatorId, TransactionId
from app.domain.item import ItemRecord, Tile
from app.domain.ledger import LedgerEntry, Lot, spendable
from app.domain.member import Member
from app.domain.promotion import Promotion
from app.domain.receipt_facts import ReceiptFacts
from app.domain.shift import Shift
from app.domain.transaction import RetailTransaction, Transaction
from app.service.ports import (
    AuditEvent,
    Category,
    Clock,
    EndedLot,
    HeldSale,
    IdSource,
    PrintJob,
    PrintRequest,
    ReceiptNumber,
    Stamp,
)
from db import (
    bulk,
    desk,
    journal,
    ledger,
    members,
    people,
    popularity,
    profile,
    profile_seal,
    spool_queue,
)
from db.canonical import bytes_of
from db.engine import BUSY_TIMEOUT_MS, Cursor, Engines, Error, translate
from db.head import Committed, Head, TillCode, read_head
from db.incarnation import Mark, in_lane, tick
from db.statements import insert

if TYPE_CHECKING:
    from app.domain.loyalty.documents import RuleArea, RuleDocument
    from db.coupons import CouponRows
    from db.stamps import StampRows
    from db.value import ValueRows

INSERT_FACT: Final = insert(
    "fact", "seq", "id", "incarnation", "kind", "occurred_at", "hlc", "prev_hash", "hash", "body"
)
INSERT_OUTBOX: Final = insert("outbox", "seq")
MOVE_HEAD: Final = """
UPDATE chain_head SET seq = ?, hash = ?, counter = ?, z_number = ?, hlc = ? WHERE one = 1 AND seq = ?
"""
BEGIN_LIFE: Final = """
UPDATE chain_head SET incarnation = ?, letter = ?, seq = ?, counter = ?, z_number = ? WHERE one = 1
"""
INSERT_INCARNATION: Final = insert(
    "incarnation", "incarnation", "letter", "first_seq", "started_at", "reason"
)
SEQ_OF: Final = "SELECT seq FROM fact WHERE id = ?"


class SqliteUnitOfWork:
    """Implements :class:`app.service.ports.UnitOfWork`. Belongs to the thread that entered it; there is one at a time."""

    def __init__(
        self,
        engines: Engines,
        till: TillCode,
        clock: Clock,
        ids: IdSource,
        after_commit: Callable[[Committed], None],
        on_failure: Callable[[Unavailable], Unavailable],
        new_member_key: Callable[[], bytes] | None = None,
    ) -> None:
        self._new_member_key = new_member_key
        self._engines = engines
        self._till = till
        self._clock = clock
        self._ids = ids
        self._after_commit = after_commit
        self._on_failure = on_failure
        self._head: Head | None = None
        self._start = 0  # where the chain ended before this unit
        self._numbers_open: set[int] = set()
        self._z_open: int | None = None
        self._appended: dict[UUID, int] = {}
        self._lots: dict[MemberId, tuple[Lot, ...]] = {}  # as read in this unit, until it posts
        self._unsent: list[tuple[int]] = []
        self._is_turning_point = False
        self._has_new_rules = False
        self._is_committed = False
        self.posted: list[LedgerEntry] = []
        self._coupons: CouponRows | None = None

    # --- the frame ----------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if not self._engines.writer_lock.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise Unavailable("database_locked")
        try:
            self._cursor = self._engines.writer.cursor()
            self._cursor.execute("BEGIN IMMEDIATE")
        except BaseException as error:
            self._engines.writer_lock.release()
            self._raise_translated(error)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._roll_back()
        finally:
            self._engines.writer_lock.release()
        if error is not None:
            self._raise_translated(error)

    def commit(self) -> None:
        """Make it durable. Raises Unavailable with nothing written; after ``disk_error`` only reopening shows what the disk kept."""
        assert not self._is_committed, "a unit of work is committed once"
        assert not self._numbers_open, "a receipt number that was given out is used"
        assert self._z_open is None, "a Z number that was given out is used"
        try:
            self._move_head()
            self._cursor.execute("COMMIT")
        except Error as error:
            self._raise_translated(error)
            raise
        assert not self._engines.writer.in_transaction
        self._is_committed = True
        head = self._head if self._unsent else None
        self._after_commit(Committed(head, self._is_turning_point, self._has_new_rules))

    def _roll_back(self) -> None:
        try:
            if self._engines.writer.in_transaction:
                self._cursor.execute("ROLLBACK")
        except Error as error:
            self._raise_translated(error)
            raise
        finally:
            self._cursor.close()

    def _raise_translated(self, error: BaseException) -> None:
        """Raise what the operator is told; return when the error says it all itself."""
        unavailable = translate(error)
        if unavailable is not None:
            raise self._on_failure(unavailable) from error

    # --- facts --------------------------------------------------------------------------------------------------------

    def next_receipt_number(self) -> ReceiptNumber:
        head = self._load_head()
        head.counter += 1
        self._numbers_open.add(head.counter)
        return ReceiptNumber(self._receipt_text(head.letter, head.counter), head.counter)

    def next_z_number(self) -> int:
        assert self._z_open is None, "a unit of work closes one shift"
        head = self._load_head()
        head.z_number += 1
        self._z_open = head.z_number
        return head.z_number

    def append(self, transaction: Transaction) -> Stamp:
        """Write header, lines, tenders, points entries, fact, chain and outbox of one transaction."""
        header = transaction.header
        assert header.counter in self._numbers_open, "the number was given out by this unit"
        assert header.receipt_number == self._receipt_text(self._load_head().letter, header.counter)
        stamp = self._record(
            header.id, header.kind._value_, header.occurred_at, bytes_of(to_plain(transaction))
        )
        journal.write_transaction(self._cursor, stamp.seq, transaction)
        if isinstance(transaction, RetailTransaction) and transaction.entries:
            self._write_entries(transaction.entries, header.id)
        self._numbers_open.discard(header.counter)
        self._appended[header.id] = stamp.seq
        return stamp

    def post(self, entry: LedgerEntry) -> None:
        """An entry that stands alone, with a fact of its own."""
        body = bytes_of(entry_to_plain(entry))
        self._record(entry.id, FactKind.POINTS_ENTRY._value_, entry.occurred_at, body)
        ledger.write_entry(self._cursor, entry)
        self._lots.pop(entry.member_id, None)
        self.posted.append(entry)

    def known_entries(self, ids: Collection[EntryId]) -> frozenset[EntryId]:
        from db.bonuses import known_entries

        return known_entries(self._cursor, ids)

    def referrer_of(self, member_id: MemberId) -> MemberId | None:
        from db.bonuses import referrer_of

        return referrer_of(self._cursor, member_id)

    def has_one_purchase(self, member_id: MemberId) -> bool:
        from db.bonuses import has_one_purchase

        return has_one_purchase(self._cursor, member_id)

    def entry(self, entry_id: EntryId) -> LedgerEntry | None:
        return ledger.read_entry(self._cursor, entry_id.bytes)

    def put_rules(
        self,
        area: RuleArea,
        body: Mapping[str, object],
        *,
        valid_from: int,
        at: int,
        operator_id: OperatorId | None = None,
        note: str = "",
        version_min: int = 1,
    ) -> RuleDocument:
        """Another version of an area's rules, numbered after the newest one (``version_min`` at least)."""
        from app.domain.loyalty.documents import RuleDocument, rules_to_plain
        from db import rules

        version = max(version_min, rules.newest_version(self._cursor, area) + 1)
        document = RuleDocument(area, version, body, valid_from, at, operator_id, note)
        fact_id = self._ids()
        self.record(FactKind.RULES, fact_id, at, rules_to_plain(fact_id, document))
        rules.write_version(self._cursor, document, fact_id.bytes)
        self._has_new_rules = True
        return document

    def note_new_rules(self) -> None:
        """For what :mod:`db` takes in from other tills: whoever keeps rules in memory forgets them at the commit."""
        self._has_new_rules = True

    def post_all(self, entries: Sequence[LedgerEntry]) -> None:
        """Many entries, of many members, as one fact."""
        fact_id, occurred_at = self._ids(), entries[0].occurred_at
        body = bytes_of(entries_to_plain(fact_id, occurred_at, entries))
        self._record(fact_id, FactKind.POINTS_ENTRIES._value_, occurred_at, body)
        ledger.write_entries(self._cursor, entries, fact_id.bytes)
        for entry in entries:
            self._lots.pop(entry.member_id, None)

    def _write_entries(self, entries: Sequence[LedgerEntry], fact_id: UUID) -> None:
        """Those that a fact just appended tells of."""
        ledger.write_entries(self._cursor, entries, fact_id.bytes)
        for entry in entries:
            self._lots.pop(entry.member_id, None)
        self.posted.extend(entries)

    def audit(self, event: AuditEvent) -> None:
        event_id = self._ids()
        body = bytes_of(
            event_to_plain(
                event_id, event.kind, event.occurred_at, event.operator_id, event.approved_by, event.details
            )
        )
        stamp = self._record(event_id, FactKind.EVENT._value_, event.occurred_at, body)
        shift = desk.current_shift(self._cursor)
        journal.write_event(self._cursor, stamp.seq, event, None if shift is None else shift.id)

    def record(self, kind: FactKind, fact_id: UUID, occurred_at: int, plain: Mapping[str, object]) -> Stamp:
        """Append a fact that is neither a transaction nor a points entry; its rows are the caller's (:mod:`db` has a module for each)."""
        return self._record(fact_id, kind._value_, occurred_at, bytes_of(dict(plain)))

    def new_id(self) -> UUID:
        """For what the modules of :mod:`db` record within this unit."""
        return self._ids()

    @property
    def coupons(self) -> CouponRows:
        from db.coupons import CouponRows

        if self._coupons is None:
            self._coupons = CouponRows(self)
        return self._coupons

    @property
    def stamps(self) -> StampRows:
        from db.stamps import StampRows

        return StampRows(self)

    @property
    def value(self) -> ValueRows:
        from db.value import ValueRows

        return ValueRows(self)

    def new_member_key(self) -> bytes:
        """From the system, unless the store was told where keys come from."""
        return profile_seal.new_key() if self._new_member_key is None else self._new_member_key()

    @property
    def cursor(self) -> Cursor:
        """For the modules of :mod:`db` that write rows within this unit; never for a service."""
        return self._cursor

    @property
    def hlc(self) -> int:
        """The hybrid logical clock as of the fact appended last."""
        return self._load_head().hlc

    def begin_life(self, start: Mark, reason: str, *, started_at: int) -> None:
        """Another incarnation from here on; see :mod:`db.incarnation`. Comes before anything else in its unit."""
        head = self._load_head()
        assert not self._unsent, "a life begins before its first fact"
        assert start.seq >= head.seq, "no place is given out again"
        assert start.head == head.hash, "the chain goes on from what this file holds"
        self._cursor.execute(
            BEGIN_LIFE, (start.incarnation, start.letter, start.seq, start.counter, start.z_number)
        )
        self._cursor.execute(
            INSERT_INCARNATION, (start.incarnation, start.letter, start.seq + 1, started_at, reason)
        )
        self._head = None
        self._is_turning_point = True

    def _record(self, fact_id: UUID, kind: str, occurred_at: int, body: bytes) -> Stamp:
        head = self._load_head()
        seq, previous = head.seq + 1, head.hash
        digest = link(previous, self._till.device, head.incarnation, seq, body)
        head.hlc = in_lane(tick(head.hlc, self._clock.now_ms()), self._till.device)
        self._cursor.execute(
            INSERT_FACT,
            (seq, fact_id.bytes, head.incarnation, kind, occurred_at, head.hlc, previous, digest, body),
        )
        head.seq, head.hash = seq, digest
        self._unsent.append((seq,))
        return Stamp(seq, digest)

    def _load_head(self) -> Head:
        head = self._head
        if head is None:
            head = self._head = read_head(self._cursor)
            self._start = head.seq
        return head

    def _move_head(self) -> None:
        """The end of the chain moves with what was appended, and only from where it stood when this unit read it."""
        head = self._head
        if head is None or not self._unsent:
            return
        assert head.seq - self._start == len(self._unsent), "every fact has its place in the outbox"
        cursor = self._cursor
        cursor.executemany(INSERT_OUTBOX, self._unsent)
        cursor.execute(MOVE_HEAD, (head.seq, head.hash, head.counter, head.z_number, head.hlc, self._start))
        assert cursor.rowcount == 1, "nobody else moved the chain"

    def _receipt_text(self, letter: str, counter: int) -> str:
        return f"{self._till.store_code}-{self._till.till_code}-{letter}{counter:06d}"

    # --- what a sale needs to know ------------------------------------------------------------------------------------

    def lots(self, member_id: MemberId) -> tuple[Lot, ...]:
        lots = self._lots.get(member_id)
        if lots is None:
            lots = self._lots[member_id] = ledger.lots_of(self._cursor, member_id)
        return lots

    def spendable(self, member_id: MemberId, on: date) -> int:
        lots = self._lots.get(member_id)
        return ledger.spendable_of(self._cursor, member_id, on) if lots is None else spendable(lots, on)

    def ended_lots(self, found: Sequence[tuple[date, MemberId, LotId]]) -> Sequence[EndedLot]:
        from db.expiry import read_ended

        return read_ended(self._cursor, found)

    def returns_of(self, transaction_id: TransactionId) -> tuple[RetailTransaction, ...]:
        return journal.returns_of(self._cursor, transaction_id)

    def void_of(self, transaction_id: TransactionId) -> RetailTransaction | None:
        return journal.void_of(self._cursor, transaction_id)

    # --- members and catalogue ----------------------------------------------------------------------------------------

    def add_member(self, member: Member, *, created_at: int, operator_id: OperatorId | None) -> None:
        profile.enrol(self, member, created_at=created_at, operator_id=operator_id)

    def member_by_phone(self, phone: str) -> Member | None:
        return members.member_by_phone(self._cursor, phone)

    def update_member(
        self, member: Member, *, changed_at: int, operator_id: OperatorId | None = None
    ) -> None:
        """What this changes of the person is a sealed fact."""
        profile.update_row(self, member, changed_at=changed_at, operator_id=operator_id)

    def catalogue_version(self) -> int:
        return bulk.catalogue_version(self._cursor)

    def put_categories(self, categories: Sequence[Category]) -> None:
        bulk.put_categories(self._cursor, categories)

    def put_items(self, items: Sequence[ItemRecord], *, changed_at: int, prices_from: int) -> None:
        bulk.put_items(self._cursor, items, changed_at=changed_at, prices_from=prices_from)

    def put_tiles(self, tiles: Sequence[Tile]) -> None:
        bulk.put_tiles(self._cursor, tiles)

    def put_promotions(self, promotions: Sequence[Promotion], *, changed_at: int) -> None:
        bulk.put_promotions(self._cursor, promotions, changed_at=changed_at)

    # --- paper --------------------------------------------------------------------------------------------------------

    def enqueue_print(self, request: PrintRequest, *, created_at: int) -> int:
        """Returns the job's number."""
        return spool_queue.insert_job(self._cursor, request, self._seq_of(request.transaction_id), created_at)

    def enqueue_receipt(
        self, transaction_id: TransactionId, facts: ReceiptFacts, *, kicks_drawer: bool, created_at: int
    ) -> int:
        """The original receipt of a transaction of this unit; its document is written out when it is first sent."""
        seq = self._appended[transaction_id]
        return spool_queue.insert_receipt(self._cursor, seq, facts, kicks_drawer, created_at)

    def set_print_state(
        self,
        job_id: int,
        state: str,
        *,
        changed_at: int,
        detail: str = "",
        bytes_sent: int = 0,
        fence_id: int = 0,
    ) -> None:
        spool_queue.set_state(
            self._cursor, job_id, state, changed_at, detail, bytes_sent=bytes_sent, fence_id=fence_id
        )

    def move_print(
        self,
        job: PrintJob,
        state: str,
        *,
        changed_at: int,
        detail: str = "",
        bytes_sent: int = 0,
        fence_id: int = 0,
    ) -> bool:
        """Change the state, unless somebody else has changed it since ``job`` was read."""
        cursor, before = self._cursor, job.state
        return spool_queue.move(
            cursor, job.id, before, state, changed_at, detail, bytes_sent=bytes_sent, fence_id=fence_id
        )

    def take_kick(self, job_id: int, *, changed_at: int, detail: str) -> bool:
        """Take a paper's one drawer pulse; False when it was taken before."""
        return spool_queue.take_kick(self._cursor, job_id, changed_at, detail)

    def give_up_interrupted_prints(self, now: int) -> int:
        """At start: what was being sent when the till went down. Returns how many papers a person must look at."""
        return spool_queue.give_up_interrupted(self._cursor, now)

    def _seq_of(self, transaction_id: TransactionId | None) -> int | None:
        if transaction_id is None:
            return None
        seq = self._appended.get(transaction_id)
        if seq is None:
            row = self._cursor.execute(SEQ_OF, (transaction_id.bytes,)).fetchone()
            assert row is not None, "a paper tells of a transaction that exists"
            seq = int(row[0])
        return seq

    # --- the desk -----------------------------------------------------------------------------------------------------

    def save_draft(self, body: bytes | None) -> None:
        desk.save_draft(self._cursor, body)

    def hold(self, held: HeldSale) -> None:
        desk.hold(self._cursor, held)

    def take_held(self, basket_id: BasketId) -> HeldSale | None:
        return desk.take_held(self._cursor, basket_id)

    def open_shift(self, shift: Shift) -> None:
        """Before or after its first transaction is appended; what this unit appends belongs to the shift either way."""
        self._load_head()
        desk.open_shift(self._cursor, shift, self._start + 1)
        self._is_turning_point = True

    def close_shift(self, shift: Shift) -> None:
        from db.days import fold_at_closing

        assert shift.z_number == self._z_open, "the Z number was given out by this unit"
        desk.close_shift(self._cursor, shift)
        popularity.count_shift(self._cursor, shift.id)
        fold_at_closing(self._cursor)
        self._z_open = None
        self._is_turning_point = True

    def current_shift(self) -> Shift | None:
        return desk.current_shift(self._cursor)

    def save_operator(
        self, operator: Operator, *, pin_hash: str | None = None, badge_hash: str | None = None
    ) -> None:
        people.save_operator(self._cursor, operator, pin_hash, badge_hash)

    def set_failures(self, operator_id: OperatorId, failures: int, locked_until: int) -> None:
        people.set_failures(self._cursor, operator_id, failures, locked_until)

    def put_setting(self, key: str, value: object) -> None:
        desk.put_setting(self._cursor, key, value)
