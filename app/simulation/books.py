"""What an outsider has seen of every till: the facts as they were committed, and what must never become untrue of them.

It reads the bytes of the facts and nothing else of the product's tables, so that it cannot share the product's mistakes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.domain.chain import link
from app.simulation.till import SimTill
from app.simulation.violation import Violation

FACTS: Final = "SELECT seq, id, incarnation, kind, occurred_at, hlc, prev_hash, hash, body FROM fact WHERE seq > ? ORDER BY seq"
NOBODY_OWES: Final = b'"never_owes":true'
THOUSAND: Final = 1_000
DERIVED: Final = frozenset((5, 8))
"""The versions of ids that tills make alike on purpose."""
RETAIL: Final = frozenset(("sale", "return", "post_void"))


@dataclass(frozen=True, slots=True)
class Seen:
    """One fact in one till's file."""

    seq: int
    id: bytes
    incarnation: int
    kind: str
    hlc: int
    hash: bytes
    body: bytes
    plain: dict[str, Any]


@dataclass(slots=True)
class Book:
    """One till's file, as far as it was read."""

    facts: list[Seen] = field(default_factory=list)

    @property
    def last_seq(self) -> int:
        return self.facts[-1].seq if self.facts else 0


@dataclass(slots=True)
class Books:
    """Of all tills. ``copied``: devices whose disk was copied or put back whole, which may give a number out twice unknowingly."""

    by_till: dict[str, Book] = field(default_factory=dict)
    numbers: dict[str, bytes] = field(default_factory=dict)  # receipt number -> fact
    copied: set[UUID] = field(default_factory=set)
    may_owe: bool = True
    """Whether the rules always let a member owe what was spent of taken-back points."""
    facts: int = 0

    def of(self, till: SimTill) -> Book:
        return self.by_till.setdefault(till.name, Book())

    def read(self, till: SimTill) -> tuple[Seen, ...]:
        """What was committed since the last look, each link and number of it checked."""
        book = self.of(till)
        with till.store.engines.reading() as cursor:
            rows = cursor.execute(FACTS, (book.last_seq,)).fetchall()
        return tuple(self._take(till, book, row) for row in rows)

    @property
    def erased(self) -> set[str]:
        """Who was forgotten, as far as any till's file still says so."""
        facts = (seen for book in self.by_till.values() for seen in book.facts)
        return {seen.plain["member"] for seen in facts if seen.kind == "erasure"}

    def cut_back(self, till: SimTill, seq: int) -> tuple[Seen, ...]:
        """An older disk is in this till: what it had beyond this place is gone from it, and is returned."""
        book = self.of(till)
        gone = tuple(one for one in book.facts if one.seq > seq)
        book.facts = [one for one in book.facts if one.seq <= seq]
        return gone

    def copy(self, till: SimTill, clone: SimTill) -> None:
        self.of(clone).facts = list(self.of(till).facts)

    def _take(self, till: SimTill, book: Book, row: tuple[Any, ...]) -> Seen:
        seq, own, incarnation, kind, _, hlc, prev, digest, body = row
        before = book.facts[-1] if book.facts else None
        device = till.store.device_id
        check_i9_chain(till.name, before, seq, link(prev, device, incarnation, seq, body), digest, prev)
        check_i6_places(till.name, before, seq, incarnation)
        check_i20_clock(till.name, before, hlc)
        seen = Seen(seq, own, incarnation, kind, hlc, digest, body, readable(body))
        if kind in RETAIL:
            check_i2_totals(seen)
        check_i3_postings(seen)
        self._check_i7_numbers(device, seen)
        if kind == "rules" and NOBODY_OWES in body:
            self.may_owe = False
        if kind == "post_void" and self.may_owe:
            check_i4_void(book, seen)
        book.facts.append(seen)
        self.facts += 1
        return seen

    def _check_i7_numbers(self, device: UUID, seen: Seen) -> None:
        number = seen.plain.get("receipt")
        if number is None:
            return
        known = self.numbers.setdefault(number, seen.id)
        if known != seen.id and device not in self.copied:
            raise Violation("I7", "number_reused", number=number)


def check_i9_chain(
    till: str, before: Seen | None, seq: int, expected: bytes, digest: bytes, prev: bytes
) -> None:
    if expected != digest or (before is not None and prev != before.hash):
        raise Violation("I9", "chain_broken", till=till, seq=seq)


def check_i6_places(till: str, before: Seen | None, seq: int, incarnation: int) -> None:
    """Gap-free within a life; another life may begin further on."""
    if (
        before is not None
        and seq != before.seq + 1
        and (incarnation == before.incarnation or seq <= before.seq)
    ):
        raise Violation("I6", "place_missing", till=till, seq=seq)


def check_i20_clock(till: str, before: Seen | None, hlc: int) -> None:
    if before is not None and hlc <= before.hlc:
        raise Violation("I20", "clock_back", till=till)


def check_i2_totals(seen: Seen) -> None:
    """Lines are the total, and what was paid less the change is the total with its rounding."""
    plain = seen.plain
    amounts = [
        plain["total"],
        *map(_net, plain["lines"]),
        *(one["amount"] for one in plain.get("tenders", ())),
    ]
    if any(type(amount) is not int for amount in amounts):
        raise Violation("I2", "money_not_whole", number=plain["receipt"])
    lines = sum(_net(line) for line in plain["lines"])
    paid = sum(tender["amount"] for tender in plain.get("tenders", ())) - plain.get("change", 0)
    if lines != plain["total"] or paid != plain["total"] + plain.get("rounding", 0):
        raise Violation("I2", "totals_differ", number=plain["receipt"])


def check_i4_void(book: Book, seen: Seen) -> None:
    """A ticket that is taken back takes its points with it, and gives back those that paid for it.

    Not a bonus that other tills give alike: where another till's word for it stands, that till's ticket carries it.
    """
    original = next((one for one in book.facts if one.id.hex() == seen.plain["voids"]), None)
    if original is not None and points_of(original, own=True) + points_of(seen, own=True) != 0:
        raise Violation("I4", "void_keeps_points", number=seen.plain["receipt"])


def check_i3_postings(seen: Seen) -> None:
    for entry in entries_of(seen):
        if sum(posting[1] for posting in entry["postings"]) != 0:
            raise Violation("I3", "postings_differ", entry=entry["id"])


def entries_of(seen: Seen) -> Iterable[dict[str, Any]]:
    """The points entries that a fact tells of, each with its member."""
    if seen.kind == "points_entry":
        return (seen.plain,)
    if "entries" in seen.plain:
        member = seen.plain.get("member")
        return tuple({"member": member, **entry} for entry in seen.plain["entries"])
    return ()


def points_of(seen: Seen, *, own: bool = False) -> int:
    """What a fact does to members' points; ``own``: by entries that nobody else can tell of."""
    return sum(
        posting[1]
        for entry in entries_of(seen)
        if not (own and UUID(entry["id"]).version in DERIVED)
        for posting in entry["postings"]
        if posting[0] == "member"
    )


def readable(body: bytes) -> dict[str, Any]:
    try:
        plain = json.loads(body)
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) else {}


def _net(line: dict[str, Any]) -> int:
    """Every quantity sold here is whole; a field that holds its default is not written."""
    gross = line.get("gross", line["price"] * line.get("qty", THOUSAND) // THOUSAND)
    net: int = line.get("net", gross)
    return net
