"""Rules as JSON: what is written reads back the same, and nothing odd is taken for a rule."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chain import canonical_bytes
from app.domain.errors import Refused
from app.domain.loyalty.gifts import GiftRules
from app.domain.loyalty.points_rules import Burn, PointsRules, Rate
from app.domain.loyalty.rule_codec_points import points_rules_from_plain, points_rules_to_plain
from app.domain.loyalty.rule_codec_tiers import (
    gift_rules_from_plain,
    gift_rules_to_plain,
    tier_rules_from_plain,
    tier_rules_to_plain,
)
from app.domain.loyalty.tiers import TierRules
from tests.domain.loyalty.rule_strategies import gift_rules, points_rules, tier_rules

PLAIN: dict[str, Any] = {"v": 1, "base": [100, 1], "burn": {"value": 1}}


def stored(plain: dict[str, Any]) -> Any:
    return json.loads(canonical_bytes(plain))


@given(points_rules())
def test_points_rules_read_back_the_same(rules: PointsRules) -> None:
    assert points_rules_from_plain(stored(points_rules_to_plain(rules))) == rules


@given(tier_rules())
def test_tier_rules_read_back_the_same(rules: TierRules) -> None:
    assert tier_rules_from_plain(stored(tier_rules_to_plain(rules))) == rules


@given(gift_rules())
def test_gift_rules_read_back_the_same(rules: GiftRules) -> None:
    assert gift_rules_from_plain(stored(gift_rules_to_plain(rules))) == rules


def test_what_says_nothing_is_left_out() -> None:
    rules = PointsRules(base=Rate(100, 1), burn=Burn(1))
    assert points_rules_to_plain(rules) == PLAIN
    assert points_rules_from_plain(PLAIN) == rules


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"base": None}, "base"),
        ({"base": [100]}, "base"),
        ({"base": [100, True]}, "base"),
        ({"base": [-1, 1]}, "base"),
        ({"burn": {"value": 1, "step": 0}}, "burn.step"),
        ({"burn": {"value": 1, "share": 10_001}}, "burn.share"),
        ({"surprise": 1}, "surprise"),
        ({"combine": "worst"}, "combine"),
        ({"uncounted": ["beans"]}, "uncounted.1"),
        ({"multipliers": [{"factor": 50}]}, "multipliers.1"),
        ({"multipliers": [{"factor": 200}, {"factor": 200, "weekdays": [7]}]}, "multipliers.2"),
        ({"multipliers": [{"factor": 200, "from": "yesterday"}]}, "multipliers.1.from"),
        ({"multipliers": [{"factor": 200, "goods": {"items": ["xyz"]}}]}, "multipliers.1.goods.items.1"),
        ({"bonuses": [{"kind": "campaign", "points": 5}]}, "bonuses.1"),
        ({"bonuses": [{"kind": "visit", "points": 5}, {"kind": "visit", "points": 6}]}, "{}"),
        ({"expires": ["days", 0]}, "expires"),
        ({"pending_days": 1.5}, "pending_days"),
        ({"never_owes": "yes"}, "never_owes"),
    ],
)
def test_odd_rules_are_refused_by_their_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Refused) as refused:
        points_rules_from_plain({**PLAIN, **change})
    assert (refused.value.code, refused.value.fields["place"]) == ("rules_damaged", place)


@pytest.mark.parametrize("plain", [None, [], 1, "{}", {}])
def test_what_is_no_object_is_refused(plain: object) -> None:
    with pytest.raises(Refused):
        points_rules_from_plain(plain)


def test_a_later_format_is_not_guessed_at() -> None:
    with pytest.raises(Refused) as refused:
        points_rules_from_plain({**PLAIN, "v": 2})
    assert refused.value.code == "record_newer"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(points_rules(), tier_rules(), st.data())
def test_a_damaged_document_is_refused_and_never_crashes(
    points: PointsRules, tiers: TierRules, data: st.DataObject
) -> None:
    codes = set()
    for plain, read in (
        (points_rules_to_plain(points), points_rules_from_plain),
        (tier_rules_to_plain(tiers), tier_rules_from_plain),
    ):
        key = data.draw(st.sampled_from(sorted(plain)))
        try:
            read({**plain, key: data.draw(VALUES)})
        except Refused as refused:
            codes.add(refused.code)
    assert codes <= {"rules_damaged", "record_newer"}
