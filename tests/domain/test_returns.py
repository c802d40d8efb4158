"""What comes back is worth exactly what was paid for it, in money and in points, in however many parts it comes back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.basket import ReturnTerms
from app.domain.errors import Refused
from app.domain.item import TaxClass, Unit
from app.domain.money import HKD, TWD, Currency, Money, round_to_cash
from app.domain.returns import (
    Origin,
    kept_by_shop,
    line_shares,
    points_given_back,
    points_of_return,
    refund_plan,
    refuse_void,
    returnable,
    terms_for,
    void_of,
)
from app.domain.tender import Tender, TenderKind
from app.domain.tendering import settle
from app.domain.transaction import PointsEffect, RetailTransaction, ReturnOf, SaleLine, TransactionKind
from tests.builders import (
    MEMBER,
    a_header,
    a_line,
    a_return,
    a_sale,
    card,
    cash,
    money,
    points,
    return_line,
)
from tests.strategies import retail_transactions


def _plan(total: int, origin: Origin, *terms: ReturnTerms) -> list[tuple[TenderKind, int, int]]:
    plan = refund_plan(Money(total, origin.original.total.currency), [origin], terms)
    return [(tender.kind, tender.amount.minor, tender.points) for tender in plan]


# --- what is left -----------------------------------------------------------------------------------------------------


def test_a_return_gives_the_price_that_was_paid_not_the_list_price() -> None:
    sale = a_sale(a_line(100, 2000, off=50))
    assert terms_for(sale, (), 1, 1000).refund == money(75)
    assert terms_for(sale, (), 1, 2000).refund == money(150)


def test_the_last_partial_return_takes_the_rounding_rest() -> None:
    sale = a_sale(a_line(100, 3000, off=200))
    earlier: tuple[RetailTransaction, ...] = ()
    refunds = []
    for _ in range(3):
        terms = terms_for(sale, earlier, 1, 1000)
        refunds.append(terms.refund.minor)
        earlier = (*earlier, a_return(sale, [(1, 1000, terms.refund.minor)]))
    assert refunds == [33, 34, 33]
    assert returnable(sale, earlier)[0].remaining_quantity == 0
    assert returnable(sale, earlier)[0].remaining_net == money(0)


def test_repeated_partial_returns_can_never_exceed_the_sale() -> None:
    sale = a_sale(a_line(100, 2000))
    earlier = (a_return(sale, [(1, 1500, 150)]),)
    with pytest.raises(Refused) as refused:
        terms_for(sale, earlier, 1, 1000)
    assert refused.value.code == "return_exceeds_sale"
    assert refused.value.fields["remaining"] == "0.5"


def test_an_earlier_return_that_gave_too_much_leaves_less() -> None:
    sale = a_sale(a_line(100, 2000))
    earlier = (a_return(sale, [(1, 1000, 180)]),)
    assert terms_for(sale, earlier, 1, 1000).refund == money(20)


def test_a_line_that_was_never_sold_cannot_come_back() -> None:
    sale = a_sale(a_line(100))
    with pytest.raises(Refused) as refused:
        terms_for(sale, (), 2, 1000)
    assert refused.value.code == "return_line_unknown"


def test_a_returned_line_of_an_exchange_cannot_come_back_again() -> None:
    first = a_sale(a_line(100))
    exchange = a_sale(return_line(first, 1, 1000, 100), a_line(250))
    assert [entry.line.number for entry in returnable(exchange, ())] == [2]


def test_weighed_goods_come_back_by_weight() -> None:
    sale = a_sale(a_line(180, 385, unit=Unit.KILOGRAM))
    assert sale.total == money(69)
    half = terms_for(sale, (), 1, 200)
    rest = terms_for(sale, (a_return(sale, [(1, 200, half.refund.minor)]),), 1, 185)
    assert half.refund + rest.refund == money(69)


def test_the_terms_name_the_sold_line() -> None:
    sale = a_sale(a_line(100), a_line(50))
    assert terms_for(sale, (), 2, 1000).of == ReturnOf(sale.header.id, 2, sale.header.receipt_number)


def test_points_come_back_with_the_goods_they_paid_for_and_earned() -> None:
    sale = a_sale(
        a_line(300),
        a_line(100),
        tenders=[points(100), cash(300, 2)],
        member=MEMBER,
        points_effect=PointsEffect(earned=3, spent=100, rule_version=1),
    )
    first, second = terms_for(sale, (), 1, 1000), terms_for(sale, (), 2, 1000)
    assert (first.points_spent, second.points_spent) == (75, 25)
    assert (first.points_earned, second.points_earned) == (2, 1)


def test_goods_that_earn_nothing_take_no_points_back() -> None:
    sale = a_sale(a_line(300), a_line(700, earns_points=False), points_effect=PointsEffect(3, 0, 1))
    assert terms_for(sale, (), 2, 1000).points_earned == 0
    assert terms_for(sale, (), 1, 1000).points_earned == 3


def test_an_exchange_still_knows_what_its_new_goods_earned() -> None:
    first = a_sale(a_line(300))
    exchange = a_sale(
        return_line(first, 1, 1000, 300),
        a_line(500),
        points_effect=PointsEffect(earned=2, spent=0, rule_version=1, taken_back=3),
    )
    assert terms_for(exchange, (), 2, 1000).points_earned == 5


def test_a_line_takes_back_what_it_earned_itself_where_the_sale_says_so() -> None:
    effect = PointsEffect(9, 0, 1, by_line=((1, 0), (2, 9)))
    sale = a_sale(a_line(1000), a_line(300, number=2), member=MEMBER, points_effect=effect)
    assert [terms_for(sale, (), number, 1000).points_earned for number in (1, 2)] == [0, 9]


# --- how it goes back -------------------------------------------------------------------------------------------------


def test_money_goes_back_by_the_first_tender_first() -> None:
    sale = a_sale(a_line(500), tenders=[card(300), cash(200, 2)])
    terms = terms_for(sale, (), 1, 1000)
    assert _plan(-500, Origin(sale), terms) == [(TenderKind.CARD, -300, 0), (TenderKind.CASH, -200, 0)]
    assert refund_plan(money(-500), [Origin(sale)], [terms])[0].reference == "A1B2C3"


def test_change_never_comes_back_with_a_return() -> None:
    sale = a_sale(a_line(137), tenders=[cash(1000)])
    assert _plan(-137, Origin(sale), terms_for(sale, (), 1, 1000)) == [(TenderKind.CASH, -137, 0)]


def test_points_go_back_as_points() -> None:
    sale = a_sale(a_line(300), a_line(100), tenders=[points(100), cash(300, 2)])
    terms = terms_for(sale, (), 2, 1000)
    assert _plan(-100, Origin(sale), terms) == [
        (TenderKind.POINTS, -25, -25),
        (TenderKind.CASH, -75, 0),
    ]


def test_a_second_return_finds_only_what_is_left_of_a_tender() -> None:
    sale = a_sale(a_line(200), a_line(300), tenders=[card(250), cash(250, 2)])
    earlier = (a_return(sale, [(1, 1000, 200)], tenders=[card(-200)]),)
    terms = terms_for(sale, earlier, 2, 1000)
    assert _plan(-300, Origin(sale, earlier), terms) == [
        (TenderKind.CARD, -50, 0),
        (TenderKind.CASH, -250, 0),
    ]


def test_what_went_back_to_one_card_leaves_the_other_card_whole() -> None:
    sale = a_sale(a_line(200), a_line(300), tenders=[card(200), card(300, 2, reference="Z9Y8")])
    earlier = (a_return(sale, [(1, 1000, 200)], tenders=[card(-200)]),)
    plan = refund_plan(money(-300), [Origin(sale, earlier)], [terms_for(sale, earlier, 2, 1000)])
    assert [(tender.kind, tender.amount.minor, tender.reference) for tender in plan] == [
        (TenderKind.CARD, -300, "Z9Y8")
    ]


def test_goods_without_a_receipt_go_back_in_cash() -> None:
    assert [
        (tender.kind, tender.amount.minor)
        for tender in refund_plan(money(-80), [], [ReturnTerms(money(80), None)])
    ] == [(TenderKind.CASH, -80)]


def test_an_exchange_that_costs_more_gives_back_the_points_only() -> None:
    sale = a_sale(a_line(300), tenders=[points(100), cash(200, 2)])
    terms = terms_for(sale, (), 1, 1000)
    assert _plan(200, Origin(sale), terms) == [(TenderKind.POINTS, -100, -100)]
    assert _plan(-50, Origin(sale), terms) == [(TenderKind.POINTS, -100, -100)]
    assert _plan(-250, Origin(sale), terms) == [
        (TenderKind.POINTS, -100, -100),
        (TenderKind.CASH, -150, 0),
    ]


def test_goods_of_two_sales_go_back_by_the_tenders_of_both() -> None:
    one, two = a_sale(a_line(100), tenders=[card(100)]), a_sale(a_line(50))
    terms = [terms_for(one, (), 1, 1000), terms_for(two, (), 1, 1000)]
    plan = refund_plan(money(-150), [Origin(one), Origin(two)], terms)
    assert [(tender.number, tender.kind, tender.amount.minor) for tender in plan] == [
        (1, TenderKind.CARD, -100),
        (2, TenderKind.CASH, -50),
    ]


def test_refunds_of_rounded_cash_add_up_to_the_cash_that_was_taken() -> None:
    sale = a_sale(
        a_line(285, 3000, currency=HKD), tenders=[cash(860, currency=HKD)], rounding=5, currency=HKD
    )
    refunds, earlier = _return_in_parts(sale, [1000, 1000, 1000])
    assert sum(tender.amount.minor for tender in refunds) == -860
    assert len(earlier) == 3


def _return_in_parts(
    sale: RetailTransaction, quantities: list[int]
) -> tuple[list[Tender], tuple[RetailTransaction, ...]]:
    earlier: tuple[RetailTransaction, ...] = ()
    refunds: list[Tender] = []
    for quantity in quantities:
        back = _return(sale, earlier, [(1, quantity)])
        refunds += back.tenders
        earlier = (*earlier, back)
    return refunds, earlier


def _return(
    sale: RetailTransaction, earlier: tuple[RetailTransaction, ...], parts: list[tuple[int, int]]
) -> RetailTransaction:
    """One ticket that returns these (line, quantity), with the plan's tenders."""
    currency = sale.total.currency
    terms = [terms_for(sale, earlier, number, quantity) for number, quantity in parts]
    lines = [
        return_line(sale, number, quantity, part.refund.minor)
        for (number, quantity), part in zip(parts, terms, strict=True)
    ]
    total = Money(-sum(part.refund.minor for part in terms), currency)
    settled = settle(total, refund_plan(total, [Origin(sale, earlier)], terms))
    taken_back = sum(part.points_earned for part in terms)
    back = a_sale(
        *lines,
        tenders=settled.tenders,
        rounding=settled.rounding.minor,
        currency=currency,
        kind=TransactionKind.RETURN,
        points_effect=PointsEffect(
            -taken_back, sum(tender.points for tender in settled.tenders), 1, taken_back
        ),
    )
    assert points_of_return(Origin(sale, earlier), back.lines) == (
        taken_back,
        sum(part.points_spent for part in terms),
    )
    return back


@st.composite
def _sales(draw: st.DrawFn) -> RetailTransaction:
    """A sale with discounts, weights and free goods, paid by any mix with points of any value."""
    currency: Currency = draw(st.sampled_from((TWD, HKD)))
    lines: list[SaleLine] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        quantity = draw(st.integers(1, 6).map(lambda pieces: pieces * 1000) | st.integers(1, 4000))
        line = a_line(draw(st.integers(0, 900)), quantity, number=number, currency=currency)
        off = draw(st.integers(0, line.gross.minor))
        lines.append(
            a_line(
                line.unit_price.minor,
                quantity,
                number=number,
                off=off,
                currency=currency,
                earns_points=draw(st.booleans()),
            )
        )
    total = sum(line.net.minor for line in lines)
    by_points = draw(st.integers(0, total))
    by_card = draw(st.integers(0, total - by_points))
    in_cash = round_to_cash(Money(total - by_points - by_card, currency)).minor
    change = draw(st.sampled_from((0, 1000)))
    tenders = []
    if by_points:
        count = max(1, by_points // draw(st.sampled_from((1, 10, 25))))
        tenders.append(points(by_points, currency=currency, count=count))
    if by_card:
        tenders.append(card(by_card, 2, currency))
    if in_cash:
        tenders.append(cash(in_cash + change, 3, currency))
    return a_sale(
        *lines,
        tenders=tenders,
        rounding=in_cash - (total - by_points - by_card),
        currency=currency,
        member=MEMBER,
        points_effect=PointsEffect(draw(st.integers(0, 50)) if total else 0, 0, 1),
    )


@given(_sales(), st.data())
def test_any_sequence_of_partial_returns_gives_back_exactly_what_was_paid(
    sale: RetailTransaction, data: st.DataObject
) -> None:
    earlier: tuple[RetailTransaction, ...] = ()
    while any(entry.remaining_quantity for entry in returnable(sale, earlier)):
        left = [entry for entry in returnable(sale, earlier) if entry.remaining_quantity]
        chosen = data.draw(st.lists(st.sampled_from(left), min_size=1, unique_by=lambda e: e.line.number))
        is_last = len(earlier) >= 6
        parts = [
            (
                entry.line.number,
                entry.remaining_quantity if is_last else data.draw(st.integers(1, entry.remaining_quantity)),
            )
            for entry in (left if is_last else chosen)
        ]
        earlier = (*earlier, _return(sale, earlier, parts))
        _assert_never_too_much(sale, earlier)
    _assert_all_back(sale, earlier)


def _assert_never_too_much(sale: RetailTransaction, earlier: tuple[RetailTransaction, ...]) -> None:
    for entry in returnable(sale, earlier):
        assert 0 <= entry.remaining_net.minor <= entry.line.net.minor
    assert points_given_back(Origin(sale, earlier)) <= sum(tender.points for tender in sale.tenders)


def _assert_all_back(sale: RetailTransaction, earlier: tuple[RetailTransaction, ...]) -> None:
    assert all(entry.remaining_net.minor == 0 for entry in returnable(sale, earlier))
    assert sum(ticket.total.minor for ticket in earlier) == -sale.total.minor
    given: Counter[TenderKind] = Counter()
    for ticket in earlier:
        for tender in ticket.tenders:
            given[tender.kind] -= tender.amount.minor
    kept: Counter[TenderKind] = Counter()
    for tender in kept_by_shop(sale):
        kept[tender.kind] += tender.amount.minor
    assert given == kept
    spent = sum(tender.points for tender in sale.tenders)
    assert -sum(ticket.points.spent for ticket in earlier) == spent
    assert -sum(ticket.points.earned for ticket in earlier) == (sale.points.earned if sale.total.minor else 0)


@given(_sales())
def test_the_shares_of_the_lines_add_up_to_the_whole(sale: RetailTransaction) -> None:
    shares = line_shares(sale).values()
    assert sum(share.points_spent for share in shares) == sum(tender.points for tender in sale.tenders)
    assert all(share.paid_by_points <= share.net for share in shares)


# --- post-void --------------------------------------------------------------------------------------------------------


def test_a_post_void_takes_everything_back_but_never_the_change() -> None:
    sale = a_sale(
        a_line(100),
        a_line(37, tax_class=TaxClass.EXEMPT),
        tenders=[card(50), cash(100, 2)],
        member=MEMBER,
        points_effect=PointsEffect(1, 0, 1),
    )
    void = void_of(sale, a_header(TransactionKind.POST_VOID))
    assert void.total == money(-137)
    assert [(tender.kind, tender.amount.minor) for tender in void.tenders] == [
        (TenderKind.CARD, -50),
        (TenderKind.CASH, -87),
    ]
    assert void.change == money(0)
    assert void.voids == sale.header.id
    assert (void.points.earned, void.points.earned_by_goods) == (-1, 0)
    assert returnable(sale, (void,))[0].remaining_quantity == 0


def test_change_that_eats_a_whole_cash_tender_leaves_it_out_of_the_void() -> None:
    sale = a_sale(a_line(100), tenders=[cash(100), cash(50, 2)])
    void = void_of(sale, a_header(TransactionKind.POST_VOID))
    assert [tender.amount.minor for tender in void.tenders] == [-100]


@given(retail_transactions())
def test_a_void_and_its_sale_cancel_each_other(sale: RetailTransaction) -> None:
    header = replace(a_header(TransactionKind.POST_VOID), currency=sale.header.currency)
    void = void_of(sale, header)
    assert void.total.minor == -sale.total.minor
    assert void.rounding.minor == -sale.rounding.minor
    for kind in TenderKind:
        change = sale.change.minor if kind is TenderKind.CASH else 0
        assert void.paid_by(kind).minor == -(sale.paid_by(kind).minor - change)
    assert void.points.earned_by_goods == sale.points.taken_back


def test_a_sale_is_voided_once() -> None:
    sale = a_sale()
    void = void_of(sale, a_header(TransactionKind.POST_VOID))
    refuse_void(sale, (), None)
    for original, earlier, earlier_void, code in (
        (sale, (), void, "sale_voided"),
        (void, (), None, "void_of_void"),
        (sale, (a_return(sale, [(1, 1000, 100)]),), None, "void_after_return"),
        (a_return(sale, [(1, 1000, 100)]), (), None, "void_of_return"),
    ):
        with pytest.raises(Refused) as refused:
            refuse_void(original, earlier, earlier_void)
        assert refused.value.code == code
