"""Coupons given by rule, in bulk and on receipts, and coupons on two tills that were apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import Cancelled, Refused
from app.domain.ids import MemberId
from app.domain.loyalty.coupon import CouponEventKind, CouponSource, uses_of
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, Gift, NextVisit, Occasion
from app.domain.member import Member
from app.domain.transaction import ModifierKind
from app.service.calendar_moon import lunar_to_solar
from app.service.outcomes import CouponApplied
from db.coupons import SqliteCoupons
from tests.service.coupon_shop import (
    RULES,
    a_member,
    give,
    item_id,
    lay,
    printed,
)
from tests.service.front_desk import words_of
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, open_small_shop

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
