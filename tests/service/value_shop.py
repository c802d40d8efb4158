"""A small shop with rules of stored value, and what its tests do over and over."""

from __future__ import annotations

import pytest

from app.domain.loyalty.value import Amounts
from app.domain.loyalty.value_rules import TopUpStep, ValueRules
from app.domain.transaction import RetailTransaction
from app.service.completion import CompletedSale
from app.service.outcomes import ReadyToComplete
from db.verify import verify
from tests.service.front_desk import words_of
from tests.service.small_shop import E164, PHONE, SOAP, SmallShop

RULES = ValueRules(
    steps=(
        TopUpStep(500),
        TopUpStep(1000, bonus=100),
        TopUpStep(2000, bonus=300),
        TopUpStep(1000, bonus=150, is_first_only=True),
        TopUpStep(1000, bonus=200, tier="gold"),
    ),
    card_amounts=(500, 1000),
    top_up_min=100,
    top_up_max=10_000,
    balance_max=20_000,
)


@pytest.fixture
def counter(shop: SmallShop) -> SmallShop:
    shop.loyalty.value.write_rules(RULES)
    return shop


def pay_in_cash(shop: SmallShop) -> CompletedSale:
    outcome = shop.checkout.enter("")
    while not isinstance(outcome, ReadyToComplete):
        outcome = shop.checkout.enter("")
    return shop.complete()


def new_member(shop: SmallShop) -> None:
    """A member with a first small sale."""
    shop.sell(PHONE, "", SOAP)


def member(shop: SmallShop) -> None:
    shop.checkout.enter(PHONE)


def top_up(shop: SmallShop, amount: int) -> CompletedSale:
    member(shop)
    shop.checkout.top_up(amount)
    return pay_in_cash(shop)


def balance(shop: SmallShop) -> Amounts:
    card = shop.store.members.by_phone(E164)
    assert card is not None
    total = Amounts()
    for one in shop.loyalty.value.holdings(card.member.id):
        total += one.balance
    return total


def buy_with_value(shop: SmallShop, *entries: str) -> CompletedSale:
    member(shop)
    for entry in entries:
        shop.checkout.enter(entry)
    offer = shop.checkout.value_offers()[0]
    if not isinstance(shop.checkout.pay_from(offer.holding.account), ReadyToComplete):
        return pay_in_cash(shop)
    return shop.complete()


def give_back(shop: SmallShop, sale: RetailTransaction, line: int, quantity: int = 1000) -> CompletedSale:
    found = shop.returns.by_receipt(sale.header.receipt_number)
    shop.checkout.add_return(shop.returns.line(found, line, quantity, basket=shop.checkout.basket))
    return shop.complete()


def papers(shop: SmallShop, sale: CompletedSale) -> str:
    document = shop.store.journal.document_of(sale.transaction.header.id)
    assert document is not None
    return words_of(document)


def assert_books_are_whole(shop: SmallShop) -> None:
    assert verify(shop.store.engines, is_full=True) == ()
