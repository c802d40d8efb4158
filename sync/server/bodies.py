"""The bodies of facts as rows of the server's tables. Each is parsed once, here, and trusted after.

What cannot be parsed raises one of ``DAMAGE``; no field that is not needed is looked at, so that a newer till's facts are understood as
far as they are what they were.
"""

from __future__ import annotations

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
    item: Id
    sku: str
    name: str
    price: Whole
    qty: Whole = 1000
    gross: Whole | None = None
    net: Whole | None = None
    category: Id | None = None
    n: Whole | None = None


class Tender(Struct, frozen=True, gc=False):
    kind: str
    amount: Whole
    points: Whole = 0
    n: Whole | None = None


class TicketEntry(Struct, frozen=True, gc=False):
    """What a ticket posts: on its day, and its member's where it names nobody else."""

    id: Id
    entry: str
    postings: list[list[Any]]
    member: Id | None = None


class Sale(Struct, frozen=True):
    id: Id
    kind: str
    receipt: str
    shift: Id
    operator: Id
    date: Day
    at: Whole
    currency: str
    lines: list[Line]
    total: Whole
    tenders: list[Tender] = []
    change: Whole = 0
    taxes: list[tuple[str, Whole, Whole, Whole]] = []
    member: Id | None = None
    new_member: bool = False
    points: tuple[Whole, Whole, Whole, Whole] = (0, 0, 0, 0)
    voids: Id | None = None
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
    """A sale, return or post-void whose lines add up to its total."""
    sale = _SALE.decode(body)
    assert sum(_net(line) for line in sale.lines) == sale.total
    return sale


def sale_rows(tenant: str, fact: Fact, sale: Sale) -> tuple[Row, list[Row], list[Row]]:
    """The sale, its lines and its tenders."""
    store, till = _places(sale.receipt)
    cash = sum(tender.amount for tender in sale.tenders if tender.kind == TenderKind.CASH) - sale.change
    row = (
        tenant, sale.id, fact.device_id, store, till, clean(sale.receipt), sale.kind, day_number(sale.date), sale.at,
        sale.operator, sale.shift, sale.member, sale.new_member, clean(sale.currency), sale.total,
        sum(tax[3] for tax in sale.taxes), cash, sale.points[0], sale.points[1], sale.voids,
    )  # fmt: skip
    lines = [
        (
            tenant, sale.id, index if line.n is None else line.n, line.item, clean(line.sku), clean(line.name), line.qty,
            line.price, _net(line), line.category,
        )
        for index, line in enumerate(sale.lines, 1)
    ]  # fmt: skip
    tenders = [
        (tenant, sale.id, index if one.n is None else one.n, clean(one.kind), one.amount, one.points)
        for index, one in enumerate(sale.tenders, 1)
    ]
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


def _net(line: Line) -> int:
    if line.net is not None:
        return line.net
    return line.gross if line.gross is not None else extend(line.price, line.qty)


def _places(receipt: str) -> tuple[str, str]:
    """The store and the till in ``S01-T2-A000123``."""
    parts = clean(receipt).rsplit("-", 2)
    return (parts[0], parts[1]) if len(parts) == 3 else ("", "")


def _whole(value: Any) -> int:
    assert type(value) is int
    assert abs(value) <= 1 << 53
    return value


def _id(value: Any) -> str:
    return msgspec.convert(value, Id)
