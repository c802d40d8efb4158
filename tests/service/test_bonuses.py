"""Bonuses: each occasion once, also when tills cannot ask each other, and gone again with the sale that brought them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.loyalty.points_rules import Bonus, BonusKind, Burn, PointsRules, Rate
from app.domain.loyalty.term import Term, TermKind
from app.domain.member import Member
from app.domain.tender import TenderKind
from app.service.bonus_desk import BonusDesk, InactivityDesk, give_with_sale
from app.service.rules import RuleDesk
from db.verify import verify
from tests.builders import MEMBER, a_line, a_sale
from tests.db.tills import rows
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop, open_small_shop

RULES = PointsRules(base=Rate(100, 1), burn=Burn(1))
FRIEND, FRIEND_E164 = "0987654321", "+886987654321"


def put(shop: SmallShop, *bonuses: Bonus, **changes: object) -> None:
    rules = replace(RULES, bonuses=bonuses, **changes)  # type: ignore[arg-type]
    RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook).save_points(rules)


def member(shop: SmallShop, phone: str = E164) -> Member:
    card = shop.store.members.by_phone(phone)
    assert card is not None
    return card.member


def enrol(shop: SmallShop, phone: str = E164, birthday: str = "") -> Member:
    new = Member(MemberId(shop.ids()), phone, birthday=birthday)
    with shop.store.begin() as work:
        work.add_member(new, created_at=shop.clock.now_ms(), operator_id=None)
        work.commit()
    return new


def sources(shop: SmallShop, phone: str = E164) -> list[tuple[str, str, int]]:
    """Newest last."""
    entries = shop.store.members.entries(member(shop, phone).id)
    return [
        (entry.kind._value_, entry.source, entry.member_points) for entry in reversed(entries) if entry.source
    ]


def next_day(shop: SmallShop, days: int = 1) -> None:
    shop.clock.forward(days=days)
    shift = shop.session.require_shift()
    shop.session.shift = replace(shift, business_date=shift.business_date + timedelta(days=days))


def test_the_welcome_comes_with_the_sale_that_enrols(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.WELCOME, 100, name="入會禮", term=Term(TermKind.DAYS, 30)))
    done = shop.sell(TEA, PHONE, "")
    assert done.points_after == 3 + 100 == shop.balance()
    assert done.transaction.points.earned == 3, "what goods earn and what was given are told apart"
    shop.sell(TEA, PHONE)
    assert sources(shop) == [("bonus", "welcome", 100)]
    bonus = next(one for one in shop.store.members.entries(member(shop).id) if one.source)
    assert (bonus.expires_on, bonus.note) == (date(2026, 12, 21), "入會禮")
    assert verify(shop.store.engines, is_full=True) == ()


def test_who_signs_up_without_buying_is_welcomed_once(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.WELCOME, 100))
    desk = BonusDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    new = enrol(shop)
    for expected in (True, False):
        with shop.store.begin() as work:
            assert (desk.welcome(work, new.id) is not None) is expected
            work.commit()
    assert shop.balance() == 100


@pytest.mark.parametrize(
    ("birthday", "gives"),
    [("1990-11-05", True), ("--11-30", True), ("1990-12-01", False), ("", False), ("L1990-10-13", True)],
)
def test_a_birthday_is_kept_in_its_month_once_a_year(shop: SmallShop, birthday: str, gives: bool) -> None:
    put(shop, Bonus(BonusKind.BIRTHDAY, 200))
    enrol(shop, birthday=birthday)  # 農曆十月十三 is 21 November in 2026
    shop.sell(TEA, PHONE)
    next_day(shop)
    shop.sell(TEA, PHONE)
    assert sources(shop) == ([("bonus", "birthday", 200)] if gives else [])
    next_day(shop, 365)
    shop.sell(TEA, PHONE)
    assert len(sources(shop)) == 2 * gives


def test_a_birthday_on_the_day_itself(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.BIRTHDAY, 200, is_on_the_day=True))
    enrol(shop, birthday="1990-11-22")
    shop.sell(TEA, PHONE)
    assert sources(shop) == []
    next_day(shop)
    shop.sell(TEA, PHONE)
    assert sources(shop) == [("bonus", "birthday", 200)]


def test_the_first_visit_of_the_day_counts(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.VISIT, 5, minimum_minor=200))
    shop.sell(SOAP, PHONE, "")
    assert sources(shop) == []
    shop.sell(TEA, PHONE)
    shop.sell(TEA, PHONE)
    assert sources(shop) == [("bonus", "visit", 5)]
    next_day(shop)
    shop.sell(TEA, PHONE)
    assert len(sources(shop)) == 2


def test_a_campaign_counts_once_a_member_between_its_days(shop: SmallShop) -> None:
    put(
        shop,
        Bonus(
            BonusKind.CAMPAIGN,
            50,
            name="週年慶",
            code="2026",
            starts_on=date(2026, 11, 22),
            ends_on=date(2026, 11, 23),
        ),
    )
    for _ in range(4):
        shop.sell(TEA, PHONE, *([""] if not shop.store.members.by_phone(E164) else []))
        next_day(shop)
    assert sources(shop) == [("bonus", "campaign", 50)]


def refer(shop: SmallShop, friend: MemberId, referrer: MemberId) -> None:
    with shop.store.begin() as work:
        shop.store.membership.consents.refer(work, friend, referrer, at=shop.clock.now_ms(), operator_id=None)
        work.commit()


def test_a_referral_rewards_both_after_the_friends_purchase(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.REFERRAL, 100, friend_points=30, minimum_minor=300))
    host, friend = enrol(shop), enrol(shop, FRIEND_E164)
    refer(shop, friend.id, host.id)
    shop.sell(SOAP, FRIEND)
    assert (sources(shop), sources(shop, FRIEND_E164)) == ([], [])
    sale = shop.sell(TEA, FRIEND)
    shop.sell(TEA, FRIEND)
    assert sources(shop) == [("bonus", "referral", 100)]
    assert sources(shop, FRIEND_E164) == [("bonus", "referral", 30)]
    assert sale.points_after == 3 + 30
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_void_takes_the_bonuses_of_both_back_and_the_next_purchase_brings_them_again(
    shop: SmallShop,
) -> None:
    put(
        shop,
        Bonus(BonusKind.REFERRAL, 100, friend_points=30),
        Bonus(BonusKind.VISIT, 5),
        Bonus(BonusKind.BIRTHDAY, 7),
    )
    host, friend = enrol(shop), enrol(shop, FRIEND_E164, birthday="--11-01")
    refer(shop, friend.id, host.id)
    for _ in range(3):
        sale = shop.sell(TEA, FRIEND).transaction
        assert (shop.balance(), shop.balance(FRIEND_E164)) == (100, 3 + 30 + 5 + 7)
        shop.post_void.void(sale.header.id, "打錯了")
        assert (shop.balance(), shop.balance(FRIEND_E164)) == (0, 0)
    assert verify(shop.store.engines, is_full=True) == ()


def test_only_a_sale_that_came_back_whole_takes_its_bonus_with_it(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.WELCOME, 100))
    sale = shop.sell(f"2*{TEA}", PHONE, "").transaction
    for after in (3 + 100, 0):
        receipt = shop.returns.by_receipt(sale.header.receipt_number)
        line = shop.returns.line(receipt, 1, 1000, basket=shop.checkout.basket)
        shop.checkout.add_return(line)
        done = shop.sell(PHONE)
        assert done.points_after == after == shop.balance()


def test_a_review_is_thanked_once_for_each_thing(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.REVIEW, 20))
    desk = BonusDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    own = enrol(shop)
    desk.review(own.id, "烏龍茶")
    desk.review(own.id, "手工皂")
    with pytest.raises(Refused) as refused:
        desk.review(own.id, " 烏龍茶 ")
    assert refused.value.code == "bonus_given"
    assert shop.balance() == 40
    put(shop)
    with pytest.raises(Refused) as refused:
        desk.review(own.id, "別的")
    assert refused.value.code == "bonus_not_set"


def test_two_tills_that_are_apart_write_the_same_entry(tmp_path_factory: pytest.TempPathFactory) -> None:
    written: list[LedgerEntry] = []
    own = MEMBER.id
    for name in ("one", "two"):
        shop = open_small_shop(tmp_path_factory.mktemp(name))
        put(shop, Bonus(BonusKind.BIRTHDAY, 200))
        with shop.store.begin() as work:
            new = Member(own, E164, birthday="--11-05")
            work.add_member(new, created_at=shop.clock.now_ms(), operator_id=None)
            work.commit()
        shop.sell(TEA, PHONE)
        written += [one for one in shop.store.members.entries(own) if one.kind is EntryKind.BONUS]
        shop.store.close()
    assert written[0].id == written[1].id
    assert written[0].postings == written[1].postings


def test_points_end_when_nobody_came_for_too_long(shop: SmallShop) -> None:
    put(shop, expires=Term(TermKind.INACTIVITY, 30))
    shop.sell(f"3*{TEA}", PHONE, "")
    next_day(shop, 30)
    shop.sell(TEA, PHONE)
    assert shop.balance() == 13, "within the time every purchase prolongs them all"
    next_day(shop, 31)
    assert shop.points.spendable(member(shop).id, shop.session.require_shift().business_date) == 0
    done = shop.sell(TEA, PHONE)
    assert (done.points_after, shop.balance()) == (3, 3)
    assert sources(shop) == [("expiry", "inactivity", -13)]
    assert verify(shop.store.engines, is_full=True) == ()


def test_who_never_came_back_loses_them_at_the_nightly_look(shop: SmallShop) -> None:
    put(shop, expires=Term(TermKind.INACTIVITY, 30))
    desk = InactivityDesk(shop.store, shop.clock, shop.points.rulebook)
    shop.sell(f"3*{TEA}", PHONE, "")
    bought = shop.session.require_shift().business_date
    assert desk.run(bought + timedelta(days=30)).points == 0
    assert not desk.run(bought + timedelta(days=31), is_cancelled=lambda: True).is_complete
    assert shop.balance() == 10
    told: list[tuple[int, int]] = []
    done = desk.run(bought + timedelta(days=31), on_progress=lambda one, all_: told.append((one, all_)))
    assert (done.members, done.points, done.is_complete, told) == (1, 10, True, [(1, 1)])
    assert shop.balance() == 0
    assert desk.run(bought + timedelta(days=32)).members == 0
    next_day(shop, 40)
    assert shop.sell(TEA, PHONE).points_after == 3
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_balance_never_falls_below_nought_where_the_rule_says_so(shop: SmallShop) -> None:
    put(shop, may_owe=False)
    sale = shop.sell(f"10*{TEA}", PHONE, "").transaction
    shop.checkout.enter(SOAP)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    shop.checkout.tender(TenderKind.POINTS, 30, points=30)
    shop.sell()
    receipt = shop.returns.by_receipt(sale.header.receipt_number)
    shop.checkout.add_return(shop.returns.line(receipt, 1, 10_000, basket=shop.checkout.basket))
    done = shop.sell(PHONE)
    assert (done.points_after, shop.balance()) == (0, 0)
    assert verify(shop.store.engines, is_full=True) == ()


def test_the_allowance_of_a_day_limits_what_a_till_alone_gives(shop: SmallShop) -> None:
    put(shop, base=Rate(1, 1), burn=Burn(1, offline_day_max=50, balance_min=10, per_sale_max=40))
    shop.sell(f"3*{TEA}", PHONE, "")
    assert offered(shop) == 40
    shop.checkout.tender(TenderKind.POINTS, 40, points=40)
    shop.sell()
    assert offered(shop) == 10
    with pytest.raises(Refused) as refused:
        shop.points.amount_of(
            shop.checkout.basket, 11, shop.checkout.due(), shop.checkout.priced().total, date(2026, 11, 21)
        )
    assert refused.value.fields["limit"] == 10


def offered(shop: SmallShop) -> int:
    shop.checkout.enter(TEA)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    offer = shop.points.offer(
        shop.checkout.basket, shop.checkout.due(), shop.checkout.priced().total, date(2026, 11, 21)
    )
    assert offer is not None
    return offer.points


def test_a_sale_asks_the_ledger_at_most_once_for_its_bonuses(shop: SmallShop) -> None:
    put(shop, Bonus(BonusKind.VISIT, 5), Bonus(BonusKind.BIRTHDAY, 7), Bonus(BonusKind.CAMPAIGN, 9, code="A"))
    enrol(shop, birthday="--10-01")
    with shop.store.begin() as work:
        asked: list[int] = []
        known = work.known_entries
        work.known_entries = lambda ids: asked.append(len(ids)) or known(ids)  # type: ignore[method-assign, func-returns-value]
        sale = replace(a_sale(a_line(300)), member_id=member(shop).id)
        assert len(give_with_sale(work, shop.points.rulebook.points().rules, sale, member(shop))) == 3
    assert asked == [6]
    plan = rows(shop.store, "EXPLAIN QUERY PLAN SELECT id FROM ledger_entry WHERE id IN (?, ?)", b"", b"")
    assert "USING PRIMARY KEY" in str(plan[0][3])
