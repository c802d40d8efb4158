"""What is stored can be read back exactly, is small, and knows nobody's name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from app.domain.basket import Basket
from app.domain.codec import basket_from_plain, basket_to_plain, canonical, from_plain, parse, to_plain
from app.domain.errors import Refused
from app.domain.facts import entries_of_fact
from app.domain.transaction import RetailTransaction, ReturnOf, Transaction, TransactionKind
from tests import strategies
from tests.builders import (
    MEMBER,
    a_basket,
    a_card,
    a_control,
    a_line,
    a_return,
    a_sale,
    an_approval,
    an_item,
    card,
    cash,
)


@given(strategies.transactions())
def test_the_entries_of_a_fact_are_read_without_the_rest_of_it(transaction: Transaction) -> None:
    told = entries_of_fact(transaction.header.kind, to_plain(transaction))
    assert told == (transaction.entries if isinstance(transaction, RetailTransaction) else ())


@given(strategies.TRANSACTIONS)
def test_every_transaction_comes_back_as_it_was(transaction: Transaction) -> None:
    assert from_plain(to_plain(transaction)) == transaction


@given(strategies.TRANSACTIONS)
def test_the_plain_form_holds_plain_values_only(transaction: Transaction) -> None:
    _assert_plain(to_plain(transaction))


@given(strategies.TRANSACTIONS)
def test_canonical_bytes_are_the_same_after_a_round_trip(transaction: Transaction) -> None:
    body = canonical(transaction)
    assert canonical(parse(body)) == body


@given(strategies.baskets())
def test_every_basket_comes_back_as_it_was(basket: Basket) -> None:
    plain = basket_to_plain(basket)
    _assert_plain(plain)
    assert basket_from_plain(json.loads(json.dumps(plain))) == basket


def test_a_sale_of_five_lines_stays_near_one_kilobyte() -> None:
    lines = [a_line(25 + number, sku=f"A000{number}") for number in range(5)]
    assert len(canonical(a_sale(*lines, tenders=[cash(500)], member=MEMBER))) < 1600


def test_defaults_are_left_out() -> None:
    plain = to_plain(a_sale(a_line(100)))
    assert set(plain["lines"][0]) == {"item", "sku", "name", "price", "pv", "barcode", "category"}
    assert "change" not in plain
    assert "voids" not in plain


def test_no_name_and_no_phone_of_a_member_enters_the_bytes() -> None:
    sale = a_sale(a_line(100), a_line(50), tenders=[card(150)], member=MEMBER, is_new_member=True)
    text = canonical(sale).decode()
    assert MEMBER.id.hex in text
    for secret in (MEMBER.name, MEMBER.phone, "912345678", MEMBER.code):
        assert secret not in text


def test_the_order_of_the_fields_does_not_change_the_bytes() -> None:
    sale = a_sale(a_line(100), approvals=(an_approval(),))
    assert canonical(from_plain(dict(reversed(to_plain(sale).items())))) == canonical(sale)


def test_letters_that_look_alike_have_the_same_bytes() -> None:
    one = a_sale(a_line(name="Caf\u00e9"))
    other = replace(one, lines=(replace(one.lines[0], name="Cafe\u0301"),))
    assert canonical(one) == canonical(other)


def test_a_lone_accent_after_a_line_break_does_not_break_the_bytes() -> None:
    sale = a_sale(a_line(name="\n\u0301"))
    assert parse(canonical(sale)) == sale


def test_a_return_keeps_which_line_it_returns() -> None:
    sale = a_sale(a_line(100), a_line(50))
    back = a_return(sale, [(2, 1000, 50)])
    again = parse(canonical(back))
    assert again == back
    assert again.lines[0].return_of == ReturnOf(sale.header.id, 2, sale.header.receipt_number)  # type: ignore[union-attr]


def test_a_basket_keeps_its_pinned_price_and_its_member() -> None:
    basket = a_basket(an_item(100, member_price=90), member=a_card())
    again = basket_from_plain(basket_to_plain(basket))
    assert again == basket
    assert again.member == basket.member


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "gift"},
        {"currency": "XXX"},
        {"total": 99},
        {"total": "100"},
        {"lines": [{"sku": "A"}]},
        {"lines": None},
        {"id": "not an id"},
        {"date": "2026-13-01"},
        {"at": 1.5},
        {"receipt": 7},
        {"points": [1, 2]},
        {"points": [1, 2, 3, 4, 5]},
        {"v": "1"},
    ],
)
def test_a_damaged_record_is_refused_and_never_half_read(damage: dict[str, Any]) -> None:
    plain = {**to_plain(a_sale(a_line(100))), **damage}
    with pytest.raises(Refused) as refused:
        from_plain(plain)
    assert refused.value.code == "record_damaged"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_bytes_that_are_no_record_are_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        parse(body)
    assert refused.value.code == "record_damaged"


def test_a_record_of_a_later_version_says_so() -> None:
    plain = {**to_plain(a_control(TransactionKind.NO_SALE)), "v": 2}
    with pytest.raises(Refused) as refused:
        from_plain(plain)
    assert refused.value.code == "record_newer"


def test_a_damaged_draft_is_refused() -> None:
    plain = basket_to_plain(a_basket(an_item(100)))
    plain["lines"][0]["qty"] = 0
    with pytest.raises(Refused) as refused:
        basket_from_plain(plain)
    assert refused.value.code == "record_damaged"


def _assert_plain(value: object) -> None:
    if type(value) is dict:
        assert all(type(key) is str for key in value)
        for content in value.values():
            _assert_plain(content)
    elif type(value) is list:
        for content in value:
            _assert_plain(content)
    else:
        assert value is None or type(value) in (str, int, bool)
