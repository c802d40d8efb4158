"""The rule desk: rules become versions, the counter goes by the one in force, and an old sale keeps its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import ApprovalNeeded, Refused
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.points_rules import Burn, Goods, GoodsRate, Multiplier, PointsRules, Rate
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import Tier, TierRules
from app.domain.tender import TenderKind
from app.service.rules import RuleDesk, explain
from db.verify import verify
from tests.db.tills import rows
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop

DOUBLE = PointsRules(base=Rate(100, 2), burn=Burn(1), expires=Term(TermKind.YEAR_END, 1))
SATURDAY = 5


@pytest.fixture
def desk(shop: SmallShop) -> RuleDesk:
    return RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)


def test_a_shop_without_rules_goes_by_its_settings(shop: SmallShop, desk: RuleDesk) -> None:
    assert desk.versions(RuleArea.POINTS) == ()
    assert desk.points.version == 1
    assert desk.points.rules.base == Rate(100, 1)
    assert desk.points.rules.expires == Term(TermKind.DAYS, 365)
    done = shop.sell(TEA, PHONE, "")
    assert (done.transaction.points.earned, done.transaction.points.rule_version) == (3, 1)
    shop.session.shop = replace(shop.session.shop, points_earn=5)
    assert desk.points.rules.base == Rate(100, 5)


def test_new_rules_count_from_the_next_sale_and_the_old_ones_are_kept(
    shop: SmallShop, desk: RuleDesk
) -> None:
    before = shop.sell(TEA, PHONE, "")
    document = desk.save_points(DOUBLE, note="加碼")
    assert (document.version, document.note, document.created_by) == (2, "加碼", shop.owner.id)
    after = shop.sell(TEA, PHONE)
    assert [done.transaction.points.earned for done in (before, after)] == [3, 6]
    assert [done.transaction.points.rule_version for done in (before, after)] == [1, 2]
    kept = shop.store.rules.version(RuleArea.POINTS, 1)
    assert kept is not None
    assert kept.body["base"] == [100, 1]
    (entry, *_) = shop.store.members.entries(after.transaction.member_id)  # type: ignore[arg-type]
    assert entry.expires_on == date(2027, 12, 31)


def test_rules_may_begin_later(shop: SmallShop, desk: RuleDesk) -> None:
    tomorrow = shop.clock.now_ms() + 24 * 3600 * 1000
    desk.save_points(DOUBLE, valid_from=tomorrow)
    assert shop.sell(TEA, PHONE, "").transaction.points.earned == 3
    shop.clock.forward(days=1, seconds=1)
    assert shop.sell(TEA, PHONE).transaction.points.earned == 6


def test_of_two_versions_the_one_that_began_last_counts(shop: SmallShop, desk: RuleDesk) -> None:
    tomorrow = shop.clock.now_ms() + 24 * 3600 * 1000
    desk.save_points(DOUBLE, valid_from=tomorrow)
    desk.save_points(replace(DOUBLE, base=Rate(100, 3)))
    assert desk.points.rules.base.points == 3
    shop.clock.forward(days=2)
    assert desk.points.rules.base.points == 2


def test_rules_are_facts_and_the_books_stay_whole(shop: SmallShop, desk: RuleDesk) -> None:
    desk.save_points(DOUBLE)
    desk.save_tiers(TierRules(tiers=(Tier("gold", "金卡", 5000),)))
    desk.save_gifts(GiftRules((Gift("MUG", "馬克杯", 50),)))
    shop.sell(TEA, PHONE, "")
    facts = rows(shop.store, "SELECT count(*) FROM fact WHERE kind = 'rules'")
    assert facts == [(4,)]  # the settings became a version of their own
    assert verify(shop.store.engines, is_full=True) == ()


def test_the_same_rules_are_no_new_version(desk: RuleDesk) -> None:
    desk.save_points(DOUBLE)
    with pytest.raises(Refused) as refused:
        desk.save_points(DOUBLE)
    assert refused.value.code == "rules_unchanged"


def test_rules_never_begin_in_the_past(shop: SmallShop, desk: RuleDesk) -> None:
    with pytest.raises(Refused) as refused:
        desk.save_points(DOUBLE, valid_from=shop.clock.now_ms() - 60_000)
    assert refused.value.code == "rules_valid_from_past"


def test_a_cashier_may_not_change_rules(shop: SmallShop, desk: RuleDesk) -> None:
    shop.session.operator = shop.cashier
    with pytest.raises(ApprovalNeeded):
        desk.save_points(DOUBLE)
    assert desk.versions(RuleArea.POINTS) == ()


def test_rules_survive_a_restart(shop: SmallShop, desk: RuleDesk) -> None:
    desk.save_points(DOUBLE)
    shop.store.rules.forget()
    assert [document.version for document in shop.store.rules.versions(RuleArea.POINTS)] == [2, 1]
    assert desk.points.rules == DOUBLE


def test_a_preview_explains_what_a_sale_would_earn(shop: SmallShop, desk: RuleDesk) -> None:
    sale = shop.sell(TEA, TEA, SOAP, PHONE, "").transaction
    soap = next(line.item_id for line in sale.lines if line.sku == "SOAP")
    rules = replace(
        DOUBLE,
        rates=(GoodsRate(Goods(items=frozenset({soap})), Rate(0, 0)),),
        multipliers=(Multiplier(300, weekdays=frozenset({SATURDAY})),),
    )
    result = desk.preview(rules, sale)
    assert result.points == 3 * 2 * 7
    assert explain(result, "zh_TW") == (
        "消費 NT$700，每 NT$100 得 2 點 = 14",
        "NT$99 的商品不給點",
        "星期六 ×3：+28",
    )
    assert desk.preview_amount(DOUBLE, 1_234, on=date(2026, 11, 21)).points == 24


def test_goods_and_tiers_are_told_by_their_names(shop: SmallShop, desk: RuleDesk) -> None:
    sale = shop.sell(SOAP, PHONE, "").transaction
    desk.save_tiers(TierRules(tiers=(Tier("gold", "金卡", 5000),)))
    rules = replace(
        DOUBLE,
        excluded=Goods(items=frozenset({sale.lines[0].item_id})),
        multipliers=(Multiplier(150, tiers=frozenset({"gold"})),),
    )
    told = desk.describe_points(rules, "zh_TW")
    assert "手工皂不給點。" in told
    assert "金卡會員：點數 ×1.5。" in told


def test_a_tiers_factor_multiplies_at_the_counter(shop: SmallShop, desk: RuleDesk) -> None:
    from app.domain.loyalty.tiers import TierRights

    desk.save_tiers(TierRules(tiers=(Tier("gold", "金卡", 50_000, TierRights(points_factor=200)),)))
    shop.sell(TEA, PHONE, "")
    card = shop.store.members.by_phone(E164)
    assert card is not None
    with shop.store.begin() as work:
        work.update_member(replace(card.member, tier="gold"), changed_at=shop.clock.now_ms())
        work.commit()
    assert shop.sell(TEA, PHONE).transaction.points.earned == 6


def test_points_wait_for_their_first_day(shop: SmallShop, desk: RuleDesk) -> None:
    desk.save_points(replace(DOUBLE, pending_days=7))
    done = shop.sell(TEA, PHONE, "")
    assert (done.points_before, done.points_after) == (0, 0)
    assert shop.balance() == 6
    card = shop.store.members.by_phone(E164)
    assert card is not None
    assert shop.points.spendable(card.member.id, date(2026, 11, 27)) == 0
    assert shop.points.spendable(card.member.id, date(2026, 11, 28)) == 6


def test_several_points_make_one_dollar(shop: SmallShop, desk: RuleDesk) -> None:
    desk.save_points(replace(DOUBLE, base=Rate(1, 1), burn=Burn(1, value_points=30, step=30)))
    shop.sell(TEA, PHONE, "")
    shop.checkout.enter(SOAP)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    offer = shop.points.offer(
        shop.checkout.basket, shop.checkout.due(), shop.checkout.priced().total, date(2026, 11, 21)
    )
    assert offer is not None
    assert (offer.points, offer.amount.minor) == (330, 11)
    shop.checkout.tender(TenderKind.POINTS, 11, points=330)
    shop.sell()
    assert shop.balance() == 350 - 330 + 99 - 11
