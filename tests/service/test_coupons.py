"""A coupon's life at the counter: found, laid down, used, given back, passed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from app.domain.basket import Discount, DiscountKind
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.loyalty.coupon import Coupon
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.service.basket_desk import Stage
from app.service.outcomes import CouponApplied, CouponWaiting, TotalShown
from tests.service.coupon_shop import (
    OTHER_PHONE,
    a_member,
    events,
    give,
    give_back,
    item_id,
    lay,
    refusal,
)
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop

# --- the one line ---------------------------------------------------------------------------------------------------------


def test_a_scanned_coupon_takes_its_amount_off_and_the_sale_counts_its_use(coupons: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    coupons.checkout.scan(TEA)
    outcome = lay(coupons, coupon)
    assert isinstance(outcome, CouponApplied)
    assert (outcome.name, outcome.off.minor) == ("折五十", 50)
    done = coupons.sell()
    assert done.transaction.total.minor == 330
    (use,) = done.transaction.moves.coupons
    assert (use.coupon_id, use.amount.minor, use.is_restored) == (coupon.id, 50, False)
    assert ("coupons", 1) in done.transaction.moves.rules
    assert events(coupons, coupon) == ["redeemed"]
    assert refusal(coupons, coupon) == "coupon_used"


def test_a_typed_coupon_is_the_same_and_small_letters_do(coupons: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    coupons.checkout.enter(TEA)
    assert isinstance(coupons.checkout.enter(coupon.code.lower()), CouponApplied)
    coupons.checkout.take_away(coupon.id.hex)
    assert coupons.checkout.priced().total.minor == 380
    typed = f"{coupon.code[:5]}-{coupon.code[5:]}"
    assert isinstance(coupons.checkout.enter(typed), CouponApplied)


def test_nobody_finds_a_coupon_by_trying_codes(coupons: SmallShop) -> None:
    from app.domain.loyalty.coupon_code import typed_of

    coupon = give(coupons, "FIFTY")
    for number in range(10):
        with pytest.raises(Refused, match="coupon_code_unknown"):
            coupons.checkout.enter(typed_of(UUID(int=number)))
    with pytest.raises(Refused, match="coupon_guesses"):
        coupons.checkout.enter(coupon.code)
    coupons.checkout.enter(TEA)
    assert isinstance(coupons.checkout.scan(coupons.loyalty.coupons.symbol(coupon)), CouponApplied), (
        "scanning goes on"
    )
    coupons.checkout.take_away(coupon.id.hex)
    coupons.clock.forward(seconds=61)
    assert isinstance(coupons.checkout.enter(coupon.code), CouponApplied)


def test_a_typed_code_nobody_knows_asks_for_the_symbol(coupons: SmallShop) -> None:
    from app.domain.loyalty.coupon_code import typed_of

    with pytest.raises(Refused, match="coupon_code_unknown"):
        coupons.checkout.enter(typed_of(coupons.ids()))


def test_what_is_missing_is_said_and_the_coupon_waits_until_it_is_there(coupons: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    coupons.checkout.scan(SOAP)
    outcome = lay(coupons, coupon)
    assert isinstance(outcome, CouponWaiting)
    assert (outcome.why_not, outcome.fields) == ("coupon_below_minimum", {"missing": "NT$201"})
    coupons.checkout.scan(TEA)
    assert coupons.checkout.priced().total.minor == 99 + 380 - 50


def test_a_coupon_that_still_waits_when_the_sale_ends_is_not_used(coupons: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    coupons.checkout.scan(SOAP)
    lay(coupons, coupon)
    assert coupons.sell().transaction.moves.coupons == ()
    assert events(coupons, coupon) == []


def test_a_coupon_scanned_with_the_total_shown_reopens_the_basket_and_none_is_taken_after_money(
    coupons: SmallShop,
) -> None:
    coupon = give(coupons, "TENTH")
    coupons.checkout.scan(TEA)
    assert isinstance(coupons.checkout.enter(""), TotalShown)
    assert isinstance(lay(coupons, coupon), CouponApplied)
    assert coupons.checkout.due().minor == 342
    coupons.checkout.take_away(coupon.id.hex)
    coupons.checkout.enter("")
    coupons.checkout.enter("100")
    assert refusal(coupons, coupon) == "scan_after_tender"


@pytest.mark.parametrize("place", [0, 30, 60, -1])
def test_a_changed_symbol_is_refused(coupons: SmallShop, place: int) -> None:
    symbol = coupons.loyalty.coupons.symbol(give(coupons, "TENTH"))
    body = symbol[3:]
    changed = body[:place] + ("A" if body[place] != "A" else "B") + body[place:][1:]
    with pytest.raises(Refused, match="coupon_code_damaged"):
        coupons.checkout.scan(f"C1:{changed}")


# --- stacking ------------------------------------------------------------------------------------------------------------


def test_a_coupon_that_goes_alone_goes_with_no_other(coupons: SmallShop) -> None:
    alone, tenth = give(coupons, "FIFTY"), give(coupons, "TENTH")
    coupons.checkout.scan(TEA)
    lay(coupons, alone)
    assert refusal(coupons, tenth) == "coupon_not_stackable"
    assert refusal(coupons, alone) == "coupon_twice"
    coupons.checkout.take_away(alone.id.hex)
    lay(coupons, tenth)
    assert refusal(coupons, alone) == "coupon_not_stackable"


def test_coupons_that_stack_add_up_and_after_a_persons_discount(coupons: SmallShop) -> None:
    coupons.checkout.scan(TEA)
    coupons.checkout.discount_basket(Discount(DiscountKind.AMOUNT, 80, "熟客"))
    lay(coupons, give(coupons, "TENTH"))
    lay(coupons, give(coupons, "TENTH"))
    assert coupons.checkout.priced().total.minor == 243


# --- members --------------------------------------------------------------------------------------------------------------


def test_a_members_coupon_is_theirs_alone_and_waits_until_they_are_named(coupons: SmallShop) -> None:
    coupon = give(coupons, "MINE", a_member(coupons))
    coupons.checkout.scan(TEA)
    outcome = lay(coupons, coupon)
    assert isinstance(outcome, CouponWaiting)
    assert outcome.why_not == "coupon_needs_member"
    coupons.checkout.enter(PHONE)
    assert coupons.checkout.priced().total.minor == 350 - 30
    coupons.sell()
    coupon = give(coupons, "MINE", coupon.member_id)
    a_member(coupons, OTHER_PHONE)
    coupons.checkout.enter(OTHER_PHONE)
    coupons.checkout.scan(TEA)
    assert refusal(coupons, coupon) == "coupon_of_other_member"


def test_the_members_list_says_what_each_coupon_would_do_and_the_best_is_one_key_away(
    coupons: SmallShop,
) -> None:
    member = a_member(coupons)
    for template in ("FIFTY", "TENTH", "MINE"):
        give(coupons, template, member)
    coupons.checkout.enter(PHONE)
    coupons.checkout.scan(SOAP)
    offers = coupons.checkout.coupon_offers()
    assert [(offer.coupon.terms.key, offer.off.minor, offer.why_not) for offer in offers] == [
        ("MINE", 30, ""),
        ("TENTH", 10, ""),
        ("FIFTY", 0, "coupon_below_minimum"),
    ]
    coupons.checkout.lay_best()
    assert [one.terms.key for one in coupons.checkout.basket.coupons] == ["MINE", "TENTH"]
    assert coupons.checkout.priced().total.minor == 99 - 10 - 30
    assert coupons.checkout.coupon_offers()[-1].why_not in ("coupon_below_minimum", "coupon_not_stackable")


def test_one_that_goes_alone_is_the_best_when_it_is_worth_more(coupons: SmallShop) -> None:
    member = a_member(coupons)
    for template in ("FIFTY", "TENTH"):
        give(coupons, template, member)
    coupons.checkout.enter(PHONE)
    coupons.checkout.scan(TEA)
    assert [one.terms.key for one in coupons.checkout.best_coupons()] == ["FIFTY"]


def test_without_a_coupon_that_helps_nothing_is_laid_down(coupons: SmallShop) -> None:
    coupons.checkout.scan(TEA)
    with pytest.raises(Refused, match="coupon_none_helps"):
        coupons.checkout.lay_best()


# --- gifts ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def gift(coupons: SmallShop) -> Coupon:
    free_soap = CouponTerms(
        "SOAP", "送手工皂", Benefit(BenefitKind.GIFT, minimum=300, gift_id=item_id(coupons, SOAP))
    )
    coupons.loyalty.coupons.write_rules(CouponRules((free_soap,)))
    return give(coupons, "SOAP")


def test_a_gift_coupon_brings_its_gift_and_takes_it_away_again(coupons: SmallShop, gift: Coupon) -> None:
    coupons.checkout.scan(TEA)
    lay(coupons, gift)
    assert [(line.item.sku, line.gift_of) for line in coupons.checkout.basket.live_lines] == [
        ("TEA", ""),
        ("SOAP", gift.id.hex),
    ]
    assert coupons.checkout.priced().total.minor == 380
    coupons.checkout.take_away(gift.id.hex)
    assert [line.item.sku for line in coupons.checkout.basket.live_lines] == ["TEA"]
    lay(coupons, gift)
    coupons.checkout.void_last()
    assert coupons.checkout.basket.coupons == ()


def test_a_gift_stays_one_piece_and_a_bought_one_is_another_line(coupons: SmallShop, gift: Coupon) -> None:
    coupons.checkout.scan(TEA)
    lay(coupons, gift)
    with pytest.raises(Refused, match="gift_quantity_fixed"):
        coupons.checkout.set_quantity(2, 5_000)
    with pytest.raises(Refused, match="line_not_discountable"):
        coupons.checkout.discount_line(2, Discount(DiscountKind.PERCENT, 500, "熟客"))
    coupons.checkout.scan(SOAP)
    assert coupons.checkout.priced().total.minor == 380 + 99


def test_a_gift_below_its_minimum_costs_its_price_until_the_minimum_is_there(
    coupons: SmallShop, gift: Coupon
) -> None:
    outcome = lay(coupons, gift)
    assert isinstance(outcome, CouponWaiting)
    assert coupons.checkout.priced().total.minor == 99
    coupons.checkout.scan(TEA)
    assert coupons.checkout.priced().total.minor == 380


# --- hold, retrieve, restart -----------------------------------------------------------------------------------------------


def test_holding_spends_nothing_and_brings_the_coupon_back(coupons: SmallShop) -> None:
    coupon = give(coupons, "TENTH")
    coupons.checkout.scan(TEA)
    lay(coupons, coupon)
    held = coupons.checkout.hold()
    assert events(coupons, coupon) == []
    coupons.checkout.retrieve(held)
    assert coupons.checkout.priced().total.minor == 342
    assert coupons.sell().transaction.total.minor == 342


def test_a_coupon_used_while_another_sale_was_on_hold_stops_that_sale(coupons: SmallShop) -> None:
    coupon = give(coupons, "TENTH")
    coupons.checkout.scan(TEA)
    lay(coupons, coupon)
    held = coupons.checkout.hold()
    coupons.checkout.scan(SOAP)
    lay(coupons, coupon)
    coupons.sell()
    coupons.checkout.retrieve(held)
    with pytest.raises(Refused, match="coupon_gone"):
        coupons.checkout.enter("")
    coupons.checkout.stage = Stage.TENDER  # as where it is used on another basket after the total
    with pytest.raises(Refused, match="coupon_used"):
        coupons.sell()
    coupons.checkout.is_completing = False
    coupons.checkout.back()
    coupons.checkout.take_away(coupon.id.hex)
    assert coupons.sell().transaction.total.minor == 380


# --- returns --------------------------------------------------------------------------------------------------------------


def test_a_sale_that_comes_back_whole_gives_its_coupon_back_once(coupons: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    coupons.checkout.scan(TEA)
    coupons.checkout.scan(SOAP)
    lay(coupons, coupon)
    sale = coupons.sell().transaction
    paid = [line.net.minor for line in sale.lines]
    give_back(coupons, sale, 1)
    first = coupons.sell().transaction
    assert (first.total.minor, first.moves.coupons) == (-paid[0], ())
    assert events(coupons, coupon) == ["redeemed"], "while something is kept the coupon stays used"
    give_back(coupons, sale, 2)
    second = coupons.sell().transaction
    assert second.total.minor == -paid[1]
    assert [use.is_restored for use in second.moves.coupons] == [True]
    assert events(coupons, coupon) == ["redeemed", "restored"]
    coupons.checkout.scan(TEA)
    assert isinstance(lay(coupons, coupon), CouponApplied)


def test_a_void_gives_the_coupon_back_and_it_can_be_used_again(coupons: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    coupons.checkout.scan(TEA)
    lay(coupons, coupon)
    sale = coupons.sell().transaction
    voided = coupons.post_void.void(sale.header.id, "打錯").transaction
    assert [use.is_restored for use in voided.moves.coupons] == [True]
    assert events(coupons, coupon) == ["redeemed", "restored"]
    coupons.checkout.scan(TEA)
    lay(coupons, coupon)
    again = coupons.sell().transaction
    coupons.post_void.void(again.header.id, "又打錯")
    assert events(coupons, coupon) == ["redeemed", "restored", "redeemed", "restored"]


def test_what_comes_back_comes_back_with_its_old_end(coupons: SmallShop) -> None:
    member = a_member(coupons)
    coupon = give(coupons, "MINE", member)
    coupons.checkout.enter(PHONE)
    coupons.checkout.scan(TEA)
    lay(coupons, coupon)
    sale = coupons.sell().transaction
    known = coupons.store.coupons.by_id(coupon.id)
    assert known is not None
    coupons.post_void.void(sale.header.id, "退")
    again = coupons.store.coupons.by_id(coupon.id)
    assert again is not None
    assert again.coupon.valid_to == known.coupon.valid_to == date(2026, 12, 20)


def test_an_exchange_gives_the_old_sales_coupon_back_and_takes_a_new_one(coupons: SmallShop) -> None:
    old, new = give(coupons, "FIFTY"), give(coupons, "TENTH")
    coupons.checkout.scan(TEA)
    lay(coupons, old)
    sale = coupons.sell().transaction
    give_back(coupons, sale, 1)
    coupons.checkout.scan(TEA)
    coupons.checkout.scan(TEA)
    lay(coupons, new)
    done = coupons.sell().transaction
    assert done.total.minor == 760 - 76 - 330
    assert [(use.coupon_id, use.is_restored) for use in done.moves.coupons] == [
        (new.id, False),
        (old.id, True),
    ]
    assert events(coupons, old) == ["redeemed", "restored"]


# --- uses, ends, passing on ------------------------------------------------------------------------------------------------


def test_a_coupon_of_two_uses_is_used_twice(coupons: SmallShop) -> None:
    coupon = give(coupons, "TWICE")
    for _ in range(2):
        coupons.checkout.scan(SOAP)
        lay(coupons, coupon)
        coupons.sell()
    assert refusal(coupons, coupon) == "coupon_used"


def test_a_cancelled_coupon_is_refused_and_says_why(coupons: SmallShop) -> None:
    coupon = give(coupons, "TENTH")
    coupons.loyalty.office.cancel(coupon.id, "印錯")
    assert refusal(coupons, coupon) == "coupon_cancelled"
    with pytest.raises(Refused, match="coupon_cancelled"):
        coupons.loyalty.office.cancel(coupon.id, "印錯")


def test_a_coupon_passed_on_is_another_one_with_what_was_left(coupons: SmallShop) -> None:
    first, second = a_member(coupons), a_member(coupons, OTHER_PHONE)
    coupon = give(coupons, "GIVE", first)
    coupons.checkout.enter(PHONE)
    coupons.checkout.scan(TEA)
    lay(coupons, coupon)
    coupons.sell()
    theirs = coupons.loyalty.office.pass_on(coupon.id, second)
    assert (theirs.uses_max, theirs.member_id, theirs.valid_to) == (1, second, coupon.valid_to)
    assert refusal(coupons, coupon) == "coupon_passed_on"
    today = date(2026, 11, 21)
    assert [one.coupon.id for one in coupons.loyalty.coupons.of_member(second, today)] == [theirs.id]
    assert coupons.loyalty.coupons.of_member(first, today) == ()
    with pytest.raises(Refused, match="coupon_not_transferable"):
        coupons.loyalty.office.pass_on(give(coupons, "MINE", first).id, second)


def test_a_coupon_ends_with_its_last_day_and_a_clock_put_back_revives_none(coupons: SmallShop) -> None:
    member = a_member(coupons)
    coupon = give(coupons, "MINE", member)
    assert coupon.valid_to == date(2026, 12, 20)
    coupons.clock.forward(days=40)
    coupons.sell(SOAP)
    shift = coupons.session.shift
    assert shift is not None
    coupons.session.shift = replace(shift, business_date=date(2026, 12, 21))
    coupons.checkout.enter(PHONE)
    coupons.checkout.scan(TEA)
    assert refusal(coupons, coupon) == "coupon_expired"
    coupons.clock.forward(days=-40)
    coupons.session.shift = shift
    lay(coupons, coupon)
    with pytest.raises(Refused, match="coupon_expired"):
        coupons.sell()


def test_giving_by_hand_needs_the_right_and_a_template_that_exists(coupons: SmallShop) -> None:
    with pytest.raises(Refused, match="coupon_template_unknown"):
        give(coupons, "NOSUCH")
    with pytest.raises(Refused, match="coupon_needs_member"):
        give(coupons, "MINE")
    coupons.session.operator = coupons.cashier
    with pytest.raises(ApprovalNeeded):
        give(coupons, "TENTH")
