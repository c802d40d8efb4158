"""A stretch of the chain, added up by business date: what a part of a day holds. Only reads; :mod:`db.days` writes.

Adding is all that happens, as in ``app/domain/settlement.py``: two stretches folded apart are the sum of both, voids and returns count on
the day on which they were rung, practice counts nowhere. The same stretch folds to the same part, whenever it is asked.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import FactKind, entries_from_plain
from app.domain.loyalty.coupon import coupons_from_plain
from app.domain.loyalty.value_items import VALUE_ITEMS
from app.service.summary_ports import BACK, NEVER, SERVED, SIGN_UP, VISIT, VOID
from db.day_columns import ITEM, TICKET, packed
from db.engine import Cursor
from db.ledger import TOLD_BETWEEN
from db.types import date_number, number_date

FORM: Final = 1  # of the parts: a file with an older form is folded anew
HABIT_VISITS_MIN: Final = 3
_HABIT_MAX: Final = 65_535
_EPOCH: Final = date(1970, 1, 1).toordinal()
_Told = TypeVar("_Told")
_VALUE_ITEMS: Final = frozenset(one.bytes for one in VALUE_ITEMS)

_IN: Final = "h.seq BETWEEN ?1 AND ?2 AND h.is_training = 0"
HEADERS: Final = f"""
SELECT h.seq, h.kind, h.operator_id, h.business_date, h.occurred_at, h.utc_offset_minutes, h.member_id, m.number,
  h.is_new_member, h.total_minor, h.change_minor, h.rounding_minor, h.tax_minor, h.points_earned, h.points_spent,
  (SELECT seq FROM fact WHERE id = h.voids_id)
FROM transaction_header h LEFT JOIN member m ON m.id = h.member_id
WHERE {_IN} AND h.kind IN ('sale', 'return', 'post_void') ORDER BY h.seq
"""
LINES: Final = """
SELECT l.seq, l.item_id, i.number, l.quantity, l.net_minor, l.is_return
FROM sale_line l LEFT JOIN item i ON i.id = l.item_id WHERE l.seq BETWEEN ?1 AND ?2 ORDER BY l.seq, l.number
"""
MODIFIERS: Final = f"""
SELECT h.business_date, m.kind, sum(CASE h.kind WHEN 'post_void' THEN -1 ELSE 1 END), sum(m.amount_minor)
FROM line_modifier m CROSS JOIN transaction_header h ON h.seq = m.seq WHERE m.seq BETWEEN ?1 AND ?2 AND {_IN} GROUP BY 1, 2
"""
TENDERS: Final = f"""
SELECT h.business_date, t.kind, t.amount_minor > 0, count(*), sum(abs(t.amount_minor))
FROM tender t CROSS JOIN transaction_header h ON h.seq = t.seq
WHERE t.seq BETWEEN ?1 AND ?2 AND {_IN} AND t.amount_minor <> 0 GROUP BY 1, 2, 3
"""
# CROSS JOIN: from the stretch of the chain to its rows, never the other way round, however long the past is.
_FACTS: Final = "FROM fact f CROSS JOIN {table} e ON e.id = f.id {more} WHERE f.seq BETWEEN ?1 AND ?2 AND f.kind = '{kind}' GROUP BY 1, 2"
# (business date, key, how many, how much) of whatever is told by a fact of its own.
POINTS: Final = f"""
SELECT e.business_date, e.kind, count(DISTINCT e.id), sum(p.points)
FROM {TOLD_BETWEEN} t CROSS JOIN ledger_entry e ON e.id = t.entry
CROSS JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'member'
GROUP BY 1, 2
"""
COUPON_EVENTS: Final = "SELECT e.business_date, e.kind, count(*), sum(e.amount_minor) " + _FACTS.format(
    table="coupon_event", more="", kind="coupon_event"
)
COUPONS_USED: Final = """
SELECT e.business_date, c.template, sum(CASE e.kind WHEN 'redeemed' THEN 1 ELSE -1 END),
  sum(CASE e.kind WHEN 'redeemed' THEN e.amount_minor ELSE -e.amount_minor END)
FROM fact f CROSS JOIN coupon_event e ON e.id = f.id CROSS JOIN coupon c ON c.id = e.coupon_id
WHERE f.seq BETWEEN ?1 AND ?2 AND f.kind = 'coupon_event' AND e.kind IN ('redeemed', 'restored') GROUP BY 1, 2
"""
STAMPS: Final = "SELECT e.business_date, e.kind, count(*), sum(e.stamps) " + _FACTS.format(
    table="stamp_event", more="", kind="stamp"
)
TIERS: Final = "SELECT e.business_date, e.kind, count(*), 0 " + _FACTS.format(
    table="tier_event", more="", kind="tier"
)
VALUE: Final = (
    "SELECT e.business_date, e.kind || '/' || p.part, count(DISTINCT e.id), sum(p.amount_minor) "
    + _FACTS.format(
        table="value_entry",
        more="CROSS JOIN value_posting p ON p.entry_id = e.id AND p.account = 'holder'",
        kind="value_entry",
    )
)
GROUPED: Final = {
    "points": POINTS,
    "coupon": COUPON_EVENTS,
    "coupon_used": COUPONS_USED,
    "stamp": STAMPS,
    "tier": TIERS,
    "value": VALUE,
}
# Facts whose body must be read: many entries at once, and coupons, which carry no business date.
BODIES: Final = """
SELECT seq, kind, body FROM fact WHERE seq BETWEEN ?1 AND ?2 AND kind IN ('points_entries', 'coupon') ORDER BY seq
"""
SHIFTS: Final = "SELECT first_seq, business_date FROM shift ORDER BY first_seq"
# Index transaction_header_by_member, nothing else: a row of it ends with seq.
HISTORY: Final = """
SELECT count(DISTINCT business_date) FILTER (WHERE kind = 'sale' AND business_date < ?2),
  min(business_date) FILTER (WHERE kind = 'sale' AND business_date < ?2),
  max(business_date) FILTER (WHERE kind = 'sale' AND business_date < ?2),
  count(*) FILTER (WHERE kind = 'post_void')
FROM transaction_header WHERE member_id = ?1 AND seq <= ?3
"""
# The same for a member of whose sales some were voided: these are looked at one by one.
HISTORY_THAT_STANDS: Final = """
SELECT count(DISTINCT h.business_date), min(h.business_date), max(h.business_date) FROM transaction_header h
WHERE h.member_id = ?1 AND h.kind = 'sale' AND h.business_date < ?2 AND h.seq <= ?3
  AND NOT EXISTS (SELECT 1 FROM transaction_header v WHERE v.voids_id = h.id AND v.seq <= ?3)
"""


@dataclass(slots=True)
class DayFold:
    """One business date within a stretch."""

    sums: defaultdict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(_pair))
    # seq, member + 1, net, gap, habit, hour, kind: a row of the packed columns, with its own place.
    tickets: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    items: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    points: int = 0
    value_paid: int = 0
    value_bonus: int = 0

    def add(self, figure: str, key: str, count: int, amount: int) -> None:
        pair = self.sums[figure, key]
        pair[0] += count
        pair[1] += amount

    def merge(self, other: DayFold) -> None:
        """What another stretch found of the same date, after this one."""
        for (figure, key), (count, amount) in other.sums.items():
            self.add(figure, key, count, amount)
        self.tickets += other.tickets
        for number, found in other.items.items():
            mine = self.items[number]
            for place, amount in enumerate(found):
                mine[place] += amount
        self.points += other.points
        self.value_paid += other.value_paid
        self.value_bonus += other.value_bonus

    def sum_rows(self) -> list[tuple[str, str, int, int]]:
        """In one order, without those in which nothing is left."""
        return sorted(
            (figure, key, count, amount)
            for (figure, key), (count, amount) in self.sums.items()
            if count or amount
        )

    def packed_tickets(self, first: int) -> bytes:
        return packed(TICKET, ((seq - first, *rest) for seq, *rest in self.tickets))

    def packed_items(self) -> bytes:
        return packed(ITEM, ((number, *found) for number, found in sorted(self.items.items()) if any(found)))


@dataclass(slots=True)
class Fold:
    """A stretch of the chain: its dates in their order, and the sales it voids with their members, in the order of the voids."""

    first: int
    last: int
    days: dict[int, DayFold]
    voids: list[tuple[int, int, int | None]]  # (place of the sale, place of the void, the member's number)

    def merge(self, other: Fold) -> None:
        """The stretch that follows."""
        assert other.first == self.last + 1
        self.last = other.last
        for day, found in other.days.items():
            if day in self.days:
                self.days[day].merge(found)
            else:
                self.days[day] = found
        self.voids += other.voids


def fold(cursor: Cursor, first: int, last: int) -> Fold:
    """What the facts from ``first`` to ``last``, both included, add up to."""
    found = Fold(first, last, {}, [])
    if first <= last:
        book = _Book(cursor, found)
        book.add_tickets()
        book.add_sums()
    found.days = {day: found.days[day] for day in sorted(found.days) if _is_something(found.days[day])}
    return found


def history_of(
    cursor: Cursor, member_id: bytes, before: int, last: int
) -> tuple[int, int | None, int | None]:
    """(visit days, first, newest) of a member before a business date, as of a place in the chain; sales that were voided are none."""
    count, first, newest, voids = cursor.execute(HISTORY, (member_id, before, last)).fetchone()
    if voids and count:
        count, first, newest = cursor.execute(HISTORY_THAT_STANDS, (member_id, before, last)).fetchone()
    return count, first, newest


def habit_of(count: int, first: int | None, newest: int | None) -> tuple[int, int]:
    """(the newest visit as a day, the days between visits): what a ticket keeps of its member's past."""
    if not count or first is None or newest is None:
        return NEVER, 0
    newest_day = day_of(newest)
    if count < HABIT_VISITS_MIN:
        return newest_day, 0
    gap = round((newest_day - day_of(first)) / (count - 1))
    return newest_day, max(1, min(gap, _HABIT_MAX))


def day_of(number: int) -> int:
    """Days since 1970-01-01 of ``20261121``."""
    return number_date(number).toordinal() - _EPOCH


class _Book:
    """Reads a stretch once, table by table."""

    def __init__(self, cursor: Cursor, found: Fold) -> None:
        self._cursor = cursor
        self._found = found
        self._range = (found.first, found.last)
        self._past: dict[tuple[bytes, int], tuple[int, int]] = {}

    def _day(self, number: int) -> DayFold:
        days = self._found.days
        if number not in days:
            days[number] = DayFold()
        return days[number]

    def add_tickets(self) -> None:
        lines = self._lines()
        for row in self._cursor.execute(HEADERS, self._range).fetchall():
            self._add_ticket(row, lines.get(row[0], ()))

    def _lines(self) -> dict[int, list[Any]]:
        by_seq: defaultdict[int, list[Any]] = defaultdict(list)
        for row in self._cursor.execute(LINES, self._range).fetchall():
            by_seq[row[0]].append(row)
        return by_seq

    def _add_ticket(self, row: Any, lines: Any) -> None:
        seq, kind, operator_id, number, at, offset, member_id, member, is_new, total = row[:10]
        change, rounding, tax, earned, spent, voided_seq = row[10:]
        day, is_void = self._day(number), kind == "post_void"
        value, sold, has_sold, has_back = self._add_lines(day, lines, is_void)
        net, sign = total - value, -1 if is_void else 1
        hour = (at // 60_000 + offset) // 60 % 24
        who = operator_id.hex()
        if has_sold:
            self._add_served(day, sign, net, hour, who, member is not None or member_id is not None)
        if is_void:
            day.add("voids", "", 1, net)
            day.add("operator_voids", who, 1, net)
            if voided_seq is not None:
                self._found.voids.append((voided_seq, seq, member))
        else:
            if has_sold:
                day.add("sales", "", 1, sold)
            if has_back:
                day.add("returns", "", 1, net - sold)
                day.add("operator_returns", who, 1, net - sold)
            if is_new:
                day.add("sign_ups", "", 1, 0)
                day.add("operator_sign_ups", who, 1, 0)
        for figure, amount in (("rounding", rounding), ("tax", tax), ("earned", earned), ("spent", spent)):
            if amount:
                day.add(figure, "", 1, amount)
        if change:
            day.add("received", "cash", 0, -change)
        flags = (
            (VISIT if kind == "sale" else 0)
            | (SERVED if has_sold else 0)
            | (BACK if has_back else 0)
            | (VOID if is_void else 0)
            | (SIGN_UP if is_new and not is_void else 0)
        )
        previous, habit = self._past_of(member_id, number) if flags & VISIT and member_id else (NEVER, 0)
        gap = 0 if previous == NEVER else day_of(number) - previous
        day.tickets.append((seq, 0 if member is None else member + 1, net, gap, habit, hour, flags))

    def _add_served(self, day: DayFold, sign: int, net: int, hour: int, who: str, is_members: bool) -> None:
        day.add("tickets", "", sign, net)
        day.add("hour", f"{hour:02}", sign, net)
        day.add("operator", who, sign, net)
        if is_members:
            day.add("member_tickets", "", sign, net)
        else:
            day.add("operator_walk_in", who, sign, net)

    def _add_lines(self, day: DayFold, lines: Any, is_void: bool) -> tuple[int, int, bool, bool]:
        """(stored value on the ticket, goods sold, whether any were sold, whether any came back)."""
        value = sold = 0
        has_sold = has_back = False
        for _, item_id, item, quantity, net, is_return in lines:
            if item_id in _VALUE_ITEMS:
                is_sale_of_it = bool(is_return) == is_void
                figure = "value_sold" if is_sale_of_it else "value_refunded"
                sign = -1 if is_void else 1
                day.add(figure, "", sign, abs(net) * sign)
                value += net
                continue
            found = day.items[item or 0]
            found[0] += quantity
            found[1] += net
            if bool(is_return) == is_void:
                sold += net
                has_sold = True
                found[2] += -1 if is_void else 1
            else:
                has_back = True
        return value, sold, has_sold, has_back

    def _past_of(self, member_id: bytes, number: int) -> tuple[int, int]:
        key = (member_id, number)
        if key not in self._past:
            self._past[key] = habit_of(*history_of(self._cursor, member_id, number, self._found.last))
        return self._past[key]

    def add_sums(self) -> None:
        for day, kind, count, amount in self._cursor.execute(MODIFIERS, self._range).fetchall():
            self._day(day).add("discount", kind, count, amount)
        for day, kind, is_in, count, amount in self._cursor.execute(TENDERS, self._range).fetchall():
            self._day(day).add("received" if is_in else "refunded", kind, count, amount)
        for figure, statement in GROUPED.items():
            for day, key, count, amount in self._cursor.execute(statement, self._range).fetchall():
                self._add_grouped(self._day(day), figure, key, count, amount)
        for day, figure, key, count, amount in self._from_bodies():
            self._add_grouped(self._day(day), figure, key, count, amount)

    def _add_grouped(self, day: DayFold, figure: str, key: str, count: int, amount: int) -> None:
        day.add(figure, key, count, amount)
        if figure == "points":
            day.points += amount
        elif figure == "value":
            if key.endswith("/bonus"):
                day.value_bonus += amount
            else:
                day.value_paid += amount

    def _from_bodies(self) -> Iterator[tuple[int, str, str, int, int]]:
        shifts: list[tuple[int, int]] = []
        for seq, kind, body in self._cursor.execute(BODIES, self._range).fetchall():
            if kind == FactKind.POINTS_ENTRIES:
                for entry in _read(entries_from_plain, body):
                    yield date_number(entry.business_date), "points", entry.kind, 1, entry.member_points
                continue
            shifts = shifts or self._cursor.execute(SHIFTS).fetchall()
            place = bisect_right(shifts, (seq, 99_999_999))
            if place:  # before the first shift there is no business date
                for coupon in _read(coupons_from_plain, body):
                    yield shifts[place - 1][1], "coupon_issued", coupon.template, 1, 0


def _read(parse: Callable[[dict[str, Any]], tuple[_Told, ...]], body: bytes) -> tuple[_Told, ...]:
    """A damaged fact tells of nothing here: ``verify`` finds it, and a shift can still be closed."""
    try:
        return parse(json.loads(body))
    except (Refused, *DAMAGE):
        return ()


def _is_something(day: DayFold) -> bool:
    return bool(day.tickets or day.points or any(count or amount for count, amount in day.sums.values()))


def _pair() -> list[int]:
    return [0, 0]
