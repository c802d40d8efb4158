"""The what-if: the books as they are beside what a draft would have given, sale by sale and member by member."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import Cancelled
from app.domain.ids import ShiftId
from app.domain.loyalty.earning import Earned
from app.domain.loyalty.points_rules import (
    Bonus,
    BonusKind,
    Burn,
    Goods,
    GoodsRate,
    Multiplier,
    PointsRules,
    Rate,
)
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import EntryGift, Tier, TierRights, TierRules
from app.domain.loyalty.what_if import PastSale, RuleSet
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from app.service.rules import RuleDesk
from app.service.what_if import WhatIf
from tests.db.tills import count
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop

OTHER = "0987654321"
TODAY = date(2026, 11, 21)
SAME = PointsRules(base=Rate(100, 1), burn=Burn(1), expires=Term(TermKind.DAYS, 365))
DOUBLE = replace(SAME, base=Rate(100, 2))


@pytest.fixture
def what_if(shop: SmallShop) -> WhatIf:
    return WhatIf(shop.store, shop.session, shop.clock, shop.points.rulebook)


def run(what_if: WhatIf, points: PointsRules, tiers: TierRules | None = None):  # type: ignore[no-untyped-def]
    return what_if.last_days(RuleSet(points, tiers), 30)


def give_back(shop: SmallShop, sale: RetailTransaction, pieces: int) -> None:
    receipt = shop.returns.by_receipt(sale.header.receipt_number)
    shop.checkout.add_return(shop.returns.line(receipt, 1, pieces * 1000, basket=shop.checkout.basket))
    shop.sell(PHONE)


def test_the_same_rules_change_nothing(shop: SmallShop, what_if: WhatIf) -> None:
    sale = shop.sell(f"3*{TEA}", PHONE, "").transaction
    shop.sell(TEA, SOAP, OTHER, "")
    shop.sell(SOAP)  # nobody's
    give_back(shop, sale, 1)
    shop.checkout.enter(f"2*{SOAP}")
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    shop.checkout.tender(TenderKind.POINTS, 5, points=5)
    shop.sell()
    result = run(what_if, SAME)
    assert result.before == result.after
    assert (result.sales, result.sales_changed, result.members, result.cost_minor) == (3, 0, 2, 0)
    assert (result.gained, result.lost) == ((), ())
    assert result.before.points == 10 - 3 + 4 + 1
    assert result.before.redeemed_minor == 5
    assert shop.balance() + 4 == result.before.points - 5


def test_other_rules_show_the_cost_and_who_gains(shop: SmallShop, what_if: WhatIf) -> None:
    shop.sell(f"3*{TEA}", PHONE, "")
    shop.sell(TEA, OTHER, "")
    before = (count(shop.store, "fact"), count(shop.store, "ledger_entry"))
    result = run(what_if, DOUBLE)
    assert (result.before.points, result.after.points, result.cost_minor) == (13, 26, 13)
    assert [(one.before, one.after) for one in result.gained] == [(10, 20), (3, 6)]
    assert (result.members_gained, result.members_lost, result.sales_changed) == (2, 0, 2)
    assert [(one.key, one.before, one.after) for one in result.by_tier] == [("", 13, 26)]
    assert (count(shop.store, "fact"), count(shop.store, "ledger_entry")) == before, "history stays"


def test_the_value_of_a_point_is_part_of_the_cost(shop: SmallShop, what_if: WhatIf) -> None:
    shop.sell(f"3*{TEA}", PHONE, "")
    result = run(what_if, replace(SAME, burn=Burn(1, value_points=5, step=5)))
    assert (result.before.value_minor, result.after.value_minor, result.cost_minor) == (10, 2, -8)


def test_goods_that_earn_more_are_told_by_line_and_come_back_by_line(
    shop: SmallShop, what_if: WhatIf
) -> None:
    sale = shop.sell(TEA, SOAP, SOAP, PHONE, "").transaction
    soap = next(line.item_id for line in sale.lines if line.sku == "SOAP")
    rules = replace(SAME, rates=(GoodsRate(Goods(items=frozenset({soap})), Rate(10, 1)),))
    assert run(what_if, rules).after.points == 3 + 19
    desk = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    desk.save_points(rules)
    booked = shop.sell(TEA, SOAP, SOAP, PHONE).transaction
    assert booked.points.by_line
    give_back(shop, booked, 1)  # the tea
    result = run(what_if, rules)
    assert result.after.points == 3 + 19 + 19
    assert result.before.points == 5 + 19
    assert run(what_if, SAME).after.points == 5 + (5 - 3)


def test_voided_sales_are_no_part_of_it(shop: SmallShop, what_if: WhatIf) -> None:
    sale = shop.sell(TEA, PHONE, "").transaction
    shop.post_void.void(sale.header.id, "打錯了")
    result = run(what_if, DOUBLE)
    assert (result.sales, result.before.points, result.after.points) == (0, 0, 0)


def test_a_draft_of_tiers_is_climbed_sale_by_sale(shop: SmallShop, what_if: WhatIf) -> None:
    tiers = TierRules(
        tiers=(
            Tier("silver", "銀卡", 700, TierRights(points_factor=200), EntryGift(points=30)),
            Tier("gold", "金卡", 9_000),
        )
    )
    for entry in ("", None, None):
        shop.sell(TEA, PHONE, *([entry] if entry is not None else []))
    result = run(what_if, SAME, tiers)
    assert result.after.points == 3 + 3 + 6
    assert result.after.bonuses == 30
    assert (result.tiers_before, result.tiers_after) == ((), (("silver", 1),))
    assert {one.key: (one.before, one.after) for one in result.by_tier} == {"": (6, 6), "silver": (3, 6)}


def test_what_was_bought_before_the_first_day_counts_for_the_tier_alone(
    shop: SmallShop, what_if: WhatIf
) -> None:
    tiers = TierRules(tiers=(Tier("silver", "銀卡", 700, TierRights(points_factor=200)),))
    shop.sell(f"2*{TEA}", PHONE, "")
    shift = shop.session.require_shift()
    with shop.store.begin() as work:
        work.next_z_number()
        work.close_shift(replace(shift, closed_at=shop.clock.now_ms(), z_number=1))
        shop.clock.forward(days=10)
        later = replace(
            shift,
            id=ShiftId(shop.ids()),
            business_date=TODAY + timedelta(days=10),
            opened_at=shop.clock.now_ms(),
        )
        work.open_shift(later)
        work.commit()
    shop.session.shift = later
    shop.sell(TEA, PHONE)
    draft = RuleSet(SAME, tiers)
    result = what_if.run(draft, later.business_date, later.business_date)
    assert (result.sales, result.before.points, result.after.points) == (1, 3, 6)
    assert what_if.run(RuleSet(SAME), TODAY, TODAY).before.points == 7


def test_bonuses_are_given_once_and_those_of_the_books_stand_on_their_side(
    shop: SmallShop, what_if: WhatIf
) -> None:
    desk = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    desk.save_points(replace(SAME, bonuses=(Bonus(BonusKind.VISIT, 5),)))
    shop.sell(TEA, PHONE, "")
    shop.sell(TEA, PHONE)
    draft = replace(SAME, bonuses=(Bonus(BonusKind.VISIT, 8), Bonus(BonusKind.WELCOME, 100)))
    result = run(what_if, draft)
    assert (result.before.bonuses, result.after.bonuses) == (5, 108)
    assert (result.gained[0].before, result.gained[0].after) == (11, 6 + 108)


def test_points_that_end_sooner_cost_less(shop: SmallShop, what_if: WhatIf) -> None:
    shop.sell(f"3*{TEA}", PHONE, "")
    shift = shop.session.require_shift()
    shop.clock.forward(days=10)
    shop.session.shift = replace(shift, business_date=TODAY + timedelta(days=10))
    result = run(what_if, replace(SAME, expires=Term(TermKind.DAYS, 9)))
    assert (result.after.points, result.after.expired, result.cost_minor) == (10, 10, -10)
    assert run(what_if, replace(SAME, expires=Term(TermKind.DAYS, 10))).after.expired == 0


def test_every_sale_is_replayed_as_the_counter_would_ring_it(shop: SmallShop, what_if: WhatIf) -> None:
    rules = replace(
        DOUBLE,
        multipliers=(Multiplier(150, weekdays=frozenset({5})), Multiplier(300, in_birthday_month=True)),
    )
    sales = [shop.sell(TEA, SOAP, PHONE, "").transaction]
    sales += [shop.sell(*entries, PHONE).transaction for entries in ((SOAP, "BAG"), ("BAG",), (TEA, TEA))]
    told: dict[object, Earned] = {}

    def on_sale(sale: PastSale, tier: str, result: Earned) -> None:
        told[sale.id] = result

    what_if.run(RuleSet(rules), TODAY, TODAY, on_sale=on_sale)
    desk = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    for sale in sales:
        again = desk.preview(rules, sale)
        assert (told[sale.header.id].points, told[sale.header.id].by_line) == (again.points, again.by_line)


def test_it_tells_how_far_it_is_and_can_be_stopped(shop: SmallShop, what_if: WhatIf) -> None:
    shop.sell(TEA, PHONE, "")
    told: list[tuple[int, int]] = []
    what_if.last_days(RuleSet(SAME), on_progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == count(shop.store, "fact")
    with pytest.raises(Cancelled):
        what_if.last_days(RuleSet(SAME), is_cancelled=lambda: True)


def test_an_empty_shop_has_nothing_to_replay(what_if: WhatIf) -> None:
    result = run(what_if, DOUBLE)
    assert (result.sales, result.cost_minor, result.by_tier) == (0, 0, ())
