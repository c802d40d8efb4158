"""Why a line costs what it costs, step by step and in words.

The words themselves are texts: a sentence here is a key and its fields, for whoever shows it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.basket import Discount, DiscountKind
from app.domain.money import Currency, Money, format_money
from app.domain.price_level import PriceLevel
from app.domain.promotion import (
    PERCENT_WHOLE,
    Promotion,
    PromotionKind,
    RewardKind,
    Threshold,
)
from app.domain.quantity import format_quantity
from app.domain.transaction import SaleLine

Sentence = tuple[str, Mapping[str, object]]


class StepKind(StrEnum):
    """Where the price starts (the first seven), then what changed it, in the order it happened."""

    REGULAR = "regular"
    MEMBER = "member"
    TIER = "tier"  # what the member's tier takes off the regular price
    OVERRIDE = "override"
    LABEL = "label"
    OPEN = "open"
    RETURNED = "returned"
    MEMBER_PART = "member_part"  # the member price for some of the units
    TIER_PART = "tier_part"  # the tier's price for some of the units
    PROMOTION = "promotion"
    LINE_DISCOUNT = "line_discount"
    BASKET_PROMOTION = "basket_promotion"
    BASKET_DISCOUNT = "basket_discount"
    COUPON = "coupon"  # a coupon, or the reward of a full stamp card
    LEFT_OUT = "left_out"  # item offers left out, because a basket offer is worth more without them


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One step. ``amount`` is the line's price at a start, later what is added (negative: taken off); ``left`` is the price after it.

    ``promotion`` (with the ``threshold`` reached, for one on the basket), ``discount``, ``label`` (of a coupon) or the tier's ``level``
    says whose step it is.
    """

    kind: StepKind
    amount: Money
    left: Money
    promotion: Promotion | None = None
    discount: Discount | None = None
    threshold: Threshold | None = None
    label: str = ""
    level: PriceLevel | None = None


def explain(line: SaleLine, steps: Sequence[PriceStep]) -> tuple[Sentence, ...]:
    """The sentences that say why the line costs what it costs: keys of app/texts/pricing.py with their fields."""
    return tuple(_sentence(line, step) for step in steps)


def _sentence(line: SaleLine, step: PriceStep) -> Sentence:
    fields: dict[str, object] = {
        "amount": format_money(step.left),
        "off": format_money(-step.amount),
        "quantity": format_quantity(abs(line.quantity)),
        "price": format_money(line.unit_price),
        "regular": format_money(line.list_price),
    }
    if step.promotion is not None:
        key, rule = _rule(step, line.net.currency)
        return f"pricing.{key}", {**fields, "name": step.promotion.name, **rule}
    key = f"pricing.{step.kind.value}"
    if step.kind in (StepKind.TIER, StepKind.TIER_PART):
        assert step.level is not None
        return key, {**fields, "name": step.level.name, **_percent(step.level.percent_off)}
    if step.label:
        return key, {**fields, "name": step.label}
    if step.discount is None:
        return key, fields
    if step.discount.kind is DiscountKind.PERCENT and step.discount.value < PERCENT_WHOLE:
        key, fields = f"{key}_percent", fields | _percent(step.discount.value)
    if step.discount.reason:
        return f"{key}_reason", fields | {"reason": step.discount.reason}
    return key, fields


def _rule(step: PriceStep, currency: Currency) -> Sentence:
    """The promotion's rule: the end of its key, and the fields that fill it."""
    promotion = step.promotion
    assert promotion is not None
    value = {"value": format_money(Money(promotion.value, currency))}
    if step.kind is StepKind.LEFT_OUT:
        return "left_out", {}
    match promotion.kind:
        case PromotionKind.PERCENT:
            return ("percent" if promotion.value < PERCENT_WHOLE else "free"), _percent(promotion.value)
        case PromotionKind.AMOUNT | PromotionKind.FIXED_PRICE:
            return promotion.kind.value, value
        case PromotionKind.N_FOR_PRICE:
            return "n_for_price", {"n": promotion.n, "value": format_money(Money(promotion.price, currency))}
        case PromotionKind.BUY_X_GET_Y:
            counts = {"x": promotion.x, "y": promotion.y, "units": promotion.x + promotion.y}
            if promotion.y_percent_off == PERCENT_WHOLE:
                return "buy_x_get_y_free", counts
            return "buy_x_get_y", counts | _percent(promotion.y_percent_off)
        case PromotionKind.MIX_MATCH:
            units = {"units": promotion.bundle_units}
            if promotion.reward is RewardKind.PERCENT:
                return "mix_match_percent", units | _percent(promotion.value)
            return f"mix_match_{promotion.reward.value}", units | value
        case PromotionKind.BASKET_THRESHOLD:
            assert step.threshold is not None
            limit = {"limit": format_money(Money(step.threshold.amount, currency))}
            if step.threshold.kind is RewardKind.PERCENT:
                return "basket_threshold_percent", limit | _percent(step.threshold.value)
            return "basket_threshold", limit | {"value": format_money(Money(step.threshold.value, currency))}


def _percent(hundredths: int) -> dict[str, object]:
    """``percent`` is what is taken off (``15%``); ``fold`` is how Chinese counts what is left: 85 折, 9 折, 0.5 折."""
    left = PERCENT_WHOLE - hundredths
    fold = format_quantity(left) if left % 1000 == 0 or left < 1000 else format_quantity(left * 10)
    return {"percent": f"{format_quantity(hundredths * 10)}%", "fold": fold}
