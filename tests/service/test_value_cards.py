"""Gift cards sold, spent and given back, and money paid out of accounts, over a real store."""

from __future__ import annotations

import pytest

from app.domain.errors import ApprovalNeeded, Refused
from app.domain.loyalty.value import AccountKind, Amounts
from app.domain.loyalty.value_code import new_code, symbol
from app.domain.loyalty.value_rules import TopUpStep, ValueRules
from app.domain.tender import TenderKind
from app.domain.transaction import TransactionKind
from app.service.outcomes import GiftCardRead, ReadyToComplete
from tests.service.small_shop import E164, SOAP, TEA, SmallShop
from tests.service.value_shop import (
    assert_books_are_whole,
    balance,
    buy_with_value,
    counter,
    give_back,
    member,
    new_member,
    papers,
    pay_in_cash,
    top_up,
)

__all__ = ["counter"]


# --- gift cards -----------------------------------------------------------------------------------------------------------


def a_code(shop: SmallShop) -> str:
    return new_code(shop.ids(), shop.ids())


def test_a_card_is_sold_by_its_code_and_pays_by_being_scanned(counter: SmallShop) -> None:
    code = a_code(counter)
    assert counter.checkout.scan(symbol(code)) == GiftCardRead(code, None)
    counter.checkout.sell_card(1000, symbol(code))
    sold = pay_in_cash(counter)
    assert sold.transaction.moves.value[0].code == f"•{code[-4:]}"
    read = counter.checkout.scan(symbol(code))
    assert isinstance(read, GiftCardRead)
    assert read.holding is not None
    assert read.holding.balance == Amounts(1000, 0)
    counter.checkout.scan(TEA)
    counter.checkout.enter("")
    assert isinstance(counter.checkout.scan(symbol(code)), ReadyToComplete)
    sale = counter.complete()
    assert [tender.kind for tender in sale.transaction.tenders] == [TenderKind.GIFT_CARD]
    assert counter.loyalty.value.card(code).balance == Amounts(620, 0)  # type: ignore[union-attr]
    assert_books_are_whole(counter)


def test_two_cards_pay_one_ticket_and_each_gets_its_own_back(counter: SmallShop) -> None:
    codes = [a_code(counter), a_code(counter)]
    for code in codes:
        counter.checkout.sell_card(200, code)
        pay_in_cash(counter)
    counter.checkout.scan(TEA)
    counter.checkout.enter("")
    counter.checkout.scan(symbol(codes[0]))
    counter.checkout.scan(symbol(codes[1]))
    sale = counter.complete().transaction
    left = [counter.loyalty.value.card(code).balance.total for code in codes]  # type: ignore[union-attr]
    assert left == [0, 20]
    give_back(counter, sale, 1)
    back = [counter.loyalty.value.card(code).balance.total for code in codes]  # type: ignore[union-attr]
    assert back == [200, 200]
    assert_books_are_whole(counter)


def test_a_new_card_is_printed_on_its_receipt_and_nowhere_else(counter: SmallShop) -> None:
    counter.checkout.sell_card(500)
    sale = pay_in_cash(counter)
    ((own, code),) = [(move.account_id, move.code) for move in sale.transaction.moves.value]
    account = counter.store.value.account(own)  # type: ignore[arg-type]
    assert account is not None
    paper = papers(counter, sale)
    assert f"QR {symbol(account.code)}" in paper
    assert code == f"•{account.code[-4:]}"
    counter.checkout.scan(SOAP)
    counter.checkout.enter("")
    counter.checkout.scan(symbol(account.code))
    paper = papers(counter, counter.complete())
    assert account.code not in paper
    assert "交易後餘額 | 401" in paper


def test_a_card_that_was_never_sold_pays_nothing(counter: SmallShop) -> None:
    counter.checkout.scan(SOAP)
    counter.checkout.enter("")
    with pytest.raises(Refused, match="gift_card_not_sold"):
        counter.checkout.scan(symbol(a_code(counter)))


def test_a_misread_card_is_refused(counter: SmallShop) -> None:
    code = a_code(counter)
    with pytest.raises(Refused, match="gift_card_unreadable"):
        counter.checkout.scan(symbol(code[1] + code[0] + code[2:]))


def test_a_card_kept_on_a_file_pays_without_being_shown(counter: SmallShop) -> None:
    new_member(counter)
    member(counter)
    counter.checkout.sell_card(500, is_bound=True)
    pay_in_cash(counter)
    sale = buy_with_value(counter, TEA).transaction
    assert [tender.kind for tender in sale.tenders] == [TenderKind.GIFT_CARD]
    assert counter.store.value.of_member(sale.member_id)[0].kind is AccountKind.GIFT_CARD  # type: ignore[arg-type]
    assert_books_are_whole(counter)


# --- paying out ---------------------------------------------------------------------------------------------------------


def test_a_refund_pays_what_was_paid_less_the_bonus_enjoyed(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    buy_with_value(counter, TEA)
    (holding,) = counter.loyalty.value.holdings(counter.store.members.by_phone(E164).member.id)  # type: ignore[union-attr]
    assert holding.balance == Amounts(696, 104)
    assert holding.payable == 650, "as if the tea had been bought at its price"
    member(counter)
    counter.checkout.refund_value(holding, 650)
    sale = counter.complete().transaction
    assert sale.header.kind is TransactionKind.RETURN
    assert [(tender.kind, tender.amount.minor) for tender in sale.tenders] == [(TenderKind.CASH, -650)]
    assert balance(counter) == Amounts()
    assert_books_are_whole(counter)


def test_a_part_is_paid_out_and_its_bonus_ends_with_it(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    (holding,) = counter.loyalty.value.holdings(counter.store.members.by_phone(E164).member.id)  # type: ignore[union-attr]
    member(counter)
    counter.checkout.refund_value(holding, 400)
    sale = counter.complete().transaction
    assert balance(counter) == Amounts(600, 90)
    counter.post_void.void(sale.header.id, "客人改變主意")
    assert balance(counter) == Amounts(1000, 150)
    assert_books_are_whole(counter)


def test_a_refund_needs_somebody_who_may_and_its_own_ticket(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    (holding,) = counter.loyalty.value.holdings(counter.store.members.by_phone(E164).member.id)  # type: ignore[union-attr]
    with pytest.raises(Refused, match="value_refund_too_much"):
        counter.checkout.refund_value(holding, 1001)
    counter.checkout.scan(SOAP)
    with pytest.raises(Refused, match="value_refund_alone"):
        counter.checkout.refund_value(holding, 100)
    counter.checkout.start_new()
    counter.session.operator = counter.cashier
    with pytest.raises(ApprovalNeeded):
        counter.checkout.refund_value(holding, 100)


def test_only_its_holder_is_paid_out(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    (holding,) = counter.loyalty.value.holdings(counter.store.members.by_phone(E164).member.id)  # type: ignore[union-attr]
    counter.checkout.refund_value(holding, 100)
    with pytest.raises(Refused, match="value_of_other_member"):
        counter.complete()


def test_a_top_up_is_not_spent_until_it_is_spent(counter: SmallShop) -> None:
    new_member(counter)

    def spent() -> int:
        card = counter.store.members.by_phone(E164)
        assert card is not None
        return card.spent_minor

    assert spent() == 99
    top_up(counter, 1000)
    assert spent() == 99
    sale = buy_with_value(counter, TEA).transaction
    assert spent() == 99 + 350
    member(counter)
    give_back(counter, sale, 1)
    (holding,) = counter.loyalty.value.holdings(sale.member_id)  # type: ignore[arg-type]
    member(counter)
    counter.checkout.refund_value(holding, 1000)
    counter.complete()
    assert spent() == 99


def test_a_shop_may_pay_nothing_out(shop: SmallShop) -> None:
    shop.loyalty.value.write_rules(ValueRules(steps=(TopUpStep(1000),), may_refund=False))
    new_member(shop)
    top_up(shop, 1000)
    (holding,) = shop.loyalty.value.holdings(shop.store.members.by_phone(E164).member.id)  # type: ignore[union-attr]
    with pytest.raises(Refused, match="value_no_refunds"):
        shop.checkout.refund_value(holding, 100)
