"""Promotions as values: what may be written down, and that storing one changes nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId
from app.domain.promotion import (
    MixGroup,
    Promotion,
    PromotionKind,
    RewardKind,
    Threshold,
    from_plain,
    to_plain,
)
from tests.builders import uuid
from tests.domain.promotion_cases import a_promotion, promotions_on, shops

KINDS = tuple(PromotionKind)


@given(st.data())
def test_a_promotion_comes_back_from_the_store_exactly_as_it_went(data: st.DataObject) -> None:
    promotion = data.draw(promotions_on(data.draw(shops()), "P", KINDS, is_limited=True))
    assert from_plain(json.loads(json.dumps(to_plain(promotion)))) == promotion


def test_every_field_survives_the_store() -> None:
    promotion = a_promotion(
        PromotionKind.BUY_X_GET_Y,
        "NIGHT",
        item_ids=frozenset({ItemId(uuid(1)), ItemId(uuid(2))}),
        category_ids=frozenset({CategoryId(uuid(3))}),
        excluded_item_ids=frozenset({ItemId(uuid(4))}),
        x=2,
        y=1,
        y_percent_off=5_000,
        members_only=True,
        tiers=frozenset({"", "gold"}),
        weekdays=frozenset({0, 6}),
        time_from=1320,
        time_to=120,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        stacking_group="night",
        is_combinable=True,
        times_max=3,
        priority=7,
        stacks_on_member_price=True,
        version=4,
    )
    assert from_plain(to_plain(promotion)) == promotion


def test_equal_promotions_have_equal_plain_forms() -> None:
    ids = [ItemId(uuid(number)) for number in range(1, 30)]
    one = a_promotion(PromotionKind.PERCENT, item_ids=frozenset(ids), value=1_000)
    other = a_promotion(PromotionKind.PERCENT, item_ids=frozenset(reversed(ids)), value=1_000)
    assert json.dumps(to_plain(one)) == json.dumps(to_plain(other))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "gift"},
        {"value": "10"},
        {"value": -1},
        {"value": True},
        {"id": "not an id"},
        {"format": 2},
        {"weekdays": [7]},
        {"starts_on": "31.10.2026"},
        {"groups": [{"count": 1}]},
        {"thresholds": [{"amount": 1, "kind": "price", "value": 1}]},
        {"unknown": 1},
    ],
)
def test_a_damaged_promotion_is_refused(change: dict[str, Any]) -> None:
    plain = to_plain(a_promotion(PromotionKind.PERCENT, value=1_000)) | change
    with pytest.raises(Refused) as refused:
        from_plain(plain)
    assert refused.value.code == "promotion_damaged"


def test_a_promotion_with_a_field_missing_is_refused() -> None:
    plain = to_plain(a_promotion(PromotionKind.PERCENT, value=1_000))
    del plain["priority"]
    with pytest.raises(Refused):
        from_plain(plain)


BAD_FIELDS: list[tuple[PromotionKind, dict[str, Any]]] = [
    (PromotionKind.PERCENT, {"value": 0}),
    (PromotionKind.PERCENT, {"value": 10_001}),
    (PromotionKind.AMOUNT, {"value": 0}),
    (PromotionKind.N_FOR_PRICE, {"n": 0, "price": 10}),
    (PromotionKind.BUY_X_GET_Y, {"x": 0, "y": 1}),
    (PromotionKind.BUY_X_GET_Y, {"x": 1, "y": 1, "y_percent_off": 0}),
    (PromotionKind.MIX_MATCH, {"value": 10}),
    (PromotionKind.BASKET_THRESHOLD, {}),
    (
        PromotionKind.BASKET_THRESHOLD,
        {"thresholds": (Threshold(20, RewardKind.AMOUNT, 2), Threshold(10, RewardKind.AMOUNT, 1))},
    ),
    (PromotionKind.PERCENT, {"value": 1_000, "time_from": 600}),
    (PromotionKind.PERCENT, {"value": 1_000, "time_from": 600, "time_to": 600}),
    (PromotionKind.PERCENT, {"value": 1_000, "weekdays": frozenset({7})}),
    (PromotionKind.PERCENT, {"value": 1_000, "starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}),
    (PromotionKind.PERCENT, {"value": 1_000, "times_max": 2, "is_combinable": True}),
    (PromotionKind.PERCENT, {"value": 1_000, "times_max": 0}),
]


@pytest.mark.parametrize(("kind", "fields"), BAD_FIELDS)
def test_a_promotion_that_cannot_be_meant_is_never_made(kind: PromotionKind, fields: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        a_promotion(kind, **fields)


def test_a_mix_and_match_names_its_goods_in_its_groups_only() -> None:
    groups = (MixGroup(1, frozenset({ItemId(uuid(1))})),)
    with pytest.raises(AssertionError):
        a_promotion(
            PromotionKind.MIX_MATCH, groups=groups, value=10, category_ids=frozenset({CategoryId(uuid(2))})
        )


def test_a_bundle_knows_how_many_units_it_takes() -> None:
    groups = (MixGroup(2, frozenset({ItemId(uuid(1))})), MixGroup(1, frozenset({ItemId(uuid(2))})))
    sizes: list[Promotion] = [
        a_promotion(PromotionKind.N_FOR_PRICE, n=3, price=100),
        a_promotion(PromotionKind.BUY_X_GET_Y, x=2, y=1),
        a_promotion(PromotionKind.MIX_MATCH, groups=groups, value=69),
        a_promotion(PromotionKind.PERCENT, value=500),
    ]
    assert [promotion.bundle_units for promotion in sizes] == [3, 3, 3, 0]
