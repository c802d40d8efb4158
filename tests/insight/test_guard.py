"""The guard over the points: each pattern is seen, its innocent neighbour is not, and too little says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import EntryId, ItemId, MemberId, OperatorId, TransactionId
from app.domain.transaction import TransactionKind
from app.insight.guard import GuardRows, Severity, Signal, SignalKind, Thresholds, Ticket, find_signals
from app.insight.guard_chance import at_least
from app.insight.guard_values import EVIDENCE_MAX, Debt, Enrolment, GoodsBack, GoodsSold, HandMove
from tests.builders import uuid

SINCE, UNTIL = date(2026, 10, 1), date(2026, 11, 21)
MORNING = 1_790_816_400_000
AMY, BEN, CAROL = (OperatorId(uuid(number)) for number in (1, 2, 3))
TEA, SOAP = ItemId(uuid(501)), ItemId(uuid(502))


def member(number: int) -> MemberId:
    return MemberId(uuid(10_000 + number))


def ticket(member_number: int | None = None, *, day: int = 0, by: OperatorId = AMY, **more: object) -> Ticket:
    """A sale on the day after so many days that earns its member 3 points."""
    made = Ticket(
        id=TransactionId(uuid()),
        kind=TransactionKind.SALE,
        business_date=SINCE + timedelta(days=day),
        occurred_at=MORNING + day * 86_400_000 + next_minute() * 60_000,
        operator_id=by,
        member_id=None if member_number is None else member(member_number),
        total_minor=300,
        points_earned=0 if member_number is None else 3,
    )
    return replace(made, **more)  # type: ignore[arg-type]


_minutes = iter(range(10**9))


def next_minute() -> int:
    return next(_minutes) % 600


def signals(
    tickets: Iterable[Ticket] = (), thresholds: Thresholds | None = None, **rows: object
) -> list[Signal]:
    given_rows = GuardRows(SINCE, UNTIL, tuple(tickets), **rows)  # type: ignore[arg-type]
    return list(find_signals(given_rows, thresholds or Thresholds()))


def one(found: list[Signal], kind: SignalKind) -> Signal:
    (signal,) = [signal for signal in found if signal.kind is kind]
    return signal


def kinds(found: list[Signal]) -> set[SignalKind]:
    return {signal.kind for signal in found}


def an_honest_shop(days: int = 40, seed: int = 1) -> list[Ticket]:
    """Three people serve three hundred members and as many walk-ins, whoever is free."""
    random = Random(seed)
    return [
        ticket(
            random.choice((None, random.randrange(300))),
            day=day,
            by=random.choice((AMY, BEN, CAROL)),
            came_at_the_end=random.random() < 0.08,
            was_offline=random.random() < 0.05,
        )
        for day in range(days)
        for _ in range(30)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_an_honest_shop_is_left_in_peace(seed: int) -> None:
    assert signals(an_honest_shop(seed=seed)) == []


def test_no_tickets_no_signals() -> None:
    assert signals() == []


def test_a_number_used_many_times_a_day_is_seen_with_its_tickets() -> None:
    day = [ticket(1, by=AMY) for _ in range(4)] + [ticket(1, by=BEN)]
    signal = one(signals([*an_honest_shop(), *day]), SignalKind.MANY_TIMES_A_DAY)
    assert (signal.member_id, signal.operator_id, signal.count) == (member(1), AMY, 5)
    assert signal.fields == {"count": 5, "points": 15, "by_one": 4}
    assert set(signal.evidence) == {sale.id for sale in day}
    assert signal.severity is Severity.WARNING
    assert one(signals(ticket(1) for _ in range(8)), SignalKind.MANY_TIMES_A_DAY).severity is Severity.ALERT


def test_voided_sales_and_other_days_do_not_count() -> None:
    sales = [ticket(1) for _ in range(4)]
    void = ticket(1, kind=TransactionKind.POST_VOID, voids=sales[0].id)
    assert signals([*sales, void]) == []
    assert signals(ticket(1, day=day) for day in range(7)) == []


def test_points_on_a_staff_number_weigh_by_who_rang_them_up() -> None:
    staff = {member(1): BEN}
    by_others = [ticket(1, day=day, by=AMY) for day in range(3)]
    signal = one(signals(by_others, staff=staff), SignalKind.STAFF_NUMBER)
    assert (signal.operator_id, signal.severity) == (BEN, Severity.NOTICE)
    by_himself = [ticket(1, day=day, by=BEN) for day in range(3)]
    signal = one(signals(by_himself, staff=staff), SignalKind.STAFF_NUMBER)
    assert (signal.severity, signal.fields["by_themselves"]) == (Severity.ALERT, 3)
    assert signals([ticket(1, by=AMY)], staff=staff) == []
    assert signals([ticket(2, day=day) for day in range(3)], staff=staff) == []


def test_members_added_after_the_total_are_seen_against_the_colleagues() -> None:
    late = [ticket(number % 3, day=number, by=AMY, came_at_the_end=True) for number in range(20)]
    rest = [ticket(100 + number, day=number % 40, by=AMY) for number in range(20)]
    others = [ticket(200 + number, day=number % 40, by=BEN) for number in range(100)]
    signal = one(signals([*late, *rest, *others]), SignalKind.MEMBER_AT_THE_END)
    assert (signal.operator_id, signal.count, signal.fields["percent"]) == (AMY, 20, 50)
    assert signal.fields["members"] == 3


def test_where_everybody_adds_the_member_late_nobody_stands_out() -> None:
    habit = [
        ticket(number, day=number % 40, by=by, came_at_the_end=number % 2 == 0)
        for by in (AMY, BEN)
        for number in range(100)
    ]
    assert signals(habit) == []


def test_redemptions_that_happen_only_offline_are_seen() -> None:
    honest = [ticket(day=day, by=BEN, was_offline=False) for day in range(30)]
    spent = [ticket(1, day=day, points_spent=50, was_offline=True) for day in range(3)]
    signal = one(signals([*honest, *spent]), SignalKind.ONLY_OFFLINE)
    assert (signal.member_id, signal.fields["points"], signal.severity) == (member(1), 150, Severity.ALERT)
    once_online = ticket(1, day=5, points_spent=50, was_offline=False)
    assert signals([*honest, *spent, once_online]) == []


def test_a_shop_that_is_mostly_offline_or_does_not_know_is_not_told() -> None:
    spent = [ticket(1, day=day, points_spent=50, was_offline=True) for day in range(3)]
    assert signals([*spent, *(ticket(day=day, was_offline=True) for day in range(30))]) == []
    unknown = [replace(sale, was_offline=None) for sale in spent]
    assert signals([*unknown, *(ticket(day=day) for day in range(30))]) == []


def sold(sale: Ticket, item: ItemId = TEA, amount: int = 300) -> GoodsSold:
    assert sale.member_id is not None
    return GoodsSold(
        sale.id, sale.business_date, sale.occurred_at, sale.operator_id, sale.member_id, item, amount
    )


def back(sale: Ticket, item: ItemId = TEA, amount: int = 300) -> GoodsBack:
    return GoodsBack(
        sale.id, sale.business_date, sale.occurred_at, sale.operator_id, sale.member_id, item, amount
    )


def test_a_return_without_receipt_that_leaves_the_points_is_seen() -> None:
    sale, refund = ticket(1), ticket(day=1, kind=TransactionKind.RETURN)
    found = signals([sale, refund], goods_sold=(sold(sale),), goods_back=(back(refund),))
    signal = one(found, SignalKind.POINTS_STAYED)
    assert (signal.member_id, signal.operator_id, signal.count) == (member(1), AMY, 1)
    assert signal.evidence == (refund.id, sale.id)
    assert signal.severity is Severity.WARNING


@pytest.mark.parametrize(
    "refund",
    [
        ticket(day=20, kind=TransactionKind.RETURN),  # long after
        ticket(day=1, by=BEN, kind=TransactionKind.RETURN),  # nobody's goods, another cashier
        ticket(2, day=1, kind=TransactionKind.RETURN),  # another member's
    ],
)
def test_a_return_that_fits_no_sale_is_no_signal(refund: Ticket) -> None:
    sale = ticket(1)
    assert signals([sale, refund], goods_sold=(sold(sale),), goods_back=(back(refund),)) == []


def test_other_goods_or_another_amount_are_not_the_same_goods() -> None:
    sale, refund = ticket(1), ticket(day=1, kind=TransactionKind.RETURN)
    for goods in (back(refund, SOAP), back(refund, TEA, 299)):
        assert signals([sale, refund], goods_sold=(sold(sale),), goods_back=(goods,)) == []


def test_one_sale_explains_one_return() -> None:
    sale = ticket(1)
    refunds = [ticket(day=day, kind=TransactionKind.RETURN) for day in (1, 2)]
    found = signals([sale, *refunds], goods_sold=(sold(sale),), goods_back=tuple(map(back, refunds)))
    assert one(found, SignalKind.POINTS_STAYED).count == 1


def test_points_spent_before_their_goods_came_back_are_owed() -> None:
    refund = ticket(1, kind=TransactionKind.RETURN, points_earned=-60)
    debt = Debt(member(1), -60, (refund.id,))
    signal = one(signals([refund], debts=(debt,)), SignalKind.POINTS_OWED)
    assert (signal.fields["points"], signal.severity) == (60, Severity.NOTICE)
    assert signals([refund], debts=(replace(debt, balance=-10),)) == []


def enrolments(count: int, by: OperatorId, visits: int = 0, day: int = 0) -> tuple[Enrolment, ...]:
    return tuple(
        Enrolment(MemberId(uuid()), SINCE + timedelta(days=day), by, visits, TransactionId(uuid()))
        for _ in range(count)
    )


def test_enrolments_that_nobody_saw_again_are_seen_against_the_colleagues() -> None:
    rows = (*enrolments(20, AMY), *enrolments(40, BEN, visits=2), *enrolments(10, BEN))
    signal = one(signals(enrolments=rows), SignalKind.ENROLLED_FOR_NOTHING)
    assert (signal.operator_id, signal.count) == (AMY, 20)
    assert signal.fields == {"count": 20, "percent": 100, "enrolled": 20}


def test_where_few_members_come_again_anyway_nobody_stands_out() -> None:
    rows = (*enrolments(20, AMY), *enrolments(60, BEN), *enrolments(6, BEN, visits=1))
    assert signals(enrolments=rows) == []


def test_new_members_get_their_month_and_few_say_nothing() -> None:
    assert signals(enrolments=(*enrolments(20, AMY, day=40), *enrolments(40, BEN, visits=2, day=40))) == []
    assert signals(enrolments=(*enrolments(14, AMY), *enrolments(40, BEN, visits=2))) == []


def test_a_shop_of_one_hears_it_only_when_hardly_anybody_came_again() -> None:
    assert kinds(signals(enrolments=enrolments(20, AMY))) == {SignalKind.ENROLLED_FOR_NOTHING}
    assert signals(enrolments=(*enrolments(17, AMY), *enrolments(3, AMY, visits=1))) == []


def hand(points: int, to: int = 1, day: int = 0, by: OperatorId | None = AMY) -> HandMove:
    at = MORNING + day * 86_400_000
    return HandMove(EntryId(uuid()), SINCE + timedelta(days=day), at, member(to), points, by)


def test_points_given_by_hand_are_seen_by_number_and_by_amount() -> None:
    often = one(
        signals(hand_moves=tuple(hand(10, to=day, day=day) for day in range(5))), SignalKind.POINTS_BY_HAND
    )
    assert (often.operator_id, often.member_id, often.count, often.fields["points"]) == (AMY, None, 5, 50)
    much = one(signals(hand_moves=(hand(600),)), SignalKind.POINTS_BY_HAND)
    assert much.severity is Severity.WARNING
    to_one = one(signals(hand_moves=tuple(hand(10, day=day) for day in range(5))), SignalKind.POINTS_BY_HAND)
    assert (to_one.member_id, to_one.severity) == (member(1), Severity.ALERT)
    unknown = one(signals(hand_moves=(hand(600, by=None),)), SignalKind.POINTS_BY_HAND)
    assert unknown.operator_id is None


def test_a_little_by_hand_and_points_taken_away_are_no_signal() -> None:
    assert signals(hand_moves=tuple(hand(10, day=day) for day in range(4))) == []
    assert signals(hand_moves=tuple(hand(-200, day=day) for day in range(9))) == []


def test_a_member_always_served_by_one_of_many_is_noticed() -> None:
    theirs = [ticket(999, day=day * 3, by=AMY) for day in range(12)]
    signal = one(signals([*an_honest_shop(), *theirs]), SignalKind.ALWAYS_THE_SAME)
    assert (signal.member_id, signal.operator_id, signal.severity) == (member(999), AMY, Severity.NOTICE)
    assert signal.fields["percent"] == 100
    assert 20 <= signal.fields["expected_percent"] <= 45


def test_a_member_who_comes_on_that_operators_days_is_not() -> None:
    """Amy works alone on Sundays; whoever comes on Sundays meets Amy."""
    shop = [
        ticket(number, day=day, by=AMY if day % 7 == 0 else BEN)
        for day in range(49)
        for number in range(day, day + 9)
    ]
    sundays = [ticket(999, day=day, by=AMY) for day in range(0, 49, 7)] + [ticket(999, day=0, by=AMY)]
    assert SignalKind.ALWAYS_THE_SAME not in kinds(signals([*shop, *sundays]))


def test_in_a_shop_of_one_nobody_stands_out() -> None:
    assert signals([ticket(day % 5, day=day, by=AMY) for day in range(50)]) == []


def test_refunds_without_a_receipt_to_one_member_are_seen() -> None:
    refunds = [ticket(1, day=day, kind=TransactionKind.RETURN) for day in range(3)]
    signal = one(signals(refunds, goods_back=tuple(map(back, refunds))), SignalKind.REFUNDS_WITHOUT_RECEIPT)
    assert (signal.member_id, signal.count, signal.fields["amount_minor"]) == (member(1), 3, 900)
    assert signal.severity is Severity.ALERT
    assert signals(refunds[:2], goods_back=tuple(map(back, refunds[:2]))) == []
    dear = tuple(back(refund, amount=2_000) for refund in refunds[:2])
    assert kinds(signals(refunds[:2], goods_back=dear)) == {SignalKind.REFUNDS_WITHOUT_RECEIPT}


def test_refunds_to_nobody_are_no_members_signal() -> None:
    refunds = [ticket(day=day, kind=TransactionKind.RETURN) for day in range(5)]
    assert signals(refunds, goods_back=tuple(map(back, refunds))) == []


def test_the_gravest_comes_first_and_evidence_is_newest_first_and_bounded() -> None:
    many = [ticket(1, day=3) for _ in range(60)]
    staff = [ticket(2, day=day, by=BEN) for day in range(2)]
    found = signals([*staff, *many], staff={member(2): AMY})
    assert [signal.kind for signal in found] == [SignalKind.MANY_TIMES_A_DAY, SignalKind.STAFF_NUMBER]
    assert (found[0].count, len(found[0].evidence)) == (60, EVIDENCE_MAX)
    assert found[1].evidence == (staff[1].id, staff[0].id)
    assert (found[1].first_on, found[1].last_on) == (SINCE, SINCE + timedelta(days=1))


def test_a_finding_keeps_its_key_for_the_month_and_a_days_finding_for_the_day() -> None:
    staff = {member(1): BEN}
    few = one(signals((ticket(1, day=day) for day in range(3)), staff=staff), SignalKind.STAFF_NUMBER)
    more = one(signals((ticket(1, day=day) for day in range(9)), staff=staff), SignalKind.STAFF_NUMBER)
    next_month = one(signals((ticket(1, day=day) for day in range(40)), staff=staff), SignalKind.STAFF_NUMBER)
    assert few.key == more.key != next_month.key
    days = signals(ticket(1, day=day) for day in (0, 1) for _ in range(4))
    assert len({signal.key for signal in days}) == 2


def test_the_owner_may_move_every_threshold() -> None:
    day = [ticket(1) for _ in range(4)]
    assert signals(day, Thresholds(visits_a_day=5)) == []
    assert kinds(signals(day[:2], Thresholds(visits_a_day=2))) == {SignalKind.MANY_TIMES_A_DAY}


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_the_tail_of_chance_is_that_of_the_binomial(successes: int, more: int, share: float) -> None:
    trials = successes + more
    exact = sum(
        comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(successes, trials + 1)
    )
    assert at_least(successes, trials, share) == pytest.approx(exact, rel=1e-9, abs=1e-12)


@given(st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    tickets = [*(ticket(number % 4, day=number % 3) for number in range(40))]
    before = signals(tickets, staff={member(0): BEN})
    Random(seed).shuffle(tickets)
    assert signals(tickets, staff={member(0): BEN}) == before
