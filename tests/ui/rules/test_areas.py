"""Rules become rows and the same rules again, whatever they are; what cannot stand says so at its row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, Gift, NextVisit, Occasion
from app.domain.loyalty.gifts import Gift as Reward
from app.domain.loyalty.gifts import GiftRules
from app.domain.loyalty.points_rules import (
    Bonus,
    BonusKind,
    Burn,
    Combine,
    Goods,
    GoodsRate,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
)
from app.domain.loyalty.stamps import StampCard, StampPer, StampRules
from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.loyalty.tiers import (
    EntryGift,
    Lowering,
    Tier,
    TierBasis,
    TierRights,
    TierRules,
    Window,
    WindowKind,
)
from app.domain.loyalty.value import SpendOrder
from app.domain.loyalty.value_rules import TopUpStep, ValueRules
from app.domain.money import TWD
from app.domain.profile_fields import FieldKind, FieldSpec
from app.domain.tender import TenderKind
from tests.ui.till_fixture import TillRig, rig
from ui.rules.areas import Area
from ui.rules.card_areas import FieldArea, GiftArea, StampArea, ValueArea
from ui.rules.coupon_areas import GivingArea, TemplateArea
from ui.rules.forms import Blank, BlankKind, Row, RowRefused, parse_day, parse_minute, text_of, value_of
from ui.rules.points_areas import BonusArea, EarningArea, SpendingArea
from ui.rules.tiers_area import TierArea

__all__ = ["rig"]

ITEM, CATEGORY = ItemId(UUID(int=7)), CategoryId(UUID(int=9))
DAY, LATER = date(2026, 11, 1), date(2026, 12, 31)
TODAY = date(2026, 11, 22)
POINTS = PointsRules(
    base=Rate(100, 1),
    burn=Burn(1, 5, step=10, share_max=5000, balance_min=50, per_sale_max=300, offline_day_max=0),
    rates=(
        GoodsRate(Goods(frozenset({ITEM})), Rate(50, 2), "茶葉"),
        GoodsRate(Goods(categories=frozenset({CATEGORY})), Rate(0, 0)),
    ),
    excluded=Goods(frozenset({ITEM}), frozenset({CATEGORY})),
    uncounted=frozenset({TenderKind.POINTS, TenderKind.VOUCHER}),
    multipliers=(
        Multiplier(200, "會員日", month_days=frozenset({8, 18}), starts_on=DAY, ends_on=LATER),
        Multiplier(
            150,
            tiers=frozenset({"T1"}),
            weekdays=frozenset({2}),
            nth_weekdays=frozenset({(-1, 4)}),
            in_birthday_month=True,
            goods=Goods(frozenset({ITEM})),
        ),
    ),
    combine=Combine.MULTIPLY,
    rounding=Rounding.HALF_UP,
    per=Per.LINE,
    bonuses=(
        Bonus(BonusKind.WELCOME, 100, minimum_minor=500, term=Term(TermKind.DAYS, 30)),
        Bonus(BonusKind.BIRTHDAY, 88, is_on_the_day=True, term=NEVER),
        Bonus(BonusKind.REFERRAL, 0, friend_points=50),
        Bonus(BonusKind.CAMPAIGN, 20, "週年慶", "B1", starts_on=DAY, term=Term(TermKind.YEAR_END, 1)),
    ),
    pending_days=7,
    expires=Term(TermKind.INACTIVITY, 365),
    may_owe=False,
)
TIERS = TierRules(
    TierBasis.VISITS,
    Window(WindowKind.CALENDAR, 3),
    (
        Tier("T1", "銀卡", 5, TierRights(has_member_price=False, percent_off=500)),
        Tier("T2", "金卡", 20, TierRights(points_factor=150, is_served_first=True), EntryGift(100, ("C1",))),
    ),
    Term(TermKind.YEAR_END, 1),
    30,
    Lowering.TO_EARNED,
    lowers_on_return=False,
)
COUPONS = CouponRules(
    (
        CouponTerms(
            "C1",
            "九折券",
            Benefit(
                BenefitKind.PERCENT,
                1000,
                Covers(frozenset({ITEM}), frozenset({CATEGORY}), frozenset({ItemId(UUID(int=8))})),
                minimum=500,
                off_max=100,
                pieces_max=2,
                is_cheapest_first=True,
                with_promotions=False,
            ),
            note="門市限定",
            uses_max=3,
            is_personal=True,
            is_transferable=True,
            is_alone=False,
            tiers=frozenset({"T1"}),
            starts_on=DAY,
            ends_on=LATER,
            days_valid=30,
            starts_after_days=1,
            weekdays=frozenset({0, 4}),
            time_from=840,
            time_to=1020,
        ),
        CouponTerms("C2", "送皂", Benefit(BenefitKind.GIFT, gift_id=ITEM, minimum=300)),
        CouponTerms("C3", "免運", Benefit(BenefitKind.TEXT), note="下次免運費"),
    ),
    (
        Gift(Occasion.WELCOME, "C1"),
        Gift(Occasion.TIER, "C2", tier="T1"),
        Gift(Occasion.VISIT, "C1", n=5, is_repeated=True),
    ),
    (
        NextVisit("C1", members_only=True, visits_from=2, visits_to=5, segments=frozenset({"key_keep"})),
        NextVisit("C2", days_away_from=60, total_from=1000, tiers=frozenset({"T1"})),
    ),
)
STAMPS = StampRules(
    (
        StampCard(
            "S1",
            "十送一",
            10,
            Benefit(BenefitKind.PERCENT, 10_000, Covers(frozenset({ITEM})), pieces_max=1),
            covers=Covers(category_ids=frozenset({CATEGORY})),
            days_valid=365,
            is_automatic=True,
        ),
        StampCard("S2", "常來", 5, Benefit(BenefitKind.AMOUNT, 100), StampPer.VISIT, 0, goes_alone=True),
        StampCard(
            "S3",
            "滿額",
            8,
            Benefit(BenefitKind.GIFT, gift_id=ITEM),
            StampPer.AMOUNT,
            200,
            tiers=frozenset({"T1"}),
        ),
    )
)
GIFTS = GiftRules(
    (Reward("G1", "馬克杯", 300, ITEM, 20, frozenset({"T2"}), DAY, LATER), Reward("G2", "貼紙", 10))
)
VALUE = ValueRules(
    (TopUpStep(1000, 100), TopUpStep(5000, 50, 500, "T1", True), TopUpStep(500)),
    spends=SpendOrder.BONUS_FIRST,
    top_up_min=100,
    top_up_max=20_000,
    balance_max=50_000,
    bonus_days=90,
    claws_back_bonus=False,
)
FIELDS = (
    FieldSpec("x:F1", FieldKind.CHOICE, ("左", "右"), "慣用手"),
    FieldSpec("x:F2", FieldKind.DATE, (), "驗光日"),
)
PAGES: tuple[tuple[type[Area], Any], ...] = (
    (EarningArea, POINTS),
    (BonusArea, POINTS),
    (SpendingArea, POINTS),
    (TierArea, TIERS),
    (TemplateArea, COUPONS),
    (GivingArea, COUPONS),
    (StampArea, STAMPS),
    (GiftArea, GIFTS),
    (ValueArea, VALUE),
    (FieldArea, FIELDS),
)


@pytest.mark.parametrize(("kind", "rules"), PAGES, ids=[kind.NAME for kind, _ in PAGES])
def test_rows_put_together_again_are_the_rules_they_came_from(
    rig: TillRig, kind: type[Area], rules: Any
) -> None:
    area = kind(rig.till)
    rows = area.rows(rules)
    assert area.rules(area.settle(rows), rules) == rules
    assert area.read(area.write(rules)) == rules


@pytest.mark.parametrize(("kind", "rules"), PAGES, ids=[kind.NAME for kind, _ in PAGES])
@pytest.mark.parametrize("language", ["zh_TW", "zh_CN", "en"])
def test_every_rule_is_said_in_plain_words(rig: TillRig, kind: type[Area], rules: Any, language: str) -> None:
    from app import i18n

    i18n.set_language(language)
    said = kind(rig.till).describe(rules)
    assert said
    assert all("{" not in sentence and "rules" not in sentence for sentence in said)


@pytest.mark.parametrize(("kind", "rules"), PAGES, ids=[kind.NAME for kind, _ in PAGES])
def test_whatever_can_be_added_has_every_blank_at_something_readable_or_a_choice_to_make(
    rig: TillRig, kind: type[Area], rules: Any
) -> None:
    for section in kind.SECTIONS:
        for preset in section.adds:
            form = section.form(preset.form)
            filled = form.fresh(TODAY, preset.clauses)
            for clause in form.clauses:
                assert clause.is_in(filled) or clause.is_optional


def refused(area: Area, rules: Any, section: str, index: int, **filled: object) -> tuple[str, str]:
    """What is said about this row with these blanks."""
    rows = area.rows(rules)
    row = rows[section][index]
    rows[section][index] = Row(row.form, {**row.filled, **filled}, row.key)
    with pytest.raises(RowRefused) as wrong:
        area.rules(rows, rules)
    assert (wrong.value.section, wrong.value.index) == (section, index)
    return wrong.value.error.code, wrong.value.blank


def test_what_cannot_stand_is_told_at_its_row_and_blank(rig: TillRig) -> None:
    till = rig.till
    crossed = refused(EarningArea(till), POINTS, "multipliers", 0, ends_on=date(2026, 1, 1))
    assert crossed == ("rule_days_crossed", "ends_on")
    assert refused(SpendingArea(till), POINTS, "burn", 0, burn_step=7) == ("rule_step_uneven", "burn_step")
    assert refused(BonusArea(till), POINTS, "bonuses", 0, lasts_months=2)[0] == "rule_two_terms"
    assert refused(BonusArea(till), POINTS, "bonuses", 2, friend_points=0)[0] == "rule_points_needed"
    assert refused(TierArea(till), TIERS, "tiers", 1, threshold=5)[0] == "tier_threshold_twice"
    assert refused(TemplateArea(till), COUPONS, "templates", 0, time_to=840)[0] == "rule_hours_empty"
    assert refused(StampArea(till), STAMPS, "cards", 0, every_visit=0)[0] == "stamp_two_ways"
    assert refused(FieldArea(till), FIELDS, "fields", 0, choices="左")[0] == "rule_choices_two"
    assert refused(GivingArea(till), COUPONS, "next_visits", 0, visits_to=1)[0] == "rule_visits_crossed"


def test_an_occasion_has_one_bonus(rig: TillRig) -> None:
    area = BonusArea(rig.till)
    rows = area.rows(POINTS)
    rows["bonuses"].append(rows["bonuses"][0])
    with pytest.raises(RowRefused) as wrong:
        area.rules(rows, POINTS)
    assert wrong.value.error.code == "rule_bonus_twice"
    assert wrong.value.index == 4


def test_a_coupon_that_is_given_by_itself_stays(rig: TillRig) -> None:
    area = TemplateArea(rig.till)
    rows = area.rows(COUPONS)
    del rows["templates"][0]
    with pytest.raises(Refused) as wrong:
        area.rules(rows, COUPONS)
    assert wrong.value.code == "coupon_template_used"


def test_another_basis_asks_for_thresholds_of_its_kind(rig: TillRig) -> None:
    area = TierArea(rig.till)
    rows = area.rows(TIERS)
    rows["basis"] = [Row("basis", {"basis": "spend"})]
    assert {row.form for row in area.settle(rows)["tiers"]} == {"tier_spend"}


def kinds() -> Iterator[tuple[Blank, str, object]]:
    yield Blank("a", BlankKind.WHOLE, least=1, most=2000), "1,200", 1200
    yield Blank("a", BlankKind.WHOLE), "１２", 12
    yield Blank("a", BlankKind.AMOUNT, least=1), "1,270", 1270
    yield Blank("a", BlankKind.FACTOR, least=101, most=1000), "1.5", 150
    yield Blank("a", BlankKind.PERCENT, least=1, most=10_000), "12.5%", 1250
    yield Blank("a", BlankKind.TEXT, least=1, most=20), " 會員日 ", "會員日"
    yield Blank("a", BlankKind.DAY), "2026/12/31", date(2026, 12, 31)
    yield Blank("a", BlankKind.MINUTE), "1830", 1110


@pytest.mark.parametrize(("blank", "typed", "value"), list(kinds()))
def test_what_is_keyed_is_read_as_people_write_it(blank: Blank, typed: str, value: object) -> None:
    assert value_of(blank, typed, TWD, TODAY) == value
    assert value_of(blank, text_of(blank, value, TWD), TWD, TODAY) == value


@pytest.mark.parametrize(
    ("blank", "typed", "code"),
    [
        (Blank("a", BlankKind.WHOLE, least=1), "0", "number_needed"),
        (Blank("a", BlankKind.WHOLE), "abc", "number_needed"),
        (Blank("a", BlankKind.AMOUNT, least=1), "0", "rule_amount_least"),
        (Blank("a", BlankKind.AMOUNT, least=1), "", "rule_amount_least"),
        (Blank("a", BlankKind.AMOUNT), "x", "amount_unreadable"),
        (Blank("a", BlankKind.FACTOR, least=101, most=200), "3", "number_needed"),
        (Blank("a", BlankKind.TEXT, least=1, most=20), "  ", "rule_text_needed"),
        (Blank("a", BlankKind.DAY), "31/31", "rule_day_unreadable"),
        (Blank("a", BlankKind.MINUTE), "25:00", "rule_hour_unreadable"),
    ],
)
def test_what_cannot_be_read_says_what_would_be_accepted(blank: Blank, typed: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        value_of(blank, typed, TWD, TODAY)
    assert refusal.value.code == code


def test_a_day_without_a_year_is_the_next_one() -> None:
    assert parse_day("12/31", TODAY) == date(2026, 12, 31)
    assert parse_day("1/5", TODAY) == date(2027, 1, 5)
    assert parse_minute("9") == 540
