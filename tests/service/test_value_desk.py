"""Stored value at the counter, over a real store: sold, spent, given back, paid out, voided; every part to the last dollar."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.loyalty.value import Amounts, SpendOrder, ValueEntryKind
from app.domain.loyalty.value_items import TOP_UP, VALUE_TENDERS
from app.domain.loyalty.value_rules import TopUpStep, ValueRules
from app.domain.settlement import Tally, fold
from app.domain.tender import TenderKind
from app.service.outcomes import LineAdded, TenderTaken
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop
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


# --- selling ------------------------------------------------------------------------------------------------------------


def test_a_top_up_is_paid_in_cash_and_its_bonus_comes_on_top(counter: SmallShop) -> None:
    new_member(counter)
    sale = top_up(counter, 1000).transaction
    assert balance(counter) == Amounts(1000, 150), "the first top-up has a better bonus"
    assert sale.total.minor == 1000
    assert sale.points.earned == 0
    assert sale.lines[0].item_id == TOP_UP
    top_up(counter, 1000)
    assert balance(counter) == Amounts(2000, 250), "the second has the ordinary one"
    assert_books_are_whole(counter)


def test_one_ticket_sells_tea_and_a_top_up(counter: SmallShop) -> None:
    new_member(counter)
    member(counter)
    counter.checkout.enter(TEA)
    counter.checkout.top_up(2000)
    sale = pay_in_cash(counter).transaction
    assert sale.total.minor == 350 + 2000
    assert sale.points.earned == 3, "only the tea earns"
    assert balance(counter) == Amounts(2000, 300)
    assert_books_are_whole(counter)


def test_a_new_member_can_top_up_in_their_first_sale(counter: SmallShop) -> None:
    counter.checkout.enter(PHONE)
    counter.checkout.enter("")
    counter.checkout.top_up(500)
    pay_in_cash(counter)
    assert balance(counter) == Amounts(500, 0)


def test_without_a_member_there_is_nobody_to_top_up(counter: SmallShop) -> None:
    with pytest.raises(Refused, match="value_needs_member"):
        counter.checkout.top_up(1000)


def test_a_member_taken_off_again_leaves_nobody_to_top_up(counter: SmallShop) -> None:
    new_member(counter)
    member(counter)
    counter.checkout.top_up(1000)
    counter.checkout.remove_member()
    with pytest.raises(Refused, match="value_needs_member"):
        pay_in_cash(counter)
    assert counter.store.value.liability().accounts == 0


@pytest.mark.parametrize("amount", [99, 10_001])
def test_an_amount_outside_the_rules_is_refused(counter: SmallShop, amount: int) -> None:
    new_member(counter)
    member(counter)
    with pytest.raises(Refused, match="value_amount_off"):
        counter.checkout.top_up(amount)


def test_an_account_holds_no_more_than_the_rules_say(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 10_000)
    member(counter)
    counter.checkout.top_up(10_000)
    with pytest.raises(Refused, match="value_balance_full"):
        pay_in_cash(counter)


def test_a_top_up_takes_no_discount_and_no_second_piece(counter: SmallShop) -> None:
    new_member(counter)
    member(counter)
    added = counter.checkout.top_up(1000)
    assert isinstance(added, LineAdded)
    with pytest.raises(Refused, match="value_quantity_fixed"):
        counter.checkout.set_quantity(added.number, 2000)
    with pytest.raises(Refused, match="value_twice"):
        counter.checkout.top_up(500)


# --- spending -----------------------------------------------------------------------------------------------------------


def test_both_parts_pay_in_proportion(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 500)
    top_up(counter, 1000)
    assert balance(counter) == Amounts(1500, 100)
    sale = buy_with_value(counter, TEA).transaction
    assert [tender.kind for tender in sale.tenders] == [TenderKind.STORED_VALUE]
    assert sale.moves.value[0].paid.minor == -328
    assert sale.moves.value[0].bonus.minor == -22
    assert balance(counter) == Amounts(1172, 78)
    assert_books_are_whole(counter)


@pytest.mark.parametrize(
    ("order", "left"),
    [(SpendOrder.PAID_FIRST, Amounts(650, 150)), (SpendOrder.BONUS_FIRST, Amounts(800, 0))],
)
def test_the_shop_may_say_which_part_pays_first(shop: SmallShop, order: SpendOrder, left: Amounts) -> None:
    shop.loyalty.value.write_rules(ValueRules(steps=(TopUpStep(1000, bonus=150),), spends=order))
    new_member(shop)
    top_up(shop, 1000)
    buy_with_value(shop, TEA)
    assert balance(shop) == left


def test_what_is_not_enough_pays_a_part_and_cash_the_rest(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 500)
    member(counter)
    for _ in range(2):
        counter.checkout.enter(TEA)
    (offer,) = counter.checkout.value_offers()
    assert offer.amount.minor == offer.balance.minor == 500
    assert counter.checkout.pay_from(offer.holding.account) == TenderTaken(
        TenderKind.STORED_VALUE, counter.checkout.due()
    )
    assert counter.checkout.due().minor == 200
    assert counter.checkout.value_offers() == (), "what lies on the counter is not offered again"
    sale = pay_in_cash(counter).transaction
    assert [tender.amount.minor for tender in sale.tenders] == [500, 200]
    assert balance(counter) == Amounts()
    assert_books_are_whole(counter)


def test_more_than_the_balance_is_refused(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 500)
    member(counter)
    for _ in range(2):
        counter.checkout.enter(TEA)
    (offer,) = counter.checkout.value_offers()
    with pytest.raises(Refused, match="value_balance_short"):
        counter.checkout.pay_from(offer.holding.account, 501)


def test_stored_value_never_buys_stored_value(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    member(counter)
    counter.checkout.enter(SOAP)
    counter.checkout.top_up(1000)
    (offer,) = counter.checkout.value_offers()
    assert offer.amount.minor == 99, "the soap and nothing of the top-up"
    counter.checkout.pay_from(offer.holding.account)
    with pytest.raises(Refused, match="value_pays_goods_only"):
        counter.checkout.pay_from(offer.holding.account, 1)
    # Nor by a tender that was put there some other way.
    counter.checkout.remove_last_tender()
    own = offer.holding.account.id.hex
    counter.checkout.tender(TenderKind.STORED_VALUE, 1000, reference=own)
    with pytest.raises(Refused, match="value_pays_goods_only"):
        pay_in_cash(counter)


def test_nobody_pays_with_the_account_of_another_member(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    account = counter.store.value.of_member(counter.store.members.by_phone(E164).member.id)[0]  # type: ignore[union-attr]
    counter.checkout.enter("0987654321")
    counter.checkout.enter("")
    counter.checkout.enter(SOAP)
    counter.checkout.tender(TenderKind.STORED_VALUE, 99, reference=account.id.hex)
    with pytest.raises(Refused, match="value_of_other_member"):
        counter.complete()


def test_the_same_money_pays_once_even_when_two_baskets_saw_it(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 500)
    member(counter)
    counter.checkout.enter(TEA)
    (offer,) = counter.checkout.value_offers()
    counter.checkout.pay_from(offer.holding.account)
    first = counter.completion.prepare(counter.checkout)
    counter.checkout.start_new()
    buy_with_value(counter, TEA)
    with pytest.raises(Refused, match="value_balance_short"):
        counter.completion.commit(first)
    assert balance(counter) == Amounts(150, 0)
    assert_books_are_whole(counter)


# --- coming back --------------------------------------------------------------------------------------------------------


def test_a_return_gives_back_into_the_same_parts(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 2000)
    before = balance(counter)
    sale = buy_with_value(counter, TEA, SOAP, TEA).transaction
    for line in (2, 1, 3):
        back = give_back(counter, sale, line).transaction
        assert {tender.kind for tender in back.tenders} == {TenderKind.STORED_VALUE}
        assert_books_are_whole(counter)
    assert balance(counter) == before


def test_what_was_paid_in_part_goes_back_into_the_account_first(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 500)
    member(counter)
    for entry in (TEA, TEA):
        counter.checkout.enter(entry)
    counter.checkout.enter("")
    counter.checkout.tender(TenderKind.CARD, 200)
    counter.checkout.pay_from(counter.checkout.value_offers()[0].holding.account)
    sale = counter.complete().transaction
    back = give_back(counter, sale, 1, 1000).transaction
    assert [(tender.kind, tender.amount.minor) for tender in back.tenders] == [
        (TenderKind.STORED_VALUE, -350)
    ]
    assert balance(counter) == Amounts(350, 0)


def test_goods_paid_with_stored_value_are_never_turned_into_cash(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    sale = buy_with_value(counter, TEA).transaction
    found = counter.returns.by_receipt(sale.header.receipt_number)
    counter.checkout.add_return(counter.returns.line(found, 1, 1000, basket=counter.checkout.basket))
    counter.checkout.tender(TenderKind.CASH, 350)
    with pytest.raises(Refused, match="value_back_first"):
        counter.complete()


def test_nothing_goes_into_an_account_that_did_not_pay(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    sale = counter.sell(PHONE, TEA).transaction
    account = counter.store.value.of_member(sale.member_id)[0]  # type: ignore[arg-type]
    found = counter.returns.by_receipt(sale.header.receipt_number)
    counter.checkout.add_return(counter.returns.line(found, 1, 1000, basket=counter.checkout.basket))
    counter.checkout.tender(TenderKind.STORED_VALUE, 350, reference=account.id.hex)
    with pytest.raises(Refused, match="value_back_too_much"):
        counter.complete()


def test_a_voided_sale_gives_everything_back(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    before = balance(counter)
    sale = buy_with_value(counter, TEA).transaction
    counter.post_void.void(sale.header.id, "打錯")
    assert balance(counter) == before
    with pytest.raises(Refused, match="sale_voided"):
        counter.post_void.void(sale.header.id, "打錯")
    assert_books_are_whole(counter)


def test_a_top_up_is_voided_while_nothing_of_it_is_spent(counter: SmallShop) -> None:
    new_member(counter)
    first = top_up(counter, 1000).transaction
    counter.post_void.void(first.header.id, "客人反悔")
    assert balance(counter) == Amounts()
    assert top_up(counter, 1000).transaction.moves.value[0].bonus.minor == 150, "it is the first one again"
    assert_books_are_whole(counter)


def test_a_top_up_that_was_spent_is_not_voided(counter: SmallShop) -> None:
    new_member(counter)
    sale = top_up(counter, 1000).transaction
    buy_with_value(counter, SOAP)
    with pytest.raises(Refused, match="value_top_up_spent"):
        counter.post_void.void(sale.header.id, "客人反悔")
    assert counter.store.journal.void_of(sale.header.id) is None
    assert_books_are_whole(counter)


def test_a_top_up_is_no_good_that_can_be_returned(counter: SmallShop) -> None:
    new_member(counter)
    sale = top_up(counter, 1000).transaction
    with pytest.raises(Refused, match="nothing_left_to_return"):
        counter.returns.by_receipt(sale.header.receipt_number)


# --- the end of a bonus ---------------------------------------------------------------------------------------------------


def test_a_bonus_ends_and_what_was_paid_stays(shop: SmallShop) -> None:
    shop.loyalty.value.write_rules(ValueRules(steps=(TopUpStep(1000, bonus=100),), bonus_days=30))
    new_member(shop)
    top_up(shop, 1000)
    assert shop.session.shift is not None
    later = shop.session.shift.business_date.replace(month=12, day=31)
    object.__setattr__(shop.session.shift, "business_date", later)
    assert balance(shop) == Amounts(1000, 0)
    sale = buy_with_value(shop, TEA).transaction
    assert sale.moves.value[0].bonus.minor == 0
    assert balance(shop) == Amounts(650, 0)
    kinds = [one.kind for one in shop.store.value.entries(shop.store.value.of_member(sale.member_id)[0].id)]  # type: ignore[arg-type]
    assert kinds.count(ValueEntryKind.EXPIRY) == 1
    assert_books_are_whole(shop)


def test_the_owner_can_end_all_bonuses_at_once(shop: SmallShop) -> None:
    shop.loyalty.value.write_rules(ValueRules(steps=(TopUpStep(1000, bonus=100),), bonus_days=30))
    new_member(shop)
    top_up(shop, 1000)
    assert shop.loyalty.value.end_bonuses() == 0
    assert shop.session.shift is not None
    object.__setattr__(
        shop.session.shift, "business_date", shop.session.shift.business_date.replace(month=12, day=31)
    )
    assert shop.loyalty.value.end_bonuses() == 100
    assert shop.loyalty.value.end_bonuses() == 0
    assert shop.loyalty.value.liability().amounts == Amounts(1000, 0)


# --- reports ------------------------------------------------------------------------------------------------------------


def test_a_report_keeps_what_is_owed_apart_from_what_was_sold(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    sale = buy_with_value(counter, TEA).transaction
    give_back(counter, sale, 1)
    voided = top_up(counter, 500).transaction
    counter.post_void.void(voided.header.id, "打錯")
    shift = counter.session.require_shift()
    settlement = fold(counter.store.journal.of_shift(shift.id), shift.opening_float)
    assert settlement.net_minor == 99
    assert settlement.value_sold == Tally(1, 1000)
    assert settlement.tickets.count == 2
    assert settlement.expected_cash.minor == 3000 + 99 + 1000
    assert settlement.tenders[TenderKind.STORED_VALUE].net_minor == 0
    assert sum(tax.gross_minor for tax in settlement.taxes.values()) == settlement.net_minor
    assert counter.loyalty.value.liability().amounts == balance(counter) == Amounts(1000, 150)


def test_a_shop_taxed_at_the_sale_sees_what_was_paid_with_taxed_value(shop: SmallShop) -> None:
    shop.loyalty.value.write_rules(ValueRules(steps=(TopUpStep(1000),), is_taxed_at_sale=True))
    new_member(shop)
    assert top_up(shop, 1050).transaction.taxes[0].tax.minor == 50
    sale = buy_with_value(shop, TEA).transaction
    settlement = fold([sale], sale.total)
    assert settlement.value_pretaxed_minor == 350


def test_the_receipt_tells_the_balance_before_and_after(counter: SmallShop) -> None:
    new_member(counter)
    paper = papers(counter, top_up(counter, 1000))
    for words in ("儲值", "交易前餘額 | 0", "本次 | +1,150", "含贈送 | +150", "交易後餘額 | 1,150"):
        assert words in paper
    paper = papers(counter, buy_with_value(counter, TEA))
    assert "交易前餘額 | 1,150" in paper
    assert "本次 | -350" in paper


def test_every_tender_of_stored_value_has_its_own_kind_on_the_ticket() -> None:
    assert {TenderKind.STORED_VALUE, TenderKind.GIFT_CARD} == VALUE_TENDERS
