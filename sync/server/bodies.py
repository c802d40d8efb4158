"""The bodies of facts as rows of the server's tables. Each is parsed once, here, and trusted after.

What cannot be parsed raises one of ``DAMAGE``; no field that is not needed is looked at, so that a newer till's facts are understood as
far as they are what they were.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from app.domain.money import extend
from app.domain.tender import TenderKind
from sync.protocol import Record

DAMAGE: Final = (
    msgspec.DecodeError,
    msgspec.ValidationError,
    ValueError,
    AssertionError,
    RecursionError,
    OverflowError,
)

Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
# Many of them in one body: their length is checked one by one, their letters all at once.
LongId = Annotated[str, Meta(min_length=32, max_length=32)]
CASH: Final = TenderKind.CASH.value
HEXADECIMAL: Final = re.compile("[0-9a-f]*")
Whole = Annotated[int, Meta(ge=-(1 << 53), le=1 << 53)]
Day = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of ``fact``, as far as it is spread over the tables."""

    id: str
    device_id: str
    kind: str
    hlc: int
    body: bytes
    incarnation: int
    seq: int
    occurred_at: int
    prev: bytes
    hash: bytes

    @property
    def record(self) -> Record:
        """As the till sent it."""
        own = UUID(self.id).bytes
        return Record(self.seq, own, self.kind, self.occurred_at, self.hlc, self.prev, self.hash, self.body)


class Line(Struct, frozen=True, gc=False):
    item: LongId
    sku: str
    name: str
    price: Whole
    qty: Whole = 1000
    gross: Whole | None = None
    net: Whole | None = None
    category: LongId | None = None
    n: Whole | None = None


class Tender(Struct, frozen=True, gc=False):
    kind: str
    amount: Whole
    points: Whole = 0
    n: Whole | None = None


class TicketEntry(Struct, frozen=True, gc=False):
    """What a ticket posts: on its day, and its member's where it names nobody else."""

    id: LongId
    entry: str
    postings: list[list[Any]]
    member: LongId | None = None


class Sale(Struct, frozen=True):
    id: LongId
    kind: str
    receipt: str
    shift: LongId
    operator: LongId
    date: Day
    at: Whole
    currency: str
    lines: list[Line]
    total: Whole
    tenders: list[Tender] = []
    change: Whole = 0
    taxes: list[tuple[str, Whole, Whole, Whole]] = []
    member: LongId | None = None
    new_member: bool = False
    points: tuple[Whole, Whole, Whole, Whole] = (0, 0, 0, 0)
    voids: LongId | None = None
    training: bool = False
    entries: list[TicketEntry] = []


class Entry(Struct, frozen=True):
    id: Id
    entry: str
    member: Id
    date: Day
    postings: list[list[Any]]
    transaction: Id | None = None


class Entries(Struct, frozen=True):
    entries: list[Entry]


class ValueEntry(Struct, frozen=True):
    id: Id
    entry: str
    account: Id
    date: Day
    postings: list[tuple[str, str, Whole]]
    transaction: Id | None = None


class Issued(Struct, frozen=True):
    id: Id
    template: str
    uses: Whole = 1
    member: Id | None = None


class Coupons(Struct, frozen=True):
    coupons: list[Issued] | None = None


class CouponUse(Struct, frozen=True):
    id: Id
    coupon: Id
    event: str
    at: Whole
    date: Day
    transaction: Id | None = None


class MemberWord(Struct, frozen=True):
    """Enrolment, change of the file, consent, merge, erasure."""

    id: Id
    member: Id
    at: Whole
    sealed: str = ""
    into: Id | None = None
    purpose: str = ""
    granted: bool = False


_SALE: Final = msgspec.json.Decoder(Sale)
_ENTRY: Final = msgspec.json.Decoder(Entry)
_ENTRIES: Final = msgspec.json.Decoder(Entries)
_VALUE_ENTRY: Final = msgspec.json.Decoder(ValueEntry)
_COUPONS: Final = msgspec.json.Decoder(Coupons)
_ISSUED: Final = msgspec.json.Decoder(Issued)
_COUPON_USE: Final = msgspec.json.Decoder(CouponUse)
_MEMBER_WORD: Final = msgspec.json.Decoder(MemberWord)


def sale_of(body: bytes) -> Sale:
    """A sale, return or post-void."""
    sale = _SALE.decode(body)
    ids = [sale.id, sale.shift, sale.operator, sale.member or "", sale.voids or ""]
    for line in sale.lines:
        ids.append(line.item)
        if line.category is not None:
            ids.append(line.category)
    for entry in sale.entries:
        ids.append(entry.id)
        if entry.member is not None:
            ids.append(entry.member)
    assert HEXADECIMAL.fullmatch("".join(ids))
    return sale


def sale_rows(tenant: str, fact: Fact, sale: Sale) -> tuple[Row, list[Row], list[Row]]:
    """The sale, its lines, which add up to its total, and its tenders."""
    own, total, lines = sale.id, 0, []
    for index, line in enumerate(sale.lines, 1):
        net = line.net
        if net is None:
            net = line.gross if line.gross is not None else extend(line.price, line.qty)
        total += net
        number = index if line.n is None else line.n
        lines.append(
            (
                tenant, own, number, line.item, clean(line.sku), clean(line.name), line.qty, line.price, net, line.category,
            )
        )  # fmt: skip
    assert total == sale.total
    cash, tenders = -sale.change, []
    for index, one in enumerate(sale.tenders, 1):
        if one.kind == CASH:
            cash += one.amount
        tenders.append(
            (tenant, own, index if one.n is None else one.n, clean(one.kind), one.amount, one.points)
        )
    store, till = _places(sale.receipt)
    row = (
        tenant, own, fact.device_id, store, till, clean(sale.receipt), sale.kind, day_number(sale.date), sale.at,
        sale.operator, sale.shift, sale.member, sale.new_member, clean(sale.currency), total,
        sum(tax[3] for tax in sale.taxes), cash, sale.points[0], sale.points[1], sale.voids,
    )  # fmt: skip
    return row, lines, tenders


def ticket_entries(sale: Sale) -> list[Entry]:
    """What the ticket posts in the ledger of points."""
    entries = []
    for one in sale.entries:
        owner = one.member or sale.member
        assert owner is not None
        entries.append(Entry(one.id, one.entry, owner, sale.date, one.postings, sale.id))
    return entries


def entries_of(body: bytes, *, is_many: bool) -> list[Entry]:
    """The entries of a fact that holds nothing else."""
    return _ENTRIES.decode(body).entries if is_many else [_ENTRY.decode(body)]


def posting_rows(tenant: str, entry: Entry) -> list[Row]:
    """The postings of an entry, which sum to zero."""
    date, kind = day_number(entry.date), clean(entry.entry)
    rows, total = [], 0
    for number, (account, points, *lot) in enumerate(entry.postings, 1):
        owner = None
        if account == "member":
            owner = _id(lot[1]) if len(lot) == 2 else entry.member
        total += _whole(points)
        rows.append(
            (
                tenant, entry.id, number, kind, clean(account), owner, _id(lot[0]) if lot else None, points, date,
                entry.transaction,
            )
        )  # fmt: skip
    assert rows
    assert total == 0
    return rows


def value_rows(tenant: str, body: bytes) -> list[Row]:
    entry = _VALUE_ENTRY.decode(body)
    assert sum(minor for _, _, minor in entry.postings) == 0
    date, kind = day_number(entry.date), clean(entry.entry)
    return [
        (
            tenant,
            entry.id,
            number,
            entry.account,
            kind,
            clean(book),
            clean(part),
            minor,
            date,
            entry.transaction,
        )
        for number, (book, part, minor) in enumerate(entry.postings, 1)
    ]


def coupon_rows(tenant: str, body: bytes) -> list[Row]:
    many = _COUPONS.decode(body).coupons
    issued = [_ISSUED.decode(body)] if many is None else many
    return [(tenant, one.id, one.member, clean(one.template), one.uses) for one in issued]


def coupon_use_row(tenant: str, fact: Fact) -> Row:
    use = _COUPON_USE.decode(fact.body)
    return (
        tenant,
        use.id,
        use.coupon,
        clean(use.event),
        use.transaction,
        fact.hlc,
        use.at,
        day_number(use.date),
    )


def coupon_use_id(body: bytes) -> str:
    return _COUPON_USE.decode(body).id


def member_word(body: bytes) -> MemberWord:
    return _MEMBER_WORD.decode(body)


def day_number(iso: str) -> int:
    """``20261121``."""
    return int(iso[:4] + iso[5:7] + iso[8:])


def clean(words: str) -> str:
    """PostgreSQL keeps no NUL in a text."""
    return words.replace("\0", "") if "\0" in words else words


def _places(receipt: str) -> tuple[str, str]:
    """The store and the till in ``S01-T2-A000123``."""
    parts = clean(receipt).rsplit("-", 2)
    return (parts[0], parts[1]) if len(parts) == 3 else ("", "")


def _whole(value: Any) -> int:
    assert type(value) is int
    assert abs(value) <= 1 << 53
    return value


def _id(value: Any) -> str:
    assert type(value) is str
    assert len(value) == 32
    assert HEXADECIMAL.fullmatch(value)
    return value
