"""What the services need from the world. ``db`` gives the store, ``devices`` the hardware, tests give fakes for the clock.

Writes happen only inside a unit of work: leaving it without ``commit()`` rolls everything back. Readers see committed data only and may be
used from any thread; a unit of work belongs to the thread that opened it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self
from uuid import UUID

if TYPE_CHECKING:
    from app.domain.authority import Operator
    from app.domain.ids import (
        BasketId,
        CategoryId,
        DeviceId,
        EntryId,
        ItemId,
        LotId,
        MemberId,
        OperatorId,
        ShiftId,
        TransactionId,
    )
    from app.domain.item import Item, ItemHit, ItemRecord, Tile
    from app.domain.ledger import LedgerEntry, Lot
    from app.domain.loyalty.documents import RuleArea, RuleDocument
    from app.domain.member import Member, MemberCard
    from app.domain.promotion import Promotion
    from app.domain.receipt import ReceiptDocument
    from app.domain.receipt_facts import ReceiptFacts
    from app.domain.shift import Shift
    from app.domain.statement import BalanceStatement
    from app.domain.transaction import RetailTransaction, Transaction
    from app.service.coupon_ports import CouponBook, CouponDirectory, StampBook, StampDirectory
    from app.service.guard import GuardSource
    from app.service.insight_ports import InsightSource
    from app.service.membership_ports import MembershipStore
    from app.service.summary_ports import DaySource
    from app.service.tier_ports import Tiers
    from app.service.value_ports import ValueBook, ValueDirectory
    from app.service.what_if_ports import ReplaySource
    from app.service.work_list import WorkSource


class Clock(Protocol):
    """The only way to learn the time."""

    def now_ms(self) -> int:
        """UTC, milliseconds since the epoch."""
        ...

    def local(self) -> datetime:
        """The same instant as the shop's wall clock shows it, with its zone."""
        ...


IdSource = Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """``text`` is printed (01-1-A000123); ``counter`` counts this incarnation without gaps."""

    text: str
    counter: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A fact's place in the chain after it was appended."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """One paper to print. (transaction_id, kind, copy_number) is unique; copy 0 is the original.

    ``kicks_drawer`` is honoured at most once, and never for a copy.
    """

    kind: str  # "receipt", "z_report", "x_report", "slip"
    document: ReceiptDocument
    transaction_id: TransactionId | None = None
    copy_number: int = 0
    kicks_drawer: bool = False


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A print request in the spool. ``state``: queued, sending, awaiting, waiting, done, submitted, held, unknown, cancelled.

    ``detail`` says why, as a code: what the printer reported, or ``operator`` when a person decided.
    """

    id: int
    request: PrintRequest
    state: str
    created_at: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WaitingKick:
    """A paper whose drawer was not opened yet."""

    job_id: int
    kind: str
    transaction_id: TransactionId | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """What the central server does not have yet: how many facts of each kind, the newest one's place, and since when the oldest waits."""

    kinds: Mapping[str, int]
    last_seq: int = 0
    oldest_at: int | None = None

    @property
    def count(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something a person did that leaves no transaction: sign-on, line void, override, reprint, drawer, settings."""

    kind: str
    operator_id: OperatorId | None
    occurred_at: int
    details: Mapping[str, object]
    approved_by: OperatorId | None = None


@dataclass(frozen=True, slots=True)
class HeldSale:
    """A suspended basket. ``body`` is the basket's canonical JSON; the rest is for the list."""

    id: BasketId
    held_at: int
    operator_id: OperatorId
    label: str  # masked member or ""
    line_count: int
    total_minor: int
    body: bytes


@dataclass(frozen=True, slots=True)
class OperatorSecret:
    """What proves an operator. ``failures`` and ``locked_until`` are durable: a restart does not forgive."""

    operator: Operator
    pin_hash: str
    badge_hash: str
    failures: int
    locked_until: int


@dataclass(frozen=True, slots=True)
class Category:
    id: CategoryId
    name: str
    parent_id: CategoryId | None
    code: str


class Catalogue(Protocol):
    """Goods and prices. ``at`` is UTC milliseconds: prices have effective dates."""

    def warm(self) -> None:
        """Read now what the first scan and the first search would wait for."""
        ...

    def by_barcode(self, barcode: str, at: int) -> Item | None: ...
    def by_sku(self, sku: str, at: int) -> Item | None: ...
    def by_id(self, item_id: ItemId, at: int) -> Item | None: ...
    def by_plu(self, plu: str, at: int) -> Item | None:
        """The item that a price-embedded barcode names (leading zeros do not matter)."""
        ...

    def search(self, text: str, at: int, limit: int = 20) -> tuple[ItemHit, ...]:
        """By part of the name, 注音 or pinyin initials, SKU or barcode part; best first."""
        ...

    def tiles(self) -> tuple[Tile, ...]: ...
    def categories(self) -> tuple[Category, ...]: ...
    def promotions(self) -> tuple[Promotion, ...]: ...
    def version(self) -> int:
        """Rises with every change to the catalogue: a plan made on an older version is out of date."""
        ...

    def records(self, at: int) -> Iterator[ItemRecord]:
        """The whole list, items that are not sold any more included."""
        ...


class MemberDirectory(Protocol):
    def by_phone(self, phone: str) -> MemberCard | None: ...
    def by_id(self, member_id: MemberId) -> MemberCard | None: ...
    def by_code(self, code: str) -> MemberCard | None: ...
    def search(self, text: str, limit: int = 20) -> tuple[MemberCard, ...]:
        """By last digits of the number (3 or more) or part of the name."""
        ...

    def among_phones(self, phones: Sequence[str]) -> tuple[Member, ...]:
        """The members whose number is one of these (for slips of a finger)."""
        ...

    def everyone(self) -> Iterator[Member]: ...
    def lots(self, member_id: MemberId) -> tuple[Lot, ...]: ...
    def entries(self, member_id: MemberId, limit: int = 200) -> tuple[LedgerEntry, ...]:
        """Newest first."""
        ...


class Journal(Protocol):
    """Completed transactions, read back whole."""

    def get(self, transaction_id: TransactionId) -> Transaction | None: ...
    def by_receipt_number(self, number: str) -> Transaction | None: ...
    def newest(self, limit: int = 50) -> tuple[Transaction, ...]: ...
    def of_member(self, member_id: MemberId, limit: int = 20) -> tuple[RetailTransaction, ...]: ...
    def of_shift(self, shift_id: ShiftId) -> Iterator[Transaction]: ...
    def returns_of(self, transaction_id: TransactionId) -> tuple[RetailTransaction, ...]:
        """Every later transaction with a line that returns goods of this one, oldest first."""
        ...

    def void_of(self, transaction_id: TransactionId) -> RetailTransaction | None: ...
    def document_of(self, transaction_id: TransactionId) -> ReceiptDocument | None:
        """The receipt as it was first printed."""
        ...

    def copies_of(self, transaction_id: TransactionId) -> int:
        """How many times the receipt was queued again after the original."""
        ...

    def stamp_of(self, transaction_id: TransactionId) -> Stamp | None: ...
    def audit_of_shift(self, shift_id: ShiftId) -> tuple[AuditEvent, ...]: ...


class People(Protocol):
    def operators(self) -> tuple[Operator, ...]: ...
    def by_number(self, number: str) -> OperatorSecret | None: ...
    def by_badge(self, badge_hash: str) -> OperatorSecret | None: ...


class Rules(Protocol):
    """The shop's rules in their versions, from memory."""

    def current(self, area: RuleArea, at: int) -> RuleDocument | None:
        """The version in force at this instant; None where the area has none yet."""
        ...

    def versions(self, area: RuleArea) -> tuple[RuleDocument, ...]:
        """Newest first."""
        ...

    def version(self, area: RuleArea, version: int) -> RuleDocument | None: ...


class EndedLot(Protocol):
    """A lot past its last day. ``ended_before`` is what its end took already."""

    @property
    def member_id(self) -> MemberId: ...
    @property
    def lot(self) -> Lot: ...
    @property
    def ended_before(self) -> int: ...


class Desk(Protocol):
    """What lies on the counter between customers."""

    def current_shift(self) -> Shift | None: ...
    def closed_shift(self, z_number: int | None = None) -> Shift | None:
        """The closing with this number, or the last one."""
        ...

    def draft(self) -> bytes | None: ...
    def held_sales(self) -> tuple[HeldSale, ...]: ...
    def setting(self, key: str) -> object | None: ...
    def settings(self) -> Mapping[str, object]: ...
    def unsent_count(self) -> int:
        """Records that the central server does not have yet."""
        ...

    def unsent_tickets(self) -> int:
        """Sales, returns and voids among them."""
        ...

    def unsent_until(self, seq: int) -> int:
        """Those among them up to this place."""
        ...

    def unsent(self, after_seq: int = 0) -> Unsent:
        """Those behind this place, by kind. Reads each one: for somebody who looks, never for every sale."""
        ...

    def print_jobs(self, states: Sequence[str], limit: int = 100) -> tuple[PrintJob, ...]: ...
    def print_job(self, job_id: int) -> PrintJob | None: ...
    def prints_to_send(self, limit: int) -> tuple[PrintJob, ...]:
        """What starts by itself, oldest first: queued, and held up by the printer. Not what a person holds."""
        ...

    def waiting_kicks(self, limit: int = 20) -> tuple[WaitingKick, ...]: ...


class UnitOfWork(Protocol):
    """One atomic, durable change. After ``commit()`` returns, a power cut loses nothing of it."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def commit(self) -> None: ...
    @property
    def hlc(self) -> int:
        """The hybrid logical clock as of the fact appended last: milliseconds, shifted left by 16."""
        ...

    @property
    def coupons(self) -> CouponBook: ...
    @property
    def stamps(self) -> StampBook: ...
    @property
    def value(self) -> ValueBook: ...
    def next_receipt_number(self) -> ReceiptNumber: ...
    def next_z_number(self) -> int: ...
    def append(self, transaction: Transaction) -> Stamp:
        """Write header, lines, tenders, fact, chain and outbox of one transaction."""
        ...

    def post(self, entry: LedgerEntry) -> None: ...
    @property
    def posted(self) -> Sequence[LedgerEntry]:
        """What this unit has posted so far."""
        ...

    def known_entries(self, ids: Collection[EntryId]) -> frozenset[EntryId]:
        """Those of these entries that are in the ledger."""
        ...

    def entry(self, entry_id: EntryId) -> LedgerEntry | None: ...
    def referrer_of(self, member_id: MemberId) -> MemberId | None:
        """Who brought this member."""
        ...

    def has_one_purchase(self, member_id: MemberId) -> bool:
        """Whether the member has bought exactly once, this unit included."""
        ...

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
        ...

    def post_all(self, entries: Sequence[LedgerEntry]) -> None:
        """Many entries, of many members, as one fact."""
        ...

    def lots(self, member_id: MemberId) -> tuple[Lot, ...]: ...
    def spendable(self, member_id: MemberId, on: date) -> int:
        """What these lots add up to for who spends on this day; counted without reading each of them."""
        ...

    def ended_lots(self, found: Sequence[tuple[date, MemberId, LotId]]) -> Sequence[EndedLot]:
        """Those of these lots that still hold points or owe some, as they stand in this unit."""
        ...

    def returns_of(self, transaction_id: TransactionId) -> tuple[RetailTransaction, ...]: ...
    def void_of(self, transaction_id: TransactionId) -> RetailTransaction | None: ...
    def add_member(self, member: Member, *, created_at: int, operator_id: OperatorId | None) -> None: ...
    def member_by_phone(self, phone: str) -> Member | None: ...
    def update_member(
        self, member: Member, *, changed_at: int, operator_id: OperatorId | None = None
    ) -> None:
        """What this changes of the person is recorded as a sealed fact."""
        ...

    def catalogue_version(self) -> int: ...
    def put_categories(self, categories: Sequence[Category]) -> None:
        """Add or change; parents come first."""
        ...

    def put_items(self, items: Sequence[ItemRecord], *, changed_at: int, prices_from: int) -> None:
        """Add or change. A price that differs from the one of ``prices_from`` gets a new row from then on; none is overwritten."""
        ...

    def put_tiles(self, tiles: Sequence[Tile]) -> None:
        """These are all the quick keys from now on."""
        ...

    def put_promotions(self, promotions: Sequence[Promotion], *, changed_at: int) -> None:
        """These are all the promotions from now on."""
        ...

    def enqueue_print(self, request: PrintRequest, *, created_at: int) -> int:
        """Returns the job's number."""
        ...

    def enqueue_receipt(
        self, transaction_id: TransactionId, facts: ReceiptFacts, *, kicks_drawer: bool, created_at: int
    ) -> int:
        """The original receipt of a transaction of this unit; its document is written out when it is first sent."""
        ...

    def set_print_state(
        self,
        job_id: int,
        state: str,
        *,
        changed_at: int,
        detail: str = "",
        bytes_sent: int = 0,
        fence_id: int = 0,
    ) -> None: ...
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
        """Change the state, unless somebody else has changed it since ``job`` was read: then nothing happens and it is False."""
        ...

    def take_kick(self, job_id: int, *, changed_at: int, detail: str) -> bool:
        """Take a paper's one drawer pulse; False when it was taken before."""
        ...

    def audit(self, event: AuditEvent) -> None: ...
    def save_draft(self, body: bytes | None) -> None: ...
    def hold(self, held: HeldSale) -> None: ...
    def take_held(self, basket_id: BasketId) -> HeldSale | None:
        """Remove and return it; None when somebody else was faster."""
        ...

    def open_shift(self, shift: Shift) -> None: ...
    def close_shift(self, shift: Shift) -> None: ...
    def current_shift(self) -> Shift | None: ...
    def save_operator(
        self, operator: Operator, *, pin_hash: str | None = None, badge_hash: str | None = None
    ) -> None: ...
    def set_failures(self, operator_id: OperatorId, failures: int, locked_until: int) -> None: ...
    def put_setting(self, key: str, value: object) -> None: ...


class Store(Protocol):
    """The till's database."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def members(self) -> MemberDirectory: ...
    @property
    def membership(self) -> MembershipStore:
        """Files, consents, merges, erasures, portraits, events."""
        ...

    @property
    def journal(self) -> Journal: ...
    @property
    def people(self) -> People: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def tiers(self) -> Tiers: ...
    @property
    def guard(self) -> GuardSource: ...
    @property
    def replay(self) -> ReplaySource: ...
    @property
    def coupons(self) -> CouponDirectory: ...
    @property
    def stamps(self) -> StampDirectory: ...
    @property
    def value(self) -> ValueDirectory: ...
    @property
    def days(self) -> DaySource:
        """Business dates, added up."""
        ...

    @property
    def insight(self) -> InsightSource: ...
    @property
    def work_rows(self) -> WorkSource: ...

    @property
    def device_id(self) -> DeviceId: ...
    def begin(self) -> UnitOfWork: ...
    def statement(self, member_id: MemberId, on: date) -> BalanceStatement:
        """Why a member's balance is what it is."""
        ...

    def ended_lots(self, today: date, since: date) -> Iterator[tuple[tuple[date, MemberId, LotId], ...]]:
        """Lots this till opened whose last day lies in [since, today), page by page."""
        ...

    def count_ended_lots(self, today: date, since: date) -> int: ...
    def quiet_members(self, before: date) -> Iterator[tuple[int, tuple[tuple[MemberId, date], ...]]]:
        """Whoever bought last before this day and still holds points, with that day; and how many members each page went through."""
        ...

    def count_members(self) -> int: ...
    def idle(self) -> None:
        """Called when nothing is waiting: the moment for a checkpoint."""
        ...

    def close(self) -> None: ...


class Spool(Protocol):
    """Prints what the store has queued, on a thread of its own."""

    def wake(self) -> None: ...
