"""A coupon in words, in every language: everything that limits it is said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings

from app.domain.ids import ItemId
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_terms import CouponTerms
from app.domain.money import TWD
from app.i18n import LANGUAGES
from app.service.coupon_words import CouponWords
from tests.loyalty_strategies import terms

TEA, SOAP = ItemId(UUID(int=1)), ItemId(UUID(int=2))
NAMES = {TEA: "烏龍茶", SOAP: "手工皂"}


def words(one: CouponTerms, language: str = "zh_TW", **days: date) -> tuple[str, ...]:
    return CouponWords(language, TWD, lambda own: NAMES.get(ItemId(own), "")).describe(one, **days)


@pytest.mark.parametrize(
    ("benefit", "expected"),
    [
        (Benefit(BenefitKind.PERCENT, 1_500), "全店商品：85 折"),
        (Benefit(BenefitKind.PERCENT, 10_000, Covers(frozenset({SOAP}))), "手工皂：免費"),
        (Benefit(BenefitKind.AMOUNT, 50), "全店商品：折 NT$50"),
        (Benefit(BenefitKind.PRICE, 99, Covers(frozenset({TEA, SOAP}))), "手工皂、烏龍茶：每件 NT$99"),
        (Benefit(BenefitKind.GIFT, gift_id=SOAP), "送「手工皂」1 件"),
        (Benefit(BenefitKind.TEXT), "本島免運"),
    ],
)
def test_the_first_line_says_what_it_gives(benefit: Benefit, expected: str) -> None:
    assert words(CouponTerms("A", "券", benefit, note="本島免運"))[0] == expected


def test_every_limit_is_said() -> None:
    benefit = Benefit(
        BenefitKind.PERCENT,
        5_000,
        minimum=500,
        off_max=200,
        pieces_max=1,
        covers=Covers(excluded_item_ids=frozenset({SOAP})),
        with_promotions=False,
    )
    one = CouponTerms(
        "A",
        "券",
        benefit,
        note="外送不適用",
        uses_max=3,
        is_personal=True,
        tiers=frozenset({"gold"}),
        weekdays=frozenset({0, 1, 2, 3, 5}),
        time_from=660,
        time_to=1_020,
    )
    assert words(one, first=date(2026, 11, 22), last=date(2026, 12, 21)) == (
        "全店商品：5 折",
        "外送不適用",
        "消費滿 NT$500 可用",
        "最多折 NT$200",
        "限最高價 1 件",
        "不含：手工皂",
        "特價及優惠商品不適用",
        "不可與其他優惠券併用",
        "2026-11-22 至 2026-12-21 可用",
        "限週一、週二、週三、週四、週六",
        "限 11:00-17:00",
        "可使用 3 次",
        "限本人使用",
        "限指定會員等級",
    )


@settings(max_examples=60)
@given(terms())
def test_every_coupon_has_words_in_every_language(one: CouponTerms) -> None:
    for language in LANGUAGES:
        said = words(one, language, last=date(2026, 12, 31))
        assert len(said) == len(words(one, last=date(2026, 12, 31)))
        assert not any("{" in line for line in said[1:] if line != one.note)
