"""The shop's rules of stored value: what a top-up gives on top, what is spent first, how much an account holds, and what is paid out.

The rules of a version are never changed; every entry names the version it was made under. Amounts are minor units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.domain.loyalty.rule_codec import (
    FORMAT,
    Plain,
    Reader,
    damaged,
    head,
    possible,
    whole_element,
    without_defaults,
)
from app.domain.loyalty.value import SpendOrder
from app.domain.money import Currency, round_half_up

STEPS_MAX: Final = 50
KEYS_MAX: Final = 8
PERCENT_WHOLE: Final = 10_000
AMOUNT_MAX: Final = 10**9
_USUAL: Final = (500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class TopUpStep:
    """Whoever tops up ``amount`` or more gets ``bonus``, and ``percent`` (hundredths of a percent) of what they paid.

    ``tier``: only members of this tier; ``is_first_only``: only into an account that was never topped up.
    """

    amount: int
    bonus: int = 0
    percent: int = 0
    tier: str = ""
    is_first_only: bool = False

    def __post_init__(self) -> None:
        assert 0 < self.amount <= AMOUNT_MAX
        assert 0 <= self.bonus <= AMOUNT_MAX
        assert 0 <= self.percent <= PERCENT_WHOLE

    def is_for(self, amount: int, tier: str, *, is_first: bool) -> bool:
        return self.amount <= amount and self.tier in ("", tier) and (is_first or not self.is_first_only)

    def gives(self, amount: int) -> int:
        return self.bonus + round_half_up(amount * self.percent, PERCENT_WHOLE)


@dataclass(frozen=True, slots=True)
class ValueRules:
    """``bonus_days``: how long a bonus lasts (None: for good); what was paid never ends.

    ``claws_back_bonus``: a refund keeps what the customer has already enjoyed of the bonus. ``is_taxed_at_sale``: the shop pays its
    tax (and issues the invoice) when it sells value; it is one or the other for the whole shop, and should not change while
    balances stand.
    """

    steps: tuple[TopUpStep, ...] = ()
    card_amounts: tuple[int, ...] = ()
    spends: SpendOrder = SpendOrder.PRO_RATA
    top_up_min: int = 1
    top_up_max: int = AMOUNT_MAX
    balance_max: int | None = None
    bonus_days: int | None = None
    may_refund: bool = True
    claws_back_bonus: bool = True
    is_taxed_at_sale: bool = False

    def __post_init__(self) -> None:
        assert len(self.steps) <= STEPS_MAX
        assert len(self.card_amounts) <= KEYS_MAX
        assert all(0 < amount <= AMOUNT_MAX for amount in self.card_amounts)
        assert 0 < self.top_up_min <= self.top_up_max <= AMOUNT_MAX
        assert self.balance_max is None or self.balance_max > 0
        assert self.bonus_days is None or self.bonus_days > 0

    def bonus(self, amount: int, tier: str = "", *, is_first: bool = False) -> int:
        """The best that any step gives for this amount."""
        return max(
            (step.gives(amount) for step in self.steps if step.is_for(amount, tier, is_first=is_first)),
            default=0,
        )

    def top_up_amounts(self) -> tuple[int, ...]:
        """The amounts that have a key of their own, rising."""
        return tuple(sorted({step.amount for step in self.steps}))[:KEYS_MAX]


def usual_rules(currency: Currency) -> ValueRules:
    """Those of a shop that wrote none: round amounts, no bonus."""
    amounts = tuple(amount * 10**currency.digits for amount in _USUAL)
    return ValueRules(steps=tuple(TopUpStep(amount) for amount in amounts), card_amounts=amounts)


def value_rules_to_plain(rules: ValueRules) -> Plain:
    return {
        "v": FORMAT,
        **without_defaults(
            {
                "steps": [_step_to_plain(step) for step in rules.steps],
                "cards": list(rules.card_amounts),
                "spends": None if rules.spends is SpendOrder.PRO_RATA else rules.spends._value_,
                "least": None if rules.top_up_min == 1 else rules.top_up_min,
                "most": None if rules.top_up_max == AMOUNT_MAX else rules.top_up_max,
                "balance_max": rules.balance_max,
                "bonus_days": rules.bonus_days,
                "no_refund": not rules.may_refund,
                "keeps_enjoyed_bonus": not rules.claws_back_bonus,
                "taxed_at_sale": rules.is_taxed_at_sale,
            }
        ),
    }


def value_rules_from_plain(plain: object) -> ValueRules:
    """Raises Refused: "rules_damaged", "record_newer"."""
    reader = Reader(plain)
    head(reader)
    with possible("value"):
        rules = ValueRules(
            steps=reader.list("steps", _step_from_plain),
            card_amounts=reader.list("cards", whole_element),
            spends=reader.word("spends", SpendOrder, SpendOrder.PRO_RATA),
            top_up_min=reader.whole("least", 1),
            top_up_max=reader.whole("most", AMOUNT_MAX),
            balance_max=reader.whole_or_none("balance_max"),
            bonus_days=reader.whole_or_none("bonus_days"),
            may_refund=not reader.flag("no_refund"),
            claws_back_bonus=not reader.flag("keeps_enjoyed_bonus"),
            is_taxed_at_sale=reader.flag("taxed_at_sale"),
        )
    reader.done()
    return rules


def _step_to_plain(step: TopUpStep) -> Plain:
    return {
        "amount": step.amount,
        **without_defaults(
            {
                "bonus": step.bonus or None,
                "percent": step.percent or None,
                "tier": step.tier,
                "first": step.is_first_only,
            }
        ),
    }


def _step_from_plain(plain: Any, place: str) -> TopUpStep:
    reader = Reader(plain, place)
    amount = reader.whole("amount")
    if not amount:
        raise damaged(place)
    with possible(place):
        step = TopUpStep(
            amount,
            reader.whole("bonus", 0),
            reader.whole("percent", 0),
            reader.text("tier"),
            reader.flag("first"),
        )
    reader.done()
    return step
