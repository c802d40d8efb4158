"""The totals of a shift: change is never cash that came in, nothing is counted twice, and the order never matters."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.authority import Right
from app.domain.item import TaxClass
from app.domain.money import TWD
from app.domain.returns import void_of
from app.domain.settlement import Settlement, Tally, fold, merge
from app.domain.tender import TenderKind
from app.domain.transaction import (
    ModifierKind,
    PointsEffect,
    PriceSource,
    RetailTransaction,
    ShiftTotals,
    Transaction,
    TransactionKind,
)
from tests.builders import (
    CASHIER,
    MANAGER,
    MEMBER,
    SUPERVISOR,
    a_control,
    a_header,
    a_line,
    a_return,
    a_sale,
    an_approval,
    card,
    cash,
    money,
    points,
    return_line,
)
from tests.strategies import transactions

FLOAT = money(2000)
NOTHING = money(0)


def test_an_empty_shift_expects_its_float() -> None:
    settlement = fold([], FLOAT)
    assert settlement.expected_cash == FLOAT
    assert settlement.average_ticket == NOTHING
    assert settlement.member_share == 0
    assert settlement.first_receipt is None


def test_change_never_counts_as_cash_in() -> None:
    settlement = fold([a_sale(a_line(137), tenders=[cash(1000)])], FLOAT)
    assert settlement.cash.received == Tally(1, 137)
    assert settlement.change_minor == 863
    assert settlement.expected_cash == money(2137)


def test_change_is_not_counted_as_cash_and_expected_is_float_plus_sales_less_change_and_refunds_plus_in_less_out() -> (
    None
):
    """What ERPNext and others got wrong for years: the drawer's expected cash."""
    sale = a_sale(a_line(137), tenders=[cash(200)])
    by_card = a_sale(a_line(500), tenders=[card(300), cash(500, 2)])
    shift = [
        a_control(TransactionKind.SHIFT_OPEN, 2000),
        sale,
        by_card,
        a_return(sale, [(1, 1000, 137)]),
        a_control(TransactionKind.PAID_IN, 500, reason="換零錢"),
        a_control(TransactionKind.PAID_OUT, -120, reason="郵資"),
        a_control(TransactionKind.NO_SALE),
    ]
    settlement = fold(shift, FLOAT)
    assert settlement.expected_cash == money(2000 + 137 + 200 - 137 + 500 - 120)
    assert settlement.paid_in == Tally(1, 500)
    assert settlement.paid_out == Tally(1, 120)
    assert settlement.no_sales == 1
    assert settlement.tenders[TenderKind.CARD].net_minor == 300
    assert settlement.cash.refunded == Tally(1, 137)


def test_sales_made_while_the_network_was_away_are_in_the_totals_they_belong_to() -> None:
    """A shift that closes with unsent sales: its totals are the till's own truth, whatever was sent meanwhile."""
    shift = [a_sale(a_line(100 + number)) for number in range(20)]
    sent, unsent = shift[:7], shift[7:]
    assert fold(shift, FLOAT) == merge(fold(sent, FLOAT), fold(unsent, NOTHING))
    assert fold(shift, FLOAT).net_minor == sum(sale.total.minor for sale in shift)


def test_the_float_is_not_counted_twice_when_its_record_is_folded() -> None:
    assert fold([a_control(TransactionKind.SHIFT_OPEN, 2000)], FLOAT).expected_cash == FLOAT


def test_a_closing_moves_no_cash() -> None:
    totals = ShiftTotals(1, FLOAT, FLOAT, money(1990), ((10, 199),), "找錯錢", kept=money(1000))
    close = a_control(TransactionKind.SHIFT_CLOSE, totals=totals)
    assert fold([close], FLOAT).expected_cash == FLOAT
    assert totals.over_short == money(-10)
    assert totals.to_bank == money(990)


def test_an_exchange_counts_as_a_sale_and_as_a_return() -> None:
    first = a_sale(a_line(300))
    exchange = a_sale(return_line(first, 1, 1000, 300), a_line(500))
    settlement = fold([exchange], FLOAT)
    assert settlement.sales == Tally(1, 500)
    assert settlement.returns == Tally(1, -300)
    assert settlement.tickets == Tally(1, 200)
    assert settlement.net_minor == 200


def test_a_voided_sale_leaves_nothing_but_its_trace() -> None:
    sale = a_sale(
        a_line(100, off=10, off_kind=ModifierKind.LINE_DISCOUNT),
        tenders=[cash(100)],
        member=MEMBER,
        points_effect=PointsEffect(1, 0, 1),
    )
    settlement = fold([sale, void_of(sale, a_header(TransactionKind.POST_VOID))], FLOAT)
    assert settlement.net_minor == 0
    assert settlement.tickets == Tally(0, 0)
    assert settlement.member_tickets == Tally(0, 0)
    assert settlement.voids == Tally(1, -90)
    assert settlement.sales == Tally(1, 90)
    assert settlement.expected_cash == FLOAT
    assert settlement.points_issued == 0
    assert settlement.discounts == {}
    assert settlement.taxes == {}


def test_tax_is_summed_by_class_as_it_was_printed() -> None:
    one = a_sale(a_line(105), a_line(50, tax_class=TaxClass.EXEMPT))
    two = a_sale(a_line(340))
    settlement = fold([one, two], FLOAT)
    assert settlement.taxes[TaxClass.TAXABLE, 500].gross_minor == 445
    assert settlement.taxes[TaxClass.TAXABLE, 500].tax_minor == 5 + 16
    assert settlement.taxes[TaxClass.EXEMPT, 0].gross_minor == 50


def test_a_discount_is_answered_for_by_who_approved_it() -> None:
    approved = a_sale(
        a_line(1000, off=400, off_kind=ModifierKind.LINE_DISCOUNT),
        approvals=(an_approval(Right.LINE_DISCOUNT, 4000, MANAGER),),
    )
    own = a_sale(a_line(1000, off=50, off_kind=ModifierKind.BASKET_DISCOUNT))
    offer = a_sale(a_line(1000, off=100))
    settlement = fold([approved, own, offer], FLOAT)
    assert settlement.discounts == {
        ModifierKind.BASKET_DISCOUNT: Tally(1, -50),
        ModifierKind.LINE_DISCOUNT: Tally(1, -400),
        ModifierKind.PROMOTION: Tally(1, -100),
    }
    assert settlement.discounts_by_approver == {CASHIER.id: Tally(1, -50), MANAGER.id: Tally(1, -400)}
    assert settlement.approvals == {MANAGER.id: 1}


def test_a_price_override_is_a_discount_from_the_list_price() -> None:
    line = a_line(80, 2000, list_price=100, price_source=PriceSource.OVERRIDE)
    settlement = fold([a_sale(line)], FLOAT)
    assert settlement.overrides == Tally(1, -40)
    assert settlement.operators[CASHIER.id].discounts == Tally(1, -40)


def test_the_member_block_counts_people_money_and_points() -> None:
    settlement = fold(
        [
            a_sale(a_line(300), member=MEMBER, is_new_member=True, points_effect=PointsEffect(3, 0, 1)),
            a_sale(
                a_line(300),
                tenders=[points(50), cash(250, 2)],
                member=MEMBER,
                points_effect=PointsEffect(2, 50, 1),
            ),
            a_sale(a_line(400)),
        ],
        FLOAT,
    )
    assert settlement.new_members == 1
    assert settlement.member_tickets == Tally(2, 600)
    assert settlement.member_share == 6000
    assert settlement.average_ticket == money(333)
    assert (settlement.points_issued, settlement.points_used) == (5, 50)


def test_every_operator_has_sums_of_their_own() -> None:
    first = a_sale(a_line(100))
    other = a_header(operator=SUPERVISOR)
    settlement = fold([first, a_sale(a_line(250), header=other), a_return(first, [(1, 1000, 100)])], FLOAT)
    assert settlement.operators[CASHIER.id].tickets == Tally(1, 100)
    assert settlement.operators[CASHIER.id].returns == Tally(1, -100)
    assert settlement.operators[SUPERVISOR.id].tickets == Tally(1, 250)


def test_the_first_and_the_last_receipt_are_kept_whatever_the_order() -> None:
    sales = [a_sale(header=a_header(counter=counter)) for counter in (12, 10, 11)]
    settlement = fold(sales, FLOAT)
    assert settlement.first_receipt == (10, "01-1-A000010")
    assert settlement.last_receipt == (12, "01-1-A000012")


def test_practice_tickets_are_counted_and_never_summed() -> None:
    settlement = fold([a_sale(header=a_header(is_training=True))], FLOAT)
    assert settlement == replace(fold([], FLOAT), training=1)


@settings(max_examples=30)
@given(st.lists(transactions(TWD), max_size=4), st.lists(transactions(TWD), max_size=4), st.integers(0, 9999))
def test_two_parts_folded_apart_are_the_whole(
    one: list[Transaction], other: list[Transaction], opening: int
) -> None:
    whole = fold(one + other, money(opening))
    assert merge(fold(one, money(opening)), fold(other, NOTHING)) == whole
    assert merge(fold(other, NOTHING), fold(one, money(opening))) == whole


@settings(max_examples=30)
@given(st.lists(transactions(TWD), max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_transactions_never_matters(shift: list[Transaction], random: object) -> None:
    shuffled = list(shift)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled, FLOAT) == fold(shift, FLOAT)
    assert list(fold(shuffled, FLOAT).tenders) == list(fold(shift, FLOAT).tenders)


@settings(max_examples=30)
@given(st.lists(transactions(TWD), max_size=4))
def test_the_sums_agree_with_each_other(shift: list[Transaction]) -> None:
    settlement = fold(shift, FLOAT)
    real = [
        ticket for ticket in shift if isinstance(ticket, RetailTransaction) and not ticket.header.is_training
    ]
    assert settlement.net_minor == sum(ticket.total.minor for ticket in real)
    tendered = sum(part.net_minor for part in settlement.tenders.values())
    assert tendered == settlement.net_minor + settlement.rounding_minor
    assert sum(tax.gross_minor for tax in settlement.taxes.values()) == settlement.net_minor
    assert sum(who.tickets.minor for who in settlement.operators.values()) == settlement.tickets.minor


def test_merging_with_an_empty_settlement_changes_nothing() -> None:
    settlement = fold([a_sale()], FLOAT)
    assert merge(settlement, Settlement(TWD)) == settlement
