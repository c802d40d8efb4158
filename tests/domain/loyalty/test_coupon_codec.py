"""Rules of coupons and stamp cards come back as they were written, and nothing else is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chain import canonical_bytes
from app.domain.errors import Refused
from app.domain.loyalty.coupon import Coupon, coupon_to_plain, coupons_from_plain
from app.domain.loyalty.coupon_codec import rules_from_plain, rules_to_plain
from app.domain.loyalty.coupon_terms import CouponRules
from app.domain.loyalty.stamps import StampRules
from app.domain.loyalty.stamps_codec import stamp_rules_from_plain, stamp_rules_to_plain
from tests.loyalty_strategies import coupon_rules, coupons, stamp_rules


def through_json(plain: object) -> Any:
    return json.loads(canonical_bytes(plain))  # type: ignore[arg-type]


@given(coupon_rules())
def test_coupon_rules_come_back_as_they_were(rules: CouponRules) -> None:
    assert rules_from_plain(through_json(rules_to_plain(rules))) == rules


@given(stamp_rules())
def test_stamp_rules_come_back_as_they_were(rules: StampRules) -> None:
    assert stamp_rules_from_plain(through_json(stamp_rules_to_plain(rules))) == rules


@given(coupons())
def test_a_coupon_comes_back_from_its_fact(coupon: Coupon) -> None:
    assert coupons_from_plain(through_json(coupon_to_plain(coupon))) == (coupon,)


@given(coupon_rules(), st.data())
def test_a_field_nobody_knows_is_damage(rules: CouponRules, data: st.DataObject) -> None:
    plain = through_json(rules_to_plain(rules))
    places: list[dict[str, Any]] = [plain, *plain["templates"], *plain["gifts"], *plain["next_visits"]]
    data.draw(st.sampled_from(places))["surprise"] = 1
    with pytest.raises(Refused, match="rules_damaged"):
        rules_from_plain(plain)


DAMAGE: list[Callable[[dict[str, Any]], None]] = [
    lambda plain: plain.update(format=2),
    lambda plain: plain["templates"][0].update(key="small"),
    lambda plain: plain["templates"][0].update(uses_max="1"),
    lambda plain: plain["templates"][0].update(uses_max=0),
    lambda plain: plain["templates"][0].update(is_alone=1),
    lambda plain: plain["templates"][0]["benefit"].update(kind="everything"),
    lambda plain: plain["templates"].append(plain["templates"][0]),
    lambda plain: plain["next_visits"].append({"template": "NOSUCH"}),
    lambda plain: plain.pop("gifts"),
]


@pytest.mark.parametrize("harm", DAMAGE)
def test_impossible_rules_are_damage(harm: Callable[[dict[str, Any]], None]) -> None:
    plain: dict[str, Any] = {
        "format": 1,
        "templates": [{"key": "HUNDRED", "name": "折百元", "benefit": {"kind": "amount", "value": 100}}],
        "gifts": [],
        "next_visits": [],
    }
    rules_from_plain(plain)
    harm(plain)
    with pytest.raises(Refused, match="rules_damaged"):
        rules_from_plain(plain)
