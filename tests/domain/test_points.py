"""Points: what is paid in money earns, what is paid in points does not, and returns undo both exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Lot, spendable
from app.domain.money import HKD, Money
from app.domain.points import (
    PointsRule,
    burn_amount,
    burn_limit,
    earn,
    entries_for,
    points_effect,
)
from app.domain.returns import Origin, refund_plan, returnable, terms_for, void_of
from app.domain.tendering import settle
from app.domain.transaction import PointsEffect, RetailTransaction, SaleLine, TransactionKind
from tests.builders import (
    BUSINESS_DATE,
    MEMBER,
    a_header,
    a_line,
    a_lot,
    a_sale,
    cash,
    money,
    points,
    return_line,
    uuid,
)

RULE = PointsRule(version=1, earn_step_minor=100, earn_points=1, burn_value_minor=1, expires_after_days=365)


class Ledger:
    """One member's entries and the lots they add up to, as a store would keep them."""

    def __init__(self, *lots: Lot) -> None:
        self.entries: list[LedgerEntry] = []
        self._lots = {lot.id: lot for lot in lots}

    def lots_of(self, _: MemberId) -> tuple[Lot, ...]:
        return tuple(self._lots.values())

    def post(self, entries: Sequence[LedgerEntry]) -> None:
        for entry in entries:
            self.entries.append(entry)
            for posting in entry.postings:
                if posting.lot_id is None:
                    continue
                lot = self._lots.get(posting.lot_id) or Lot(
                    posting.lot_id, entry.occurred_at, entry.expires_on, 0
                )
                self._lots[lot.id] = replace(lot, remaining=lot.remaining + posting.points)

    def of(self, ticket: RetailTransaction) -> tuple[LedgerEntry, ...]:
        return tuple(entry for entry in self.entries if entry.transaction_id == ticket.header.id)

    @property
    def balance(self) -> int:
        return sum(lot.remaining for lot in self._lots.values())

    def remaining(self, lot: Lot) -> int:
        return self._lots[lot.id].remaining


def _sell(ledger: Ledger, *lines: SaleLine, by_points: int = 0) -> RetailTransaction:
    total = sum(line.net.minor for line in lines)
    tenders = [points(by_points)] if by_points else []
    if total > by_points:
        tenders.append(cash(total - by_points, 2))
    sale = a_sale(*lines, tenders=tenders, member=MEMBER, points_effect=points_effect(RULE, lines, tenders))
    ledger.post(entries_for(sale, RULE, lots_of=ledger.lots_of, ids=uuid))
    return sale


def _return(
    ledger: Ledger, sale: RetailTransaction, earlier: tuple[RetailTransaction, ...], *parts: tuple[int, int]
) -> RetailTransaction:
    origin = Origin(sale, earlier, ledger.of(sale))
    terms = [terms_for(sale, earlier, number, quantity) for number, quantity in parts]
    lines = [
        return_line(sale, number, quantity, part.refund.minor)
        for (number, quantity), part in zip(parts, terms, strict=True)
    ]
    total = money(-sum(part.refund.minor for part in terms))
    tenders = settle(total, refund_plan(total, [origin], terms)).tenders
    back = a_sale(
        *lines,
        tenders=tenders,
        kind=TransactionKind.RETURN,
        member=MEMBER,
        points_effect=points_effect(RULE, lines, tenders, terms),
    )
    ledger.post(entries_for(back, RULE, lots_of=ledger.lots_of, ids=uuid, origins=[origin]))
    return back


# --- earning ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("net", "earned"), [(0, 0), (99, 0), (100, 1), (199, 1), (1000, 10)])
def test_every_full_step_paid_earns(net: int, earned: int) -> None:
    assert earn(RULE, [a_line(net)], [cash(net)]) == earned


def test_points_are_earned_on_what_was_paid_not_on_the_list_price() -> None:
    assert earn(RULE, [a_line(200, off=50)], [cash(150)]) == 1


def test_points_are_earned_on_the_price_not_on_the_cash_handed_over() -> None:
    assert earn(RULE, [a_line(150)], [cash(1000)]) == 1


def test_points_spent_never_earn() -> None:
    assert earn(RULE, [a_line(300)], [points(150), cash(150, 2)]) == 1
    assert earn(RULE, [a_line(300)], [points(300)]) == 0


def test_goods_that_earn_nothing_do_not_count() -> None:
    assert earn(RULE, [a_line(300), a_line(500, earns_points=False)], [cash(800)]) == 3


def test_a_line_that_comes_back_earns_nothing_and_costs_nothing_here() -> None:
    assert earn(RULE, [a_line(300, -1000), a_line(500, number=2)], [cash(200)]) == 5


def test_a_step_of_zero_switches_earning_off() -> None:
    assert earn(replace(RULE, earn_step_minor=0), [a_line(1000)], [cash(1000)]) == 0


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_paying_more_in_points_never_earns_more(net: int, by_points: int) -> None:
    with_points = earn(RULE, [a_line(net)], [points(max(1, by_points))])
    assert 0 <= with_points <= earn(RULE, [a_line(net)], [cash(net)])


# --- spending ---------------------------------------------------------------------------------------------------------


def test_the_limit_is_what_is_due_what_there_is_and_the_shops_share() -> None:
    assert burn_limit(RULE, money(137), 320) == 137
    assert burn_limit(RULE, money(500), 320) == 320
    assert burn_limit(replace(RULE, burn_share_max=3000), money(137), 320) == 41
    assert burn_limit(replace(RULE, burn_step=50), money(137), 320) == 100
    assert burn_limit(RULE, money(137), -20) == 0
    assert burn_limit(RULE, money(-100), 320) == 0
    assert burn_limit(replace(RULE, burn_value_minor=0), money(100), 320) == 0


def test_the_share_is_of_the_whole_ticket_when_part_of_it_is_paid() -> None:
    half = replace(RULE, burn_share_max=5000)
    assert burn_limit(half, money(60), 320, total=money(200)) == 60
    assert burn_limit(half, money(180), 320, total=money(200)) == 100


def test_any_number_of_points_up_to_the_limit_may_be_chosen() -> None:
    for count in (1, 57, 137):
        assert burn_amount(RULE, count, money(137), 320) == money(count)


def test_a_point_may_be_worth_more_than_one_unit() -> None:
    rule = replace(RULE, burn_value_minor=10)
    assert burn_amount(rule, 85, Money(855, HKD), 320) == Money(850, HKD)
    assert burn_limit(rule, Money(855, HKD), 320) == 85


@pytest.mark.parametrize(
    ("count", "code"),
    [(0, "points_not_positive"), (-1, "points_not_positive"), (101, "points_too_many"), (55, "points_step")],
)
def test_other_numbers_of_points_are_refused(count: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        burn_amount(replace(RULE, burn_step=10), count, money(137), 100)
    assert refused.value.code == code


@given(
    st.integers(1, 5000),
    st.integers(-100, 5000),
    st.integers(1, 50),
    st.integers(0, 10_000),
    st.integers(1, 20),
)
def test_the_suggestion_is_always_accepted(due: int, can: int, step: int, share: int, value: int) -> None:
    rule = replace(RULE, burn_step=step, burn_share_max=share, burn_value_minor=value)
    limit = burn_limit(rule, money(due), can)
    assert 0 <= limit <= max(0, can)
    if limit:
        assert burn_amount(rule, limit, money(due), can).minor <= due


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_a_sale_opens_a_lot_that_ends_when_the_rule_says() -> None:
    ledger = Ledger()
    sale = _sell(ledger, a_line(300))
    (entry,) = ledger.entries
    assert entry.kind is EntryKind.ACCRUAL
    assert entry.member_points == 3
    assert entry.expires_on == BUSINESS_DATE + timedelta(days=365)
    assert entry.transaction_id == sale.header.id


def test_points_that_never_expire_have_no_last_day() -> None:
    assert replace(RULE, expires_after_days=None).expires_on(BUSINESS_DATE) is None


def test_a_walk_in_posts_nothing() -> None:
    sale = a_sale(a_line(300), points_effect=PointsEffect(3, 0, 1))
    assert entries_for(sale, RULE, lots_of=lambda _: (), ids=uuid) == ()


def test_the_lot_that_ends_first_is_spent_first() -> None:
    early = a_lot(50, expires_on=BUSINESS_DATE + timedelta(days=10))
    late = a_lot(100, expires_on=BUSINESS_DATE + timedelta(days=100))
    ledger = Ledger(late, early)
    _sell(ledger, a_line(80), by_points=80)
    assert (ledger.remaining(early), ledger.remaining(late)) == (0, 70)


def test_a_ticket_never_spends_what_it_earns() -> None:
    tenders = [points(3), cash(397, 2)]
    sale = a_sale(a_line(400), tenders=tenders, member=MEMBER, points_effect=PointsEffect(3, 3, 1))
    with pytest.raises(Refused) as refused:
        entries_for(sale, RULE, lots_of=lambda _: (), ids=uuid)
    assert refused.value.code == "points_not_enough"


def test_points_given_back_return_to_the_lots_they_came_from() -> None:
    early = a_lot(60, expires_on=BUSINESS_DATE + timedelta(days=10))
    late = a_lot(100, expires_on=BUSINESS_DATE + timedelta(days=100))
    ledger = Ledger(early, late)
    sale = _sell(ledger, a_line(100, 2000), by_points=100)
    assert (ledger.remaining(early), ledger.remaining(late)) == (0, 60)
    first = _return(ledger, sale, (), (1, 1000))
    assert (ledger.remaining(early), ledger.remaining(late)) == (10, 100)
    _return(ledger, sale, (first,), (1, 1000))
    assert (ledger.remaining(early), ledger.remaining(late)) == (60, 100)


def test_buying_and_returning_never_leaves_points_behind() -> None:
    ledger = Ledger()
    for _ in range(3):
        sale = _sell(ledger, a_line(1000))
        assert ledger.balance == 10
        _return(ledger, sale, (), (1, 1000))
        assert ledger.balance == 0


def test_points_already_spent_elsewhere_are_owed_after_a_return() -> None:
    ledger = Ledger()
    sale = _sell(ledger, a_line(1000))
    _sell(ledger, a_line(10, earns_points=False), by_points=10)
    _return(ledger, sale, (), (1, 1000))
    assert ledger.balance == -10
    assert spendable(ledger.lots_of(MEMBER.id), BUSINESS_DATE) == -10


def test_points_taken_back_come_from_other_lots_before_they_are_owed() -> None:
    other = a_lot(4)
    ledger = Ledger(other)
    sale = _sell(ledger, a_line(1000))
    _sell(ledger, a_line(8, earns_points=False), by_points=8)  # out of the new lot, which ends first
    _return(ledger, sale, (), (1, 1000))
    assert ledger.balance == -4
    assert ledger.remaining(other) == 0


def test_points_go_back_to_the_member_who_bought() -> None:
    ledger = Ledger()
    sale = _sell(ledger, a_line(300))
    other = replace(MEMBER, id=MemberId(uuid(77)))
    terms = terms_for(sale, (), 1, 1000)
    back = a_sale(
        return_line(sale, 1, 1000, 300),
        kind=TransactionKind.RETURN,
        member=other,
        points_effect=points_effect(RULE, [], [], [terms]),
    )
    entries = entries_for(
        back, RULE, lots_of=ledger.lots_of, ids=uuid, origins=[Origin(sale, (), ledger.of(sale))]
    )
    assert [(entry.member_id, entry.member_points) for entry in entries] == [(MEMBER.id, -3)]


def test_an_exchange_posts_what_it_takes_back_and_what_it_earns() -> None:
    ledger = Ledger()
    sale = _sell(ledger, a_line(300))
    terms = terms_for(sale, (), 1, 1000)
    lines = [return_line(sale, 1, 1000, 300), a_line(500, number=2)]
    effect = points_effect(RULE, lines, [cash(200)], [terms])
    assert (effect.earned, effect.taken_back, effect.earned_by_goods) == (2, 3, 5)
    exchange = a_sale(*lines, member=MEMBER, points_effect=effect)
    origin = Origin(sale, (), ledger.of(sale))
    ledger.post(entries_for(exchange, RULE, lots_of=ledger.lots_of, ids=uuid, origins=[origin]))
    assert ledger.balance == 5
    assert [entry.kind for entry in ledger.of(exchange)] == [
        EntryKind.ACCRUAL_REVERSAL,
        EntryKind.ACCRUAL,
    ]


def test_a_post_void_restores_everything() -> None:
    lot = a_lot(200)
    ledger = Ledger(lot)
    sale = _sell(ledger, a_line(500), by_points=150)
    assert ledger.balance == 200 - 150 + 3
    void = void_of(sale, a_header(TransactionKind.POST_VOID))
    origin = Origin(sale, (void,), ledger.of(sale))  # found again after it was appended
    ledger.post(entries_for(void, RULE, lots_of=ledger.lots_of, ids=uuid, origins=[origin]))
    assert ledger.balance == 200
    assert ledger.remaining(lot) == 200


def test_points_of_a_sale_this_till_never_saw_open_lots_of_their_own() -> None:
    sale = a_sale(
        a_line(500), tenders=[points(200), cash(300, 2)], member=MEMBER, points_effect=PointsEffect(3, 200, 1)
    )
    ledger = Ledger()
    _return(ledger, sale, (), (1, 1000))
    assert ledger.balance == 197


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 5)), min_size=1, max_size=3),
    st.integers(0, 2000),
    st.data(),
)
def test_all_returns_together_undo_a_sale_lot_by_lot(
    goods: list[tuple[int, int]], wanted: int, data: st.DataObject
) -> None:
    lots = [a_lot(300, expires_on=date(2027, 1, day)) for day in (1, 2, 3)]
    ledger = Ledger(*lots)
    lines = [a_line(price, pieces * 1000, number=n) for n, (price, pieces) in enumerate(goods, 1)]
    total = sum(line.net.minor for line in lines)
    sale = _sell(ledger, *lines, by_points=min(wanted, total, 900))
    earlier: tuple[RetailTransaction, ...] = ()
    while left := [line for line in returnable(sale, earlier) if line.remaining_quantity]:
        line = data.draw(st.sampled_from(left))
        pieces = data.draw(st.integers(1, line.remaining_quantity // 1000))
        earlier = (*earlier, _return(ledger, sale, earlier, (line.line.number, pieces * 1000)))
    assert ledger.balance == 900
    assert [ledger.remaining(lot) for lot in lots] == [300, 300, 300]
    assert sum(ticket.points.earned for ticket in earlier) == -sale.points.earned
    assert sum(ticket.points.spent for ticket in earlier) == -sale.points.spent


def test_every_entry_says_where_its_points_went() -> None:
    ledger = Ledger(a_lot(100))
    sale = _sell(ledger, a_line(200), by_points=50)
    _return(ledger, sale, (), (1, 1000))
    accounts = {entry.kind: entry.postings[-1].account for entry in ledger.entries}
    assert accounts == {
        EntryKind.REDEMPTION: Account.REDEEMED,
        EntryKind.ACCRUAL: Account.ISSUED,
        EntryKind.REDEMPTION_REVERSAL: Account.REDEEMED,
        EntryKind.ACCRUAL_REVERSAL: Account.ISSUED,
    }
    assert all(isinstance(p.lot_id, UUID | None) for entry in ledger.entries for p in entry.postings)
