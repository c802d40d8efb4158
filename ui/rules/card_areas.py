"""Stamp cards, the gifts that points are given for, stored value, and the shop's own fields in a member's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from app.domain.loyalty.coupon_benefit import PIECES_MAX, BenefitKind, Covers
from app.domain.loyalty.describe import gift_sentences
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.gifts import GIFTS_MAX, Gift, GiftRules
from app.domain.loyalty.points_rules import POINTS_MAX
from app.domain.loyalty.rule_codec_tiers import gift_rules_from_plain, gift_rules_to_plain
from app.domain.loyalty.stamps import CARDS_MAX, NEEDED_MAX, StampCard, StampPer, StampRules
from app.domain.loyalty.stamps_codec import stamp_rules_from_plain, stamp_rules_to_plain
from app.domain.loyalty.value import SpendOrder
from app.domain.loyalty.value_rules import (
    AMOUNT_MAX,
    STEPS_MAX,
    TopUpStep,
    ValueRules,
    value_rules_from_plain,
    value_rules_to_plain,
)
from app.domain.money import Money, format_money
from app.domain.profile import CUSTOM_PREFIX
from app.domain.profile_fields import (
    CHOICES_MAX,
    CUSTOM_FIELDS_MAX,
    FieldKind,
    FieldSpec,
    custom_fields,
    custom_setting,
)
from app.i18n import language, t
from app.service.coupon_words import CouponWords
from app.service.rule_words import say_all
from ui.rules.areas import (
    COVERED,
    ENDS,
    STARTS,
    TIERS,
    Area,
    amount,
    goods_filled,
    one_of,
    optional,
    put,
    text,
    whole,
)
from ui.rules.coupon_areas import TemplateArea, benefit_of
from ui.rules.forms import (
    Blank,
    BlankKind,
    Clause,
    Filled,
    Form,
    Preset,
    Row,
    Rows,
    Section,
    days_in_order,
    each_row,
    present,
    refuse,
    refuse_twice,
)

CALLED: Final = text("name", 30)

# --- stamp cards ------------------------------------------------------------------------------------------------------

_PER: Final = {
    "per_piece": (StampPer.PIECE, "every_piece"),
    "per_visit": (StampPer.VISIT, "every_visit"),
    "per_amount": (StampPer.AMOUNT, "every_amount"),
}
_CARD: Final = (
    optional("per_piece", whole("every_piece", 1, most=1000)),
    optional("per_visit", amount("every_visit", 0, least=0)),
    optional("per_amount", amount("every_amount", 100)),
    COVERED,
    optional("stamps_last", whole("days_valid", 365, most=3650)),
    STARTS,
    ENDS,
    TIERS,
    optional("automatic"),
    optional("goes_alone"),
)
_REWARD_GOODS: Final = optional("reward_goods", Blank("reward_goods", BlankKind.GOODS))
_REWARD_MINIMUM: Final = optional("reward_minimum", amount("reward_minimum", 100))
_REWARD_MAX: Final = optional("reward_max", amount("reward_max", 200))
_REWARD_PIECES: Final = optional(
    "reward_pieces", one_of("which_pieces", False), whole("pieces", 1, most=PIECES_MAX)
)


def _card_form(name: str, *blanks: Blank, pieces: bool = False) -> Form:
    more = (_REWARD_PIECES,) if pieces else ()
    head = Clause(name, (CALLED, whole("needed", 10, most=NEEDED_MAX), *blanks))
    limits = (_REWARD_MINIMUM, _REWARD_MAX)
    return Form(name, (head, _REWARD_GOODS, *more, *limits, *_CARD))


class StampArea(Area):
    NAME = "stamps"
    AREA = RuleArea.STAMPS
    SECTIONS: ClassVar = (
        Section(
            "cards",
            (
                _card_form(
                    "card_percent", Blank("percent", BlankKind.PERCENT, 10_000, 1, 10_000), pieces=True
                ),
                _card_form("card_amount", amount("value", 100)),
                _card_form("card_price", amount("value", 1, least=0), pieces=True),
                _card_form("card_gift", Blank("gift", BlankKind.ITEM)),
            ),
            rows_max=CARDS_MAX,
            presets=(
                Preset("card_free", "card_percent", ("per_piece", "covers", "reward_goods", "reward_pieces")),
                Preset("card_visit", "card_amount", ("per_visit",)),
                Preset("card_spend", "card_amount", ("per_amount",)),
                Preset("card_gift", "card_gift", ("per_piece", "covers")),
            ),
            key_letter="S",
        ),
    )

    def current(self) -> tuple[int, StampRules]:
        return self.till.stamps.rules()

    def read(self, body: Mapping[str, Any]) -> StampRules:
        return stamp_rules_from_plain(dict(body))

    def write(self, rules: StampRules) -> Mapping[str, Any]:
        return stamp_rules_to_plain(rules)

    def describe(self, rules: StampRules) -> tuple[str, ...]:
        return tuple(self.card_words(card) for card in rules.cards) or (t("rules_ui.no_cards"),)

    def card_words(self, card: StampCard) -> str:
        """One card as a sentence."""
        every = format_money(Money(card.every, self.till.shop.currency))
        gives = t(
            f"rules_ui.said.stamp_{card.per}", every=every if card.per is not StampPer.PIECE else card.every
        )
        if card.per is StampPer.VISIT and not card.every:
            gives = t("rules_ui.said.stamp_any_visit")
        goods = self._covered(card)
        return t(
            "rules_ui.said.card",
            name=card.name,
            goods=t("rules_ui.said.card_goods", goods=goods) if goods else "",
            gives=gives,
            needed=card.needed,
            reward=self.reward_words(card),
        )

    def reward_words(self, card: StampCard) -> str:
        """What a full card gives."""
        said = CouponWords(language(), self.till.shop.currency, self._names().name_of)
        gives = said.gives(card.reward)
        if card.reward.pieces_max:
            return t("rules_ui.said.reward_pieces", gives=gives, pieces=card.reward.pieces_max)
        return gives

    def _covered(self, card: StampCard) -> str:
        names = self._names()
        ids = [*card.covers.category_ids, *card.covers.item_ids]
        return t("rules.list_mark").join(sorted(filter(None, (names.name_of(one) for one in ids))))

    def _names(self) -> TemplateArea:
        return TemplateArea(self.till)

    def rows(self, rules: StampRules) -> Rows:
        return {"cards": [_card_row(card) for card in rules.cards]}

    def rules(self, rows: Rows, base: StampRules) -> StampRules:
        refuse_twice(rows, "cards", "name", "rule_name_twice")
        return StampRules(tuple(each_row(rows, "cards", _read_card)))


def _card_row(card: StampCard) -> Row:
    reward, covers = card.reward, card.covers
    per_blank = next(blank for per, blank in _PER.values() if per is card.per)
    filled: Filled = {"name": card.name, "needed": card.needed, per_blank: card.every}
    match reward.kind:
        case BenefitKind.PERCENT:
            filled["percent"] = reward.value
        case BenefitKind.GIFT:
            filled["gift"] = reward.gift_id
        case _:
            filled["value"] = reward.value
    if reward.pieces_max:
        filled["which_pieces"] = reward.is_cheapest_first
    filled = put(
        filled,
        pieces=reward.pieces_max or None,
        reward_goods=goods_filled(reward.covers.item_ids, reward.covers.category_ids),
        reward_minimum=reward.minimum or None,
        reward_max=reward.off_max or None,
        goods=goods_filled(covers.item_ids, covers.category_ids),
        days_valid=card.days_valid,
        starts_on=card.starts_on,
        ends_on=card.ends_on,
        tiers=card.tiers,
        automatic=card.is_automatic,
        goes_alone=card.goes_alone,
    )
    return Row(f"card_{reward.kind}", filled, card.key)


def _read_card(row: Row) -> StampCard:
    filled = row.filled
    days_in_order(filled)
    ways = [name for name, (_, blank) in _PER.items() if blank in filled]
    if not ways:
        raise refuse("stamp_way_needed")
    if len(ways) > 1:
        raise refuse("stamp_two_ways", _PER[ways[1]][1])
    per, blank = _PER[ways[0]]
    own = filled.get("goods", (frozenset(), frozenset()))
    reward_filled: Filled = {
        **present(filled, ("percent", "value", "gift", "pieces", "which_pieces")),
        "goods": filled.get("reward_goods", (frozenset(), frozenset())),
        "minimum": filled.get("reward_minimum", 0),
        "off_max": filled.get("reward_max", 0),
    }
    reward = benefit_of(BenefitKind(row.form.removeprefix("card_")), reward_filled)
    return StampCard(
        key=row.key,
        name=filled["name"],
        needed=filled["needed"],
        reward=reward,
        per=per,
        every=filled[blank],
        covers=Covers(frozenset(own[0]), frozenset(own[1])),
        days_valid=filled.get("days_valid"),
        starts_on=filled.get("starts_on"),
        ends_on=filled.get("ends_on"),
        tiers=filled.get("tiers", frozenset()),
        is_automatic="automatic" in filled,
        goes_alone="goes_alone" in filled,
    )


# --- gifts ------------------------------------------------------------------------------------------------------------


class GiftArea(Area):
    NAME = "gifts"
    AREA = RuleArea.GIFTS
    SECTIONS: ClassVar = (
        Section(
            "gifts",
            (
                Form(
                    "gift",
                    (
                        Clause("gift", (CALLED, whole("points", 100, most=POINTS_MAX))),
                        optional("gift_item", Blank("item", BlankKind.ITEM)),
                        optional("gift_stock", whole("stock", 20, least=0)),
                        TIERS,
                        STARTS,
                        ENDS,
                    ),
                ),
            ),
            rows_max=GIFTS_MAX,
            presets=(Preset("gift", "gift"),),
            key_letter="G",
        ),
    )

    def current(self) -> tuple[int, GiftRules]:
        found = self.till.rules.gifts
        return found.version, found.rules

    def read(self, body: Mapping[str, Any]) -> GiftRules:
        return gift_rules_from_plain(dict(body))

    def write(self, rules: GiftRules) -> Mapping[str, Any]:
        return gift_rules_to_plain(rules)

    def describe(self, rules: GiftRules) -> tuple[str, ...]:
        return say_all(gift_sentences(rules, self.till.rules.tier_name))

    def rows(self, rules: GiftRules) -> Rows:
        return {"gifts": [_gift_row(gift) for gift in rules.gifts]}

    def rules(self, rows: Rows, base: GiftRules) -> GiftRules:
        refuse_twice(rows, "gifts", "name", "rule_name_twice")
        return GiftRules(tuple(each_row(rows, "gifts", _read_gift)))


def _gift_row(gift: Gift) -> Row:
    filled = put(
        {"name": gift.name, "points": gift.points},
        item=gift.item_id,
        stock=gift.stock,
        tiers=gift.tiers,
        starts_on=gift.starts_on,
        ends_on=gift.ends_on,
    )
    return Row("gift", filled, gift.code)


def _read_gift(row: Row) -> Gift:
    filled = row.filled
    days_in_order(filled)
    return Gift(
        code=row.key,
        name=filled["name"],
        points=filled["points"],
        item_id=filled.get("item"),
        stock=filled.get("stock"),
        tiers=filled.get("tiers", frozenset()),
        starts_on=filled.get("starts_on"),
        ends_on=filled.get("ends_on"),
    )


# --- stored value -----------------------------------------------------------------------------------------------------

_STEP_MORE: Final = (
    optional("step_tier", Blank("tier", BlankKind.ONE_OF, options="tiers")),
    optional("step_first"),
)


class ValueArea(Area):
    NAME = "value"
    AREA = RuleArea.VALUE
    SECTIONS: ClassVar = (
        Section(
            "steps",
            (
                Form(
                    "step_bonus",
                    (Clause("step_bonus", (amount("amount", 1_000), amount("bonus", 100))), *_STEP_MORE),
                ),
                Form(
                    "step_percent",
                    (
                        Clause(
                            "step_percent",
                            (amount("amount", 1_000), Blank("percent", BlankKind.PERCENT, 500, 1, 10_000)),
                        ),
                        optional("step_and", amount("bonus", 50)),
                        *_STEP_MORE,
                    ),
                ),
                Form("step_plain", (Clause("step_plain", (amount("amount", 1_000),)), *_STEP_MORE)),
            ),
            rows_max=STEPS_MAX,
        ),
        Section(
            "value_limits",
            (
                Form(
                    "value_limits",
                    (
                        Clause("value_spends", (one_of("spends", "pro_rata"),)),
                        optional("top_up_min", amount("top_up_min", 100)),
                        optional("top_up_max", amount("top_up_max", 20_000)),
                        optional("balance_max", amount("balance_max", 50_000)),
                        optional("bonus_days", whole("bonus_days", 365, most=3660)),
                    ),
                ),
            ),
            is_fixed=True,
        ),
        Section(
            "refunds",
            (
                Form("refund_claws", (Clause("refund_claws"),)),
                Form("refund_keeps", (Clause("refund_keeps"),)),
                Form("refund_none", (Clause("refund_none"),)),
            ),
            is_fixed=True,
        ),
    )

    def current(self) -> tuple[int, ValueRules]:
        return self.till.value.rules()

    def read(self, body: Mapping[str, Any]) -> ValueRules:
        return value_rules_from_plain(dict(body))

    def write(self, rules: ValueRules) -> Mapping[str, Any]:
        return value_rules_to_plain(rules)

    def describe(self, rules: ValueRules) -> tuple[str, ...]:
        def money(minor: int) -> str:
            return format_money(Money(minor, self.till.shop.currency))

        found = [self._step_words(step, money(step.amount), money(step.bonus)) for step in rules.steps]
        found.append(t(f"rules_ui.said.spends_{rules.spends}"))
        if rules.top_up_min > 1:
            found.append(t("rules_ui.said.top_up_min", amount=money(rules.top_up_min)))
        if rules.top_up_max < AMOUNT_MAX:
            found.append(t("rules_ui.said.top_up_max", amount=money(rules.top_up_max)))
        if rules.balance_max is not None:
            found.append(t("rules_ui.said.balance_max", amount=money(rules.balance_max)))
        if rules.bonus_days is not None:
            found.append(t("rules_ui.said.bonus_days", days=rules.bonus_days))
        found.append(t(f"rules_ui.said.{_refund(rules)}"))
        return tuple(found)

    def _step_words(self, step: TopUpStep, amount: str, bonus: str) -> str:
        percent = f"{step.percent / 100:g}"
        key = "step_both" if step.percent and step.bonus else "step_percent" if step.percent else "step_bonus"
        said = t(
            f"rules_ui.said.{key if step.percent or step.bonus else 'step_plain'}",
            amount=amount,
            bonus=bonus,
            percent=percent,
        )
        if step.tier:
            tier = self.till.rules.tier_name(step.tier) or step.tier
            said += t("rules.in_brackets", words=t("rules.only_tiers", tiers=tier))
        if step.is_first_only:
            said += t("rules.in_brackets", words=t("rules_ui.said.first_only"))
        return said

    def rows(self, rules: ValueRules) -> Rows:
        limits = put(
            {"spends": rules.spends.value},
            top_up_min=rules.top_up_min if rules.top_up_min > 1 else None,
            top_up_max=rules.top_up_max if rules.top_up_max < AMOUNT_MAX else None,
            balance_max=rules.balance_max,
            bonus_days=rules.bonus_days,
        )
        refund = _refund(rules)
        return {
            "steps": [_step_row(step) for step in rules.steps],
            "value_limits": [Row("value_limits", limits)],
            "refunds": [Row(refund, {refund: True})],
        }

    def rules(self, rows: Rows, base: ValueRules) -> ValueRules:
        limits, refund = rows["value_limits"][0].filled, rows["refunds"][0].form
        least, most = limits.get("top_up_min", 1), limits.get("top_up_max", AMOUNT_MAX)
        each_row(rows, "value_limits", lambda _: _check_limits(least, most))
        return replace(
            base,
            steps=tuple(each_row(rows, "steps", _read_step)),
            spends=SpendOrder(limits["spends"]),
            top_up_min=least,
            top_up_max=most,
            balance_max=limits.get("balance_max"),
            bonus_days=limits.get("bonus_days"),
            may_refund=refund != "refund_none",
            claws_back_bonus=base.claws_back_bonus if refund == "refund_none" else refund == "refund_claws",
        )


def _check_limits(least: int, most: int) -> None:
    if least > most:
        raise refuse("rule_amounts_crossed", "top_up_max")


def _refund(rules: ValueRules) -> str:
    if not rules.may_refund:
        return "refund_none"
    return "refund_claws" if rules.claws_back_bonus else "refund_keeps"


def _step_row(step: TopUpStep) -> Row:
    form = "step_percent" if step.percent else "step_bonus" if step.bonus else "step_plain"
    filled = put(
        {"amount": step.amount},
        bonus=step.bonus or None,
        percent=step.percent or None,
        tier=step.tier or None,
        step_first=step.is_first_only,
    )
    return Row(form, filled)


def _read_step(row: Row) -> TopUpStep:
    filled = row.filled
    return TopUpStep(
        filled["amount"],
        filled.get("bonus", 0),
        filled.get("percent", 0),
        filled.get("tier", ""),
        "step_first" in filled,
    )


# --- the shop's own fields --------------------------------------------------------------------------------------------

_KINDS: Final = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.YES_NO)


class FieldArea(Area):
    NAME = "fields"
    AREA = RuleArea.FIELDS
    SECTIONS: ClassVar = (
        Section(
            "fields",
            (
                *(Form(f"field_{kind}", (Clause(f"field_{kind}", (CALLED,)),)) for kind in _KINDS),
                Form("field_choice", (Clause("field_choice", (CALLED, text("choices", 600))),)),
            ),
            rows_max=CUSTOM_FIELDS_MAX,
            key_letter="F",
            is_ordered=True,
        ),
    )

    def current(self) -> tuple[int, tuple[FieldSpec, ...]]:
        document = self.till.store.rules.current(RuleArea.FIELDS, self.till.clock.now_ms())
        return (0, ()) if document is None else (document.version, self.read(document.body))

    def read(self, body: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
        return custom_fields(body.get("fields"))

    def write(self, rules: tuple[FieldSpec, ...]) -> Mapping[str, Any]:
        return {"fields": custom_setting(rules)}

    def describe(self, rules: tuple[FieldSpec, ...]) -> tuple[str, ...]:
        mark = t("rules.list_mark")
        said = [
            t(f"rules_ui.said.field_{spec.kind}", name=spec.name, choices=mark.join(spec.choices))
            for spec in rules
        ]
        return tuple(said) or (t("rules_ui.no_fields"),)

    def rows(self, rules: tuple[FieldSpec, ...]) -> Rows:
        return {"fields": [_field_row(spec) for spec in rules]}

    def rules(self, rows: Rows, base: tuple[FieldSpec, ...]) -> tuple[FieldSpec, ...]:
        refuse_twice(rows, "fields", "name", "rule_name_twice")
        return tuple(each_row(rows, "fields", _read_field))


def _field_row(spec: FieldSpec) -> Row:
    known = spec.kind if spec.kind in (*_KINDS, FieldKind.CHOICE) else FieldKind.TEXT
    filled: Filled = {"name": spec.name}
    if known is FieldKind.CHOICE:
        filled["choices"] = "、".join(spec.choices)
    return Row(f"field_{known}", filled, spec.key.removeprefix(CUSTOM_PREFIX))


def _read_field(row: Row) -> FieldSpec:
    kind = FieldKind(row.form.removeprefix("field_"))
    choices: tuple[str, ...] = ()
    if kind is FieldKind.CHOICE:
        typed = row.filled["choices"].replace(",", "、").replace("，", "、").split("、")
        choices = tuple(dict.fromkeys(one.strip() for one in typed if one.strip()))[:CHOICES_MAX]
        if len(choices) < 2:
            raise refuse("rule_choices_two", "choices")
    return FieldSpec(CUSTOM_PREFIX + row.key, kind, choices, row.filled["name"])
