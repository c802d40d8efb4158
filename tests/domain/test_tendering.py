"""Tender: only cash gives change, nothing else may exceed what is due, and every sum is exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.money import CNY, HKD, TWD, USD, Currency, Money, round_to_cash
from app.domain.tender import Tender, TenderKind
from app.domain.tendering import (
    TENDERS_MAX,
    balance_due,
    cash_suggestions,
    change_due,
    is_settled,
    settle,
    with_tender,
)
from tests.builders import card, cash, money, points
from tests.strategies import CURRENCY

CASH, CARD, VOUCHER, CREDIT, POINTS, *_ = TenderKind


def _pay(total: int, *parts: tuple[TenderKind, int], currency: Currency = TWD) -> tuple[Tender, ...]:
    tenders: tuple[Tender, ...] = ()
    for kind, minor in parts:
        tenders = with_tender(
            Money(total, currency),
            tenders,
            kind,
            Money(minor, currency),
            points=minor if kind is POINTS else 0,
        )
    return tenders


def test_exact_cash_settles_without_change() -> None:
    settled = settle(money(137), _pay(137, (CASH, 137)))
    assert settled.change == money(0)
    assert settled.rounding == money(0)
    assert settled.tenders == (cash(137),)


def test_change_is_given_only_from_cash() -> None:
    tenders = _pay(137, (CARD, 100), (CASH, 50))
    assert settle(money(137), tenders).change == money(13)
    assert balance_due(money(137), tenders) == money(0)


@pytest.mark.parametrize("kind", [CARD, VOUCHER, CREDIT, POINTS])
def test_anything_but_cash_may_not_exceed_what_is_due(kind: TenderKind) -> None:
    with pytest.raises(Refused) as refused:
        _pay(137, (CASH, 100), (kind, 38))
    assert refused.value.code == "tender_exceeds_due"
    assert refused.value.fields == {"due": "NT$37"}


def test_what_is_left_after_a_part_payment_is_still_due() -> None:
    tenders = _pay(500, (CARD, 200), (VOUCHER, 100))
    assert balance_due(money(500), tenders) == money(200)
    assert not is_settled(money(500), tenders)


def test_a_tender_that_is_too_small_cannot_complete_the_sale() -> None:
    with pytest.raises(Refused) as refused:
        settle(money(137), _pay(137, (CASH, 100)))
    assert refused.value.code == "tender_too_small"
    assert refused.value.fields == {"due": "NT$37"}


def test_a_settled_sale_takes_no_second_payment() -> None:
    with pytest.raises(Refused) as refused:
        _pay(137, (CASH, 200), (CASH, 200))
    assert refused.value.code == "already_settled"


@pytest.mark.parametrize("minor", [0, -5])
def test_a_payment_of_nothing_is_refused(minor: int) -> None:
    with pytest.raises(Refused) as refused:
        with_tender(money(137), (), CASH, money(minor))
    assert refused.value.code == "tender_amount_invalid"


def test_a_barcode_keyed_as_cash_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        _pay(137, (CASH, 47_100_884))
    assert refused.value.code == "cash_too_much"


def test_the_number_of_payments_has_a_limit() -> None:
    tenders = _pay(100, *[(CARD, 1)] * TENDERS_MAX)
    with pytest.raises(Refused) as refused:
        with_tender(money(100), tenders, CARD, money(1))
    assert refused.value.code == "tenders_too_many"


def test_a_card_payment_that_became_too_large_cannot_complete_the_sale() -> None:
    with pytest.raises(Refused) as refused:
        settle(money(80), (card(100),))
    assert refused.value.code == "tender_exceeds_due"


def test_an_even_exchange_needs_no_tender() -> None:
    assert settle(money(0), ()).tenders == ()


def test_a_refund_is_a_negative_tender() -> None:
    tenders = _pay(-250, (POINTS, 50), (CASH, 200))
    assert [(tender.amount.minor, tender.points) for tender in tenders] == [(-50, -50), (-200, 0)]
    assert settle(money(-250), tenders).change == money(0)


@pytest.mark.parametrize("kind", [CASH, CARD, POINTS])
def test_a_refund_never_gives_more_than_the_total_says(kind: TenderKind) -> None:
    with pytest.raises(Refused) as refused:
        _pay(-250, (kind, 251))
    assert refused.value.code == "tender_exceeds_due"


def test_a_refund_that_is_not_given_in_full_cannot_complete() -> None:
    with pytest.raises(Refused) as refused:
        settle(money(-250), _pay(-250, (CASH, 200)))
    assert refused.value.code == "refund_incomplete"
    assert refused.value.fields == {"due": "NT$50"}


def test_points_given_back_on_an_exchange_are_paid_for_in_money() -> None:
    # Goods for 300, of which 100 were paid in points, are exchanged for goods for 500.
    given_back = points(-100)
    tenders = with_tender(money(200), (given_back,), CASH, money(300))
    assert balance_due(money(200), (given_back,)) == money(300)
    assert settle(money(200), tenders).change == money(0)


def test_cash_is_rounded_to_the_smallest_coin_and_a_card_is_not() -> None:
    in_cash = settle(Money(855, HKD), _pay(855, (CASH, 855), currency=HKD))
    assert (in_cash.tenders[0].amount.minor, in_cash.rounding.minor) == (860, 5)
    by_card = settle(Money(855, HKD), _pay(855, (CARD, 855), currency=HKD))
    assert by_card.rounding.minor == 0


def test_a_tenth_left_over_by_rounding_never_blocks_a_sale() -> None:
    tenders = _pay(1004, (CARD, 1000), (CASH, 4), currency=HKD)
    assert settle(Money(1004, HKD), tenders).rounding.minor == -4


def test_less_cash_than_the_rounded_amount_leaves_the_rest_due() -> None:
    tenders = _pay(855, (CASH, 850), currency=HKD)
    assert balance_due(Money(855, HKD), tenders).minor == 10


def test_cash_that_no_coin_can_pay_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        _pay(1000, (CASH, 503), currency=HKD)
    assert refused.value.code == "cash_not_payable"


def test_part_of_a_refund_may_be_rounded_either_way() -> None:
    assert settle(Money(-285, HKD), (cash(-280, currency=HKD),)).rounding.minor == 5
    assert settle(Money(-285, HKD), (cash(-290, currency=HKD),)).rounding.minor == -5


@pytest.mark.parametrize(
    ("due", "suggested"),
    [
        (137, (137, 140, 150, 200, 500)),
        (60, (60, 100, 500, 1000)),
        (201, (201, 210, 250, 300, 500)),
        (999, (999, 1000)),
        (1000, (1000,)),
        (1250, (1250, 1300, 1500, 2000)),
        (4321, (4321, 4350, 4400, 4500, 5000)),
        (1, (1, 10, 50, 100, 500)),
        (0, ()),
        (-50, ()),
    ],
)
def test_suggestions_are_what_a_customer_in_taiwan_hands_over(due: int, suggested: tuple[int, ...]) -> None:
    assert cash_suggestions(money(due)) == suggested


def test_suggestions_follow_the_coins_of_other_currencies() -> None:
    assert cash_suggestions(Money(1337, USD)) == (1337, 1400, 1500, 2000, 5000)
    assert cash_suggestions(Money(855, HKD)) == (860, 900, 1000, 2000, 5000)
    assert cash_suggestions(Money(3680, CNY)) == (3680, 3700, 4000, 5000, 10000)


@given(CURRENCY, st.integers(1, 200_000))
def test_every_suggestion_settles_the_sale(currency: Currency, minor: int) -> None:
    total = Money(minor, currency)
    suggestions = cash_suggestions(total)
    assert suggestions == tuple(sorted(set(suggestions)))
    assert len(suggestions) <= 5
    for amount in suggestions:
        tenders = with_tender(total, (), CASH, Money(amount, currency))
        settled = settle(total, tenders)
        assert settled.change.minor == amount - round_to_cash(total).minor


@given(CURRENCY, st.integers(-50_000, 50_000), st.data())
def test_whatever_is_tendered_tenders_less_change_equal_the_total(
    currency: Currency, minor: int, data: st.DataObject
) -> None:
    total = Money(minor, currency)
    tenders: tuple[Tender, ...] = ()
    for _ in range(4):
        if is_settled(total, tenders):
            break
        kind = data.draw(st.sampled_from(TenderKind))
        amount = Money(data.draw(st.integers(0, 60_000)), currency)
        try:
            tenders = with_tender(total, tenders, kind, amount, points=7 if kind is POINTS else 0)
        except Refused:
            continue
    if not is_settled(total, tenders):
        left = balance_due(total, tenders)
        tenders = with_tender(total, tenders, CASH, Money(abs(left.minor), currency))
    settled = settle(total, tenders)
    paid = sum(tender.amount.minor for tender in settled.tenders)
    assert paid - settled.change.minor == total.minor + settled.rounding.minor
    assert abs(settled.rounding.minor) < currency.cash_step
    assert 0 <= settled.change.minor == change_due(total, tenders).minor
    cash_taken = sum(tender.amount.minor for tender in tenders if tender.kind is CASH)
    assert settled.change.minor == 0 or settled.change.minor <= cash_taken
    assert all((tender.amount.minor <= 0) == (minor < 0) or tender.amount.minor == 0 for tender in tenders)


def test_an_added_tender_gets_the_next_number() -> None:
    assert [tender.number for tender in _pay(100, (CARD, 30), (CASH, 70))] == [1, 2]
