"""Coupons, their events and stamps against their facts, and against the sales that tell of them.

Every row follows from a fact, each fact left its rows, and every use, return and stamp that a ticket tells of has its event: no more
and no less.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from app.domain.codec_moves import moves_from_plain
from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.loyalty.coupon import Coupon, CouponEventKind, coupons_from_plain, event_from_plain
from app.domain.loyalty.moves import Moves
from app.domain.loyalty.stamps import StampEventKind
from app.domain.loyalty.stamps_codec import stamp_from_plain
from app.domain.money import CURRENCIES
from db import coupons, stamps
from db.engine import Cursor
from db.feed_loyalty import coupon_order
from db.finding import Finding, Progress
from db.verify_feed import OWN_CLOCK, OWN_STANDS, elsewhere

SEQS_AT_ONCE: Final = 5_000
CHECKS: Final = frozenset(("coupon_off", "coupon_event_off", "stamp_off", "coupon_use_off", "stamp_use_off"))

_NEWEST: Final = "SELECT coalesce(max(seq), 0) FROM fact"
_FACTS: Final = f"""
SELECT seq, kind, {OWN_CLOCK}, body FROM fact f
WHERE seq BETWEEN ? AND ? AND kind IN ('coupon', 'coupon_event', 'stamp') AND {OWN_STANDS} ORDER BY seq
"""
# Only when one was told twice.
_OWN_COUPONS: Final = f"SELECT body FROM fact f WHERE kind = 'coupon' AND {OWN_STANDS}"
_KINDS: Final = (FactKind.COUPON._value_, FactKind.COUPON_EVENT._value_, FactKind.STAMP._value_)
# Tickets that moved something; what they say stands in their bytes.
_TICKETS: Final = """
SELECT f.id, h.receipt_number, f.body FROM fact f JOIN transaction_header h ON h.seq = f.seq
WHERE f.seq BETWEEN ? AND ? AND f.kind IN ('sale', 'return', 'post_void') AND instr(f.body, CAST('"moves"' AS BLOB)) > 0
"""
_COUPON: Final = f"SELECT {', '.join(coupons.COUPON_COLUMNS)} FROM coupon WHERE id = ?"
_EVENT: Final = f"SELECT {', '.join(coupons.EVENT_COLUMNS)} FROM coupon_event WHERE id = ?"
_STAMP: Final = f"SELECT {', '.join(stamps.COLUMNS)} FROM stamp_event WHERE id = ?"
_COUNTS: Final = {
    "coupon_off": "SELECT count(*) FROM coupon",
    "coupon_event_off": "SELECT count(*) FROM coupon_event",
    "stamp_off": "SELECT count(*) FROM stamp_event",
}
# Index coupon_event_of_transaction, stamp_event_of_transaction.
_USED: Final = (
    "SELECT coupon_id, amount_minor FROM coupon_event WHERE transaction_id = ? AND kind = 'redeemed'"
)
_GAINED: Final = (
    "SELECT card, kind, stamps FROM stamp_event WHERE transaction_id = ? AND kind IN ('earned', 'redeemed')"
)
# Index coupon_event_of_coupon.
_GIVEN_BACK: Final = "SELECT count(*) FROM coupon_event WHERE coupon_id = ? AND kind = 'restored'"
# Of other tills' tickets only those that concern a member are here, and none of them whole.
_ALL_USES: Final = "SELECT count(*) FROM coupon_event e JOIN fact f ON f.id = e.id WHERE e.kind = ?"
_ALL_STAMPS: Final = """
SELECT e.kind, sum(stamps) FROM stamp_event e JOIN fact f ON f.id = e.id WHERE transaction_id IS NOT NULL GROUP BY e.kind
"""


def check_loyalty(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """All of them."""
    books = _Books(cursor)
    newest: int = cursor.execute(_NEWEST).fetchone()[0]
    for first in range(1, newest + 1, SEQS_AT_ONCE):
        progress("loyalty", first, newest)
        window = (first, first + SEQS_AT_ONCE - 1)
        for seq, *fact in cursor.execute(_FACTS, window).fetchall():
            yield from books.follow(f"seq {seq}", *fact)
        for ticket in cursor.execute(_TICKETS, window).fetchall():
            yield from books.follow_ticket(*ticket)
    for told in elsewhere(cursor, _KINDS):
        yield from books.follow(told.id.hex().upper(), told.kind, told.hlc, told.body)
    yield from books.left_over()


class _Books:
    """Follows every fact and every ticket; then asks what none of them accounts for."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._seen: dict[str, set[bytes]] = {check: set() for check in _COUNTS}
        # Coupons that are stored otherwise than a fact told: another fact may have told of them as well.
        self._other_form: dict[bytes, list[tuple[str, tuple[Any, ...]]]] = {}
        self._uses: Counter[CouponEventKind] = Counter()
        self._stamps: Counter[StampEventKind] = Counter()

    def follow(self, place: str, kind: str, hlc: int, body: bytes) -> Iterator[Finding]:
        try:
            plain = json.loads(body)
            wanted = self._wanted(kind, hlc, plain)
        except (Refused, *DAMAGE):
            yield Finding("fact_unreadable", f"fact {place}")
            return
        for check, statement, row in wanted:
            self._seen[check].add(row[0])
            stored = self._cursor.execute(statement, (row[0],)).fetchone()
            if stored is not None and tuple(stored) != row and check == "coupon_off":
                self._other_form.setdefault(row[0], []).append((place, row))
            elif stored is None or tuple(stored) != row:
                yield Finding(check, place, row[0].hex())

    def _wanted(self, kind: str, hlc: int, plain: dict[str, Any]) -> list[tuple[str, str, tuple[Any, ...]]]:
        match kind:
            case FactKind.COUPON:
                rows = [coupons.coupon_row(coupon) for coupon in coupons_from_plain(plain)]
                return [("coupon_off", _COUPON, row) for row in rows]
            case FactKind.COUPON_EVENT:
                return [("coupon_event_off", _EVENT, coupons.event_row(event_from_plain(plain, hlc)))]
            case _:
                return [("stamp_off", _STAMP, stamps.event_row(stamp_from_plain(plain)))]

    def follow_ticket(self, own: bytes, number: str, body: bytes) -> Iterator[Finding]:
        """What a ticket says that it did to coupons and stamps, against the events."""
        try:
            plain = json.loads(body)
            moves = moves_from_plain(plain["moves"], CURRENCIES[plain["currency"]])
        except DAMAGE:
            return  # told of already by whoever reads every transaction
        yield from self._coupon_uses(own, number, moves)
        gained: Counter[tuple[str, str]] = Counter()
        for move in moves.stamps:
            gained[move.card, StampEventKind.EARNED] += max(0, move.earned)
            gained[move.card, StampEventKind.REDEEMED] -= max(0, move.spent)
            self._stamps[StampEventKind.EARNED] += max(0, move.earned)
            self._stamps[StampEventKind.REDEEMED] -= max(0, move.spent)
            self._stamps[StampEventKind.TAKEN_BACK] += min(0, move.earned)
            self._stamps[StampEventKind.RESTORED] -= min(0, move.spent)
        told: Counter[tuple[str, str]] = Counter()
        for card, kind, count in self._cursor.execute(_GAINED, (own,)).fetchall():
            told[card, kind] += count
        if {key: count for key, count in gained.items() if count} != dict(told):
            yield Finding("stamp_use_off", number)

    def _coupon_uses(self, own: bytes, number: str, moves: Moves) -> Iterator[Finding]:
        used = sorted((use.coupon_id.bytes, use.amount.minor) for use in moves.coupons if not use.is_restored)
        told = sorted((row[0], row[1]) for row in self._cursor.execute(_USED, (own,)).fetchall())
        if used != told:
            yield Finding("coupon_use_off", number)
        for use in moves.coupons:
            kind = CouponEventKind.RESTORED if use.is_restored else CouponEventKind.REDEEMED
            self._uses[kind] += 1
            if use.is_restored and not self._is_given_back(use.coupon_id):
                yield Finding("coupon_use_off", number, use.coupon_id.hex)

    def _is_given_back(self, coupon_id: UUID) -> bool:
        count: int = self._cursor.execute(_GIVEN_BACK, (coupon_id.bytes,)).fetchone()[0]
        return count > 0

    def _given_twice(self) -> Iterator[Finding]:
        """Of a coupon that was told in two ways the smaller form stands, and nothing that nobody told."""
        if not self._other_form:
            return
        own = self._cursor.execute(_OWN_COUPONS).fetchall()
        told = [*(body for (body,) in own), *(one.body for one in elsewhere(self._cursor, _KINDS[:1]))]
        smallest: dict[bytes, Coupon] = {}
        for body in told:
            with suppress(Refused, *DAMAGE):  # told of already
                for coupon in coupons_from_plain(json.loads(body)):
                    known = smallest.setdefault(coupon.id.bytes, coupon)
                    smallest[coupon.id.bytes] = min(known, coupon, key=coupon_order)
        for coupon_id, forms in self._other_form.items():
            stored = tuple(self._cursor.execute(_COUPON, (coupon_id,)).fetchone())
            if stored != coupons.coupon_row(smallest[coupon_id]):
                yield Finding("coupon_off", forms[0][0], coupon_id.hex())

    def left_over(self) -> Iterator[Finding]:
        """Rows that no fact tells of, and events that no ticket tells of."""
        yield from self._given_twice()
        for check, statement in _COUNTS.items():
            stored = self._cursor.execute(statement).fetchone()[0]
            if stored != len(self._seen[check]):
                yield Finding(check, f"{stored} / {len(self._seen[check])}")
        for kind in (CouponEventKind.REDEEMED, CouponEventKind.RESTORED):
            stored = self._cursor.execute(_ALL_USES, (kind._value_,)).fetchone()[0]
            if stored != self._uses[kind]:
                yield Finding("coupon_use_off", kind._value_, f"{stored} / {self._uses[kind]}")
        found = {kind: count for kind, count in self._cursor.execute(_ALL_STAMPS).fetchall() if count}
        if found != {kind._value_: count for kind, count in self._stamps.items() if count}:
            yield Finding("stamp_use_off", "*")
