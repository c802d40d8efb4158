"""The guard over the points: patterns that a clerk who collects points for themselves leaves in the books.

Everything here is a count that anybody can check against the tickets it names. Where there are too few tickets, nothing is said; a shop in
which one person serves everybody is not told that this person serves everybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

from app.domain.ids import MemberId, OperatorId
from app.domain.transaction import TransactionKind
from app.insight.guard_chance import at_least
from app.insight.guard_values import (
    EVIDENCE_MAX,
    Enrolment,
    GoodsBack,
    GoodsSold,
    GuardRows,
    HandMove,
    Severity,
    Signal,
    SignalKind,
    Thresholds,
    Ticket,
)

__all__ = ["GuardRows", "Severity", "Signal", "SignalKind", "Thresholds", "Ticket", "find_signals"]

# Of all pairs that are looked at, so many may be pointed out by pure chance.
FALSE_ALARMS_MAX: Final = 0.05
_MS_PER_DAY: Final = 86_400_000

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


def find_signals(rows: GuardRows, thresholds: Thresholds = Thresholds()) -> tuple[Signal, ...]:  # noqa: B008 (immutable)
    """Every signal of the range, the gravest first."""
    standing = _standing(rows.tickets)
    members_sales = [ticket for ticket in standing if ticket.member_id is not None]
    found = [
        *_many_times_a_day(members_sales, thresholds),
        *_staff_numbers(members_sales, rows.staff, thresholds),
        *_members_at_the_end(members_sales, thresholds),
        *_only_offline(standing, thresholds),
        *_points_stayed(rows, thresholds),
        *_points_owed(rows, thresholds),
        *_enrolled_for_nothing(rows, thresholds),
        *_points_by_hand(rows.hand_moves, thresholds),
        *_always_the_same(members_sales, thresholds),
        *_refunds_without_receipt(rows, thresholds),
    ]
    return tuple(
        sorted(found, key=lambda one: (-one.severity, -one.last_on.toordinal(), -one.count, one.key))
    )


def _many_times_a_day(sales: Iterable[Ticket], thresholds: Thresholds) -> Iterator[Signal]:
    """One number, many sales on one day (Lawson, 2016: clerks scanned their own card for customers who had none)."""
    for (member_id, _), tickets in _by(sales, lambda one: (one.member_id, one.business_date)).items():
        if len(tickets) < thresholds.visits_a_day:
            continue
        operator_id, by_one = _commonest(one.operator_id for one in tickets)
        severity = Severity.ALERT if len(tickets) >= 2 * thresholds.visits_a_day else Severity.WARNING
        fields = {"points": sum(one.points_earned for one in tickets), "by_one": by_one}
        yield _signal(SignalKind.MANY_TIMES_A_DAY, severity, tickets, member_id, operator_id, fields)


def _staff_numbers(
    sales: Iterable[Ticket], staff: Mapping[MemberId, OperatorId], thresholds: Thresholds
) -> Iterator[Signal]:
    """Points on a staff member's own number. Served by themselves it weighs more: staff may shop here, but not serve themselves."""
    of_staff = (one for one in sales if one.member_id in staff and one.points_earned > 0)
    for member_id, tickets in _by(of_staff, lambda one: one.member_id).items():
        assert member_id is not None
        operator_id = staff[member_id]
        own = [one for one in tickets if one.operator_id == operator_id]
        if len(tickets) < thresholds.staff_tickets and not own:
            continue
        severity = Severity.ALERT if len(own) >= thresholds.staff_tickets else Severity.NOTICE
        severity = Severity.WARNING if own and severity is Severity.NOTICE else severity
        fields = {"points": sum(one.points_earned for one in tickets), "by_themselves": len(own)}
        yield _signal(SignalKind.STAFF_NUMBER, severity, tickets, member_id, operator_id, fields)


def _members_at_the_end(sales: Sequence[Ticket], thresholds: Thresholds) -> Iterator[Signal]:
    """An operator who often adds the member when the total stands already, and more often than the colleagues do."""
    everybody = len(sales)
    late_of_all = sum(one.came_at_the_end for one in sales)
    for operator_id, tickets in _by(sales, lambda one: one.operator_id).items():
        late = [one for one in tickets if one.came_at_the_end]
        percent = len(late) * 100 // len(tickets)
        if len(late) < thresholds.end_tickets or percent < thresholds.end_percent:
            continue
        others, late_of_others = everybody - len(tickets), late_of_all - len(late)
        if others and _is_chance(len(late), len(tickets), (late_of_others + 1) / (others + 2), pairs=1):
            continue
        member_id, by_one = _commonest(one.member_id for one in late)
        is_narrow = by_one * 2 >= len(late)
        fields = {"percent": percent, "members": len({one.member_id for one in late}), "same_member": by_one}
        severity = Severity.ALERT if is_narrow else Severity.WARNING
        yield _signal(
            SignalKind.MEMBER_AT_THE_END,
            severity,
            late,
            member_id if is_narrow else None,
            operator_id,
            fields,
        )


def _only_offline(tickets: Sequence[Ticket], thresholds: Thresholds) -> Iterator[Signal]:
    """A member who spends points only while the server cannot be asked, in a shop that mostly can."""
    known = [one for one in tickets if one.was_offline is not None]
    online = sum(not one.was_offline for one in known)
    if not known or online * 100 < thresholds.shop_online_percent * len(known):
        return
    redeeming = (one for one in known if one.points_spent > 0 and one.member_id is not None)
    for member_id, spent in _by(redeeming, lambda one: one.member_id).items():
        if len(spent) < thresholds.offline_redemptions or not all(one.was_offline for one in spent):
            continue
        operator_id, by_one = _commonest(one.operator_id for one in spent)
        fields = {"points": sum(one.points_spent for one in spent), "by_one": by_one}
        severity = Severity.ALERT if by_one == len(spent) else Severity.WARNING
        yield _signal(SignalKind.ONLY_OFFLINE, severity, spent, member_id, operator_id, fields)


def _points_stayed(rows: GuardRows, thresholds: Thresholds) -> Iterator[Signal]:
    """Goods back without a receipt that a member had earned points on shortly before: the sale is undone, the points are not."""
    sold = _by(sorted(rows.goods_sold, key=_moment), lambda one: (one.item_id, one.amount_minor))
    matched: defaultdict[tuple[MemberId, OperatorId], list[tuple[GoodsSold, GoodsBack]]] = defaultdict(list)
    for back in sorted(rows.goods_back, key=_moment):
        of_these = sold.get((back.item_id, back.amount_minor), [])
        sale = next((one for one in reversed(of_these) if _undoes(back, one, thresholds)), None)
        if sale is not None:
            of_these.remove(sale)
            matched[(sale.member_id, back.operator_id)].append((sale, back))
    for (member_id, operator_id), pairs in matched.items():
        times = len({back.transaction_id for _, back in pairs})
        severity = Severity.ALERT if times >= 2 else Severity.WARNING
        happened = [(ticket.transaction_id, ticket.business_date) for pair in pairs for ticket in pair]
        yield _signal_of(SignalKind.POINTS_STAYED, severity, happened, times, member_id, operator_id, {})


def _undoes(back: GoodsBack, sale: GoodsSold, thresholds: Thresholds) -> bool:
    """The same member's goods; or nobody's, given back by whoever had sold them."""
    is_theirs = back.member_id == sale.member_id
    is_nobodys = back.member_id is None and back.operator_id == sale.operator_id
    age = back.occurred_at - sale.occurred_at
    return (is_theirs or is_nobodys) and 0 < age <= thresholds.return_days * _MS_PER_DAY


def _points_owed(rows: GuardRows, thresholds: Thresholds) -> Iterator[Signal]:
    """Points were spent, then the goods that had earned them came back: the member now owes the shop."""
    tickets = {one.id: one for one in rows.tickets}
    for debt in rows.debts:
        returns = [tickets[one] for one in debt.returns if one in tickets]
        if -debt.balance < thresholds.owed_points or not returns:
            continue
        operator_id, _ = _commonest(one.operator_id for one in returns)
        severity = Severity.WARNING if len(returns) >= 2 else Severity.NOTICE
        fields = {"points": -debt.balance}
        yield _signal(SignalKind.POINTS_OWED, severity, returns, debt.member_id, operator_id, fields)


def _enrolled_for_nothing(rows: GuardRows, thresholds: Thresholds) -> Iterator[Signal]:
    """Many new members of one operator that nobody saw again, more than of the colleagues' (invented numbers for the welcome gift)."""
    settled = [
        one
        for one in rows.enrolments
        if one.business_date + timedelta(days=thresholds.enrolment_rest_days) <= rows.until
    ]
    gone_of_all = sum(not one.later_visits for one in settled)
    for operator_id, enrolled in _by(settled, lambda one: one.operator_id).items():
        gone = [one for one in enrolled if not one.later_visits]
        percent = len(gone) * 100 // len(enrolled)
        if len(enrolled) < thresholds.enrolments or percent < thresholds.no_visit_percent:
            continue
        others, gone_of_others = len(settled) - len(enrolled), gone_of_all - len(gone)
        # Without colleagues to compare with, only when hardly anybody came again.
        if others < thresholds.enrolments:
            if percent < (100 + thresholds.no_visit_percent) // 2:
                continue
        elif _is_chance(len(gone), len(enrolled), (gone_of_others + 1) / (others + 2), pairs=1):
            continue
        fields = {"percent": percent, "enrolled": len(enrolled)}
        happened = [(_evidence_of(one), one.business_date) for one in gone]
        kind, severity = SignalKind.ENROLLED_FOR_NOTHING, Severity.WARNING
        yield _signal_of(kind, severity, happened, len(gone), None, operator_id, fields)


def _points_by_hand(moves: Sequence[HandMove], thresholds: Thresholds) -> Iterator[Signal]:
    """Points given without a sale, many times or many at once, by one operator."""
    given = sorted((one for one in moves if one.points > 0), key=_moment)
    for operator_id, by_operator in _by(given, lambda one: one.operator_id).items():
        points = sum(one.points for one in by_operator)
        if len(by_operator) < thresholds.hand_times and points < thresholds.hand_points:
            continue
        member_id, to_one = _commonest(one.member_id for one in by_operator)
        is_narrow = to_one * 2 > len(by_operator) and to_one > 1
        severity = Severity.ALERT if is_narrow else Severity.WARNING
        happened = [(one.entry_id, one.business_date) for one in by_operator]
        fields = {"points": points, "members": len({one.member_id for one in by_operator})}
        receiver = member_id if is_narrow else None
        kind, count = SignalKind.POINTS_BY_HAND, len(by_operator)
        yield _signal_of(kind, severity, happened, count, receiver, operator_id, fields)


def _always_the_same(sales: Sequence[Ticket], thresholds: Thresholds) -> Iterator[Signal]:
    """A member served by one operator far more often than that operator serves members at all.

    The share is compared with the operator's share on the very days on which the member came, so that shifts explain nothing.
    """
    on_day = Counter(one.business_date for one in sales)
    by_operator_on_day = Counter((one.business_date, one.operator_id) for one in sales)
    visited = {
        member_id: tickets
        for member_id, tickets in _by(sales, lambda one: one.member_id).items()
        if len(tickets) >= thresholds.same_visits
    }
    for member_id, tickets in visited.items():
        operator_id, served = _commonest(one.operator_id for one in tickets)
        if served * 100 < thresholds.same_percent * len(tickets):
            continue
        own_on_day = Counter(one.business_date for one in tickets)
        own_by_operator = Counter(one.business_date for one in tickets if one.operator_id == operator_id)
        others = sum(on_day[one.business_date] - own_on_day[one.business_date] for one in tickets)
        others_by_operator = sum(
            by_operator_on_day[(one.business_date, operator_id)] - own_by_operator[one.business_date]
            for one in tickets
        )
        if others < len(tickets) or _is_chance(
            served, len(tickets), (others_by_operator + 1) / (others + 2), pairs=len(visited)
        ):
            continue
        fields = {
            "visits": len(tickets),
            "percent": served * 100 // len(tickets),
            "expected_percent": others_by_operator * 100 // others,
            "points": sum(one.points_earned for one in tickets),
        }
        theirs = [one for one in tickets if one.operator_id == operator_id]
        yield _signal(SignalKind.ALWAYS_THE_SAME, Severity.NOTICE, theirs, member_id, operator_id, fields)


def _refunds_without_receipt(rows: GuardRows, thresholds: Thresholds) -> Iterator[Signal]:
    """Money back without a receipt, again and again to one member."""
    to_members = sorted((one for one in rows.goods_back if one.member_id is not None), key=_moment)
    for member_id, goods in _by(to_members, lambda one: one.member_id).items():
        tickets = {one.transaction_id: one for one in goods}
        amount = sum(one.amount_minor for one in goods)
        if len(tickets) < thresholds.refunds and (len(tickets) < 2 or amount < thresholds.refund_minor):
            continue
        operator_id, by_one = _commonest(one.operator_id for one in tickets.values())
        severity = Severity.ALERT if by_one >= thresholds.refunds else Severity.WARNING
        fields = {"amount_minor": amount, "by_one": by_one}
        happened = [(one.transaction_id, one.business_date) for one in tickets.values()]
        kind, count = SignalKind.REFUNDS_WITHOUT_RECEIPT, len(tickets)
        yield _signal_of(kind, severity, happened, count, member_id, operator_id, fields)


# --- what they share --------------------------------------------------------------------------------------------------


def _standing(tickets: Sequence[Ticket]) -> list[Ticket]:
    """The sales that were not voided, oldest first."""
    voided = {one.voids for one in tickets if one.voids is not None}
    sales = (one for one in tickets if one.kind is TransactionKind.SALE and one.id not in voided)
    return sorted(sales, key=lambda one: (one.occurred_at, one.id))


def _is_chance(successes: int, trials: int, share: float, *, pairs: int) -> bool:
    """Whether so many may well happen by chance, when so many pairs were looked at (Bonferroni)."""
    return at_least(successes, trials, share) * pairs > FALSE_ALARMS_MAX


def _by(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _commonest(values: Iterable[Key]) -> tuple[Key, int]:
    """The value met most often (of equals the first met) and how often."""
    return Counter(values).most_common(1)[0]


def _evidence_of(enrolment: Enrolment) -> UUID:
    """The sale with which they joined; a member made outside a sale stands for themselves."""
    return enrolment.transaction_id or enrolment.member_id


def _moment(row: HandMove | GoodsBack | GoodsSold) -> tuple[int, UUID]:
    return row.occurred_at, row.entry_id if isinstance(row, HandMove) else row.transaction_id


def _signal(
    kind: SignalKind,
    severity: Severity,
    tickets: Sequence[Ticket],
    member_id: MemberId | None,
    operator_id: OperatorId | None,
    fields: Mapping[str, int],
) -> Signal:
    happened = [(one.id, one.business_date) for one in tickets]
    return _signal_of(kind, severity, happened, len(tickets), member_id, operator_id, fields)


def _signal_of(
    kind: SignalKind,
    severity: Severity,
    happened: Sequence[tuple[UUID, date]],
    count: int,
    member_id: MemberId | None,
    operator_id: OperatorId | None,
    fields: Mapping[str, int],
) -> Signal:
    """``happened`` is the evidence with its business dates, in any order; that of one day is kept in the order given."""
    rising = sorted(happened, key=lambda one: one[1])
    days = [day for _, day in happened]
    return Signal(
        kind=kind,
        severity=severity,
        member_id=member_id,
        operator_id=operator_id,
        first_on=min(days),
        last_on=max(days),
        count=count,
        evidence=tuple(dict.fromkeys(one for one, _ in reversed(rising)))[:EVIDENCE_MAX],
        fields={"count": count, **fields},
    )
