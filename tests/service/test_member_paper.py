"""What the receipt tells the member: what was given with the sale, how far the next tier is, and points that end soon."""

from __future__ import annotations

import pytest

from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, Gift, Occasion
from app.domain.loyalty.points_rules import Bonus, BonusKind, Burn, PointsRules, Rate
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import EntryGift, Tier, TierRules
from app.domain.receipt_facts import from_json, to_json
from app.domain.transaction import RetailTransaction
from app.i18n import LANGUAGES
from app.service.receipts import receipt_of
from app.service.rules import RuleDesk
from tests.service.front_desk import words_of
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop

POINTS = PointsRules(
    Rate(100, 1),
    Burn(1),
    bonuses=(Bonus(BonusKind.WELCOME, 30), Bonus(BonusKind.VISIT, 2, "雨天來店")),
    expires=Term(TermKind.DAYS, 20),
)
TIERS = TierRules(tiers=(Tier("gold", "金卡", 900, gift=EntryGift(points=50)),))
TENTH = CouponTerms("TENTH", "九折券", Benefit(BenefitKind.PERCENT, 1_000))


def words(shop: SmallShop, sold: RetailTransaction) -> str:
    document = shop.store.journal.document_of(sold.header.id)
    assert document is not None
    return words_of(document)


@pytest.fixture
def ruled(shop: SmallShop) -> SmallShop:
    desk = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    desk.save_points(POINTS)
    desk.save_tiers(TIERS)
    shop.loyalty.coupons.write_rules(CouponRules((TENTH,), (Gift(Occasion.WELCOME, "TENTH"),)))
    return shop


def test_a_new_member_reads_what_was_given_and_how_far_the_next_tier_is(ruled: SmallShop) -> None:
    paper = words(ruled, ruled.sell(TEA, PHONE, "").transaction)
    assert "入會禮" in paper
    assert "+30" in paper
    assert "雨天來店" in paper
    assert "送您一張「九折券」" in paper
    assert "再消費 NT$550 升金卡" in paper
    assert "35 點將於 2026-12-11 到期" in paper


def test_who_reaches_the_tier_reads_that_and_the_gift(ruled: SmallShop) -> None:
    ruled.sell(TEA, PHONE, "")
    sold = ruled.sell(TEA, TEA, PHONE)
    paper = words(ruled, sold.transaction)
    assert "恭喜升上金卡！" in paper
    assert "恭喜升上金卡！" in sold.notes, "the cashier says it as well"
    assert "升等" not in words(ruled, ruled.sell(SOAP, PHONE).transaction)
    assert "金卡" in paper
    assert "+50" in paper


def test_a_walk_in_reads_nothing_of_it(ruled: SmallShop) -> None:
    paper = words(ruled, ruled.sell(TEA).transaction)
    assert "金卡" not in paper
    assert "到期" not in paper


def test_points_that_end_in_half_a_year_are_not_spoken_of(shop: SmallShop) -> None:
    assert "到期" not in words(shop, shop.sell(TEA, PHONE, "").transaction)


def test_the_facts_are_written_and_read_and_make_the_same_paper(ruled: SmallShop) -> None:
    for language in LANGUAGES:
        ruled.session.shop = type(ruled.session.shop)(name="好日子選物店", language=language)
        sold = ruled.sell(TEA, f"09{LANGUAGES.index(language) + 11}345678", "").transaction
        with ruled.store.begin() as work:
            card = ruled.store.members.by_id(sold.member_id)  # type: ignore[arg-type]
            facts = ruled.loyalty.paper.added(work, ruled.completion._receipts.facts(sold, card), sold, card)
        assert facts.notes
        assert from_json(to_json(facts)) == facts
        assert receipt_of(sold, b"\0" * 32, facts) == receipt_of(sold, b"\0" * 32, from_json(to_json(facts)))
