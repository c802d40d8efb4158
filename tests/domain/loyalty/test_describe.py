"""Whatever the rules are, there is a sentence for them, in every language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.loyalty.describe import (
    gift_sentences,
    points_sentences,
    standing_sentence,
    tier_sentences,
)
from app.domain.loyalty.gifts import GiftRules
from app.domain.loyalty.points_rules import Burn, Multiplier, PointsRules, Rate
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import NO_TIERS, Tier, TierRules, TierState, standing_of
from app.domain.money import TWD
from app.i18n import LANGUAGES
from app.service.rule_words import say, say_all
from tests.domain.loyalty.rule_strategies import gift_rules, points_rules, tier_rules

ON = date(2026, 11, 22)


@given(points_rules(), st.sampled_from(LANGUAGES))
def test_points_rules_can_always_be_told(rules: PointsRules, language: str) -> None:
    sentences = say_all(points_sentences(rules, TWD, lambda _: "茶", lambda code: code.title()), language)
    assert all(sentence and "{" not in sentence for sentence in sentences)
    assert len(sentences) >= 5


@given(tier_rules(), gift_rules(), st.integers(0, 30_000), st.sampled_from(LANGUAGES))
def test_tiers_gifts_and_standings_can_always_be_told(
    tiers: TierRules, gifts: GiftRules, amount: int, language: str
) -> None:
    told = [*tier_sentences(tiers, TWD), *gift_sentences(gifts, lambda code: code)]
    for tier in ("", *(tier.code for tier in tiers.tiers)):
        standing = standing_of(tiers, TierState(tier, ON, ON), amount, ON)
        sentence = standing_sentence(standing, TWD)
        assert (sentence is None) == (not tiers.tiers)
        told += [sentence] if sentence else []
    assert all(say(one, language) and "{" not in say(one, language) for one in told)


RULES = PointsRules(
    base=Rate(100, 1),
    burn=Burn(1, value_points=30, step=30, share_max=5000),
    multipliers=(
        Multiplier(150, tiers=frozenset({"gold"})),
        Multiplier(200, weekdays=frozenset({2})),
        Multiplier(300, name="會員日", month_days=frozenset({15}), in_birthday_month=True),
    ),
    expires=Term(TermKind.YEAR_END, 1),
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh_TW",
            (
                "每消費 NT$100 得 1 點。",
                "以點數支付的金額不計點。",
                "以整筆消費合計，不足一個級距的部分不計。",
                "金卡會員：點數 ×1.5。",
                "星期三：點數 ×2。",
                "「會員日」生日月，每月 15 日：點數 ×3。",
                "同時符合多項時，只取倍數最高的一項。",
                "點數效期：到隔年年底。",
                "30 點可折抵 NT$1。",
                "最多折抵整筆消費的 50%。",
                "退貨要收回的點數若已用掉，餘額可以是負數，之後得點補回。",
            ),
        ),
        (
            "en",
            (
                "Every NT$100 spent earns 1 point.",
                "What is paid by points earns nothing.",
                "The whole ticket counts together; what does not fill a step is left out.",
                "Points ×1.5: 金卡 members.",
                "Points ×2: Wednesday.",
                "會員日: points ×3, in the birthday month and day 15 of the month.",
                "When several apply, only the highest counts.",
                "Points last: until the end of the next year.",
                "30 points take NT$1 off.",
                "At most 50% of a ticket can be paid with them.",
                "When returned goods take back points that were used already, the balance goes below zero.",
            ),
        ),
    ],
)
def test_rules_read_like_a_notice_on_the_wall(language: str, said: tuple[str, ...]) -> None:
    sentences = points_sentences(RULES, TWD, lambda _: "", lambda code: {"gold": "金卡"}[code])
    assert say_all(sentences, language) == said


def test_the_way_to_the_next_tier_is_told_in_money() -> None:
    rules = TierRules(tiers=(Tier("silver", "銀卡", 3_000), Tier("gold", "金卡", 10_000)))
    standing = standing_of(rules, TierState("silver", ON, date(2027, 11, 22)), 9_360, ON)
    sentence = standing_sentence(standing, TWD)
    assert sentence is not None
    assert say(sentence, "zh_TW") == "再消費 NT$640 升金卡"
    assert standing.progress_percent == 93
    top = standing_sentence(standing_of(rules, TierState("gold", ON, date(2027, 11, 22)), 9_000, ON), TWD)
    assert top is not None
    assert say(top, "zh_TW") == "2027/11/22 前再消費 NT$1,000 可保留金卡"
    assert standing_sentence(standing_of(NO_TIERS, TierState(), 0, ON), TWD) is None
