from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.authority import Approval, Right
from app.domain.basket import Discount, DiscountKind
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.ids import MemberId
from app.domain.money import TWD, Money
from app.domain.tender import TenderKind
from app.domain.transaction import PriceSource, TransactionKind
from app.service.checkout import Stage
from app.service.holding import basket_of
from app.service.outcomes import (
    ItemsFound,
    LineAdded,
    MemberAttached,
    MemberOffered,
    NothingHappened,
    PriceAsked,
    QuantitySet,
    ReadyToComplete,
    ReceiptFound,
    TenderTaken,
    TotalShown,
    WeightAsked,
)
from tests.service.small_shop import BAG, E164, PHONE, SOAP, TEA, SmallShop


def refusal(shop: SmallShop, text: str) -> str:
    with pytest.raises(Refused) as caught:
        shop.checkout.enter(text)
    return caught.value.code


def total(shop: SmallShop) -> int:
    return shop.checkout.priced().total.minor


# --- the one line --------------------------------------------------------------------------------------------------------


def test_a_new_member_and_exact_cash_take_one_enter_more_than_an_existing_one(shop: SmallShop) -> None:
    shop.checkout.enter(TEA)
    assert isinstance(shop.checkout.enter(PHONE), MemberOffered)
    assert isinstance(shop.checkout.enter(""), MemberAttached)
    assert isinstance(shop.checkout.enter(""), TotalShown)
    assert isinstance(shop.checkout.enter(""), ReadyToComplete)
    shop.complete()
    shop.checkout.enter(TEA)
    assert isinstance(shop.checkout.enter(PHONE), MemberAttached)
    assert isinstance(shop.checkout.enter(""), TotalShown)
    assert isinstance(shop.checkout.enter(""), ReadyToComplete)


def test_the_member_price_applies_the_moment_the_member_is_known(shop: SmallShop) -> None:
    shop.checkout.enter(TEA)
    assert total(shop) == 380
    shop.sell(PHONE)
    shop.checkout.enter(TEA)
    shop.checkout.enter(PHONE)
    assert total(shop) == 350
    assert shop.checkout.priced().lines[0].price_source is PriceSource.MEMBER
    shop.checkout.remove_member()
    assert total(shop) == 380


def test_the_same_item_scanned_again_raises_its_line(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.scan(TEA)
    shop.checkout.scan(SOAP)
    shop.checkout.scan(TEA)
    assert [line.quantity for line in shop.checkout.basket.lines] == [2000, 1000, 1000]


def test_a_quantity_keyed_before_counts_for_the_next_item_only(shop: SmallShop) -> None:
    assert shop.checkout.enter("3*") == QuantitySet(3000)
    shop.checkout.scan(SOAP)
    shop.checkout.scan(TEA)
    assert [line.quantity for line in shop.checkout.basket.lines] == [3000, 1000]
    shop.checkout.enter(f"2*{BAG}")
    assert shop.checkout.basket.lines[-1].quantity == 2000


def test_a_weight_label_and_a_price_label_bring_their_own_amount(shop: SmallShop) -> None:
    shop.checkout.scan("2800123003852")
    assert total(shop) == 46  # 0.385 kg × NT$120
    shop.checkout.scan("2900123001589")
    assert total(shop) == 46 + 158
    assert shop.checkout.basket.lines[1].quantity == 1317  # 158 ÷ 120


def test_a_weighed_item_without_a_weight_and_an_open_price_ask_for_what_is_missing(shop: SmallShop) -> None:
    weighed = shop.checkout.enter("RICE")
    assert isinstance(weighed, WeightAsked)
    shop.checkout.add_weighed(weighed.item, 1500)
    opened = shop.checkout.enter("WORK")
    assert isinstance(opened, PriceAsked)
    shop.checkout.add_open_price(opened.item, 250)
    assert total(shop) == 180 + 250


def test_two_characters_of_a_name_find_the_item(shop: SmallShop) -> None:
    found = shop.checkout.enter("烏龍")
    assert isinstance(found, ItemsFound)
    assert [hit.sku for hit in found.hits] == ["TEA"]
    assert isinstance(shop.checkout.add_item_by_id(found.hits[0].id), LineAdded)


# --- what the cashier keys wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("4712345678900", "barcode_unknown"),
        ("4710088412349", "barcode_damaged"),
        ("09123a5678", "phone_almost"),
        ("091234567", "phone_almost"),
        ("0*", "quantity_out_of_range"),
        ("10000*", "quantity_out_of_range"),
        ("1.5*SOAP", "quantity_not_whole"),
        ("01-1-A999999", "receipt_unknown"),
        ("R1:01-1-A000001:XX", "entry_unreadable"),
        ("完全沒有的東西", "nothing_found"),
    ],
)
def test_bad_input_is_refused_with_its_own_sentence_and_changes_nothing(
    shop: SmallShop, typed: str, code: str
) -> None:
    shop.checkout.enter(TEA)
    before = shop.checkout.basket
    assert refusal(shop, typed) == code
    assert shop.checkout.basket == before


def test_a_number_one_digit_off_an_active_member_shows_that_member(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    offered = shop.checkout.enter("0912345679")
    assert isinstance(offered, MemberOffered)
    assert [member.phone for member in offered.near] == [E164]


def test_a_negative_or_absurd_open_price_is_refused(shop: SmallShop) -> None:
    asked = shop.checkout.enter("WORK")
    assert isinstance(asked, PriceAsked)
    for price, code in ((-1, "price_negative"), (10**8, "price_too_high")):
        with pytest.raises(Refused) as caught:
            shop.checkout.add_open_price(asked.item, price)
        assert caught.value.code == code


# --- scenarios other tills stumbled over ----------------------------------------------------------------------------------


def test_a_barcode_scanned_during_payment_is_never_taken_as_an_amount(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.enter("")
    assert shop.checkout.stage is Stage.TENDER
    assert isinstance(shop.checkout.scan(SOAP), LineAdded)
    assert shop.checkout.stage is Stage.ENTRY
    assert total(shop) == 479


def test_a_scan_after_a_part_payment_is_refused_and_the_payment_stays(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.enter("")
    assert isinstance(shop.checkout.tender(TenderKind.CARD, 100), TenderTaken)
    with pytest.raises(Refused) as caught:
        shop.checkout.scan(SOAP)
    assert caught.value.code == "scan_after_tender"
    assert shop.checkout.due().minor == 280


def test_enter_on_an_empty_basket_makes_no_sale(shop: SmallShop) -> None:
    for _ in range(5):
        assert isinstance(shop.checkout.enter(""), NothingHappened)
    assert shop.store.journal.newest() == ()


def test_one_basket_becomes_one_sale_whatever_is_pressed_twice(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.enter("")
    shop.checkout.enter("")
    prepared = shop.completion.prepare(shop.checkout)
    with pytest.raises(Refused) as caught:
        shop.completion.prepare(shop.checkout)
    assert caught.value.code == "sale_is_completing"
    with pytest.raises(Refused):
        shop.checkout.enter("")
    shop.completion.commit(prepared)
    with pytest.raises(Exception, match="UNIQUE"):
        shop.completion.commit(prepared)
    assert len(shop.store.journal.newest()) == 1


def test_a_held_basket_spends_nothing_and_comes_back_as_it_was(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    shop.checkout.scan(SOAP)
    shop.checkout.enter(PHONE)
    basket = shop.checkout.basket
    held = shop.checkout.hold()
    assert shop.checkout.basket.is_empty
    assert shop.balance() == 3
    listed = shop.store.desk.held_sales()
    assert [one.label for one in listed] == ["0912-***-678"]
    shop.checkout.retrieve(held)
    assert shop.checkout.basket.lines == basket.lines
    assert shop.store.desk.held_sales() == ()
    with pytest.raises(Refused) as caught:
        shop.checkout.retrieve(held)
    assert caught.value.code in ("basket_not_empty", "held_sale_gone")


def test_points_survive_hold_retrieve_and_cancel(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    shop.checkout.scan(SOAP)
    shop.checkout.enter(PHONE)
    held = shop.checkout.hold()
    shop.checkout.retrieve(held)
    shop.checkout.cancel("客人不要了")
    assert shop.balance() == 3
    assert len(shop.store.journal.newest()) == 1


def test_any_number_of_points_up_to_the_limit_can_be_spent(shop: SmallShop) -> None:
    for _ in range(5):
        shop.sell(f"3*{TEA}", PHONE)
    assert shop.balance() == 50
    shop.checkout.scan(SOAP)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    day = shop.session.require_shift().business_date
    due, whole = shop.checkout.due(), shop.checkout.priced().total
    offer = shop.points.offer(shop.checkout.basket, due, whole, day)
    assert offer is not None
    assert offer.points == 50
    amount = shop.points.amount_of(shop.checkout.basket, 20, due, whole, day)
    shop.checkout.tender(TenderKind.POINTS, amount.minor, points=20)
    shop.checkout.enter("")
    done = shop.complete()
    assert shop.balance() == 30 + done.transaction.points.earned
    assert done.transaction.points.earned == 0  # 79 paid in money: below one step


def test_points_are_earned_on_what_was_paid_and_not_on_the_cash_handed_over(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    shop.checkout.enter("")
    shop.checkout.enter("1000")
    done = shop.complete()
    assert done.transaction.change.minor == 650
    assert done.transaction.points.earned == 3


def test_goods_that_earn_no_points_earn_none(shop: SmallShop) -> None:
    done = shop.sell(f"200*{BAG}", PHONE, "")
    assert done.transaction.total.minor == 600
    assert done.transaction.points.earned == 0


# --- discounts, price, approval -------------------------------------------------------------------------------------------


def test_over_the_limit_a_second_person_grants_once_and_both_names_are_kept(shop: SmallShop) -> None:
    shop.session.operator = shop.cashier
    shop.checkout.scan(TEA)
    discount = Discount(DiscountKind.PERCENT, 2000, "瑕疵品")
    with pytest.raises(ApprovalNeeded) as caught:
        shop.checkout.discount_line(1, discount)
    assert caught.value.fields["amount"] == 2000
    approval = Approval(
        Right.LINE_DISCOUNT, 2000, shop.cashier.id, shop.owner.id, "瑕疵品", shop.clock.now_ms()
    )
    shop.checkout.discount_line(1, discount, approval)
    shop.checkout.enter("")
    shop.checkout.enter("")
    done = shop.complete()
    assert done.transaction.total.minor == 304
    assert [one.approved_by for one in done.transaction.approvals] == [shop.owner.id]
    shop.checkout.scan(TEA)
    with pytest.raises(ApprovalNeeded):
        shop.checkout.discount_line(1, discount)


def test_a_grant_for_less_does_not_cover_more(shop: SmallShop) -> None:
    shop.session.operator = shop.cashier
    shop.checkout.scan(TEA)
    approval = Approval(Right.LINE_DISCOUNT, 1500, shop.cashier.id, shop.owner.id, "x", shop.clock.now_ms())
    with pytest.raises(ApprovalNeeded):
        shop.checkout.discount_line(1, Discount(DiscountKind.PERCENT, 2000, "x"), approval)


def test_a_discount_needs_a_reason_and_never_exceeds_the_line(shop: SmallShop) -> None:
    shop.checkout.scan(SOAP)
    for discount, code in (
        (Discount(DiscountKind.PERCENT, 500), "reason_needed"),
        (Discount(DiscountKind.AMOUNT, 100, "x"), "discount_exceeds_line"),
    ):
        with pytest.raises(Refused) as caught:
            shop.checkout.discount_line(1, discount)
        assert caught.value.code == code


def test_a_new_price_is_an_override_measured_against_the_list_price(shop: SmallShop) -> None:
    shop.session.operator = shop.cashier
    shop.checkout.scan(SOAP)
    with pytest.raises(ApprovalNeeded) as caught:
        shop.checkout.discount_line(1, Discount(DiscountKind.PRICE, 49, "標錯"))
    assert caught.value.right == Right.PRICE_OVERRIDE
    shop.session.operator = shop.owner
    shop.checkout.discount_line(1, Discount(DiscountKind.PRICE, 49, "標錯"))
    assert total(shop) == 49


def test_a_basket_discount_is_spread_over_the_lines_to_the_dollar(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.scan(SOAP)
    shop.checkout.discount_basket(Discount(DiscountKind.AMOUNT, 50, "老客人"))
    assert total(shop) == 429
    assert sum(line.net.minor for line in shop.checkout.priced().lines) == 429


def test_what_may_not_be_discounted_stays_at_its_price(shop: SmallShop) -> None:
    shop.checkout.enter(BAG)
    with pytest.raises(Refused) as caught:
        shop.checkout.discount_line(1, Discount(DiscountKind.PERCENT, 500, "x"))
    assert caught.value.code == "line_not_discountable"


# --- lines, tender, records -----------------------------------------------------------------------------------------------


def test_a_voided_line_counts_for_nothing_and_is_in_the_audit(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.scan(SOAP)
    shop.checkout.void_last()
    assert total(shop) == 380
    events = shop.store.journal.audit_of_shift(shop.session.require_shift().id)
    assert [event.kind for event in events] == ["line_void"]


def test_nothing_can_be_changed_under_a_payment(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.tender(TenderKind.CARD, 100)
    for change in (
        lambda: shop.checkout.set_quantity(1, 2000),
        lambda: shop.checkout.void_line(1),
        lambda: shop.checkout.remove_member(),
        lambda: shop.checkout.hold(),
        lambda: shop.checkout.cancel("x"),
    ):
        with pytest.raises(Refused) as caught:
            change()
        assert caught.value.code == "basket_locked_by_tender"
    shop.checkout.back()
    assert shop.checkout.basket.tenders == ()


def test_change_is_given_only_from_cash(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    with pytest.raises(Refused) as caught:
        shop.checkout.tender(TenderKind.CARD, 400)
    assert caught.value.code == "tender_exceeds_due"
    shop.checkout.tender(TenderKind.VOUCHER, 300, reference="V1")
    shop.checkout.tender(TenderKind.CASH, 100)
    done = shop.complete()
    assert done.transaction.change == Money(20, TWD)


def test_a_free_item_can_be_given_away(shop: SmallShop) -> None:
    shop.checkout.enter("FREE")
    shop.checkout.enter("")
    outcome = shop.checkout.enter("")
    assert isinstance(outcome, ReadyToComplete)
    assert shop.complete().transaction.total.minor == 0


def test_the_draft_comes_back_with_its_member_and_payments(shop: SmallShop) -> None:
    saved = []
    shop.checkout._on_change = saved.append
    shop.sell(TEA, PHONE)
    shop.checkout.scan(SOAP)
    shop.checkout.enter(PHONE)
    shop.checkout.tender(TenderKind.CARD, 50)
    from app.service.holding import body_of

    body = body_of(saved[-1])
    shop.checkout.start_new()
    shop.checkout.resume(basket_of(body))
    assert shop.checkout.due().minor == 49
    assert shop.checkout.stage is Stage.TENDER
    assert shop.checkout.basket.member is not None
    assert shop.checkout.basket.member.points == 3


def test_the_business_date_is_the_shifts_and_not_the_clocks(shop: SmallShop) -> None:
    shop.clock.forward(hours=14)  # 05:00 of the next day, in UTC still another
    done = shop.sell(TEA)
    assert done.transaction.header.business_date == shop.session.require_shift().business_date


def test_a_sale_keeps_the_price_version_it_was_rung_at(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    item = shop.checkout.basket.lines[0].item
    record = next(one for one in shop.store.catalogue.records(shop.clock.now_ms()) if one.sku == "TEA")
    with shop.store.begin() as work:
        now = shop.clock.now_ms()
        work.put_items([replace(record, price=999, member_price=None)], changed_at=now, prices_from=now)
        work.commit()
    assert total(shop) == 380
    first = shop.sell()
    assert first.transaction.lines[0].price_version == item.price_version
    second = shop.sell(TEA)
    assert second.transaction.total.minor == 999
    assert second.transaction.lines[0].price_version != item.price_version


def test_a_receipts_code_opens_its_sale(shop: SmallShop) -> None:
    done = shop.sell(TEA)
    found = shop.checkout.enter(done.transaction.header.receipt_number)
    assert isinstance(found, ReceiptFound)
    assert found.transaction == done.transaction


# --- returns, exchange, void, reprint -------------------------------------------------------------------------------------


def test_a_return_gives_back_what_was_paid_and_not_the_list_price(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.scan(TEA)
    shop.checkout.scan(SOAP)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    shop.checkout.discount_basket(Discount(DiscountKind.AMOUNT, 99, "週年"))
    shop.checkout.enter("")
    shop.checkout.enter("")
    sold = shop.complete().transaction
    refunds = 0
    for line, quantity in ((1, 1000), (1, 1000), (2, 1000)):
        sale = shop.returns.by_receipt(sold.header.receipt_number)
        shop.checkout.add_return(shop.returns.line(sale, line, quantity, basket=shop.checkout.basket))
        shop.checkout.enter("")
        shop.checkout.enter("")
        back = shop.complete().transaction
        assert back.header.kind is TransactionKind.RETURN
        refunds += back.total.minor
    assert refunds == -sold.total.minor == -700
    assert shop.balance() == 0
    with pytest.raises(Refused) as caught:
        shop.returns.by_receipt(sold.header.receipt_number)
    assert caught.value.code == "nothing_left_to_return"


def test_an_exchange_is_one_ticket_with_net_money_and_net_points(shop: SmallShop) -> None:
    sold = shop.sell(SOAP, PHONE, "").transaction
    sale = shop.returns.by_receipt(sold.header.receipt_number)
    shop.checkout.add_return(shop.returns.line(sale, 1, 1000, basket=shop.checkout.basket))
    shop.checkout.enter(PHONE)
    shop.checkout.scan(TEA)
    assert shop.checkout.due().minor == 350 - 99
    shop.checkout.enter("")
    shop.checkout.enter("")
    done = shop.complete().transaction
    assert done.header.kind is TransactionKind.SALE
    assert shop.balance() == 3


def test_a_return_over_the_limit_and_one_without_a_receipt_need_approval(shop: SmallShop) -> None:
    sold = shop.sell(f"5*{TEA}").transaction
    shop.session.operator = shop.cashier
    sale = shop.returns.by_receipt(sold.header.receipt_number)
    with pytest.raises(ApprovalNeeded):
        shop.returns.line(sale, 1, 5000, basket=shop.checkout.basket)
    item = shop.store.catalogue.by_barcode(SOAP, shop.clock.now_ms())
    assert item is not None
    with pytest.raises(ApprovalNeeded) as caught:
        shop.returns.line_without_receipt(item, 1000)
    assert caught.value.right == Right.RETURN_WITHOUT_RECEIPT


def test_a_post_void_restores_money_and_points_and_happens_once(shop: SmallShop) -> None:
    shop.sell(f"3*{TEA}", PHONE)
    before = shop.balance()
    done = shop.sell(TEA, PHONE)
    void = shop.post_void.void(done.transaction.header.id, "刷錯")
    assert void.transaction.total.minor == -350
    assert shop.balance() == before
    with pytest.raises(Refused) as caught:
        shop.post_void.void(done.transaction.header.id, "再一次")
    assert caught.value.code == "sale_voided"
    with pytest.raises(Refused):
        shop.returns.by_receipt(done.transaction.header.receipt_number)


def test_a_reprint_is_marked_and_never_opens_the_drawer(shop: SmallShop) -> None:
    done = shop.sell(TEA)
    shop.printing.reprint(done.transaction.header.id)
    jobs = shop.store.desk.print_jobs(("queued",))
    assert [(job.request.copy_number, job.request.kicks_drawer) for job in jobs] == [(0, True), (1, False)]
    assert "補印" in str(jobs[1].request.document)


def test_a_card_sale_does_not_open_the_drawer(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.tender(TenderKind.CARD, 380, reference="A1")
    shop.complete()
    assert [job.request.kicks_drawer for job in shop.store.desk.print_jobs(("queued",))] == [False]


def test_a_number_taken_meanwhile_gives_the_sale_to_that_member(shop: SmallShop) -> None:
    shop.checkout.scan(TEA)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    shop.checkout.enter("")
    shop.checkout.enter("")
    prepared = shop.completion.prepare(shop.checkout)
    with shop.store.begin() as work:
        other = replace(prepared.basket.member.member, id=MemberId(shop.ids()))  # type: ignore[union-attr]
        work.add_member(other, created_at=shop.clock.now_ms(), operator_id=None)
        work.commit()
    done = shop.completion.commit(prepared)
    assert done.transaction.member_id == other.id
    assert done.transaction.is_new_member is False
    assert shop.balance() == 3


def test_the_shops_own_tax_rate_is_used(shop: SmallShop) -> None:
    shop.session.shop = replace(shop.session.shop, tax_rate=1000)
    shop.checkout.scan(SOAP)
    assert [tax.tax.minor for tax in shop.checkout.priced().taxes] == [9]


def test_what_was_sent_to_the_printer_stays_as_it_was_whatever_the_shop_is_called_later(
    shop: SmallShop,
) -> None:
    done = shop.sell(TEA, PHONE, "")
    transaction_id = done.transaction.header.id
    made = shop.store.journal.document_of(transaction_id)
    (job,) = shop.store.desk.print_jobs(("queued",))
    assert job.request.document == made
    with shop.store.begin() as work:
        work.set_print_state(job.id, "sending", changed_at=shop.clock.now_ms())
        work.commit()
    shop.session.shop = replace(shop.session.shop, name="改名後的店")
    assert shop.store.journal.document_of(transaction_id) == made
    with shop.store.engines.reading() as cursor:
        (kept,) = cursor.execute("SELECT document FROM print_job WHERE id = ?", (job.id,)).fetchone()
    assert not kept.startswith(b"{"), "the paper is written out word for word"
    with pytest.raises(Exception, match="never changes"), shop.store.begin() as work:
        work._cursor.execute("UPDATE print_job SET document = X'00' WHERE id = ?", (job.id,))
