"""A coupon's life at the counter: found, laid down, used, given back, passed on; on one till and on two that were apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.basket import Discount, DiscountKind
from app.domain.errors import ApprovalNeeded, Cancelled, Refused
from app.domain.ids import ItemId, MemberId
from app.domain.loyalty.coupon import Coupon, CouponEventKind, CouponSource, uses_of
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, Gift, NextVisit, Occasion
from app.domain.member import Member
from app.domain.receipt import QR
from app.domain.transaction import ModifierKind, RetailTransaction
from app.service.calendar_moon import lunar_to_solar
from app.service.outcomes import CouponApplied, CouponWaiting, Outcome, TotalShown
from db.coupons import SqliteCoupons
from tests.service.front_desk import words_of
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, open_small_shop

OTHER_PHONE = "0987654321"
FIFTY = CouponTerms("FIFTY", "折五十", Benefit(BenefitKind.AMOUNT, 50, minimum=300))
TENTH = CouponTerms("TENTH", "九折券", Benefit(BenefitKind.PERCENT, 1_000), is_alone=False)
MINE = CouponTerms(
    "MINE", "生日禮", Benefit(BenefitKind.AMOUNT, 30), is_personal=True, days_valid=30, is_alone=False
)
TWICE = replace(TENTH, key="TWICE", name="兩次券", uses_max=2)
TRANSFER = replace(MINE, key="GIVE", name="好友券", is_transferable=True, uses_max=2)
RULES = CouponRules(templates=(FIFTY, TENTH, MINE, TWICE, TRANSFER))


@pytest.fixture
def coupons(shop: SmallShop) -> SmallShop:
    shop.loyalty.coupons.write_rules(RULES)
    return shop


def give(shop: SmallShop, template: str, member_id: MemberId | None = None) -> Coupon:
    return shop.loyalty.office.issue(template, member_id)


def lay(shop: SmallShop, coupon: Coupon) -> Outcome:
    return shop.checkout.scan(shop.loyalty.coupons.symbol(coupon))


def refusal(shop: SmallShop, coupon: Coupon) -> str:
    with pytest.raises(Refused) as caught:
        lay(shop, coupon)
    return caught.value.code


def a_member(shop: SmallShop, phone: str = PHONE) -> MemberId:
    done = shop.sell(SOAP, phone, "")
    assert done.transaction.member_id is not None
    return done.transaction.member_id


def events(shop: SmallShop, coupon: Coupon) -> list[str]:
    known = shop.store.coupons.by_id(coupon.id)
    assert known is not None
    return [event.kind.value for event in known.events]


def give_back(shop: SmallShop, sale: RetailTransaction, *numbers: int) -> None:
    """Bring these lines back whole."""
    found = shop.returns.open(sale)
    for number in numbers:
        left = next(line for line in found.lines if line.line.number == number)
        line = shop.returns.line(found, number, left.remaining_quantity, basket=shop.checkout.basket)
        shop.checkout.add_return(line)


def item_id(shop: SmallShop, barcode: str) -> ItemId:
    item = shop.store.catalogue.by_barcode(barcode, shop.clock.now_ms())
    assert item is not None
    return item.id


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


# --- given by rule, in bulk, on paper ---------------------------------------------------------------------------------------


def test_a_new_member_and_the_third_visit_get_what_the_rules_give_once(coupons: SmallShop) -> None:
    gifts = (Gift(Occasion.WELCOME, "MINE"), Gift(Occasion.VISIT, "TENTH", n=3))
    coupons.loyalty.coupons.write_rules(replace(RULES, gifts=gifts))
    member = a_member(coupons)
    keys = [known.coupon.template for known in coupons.store.coupons.of_member(member)]
    assert keys == ["MINE"]
    coupons.sell(SOAP, PHONE)
    coupons.sell(SOAP, PHONE)
    coupons.sell(SOAP, PHONE)
    keys = [known.coupon.template for known in coupons.store.coupons.of_member(member)]
    assert keys == ["TENTH", "MINE"]


def test_an_occasion_gives_its_coupon_once_however_often_it_is_asked(coupons: SmallShop) -> None:
    gifts = (Gift(Occasion.BIRTHDAY, "MINE"), Gift(Occasion.TIER, "TENTH", tier="gold"))
    coupons.loyalty.coupons.write_rules(replace(RULES, gifts=gifts))
    member = a_member(coupons)
    given = []
    for year in ("2026", "2026", "2027"):
        with coupons.store.begin() as work:
            given.append(len(coupons.loyalty.office.give(work, Occasion.BIRTHDAY, member, which=year)))
            given.append(len(coupons.loyalty.office.give(work, Occasion.TIER, member, tier="silver")))
            work.commit()
    assert given == [1, 0, 0, 0, 1, 0]


def test_birthdays_of_the_month_get_theirs_once_a_year_solar_and_lunar(coupons: SmallShop) -> None:
    gifts = (Gift(Occasion.BIRTHDAY, "MINE"),)
    coupons.loyalty.coupons.write_rules(replace(RULES, gifts=gifts))
    birthdays = ("1990-11-02", "L1990-10-15", "1990-12-02", "", "--11-30")
    with coupons.store.begin() as work:
        for number, birthday in enumerate(birthdays):
            member = Member(MemberId(coupons.ids()), f"+88691000000{number}", birthday=birthday)
            work.add_member(member, created_at=coupons.clock.now_ms(), operator_id=None)
        work.commit()
    give_all = coupons.loyalty.office.give_birthdays
    assert give_all(date(2026, 11, 21), lunar_to_solar) == 3
    assert give_all(date(2026, 11, 22), lunar_to_solar) == 0
    assert give_all(date(2027, 11, 1), lunar_to_solar) == 3


def test_a_coupon_given_by_hand_goes_on_a_paper_of_its_own(coupons: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    document = coupons.loyalty.paper.print_slip(coupon)
    words = words_of(document)
    assert "== 優惠券" in words
    assert "折五十" in words
    (job,) = coupons.store.desk.print_jobs(("queued",))
    assert job.request.document == document
    assert f"{coupon.code[:5]}-{coupon.code[5:]}" in words


def test_a_bulk_goes_on_where_it_was_stopped_and_nobody_gets_two(coupons: SmallShop) -> None:
    members = [MemberId(coupons.ids()) for _ in range(600)]
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 500:
            raise Cancelled

    with pytest.raises(Cancelled):
        coupons.loyalty.office.issue_to("TENTH", members, "雙十一", stop)
    assert seen == [(0, 600), (250, 600), (500, 600)]
    assert coupons.loyalty.office.issue_to("TENTH", members, "雙十一") == 100
    assert len(list(coupons.store.coupons.of_batch("雙十一"))) == 600
    (known,) = coupons.store.coupons.of_member(members[0])
    assert known.coupon.source is CouponSource.BULK


@pytest.fixture
def printing(coupons: SmallShop) -> SmallShop:
    rules = replace(
        RULES,
        next_visits=(
            NextVisit("MINE", members_only=True, segments=frozenset({"重要保持"})),
            NextVisit("TENTH", members_only=True, visits_from=2),
            NextVisit("FIFTY", total_from=300),
        ),
    )
    coupons.loyalty.coupons.write_rules(rules)
    return coupons


def printed(shop: SmallShop, sale: RetailTransaction) -> tuple[str, str]:
    """The words of the receipt, and the symbol of the coupon on it or ``""``."""
    document = shop.store.journal.document_of(sale.header.id)
    assert document is not None
    symbols = [node.data for node in document.nodes if isinstance(node, QR) and node.data.startswith("C1:")]
    return words_of(document), symbols[0] if symbols else ""


def test_a_receipt_carries_the_coupon_that_fits_its_customer(printing: SmallShop) -> None:
    words, symbol = printed(printing, printing.sell(TEA).transaction)
    assert "折五十" in words
    assert "消費滿 NT$300 可用" in words
    printing.checkout.scan(TEA)
    assert isinstance(printing.checkout.scan(symbol), CouponApplied)
    printing.checkout.cancel("試")
    assert printed(printing, printing.sell(SOAP).transaction)[1] == ""
    member = a_member(printing)
    words, symbol = printed(printing, printing.sell(SOAP, PHONE).transaction)
    assert "九折券" in words
    printing.loyalty.paper.segment_of = lambda one: "重要保持" if one == member else ""
    words, _ = printed(printing, printing.sell(SOAP, PHONE).transaction)
    assert "生日禮" in words
    assert "限本人使用" in words


def test_a_printed_coupon_ends_with_the_sale_that_printed_it(printing: SmallShop) -> None:
    sale = printing.sell(TEA).transaction
    _, symbol = printed(printing, sale)
    printing.post_void.void(sale.header.id, "打錯")
    printing.checkout.scan(TEA)
    with pytest.raises(Refused, match="coupon_cancelled"):
        printing.checkout.scan(symbol)


def test_a_used_printed_coupon_stays_used_when_its_sale_is_voided(printing: SmallShop) -> None:
    sale = printing.sell(TEA).transaction
    _, symbol = printed(printing, sale)
    printing.checkout.scan(TEA)
    printing.checkout.scan(symbol)
    used = printing.sell().transaction
    printing.post_void.void(sale.header.id, "打錯")
    known = printing.store.coupons.by_id(used.moves.coupons[0].coupon_id)
    assert known is not None
    assert [event.kind for event in known.events] == [CouponEventKind.REDEEMED]


def test_the_receipt_shows_each_coupon_once_below_the_lines(coupons: SmallShop) -> None:
    coupons.checkout.scan(TEA)
    coupons.checkout.scan(SOAP)
    lay(coupons, give(coupons, "TENTH"))
    words, _ = printed(coupons, coupons.sell().transaction)
    assert words.count("九折券") == 1
    assert "九折券 | -48" in words
    assert "小計  共 2 件 | 479" in words


# --- two tills that were apart ----------------------------------------------------------------------------------------------


@pytest.fixture
def other(coupons: SmallShop, tmp_path: Path) -> Iterator[SmallShop]:
    """Another till of the same shop: the same rules and keys, and nothing else in common."""
    folder = tmp_path / "other"
    folder.mkdir()
    till = open_small_shop(folder)
    give(coupons, "TENTH")  # the shop has its key
    with till.store.begin() as work:
        work.put_setting("coupon.keys", coupons.store.desk.setting("coupon.keys"))
        work.commit()
    till.loyalty.coupons.write_rules(RULES)
    yield till
    till.store.close()


def test_a_coupon_of_another_till_is_proved_by_its_symbol_alone_and_then_known(
    coupons: SmallShop, other: SmallShop
) -> None:
    coupon = give(coupons, "FIFTY")
    symbol = coupons.loyalty.coupons.symbol(coupon)
    other.checkout.scan(TEA)
    assert isinstance(other.checkout.scan(symbol), CouponApplied)
    assert other.checkout.basket.coupons[0].is_foreign
    other.sell()
    known = other.store.coupons.by_id(coupon.id)
    assert known is not None
    assert (known.coupon.source, known.coupon.code) == (CouponSource.PAPER, coupon.code)
    other.checkout.scan(TEA)
    with pytest.raises(Refused, match="coupon_used"):
        other.checkout.scan(symbol)


def test_a_coupon_used_on_two_tills_has_one_use_that_stands_whatever_comes_first(
    coupons: SmallShop, other: SmallShop
) -> None:
    coupon = give(coupons, "FIFTY")
    symbol = coupons.loyalty.coupons.symbol(coupon)
    other.clock.forward(minutes=5)
    told = []
    for till in (coupons, other):
        till.checkout.scan(TEA)
        till.checkout.scan(symbol)
        till.sell()
        known = till.store.coupons.by_id(coupon.id)
        assert known is not None
        told.append(known.events)
    first, second = told
    for order in (first + second, second + first, second + first + second):
        uses = uses_of(order, 1)
        assert uses.standing == first
        assert uses.too_many == second


def test_a_use_too_many_is_on_the_owners_list(coupons: SmallShop, other: SmallShop) -> None:
    coupon = give(coupons, "FIFTY")
    symbol = coupons.loyalty.coupons.symbol(coupon)
    for till in (coupons, other):
        till.checkout.scan(TEA)
        till.checkout.scan(symbol)
        till.sell()
    known = other.store.coupons.by_id(coupon.id)
    assert known is not None
    with coupons.store.begin() as work:  # as it comes with the next synchronisation
        work.coupons.record(replace(known.events[0], id=coupons.ids()))
        work.commit()
    assert isinstance(coupons.store.coupons, SqliteCoupons)
    (found,) = coupons.store.coupons.used_too_often(date(2026, 11, 1), date(2026, 11, 30))
    assert found.coupon.id == coupon.id
    assert len(uses_of(found.events, 1).too_many) == 1


def test_a_practice_till_prints_coupons_that_are_good_nowhere_else(
    coupons: SmallShop, tmp_path: Path
) -> None:
    from db.training_copy import copy_shop

    give(coupons, "TENTH")
    (tmp_path / "practice").mkdir()
    practice = open_small_shop(tmp_path / "practice")
    copy_shop(coupons.store, practice.store, coupons.clock.now_ms())
    practice.loyalty.coupons.write_rules(RULES)
    practice.ids()  # the two shops of these tests would draw the same random numbers
    symbol = practice.loyalty.coupons.symbol(give(practice, "TENTH"))
    coupons.checkout.scan(TEA)
    with pytest.raises(Refused, match="coupon_code_damaged"):
        coupons.checkout.scan(symbol)
    practice.store.close()


def test_a_reduced_line_goes_back_at_what_was_paid_for_it(coupons: SmallShop) -> None:
    only_soap = CouponTerms(
        "HALF",
        "香皂半價",
        Benefit(BenefitKind.PERCENT, 5_000, Covers(frozenset({item_id(coupons, SOAP)}))),
    )
    coupons.loyalty.coupons.write_rules(CouponRules((only_soap,)))
    coupons.checkout.scan(TEA)
    coupons.checkout.enter(f"3*{SOAP}")
    lay(coupons, give(coupons, "HALF"))
    sale = coupons.sell().transaction
    kinds = [[m.kind for m in line.modifiers] for line in sale.lines]
    assert kinds == [[], [ModifierKind.COUPON]]
    refunds = []
    for _ in range(3):
        found = coupons.returns.open(sale)
        coupons.checkout.add_return(coupons.returns.line(found, 2, 1_000, basket=coupons.checkout.basket))
        refunds.append(-coupons.sell().transaction.total.minor)
    assert sum(refunds) == sale.lines[1].net.minor == 297 - 149
    assert max(refunds) - min(refunds) <= 1


def test_the_closing_counts_coupons_and_member_prices_among_the_discounts(coupons: SmallShop) -> None:
    from app.domain.settlement import fold
    from app.service.slips import DISCOUNT_WORDS

    member = a_member(coupons)
    coupons.checkout.enter(PHONE)
    coupons.checkout.scan(TEA)
    lay(coupons, give(coupons, "TENTH", member))
    sale = coupons.sell().transaction
    settlement = fold([sale], sale.total - sale.total)
    assert settlement.discounts[ModifierKind.COUPON].minor == -35
    assert set(ModifierKind) == set(DISCOUNT_WORDS), "the paper has a word for every kind"
